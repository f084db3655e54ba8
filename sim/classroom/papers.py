"""The files that students are given and hand in: a personal scenario, an answer sheet to fill in, and reading it back.

Reading refuses what is broken or hostile with one message; whether an answer is right is not asked here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Marked
from sim.classroom.exercise_files import Entry, exercise
from sim.classroom.exercise_kinds import KINDS
from sim.classroom.handed_in import read_sheet
from sim.classroom.student_ids import file_name, known_as
from sim.classroom.student_variants import assign
from sim.errors import AnswerError, OutputError
from sim.files import write_whole
from sim.markup import counted
from sim.scenario.yamltext import parse_scalar

NAMES = ("real", "fictional")


@dataclass(frozen=True)
class Submission:
    """A student's answer to one exercise, as it was handed in; ``shown`` is the id as it was typed there."""

    number: int
    fictional: bool
    student: str
    shown: str
    answer: dict[str, Any]

    @property
    def digest(self) -> str:
        """Tells this answer from any other."""
        text = yaml.safe_dump([self.number, self.fictional, self.student, self.answer], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def read_answer(path: Path) -> Submission:
    """The submission in a file.

    Raises:
        AnswerError: for a file that holds none, with file and line.
        ScenarioError: for a file that is not safe to read.
    """
    tree = read_sheet(path, "an exercise, a student and an answer")
    readers: dict[str, Callable[[Any], Any]]
    readers = {"exercise": _number, "names": _fictional, "student": known_as, "answer": _answer}
    given: dict[str, Any] = {}
    read: dict[str, Any] = {}
    field = ""
    try:
        plain = tree.plain()
        if {"format", "issues"} <= set(plain):
            raise AnswerError("is a case, not an answer; hand in the answer sheet beside it")
        for field, value in plain.items():
            meant = answer_parts.word(field, readers, "field")
            if meant in given:
                raise AnswerError(f'says "{meant}" twice')
            given[meant] = value
        for field, reader in readers.items():
            read[field] = reader(given.get(field))
    except AnswerError as error:
        raise AnswerError(f"{tree.place((field,))}: {error}") from None
    shown = str(given["student"]).strip()
    return Submission(read["exercise"], read["names"], read["student"], shown, read["answer"])


def _number(given: Any) -> int:
    found = answer_parts.number(given)
    if type(found) is not int:
        raise AnswerError("exercise should be a number, such as 1")
    return found


def _fictional(given: Any) -> bool:
    return given is not None and answer_parts.word(given, NAMES, "kind of names") == "fictional"


def _answer(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise AnswerError("answer is missing; keep the answer sheet's form")
    return given


def mark(submission: Submission) -> Marked:
    """The mark of a submission: its student's own variant is made again and the answer held against it.

    Raises:
        ScenarioNotFoundError: when there is no such exercise.
    """
    entry = exercise(submission.number, submission.fictional)
    return assign(entry, submission.student).mark(submission.answer)


def unread(submission: Submission) -> tuple[str, ...]:
    """What cannot be read in a submission; see `Assignment.read`."""
    return assign(exercise(submission.number, submission.fictional), submission.student).read(submission.answer)


def locked(submission: Submission) -> bool:
    """Whether only the first answer counts, because later ones could be read off a run."""
    return KINDS[exercise(submission.number, submission.fictional).asked.kind].locked


def answer_sheet(entry: Entry, student: str, assignment: Assignment[Any], fictional: bool) -> str:
    """A YAML file to fill in, with the questions as comments."""
    head = {"exercise": entry.number, "names": "fictional" if fictional else "real", "student": student}
    lines = [f"# {text}" for text in assignment.texts]
    lines += [_dumped(head).rstrip(), "answer:"]
    for question in assignment.questions():
        lines.append(f"  # {question.asks}; {counted(question.points, 'point')}")
        lines += [f"  {line}" for line in _dumped({question.field: question.blank}).rstrip().splitlines()]
    return "\n".join(lines) + "\n"


def personal_scenario(assignment: Assignment[Any]) -> str:
    """A student's own variant as a scenario file of its own, to look into and to run."""
    data = assignment.loaded.scenario.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    data.pop("extends", None)
    data["exercise"].pop("vary", None)
    cited = {source.get("article") for one in data.get("grounds", {}).values() for source in one.get("sources", [])}
    cited |= set(assignment.articles)
    data["articles"] = {name: article for name, article in data.get("articles", {}).items() if name in cited}
    return _weighed(assignment) + _dumped({key: value for key, value in data.items() if value != {}})


def _weighed(assignment: Assignment[Any]) -> str:
    """A comment on weights that do not sum to 100, as the points on a sheet do."""
    sums = {party.name: sum(party.weights.values()) for party in assignment.loaded.scenario.parties.values()}
    said = [f"{name}'s sum to {total:g}" for name, total in sums.items() if total and round(total, 9) != 100]
    return f"# Weights count by their share: {', '.join(said)}, and make 100 points.\n" if said else ""


def file_stem(entry: Entry, student: str) -> str:
    """What a student's files for an exercise are called."""
    return f"{Path(entry.slug).name}-{file_name(student)}"


def start(number: int, student: str, folder: Path, fictional: bool = False) -> list[Path]:
    """Write a student's scenario and answer sheet; neither may be there yet.

    Raises:
        OutputError: when a file exists or the folder cannot be written.
    """
    entry, student = exercise(number, fictional), known_as(student)
    assignment = assign(entry, student)
    stem = file_stem(entry, student)
    texts = {
        folder / f"{stem}.yaml": personal_scenario(assignment),
        folder / f"{stem}.answer.yaml": answer_sheet(entry, student, assignment, fictional),
    }
    for path in texts:
        if path.exists():
            raise OutputError(f"{path} exists already; an answer is never overwritten")
    written: list[Path] = []
    try:
        for path, text in texts.items():
            write_whole(path, text)
            written.append(path)
    except OutputError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


class _Sheet(yaml.SafeDumper):
    """Writes text that our reader takes for a number in quotes, which the library's own, older rules do not."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    like_a_number = re.fullmatch("[-+.0-9eE]+", text) and not isinstance(parse_scalar(text, ""), str)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if like_a_number else None)


_Sheet.add_representer(str, _text)


def _dumped(data: Any) -> str:
    return yaml.dump(data, Dumper=_Sheet, sort_keys=False, allow_unicode=True, width=110)
