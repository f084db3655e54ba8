"""Scenarios side by side, in order: which red lines came, went and moved, and what that did to the zone."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.loader import Loaded
from sim.scenario.schema import RedLine
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.study.measures import Heading, heading
from sim.study.truces import truce_measures
from sim.zone.constraints import READINGS, Reading
from sim.zone.diagnosis import diagnoses
from sim.zone.region import find_zone


@dataclass(frozen=True)
class LineChanges:
    """Ids of red lines that were added, dropped, or moved: the same id with another condition."""

    added: list[str]
    dropped: list[str]
    moved: list[str]


@dataclass(frozen=True)
class Compared(Heading):
    """A scenario beside others: its lines against those of the one before, and its zone as in `ZoneMeasures`.

    ``smallest_relaxation`` is how many constraints would have to go at least so that a zone opens.
    """

    red_lines: int
    lines: LineChanges | None
    coherent: int
    zone: dict[Reading, dict[ZoneName, int]]
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
        lines=None if before is None else line_changes(before, loaded),
        coherent=zone.coherent,
        zone={reading: {name: zone.size(reading, name) for name in ZONE_NAMES} for reading in READINGS},
        conflicts={name: [zone.constraints.names(mask) for mask in why[name].conflicts.bits] for name in ZONE_NAMES},
        smallest_relaxation={
            name: min((mask.bit_count() for mask in why[name].relaxations.bits), default=0) for name in ZONE_NAMES
        },
        plain_truce=truce_measures(loaded.case),
    )


def line_changes(before: Loaded, after: Loaded) -> LineChanges:
    """Ids of red lines that were added, dropped, or moved: the same id with another condition."""
    old = {line.id: line for line in before.scenario.red_lines}
    new = {line.id: line for line in after.scenario.red_lines}
    return LineChanges(
        added=[line for line in new if line not in old],
        dropped=[line for line in old if line not in new],
        moved=[line for line in new if line in old and _condition(new[line]) != _condition(old[line])],
    )


def _condition(line: RedLine) -> tuple[object, ...]:
    return line.party, line.when, line.requires
