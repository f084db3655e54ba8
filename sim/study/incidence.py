"""When runs of talks come to what: how many have agreed, were left or ended by the war, by round.

Agreement competes with what ends the talks first. Its cumulative incidence is the plain share of all runs that have
agreed by a round (Aalen & Johansen 1978); the Kaplan-Meier estimate takes whatever else ended a run as the end of what
is known of it, and so says how many would have agreed had the talks gone on (Kaplan & Meier 1958).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.space import FloatArray
from sim.talks.batch import Results
from sim.talks.ending import Ending

DIGITS = 6
"""Decimals of shares."""
AGREEMENT = "agreement"
OTHERS = (
    Ending.WALK_OUT, Ending.MEDIATOR_EXIT, Ending.MILITARY_END, Ending.BREAKDOWN, Ending.UNIMPLEMENTABLE_TEXT,
)  # fmt: skip
"""What can end talks before anything was agreed; the deadline ends them for all that are left."""


@dataclass(frozen=True)
class Incidence:
    """Shares of runs by round, from round 1 to the last.

    ``by_cause`` have come to a first ceasefire or settlement (`AGREEMENT`) or to an ending before any;
    ``if_talks_go_on`` is the Kaplan-Meier estimate of agreement. ``first_signed`` is the median round of a first
    agreement and ``in_last_round`` the share of these signed in the last round there is; None where nothing was.
    """

    by_cause: dict[str, list[float]]
    if_talks_go_on: list[float]
    first_signed: int | None
    in_last_round: float | None


def incidence(results: Results, deadline: int) -> Incidence:
    """The incidence of runs whose talks end after ``deadline`` rounds at the latest."""
    agreed = results.first > 0
    when = np.where(agreed, results.first, results.ended)
    causes = {AGREEMENT: agreed}
    causes |= {ending.word: ~agreed & (results.ending == ending) for ending in OTHERS}
    counts = {name: _by_round(when[which], deadline) for name, which in causes.items() if which.any()}
    signed = results.first[agreed]
    return Incidence(
        by_cause={name: _rounded(np.cumsum(count) / len(when)) for name, count in counts.items()},
        if_talks_go_on=_rounded(kaplan_meier(when, agreed, deadline)),
        first_signed=int(np.quantile(signed, 0.5, method="inverted_cdf")) if len(signed) else None,
        in_last_round=round(float((signed == deadline).mean()), DIGITS) if len(signed) else None,
    )


def kaplan_meier(when: np.ndarray, happened: np.ndarray, last: int) -> FloatArray:
    """The share for which something would have happened by each round ``(last,)``, had nothing else come before it.

    Args:
        when: the round ``(R,)`` up to which each run is known.
        happened: whether it happened then ``(R,)``, or the run was only known until then.
        last: the last round.

    >>> kaplan_meier(np.array([1, 1, 2, 3]), np.array([True, False, True, False]), 3).round(3).tolist()
    [0.25, 0.625, 0.625]
    """
    events = _by_round(when[happened], last)
    there = len(when) - np.concatenate([[0], np.cumsum(_by_round(when, last))[:-1]])
    left: FloatArray = np.cumprod(1.0 - np.divide(events, there, out=np.zeros(last), where=there > 0))
    return 1.0 - left


def _by_round(when: np.ndarray, last: int) -> np.ndarray:
    return np.bincount(when, minlength=last + 1)[1 : last + 1]


def _rounded(shares: FloatArray) -> list[float]:
    return [round(float(share), DIGITS) for share in shares]
