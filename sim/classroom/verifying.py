"""Receipts that come back, a file or a folder of them: whose they are, what was scored, and whether they are as signed.

Nothing is marked here and nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.classroom.exercise_files import exercise
from sim.classroom.grading import RECEIPTS, receipt_name
from sim.classroom.receipts import Chain, owner, read_chain, shown
from sim.classroom.student_ids import file_name
from sim.errors import AnswerError, ScenarioNotFoundError


@dataclass(frozen=True)
class Checked:
    """A file of receipts with what is in it and what is wrong with it."""

    file: Path
    chain: Chain

    def measures(self) -> dict[str, Any]:
        """The same as plain data."""
        first = self.chain.receipts[0] if self.chain.receipts else {}
        return {
            "file": str(self.file),
            "student": first.get("student"),
            "exercise": first.get("exercise"),
            "names": first.get("names"),
            "scores": self.chain.scores,
            "intact": not self.chain.faults,
            "faults": self.chain.faults,
            "receipts": self.chain.receipts,
        }


def check_receipts(place: Path, secret: bytes) -> list[Checked]:
    """Each file of receipts at a place, a file or a folder.

    Raises:
        AnswerError: when there is none.
    """
    files = sorted(place.rglob(f"*{RECEIPTS}")) if place.is_dir() else [place]
    if not files:
        raise AnswerError(f"{place} holds no receipts; their names end in {RECEIPTS}")
    if not place.exists():
        raise AnswerError(f"there is no file or folder {place}")
    return [Checked(path, _checked(path, secret)) for path in files]


def _checked(path: Path, secret: bytes) -> Chain:
    """The receipts of a file, held against one another and against its name."""
    try:
        chain = read_chain(path, secret)
    except AnswerError as error:
        return Chain((), (str(error),))
    if not chain.receipts:
        return Chain((), chain.faults or ("holds no receipts",))
    first = chain.receipts[0]
    chain = chain.of(owner(first))
    due = _name(first)
    if path.name.endswith(due):
        return chain
    return Chain(chain.receipts, (*chain.faults, f"holds receipts of {shown(first)}, whose file ends in {due}"))


def _name(receipt: dict[str, Any]) -> str:
    """The name of the file that a receipt belongs in, or its end where the exercise is not among those known here."""
    student = str(receipt.get("student"))
    try:
        return receipt_name(exercise(receipt.get("exercise", 0), receipt.get("names") == "fictional"), student)
    except ScenarioNotFoundError:
        return f"-{file_name(student)}{RECEIPTS}"
