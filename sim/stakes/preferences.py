"""Additive utilities with arbitrary value tables, and interactions between issues (Keeney & Raiffa 1976).

U_i(p) = sum_j w_ij v_ij(p_j) + sum_m k_m [the package lies in box m], in points a month, with sum_j w_ij = 100
and v in [0, 1]. A party's points are never compared with another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace, bearing, by_issue, inside

IDEAL = 100.0
"""Points a month of a party's ideal package, interactions aside."""


def scaled(weights: FloatArray) -> FloatArray:
    """Weights ``(..., I)`` scaled to sum to 100; a party that weighs nothing keeps zeros."""
    total = weights.sum(axis=-1, keepdims=True)
    return np.divide(weights * IDEAL, total, out=np.zeros_like(weights, dtype=float), where=total > 0)


@dataclass(frozen=True)
class Preferences:
    """What every party wants.

    ``weights`` ``(1|R, P, I)`` sum to 100; ``values`` ``(P, I, K)`` lie in [0, 1]; interaction m belongs to party
    ``holder[m]``, is worth ``points[m]`` and holds in box ``boxes[m]`` ``(M, I, K)``.
    """

    weights: FloatArray
    values: FloatArray
    holder: IntArray
    points: FloatArray
    boxes: BoolArray
    by_run: ClassVar[tuple[str, ...]] = ("weights",)

    @cached_property
    def bearing(self) -> tuple[tuple[int, ...], ...]:
        """The issues that each interaction depends on."""
        return tuple(bearing(box) for box in self.boxes)

    @cached_property
    def _of(self) -> list[list[int]]:
        """The interactions of each party."""
        return [np.flatnonzero(self.holder == party).tolist() for party in range(len(self.values))]

    @cached_property
    def _first_cells(self) -> IntArray:
        """Where the options of each issue begin ``(I, 1)`` in tables laid out in a row."""
        return np.arange(self.values.shape[1])[:, None] * self.values.shape[2]

    @cached_property
    def _weighted(self) -> FloatArray:
        """Points of each option ``(P, I, K)`` where all runs weigh alike."""
        return self.weights[0, :, :, None] * self.values

    @cached_property
    def _weighted_by_option(self) -> FloatArray:
        """The same by issue and option in a row, ``(I K, P)``."""
        return np.ascontiguousarray(self._weighted.transpose(1, 2, 0).reshape(-1, len(self.values)))

    def utility(self, party: int, packages: OptionArray) -> FloatArray:
        """Points a month ``(R, ...)`` of packages ``(R, ..., I)`` to a party; R may be 1 for any weights."""
        return self.utility_to((party,), packages)[0]

    def utility_to(self, parties: Sequence[int], packages: OptionArray) -> list[FloatArray]:
        """The same for some parties."""
        options, wide = by_issue(packages), [1] * (packages.ndim - 1)
        cells = options + self._first_cells.reshape(-1, *wide)
        found = []
        for party in parties:
            if len(self.weights) == 1:
                parts = self._weighted[party].ravel().take(cells)
            else:
                weights = self.weights[:, party].T.reshape(len(options), -1, *wide[1:])
                parts = weights * self.values[party].ravel().take(cells)
            total = parts[0]
            for part in parts[1:]:  # in order, so that one run adds up as many do
                total += part
            for m in self._of[party]:
                total += self.points[m] * inside(self.boxes[m], self.bearing[m], options)
            found.append(total)
        return found

    def utilities(self, packages: OptionArray) -> FloatArray:
        """Points a month ``(R, P)`` of packages ``(R, I)`` to every party; the same bits as `utility` gives each."""
        if len(self.weights) > 1:
            return np.stack(self.utility_to(range(len(self.values)), packages), axis=1)
        options = by_issue(packages)
        parts = self._weighted_by_option.take(options + self._first_cells, axis=0)
        total = parts[0]
        for part in parts[1:]:
            total += part
        for m, party in enumerate(self.holder):
            total[:, party] += self.points[m] * inside(self.boxes[m], self.bearing[m], options)
        return total

    def utility_everywhere(self, party: int, space: OutcomeSpace, run: int = 0) -> FloatArray:
        """Points a month of every package, as an array of the space's shape, under one row of the weights."""
        total: FloatArray = space.everywhere(
            np.add, self.weights[min(run, len(self.weights) - 1), party][:, None] * self.values[party]
        )
        for m in np.flatnonzero(self.holder == party):
            total += self.points[m] * space.spread(self.boxes[m])
        return total

    def reweighted(self, factors: npt.ArrayLike) -> Preferences:
        """The same preferences with each weight times ``factors`` (broadcast to ``(P, I)``), scaled to 100 again."""
        return Preferences(
            scaled(self.weights * np.asarray(factors)), self.values, self.holder, self.points, self.boxes
        )

    def equally_weighted(self, valued: BoolArray) -> Preferences:
        """The same preferences with one weight for every issue that a party values ``(P, I)``."""
        counts = valued.astype(float)[None]
        return Preferences(scaled(counts), self.values, self.holder, self.points, self.boxes)


def padded(space: OutcomeSpace, tables: Sequence[Sequence[Sequence[float]]]) -> FloatArray:
    """Value tables per party and issue, of different lengths, as one array ``(P, I, K)`` padded with 0."""
    values = np.zeros((len(tables), len(space.issues), space.width))
    for party, of_party in enumerate(tables):
        for axis, table in enumerate(of_party):
            values[party, axis, : len(table)] = table
    return values
