"""How long robustness and stability take: seconds of computing on one core, and packages looked at.

Run it with `python -m tests.benchmarks.robust`.
"""

from __future__ import annotations

from sim.study.robust import robustness
from sim.study.stable import stable_measures
from tests.benchmarks.timing import computed

MARCH = "2025-03-truce-offer"


def main() -> None:
    """Print the table."""
    print(f"{'work':<44} {'CPU s':>7}  allowed")
    for what, allowed, work in (
        ("robust, 1,000 draws of weights and numbers", "10", lambda: robustness(MARCH, 1_000, kinds=("both",))),
        ("robust, 1,000 draws of each of three kinds", "30", lambda: robustness(MARCH, 1_000)),
        ("robust, 200 draws for a first screen", "3", lambda: robustness(MARCH, 200, kinds=["both"])),
        ("stable, the whole zone and its named points", "15", lambda: stable_measures(MARCH)),
    ):
        print(f"{what:<44} {computed(work):7.2f}  {allowed}")


if __name__ == "__main__":
    main()
