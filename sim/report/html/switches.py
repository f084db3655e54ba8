"""The switches: what a page needs to count the zone again without any of its constraints.

The explorer's engine counts, with the tables of the case; what the program had counted is inlined to hold it to.
"""

from __future__ import annotations

from typing import Any

from sim.markup import command_line
from sim.report.explorer.page import issue_words
from sim.report.explorer.tables import tables, too_large
from sim.report.html.who import by_party, constraint_view, grouped
from sim.report.html.zone_view import conflicts_view
from sim.report.sentences import RESERVATION
from sim.scenario.loader import Loaded
from sim.study.measures import ZoneMeasures


def switches_view(loaded: Loaded, found: ZoneMeasures, key: str) -> dict[str, Any]:
    """The rows of the switch board, and why no script can make them live, where none can."""
    scenario, tight = loaded.scenario, found.tightness["ceasefire"]
    rows = [
        constraint_view(scenario, constraint)
        | {
            "place": place,
            "alone": tight[constraint].without,
            "clashes": sum(constraint in held for held in found.conflicts["ceasefire"]),
        }
        for place, constraint in enumerate(tight)
    ]
    rows.sort(key=lambda row: (row["party"]["name"], row["party"]["id"], row["place"]))
    return {
        "lines": grouped([row for row in rows if not row["id"].startswith(RESERVATION)]),
        "reservations": grouped([row for row in rows if row["id"].startswith(RESERVATION)]),
        "unasked": by_party(scenario, [line.id for line in scenario.red_lines if line.id not in tight]),
        "conflicts": conflicts_view(loaded, found),
        "too_large": too_large(loaded.case),
        "count": len(tight),
        "in_public": scenario.public > 0 and any(party.audience_cost > 0 for party in scenario.parties.values()),
        "command": command("zone", loaded),
        "explore": command("explore", loaded),
        "key": key,
    }


def command(verb: str, loaded: Loaded) -> str:
    """A command for the scenario as it stands."""
    return command_line(verb, loaded.name, *loaded.options)


def live_data(loaded: Loaded, found: ZoneMeasures) -> dict[str, Any]:
    """What the page's script is given: tables for the engine, what it has to find in them, words; nothing where it is
    too large for a browser.
    """
    if too_large(loaded.case):
        return {}
    given = tables(loaded)
    tight = found.tightness["ceasefire"]
    return {
        "tables": given,
        "proof": {
            "sizes": found.zone["declared"],
            "reservation": loaded.case.reservation[0].tolist(),
            "flipped": [tight[constraint].without for constraint in given["constraints"]],
        },
        "issues": issue_words(loaded),
        "command": command("zone", loaded),
    }
