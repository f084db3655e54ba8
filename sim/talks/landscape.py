"""What every neighbour of a package is worth: utilities and values of candidates, from parts that add up over moves.

The same numbers as `Case.value` gives each candidate, without building it; who looks at them is decided elsewhere.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import FloatArray
from sim.stakes.worth import Kind, breakdown, worth
from sim.talks.neighbours import Around, BitParts, Bits, Neighbours, Numbers, with_none
from sim.talks.reach import reach


@dataclass(frozen=True)
class Parts:
    """A number for each candidate in parts: ``singles`` ``(M + 1, R)`` of its two moves add up to it, except where both
    moves bear on the same thing: the candidates ``both`` miss ``missing`` ``(N, R)``.
    """

    singles: FloatArray
    both: Numbers
    missing: FloatArray

    def all(self, moves: Neighbours) -> FloatArray:
        """The number of every candidate ``(C, R)``."""
        found: FloatArray = moves.pairs(self.singles, slice(None))
        found[self.both] += self.missing
        return found


def utility_parts(
    case: Case,
    party: int,
    near: Around,
    bits: BitParts,
    aside: Callable[[Bits], FloatArray] | None = None,
) -> Parts:
    """A party's utility of each candidate, in parts.

    Args:
        case: what is at stake.
        party: whose utility.
        near: the neighbourhood ``(R,)``.
        bits: its bits by the party's `reach`.
        aside: something more to add, that depends on the bits ``(N, R)`` of candidates.
    """
    view, moves = reach(case, party), near.near
    kind, depends = view.tables.dtype.type, view.depends if aside is not None else view.depends[1:]
    values, weights = case.preferences.values[party], case.preferences.weights[:, party].T
    now = np.stack([values[axis].take(options) for axis, options in enumerate(near.now)]) * weights
    parts = values[moves.issue[:, None], near.then] * weights[moves.issue] - now[moves.issue]

    def jointly(candidates: slice | Numbers) -> FloatArray:
        held = bits.of(candidates)
        total: FloatArray = np.zeros(held.shape) if aside is None else aside(held)
        for bit, points in view.effects:
            total += ((held >> kind(bit)) & kind(1)) * points
        return total

    alone = jointly(slice(0, moves.moves + 1))
    moved = with_none(alone[1:] - alone[0])
    both = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *(moves.changes_two(issues) for issues in depends)]))
    missing = jointly(both) - alone[0] - moved[moves.first[both]] - moved[moves.second[both]]
    before = functools.reduce(np.add, now) + alone[0]  # in order, so that one run adds up as many do
    return Parts(with_none(parts) + moved + before / 2, both, missing)


def utilities(case: Case, party: int, near: Around) -> FloatArray:
    """A party's utility of every candidate ``(C, R)``, points a month."""
    return utility_parts(case, party, near, near.bits(reach(case, party).tables)).all(near.near)


def values(case: Case, party: int, near: Around, utility: FloatArray) -> FloatArray:
    """What every candidate is worth to a party ``(C, R)`` given that it has to last, from its utility ``(C, R)``."""
    outlook, endings = case.outlook, case.endings
    if outlook is None or endings is None:
        found = utility
    else:
        kinds = np.broadcast_to(endings.kinds[near.now[endings.axis]], utility.shape).copy()
        for half in (near.near.first, near.near.second):
            ends = np.flatnonzero(np.append(near.near.issue == endings.axis, False)[half])
            kinds[ends] = endings.kinds[near.then[half[ends]]]
        gains = [(utility if b == party else utilities(case, b, near)) - outlook.war[:, b] for b in case.belligerents]
        imposed = [outlook.imposed[:, b] for b in case.belligerents]
        monthly = breakdown(endings.hold[kinds], gains, _deterred(endings.deterrence, near), imposed)
        lasts = kinds >= Kind.ARMISTICE
        monthly = np.where(lasts, monthly, 0.0)
        found = worth(kinds, utility, outlook.of(party, 1), monthly)
    if case.audience is not None and case.audience[:, party].any():
        found = found - np.asarray(case.stepping_back(party, near.all_packages())).T
    return found


def _deterred(deterrence: FloatArray, near: Around) -> FloatArray:
    """How well each candidate ``(C, R)`` deters a new attack."""
    issue = near.near.issue
    now = np.stack([deterrence[axis].take(options) for axis, options in enumerate(near.now)])
    parts = deterrence[issue[:, None], near.then] - now[issue]
    return near.near.pairs(with_none(parts) + functools.reduce(np.add, now) / 2, slice(None))
