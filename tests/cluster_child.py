"""A sweep on a Dask cluster, for tests that kill parts of it: ``python -m tests.cluster_child FOLDER ADDRESS``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sim import conduct
from sim.errors import CeasefireError
from sim.sweeps.conduct import Task
from sim.sweeps.on_dask import OnDask
from tests.sweep_child import CHUNK, small

PAUSE = 0.1
"""Seconds that each chunk takes at least, so that whoever is killed is in the midst of it."""


def slowly(work: Callable[[Task], int], task: Task) -> int:
    """Work as usual, but not at once."""
    time.sleep(PAUSE)
    return work(task)


def on(work: Callable[[Task], Any], address: str) -> OnDask[Task]:
    """The cluster, told to take its time."""
    return OnDask(partial(slowly, work), address)


if __name__ == "__main__":
    folder, where = sys.argv[1:]
    try:
        conduct(small(), Path(folder), chunk=CHUNK, executor=partial(on, address=where))
    except CeasefireError as error:
        sys.exit(str(error))
