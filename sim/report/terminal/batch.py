"""Many runs as text for a terminal: the two results side by side, endings with intervals, why a zone was missed."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from sim.report import sentences
from sim.scenario.schema import Scenario
from sim.study.many import BatchMeasures
from sim.study.shares import Share, interval


def print_batch(console: Console, scenario: Scenario, found: BatchMeasures) -> None:
    """A batch in a screen."""
    runs = found.runs
    console.print(f"[bold]Do the talks find one?[/]  ({runs:,} runs, seed {found.seed}, {scenario.protocol.name})")
    zone = found.zone_exists
    there = "yes" if zone["declared"] else "under true lines only" if zone["true"] else "no"
    console.print(f"  a zone exists: {there}; the talks find one: {_share(found.talks_agree)} of runs")
    console.print("  shares of runs under these assumptions, with 95 % intervals (Wilson); never of the world\n")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("ending", "runs", "share", "95 % interval"):
        table.add_column(heading, justify="left" if heading == "ending" else "right")
    for name, entry in found.endings.items():
        table.add_row(name.replace("_", " "), f"{entry.hits:,}", _percent(entry.share), interval(entry))
    console.print(Padding(table, (0, 0, 1, 2)))
    verdicts = "; ".join(f"{name} {_percent(entry.share)}" for name, entry in found.verdicts.items())
    console.print(f"Verdicts: {verdicts}.")
    rounds = ", ".join(f"{share} by round {number}" for share, number in found.rounds.items())
    console.print(f"Runs over: {rounds}.")
    for said in details(scenario, found):
        console.print(escape(said))


def details(scenario: Scenario, found: BatchMeasures) -> list[str]:
    """Why a zone was missed, who left, what was reached, what moved, as sentences."""
    said = []
    missed = found.missed
    if missed is not None:
        said.append(
            f"Of {missed.runs:,} runs that missed the zone, {_share(missed.on_the_table)} had a package that "
            f"suited all on the table."
        )
        if missed.held_out:
            names = [f"{sentences.name_of(scenario, p)} in {_percent(e.share)}" for p, e in missed.held_out.items()]
            said.append(f"There these asked for more: {', '.join(names)}.")
    if found.left:
        names = [f"{sentences.name_of(scenario, party)} {count:,} times" for party, count in found.left.items()]
        said.append(f"Who walked out: {', '.join(names)}.")
    packages = found.packages
    if packages.distinct:
        top = packages.most_often[0]
        words = "; ".join(
            f"{sentences.issue_name(scenario, issue)}: {sentences.label(scenario, issue, option)}"
            for issue, option in top.package.items()
            if option != scenario.issues[issue].status_quo
        )
        said.append(
            f"Agreements: {packages.distinct:,} different packages; the most frequent ({top.runs:,} runs): {words}."
        )
        said.append(f"Mean chance that an agreement holds a year: {_percent(found.holds_a_year)}.")
    if found.steps_softened:
        steps = [f"{sentences.name_of(scenario, p)} {mean:.2f}" for p, mean in found.steps_softened.items()]
        said.append(f"Steps of red lines given up a run: {', '.join(steps)}.")
    return said


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _share(entry: Share) -> str:
    return f"{_percent(entry.share)} ({interval(entry)})"
