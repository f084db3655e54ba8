"""Parties and red lines as a page shows them: name, colour, mark, wording, where it is reported.

The same form for every party; nothing is judged.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sim.report import sentences
from sim.report.html.svg import MARKS, css, shape
from sim.scenario.schema import RedLine, Scenario


def party_view(scenario: Scenario, party_id: str) -> dict[str, Any]:
    """A party: name, style class and mark by its place in the scenario, as in the pictures."""
    number = list(scenario.parties).index(party_id)
    party = scenario.parties[party_id]
    return {
        "id": party_id,
        "name": party.name,
        "css": css(number),
        "mark": MARKS[shape(number)],
        "signs": party.signs,
        "roles": ", ".join(party.roles),
        "batna": party.batna,
    }


def parties_view(scenario: Scenario) -> list[dict[str, Any]]:
    """All parties in alphabetical order of their names."""
    return sorted((party_view(scenario, party) for party in scenario.parties), key=lambda party: party["name"])


def line_view(scenario: Scenario, line: RedLine) -> dict[str, Any]:
    """A red line: who requires what, on which basis, where it is reported."""
    return {
        "id": line.id,
        "party": party_view(scenario, line.party),
        "wording": sentences.wording(scenario, line),
        "when": sentences.binds_when(scenario, line),
        "basis": line.basis.replace("_", " "),
        "note": line.note,
        "sources": [source.model_dump() for source in line.sources],
    }


def constraint_view(scenario: Scenario, constraint: str) -> dict[str, Any]:
    """A red line, or what a party expects without a deal, in the form of a line."""
    if not constraint.startswith(sentences.RESERVATION):
        return line_view(scenario, next(line for line in scenario.red_lines if line.id == constraint))
    party = party_view(scenario, constraint.removeprefix(sentences.RESERVATION))
    wording = sentences.requirement(scenario, constraint)[1].removesuffix(" [assumption]")
    return {
        "id": constraint,
        "party": party,
        "wording": wording,
        "when": "",
        "basis": "assumption",
        "note": None,
        "sources": [],
    }


def by_party(scenario: Scenario, constraints: list[str]) -> list[dict[str, Any]]:
    """Constraints in the order of their parties' names, then as given."""
    return sorted((constraint_view(scenario, c) for c in constraints), key=lambda view: view["party"]["name"])


def grouped(views: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Constraints that stand in the order of their parties, party by party."""
    return [list(held) for _, held in groupby(views, key=lambda view: view["party"]["id"])]
