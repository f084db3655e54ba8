"""What a new exercise takes: its fields, its assignment, a line in each of two lists, and a scenario that asks for it.

The exercise is made up here, and goes the way of the shipped ones from a student's start to the instructor's marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import pytest
import yaml
from pydantic import Field

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Judged, Question
from sim.classroom.exercise_files import exercise
from sim.classroom.exercise_kinds import KINDS
from sim.classroom.student_variants import assign
from sim.errors import ScenarioError
from sim.scenario import exercise_schema, loader
from sim.scenario.exercise_schema import Asked, Mention
from sim.scenario.keys import Word
from sim.scenario.loader import load
from sim.scenario.schema import Scenario
from tests.conftest import SMALL, Cli


class Alternatives(Asked):
    """What a party has without a deal, and who has more."""

    kind: Literal["alternatives"]
    party: Word
    within: float = 1

    def mentions(self) -> Iterator[Mention]:
        yield Mention("party", self.party, ("party",))


class AlternativesAssignment(Assignment[Alternatives]):
    """Its answers, from the case."""

    @property
    def have(self) -> dict[str, float]:
        case = self.loaded.case
        return {party.id: float(case.reservation[0, n]) for n, party in enumerate(case.parties)}

    @property
    def solvable(self) -> bool:
        return len(set(self.have.values())) > 1

    def questions(self) -> list[Question]:
        return [
            Question("points", "a number", "", 60, self._points),
            Question("more", "the id of a party", "", 40, self._more),
        ]

    def solution(self) -> dict[str, Any]:
        return {"points": self.have[self.asked.party], "more": max(self.have, key=lambda party: self.have[party])}

    def facts(self) -> list[str]:
        return [f"**Round numbers**: {self.asked.within:g} points more or less are right"]

    def _points(self, given: Any) -> Judged:
        right = abs(answer_parts.real(given, 0, 100) - self.have[self.asked.party]) <= self.asked.within
        return Judged(1, "right") if right else Judged(0, "look at its plan without a deal")

    def _more(self, given: Any) -> Judged:
        right = answer_parts.word(given, self.have, "party") == self.solution()["more"]
        return Judged(1, "right") if right else Judged(0, "another one has more")


class WiderScenario(Scenario):
    """A scenario that may ask for it."""

    exercise: Annotated[exercise_schema.Exercise | Alternatives, Field(discriminator="kind")] | None = None


ASKS = """
exercise:
  kind: alternatives
  number: 31
  objective: Tell a plan without a deal from a wish.
  questions: ["How many points has {party} without a deal?", "Who has more?"]
  party: seller
  vary: {parties.seller.reservation: [20, 40, 45]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose scenarios hold the exercise, with a handout, while its kind is known."""
    monkeypatch.setitem(KINDS, "alternatives", AlternativesAssignment)
    monkeypatch.setattr(loader, "Scenario", WiderScenario)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios" / "classroom").mkdir(parents=True)
    stem = tmp_path / "scenarios" / "classroom" / "31-alternatives"
    stem.with_suffix(".yaml").write_text(SMALL + ASKS, encoding="utf-8")
    stem.with_suffix(".md").write_text("# Exercise 31\n", encoding="utf-8")
    return tmp_path


def filled(sheet: Path, **answer: Any) -> None:
    """Write an answer into a student's answer sheet."""
    form = yaml.safe_load(sheet.read_text("utf-8"))
    assert form["answer"].keys() == answer.keys()
    sheet.write_text(yaml.safe_dump(form | {"answer": answer}), encoding="utf-8")


def test_a_made_up_exercise_is_started_shown_checked_and_graded_like_any_other(cli: Cli, folder: Path) -> None:
    assert "Tell a plan without a deal from a wish." in cli("exercise", "list").stdout
    assert cli("exercise", "start", "31", "--student", "ana", "--folder", "answers").returncode == 0
    sheet = folder / "answers" / "31-alternatives-ana.answer.yaml"
    assert sheet.read_text("utf-8").startswith("# How many points has seller without a deal?\n# Who has more?\n")
    own = yaml.safe_load(sheet.with_name("31-alternatives-ana.yaml").read_text("utf-8"))
    points = own["parties"]["seller"]["reservation"]

    shown = cli("exercise", "show", "31", "--student", "ana").stdout
    assert "Exercise 31" in shown and f"{points:.1f}" in shown
    assert "Round numbers: 1 points more or less are right" in shown

    more = "seller" if points > 40 else "buyer"
    filled(sheet, points=points + 5, more="selle")
    said = cli("exercise", "check", "31", str(sheet)).stdout
    assert "points: look at its plan" in said and 'did you mean "seller"' in said and "Score: 0 of 100" in said
    filled(sheet, points=points + 5, more=more)
    assert "Score: 40 of 100" in cli("exercise", "check", "31", str(sheet)).stdout
    filled(sheet, points=points + 1, more=more)
    assert "Score: 100 of 100 (passed)" in cli("exercise", "check", "31", str(sheet)).stdout

    sheet.with_name("31-alternatives-ana.yaml").unlink()
    assert cli("exercise", "grade", "answers").returncode == 0
    assert "ana,31,100,1,points: right | more: right" in (folder / "grades.csv").read_text("utf-8")


def test_a_made_up_exercise_passes_over_variants_without_an_answer(folder: Path) -> None:
    given = {assign(exercise(31), f"s{n}").have["seller"] for n in range(30)}
    assert given == {20, 45}, "with 40 both have the same"


def test_a_made_up_exercise_that_names_what_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(ScenarioError, match=re.escape('exercise.party: there is no party "sellr" (did you mean')):
        load("classroom/31-alternatives", ["exercise.party=sellr"])


def test_every_kind_of_exercise_that_a_scenario_can_ask_for_can_be_marked() -> None:
    union = get_args(exercise_schema.Exercise)[0]
    assert {get_args(asked.model_fields["kind"].annotation)[0] for asked in get_args(union)} == set(KINDS)


def test_every_kind_of_exercise_stands_in_the_file_of_its_name() -> None:
    assert {kind: made.__module__ for kind, made in KINDS.items()} == {
        kind: f"sim.classroom.exercises.{kind}" for kind in KINDS
    }
