"""The files that students are given and hand in: a personal scenario, an answer sheet to fill in, and reading it back.

Reading refuses what is broken or hostile with one message; whether an answer is right is not asked here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.classroom.assigning import KINDS, LONGEST_ID, assign, file_name, known_as
from sim.classroom.assignment import Assignment, Marked
from sim.classroom.catalogue import Entry, exercise
from sim.errors import AnswerError, OutputError, nearest
from sim.scenario.yamltext import read_yaml
from sim.study.record import write_whole

LARGEST_CLASS = 500
FIELDS = ("exercise", "names", "student", "answer")
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


def read_mapping(path: Path, what: str) -> dict[str, Any]:
    """The mapping in a file that a student handed in; ``what`` it should hold.

    Raises:
        AnswerError: for what is no ordinary file, or holds no mapping.
        ScenarioError: for a file that is not safe to read.
    """
    if path.is_symlink() or not path.is_file():
        raise AnswerError(f"{path.name} is no ordinary file")
    plain = read_yaml(path).plain()
    if not isinstance(plain, dict):
        raise AnswerError(f"is not a mapping with {what}")
    return plain


def read_answer(path: Path) -> Submission:
    """The submission in a file.

    Raises:
        AnswerError: for a file that holds none.
        ScenarioError: for a file that is not safe to read.
    """
    plain = read_mapping(path, "an exercise, a student and an answer")
    for field in plain:
        if field not in FIELDS:
            raise AnswerError(f'there is no field "{field[:40]}"{nearest(field[:40], FIELDS)}')
    number, names, answer = plain.get("exercise"), plain.get("names", "real"), plain.get("answer")
    if type(number) is not int:
        raise AnswerError("exercise should be a number")
    if names not in NAMES:
        raise AnswerError(f"names should be {' or '.join(NAMES)}")
    if not isinstance(answer, dict):
        raise AnswerError("answer is missing; keep the answer sheet's form")
    student = plain.get("student")
    return Submission(number, names == "fictional", known_as(student), str(student).strip(), answer)


def mark(submission: Submission) -> Marked:
    """The mark of a submission: its student's own variant is made again and the answer held against it.

    Raises:
        ScenarioNotFoundError: when there is no such exercise.
    """
    entry = exercise(submission.number, submission.fictional)
    return assign(entry, submission.student).mark(submission.answer)


def locked(submission: Submission) -> bool:
    """Whether only the first answer counts, because later ones could be read off a run."""
    return KINDS[exercise(submission.number, submission.fictional).asked.kind].locked


def answer_sheet(entry: Entry, student: str, assignment: Assignment[Any], fictional: bool) -> str:
    """A YAML file to fill in, with the questions as comments."""
    head = {"exercise": entry.number, "names": "fictional" if fictional else "real", "student": student}
    lines = [f"# {text}" for text in assignment.texts]
    lines += [_dumped(head).rstrip(), "answer:"]
    for question in assignment.questions():
        lines.append(f"  # {question.asks}; {question.points} points")
        lines += [f"  {line}" for line in _dumped({question.field: question.blank}).rstrip().splitlines()]
    return "\n".join(lines) + "\n"


def personal_scenario(assignment: Assignment[Any]) -> str:
    """A student's own variant as a scenario file of its own, to look into and to run."""
    data = assignment.loaded.scenario.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    data.pop("extends", None)
    data["exercise"].pop("vary", None)
    cited = {source["article"] for line in data.get("red_lines", []) for source in line.get("sources", [])}
    cited |= {mention.word for mention in assignment.asked.mentions() if mention.what == "article"}
    data["articles"] = {name: article for name, article in data.get("articles", {}).items() if name in cited}
    return _dumped({key: value for key, value in data.items() if value != {}})


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
    for path, text in texts.items():
        write_whole(path, text)
    return list(texts)


def read_class(path: Path) -> list[str]:
    """The ids in a class list: one a line; empty lines and what follows a # aside.

    Raises:
        AnswerError: for a list that cannot be read, is empty or too long, or holds somebody twice.
    """
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_CLASS * LONGEST_ID).decode("utf-8-sig")
    except OSError as error:
        raise AnswerError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise AnswerError(f"{path} is not UTF-8 text") from None
    found: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        try:
            student = known_as(said)
        except AnswerError as error:
            raise AnswerError(f"{path} line {number}: {error}") from None
        if student in found:
            raise AnswerError(f'{path} line {number}: "{student}" stands there twice')
        found.append(student)
    if not 0 < len(found) <= LARGEST_CLASS:
        raise AnswerError(f"{path} should hold 1 to {LARGEST_CLASS} ids, one a line")
    return found


def _dumped(data: Any) -> str:
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
    return text
