"""The shape of a scenario file, as pydantic models: every field with its unit, default, range and basis.

Names are checked against each other in `sim.scenario.compile`; nothing is computed here.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, Tag, model_validator

from sim.scenario.conditions import Conditions
from sim.scenario.evidence_schema import Article, Basis, Grounds, Source, Study
from sim.scenario.exercise_schema import Exercise
from sim.scenario.issue_schema import Issue
from sim.scenario.keys import OptionWord, Word
from sim.scenario.schema_part import Part, as_named, by_key
from sim.scenario.scores import rescaled
from sim.scenario.stepped import interpolated
from sim.scenario.talks_schema import Event, Protocol, Tactic
from sim.scenario.texts_and_numbers import Name, Share, Text, day, follows, number
from sim.scenario.war_schema import Beliefs, LotteryWar, Ratification, War

Reading = Literal["settlement", "ceasefire"]
Role = Literal["signatory", "guarantor", "mediator", "observer"]


class Story(Part):
    """Who a party is for a person who speaks for it, in a paragraph each; its sources stand under `grounds`."""

    public: Text = Field(description="what everybody may know: what it wants and why, what it will not do")
    private: Text = Field(description="what only its own people read; always an assumption")


class Party(Part):
    """Who negotiates, what it wants and what it falls back on: a war, or a number that stands in for it."""

    name: Name
    roles: list[Role] = Field(["signatory"], min_length=1)
    batna: Text | None = Field(None, description="the plan without a deal, in words")
    story: Story | None = Field(None, description="for a person who speaks for it; changes no result")
    reservation: float | None = number(
        None,
        "value of the plan without a deal; a number here takes the place of the war",
        "points a month",
        ge=-1_000,
        le=1_000,
    )
    war: (
        Annotated[
            Annotated[Beliefs, Tag("beliefs")] | Annotated[LotteryWar, Tag("textbook")],
            by_key(LotteryWar, "lottery", "textbook", "beliefs"),
        ]
        | None
    ) = Field(None, description="the war as this party expects it, or `lottery: {win, cost}`")
    ratification: Ratification | None = None
    audience_cost: Share = number(
        0.05,
        "share of an issue's weight lost for each step beyond an own declared line, in public talks",
        "share",
        follows("Fearon 1994"),
    )
    hardening: Share = number(0.1, "chance a round that pressure in public makes a red line harder", "probability")
    tactic: Tactic = Tactic.model_construct()
    weights: dict[Word, Annotated[float, Field(ge=0, le=1e6)]] = number(
        ..., "relative weight of each issue; scaled to sum to 100 points a month; issues left out weigh 0", "relative"
    )
    values: dict[Word, dict[OptionWord, Share]] = number(
        ..., "value of each option of each issue with a weight, from 0 to 1", "value"
    )

    @property
    def signs(self) -> bool:
        """Whether an agreement needs this party's word."""
        return "signatory" in self.roles


class Interaction(Part):
    """Points a month that a party adds where several conditions hold together."""

    party: Word
    when: Conditions = Field(min_length=1)
    points: float = number(..., "points added", "points a month", ge=-100, le=100)
    note: Text | None = None


class WeightSet(Part):
    """Another reading of how much issues matter, applied to every party alike."""

    equal: bool = Field(False, description="one weight for every issue that a party values")
    times: dict[Word, Annotated[float, Field(ge=0, le=1e3)]] = number(
        {}, "factors on the scenario's own weights, scaled to 100 again", "factor"
    )


Scale = Literal["linear", "log", "factor", "log_factor"]


class Range(Part):
    """Between which ends a number may lie, as `[low, high, scale]`; all numbers below its path move together.

    Drawn evenly, or evenly on a log scale; `factor` and `log_factor` are ends of a factor on what stands there.
    """

    low: float = Field(description="the least it may be, or the least factor on what stands there")
    high: float = Field(description="the most it may be, or the most factor on what stands there")
    scale: Scale = Field("linear", description="drawn evenly, or evenly on a log scale; as values or as factors")

    @property
    def is_factor(self) -> bool:
        """Whether its ends are factors."""
        return self.scale in ("factor", "log_factor")

    @property
    def is_log(self) -> bool:
        """Whether it is drawn on a log scale."""
        return self.scale in ("log", "log_factor")


class Rule(Part):
    """A validity rule: background that makes a package coherent, nobody's red line."""

    id: Word
    when: Conditions = Field(min_length=1)
    requires: Conditions = Field(min_length=1, max_length=1)
    note: Text | None = None


class Zones(Part):
    """Which packages count as a ceasefire, and which of these as a settlement; no condition means every package."""

    ceasefire: Conditions = {}
    settlement: Conditions = {}
    partial: Conditions | None = Field(
        None, min_length=1, description="packages short of a ceasefire that can be signed all the same; none by default"
    )


class RedLine(Part):
    """A condition that no utility can buy off, with its source."""

    id: Word
    party: Word
    wording: Text | None = Field(None, description="what the party requires, to follow '<Party> requires '")
    when: Conditions = Field({}, description="the line binds only where all of these hold")
    requires: Conditions = Field(
        min_length=1, max_length=1, description="exactly one issue and the options that respect the line"
    )
    softens_to: Conditions | None = Field(
        None, min_length=1, max_length=1, description="the true line, always an assumption: looser than `requires`"
    )
    hardness: Share = number(0.8, "share of pressure that the line withstands", "share")
    bluff: Share = number(0.2, "prior that the line is not meant", "probability")
    basis: Basis
    note: Text | None = Field(None, description="how far its ground bears; said with its source and its conflicts")
    sources: list[Source] = []


class Scenario(Part):
    """A whole scenario, after `extends`."""

    format: Annotated[Literal[1], BeforeValidator(lambda given: "true" if given is True else given)]
    title: Annotated[Text, StringConstraints(max_length=200)]
    about: Text | None = Field(None, description="what the scenario shows, in a paragraph")
    as_of: Annotated[datetime.date, BeforeValidator(day)] | None = Field(None, description="the day it speaks of")
    lines_from: Annotated[Text, StringConstraints(max_length=300)] | None = Field(
        None, description="what its red lines rest on; said beside every count"
    )
    reading: Reading | None = Field(
        None,
        description="what all red lines bind, but those on the ending itself: only a settlement, or any ceasefire; "
        "as each line says by default",
    )
    extends: Annotated[str, StringConstraints(max_length=200)] | None = None
    scale: Literal["as_given"] | None = Field(
        None,
        exclude=True,
        description="`as_given`: points in each party's own units, scaled to share 100; values from 0 to 1 by default",
    )
    issues: dict[Word, Issue] = Field(min_length=1, max_length=32)
    parties: dict[Word, Party] = Field(min_length=1, max_length=16)
    war: War | None = None
    public: Share = number(0.0, "how public the talks are, so that stepping back costs; 0 closed, 1 public", "share")
    belligerents: list[Word] = Field([], max_length=2, description="the two parties at war, in order")
    camps: dict[Word, list[Word]] = Field(
        {}, description="for each belligerent who stands with it, `{a: [a, friend]}`; itself alone by default"
    )
    interactions: list[Interaction] = Field([], max_length=64)
    weight_sets: dict[Word, WeightSet] = Field({}, max_length=16)
    weight_concentration: float = number(
        50.0, "how firmly weights are known when they are drawn: Dirichlet with so many parts", "parts", gt=0, le=1e6
    )
    ranges: dict[
        Annotated[str, StringConstraints(max_length=200)], Annotated[Range, BeforeValidator(as_named(Range))]
    ] = Field(
        {},
        max_length=64,
        description="between which ends numbers may lie, by path, as `[low, high, scale]`; for `ceasefire robust`",
    )
    validity: list[Rule] = Field([], max_length=64)
    pins: dict[Word, OptionWord] = Field({}, description="issues held at one option")
    zones: Zones = Zones.model_construct()
    consent: dict[Word, dict[OptionWord, list[Word]]] = Field(
        {}, description="per issue and option the parties without which it cannot be carried out"
    )
    articles: dict[Word, Article] = Field({}, max_length=1_000)
    literature: dict[Word, Study] = Field({}, max_length=1_000, description="the studies that numbers rest on")
    red_lines: list[RedLine] = Field([], max_length=64)
    grounds: dict[Annotated[str, StringConstraints(max_length=200)], Grounds] = Field(
        {}, max_length=256, description="what other fields rest on, by their path, such as `war.share`"
    )
    without: list[Word] = Field([], description="ids of inherited red lines to leave out")
    protocol: Protocol = Protocol.model_construct()
    events: list[Event] = Field([], max_length=256, description="what happens in which round of the talks")
    exercise: Exercise | None = Field(None, description="what students are asked about it")

    @model_validator(mode="before")
    @classmethod
    def _points_between(cls, given: Any) -> Any:
        """Values of an issue over numbers may be given at a few points, and points in units of the file's own."""
        return rescaled(interpolated(given))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors.

    A file that extends another may leave out whatever the other says, so only a file of its own must be complete;
    `ceasefire check` tells what is missing after `extends`.
    """
    schema = Scenario.model_json_schema()
    required = schema.pop("required")
    for part in schema["$defs"].values():
        part.pop("required", None)
    schema |= {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Ceasefire scenario",
        "anyOf": [{"required": ["format", "extends"]}, {"required": required}],
    }
    return schema
