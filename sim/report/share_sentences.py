"""Shares of a sweep in words: with intervals, or with why they have none, and what they are shares of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.markup import counted, listed, percent
from sim.study.shares import Share, digits, in_percent, interval

if TYPE_CHECKING:
    from sim.sweeps.results import Headline

ONE_RUN = "one run of a case does not tell what luck does"
"""Why a share of runs has no interval where cases are all there are."""


def scope(design: str, exhaustive: bool, found: Headline) -> str:
    """What stands in brackets, what shares are of, and why some have no interval."""
    if not exhaustive:
        return "in brackets: 95 % intervals; shares of the cases asked for, under the ranges given"
    runs = "in brackets: 95 % intervals, which tell of draws alone"
    if one_run_each(found.talks_agree):
        runs = f"shares of runs have no interval: {ONE_RUN}"
    return f"{runs}; shares of cases are {exact(design, found)}"


def one_run_each(share: Share) -> bool:
    """Whether a share of runs has no interval because cases that are all there are have one run each."""
    return share.share is not None and share.low is None and not share.draws


def exact(design: str, found: Headline) -> str:
    """That nothing is sampled in a share of cases that are all there are, or of those that are known so far."""
    cases = counted(found.cases_done, "case")
    if found.runs_to_come:
        return f"exact for the {cases} so far"
    if found.cases_done < found.cases:
        return f"exact for the {cases} that did not fail"
    there = "is all there is" if found.cases_done == 1 else "are all there are"
    return f"exact on this {design}, whose {cases} {there}"


def unfinished(to_come: int, runs: int) -> str:
    """That a sweep is not done yet, so that what it says so far is not taken for the whole."""
    return f"Not finished: {to_come:,} of {counted(runs, 'run')} are not done yet and in no share."


def share_as(share: Share, other: Share) -> str:
    """A share that has no interval, with the digits of another one that has."""
    return "–" if share.share is None else percent(share.share, digits(other))


def share_of(share: Share) -> str:
    """A share with its interval, or with why it has none: ``37 % (34 to 41)``."""
    if share.share is None:
        return "–"
    if share.low is not None and share.high is not None:
        said = interval(share).removesuffix(" %") + (f"; {counted(share.draws, 'draw')}" if share.draws else "")
    else:
        said = few_draws(share)
    return in_percent(share) + (f" ({said})" if said else "")


def few_draws(share: Share) -> str:
    """Why a share has no interval where all cases share too few draws for one; nothing where that is not why."""
    if share.by_draw is not None and len(share.by_draw) > 1:
        return f"by draw {listed([f'{100 * one:.0f}' for one in share.by_draw])}; no interval"
    return "one draw; no interval" if share.draws == 1 else ""
