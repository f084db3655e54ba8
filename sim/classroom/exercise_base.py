"""What every exercise has in common: a personal scenario, questions with points, and an answer marked by recomputing.

A judge says which property an answer lacks; it must not say what the right answer is.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sim.classroom import answer_parts
from sim.errors import AnswerError, nearest
from sim.scenario.exercise_schema import Asked
from sim.scenario.loader import Loaded, with_changes

FULL = 100
"""Points of a whole answer."""

E = TypeVar("E", bound=Asked)


class Judged(NamedTuple):
    """The share of a question's points that an answer earns, and what is said about it."""

    share: float
    message: str


@dataclass(frozen=True)
class Question:
    """One thing that is asked: the key in the answer file, what to write there, and how it is judged.

    ``judge`` takes what stands there; it may raise `AnswerError` for what cannot be an answer. The share of the points
    that is ``enough`` tells a whole answer from a part of one: less than 1 only where quality counts too.
    """

    field: str
    asks: str
    blank: Any
    points: int
    judge: Callable[[Any], Judged]
    enough: float = 1.0

    def judged(self, given: Any) -> Judged | AnswerError:
        """What stands there judged, or why it is no answer."""
        try:
            return AnswerError("is not answered") if given in (None, "", [], {}) else self.judge(given)
        except AnswerError as error:
            return error


@dataclass(frozen=True)
class Marked:
    """An answer's score, of `FULL`, a message for each question, and whether all were answered, quality aside."""

    score: int
    messages: tuple[str, ...]
    passed: bool


QUALITY = 10
"""Points at most that hang on how good a package is rather than on whether it has the property asked for."""


class Assignment(ABC, Generic[E]):
    """An exercise as one student is given it. Subclasses compute their measures once and keep them."""

    locked = False
    """Whether the first answer counts, because later ones could be read off a run."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded, self.asked = loaded, cast(E, loaded.scenario.exercise)

    @property
    @abstractmethod
    def solvable(self) -> bool:
        """Whether this variant has an answer worth looking for."""

    @abstractmethod
    def questions(self) -> list[Question]:
        """What is asked; the points sum to `FULL`."""

    @abstractmethod
    def solution(self) -> dict[str, Any]:
        """An answer that is right: for tests and for the instructor's guide, never for a message."""

    def facts(self) -> list[str]:
        """What only this exercise puts before a student, as paragraphs of Markdown."""
        return []

    def on_paper(self) -> list[str]:
        """What a printed sheet of this exercise has besides, to work in: paragraphs of Markdown."""
        return []

    @property
    def articles(self) -> list[str]:
        """The articles that its red lines and its questions name, in order."""
        named = {source.article for line in self.loaded.scenario.red_lines for source in line.sources}
        return sorted(named | {mention.word for mention in self.asked.mentions() if mention.what == "article"})

    @property
    def party_names(self) -> dict[str, str]:
        """The parties by id, with the names that an answer may use as well."""
        return {party_id: party.name for party_id, party in self.loaded.scenario.parties.items()}

    @property
    def texts(self) -> list[str]:
        """The questions in words, with the exercise's own numbers where they say ``{name}`` or ``{part.name}``."""
        flat: dict[str, Any] = {}
        for name, value in self.asked.model_dump(mode="json").items():
            flat |= {f"{name}.{key}": v for key, v in value.items()} if isinstance(value, dict) else {name: value}
        return [re.sub(r"\{([a-z_.]+)\}", lambda m: str(flat.get(m[1], m[0])), text) for text in self.asked.questions]

    def changed(self, *changes: str) -> Loaded:
        """The personal scenario with more changes."""
        return with_changes(self.loaded, changes)

    def mark(self, answer: Mapping[str, Any]) -> Marked:
        """The score of an answer and what is said of each part."""
        earned, messages, passed = 0.0, [], True
        judged, others = self._judged(answer)
        for question, found in judged:
            share, said = (0.0, str(found)) if isinstance(found, AnswerError) else found
            earned += share * question.points
            passed &= share >= question.enough
            messages.append(f"{question.field}: {said}")
        return Marked(int(earned + 0.5), (*messages, *others), passed)

    def read(self, answer: Mapping[str, Any]) -> tuple[str, ...]:
        """What cannot be read in an answer, and nothing of what is right in it."""
        judged, others = self._judged(answer)
        wrong = (f"{question.field}: {found}" for question, found in judged if isinstance(found, AnswerError))
        return (*wrong, *others)

    def _judged(self, answer: Mapping[str, Any]) -> tuple[list[tuple[Question, Judged | AnswerError]], list[str]]:
        """Each question with what its part is worth, or why it cannot be read; and what is said of the rest."""
        questions = {question.field: question for question in self.questions()}
        filled, others = _by_question(answer, questions)
        return [(question, question.judged(filled.get(field))) for field, question in questions.items()], others


def _by_question(answer: Mapping[str, Any], fields: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
    """The parts of an answer under the fields that are asked for, however written, and what is said of the others."""
    meant, found, others = {answer_parts.key(field): field for field in fields}, {}, []
    for written, value in answer.items():
        field = meant.get(answer_parts.key(str(written)))
        if field is None:
            others.append(f"{str(written)[:40]}: is not asked here{nearest(str(written)[:40], meant.values())}")
        elif field in found:
            others.append(f"{str(written)[:40]}: appears twice; the first counts")
        else:
            found[field] = value
    return found, others


def first_true(values: list[float], holds: Callable[[float], bool]) -> float | None:
    """The first of rising values from which something holds on; None when it does not hold at the last.

    It must not stop holding in between: then halving the range finds it.

    >>> first_true([0.0, 0.1, 0.2, 0.3], lambda value: value > 0.15)
    0.2
    """
    return values[bisect_left(values[:-1], True, key=holds)] if holds(values[-1]) else None
