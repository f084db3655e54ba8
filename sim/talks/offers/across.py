"""Moves across endings: what else has to move where an ending cannot carry what a package holds, and one move more.

A neighbour changes two issues; from a treaty to a truce ten may have to change at once. Whole packages are looked at
here, few in each run; who would ask for them or draft them is decided where they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.case import Case
from sim.stakes.run_axis import once
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.talks.offers.moves import Numbers


@dataclass(frozen=True, eq=False)
class Endings:
    """The candidates that lead to some endings: X of them, each an ending and at most one move.

    ``ending`` ``(X,)`` is the place of its ending among E, ``to`` ``(E, I, K)`` where each option of each issue goes
    under it, and ``box`` ``(E, I, K)`` what it can carry. ``issue``, ``step`` and ``option`` ``(X,)`` are the move as
    in `Neighbours`, with issue -1 for none; ``number`` ``(X,)`` settles ties, out of ``numbered``.
    """

    axis: int
    option_of: OptionArray
    to: OptionArray
    box: BoolArray
    ending: Numbers
    issue: Numbers
    step: OptionArray
    option: OptionArray
    number: IntArray
    numbered: int


@dataclass(frozen=True)
class Candidates:
    """Packages ``(N, I)`` across endings, the run ``(N,)`` that each is near in, in order, and their numbers."""

    packages: OptionArray
    run: Numbers
    number: IntArray
    numbered: int

    def of(self, keep: BoolArray) -> Candidates:
        """Some of them."""
        return Candidates(self.packages[keep], self.run[keep], self.number[keep], self.numbered)

    def in_order(self, score: IntArray, draw: FloatArray) -> tuple[Numbers, Numbers]:
        """The candidates by run and, highest score first, in the order in which they count ``(N,)``; ties by the draw
        of their run ``(R,)``. Also how many of the same run come before each.
        """
        flip = np.floor(draw * (1 << self.numbered.bit_length())).astype(np.int64)[self.run]
        order = np.lexsort((self.number ^ flip, -score, self.run))
        run = self.run[order]
        return order, np.arange(len(run)) - np.searchsorted(run, run)


@once
def endings(case: Case) -> Endings | None:
    """The moves across endings of a case; None where every ending carries everything."""
    if case.endings is None:
        return None
    axis, issues = case.endings.axis, case.space.issues
    parts = {part.left[axis][0]: part.left for part in case.parts(case.space) if part.size}
    open_ones = [j for j in range(len(issues)) if len(case.space.left[j]) > 1]
    moves = [
        (j, step, option)
        for j in open_ones
        for step, option in (
            [(-1, -1), (1, -1)] if issues[j].ordered else [(0, k) for k in case.stages.options_of()[j]]
        )
    ]
    able = [
        e
        for e in case.stages.options_of()[axis]
        if any(set(case.space.left[j]) - {*parts.get(e, case.space.left)[j]} for j in open_ones if j != axis)
    ]
    if not able:
        return None
    to = np.tile(np.arange(case.space.width, dtype=np.int8), (len(able), len(issues), 1))
    box, rows = np.zeros(to.shape, dtype=bool), []
    for place, ending in enumerate(able):
        for j, issue in enumerate(issues):
            carried = parts[ending][j]
            box[place, j, list(carried)] = True
            for k in range(len(issue.options)):
                to[place, j, k] = _carried(k, carried, issue.status_quo, issue.ordered)
        to[place, axis] = ending
        first = ending * (1 + len(moves))
        rows += [(place, -1, 0, -1, first)]
        rows += [(place, *move, first + n) for n, move in enumerate(moves, 1) if move[0] != axis]
    table = np.array(rows)
    return Endings(
        axis=axis,
        option_of=np.array(able, dtype=np.int8),
        to=to,
        box=box,
        ending=table[:, 0],
        issue=table[:, 1],
        step=table[:, 2].astype(np.int8),
        option=table[:, 3].astype(np.int8),
        number=table[:, 4],
        numbered=len(issues[axis].options) * (1 + len(moves)),
    )


def _carried(option: int, carried: tuple[int, ...], status_quo: int, ordered: bool) -> int:
    """The nearest option that an ending can carry; on a tie towards the status quo, then the lower."""
    if option in carried or (not ordered and status_quo in carried):
        return option if option in carried else status_quo
    return min(carried, key=lambda other: (abs(other - option), abs(other - status_quo), other))


def across(case: Case, here: OptionArray, runs: BoolArray) -> Candidates | None:
    """What lies across endings from packages ``(R, I)`` in some ``runs`` ``(R,)``; None where there is nothing.

    An ending counts where it is another one and something has to move along.
    """
    ways = endings(case)
    if ways is None or not runs.any():
        return None
    issues = np.arange(here.shape[1])
    first = ways.to[:, issues, here]  # (E, R, I)
    along = (first != here).sum(axis=2) > 1
    wanted = along & (here[:, ways.axis] != ways.option_of[:, None]) & runs
    run, which = np.nonzero(wanted.T[:, ways.ending])
    if not len(run):
        return None
    packages, issue, ending = first[ways.ending[which], run], ways.issue[which], ways.ending[which]
    moved = np.flatnonzero(issue >= 0)
    on = issue[moved]
    before = packages[moved, on]
    option = ways.option[which[moved]]
    after = np.where(option >= 0, option, before + ways.step[which[moved]])
    inside = (after >= 0) & (after < ways.box.shape[2])
    after = np.where(inside, after, before)
    there = np.ones(len(run), dtype=bool)
    there[moved] = inside & (after != before) & ways.box[ending[moved], on, after]
    packages[moved, on] = after
    return Candidates(packages, run, ways.number[which], ways.numbered).of(there)
