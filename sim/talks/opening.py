"""What a party opens with: its own best packages, of each stage, within its lines and such that it could sign them.

Nothing here depends on the others' offers; the search is an ascent, exact on every shipped scenario (a test says so).
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import TOLERANCE, Case, Stage
from sim.stakes.space import BoolArray, FloatArray, OptionArray
from sim.talks.neighbours import around

MOST_CLIMBS = 100
"""Sweeps of an ascent at most; a few are enough on every shipped scenario."""
UNSIGNABLE = -1e3
"""Points taken off for each point below what a party could sign for."""
HOPELESS = -1e6
"""Points taken off for each rule or own line that a package breaks, so that the ascent leaves broken ground first."""


OPENINGS: dict[int | None, int] = {None: 0, Stage.INTERIM: 1, Stage.SETTLEMENT: 2}
"""The place of a party's openings by what is talked about: anything, an interim ceasefire, a settlement."""


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
            nearby = around(case, here)
            near = nearby.all_packages()
            worth = np.where(nearby.exists().T, _penalised(case, party, binding, stage, near), -np.inf)
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
    """A party's openings ``(W, 3, I)``, its best utility of each `Stage` ``(W, 4)``, and which openings it has ``(W, 3)``.

    The first is the better of its best interim ceasefire and its best settlement, interim on a tie; then these two. Of a package
    short of anything that can be signed it asks as much as of the better of the two.
    """
    binding = case.red_lines.bits("declared", party)
    settled, of_settled, can_settle = own_best(case, party, binding, Stage.SETTLEMENT)
    interim, of_interim, can_interim = own_best(case, party, binding, Stage.INTERIM, (settled,))
    reserve = np.broadcast_to(case.reservation[:, party], (max(len(interim), len(case.reservation)),))
    best_i, best_s = np.where(can_interim, of_interim, reserve), np.where(can_settle, of_settled, reserve)
    top = np.maximum(best_i, best_s)
    best_p = top
    if case.partial is not None:
        _, of_partial, can_part = own_best(case, party, binding, Stage.PARTIAL)
        best_p = np.where(can_part, of_partial, reserve)
    first = np.where(can_interim, of_interim, -np.inf) >= np.where(can_settle, of_settled, -np.inf) - TOLERANCE
    best = np.stack([top, best_p, best_i, best_s], axis=-1)
    packages = np.stack([np.where(first[:, None], interim, settled), interim, settled], axis=1)
    return packages, best, np.stack([can_interim | can_settle, can_interim, can_settle], axis=1)
