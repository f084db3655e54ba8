"""A class's cases of an exercise as one offline page: the id that somebody types picks the case, nothing else does.

The page holds no answer, no mark and no id of anybody: cases lie under a short digest of the ids they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.classroom.exercise_base import Assignment, Question
from sim.classroom.exercise_files import Entry
from sim.classroom.student_ids import known_as
from sim.classroom.student_variants import assign
from sim.report import sentences
from sim.report.offline import offline_page
from sim.report.sheets import personal_sheet
from sim.scenario.talks_schema import Tactic

HERE = "sim.report.exercise_page"
STYLES = ("sim.report.html.parts/colours.css", "sim.report.explorer/explorer.css", f"{HERE}/exercise.css")
MOST_TICKS = 200
"""Packages of a case that can be ticked one by one."""
COMMANDS = re.compile(r"\*\*With the simulator\*\*.*?(?=\*\*)", re.DOTALL)
"""What a handout says of commands, which nobody needs here."""


def class_pages(
    entry: Entry,
    students: Sequence[str],
    fictional: bool = False,
    progress: Callable[[float], None] = lambda share: None,
    sources: bool = True,
) -> str:
    """One page with the case of every student of a class, whose red lines stand with or without their ``sources``."""
    ids = [known_as(student) for student in students]
    salt = next(salt for salt in range(1_000) if len({digest(name, salt) for name in ids}) == len(ids))
    cases: list[dict[str, Any]] = []
    places: dict[int, int] = {}
    for done, student in enumerate(ids):
        case = _case(assign(entry, student), sources)
        if case not in cases:
            cases.append(case)
        places[digest(student, salt)] = cases.index(case)
        progress((done + 1) / len(ids))
    alike = {key: value for key, value in cases[0].items() if all(case[key] == value for case in cases)}
    data = {
        "exercise": entry.number,
        "names": "fictional" if fictional else "real",
        "stem": Path(entry.slug).name,
        "salt": salt,
        "alike": {key: value for key, value in alike.items() if key != "sheet"},
        "cases": [{key: value for key, value in case.items() if key not in ("sheet", *alike)} for case in cases],
        "places": places,
    }
    view = {
        "title": entry.loaded.scenario.title,
        "handout": _html(COMMANDS.sub("", entry.paper("handout")).partition("\n")[2]),
        "sheets": [_html(case["sheet"]) for case in cases],
    }
    return offline_page(f"{HERE}/exercise.html", STYLES, (f"{HERE}/exercise.js",), view, data)


def digest(student: str, salt: int) -> int:
    """A short digest of an id (FNV-1a, 32 bits): ids are not listed, though whoever guesses one can check it.

    >>> digest("ana", 0) == digest("ana", 0) != digest("ana", 1)
    True
    """
    found = 2_166_136_261
    for byte in f"{salt}/{student}".encode():
        found = (found ^ byte) * 16_777_619 % 2**32
    return found


def _case(assignment: Assignment[Any], sources: bool) -> dict[str, Any]:
    """What a form is made of, and the case in words."""
    scenario, space = assignment.loaded.scenario, assignment.loaded.case.space
    left = {issue.id: [issue.options[k] for k in those] for issue, those in zip(space.issues, space.left, strict=True)}
    return {
        "sheet": personal_sheet(assignment, None, sources),
        "issues": [
            {
                "id": i,
                "name": sentences.issue_name(scenario, i),
                "options": [(option, issue.labels[option]) for option in left[i]],
            }
            for i, issue in scenario.issues.items()
        ],
        "lines": [
            {
                "id": line.id,
                "party": sentences.name_of(scenario, line.party),
                "wording": sentences.wording(scenario, line),
            }
            for line in scenario.red_lines
        ],
        "questions": [_question(assignment, question) for question in assignment.questions()],
    }


def _question(assignment: Assignment[Any], question: Question) -> dict[str, Any]:
    """A question and how it is answered in a form, from what a sheet has in its place."""
    blank, issues = question.blank, assignment.loaded.scenario.issues
    kind, fields = "words", list[Any]()
    if question.field == "tactic":
        kind, fields = "tactic", tactic_fields()
    elif question.field == "red_line":
        kind = "line"
    elif isinstance(blank, dict):
        kind, fields = ("package", []) if set(blank) == set(issues) else ("fields", list(blank))
    elif isinstance(blank, list) and blank and isinstance(blank[0], dict):
        assert assignment.loaded.case.space.size <= MOST_TICKS
        kind = "packages"
    name = question.field.replace("_", " ").capitalize()
    asks = name + {
        "tactic": ": an empty field stays as usual",
        "line": ": pick one",
        "packages": ": tick each",
        "package": "",
    }.get(kind, f": {question.asks}")
    return {"field": question.field, "asks": asks, "kind": kind, "fields": fields, "points": question.points}


def tactic_fields() -> list[dict[str, Any]]:
    """The numbers of a tactic, with what they mean, their ends and what they usually are."""
    found = []
    for name, said in Tactic.model_json_schema()["properties"].items():
        kind = next((one for one in (said, *said.get("anyOf", [])) if one.get("type") in ("number", "integer")), None)
        if kind is not None:
            ends = {"least": kind["minimum"], "most": kind["maximum"], "whole": kind["type"] == "integer"}
            found.append({"name": name, "means": said["description"], "usual": said.get("default")} | ends)
    return found


def _html(markdown: str) -> Any:
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    render = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image").render
    return Markup(
        render(markdown)
        .replace("<table>", '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>')
        .replace("</table>", "</table></div>")
    )
