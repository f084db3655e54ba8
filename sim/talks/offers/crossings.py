"""What each ending of a case can carry, and so the ways that lead across endings: worked out once for a case.

Where they lead from some package is `across`' business, who would go there is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.case import Case
from sim.stakes.run_axis import once
from sim.stakes.space import BoolArray, IntArray, OptionArray
from sim.talks.offers.moves import Numbers


@dataclass(frozen=True, eq=False)
class Crossings:
    """The ways to E endings, each by no further move or by one of some: X ways.

    ``option_of`` ``(E,)`` is an ending among the options of its issue ``axis``, ``to`` ``(E, I, K)`` where each option
    of each issue goes under it, and ``box`` ``(E, I, K)`` what it can carry. ``issue``, ``step`` and ``option``
    ``(X,)`` are the moves as in `Neighbours`, the first of them a step of 0; ``offset`` ``(X,)`` and, by ending,
    ``number`` ``(E,)`` add up to a number that settles ties, out of ``numbered``.
    """

    axis: int
    option_of: OptionArray
    to: OptionArray
    box: BoolArray
    issue: Numbers
    step: OptionArray
    option: OptionArray
    offset: IntArray
    number: IntArray
    numbered: int


@once
def crossings(case: Case) -> Crossings | None:
    """The moves across endings of a case; None where every ending carries everything."""
    if case.endings is None:
        return None
    axis, options = case.endings.axis, case.stages.options_of()
    left, parts = case.space.left, {part.left[axis][0]: part.left for part in case.parts(case.space) if part.size}
    free = [j for j in range(len(left)) if len(left[j]) > 1]
    able = [e for e in options[axis] if e in parts and any(set(left[j]) - {*parts[e][j]} for j in free if j != axis)]
    if not able:
        return None
    ordered = [issue.ordered for issue in case.space.issues]
    moves = [(j, *way) for j in free for way in ([(-1, -1), (1, -1)] if ordered[j] else [(0, k) for k in options[j]])]
    table = np.array([(axis, 0, -1, 0), *((*move, n) for n, move in enumerate(moves, 1) if move[0] != axis)])
    to, box = (np.stack(tables) for tables in zip(*(_carried(case, parts[e]) for e in able), strict=True))
    to[:, axis] = np.array(able)[:, None]
    return Crossings(
        axis=axis,
        option_of=np.array(able, dtype=np.int8),
        to=to,
        box=box,
        issue=table[:, 0],
        step=table[:, 1].astype(np.int8),
        option=table[:, 2].astype(np.int8),
        offset=table[:, 3],
        number=np.array(able) * (1 + len(moves)),
        numbered=len(case.space.issues[axis].options) * (1 + len(moves)),
    )


def _carried(case: Case, carried: tuple[tuple[int, ...], ...]) -> tuple[OptionArray, BoolArray]:
    """Where each option of each issue ``(I, K)`` goes under an ending that can carry some, and which these are."""
    to = np.tile(np.arange(case.space.width, dtype=np.int8), (len(carried), 1))
    box = np.zeros(to.shape, dtype=bool)
    for j, (issue, options) in enumerate(zip(case.space.issues, carried, strict=True)):
        box[j, list(options)] = True
        for k in range(len(issue.options)):
            to[j, k] = _nearest(k, options, issue.status_quo, issue.ordered)
    return to, box


def _nearest(option: int, carried: tuple[int, ...], status_quo: int, ordered: bool) -> int:
    """The nearest option that an ending can carry; on a tie towards the status quo, then the lower."""
    if option in carried or (not ordered and status_quo in carried):
        return option if option in carried else status_quo
    return min(carried, key=lambda other: (abs(other - option), abs(other - status_quo), other))
