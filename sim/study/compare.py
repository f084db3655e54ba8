"""Scenarios side by side, in order: what changed from one to the next, and the zone of each under every reading.

Only sizes under the same reading are ever set beside one another.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.loader import Loaded
from sim.scenario.schema import Reading as LineReading
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.study.measures import Heading, heading
from sim.study.readings import sizes_by_reading
from sim.study.truces import truce_measures
from sim.study.what_changed import Changes, changes
from sim.zone.diagnosis import diagnoses
from sim.zone.region import find_zone
from sim.zone.rereading import Sizes, sizes


@dataclass(frozen=True)
class Compared(Heading):
    """A scenario beside others: what changed since the one before it, and its zone as in `ZoneMeasures`.

    ``zone``, ``conflicts`` and ``smallest_relaxation``, how many constraints would have to go at least so that a zone
    opens, are under its own ``reading``.
    """

    red_lines: int
    changed: Changes | None
    coherent: int
    reading: LineReading | None
    zone: Sizes
    readings: dict[LineReading, Sizes] | None
    conflicts: dict[ZoneName, list[list[str]]]
    smallest_relaxation: dict[ZoneName, int]
    plain_truce: dict[str, float] | None


def compare_measures(scenarios: list[Loaded]) -> list[Compared]:
    """A row a scenario, each against the one before it."""
    return [_row(loaded, scenarios[n - 1] if n else None) for n, loaded in enumerate(scenarios)]


def _row(loaded: Loaded, before: Loaded | None) -> Compared:
    zone = find_zone(loaded.case)
    why = diagnoses(zone)
    return Compared(
        **vars(heading(loaded)),
        red_lines=len(loaded.scenario.red_lines),
        changed=None if before is None else changes(before, loaded),
        coherent=zone.coherent,
        reading=loaded.scenario.reading,
        zone=sizes(zone),
        readings=sizes_by_reading(loaded, zone),
        conflicts={name: [zone.constraints.names(mask) for mask in why[name].conflicts.bits] for name in ZONE_NAMES},
        smallest_relaxation={
            name: min((mask.bit_count() for mask in why[name].relaxations.bits), default=0) for name in ZONE_NAMES
        },
        plain_truce=truce_measures(loaded.case),
    )
