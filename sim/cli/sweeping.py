"""What the commands on sweeps share: a bar with rate, time left and failures, and a clean end on Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import complain
from sim.cli.options import console, print_json
from sim.markup import counted

if TYPE_CHECKING:
    from sim.sweeps.conduct import Progress, Progressed, Task
    from sim.sweeps.execute import Maker

Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=256, help="Processes; as many as there are cores by default.")
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS|local",
        help="Use the workers of a Dask cluster, such as tcp://head:8786; they must share the folder.",
    ),
]
Mixed = Annotated[
    bool, typer.Option("--mixed", help="Go on although other code began the folder; its manifest records this.")
]
STOPPED = 130
"""Exit code after Ctrl-C."""


def workers_of(given: int | None) -> int:
    """Processes to use."""
    return given or os.cpu_count() or 1


@dataclass(frozen=True)
class Staff:
    """Who is to work: so many processes here, or the workers of a Dask cluster."""

    workers: int | None
    dask: str | None

    @cached_property
    def hired(self) -> tuple[Maker[Task] | None, int]:
        """What makes an executor, None for processes here, and for how many chunks are cut."""
        if self.dask is None:
            return None, workers_of(self.workers)
        from sim.sweeps.on_dask import hired

        return hired(self.dask, self.workers, workers_of(None))


def conducted(run: Callable[[Progress], Progressed], runs: int, folder: Path, as_json: bool) -> None:
    """Run a sweep with a bar, then say what it found; Ctrl-C keeps what is done and says how to go on."""
    try:
        with bar(runs) as told:
            found = run(told)
    except KeyboardInterrupt:
        done = _kept(folder)
        kept = f"{done:,} of {counted(runs, 'run')} are done and kept in {folder}; the same command goes on from there"
        complain(f"stopped: {kept if done else 'no run was done yet; the same command begins anew'}")
        raise typer.Exit(STOPPED) from None
    _told(found, folder, as_json)


def _told(found: Progressed, folder: Path, as_json: bool) -> None:
    """Say what a sweep found, or where looking at it takes too much memory, how it stands."""
    from sim.errors import SweepError
    from sim.report.terminal.levers import print_levers
    from sim.report.terminal.screening import print_screening
    from sim.report.terminal.sweep import print_headline, print_status
    from sim.sweeps.bounded import bounded
    from sim.sweeps.plan import status_measures
    from sim.sweeps.results import gather, headline
    from sim.sweeps.robustness import lever_measures
    from sim.sweeps.screening import screening

    if found.folder.sweep.design.kind == "morris":
        screened = screening(found.folder)
        print_json(screened, folder) if as_json else print_screening(console(), found.folder.sweep, screened)
        return
    try:
        looked_at = found.folder if found.folder.sweep.levers else bounded(found.folder)
    except SweepError as too_large:  # the work is done all the same
        stands = status_measures(found.folder)
        print_json(stands) if as_json else print_status(console(), stands)
        complain(str(too_large))
        return
    result = headline(gather(looked_at))
    if as_json:
        print_json(result, folder)
        return
    screen = console()
    if found.folder.sweep.levers:
        print_levers(screen, lever_measures(found.folder))
    else:
        print_headline(screen, found.folder.sweep, result)
        if looked_at is not found.folder:
            screen.print(
                f"the first of {found.folder.sweep.design.cases:,} cases; `sweeps analyse --memory` takes more"
            )
    screen.print(str(folder), markup=False, soft_wrap=True)


def _kept(folder: Path) -> int:
    """The runs in a sweep's folder; those of chunks that were under way when it was stopped are among them."""
    from sim.errors import CeasefireError
    from sim.sweeps.conduct import status
    from sim.sweeps.store import open_folder

    try:
        return status(open_folder(folder)).runs_done
    except CeasefireError:
        return 0  # stopped before the folder was made


@contextmanager
def bar(runs: int) -> Iterator[Progress]:
    """Runs done, runs a second, time left and failures, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda runs_done, failures: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} runs/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
    )
    with Progress("running", *columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=runs, rate="…", failed="")
        first: list[int] = []

        def told(runs_done: int, failures: int) -> None:
            first.append(runs_done)
            elapsed = progress.tasks[0].elapsed or 0.0
            rate = f"{(runs_done - first[0]) / elapsed:,.0f}" if elapsed > 0 and runs_done > first[0] else "…"
            said = f"{failures:,} failed" if failures else ""
            progress.update(task, completed=runs_done, rate=rate, failed=said)

        yield told
