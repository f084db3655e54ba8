"""Why a zone is empty: which constraints collide, and the smallest changes that would open it.

A relaxation (MCS) is an inclusion-minimal set to give up so that some group could sign; a conflict (MUS) is a minimal
set that hits every relaxation, so that no group that could sign can keep all of it (Reiter 1987; Liffiton & Sakallah
2008). Validity and a zone's definition are background and never blamed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.given import one_of
from sim.stakes.space import BitArray, IntArray
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.zone.constraints import Reading
from sim.zone.region import Zone
from sim.zone.search import MOST_SETS, Budget, Sets, by_size, minimal_hitting_sets, minimal_sets

WIDEST_TABLE = 20
"""Constraints up to which a table of every subset is made."""


@dataclass(frozen=True)
class Diagnosis:
    """Why a zone is empty. Both lists are empty when it is open, and when its definition has no coherent package at
    all; else each holds something, however short the search was.
    """

    conflicts: Sets
    relaxations: Sets


def diagnoses(zone: Zone, reading: Reading = "declared", budget: Budget | None = None) -> dict[ZoneName, Diagnosis]:
    """The diagnosis of every zone; zones of the same packages share one."""
    budget, found = budget or Budget(), dict[ZoneName, Diagnosis]()
    first, *others = ZONE_NAMES
    same = [name for name in others if np.array_equal(zone.masks[name].masks, zone.masks[first].masks)]
    for name in ZONE_NAMES:
        known = found.get(first) if name in same else None
        found[name] = known or diagnose(zone, reading, name, budget.share(len(ZONE_NAMES) - len(same)))
    return found


def diagnose(
    zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire", budget: Budget | None = None
) -> Diagnosis:
    """Conflicts and relaxations of one zone, within a budget that both share evenly."""
    held, budget = zone.constraints.of(reading), budget or Budget()
    masks = zone.masks[one_of(name, ZONE_NAMES, "zone")].masks
    if not len(masks) or zone.exists(reading, name):
        return Diagnosis(Sets([]), Sets([]))
    masks = zone.constraints.given_up(masks, held)
    giving = minimal_sets(masks, budget.share(2))
    if held.bit_count() <= WIDEST_TABLE:
        found = _from_table(zone, reading, masks)
    else:
        found = minimal_hitting_sets(np.array(giving.bits, np.uint64) if giving.complete else masks, budget.share(2))
    if not zone.constraints.all_groups:  # other groups might keep what these cannot
        found = Sets([one for one in found.bits if zone.size_under(one, name) == 0], complete=False)
        giving = Sets(giving.bits, complete=False)
    if not found.bits:
        found = Sets([_one_conflict(zone, reading, name)], complete=False)
    values = zone.constraints.reservation()
    bits = sorted(found.bits, key=lambda one: (one & values != 0, *by_size(one)))
    return Diagnosis(Sets(bits[:MOST_SETS], found.complete and len(bits) <= MOST_SETS), giving)


def conflicts(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> Sets:
    """The smallest sets of constraints that no group that could sign can keep whole; none when the zone is open.

    Those of red lines alone come first, then those in which reservation values have a part; each by size.
    """
    return diagnose(zone, reading, name).conflicts


def relaxations(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> Sets:
    """The smallest sets of constraints to give up so that the zone opens; none when it is open already.

    Empty too when the zone's definition has no coherent package at all, for then no constraint is to blame.
    """
    return diagnose(zone, reading, name).relaxations


def _one_conflict(zone: Zone, reading: Reading, name: ZoneName) -> int:
    """A conflict where none was come upon: all that is held, without what the zone stays empty without.

    Reservation values are tried first, for a conflict of red lines alone hangs on fewer assumptions.
    """
    held = zone.constraints.of(reading)
    for bit in reversed(list(zone.constraints.bits(reading))):
        if zone.size_under(held & ~bit, name) == 0:
            held &= ~bit
    return held


def _from_table(zone: Zone, reading: Reading, masks: BitArray) -> Sets:
    """Conflicts read off a table of all subsets: one leaves no package, and leaves some without any of its members."""
    bits = list(zone.constraints.bits(reading))
    closed = np.ones(1 << len(bits), dtype=bool)
    closed[len(closed) - 1 - narrow(masks, bits).astype(np.int64)] = False
    for place in range(len(bits)):  # what is kept by a package is kept in any part
        halves = closed.reshape(-1, 2, 1 << place)
        halves[:, 0] &= halves[:, 1]
    minimal = closed.copy()
    for place in range(len(bits)):
        halves, whole = closed.reshape(-1, 2, 1 << place), minimal.reshape(-1, 2, 1 << place)
        whole[:, 1] &= ~halves[:, 0]
    return Sets([sum(bit for n, bit in enumerate(bits) if int(s) >> n & 1) for s in np.flatnonzero(minimal)])


def narrow(masks: BitArray, bits: list[int]) -> BitArray:
    """Masks with some bits alone, numbered without gaps."""
    found = np.zeros(len(masks), dtype=np.uint64)
    for place, bit in enumerate(bits):
        found |= ((masks & np.uint64(bit)) != 0).astype(np.uint64) << np.uint64(place)
    return found


@dataclass(frozen=True, eq=False)
class Distinct:
    """Which sets of constraints packages violate, and how many packages each: bit n of a mask for ``ids[n]``.

    Where one group has to live with every package, the zone's size follows for every subset of the constraints,
    however many there are: the packages whose mask shares no bit with what is held.
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
    bits = list(zone.constraints.bits(reading))
    masks, back = np.unique(narrow(zone.masks[name].masks, bits), return_inverse=True)
    counts = np.zeros(len(masks), dtype=np.int64)
    np.add.at(counts, back, zone.masks[name].counts)
    return Distinct([zone.constraints.names(bit)[0] for bit in bits], masks, counts)


@dataclass(frozen=True, eq=False)
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
    """The table of all subsets, or None where there are more than `WIDEST_TABLE` constraints or several groups could
    sign (ask `Zone.size_under`).

    Counts per mask are summed over all masks inside each set, one constraint at a time; a subset of constraints is
    respected by the packages whose mask lies in its complement.
    """
    if not zone.constraints.alone or zone.constraints.of(reading).bit_count() > WIDEST_TABLE:
        return None
    found = distinct(zone, reading, name)
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
    coherent = zone.masks[name].coherent
    size, found = zone.size(reading, name), {}
    for bit in zone.constraints.bits(reading):
        without = zone.size(reading, name, without=bit)
        share = (without - size) / coherent if coherent else 0.0
        found[zone.constraints.names(bit)[0]] = Tightness(without, without - size, share)
    return found
