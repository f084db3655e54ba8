"""From an exercise and a student's id to that student's own variant: the same id always gives the same one.

Variants without a proper answer are passed over; nothing here marks an answer.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from math import prod
from typing import Any

from sim.classroom.assignment import Assignment
from sim.classroom.catalogue import Entry
from sim.classroom.exercises.commitment import CommitmentAssignment
from sim.classroom.exercises.find_zone import FindZoneAssignment
from sim.classroom.exercises.live_table import LiveTableAssignment
from sim.classroom.exercises.logroll import LogrollAssignment
from sim.classroom.exercises.move_batna import MoveBatnaAssignment
from sim.classroom.exercises.read_sources import ReadSourcesAssignment
from sim.classroom.exercises.ripeness import RipenessAssignment
from sim.classroom.exercises.tournament import TournamentAssignment
from sim.classroom.exercises.two_level import TwoLevelAssignment
from sim.errors import AnswerError, ScenarioError
from sim.scenario.exercise_schema import Asked
from sim.scenario.loader import with_changes

KINDS: dict[str, type[Assignment[Any]]] = {
    "find_zone": FindZoneAssignment,
    "move_batna": MoveBatnaAssignment,
    "logroll": LogrollAssignment,
    "two_level": TwoLevelAssignment,
    "commitment": CommitmentAssignment,
    "ripeness": RipenessAssignment,
    "live_table": LiveTableAssignment,
    "tournament": TournamentAssignment,
    "read_sources": ReadSourcesAssignment,
}
"""Every kind of exercise that a scenario can ask for: a line each."""
MOST_TRIES = 400
"""Variants looked at before an exercise is said to have none with an answer."""
LONGEST_ID = 64
TOLD_APART = re.compile(r"(.*-)?[0-9a-f]{12}|con|prn|aux|nul|(com|lpt)[0-9]")
"""Plain ids that get digits too: what could be another id's name, and what Windows keeps for devices."""


def known_as(student: Any) -> str:
    """A student's id as all of us write it: one line, composed letters, no case.

    >>> known_as("  Ana-7 ")
    'ana-7'
    """
    if type(student) is int:
        student = str(student)
    if not isinstance(student, str):
        raise AnswerError('student should be an id, such as "ana"; in quotes where it looks like a number')
    text = unicodedata.normalize("NFC", student).strip().casefold()
    if not 0 < len(text) <= LONGEST_ID:
        raise AnswerError(f"student should be an id of 1 to {LONGEST_ID} letters")
    if not all(letter.isprintable() for letter in text):
        raise AnswerError("student holds characters that cannot be printed")
    return text


def file_name(student: str) -> str:
    """A student's id in a file's name, never another's; an id that makes no good one is told apart by digits.

    >>> file_name("ana"), file_name("../ana b")
    ('ana', 'ana-b-1d75b1651127')
    """
    plain = re.sub(r"[^a-z0-9-]+", "-", student).strip("-")
    if plain == student and not TOLD_APART.fullmatch(plain):
        return plain
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:12]}".strip("-")


def assign(entry: Entry, student: str | None = None) -> Assignment[Any]:
    """A student's variant of an exercise; without a student, the scenario as it stands.

    Raises:
        ScenarioError: when no variant has a proper answer.
    """
    if student is None:
        return _variant(entry, ())
    for attempt in range(MOST_TRIES):
        variant = _variant(entry, _changes(entry.asked, f"{entry.number}/{known_as(student)}/{attempt}"))
        if variant.solvable:
            return variant
    raise ScenarioError(f"no variant of exercise {entry.number} has a proper answer", where=entry.slug)


@lru_cache(maxsize=1_024)
def _variant(entry: Entry, changes: tuple[str, ...]) -> Assignment[Any]:
    """One variant; students that share it share what it has worked out."""
    return KINDS[entry.asked.kind](with_changes(entry.loaded, changes))


def _changes(asked: Asked, address: str) -> tuple[str, ...]:
    """The values of everything that varies, chosen by the digest of an address."""
    digest = int.from_bytes(hashlib.sha256(address.encode()).digest())
    number = digest % prod(len(values) for values in asked.vary.values())
    chosen = []
    for path, values in asked.vary.items():
        number, place = divmod(number, len(values))
        chosen.append(f"{path}={values[place]}")
    return tuple(chosen)
