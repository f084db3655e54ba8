"""The switches: what a page needs to say at once how large the zone is without any of its constraints.

It inlines the distinct violation masks with their counts, from which the size of every subset follows exactly.
"""

from __future__ import annotations

from typing import Any

from sim.markup import command_line
from sim.report import sentences
from sim.report.html.who import by_party, constraint_view, grouped
from sim.report.html.zone_view import conflicts_view
from sim.report.sentences import RESERVATION
from sim.scenario.loader import Loaded
from sim.stakes.stages import ZONE_NAMES
from sim.study.measures import Masks, ZoneMeasures
from sim.zone.nearest import Nearest, nearest

WORD = 30
"""Constraints to a number, so that a browser's 32-bit operations are exact."""
FIRST_OPTION = 40
"""The letter of the first option of an issue, in packages that are told as letters."""
MOST_MASKS = 60_000
"""Distinct masks inlined at most; beyond, the page says which command answers."""


def switches_view(loaded: Loaded, found: ZoneMeasures, masks: Masks, key: str) -> dict[str, Any]:
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
        "lines": grouped([row for row in rows if not row["id"].startswith(RESERVATION)]),
        "reservations": grouped([row for row in rows if row["id"].startswith(RESERVATION)]),
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
        "key": key,
    }


def command(loaded: Loaded) -> str:
    """The command that counts the zone as it stands."""
    return command_line("zone", loaded.name, *loaded.options)


def fits(masks: Masks) -> bool:
    """Whether the masks are few enough to be inlined, and sizes follow from them by a plain sum."""
    return masks.alone and all(len(masks.of(name).masks) <= MOST_MASKS for name in ZONE_NAMES)


def live_data(loaded: Loaded, found: ZoneMeasures, masks: Masks) -> dict[str, Any]:
    """What the page's script is given: masks in words of `WORD` bits, how many packages of each zone have each, and the
    conflicts as places.

    Masks stand in the order of ``nearest``, the nearest package that has each: an option's place by
    issue. So the nearest package of a zone is that of the first mask in it. There is none to show where a folder's
    masks are no longer those of its scenario.
    """
    place = {constraint: n for n, constraint in enumerate(masks.constraints)}
    close = nearest(loaded.case)
    counts = {name: dict(zip(masks.of(name).masks, masks.of(name).counts, strict=True)) for name in ZONE_NAMES}
    same = sorted(close.masks.tolist()) == sorted(counts["ceasefire"])
    order = close.masks.tolist() if same else list(counts["ceasefire"])
    words = max(1, -(-len(masks.constraints) // WORD))
    return {
        "ids": masks.constraints,
        "word": WORD,
        "masks": [[mask >> WORD * w & (1 << WORD) - 1 for mask in order] for w in range(words)],
        "zones": {
            name: {
                "counts": [counts[name].get(mask, 0) for mask in order],
                "conflicts": [[place[constraint] for constraint in held] for held in found.conflicts[name]],
                "complete": found.complete.conflicts[name],
            }
            for name in ZONE_NAMES
        },
        "issues": _issues(loaded),
        "first": FIRST_OPTION,
        "nearest": _told(loaded, close) if same else None,
        "command": command(loaded),
    }


def _free(loaded: Loaded) -> list[int]:
    """The axes of the issues that are open."""
    return [axis for axis, left in enumerate(loaded.case.space.left) if len(left) > 1]


def _issues(loaded: Loaded) -> list[dict[str, Any]]:
    """The open issues in words, and which option stands now."""
    scenario, issues = loaded.scenario, loaded.case.space.issues
    return [
        {
            "name": sentences.issue_name(scenario, issues[axis].id),
            "options": [sentences.label(scenario, issues[axis].id, option) for option in issues[axis].options],
            "now": issues[axis].status_quo,
        }
        for axis in _free(loaded)
    ]


def _told(loaded: Loaded, close: Nearest) -> str:
    """Packages one after the other, a letter an issue, which says the place of its option from `FIRST_OPTION` on."""
    return "".join(chr(FIRST_OPTION + k) for package in close.packages[:, _free(loaded)].tolist() for k in package)
