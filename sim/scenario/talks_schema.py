"""The part of a scenario file that tells of the talks: tactics, the protocol, the mediator, and what happens meanwhile.

Names are checked in `sim.scenario.compile_talks` and `sim.scenario.who_talks`; nothing is computed here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    model_serializer,
    model_validator,
)

from sim.scenario.conditions import Conditions
from sim.scenario.keys import OptionWord, Word
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import Months, Points, Share, Text, Times, follows, number


class Tactic(Part):
    """How a party concedes over the rounds, and what it makes of the others."""

    exponent: float = number(
        1.0,
        "bend of the concession curve F = (t/h)^(1/exponent): below 1 Boulware, above 1 conceder; 0.1 to 5 is usual",
        "none",
        follows("Faratin, Sierra & Jennings 1998"),
        ge=0.01,
        le=50,
    )
    opening: Share = number(
        1.0, "what a party asks for at first: 1 its best, 0 no more than it can get without a deal", "share"
    )
    tit_for_tat: Share = number(
        0.0,
        "weight of relative tit for tat against the clock: the target falls by what the others' moves gave",
        "share",
        follows("Faratin, Sierra & Jennings 1998"),
    )
    horizon: int | None = number(
        None,
        "a party's own clock: from this round on it asks for no more than its floor; the deadline by default",
        "months",
        ge=1,
        le=1_200,
    )
    patience: Times = number(
        6,
        "rounds without a package on the table that it could sign, after which a party without hope walks out",
        "rounds",
    )
    stay: Points = number(
        0.0,
        "the most that a package across nobody's declared line may give it for it to walk out then",
        "points a month",
    )
    stall: bool = Field(
        False, description="repeat the last offer as long as the front is believed to move the party's way"
    )
    learns: Literal["nothing", "frequency", "bayes"] = Field(
        "frequency",
        description="what a party makes of the others' words: an issue on which their offers stand still matters to "
        "them (frequency); and which of their red lines are meant (bayes)",
    )


class Pull(Part):
    """A lever that the mediator holds over a party."""

    lever: Word = Field(description="one of the war's levers")
    against: Word = Field(description="the party that is pressed")
    to: Share = number(..., "where the mediator sets it", "index 0-1")
    after: Times = number(3, "refusals in a row after which it is pulled; one yes lets go of it", "answers")


class Mediation(Part):
    """The mediator of a single text."""

    party: Word | None = Field(None, description="who drafts, and states no wish; nobody in particular by default")
    weights: dict[Word, Annotated[float, Field(ge=0, le=1e6)]] | None = number(
        None,
        "how much each signatory's wishes and lines count, scaled to sum to 1; by default half for the camp of each "
        "belligerent, equal within it, or equal without a war; none for who mediates",
        "relative",
    )
    bias: float = number(
        0.0, "leans to the camp of the first belligerent (+1) or of the second (-1)", "none", ge=-1, le=1
    )
    patience: Times = number(12, "rounds without fewer steps between text and lines", "rounds")
    step: float = number(
        0.1, "what a step to a line counts for in a draft, where likeness to a wish counts 1", "likeness", ge=0, le=10
    )
    levers: list[Pull] = Field([], max_length=16)
    drafts_within: Conditions = Field({}, description="no draft leaves these options, such as a ceiling on guarantees")


class Agreement(Part):
    """How many of those asked must accept, and whose word cannot be done without."""

    at_least: int = Field(ge=1, le=64, description="how many must accept")
    vetoes: list[Word] = Field([], description="parties that must be among them")


class Track(Part):
    """One table of several: the drafts made there follow these parties' wishes and move these issues."""

    parties: list[Word] = Field(min_length=1)
    issues: list[Word] = Field(min_length=1)


class Softening(Part):
    """What softens red lines, beside levers: time, setbacks at the front, and offers that tempt."""

    late: float = number(0.8, "share of the time after which lateness begins to soften lines", "share", ge=0, le=0.99)
    setback: float = number(3.0, "move of the front in a month that counts as a full setback", "sigmas", gt=0, le=100)
    tempting: float = number(
        20.0,
        "points above its reservation value at which an offer tempts a party fully",
        "points a month",
        gt=0,
        le=100,
    )


class Hearing(Part):
    """What parties make of the others' words."""

    refused: int = number(
        4,
        "weight of the last offer of somebody who refused what one tabled last; 1 if it accepted",
        "times",
        ge=1,
        le=16,
    )
    pretence: Share = number(
        0.8, "chance that a line which is not meant is pleaded all the same (bayes)", "probability"
    )
    lines: int = number(
        2, "moves towards all others at once that a line surely meant is worth (bayes)", "moves", ge=0, le=16
    )


ProtocolName = Literal["alternating", "bilateral_excluding", "single_text", "shuttle", "two_track"]


class Protocol(Part):
    """How offers are exchanged."""

    name: ProtocolName = "alternating"
    deadline: Months = number(24, "rounds, one a month; `{between: [18, 30]}` draws it anew for each run", "rounds")
    earliest: int | None = number(
        None, "the first round that may be the last one; the deadline by default", "rounds", ge=1, le=1_200
    )
    proposers: list[Word] | None = Field(
        None, min_length=1, description="who makes offers, in turn; every signatory by default"
    )
    mediator: Annotated[Mediation, BeforeValidator(lambda who: {"party": who} if isinstance(who, str) else who)] = (
        Mediation.model_construct()
    )
    softening: Softening = Softening.model_construct()
    hearing: Hearing = Hearing.model_construct()
    memory: int = number(
        256,
        "packages tabled that a run remembers, to be answered anew; the oldest makes room",
        "packages",
        ge=1,
        le=4_096,
    )
    tries: int = number(
        4, "of what it would ask for, how much a party looks at for one it could sign, before its horizon", "packages",
        ge=1, le=15,
    )  # fmt: skip
    discount: float | None = number(
        None,
        "share of what a deal gives above no deal that is left after each round of waiting; 1 by default, and only "
        "without a war, where time has a price of its own",
        "share a round",
        follows("Rubinstein 1982"),
        gt=0,
        le=1,
    )
    tracks: list[Track] = Field([], max_length=8, description="the tables of two_track, taken in turn")
    agreement: Annotated[
        Annotated[Literal["unanimity"], Tag("rule")] | Annotated[Agreement, Tag("counted")],
        Discriminator(lambda given: "counted" if isinstance(given, dict | Agreement) else "rule"),
    ] = Field("unanimity", description="`unanimity`, or `{at_least: 3, vetoes: [a]}`")
    start_text: dict[Word, OptionWord] = Field(
        {}, description="options of the first text; issues left out stand at the status quo"
    )

    @model_serializer(mode="wrap")
    def _without_a_discount(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Where none is said none is written, so that what scenarios come to keeps the hashes it had without one."""
        return {name: value for name, value in plain(self).items() if name != "discount" or value is not None}

    @model_validator(mode="before")
    @classmethod
    def _between(cls, given: Any) -> Any:
        """`deadline: {between: [18, 30]}` stands for the earliest and the latest."""
        deadline = given.get("deadline") if isinstance(given, dict) else None
        if not isinstance(deadline, dict):
            return given
        ends = deadline.get("between")
        if set(deadline) != {"between"} or not isinstance(ends, list) or len(ends) != 2:
            raise ValueError("deadline should be a number of rounds, or {between: [18, 30]}")
        return given | {"earliest": ends[0], "deadline": ends[1]}


class Event(Part):
    """Something that happens at the start of a round, whatever the parties do."""

    round: Months = Field(description="when it happens")
    note: Text = Field(description="what happens, in words")
    levers: dict[Word, Share] = number({}, "where levers of the war stand from then on", "index 0-1")
    share: float = number(0.0, "shift of the share held by the first belligerent", "share", ge=-1, le=1)
    breakdown: Share = number(0.0, "chance that the talks break down over it", "probability")
