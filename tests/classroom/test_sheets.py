"""The case of a student as it is printed: room to write, what is open and what is settled, and where it is said."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from sim.classroom.exercise_base import Judged, Question
from sim.classroom.exercise_files import Entry, exercise, exercises
from sim.classroom.game import new_game
from sim.classroom.papers import answer_sheet, personal_scenario
from sim.classroom.student_variants import assign
from sim.report.sheets import class_page, page, paper_sheets, personal_sheet
from sim.report.terminal.play import brief
from sim.scenario.exercise_schema import Ripeness
from sim.scenario.loader import load
from sim.serve import html
from sim.serve.briefs import brief_view
from sim.study.record import result_hash
from tests.conftest import Cli
from tests.report.test_browser import browser  # noqa: F401  a fixture

ALL = [pytest.param(entry, id=entry.slug) for fictional in (False, True) for entry in exercises(fictional)]
CITED = re.compile(r"\[([\w-]+) ¶\d+")


def drawn(sheet: str) -> str:
    return page("", sheet)


@pytest.mark.parametrize("entry", ALL)
def test_a_printed_sheet_has_room_for_a_name_for_every_answer_and_for_the_reason(entry: Entry) -> None:
    front, _ = paper_sheets(entry, "ana")
    told, asked = drawn(front), assign(entry, "ana").texts
    for head in ("Name", "Date"):
        assert f"<th>{head}</th>" in told
    assert "<td></td>\n<td></td>" in told, "a row for the name"
    rows = re.findall(r"<td>((?:\d\.|Why:)[^<]*)</td>\s*<td></td>", told)
    assert len(rows) == len(asked) + 1 and rows[-1].startswith("Why:")
    assert "Your answer" not in personal_sheet(assign(entry, "ana"), "ana"), "on a screen there is no pen"


def test_the_sheet_that_asks_to_fill_in_a_grid_has_one_with_a_cell_for_every_package() -> None:
    assignment = assign(exercise(1), "ana")
    grid = drawn("\n\n".join(assignment.on_paper()))
    assert grid.count("<td></td>") == assignment.loaded.case.space.size == 20
    assert "grid of a printed sheet" in exercise(1).paper("handout")


@pytest.mark.parametrize("entry", ALL)
def test_a_sheet_lists_the_options_that_are_open_and_says_what_is_settled(entry: Entry) -> None:
    assignment = assign(entry, "ana")
    told, space = personal_sheet(assignment, None), assignment.loaded.case.space
    options = [len(left) for left in space.left if len(left) > 1]
    rows = told.partition("of each option**")[2].partition("| Party |")[0]
    assert len(re.findall(r"^\| .*`.*`", rows, re.M)) == sum(options)
    assert ("**Settled already**" in told) == (len(options) < len(space.issues))


@pytest.mark.parametrize("entry", ALL)
def test_every_article_that_a_sheet_names_is_on_it_with_its_address_and_all_can_be_left_out(entry: Entry) -> None:
    assignment = assign(entry, "ana")
    told = personal_sheet(assignment, None)
    cited, articles = set(CITED.findall(told)), assignment.loaded.scenario.articles
    listed = dict(re.findall(r"^- ([\w-]+): .*?(<https?://\S+>)?$", told.partition("**Articles**")[2], re.M))
    assert cited == set(listed), "each is explained, and no other"
    real = "fictional" not in entry.slug
    assert all((f"<{articles[one].address}>" == listed[one]) == real for one in cited)
    assert drawn(told).count("<a href=") == (len(cited) if real else 0)
    if entry.asked.kind != "read_sources":  # which is about them
        assert not CITED.findall(personal_sheet(assignment, None, sources=False))


def test_an_address_is_that_of_a_page_and_changes_no_result(tmp_path: Path, cli: Cli) -> None:
    articles = exercise(9).loaded.scenario.articles
    assert len({article.address for article in articles.values()}) == len(articles)
    text = yaml.safe_dump(
        {"format": 1, "title": "x", "extends": "2025-12-stalemate", "articles": {"000": {"address": "x"}}}
    )
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    assert "address" in cli("check", "bad.yaml").stderr
    (tmp_path / "moved.yaml").write_text(text.replace("address: x", "address: https://example.org/a"), encoding="utf-8")
    assert "https://example.org/a" in cli("evidence", "moved.yaml").stdout.replace("\n", "")
    before, after = load(tmp_path / "moved.yaml"), tmp_path / "after.yaml"
    after.write_text((tmp_path / "moved.yaml").read_text("utf-8").replace("org/a", "org/b"), encoding="utf-8")
    assert result_hash(before, 0) == result_hash(load(after), 0)


def test_the_brief_in_a_terminal_lists_its_articles_with_their_addresses() -> None:
    loaded = exercise(3).loaded
    told = "\n".join(text for text, _ in brief(new_game(loaded, "russia")))
    assert set(CITED.findall(told)) == {"002", "003"}
    assert all(f"  {one}: " in told and str(loaded.scenario.articles[one].address) in told for one in ("002", "003"))
    assert "Articles" not in "".join(text for text, _ in brief(new_game(load("toy/split-the-pie"), "ann")))


def test_a_brief_links_its_articles_and_a_teacher_can_leave_sources_out() -> None:
    view = brief_view(exercise(7).loaded, 0)
    shown, bare = (
        html.part_of("brief.html", {"brief": view, "stage": "lobby", "sources": sources}) for sources in (True, False)
    )
    articles = exercise(7).loaded.scenario.articles
    links = re.findall(r'<a href="([^"]+)" rel="noopener noreferrer"', str(shown))
    assert set(links) == {articles[one].address for one in set(CITED.findall(str(shown)))} and links
    assert "¶" in shown and "¶" not in bare and "http" not in bare and "You require" in bare


def test_a_students_file_says_that_weights_count_by_their_share_where_they_do_not_sum_to_a_hundred() -> None:
    told = {student: personal_scenario(assign(exercise(3), student)) for student in ("ana", "ben", "cem", "dot")}
    for student, text in told.items():
        parties = assign(exercise(3), student).loaded.scenario.parties.values()
        uneven = [party.name for party in parties if sum(party.weights.values()) != 100]
        assert text.startswith("# Weights count by their share") == bool(uneven)
        assert all(f"{name}'s sum to" in text for name in uneven)
    assert not personal_scenario(assign(exercise(1), "ana")).startswith("#")


def test_the_handout_on_ripeness_has_as_many_runs_as_are_asked_about() -> None:
    entry = exercise(6)
    assert isinstance(entry.asked, Ripeness)
    assert f"--runs {entry.asked.runs} --set" in entry.paper("handout")


def test_a_class_is_printed_with_or_without_sources(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "class.txt").write_text("ana\nben\n", encoding="utf-8")
    for words, there in ((), True), (("--no-sources",), False):
        assert cli("exercise", "sheets", "3", "class.txt", "--out", "sheets.html", *words).returncode == 0
        told = (tmp_path / "sheets.html").read_text("utf-8")
        assert cli("exercise", "pages", "3", "--class", "class.txt", *words).returncode == 0
        assert ("¶" in (tmp_path / "exercise-3.html").read_text("utf-8")) == there
        assert ("¶" in told) == there and told.count("Your answer") == 2
    assert class_page(exercise(3), ["ana"]).count("<hr>") == 1, "a handout, and a case"


@pytest.mark.slow
@pytest.mark.xdist_group("browser")
def test_a_student_is_handed_one_sheet_of_paper_printed_on_both_sides(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    page_ = browser.new_page()
    for entry in exercises():
        (tmp_path / "sheet.html").write_text(class_page(entry, ["ana", "ben"]), encoding="utf-8")
        page_.goto((tmp_path / "sheet.html").as_uri())
        printed = re.findall(rb"/Type\s*/Page\b", page_.pdf(prefer_css_page_size=True))
        assert len(printed) == (6 if entry.number in (7, 9) else 4), entry.slug
    page_.close()


def test_a_question_for_one_point_is_told_so() -> None:
    asked = Question("best", "which", "", 1, lambda given: Judged(0, ""))
    assignment: Any = SimpleNamespace(texts=[], questions=lambda: [asked])
    assert "# which; 1 point\n" in answer_sheet(exercise(1), "ana", assignment, fictional=False)
