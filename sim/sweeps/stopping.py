"""Running a sweep until the share of runs that agree is known well enough: it is doubled, and looked at between.

What a sweep holds in the end is what it would hold had that size been asked for at once.
"""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Unpack

from sim.errors import ScenarioError
from sim.study.record import MANIFEST
from sim.sweeps.conduct import How, Progressed, conduct, extend, finish
from sim.sweeps.design import EXTENSIBLE
from sim.sweeps.intervals import Answers, half_of_cases, interval
from sim.sweeps.results import gather
from sim.sweeps.store import same_sweep
from sim.sweeps.sweep import Sweep

FIRST = 64
"""Cases after which the interval is looked at first."""
FIRST_DRAWS = 8
"""Replications after which it is looked at first, where more of them are what makes it surer."""

Size = tuple[int, int]
"""Cases, and replications of each."""


def until(sweep: Sweep, path: str | PathLike[str], half_width: float, **how: Unpack[How]) -> Progressed:
    """Run a sweep at a small size, then at sizes twice as large, until the interval of the talks' share is narrow.

    Runs with draws of their own get more cases, from 64 on. Draws that all cases share get more of these, from 8 on,
    or more cases where cases alone leave more to chance than is wanted; a grid or a table gets more replications.

    Args:
        sweep: what to run; its cases and replications are the most that are run.
        path: its folder; one that was begun goes on from the size it has.
        half_width: half of what the 95 % interval of the share of runs that agree may span, such as 0.03.
        how: workers, mixed, progress and executor, as `conduct` takes them.

    Raises:
        ScenarioError: for a design or a number of replications that leaves nothing to double.
    """
    begin, path = _first(sweep, half_width), Path(path)
    if (path / MANIFEST).exists():
        found = finish(same_sweep(path, sweep), **how)
        if found.folder.sweep.replications < begin[1]:
            found = extend(found.folder, None, begin[1], **how)
    else:
        found = conduct(_sized(sweep, begin), path, **how)
    while True:
        there, cases = found.folder.sweep, gather(found.folder)
        answers, size = cases.answers(cases.known), (there.design.cases, there.replications)
        more = None if _sure(answers, half_width) else larger(size, answers, half_width, _can_grow(sweep))
        if more is None:
            return found
        wanted = _sized(sweep, more)
        if wanted.design.cases > sweep.design.cases or wanted.replications > sweep.replications:
            return found
        found = extend(found.folder, wanted.design.cases, more[1], **how)


def larger(size: Size, answers: Answers, half_width: float, cases_too: bool) -> Size | None:
    """The next size to look at, where this one is not sure enough; None where no more of anything would help.

    ``cases_too`` says whether more cases can be had.
    """
    cases, replications = size
    if not answers.common and not answers.exhaustive:
        return 2 * cases, replications
    if half_of_cases(answers) <= half_width:
        return cases, 2 * replications
    return (2 * cases, replications) if cases_too else None


def _first(sweep: Sweep, half_width: float) -> Size:
    """The size to begin with.

    Raises:
        ScenarioError: where nothing can be doubled, or there are levers: a share over choices would mean nothing.
    """
    if not 0 < half_width < 0.5:
        raise ScenarioError(f"a half-width lies between 0 and 0.5, such as 0.03, not {half_width:g}")
    if sweep.levers:
        raise ScenarioError("choices are compared world by world, and their runs have no share to be sure of")
    if sweep.design.kind == "morris":
        raise ScenarioError("a screening's points are not a sample of the ranges, so there is no share to be sure of")
    by_draws = sweep.common or sweep.design.exhaustive
    if not by_draws and not _can_grow(sweep):
        kinds = ", ".join(kind for kind in EXTENSIBLE if kind != "morris")
        raise ScenarioError(f"cases are added until it is sure, so the design must be one of {kinds}")
    if by_draws and sweep.replications < FIRST_DRAWS:
        raise ScenarioError(
            f"here more replications make it surer, from {FIRST_DRAWS} on: say how many at most, such as "
            "--replications 256"
        )
    cases = min(FIRST, sweep.design.cases) if _can_grow(sweep) else sweep.design.cases
    return cases, FIRST_DRAWS if by_draws else sweep.replications


def _can_grow(sweep: Sweep) -> bool:
    return sweep.design.kind in EXTENSIBLE


def _sized(sweep: Sweep, size: Size) -> Sweep:
    """The sweep at a size; a Saltelli design rounds its cases up."""
    design = sweep.design.extended(size[0]) if _can_grow(sweep) else sweep.design
    return replace(sweep, design=design, replications=size[1])


def _sure(answers: Answers, half_width: float) -> bool:
    ends = interval(answers) if len(answers.by_case) else None
    return ends is not None and (ends[1] - ends[0]) / 2 <= half_width
