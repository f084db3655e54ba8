"""A class's tactics against each other and against a field, from a folder of YAML files.

A file that holds no tactic is named and left out; it never stops the rest. Nothing of a file is ever run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.classroom import answer_parts
from sim.classroom.grading import answer_files
from sim.classroom.handed_in import read_sheet
from sim.classroom.many import SEED
from sim.classroom.student_ids import known_as
from sim.classroom.tactic_handed_in import tactic_of
from sim.errors import AnswerError, CeasefireError
from sim.scenario import exercise_schema
from sim.scenario.loader import Loaded
from sim.scenario.tactics import MOST, TACTICS
from sim.scenario.talks_schema import Tactic
from sim.study.ranking import TournamentMeasures, tournament_measures
from sim.study.tournament import tournament

HOUSE = " (field)"
"""What follows the name of a tactic that is nobody's own."""


@dataclass(frozen=True)
class Refused:
    """A file that was left out, and why."""

    file: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ClassMeasures(TournamentMeasures):
    """A class's tournament, with the students and the files left out."""

    students: tuple[str, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class ClassTournament:
    """What a tournament came to; ``number`` is drawn from the tactics, so that others have another folder."""

    measured: ClassMeasures
    number: int


def class_tournament(
    loaded: Loaded,
    folder: Path,
    runs: int,
    progress: Callable[[float], None] = lambda share: None,
    own: Iterable[Path] = (),
) -> ClassTournament:
    """Every tactic of a folder, and every one of the field, against every other and itself, in both seats.

    Raises:
        AnswerError: when there is no such folder.
        ScenarioError: when there are not two seats to play.
    """
    field = field_of(loaded)
    students, refused = tactics_in(folder, MOST - len(field), own)
    everybody = {**students, **field}
    played = tournament([loaded], everybody, runs, SEED, progress)
    entered = repr((runs, [(name, tactic.model_dump()) for name, tactic in everybody.items()]))
    number = int.from_bytes(hashlib.sha256(entered.encode()).digest()[:4])
    found = ClassMeasures(**vars(tournament_measures(played)), students=tuple(students), refused=tuple(refused))
    return ClassTournament(found, number)


def field_of(loaded: Loaded) -> dict[str, Tactic]:
    """The tactics that the class meets: those of the scenario's exercise, else those that come with the package."""
    asked = loaded.scenario.exercise
    known: Mapping[str, Tactic] = asked.field if isinstance(asked, exercise_schema.Tournament) else TACTICS
    return {name + HOUSE: tactic for name, tactic in known.items()}


def tactics_in(folder: Path, most: int, own: Iterable[Path] = ()) -> tuple[dict[str, Tactic], list[Refused]]:
    """The tactics of a folder by student, our ``own`` files aside, and the files that hold none with the reason."""
    found: dict[str, Tactic] = {}
    refused = []
    for path in answer_files(folder, own):
        try:
            student, tactic = read_tactic(path)
            if student in found:
                raise AnswerError(f"there is another file of {student}")
            if len(found) >= most:
                raise AnswerError(f"there are more than {most} tactics")
            found[student] = tactic
        except CeasefireError as error:
            refused.append(Refused(path.relative_to(folder).as_posix(), str(error)))
        except Exception as error:  # whatever a hostile file sets off must not stop the others
            why = f"cannot be read ({type(error).__name__})"
            refused.append(Refused(path.relative_to(folder).as_posix(), why))
    return found, refused


def read_tactic(path: Path) -> tuple[str, Tactic]:
    """A student's id and tactic: ``{student, tactic}``, or an answer sheet with a tactic in it.

    Raises:
        AnswerError: for a file that holds none.
        ScenarioError: for a file that is not safe to read.
    """
    tree = read_sheet(path, "a student and a tactic")
    plain = {answer_parts.key(field): value for field, value in tree.plain().items()}
    sheet = plain.get("answer")
    sheet = {answer_parts.key(field): value for field, value in sheet.items()} if isinstance(sheet, dict) else {}
    tactic = plain.get("tactic", sheet.get("tactic"))
    where: tuple[str, ...] = ("student",)
    try:
        student = known_as(plain.get("student"))
        where = ("tactic",) if "tactic" in plain else ("answer", "tactic")
        if tactic is None:
            raise AnswerError("holds no tactic, such as {exponent: 0.5}")
        return student, tactic_of(tactic)
    except AnswerError as error:
        raise AnswerError(f"{tree.place(where)}: {error}") from None
