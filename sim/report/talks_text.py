"""A run as text for a terminal: a line a round, how it ended, the verdict."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from sim.report import sentences
from sim.scenario.schema import Scenario

NOTHING = "nothing"


def print_talks(console: Console, scenario: Scenario, result: dict[str, Any], transcript: list[dict[str, Any]]) -> None:
    """The run in a screen or two: a line a round, how it ended, the verdict."""
    console.print(f"[bold]Do the talks find one?[/]  (seed {result['seed']}, {scenario.protocol.name})")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("round", "on the table", "moved since the last", "answers"):
        table.add_column(heading, overflow="fold")
    for first, last, author, moved, answers in _rows(scenario, transcript):
        rounds = str(first) if first == last else f"{first}–{last}"
        table.add_row(rounds, escape(author), escape(moved), escape(answers))
    console.print(Padding(table, (0, 0, 1, 2)))
    console.print(f"[bold]Ending:[/] {result['ending'].replace('_', ' ')} in round {result['round']}.")
    if result["package"]:
        for issue_id, option in result["package"].items():
            words = f"{sentences.issue_name(scenario, issue_id)}: {sentences.label(scenario, issue_id, option)}"
            console.print(f"  {escape(words)}")
        values = ", ".join(
            f"{sentences.name_of(scenario, party)} {value:.1f} (without a deal {result['reservation'][party]:.1f})"
            for party, value in result["values"].items()
        )
        console.print(f"  points a month: {escape(values)}")
        if result["holds"]:
            console.print(
                f"  chance that it holds 1 and 5 years under these assumptions: {sentences.holds(result['holds'])}; "
                f"in this run it held {result['held_months']:,} months"
            )
    console.print(f"[bold]Verdict:[/] {result['verdict']}: {sentences.VERDICTS[result['verdict']]}.")


def _rows(scenario: Scenario, transcript: list[dict[str, Any]]) -> list[tuple[int, int, str, str, str]]:
    """First and last round, who tabled, what moved, answers; rounds in which nothing happens share a row."""
    rows: list[tuple[int, int, str, str, str]] = []
    before: dict[str, dict[str, str]] = {}
    same: object = None
    for number, events in groupby(transcript, key=lambda event: event["round"]):
        tabled, *others = events
        replies = [event for event in others if event["event"] == "reply"]
        author = "text" if tabled["event"] == "text" else sentences.name_of(scenario, tabled["party"])
        package = tabled.get("package", {})
        moved = _moved(scenario, before.get(author), package)
        before[author] = package
        now = (author, [(reply["party"], reply["answer"], reply["crosses"]) for reply in replies])
        first, answers = number, _answers(scenario, replies)
        if moved == NOTHING and now == same and rows[-1][3] == NOTHING:
            first = rows.pop()[0]
            answers = f"by round {number}: {answers}"
        rows.append((first, number, author, moved, answers))
        same = now
    return rows


def _moved(scenario: Scenario, before: dict[str, str] | None, package: dict[str, str]) -> str:
    if not package:
        return "no offer: nothing within its own red lines is worth its reservation value"
    if before is None:
        return "opens"
    moved = [
        f"{sentences.issue_name(scenario, issue_id)}: {sentences.label(scenario, issue_id, option)}"
        for issue_id, option in package.items()
        if before.get(issue_id) != option
    ]
    return "; ".join(moved) or NOTHING


def _answers(scenario: Scenario, replies: list[dict[str, Any]]) -> str:
    yes = [sentences.name_of(scenario, reply["party"]) for reply in replies if reply["answer"] == "accept"]
    said = [f"{', '.join(yes)}: yes"] if yes else []
    for reply in replies:
        if reply["answer"] == "reject":
            lines = len(reply["crosses"])
            short = f"{_points(reply['short_of_target'])} short" if reply["short_of_target"] else ""
            crossed = f"{lines} line{'s' if lines > 1 else ''} crossed" if lines else ""
            why = ", ".join(part for part in (crossed, short) if part) or "no reason given"
            said.append(f"{sentences.name_of(scenario, reply['party'])}: no ({why})")
    return "; ".join(said)


def _points(short: float) -> str:
    """Points in few digits, never rounded down to none."""
    return f"{max(short, 0.1):.1f} points" if short < 1.5 else f"{short:.0f} points"
