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

from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace, by_issue, inside
from sim.stakes.terms import Additive

IDEAL = 100.0
"""Points a month of a party's ideal package, interactions aside."""


def scaled(weights: FloatArray) -> FloatArray:
    """Weights ``(..., I)`` scaled to sum to 100; a party that weighs nothing keeps zeros."""
    total = weights.sum(axis=-1, keepdims=True)
    return np.divide(weights * IDEAL, total, out=np.zeros_like(weights, dtype=float), where=total > 0)


@dataclass(frozen=True, eq=False)
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
    def _of(self) -> tuple[Additive, ...]:
        """The utility of each party."""
        return tuple(
            Additive(self.weights[:, party], self.values[party], self.points[mine], self.boxes[mine])
            for party in range(len(self.values))
            for mine in [self.holder == party]
        )

    @cached_property
    def _by_cell(self) -> tuple[IntArray, FloatArray]:
        """Where the options of each issue begin ``(I, 1)`` in a table of points in a row ``(I K, P)``, for all parties;
        and that table, where all runs weigh alike.
        """
        parties, issues, width = self.values.shape
        weighted = self.weights[0, :, :, None] * self.values
        table = np.ascontiguousarray(weighted.transpose(1, 2, 0).reshape(-1, parties))
        return np.arange(issues)[:, None] * width, table

    def of(self, party: int) -> Additive:
        """The utility of a party, points a month, for packages, whole spaces and their halves."""
        return self._of[party]

    def utilities(self, packages: OptionArray) -> FloatArray:
        """Points a month ``(R, P)`` of packages ``(R, I)`` to every party; the same bits as `of` gives for each."""
        options = by_issue(packages)
        if len(self.weights) > 1:
            return np.stack([utility.of(options) for utility in self._of], axis=1)
        first_cells, table = self._by_cell
        parts = table.take(options + first_cells, axis=0)
        total = parts[0]
        for part in parts[1:]:
            total += part
        for party, utility in enumerate(self._of):
            for points, box, issues in zip(utility.points, utility.boxes, utility.bearing, strict=True):
                total[:, party] += points * inside(box, issues, options)
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
