"""Where the moves from packages lead: the neighbourhood of a package in each of many runs, and the boxes it lies in.

Arrays are ``(M, R)`` for single moves and ``(C, R)`` for candidates: the loops over runs are then the long ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.space import BoolArray, OptionArray
from sim.talks.offers.moves import Block, Neighbours, Numbers, left_out, neighbours

Bits = npt.NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Around:
    """The neighbourhood of packages, ``now`` ``(I, R)``: where single moves lead, ``then`` ``(M, R)``, if anywhere.

    ``here`` are the packages in few bytes; ``cell`` ``(M, R)`` is the place of where a move leads in tables ``(I, K)``
    laid out in a row.
    """

    near: Neighbours
    now: Numbers
    here: OptionArray
    then: OptionArray
    there: BoolArray
    cell: Numbers

    @property
    def runs(self) -> int:
        """R."""
        return self.now.shape[1]

    def bits(self, tables: Bits) -> BitParts:
        """The bits of the boxes that candidates lie in, from per-option bits ``(I, K)``."""
        near = self.near
        held = np.stack([table.take(now) for table, now in zip(tables, self.now, strict=True)])
        out, whole = ~held, np.full_like(held[0], np.iinfo(tables.dtype).max)
        none, one, two = whole, whole, whole  # boxes that at most so many issues keep the package out of
        for inside in held:
            none, one, two = none & inside, none | one & inside, one | two & inside
        moved = np.empty((near.moves + 1, self.runs), dtype=tables.dtype)
        np.multiply(tables.ravel().take(self.cell), self.there, out=moved[:-1])
        moved[-1] = whole
        outside = np.zeros_like(moved)
        outside[:-1] = out[near.issue]
        later = np.empty((near.blocks[-1].after.stop, self.runs), dtype=tables.dtype)
        but_one, but_two = none | one & out, one | two & out  # the same without an issue, ``(I, R)``
        for block in near.blocks[:-1]:
            issue, rows = near.issue[block.first.start], later[block.after]
            np.bitwise_and(outside[block.second], but_two[issue], out=rows)
            rows |= but_one[issue]  # now what the issues say that neither move is on
            rows &= moved[block.second]
        later[-1] = none
        return BitParts(near, moved, later)

    def packages(self, chosen: Numbers, runs: Numbers | None = None) -> OptionArray:
        """The packages ``(R, I)`` of one candidate ``(R,)`` in each run, or in each of some."""
        runs = np.arange(self.runs) if runs is None else runs
        found = np.ascontiguousarray(self.here.take(runs, axis=1).T)
        for move in (self.near.first[chosen], self.near.second[chosen]):
            moves = np.flatnonzero(move < self.near.moves)
            found[moves, self.near.issue[move[moves]]] = self.then[move[moves], runs[moves]]
        return found

    def all_packages(self, candidates: slice | Numbers = slice(None)) -> OptionArray:
        """Every candidate ``(R, C, I)``, or some of them, for rules that need whole packages."""
        near = self.near
        halves = near.first[candidates], near.second[candidates]
        every = np.repeat(self.here.T[:, None], len(halves[0]), axis=1)
        for half in halves:
            moves = np.flatnonzero(half < near.moves)
            every[:, moves, near.issue[half[moves]]] = self.then[half[moves]].T
        return every

    def exists(self) -> BoolArray:
        """Which candidates ``(C, R)`` there are."""
        there = np.concatenate([self.there, np.ones((1, self.runs), dtype=bool)])
        return there[self.near.first] & there[self.near.second]

    def without(self, moves: BoolArray) -> Around:
        """The neighbourhood without some single moves ``(M,)``."""
        kept = ~moves
        near = left_out(self.near, moves.tobytes())
        return Around(near, self.now, self.here, self.then[kept], self.there[kept], self.cell[kept])

    def of(self, keep: Numbers) -> Around:
        """The neighbourhood in some of the runs."""
        return Around(
            self.near,
            now=self.now.take(keep, axis=1),
            here=self.here.take(keep, axis=1),
            then=self.then.take(keep, axis=1),
            there=self.there.take(keep, axis=1),
            cell=self.cell.take(keep, axis=1),
        )


@dataclass(frozen=True)
class BitParts:
    """The bits of boxes in parts: what each first move says ``moved`` ``(M + 1, R)``, and ``later``, by block, what
    each second move says and all the issues that stand still.
    """

    near: Neighbours
    moved: Bits
    later: Bits

    def of(self, candidates: slice | Numbers) -> Bits:
        """The bits ``(N, R)`` of the boxes that some candidates lie in; none where a candidate leads nowhere."""
        found = self.later.take(self.near.after[candidates], axis=0)
        found &= self.moved.take(self.near.first[candidates], axis=0)
        return found

    def of_block(self, block: Block) -> Bits:
        """The same for a block, first moves by second moves ``(F, S, R)``."""
        return self.moved[block.first][:, None] & self.later[block.after]


def around(case: Case, here: OptionArray, topic: int | None = None) -> Around:
    """The neighbourhood of packages ``(R, I)``, as far as it can hold something of a stage.

    >>> from sim import load
    >>> pie = load("toy/split-the-pie").case
    >>> found = around(pie, np.array([[0]], dtype=np.int8))
    >>> found.all_packages()[found.exists().T].ravel().tolist()
    [0, 1]
    """
    near = neighbours(case, topic)
    narrow = np.array(here.T, dtype=np.int8, order="C")
    at = narrow[near.issue]
    then = at + near.step[:, None]
    nominal = np.flatnonzero(near.option >= 0)
    then[nominal] = near.option[nominal][:, None]
    kept = np.minimum(np.maximum(then, 0), near.top[:, None])  # np.clip takes longer for few
    cell = kept + (near.issue * case.space.width)[:, None]
    return Around(near, narrow.astype(np.intp), narrow, kept, (kept == then) & (then != at), cell)
