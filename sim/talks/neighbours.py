"""The packages near a package: up to two issues changed, by one step each; many runs at once.

Inside, arrays are ``(M + 1, R)`` for single moves, the last row being no move, and candidates come in blocks: all pairs
of moves on the same two issues, ``(A, B, R)``. Which candidate is good is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray

Numbers = npt.NDArray[np.intp]
Bits = npt.NDArray[np.unsignedinteger[Any]]
FINEST = 10**6
"""The largest whole number that stands for the farthest distance on an issue; only issues of odd sizes need more."""


@dataclass(frozen=True)
class Block:
    """The candidates that change the same issues: every pair of a move of ``first`` and a move of ``second``.

    They are numbered from ``start`` on, row by row. ``issues`` are those changed: two, one, or none to stay.
    """

    issues: tuple[int, ...]
    first: slice
    second: slice
    start: int
    shape: tuple[int, int]

    @property
    def numbers(self) -> slice:
        """The candidates' numbers."""
        return slice(self.start, self.start + self.shape[0] * self.shape[1])

    def paired(self, singles: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What candidates ``(A, B, R)`` come to when each move adds its part ``(M + 1, R)``; no move adds nothing."""
        found: npt.NDArray[Any] = singles[self.first][:, None] + singles[self.second][None]
        return found


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Every way to change up to two issues by a step each.

    Single move m changes issue ``issue[m]`` by ``step[m]`` levels, or on a nominal issue to ``option[m]`` (else -1).
    ``each[m]`` is the weight of a step on the issue, in `unit` of its farthest distance. Candidate 0 is to stay.
    """

    issue: Numbers
    step: IntArray
    option: IntArray
    each: IntArray
    unit: int
    blocks: tuple[Block, ...]

    @property
    def moves(self) -> int:
        """M."""
        return len(self.issue)

    @property
    def candidates(self) -> int:
        """C."""
        return self.blocks[-1].numbers.stop


@lru_cache(maxsize=64)
def neighbours(case: Case) -> Neighbours:
    """The moves of a case, in issue order; an option that nothing signable holds is nowhere to move to."""
    table: list[tuple[int, int, int]] = []
    of_issue: dict[int, slice] = {}
    for axis, issue in enumerate(case.space.issues):
        if len(case.space.left[axis]) > 1:
            levels = [(axis, -1, -1), (axis, 1, -1)]
            moves = levels if issue.ordered else [(axis, 0, k) for k in case.signable_options[axis]]
            of_issue[axis] = slice(len(table), len(table) + len(moves))
            table += moves
    none = slice(len(table), len(table) + 1)
    spans = [case.space.issues[axis].span for axis in of_issue]
    unit = min(lcm(*spans), FINEST)
    columns = np.array(table, dtype=np.int64).reshape(-1, 3)
    axes: list[tuple[int, ...]] = [(), *((a,) for a in of_issue), *combinations(of_issue, 2)]
    blocks, start = [], 0
    for issues in axes:
        halves = [of_issue[axis] for axis in issues] + [none] * (2 - len(issues))
        shape = (halves[0].stop - halves[0].start, halves[1].stop - halves[1].start)
        blocks.append(Block(issues, halves[0], halves[1], start, shape))
        start += shape[0] * shape[1]
    return Neighbours(
        issue=columns[:, 0].astype(np.intp),
        step=columns[:, 1],
        option=columns[:, 2],
        each=np.array([unit // case.space.issues[axis].span for axis in columns[:, 0]], dtype=np.int64),
        unit=unit,
        blocks=tuple(blocks),
    )


@dataclass(frozen=True)
class Around:
    """The neighbourhood of packages ``(I, R)`` as they are ``now``: where each single move leads ``(M, R)``, if anywhere."""

    near: Neighbours
    now: Numbers
    then: Numbers
    there: BoolArray

    @property
    def runs(self) -> int:
        """R."""
        return self.now.shape[1]

    def bits(self, tables: Bits) -> tuple[list[Bits], Bits]:
        """The bits of the boxes that packages lie in, from per-option bits ``(I, K)``, in two parts.

        First, by block, what the issues left alone say ``(R,)``; then what each move says ``(M + 1, R)``: nothing where
        it leads nowhere. A candidate's bits are the first and both its moves' ones together.
        """
        issues = len(tables)
        held = [tables[axis][self.now[axis]] for axis in range(issues)]
        whole = np.full_like(held[0], np.iinfo(tables.dtype).max)
        below, above = [whole], [whole]
        for axis in range(issues - 1):
            below.append(below[-1] & held[axis])
            above.append(above[-1] & held[issues - 1 - axis])
        above.reverse()
        rests: list[Bits] = []
        middle, reached, low = whole, 0, -1
        for block in self.near.blocks:
            if not block.issues:
                rests.append(below[-1] & held[-1])
            elif len(block.issues) == 1:
                rests.append(below[block.issues[0]] & above[block.issues[0]])
            else:
                if block.issues[0] != low:
                    low = block.issues[0]
                    middle, reached = below[low], low + 1
                for axis in range(reached, block.issues[1]):
                    middle = middle & held[axis]
                reached = block.issues[1]
                rests.append(middle & above[block.issues[1]])
        moved = np.empty((self.near.moves + 1, self.runs), dtype=tables.dtype)
        moved[:-1] = tables[self.near.issue[:, None], self.then] * self.there
        moved[-1] = whole
        return rests, moved

    def packages(self, chosen: Numbers) -> OptionArray:
        """The packages ``(R, I)`` of one candidate ``(R,)`` in each run."""
        found, run = self.now.copy(), np.arange(len(chosen))
        for move in _halves(self.near)[:, chosen]:
            moves = np.flatnonzero(move < self.near.moves)
            found[self.near.issue[move[moves]], run[moves]] = self.then[move[moves], run[moves]]
        return found.T.astype(np.int8)

    def all_packages(self) -> OptionArray:
        """Every candidate ``(R, C, I)``, for rules that need whole packages."""
        every = [self.packages(np.full(self.runs, c, dtype=np.intp)) for c in range(self.near.candidates)]
        return np.stack(every, axis=1)

    def exists(self) -> BoolArray:
        """Which candidates ``(C, R)`` there are."""
        there = np.concatenate([self.there, np.ones((1, self.runs), dtype=bool)])
        first, second = _halves(self.near)
        found: BoolArray = there[first] & there[second]
        return found

    def of(self, keep: Numbers) -> Around:
        """The neighbourhood in some of the runs."""
        return Around(self.near, self.now[:, keep], self.then[:, keep], self.there[:, keep])


@lru_cache(maxsize=64)
def _halves(near: Neighbours) -> Numbers:
    """The two moves ``(2, C)`` of each candidate; M is no move."""
    found = np.empty((2, near.candidates), dtype=np.intp)
    moves = np.arange(near.moves + 1)
    for block in near.blocks:
        first, second = np.meshgrid(moves[block.first], moves[block.second], indexing="ij")
        found[:, block.numbers] = first.ravel(), second.ravel()
    return found


def around(case: Case, here: OptionArray) -> Around:
    """The neighbourhood of packages ``(R, I)``.

    >>> from sim import load
    >>> pie = load("toy/split-the-pie").case
    >>> found = around(pie, np.array([[0]], dtype=np.int8))
    >>> found.all_packages()[found.exists().T].ravel().tolist()
    [0, 1]
    """
    near = neighbours(case)
    now = np.ascontiguousarray(here.T).astype(np.intp)
    at = now[near.issue]
    then = np.where(near.option[:, None] >= 0, near.option[:, None], at + near.step[:, None])
    top = np.array([left[-1] for left in case.space.left])[near.issue][:, None]
    there = (then != at) & (then >= 0) & (then <= top)
    return Around(near, now, np.clip(then, 0, top), there)


class Ranking:
    """The candidates of many runs by score, highest first; a draw settles ties.

    Among candidates that tie, the one wins whose number comes out lowest when its bits are flipped where the drawn
    number's are set: any two of them are as likely to win, and no candidate is looked at twice.
    """

    def __init__(self, near: Neighbours, draw: FloatArray, largest: int) -> None:
        """``draw`` ``(R,)`` lies in (0, 1); scores lie within plus and minus ``largest``."""
        self.width = near.candidates.bit_length()
        kind = np.int32 if largest < 1 << (30 - self.width) else np.int64
        self.lowest = np.iinfo(kind).min
        self.flip = np.floor(draw * (1 << self.width)).astype(kind)
        self.numbers = np.arange(near.candidates, dtype=kind)[:, None]
        self.keys = np.empty((near.candidates, len(draw)), dtype=kind)

    def scaled(self, score: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.integer[Any]]:
        """Scores with room for a candidate's number below them; sums of them are scaled too."""
        return score.astype(self.keys.dtype) << self.width

    def enter(self, block: Block, scaled: npt.NDArray[np.integer[Any]], ok: BoolArray) -> None:
        """Rank the candidates of a block: scaled scores, and which may be chosen at all, both ``(A, B, R)``."""
        tie = self.numbers[block.numbers] ^ self.flip
        tie = scaled - tie.reshape(*block.shape, -1)
        keys = self.keys[block.numbers].reshape(*block.shape, -1)
        np.copyto(keys, self.lowest)
        np.copyto(keys, tie, where=ok)

    def best(self, runs: Numbers | None = None) -> tuple[Numbers, BoolArray]:
        """The best candidate of each run ``(R,)``, or of some, and whether there is one."""
        keys, flip = (self.keys, self.flip) if runs is None else (self.keys[:, runs], self.flip[runs])
        top = keys.max(axis=0)
        found = top > self.lowest
        number = (-np.where(found, top, 0) & ((1 << self.width) - 1)) ^ flip
        return np.where(found, number, 0).astype(np.intp), found

    def drop(self, chosen: Numbers, runs: Numbers) -> None:
        """Choose these candidates no more in these runs."""
        self.keys[chosen, runs] = self.lowest
