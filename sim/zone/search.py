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


IN_A_BYTE = np.array([n.bit_count() for n in range(256)], dtype=np.uint8)
"""How many bits each byte has."""


def sizes(masks: BitArray) -> IntArray:
    """How many members each set has ``(N,)``."""
    bytes_ = np.ascontiguousarray(masks).view(np.uint8).reshape(len(masks), masks.dtype.itemsize)
    return IN_A_BYTE[bytes_].sum(axis=1, dtype=np.int64)


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
    holding = _holding(masks)
    for size in range(3, int(np.bitwise_or.reduce(masks)).bit_count() + 1):
        tree = _Tree(size, budget, masks.tolist(), holding)
        level = sorted(tree.grown((1 << len(masks)) - 1, [], 0))
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


def _holding(masks: BitArray) -> dict[int, int]:
    """By member, as a bit, which of the masks ``(N,)`` hold it, as bits: bit n for ``masks[n]``."""
    every = int(np.bitwise_or.reduce(masks))
    members = (1 << n for n in range(every.bit_length()) if every >> n & 1)
    packed = {member: np.packbits((masks & np.uint64(member)) != 0, bitorder="little") for member in members}
    return {member: int.from_bytes(of.tobytes(), "little") for member, of in packed.items()}


@dataclass
class _Tree:
    """One depth of the search for hitting sets; ``cut`` where it went no further only because of the depth,
    ``stopped`` where the budget was spent.

    Masks, the smallest first, are told by the place of a bit; ``holding`` says which hold each member.
    """

    size: int
    budget: Budget
    masks: list[int]
    holding: dict[int, int]
    cut: bool = False
    stopped: bool = False

    def grown(self, rest: int, chosen: list[tuple[int, int]], shut: int) -> Iterator[int]:
        """The minimal hitting sets of this size that hold some members and none that is ``shut``.

        ``rest`` are the masks that share no member yet; ``chosen`` are members, each with the masks that it alone
        shares.
        """
        if self.stopped or not self.budget.left():
            self.stopped = True
            return
        if len(chosen) == self.size - 1:
            yield from self._last(rest, chosen, shut)
            return
        if self._lost(rest, shut):
            return
        fewest = self._fewest(rest, shut)
        for member in [member for member in self.holding if member & fewest]:
            of = self.holding[member]
            needed = [(other, own & ~of) for other, own in chosen]
            if all(own for _, own in needed) and rest & ~of:  # else a smaller hitting set, and found before
                yield from self.grown(rest & ~of, [*needed, (member, rest & of)], shut)
            shut |= member

    def _lost(self, rest: int, shut: int) -> bool:
        """Whether some masks have no member left that is not shut."""
        for member, of in self.holding.items():
            if not member & shut:
                rest &= ~of
        return rest != 0

    def _fewest(self, rest: int, shut: int) -> int:
        """What is not shut of the mask of which that is least, of the first few."""
        fewest, least = 0, len(self.holding) + 1
        for _ in range(AT_ONCE):
            if not rest or least == 1:
                break
            lowest = rest & -rest
            open_ = self.masks[lowest.bit_length() - 1] & ~shut
            if open_.bit_count() < least:
                fewest, least = open_, open_.bit_count()
            rest ^= lowest
        return fewest

    def _last(self, rest: int, chosen: list[tuple[int, int]], shut: int) -> Iterator[int]:
        """The members that all masks left share, if they complete a minimal set."""
        held = sum(member for member, _ in chosen)
        if not self._lost(rest, shut):
            self.cut = True
        for member, of in self.holding.items():
            if not member & shut and not rest & ~of and all(own & ~of for _, own in chosen):
                yield held | member
