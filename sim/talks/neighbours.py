"""The packages near a package: up to two issues changed, by one step each; many runs at once.

Inside, arrays are ``(M, R)`` for single moves and ``(C, R)`` for candidates, because the loops over runs are then the
long ones. Which candidate is good is decided elsewhere.
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
PORTION = 1 << 15
"""Candidates times runs that are worked on at once."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Every way to change up to two issues by a step each.

    Single move m changes issue ``issue[m]`` by ``step[m]`` levels, or on a nominal issue to ``option[m]`` (else -1).
    ``each[m]`` is the weight of a step on the issue, in `unit` of its farthest distance. Candidate c makes the moves
    ``first[c]`` and ``second[c]``, M being no move; ``rest[c]`` is the place in ``changing`` of the issues it changes.
    Candidate 0 is to stay, candidate m + 1 to make move m alone. ``ordered`` ``(I,)`` and the ``top`` option ``(M,)``
    are those of the issues.
    """

    issue: Numbers
    step: IntArray
    option: IntArray
    each: IntArray
    unit: int
    first: Numbers
    second: Numbers
    rest: Numbers
    changing: tuple[tuple[int, ...], ...]
    ordered: BoolArray
    top: IntArray

    @property
    def moves(self) -> int:
        """M."""
        return len(self.issue)

    @property
    def candidates(self) -> int:
        """C."""
        return len(self.first)

    def paired(self, singles: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What candidates ``(C, R)`` come to when each move adds its part ``(M, R)`` and no move adds nothing."""
        return self.pairs(with_none(singles), slice(None))

    def pairs(self, singles: npt.NDArray[Any], candidates: slice | Numbers) -> npt.NDArray[Any]:
        """The same for some candidates ``(N, R)``, from parts with a row for no move ``(M + 1, R)``."""
        found: npt.NDArray[Any] = singles.take(self.first[candidates], axis=0)
        found += singles.take(self.second[candidates], axis=0)
        return found

    def portions(self, runs: int) -> list[slice]:
        """The candidates in portions so small that work on one of them for all runs stays near the processor."""
        size = max(PORTION // max(runs, 1), 1)
        return [slice(start, min(start + size, self.candidates)) for start in range(0, self.candidates, size)]

    def changes(self, *issues: int) -> Numbers:
        """The candidates that change one of these issues."""
        return _changing(self, frozenset(issues), 1)

    def changes_two(self, issues: frozenset[int]) -> Numbers:
        """The candidates that change two of these issues at once."""
        return _changing(self, issues, 2)


@lru_cache(maxsize=1024)
def _changing(near: Neighbours, issues: frozenset[int], least: int) -> Numbers:
    touched = [n for n, changed in enumerate(near.changing) if len(issues.intersection(changed)) >= least]
    return np.flatnonzero(np.isin(near.rest, touched))


@lru_cache(maxsize=256)
def neighbours(case: Case, topic: int | None = None) -> Neighbours:
    """The moves of a case, in issue order; an option that nothing signable of the stage ``topic`` holds is nowhere to
    move to.
    """
    options = case.options_of(topic)
    table: list[tuple[int, int, int]] = []
    of_issue: dict[int, slice] = {}
    for axis, issue in enumerate(case.space.issues):
        if len(case.space.left[axis]) > 1:
            levels = [(axis, -1, -1), (axis, 1, -1)]
            moves = levels if issue.ordered else [(axis, 0, k) for k in options[axis]]
            of_issue[axis] = slice(len(table), len(table) + len(moves))
            table += moves
    unit = min(lcm(*(case.space.issues[axis].span for axis in of_issue)), FINEST)
    columns = np.array(table, dtype=np.int64).reshape(-1, 3)
    none, changing = len(table), [(), *((a,) for a in of_issue), *combinations(of_issue, 2)]
    candidates = []
    for n, issues in enumerate(changing):
        moves_on = [range(len(table))[of_issue[axis]] for axis in issues] + [range(none, none + 1)] * (2 - len(issues))
        candidates += [(first, second, n) for first in moves_on[0] for second in moves_on[1]]
    chosen = np.array(candidates, dtype=np.intp)
    return Neighbours(
        issue=columns[:, 0].astype(np.intp),
        step=columns[:, 1],
        option=columns[:, 2],
        each=np.array([unit // case.space.issues[axis].span for axis in columns[:, 0]], dtype=np.int32),
        unit=unit,
        first=chosen[:, 0],
        second=chosen[:, 1],
        rest=chosen[:, 2],
        changing=tuple(changing),
        ordered=np.array([issue.ordered for issue in case.space.issues]),
        top=np.array([left[-1] for left in case.space.left])[columns[:, 0]],
    )


@dataclass(frozen=True)
class Around:
    """The neighbourhood of packages, ``now`` ``(I, R)``: where each single move leads ``(M, R)``, if anywhere."""

    near: Neighbours
    now: Numbers
    then: Numbers
    there: BoolArray

    @property
    def runs(self) -> int:
        """R."""
        return self.now.shape[1]

    def bits(self, tables: Bits) -> BitParts:
        """The bits of the boxes that candidates lie in, from per-option bits ``(I, K)``."""
        near, held = self.near, [table.take(now) for table, now in zip(tables, self.now, strict=True)]
        whole = np.full_like(held[0], np.iinfo(tables.dtype).max)
        below, above = [whole], [whole]
        for axis in range(len(held) - 1):
            below.append(below[-1] & held[axis])
            above.append(above[-1] & held[-1 - axis])
        above.reverse()  # below[a] holds the issues before a, above[a] those after it
        rests = np.empty((len(near.changing), self.runs), dtype=tables.dtype)
        rests[0] = below[-1] & held[-1]
        middle, reached, low = whole, 0, -1
        for n, issues in enumerate(near.changing[1:], start=1):
            if len(issues) == 1:
                np.bitwise_and(below[issues[0]], above[issues[0]], out=rests[n])
                continue
            if issues[0] != low:
                low = issues[0]
                middle, reached = below[low], low + 1
            for axis in range(reached, issues[1]):
                middle = middle & held[axis]
            reached = issues[1]
            np.bitwise_and(middle, above[issues[1]], out=rests[n])
        moved = np.empty((near.moves + 1, self.runs), dtype=tables.dtype)
        np.multiply(tables[near.issue[:, None], self.then], self.there, out=moved[:-1])
        moved[-1] = whole
        return BitParts(near, rests, moved)

    def packages(self, chosen: Numbers) -> OptionArray:
        """The packages ``(R, I)`` of one candidate ``(R,)`` in each run."""
        found, run = self.now.copy(), np.arange(len(chosen))
        for move in (self.near.first[chosen], self.near.second[chosen]):
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
        found: BoolArray = there[self.near.first] & there[self.near.second]
        return found

    def of(self, keep: Numbers) -> Around:
        """The neighbourhood in some of the runs."""
        return Around(self.near, self.now[:, keep], self.then[:, keep], self.there[:, keep])


@dataclass(frozen=True)
class BitParts:
    """The bits of boxes in parts: what the issues that candidates leave alone say, and what each move says."""

    near: Neighbours
    rests: Bits
    moved: Bits

    def of(self, candidates: slice | Numbers) -> Bits:
        """The bits ``(N, R)`` of the boxes that some candidates lie in; none where a candidate leads nowhere."""
        found = self.rests.take(self.near.rest[candidates], axis=0)
        found &= self.moved.take(self.near.first[candidates], axis=0)
        found &= self.moved.take(self.near.second[candidates], axis=0)
        return found


def with_none(singles: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Parts of single moves ``(M, R)`` with a row for no move, which adds nothing."""
    return np.concatenate([singles, np.zeros((1, singles.shape[1]), dtype=singles.dtype)])


def around(case: Case, here: OptionArray, topic: int | None = None) -> Around:
    """The neighbourhood of packages ``(R, I)``, as far as it can hold something of a stage.

    >>> from sim import load
    >>> pie = load("toy/split-the-pie").case
    >>> found = around(pie, np.array([[0]], dtype=np.int8))
    >>> found.all_packages()[found.exists().T].ravel().tolist()
    [0, 1]
    """
    near = neighbours(case, topic)
    now = np.ascontiguousarray(here.T).astype(np.intp)
    at = now[near.issue]
    then = np.where(near.option[:, None] >= 0, near.option[:, None], at + near.step[:, None])
    kept = np.clip(then, 0, near.top[:, None])
    return Around(near, now, kept, (kept == then) & (then != at))


class Ranking:
    """The candidates of many runs by score, highest first; a draw settles ties.

    Among candidates that tie, the one wins whose number comes out lowest when its bits are flipped where the drawn
    number's are set: any two of them are as likely to win.
    """

    def __init__(self, near: Neighbours, draw: FloatArray, largest: int) -> None:
        """Rank the candidates of some neighbourhood.

        Args:
            near: the candidates.
            draw: settles ties ``(R,)``, in (0, 1).
            largest: scores lie within plus and minus this.
        """
        self.near, self.width, self.above = near, near.candidates.bit_length(), largest + 1
        self.kind: type[np.signedinteger[Any]] = np.int32 if largest < 1 << (29 - self.width) else np.int64
        self.flip: Any = np.floor(draw * (1 << self.width)).astype(self.kind)
        self.numbers: Any = np.arange(near.candidates, dtype=self.kind)[:, None]
        self.keys: Any = np.empty((near.candidates, len(draw)), dtype=self.kind)

    def parts(self, singles: IntArray) -> npt.NDArray[np.integer[Any]]:
        """Scores of single moves ``(M + 1, R)`` as parts of keys: half of what lifts every key above 0 is in each."""
        whole: Any = singles.astype(self.kind)
        return (whole << self.kind(self.width)) + self.kind(self.above << self.width - 1)

    def enter(self, portion: slice, parts: npt.NDArray[np.integer[Any]], ok: BoolArray) -> None:
        """Rank a portion of the candidates ``(N, R)``: their keys' parts, and whether they may be chosen at all."""
        keys = self.keys[portion]
        np.take(parts, self.near.first[portion], axis=0, out=keys, mode="clip")
        keys += parts.take(self.near.second[portion], axis=0)
        keys -= self.numbers[portion] ^ self.flip
        keys *= ok

    def enter_all(self, score: IntArray, ok: BoolArray) -> None:
        """Rank all candidates ``(C, R)`` by whole scores."""
        np.add(score, self.above, out=self.keys, casting="unsafe")
        self.keys <<= self.kind(self.width)
        self.keys -= self.numbers ^ self.flip
        self.keys *= ok

    def best(self, runs: Numbers | None = None) -> tuple[Numbers, BoolArray]:
        """The best candidate of each run ``(R,)``, or of some, and whether there is one."""
        keys, flip = (self.keys, self.flip) if runs is None else (self.keys[:, runs], self.flip[runs])
        top = keys.max(axis=0)
        number = (-top & ((1 << self.width) - 1)) ^ flip
        return np.where(top > 0, number, 0).astype(np.intp), top > 0

    def drop(self, chosen: Numbers, runs: Numbers) -> None:
        """Choose these candidates no more in these runs."""
        self.keys[chosen, runs] = 0
