"""How much of a sweep is looked at at once: as many of its first cases as memory is to be taken for.

The first cases of a Sobol, Saltelli or random design are such a design themselves, with every property that intervals
and indices rest on; a sample drawn from them would not be. So large sweeps need no database: they are read in order.
"""

from __future__ import annotations

from dataclasses import replace

from sim.errors import SweepError
from sim.sweeps.design import EXTENSIBLE
from sim.sweeps.store import Folder
from sim.sweeps.sweep import Sweep

MEMORY = 4000
"""Megabytes that looking at a sweep may take by default."""
BASIS = 400
"""Megabytes of the program itself, with its libraries."""


def bytes_of(sweep: Sweep) -> int:
    """Bytes a case that an analysis takes at its height, measured by `tests/benchmarks/scale.py`."""
    return 600 + 100 * len(sweep.factors) + 40 * sweep.replications


def bounded(folder: Folder, megabytes: int = MEMORY) -> Folder:
    """The folder as if only as many of its first cases had been asked for as memory allows: a power of two.

    Raises:
        SweepError: where the cases are too many, and the first ones would not stand for the others.
    """
    sweep = folder.sweep
    most = max(int((megabytes - BASIS) * 1e6) // bytes_of(sweep), 64)
    if sweep.design.cases <= most:
        return folder
    if sweep.design.kind not in EXTENSIBLE or sweep.levers:
        needed = BASIS + sweep.design.cases * bytes_of(sweep) / 1e6
        raise SweepError(
            f"{folder.path} has {sweep.design.cases:,} cases, and looking at them takes some {needed:,.0f} MB: allow "
            f"it with `sweeps analyse --memory {needed:.0f}`, or use `sweeps table` and a program of your own"
        )
    first = sweep.design.block << max((most // sweep.design.block).bit_length() - 1, 0)
    return replace(folder, sweep=replace(sweep, design=sweep.design.extended(first)))
