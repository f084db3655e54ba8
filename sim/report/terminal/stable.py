"""Which agreements hold by themselves, as text for a terminal: one screen, no decision of its own."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sim.report import stable_sentences as say
from sim.report.sentences import label
from sim.report.terminal.tables import Sheet
from sim.scenario.schema import Scenario
from sim.study.stable import ASKED_FOR, CONCEPTS, Judged, StableMeasures


def print_stable(console: Console, scenario: Scenario, found: StableMeasures) -> None:
    """Which packages hold and why: the answer, counts by ending, then packages one by one."""
    console.print(f"[bold]Would an agreement hold by itself?[/]  {escape(say.headline(scenario, found))}")
    if not found.packages or not say.moves_modelled(scenario):
        for judged in found.judged:
            if judged.name == ASKED_FOR:
                _print_judged(console, scenario, judged)
        return
    if found.of == "frontier":
        console.print("The zone is too large to look at whole; these are the packages that no other beats for all.")
    _print_table(console, scenario, found)
    for judged in found.judged:
        _print_judged(console, scenario, judged)
    console.print(f"[dim]{escape(say.rule(scenario))}[/]")


def _print_table(console: Console, scenario: Scenario, found: StableMeasures) -> None:
    """How many packages are stable in each sense, by how the fighting ends."""
    table = Sheet()
    table.add_column("packages that are stable")
    endings = {} if scenario.war is None else found.by_ending
    for option in endings:
        assert scenario.war is not None
        table.add_column(escape(label(scenario, scenario.war.ending, option)), justify="right")
    table.add_column("all", justify="right")
    for concept in CONCEPTS:
        name, meaning = say.CONCEPT[concept]
        counts = (f"{of[concept]:,}" for of in endings.values())
        table.add_row(f"{name}: {meaning}", *counts, f"{found.stable[concept]:,}")
    totals = (f"{of['packages']:,}" for of in endings.values())
    table.add_row("looked at", *totals, f"{found.packages:,}")
    console.print(Padding(table, (1, 0, 1, 2)))


def _print_judged(console: Console, scenario: Scenario, judged: Judged) -> None:
    """A package in a line or two, with the sentences that say why."""
    console.print(f"[bold]{escape(say.called(judged))}[/] ({say.verdict(scenario, judged)})")
    for sentence in say.ways(scenario, judged):
        console.print(Padding(escape(sentence), (0, 0, 0, 2)))
