"""Minimal sets, the smallest first: of masks, and of what shares a member with every mask.

Sets are bits. A search may be cut short; what it has found by then is right, every set up to some size is there, and
it says that it is not complete. This file knows nothing of packages or parties.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from math import prod

import numpy as np

from sim.stakes.space import BitArray, IntArray, each_once

MOST_SETS = 10_000
"""Sets listed at most."""
SECONDS = 4.0
"""Computing time that a search takes at most unless told otherwise."""
AT_ONCE = 64
"""Sets by which masks are thinned out between two looks at the budget."""


@dataclass
class Budget:
    """How long searches may go on: asked before each piece of work, it says whether there is time for it.

    ``clock`` counts seconds; the count begins when the budget is first asked.
    """

    seconds: float = SECONDS
    clock: Callable[[], float] = time.process_time
    _until: float | None = field(default=None, repr=False)

    def left(self) -> bool:
        """Whether there is time for one more piece of work."""
        now = self.clock()
        if self._until is None:
            self._until = now + self.seconds
        return now < self._until

    def share(self, parts: int) -> Budget:
        """A budget of its own, of one of some equal parts."""
        return Budget(self.seconds / parts, self.clock)


@dataclass(frozen=True)
class Sets:
    """Sets of constraints as bits, the smallest first; not complete when a search was cut short."""

    bits: list[int]
    complete: bool = True


def by_size(mask: int) -> tuple[int, int]:
    """Smaller sets first, then by bits."""
    return mask.bit_count(), mask


def sizes(masks: BitArray) -> IntArray:
    """How many members each set has ``(N,)``."""
    in_a_byte = np.array([n.bit_count() for n in range(256)], dtype=np.uint8)
    bytes_ = np.ascontiguousarray(masks).view(np.uint8).reshape(len(masks), masks.dtype.itemsize)
    return in_a_byte[bytes_].sum(axis=1, dtype=np.int64)


def minimal_sets(masks: BitArray, budget: Budget | None = None) -> Sets:
    """The masks that contain no other of them, by size and then by bits.

    Masks of one size never contain each other, so each size is only thinned out by what was found before it: the
    first size is always whole.

    >>> minimal_sets(np.array([0b111, 0b011, 0b100, 0b101], dtype=np.uint64)).bits
    [4, 3]
    """
    budget, rest = budget or Budget(), each_once(masks)
    size, found = sizes(rest), np.zeros(0, dtype=np.uint64)
    for members in each_once(size).tolist():
        level = rest[size == members]
        for start in range(0, len(found), AT_ONCE):
            if not budget.left():
                return Sets(found.tolist(), complete=False)
            for smaller in found[start : start + AT_ONCE]:
                level = level[(level & smaller) != smaller]
        found = np.concatenate([found, level])
        if len(found) > MOST_SETS:
            return Sets(found[:MOST_SETS].tolist(), complete=False)
    return Sets(found.tolist())


def minimal_hitting_sets(masks: BitArray, budget: Budget | None = None) -> Sets:
    """The minimal sets that share a member with each of these, by size and then by bits.

    Sets of one and of two are always all found. Beyond, size by size: a mask that is not shared yet is taken, each of
    its members in turn (Reiter 1987), and sets go in which some member is needed for no mask (Murakami & Uno 2014).

    >>> minimal_hitting_sets(np.array([0b011, 0b110], dtype=np.uint64)).bits
    [2, 5]
    """
    budget, masks = budget or Budget(), each_once(masks)
    if not len(masks) or masks[0] == 0:
        return Sets([])
    found = _ones_and_twos(masks)
    masks = masks[np.argsort(sizes(masks), kind="stable")]
    if len(found) > MOST_SETS:
        return Sets(found[:MOST_SETS], complete=False)
    if _are_all(found, masks):
        return Sets(found)
    for size in range(3, int(np.bitwise_or.reduce(masks)).bit_count() + 1):
        tree = _Tree(size, budget)
        level = sorted(tree.grown(masks, [], 0))
        found = found + level[: MOST_SETS - len(found)]
        if tree.stopped or len(found) == MOST_SETS:
            return Sets(found, complete=False)
        if not tree.cut or _are_all(found, masks):
            break
    return Sets(found)


def _are_all(found: list[int], masks: BitArray) -> bool:
    """Whether some hitting sets that share no member are known to be all there are.

    They are when every way to choose one member of each is a mask: a hitting set that holds none of them whole leaves
    one member of each out, and so misses the mask of these.
    """
    every = 0
    for one in found:
        every |= one
    apart = every.bit_count() == sum(one.bit_count() for one in found)
    return apart and prod(one.bit_count() for one in found) == int((sizes(masks) == len(found)).sum())


def _ones_and_twos(masks: BitArray) -> list[int]:
    """The hitting sets of one member, and the minimal ones of two."""
    every = int(np.bitwise_or.reduce(masks))
    members = [1 << n for n in range(every.bit_length()) if every >> n & 1]
    missed = {member: np.packbits((masks & np.uint64(member)) == 0) for member in members}
    ones = [member for member in members if not missed[member].any()]
    others = [member for member in members if member not in ones]
    twos = [a | b for a, b in combinations(others, 2) if not (missed[a] & missed[b]).any()]
    return ones + sorted(twos)


@dataclass
class _Tree:
    """One depth of the search for hitting sets; ``cut`` where it went no further only because of the depth,
    ``stopped`` where the budget was spent.
    """

    size: int
    budget: Budget
    cut: bool = False
    stopped: bool = False

    def grown(self, rest: BitArray, chosen: list[BitArray], shut: int) -> Iterator[int]:
        """The minimal hitting sets of this size that hold some members and none that is ``shut``.

        ``rest`` are the masks that share no member yet, the smallest first; ``chosen`` has an array for each member:
        its bit, then the masks that it alone shares.
        """
        if self.stopped or not self.budget.left():
            self.stopped = True
            return
        if len(chosen) == self.size - 1:
            yield from self._last(rest, chosen, shut)
            return
        open_ = rest & ~np.uint64(shut)
        if (open_ == 0).any():
            return
        first = int(open_[sizes(open_[:AT_ONCE]).argmin()])
        for n in range(first.bit_length()):
            if not first >> n & 1:
                continue
            member = np.uint64(1 << n)
            needed = [_without(of_other, member) for of_other in chosen]
            if all(len(own) > 1 for own in needed):
                hit = (rest & member) != 0
                if hit.all():
                    shut |= int(member)
                    continue  # a smaller hitting set, and found before
                own = np.concatenate([[member], rest[hit]])
                yield from self.grown(rest[~hit], [*needed, own], shut)
            shut |= int(member)

    def _last(self, rest: BitArray, chosen: list[BitArray], shut: int) -> Iterator[int]:
        """The members that all masks left share, if they complete a minimal set."""
        common = int(np.bitwise_and.reduce(rest)) & ~shut
        held = sum(int(own[0]) for own in chosen)
        if not (rest & ~np.uint64(shut) == 0).any():
            self.cut = True
        for n in range(common.bit_length()):
            if common >> n & 1 and all(len(_without(own, np.uint64(1 << n))) > 1 for own in chosen):
                yield held | 1 << n


def _without(own: BitArray, member: np.uint64) -> BitArray:
    """A member, in front, with the masks that it alone shares once another member is chosen too."""
    keep = (own & member) == 0
    keep[0] = True
    return own[keep]
