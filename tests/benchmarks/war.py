"""How long the war takes: values of going on, and from another line, for all parties of many cases at once.

Run it with `python -m tests.benchmarks.war`; the ratio is to summing month by month in plain Python for one case.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim import load
from sim.stakes.outlook import look_ahead
from tests.benchmarks.timing import computed, median

CASES = 100_000


def main() -> None:
    """Print the table."""
    case = load("2025-12-stalemate").case
    war, status_quo = case.war, case.space.status_quo()
    assert war is not None
    draw = np.random.default_rng(0)
    many = replace(
        war,
        share=draw.uniform(0.15, 0.25, CASES),
        hazard=draw.uniform(0.01, 0.05, CASES),
        cost=draw.uniform(0, 50, (CASES, 4)),
        drift=draw.uniform(-0.002, 0.002, (CASES, 4)),
    )

    def at_once() -> None:
        expected = look_ahead(many, case.preferences, status_quo, 1.0)
        expected.after.flow(0)  # where a deal drew another line

    def by_month() -> None:
        for party in range(4):
            keep = war.discount[0, party] * (1 - war.hazard[0])
            sum(keep**k * (war.share[0] + war.drift[0, party] * k) for k in range(war.horizon))

    taken, loops = median(at_once, 5), 2 * computed(by_month) * CASES
    print(f"{'work':<58} {'median s':>8}  allowed s")
    print(f"{f'W and the flow from a line, 4 parties, {CASES:,} cases, one core':<58} {taken:8.3f}  1.0")
    print(
        f"plain loops over months, sum alone, scaled up from one case: {loops:.0f} s, {loops / taken:.0f} times as long"
    )


if __name__ == "__main__":
    main()
