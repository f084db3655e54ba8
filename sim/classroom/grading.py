"""A folder of answer files to a table of marks: whatever a file holds, it gets a row and the rest go on.

Marks are recomputed from scenario and id. Nothing of a right answer is written anywhere.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

from sim.classroom.catalogue import exercise
from sim.classroom.papers import Submission, file_stem, locked, mark, read_answer
from sim.classroom.receipts import Chain, read_chain
from sim.errors import AnswerError, CeasefireError
from sim.study.record import write_whole

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute a cell."""
LONGEST_CELL = 2_000
FIRST_COUNTS = "the first answer counts here, and its score is shown"
COLUMNS = ("id", "exercise", "score", "attempts", "messages")


@dataclass(frozen=True)
class Row:
    """One file's mark: the student's id, or the file's name when there is none to be read."""

    student: str
    exercise: int | None
    score: int
    attempts: int
    messages: tuple[str, ...]


def answer_files(folder: Path, own: Iterable[Path] = ()) -> list[Path]:
    """The files to mark, in order; hidden ones aside, and our ``own`` files and folders that lie among them.

    Raises:
        AnswerError: when there is no such folder.
    """
    if not folder.is_dir():
        raise AnswerError(f"{folder} is no folder")
    found = [path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()]
    shown = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    ours = {path.resolve() for path in own}
    shown = [path for path in shown if path.is_symlink() or not ours & {path.resolve(), *path.resolve().parents}]
    return sorted(shown, key=lambda path: path.relative_to(folder).as_posix())


def grade(
    folder: Path,
    secret: bytes | None = None,
    receipts: Path | None = None,
    progress: Callable[[float], None] = lambda share: None,
    own: Iterable[Path] = (),
) -> list[Row]:
    """A row for each file of a folder, our ``own`` files aside.

    With a secret and a folder for them, receipts are kept and attempts counted: an attempt is an answer that differs
    from the one before it when it is graded.
    """
    files, rows, seen = answer_files(folder, own), [], set()
    for place, path in enumerate(files):
        row, submission = _row(path, path.relative_to(folder).as_posix())
        if submission is not None:
            who = (submission.number, submission.fictional, submission.student)
            if who in seen:
                row = replace(row, messages=(*row.messages, "there is another file of this student"))
            elif secret is not None and receipts is not None:
                row = _receipted(row, submission, secret, receipts)
            seen.add(who)
        rows.append(row)
        progress((place + 1) / len(files))
    return rows


def _row(path: Path, name: str) -> tuple[Row, Submission | None]:
    """The mark of one file; a file that cannot be marked gets zero and a message."""
    submission = None
    try:
        submission = read_answer(path)
        marked = mark(submission)
        return Row(submission.shown, submission.number, marked.score, 1, marked.messages), submission
    except CeasefireError as error:
        said = str(error)
    except Exception as error:  # whatever a hostile file sets off must not stop the others
        said = f"cannot be marked ({type(error).__name__})"
    if submission is None:
        return Row(name, None, 0, 1, (said,)), None
    return Row(submission.shown, submission.number, 0, 1, (said,)), submission


def _receipted(row: Row, submission: Submission, secret: bytes, folder: Path) -> Row:
    """The row with its attempts, and a new receipt on disk when the answer is new."""
    path = folder / receipt_name(submission)
    chain = read_chain(path, secret)
    if chain.receipts and locked(submission) and chain.receipts[0]["answer"] != submission.digest:
        row = replace(row, score=chain.receipts[0]["score"], messages=(*row.messages, FIRST_COUNTS))
    if not chain.receipts or chain.receipts[-1]["answer"] != submission.digest:
        chain = chain.issued(_receipt(row, submission), secret)
        if not chain.faults:
            write_whole(path, chain.text)
    faults = tuple(f"receipts of {row.student}: {fault}" for fault in chain.faults)
    return replace(row, attempts=len(chain.receipts), messages=(*row.messages, *faults))


def receipt_name(submission: Submission) -> str:
    """What the file of a student's receipts for an exercise is called."""
    stem = file_stem(exercise(submission.number, submission.fictional), submission.student)
    return f"{'fictional-' if submission.fictional else ''}{stem}.receipts.jsonl"


def _receipt(row: Row, submission: Submission) -> dict[str, Any]:
    return {
        "format": 1,
        "exercise": submission.number,
        "names": "fictional" if submission.fictional else "real",
        "student": submission.student,
        "score": row.score,
        "answer": submission.digest,
    }


def issue(submission: Submission, score: int, secret: bytes, folder: Path) -> Chain:
    """One receipt for one answer, as `grade` issues them; the student's chain with it."""
    row = _receipted(Row(submission.shown, submission.number, score, 1, ()), submission, secret, folder)
    faults = [message for message in row.messages if message != FIRST_COUNTS]
    if faults:
        raise AnswerError("; ".join(faults))
    return read_chain(folder / receipt_name(submission), secret)


def csv_text(rows: Iterable[Row]) -> str:
    """The table of marks that learning platforms import, safe to open in a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        number = "" if row.exercise is None else row.exercise
        writer.writerow([cell(row.student), number, row.score, row.attempts, cell(" | ".join(row.messages))])
    return out.getvalue()


def cell(text: str) -> str:
    """Text for a cell: one line without control characters, never taken for a formula.

    >>> cell("=1+1"), cell("ana")
    ("'=1+1", 'ana')
    """
    kept = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text)[:LONGEST_CELL]
    return f"'{kept}" if text.startswith(FORMULA) or kept.startswith(FORMULA) else kept
