"""Running a sweep until the share of runs that agree is known well enough: cases are doubled, at fixed sizes.

What a sweep holds in the end is what it would hold had that size been asked for at once.
"""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from pathlib import Path

from sim.errors import ScenarioError
from sim.study.record import MANIFEST
from sim.study.shares import Share
from sim.sweeps.conduct import Progress, Progressed, Task, conduct, extend, finish
from sim.sweeps.design import EXTENSIBLE
from sim.sweeps.execute import Maker
from sim.sweeps.results import gather, headline
from sim.sweeps.store import same_sweep
from sim.sweeps.sweep import Sweep

FIRST = 64
"""Cases after which the interval is looked at first."""


def until(
    sweep: Sweep,
    path: str | PathLike[str],
    half_width: float,
    *,
    workers: int = 1,
    mixed: bool = False,
    progress: Progress = lambda done, failures: None,
    executor: Maker[Task] | None = None,
) -> Progressed:
    """Run a sweep with 64 cases, then with twice as many, until the interval of the talks' share is narrow enough.

    Args:
        sweep: what to run; its cases are the most that are run.
        path: its folder; one that was begun goes on from the size it has.
        half_width: half of what the 95 % interval of the share of runs that agree may span, such as 0.03.
        workers: processes, where they are worth starting.
        mixed: go on although the folder was begun by other code.
        progress: told how far it is.
        executor: makes who works on chunks, instead of processes here.

    Raises:
        ScenarioError: for a design that cannot be extended, or draws that all cases share, which more cases make no
            surer.
    """
    if not 0 < half_width < 0.5:
        raise ScenarioError(f"a half-width lies between 0 and 0.5, such as 0.03, not {half_width:g}")
    if sweep.design.kind not in EXTENSIBLE:
        raise ScenarioError(f"cases are added until it is sure, so the design must be one of {', '.join(EXTENSIBLE)}")
    if sweep.common:
        raise ScenarioError("more cases make draws that all of them share no surer: give each run its own (--own)")
    path = Path(path)
    if (path / MANIFEST).exists():
        found = finish(same_sweep(path, sweep), workers=workers, mixed=mixed, progress=progress, executor=executor)
    else:
        first = replace(sweep, design=sweep.design.extended(min(FIRST, sweep.design.cases)))
        found = conduct(first, path, workers=workers, progress=progress, executor=executor)
    while not _sure(headline(gather(found.folder)).talks_agree, half_width):
        cases = found.folder.sweep.design.extended(2 * found.folder.sweep.design.cases).cases
        if cases > sweep.design.cases:
            break
        found = extend(path, cases, workers=workers, mixed=mixed, progress=progress, executor=executor)
    return found


def _sure(share: Share, half_width: float) -> bool:
    return share.low is not None and share.high is not None and (share.high - share.low) / 2 <= half_width
