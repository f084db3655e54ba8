"""Tables of marks as schools take them: a row an answer, or a row a student as Canvas and Moodle import.

They are told from everything else by their first line, so that no other table is ever written over. The rules are the
vendors' own: those of Canvas's importer (instructure/canvas-lms: gradebook_importer.rb, process_gradebook_upload.js)
and of Moodle's page on importing grades (docs.moodle.org/405/en/Grade_import).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast, get_args

from sim.classroom import spreadsheet
from sim.classroom.exercise_base import FULL
from sim.classroom.exercise_files import exercise, exercises
from sim.classroom.roster import Pupil, Roster
from sim.classroom.student_ids import known_as
from sim.errors import AnswerError, OutputError, nearest
from sim.files import beginning, write_whole
from sim.markup import counted
from sim.overwriting import only_ours

Form = Literal["long", "canvas", "moodle"]
Column = tuple[int, bool]
"""An exercise, and whether it is under fictional names."""
COLUMNS = ("id", "exercise", "score", "attempts", "messages")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
"""What Canvas knows a student by, in its order: the importer wants "Student" first, an "ID" second and "Section" last
before the marks. It looks a student up by ID, then by SIS User ID, SIS Login ID and name."""
IDENTIFIERS = ("ID number", "Email address", "Username")
"""What Moodle may know a student by: "Map from" one of these "to" the same field of the profile."""
POINTS = "    Points Possible"
"""What Canvas calls the row of full marks."""
SHOWN = 30
"""Students that are named on the screen."""
LONGEST_HEAD = 40_000
TITLE = r'"?Exercise [0-9]+( \(fictional names\))?: [^,"(]*( feedback)?"?'
HEADS = re.compile(rf"({','.join(COLUMNS)}|{','.join(CANVAS)}(,{TITLE})*|[^,]{{1,80}}(,{TITLE})+)")
"""The first line of every table that we write."""


@dataclass(frozen=True)
class Row:
    """A mark, if there is one: the student's id, or the file's name when there is none to be read."""

    student: str
    exercise: int | None
    score: int | None
    attempts: int
    messages: tuple[str, ...]
    fictional: bool = False

    @property
    def column(self) -> Column:
        """Which exercise it is of; under fictional names another one."""
        return self.exercise or 0, self.fictional

    def measures(self) -> dict[str, Any]:
        """The mark as plain data, in the columns of the long table's row and their words."""
        return {name: value for name, value in asdict(self).items() if name != "fictional"}


@dataclass(frozen=True)
class Sorted:
    """Rows beside a class list: who of it is missing for which exercise, and the rows of nobody on it."""

    rows: tuple[Row, ...]
    missing: tuple[tuple[Pupil, Column], ...]
    strangers: tuple[Row, ...]

    def measures(self) -> dict[str, Any]:
        """What is beside the rows, as plain data."""
        return {
            "missing": [
                {"student": pupil.shown, "exercise": number, "names": "fictional" if fictional else "real"}
                for pupil, (number, fictional) in self.missing
            ],
            "not_on_the_list": [row.student for row in self.strangers],
        }

    def sentences(self, roster: Roster) -> list[str]:
        """The same in lines for a person."""
        said = [f'Ids are in the column "{roster.column}"; {counted(len(roster.pupils), "student")} on the list.']
        if roster.without:
            said.append(f"Passed over for having no id there: {counted(roster.without, 'row')}.")
        for column in dict.fromkeys(column for _, column in self.missing):
            absent = [pupil.shown for pupil, other in self.missing if other == column]
            names = ", ".join(absent[:SHOWN]) + (f" and {len(absent) - SHOWN} more" if len(absent) > SHOWN else "")
            said.append(f"Nothing for exercise {column[0]}{' (fictional names)' * column[1]} from {names}.")
        said += [f"{row.student}: {row.messages[0]}" for row in self.strangers[:SHOWN]]
        more = len(self.strangers) - SHOWN
        return said + ([f"and {counted(more, 'more id')} that the list has not"] if more > 0 else [])


def form_of(word: str, listed: bool) -> Form:
    """The form of a table by its name; ``listed`` where there is a class list.

    Raises:
        AnswerError: for another word, and for Canvas without a class list.
    """
    if word not in get_args(Form):
        raise AnswerError(f'there is no format "{word[:40]}"{nearest(word[:40], get_args(Form))}')
    if word == "canvas" and not listed:
        raise AnswerError("Canvas knows students by its own columns: give its exported gradebook with --roster")
    return cast(Form, word)


def by_roster(rows: Sequence[Row], roster: Roster) -> Sorted:
    """Rows held against a class list; a row of nobody on it says who may be meant."""
    asked = sorted({row.column for row in rows if _asked(row)})
    listed: list[Row] = []
    strangers: list[Row] = []
    there: dict[Column, list[str]] = {column: [] for column in asked}
    for row in rows:
        if not _asked(row):
            listed.append(row)
        elif known_as(row.student) in roster.ids:
            listed.append(row)
            there[row.column].append(known_as(row.student))
        else:
            close = roster.nearest(row.student)
            said = "is not on the class list" + (f' (did you mean "{close}"?)' if close else "")
            strangers.append(replace(row, messages=(said, *row.messages)))
            listed.append(strangers[-1])
    missing = [(pupil, column) for column in asked for pupil in roster.missing(there[column])]
    return Sorted(tuple(listed), tuple(missing), tuple(strangers))


def _asked(row: Row) -> bool:
    """Whether a row is of an exercise that there is."""
    return row.exercise in {entry.number for entry in exercises(row.fictional)}


def marks_tables(rows: Sequence[Row], form: Form, roster: Roster | None = None) -> dict[str, str]:
    """The tables of marks by what the names of their files end in: one, but for Canvas and Moodle one an exercise.

    Both delete a mark where a cell is empty, and somebody may have handed in one exercise and not the other.
    """
    asked = _columns(_by_student(rows, roster))
    if form == "long" or len(asked) < 2:
        return {"": marks_text(rows, form, roster)}
    return {
        f"-exercise-{number}{'-fictional' * fictional}": marks_text(
            [row for row in rows if row.column == (number, fictional)], form, roster
        )
        for number, fictional in asked
    }


def marks_text(rows: Sequence[Row], form: Form, roster: Roster | None = None) -> str:
    """The table of marks; for Canvas and Moodle of those who have one for each exercise in ``rows``."""
    if form == "long":
        return _long(rows, roster)
    marks = _by_student(rows, roster)
    asked = _columns(marks)
    return _moodle(marks, asked, rows, roster) if roster is None or form == "moodle" else _canvas(marks, asked, roster)


def _by_student(rows: Iterable[Row], roster: Roster | None) -> dict[str, dict[Column, Row]]:
    """The rows with a mark of each student of the class, by exercise."""
    marks: dict[str, dict[Column, Row]] = {}
    for row in rows:
        if _asked(row) and row.score is not None:
            student = known_as(row.student)
            if roster is None or student in roster.ids:
                marks.setdefault(student, {})[row.column] = row
    return marks


def _columns(marks: dict[str, dict[Column, Row]]) -> list[Column]:
    return sorted({column for row in marks.values() for column in row})


def _long(rows: Sequence[Row], roster: Roster | None) -> str:
    cells: list[Sequence[object]] = [
        [
            row.student,
            "" if row.exercise is None else row.exercise,
            "" if row.score is None else row.score,
            row.attempts,
            " | ".join(row.messages),
        ]
        for row in rows
    ]
    absent = [] if roster is None else by_roster(rows, roster).missing
    cells += [[pupil.shown, number, "", 0, "nothing handed in"] for pupil, (number, _) in absent]
    return spreadsheet.written(COLUMNS, cells, marked=False)  # scripts read it by column


def title(column: Column) -> str:
    """What the column of an exercise is called: its number and its title, without commas and brackets."""
    number, fictional = column
    said = exercise(number, fictional).loaded.scenario.title.partition(":")[2].strip()
    plain = re.sub(r"[^\w\s'-]", "", said)[:60].strip()
    return f"Exercise {number}{' (fictional names)' * fictional}: {plain}"


def _canvas(marks: dict[str, dict[Column, Row]], asked: Sequence[Column], roster: Roster) -> str:
    """One column an exercise, a row a student who has a mark in each; whoever handed nothing in is left out and keeps
    what Canvas has, for Canvas takes an empty cell in place of a mark for no mark.
    """
    rows: list[Sequence[object]] = [[POINTS, "", "", "", "", *[FULL] * len(asked)]]
    for pupil in roster.pupils:
        known = {name: pupil.row.get(name, "") for name in CANVAS}
        known["Student"] = known["Student"] or pupil.name or pupil.shown
        if not any(known[name] for name in CANVAS[1:4]):
            known["SIS User ID"] = pupil.shown
        mine = marks.get(pupil.id, {})
        if mine and len(mine) == len(asked):
            rows.append([*known.values(), *[mine[one].score for one in asked]])
    return spreadsheet.written([*CANVAS, *map(title, asked)], rows)


def _moodle(
    marks: dict[str, dict[Column, Row]], asked: Sequence[Column], rows: Iterable[Row], roster: Roster | None
) -> str:
    """One column an exercise and one for what is said of it: given the feedback alone, Moodle loses the marks. An empty
    mark would delete one, so there is none: whoever lacks one is left out.
    """
    shown = {known_as(row.student): row.student for row in rows if _asked(row)}
    head, by = IDENTIFIERS[0], IDENTIFIERS[0]
    if roster is not None:
        by = next((name for name in IDENTIFIERS if roster.pupils[0].row.get(name)), roster.column)
        shown = {pupil.id: pupil.row.get(by) or pupil.shown for pupil in roster.pupils}
        head = re.sub(r'[,"\s]+', " ", by)[:80] or IDENTIFIERS[0]
    cells: list[Sequence[object]] = []
    for student, name in shown.items():
        mine = [marks[student][one] for one in asked if one in marks.get(student, {})]
        if mine and len(mine) == len(asked):
            cells.append([name, *[part for row in mine for part in (row.score, " | ".join(row.messages))]])
    return spreadsheet.written(
        [head, *[part for one in asked for part in (title(one), f"{title(one)} feedback")]], cells
    )


def is_table(path: Path) -> bool:
    """Whether a file is a table of marks."""
    try:
        start = beginning(path, LONGEST_HEAD)
    except OSError:
        return False
    head = start.partition(b"\n")[0].decode("utf-8-sig", errors="replace").rstrip("\r")
    return HEADS.fullmatch(head) is not None


def only_marks(path: Path, others: Iterable[Path] = ()) -> None:
    """Refuse to replace anything but a table of marks, and one that is read from.

    Raises:
        OutputError: when something else stands there, or nothing can be written.
    """
    if any(path.resolve() == other.resolve() for other in others):
        raise OutputError(f"{path} is read from and is not overwritten; name another file with --out")
    only_ours(path, is_table, "table of marks")


def write_marks(out: Path, tables: dict[str, str], others: Iterable[Path] = ()) -> list[Path]:
    """Write the tables of `marks_tables` where ``out`` says, and say where they are; see `only_marks`.

    Raises:
        OutputError: when something else stands there, or nothing can be written.
    """
    made = {out.with_stem(f"{out.stem}{end}"): text for end, text in tables.items()}
    kept = list(others)
    for path in made:
        only_marks(path, kept)
    for path, text in made.items():
        write_whole(path, text)
    return list(made)
