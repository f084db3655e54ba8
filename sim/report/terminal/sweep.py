"""A sweep as text for a terminal: its plan, how it stands, its two headline results, a replayed run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from sim import BANNER
from sim.markup import command_line, counted
from sim.report.conflict_sentences import has_two_zones
from sim.report.share_sentences import scope, share_as, share_of, unfinished
from sim.report.sweep_names import values_of
from sim.report.terminal.tables import Sheet
from sim.report.terminal.talks import print_talks
from sim.report.terminal.zone import print_heading
from sim.scenario.fields import Field

if TYPE_CHECKING:
    from sim.study.run import Run
    from sim.sweeps.plan import Described, PlanMeasures, StatusMeasures
    from sim.sweeps.results import Headline
    from sim.sweeps.sweep import Sweep
    from sim.sweeps.verify import Place, Verified
    from sim.sweeps.working import Worked


def print_shipped(console: Console, found: dict[str, str]) -> None:
    """The sweeps that come with the program."""
    width = max(map(len, found), default=0)
    for slug, title in found.items():
        console.print(f"{slug:<{width}}  {title}", markup=False)


def print_fields(console: Console, known: list[Field]) -> None:
    """Every field that can be varied: now, unit, range, what it rests on."""
    table = Sheet()
    for heading in ("path", "now", "unit", "range or values", "basis"):
        table.add_column(heading, overflow="fold")
    for field in known:
        now = "–" if field.now is None else str(field.now)
        table.add_row(*(escape(text) for text in (field.path, now, field.unit, field.range, field.basis)))
    console.print(table)
    console.print(f"{counted(len(known), 'field')}; any other field of the scenario takes a list of values")


def print_plan(console: Console, found: PlanMeasures) -> None:
    """What a sweep would do and what it would cost."""
    print_described(console, found)
    if found.runs_done:
        console.print(f"Done already: {counted(found.runs_done, 'run')} in {found.folder}", markup=False)
    console.print(
        f"about {time_of(found.seconds)} with {counted(found.processes, 'process', 'processes')}, "
        f"{size_in_words(found.megabytes)} on disk "
        f"(a pilot made {counted(found.runs_a_second_and_process, 'run')} a second)"
    )


def print_described(console: Console, found: Described) -> None:
    """What is varied, how often, and by which draws."""
    console.print(f"[bold]{escape(found.title)}[/]  ({escape(found.scenario)})")
    console.print(f"[dim]{BANNER}[/]\n")
    for path, said in found.vary.items():
        console.print(f"  {path}: {values_of(said)}", markup=False)
    draws = "the same draws in every case" if found.common_random_numbers else "draws of its own for every run"
    console.print(
        f"{counted(found.cases, 'case')} ({found.design}) × {found.replications:,} = "
        f"{counted(found.runs, 'run')}, {draws}, "
        f"seed {found.seed}"
    )


def time_of(seconds: float) -> str:
    """A length of time in words."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def print_status(console: Console, found: StatusMeasures) -> None:
    """How far a sweep is."""
    print_described(console, found)
    done = f"{found.runs_done:,} of {counted(found.runs, 'run')} done"
    console.print(f"{done}, {found.failed:,} failed, {size_in_words(found.megabytes)}")
    if found.mixed:
        console.print("Its runs were made by more than one state of the code; manifest.json says which.")
    if not found.complete:
        goes_on = command_line("sweeps", "work", found.folder)
        console.print(f"The command that began it goes on from there; so does: {goes_on}", markup=False, soft_wrap=True)


def size_in_words(megabytes: float) -> str:
    """A size that is never rounded to nothing."""
    return f"{megabytes:,.1f} MB" if megabytes >= 0.05 else "less than 0.1 MB"


def print_worked(console: Console, found: Worked) -> None:
    """How far a part of a sweep is, and the whole of it."""
    console.print(
        f"Part {found.shard}: {found.chunks_done:,} of {counted(found.chunks, 'chunk')} done; in all "
        f"{found.runs_done:,} of {counted(found.runs, 'run')}."
    )
    if found.complete:
        console.print(f"The sweep is complete: ceasefire sweeps analyse {found.folder}", markup=False, soft_wrap=True)


def print_verified(console: Console, found: Verified) -> None:
    """What verifying found."""
    if found.sound:
        console.print("Sound: every file reads well, and what was made again came out the same.")
    else:
        console.print(
            f"Not sound: {len(found.damaged)} of {counted(found.chunks, 'chunk')} damaged, "
            f"{len(found.different)} of {found.made_again} made again different."
        )
    if found.missing:
        console.print(f"Still to be run: {counted(found.missing, 'chunk')}.")
    for said in found.damaged:
        console.print(f" • {said}", markup=False)
    for entry in found.different:
        console.print(f" • {entry.file}: {', '.join(entry.columns)} differ", markup=False)


def print_headline(console: Console, sweep: Sweep, found: Headline) -> None:
    """The two results side by side."""
    console.print(f"[bold]{escape(sweep.title or sweep.loaded.scenario.title)}[/]  ({escape(sweep.loaded.slug)})")
    console.print(f"[dim]{BANNER}[/]\n")
    zones, where = found.zone_exists, found.talks_agree_where_a_zone_exists
    table = Sheet()
    for heading in ("", "zone exists, share of cases", "talks find it, share of runs"):
        table.add_column(heading, overflow="fold")
    nothing_sampled = ", exact" if sweep.design.exhaustive else ""
    table.add_row("all cases", share_of(zones["zone"]) + nothing_sampled, share_of(found.talks_agree))
    table.add_row("where a zone exists", "", share_of(where))
    table.add_row("where none exists", "", share_of(found.talks_agree_where_none_exists))
    uncut = found.talks_agree_unless_the_war_ended_them
    if uncut.of < found.runs_done:
        table.add_row("where the war did not end first", "", share_as(uncut, found.talks_agree))
    if has_two_zones(sweep.loaded.scenario):
        table.add_row("settlement zone", share_of(zones["settlement_zone"]) + nothing_sampled, "")
    if zones["true_zone"].hits != zones["zone"].hits:
        table.add_row("under true lines (an assumption)", share_of(zones["true_zone"]) + nothing_sampled, "")
    console.print(table)
    if found.runs_to_come:
        console.print(unfinished(found.runs_to_come, sweep.runs))
    console.print(scope(sweep.design.kind, sweep.design.exhaustive, found))
    endings = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in found.endings.items())
    failed = f"; {found.failed:,} failed (failures.jsonl)" if found.failed else ""
    console.print(
        f"{counted(found.runs_done, 'run')} of {counted(found.cases_done, 'case')}: {endings or 'none'}{failed}"
    )


def print_replay(console: Console, made: Run, place: Place) -> None:
    """One run of a sweep, round by round."""
    print_heading(console, made.loaded)
    console.print(f"Run {place.run:,}: case {place.case:,}, replication {place.replication:,}")
    for path, value in place.values.items():
        console.print(f"  {path} = {value}", markup=False)
    size = made.zone.size()
    found = f"Yes, of {counted(size, 'package')}" if size else "No"
    console.print(f"\n[bold]Does a zone exist?[/]  {found} under declared lines.\n")
    print_talks(console, made)
    if place.in_the_table:
        console.print("The sweep's table says the same of this run.")
