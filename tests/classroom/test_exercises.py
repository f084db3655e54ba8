"""The exercises: right answers pass, typical wrong ones are told why, every student's own variant can be solved."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.classroom import answer_parts
from sim.classroom.exercise_files import exercise, exercises
from sim.classroom.exercises.find_zone import FindZoneAssignment
from sim.classroom.exercises.ripeness import bootstrap_interval
from sim.classroom.papers import answer_sheet, personal_scenario
from sim.classroom.student_ids import known_as
from sim.classroom.student_variants import assign
from sim.errors import AnswerError, ScenarioError
from sim.scenario.loader import load, with_changes
from sim.zone.region import find_zone
from tests import guides, twins
from tests.conftest import Cli
from tests.fictional import renaming

NUMBERS = [entry.number for entry in exercises()]
STUDENTS = [f"student-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 10, 11, 13)]
"""Ten of those whom the guides tell of, so that what is asked of them is worked out once."""


@cache
def given(number: int) -> list[Any]:
    """The exercise as each student is given it: what is asked of one is worked out once for all tests."""
    return [assign(exercise(number), student) for student in STUDENTS]


@pytest.mark.parametrize("number", NUMBERS)
def test_ten_students_are_given_differing_cases_and_a_right_answer_to_each_passes(number: int) -> None:
    cases = set()
    for assignment in given(number):
        assert assignment.solvable
        marked = assignment.mark(assignment.solution())
        assert (marked.score, marked.passed) == (100, True), marked
        cases.add(personal_scenario(assignment))
    assert len(cases) == len(STUDENTS)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_scenario_as_it_stands_can_be_solved_too(number: int) -> None:
    assignment = guides.base(number)
    assert assignment.solvable and assignment.mark(assignment.solution()).passed
    assert sum(question.points for question in assignment.questions()) == 100


@pytest.mark.parametrize("number", NUMBERS)
def test_an_untouched_or_empty_answer_sheet_does_not_pass(number: int) -> None:
    assignment = assign(exercise(number), STUDENTS[1])
    blank = {question.field: question.blank for question in assignment.questions()}
    assert assignment.mark(blank).score < 50
    empty = assignment.mark({})
    assert empty.score == 0 and all(message.endswith("is not answered") for message in empty.messages)
    assert assignment.read(dict.fromkeys(blank, "")) == assignment.read({}) == empty.messages


def found(number: int, wrong: dict[str, Any], student: str | None = None) -> tuple[int, str]:
    """Score and messages of the right answer with some fields made wrong."""
    assignment = assign(exercise(number), student)
    marked = assignment.mark(assignment.solution() | wrong)
    return marked.score, "\n".join(marked.messages)


def test_wrong_lines_and_packages_of_exercise_1_are_told_why() -> None:
    solution = assign(exercise(1)).solution()
    score, said = found(1, {"red_line": "ukraine-no-low-cap"})
    assert score == 60 and "without this line alone the zone is still empty" in said
    score, said = found(1, {"packages": solution["packages"][:1]})
    assert 40 < score < 100 and "a package that suits both is missing" in said
    below = {"guarantees": "binding", "force_limits": "medium_cap"}
    score, said = found(1, {"packages": [*solution["packages"], below]})
    assert score < 100 and "below its value without a deal" in said
    crossing = {"guarantees": "guarantor_unanimity", "force_limits": "high_cap"}
    score, said = found(1, {"packages": [*solution["packages"], crossing]})
    assert score < 100 and "a red line is crossed that still binds" in said
    score, said = found(1, {"red_line": "russia-guarantes"})
    assert score == 60 and 'did you mean "russia-guarantees"' in said


def test_a_grid_is_printed_only_where_two_issues_are_open() -> None:
    stands = exercise(1).loaded
    assert len(FindZoneAssignment(stands).on_paper()) == 1
    assert FindZoneAssignment(with_changes(stands, ["pins.force_limits=high_cap"])).on_paper() == []


def test_wrong_thresholds_and_gains_of_exercise_2_are_told_why() -> None:
    assignment = assign(exercise(2))
    score, said = found(2, {"least_cost": 0.23})  # the formula for a stake that can be cut anywhere
    assert score == 40 and "no package that both would sign" in said
    score, said = found(2, {"least_cost": 0.5})
    assert score == 55 and "not the least cost" in said
    score, said = found(2, {"gains": "ukraine"})  # whose cost it is
    assert score == 60 and "compare this party's best package" in said
    score, said = found(2, {"least_cost": "a fifth"})
    assert score == 40 and "should be a number" in said
    assert assignment.mark(assignment.solution() | {"least_cost": assignment.threshold + 0.01}).passed


def test_wrong_trades_of_exercise_3_are_told_why() -> None:
    best = assign(exercise(3)).solution()["package"]
    score, said = found(3, {"package": best | {"legal_status": "all_in_law"}})
    assert score == 0 and "crosses ukraine-no-recognition" in said
    halfway = assign(exercise(3)).questions()[0].blank
    score, said = found(3, {"package": halfway})
    assert score == 40 and "not better for both" in said
    score, said = found(3, {"package": halfway | {"sanctions": "lifted"}})
    assert score == 20 and "worse than the start text for Ukraine" in said
    score, said = found(3, {"package": {"sanctions": "lifted"}})
    assert score == 0 and "says nothing of" in said


def test_any_trade_that_both_prefer_passes_exercise_3_and_its_worth_counts_a_tenth_at_most() -> None:
    assignment = assign(exercise(3), "s4")
    names = assignment.loaded.case.space.names
    scores = {assignment.mark({"package": names(package)}).score for package in assignment.better.packages}
    assert min(scores) >= 90 and max(scores) == 100 and len(scores) > 2
    assert all(assignment.mark({"package": names(package)}).passed for package in assignment.better.packages)


def test_wrong_quorums_and_comparisons_of_exercise_4_are_told_why() -> None:
    score, said = found(4, {"quorum": 0.9})  # where the zone is smallest, not empty
    assert score == 40 and "still a package that both would sign" in said
    score, said = found(4, {"quorum": 1.0})
    assert score == 55 and "not the first" in said
    score, said = found(4, {"helps": "no"})
    assert score == 60 and "Nash product" in said
    score, said = found(4, {"quorum": 95})
    assert score == 40 and "should lie between 0.5 and 1" in said


def test_the_package_told_in_exercise_5_can_be_copied_with_any_option_for_the_open_issue() -> None:
    assignment = assign(exercise(5))
    space, given = assignment.loaded.case.space, assignment.asked.package
    told = assignment.facts()[0].split("`")[1]
    whole = answer_parts.package(f"{told},{assignment.asked.issue}={assignment.enough[0]}", space)
    assert space.names(np.array(whole)) == {**given, assignment.asked.issue: assignment.enough[0]}


def test_wrong_guarantees_and_suppliers_of_exercise_5_are_told_why() -> None:
    score, said = found(5, {"guarantees": "guarantor_unanimity"})
    assert score == 40 and "smaller chance than asked for" in said
    score, said = found(5, {"suppliers": ["us", "europe", "ukraine"]})
    assert score == 70 and "without some of those you name" in said
    score, said = found(5, {"suppliers": ["us"]})
    assert score == 70 and "somebody is missing" in said
    eased = assign(exercise(5), next(s for s in STUDENTS if len(assign(exercise(5), s).enough) > 1))
    marked = eased.mark(eased.solution() | {"guarantees": eased.enough[1]})
    assert marked.score == 55 and "less would do" in marked.messages[0]


def test_predictions_of_exercise_6_earn_less_the_farther_they_are_and_are_not_told_the_median() -> None:
    assignment = assign(exercise(6))
    right = assignment.solution()
    score, said = found(6, {"russia": right["russia"] + 1})
    assert score == 90 and "near, but outside" in said
    assert not assignment.mark(right | {"russia": right["russia"] + 1}).passed, "most of the points are not all"
    score, said = found(6, {"ukraine": 24})
    assert score == 75 and "far from what the runs give" in said and str(right["ukraine"]) not in said
    score, said = found(6, {"soonest": "ukraine"})
    assert score == 75 and "another one ends sooner" in said
    score, said = found(6, {"both": "soon"})
    assert score == 75 and "should be a number" in said


def test_wrong_tactics_and_guesses_of_exercise_8_are_told_why() -> None:
    score, said = found(8, {"tactic": {"exponent": 0.05}})  # the hardliner itself
    assert score == 40 and "no more than the hardliner against itself" in said
    score, said = found(8, {"tactic": {"exponent": 4}})
    assert 40 < score < 100 and "whom does it leave too much to?" in said
    score, said = found(8, {"tactic": {"exponnent": 1}})
    assert score == 40 and 'did you mean "exponent"' in said
    score, said = found(8, {"tactic": "tough"})
    assert score == 40 and "should be a tactic" in said
    score, said = found(8, {"hardliners_sign": 0.8})
    assert score == 85 and "another share of runs" in said
    score, said = found(8, {"scores_most": "conceder"})
    assert score == 75 and "another one scores more" in said


def test_the_bootstrap_interval_of_a_median_is_what_resampling_gives() -> None:
    values = np.array([3, 5, 5, 6, 7, 7, 8, 9, 12, 15, 20])
    medians = np.median(np.random.default_rng(1).choice(values, (20_000, len(values))), axis=1)
    assert bootstrap_interval(values) == tuple(np.quantile(medians, [0.025, 0.975]))


def test_wrong_packages_and_parties_of_exercise_7_are_told_why() -> None:
    assignment = assign(exercise(7))
    right, space = assignment.solution(), assignment.loaded.case.space
    everybody, nothing = [party.id for party in assignment.loaded.case.parties], space.names(space.package({}))
    no_text = "there is nothing in it that could be signed: it does not hang together, or nothing stops"
    for wrong, earned, line in (
        (
            {"package": space.names(assignment.offered)},
            63,
            "package: not everybody could have signed it: 1 of 4 could not",
        ),
        ({"package": nothing}, 40, f"package: {no_text}"),
        ({"could_not_sign": everybody}, 60, "could_not_sign: not these: 3 could have signed it"),
        ({"could_not_sign": ["us"]}, 60, "could_not_sign: not these: 1 missing, 1 could have signed it"),
        (
            {"could_not_sign": ["nobody"]},
            60,
            'could_not_sign: there is no party "nobody" (one of: russia, ukraine, us, europe)',
        ),
    ):
        marked = assignment.mark(right | wrong)
        assert (marked.score, line in marked.messages) == (earned, True), marked


@pytest.mark.parametrize(
    ("wrong", "earned", "line"),
    [
        ({"reading": "ironclad"}, 60, "reading: with this reading the ceasefire zone is open or shut as before"),
        ({"after": "open"}, 80, "after: a verdict that turns is not what it was before"),
        ({"source": {"article": "000", "paragraph": 5}}, 85, "source: the article is right, the paragraph is not"),
        (
            {"source": {"article": "002", "paragraph": 3}},
            70,
            "source: the reading that turns the verdict is drawn from another article",
        ),
        ({"source": "000"}, 70, "source: should name an article and a paragraph"),
    ],
)
def test_wrong_readings_of_exercise_9_are_told_why(wrong: dict[str, Any], earned: int, line: str) -> None:
    score, said = found(9, wrong)
    assert score == earned and line in said.splitlines()


def test_a_reading_of_all_lines_binds_each_of_them_and_leads_back_to_where_it_began() -> None:
    settled = assign(exercise(9))
    binding = settled.changed("reading=ceasefire")
    lines = {line.id: line for line in binding.scenario.red_lines}
    for line in settled.loaded.scenario.red_lines:
        on_the_ending = "hostilities" in line.requires
        assert line.when == ({} if on_the_ending else {"hostilities": ["final_treaty"]})
        assert not lines[line.id].when
    back = type(settled)(binding).changed("reading=settlement")
    assert back.scenario.red_lines == settled.loaded.scenario.red_lines


def test_without_a_guarantee_only_one_side_of_exercise_5_would_sign_and_it_holds_least() -> None:
    for assignment in given(5):
        case, chances = assignment.loaded.case, list(assignment.chances.values())
        package = case.space.package(assignment.asked.package | {"guarantees": "none"})[None]
        gains = [float(case.value(n, package)[0] - case.reservation[0, n]) for n in case.belligerents]
        assert gains[0] > 0 > gains[1]
        assert chances == sorted(chances) and min(abs(c - assignment.asked.chance) for c in chances) >= 0.02


@pytest.mark.parametrize("number", NUMBERS)
def test_no_message_about_a_wrong_answer_names_the_right_one(number: int) -> None:
    for student, assignment in zip(STUDENTS, given(number), strict=True):
        right = assignment.solution()
        wrong = {question.field: "nonsense-word" for question in assignment.questions()}
        said = "\n".join(assignment.mark(wrong).messages)
        for value in right.values():
            for word in value if isinstance(value, list) else [value]:
                if isinstance(word, str | float) and str(word) not in ("yes", "no", "open", "shut"):
                    listed = "one of:" in said  # all valid words are named alike, so none is given away
                    assert listed or str(word) not in said, (student, said)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_student_file_holds_the_same_case_as_the_grader_makes_again(number: int, tmp_path: Path) -> None:
    assignment = assign(exercise(number), STUDENTS[3])
    path = tmp_path / "mine.yaml"
    path.write_text(personal_scenario(assignment), encoding="utf-8")
    mine, made = load(str(path)), assignment.loaded
    assert np.array_equal(mine.case.reservation, made.case.reservation)
    assert (
        find_zone(mine.case).masks["ceasefire"].masks.tolist() == find_zone(made.case).masks["ceasefire"].masks.tolist()
    )
    assert type(assignment)(mine).solution() == assignment.solution()
    assert not mine.scenario.exercise.vary


def test_an_id_is_read_alike_however_it_is_typed() -> None:
    assert known_as(" Zoë ") == known_as("Zoe\u0308") == "zoë"
    assert known_as(17) == "17"
    for bad in ("", " ", "x" * 65, "a\u202eb", None, ["a"]):
        with pytest.raises(AnswerError):
            known_as(bad)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_numbers_in_a_guide_are_what_the_exercises_give(number: int) -> None:
    (path,) = [path for n, path in guides.guides() if n == number]
    text = path.read_text("utf-8")
    assert guides.rewritten(number, text) == text, "python -m tests.guides rewrites it"


def test_every_guide_has_what_an_instructor_needs() -> None:
    for entry in exercises():
        text = entry.paper("guide")
        for part in ("**Objective.**", "**Time", "**Commands**", "## Debrief", "## Common mistakes", "## Sensitivity"):
            assert part in text, (entry.slug, part)
        debrief = text.split("## Debrief")[1].split("##")[0]
        assert len(re.findall(r"^\d\. .*", debrief, re.M)) >= 3 and debrief.count("?") >= 3
        assert len(entry.paper("handout").splitlines()) <= 45


def test_the_fictional_twins_are_made_by_the_one_rule() -> None:
    for path, text in twins.twins().items():
        assert path.read_text("utf-8") == text, f"python -m tests.twins rewrites {path.name}"


@pytest.mark.parametrize("number", NUMBERS)
def test_fictional_names_change_no_number_and_let_no_real_name_through(number: int) -> None:
    student = STUDENTS[5]
    real, twin = assign(exercise(number), student), assign(exercise(number, fictional=True), student)
    for mine, theirs in zip(_numbers(real), _numbers(twin), strict=True):
        assert np.array_equal(mine, theirs)
    assert twins.twin(json.dumps(real.solution())) == json.dumps(twin.solution())
    shown = personal_scenario(twin) + answer_sheet(exercise(number, True), student, twin, True)
    shown += exercise(number, True).paper("handout") + exercise(number, True).paper("guide")
    known = [*renaming().phrases, *renaming().words]
    assert not [name for name in known if re.search(rf"(?<![A-Za-z]){name}(?![A-Za-z])", shown)]


def _numbers(assignment: Any) -> list[Any]:
    case = assignment.loaded.case
    return [case.preferences.weights, case.preferences.values, case.reservation, case.red_lines.boxes]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "up to political assurances"),
        (2, "chance 0.73 to win all, cost 0.1 of the stake"),
        (3, "`legal_status=de_facto,guarantees=guarantor_unanimity,force_limits=medium_cap,sanctions=half`"),
        (4, "quorum 0.5, spread 40"),
        (5, "hostilities=final_treaty"),
        (6, "cost of continuing 14 (abstract points); tactic exponent 0.8, patience 24"),
        (8, "`hardliner`: exponent 0.05"),
        (9, "`earlier-draft` (for `russia-recognition`)"),
        (9, "**As they stand** all red lines bind only a settlement"),
        (9, "`before-any-ceasefire` (for all red lines)"),
    ],
)
def test_a_sheet_holds_what_its_questions_rest_on(number: int, said: str) -> None:
    from sim.report.sheets import personal_sheet

    assert said in personal_sheet(assign(exercise(number)), None)


def test_the_line_to_blame_is_anybodys_over_a_class() -> None:
    lines = [assign(exercise(1), f"student-{n}").culprits[0] for n in range(1, 101)]
    assert len(set(lines)) == 4 and 1 / 3 < np.mean([line.startswith("russia") for line in lines]) < 2 / 3


@pytest.mark.parametrize("number", NUMBERS)
def test_months_stand_on_a_sheet_only_where_a_war_goes_on_meanwhile(number: int) -> None:
    from sim.report.sheets import personal_sheet

    assignment = assign(exercise(number))
    modelled = assignment.loaded.scenario.war is not None
    assert modelled == (number in (5, 6, 7))
    assert ("oints a month" in personal_sheet(assignment, None)) == modelled


def test_the_sheet_of_a_hostile_scenario_shows_tags_and_never_obeys_them(tmp_path: Path) -> None:
    from sim.report.sheets import page, personal_sheet

    assignment = assign(exercise(3), "s2")
    evil = assignment.changed("parties.russia.batna=<script>alert(1)</script>", "title=<img src=x onerror=y>")
    text = personal_sheet(type(assignment)(evil), "<b>ana</b>")
    html = page(evil.scenario.title, text, "![x](http://evil/x.png) [y](javascript:alert(1)) <script>")
    assert "<script" not in html and "<img" not in html and "<b>" not in html and 'href="javascript' not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "@media print" in html
    known = {article.address for article in evil.scenario.articles.values()}
    linked = set(re.findall(r'href="([^"]*)"', html)) - {"http://evil/x.png"}  # a picture is only a link
    assert linked <= known and len(linked) == 2, "it leads to articles, where somebody follows"
    assert not re.search(r"<[^>]*\ssrc|<link|url\(|@import", html), "and fetches nothing"


def test_an_exercise_of_a_teacher_s_own_is_found_beside_the_shipped_ones(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "scenarios" / "classroom").mkdir(parents=True)
    own = tmp_path / "scenarios" / "classroom" / "21-ours.yaml"
    assert cli("new", str(own), "--from", "classroom/04-two-level-game").returncode == 0
    own.write_text(own.read_text("utf-8").replace("number: 4", "number: 21"), encoding="utf-8")
    assert "classroom/21-ours" in cli("exercise", "list").stdout
    assert cli("exercise", "start", "21", "--student", "ana").returncode == 0
    assert "exercise 21 has no handout" in cli("exercise", "show", "21").stderr


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (4, "exercise.party=ukrane", 'did you mean "ukraine"'),
        (5, "exercise.issue=guarantes", 'did you mean "guarantees"'),
        (5, "exercise.package.sanctions=lifte", 'did you mean "lifted"'),
        (8, "exercise.hardliner=hardlner", 'did you mean "hardliner"'),
        (9, "exercise.readings.no-western-force.line=russia-no-troops", 'did you mean "russia-no-foreign-troops"'),
        (9, "exercise.readings.no-western-force.article=009", "there is no article"),
        (9, "exercise.readings.a-first-step.reading=settled", "settlement"),
        (2, "exercise.kind=guess", "exercise"),
    ],
)
def test_an_exercise_that_names_what_is_not_there_is_refused(number: int, change: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        load(exercise(number).slug, [change])


def test_what_a_quorum_at_home_asks_is_in_the_number_that_is_printed(cli: Cli) -> None:
    from sim.report import sentences, sheets

    for quorum, said in [
        (0.5, "40 points, what it"),
        (0.95, "76 points: 40 that it expects without a deal"),
    ]:
        loaded = load("classroom/04-two-level-game", [f"parties.ukraine.ratification.quorum={quorum}"])
        floor = float(loaded.case.floor(loaded.case.party_number("ukraine"))[0])
        told = sentences.requirement(loaded.scenario, "reservation:ukraine")[1]
        assert said in told and told.startswith(f"at least {floor:g} points")
        assignment = assign(exercise(4))
        sheet = sheets.personal_sheet(type(assignment)(loaded), None)
        assert "Needs to sign" in sheet and f"| 40.0 | {floor:.1f} |" in sheet
    own = load("classroom/04-two-level-game", ["parties.ukraine.ratification.quorum=0.95"])
    war = own.scenario.parties["ukraine"].model_copy(update={"reservation": None})
    scenario = own.scenario.model_copy(update={"parties": {**own.scenario.parties, "ukraine": war}})
    told = sentences.requirement(scenario, "reservation:ukraine")[1]
    assert told == "at least what it expects without a deal and 36 points more for its quorum at home [assumption]"
    assert "Needs to sign" not in sheets.personal_sheet(assign(exercise(1)), None)
