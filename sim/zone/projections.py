"""What a zone leaves on each issue, and on each pair of issues: how many of its packages hold which options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from sim.stakes.space import BoolArray, IntArray
from sim.zone.constraints import Reading
from sim.zone.region import Zone
from sim.zone.slabs import Slab


def options_left(zone: Zone, reading: Reading = "declared") -> IntArray:
    """How many ceasefire packages of the zone hold each option ``(I, K)``: the zone's projection on every issue."""
    return _projected(zone, [lambda slab: zone.inside(slab, zone.constraints.of(reading))])[0]


def options_left_by_party(zone: Zone, reading: Reading = "declared") -> IntArray:
    """The same for each signatory alone, by its own red lines and reservation value: ``(S, I, K)``."""
    own = [zone.constraints.of(reading, party) for party in zone.case.signatories]
    return _projected(zone, [partial(Slab.suits, bits=bits) for bits in own])


def _projected(zone: Zone, chosen: Sequence[Callable[[Slab], BoolArray]]) -> IntArray:
    space = zone.case.space
    held = np.zeros((len(chosen), len(space.issues), space.width), dtype=np.int64)
    for slab in zone.slabs():
        for n, choose in enumerate(chosen):
            inside = choose(slab)
            if inside.any():
                for axis in range(inside.ndim):
                    others = tuple(other for other in range(inside.ndim) if other != axis)
                    held[n, axis, list(slab.space.left[axis])] += np.count_nonzero(inside, axis=others)
    return held


def pair_left(zone: Zone, first: int, second: int, reading: Reading = "declared") -> IntArray:
    """How many ceasefire packages of the zone hold each pair of options of two issues ``(K, K)``."""
    held = np.zeros((zone.case.space.width,) * 2, dtype=np.int64)
    for slab in zone.slabs():
        inside = zone.inside(slab, zone.constraints.of(reading))
        others = tuple(axis for axis in range(inside.ndim) if axis not in (first, second))
        counts = np.count_nonzero(inside, axis=others)
        here = np.ix_(slab.space.left[first], slab.space.left[second])
        held[here] += counts if first < second else counts.T
    return held
