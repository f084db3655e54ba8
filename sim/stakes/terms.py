"""Quantities that issues add up to, or the least of what each says: once for packages, a whole space and its halves.

A utility is an `Additive`; the steps out of a red line are a `Nearest`. What is near a package is the talks' business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import numpy.typing as npt

from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.run_axis import of_run
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace, bearing, by_issue, inside

Half = tuple[int, ...]
"""Axes of an outcome space."""
Across = tuple[float, BoolArray, BoolArray]
"""Points for packages in a box, and which rows of either half of the issues lie in it."""


@dataclass(frozen=True, eq=False)
class Additive:
    """Points of each option, weighed by issue, and more points where a package lies in a box.

    sum_j weight_j value_j(p_j) + sum_m points_m [p lies in box m], with ``weights`` ``(1|R, I)``, ``values``
    ``(I, K)``, ``points`` ``(M,)`` and ``boxes`` ``(M, I, K)``. Sums run in the order of the issues, then of the
    boxes, so that every view gives the same bits.

    >>> from sim.stakes.space import Issue
    >>> space = OutcomeSpace((Issue("a", ("x", "y"), 0), Issue("b", ("p", "q"), 0)), ((0, 1), (0, 1)))
    >>> both_late = np.array([[[False, True], [False, True]]])
    >>> utility = Additive(np.array([[60.0, 40.0]]), np.array([[0.0, 1.0], [1.0, 0.5]]), np.array([6.0]), both_late)
    >>> utility.over(space).tolist(), utility.at(space.packages([[3]])).tolist()
    ([[40.0, 20.0], [100.0, 86.0]], [[86.0]])
    """

    weights: FloatArray
    values: FloatArray
    points: FloatArray
    boxes: BoolArray

    @cached_property
    def by_option(self) -> FloatArray:
        """Points of each option ``(I, K)``, boxes aside, where all runs weigh alike."""
        return self.weights[0][:, None] * self.values

    @cached_property
    def _issues(self) -> list[int]:
        """The issues that add anything in some run; the first one where none does."""
        return np.flatnonzero(self.values.any(axis=1) & self.weights.any(axis=0)).tolist() or [0]

    @cached_property
    def bearing(self) -> tuple[tuple[int, ...], ...]:
        """The issues that each box depends on."""
        return tuple(bearing(box) for box in self.boxes)

    def at(self, packages: OptionArray, runs: IntArray | None = None) -> FloatArray:
        """Points ``(R, ...)`` of packages ``(R, ..., I)``; R may be 1 for any weights. ``runs`` as in `of`."""
        return self.of(by_issue(packages), runs)

    def of(self, options: npt.NDArray[np.intp], runs: IntArray | None = None) -> FloatArray:
        """The same from the packages' options `by_issue` ``(I, R, ...)``; ``runs`` ``(R,)`` are the rows of the weights
        that packages belong to, theirs in order by default.
        """
        parts = self._parts(options, runs)
        total = next(parts)
        for part in parts:  # in order, so that one run adds up as many do
            total += part
        for points, box, issues in zip(self.points, self.boxes, self.bearing, strict=True):
            total += points * inside(box, issues, options)
        return total

    def _parts(self, options: npt.NDArray[np.intp], runs: IntArray | None) -> Iterator[FloatArray]:
        if len(self.weights) == 1:
            return (self.by_option[issue].take(options[issue]) for issue in self._issues)
        wide = [1] * (options.ndim - 2)
        return (
            (weights if runs is None else weights.take(runs)).reshape(-1, *wide)
            * self.values[issue].take(options[issue])
            for issue in self._issues
            for weights in [self._by_issue[issue]]
        )

    @cached_property
    def _by_issue(self) -> FloatArray:
        """The weights ``(I, R)``, each issue's in a row."""
        return np.ascontiguousarray(self.weights.T)

    def over(self, space: OutcomeSpace, run: int = 0) -> FloatArray:
        """Points of every package under one row of the weights, as an array that broadcasts to the space's shape.

        Raises:
            SpaceTooLargeError: above `space.LARGEST_SPACE` packages.
        """
        space.require_countable()
        weights = of_run(self.weights, run)
        parts = [
            (weights[issue] * self.values[issue, list(space.left[issue])]).reshape(space.along(issue))
            for issue in self._issues
        ]
        held = [points * space.spread(box) for points, box in zip(self.points, self.boxes, strict=True)]
        return reduce(np.add, [*parts, *held])

    def cut(self, space: OutcomeSpace, halves: tuple[Half, Half]) -> tuple[FloatArray, FloatArray, list[Across]]:
        """What each half of the issues adds ``(1|R, rows)``, and the boxes across both."""
        first, second = (self._along(space, half) for half in halves)
        across: list[Across] = []
        for points, box in zip(self.points, self.boxes, strict=True):
            touched = touches(space, box)
            if touched <= set(halves[0]):
                first = first + points * _rows_inside(space, halves[0], box)
            elif touched <= set(halves[1]):
                second = second + points * _rows_inside(space, halves[1], box)
            else:
                here, there = (_rows_inside(space, half, box) for half in halves)
                across.append((float(points), here, there))
        return first, second, across

    def _along(self, space: OutcomeSpace, half: Half) -> FloatArray:
        total: FloatArray = np.zeros((len(self.weights), 1))
        for axis in half:
            table = self.weights[:, axis, None] * self.values[axis, list(space.left[axis])]
            total = (total[:, :, None] + table[:, None, :]).reshape(len(total), -1)
        return total


def touches(space: OutcomeSpace, box: BoolArray) -> set[int]:
    """The axes on which a box leaves out an option of the space."""
    return {axis for axis, left in enumerate(space.left) if not box[axis, list(left)].all()}


def _rows_inside(space: OutcomeSpace, half: Half, box: BoolArray) -> BoolArray:
    """Which rows of a half lie in a box, as far as its issues tell."""
    tables = [box[axis, list(space.left[axis])] for axis in half]
    return np.ravel(reduce(np.logical_and.outer, tables, np.array(True)))


@dataclass(frozen=True, eq=False)
class Nearest:
    """The fewest steps along any one issue, from a table of the steps from each option ``(I, K)``."""

    table: IntArray

    @cached_property
    def concerns(self) -> tuple[int, ...]:
        """The issues along which there is a way at all."""
        return tuple(np.flatnonzero((self.table < NO_WAY_OUT).any(axis=1)).tolist())

    def at(self, packages: OptionArray) -> IntArray:
        """Steps ``(...)`` of packages ``(..., I)``."""
        fewest: IntArray = np.full(packages.shape[:-1], NO_WAY_OUT)
        for issue in self.concerns:
            fewest = np.minimum(fewest, self.table[issue][packages[..., issue]])
        return fewest

    def over(self, space: OutcomeSpace) -> npt.NDArray[np.uint16]:
        """Steps of each package of a space; broadcasts to the shape of the space."""
        fewest = np.full([1] * len(space.left), NO_WAY_OUT, dtype=np.uint16)
        for axis in self.concerns:
            along = self.table[axis, list(space.left[axis])].astype(np.uint16)
            fewest = np.minimum(fewest, along.reshape(space.along(axis)))
        return fewest


FEW = 1_000
"""Options of packages up to which it takes less to look them up in all tables at once than in one after the other."""


@dataclass(frozen=True, eq=False)
class NearestOfEach:
    """A `Nearest` for each of some tables ``(B, I, K)``."""

    tables: IntArray

    @cached_property
    def each(self) -> tuple[Nearest, ...]:
        """They, one by one."""
        return tuple(Nearest(table) for table in self.tables)

    def total(self, packages: OptionArray, counted: BoolArray | None = None) -> IntArray:
        """Steps ``(...)`` of packages ``(..., I)``, summed over the tables ``(B, ...)`` that are counted for each."""
        if packages.size <= FEW:
            steps: IntArray = self.tables[:, np.arange(packages.shape[-1]), packages].min(axis=-1)
            return (steps if counted is None else steps * counted).sum(axis=0)
        total: IntArray = np.zeros(packages.shape[:-1], dtype=np.int64)
        for number, near in enumerate(self.each):
            if counted is None:
                total = total + near.at(packages)
            elif counted[number].any():
                total = total + near.at(packages) * counted[number]
        return total

    def around(self, package: OptionArray) -> IntArray:
        """The same, over all tables, of a package ``(I,)`` with each option ``(I, K)`` in the place of its own."""
        here = self.tables[:, np.arange(len(package)), package]
        ways = np.concatenate([here, np.full((len(here), 1), NO_WAY_OUT)], axis=1)
        ways.sort(axis=1)
        others = np.where(here == ways[:, :1], ways[:, 1:2], ways[:, :1])  # along every other issue
        return np.minimum(self.tables, others[:, :, None]).sum(axis=0)
