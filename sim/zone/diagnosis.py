"""Why a zone is empty: which constraints collide, and the smallest sets that would have to give.

A relaxation (MCS) is an inclusion-minimal violation mask; a conflict (MUS) is a minimal set that hits every
relaxation (Reiter 1987; Liffiton & Sakallah 2008). Validity and a zone's definition are background and never blamed.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import ZoneName
from sim.stakes.space import BitArray
from sim.zone.region import Reading, Zone

MOST_SETS = 10_000
"""Conflicts or relaxations listed at most."""


def relaxations(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> list[int]:
    """The smallest sets of constraints (bits) to give up so that the zone opens; none when it is open already.

    Sorted by size, then by bits. Empty too when the zone's definition has no coherent package at all, for then no
    constraint is to blame.
    """
    relevant = zone.constraints.of(reading)
    masks = np.unique(zone.masks[name].masks & np.uint64(relevant))
    return [] if 0 in masks else minimal_sets(masks)


def conflicts(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> list[int]:
    """The smallest sets of constraints (bits) that cannot hold together; none when the zone is open."""
    return minimal_hitting_sets(relaxations(zone, reading, name))


def minimal_sets(masks: BitArray) -> list[int]:
    """The masks that contain no other of them, by size and then by bits.

    >>> minimal_sets(np.array([0b111, 0b011, 0b100, 0b101], dtype=np.uint64))
    [4, 3]
    """
    left = sorted({int(mask) for mask in masks}, key=lambda mask: (mask.bit_count(), mask))
    rest = np.array(left, dtype=np.uint64)
    found: list[int] = []
    while len(rest) and len(found) < MOST_SETS:
        smallest = rest[0]
        found.append(int(smallest))
        rest = rest[(rest & smallest) != smallest]
    return found


def minimal_hitting_sets(sets: list[int]) -> list[int]:
    """The minimal sets that share a member with each of these, built up one set at a time (Berge).

    >>> minimal_hitting_sets([0b011, 0b110])
    [2, 5]
    """
    hitting = [0]
    for wanted in sets:
        hit = [h for h in hitting if h & wanted]
        members = [1 << n for n in range(wanted.bit_length()) if wanted >> n & 1]
        grown = [h | member for h in hitting if not h & wanted for member in members]
        hitting = hit + [g for g in dict.fromkeys(grown) if not any(h & g == h for h in hit)]
        hitting = minimal_sets(np.array(hitting, dtype=np.uint64))
    return hitting if sets else []
