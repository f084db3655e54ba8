"""One carry rule for all parties: the red lines of every dated scenario follow from what was reported, by the day."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import pytest
from pydantic import BeforeValidator

from sim import load
from sim.scenario.conditions import Condition
from sim.scenario.evidence import kinds_of
from sim.scenario.evidence_schema import Basis, Certainty
from sim.scenario.keys import Word
from sim.scenario.library import data_file, shipped
from sim.scenario.schema import RedLine, Scenario
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import Text, day
from sim.scenario.validation import read_as

Day = Annotated[datetime.date, BeforeValidator(day)]
LATER = "reported only later"


class Position(Part):
    """What one article reports a party to hold on one issue."""

    party: Word
    issue: Word
    kind: Literal["line", "past", "goal", "offer"]
    of: Day | None = None
    article: Word
    paragraph: int
    certainty: Certainty
    basis: Basis | None = None
    requires: Condition | None = None
    why: Text | None = None


class Positions(Part):
    """The file of positions."""

    format: Literal[1]
    days: dict[Word, Day]
    positions: list[Position]


FILE = read_as(Positions, data_file("positions"))
DATED = {slug: load(slug).scenario for slug in shipped("dated")}


def told(position: Position) -> datetime.date:
    return FILE.days[position.article]


def wanted(scenario: Scenario, party: str) -> dict[str, tuple[Position, str]]:
    """A party's position on each issue by the carry rule, with the basis it has at that date."""
    assert scenario.as_of is not None
    found: dict[str, tuple[Position, str]] = {}
    for position in sorted((p for p in FILE.positions if p.party == party), key=told):
        if position.kind == "past" and position.of == scenario.as_of:
            found[position.issue] = (position, str(position.basis))
        elif position.kind == "line" and told(position) <= scenario.as_of and position.issue not in scenario.pins:
            today = told(position) == scenario.as_of
            found[position.issue] = (position, str(position.basis) if today else "carried_forward")
    return found


def first_later(scenario: Scenario, party: str) -> Position:
    assert scenario.as_of is not None
    later = [p for p in FILE.positions if (p.party, p.kind) == (party, "line") and told(p) > scenario.as_of]
    return min(later, key=told)


def on(lines: list[RedLine], issue: str) -> list[RedLine]:
    return [line for line in lines if issue in line.requires]


@pytest.mark.parametrize("slug", DATED)
def test_the_lines_of_a_dated_scenario_follow_from_what_was_reported_by_its_day(slug: str) -> None:
    scenario = DATED[slug]
    for party in scenario.parties:
        own = [line for line in scenario.red_lines if line.party == party]
        held = wanted(scenario, party)
        if not held and not any(line.basis == "assumption" and line.note is None for line in own):
            position = first_later(scenario, party)
            held = {position.issue: (position, "assumption")}
        for issue, (position, basis) in held.items():
            line, *more = on(own, issue)
            assert not more and line.requires[issue] == position.requires and line.basis == basis, line.id
            assert (position.article, position.paragraph) in {(s.article, s.paragraph) for s in line.sources}, line.id
            assert (line.note == LATER) == (basis == "assumption"), line.id
        others = [line for line in own if not set(line.requires) & set(held)]
        assert own and {line.basis for line in others} <= {"inferred", "assumption"}


def test_every_position_is_given_as_what_its_article_holds_and_names_options_that_exist() -> None:
    scenario = DATED["2025-12-stalemate"]
    for position in FILE.positions:
        assert position.certainty in kinds_of(scenario.articles[position.article], position.paragraph), position
        assert position.issue in scenario.issues and position.party in scenario.parties
        assert (position.requires is None) == (position.kind in ("goal", "offer"))
        assert position.certainty in ("stated", "reported")


def test_the_days_of_articles_are_those_of_the_scenarios_that_are_drawn_from_them() -> None:
    days = {scenario.as_of for scenario in DATED.values()}
    assert set(FILE.days.values()) <= days and set(FILE.days) == set(DATED["2025-12-stalemate"].articles)


def test_one_reading_binds_every_line_of_every_party_alike() -> None:
    for slug, scenario in DATED.items():
        assert scenario.reading == ("ceasefire" if slug.endswith("preconditions") else "settlement")
        for line in scenario.red_lines:
            if "hostilities" not in line.requires:
                assert ("hostilities" in line.when) == (scenario.reading == "settlement"), (slug, line.id)
