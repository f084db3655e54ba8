"""How fast talks are beside an older checkout: runs per CPU-second, in pairs, so that a busy machine slows both.

Run it with `python -m tests.benchmarks.before CHECKOUT [PYTHON]`, PYTHON being an interpreter that has what the older
checkout needs. Each pair plays the same work in two fresh processes, one after the other; the ratio is the median over
the pairs of runs per CPU-second now over those of before, so that more than 1 is faster. The bars are for an older
checkout whose talks had no memory and no variants: 0.8, and 0.4 for the toy, where a party without a move tables a
variant and earlier ones repeated themselves.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.talks import toy

HERE = Path(__file__).resolve().parents[2]
RUNS, PAIRS = 16_384, 3
DECEMBER, MARCH, TOY = "2025-12-extended", "2025-03-truce-offer", "toy.yaml"
TWO = ("protocol.name=alternating", "protocol.proposers=[russia, ukraine]")
WORK: dict[str, tuple[str, tuple[str, ...], float]] = {
    "single text": (DECEMBER, (), 0.8),
    "two proposers in turn": (DECEMBER, TWO, 0.8),
    "four proposers in turn": (DECEMBER, ("protocol.name=alternating",), 0.8),
    "March, single text": (MARCH, (), 0.8),
    "a toy with variants, offers in turn": (TOY, (), 0.4),
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


def seconds(checkout: Path, python: str, what: str, changes: tuple[str, ...]) -> tuple[float, float]:
    """CPU seconds of the work in a process of its own, and how many rounds its runs have on average."""
    words = [python, "-c", TIMED, what, str(RUNS), *changes]
    environment = os.environ | {"PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"}
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=checkout, env=environment).stdout
    taken, rounds = told.split()
    return float(taken), float(rounds)


def main() -> None:
    """Print a row for each way to talk."""
    if len(sys.argv) < 2:
        sys.exit("which checkout? python -m tests.benchmarks.before CHECKOUT [PYTHON]")
    older, python = Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else sys.executable
    print(f"{RUNS:,} runs, {PAIRS} pairs{'':<20} runs per CPU-second   speed      rounds a run")
    print(f"{'':<40} {'before':>8} {'now':>8} {'now / before':>13}  bar   before / now")
    with tempfile.TemporaryDirectory() as folder:
        toy(Path(folder))
        for name, (slug, changes, bar) in WORK.items():
            what = str(Path(folder) / TOY) if slug == TOY else slug
            sides = ((older, python), (HERE, sys.executable))
            pairs = [[seconds(*side, what, changes) for side in sides] for _ in range(PAIRS)]
            ratio = statistics.median(before / now for (before, _), (now, _) in pairs)
            old, new = (RUNS / statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
            rounds = " / ".join(f"{pairs[0][side][1]:.1f}" for side in (0, 1))
            print(f"{name:<40} {old:>8,.0f} {new:>8,.0f} {ratio:>13.2f} {bar:>5}  {rounds}", flush=True)


if __name__ == "__main__":
    main()
