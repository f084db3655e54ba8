"""Many runs as text for a terminal: the two results side by side, endings with intervals, why a zone was missed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sim.markup import counted, percent
from sim.report import robust_sentences, sentences, talks_sentences
from sim.report.package_sentences import in_words
from sim.report.robust_sentences import DRAWN
from sim.report.terminal.finding import print_more
from sim.report.terminal.tables import Sheet
from sim.scenario.schema import Scenario
from sim.study.incidence import FEWEST_AT_RISK, Ends, Incidence
from sim.study.many import BatchMeasures
from sim.study.measures import ZoneMeasures
from sim.study.shares import Share, digits_of, in_percent, interval, shared

LAST_ROW = "the table's last row leaves them out from then on (Kaplan-Meier)."
"""What is said of runs that the war ended, below the table by round."""


def print_first_batch(
    console: Console, scenario: Scenario, zone: ZoneMeasures, found: BatchMeasures, folder: Path | None = None
) -> None:
    """The first screen of many runs, 25 lines at 80 columns: a zone and how sure it is, then how the runs ended."""
    console.print(f"[bold]Does a zone exist?[/]  {robust_sentences.answer(scenario, zone)}")
    if spread := robust_sentences.spread(zone):
        console.print(escape(spread))
    if truce := robust_sentences.bare_truce(scenario, zone):
        console.print(escape(truce))
    console.print(
        f"\n[bold]Do the talks find one?[/]  In {_share(found.talks_agree)} of {counted(found.runs, 'run')}, "
        f"seed {found.seed}{_anew(found)}."
    )
    _print_endings(console, found)
    for said in (*_worlds(found), *cut_short(found, "--full tells by round what leaves them out.")):
        console.print(escape(said))
    print_more(console, folder)


def _anew(found: BatchMeasures) -> str:
    """What each run has of its own, behind a seed."""
    return "" if found.drawn is None else f", {DRAWN[found.drawn.kind]} drawn anew for each"


def _worlds(found: BatchMeasures) -> list[str]:
    """In how many runs' own worlds a zone exists, and how many of those agree, as a sentence."""
    drawn = found.drawn
    if drawn is None:
        return []
    return [
        f"Each run had {DRAWN[drawn.kind]} of its own: a zone exists in {_share(drawn.zone_exists['declared'])} of "
        f"these worlds, and there {_share(drawn.agree_where_it_does)} of the runs agree."
    ]


def _print_endings(console: Console, found: BatchMeasures) -> None:
    """How runs ended and what verdict that is, as shares with intervals."""
    table = Sheet()
    for heading in ("ending", "runs", "share", "95 % interval"):
        table.add_column(heading, justify="left" if heading == "ending" else "right")
    for name, entry in found.endings.items():
        table.add_row(name.replace("_", " "), f"{entry.hits:,}", in_percent(entry), interval(entry))
    console.print(Padding(table, (0, 0, 1, 2)))
    verdicts = "; ".join(f"{name} {in_percent(entry)}" for name, entry in found.verdicts.items())
    console.print(f"Verdicts: {verdicts}.")
    rounds = ", ".join(f"{share} by round {number}" for share, number in found.rounds.items())
    console.print(f"Runs over: {rounds}.")


def print_batch(console: Console, scenario: Scenario, found: BatchMeasures) -> None:
    """A batch in a screen."""
    runs = found.runs
    played = f"{counted(runs, 'run')}, seed {found.seed}, {talks_sentences.protocol(scenario)}{_anew(found)}"
    console.print(f"[bold]Do the talks find one?[/]  ({played})")
    zone = found.zone_exists
    there = "yes" if zone["declared"] else "under true lines only" if zone["true"] else "no"
    if there == "no" and found.talks_agree.hits:
        there = "not before the talks; one opened in the runs that agree"  # nothing else is ever signed
    if found.drawn is not None:
        there = f"in {in_percent(found.drawn.zone_exists['declared'])} of these worlds"
    console.print(f"  a zone exists: {there}; the talks find one: {_share(found.talks_agree)} of runs")
    console.print("  shares of runs under these assumptions, with 95 % intervals (Wilson); never of the world\n")
    _print_endings(console, found)
    if found.incidence is not None:
        _print_incidence(console, found.incidence, found.talks_agree)
    for said in (
        *cut_short(found),
        *details(scenario, found),
        *talks_sentences.mediator(scenario, found.mediator_minds),
    ):
        console.print(escape(said))


def _print_incidence(console: Console, found: Incidence, agree: Share) -> None:
    """By which round runs had come to what, at the quarters of the time."""
    last, places = len(found.if_talks_go_on), digits_of(agree.of)
    rounds = sorted({max(1, round(last * part / 4)) for part in (1, 2, 3, 4)})
    table = Sheet()
    table.add_column("by round, % of runs")
    for number in rounds:
        table.add_column(f"{number}", justify="right")
    table.add_column("95 % of the last")
    rows: list[tuple[str, list[float], Sequence[Ends | None]]] = [
        (name.replace("_", " "), shares, found.by_cause_95.get(name, [])) for name, shares in found.by_cause.items()
    ]
    rows.append(("agreement, given that the talks go on", found.if_talks_go_on, found.if_talks_go_on_95))
    for name, shares, ends in rows:
        sure = (
            "–" if not ends or ends[-1] is None else f"{100 * ends[-1][0]:.{places}f} to {100 * ends[-1][1]:.{places}f}"
        )
        table.add_row(name, *(f"{100 * shares[number - 1]:.{places}f}" for number in rounds), sure)
    console.print(Padding(table, (1, 0, 1, 2)))
    if found.if_talks_go_on_95[-1:] == [None]:
        console.print(
            f"No interval of the last row: fewer than {FEWEST_AT_RISK} runs were still at the table at the end."
        )
    if found.first_signed is not None:
        late = shared((found.in_last_round or 0.0) * (agree.hits or 0), agree.hits or 0)
        console.print(
            f"First signed: half by round {found.first_signed}; {in_percent(late)} of these in the last "
            f"round. When they sign follows from the parties' horizons, which are inputs."
        )


def cut_short(found: BatchMeasures, rest: str = LAST_ROW) -> list[str]:
    """What it means that the war ended some runs, as a sentence with the ``rest`` of what is to be said."""
    ended = found.endings.get("military_end")
    if ended is None:
        return []
    return [
        f"The war ended {_share(ended)} of the runs before their talks were over: they show neither that the talks "
        f"find an agreement nor that they miss one; {rest}"
    ]


def details(scenario: Scenario, found: BatchMeasures) -> list[str]:
    """Why a zone was missed, who left, what was reached, what moved, as sentences."""
    said = _worlds(found)
    missed = found.missed
    if missed is not None:
        said.append(
            f"Of {counted(missed.runs, 'run')} that missed the zone, {_share(missed.on_the_table)} had a package that "
            f"suited all on the table."
        )
        if missed.held_out:
            names = [f"{sentences.name_of(scenario, p)} in {in_percent(e)}" for p, e in missed.held_out.items()]
            said.append(f"There these asked for more: {', '.join(names)}.")
    if found.left:
        names = [
            f"{sentences.name_of(scenario, party)} {counted(count, 'time')}" for party, count in found.left.items()
        ]
        said.append(f"Who walked out: {', '.join(names)}.")
    packages = found.packages
    if packages.distinct:
        top = packages.most_often[0]
        said.append(
            f"Agreements: {counted(packages.distinct, 'package', 'different packages')}; the most frequent "
            f"({counted(top.runs, 'run')}): {in_words(scenario, top.package)}."
        )
        if scenario.war and found.holds_a_year is not None:
            said.append(f"Mean chance that an agreement holds a year: {percent(found.holds_a_year)}.")
    if found.steps_softened:
        steps = [f"{sentences.name_of(scenario, p)} {mean:.2f}" for p, mean in found.steps_softened.items()]
        said.append(f"Steps of red lines given up a run: {', '.join(steps)}.")
    return said


def _share(entry: Share) -> str:
    return f"{in_percent(entry)} ({interval(entry)})"
