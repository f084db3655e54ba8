"""Several scenarios as one page: a timeline, how declared positions moved, and a chapter for each.

It arranges what the runs hold, in the order given.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sim.markup import command_line
from sim.report import sentences
from sim.report.finding_sentences import number
from sim.report.html.page import page
from sim.report.html.run_page import run_view
from sim.report.html.who import party_view
from sim.report.html.zone_view import cell
from sim.report.reading_sentences import BINDS
from sim.study.saved import SavedRun

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_YEARS = 6
"""Years that are written under a strip at most."""


def timeline_page(runs: list[SavedRun]) -> str:
    """The HTML of a report on several runs."""
    return page("timeline.html", timeline_view(runs))


def timeline_view(runs: list[SavedRun]) -> dict[str, Any]:
    """What the page says."""
    chapters = [run_view(run, key=f"s{n}-") for n, run in enumerate(runs, 1)]
    for n, chapter in enumerate(chapters, 1):
        chapter["anchor"] = f"scenario-{n}"
        chapter["after"] = _apart(chapters[n - 2]["as_of"], chapter["as_of"]) if n > 1 else ""
        chapter["when"] = _day(chapter["as_of"]) or chapter["slug"]
    read = next((run.zone.reading for run in runs if run.zone.readings), None)
    for chapter, run in zip(chapters, runs, strict=True):
        sizes = run.zone.readings[read] if run.zone.readings and read else run.zone.zone
        chapter["size"] = sizes["declared"]["ceasefire"]
        chapter["no_line"] = sizes["lines_only"]["ceasefire"]
        own = run.zone.reading
        chapter["read"] = f"if lines bind {BINDS[own]}" if own and run.zone.readings and own != read else ""
    dates = sorted(str(chapter["as_of"]) for chapter in chapters if chapter["as_of"])
    opened = sum(chapter["zone"]["ceasefire"] > 0 for chapter in chapters)
    return {
        "finding": f"A deal was possible in {number(opened)} of {number(len(chapters))} scenarios",
        "contents": [
            ("verdict", "Timeline"),
            ("positions", "Positions"),
            *((chapter["anchor"], chapter["when"]) for chapter in chapters),
            ("reproduce", "Reproduce"),
        ],
        "chapters": chapters,
        "strip": strip_view(chapters),
        "bars_bind": BINDS[read] if read else "",
        "dates": " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "",
        "open": opened,
        "signed": sum(chapter["talks"]["agreed"] for chapter in chapters),
        "positions": positions_view(runs),
        "command": command_line("report", *(run.loaded.name for run in runs)),
        "live": {key: data for chapter in chapters for key, data in chapter["live"].items()},
    }


def strip_view(chapters: list[dict[str, Any]]) -> dict[str, Any] | None:
    """One strip, true to time: where each dated scenario and each year stands in per cent, how high its zone is, and
    the row of its label. Labels in the right half run to the left and the earliest stands on top; in the left half it
    is the other way round, below: so stems cross few labels.
    """
    dated = [(date.fromisoformat(chapter["as_of"]), chapter) for chapter in chapters if chapter["as_of"]]
    first, last = (pick(day for day, _ in dated) for pick in (min, max)) if dated else (date.min, date.min)
    if first == last:
        return None
    scale = max(chapter["size"] for _, chapter in dated) or 1

    def at(day: date) -> float:
        return 100 * (day - first).days / (last - first).days

    moments = sorted((at(day), n, chapter) for n, (day, chapter) in enumerate(dated))
    right, left = ([of for of in moments if (of[0] >= 50) == side] for side in (True, False))
    rows = {n: row for row, (_, n, _) in enumerate([*right, *reversed(left)])}
    every = -(-(last.year - first.year) // MOST_YEARS) or 1
    years = [year for year in range(first.year + 1, last.year + 1, every) if date(year, 1, 1) <= last]
    return {
        "rows": len(moments),
        "years": [{"year": year, "at": at(date(year, 1, 1))} for year in years],
        "moments": [
            {"at": place, "row": rows[n], "side": "before" if place >= 50 else "after"}
            | {"height": 100 * chapter["size"] / scale, "chapter": chapter}
            for place, n, chapter in moments
        ],
    }


def _day(said: str | None) -> str:
    """A day as people write it."""
    if not said:
        return ""
    day = date.fromisoformat(said)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _apart(before: str | None, after: str | None) -> str:
    """The time between two days, as people say it."""
    if not before or not after:
        return ""
    days = (date.fromisoformat(after) - date.fromisoformat(before)).days
    if abs(days) < 45:
        said = "the same day" if days == 0 else f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    else:
        months = round(abs(days) / 30.44)
        years, rest = divmod(months, 12)
        parts = [f"{years} year{'s' if years > 1 else ''}"] * bool(years)
        parts += [f"{rest} month{'s' if rest > 1 else ''}"] * bool(rest)
        said = " and ".join(parts)
    return said if days == 0 else f"{said} {'later' if days > 0 else 'earlier'}"


def positions_view(runs: list[SavedRun]) -> list[dict[str, Any]]:
    """For each issue on which any party declared a line: the options each party's lines leave, scenario by scenario."""
    shown = []
    for issue in dict.fromkeys(issue for run in runs for issue in run.loaded.scenario.issues):
        first = next(run for run in runs if issue in run.loaded.scenario.issues).loaded.scenario
        holders = {
            line.party: party_view(run.loaded.scenario, line.party)
            for run in runs
            for line in run.loaded.scenario.red_lines
            if issue in line.requires
        }
        if holders:
            shown.append(
                {
                    "name": sentences.issue_name(first, issue),
                    "options": list(first.issues[issue].labels.values()),
                    "rows": [
                        {"party": holders[party], "cells": _marked([_strip(run, party, issue) for run in runs])}
                        for party in sorted(holders, key=lambda party: str(holders[party]["name"]))
                    ],
                }
            )
    return shown


def _strip(run: SavedRun, party: str, issue: str) -> dict[str, Any] | None:
    """What a party's declared lines leave of an issue in one scenario; None when it declares nothing there."""
    scenario, case = run.loaded.scenario, run.loaded.case
    if issue not in scenario.issues or party not in scenario.parties:
        return None
    axis = list(scenario.issues).index(issue)
    number = list(scenario.parties).index(party)
    lines = [line for line in case.red_lines.lines if line.party == number and line.ladder[0].on == axis]
    if not lines:
        return None
    said = [line for line in scenario.red_lines if line.party == party and issue in line.requires]
    return {
        "cells": [cell(lines, option) for option in range(len(scenario.issues[issue].options))],
        "words": "; ".join(sentences.wording(scenario, line) for line in said),
    }


def _marked(strips: list[dict[str, Any] | None]) -> list[dict[str, Any]]:
    """The strips with what changed since the scenario before: new, moved, gone."""
    marked: list[dict[str, Any]] = []
    for n, strip in enumerate(strips):
        before = strips[n - 1] if n else strip
        if strip is None:
            change = "gone" if before else ""
        elif before is None:
            change = "new"
        else:
            change = "moved" if strip["cells"] != before["cells"] else ""
        marked.append(
            {"change": change, "cells": strip["cells"] if strip else [], "words": strip["words"] if strip else ""}
        )
    return marked
