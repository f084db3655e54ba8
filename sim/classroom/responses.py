"""Answers from a form: each row of its table is what one student answered to one exercise.

A column is for the question whose name it has or begins with: `red_line`, or `red_line: Which one?`; parts of an
answer may have columns of their own: `package [guarantees]`. Others, such as the time, are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Question
from sim.classroom.exercise_files import exercise
from sim.classroom.grading import Handed, marked
from sim.classroom.papers import Submission
from sim.classroom.roster import column_of_ids
from sim.classroom.spreadsheet import Table, read_table
from sim.classroom.student_ids import known_as
from sim.classroom.student_variants import assign
from sim.errors import AnswerError, CeasefireError

EXERCISE, KIND = "exercise", "names"


def read_responses(
    path: Path,
    number: int | None = None,
    fictional: bool = False,
    column: str | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> list[Handed]:
    """Each row of a form's table with its mark.

    Args:
        path: the table.
        number: the exercise, where no column says it.
        fictional: whether it is under fictional names, where no column says it.
        column: the column of the ids, where the headings do not tell.
        progress: told the share that is done.

    Raises:
        AnswerError: for a table that cannot be read, without ids, or in which no column is for a question.
    """
    table = read_table(path)
    heads = [answer_parts.key(head) for head in table.columns]
    ids = column_of_ids(table, column)
    if number is None and EXERCISE not in heads:
        raise AnswerError(f"{path} does not say which exercise it answers; give it with --exercise")
    if number is not None:
        fields = _columns(table, assign(exercise(number, fictional)).questions())
        if not fields:
            asked = [question.field for question in assign(exercise(number, fictional)).questions()]
            raise AnswerError(f"{path} has no column for any question of exercise {number}: {', '.join(asked)}")
    handed = []
    for place, (line, cells) in enumerate(table.rows):
        row = dict(zip(heads, cells, strict=True))
        handed.append(_one(table, line, cells, cells[ids], row, number, fictional))
        progress((place + 1) / len(table.rows))
    return handed


def _one(
    table: Table,
    line: int,
    cells: tuple[str, ...],
    shown: str,
    row: dict[str, str],
    number: int | None,
    fictional: bool,
) -> Handed:
    """One row with its mark; a row that cannot be marked gets zero and a message, as a file would."""
    name = f"{table.path.name} line {line}"

    def read() -> Submission:
        asked = number
        if row.get(EXERCISE):
            given = answer_parts.number(row[EXERCISE])
            if type(given) is not int:
                raise AnswerError("exercise should be a number, such as 1")
            asked = given
        if asked is None:
            raise AnswerError("exercise should be a number, such as 1")
        said = answer_parts.key(row.get(KIND, ""))  # anything else in such a column is how the student is called
        kind = said == "fictional" if said in ("real", "fictional") else fictional
        student = known_as(shown)
        questions = assign(exercise(asked, kind)).questions()
        return Submission(asked, kind, student, shown, _answer(table, cells, questions))

    try:
        submission = read()
    except CeasefireError as error:
        return Handed(name, marked(name, None, str(error)).row, None)
    return marked(name, submission)


def _columns(table: Table, questions: list[Question]) -> dict[int, tuple[str, str | None]]:
    """Which column is for which question, and for which part of it."""
    fields = {answer_parts.key(question.field): question.field for question in questions}
    found: dict[int, tuple[str, str | None]] = {}
    for place, head in enumerate(table.columns):
        first, inner = re.match(r"([^:\[/?(.]*)[:\[/?(.]?\s*([^\]?)]*)", head).groups()  # type: ignore[union-attr]
        if answer_parts.key(head) in fields:
            found[place] = fields[answer_parts.key(head)], None
        elif answer_parts.key(first) in fields:
            part = bool(re.match(r"[^:\[/?(.]*[\[/.]", head)) and bool(inner.strip())
            found[place] = fields[answer_parts.key(first)], inner.strip() if part else None
    return found


def _answer(table: Table, cells: tuple[str, ...], questions: list[Question]) -> dict[str, Any]:
    """What a row says to each question; a cell may hold several packages, one a line."""
    kinds = {question.field: type(question.blank) for question in questions}
    answer: dict[str, Any] = {}
    for place, (field, part) in _columns(table, questions).items():
        said = cells[place]
        if not said:
            continue
        if part is not None:
            inner = answer.setdefault(field, {})
            if isinstance(inner, dict):
                inner[part] = said
        elif kinds[field] is dict and "=" in said:
            answer[field] = {k.strip(): v.strip() for k, _, v in (one.partition("=") for one in said.split(","))}
        elif kinds[field] is list:
            answer[field] = [entry for entry in re.split(r"[;\n\r]+", said) if entry.strip()]
        else:
            answer[field] = said
    return answer
