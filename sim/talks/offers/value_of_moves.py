"""What every move from a package would be worth: utilities of candidates from parts that add up over moves.

A third way to see packages for their valuation, without building them; who looks at them is decided elsewhere.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sim.stakes.case import Case
from sim.stakes.endings import Kind, Kinds
from sim.stakes.outlook import Outlook
from sim.stakes.run_axis import take_rows
from sim.stakes.space import BoolArray, FloatArray
from sim.stakes.valuation import least_utility, log_peace, value
from sim.talks.offers.around import Around, BitParts, Bits
from sim.talks.offers.moves import Neighbours, Numbers, Parts, with_none
from sim.talks.offers.reach import reach

CROWDED = 4
"""Whole rows of candidates are worked out where one in so many of their cells matters: a cell alone costs that much."""


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
    found = Parts(singles, both, missing)
    for issues, extra in zip(depends, extras, strict=True):
        before = before + _add(extra, issues, moves, bits, found)
    singles += before / 2
    return found


def _add(
    extra: Callable[[Bits], FloatArray], issues: tuple[int, ...], moves: Neighbours, bits: BitParts, into: Parts
) -> FloatArray:
    """Add what depends on some issues together, from the bits of candidates, to the parts of moves; returns what it
    comes to where one stays ``(R,)``.
    """
    touching, joint = moves.moves_on(*issues), moves.changes_two(*issues)
    here = extra(bits.of(slice(0, 1)))
    alone = extra(bits.of(touching + 1)) - here
    into.singles[touching] += alone
    if len(joint):
        at = np.searchsorted(touching, moves.first[joint]), np.searchsorted(touching, moves.second[joint])
        into.missing[np.searchsorted(into.both, joint)] += extra(bits.of(joint)) - here - alone[at[0]] - alone[at[1]]
    stays: FloatArray = here[0]
    return stays


def most_utility(case: Case, party: int, near: Around, may: BoolArray) -> FloatArray:
    """A utility ``(R,)`` that no candidate exceeds, of which the single moves ``(M, R)`` are those that one may make:
    the two best of them that are on different issues, and all that interactions could add.
    """
    wants, issue = case.preferences, near.near.issue
    values, weights = wants.values[party], wants.weights[:, party].T
    now = np.stack([values[axis].take(options) for axis, options in enumerate(near.now)]) * weights
    gains = values.ravel().take(near.cell) * weights[issue] - now[issue]
    np.copyto(gains, 0.0, where=~may)
    first, second = np.zeros(near.runs), np.zeros(near.runs)
    for block in near.near.blocks[:-1]:
        best = gains[block.first].max(axis=0)
        np.maximum(second, np.minimum(first, best), out=second)
        np.maximum(first, best, out=first)
    effects = sum(max(points, 0.0) for _, points in reach(case, party).effects)
    found: FloatArray = now.sum(axis=0) + first + second + effects
    return found


@dataclass(frozen=True, eq=False)
class Moves:
    """Candidates near packages, seen for their valuation: arrays ``(N, R)`` of those named, in every run, of which one
    neighbourhood may stand for all.

    Or ``(N,)`` of a few cells, where ``runs`` ``(N,)`` says in which run each candidate is meant. ``known`` are
    utilities by party, as far as they are.
    """

    case: Case
    near: Around
    candidates: slice | Numbers = field(default_factory=lambda: slice(None))
    runs: Numbers | None = None
    known: dict[int, FloatArray] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> Kinds:
        """The `Kind` of each candidate."""
        assert self.case.endings is not None
        return self._by_option(self.case.endings.axis, self.case.endings.kinds.__getitem__)

    def utility(self, party: int) -> FloatArray:
        """A party's utility of each candidate, points a month."""
        if party not in self.known:
            parts = utility_parts(self.case, party, self.near, self.near.bits(reach(self.case, party).tables))
            self.known[party] = parts.of(self.near.near, self.candidates, self.runs)
        return self.known[party]

    def resumed(self, outlook: Outlook, party: int) -> FloatArray:
        """What the war that would follow each candidate is worth to a party.

        Few issues bear on it, so that most candidates are alike in it: one of each kind is worked out.
        """
        assert self.case.endings is not None
        alike, kind = self.near.near.alike(self.case.endings.bears_on_war)
        if self.runs is not None and len(self.runs) < len(alike) * self.near.runs:
            return self._resumed(outlook, party)
        kind = kind[self.candidates]
        met = np.flatnonzero(np.bincount(kind))
        place = np.searchsorted(met, kind)
        found = Moves(self.case, self.near, alike[met])._resumed(outlook, party)
        if self.runs is None:
            return found.take(place, axis=0)
        return np.broadcast_to(found, (len(met), self.near.runs))[place, self.runs]

    def _resumed(self, outlook: Outlook, party: int) -> FloatArray:
        assert self.case.endings is not None

        def flow(options: Numbers) -> FloatArray:
            if len(options) == 1:
                return outlook.after.flow(options.item())[:, party]
            return outlook.after.flow_from(party, options)

        return outlook.after.resumed(party, self._by_option(self.case.endings.line, flow), self._shift, self.spread)

    @cached_property
    def _shift(self) -> FloatArray:
        """What each candidate adds to the first belligerent's odds in the war after it."""
        assert self.case.endings is not None
        table, near, issue = self.case.endings.resume, self.near, self.near.near.issue
        now = np.stack([table[axis].take(options) for axis, options in enumerate(near.now)])
        parts = with_none(table.ravel().take(near.cell) - now[issue])
        parts = parts + functools.reduce(np.add, now) / 2
        return self.spread(self.case.endings.resume_scale) * near.near.pairs(parts, self.candidates, self.runs)

    def _by_option(self, axis: int, of: Callable[[Numbers], Any]) -> Any:
        """What each candidate comes to by its option of one issue, from what options ``(R,)`` come to."""
        near, moves = self.near, self.near.near
        on = moves.moves_on(axis)
        rows = np.stack([of(near.now[axis]), *(of(then.astype(np.intp)) for then in near.then[on])])
        place = np.append(np.zeros(moves.moves, dtype=np.intp), 0)
        place[on] = 1 + np.arange(len(on))
        row = place[moves.first[self.candidates]] + place[moves.second[self.candidates]]  # one of both at most is on it
        return rows.take(row, axis=0) if self.runs is None else rows[row, self.runs]

    def spread(self, column: FloatArray) -> FloatArray:
        """A column of runs: the last axis of candidates already, unless they are cells."""
        return column if self.runs is None or len(column) == 1 else column[self.runs]

    def by_kind(self, table: FloatArray) -> FloatArray:
        """Numbers by kind for each candidate."""
        assert self.case.endings is not None
        runs, kinds = np.arange(len(table)), self.case.endings.kinds
        found: FloatArray = self._by_option(self.case.endings.axis, lambda options: table[runs, kinds[options]])
        return found

    def stepping_back(self, party: int) -> FloatArray | float:
        """Points that each candidate costs a party in public."""
        if self.runs is None:
            return np.asarray(self.case.stepping_back(party, self.near.all_packages(self.candidates))).T
        chosen = np.arange(self.near.near.candidates)[self.candidates]
        return self.case.stepping_back(party, self.near.packages(chosen, self.runs), self.runs)

    def values(self, party: int) -> FloatArray:
        """What each candidate is worth to a party given that it has to last."""
        case = self.case
        peace = log_peace(case.endings, case.outlook, self, case.belligerents, party)
        worth = value(case.endings, case.outlook, self, party, case.belligerents, peace)
        if case.audience is not None and case.audience[:, party].any():
            worth = worth - self.stepping_back(party)
        return worth


def values(
    case: Case, party: int, near: Around, candidates: Numbers, utility: FloatArray, where: BoolArray
) -> FloatArray:
    """What some candidates ``(N,)`` are worth to a party ``(N, R)`` given that they have to last, from their utility
    ``(N, 1|R)``; only those ``where`` ``(N, 1|R)`` it matters are worked out, others are worth -inf.

    One neighbourhood may stand for all runs of the case.
    """
    runs, rows = np.flatnonzero(where.any(axis=0)), np.flatnonzero(where.any(axis=1))
    if len(runs) and 2 * len(runs) < near.runs:
        part, found = take_rows(case, runs), np.full(utility.shape, -np.inf)
        found[:, runs] = values(part, party, near.of(runs), candidates, utility[:, runs], where[:, runs])
        return found
    if np.count_nonzero(where) * CROWDED < len(rows) * near.runs:
        found, cells = np.full(utility.shape, -np.inf), np.divmod(np.flatnonzero(where), near.runs)
        found[cells] = Moves(case, near, candidates[cells[0]], cells[1], {party: utility[cells]}).values(party)
        return found
    worth = Moves(case, near, candidates[rows], None, {party: utility[rows]}).values(party)
    found = np.full((len(candidates), worth.shape[1]), -np.inf)
    found[rows] = np.where(where[rows], worth, -np.inf)
    return found


def least_utilities(case: Case, party: int, near: Around, floor: FloatArray, outlook: Outlook | None) -> FloatArray:
    """A utility ``(C, R)`` below which no candidate is worth a party's floor ``(R,)``, whatever the others would do.

    It is the same for all candidates that end the fighting alike, in one and the same war after it.
    """
    if case.endings is None or outlook is None:
        return floor
    alike, place = near.near.alike(tuple(sorted({case.endings.axis, *case.endings.bears_on_war})))
    moves = Moves(case, near, alike)
    war, limited, discount = (getattr(outlook, name)[:, party] for name in ("war", "limited", "discount"))
    after, kinds, longest = moves.resumed(outlook, party), moves.kinds, case.endings.log_hold
    found = np.empty(kinds.shape)
    for kind in Kind:
        of_kind = kinds == kind
        if of_kind.any():
            least = least_utility(kind, floor, war, limited, discount, after, longest[:, kind])
            np.copyto(found, least, where=of_kind)
    return found.take(place, axis=0)
