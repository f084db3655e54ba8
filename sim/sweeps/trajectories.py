"""Trajectories of a screening design: from a random point one field after the other takes a step, in random order.

Morris (1991). A range steps by two thirds of itself between four places; a list steps to another of its values. Which
step moves what is counted elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.space import FloatArray, IntArray
from sim.sweeps.factors import Factor
from sim.talks.draws import Draws, Purpose

PLACES, STEP = 4, 2
"""Places of a range, of which a step passes two: the halves of the places that it begins at and ends at are alike."""


@dataclass(frozen=True)
class Trajectories:
    """Trajectories of D fields: places ``(T, D)`` before and after each field's step, and its turn ``(T, D)``."""

    factors: tuple[Factor, ...]
    before: IntArray
    after: IntArray
    turn: IntArray

    @classmethod
    def of(cls, factors: tuple[Factor, ...], seed: int, start: int, stop: int) -> Trajectories:
        """The trajectories from ``start`` up to ``stop``, the same whichever others are made."""
        width = len(factors)
        drawn = Draws(seed, np.arange(start, stop)).uniforms(Purpose.DESIGN, 0, 3 * width).reshape(-1, 3, width)
        count = np.array([PLACES if factor.values is None else len(factor.values) for factor in factors])
        before = np.floor(drawn[:, 0] * count).astype(np.int64)
        other = 1 + np.floor(drawn[:, 2] * np.maximum(count - 1, 1)).astype(np.int64)
        ranges = np.array([factor.values is None for factor in factors])
        after = (before + np.where(ranges, STEP, other)) % count
        return cls(factors, before, after, np.argsort(np.argsort(drawn[:, 1], axis=1), axis=1))

    def columns(self) -> FloatArray:
        """The values of every field at every point ``(D, T (D + 1))``, one trajectory after the other."""
        moved = self.turn[:, None, :] < np.arange(len(self.factors) + 1)[None, :, None]
        places = np.where(moved, self.after[:, None], self.before[:, None]).reshape(-1, len(self.factors))
        return np.array([_values(factor, places[:, n]) for n, factor in enumerate(self.factors)])

    def steps(self, outcome: FloatArray) -> FloatArray:
        """What each field's step changes ``(T, D, R)``, of outcomes ``(T, D + 1, R)``."""
        change = np.diff(outcome, axis=1)
        return np.take_along_axis(change, self.turn[:, :, None], axis=1)

    @property
    def signs(self) -> IntArray:
        """Whether each field's step goes up or down ``(T, D)``: 1, -1, or 0 where there is no other place."""
        return np.sign(self.after - self.before)


def _values(factor: Factor, places: IntArray) -> FloatArray:
    if factor.values is not None:
        return factor.at(places)
    found = factor.low + places / (PLACES - 1) * (factor.high - factor.low)
    return np.rint(found) if factor.field.kind == "whole" else np.asarray(found)
