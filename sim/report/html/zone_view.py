"""What a page says about a zone: its size, why it is empty, what each option is up against, what would open it.

It arranges what the zone's measures hold; nothing is measured here.
"""

from __future__ import annotations

from typing import Any

from sim.plain import as_plain
from sim.report import reading_sentences, robust_sentences, sentences, truce_sentences
from sim.report.conflict_sentences import clashes, demands, grounds, has_two_zones, how, legend, sides
from sim.report.finding_sentences import headline
from sim.report.html.who import by_party, constraint_view, grouped, line_view, party_view
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.stakes.redlines import RedLine
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.study.measures import ZoneMeasures
from sim.zone.constraints import READING_WORDS
from sim.zone.steps import Steps

MOST_SETS = 12
"""Conflicts or relaxations written out; their number is always told."""
MOST_WAYS = 12


def zone_view(loaded: Loaded, found: ZoneMeasures) -> dict[str, Any]:
    """Everything about one zone that a page shows without a script."""
    scenario = loaded.scenario
    signing = [sentences.name_of(scenario, party) for party in sentences.asked(scenario)]
    sizes = found.zone["declared"]
    board, shown = board_view(loaded, found), conflicts_view(loaded, found)
    return {
        "finding": headline(scenario, found),
        "answer": robust_sentences.answer(scenario, found),
        "clashes": _clashes(scenario, found),
        "legend": legend(set[str]().union(*(grounds(scenario, clash) for clash in clashes(scenario, found)))),
        "ceasefire": sizes["ceasefire"],
        "settlement": sizes["settlement"],
        "definition": found.definition,
        "coherent": found.coherent,
        "signatories": sorted(signing),
        "who_signs": sentences.who_signs(scenario),
        "under": scenario.lines_from,
        "two_zones": has_two_zones(scenario),
        "columns": [heading for heading, _ in reading_sentences.columns(scenario, found)],
        "readings": _readings(scenario, found),
        "bound": any(line.party in sentences.asked(scenario) for line in scenario.red_lines),
        "own_reading": reading_sentences.own_reading(found),
        "no_true_lines": bool(scenario.red_lines) and not any(line.softens_to for line in scenario.red_lines),
        "weight_sets": found.weight_sets,
        "signable": found.signable,
        "truce": _gains(loaded, found.plain_truce),
        "motives": truce_sentences.motives(scenario, found.motives, sizes["ceasefire"]),
        "refusals": [truce_sentences.refusal(scenario, refusal) for refusal in found.refusals],
        "conflicts": shown,
        "demands": demands([entry["ids"] for entry in shown], "settlement" if sizes["ceasefire"] else "deal"),
        "many_ceasefire_conflicts": len(found.conflicts["ceasefire"]),
        "fewest": min((len(ids) for ids in found.relaxations["ceasefire"]), default=0),
        "many_conflicts": max(len(found.conflicts[name]) for name in ZONE_NAMES),
        "all_conflicts": all(found.complete.conflicts.values()),
        "openings": _openings(loaded, found),
        "board": [card for card in board if card["parties"] or sizes["ceasefire"]],
        "lineless": [card["name"] for card in board if not card["parties"] and not sizes["ceasefire"]],
        "points": _points(loaded, found),
        "points_of": {party for point in found.points for party in point.values},
        "frontier": found.frontier,
    }


def _clashes(scenario: Scenario, found: ZoneMeasures) -> list[dict[str, Any]]:
    """Why there is no zone, a line for each conflict of red lines: on which issue whose lines exclude whose."""
    return [
        {
            "no": clash.no,
            "how": how(clash),
            "lines": [
                {
                    "issues": ", ".join(of.issues),
                    "sides": [
                        {"party": party_view(scenario, party), "lines": [line_view(scenario, line) for line in lines]}
                        for party, lines in of.lines.items()
                    ],
                }
                for of in (sides(scenario, ids) for ids in clash.conflicts[:MOST_SETS])
            ],
            "more": max(0, len(clash.conflicts) - MOST_SETS),
            "shared": [constraint_view(scenario, line) for line in clash.shared],
        }
        for clash in clashes(scenario, found)
    ]


def _readings(scenario: Scenario, found: ZoneMeasures) -> list[dict[str, Any]]:
    """Sizes by what binds, a column for each reading of the lines, with bars on one scale."""
    shown = reading_sentences.columns(scenario, found)
    most = max((size for _, column in shown for size in column.values()), default=0) or 1
    return [
        {
            "words": words,
            "sizes": [
                {
                    "name": "settlement" if heading == "settlement" else "ceasefire",
                    "size": column[reading],
                    "share": 100 * column[reading] / most,
                }
                for heading, column in shown
            ],
        }
        for reading, words in READING_WORDS.items()
    ]


def _gains(loaded: Loaded, gains: dict[str, float] | None) -> list[dict[str, Any]]:
    shown = [{"party": party_view(loaded.scenario, party), "gain": gain} for party, gain in (gains or {}).items()]
    return sorted(shown, key=lambda entry: str(entry["party"]["name"]))


def conflicts_view(loaded: Loaded, found: ZoneMeasures) -> list[dict[str, Any]]:
    """Each conflict once, with the zones it closes."""
    zones: dict[tuple[str, ...], list[str]] = {}
    for name in ZONE_NAMES:
        for ids in found.conflicts[name][:MOST_SETS]:
            zones.setdefault(tuple(ids), []).append(name)
    return [
        {
            "ids": list(ids),
            "zones": closes,
            "both": len(closes) == len(ZONE_NAMES),
            "members": by_party(loaded.scenario, list(ids)),
            "hangs": sentences.hangs(list(ids)),
            "end": sentences.cannot_hold(loaded.scenario, len(ids)).capitalize(),
        }
        for ids, closes in zones.items()
    ]


def _openings(loaded: Loaded, found: ZoneMeasures) -> list[dict[str, Any]]:
    """For each zone that is empty: the smallest sets to give up, and how the fewest steps can be shared."""
    shown = []
    same = found.one_diagnosis
    for name in ZONE_NAMES[:1] if same else ZONE_NAMES:
        if not found.conflicts[name]:
            continue
        giving = found.relaxations[name]
        shown.append(
            {
                "what": _what(loaded.scenario, name, same),
                "name": name,
                "sets": [{"ids": ids, "gives": grouped(by_party(loaded.scenario, ids))} for ids in giving[:MOST_SETS]],
                "count": len(giving),
                "fewest": min((len(ids) for ids in giving), default=0),
                "complete": found.complete.relaxations[name],
                "steps": _steps(loaded, found.steps[name]),
            }
        )
    return shown


def _what(scenario: Scenario, name: ZoneName, same: bool) -> str:
    """Which zone is closed, in words that mean something in this case."""
    if not has_two_zones(scenario):
        return "zone"
    return "ceasefire or settlement zone" if same else f"{name} zone"


def _steps(loaded: Loaded, steps: Steps) -> dict[str, Any]:
    """The ways to share the fewest steps, and how far each declared line moves in them, parties side by side."""
    scenario = loaded.scenario
    ways = steps.fewest_ways
    order = sorted(scenario.parties, key=lambda party: sentences.name_of(scenario, party))
    lines = [line for line in scenario.red_lines if line.id in steps.lines]
    most = max((entry.most for entry in steps.lines.values()), default=0)
    return {
        "bound": steps.bound,
        "fewest": steps.fewest,
        "parties": [party_view(scenario, party) for party in order],
        "ways": [
            {"steps": [way.by_party[party] for party in order], "packages": way.packages} for way in ways[:MOST_WAYS]
        ],
        "more": max(0, len(ways) - MOST_WAYS),
        "most": most,
        "columns": [
            {
                "party": party_view(scenario, party),
                "lines": [
                    constraint_view(scenario, line.id) | as_plain(steps.lines[line.id])
                    for line in lines
                    if line.party == party
                ],
            }
            for party in order
        ],
    }


def board_view(loaded: Loaded, found: ZoneMeasures) -> list[dict[str, Any]]:
    """A card an issue: its options, and which of them each party's declared lines leave."""
    scenario, case = loaded.scenario, loaded.case
    clashing = {line for name in ZONE_NAMES for ids in found.conflicts[name] for line in ids}
    cards = []
    for axis, issue in enumerate(case.space.issues):
        left = case.space.left[axis]
        lines = [line for line in case.red_lines.lines if line.ladder[0].on == axis]
        if len(left) < 2:
            continue
        holders = sorted({line.party for line in lines}, key=lambda n: case.parties[n].name)
        counts = found.options[issue.id]
        cards.append(
            {
                "id": issue.id,
                "name": sentences.issue_name(scenario, issue.id),
                "ordered": issue.ordered,
                "parties": [party_view(scenario, case.parties[n].id) for n in holders],
                "clashes": any(line.id in clashing for line in lines),
                "shut_out": bool(lines) and not any(cell(lines, option) != "shut" for option in left),
                "options": [
                    {
                        "label": sentences.label(scenario, issue.id, issue.options[option]),
                        "status_quo": option == issue.status_quo,
                        "cells": [cell([line for line in lines if line.party == n], option) for n in holders],
                        "count": counts.get(issue.options[option], 0),
                    }
                    for option in left
                ],
                "most": max(counts.values(), default=0),
            }
        )
    return sorted(cards, key=lambda card: (not card["clashes"], not card["parties"]))


def cell(lines: list[RedLine], option: int) -> str:
    """Whether a party's lines on an issue leave an option: open, shut, or shut only under a condition."""
    shut = [line for line in lines if option not in line.ladder[0].allowed]
    if not shut:
        return "open"
    return "shut" if any(not line.ladder[0].when for line in shut) else "when"


def _points(loaded: Loaded, found: ZoneMeasures) -> list[dict[str, Any]]:
    """The named points of a zone: formula, values by party, package, how long it would hold."""
    scenario = loaded.scenario
    return [
        {
            "name": sentences.point_name(point.name),
            "signing": [sentences.name_of(scenario, p) for p in point.values] if found.several_groups else [],
            "formula": point.formula,
            "ties": point.ties,
            "values": point.values,
            "package": [
                {
                    "issue": sentences.issue_name(scenario, issue),
                    "option": sentences.label(scenario, issue, option),
                }
                for issue, option in point.package.items()
            ],
            "holds": point.holds,
        }
        for point in found.points
    ]
