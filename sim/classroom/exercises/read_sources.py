"""Exercise: which other reading of a source turns the verdict on the zone, and where it is said.

A reading is of all red lines (do they bind a settlement alone, or any ceasefire?) or of what one of them asks. It must
not tell which one turns the verdict.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sim.classroom import answer_parts as parts
from sim.classroom.exercise_base import Assignment, Judged, Question
from sim.errors import AnswerError
from sim.markup import plain
from sim.plain import text_of
from sim.scenario.exercise_schema import Reading, ReadingOfAll, ReadSources
from sim.zone.region import find_zone

OPEN, SHUT = "open", "shut"
BINDS = {"settlement": "only a settlement", "ceasefire": "any ceasefire"}
"""What red lines bind, by reading."""


class ReadSourcesAssignment(Assignment[ReadSources]):
    """How much of a verdict is the reading of a source."""

    def under(self, reading: Reading | None) -> str:
        """Whether the ceasefire zone is open or shut with another reading in place of the one that stands."""
        loaded = self.loaded if reading is None else self.changed(*changes_of(reading))
        return OPEN if find_zone(loaded.case).exists() else SHUT

    @cached_property
    def before(self) -> str:
        """The verdict as the scenario stands."""
        return self.under(None)

    @cached_property
    def turning(self) -> list[Reading]:
        """The readings that turn it."""
        return [reading for reading in self.asked.readings if self.under(reading) != self.before]

    @property
    def solvable(self) -> bool:
        """One reading and no other."""
        return len(self.turning) == 1

    def questions(self) -> list[Question]:
        """The reading, the two verdicts, the place."""
        return [
            Question("reading", "the id of a reading", "", 40, self._reading),
            Question("before", "open or shut", "", 10, self._before),
            Question("after", "open or shut", "", 20, self._after),
            Question("source", "the article and its paragraph", {"article": "", "paragraph": 0}, 30, self._source),
        ]

    def solution(self) -> dict[str, Any]:
        """The reading with its place, and both verdicts."""
        (turning,) = self.turning
        place = {"article": turning.article, "paragraph": turning.paragraph}
        after = self.under(turning)
        return {"reading": turning.id, "before": self.before, "after": after, "source": place}

    def facts(self) -> list[str]:
        """What all lines bind as the scenario stands, the other readings and where they are said."""
        stands = self.loaded.scenario.reading
        said = [
            f"- `{r.id}` (for {'all red lines' if isinstance(r, ReadingOfAll) else f'`{r.line}`'}): {plain(r.says)} "
            f"[{r.article} ¶{r.paragraph}]"
            for r in self.asked.readings
        ]
        as_it_stands = [f"**As they stand** all red lines bind {BINDS[stands]}."] if stands else []
        return [*as_it_stands, "**Other readings**\n\n" + "\n".join(said)]

    def _reading(self, given: Any) -> Judged:
        said = parts.word(given, [reading.id for reading in self.asked.readings], "reading")
        if said == self.turning[0].id:
            return Judged(1, "right: this reading turns the verdict and no other does")
        return Judged(0, "with this reading the ceasefire zone is open or shut as before")

    def _before(self, given: Any) -> Judged:
        said = parts.word(given, [OPEN, SHUT], "answer")
        return Judged(1, "right") if said == self.before else Judged(0, "look at the zone without any change")

    def _after(self, given: Any) -> Judged:
        said = parts.word(given, [OPEN, SHUT], "answer")
        right = said == self.under(self.turning[0])
        return Judged(1, "right") if right else Judged(0, "a verdict that turns is not what it was before")

    def _source(self, given: Any) -> Judged:
        if not isinstance(given, dict):
            raise AnswerError("should name an article and a paragraph")
        given = parts.keyed(given, ["article", "paragraph"], "field")
        article = parts.word(given.get("article"), self.loaded.scenario.articles, "article")
        paragraph = parts.real(given.get("paragraph"), 1, self.loaded.scenario.articles[article].paragraphs)
        (turning,) = self.turning
        if (article, paragraph) == (turning.article, turning.paragraph):
            return Judged(1, "right: that is where it is said")
        if article == turning.article:
            return Judged(0.5, "the article is right, the paragraph is not")
        return Judged(0, "the reading that turns the verdict is drawn from another article")


def changes_of(reading: Reading) -> list[str]:
    """The ``PATH=VALUE`` changes that put a reading in place of the one that stands."""
    if isinstance(reading, ReadingOfAll):
        return [f"reading={reading.reading}"]
    requires = reading.model_dump(mode="json", exclude_none=True)["requires"]
    return [f"red_lines.{reading.line}.requires={' '.join(text_of(requires).split())}"]
