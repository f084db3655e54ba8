"""Students' ids: one way to write each, and a file's name for it that is no other id's."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from sim.errors import AnswerError

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
