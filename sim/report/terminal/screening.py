"""Which fields matter, as text for a terminal: one table, those that move most first."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sim.markup import counted
from sim.report.share_sentences import share_of
from sim.report.sweep_names import field_name
from sim.report.terminal.sweep import print_described
from sim.sweeps.screening import Effect, ScreeningMeasures
from sim.sweeps.sweep import Sweep

SHOWN = 20
"""Fields in the table at most."""
READ = (
    "moved: the share of steps of this field alone, all else and the luck staying, that change the answer (95 % "
    "interval); up: by how much a step upwards changes it on average; spread: how unlike the changes are, which tells "
    "of interactions. A step is two thirds of a range, or another value of a list. Points of a screening are not a "
    "sample of the ranges, so nothing else is told."
)


def print_screening(console: Console, sweep: Sweep, found: ScreeningMeasures) -> None:
    """A row a field: how its step moves the talks, and a zone."""
    print_described(console, found)
    talks, zones = found.effects["agreement"], found.effects["zone"]
    ranked = sorted(talks, key=lambda path: (-(talks[path].moved.share or 0), -(zones[path].moved.share or 0)))
    table = Table(box=None, pad_edge=False)
    for heading in ("a step of", "moves agreement", "up", "spread", "moves a zone", "up", "spread"):
        table.add_column(heading, justify="left" if heading == "a step of" else "right")
    for path in ranked[:SHOWN]:
        name = escape(field_name(sweep.loaded.scenario, path))
        table.add_row(name, *_told(talks[path]), *_told(zones[path]))
    console.print()
    console.print(table)
    if len(ranked) > SHOWN:
        console.print(f"… and {counted(len(ranked) - SHOWN, 'field')} that move less; --json has all")
    still = [path for path in ranked if not talks[path].moved.share and not zones[path].moved.share]
    console.print(f"\n{counted(found.trajectories, 'trajectory', 'trajectories')}; {_still(len(still))}")
    console.print(f"[dim]{READ}[/]")


def _told(effect: Effect) -> tuple[str, str, str]:
    numbers = ("–" if number is None else f"{number:.2f}" for number in (effect.up, effect.spread))
    return (share_of(effect.moved), *numbers)  # type: ignore[return-value]


def _still(count: int) -> str:
    return f"{counted(count, 'field')} moved nothing." if count else "every field moved something."
