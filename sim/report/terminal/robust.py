"""How sure a zone is, as text for a terminal: one screen, no decision of its own."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sim.report import robust_sentences as say
from sim.report.terminal.tables import Sheet
from sim.scenario.schema import Scenario
from sim.study.robust import RobustMeasures
from sim.study.shares import interval


def print_robust(console: Console, scenario: Scenario, found: RobustMeasures) -> None:
    """How robust the zone is in one screen: the answer, what was drawn, the core, the plain truce."""
    console.print(f"[bold]How sure is the zone?[/]  {escape(say.headline(scenario, found))}")
    held = say.widest(found)
    if held is None or say.all_alike(scenario, list(found.drawn)[-1]):
        return
    console.print(f"Packages that cross no declared red line: {found.candidates:,}; the draws decide which suit.")
    _print_table(console, found)
    if core := say.core(scenario, held):
        console.print(f"[bold]Robust core[/]  {escape(' '.join(core))}\n")
    if said := say.truce(scenario, held):
        console.print(f"{escape(said)}\n")
    console.print(f"[dim]{escape(say.drawn(scenario, found))}\n{say.NO_CHANCE}[/]")


def _print_table(console: Console, found: RobustMeasures) -> None:
    """Each kind of draws in a row."""
    table = Sheet()
    for heading in ("drawn", "draws with a zone", "95 % interval", "packages: 5 %", "50 %", "95 %", "core"):
        table.add_column(heading, justify="left" if heading == "drawn" else "right")
    for kind, held in found.drawn.items():
        sizes = (f"{size:,}" for size in held.size.values())
        ends = interval(held.zone)
        table.add_row(say.DRAWN[kind], f"{held.zone.hits:,} of {held.draws:,}", ends, *sizes, f"{held.core.packages:,}")
    console.print(Padding(table, (1, 0, 1, 2)))
