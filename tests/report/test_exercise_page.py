"""An exercise as a page: solved in a real browser, handed in as it was saved, marked by recomputing; nothing secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.classroom.class_tournament import read_tactic
from sim.classroom.exercise_files import exercise
from sim.classroom.student_variants import assign
from sim.classroom.tactic_handed_in import tactic_of
from sim.errors import AnswerError
from sim.report.exercise_page.page import class_pages, digest, tactic_fields
from sim.scenario.talks_schema import Tactic
from tests.conftest import Cli
from tests.report.test_browser import AXE, REQUIRED, browser  # noqa: F401  a fixture
from tests.waiting import NET

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.e2e]
CLASS = [f"student-{n}" for n in range(28)] + ["José", "Ana B."]
MOST_BYTES = 120_000


OTHERS = (2, 3, 4, 5, 6, 7, 8, 9)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("exercise") / "exercise.html"
    place.write_text(class_pages(exercise(1), CLASS), encoding="utf-8")
    for number in OTHERS:
        place.with_name(f"{number}.html").write_text(class_pages(exercise(number), CLASS[:1]), encoding="utf-8")
    return place


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:  # noqa: F811
    complaints: list[str] = []
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(NET * 1000)
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda r: r.url.startswith(("file:", "blob:")) or complaints.append(r.url))
    opened.goto(file.as_uri())
    yield opened
    context.close()
    assert not complaints


def save(page: Any, student: str, answer: dict[str, Any], folder: Path) -> Path:
    """Open a case, fill an answer in and save it, as a student does."""
    page.fill("#student", student)
    page.click("#who button")
    for field, value in answer.items():
        _fill(page, field, value)
    with page.expect_download() as saving:
        page.click("#form button")
    place = folder / saving.value.suggested_filename
    saving.value.save_as(place)
    return place


def _fill(page: Any, field: str, value: Any) -> None:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for package in value:
            options = json.dumps(list(package.values()), separators=(",", ":"))
            page.locator(f"[name={field}][value='{options}']").check()
    elif isinstance(value, dict):
        for name, entry in value.items():
            box = page.locator(f'[name="{field}.{name}"]')
            box.select_option(entry) if box.evaluate("node => node.tagName") == "SELECT" else box.fill(str(entry))
    elif page.locator(f"[name={field}][type=radio]").count():
        page.check(f'[name={field}][value="{value}"]')
    elif page.locator(f"[name={field}][type=text]").count():
        page.fill(f"[name={field}]", ", ".join(value) if isinstance(value, list) else str(value))


def test_answers_saved_in_a_browser_are_marked_as_the_same_answers_on_a_sheet(
    page: Any, tmp_path: Path, cli: Cli
) -> None:
    folder = tmp_path / "answers"
    right = assign(exercise(1), CLASS[0]).solution()
    wrong = assign(exercise(1), CLASS[1]).solution()
    part = {"red_line": wrong["red_line"], "packages": wrong["packages"][:1]}
    other = next(line.id for line in exercise(1).loaded.scenario.red_lines if line.id != wrong["red_line"])
    cases = {
        CLASS[0]: right,
        CLASS[1]: part,
        CLASS[-2]: {"red_line": other, "packages": []},
        CLASS[-1]: assign(exercise(1), CLASS[-1]).solution(),
    }
    folder.mkdir()
    for student, answer in cases.items():
        save(page, student, answer, folder)
    rows = {row["student"]: row for row in json.loads(cli("exercise", "grade", str(folder), "--json").stdout)}
    assert set(rows) == set(cases)
    for student, answer in cases.items():
        assert rows[student]["score"] == assign(exercise(1), student).mark(answer).score, student
    assert [rows[student]["score"] for student in (CLASS[0], CLASS[-1])] == [100, 100]
    assert 0 < rows[CLASS[1]]["score"] < 100


def test_solutions_of_the_other_exercises_filled_into_their_pages_get_full_marks(
    page: Any, file: Path, tmp_path: Path, cli: Cli
) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    for number in OTHERS:
        page.goto(file.with_name(f"{number}.html").as_uri())
        save(page, CLASS[0], assign(exercise(number), CLASS[0]).solution(), folder)
    rows = json.loads(cli("exercise", "grade", str(folder), "--json").stdout)
    assert {row["exercise"]: row["score"] for row in rows} == dict.fromkeys(OTHERS, 100)


def test_a_form_chooses_nothing_for_a_student_and_says_what_was_left_open(
    page: Any, file: Path, tmp_path: Path, cli: Cli
) -> None:
    page.goto(file.with_name("3.html").as_uri())
    save(page, CLASS[0], {}, tmp_path)
    assert "Not all is answered: Package." in page.locator("#saved").inner_text()
    (row,) = json.loads(cli("exercise", "grade", str(tmp_path), "--json").stdout)
    assert row["score"] == 0 and "says nothing of" in row["messages"][0]
    save(page, CLASS[0], assign(exercise(3), CLASS[0]).solution(), tmp_path)
    assert "Not all" not in page.locator("#saved").inner_text()


def test_a_page_shows_each_student_the_case_that_is_theirs_and_nobody_elses(page: Any) -> None:
    for student in (CLASS[3], " JOSÉ "):
        page.fill("#student", student)
        page.click("#who button")
        case = assign(exercise(1), student).loaded
        assert page.locator(".sheet:visible").count() == 1
        shown = page.locator(".sheet:visible").inner_text()
        for value in case.case.reservation[0]:
            assert f"{value:.1f}" in shown
        assert page.locator("[name=red_line]").count() == len(case.scenario.red_lines)
    page.fill("#student", "nobody")
    page.click("#who button")
    assert "not on the list" in page.locator("#told").inner_text()
    assert page.locator(".sheet:visible, #answer:visible").count() == 0


def test_a_page_for_a_class_is_small_and_holds_nothing_secret(file: Path) -> None:
    text = file.read_text("utf-8")
    assert len(text.encode()) <= MOST_BYTES and "http" not in text.replace("http-equiv", "")
    assert not [student for student in CLASS if student in text]
    data = json.loads(re.search(r'id="data">(.*?)</script>', text)[1])  # type: ignore[index]
    assert set(data) == {"exercise", "names", "stem", "salt", "alike", "cases", "places"}
    assert all({*case, *data["alike"]} == {"issues", "lines", "questions"} for case in data["cases"])
    assert sorted(data["places"]) == sorted(str(digest(student.lower(), data["salt"])) for student in CLASS)


def test_a_tactic_saved_in_a_browser_is_read_by_the_tournament_of_a_class(
    page: Any, file: Path, tmp_path: Path
) -> None:
    page.goto(file.with_name("8.html").as_uri())
    place = save(page, CLASS[0], {"tactic": {"exponent": 0.4, "patience": 9}}, tmp_path)
    student, tactic = read_tactic(place)
    assert (student, tactic.exponent, tactic.patience) == (CLASS[0], 0.4, 9)
    assert tactic.model_dump(exclude_defaults=True) == {"exponent": 0.4, "patience": 9}


def test_a_form_asks_for_every_number_of_a_tactic_within_its_ends() -> None:
    fields = {field["name"]: field for field in tactic_fields()}
    assert set(Tactic.model_fields) - set(fields) == {"stall", "learns"}
    for end in ("least", "most"):
        for name, field in fields.items():
            tactic_of({name: field[end]})
            with pytest.raises(AnswerError):
                tactic_of({name: field[end] + (1 if end == "most" else -1)})


def test_the_command_writes_a_page_and_replaces_nothing_else(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "class.csv").write_text("id\nana\nben\n", encoding="utf-8")
    assert cli("exercise", "pages", "1", "--class", "class.csv", "--fictional").returncode == 0
    first = (tmp_path / "exercise-1.html").read_text("utf-8")
    assert '"names":"fictional"' in first
    for kind, words in (("exercise", ("pages", "2", "--class", "class.csv")), ("sheets", ("sheets", "2", "class.csv"))):
        assert f"{kind}-2.html  2 students" in cli("exercise", *words).stdout
    assert (tmp_path / "exercise-1.html").read_text("utf-8") == first, "another exercise has a page of its own"
    assert cli("exercise", "pages", "1", "--class", "class.csv", "--out", "class.csv").returncode == 1


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_an_exercise_page_on_any_screen(page: Any, width: int) -> None:
    if not Path(AXE).is_file():
        if REQUIRED:
            pytest.fail(f"no axe-core at {AXE}")
        pytest.skip("no axe-core; set AXE_CORE to its axe.min.js")
    page.set_viewport_size({"width": width, "height": 800})
    page.fill("#student", CLASS[0])
    page.click("#who button")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags)
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
