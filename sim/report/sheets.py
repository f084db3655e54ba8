"""A student's own case as Markdown, and Markdown as pages that print: handouts, guides, personal sheets.

Raw HTML in a text is shown, never obeyed; nothing is fetched from anywhere.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim import BANNER
from sim.classroom.exercise_base import Assignment
from sim.classroom.exercise_files import Entry
from sim.classroom.papers import file_stem
from sim.classroom.student_variants import assign
from sim.markup import command_word, plain
from sim.overwriting import HTML
from sim.report import sentences
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.scenario.war_schema import LotteryWar

STYLE = """
:root { color-scheme: light; }
body { font: 11pt/1.45 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #111; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 1.4rem; }
table { border-collapse: collapse; margin: .6rem 0; width: 100%; font-size: .92em; }
th, td { border: 1px solid #777; padding: .2rem .5rem; text-align: left; vertical-align: top; }
th { background: #eee; } pre { background: #f4f4f4; padding: .6rem; white-space: pre-wrap; }
td code { white-space: nowrap; } a, code { overflow-wrap: anywhere; }
hr { border: 0; border-top: 1px solid #777; margin: 1.5rem 0; }
footer { margin-top: 2rem; font-size: .8rem; color: #444; }
/* room to write: an empty cell, and more of it beside a question */
td:empty:not(:first-child) { height: 2.1em; } td:nth-child(2):last-child:empty { height: 5em; width: 62%; }
@media print {
  @page { size: A4; margin: 13mm 15mm; }
  body { max-width: none; margin: 0; padding: 0; font-size: 9.5pt; line-height: 1.3; }
  h1, h2 { margin: 0 0 .5rem; } p, ul, ol, table { margin: .35rem 0; }
  hr { margin: 0; } pre { padding: .4rem; margin: .4rem 0; }
  th, td { padding: .08rem .4rem; }
  h1, h2 { break-after: avoid; } pre, li, tr { break-inside: avoid; } hr { visibility: hidden; break-after: page; }
  th { background: none; border-bottom-width: 2px; } pre { border: 1px solid #777; background: none; }
  a { color: inherit; text-decoration: none; } footer { color: #000; margin: .4rem 0 0; }
}
"""


def page(title: str, *texts: str) -> str:
    """A page from Markdown texts, each on a sheet when printed: no script, no font, no picture from elsewhere."""
    from markdown_it import MarkdownIt

    render = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image").render
    body = "\n<hr>\n".join(render(text) for text in texts)
    return (
        f'{HTML}\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n"
        f"<footer>{html.escape(BANNER)}</footer>\n</body>\n</html>\n"
    )


def addressed(text: str, entry: Entry, student: str | None) -> str:
    """A handout with a student's own id and file names in its commands."""
    if student is None:
        return text
    stem = file_stem(entry, student)
    return text.replace(f"{Path(entry.slug).name}-YOUR-ID", stem).replace("YOUR-ID", command_word(student))


def class_page(
    entry: Entry, students: list[str], progress: Callable[[float], None] = lambda share: None, sources: bool = True
) -> str:
    """One page with the handout and the own case of every student of a class, each on sheets of its own."""
    texts: list[str] = []
    for place, student in enumerate(students):
        texts += paper_sheets(entry, student, sources)
        progress((place + 1) / len(students))
    return page(entry.loaded.scenario.title, *texts)


def paper_sheets(entry: Entry, student: str | None, sources: bool = True) -> list[str]:
    """What one student is handed on paper: the handout with room for a name and for the answers; then the case."""
    assignment = assign(entry, student)
    name = [["Name", "Date", "Checked by"], ["", "", ""]]
    why = "Why: which line, value or reading decides, and how would your answer change with it?"
    asked = [f"{n}. {text}" for n, text in enumerate(assignment.texts, 1)]
    room = [["Question", "Your answer"], *([text, ""] for text in [*asked, why])]
    front = [addressed(entry.paper("handout"), entry, student), table(name), table(room)]
    back = [_heading(student), *_case(assignment, sources), *assignment.on_paper()]
    return ["\n\n".join(part) + "\n" for part in (front, back)]


def personal_sheet(assignment: Assignment[Any], student: str | None, sources: bool = True) -> str:
    """The case of one student as Markdown: questions, points of every option, values without a deal, red lines; these
    with or without their ``sources``.
    """
    asked = "\n".join(f"{n}. {plain(text)}" for n, text in enumerate(assignment.texts, 1))
    return "\n\n".join([_heading(student), asked, *_case(assignment, sources)]) + "\n"


def _heading(student: str | None) -> str:
    return f"## Your case{f' ({plain(student)})' if student else ''}"


def _case(assignment: Assignment[Any], sources: bool) -> list[str]:
    """What a student is told, as paragraphs of Markdown."""
    scenario = assignment.loaded.scenario
    parts = [_points(assignment.loaded), *_settled(assignment.loaded), _alternatives(assignment)]
    if scenario.red_lines:
        lines = "\n".join(_lines(scenario, sources))
        ordered = ": from " in lines or ": up to " in lines
        said = " (*from* and *up to*: in the order of the options above)" if ordered else ""
        parts.append(f"**Red lines**{said}\n\n{lines}")
    return [*parts, *assignment.facts(), *(_articles(assignment) if sources else [])]


def _settled(loaded: Loaded) -> list[str]:
    """The issues that are settled already."""
    space, scenario = loaded.case.space, loaded.scenario
    said = [
        f"{plain(sentences.issue_name(scenario, issue.id))}: "
        f"{plain(sentences.label(scenario, issue.id, issue.options[left[0]]))}"
        for issue, left in zip(space.issues, space.left, strict=True)
        if len(left) == 1
    ]
    return [f"**Settled already**: {'; '.join(said)}."] if said else []


def _articles(assignment: Assignment[Any]) -> list[str]:
    """What ``[000 ¶3]`` stands for, and where it can be read."""
    scenario = assignment.loaded.scenario
    said = []
    for article in assignment.articles:
        where = sentences.address(scenario, article)
        said.append(f"- {plain(sentences.article(scenario, article))}{f' <{where}>' if where else ''}")
    changed = "; a page may have changed since" if any("<http" in line for line in said) else ""
    head = f"**Articles** (*¶* counts paragraphs: lines that are not empty, headings too{changed})"
    return [f"{head}\n\n" + "\n".join(said)] if said else []


def _points(loaded: Loaded) -> str:
    """A row for each option of an open issue, with the points that it adds for each party."""
    scenario, space = loaded.scenario, loaded.case.space
    parties = [p for p in scenario.parties.values() if p.signs]
    rows = [["Issue", "Option", "Id", *(party.name for party in parties)]]
    for issue, left in zip(space.issues, space.left, strict=True):
        for place, option in enumerate(issue.options[k] for k in left if len(left) > 1):
            points = [
                party.weights.get(issue.id, 0)
                / sum(party.weights.values())
                * 100
                * party.values.get(issue.id, {}).get(option, 0)
                for party in parties
            ]
            name = "" if place else sentences.issue_name(scenario, issue.id)
            label = sentences.label(scenario, issue.id, option)
            rows.append([name, label, f"`{option}`", *(f"{p:.1f}" for p in points)])
    sums = "they add up over the issues"
    if loaded.case.endings is not None:
        sums = "they add up to what a package gives while it holds; after it the war goes on"
    return f"**{sentences.unit(scenario).capitalize()} of each option** ({sums})\n\n" + table(rows)


def _alternatives(assignment: Assignment[Any]) -> str:
    """What each signatory has without a deal, and what it needs to sign where a quorum asks for more."""
    scenario, case = assignment.loaded.scenario, assignment.loaded.case
    home = any(party.ratification for party in scenario.parties.values())
    rows = [["Party", "Without a deal", sentences.unit(scenario).capitalize(), *(["Needs to sign"] if home else [])]]
    for n in case.signatories:
        party = scenario.parties[case.parties[n].id]
        asks = party.ratification
        said = (party.batna or "no deal") + (f"; quorum {asks.quorum:g}, spread {asks.spread:g}" if asks else "")
        if isinstance(party.war, LotteryWar):
            said += f"; chance {party.war.lottery.win:g} to win all, cost {party.war.lottery.cost:g} of the stake"
        needed = [f"{float(case.floor(n)[0]):.1f}"] if home else []
        rows.append([party.name, said, f"{case.reservation[0, n]:.1f}", *needed])
    return table(rows)


def _lines(scenario: Scenario, sources: bool) -> list[str]:
    found = []
    for line in scenario.red_lines:
        asks = sentences.requirement(scenario, line.id)[1] if sources else sentences.wording(scenario, line)
        found.append(f"- `{line.id}`: {plain(sentences.name_of(scenario, line.party))} requires {plain(asks)}")
    return found


def table(rows: list[list[str]]) -> str:
    """Rows as a Markdown table, the first being its head; cells in backquotes are code."""
    head, *body = [[plain(cell) if not cell.startswith("`") else cell for cell in row] for row in rows]
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(row) for row in body)]
    return "\n".join(f"| {line} |" for line in lines)
