"""Where a party's value without a deal comes from, in words and one table for a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sim.markup import counted, unit_of
from sim.report import sentences, truce_sentences
from sim.report.terminal.tables import Sheet
from sim.scenario.assumptions import Assumption, share_assumed
from sim.scenario.schema import Scenario
from sim.scenario.texts_and_numbers import ASSUMED
from sim.study.explain import Beliefs, Expectation, Explanation, Threshold, Truce


def print_explanation(console: Console, scenario: Scenario, found: Expectation) -> None:
    """The account, the truce, and what would have to be different for the truce to turn."""
    name = escape(sentences.name_of(scenario, found.party))
    plan = f" ({escape(found.batna)})" if found.batna else ""
    console.print(
        f"[bold]What {name} expects without a deal[/]{plan}: {found.reservation:.1f} {sentences.unit(scenario)}"
    )
    if not isinstance(found, Explanation):
        form = {"number": "a number in the scenario", "lottery": "a textbook lottery: 100 (p - c)"}[found.form]
        console.print(f"It is {form}.")
        return
    _print_beliefs(console, scenario, found.beliefs)
    table = Sheet()
    table.add_column("where it comes from")
    table.add_column("points a month", justify="right")
    for part, points in found.parts.items():
        table.add_row(escape(sentences.part_of_war(scenario, part)), f"{points:+.2f}")
    table.add_row("value without a deal", f"{found.reservation:.2f}")
    console.print(Padding(table, (1, 0, 1, 2)))
    if found.truce:
        _print_truce(console, name, found.truce, found.thresholds)
    if found.refusal:
        console.print(f"{escape(truce_sentences.refusal(scenario, found.refusal))}\n")
    if found.best_in_zone:
        console.print(f"The zone's package worth most to {name}: {found.best_in_zone.value:.1f} points a month.")
    else:
        console.print("The zone is empty, so no package of it can be set beside the war.")


def _print_beliefs(console: Console, scenario: Scenario, beliefs: Beliefs) -> None:
    first, second = (sentences.name_of(scenario, side) for side in beliefs.odds)
    one, other = beliefs.odds.values()
    cost = f"{beliefs.cost:g} {unit_of(beliefs.cost, 'points')}"
    now, then = 100 * beliefs.share_now, 100 * beliefs.share_in_a_year
    said = [
        f"It believes that {first}'s share goes from {now:.1f} % to {then:.1f} % in a year;",
        f"that the war ends with {100 * beliefs.hazard:.1f} % a month,",
        f"then on {first}'s terms with {100 * one:.0f} %,",
        f"on {second}'s with {100 * other:.0f} %, else at the line.",
        f"A month of war costs it {cost}; next month counts {beliefs.discount:g} of this one.",
        f"The status quo without that cost is worth {beliefs.utility_of_the_status_quo:.1f}.",
    ]
    console.print(escape(" ".join(said)))


def _print_truce(console: Console, name: str, truce: Truce, thresholds: list[Threshold]) -> None:
    verdict = "more than going on" if truce.gain >= 0 else "less than going on"
    public = f"; stepping back in public costs {truce.stepping_back:.2f}" if truce.stepping_back else ""
    month, after = truce.month_of_truce, truce.war_after_it
    console.print(
        f"[bold]A plain truce[/], nothing else settled, is worth {truce.value:.2f}: "
        f"{verdict} ({truce.gain:+.2f}). "
        f"The month itself is worth {month:.1f}, the war after it {after:.2f}{public}."
    )
    table = Sheet()
    turned = "acceptable" if truce.gain < 0 else "unacceptable"
    for heading in ("all else as it is", "now", f"turns {turned} at", "tried"):
        table.add_column(heading, justify="left" if heading.startswith("all") else "right")
    for entry in thresholds:
        turns = "–" if entry.turns_at is None else f"{entry.turns_at:.4g}"
        low, high = entry.range
        table.add_row(escape(entry.path), f"{entry.now:g}", turns, f"{low:g} to {high:g}")
    console.print(Padding(table, (1, 0, 1, 2)))


def print_assumptions(console: Console, found: list[Assumption]) -> None:
    """How many numbers are assumptions, then every number with unit, default, range and basis: a heading for each
    basis, assumptions last and by the part of the scenario that they belong to.
    """
    console.print(f"{share_assumed(found)}. Sorted by basis, assumptions last.")
    groups: dict[str, list[Assumption]] = {}
    for entry in found:
        part = f", {entry.path.partition('.')[0].replace('_', ' ')}" if entry.rests_on == ASSUMED else ""
        groups.setdefault(f"{entry.rests_on.replace('_', ' ')}{part}", []).append(entry)
    for heading, entries in groups.items():
        console.print(f"\n[bold]{escape(heading)}[/] ({counted(len(entries), 'number')})")
        table = Sheet()
        for column in ("number", "value", "unit", "default", "range", "basis"):
            table.add_column(column, no_wrap=column == "number")
        for entry in entries:
            default = "–" if entry.default is None else f"{entry.default:g}"
            unit = unit_of(entry.value, entry.unit)
            table.add_row(*map(escape, (entry.path, f"{entry.value:g}", unit, default, entry.range, entry.basis)))
        console.print(table)
