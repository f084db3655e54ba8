"""What every move from a package would be worth: utilities of candidates from parts that add up over moves.

A third way to see packages for their valuation, without building them; who looks at them is decided elsewhere.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.stakes.case import Case
from sim.stakes.outlook import Outlook
from sim.stakes.space import FloatArray
from sim.stakes.valuation import Kinds, chance_of_breakdown, value
from sim.talks.offers.around import Around, BitParts, Bits
from sim.talks.offers.moves import Parts, with_none
from sim.talks.offers.reach import reach


def utility_parts(
    case: Case,
    party: int,
    near: Around,
    bits: BitParts,
    by_stage: Callable[[Bits], FloatArray] | None = None,
) -> Parts:
    """A party's utility of each candidate, in parts.

    Args:
        case: what is at stake.
        party: whose utility.
        near: the neighbourhood ``(R,)``.
        bits: its bits by the party's `reach`.
        by_stage: something more to add, that depends on the stage of candidates alone, from their bits ``(N, R)``.
    """
    view, moves = reach(case, party), near.near
    kind = view.tables.dtype.type
    values, weights = case.preferences.values[party], case.preferences.weights[:, party].T
    now = np.stack([values[axis].take(options) for axis, options in enumerate(near.now)]) * weights
    singles = np.empty((moves.moves + 1, near.runs))
    np.multiply(values.ravel().take(near.cell), weights[moves.issue], out=singles[:-1])
    singles[:-1] -= now[moves.issue]
    singles[-1] = 0.0

    def points_for(bit: int, points: float) -> Callable[[Bits], FloatArray]:
        return lambda held: np.asarray(((held >> kind(bit)) & kind(1)) * points, dtype=np.float64)

    extras = [points_for(bit, points) for bit, points in view.effects]
    extras = extras if by_stage is None else [by_stage, *extras]
    depends = view.depends[1:] if by_stage is None else view.depends
    both = moves.both(depends)
    missing, before = np.zeros((len(both), near.runs)), functools.reduce(np.add, now)  # in order: one run as many
    for issues, extra in zip(depends, extras, strict=True):
        touching, joint = moves.moves_on(*issues), moves.changes_two(*issues)
        here = extra(bits.of(slice(0, 1)))
        alone = extra(bits.of(touching + 1)) - here
        singles[touching] += alone
        before = before + here[0]
        if len(joint):
            at = np.searchsorted(touching, moves.first[joint]), np.searchsorted(touching, moves.second[joint])
            missing[np.searchsorted(both, joint)] += extra(bits.of(joint)) - here - alone[at[0]] - alone[at[1]]
    singles += before / 2
    return Parts(singles, both, missing)


@dataclass(frozen=True, eq=False)
class Moves:
    """Every candidate near packages, seen for its valuation: arrays ``(C, R)``."""

    case: Case
    near: Around
    known: dict[int, FloatArray] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> Kinds:
        """The `Kind` of each candidate."""
        endings, near, moves = self.case.endings, self.near, self.near.near
        assert endings is not None
        found = np.broadcast_to(endings.kinds[near.now[endings.axis]], (moves.candidates, near.runs)).copy()
        for half in (moves.first, moves.second):
            ends = np.flatnonzero(np.append(moves.issue == endings.axis, False)[half])
            found[ends] = endings.kinds[near.then[half[ends]]]
        return found

    def utility(self, party: int) -> FloatArray:
        """A party's utility of every candidate, points a month."""
        if party not in self.known:
            bits = self.near.bits(reach(self.case, party).tables)
            self.known[party] = utility_parts(self.case, party, self.near, bits).all(self.near.near)
        return self.known[party]

    def deterred(self) -> FloatArray:
        """How well each candidate deters a new attack."""
        assert self.case.endings is not None
        table, near, issue = self.case.endings.deterrence, self.near, self.near.near.issue
        now = np.stack([table[axis].take(options) for axis, options in enumerate(near.now)])
        parts = with_none(table.ravel().take(near.cell) - now[issue])
        return near.near.pairs(parts + functools.reduce(np.add, now) / 2, slice(None))

    def expected(self, outlook: Outlook, party: int) -> Outlook:
        """What a party expects ``(R,)``."""
        return outlook.of(party, 1)


def values(case: Case, party: int, near: Around, utility: FloatArray) -> FloatArray:
    """What every candidate is worth to a party ``(C, R)`` given that it has to last, from its utility ``(C, R)``."""
    moves = Moves(case, near, {party: utility})
    monthly = chance_of_breakdown(case.endings, case.outlook, moves, case.belligerents)
    found = value(case.endings, case.outlook, moves, party, monthly)
    if case.audience is not None and case.audience[:, party].any():
        found = found - np.asarray(case.stepping_back(party, near.all_packages())).T
    return found
