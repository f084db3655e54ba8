"""Why a zone is empty: which constraints collide, and the smallest changes that would open it.

A relaxation (MCS) is an inclusion-minimal violation mask; a conflict (MUS) is a minimal set that hits every
relaxation (Reiter 1987; Liffiton & Sakallah 2008). Validity and a zone's definition are background and never blamed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.space import BitArray, IntArray
from sim.stakes.stages import ZoneName
from sim.zone.constraints import Reading
from sim.zone.region import MaskCounts, Zone

MOST_SETS = 10_000
"""Conflicts or relaxations listed at most."""
WIDEST_TABLE = 20
"""Constraints up to which the zone's size is tabled for every subset."""


@dataclass(frozen=True)
class Sets:
    """Sets of constraints as bits, the smallest first; not complete when there are more than `MOST_SETS`."""

    bits: list[int]
    complete: bool = True


def relaxations(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> Sets:
    """The smallest sets of constraints to give up so that the zone opens; none when it is open already.

    Empty too when the zone's definition has no coherent package at all, for then no constraint is to blame.
    """
    masks = np.unique(zone.masks[name].masks & np.uint64(zone.constraints.of(reading)))
    return Sets([]) if 0 in masks else minimal_sets(masks)


def conflicts(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> Sets:
    """The smallest sets of constraints that cannot hold together; none when the zone is open.

    Read off the table of all subsets where there is one: a conflict leaves no package, and leaves some without any
    one of its members. Beyond, built from the relaxations, and each checked against the masks.
    """
    giving = relaxations(zone, reading, name)
    table = subsets(zone, reading, name)
    if not giving.bits:
        return Sets([])
    if table is None:
        found = minimal_hitting_sets(giving)
        return Sets([s for s in found.bits if _is_conflict(zone.masks[name], s)], found.complete)
    closed = table.sizes == 0
    minimal = closed.copy()
    for place in range(len(table.ids)):
        halves, whole = closed.reshape(-1, 2, 1 << place), minimal.reshape(-1, 2, 1 << place)
        whole[:, 1] &= ~halves[:, 0]
    held = zone.constraints.of(reading)
    bits = [1 << n for n in range(zone.constraints.width) if held >> n & 1]
    wide = [sum(bit for n, bit in enumerate(bits) if int(s) >> n & 1) for s in np.flatnonzero(minimal)]
    return Sets(sorted(wide, key=_by_size)[:MOST_SETS], len(wide) <= MOST_SETS)


def _is_conflict(masks: MaskCounts, held: int) -> bool:
    """Whether no package respects all of these constraints, while without any one of them some package does."""
    members = [1 << n for n in range(held.bit_length()) if held >> n & 1]
    return masks.size(held) == 0 and all(masks.size(held & ~member) > 0 for member in members)


def minimal_sets(masks: BitArray) -> Sets:
    """The masks that contain no other of them, by size and then by bits.

    >>> minimal_sets(np.array([0b111, 0b011, 0b100, 0b101], dtype=np.uint64)).bits
    [4, 3]
    """
    rest = np.array(sorted({int(mask) for mask in masks}, key=_by_size), dtype=np.uint64)
    found: list[int] = []
    while len(rest) and len(found) < MOST_SETS:
        smallest = rest[0]
        found.append(int(smallest))
        rest = rest[(rest & smallest) != smallest]
    return Sets(found, complete=not len(rest))


def minimal_hitting_sets(sets: Sets) -> Sets:
    """The minimal sets that share a member with each of these, built up one set at a time (Berge).

    When there are too many on the way, some are dropped and the list is not complete.

    >>> minimal_hitting_sets(Sets([0b011, 0b110])).bits
    [2, 5]
    """
    hitting, complete = [0], sets.complete
    for wanted in sets.bits:
        hit = np.array([h for h in hitting if h & wanted], dtype=np.uint64)
        members = [1 << n for n in range(wanted.bit_length()) if wanted >> n & 1]
        grown = {h | member for h in hitting if not h & wanted for member in members}
        new = [g for g in grown if not ((np.uint64(g) & hit) == hit).any()]
        smallest = minimal_sets(np.array([*hit.tolist(), *new], dtype=np.uint64))
        hitting, complete = smallest.bits, complete and smallest.complete
    return Sets(sorted(hitting, key=_by_size) if sets.bits else [], complete)


def _by_size(mask: int) -> tuple[int, int]:
    return mask.bit_count(), mask


@dataclass(frozen=True)
class Distinct:
    """Which sets of constraints packages violate, and how many packages each: bit n of a mask for ``ids[n]``.

    From it follows the zone's size for every subset of the constraints, however many there are: the packages whose
    mask shares no bit with what is held.
    """

    ids: list[str]
    masks: BitArray
    counts: IntArray

    def size(self, held: list[str]) -> int:
        """The zone's size when only these constraints hold."""
        bits = sum(1 << self.ids.index(constraint) for constraint in held)
        return int(self.counts[(self.masks & np.uint64(bits)) == 0].sum())


def distinct(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> Distinct:
    """The distinct violation masks of a zone under one reading, its constraints numbered without gaps."""
    bits = [n for n in range(zone.constraints.width) if zone.constraints.of(reading) >> n & 1]
    narrow = np.zeros(len(zone.masks[name].masks), dtype=np.uint64)
    for place, bit in enumerate(bits):
        narrow |= (zone.masks[name].masks >> np.uint64(bit) & np.uint64(1)) << np.uint64(place)
    masks, back = np.unique(narrow, return_inverse=True)
    counts = np.zeros(len(masks), dtype=np.int64)
    np.add.at(counts, back, zone.masks[name].counts)
    return Distinct([zone.constraints.names(1 << bit)[0] for bit in bits], masks, counts)


@dataclass(frozen=True)
class Subsets:
    """The zone's size for every subset of its constraints, from one pass.

    ``sizes[held]`` is the size when the constraints whose bits are set in ``held`` hold, bit n for ``ids[n]``.
    """

    ids: list[str]
    sizes: IntArray

    def size(self, held: list[str]) -> int:
        """The zone's size when only these constraints hold."""
        return int(self.sizes[sum(1 << self.ids.index(constraint) for constraint in held)])


def subsets(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> Subsets | None:
    """The table of all subsets, or None where there are more than `WIDEST_TABLE` constraints (ask `Zone.size`).

    Counts per mask are summed over all masks inside each set, one constraint at a time; a subset of constraints is
    respected by the packages whose mask lies in its complement.
    """
    found = distinct(zone, reading, name)
    if len(found.ids) > WIDEST_TABLE:
        return None
    within = np.zeros(1 << len(found.ids), dtype=np.int64)
    np.add.at(within, found.masks.astype(np.int64), found.counts)
    for place in range(len(found.ids)):
        halves = within.reshape(-1, 2, 1 << place)
        halves[:, 1] += halves[:, 0]
    return Subsets(found.ids, within[::-1].copy())


@dataclass(frozen=True)
class Tightness:
    """What one constraint does alone: the zone's size without it, and the packages that only it keeps out."""

    without: int
    blocked_alone: int
    share: float
    """Of all coherent packages of the zone's definition, the share that only this constraint keeps out."""


def tightness(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> dict[str, Tightness]:
    """Each constraint's tightness, by id."""
    held, coherent = zone.constraints.of(reading), zone.masks[name].coherent
    size, found = zone.size(reading, name), {}
    for bit in (1 << n for n in range(zone.constraints.width) if held >> n & 1):
        without = zone.size(reading, name, without=bit)
        share = (without - size) / coherent if coherent else 0.0
        found[zone.constraints.names(bit)[0]] = Tightness(without, without - size, share)
    return found
