"""Which of many candidates comes first: by score, and by a draw where scores tie; many runs at once.

It knows neighbours as numbers only; what they are worth to whom is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.stakes.space import BoolArray, FloatArray, IntArray
from sim.talks.offers.moves import Neighbours, Numbers, Parts

TILE = 2_048
"""Runs whose keys are made together: few enough for a processor's own cache, enough to make little of a call."""
NARROW = 512
"""The same where every candidate's score is kept, and not a block's."""


class Ranking:
    """The candidates of many runs by whole scores, highest first; a draw settles ties.

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
        self.flip: Any = drawn(draw, self.width).astype(self.kind)
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
        self.scores = scores
        return self

    def best(self) -> tuple[Numbers, BoolArray]:
        """The best candidate of each run ``(R,)``, and whether there is one."""
        runs = len(self.flip)
        top = np.zeros(runs, dtype=self.kind)
        most = max(block.count for block in self.near.blocks)
        scratch = np.empty(most * min(runs, TILE), dtype=self.kind)
        for start in range(0, runs, TILE):
            some = slice(start, min(start + TILE, runs))
            for rows, keys in self._keys(some, scratch):
                keys *= self.ok[rows, some]
                np.maximum(top[some], keys.max(axis=0), out=top[some])
        return _named(self.near, top, self.flip, self.width)

    def _keys(self, some: slice | Numbers, scratch: Any) -> Any:
        """The keys of some runs, a block's rows after the other, as if every candidate could be chosen."""
        flip = self.flip[some]
        sums: Any = None if self.sums is None else self.sums[:, some]
        first: Any = None if sums is None else sums + flip
        for block in self.near.blocks:
            keys = scratch[: block.count * len(flip)].reshape(block.count, len(flip))
            if first is None:
                np.add(self.scores[block.rows, some], self.lift, out=keys, casting="unsafe")
                keys <<= self.kind(self.width)
                keys += flip
            else:
                np.add(first[block.first][:, None], sums[block.second], out=keys.reshape(*block.shape, -1))
            keys ^= self.numbers[block.rows]
            yield block.rows, keys

    def of(self, runs: Numbers) -> Shortlist:
        """The candidates of some of the runs, to be looked at one after the other."""
        ok = self.ok.take(runs, axis=1)
        found = np.empty(ok.shape, dtype=self.kind)
        most = max(block.count for block in self.near.blocks)
        for rows, keys in self._keys(runs, np.empty(most * len(runs), dtype=self.kind)):
            np.multiply(keys, ok[rows], out=found[rows])
        return Shortlist(self.near, found, self.flip[runs], self.width)


@dataclass(frozen=True, eq=False)
class Shortlist:
    """The same with every key ``(C, R)``, by block, at hand, and 0 for what may not be chosen: made once, to be asked
    for one candidate after the other.
    """

    near: Neighbours
    keys: Any
    flip: Any
    width: int

    @property
    def ok(self) -> BoolArray:
        """Which may be chosen ``(C, R)``, by block."""
        return self.keys > 0

    def best(self) -> tuple[Numbers, BoolArray]:
        """The best candidate of each run ``(R,)``, and whether there is one."""
        return _named(self.near, self.keys.max(axis=0), self.flip, self.width)

    def of(self, runs: Numbers) -> Shortlist:
        """A list of its own for some of the runs."""
        return Shortlist(self.near, self.keys.take(runs, axis=1), self.flip[runs], self.width)

    def keep(self, good: BoolArray) -> None:
        """Choose none but the good candidates ``(C, R)`` from now on."""
        self.keys[self.near.row] *= good

    def drop(self, chosen: Numbers, runs: Numbers) -> None:
        """Choose these candidates no more in these runs."""
        self.keys[self.near.row[chosen], runs] = 0


def drawn(draw: FloatArray, width: int) -> IntArray:
    """What to flip of a number of so many bits, from draws in (0, 1), such that the highest wins."""
    return np.floor(draw * (1 << width)).astype(np.int64) ^ ((1 << width) - 1)


def _named(near: Neighbours, top: IntArray, flip: IntArray, width: int) -> tuple[Numbers, BoolArray]:
    """The candidates ``(R,)`` that have these keys, and where there is one."""
    return near.numbered_as[np.where(top > 0, (top & ((1 << width) - 1)) ^ flip, 0)], top > 0


def best_of_parts(near: Neighbours, ok: BoolArray, draw: FloatArray, parts: Parts, fineness: int) -> Numbers:
    """The candidate ``(R,)`` of the highest number, rounded to whole parts of which ``fineness`` make 1, among those
    that are ``ok`` ``(C, R)``, by block; ties as in a `Ranking`, and candidate 0 where none is.
    """
    runs, rows, width = len(draw), near.row[parts.both], near.numbered.bit_length()
    most = 2.0 * np.abs(parts.singles).max(initial=0.0) + np.abs(parts.missing).max(initial=0.0)
    lift = np.ceil(most * fineness) + 1.0  # whole, so that what is rounded stays exact; 0 is what may not be chosen
    flip, top = drawn(draw, width), np.zeros(runs, dtype=np.int64)
    numbers = (near.numbers + (1 << width)).astype(np.int32)[:, None]
    for start in range(0, runs, NARROW):
        some = slice(start, min(start + NARROW, runs))
        singles = parts.singles[:, some]
        scores = np.empty((near.candidates, singles.shape[1]))
        for block in near.blocks:
            into = scores[block.rows].reshape(*block.shape, -1)
            np.add(singles[block.first][:, None], singles[block.second], out=into)
        scores[rows] += parts.missing[:, some]
        scores *= fineness
        np.rint(scores, out=scores)
        scores += lift
        scores *= ok[:, some]
        highest = scores.max(axis=0)
        keys = flip[some].astype(np.int32) ^ numbers
        keys *= scores == highest
        top[some] = keys.max(axis=0) * (highest > 0)
    return _named(near, top, flip, width)[0]
