"""A class list: whose answers are waited for, under the ids that the school knows them by.

It is a text with an id a line, or a table as learning platforms export one. Who is missing and whose id stands nowhere
is told by comparison; no mark is changed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from sim.classroom import answer_parts
from sim.classroom.handed_in import read_text
from sim.classroom.spreadsheet import LARGEST, Table, read_table
from sim.classroom.student_ids import known_as
from sim.errors import AnswerError, nearest

IDS = (
    *("student id", "id number", "matriculation number", "sis user id", "sis login id", "username", "user name"),
    *("login", "user", "studentid", "ids", "id", "student", "students", "email address", "email", "e mail"),
)
"""Columns that hold ids, the likeliest first, written as `answer_parts.key` writes."""
NAMES = ("student", "name", "full name")
HEADINGS = {*IDS, *NAMES, "student ids", "names"}
"""What stands at the head of a list where the first student is expected."""
NO_STUDENT = ("points possible", "student, test")
"""Rows of a gradebook that are nobody."""
LARGEST_CLASS = 500


@dataclass(frozen=True)
class Pupil:
    """One student of a list: the id as all of us write it and as the list does, a name, and the whole row by column."""

    id: str
    shown: str
    name: str
    row: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """A class: its students in the order of the list, the column that their ids stand in, and rows without an id."""

    path: Path
    column: str
    pupils: tuple[Pupil, ...]
    without: int = 0

    @property
    def ids(self) -> dict[str, Pupil]:
        """The students by id."""
        return {pupil.id: pupil for pupil in self.pupils}

    def nearest(self, student: str) -> str | None:
        """The student of the list that an unknown id may be meant for, by id or by name."""
        words = {pupil.id: pupil for pupil in self.pupils} | {
            answer_parts.key(p.name): p for p in self.pupils if p.name
        }
        close = get_close_matches(answer_parts.key(student), words, n=1, cutoff=0.6)
        return words[close[0]].shown if close else None

    def missing(self, there: Iterable[str]) -> list[Pupil]:
        """Those of whom nothing is there."""
        handed_in = set(there)
        return [pupil for pupil in self.pupils if pupil.id not in handed_in]


def read_roster(path: Path, column: str | None = None) -> Roster:
    """The class in a file; ``column`` holds the ids where the file's own headings do not tell.

    Raises:
        AnswerError: for a list that cannot be read, has no such column, is empty or too long, or holds somebody twice.
    """
    table = _table(path, column)
    place = 0 if column is None and len(table.columns) == 1 else column_of_ids(table, column)
    heads = [answer_parts.key(head) for head in table.columns]
    name_at = next((heads.index(head) for head in NAMES if head in heads and heads.index(head) != place), None)
    family = [heads.index(head) for head in ("first name", "surname", "last name") if head in heads]
    pupils: dict[str, Pupil] = {}
    lines: dict[str, int] = {}
    without = 0
    for line, cells in table.rows:
        if any(answer_parts.key(cell) in NO_STUDENT for cell in cells[:2]):
            continue
        if not cells[place]:
            without += 1
            continue
        try:
            student = known_as(cells[place])
        except AnswerError as error:
            raise AnswerError(f"{table.where(line)}: {error}") from None
        if student in pupils:
            raise AnswerError(f'{table.where(line)}: "{cells[place][:60]}" stands in line {lines[student]} already')
        name = cells[name_at] if name_at is not None else " ".join(cells[n] for n in family)
        row = dict(zip(table.columns, cells, strict=True))
        pupils[student], lines[student] = Pupil(student, cells[place], name, row), line
    if not 0 < len(pupils) <= LARGEST_CLASS:
        raise AnswerError(f"{path} should hold 1 to {LARGEST_CLASS} students, not {len(pupils)}")
    return Roster(path, table.columns[place], tuple(pupils.values()), without)


def _table(path: Path, column: str | None) -> Table:
    """The table in a file. A text with an id a line is one of a single column: it need have no heading, what follows a
    # is left out, and a comma before a blank is part of an id, unless the heading is known for that of a table.
    """
    text = read_text(path, LARGEST)
    lines = enumerate(text.splitlines(), 1)
    said = [(number, bare) for number, line in lines if (bare := line.partition("#")[0].strip())]
    if not said or "\0" in text:
        return read_table(path)
    first, known = said[0][1], [answer_parts.key(cell) in HEADINGS for cell in re.split("[,;\t]", said[0][1])]
    parted = re.search("[;\t]|,(?! )", re.sub('"[^"]*"', "", first)) or (len(known) > 1 and any(known))
    if column is not None or parted:
        return read_table(path)
    heading = said.pop(0)[1] if known == [True] else "id"
    return Table(path, (heading,), tuple((number, (text.strip('"'),)) for number, text in said))


def column_of_ids(table: Table, column: str | None) -> int:
    """Where the ids of a table stand: in the column that is named, or else under the likeliest heading.

    Raises:
        AnswerError: when there is no such column.
    """
    heads = [answer_parts.key(head) for head in table.columns]
    if column is not None:
        if answer_parts.key(column) not in heads:
            raise AnswerError(f'{table.path} has no column "{column[:60]}"{nearest(column[:60], table.columns)}')
        return heads.index(answer_parts.key(column))
    found = next((heads.index(head) for head in IDS if head in heads), None)
    if found is None:
        listed = ", ".join(table.columns[:8])
        raise AnswerError(f"{table.path} has no column of ids that is known (it has: {listed}); name it with --id")
    return found
