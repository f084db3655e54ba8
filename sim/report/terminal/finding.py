"""The finding about a zone, before anything else: is there one, why not, what would open it. A screen of its own."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from sim.report import conflict_sentences, robust_sentences, sentences
from sim.report.conflict_sentences import Clash
from sim.report.terminal.tables import dotted
from sim.scenario.schema import Scenario
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.study.measures import ZoneMeasures

MOST_LISTED = 8
"""Lines of a list that are shown on a screen; `--full` and the JSON have them all."""
MOST_WAYS = 3
FEW = 2
"""Constraints that are named in a line; more are listed below."""


def print_finding(console: Console, scenario: Scenario, found: ZoneMeasures) -> None:
    """Yes or no, which red lines exclude each other, and the smallest ways out."""
    signing = ", ".join(sentences.name_of(scenario, party) for party in sentences.asked(scenario))
    size = found.zone["declared"]["ceasefire"]
    console.print(f"[bold]Does a zone exist?[/]  {robust_sentences.answer(scenario, found)}")
    if truce := robust_sentences.bare_truce(scenario, found):
        console.print(escape(truce))
    spread = robust_sentences.spread(found)
    under = f" under {scenario.lines_from}" if scenario.lines_from else ""
    console.print(
        f"{f'{spread} As assumed, ' if spread else ''}{size:,} of {found.coherent:,} coherent packages suit "
        f"{escape(f'{sentences.who_signs(scenario)} ({signing}){under}')}."
    )
    for clash in conflict_sentences.clashes(scenario, found):
        _print_clash(console, scenario, clash)
    closed = [name for name in ZONE_NAMES if found.relaxations[name]]
    if closed:
        console.print("\n[bold]What would open it[/]")
    for name in closed[:1] if found.one_diagnosis else closed:
        what = "one" if found.one_diagnosis else f"a {name} zone"
        print_list(console, [_opening(scenario, found, name, what)])


def _print_clash(console: Console, scenario: Scenario, clash: Clash) -> None:
    console.print(f"\n[bold]No {clash.no}[/]: these red lines exclude each other")
    print_list(console, [conflict_sentences.short(scenario, ids) for ids in clash.conflicts])
    if clash.shared:
        other = escape(conflict_sentences.shared(scenario, clash.shared))
        console.print(f"[bold]No ceasefire short of one[/]: {other}")


def _opening(scenario: Scenario, found: ZoneMeasures, name: ZoneName, what: str) -> str:
    """The fewest constraints to give up so that a zone opens, by name where they are few, and the fewest steps."""
    ways, steps = found.relaxations[name], found.steps[name]
    fewest = min(map(len, ways))
    smallest = [sentences.relaxation(scenario, way) for way in ways if len(way) == fewest]
    said = f"for {what}: give up {fewest} of the constraints at least"
    if fewest <= FEW:
        said += f" ({' or '.join(smallest[:MOST_WAYS])}{' or …' if len(smallest) > MOST_WAYS else ''})"
    if steps.fewest:
        said += f", or move red lines {steps.fewest} step{'s' if steps.fewest > 1 else ''} in all"
    return said


def print_list(console: Console, lines: list[str], whole: bool = True, most: int | None = MOST_LISTED) -> None:
    """Lines with a dot before each, the first ``most`` of them; ``whole`` says that there are no others."""
    console.print(dotted(lines[:most]))
    if most is not None and len(lines) > most:
        console.print(f"   … and {'' if whole else 'at least '}{len(lines) - most:,} more (--full lists them)")
