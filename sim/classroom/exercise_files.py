"""Which exercises there are: scenarios below `classroom/` that say what is asked, each with a handout and a guide.

It finds and reads files; what an exercise asks and how an answer is marked lies elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sim.classroom.handed_in import read_text
from sim.errors import ScenarioNotFoundError
from sim.scenario.exercise_schema import Exercise
from sim.scenario.library import find, slugs
from sim.scenario.loader import Loaded, load

REAL, FICTIONAL = "classroom", "classroom/fictional"
LARGEST_PAPER = 1_000_000
"""Bytes of a paper that are read at most."""
Paper = Literal["handout", "guide"]
SUFFIX: dict[Paper, str] = {"handout": ".md", "guide": ".guide.md"}


@dataclass(frozen=True, eq=False)
class Entry:
    """One exercise: what it asks, its slug, its scenario, and the papers beside it."""

    asked: Exercise
    slug: str
    loaded: Loaded

    @property
    def number(self) -> int:
        """What it is called by."""
        return self.asked.number

    def paper(self, kind: Paper) -> str:
        """The Markdown text of a paper, which lies beside the scenario."""
        path = find(self.slug)
        beside = path.with_name(path.stem + SUFFIX[kind])
        if not beside.is_file():
            raise ScenarioNotFoundError(f"exercise {self.number} has no {kind}: there is no {beside}")
        return read_text(beside, LARGEST_PAPER)


def exercises(fictional: bool = False) -> list[Entry]:
    """All exercises in order, under real or under fictional names."""
    folder = FICTIONAL if fictional else REAL
    found = [_entry(slug, str(find(slug))) for slug in slugs() if slug.rpartition("/")[0] == folder]
    return sorted(filter(None, found), key=lambda entry: entry.number)


@cache
def _entry(slug: str, path: str) -> Entry | None:
    """An exercise by its slug; ``path`` tells apart files of one slug in different folders."""
    loaded = load(path)
    asked = loaded.scenario.exercise
    return None if asked is None else Entry(asked, slug, loaded)


def exercise(number: int, fictional: bool = False) -> Entry:
    """The exercise of a number.

    Raises:
        ScenarioNotFoundError: with the numbers that there are.
    """
    known = {entry.number: entry for entry in exercises(fictional)}
    if number not in known:
        listed = ", ".join(str(n) for n in known)
        raise ScenarioNotFoundError(f"there is no exercise {number} (there are: {listed or 'none'})")
    return known[number]
