"""The switches: what a page needs to say at once how large the zone is without any of its constraints.

It inlines the distinct violation masks with their counts, from which the size of every subset follows exactly.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sim.markup import command_line
from sim.report.html.who import by_party, constraint_view
from sim.report.html.zone_view import conflicts_view
from sim.report.sentences import RESERVATION
from sim.scenario.loader import Loaded
from sim.stakes.stages import ZONE_NAMES
from sim.study.measures import Masks, ZoneMeasures

WORD = 30
"""Constraints to a number, so that a browser's 32-bit operations are exact."""
MOST_MASKS = 60_000
"""Distinct masks inlined at most; beyond, the page says which command answers."""


def switches_view(loaded: Loaded, found: ZoneMeasures, masks: Masks) -> dict[str, Any]:
    """The rows of the switch board, and whether a script can make them live."""
    scenario, tight = loaded.scenario, found.tightness["ceasefire"]
    ids = masks.constraints
    rows = [
        constraint_view(scenario, constraint)
        | {
            "place": place,
            "alone": tight[constraint].without,
            "clashes": sum(constraint in held for held in found.conflicts["ceasefire"]),
        }
        for place, constraint in enumerate(ids)
    ]
    rows.sort(key=lambda row: (row["party"]["name"], row["party"]["id"], row["place"]))
    return {
        "lines": _by_party([row for row in rows if not row["id"].startswith(RESERVATION)]),
        "reservations": _by_party([row for row in rows if row["id"].startswith(RESERVATION)]),
        "unasked": by_party(scenario, [line.id for line in scenario.red_lines if line.id not in ids]),
        "conflicts": [
            conflict | {"places": [ids.index(constraint) for constraint in conflict["ids"]]}
            for conflict in conflicts_view(loaded, found)
        ],
        "live": fits(masks),
        "alone": masks.alone,
        "count": len(ids),
        "distinct": max(len(masks.of(name).masks) for name in ZONE_NAMES),
        "in_public": scenario.public > 0 and any(party.audience_cost > 0 for party in scenario.parties.values()),
        "command": command(loaded),
    }


def _by_party(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [list(held) for _, held in groupby(rows, key=lambda row: row["party"]["id"])]


def command(loaded: Loaded) -> str:
    """The command that counts the zone as it stands."""
    return command_line("zone", loaded.name, *loaded.options)


def fits(masks: Masks) -> bool:
    """Whether the masks are few enough to be inlined, and sizes follow from them by a plain sum."""
    return masks.alone and all(len(masks.of(name).masks) <= MOST_MASKS for name in ZONE_NAMES)


def live_data(loaded: Loaded, found: ZoneMeasures, masks: Masks) -> dict[str, Any]:
    """What the page's script is given: masks in words of `WORD` bits with their counts, and the conflicts as places."""
    ids = masks.constraints
    words = max(1, -(-len(ids) // WORD))
    place = {constraint: n for n, constraint in enumerate(ids)}
    return {
        "ids": ids,
        "word": WORD,
        "zones": {
            name: {
                "masks": [[mask >> WORD * w & (1 << WORD) - 1 for mask in masks.of(name).masks] for w in range(words)],
                "counts": masks.of(name).counts,
                "conflicts": [[place[constraint] for constraint in held] for held in found.conflicts[name]],
                "complete": found.complete.conflicts[name],
            }
            for name in ZONE_NAMES
        },
        "command": command(loaded),
    }
