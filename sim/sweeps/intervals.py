"""How sure a share of runs is: its 95 % interval from the spread between cases and the spread between draws.

Runs that share their case or their draws are alike, so they count for fewer than they are; how many that is follows
from the two spreads. Nothing is drawn here, and no words are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from sim.stakes.space import FloatArray, IntArray
from sim.study.shares import TAIL, Z95, Share, clopper_pearson

FEWEST_SHARED = 4
"""Draws that all cases share, below which a share has no interval: each draw's own share is said instead."""
ENOUGH_TO_COUNT = 10
"""Runs on the rarer side of a share from which on cases that are all there are may narrow an interval."""


@dataclass(frozen=True)
class Answers:
    """What each run of each case answered: 1, 0, or -1 where it failed or is still to come, ``(N, R)``.

    ``common`` says that replication r has the same draws in every case; ``exhaustive`` that the cases are all there
    are, as in a grid or a table, so that only draws are left to chance.
    """

    runs: IntArray
    common: bool
    exhaustive: bool = False

    @property
    def by_case(self) -> FloatArray:
        """The share of each case's runs ``(N,)``, of cases of which at least one run ended."""
        ended = (self.runs >= 0).sum(axis=1)
        return np.asarray((self.runs == 1).sum(axis=1)[ended > 0] / ended[ended > 0])

    @property
    def whole(self) -> IntArray:
        """The cases of which every run ended ``(N, R)``."""
        return self.runs[(self.runs >= 0).all(axis=1)]

    @property
    def by_draw(self) -> FloatArray:
        """The share of the cases that answer 1 under each replication's draws ``(R,)``, of whole cases."""
        whole = self.whole
        return np.asarray((whole == 1).sum(axis=0) / max(len(whole), 1))


def share_of_runs(answers: Answers) -> Share:
    """The mean over cases of the share of their runs, with its 95 % interval where there is one.

    Under draws that all cases share, ``draws`` says how many there are, and below four of them ``by_draw`` stands in
    for an interval.
    """
    means = answers.by_case
    if len(means) == 0:
        return Share(0, None, None, None)
    mean, ends = float(means.mean()), interval(answers)
    few = answers.common and answers.runs.shape[1] < FEWEST_SHARED
    return Share(
        len(means),
        round(mean, 6),
        None if ends is None else round(ends[0], 6),
        None if ends is None else round(ends[1], 6),
        draws=answers.runs.shape[1] if answers.common else None,
        by_draw=tuple(round(float(share), 6) for share in answers.by_draw) if few and len(answers.whole) else None,
    )


def interval(answers: Answers) -> tuple[float, float] | None:
    """The two ends of a share's 95 % interval, or None where the runs cannot say how sure it is.

    Clopper and Pearson's interval (1934) of as many independent trials as would spread as much. The variance of the
    share is that between cases and that between draws, less their interaction, which both count (Owen 2007); each gets
    Student's quantile for what it was estimated from. Its coverage is checked by simulation in the tests. Of cases that
    are all there are, and among which luck made no difference, the ends are what luck not met yet could do.
    """
    trials = _trials(answers)
    if trials is None:
        return None
    if answers.exhaustive and _settled(answers):
        return _unmet_luck(answers)
    return clopper_pearson(float(answers.by_case.mean()) * trials, trials)


def _settled(answers: Answers) -> bool:
    """Whether luck made no difference: in no case, or, under draws that all cases share, not to their share."""
    if answers.common:
        return bool(answers.by_draw.min() == answers.by_draw.max())
    return bool(np.isin(answers.by_case, (0, 1)).all())


def _unmet_luck(answers: Answers) -> tuple[float, float]:
    """The ends of a share where luck made no difference on cases that are all there are, so that nothing was sampled.

    Of n runs (of n draws in common) none went otherwise than all its like, so the chance of one that does is at most
    what Clopper and Pearson say of 0 in n. For unlike cases of n runs together it is no larger: the product of their
    chances to stay is highest where all are the same.
    """
    means, mean = answers.by_case, float(answers.by_case.mean())
    ended = (answers.runs >= 0).sum(axis=1)
    each = answers.runs.shape[1] if answers.common else int(ended[ended > 0].min())

    def stays(cases: int) -> float:
        """The least chance that a run of so many cases goes as all of them did."""
        return TAIL ** (1 / (each if answers.common else max(cases, 1) * each))

    return mean * stays(int((means == 1).sum())), 1 - (1 - mean) * stays(int((means == 0).sum()))


def _trials(answers: Answers) -> float | None:
    """How many independent runs the share is worth; None where that cannot be told."""
    means, replications = answers.by_case, answers.runs.shape[1]
    cases = len(means)
    if answers.common and (replications < FEWEST_SHARED or len(answers.whole) < 1 + (not answers.exhaustive)):
        return None
    if not answers.common and (replications < 2 if answers.exhaustive else cases < 2):
        return None
    mean, most = float(means.mean()) if cases else 0.0, cases * replications
    rarer = min(mean, 1 - mean)
    if answers.exhaustive and not answers.common:
        half, certain = _half_of_draws(answers), most
    elif answers.common:
        half, certain = _half_in_common(answers), replications if answers.exhaustive else min(cases, replications)
    else:
        half, certain = student(cases - 1) * sqrt(means.var(ddof=1) / cases), cases
    worth = mean * (1 - mean) * Z95**2 / half**2 if half > 0 else float(certain)
    if half > 0:
        if answers.exhaustive and not answers.common:
            worth = max(float(most), worth) if most * rarer >= ENOUGH_TO_COUNT else float(most)
        else:
            worth = min(float(most), worth)
    return min(worth, certain) if certain * rarer < 1 else worth


def _half_of_draws(answers: Answers) -> float:
    """The half-width that chance within each case leaves, where the cases are all there are."""
    ended = (answers.runs >= 0).sum(axis=1)
    ended = ended[ended > 0]
    means, cases = answers.by_case, len(ended)
    within = means * (1 - means) / np.maximum(ended - 1, 1)
    return student(cases * (answers.runs.shape[1] - 1)) * sqrt(float(within.sum()) / cases**2)


def half_of_cases(answers: Answers) -> float:
    """The half-width that would be left with draws without end: what cases alone leave to chance."""
    means = answers.by_case
    if answers.exhaustive or len(means) < 2:
        return 0.0
    both = interaction(answers) if answers.common else 0.0
    return student(len(means) - 1) * sqrt(max(float(means.var(ddof=1)) / len(means) - both, 0.0))


def _half_in_common(answers: Answers) -> float:
    """The half-width of cases and of draws that all of them share."""
    means, draws = answers.by_case, answers.by_draw
    cases, replications = len(means), len(draws)
    of_draws = float(draws.var(ddof=1)) / replications
    if answers.exhaustive:
        return student(replications - 1) * sqrt(of_draws)
    of_cases, both = float(means.var(ddof=1)) / cases, interaction(answers)
    first, then = (of_draws, replications), (of_cases, cases)
    if replications > cases:
        first, then = then, first
    square = student(first[1] - 1) ** 2 * first[0] + student(then[1] - 1) ** 2 * max(then[0] - both, 0.0)
    return sqrt(square)


def interaction(answers: Answers) -> float:
    """The variance of the share that case and draw make together, of whole cases under common draws."""
    whole = answers.whole
    cases, replications = whole.shape
    means, draws = (whole == 1).mean(axis=1), (whole == 1).mean(axis=0)
    mean = float(means.mean())
    square = cases * replications * mean * (1 + mean)  # answers are 0 or 1, so they are their own squares
    square -= replications * float((means**2).sum()) + cases * float((draws**2).sum())
    return max(square, 0.0) / ((cases - 1) * (replications - 1) * cases * replications)


def student(freedom: int) -> float:
    """The .975 quantile of Student's t.

    >>> round(student(3), 3)
    3.182
    """
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - TAIL))
