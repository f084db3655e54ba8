"""Results as text for a terminal: tables and sentences, no decision of its own."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from sim import BANNER
from sim.report import sentences
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.stakes.case import ZONE_NAMES, ZoneName

NOTHING = "nothing"
MOST_LISTED = 8
"""Conflicts and relaxations shown on a screen; the JSON holds them all."""
READING_WORDS = {
    "declared": "declared lines and reservation values",
    "true": "true lines and reservation values",
    "none": "reservation values alone, no lines",
    "lines_only": "declared lines alone",
}


def print_heading(console: Console, loaded: Loaded) -> None:
    """Title, date, banner."""
    scenario = loaded.scenario
    console.print(f"[bold]{escape(scenario.title)}[/]  ({escape(loaded.slug)})")
    if loaded.options:
        console.print(f"with {escape(' '.join(loaded.options))}")
    console.print(f"[dim]{BANNER}[/]\n")


def print_zone(console: Console, scenario: Scenario, found: dict[str, Any]) -> None:
    """The zone in one screen: the headline count, the readings, and why it is empty."""
    signing = [party.name for party in scenario.parties.values() if "signatory" in party.roles]
    size = found["zone"]["declared"]["ceasefire"]
    console.print(f"[bold]Does a zone exist?[/]  {'Yes.' if size else 'No.'}")
    console.print(
        f"{size:,} of {found['coherent']:,} coherent packages suit all {len(signing)} signatories "
        f"({escape(', '.join(signing))})"
    )
    if scenario.reading:
        console.print(f"under {escape(scenario.reading)}.")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("packages in the zone under")
    for name in ZONE_NAMES:
        table.add_column(name, justify="right")
    for reading, sizes in found["zone"].items():
        table.add_row(READING_WORDS[reading], *(f"{sizes[name]:,}" for name in ZONE_NAMES))
    console.print(Padding(table, (1, 0, 0, 2)))
    if not any(line.softens_to for line in scenario.red_lines):
        console.print("  [dim]no true lines are assumed here: they are the declared ones[/]")
    if found["weight_sets"]:
        sizes = ", ".join(f"{name} {size:,}" for name, size in found["weight_sets"].items())
        console.print(f"  [dim]ceasefire zone under each weight set: {escape(sizes)}[/]")
    console.print()
    if found["conflicts"]["ceasefire"] == found["conflicts"]["settlement"]:
        _print_diagnosis(console, scenario, found, "ceasefire", "ceasefire or settlement zone")
    else:
        _print_diagnosis(console, scenario, found, "ceasefire", "ceasefire zone")
        _print_diagnosis(console, scenario, found, "settlement", "settlement zone")
    if found["conflicts"]["ceasefire"] or found["conflicts"]["settlement"]:
        _print_articles(console, scenario, found["conflicts"])


def _print_diagnosis(console: Console, scenario: Scenario, found: dict[str, Any], name: ZoneName, what: str) -> None:
    """Which red lines collide, and the smallest sets of them that would have to give."""
    if not found["conflicts"][name]:
        return
    console.print(f"[bold]Why there is no {what}[/]")
    _print_list(console, [sentences.conflict(scenario, ids) for ids in found["conflicts"][name]])
    ways = found["relaxations"][name]
    fewest = min(len(way) for way in ways)
    console.print(
        f"\n[bold]What would open it[/]  ({len(ways):,} minimal sets of red lines to give up, the smallest of {fewest};"
    )
    console.print("counted on this model's scale, not a cost, not a recommendation)")
    _print_list(console, [sentences.relaxation(scenario, way) for way in ways])
    console.print()


def _print_articles(console: Console, scenario: Scenario, conflicts: dict[ZoneName, list[list[str]]]) -> None:
    """The articles behind the conflicts, with their dates and caveats."""
    named = {constraint for sets in conflicts.values() for ids in sets for constraint in ids}
    cited = {source.article for line in scenario.red_lines if line.id in named for source in line.sources}
    if cited:
        console.print("[bold]Reported in[/]")
        _print_list(console, [sentences.article(scenario, article) for article in sorted(cited)])
        console.print()


def _print_list(console: Console, lines: list[str]) -> None:
    grid = Table.grid(padding=(0, 1))
    for line in lines[:MOST_LISTED]:
        grid.add_row(" •", escape(line))
    console.print(grid)
    if len(lines) > MOST_LISTED:
        console.print(f"   … and {len(lines) - MOST_LISTED:,} more (--json lists them)")


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
            f"{sentences.name_of(scenario, party)} {value:.1f} (without a deal {result['reservation'][party]:g})"
            for party, value in result["utilities"].items()
        )
        console.print(f"  points a month: {escape(values)}")
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
        first = number
        if moved == NOTHING and now == same:
            first = rows.pop()[0] if rows[-1][3] == NOTHING else number
        rows.append((first, number, author, moved, _answers(scenario, replies)))
        same = now
    return rows


def _moved(scenario: Scenario, before: dict[str, str] | None, package: dict[str, str]) -> str:
    if not package:
        return "no package within its own lines"
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
            short = f"{reply['short_of_target']:.0f} points short" if reply["short_of_target"] else ""
            crossed = f"{lines} line{'s' if lines > 1 else ''} crossed" if lines else ""
            why = ", ".join(part for part in (crossed, short) if part) or "no reason given"
            said.append(f"{sentences.name_of(scenario, reply['party'])}: no ({why})")
    return "; ".join(said)
