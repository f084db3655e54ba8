"""`ceasefire sweep`: many cases of a scenario, resumed by default."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, Reading, Without, asked, changed, console, folder_name, print_json
from sim.cli.sweeping import Dask, Mixed, Staff, Workers, conducted, workers_of

if TYPE_CHECKING:
    from sim.sweeps.sweep import Sweep

Subject = Annotated[
    str | None,
    typer.Argument(
        metavar="[FILE|SLUG]", help="A sweep file, a shipped sweep or a scenario; leave it out to list shipped sweeps."
    ),
]
Vary = Annotated[
    list[str] | None,
    typer.Option("--vary", metavar="PATH=LOW:HIGH[:STEP]|A,B,…", help="Vary a field; may be repeated."),
]


@app.command()
def sweep(
    name: Subject = None,
    vary: Vary = None,
    lever: Annotated[
        list[str] | None,
        typer.Option("--lever", metavar="PATH=A,B,…", help="Settings to compare in the same worlds; may be repeated."),
    ] = None,
    design: Annotated[
        str | None,
        typer.Option("--design", help="grid, sobol, lhs, saltelli, saltelli-pairs, morris, random or table."),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option("--table", metavar="CSV", help="A file with a row for each case, a column for each path."),
    ] = None,
    cases: Annotated[int | None, typer.Option("--cases", min=1, help="How many cases.")] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", min=1, help="Runs of each case; 4 by default.")
    ] = None,
    common: Annotated[
        bool | None,
        typer.Option(
            "--common/--own", help="Give every case the same draws, to compare cases; by default each run has its own."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=2**63 - 1, help="Which design and draws to use.")
    ] = None,
    half_width: Annotated[
        float | None,
        typer.Option(
            "--until-halfwidth",
            metavar="SHARE",
            help="Double the sweep until half the width of the talks' interval is at most this, such as 0.03; "
            "--cases and --replications are then upper limits.",
        ),
    ] = None,
    changes: Changes = None,
    reading: Reading = None,
    without: Without = None,
    workers: Workers = None,
    dask: Dask = None,
    mixed: Mixed = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="The sweep's own folder; one under outputs/ by default.",
            callback=folder_name,
        ),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List every field that can be varied.")] = False,
    dry: Annotated[bool, typer.Option("--dry-run", help="Estimate the cost and run nothing.")] = False,
    prepared: Annotated[bool, typer.Option("--prepare", help="Only make the folder; `sweeps work` fills it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario many times over ranges of its fields.

    Writes zone and talks of every case as they are done. Stop it at any time; the same command resumes it.
    """
    from sim.sweeps.sweep import sweep as make

    if name is None:
        _shipped(as_json)
    elif listed:
        _fields(name, tuple(changed(changes, reading)), tuple(without or ()), as_json)
    else:
        with asked(reading):
            planned = make(
                name,
                vary,
                levers=lever,
                kind=design,
                cases=cases,
                replications=replications,
                common=common,
                seed=seed,
                table=table,
                changes=tuple(changed(changes, reading)),
                without=tuple(without or ()),
            )
        folder = out or Path("outputs") / planned.folder
        if dry:
            _plan(planned, folder, workers, as_json)
        elif prepared:
            _prepare(planned, folder, workers, as_json)
        else:
            _run(planned, folder, Staff(workers, dask), mixed, half_width, as_json)


def _shipped(as_json: bool) -> None:
    """The sweeps that come with the program."""
    from sim.report.terminal.sweep import print_shipped
    from sim.sweeps.sweep_file import shipped

    print_json(shipped()) if as_json else print_shipped(console(), shipped())


def _fields(name: str, changes: tuple[str, ...], without: tuple[str, ...], as_json: bool) -> None:
    """Every field of a scenario, or of a sweep's scenario, that can be varied."""
    from sim.report.terminal.sweep import print_fields
    from sim.scenario.fields import fields
    from sim.sweeps.sweep import subject

    known = fields(subject(name, changes, without).scenario)
    print_json([field.measures() for field in known]) if as_json else print_fields(console(unasked=180), known)


def _plan(planned: Sweep, folder: Path, workers: int | None, as_json: bool) -> None:
    """Say what a sweep would cost."""
    from sim.report.terminal.sweep import print_plan
    from sim.sweeps.plan import plan_measures

    found = plan_measures(planned, folder, workers)
    print_json(found) if as_json else print_plan(console(), found)


def _prepare(planned: Sweep, folder: Path, workers: int | None, as_json: bool) -> None:
    """Make the folder that others fill."""
    from sim.report.terminal.sweep import print_status
    from sim.sweeps.conduct import begin
    from sim.sweeps.plan import status_measures

    found = status_measures(begin(planned, folder, workers=workers_of(workers))[0])
    print_json(found) if as_json else print_status(console(), found)


def _run(planned: Sweep, folder: Path, staff: Staff, mixed: bool, half_width: float | None, as_json: bool) -> None:
    """Run a sweep, all of it or until it is sure enough."""
    from sim.sweeps.conduct import Progress, Progressed, conduct
    from sim.sweeps.stopping import until

    def run(told: Progress) -> Progressed:
        executor, count = staff.hired
        if half_width is None:
            return conduct(planned, folder, workers=count, mixed=mixed, progress=told, executor=executor)
        return until(planned, folder, half_width, workers=count, mixed=mixed, progress=told, executor=executor)

    conducted(run, planned.runs, folder, as_json)
