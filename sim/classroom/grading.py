"""A folder of answer files to a table of marks: whatever a file holds, it is answered for and the rest go on.

Marks are recomputed from scenario and id. Nothing of a right answer is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.classroom.exercise_files import FICTIONAL, Entry, exercise
from sim.classroom.handed_in import read_sheet
from sim.classroom.marks_table import Row, is_table
from sim.classroom.papers import Submission, file_stem, locked, mark, read_answer
from sim.classroom.receipts import Chain, owner, read_chain
from sim.errors import AnswerError, CeasefireError, OutputError
from sim.files import write_whole
from sim.overwriting import HTML, begins

FIRST_COUNTS = "the first answer counts here, and its score is shown"
RECEIPTS, ANSWER, GAME = ".receipts.jsonl", ".answer.yaml", ".play.json"
"""How the names of files that we write end."""


def answer_files(folder: Path, own: Iterable[Path] = ()) -> list[Path]:
    """The files to mark, in order; hidden ones aside, and what we wrote ourselves.

    Our own are the ``own`` files and folders that lie among them, and by their kind: the cases that `start` writes
    beside answer sheets, tables of marks, pages, receipts, and games.

    Raises:
        AnswerError: when there is no such folder.
    """
    if not folder.is_dir():
        raise AnswerError(f"{folder} is not a folder")
    here = folder.resolve()
    ours = {path.resolve() for path in own if path.resolve() not in (here, *here.parents)}
    found = [path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()]
    shown = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    shown = [path for path in shown if path.is_symlink() or not (ours & {path.resolve(), *path.resolve().parents})]
    handed_in = [path for path in shown if path.is_symlink() or not path.is_file() or not _written_by_us(path)]
    return sorted(handed_in, key=lambda path: path.relative_to(folder).as_posix())


def _written_by_us(path: Path) -> bool:
    """Whether an ordinary file is one that our commands write and nobody hands in."""
    return path.name.endswith((RECEIPTS, GAME)) or is_table(path) or is_page(path) or is_case(path)


def is_page(path: Path) -> bool:
    """Whether a file is a page, such as `sheets` and `pages` write for a class."""
    try:
        return path.suffix == ".html" and begins(path, HTML)
    except OSError:
        return False


def is_case(path: Path) -> bool:
    """Whether a file is the case that `start` wrote beside an answer sheet."""
    if path.suffix != ".yaml" or not path.with_name(f"{path.stem}{ANSWER}").is_file():
        return False
    try:
        return {"format", "issues", "parties"} <= set(read_sheet(path, "a case").plain())
    except CeasefireError:
        return False


@dataclass(frozen=True)
class Handed:
    """A file with its mark and, where it could be marked, the submission in it."""

    name: str
    row: Row
    submission: Submission | None


def grade(
    folder: Path,
    secret: bytes | None = None,
    receipts: Path | None = None,
    progress: Callable[[float], None] = lambda share: None,
    own: Iterable[Path] = (),
) -> list[Row]:
    """A row for each student and exercise of a folder and for each file that cannot be read, our own files aside.

    With a secret and a folder for them, receipts are kept and attempts counted: an attempt is an answer that differs
    from the one before it when it is graded. Where two files of a student differ, no score is given and nothing
    signed: whoever uses another's id must not decide what the other gets.

    Raises:
        AnswerError: when there is no such folder.
        OutputError: when receipts cannot be written at all.
    """
    files = answer_files(folder, own)
    if secret is not None and receipts is not None:
        _make(receipts)  # learns before the work whether they can be kept
    handed = []
    for place, path in enumerate(files):
        handed.append(_mark(path, path.relative_to(folder).as_posix()))
        progress((place + 1) / len(files))
    return graded(handed, secret, receipts)


def graded(handed: Iterable[Handed], secret: bytes | None = None, receipts: Path | None = None) -> list[Row]:
    """A row for each student and exercise of what was handed in, however it was; see `grade`.

    Raises:
        OutputError: when receipts cannot be written at all.
    """
    if secret is not None and receipts is not None:
        _make(receipts)
    rows = []
    for alike in _by_student(handed):
        row, submission = _one_row(alike), alike[0].submission
        if submission is not None and row.score is not None and secret is not None and receipts is not None:
            row = _receipted(row, submission, secret, receipts)
        rows.append(row)
    return rows


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot keep receipts in {folder}: {(error.strerror or str(error)).lower()}") from None


def _mark(path: Path, name: str) -> Handed:
    """The mark of one file; a file that cannot be marked gets zero and a message."""
    try:
        return marked(name, read_answer(path))
    except CeasefireError as error:
        return marked(name, None, str(error))
    except Exception as error:  # whatever a hostile file sets off must not stop the others
        return marked(name, None, _broken(error))


def marked(name: str, submission: Submission | None, said: str = "") -> Handed:
    """What was handed in with its mark: zero, and why, where there is no submission or none that can be marked."""
    if submission is None:
        return Handed(name, Row(name, None, 0, 1, (said,)), None)
    kept: Submission | None = submission
    try:
        found = mark(submission)
        score, messages = found.score, found.messages
    except CeasefireError as error:
        kept, score, messages = None, 0, (str(error),)
    except Exception as error:  # as above
        kept, score, messages = None, 0, (_broken(error),)
    return Handed(name, Row(submission.shown, submission.number, score, 1, messages, submission.fictional), kept)


def _broken(error: Exception) -> str:
    return f"cannot be marked ({type(error).__name__})"


def _by_student(handed: Iterable[Handed]) -> list[list[Handed]]:
    """The files of each student and exercise together, in order; a file that cannot be marked stands alone."""
    found: dict[Any, list[Handed]] = {}
    for one in handed:
        who = one.submission
        found.setdefault((one.name,) if who is None else (who.number, who.fictional, who.student), []).append(one)
    return list(found.values())


def _one_row(alike: list[Handed]) -> Row:
    """The row of a student's files for an exercise: one answer, however often it lies there."""
    row, names = alike[0].row, ", ".join(one.name for one in alike)
    if len(alike) == 1:
        return row
    if len({one.submission.digest for one in alike if one.submission}) == 1:
        return replace(row, messages=(*row.messages, f"the same answer lies there as {names}"))
    said = f"{names} are all of this student and differ: leave one and grade again"
    return replace(row, score=None, attempts=0, messages=(said,))


def _receipted(row: Row, submission: Submission, secret: bytes, folder: Path) -> Row:
    """The row with its attempts, and a new receipt on disk when the answer is new; what goes wrong is said in it."""
    try:
        return _signed(row, submission, secret, folder)
    except CeasefireError as error:
        return replace(row, messages=(*row.messages, f"no receipt: {error}"))


def _signed(row: Row, submission: Submission, secret: bytes, folder: Path) -> Row:
    path = folder / name_of_receipts(submission)
    receipt = _receipt(row, submission)
    chain = read_chain(path, secret).of(owner(receipt))
    if chain.receipts and locked(submission) and chain.receipts[0]["answer"] != submission.digest:
        row = replace(row, score=chain.receipts[0]["score"], messages=(*row.messages, FIRST_COUNTS))
        receipt = _receipt(row, submission)
    if not chain.receipts or chain.receipts[-1]["answer"] != submission.digest:
        chain = chain.issued(receipt, secret)
        if not chain.faults:
            write_whole(path, chain.text)
    faults = tuple(f"receipts of {row.student}: {fault}" for fault in chain.faults)
    return replace(row, attempts=len(chain.receipts), messages=(*row.messages, *faults))


def receipt_name(entry: Entry, student: str) -> str:
    """What the file of a student's receipts for an exercise is called."""
    fictional = "fictional-" if entry.slug.startswith(FICTIONAL) else ""
    return f"{fictional}{file_stem(entry, student)}{RECEIPTS}"


def name_of_receipts(submission: Submission) -> str:
    """The same for a submission."""
    return receipt_name(exercise(submission.number, submission.fictional), submission.student)


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
    """One receipt for one answer, as `grade` issues them; the student's chain with it.

    Raises:
        AnswerError: when the student's receipts are not as they were signed.
        OutputError: when the receipt cannot be written.
    """
    _make(folder)
    row = _signed(Row(submission.shown, submission.number, score, 1, ()), submission, secret, folder)
    faults = [message for message in row.messages if message != FIRST_COUNTS]
    if faults:
        raise AnswerError("; ".join(faults))
    return read_chain(folder / name_of_receipts(submission), secret)
