"""The finding about a zone, before anything else: is there one, why not, what would open it. A screen of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from sim.markup import command_line, counted
from sim.report import conflict_sentences, reading_sentences, robust_sentences, sentences, talks_sentences
from sim.report.conflict_sentences import Clash
from sim.report.finding_sentences import PLAIN_VERDICTS, talks_answer
from sim.report.package_sentences import in_words
from sim.report.sentences import name_of
from sim.report.terminal.tables import dotted
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.study.measures import ZoneMeasures

if TYPE_CHECKING:
    from sim.study.run import Run

MOST_LISTED = 8
"""Lines of a list that are shown on a screen; `--full` and the JSON have them all."""
MOST_WAYS = 3
FEW = 2
"""Constraints that are named in a line; more are listed below."""


def print_first(
    console: Console, loaded: Loaded, found: ZoneMeasures, run: Run | None = None, folder: Path | None = None
) -> None:
    """The first screen, 25 lines at 80 columns: the finding, how one run's talks answered, what to ask next."""
    scenario = loaded.scenario
    print_finding(console, scenario, found, example=run is None)
    console.print()
    if run is not None:
        told = run.measured
        console.print(f"[bold]Do talks find one?[/]  {escape(talks_answer(scenario, told))}.")
        for said in talks_sentences.in_vain([name_of(scenario, party) for party in run.played.undone]):
            console.print(escape(said))
        if told.verdict != "reached":
            console.print(f"{PLAIN_VERDICTS[told.verdict]}.")
        elif told.package:
            console.print(f"Signed: {escape(in_words(scenario, told.package))}.")
    console.print(f"[bold]Next:[/] {escape(_next(loaded, found))}", soft_wrap=True)
    print_more(console, folder)


def print_more(console: Console, folder: Path | None) -> None:
    """Where the rest of a result is to be had."""
    files = "" if folder is None else f"; files in {folder}"
    console.print(f"[bold]All of it:[/] {escape(f'add --full{files}')}", soft_wrap=True)


def _next(loaded: Loaded, found: ZoneMeasures) -> str:
    """The command that shows most: without the fewest red lines that close a zone, or how sure an open one is."""
    ways = [way for name in ZONE_NAMES for way in found.relaxations[name] if not sentences.hangs(way)]
    if found.zone["declared"]["ceasefire"] or not ways:
        return command_line("robust", loaded.name, *loaded.options)
    fewest = min(ways, key=lambda way: (len(way), way))
    dropped = [word for line in fewest for word in ("--without", line)]
    return command_line("zone", loaded.name, *loaded.options, *dropped)


def print_finding(console: Console, scenario: Scenario, found: ZoneMeasures, example: bool = True) -> None:
    """Yes or no, and one deal as an ``example``; or which red lines exclude each other, and the smallest ways out."""
    console.print(f"[bold]Does a zone exist?[/]  {robust_sentences.answer(scenario, found)}")
    console.print(escape(_counted(scenario, found)))
    if truce := robust_sentences.bare_truce(scenario, found):
        console.print(escape(truce))
    if found.points and example:
        console.print(f"One of them: {escape(in_words(scenario, found.points[0].package))}.")
    if found.zone["declared"]["ceasefire"]:
        for clash in conflict_sentences.clashes(scenario, found):
            console.print(escape(_beside(scenario, found, clash)))
        return
    for clash in conflict_sentences.clashes(scenario, found):
        _print_clash(console, scenario, clash, all(found.complete.conflicts.values()))
    if why := conflict_sentences.without_clash(scenario, found):
        console.print(escape(why))
    closed = [name for name in ZONE_NAMES if found.relaxations[name]]
    for name in closed[:1] if found.one_diagnosis else closed:
        what = "a zone" if found.one_diagnosis else f"a {name} zone"
        console.print(f"[bold]To open {what}[/]: {escape(_opening(scenario, found, name))}")


def _beside(scenario: Scenario, found: ZoneMeasures, clash: Clash) -> str:
    """What there is no zone of beside the one that there is: where red lines clash, and what would open it."""
    issues = dict.fromkeys(issue for ids in clash.conflicts for issue in conflict_sentences.sides(scenario, ids).issues)
    how = conflict_sentences.how(clash).removeprefix("these ")
    said = f"No {clash.no}: {how} on {', '.join(issues)}"
    return f"{said}; {_opening(scenario, found, 'settlement')}." if found.relaxations["settlement"] else f"{said}."


def _counted(scenario: Scenario, found: ZoneMeasures) -> str:
    """How many deals suit whom, as assumed, in most draws and under the other reading, and what red lines rest on."""
    size, spread = found.zone["declared"]["ceasefire"], robust_sentences.spread(found)
    names = ", ".join(name_of(scenario, party) for party in sentences.asked(scenario))
    under = f" under {scenario.lines_from}" if scenario.lines_from else ""
    many = f"{size:,}" if size else "None"
    suits = f"possible deals {'suit' if size > 1 else 'suits'} {sentences.who_signs(scenario)} ({names}){under}"
    said = (f"{many} of {found.coherent:,} {suits}.", spread, reading_sentences.other_reading(found))
    return " ".join(sentence for sentence in said if sentence)


def _print_clash(console: Console, scenario: Scenario, clash: Clash, whole: bool) -> None:
    grounds = conflict_sentences.grounds(scenario, clash)
    brackets = "[article ¶; earlier: still assumed]" if "carried_forward" in grounds else "[article ¶paragraph]"
    legend = escape(f" {brackets}") if grounds else ""
    console.print(f"\n[bold]No {clash.no}[/]: {conflict_sentences.how(clash).removeprefix('these ')}{legend}")
    print_list(console, [conflict_sentences.short(scenario, ids) for ids in clash.conflicts], whole)
    if clash.shared:
        other = escape(conflict_sentences.shared(scenario, clash.shared))
        console.print(f"[bold]No ceasefire without a settlement[/]: {other}")


def _opening(scenario: Scenario, found: ZoneMeasures, name: ZoneName) -> str:
    """The fewest constraints to give up so that a zone opens, by name where they are few, and the fewest steps."""
    ways, steps = found.relaxations[name], found.steps[name]
    fewest = min(map(len, ways))
    smallest = [sentences.relaxation(scenario, way) for way in ways if len(way) == fewest]
    said = f"drop {counted(fewest, 'demand')}"
    if fewest <= FEW:
        said += f" ({' or '.join(smallest[:MOST_WAYS])}{' or …' if len(smallest) > MOST_WAYS else ''})"
    if steps.fewest:
        few = steps.bound + counted(steps.fewest, "step")
        said += f", or move red lines {few}{' in all' if steps.fewest > 1 else ''}"
    return said


def print_list(console: Console, lines: list[str], whole: bool = True, most: int | None = MOST_LISTED) -> None:
    """Lines with a dot before each, the first ``most`` of them; ``whole`` says that there are no others."""
    console.print(dotted(lines[:most]))
    if most is not None and len(lines) > most:
        console.print(f"   … and {'' if whole else 'at least '}{len(lines) - most:,} more (--full lists them)")
