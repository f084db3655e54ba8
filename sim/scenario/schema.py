"""The shape of a scenario file, as pydantic models: every field with its unit, default, range and basis.

Names are checked against each other in `sim.scenario.compile`; nothing is computed here.
"""

from __future__ import annotations

import datetime
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag

Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
"""An id: lower-case letters, digits, `_` and `-`."""


def _one_line(text: Any) -> Any:
    """Text on one line, without the characters that would move a cursor."""
    if not isinstance(text, str):
        return text
    text = " ".join(text.split())
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise ValueError("should have no control characters")
    return text


Name = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=80)]
"""What people call a thing: one line."""
Text = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=2_000)]
Share = Annotated[float, Field(ge=0, le=1)]
Basis = Literal["stated", "reported", "inferred", "carried_forward", "assumption"]
Role = Literal["signatory", "guarantor", "mediator", "observer"]


def _day(given: Any) -> Any:
    """A day as YYYY-MM-DD; other ways of writing one are refused."""
    if isinstance(given, str):
        try:
            return datetime.date.fromisoformat(given)
        except ValueError:
            raise ValueError("should be a day such as 2025-12-05") from None
    return given


class Part(BaseModel):
    """What all parts share: unknown keys are refused, and a part once read does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


def _as_mapping(options: Any) -> Any:
    """A bare list of options stands for options whose label is their id."""
    if isinstance(options, list) and len(set(map(str, options))) == len(options):
        return {option: str(option).replace("_", " ") for option in options}
    return options


class Bounds(Part):
    """A condition on an ordered issue: options up to, or from, a level."""

    at_most: Word | None = Field(None, description="the highest option that meets the condition")
    at_least: Word | None = Field(None, description="the lowest option that meets the condition")


Condition = Annotated[
    Annotated[Bounds, Tag("bounds")]
    | Annotated[
        list[Word],
        Field(min_length=1),
        BeforeValidator(lambda o: [o] if isinstance(o, str) else o),
        Tag("options"),
    ],
    Discriminator(lambda given: "bounds" if isinstance(given, dict | Bounds) else "options"),
]
"""`[a, b]` or `a` for a set of options, `{at_most: a}` or `{at_least: a}` for an ordered issue."""
Conditions = dict[Word, Condition]


class Issue(Part):
    """One thing to be settled and the ways to settle it."""

    name: Name | None = Field(None, description="how people call it; the id by default")
    ordered: bool = Field(True, description="whether the options are levels, so that one step is one level")
    options: Annotated[dict[Word, Name], BeforeValidator(_as_mapping)] = Field(
        min_length=1, max_length=64, description="option ids with labels, in level order, or a list of ids"
    )
    status_quo: Word = Field(description="the option that stands when nothing is agreed")


class Tactic(Part):
    """How a party concedes over the rounds."""

    exponent: float = Field(
        1.0,
        ge=0.01,
        le=50,
        description="bend of the concession curve F = (t/T)^(1/exponent): below 1 Boulware, above 1 conceder; "
        "range 0.1 to 5 (Faratin, Sierra & Jennings 1998)",
    )


class Party(Part):
    """Who negotiates, what it wants and what it falls back on."""

    name: Name
    roles: list[Role] = Field(["signatory"], min_length=1)
    batna: Text | None = Field(None, description="the plan without a deal, in words")
    reservation: float = Field(ge=-1_000, le=1_000, description="value of the plan without a deal, points a month")
    reservation_basis: Text = Field("assumption", description="where the reservation value comes from")
    tactic: Tactic = Tactic()
    weights: dict[Word, Annotated[float, Field(ge=0, le=1e6)]] = Field(
        description="relative weight of each issue; scaled to sum to 100 points a month; issues left out weigh 0"
    )
    values: dict[Word, dict[Word, Share]] = Field(
        description="value of each option of each issue with a weight, from 0 to 1"
    )


class Interaction(Part):
    """Points a month that a party adds where several conditions hold together."""

    party: Word
    when: Conditions = Field(min_length=1)
    points: float = Field(ge=-100, le=100, description="points a month added; assumption")
    note: Text | None = None


class WeightSet(Part):
    """Another reading of how much issues matter, applied to every party alike."""

    equal: bool = Field(False, description="one weight for every issue that a party values")
    times: dict[Word, Annotated[float, Field(ge=0, le=1e3)]] = Field(
        {}, description="factors on the scenario's own weights, scaled to 100 again"
    )


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


class Source(Part):
    """Where a red line is reported: an article of the scenario's list, its paragraph, and a short paraphrase."""

    article: Word
    paragraph: int = Field(ge=1, le=10_000, description="counted as non-empty lines")
    paraphrase: Text


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
    hardness: Share = Field(0.8, description="share of pressure that the line withstands, 0 to 1; assumption")
    bluff: Share = Field(0.2, description="prior that the line is not meant, 0 to 1; assumption")
    basis: Basis
    sources: list[Source] = []


class Mediation(Part):
    """The mediator of a single text."""

    party: Word | None = Field(None, description="who drafts; nobody in particular by default")
    bias: float = Field(
        0.0, ge=-1, le=1, description="leans to the first belligerent (+1) or to the second (-1); assumption"
    )
    patience: int = Field(
        12, ge=1, le=1_000, description="rounds without fewer steps between text and lines; assumption"
    )


class Agreement(Part):
    """How many signatories must accept, and whose word cannot be done without."""

    at_least: int = Field(ge=1, le=64, description="how many signatories must accept")
    vetoes: list[Word] = Field([], description="signatories that must be among them")


class Protocol(Part):
    """How offers are exchanged."""

    name: Literal["alternating", "single_text"] = "alternating"
    deadline: int = Field(24, ge=1, le=1_200, description="rounds, one a month")
    proposers: list[Word] | None = Field(
        None, min_length=1, description="who makes offers, in turn; every signatory by default"
    )
    mediator: Annotated[Mediation, BeforeValidator(lambda who: {"party": who} if isinstance(who, str) else who)] = (
        Mediation()
    )
    agreement: Annotated[
        Annotated[Literal["unanimity"], Tag("rule")] | Annotated[Agreement, Tag("counted")],
        Discriminator(lambda given: "counted" if isinstance(given, dict | Agreement) else "rule"),
    ] = Field("unanimity", description="`unanimity`, or `{at_least: 3, vetoes: [a]}`")
    start_text: dict[Word, Word] = Field(
        {}, description="options of the first text; issues left out stand at the status quo"
    )


class Article(Part):
    """A news article that red lines are drawn from; never quoted, only paraphrased."""

    title: Text
    outlet: Text | None = Field(None, description="as far as the article states it")
    date: Text | None = Field(None, description="when it was written; inferred where the article carries no date")
    paragraphs: int = Field(ge=1, le=10_000, description="how many it has, counted as non-empty lines")
    caveat: Text | None = None


class Scenario(Part):
    """A whole scenario, after `extends`."""

    format: Annotated[Literal[1], BeforeValidator(lambda given: "true" if given is True else given)]
    title: Annotated[Text, StringConstraints(max_length=200)]
    about: Text | None = Field(None, description="what the scenario shows, in a paragraph")
    as_of: Annotated[datetime.date, BeforeValidator(_day)] | None = Field(None, description="the day it speaks of")
    reading: Annotated[Text, StringConstraints(max_length=300)] | None = Field(
        None, description="what its red lines rest on; said beside every count"
    )
    extends: Annotated[str, StringConstraints(max_length=200)] | None = None
    issues: dict[Word, Issue] = Field(min_length=1, max_length=32)
    parties: dict[Word, Party] = Field(min_length=1, max_length=16)
    belligerents: list[Word] = Field([], max_length=2, description="the two parties at war, in order")
    interactions: list[Interaction] = Field([], max_length=64)
    weight_sets: dict[Word, WeightSet] = Field({}, max_length=16)
    validity: list[Rule] = Field([], max_length=64)
    pins: dict[Word, Word] = Field({}, description="issues held at one option")
    zones: Zones = Zones()
    consent: dict[Word, dict[Word, list[Word]]] = Field(
        {}, description="per issue and option the parties without which it cannot be carried out"
    )
    articles: dict[Word, Article] = Field({}, max_length=1_000)
    red_lines: list[RedLine] = Field([], max_length=64)
    without: list[Word] = Field([], description="ids of inherited red lines to leave out")
    protocol: Protocol = Protocol()


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
