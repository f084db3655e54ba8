"""`ceasefire run`: zone, talks and verdict of one scenario, with a folder of results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    console,
    opened,
    pictures_option,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from rich.console import Console

    from sim.scenario.loader import Loaded
    from sim.study.many import Batch
    from sim.study.redrawn import Drawn
    from sim.study.run import Run


class Anew(StrEnum):
    """What may be drawn anew for each of many runs."""

    weights = "weights"
    numbers = "numbers"
    both = "both"


@dataclass(frozen=True)
class Wanted:
    """Where results go, what is written beside them, and what is printed."""

    out: Path
    full: bool
    as_json: bool
    quiet: bool
    pictures: bool
    report: bool

    @property
    def drawn(self) -> str:
        """What is said of pictures where a folder is named."""
        return " and pictures" if self.pictures else " (--pictures adds pictures)"


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
    pictures: Annotated[bool, pictures_option("Also draw the results, as SVG and PNG.")] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Also write report.html, a page to mail and to show.")
    ] = False,
    drawn: Annotated[
        Anew | None,
        typer.Option(
            "--drawn",
            help="With --runs: give each run new weights, new numbers (those with ranges) or both, as `robust` does.",
        ),
    ] = None,
    talks_only: Annotated[
        bool,
        typer.Option(
            "--talks-only",
            help="Play the talks without counting a zone; automatic where there are too many packages.",
        ),
    ] = False,
) -> None:
    """Show whether a deal exists, why not, and how the talks end.

    Finds the zone, plays the talks once, and writes the results to a folder. With --runs, plays the talks
    many times and says how often they end in which way.
    """
    from sim.study.talks_only import countable

    loaded = opened(name, changes, without, reading)
    wanted = Wanted(out, full, as_json, quiet, pictures, report)
    if drawn is not None and (runs == 1 or talks_only or not countable(loaded)):
        raise typer.BadParameter("--drawn is for many runs and their zones: give --runs 1000, and no --talks-only")
    if talks_only or not countable(loaded):
        if report or pictures:
            raise typer.BadParameter(
                "a report and pictures show the zone; leave --report and --pictures out where only talks are played"
            )
        _talks(loaded, runs, seed, wanted)
    elif runs > 1:
        _many(loaded, runs, seed, wanted, search, drawn)
    else:
        _once(loaded, seed, wanted, search)


def _once(loaded: Loaded, seed: int, wanted: Wanted, search: float) -> None:
    """One run of a scenario, to screen and folder."""
    from sim.report.terminal.finding import print_first
    from sim.report.terminal.talks import print_talks
    from sim.report.terminal.zone import print_zone
    from sim.study.record import folder_of, whole_folder
    from sim.study.run import run as run_once

    folder = folder_of(loaded, "run", seed, wanted.out)
    with whole_folder(folder) as draft:
        with progress_bar("looking at every package") as progress:
            result = run_once(loaded, seed, progress=progress, search=search)
        _keep(result, draft, wanted)
    screen = _begun(loaded, folder, wanted, result.measures)
    if screen is None:
        return
    if not wanted.full:
        print_first(screen, loaded, result.zone_measures, result, folder)
        return
    print_zone(screen, loaded.scenario, result.zone_measures, wanted.full)
    print_talks(screen, result)
    _where(screen, folder, f"Transcript and tables{wanted.drawn}")


def _many(loaded: Loaded, runs: int, seed: int, wanted: Wanted, search: float, drawn: Anew | None) -> None:
    """Many runs of a scenario, to screen and folder."""
    from sim.report.terminal.batch import print_batch, print_first_batch
    from sim.study.many import run_many
    from sim.study.record import folder_of, whole_folder

    kind: Drawn | None = None if drawn is None else drawn.value
    folder = folder_of(loaded, "runs", seed, wanted.out, runs, kind)
    with whole_folder(folder) as draft:
        with progress_bar(f"playing {runs:,} runs") as progress:
            batch = run_many(loaded, runs, seed, progress, search, drawn=kind)
        _keep(batch, draft, wanted)
    screen = _begun(loaded, folder, wanted, batch.measures)
    if screen is None:
        return
    if not wanted.full:
        print_first_batch(screen, loaded.scenario, batch.zone_measures, batch.measured, folder)
        return
    print_batch(screen, loaded.scenario, batch.measured)
    _where(screen, folder, f"Tables{wanted.drawn}")


def _talks(loaded: Loaded, runs: int, seed: int, wanted: Wanted) -> None:
    """The talks of a scenario without its zone."""
    from sim.plain import as_plain
    from sim.report.terminal.talks import print_talks_only
    from sim.stakes.space import LARGEST_SPACE
    from sim.study.record import folder_of, whole_folder
    from sim.study.talks_only import talk, write_talks

    folder = folder_of(loaded, "talks", seed, wanted.out, runs)
    with whole_folder(folder) as draft:
        with progress_bar("playing the talks") as progress:
            talked = talk(loaded, seed, runs, progress)
        write_talks(talked, draft)
    screen, size = _begun(loaded, folder, wanted, lambda: as_plain(talked.measured)), loaded.case.space.size
    if screen is None:
        return
    why = f"More than {LARGEST_SPACE:,} packages: " if size > LARGEST_SPACE else ""
    screen.print(f"{why}no zone was looked for among {size:,}, so nothing says what there was to find.\n")
    print_talks_only(screen, talked)
    _where(screen, folder, "Transcript and tables")


def _keep(result: Run | Batch, draft: Path, wanted: Wanted) -> None:
    """Write a result to a folder, with pictures and a report where they are wanted."""
    from sim.study.record import write_batch, write_run
    from sim.study.run import Run

    if isinstance(result, Run):
        write_run(result, draft)
    else:
        write_batch(result, draft)
    if wanted.pictures:
        from sim.report.pictures.batch import draw_batch
        from sim.report.pictures.run import draw_run

        if isinstance(result, Run):
            draw_run(result, draft)
        else:
            draw_batch(result, draft)
    if wanted.report:
        from sim.report.html.write import write_in

        write_in(result, draft)


def _begun(loaded: Loaded, folder: Path, wanted: Wanted, measures: Callable[[], dict[str, Any]]) -> Console | None:
    """A screen with the scenario's heading for whoever reads on; None where JSON or the folder's name is all."""
    from sim.report.terminal.zone import print_heading

    if wanted.as_json:
        print_json(measures(), folder)
        return None
    screen = console()
    if wanted.quiet:
        screen.print(str(folder), markup=False, soft_wrap=True)
        return None
    print_heading(screen, loaded)
    return screen


def _where(screen: Console, folder: Path, what: str) -> None:
    """Say what is in the folder."""
    screen.print(f"\n{what} are in:")
    screen.print(str(folder), markup=False, soft_wrap=True)
