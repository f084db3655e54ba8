"""The packages near a package, as moves: up to two issues changed, by one step each.

M single moves pair up to C candidates. Where they lead from some package is `around`'s business, which of them is good
is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, pairwise
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.run_axis import once
from sim.stakes.space import FloatArray, IntArray, OptionArray, each_once

Numbers = npt.NDArray[np.intp]
FINEST = 10**6
"""The largest whole number that stands for the farthest distance on an issue; only issues of odd sizes need more."""


@dataclass(frozen=True)
class Block:
    """The candidates whose first move is on one issue: each of the moves ``first`` with each of ``second``, which are
    those on later issues and no move. They lie in the ``rows`` of arrays by block; ``after`` are the rows of what the
    second moves add to the issues that stand still, by block as well.
    """

    first: slice
    second: slice
    rows: slice
    after: slice

    @property
    def shape(self) -> tuple[int, int]:
        """First moves and second moves."""
        return self.first.stop - self.first.start, self.second.stop - self.second.start

    @property
    def count(self) -> int:
        """Candidates."""
        return self.rows.stop - self.rows.start


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Every way to change up to two issues by a step each.

    Single move m changes issue ``issue[m]`` by ``step[m]`` levels, or on a nominal issue to ``option[m]`` (else -1).
    ``each[m]`` is the weight of a step on the issue, in `unit` of its farthest distance, ``top[m]`` its last option.
    Candidate c makes the moves ``first[c]`` and ``second[c]``, M being no move. Candidate 0 is to stay, candidate m + 1
    to make move m alone. Ties go by ``number[c]``, out of ``numbered``: the same where moves that nobody can make were
    left out.

    Work on all candidates goes by ``blocks``, where moves are rows that add up without being copied: candidate c lies
    in ``row[c]`` there, and its second move in ``after[c]`` of what is kept for second moves.
    """

    issue: Numbers
    step: OptionArray
    option: OptionArray
    each: IntArray
    unit: int
    top: OptionArray
    first: Numbers
    second: Numbers
    number: Numbers
    numbered: int

    @property
    def moves(self) -> int:
        """M."""
        return len(self.issue)

    @property
    def candidates(self) -> int:
        """C."""
        return len(self.first)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The candidates by the issue of their first move, in order; the last block is to stay."""
        found: list[Block] = []
        rows = after = 0
        starts = np.flatnonzero(np.diff(self.issue, prepend=-1)).tolist()
        for start, stop in pairwise([*starts, self.moves, self.moves + 1]):
            second = slice(min(stop, self.moves), self.moves + 1)
            seconds = second.stop - second.start
            count = (stop - start) * seconds
            found.append(Block(slice(start, stop), second, slice(rows, rows + count), slice(after, after + seconds)))
            rows, after = rows + count, after + seconds
        return tuple(found)

    @cached_property
    def row(self) -> Numbers:
        """The row of each candidate by block ``(C,)``."""
        found = np.empty(self.candidates, dtype=np.intp)
        for block, mine, place in self._by_block():
            found[mine] = block.rows.start + (self.first[mine] - block.first.start) * block.shape[1] + place
        return found

    @cached_property
    def after(self) -> Numbers:
        """The row of each candidate's second move ``(C,)``, among those of all blocks."""
        found = np.empty(self.candidates, dtype=np.intp)
        for block, mine, place in self._by_block():
            found[mine] = block.after.start + place
        return found

    def _by_block(self) -> Iterator[tuple[Block, Numbers, Numbers]]:
        """The candidates of each block, and the places of their second moves in it."""
        for block in self.blocks:
            mine = np.flatnonzero((self.first >= block.first.start) & (self.first < block.first.stop))
            yield block, mine, self.second[mine] - block.second.start

    @cached_property
    def numbers(self) -> IntArray:
        """The number of the candidate in each row ``(C,)``."""
        found = np.empty(self.candidates, dtype=np.int64)
        found[self.row] = self.number
        return found

    @cached_property
    def numbered_as(self) -> Numbers:
        """The candidate of each number; 0 where it is left out."""
        found = np.zeros(1 << self.numbered.bit_length(), dtype=np.intp)
        found[self.number] = np.arange(self.candidates)
        return found

    def paired(self, singles: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What candidates ``(C, R)`` come to when each move adds its part ``(M, R)`` and no move adds nothing."""
        return self.pairs(with_none(singles), slice(None))

    def pairs(
        self, singles: npt.NDArray[Any], candidates: slice | Numbers, runs: Numbers | None = None
    ) -> npt.NDArray[Any]:
        """The same for some candidates ``(N, R)``, from parts with a row for no move ``(M + 1, R)``; or ``(N,)``, each
        in one of the ``runs`` ``(N,)``.
        """
        first, second = self.first[candidates], self.second[candidates]
        if runs is not None:
            alone: npt.NDArray[Any] = singles[first, runs] + singles[second, runs]
            return alone
        found: npt.NDArray[Any] = singles.take(first, axis=0)
        found += singles.take(second, axis=0)
        return found

    def changes(self, *issues: int) -> Numbers:
        """The candidates that change one of these issues."""
        return _changing(self, frozenset(issues), 1)

    def changes_two(self, *issues: int) -> Numbers:
        """The candidates that change two of these issues at once."""
        return _changing(self, frozenset(issues), 2)

    def both(self, sets: tuple[tuple[int, ...], ...]) -> Numbers:
        """The candidates that change two issues at once of any of these sets, in order."""
        return _both(self, sets)

    def alike(self, issues: tuple[int, ...]) -> tuple[Numbers, Numbers]:
        """One candidate of each way to change some issues ``(N,)``, and which of them every candidate ``(C,)`` is
        like on these issues.
        """
        return _alike(self, issues)

    def moves_on(self, *issues: int) -> Numbers:
        """The single moves on some issues."""
        return _moves_on(self, issues)


@lru_cache(maxsize=1024)
def _changing(near: Neighbours, issues: frozenset[int], least: int) -> Numbers:
    touches = np.append(np.isin(near.issue, list(issues)), False)
    return np.flatnonzero(touches[near.first].astype(int) + touches[near.second] >= least)


@lru_cache(maxsize=1024)
def _alike(near: Neighbours, issues: tuple[int, ...]) -> tuple[Numbers, Numbers]:
    none = near.moves
    on = np.append(np.where(np.isin(near.issue, issues), np.arange(none), none), none)
    moves = np.sort(np.stack([on[near.first], on[near.second]]), axis=0)  # no move at all comes last
    _, first, which = np.unique(moves[0] * (none + 1) + moves[1], return_index=True, return_inverse=True)
    return first, which.ravel()


@lru_cache(maxsize=1024)
def left_out(near: Neighbours, moves: bytes) -> Neighbours:
    """The same without some single moves ``(M,)``, given as the bytes of a mask; one object for each."""
    kept = np.append(~np.frombuffer(moves, dtype=bool), True)  # no move at all is always left
    new, rest = np.cumsum(kept) - 1, np.flatnonzero(kept[:-1])
    candidates = np.flatnonzero(kept[near.first] & kept[near.second])
    return Neighbours(
        issue=near.issue[rest],
        step=near.step[rest],
        option=near.option[rest],
        each=near.each[rest],
        unit=near.unit,
        top=near.top[rest],
        first=new[near.first[candidates]],
        second=new[near.second[candidates]],
        number=near.number[candidates],
        numbered=near.numbered,
    )


@lru_cache(maxsize=1024)
def _moves_on(near: Neighbours, issues: tuple[int, ...]) -> Numbers:
    return np.flatnonzero(np.isin(near.issue, issues))


@lru_cache(maxsize=1024)
def _both(near: Neighbours, sets: tuple[tuple[int, ...], ...]) -> Numbers:
    return each_once(np.concatenate([np.zeros(0, dtype=np.intp), *(near.changes_two(*issues) for issues in sets)]))


@once
def neighbours(case: Case, topic: int | None = None) -> Neighbours:
    """The moves of a case, in issue order; an option that nothing signable of the stage ``topic`` holds is nowhere to
    move to.
    """
    options = case.stages.options_of(topic)
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
    none = len(table)
    candidates = [(none, none), *((move, none) for move in range(none))]
    for one, two in combinations(of_issue.values(), 2):
        candidates += [(first, second) for first in range(none)[one] for second in range(none)[two]]
    chosen = np.array(candidates, dtype=np.intp)
    return Neighbours(
        issue=columns[:, 0].astype(np.intp),
        step=columns[:, 1].astype(np.int8),
        option=columns[:, 2].astype(np.int8),
        each=np.array([unit // case.space.issues[axis].span for axis in columns[:, 0]], dtype=np.int32),
        unit=unit,
        top=np.array([left[-1] for left in case.space.left], dtype=np.int8)[columns[:, 0]],
        first=chosen[:, 0],
        second=chosen[:, 1],
        number=np.arange(len(chosen)),
        numbered=len(chosen),
    )


@dataclass(frozen=True)
class Parts:
    """A number for each candidate in parts: ``singles`` ``(M + 1, R)`` of its two moves add up to it, except where both
    moves bear on the same thing: the candidates ``both`` miss ``missing`` ``(N, R)``.
    """

    singles: FloatArray
    both: Numbers
    missing: FloatArray

    def all(self, moves: Neighbours) -> FloatArray:
        """The number of every candidate ``(C, R)``."""
        return self.of(moves, slice(None))

    def of(self, moves: Neighbours, candidates: slice | Numbers, runs: Numbers | None = None) -> FloatArray:
        """The number of some candidates ``(N, R)``, or ``(N,)`` of each in one of the ``runs`` ``(N,)``."""
        found: FloatArray = moves.pairs(self.singles, candidates, runs)
        place = np.full(moves.candidates, -1)
        place[self.both] = np.arange(len(self.both))
        place = place[candidates]
        hit = np.flatnonzero(place >= 0)
        found[hit] += self.missing[place[hit]] if runs is None else self.missing[place[hit], runs[hit]]
        return found


def with_none(singles: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Parts of single moves ``(M, R)`` with a row for no move, which adds nothing."""
    return np.concatenate([singles, np.zeros((1, singles.shape[1]), dtype=singles.dtype)])
