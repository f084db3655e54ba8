"""How good agreements are where there is room: the product of gains as a share of the best, beside an older checkout.

Run it with `python -m tests.benchmarks.roomy CHECKOUT [PYTHON]`, PYTHON being an interpreter that has what the older
checkout needs. Random domains as in `tight`, where a twentieth of all packages suits everybody; a run without an
agreement counts as 0. The bar: no lower than before.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.tight import domain

HERE = Path(__file__).resolve().parents[2]
DOMAINS, RUNS, ROOM = 12, 40, 0.05
PLAYED = """
import sys
import numpy as np
from sim import load
from sim.talks.batch import negotiate
for path in sys.argv[2:]:
    case = load(path).case
    every = case.space.packages(np.arange(case.space.size))
    r = case.reservation[0]
    best = np.clip(case.preferences.utilities(every) - r, 0, None).prod(axis=1).max()
    found = negotiate(case, int(sys.argv[1]))
    gains = np.clip(case.preferences.utilities(found.agreed) - r, 0, None).prod(axis=1) * found.agreeing
    print((gains / best).mean(), found.agreeing.mean())
"""


def played(checkout: Path, python: str, paths: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Of each domain the mean product of gains as a share of the best, and the share of runs that agree."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"}
    words = [python, "-c", PLAYED, str(RUNS), *paths]
    told = subprocess.run(words, capture_output=True, text=True, check=True, cwd=checkout, env=environment).stdout
    return np.array([line.split() for line in told.splitlines()], dtype=float)


def main() -> None:
    """Print both checkouts' means, and in how many domains the newer one is better or worse."""
    if len(sys.argv) < 2:
        sys.exit("which checkout? python -m tests.benchmarks.roomy CHECKOUT [PYTHON]")
    older, python = Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, f"roomy-{seed}.yaml")) for seed in range(DOMAINS)]
        for seed, path in enumerate(paths):
            Path(path).write_text(domain(seed, ROOM), encoding="utf-8")
        before, now = played(older, python, paths), played(HERE, sys.executable, paths)
    print(f"{DOMAINS} random domains of which {ROOM:.0%} suits all, {RUNS} runs each: product of gains, agreements")
    for name, found in (("before", before), ("now", now)):
        print(f"  {name:<7} {found[:, 0].mean():.3f}  {found[:, 1].mean():.3f}")
    better = now[:, 0] - before[:, 0]
    print(f"  better by .01 in {(better > 0.01).sum()}, worse by .01 in {(better < -0.01).sum()}", flush=True)


if __name__ == "__main__":
    main()
