"""Answers as people write them: what can be meant in one way only is taken so, and what cannot is told the nearest."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.classroom import answer_parts
from sim.classroom.exercise_files import exercise, exercises
from sim.classroom.grading import grade
from sim.classroom.papers import read_answer
from sim.classroom.roster import read_roster
from sim.classroom.student_variants import assign
from sim.classroom.tactic_handed_in import tactic_of
from sim.errors import AnswerError
from sim.markup import percent
from sim.report.sheets import personal_sheet
from sim.scenario.loader import load
from tests.conftest import Cli

TWO = load("toy/two-issues")
WORTH = re.compile(r"([A-Z][A-Za-z ]+) ([\d.]+) \(needs ([\d.]+)\)")


NUMBERS = [entry.number for entry in exercises()]
WAYS: dict[str, Callable[[str], str]] = {
    "shouted": str.upper,
    "spaced": lambda text: f" {text.replace('_', '-').capitalize()} ",
    "underscored": lambda text: text.replace("-", "_").title(),
    "quoted": lambda text: f"`{text}`",
}


def awry(answer: Any, way: Callable[[str], str]) -> Any:
    """An answer with every word, key and number written another way."""
    if isinstance(answer, dict):
        return {way(key): awry(value, way) for key, value in answer.items()}
    if isinstance(answer, list):
        return [awry(value, way) for value in answer]
    return way(answer) if isinstance(answer, str) else str(answer).replace(".", ",")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("way", WAYS)
def test_a_right_answer_is_right_however_it_is_written(number: int, way: str) -> None:
    assignment = assign(exercise(number))
    marked = assignment.mark(awry(assignment.solution(), WAYS[way]))
    assert (marked.score, marked.passed) == (100, True), marked


@pytest.mark.parametrize(
    ("number", "field"),
    [(2, "gains"), (5, "suppliers"), (5, "guarantees"), (9, "source"), (4, "helps")],
)
def test_names_stand_for_ids_and_yes_and_no_for_yes_and_no(number: int, field: str) -> None:
    assignment = assign(exercise(number))
    written: Any
    right, scenario = assignment.solution(), assignment.loaded.scenario
    if number == 2:
        written = scenario.parties[right["gains"]].name
    elif field == "suppliers":
        written = ", ".join(scenario.parties[party].name for party in right["suppliers"])
    elif number == 5:
        written = scenario.issues[field].options[right[field]]
    elif number == 9:
        written = {"article": int(right["source"]["article"]), "paragraph": float(right["source"]["paragraph"])}
    else:
        written = right["helps"] == "yes"
    assert assignment.mark(right | {field: written}).score == 100


@pytest.mark.parametrize(
    "given",
    [
        {"fence": "halfway", "tree": "felled"},
        {"Fence": "Halfway", "TREE": " felled"},
        {"The fence": "halfway", "the_tree": "Felled"},
        "fence=halfway,tree=felled",
    ],
)
def test_a_package_may_be_written_by_names_or_as_it_is_printed(given: Any) -> None:
    space = TWO.case.space
    assert space.names(answer_parts.package(given, space, TWO.scenario)) == {"fence": "halfway", "tree": "felled"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fence": "halfway", "tree": "feled"}, 'no option of tree "feled" (did you mean "felled"?)'),
        ({"fenze": "halfway", "tree": "felled"}, 'no issue "fenze" (did you mean "fence"?)'),
        ({"fence": "halfway", "Fence": "halfway", "tree": "felled"}, 'says "fence" twice'),
        ({"fence": "halfway"}, "says nothing of tree"),
        ("fence=halfway", "says nothing of tree"),
        ("halfway", "should be a package"),
    ],
)
def test_a_package_that_cannot_be_meant_is_told_the_nearest(given: Any, said: str) -> None:
    with pytest.raises(AnswerError, match=re.escape(said)):
        answer_parts.package(given, TWO.case.space, TWO.scenario)


def test_a_word_that_may_be_either_of_two_is_not_guessed() -> None:
    assert answer_parts.word("a_b", ["a-b", "a_b"], "word") == "a_b"
    with pytest.raises(AnswerError, match=r'"A B" may be a-b or a_b; write the id'):
        answer_parts.word("A B", ["a-b", "a_b"], "word")
    with pytest.raises(AnswerError, match=r'"Gate" may be n or s'):
        answer_parts.word("Gate", {"n": "gate", "s": "Gate"}, "word")
    assert answer_parts.word("gate", {"gate": "Other", "s": "Gate"}, "word") == "gate", "an id goes before a name"


def test_numbers_are_read_with_a_comma_and_nothing_else_is_taken_for_one() -> None:
    for given in (0.9, "0,9", "0.9", " ,9 ", "+0.90"):
        assert answer_parts.real(given, 0, 1) == 0.9
    for given in ("1,000,000", "0.9.1", "nan", "inf", "1e3", "٣", "", None, True, [1], float("nan"), "9" * 400):
        with pytest.raises(AnswerError, match=r"^should be a number, 0 to 1$"):
            answer_parts.real(given, 0, 1)
    with pytest.raises(AnswerError, match="should lie between 0 and 1"):
        answer_parts.real("95", 0, 1)


def test_fields_are_found_in_any_case_and_never_counted_twice() -> None:
    assignment = assign(exercise(4))
    right = assignment.solution()
    assert assignment.mark({"Quorum": right["quorum"], " HELPS": right["helps"]}).score == 100
    twice = assignment.mark(right | {"Quorum": 0.5})
    assert twice.score == 100 and "Quorum: appears twice; the first counts" in twice.messages
    assert 'quorm: is not asked here (did you mean "quorum"?)' in assignment.mark({"quorm": 1}).messages


def test_a_tactic_is_read_as_it_is_written() -> None:
    found = tactic_of({"Exponent": "0,5", "tit-for-tat": ".25", "patience": "12", "stall": "Yes", "learns": "Bayes"})
    assert (found.exponent, found.tit_for_tat, found.patience, found.stall, found.learns) == (
        0.5,
        0.25,
        12,
        True,
        "bayes",
    )
    for wrong, said in [
        ({"learns": "bays"}, 'did you mean "bayes"'),
        ({"stall": "perhaps"}, "stall"),
        ({"exponent": "0,5", "Exponent": 1}, "exponent: appears twice"),
    ]:
        with pytest.raises(AnswerError, match=said):
            tactic_of(wrong)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_answers_and_class_lists_are_read_in_the_codings_that_windows_writes(tmp_path: Path, coding: str) -> None:
    mark = "\ufeff" if coding in ("utf-16-le", "utf-16-be") else ""
    sheet, listed = tmp_path / "zoë.yaml", tmp_path / "class.txt"
    sheet.write_text(f"{mark}exercise: 1\r\nstudent: Zoë\r\nanswer: {{red_line: x}}\r\n", encoding=coding)
    listed.write_text(f"{mark}Student ID\r\nZoë\r\nana\r\n", encoding=coding)
    assert read_answer(sheet).student == "zoë" and [*read_roster(listed).ids] == ["zoë", "ana"]


def test_a_sheet_s_own_fields_are_read_as_they_are_written_and_refused_with_file_and_line(tmp_path: Path) -> None:
    sheet = tmp_path / "a.yaml"
    sheet.write_text("Exercise: '04'\nNames: Fictional\nSTUDENT: ana\nanswer: {}\n", encoding="utf-8")
    found = read_answer(sheet)
    assert (found.number, found.fictional, found.student) == (4, True, "ana")
    for text, line, said in [
        ("exercise: one\nstudent: ana\nanswer: {}\n", 1, "should be a number, such as 1"),
        ("exercise: 1\nstudnt: ana\nanswer: {}\n", 2, 'no field "studnt" (did you mean "student"?)'),
        ("exercise: 1\nnames: reel\nstudent: ana\nanswer: {}\n", 2, 'no kind of names "reel" (did you mean "real"?)'),
        ("exercise: 1\nstudent: 1.50\nanswer: {}\n", 2, "in quotes where it looks like a number"),
        ("exercise: 1\nstudent: ana\nanswer: yes\n", 3, "keep the answer sheet's form"),
        ("exercise: 1\nStudent: ana\nstudent: bea\nanswer: {}\n", 3, 'says "student" twice'),
    ]:
        sheet.write_text(text, encoding="utf-8")
        with pytest.raises(AnswerError) as error:
            read_answer(sheet)
        assert str(error.value).startswith(f"{sheet} line {line}: ") and said in str(error.value)


def test_a_class_list_has_an_id_a_line_with_or_without_a_heading_or_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "class.txt"

    def ids(text: str, column: str | None = None) -> list[str]:
        path.write_text(text, encoding="utf-8")
        return [*read_roster(path, column).ids]

    for head in ("id", "Students", "student_id", '"E-Mail"', "Username", "Names"):
        assert ids(f"# the class, in spring\n\n{head}\nana\n") == ["ana"]
    assert ids("ana\nid\n") == ["ana", "id"], "only the first line can be a heading"
    assert ids('Lee, Ana # new\n"Lee, Bo"\n') == ["lee, ana", "lee, bo"], "a comma before a blank parts no columns"
    assert ids("Surname;First name;ID\nB;Ana;7\n") == ids("Name, ID\nAna, 7\n") == ["7"]
    assert ids("Matrikel;Vorname\n9;Ana\n", "matrikel") == ["9"]
    with pytest.raises(AnswerError, match=r"no column of ids that is known \(it has: Matrikel, Vorname\)"):
        ids("Matrikel;Vorname\n9;Ana\n")
    with pytest.raises(AnswerError, match="1 to 500"):
        ids("id\n")


@pytest.mark.parametrize("student", ["ana b", "josé", "o'neil", "a&b", "x,y"])
def test_printed_commands_hold_no_single_quote_around_a_word_and_work_again(
    cli: Cli, tmp_path: Path, student: str
) -> None:
    import shlex

    said = cli("exercise", "start", "1", "--student", student, "--folder", "my folder").stdout
    shows, checks = said.splitlines()
    assert (
        "'" not in said.replace(student, "") and cli(*shlex.split(shows.partition(": ceasefire ")[2])).returncode == 0
    )
    sheet = Path(shlex.split(checks.partition(": ceasefire ")[2])[-1])
    assert sheet.parts[0] == "my folder" and (tmp_path / sheet).is_file()
    assert cli("exercise", "show", "1", "--student", student, "--html", "page.html").returncode == 0
    html = (tmp_path / "page.html").read_text("utf-8").replace("&quot;", '"').replace("&amp;", "&")
    assert f'--student "{student}"' in html


def test_no_command_of_a_handout_holds_a_single_quote() -> None:
    for entry in [exercise(n, fictional) for n in (1, 2, 3, 4, 5, 6, 8, 9) for fictional in (False, True)]:
        for kind in ("handout", "guide"):
            commands = [line for line in entry.paper(kind).splitlines() if line.startswith("ceasefire ")]  # type: ignore[arg-type]
            assert commands and not [line for line in commands if "'" in line]


def test_a_row_says_so_when_an_id_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("exercise: 1\nstudent: [ana]\nanswer: {}\n", encoding="utf-8")
    (row,) = grade(tmp_path)
    assert row.student == "a.yaml" and "line 2: student should be an id" in row.messages[0]


@pytest.mark.parametrize(("what", "said"), [("red line", "a red line"), ("answer", "an answer")])
def test_what_is_no_word_is_told_what_it_should_be(what: str, said: str) -> None:
    with pytest.raises(AnswerError, match=f"^should be {said}, in one word"):
        answer_parts.word(["x"], ["one", "two"], what)


@pytest.mark.parametrize(
    "written", ["Russia and Ukraine", "the Ukraine, and Russia!", "russia & ukraine", "Ukraine; Russia"]
)
def test_a_list_is_read_as_people_write_one_in_a_sentence(written: str) -> None:
    names = {"russia": "Russia", "ukraine": "Ukraine", "us": "United States", "b_and_h": "Bosnia and Herzegovina"}
    assert answer_parts.words(written, names, "party") == {"russia", "ukraine"}
    assert answer_parts.words(f"{written}, the United States", names, "party") == {"russia", "ukraine", "us"}
    assert answer_parts.words(f"Bosnia and Herzegovina, {written}", names, "party") == {"b_and_h", "russia", "ukraine"}
    with pytest.raises(AnswerError, match="no party"):
        answer_parts.words(f"{written} and Atlantis", names, "party")


@pytest.mark.parametrize("number", [5, 7])
def test_a_sheet_holds_the_numbers_that_its_questions_ask_to_compare(number: int) -> None:
    """Whoever has a page or paper alone can neither run the model nor add up what a war follows."""
    assignment = assign(exercise(number), "ana")
    sheet = personal_sheet(assignment, None)
    assert "they add up to what a package gives while it holds; after it the war goes on" in sheet
    if number == 5:
        assert all(f"`{option}` {percent(chance)}" in sheet for option, chance in assignment.chances.items())
    else:
        below = {name for name, worth, need in WORTH.findall(sheet) if float(worth) < float(need)}
        names = assignment.loaded.scenario.parties
        assert {names[party].name for party in assignment.solution()["could_not_sign"]} == below
