"""Which of many candidates comes first: by score, and by a draw where scores tie; many runs at once.

It knows neighbours as numbers only; what they are worth to whom is decided elsewhere.
"""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np

from sim.stakes.space import BoolArray, FloatArray, IntArray
from sim.talks.offers.moves import Neighbours, Numbers

TILE = 2_048
"""Runs whose keys are made together: few enough for a processor's own cache, enough to make little of a call."""


class Ranking:
    """The candidates of many runs by score, highest first; a draw settles ties.

    Among candidates that tie, the one wins whose number comes out lowest when its bits are flipped where the drawn
    number's are set: any two of them are as likely to win. A key holds the score above and that number, upside down,
    below. Keys are made a block of candidates at a time, so that they never leave the processor.
    """

    def __init__(self, near: Neighbours, ok: BoolArray, draw: FloatArray, largest: int) -> None:
        """Rank the candidates of some neighbourhood.

        Args:
            near: the candidates.
            ok: which may be chosen at all ``(C, R)``, by block.
            draw: settles ties ``(R,)``, in (0, 1).
            largest: scores lie within plus and minus this.
        """
        self.near, self.ok, self.width, self.lift = near, ok, near.numbered.bit_length(), largest + 1
        self.kind: type[np.signedinteger[Any]] = np.int32 if largest < 1 << (29 - self.width) else np.int64
        drawn: Any = np.floor(draw * (1 << self.width)).astype(self.kind)
        self.flip: Any = drawn ^ self.kind((1 << self.width) - 1)
        self.numbers: Any = near.numbers.astype(self.kind)[:, None]
        self.sums: Any = None
        self.scores: Any = None

    def by_sums(self, singles: IntArray) -> Ranking:
        """With the sum of their two moves' scores ``(M + 1, R)``."""
        self.sums = singles.astype(self.kind) << self.kind(self.width)
        self.sums += self.kind(self.lift << self.width - 1)  # half of what lifts every key above 0
        return self

    def by_scores(self, scores: IntArray) -> Ranking:
        """With whole scores ``(C, R)``, by block."""
        self.scores = scores.astype(self.kind, copy=False)
        return self

    def best(self) -> tuple[Numbers, BoolArray]:
        """The best candidate of each run ``(R,)``, and whether there is one."""
        runs = len(self.flip)
        top, every = np.zeros(runs, dtype=self.kind), (1 << self.width) - 1
        most = max(block.count for block in self.near.blocks)
        scratch = np.empty(most * min(runs, TILE), dtype=self.kind)
        for start in range(0, runs, TILE):
            some = slice(start, min(start + TILE, runs))
            self._highest(some, scratch, top[some])
        return self.near.numbered_as[np.where(top > 0, (top & every) ^ self.flip, 0)], top > 0

    def _highest(self, some: slice, scratch: Any, into: Any) -> None:
        """Write the highest keys of some runs."""
        flip, count = self.flip[some], some.stop - some.start
        sums = None if self.sums is None else self.sums[:, some]
        first = None if sums is None else sums + flip
        for block in self.near.blocks:
            keys = scratch[: block.count * count].reshape(block.count, count)
            if first is None or sums is None:
                assert self.scores is not None  # kept where no sums are
                np.add(self.scores[block.rows, some], self.kind(self.lift), out=keys)
                keys <<= self.kind(self.width)
                keys += flip
            else:
                np.add(first[block.first][:, None], sums[block.second], out=keys.reshape(*block.shape, -1))
            keys ^= self.numbers[block.rows]
            keys *= self.ok[block.rows, some]
            np.maximum(into, keys.max(axis=0), out=into)

    def of(self, runs: Numbers) -> Ranking:
        """A ranking of its own for some of the runs."""
        part = copy(self)
        part.ok, part.flip = self.ok.take(runs, axis=1), self.flip[runs]
        part.sums = None if self.sums is None else self.sums.take(runs, axis=1)
        part.scores = None if self.scores is None else self.scores.take(runs, axis=1)
        return part

    def keep(self, good: BoolArray) -> None:
        """Choose none but the good candidates ``(C, R)`` from now on."""
        self.ok[self.near.row] &= good

    def drop(self, chosen: Numbers, runs: Numbers) -> None:
        """Choose these candidates no more in these runs."""
        self.ok[self.near.row[chosen], runs] = False
