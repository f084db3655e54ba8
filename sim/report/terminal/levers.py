"""How choices fare over many worlds, as text for a terminal: one table, no decision of its own."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from sim.markup import counted
from sim.scenario.changes import written
from sim.sweeps.robustness import CRITERIA, Fares, LeverMeasures

WHAT = {
    "agreement": "the share of runs that agree",
    "zone": "whether a zone exists",
    "settlement_zone": "whether a settlement zone exists",
    "plain_truce": "whether a plain truce suits all",
}
"""What choices are judged by, in words."""
NO_BEST = (
    "Which choice is best hangs on the criterion, the worlds drawn and the level called enough, all of them chosen by "
    "whoever asks; none of this recommends one."
)


def print_levers(console: Console, found: LeverMeasures) -> None:
    """Choices in rows, criteria in columns, then which is best under which."""
    console.print(f"[bold]{escape(found.title)}[/]  ({escape(found.scenario)})\n[dim]{found.banner}[/]\n")
    worlds = "the one world" if found.worlds == 1 else f"the same {found.worlds:,} worlds"
    console.print(
        f"{counted(len(found.choices), 'choice')} ({escape(', '.join(found.levers))}) in {worlds} "
        f"({escape(', '.join(found.uncertainties) or 'the scenario as it stands')}), judged by {WHAT[found.outcome]}."
    )
    if found.worlds_left_out:
        more = counted(found.worlds_left_out, "more world is", "more worlds are")
        console.print(f"{more} left out: not done, or failed, for some choice.")
    _print_table(console, found)
    console.print("[bold]Best under which criterion[/]")
    for criterion, places in found.best.items():
        names = (
            "all the same" if len(places) == len(found.choices) else "; ".join(choice_named(found, n) for n in places)
        )
        console.print(Padding(f"{CRITERIA[criterion]}: {escape(names)}", (0, 0, 0, 2)))
    console.print(f"\n[dim]{NO_BEST}[/]")


def _print_table(console: Console, found: LeverMeasures) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("choice")
    for heading in ("mean", "worst", "10 %", "50 %", "90 %", "regret", "its 90 %", "own", f"≥ {found.enough:g}"):
        table.add_column(heading, justify="right", no_wrap=True)
    for n, one in enumerate(found.choices):
        table.add_row(escape(choice_named(found, n)), *(f"{number:.2f}" for number in _row(one)))
    console.print(Padding(table, (1, 0, 1, 2)))


def _row(one: Fares) -> list[float]:
    return [one.mean, one.worst, *one.percentiles.values(), one.regret, one.regret_90, one.own_regret, one.enough]


def choice_named(found: LeverMeasures, n: int) -> str:
    """A choice in few words: each lever by the end of its path and what it is set to; a name alone says what it is."""
    choice = found.choices[n].choice
    if len(choice) == 1 and isinstance(alone := next(iter(choice.values())), str):
        return alone
    ends = Counter(path.rpartition(".")[2] for path in choice)
    return ", ".join(_lever(path, value, ends) for path, value in choice.items())


def _lever(path: str, value: object, ends: Counter[str]) -> str:
    *before, end = path.split(".")
    if end == "without" and before:
        return f"{'without' if value else 'with'} {before[-1]}"
    if end in ("name", "index") and before:
        end = before[-1]
    elif ends[end] > 1 and len(before) > 1:
        end = f"{before[1]} {end}"
    return f"{end} {_setting(value)}"


def _setting(value: object) -> str:
    """A setting: a name as it is, yes or no, a number with all its digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else written(value)
