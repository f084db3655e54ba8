"""How fast talks are beside an older checkout: runs per CPU-second, in pairs, so that a busy machine slows both.

Run it with `python tests/benchmarks/before.py CHECKOUT [PYTHON]`, PYTHON being an interpreter that has what the older
checkout needs. Each pair plays the same work in two fresh processes, one after the other; the ratio is the median of
the pairs. The bar: 0.8 of the runs per CPU-second of before.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
RUNS, PAIRS = 16_384, 3
SLUG = "2025-12-extended"
WORK = {
    "single text": (),
    "two proposers in turn": ("protocol.name=alternating", "protocol.proposers=[russia, ukraine]"),
    "four proposers in turn": ("protocol.name=alternating",),
}
TIMED = """
import sys, time
from sim import load
from sim.talks.batch import negotiate
slug, runs, *changes = sys.argv[1:]
case = load(slug, changes).case
negotiate(case, 64)
start = time.process_time()
found = negotiate(case, int(runs))
print(time.process_time() - start, found.ended.mean())
"""


def seconds(checkout: Path, python: str, changes: tuple[str, ...]) -> tuple[float, float]:
    """CPU seconds of the work in a process of its own, and how many rounds its runs have on average."""
    words = [python, "-c", TIMED, SLUG, str(RUNS), *changes]
    environment = os.environ | {"PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"}
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=checkout, env=environment).stdout
    taken, rounds = told.split()
    return float(taken), float(rounds)


def main() -> None:
    """Print a row for each way to talk."""
    if len(sys.argv) < 2:
        sys.exit("which checkout? python tests/benchmarks/before.py CHECKOUT [PYTHON]")
    older, python = Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else sys.executable
    print(f"{SLUG}, {RUNS:,} runs, {PAIRS} pairs{'':<10} runs per CPU-second   rounds a run")
    print(f"{'':<44} {'before':>8} {'now':>8} {'ratio':>6}   before / now")
    for name, changes in WORK.items():
        pairs = [(seconds(older, python, changes), seconds(HERE, sys.executable, changes)) for _ in range(PAIRS)]
        ratio = statistics.median(before / now for (before, _), (now, _) in pairs)
        old, new = (RUNS / statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
        rounds = " / ".join(f"{pairs[0][side][1]:.1f}" for side in (0, 1))
        print(f"{name:<44} {old:>8,.0f} {new:>8,.0f} {ratio:>6.2f}   {rounds}", flush=True)


if __name__ == "__main__":
    main()
