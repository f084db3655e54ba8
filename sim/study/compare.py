"""Scenarios side by side, in order: which red lines came, went and moved, and what that did to the zone."""

from __future__ import annotations

from typing import Any

from sim.scenario.loader import Loaded
from sim.scenario.schema import RedLine
from sim.stakes.stages import ZONE_NAMES
from sim.study.measures import heading, truce_measures
from sim.zone.constraints import READINGS
from sim.zone.diagnosis import conflicts, relaxations
from sim.zone.region import find_zone


def compare_measures(scenarios: list[Loaded]) -> list[dict[str, Any]]:
    """A row a scenario, each against the one before it."""
    return [_row(loaded, scenarios[n - 1] if n else None) for n, loaded in enumerate(scenarios)]


def _row(loaded: Loaded, before: Loaded | None) -> dict[str, Any]:
    zone = find_zone(loaded.case)
    clashing = {name: conflicts(zone, name=name).bits for name in ZONE_NAMES}
    giving = {name: relaxations(zone, name=name).bits for name in ZONE_NAMES}
    return heading(loaded) | {
        "red_lines": len(loaded.scenario.red_lines),
        "lines": None if before is None else line_changes(before, loaded),
        "coherent": zone.coherent,
        "zone": {reading: {name: zone.size(reading, name) for name in ZONE_NAMES} for reading in READINGS},
        "conflicts": {name: [zone.constraints.names(mask) for mask in clashing[name]] for name in ZONE_NAMES},
        "smallest_relaxation": {
            name: min((mask.bit_count() for mask in giving[name]), default=0) for name in ZONE_NAMES
        },
        "plain_truce": truce_measures(loaded.case),
    }


def line_changes(before: Loaded, after: Loaded) -> dict[str, list[str]]:
    """Ids of red lines that were added, dropped, or moved: the same id with another condition."""
    old = {line.id: line for line in before.scenario.red_lines}
    new = {line.id: line for line in after.scenario.red_lines}
    return {
        "added": [line for line in new if line not in old],
        "dropped": [line for line in old if line not in new],
        "moved": [line for line in new if line in old and _condition(new[line]) != _condition(old[line])],
    }


def _condition(line: RedLine) -> tuple[object, ...]:
    return line.party, line.when, line.requires
