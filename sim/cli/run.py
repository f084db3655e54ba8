"""`ceasefire run`: zone, talks and verdict of one scenario, with a folder of results."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import (
    AsJson,
    Changes,
    Full,
    Name,
    Out,
    Quiet,
    Reading,
    Runs,
    Search,
    Seed,
    Without,
    changed,
    console,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from sim.scenario.loader import Loaded
    from sim.study.redrawn import Drawn


class Anew(StrEnum):
    """What may be drawn anew for each of many runs."""

    weights = "weights"
    numbers = "numbers"
    both = "both"


@app.command()
def run(
    name: Name,
    seed: Seed = 0,
    changes: Changes = None,
    reading: Reading = None,
    without: Without = None,
    out: Out = Path("outputs"),
    full: Full = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    runs: Runs = 1,
    search: Search = 4.0,
    pictures: Annotated[bool, typer.Option("--pictures", help="Draw the results too, as SVG and PNG.")] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Write report.html too: a page to mail and to show.")
    ] = False,
    drawn: Annotated[
        Anew | None,
        typer.Option(
            "--drawn",
            help="With --runs: draw weights, numbers that have ranges, or both anew for each run, as robust does.",
        ),
    ] = None,
    talks_only: Annotated[
        bool,
        typer.Option(
            "--talks-only",
            help="Play the talks without looking for a zone; done anyway where there are too many packages.",
        ),
    ] = False,
) -> None:
    """Show whether a deal exists, why not, and how the talks end.

    Finds the zone, plays the talks once, and writes the results to a folder. With --runs, plays the talks
    many times and says how often they end in which way.
    """
    from sim.scenario.loader import load
    from sim.study.talks_only import countable

    asked = changed(changes, reading)
    loaded = load(name, asked, without or ())
    if drawn is not None and (runs == 1 or talks_only or not countable(loaded)):
        raise typer.BadParameter("--drawn is for many runs and their zones: give --runs 1000, and no --talks-only")
    if talks_only or not countable(loaded):
        if report or pictures:
            raise typer.BadParameter(
                "a report and pictures show the zone; leave --report and --pictures out where only talks are played"
            )
        _talks(loaded, runs, seed, out, as_json, quiet)
        return
    if runs > 1:
        _many(loaded, runs, seed, out, full, as_json, quiet, report, search, pictures, drawn)
        return
    from sim.report.html.write import write_in
    from sim.report.terminal.finding import print_first
    from sim.report.terminal.talks import print_talks
    from sim.report.terminal.zone import print_heading, print_zone
    from sim.study.record import folder_of, whole_folder, write_run
    from sim.study.run import run as run_once

    folder = folder_of(loaded, "run", seed, out)
    with whole_folder(folder) as draft:
        with progress_bar("looking at every package") as progress:
            result = run_once(loaded, seed, progress=progress, search=search)
        write_run(result, draft)
        if pictures:
            from sim.report.pictures.run import draw_run

            draw_run(result, draft)
        if report:
            write_in(result, draft)
    if as_json:
        print_json(result.measures() | {"folder": str(folder)})
        return
    screen = console()
    if not quiet:
        print_heading(screen, loaded)
        if full:
            print_zone(screen, loaded.scenario, result.zone_measures, full)
            print_talks(screen, loaded.scenario, result.measured, result.transcript)
            screen.print(f"\nTranscript and tables{_drawn(pictures)} are in:")
        else:
            print_first(screen, loaded, result.zone_measures, result.measured, folder)
            return
    screen.print(str(folder), markup=False, soft_wrap=True)


def _talks(loaded: Loaded, runs: int, seed: int, out: Path, as_json: bool, quiet: bool) -> None:
    """The talks of a scenario without its zone."""
    from sim.plain import as_plain
    from sim.report.terminal.talks import print_talks_only
    from sim.report.terminal.zone import print_heading
    from sim.stakes.space import LARGEST_SPACE
    from sim.study.record import folder_of, whole_folder
    from sim.study.talks_only import talk, write_talks
    from sim.talks.transcript import line_of

    folder = folder_of(loaded, "talks", seed, out, runs)
    with whole_folder(folder) as draft:
        with progress_bar("playing the talks") as progress:
            talked = talk(loaded, seed, runs, progress)
        write_talks(talked, draft)
    if as_json:
        print_json(as_plain(talked.measured) | {"folder": str(folder)})
        return
    screen, size = console(), loaded.case.space.size
    if not quiet:
        print_heading(screen, loaded)
        why = f"More than {LARGEST_SPACE:,} packages: " if size > LARGEST_SPACE else ""
        screen.print(f"{why}no zone was looked for among {size:,}, so nothing says what there was to find.\n")
        print_talks_only(
            screen, loaded.scenario, talked.measured, [line_of(event) for event in talked.played.transcript]
        )
        screen.print("\nTranscript and tables are in:")
    screen.print(str(folder), markup=False, soft_wrap=True)


def _many(
    loaded: Loaded,
    runs: int,
    seed: int,
    out: Path,
    full: bool,
    as_json: bool,
    quiet: bool,
    report: bool,
    search: float,
    pictures: bool,
    drawn: Anew | None,
) -> None:
    """Many runs of a scenario, to screen and folder."""
    from sim.report.html.write import write_in
    from sim.report.terminal.batch import print_batch, print_first_batch
    from sim.report.terminal.zone import print_heading
    from sim.study.many import run_many
    from sim.study.record import folder_of, whole_folder, write_batch

    kind: Drawn | None = None if drawn is None else drawn.value
    folder = folder_of(loaded, "runs", seed, out, runs, kind)
    with whole_folder(folder) as draft:
        with progress_bar(f"playing {runs:,} runs") as progress:
            batch = run_many(loaded, runs, seed, progress, search, drawn=kind)
        write_batch(batch, draft)
        if pictures:
            from sim.report.pictures.batch import draw_batch

            draw_batch(batch, draft)
        if report:
            write_in(batch, draft)
    if as_json:
        print_json(batch.measures() | {"folder": str(folder)})
        return
    screen = console()
    if not quiet:
        print_heading(screen, loaded)
        if not full:
            print_first_batch(screen, loaded.scenario, batch.zone_measures, batch.measured, folder)
            return
        print_batch(screen, loaded.scenario, batch.measured)
        screen.print(f"\nTables{_drawn(pictures)} are in:")
    screen.print(str(folder), markup=False, soft_wrap=True)


def _drawn(pictures: bool) -> str:
    """What is said of pictures where a folder is named."""
    return " and pictures" if pictures else " (--pictures adds pictures)"
