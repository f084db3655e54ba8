"""Part of a zone cut into two halves of its issues, so that a utility is a sum of two short tables.

A package is a pair (row of the first half, row of the second). Bounds found here only rule packages out; whether one
suits is decided by the case itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.stakes.case import Case
from sim.stakes.clauses import crossed_everywhere
from sim.stakes.endings import Kind
from sim.stakes.space import BoolArray, FloatArray, OptionArray, OutcomeSpace
from sim.stakes.stages import ZoneName
from sim.stakes.terms import Half, touches


@dataclass(frozen=True)
class Part:
    """The packages of a zone with one ending that are coherent and cross no line that counts.

    ``clear`` ``(G, H)`` tells which pairs of rows are such packages.
    """

    space: OutcomeSpace
    kind: Kind | None
    halves: tuple[Half, Half]
    clear: BoolArray

    def utilities(self, case: Case) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Both halves' shares of every party's utility ``(W, P, rows)``, for each row W of the weights, and the most
        ``(P,)`` that interactions across the halves could add.
        """
        cut = [case.preferences.of(party).cut(self.space, self.halves) for party in range(len(case.parties))]
        first, second, across = zip(*cut, strict=True)
        most = [sum(max(0.0, points) for points, _, _ in boxes) for boxes in across]
        return np.stack(first, axis=1), np.stack(second, axis=1), np.array(most, dtype=float)

    def resumed(self, case: Case, party: int) -> tuple[FloatArray, FloatArray]:
        """The least and the most ``(1|R,)`` that the war after any package of the space is worth to a party."""
        assert case.endings is not None and case.outlook is not None
        endings, after = case.endings, case.outlook.after
        parts = [endings.resume[axis, list(left)] for axis, left in enumerate(self.space.left)]
        shifts = functools.reduce(lambda seen, part: np.unique(np.add.outer(seen, part)), parts, np.zeros(1))
        worth = [
            after.resumed(
                party,
                after.flow(option)[:, party, None],
                endings.resume_scale[:, None] * shifts,
                lambda column: column[:, None],
            )
            for option in self.space.left[endings.line]
        ]
        return functools.reduce(np.minimum, [w.min(axis=1) for w in worth]), functools.reduce(
            np.maximum, [w.max(axis=1) for w in worth]
        )

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
    for space in case.parts(whole):
        if not space.size:
            continue
        kind = None if case.endings is None else Kind(int(case.endings.kinds[space.left[case.endings.axis][0]]))
        whether = (crossed_everywhere(space, lines) == 0) & case.stages.coherent_over(space)
        if whether.any():
            yield _part(case, *_trimmed(space, whether), kind)


def _trimmed(space: OutcomeSpace, whether: BoolArray) -> tuple[OutcomeSpace, BoolArray]:
    """The same packages in the smallest space that holds them."""
    left = []
    for axis, options in enumerate(space.left):
        used = np.ravel(whether.any(axis=tuple(other for other in range(whether.ndim) if other != axis)))
        left.append(tuple(option for option, kept in zip(options, used, strict=True) if kept))
        whether = np.compress(used, whether, axis=axis)
    return OutcomeSpace(space.issues, tuple(left)), whether


def _part(case: Case, space: OutcomeSpace, whether: BoolArray, kind: Kind | None) -> Part:
    halves = _cut(space, [touches(space, box) for box in case.preferences.boxes])
    order = [*halves[0], *halves[1]]
    rows = int(np.prod([len(space.left[axis]) for axis in halves[0]], dtype=np.int64))
    return Part(space, kind, halves, np.ascontiguousarray(whether.transpose(order)).reshape(rows, -1))


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
