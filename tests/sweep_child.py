"""A sweep in a process of its own, for tests that kill it: ``python -m tests.sweep_child FOLDER [deadly run …]``."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from sim import conduct, sweep
from sim.sweeps.conduct import Task, worked
from sim.sweeps.execute import Processes
from sim.sweeps.sweep import Sweep

CASES, MANY, CHUNK = 12, 2, 4
RUNS = CASES * MANY
VARY = ["protocol.name=alternating,single_text", "protocol.deadline=2:6", "parties.ira.reservation=20:80"]


def small(cases: int = CASES) -> Sweep:
    """A sweep of 24 runs, in 6 chunks; to draw its cases a worker has to import nothing more, and many are started."""
    return sweep("toy/two-issues", VARY, cases=cases, replications=MANY, kind="random", seed=11)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of runs, whole or not, by its name."""
    return {path.name: path.read_bytes() for path in (folder / "runs").iterdir()}


def deadly(path: str, killers: frozenset[int], task: Task) -> int:
    """Work as usual, but die of some runs unless they are skipped."""
    if killers & set(range(task.start, task.stop)) - task.skip:
        os._exit(9)
    return worked(path, task)


if __name__ == "__main__":
    folder, *runs = sys.argv[1:]
    work = partial(deadly, folder, frozenset(map(int, runs)))
    conduct(small(), Path(folder), workers=2, chunk=CHUNK, executor=lambda _: Processes(work, 2))
