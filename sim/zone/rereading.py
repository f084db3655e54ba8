"""The same packages under other red lines: what they are worth stays, so only the masks of the lines are made anew."""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case
from sim.stakes.clauses import crossed_everywhere
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.zone.constraints import READINGS, Reading
from sim.zone.region import Zone, find_zone
from sim.zone.slabs import with_room

Sizes = dict[Reading, dict[ZoneName, int]]
"""Packages of each zone, by what is taken to bind."""


def sizes(zone: Zone) -> Sizes:
    """The sizes of a zone."""
    return {reading: {name: zone.size(reading, name) for name in ZONE_NAMES} for reading in READINGS}


def sizes_under(zone: Zone, case: Case) -> Sizes:
    """The sizes of the zone of a case that differs from a zone's own in where its red lines bind, and in nothing else.

    Looks at every package once more, but values none, unless stepping back from a line costs points.
    """
    if case.audience is not None and case.audience.any():
        return sizes(find_zone(case))
    rule, found = zone.constraints, {reading: dict.fromkeys(ZONE_NAMES, 0) for reading in READINGS}
    own = [line.party for line in zone.case.red_lines.lines]
    assert own == [line.party for line in case.red_lines.lines], "the same lines, which may bind elsewhere"
    for slab in zone.slabs():
        kind = slab.masks.dtype.type
        masks = slab.masks & ~kind((1 << rule.boxes) - 1)
        masks |= crossed_everywhere(slab.space, with_room(rule, case)).astype(slab.masks.dtype, copy=False)
        settled = slab.space.spread(case.zones["settlement"])
        for reading in READINGS:
            inside = slab.coherent & rule.kept(masks, rule.of(reading))
            many = int(np.count_nonzero(inside))
            found[reading]["ceasefire"] += many
            found[reading]["settlement"] += many if settled.all() else int(np.count_nonzero(inside & settled))
    return found
