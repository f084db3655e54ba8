"""A class's tournament: tactics of students against each other and a field, and no file that stops the rest."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim import AnswerError, ScenarioError, load, negotiate
from sim.classroom.class_tournament import HOUSE, class_tournament
from sim.classroom.exercise_files import exercise
from sim.classroom.many import play_all, side_by_side
from sim.classroom.student_variants import assign
from sim.scenario.loader import with_changes
from sim.study.ranking import against
from sim.talks.batch import same
from tests.classroom.test_grading import HOSTILE
from tests.conftest import Cli


def test_cases_side_by_side_give_the_runs_that_each_gives_alone() -> None:
    loaded = exercise(6).loaded
    cases = [with_changes(loaded, [f"parties.russia.war.cost={cost}"]).case for cost in (10, 20, 30)]
    together = play_all(cases, 8)
    for n, case in enumerate(cases):
        alone = negotiate(case, 8, 0)
        assert together.ended.reshape(3, 8)[n].tolist() == alone.ended.tolist()
        assert np.array_equal(together.values.reshape(3, 8, -1)[n], alone.values)
    assert same(play_all(cases[:1], 8), negotiate(cases[0], np.arange(8), 0))
    assert side_by_side(cases[:2], 3).reservation.shape == (6, 2)


def test_cases_without_a_war_stand_side_by_side_too() -> None:
    pie = load("toy/split-the-pie").case
    cases = [replace(pie, home=np.array([[price, 0.0]])) for price in (0.0, 30.0)]  # what a yes costs Ann at home
    together = play_all(cases, 4)
    assert together.agreed.tolist() == [package for case in cases for package in negotiate(case, 4, 0).agreed.tolist()]
    assert together.agreed[:4].tolist() != together.agreed[4:].tolist()


def test_an_answer_is_judged_by_the_same_bouts_as_the_field() -> None:
    assignment = assign(exercise(8))
    for n, tactic in enumerate(assignment.asked.field.values()):
        met = assignment._met(tactic)
        assert met.mean(axis=1) == pytest.approx(against(assignment.played)[n], abs=1e-12)
        assert met.mean(axis=0) == pytest.approx(assignment.earned[n], abs=1e-12)


def test_toughness_wins_from_those_who_give_way_and_loses_to_itself() -> None:
    assignment = assign(exercise(8))
    scores, names = against(assignment.played), list(assignment.asked.field)
    tough, even, soft = (names.index(name) for name in ("hardliner", "boulware", "conceder"))
    assert scores[tough, soft] > scores[soft, tough] + 0.2
    assert scores[tough, tough] < scores[even, even] - 0.2


@pytest.mark.e2e
def test_a_class_plays_whatever_else_lies_in_its_folder(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "tactics"
    folder.mkdir()
    for name, raw in HOSTILE.items():
        (folder / name).write_bytes(raw)
    (folder / "ana.yaml").write_text("student: Ana\ntactic: {exponent: 0.2}\n", encoding="utf-8")
    (folder / "ana2.yaml").write_text("student: ana\ntactic: {exponent: 0.3}\n", encoding="utf-8")
    sheet = {"exercise": 8, "student": "=bea", "answer": {"tactic": {"exponent": 1}, "hardliners_sign": 0}}
    (folder / "bea.yaml").write_text(yaml.safe_dump(sheet), encoding="utf-8")
    (folder / "code.yaml").write_text("student: eve\ntactic: {exponent: __import__('os')}\n", encoding="utf-8")
    (folder / "index.yaml").write_text("student: index\ntactic: {}\n", encoding="utf-8")
    done = cli("exercise", "tournament", "tactics", "--runs", "3", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    names = {row["name"] for row in found["ranking"]}
    assert {"ana", "=bea", "index"} <= names and f"boulware{HOUSE}" in names and "eve" not in names
    why = {entry["file"]: entry["why"] for entry in found["refused"]}
    assert "another file of ana" in why["ana2.yaml"] and "is not a tactic" in why["code.yaml"]
    assert set(HOSTILE) <= set(why)
    place = tmp_path / found["folder"]
    assert len(list((place / "students").iterdir())) == 3 and (place / "index.html").exists()
    with (place / "ranking.csv").open(encoding="utf-8") as file:
        assert "'=bea" in {row["id"] for row in csv.DictReader(file)}
    assert "(yourself)" in (place / "students" / "ana.html").read_text("utf-8")
    again = json.loads(cli("exercise", "tournament", "tactics", "--runs", "3", "--json").stdout)
    assert again == found
    shown = cli("exercise", "tournament", "tactics", "--runs", "2", "--scenario", "toy/two-issues").stdout
    assert "half_mirror (field)" in shown and "left out: ana2.yaml" in shown, "elsewhere the built-in tactics are met"


def test_a_tournament_needs_two_seats_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="two parties"):
        class_tournament(load("toy/two-issues", ["parties.joe.roles=[observer]"]), tmp_path, 2)
    with pytest.raises(AnswerError, match="is not a folder"):
        class_tournament(load("toy/two-issues"), tmp_path / "none", 2)


def test_the_tournament_command_takes_a_folder_as_well_as_scenarios(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "ana.yaml").write_text("student: ana\ntactic: {exponent: 0.2}\n", encoding="utf-8")
    said = cli("tournament", "answers", "--runs", "2")
    assert said.returncode == 0 and "ana" in said.stdout and f"hardliner{HOUSE}" in said.stdout
    assert cli("tournament", "answers", "--only", "linear").returncode == 2
