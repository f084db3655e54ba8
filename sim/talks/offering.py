"""What a party puts on the table: its opening, and then small moves towards what the others last asked.

A party reads its own utility and the others' offers, never the others' utilities. Candidates, feasibility, similarity
and the pick are four functions; each works on R runs at once.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from math import lcm

import numpy as np

from sim.stakes.case import TOLERANCE, Case, Stage
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace
from sim.talks.concession import least, target_for
from sim.talks.state import Offers, Talks

UNCONVINCED, CONVINCED = 4, 1
"""How much the last offer of a signatory counts that refused, or accepted, what this party last had on the table.

With one weight for all, three parties that agree stop moving towards a fourth that does not."""
FINEST = 10**12
"""The largest whole number that stands for a similarity of 1; only many issues of odd sizes need more."""
MOST_CLIMBS = 100
"""Sweeps of an ascent at most; a few are enough on every shipped scenario."""
UNSIGNABLE = -1e3
"""Points taken off for each point below what a party could sign for."""
HOPELESS = -1e6
"""Points taken off for each rule or own line that a package breaks, so that the ascent leaves broken ground first."""


@lru_cache(maxsize=64)
def _moves(space: OutcomeSpace) -> tuple[IntArray, IntArray, IntArray]:
    """Single moves as (issue, step on an ordered issue, option on a nominal one), each ``(M,)``."""
    found = []
    for axis, issue in enumerate(space.issues):
        if len(space.left[axis]) > 1:
            found += [(axis, -1, -1), (axis, 1, -1)] if issue.ordered else [(axis, 0, k) for k in space.left[axis]]
    table = np.array(found, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


@lru_cache(maxsize=64)
def _pairs(space: OutcomeSpace) -> IntArray:
    """Candidates as pairs of single moves ``(C, 2)`` on different issues; -1 is no move. The first is to stay."""
    issue = _moves(space)[0]
    singles = [(m, -1) for m in range(len(issue))]
    doubles = [(a, b) for a, b in combinations(range(len(issue)), 2) if issue[a] != issue[b]]
    return np.array([(-1, -1), *singles, *doubles], dtype=np.int64)


def candidates(space: OutcomeSpace, here: OptionArray) -> tuple[OptionArray, BoolArray]:
    """Every package within two issues and one step each of ``here`` ``(R, I)``: ``(R, C, I)``, and which exist.

    A step is one level on an ordered issue and any change on a nominal one. The first candidate is to stay.

    >>> from sim.stakes.space import Issue
    >>> line = OutcomeSpace((Issue("a", ("x", "y", "z"), 0),), ((0, 1, 2),))
    >>> found, exists = candidates(line, np.array([[0]], dtype=np.int8))
    >>> found[exists].ravel().tolist()
    [0, 1]
    """
    issue, step, option = _moves(space)
    pairs = _pairs(space)
    runs, wide = len(here), len(pairs)
    packages = np.repeat(here[:, None, :], wide, axis=1)
    exists = np.ones((runs, wide), dtype=bool)
    top = np.array([left[-1] for left in space.left])
    for half in range(2):
        moved = np.flatnonzero(pairs[:, half] >= 0)
        move = pairs[moved, half]
        axis = issue[move]
        now = here[:, axis].astype(np.int64)
        then = np.where(option[move] >= 0, option[move], now + step[move])
        exists[:, moved] &= (then != now) & (then >= 0) & (then <= top[axis])
        packages[:, moved, axis] = np.clip(then, 0, top[axis])
    return packages, exists


def feasible(case: Case, party: int, talks: Talks, packages: OptionArray) -> BoolArray:
    """Which packages ``(R, ..., I)`` a party may put forward: coherent, a ceasefire, across none of its own lines."""
    binding = talks.binding[:, party].reshape(-1, *[1] * (packages.ndim - 2))
    crosses = (case.red_lines.crossed(packages) & binding) != 0
    allowed: BoolArray = case.valid(packages) & (case.stage(packages) != Stage.SHORT) & ~crosses
    return allowed


@lru_cache(maxsize=64)
def _weighed_steps(space: OutcomeSpace) -> tuple[IntArray, int]:
    """Distance between two options of an issue as whole numbers ``(I, K, K)``, and the number that stands for 1."""
    spans = [issue.span for issue, left in zip(space.issues, space.left, strict=True) if len(left) > 1]
    one = min(lcm(*spans), FINEST)
    table = np.zeros((len(space.issues), space.width, space.width), dtype=np.int64)
    for axis, issue in enumerate(space.issues):
        k = len(issue.options)
        table[axis, :k, :k] = issue.steps_between() * one // issue.span
    return table, one


def nearness(space: OutcomeSpace, packages: OptionArray, to: OptionArray) -> IntArray:
    """Similarity 1 - sum_j (steps_j / span_j) / I in whole units ``(R, ...)``; the larger, the more alike.

    Whole numbers, because sums of thirds and quarters tie exactly and must keep doing so. Divide by `units`.
    """
    table, one = _weighed_steps(space)
    issues = np.arange(len(space.issues))
    target = to.reshape(len(to), *[1] * (packages.ndim - 2), -1)
    alike: IntArray = one * len(issues) - table[issues, packages, target].sum(axis=-1)
    return alike


def units(space: OutcomeSpace) -> int:
    """The `nearness` of a package to itself."""
    return _weighed_steps(space)[1] * len(space.issues)


def pick(score: IntArray, ok: BoolArray, draw: FloatArray) -> IntArray:
    """The candidate ``(R,)`` of the highest score among those that are ok ``(R, C)``; 0 where none is.

    Ties go to the draw: of n that tie, in their order, number floor(u n).

    >>> pick(np.array([[5, 9, 9]]), np.array([[True, True, True]]), np.array([0.7])).tolist()
    [2]
    """
    low = np.iinfo(np.int64).min
    ranked = np.where(ok, score, low)
    top = ok * (ranked == ranked.max(axis=1, keepdims=True))
    wanted = np.floor(draw * top.sum(axis=1)).astype(np.int64)
    chosen: IntArray = (top & (top.cumsum(axis=1) - 1 == wanted[:, None])).argmax(axis=1)
    return chosen


def choose_offer(case: Case, party: int, talks: Talks, start: OptionArray, draw: FloatArray) -> Offers:
    """The neighbour of ``start`` ``(R, I)`` most similar to what the other signatories last asked.

    Among packages within two issues and one step each, coherent, across no own line, of a utility of at least the
    target and worth signing given that they must last,
    it has the largest mean similarity to the others' last offers, where those who refused what this party last had on
    the table count more; ties by the draw ``(R,)``. Where none fits, or nobody else has made an offer yet, the party
    repeats its last offer.
    """
    packages, exists = candidates(case.space, start)
    ok = exists & feasible(case, party, talks, packages)
    ok &= case.utility(party, packages) >= target_for(case, party, talks, packages) - TOLERANCE
    ok &= case.value(party, packages) >= least(case, party, talks)[:, None] - TOLERANCE
    score = np.zeros(exists.shape, dtype=np.int64)
    for other in case.signatories:
        if other != party:
            weight = talks.made[:, other] * np.where(talks.refused[:, party, other], UNCONVINCED, CONVINCED)
            score += nearness(case.space, packages, talks.offers[:, other]) * weight[:, None]
    chosen = packages[np.arange(len(start)), pick(score, ok, draw)]
    found: BoolArray = np.any(ok, axis=1)
    last, spoke = talks.offers[:, party], talks.made[:, party]
    heard = talks.made[:, [other for other in case.signatories if other != party]].any(axis=1)
    moves = found & (heard | ~spoke)
    return Offers(np.where(moves[:, None], chosen, last), moves | spoke)


def own_best(
    case: Case, party: int, binding: np.uint64, stage: Stage, more_starts: tuple[OptionArray, ...] = ()
) -> tuple[OptionArray, FloatArray, BoolArray]:
    """A party's best package of one stage within its own lines, by ascent from a few starts.

    Starts are the start text, what each belligerent would impose, and ``more_starts`` ``(W, I)``; the best of the
    climbs counts, the first on a tie. Best is by utility, among packages that it could sign for given that they must
    last. Returns packages ``(W, I)``, their utility ``(W,)`` and whether they respect its lines and are worth signing
    ``(W,)``, one row for each row of the weights or reservation values.
    """
    wide = max(len(case.preferences.weights), len(case.reservation))
    starts = [case.protocol.start_text, *(() if case.war is None else case.war.terms)]
    rows = [np.broadcast_to(start, (wide, len(case.space.issues))) for start in (*starts, *more_starts)]
    climbs = [_ascend(case, party, binding, stage, start) for start in rows]
    tops = np.stack(climbs, axis=1)
    worth = _penalised(case, party, binding, stage, tops)
    best = (worth >= worth.max(axis=1, keepdims=True) - TOLERANCE).argmax(axis=1)
    run = np.arange(wide)
    top = tops[run, best]
    signable = case.value(party, top) >= case.floor(party) - TOLERANCE
    return top, case.utility(party, top), (worth[run, best] > HOPELESS / 2) & signable


def _ascend(case: Case, party: int, binding: np.uint64, stage: Stage, here: OptionArray) -> OptionArray:
    """Packages ``(W, I)`` after an ascent: one issue at a time, in issue order, each to the option worth most (the
    lowest on a tie); where that ends, the best package within two issues and one step each, and on from there.
    """
    run = np.arange(len(here))
    for _ in range(MOST_CLIMBS):
        before = here
        for axis, left in enumerate(case.space.left):
            tried = np.repeat(here[:, None, :], len(left), axis=1)
            tried[:, :, axis] = left
            worth = _penalised(case, party, binding, stage, tried)
            here = tried[run, (worth >= worth.max(axis=1, keepdims=True) - TOLERANCE).argmax(axis=1)]
        if (here == before).all():
            near, exists = candidates(case.space, here)
            worth = np.where(exists, _penalised(case, party, binding, stage, near), -np.inf)
            top = (worth >= worth.max(axis=1, keepdims=True) - TOLERANCE).argmax(axis=1)
            better = worth[run, top] > worth[:, 0] + TOLERANCE
            if not better.any():
                break
            here = np.where(better[:, None], near[run, top], here)
    return here


def _penalised(
    case: Case,
    party: int,
    binding: np.uint64,
    stage: Stage,
    packages: OptionArray,
) -> FloatArray:
    """Utility, less a large sum for each step that packages ``(W, C, I)`` are away from respecting own lines, and a
    smaller one for each point that they lie below what the party could sign for.
    """
    away = case.red_lines.steps(packages, np.broadcast_to(binding, packages.shape[:-1]))
    away = away + case.astray(packages, stage)
    short = np.maximum(case.floor(party)[:, None] - case.value(party, packages), 0.0)
    worth: FloatArray = case.utility(party, packages) + HOPELESS * away + UNSIGNABLE * short
    return worth


def opening(case: Case, party: int) -> tuple[OptionArray, FloatArray, BoolArray]:
    """A party's opening offer ``(W, I)``, its best value of each `Stage` ``(W, 3)``, and whether it has one ``(W,)``.

    The opening is the better of its best interim ceasefire and its best settlement, interim on a tie. Of a package
    short of a ceasefire a party asks as much as of the better of the two.
    """
    binding = case.red_lines.bits("declared", party)
    settled, of_settled, can_settle = own_best(case, party, binding, Stage.SETTLEMENT)
    interim, of_interim, can_interim = own_best(case, party, binding, Stage.INTERIM, (settled,))
    reserve = np.broadcast_to(case.reservation[:, party], (max(len(interim), len(case.reservation)),))
    worth_i = np.where(can_interim, of_interim, -np.inf)
    worth_s = np.where(can_settle, of_settled, -np.inf)
    best_i, best_s = np.where(can_interim, of_interim, reserve), np.where(can_settle, of_settled, reserve)
    best = np.stack([np.maximum(best_i, best_s), best_i, best_s], axis=-1)
    first = worth_i >= worth_s - TOLERANCE
    return np.where(first[:, None], interim, settled), best, can_interim | can_settle
