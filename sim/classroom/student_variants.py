"""From an exercise and a student's id to that student's own variant: the same id always gives the same one.

Variants without a proper answer are passed over; nothing here marks an answer.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from math import prod
from typing import Any

from sim.classroom.exercise_base import Assignment
from sim.classroom.exercise_files import Entry
from sim.classroom.exercise_kinds import KINDS
from sim.classroom.student_ids import known_as
from sim.errors import ScenarioError
from sim.scenario.exercise_schema import Asked
from sim.scenario.loader import with_changes

MOST_TRIES = 400
"""Variants looked at before an exercise is said to have none with an answer."""


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
