"""The part of a scenario file that makes a classroom exercise of it: what is asked, and what differs by student.

It says nothing of the answer, which is computed from the scenario each time; how is `sim.classroom`'s business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, StringConstraints, Tag

from sim.scenario.conditions import Conditions
from sim.scenario.keys import Word
from sim.scenario.schema_part import Part, by_key
from sim.scenario.talks_schema import Tactic
from sim.scenario.texts_and_numbers import Months, Share, Text

Path = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A field of the scenario, as `--set` calls it."""


class Grid(Part):
    """Values of one field, evenly spaced."""

    path: Path
    low: float = Field(description="the first")
    high: float = Field(description="the last")
    step: float = Field(gt=0, description="from one to the next")

    @property
    def values(self) -> list[float]:
        """All of them, without the dust of adding up."""
        count = round((self.high - self.low) / self.step)
        return [round(self.low + n * self.step, 9) for n in range(count + 1)]


class Mention(NamedTuple):
    """A word of an exercise that names something: what, and where below `exercise`.

    An option is one of the issue that its path ends with; ``known`` are the names where the exercise itself has them.
    """

    what: Literal["party", "issue", "option", "red line", "article", "tactic"]
    word: str
    path: tuple[str | int, ...]
    known: Collection[str] = ()


class Asked(Part):
    """What every exercise says of itself."""

    number: int = Field(ge=1, le=99, description="what the exercise is called by")
    objective: Text
    questions: list[Text] = Field(min_length=1, max_length=6)
    vary: dict[Path, list[str | int | float]] = Field(
        {}, description="fields of the scenario and the values that they take, by student"
    )

    def mentions(self) -> Iterator[Mention]:
        """All words that name something, to be checked against it."""
        yield from ()


class FindZone(Asked):
    """Which single red line shuts the zone, and what lies in it without that line."""

    kind: Literal["find_zone"]
    most: int = Field(8, ge=1, description="packages that an answer has to list at most")


class MoveBatna(Asked):
    """The least cost of going on at which a zone appears, and who gains from more of it."""

    kind: Literal["move_batna"]
    cost: Grid


class Logroll(Asked):
    """A package that both prefer to the start text of the protocol."""

    kind: Literal["logroll"]


class TwoLevel(Asked):
    """The quorum at home at which the zone vanishes, and whether a smaller zone helps before."""

    kind: Literal["two_level"]
    party: Word
    quorum: Grid

    def mentions(self) -> Iterator[Mention]:
        """Who must ratify."""
        yield Mention("party", self.party, ("party",))


class Commitment(Asked):
    """The least option of an issue that makes a package hold, and whose deeds it needs."""

    kind: Literal["commitment"]
    issue: Word
    package: dict[Word, Word]
    months: Months = Field(60, description="how long the package is to hold")
    chance: Share = Field(0.5, description="with which chance at least")

    def mentions(self) -> Iterator[Mention]:
        """The issue that is open, and the options of the others."""
        yield Mention("issue", self.issue, ("issue",))
        for issue_id, option in self.package.items():
            yield Mention("option", option, ("package", issue_id))


class Ripeness(Asked):
    """In which round the talks end when continuing costs one side, or both, twice as much."""

    kind: Literal["ripeness"]
    pains: dict[Word, list[Path]] = Field(
        min_length=2, description="by name of the question: which fields are multiplied"
    )
    times: float = Field(2, gt=1, le=10, description="by how much")
    runs: int = Field(200, ge=20, le=2_000, description="runs of the talks for each question")


class Tournament(Asked):
    """A tactic that does well against others, and against the hardliner."""

    kind: Literal["tournament"]
    hardliner: Word = Field(description="which tactic of the field is the one to beat")
    field: dict[Word, Tactic] = Field(min_length=2, max_length=24, description="the tactics that are met, by name")
    runs: int = Field(20, ge=10, le=1_000, description="runs of the talks for each pair of tactics and seats")

    def mentions(self) -> Iterator[Mention]:
        """The tactic to beat."""
        yield Mention("tactic", self.hardliner, ("hardliner",), self.field)


class LiveTable(Asked):
    """After talks between people: what all could have signed, and whom another package did not suit."""

    kind: Literal["live_table"]
    package: dict[Word, Word] = Field(description="what is asked about; issues left out stand at the status quo")

    def mentions(self) -> Iterator[Mention]:
        """The options of the package."""
        for issue_id, option in self.package.items():
            yield Mention("option", option, ("package", issue_id))


class Said(Part):
    """Another way to read a source, with where it is said."""

    id: Word
    says: Text
    article: Word
    paragraph: int = Field(ge=1, le=10_000, description="counted as non-empty lines")


class ReadingOfAll(Said):
    """What all red lines bind: only a settlement, or any ceasefire."""

    reading: Literal["settlement", "ceasefire"]


class ReadingOfLine(Said):
    """What one red line asks for."""

    line: Word
    requires: Conditions = Field(min_length=1, max_length=1)


Reading = Annotated[
    Annotated[ReadingOfAll, Tag("of all")] | Annotated[ReadingOfLine, Tag("of a line")],
    by_key(ReadingOfAll, "reading", "of all", "of a line"),
]


class ReadSources(Asked):
    """Which other reading of a source turns the verdict."""

    kind: Literal["read_sources"]
    readings: list[Reading] = Field(min_length=2, max_length=12)

    def mentions(self) -> Iterator[Mention]:
        """What each reading is about, and where it is said."""
        for n, reading in enumerate(self.readings):
            if isinstance(reading, ReadingOfLine):
                yield Mention("red line", reading.line, ("readings", n, "line"))
            yield Mention("article", reading.article, ("readings", n, "article"))


Exercise = Annotated[
    FindZone | MoveBatna | Logroll | TwoLevel | Commitment | Ripeness | LiveTable | Tournament | ReadSources,
    Field(discriminator="kind"),
]
