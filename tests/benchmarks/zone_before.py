"""What a zone costs beside an older checkout: CPU seconds of `ceasefire zone SLUG --json`, in pairs.

Run it with `python tests/benchmarks/zone_before.py CHECKOUT [PYTHON]`, PYTHON being an interpreter that has what the
older checkout needs. Draws of assumed numbers are left out, for no older zone told of them. The bars: one reading costs
no more than a zone did before, both together at most 1.6 times, and memory stays within a tenth.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
PAIRS = 3
SLUGS = ("2025-02-backchannel", "2025-03-truce-offer", "2025-12-stalemate", "2022-istanbul")
RUN = """
import sys
from sim.study import measures
if hasattr(measures, "glance"):
    measures.glance = lambda *of: None  # draws of assumed numbers, which were not told before
if sys.argv.pop(1) == "one":
    assert measures.sizes_by_reading
    measures.sizes_by_reading = lambda loaded, found: None
from sim.cli.main import main
sys.argv = ["ceasefire", "zone", *sys.argv[1:], "--json"]
main()
"""


def cost(checkout: Path, python: str, readings: str, slug: str) -> tuple[float, float]:
    """CPU seconds and peak MiB of the command in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [python, "-c", RUN, readings, slug], cwd=checkout, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{checkout}: zone {slug} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Print a row for each scenario."""
    if len(sys.argv) < 2:
        sys.exit("which checkout? python tests/benchmarks/zone_before.py CHECKOUT [PYTHON]")
    older, python = Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else sys.executable
    print(f"{'CPU seconds of zone, median of ' + str(PAIRS):<36} before    one   both   one: x  both: x  memory: x")
    for slug in SLUGS:
        every = [
            (cost(older, python, "all", slug), *(cost(HERE, sys.executable, which, slug) for which in ("one", "both")))
            for _ in range(PAIRS)
        ]
        before, one, both = (statistics.median(pair[place][0] for pair in every) for place in range(3))
        ratios = [statistics.median(pair[place][0] / pair[0][0] for pair in every) for place in (1, 2)]
        memory = statistics.median(pair[2][1] / pair[0][1] for pair in every)
        print(
            f"{slug:<36} {before:6.2f} {one:6.2f} {both:6.2f} {ratios[0]:8.2f} {ratios[1]:8.2f} {memory:10.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
