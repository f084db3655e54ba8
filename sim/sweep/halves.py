"""Part of a zone cut into two halves of its issues, so that a utility is a sum of two short tables.

A package is a pair (row of the first half, row of the second). Bounds found here only rule packages out; whether one
suits is decided by the case itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim.stakes.case import Case, ZoneName
from sim.stakes.clauses import crossed_everywhere
from sim.stakes.space import BoolArray, FloatArray, OptionArray, OutcomeSpace
from sim.stakes.worth import Kind, breakdown

Half = tuple[int, ...]
"""Axes of the outcome space."""


@dataclass(frozen=True)
class Part:
    """The packages of a zone with one ending that are coherent and cross no line that counts.

    ``clear`` ``(G, H)`` tells which pairs of rows are such packages. ``inside[h]`` ``(M, rows)`` says where each
    interaction whose issues lie in half h holds; ``across`` ``(P,)`` is the most that the others could add.
    """

    space: OutcomeSpace
    kind: Kind | None
    halves: tuple[Half, Half]
    clear: BoolArray
    inside: tuple[BoolArray, BoolArray]
    across: FloatArray

    def utilities(self, case: Case, half: int) -> FloatArray:
        """A half's share of every party's utility ``(W, P, rows)``, for each row W of the weights."""
        preferences = case.preferences
        total = np.zeros((len(preferences.weights), len(case.parties), 1))
        for axis in self.halves[half]:
            left = list(self.space.left[axis])
            table = preferences.weights[:, :, axis, None] * preferences.values[None, :, axis, left]
            total = (total[..., :, None] + table[..., None, :]).reshape(*total.shape[:2], -1)
        for m, holds in enumerate(self.inside[half]):
            total[:, preferences.holder[m]] += preferences.points[m] * holds
        return total

    def deterrence(self, case: Case, half: int) -> FloatArray:
        """A half's share of what deters a new attack ``(rows,)``."""
        assert case.endings is not None
        tables = [case.endings.deterrence[axis, list(self.space.left[axis])] for axis in self.halves[half]]
        total: FloatArray = reduce(np.add.outer, tables, np.zeros(())).ravel()
        return total

    def whether(self) -> BoolArray:
        """Which packages of the space these are, as an array of its shape."""
        order = [*self.halves[0], *self.halves[1]]
        shape = [len(self.space.left[axis]) for axis in order]
        return self.clear.reshape(shape).transpose(np.argsort(order))

    def packages(self, rows: tuple[np.ndarray, np.ndarray]) -> OptionArray:
        """Packages ``(N, I)`` from rows of both halves ``(N,)``."""
        found = np.zeros((len(rows[0]), len(self.space.issues)), dtype=np.int8)
        for half, row in zip(self.halves, rows, strict=True):
            if half:
                lefts = [self.space.left[axis] for axis in half]
                places = np.unravel_index(row, [len(left) for left in lefts])
                for axis, left, place in zip(half, lefts, places, strict=True):
                    found[:, axis] = np.array(left, dtype=np.int8)[place]
        return found


def parts(case: Case, zone: ZoneName, lines: BoolArray) -> Iterator[Part]:
    """The parts of a zone in which any package crosses none of the boxes ``lines`` ``(B, I, K)``."""
    whole = case.space.within(case.zones[zone])
    for space, kind in _by_ending(case, whole):
        whether = (crossed_everywhere(space, lines) == 0) & case.valid_everywhere(space)
        if whether.any():
            yield _part(case, *_trimmed(space, whether), kind)


def _by_ending(case: Case, space: OutcomeSpace) -> Iterator[tuple[OutcomeSpace, Kind | None]]:
    if case.endings is None:
        yield space, None
        return
    axis = case.endings.axis
    for option in space.left[axis]:
        left = (*space.left[:axis], (option,), *space.left[axis + 1 :])
        yield OutcomeSpace(space.issues, left), Kind(int(case.endings.kinds[option]))


def _trimmed(space: OutcomeSpace, whether: BoolArray) -> tuple[OutcomeSpace, BoolArray]:
    """The same packages in the smallest space that holds them."""
    left = []
    for axis, options in enumerate(space.left):
        used = np.ravel(whether.any(axis=tuple(other for other in range(whether.ndim) if other != axis)))
        left.append(tuple(option for option, kept in zip(options, used, strict=True) if kept))
        whether = np.compress(used, whether, axis=axis)
    return OutcomeSpace(space.issues, tuple(left)), whether


def _part(case: Case, space: OutcomeSpace, whether: BoolArray, kind: Kind | None) -> Part:
    touched = [_touched(space, box) for box in case.preferences.boxes]
    halves = _cut(space, touched)
    order = [*halves[0], *halves[1]]
    rows = int(np.prod([len(space.left[axis]) for axis in halves[0]], dtype=np.int64))
    across = np.zeros(len(case.parties))
    for m, axes in enumerate(touched):
        if not any(axes <= set(half) for half in halves):
            across[case.preferences.holder[m]] += max(0.0, float(case.preferences.points[m]))
    inside = tuple(_holding(case, space, touched, halves, half) for half in (0, 1))
    clear = np.ascontiguousarray(whether.transpose(order)).reshape(rows, -1)
    return Part(space, kind, halves, clear, (inside[0], inside[1]), across)


def _touched(space: OutcomeSpace, box: BoolArray) -> set[int]:
    """The axes on which a box leaves out an option of the space."""
    return {axis for axis, left in enumerate(space.left) if not box[axis, list(left)].all()}


def _cut(space: OutcomeSpace, touched: list[set[int]]) -> tuple[Half, Half]:
    """Two halves of about equal size; issues that interact stay together while that leaves a fair cut."""
    groups = [{axis} for axis in range(len(space.left))]
    whole = np.log(max(space.size, 2))
    for axes in touched:
        joined = set().union(*[group for group in groups if group & axes], axes)
        if axes and _log_size(space, joined) <= 0.67 * whole:
            groups = [group for group in groups if not group & axes] + [joined]
    halves: tuple[set[int], set[int]] = (set(), set())
    for group in sorted(groups, key=lambda g: (-_log_size(space, g), min(g))):
        min(halves, key=lambda half: _log_size(space, half)).update(group)
    return tuple(sorted(halves[0])), tuple(sorted(halves[1]))


def _log_size(space: OutcomeSpace, axes: set[int]) -> float:
    return float(sum(np.log(len(space.left[axis])) for axis in axes))


def _holding(
    case: Case, space: OutcomeSpace, touched: list[set[int]], halves: tuple[Half, Half], half: int
) -> BoolArray:
    """Where each interaction holds ``(M, rows)`` that lies in a half; one that touches no issue lies in the first."""
    found = []
    for m, box in enumerate(case.preferences.boxes):
        mine = touched[m] <= set(halves[half]) and (half == 0 or bool(touched[m]))
        tables = [box[axis, list(space.left[axis])] & mine for axis in halves[half]]
        found.append(np.ravel(reduce(np.logical_and.outer, tables, np.array(mine))))
    rows = int(np.prod([len(space.left[axis]) for axis in halves[half]], dtype=np.int64))
    return np.array(found, dtype=bool).reshape(-1, rows)


def least_utility(
    case: Case, kind: Kind | None, party: int, gains: list[FloatArray], deterred: FloatArray | float
) -> FloatArray:
    """A utility ``(R,)`` that every package of a kind must have for the party to sign it; -inf where any will do.

    ``gains`` ``(R,)`` are the most that the belligerents could gain over the war, ``deterred`` the most that deters:
    they bound the monthly chance of breakdown from below. With q = d b the value of a lasting package meets the floor
    when (1-d) U >= floor (1-d) + q (floor - W + f), which is linear in q, so one of its ends is the weaker demand.
    """
    floor = case.floor(party)
    if case.endings is None or case.outlook is None or kind is None:
        return floor
    outlook = case.outlook
    discount = outlook.discount[:, party]
    if kind == Kind.TRUCE:
        return (floor - discount * outlook.after_truce[:, party]) / (1.0 - discount)
    if not kind.lasts:
        fixed = outlook.limited[:, party] if kind == Kind.LIMITED else outlook.war[:, party]
        return np.where(fixed >= floor - 1e-6, -np.inf, np.inf)
    imposed = [outlook.imposed[:, b] for b in case.belligerents]
    broken = discount * breakdown(case.endings.hold[kind], gains, deterred, imposed)
    behind = floor - outlook.war[:, party] + outlook.attacked[:, party]
    return floor + np.minimum(broken * behind, discount * behind) / (1.0 - discount)
