"""The questions on a brief: they follow from it, tell nobody anything that is not in it, and keep nobody out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.classroom.exercise_files import Entry, exercises
from sim.scenario.loader import load
from sim.serve import gate, run
from sim.serve.briefs import brief_view, option_points
from sim.serve.log import Log

CASES = [pytest.param(entry, id=entry.slug) for entry in exercises() if entry.number in (1, 2, 3, 7)]


@pytest.mark.parametrize("entry", CASES)
def test_three_questions_have_each_a_right_answer_that_stands_in_the_brief_and_a_wrong_one(entry: Entry) -> None:
    loaded = entry.loaded
    for party in loaded.case.signatories:
        brief = json.dumps(brief_view(loaded, party), ensure_ascii=False)
        asked = gate.questions(loaded, party)
        signing = [loaded.case.parties[n].id for n in loaded.case.signatories]
        lines = any(line.party in signing for line in loaded.scenario.red_lines)
        assert [one.id for one in asked] == ["matters", "needs", *["line"] * lines]
        matters, needs, *line = asked
        assert 0 < len(matters.right) < len(matters.options) <= 5
        assert {needs.options[n] for n in needs.right} == {f"{float(loaded.case.floor(party)[0]):.1f}"}
        assert len(set(needs.options)) == 3
        mine = [line.party for line in loaded.scenario.red_lines].count(loaded.case.parties[party].id)
        for one in line:
            (own,) = one.right
            assert (one.options[own] == "none of these") == (not mine) and all(
                said in brief for said in one.options[:-1]
            )
        best = {one.id: str(min(one.right)) for one in asked}
        assert (
            gate.read(loaded, party, best) == {"right": len(asked), "asked": len(asked)}
            and gate.read(loaded, party, {}) is None
        )
        wrong = next(str(n) for n in range(len(needs.options)) if n not in needs.right)
        told = gate.gate_view(loaded, party, best | {"needs": wrong})
        assert [one["right"] for one in told] == [True, False, *[True] * lines]


def test_a_question_that_has_no_answer_is_left_out_and_a_wrong_number_is_never_the_right_one() -> None:
    settled = load("toy/split-the-pie", ["pins.cut=slices_5"])
    assert [one.id for one in gate.questions(settled, 0)] == ["needs"], "no issue is open, and nobody has a line"
    for need in ("-10", "0", "4", "10"):
        (_, needs) = gate.questions(load("toy/split-the-pie", [f"parties.ann.reservation={need}"]), 0)
        (own,) = needs.right
        assert float(needs.options[own]) == float(need) and len(set(needs.options)) == 3
        assert all(abs(float(one) - float(need)) in (0, gate.STEP, 2 * gate.STEP) for one in needs.options)


def test_the_right_number_does_not_stand_in_the_same_place_for_everybody() -> None:
    loaded = load("classroom/07-live-table")
    places = [min(gate.questions(loaded, party)[1].right) for party in loaded.case.signatories]
    assert set(places) == {0, 1, 2}


def test_lines_of_those_who_do_not_sign_stand_in_no_question() -> None:
    loaded = load("variants/2025-02-over-their-heads")
    for party in loaded.case.signatories:
        brief = json.dumps(brief_view(loaded, party), ensure_ascii=False)
        for one in gate.questions(loaded, party):
            assert one.id != "line" or all(option in brief for option in one.options[:-1])


def test_what_is_worth_most_is_asked_of_the_issue_with_most_between_its_options() -> None:
    loaded = load("classroom/03-logroll")
    for party, issue, best in ((0, "Sanctions", "lifted"), (1, "Security guarantees", "binding help if attacked")):
        assert max(map(max, option_points(loaded, party))) == 40
        matters = gate.questions(loaded, party)[0]
        assert matters.asks.startswith(f"{issue}: ")
        assert [matters.options[n] for n in matters.right] == [best]


@pytest.mark.parametrize("given", ["", "7", "-1", "²", "1.0", "x", "0" * 40])
def test_what_is_no_option_is_no_answer(given: str) -> None:
    loaded = load("toy/split-the-pie")
    assert [one["chosen"] for one in gate.gate_view(loaded, 0, {"needs": given})] == [None] * 2


def test_answers_are_kept_over_a_restart_and_go_with_whoever_gave_them(tmp_path: Path) -> None:
    asked = run.wanted(load("toy/split-the-pie"), [], 0, 1, 90, False)
    lesson, _ = run.take_up(asked, tmp_path / "kept.class")
    lesson.note("joined", room=1, party=0, body={"token": "t", "name": "Ana"})
    lesson.note("gate", room=1, party=0, body={"given": {"needs": "1"}})
    lesson.log.close()
    lesson, again = run.take_up(asked, tmp_path / "kept.class")
    assert again and lesson.seats[1, 0].gate == {"needs": "1"}
    lesson.note("kicked", room=1, party=0)
    assert lesson.seats[1, 0].gate == {} and isinstance(lesson.log, Log)
    lesson.log.close()
