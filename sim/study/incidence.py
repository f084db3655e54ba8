"""When runs of talks come to what: how many have agreed, were left or ended by the war, by round.

Agreement competes with what ends the talks first. Its cumulative incidence is the plain share of all runs that have
agreed by a round (Aalen & Johansen 1978); the Kaplan-Meier estimate takes whatever else ended a run as the end of what
is known of it, and so says how many would have agreed had the talks gone on (Kaplan & Meier 1958).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.stakes.space import FloatArray
from sim.study.shares import clopper_pearson
from sim.talks.batch import Results
from sim.talks.how_talks_end import Ending

DIGITS = 6
"""Decimals of shares."""
AGREEMENT = "agreement"
OTHERS = (
    Ending.WALK_OUT, Ending.MEDIATOR_EXIT, Ending.MILITARY_END, Ending.BREAKDOWN, Ending.UNIMPLEMENTABLE_TEXT,
)  # fmt: skip
"""What can end talks before anything was agreed; the deadline ends them for all that are left."""


FEWEST_AT_RISK = 50
"""Runs still at the table, below which the Kaplan-Meier estimate has no interval: in simulations it would not hold."""
Ends = tuple[float, float]
"""Both ends of an interval."""


@dataclass(frozen=True)
class Incidence:
    """Shares of runs by round, from round 1 to the last.

    ``by_cause`` have come to a first ceasefire or settlement (`AGREEMENT`) or to an ending before any;
    ``if_talks_go_on`` is the Kaplan-Meier estimate of agreement. Both have 95 % intervals, the latter None where fewer
    than `FEWEST_AT_RISK` runs were still at the table. ``first_signed`` is the median round of a first
    agreement and ``in_last_round`` the share of these signed in the last round there is; None where nothing was.
    Results written before there were intervals are read without.
    """

    by_cause: dict[str, list[float]]
    if_talks_go_on: list[float]
    first_signed: int | None
    in_last_round: float | None
    by_cause_95: dict[str, list[Ends]] = field(default_factory=dict)
    if_talks_go_on_95: list[Ends | None] = field(default_factory=list)


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
        by_cause_95={
            name: [exact_interval(hits, len(when)) for hits in np.cumsum(count).tolist()]
            for name, count in counts.items()
        },
        if_talks_go_on=_rounded(kaplan_meier(when, agreed, deadline)),
        if_talks_go_on_95=kaplan_meier_95(when, agreed, deadline),
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
    events, there = _at_risk(when, happened, last)
    left: FloatArray = np.cumprod(1.0 - np.divide(events, there, out=np.zeros(last), where=there > 0))
    return 1.0 - left


def greenwood(when: np.ndarray, happened: np.ndarray, last: int) -> FloatArray:
    """The variance of the Kaplan-Meier estimate by round ``(last,)`` (Greenwood 1926).

    >>> greenwood(np.array([1, 1, 2, 3]), np.array([True, False, True, False]), 3).round(4).tolist()
    [0.0469, 0.082, 0.082]
    """
    events, there = _at_risk(when, happened, last)
    lasting = there - events
    parts = np.divide(events, there * lasting, out=np.zeros(last), where=lasting > 0)
    return np.asarray((1.0 - kaplan_meier(when, happened, last)) ** 2 * np.cumsum(parts))


def kaplan_meier_95(when: np.ndarray, happened: np.ndarray, last: int) -> list[Ends | None]:
    """The 95 % interval of the Kaplan-Meier estimate by round; None where too few runs were still at the table.

    The exact interval of as many runs as would have Greenwood's variance (Dorey & Korn 1987), and where nothing
    happened yet of those at the table. The usual interval on a log-log scale held the truth less often in simulations.
    """
    _, there = _at_risk(when, happened, last)
    shares, variances = kaplan_meier(when, happened, last), greenwood(when, happened, last)
    rows = zip(shares.tolist(), variances.tolist(), there.tolist(), strict=True)
    found: list[Ends | None] = []
    for share, variance, left in rows:
        worth = min(share * (1 - share) / variance, len(when)) if variance > 0 else left
        found.append(exact_interval(share * worth, worth) if left >= FEWEST_AT_RISK else None)
    return found


def exact_interval(hits: float, trials: float) -> Ends:
    """Clopper and Pearson's 95 % interval, rounded.

    >>> exact_interval(0, 20), exact_interval(81, 263)
    ((0.0, 0.168433), (0.252737, 0.367622))
    """
    low, high = clopper_pearson(hits, trials)
    return round(low, DIGITS), round(high, DIGITS)


def _at_risk(when: np.ndarray, happened: np.ndarray, last: int) -> tuple[np.ndarray, np.ndarray]:
    """By round ``(last,)``, in how many runs it happened, and how many were still known of before."""
    there = len(when) - np.concatenate([[0], np.cumsum(_by_round(when, last))[:-1]])
    return _by_round(when[happened], last), there


def _by_round(when: np.ndarray, last: int) -> np.ndarray:
    return np.bincount(when, minlength=last + 1)[1 : last + 1]


def _rounded(shares: FloatArray) -> list[float]:
    return [round(float(share), DIGITS) for share in shares]
