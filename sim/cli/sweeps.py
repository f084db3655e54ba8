"""`ceasefire sweeps …`: how a sweep stands, more of it, whether it is sound, its table, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.groups import Whole
from sim.cli.options import AsJson, console, file_option, pictures_option, print_json, progress_bar
from sim.cli.sweeping import Dask, Mixed, Staff, Workers, conducted
from sim.markup import counted

if TYPE_CHECKING:
    from sim.sweeps.conduct import Progress, Progressed

Place = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of a sweep.")]

sweeps = typer.Typer(
    cls=Whole, no_args_is_help=True, rich_markup_mode=None, help="Look at, extend, verify and analyse a sweep."
)
app.add_typer(sweeps, name="sweeps")


@sweeps.command()
def status(folder: Place, as_json: AsJson = False) -> None:
    """Show how far a sweep is, and how many runs failed."""
    from sim.report.terminal.sweep import print_status
    from sim.sweeps.plan import status_measures
    from sim.sweeps.store import open_folder

    found = status_measures(open_folder(folder))
    print_json(found) if as_json else print_status(console(), found)


@sweeps.command()
def extend(
    folder: Place,
    cases: Annotated[int | None, typer.Option("--cases", min=1, help="How many cases in all.")] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", min=1, help="How many runs of each case in all.")
    ] = None,
    workers: Workers = None,
    dask: Dask = None,
    mixed: Mixed = False,
    as_json: AsJson = False,
) -> None:
    """Add cases to a design that can grow, or runs to every case of any; what is there stays."""
    from sim.sweeps.conduct import extend as more
    from sim.sweeps.store import larger, open_folder

    if cases is None and replications is None:
        raise typer.BadParameter("say --cases N, --replications R, or both")
    staff = Staff(workers, dask)

    def run(told: Progress) -> Progressed:
        executor, count = staff.hired
        return more(folder, cases, replications, workers=count, mixed=mixed, progress=told, executor=executor)

    conducted(
        run,
        larger(open_folder(folder), cases, replications).runs,
        folder,
        as_json,
    )


@sweeps.command()
def verify(
    folder: Place,
    everything: Annotated[bool, typer.Option("--all", help="Make every chunk again, not just a few.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read every file, make some chunks again, and compare them byte by byte."""
    from sim.report.terminal.sweep import print_verified
    from sim.sweeps.store import open_folder
    from sim.sweeps.verify import verify as check

    with progress_bar("making runs again") as progress:
        found = check(open_folder(folder), everything, progress)
    print_json(found) if as_json else print_verified(console(), found)
    if not found.sound:
        raise typer.Exit(1)


@sweeps.command()
def table(
    folder: Place,
    out: Annotated[Path, file_option("--out", "A file that ends in .csv or .parquet.")],
    by: Annotated[str, typer.Option("--by", help="One row for each `run` or each `case`.")] = "run",
) -> None:
    """Write runs or cases as one table, the design beside the outcomes."""
    from sim.sweeps.export import export
    from sim.sweeps.store import open_folder

    if by not in ("run", "case"):
        raise typer.BadParameter('--by is "run" or "case"')
    rows = export(open_folder(folder), out, by)  # type: ignore[arg-type]
    console().print(f"{counted(rows, 'row')} in {out}", markup=False, soft_wrap=True)


@sweeps.command()
def levers(
    folder: Place,
    outcome: Annotated[
        str, typer.Option("--outcome", help="agreement, zone, settlement_zone or plain_truce.")
    ] = "agreement",
    enough: Annotated[float, typer.Option("--enough", min=0.0, max=1.0, help="The level that counts as enough.")] = 0.5,
    pictures: Annotated[bool, pictures_option("Also draw the table into the folder, as SVG and PNG.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how choices fare in the same worlds, and which is best by which criterion."""
    from sim.report.terminal.levers import print_levers
    from sim.sweeps.robustness import OUTCOMES, lever_measures
    from sim.sweeps.store import open_folder

    if outcome not in OUTCOMES:
        raise typer.BadParameter(f"--outcome is one of {', '.join(OUTCOMES)}")
    found = lever_measures(open_folder(folder), outcome, enough)
    if pictures:
        from sim.files import ready
        from sim.report.pictures.sweep_levers import draw_levers

        ready(folder)
        draw_levers(found, folder)
    print_json(found) if as_json else print_levers(console(), found)


@sweeps.command()
def screen(folder: Place, as_json: AsJson = False) -> None:
    """Show which fields of a Morris design matter: how often a step of one field alone changes how a run ends."""
    from sim.report.terminal.screening import print_screening
    from sim.sweeps.screening import screening
    from sim.sweeps.store import open_folder

    opened = open_folder(folder)
    found = screening(opened)
    print_json(found) if as_json else print_screening(console(), opened.sweep, found)


@sweeps.command()
def analyse(
    folder: Place,
    memory: Annotated[
        int,
        typer.Option(
            "--memory",
            min=100,
            metavar="MB",
            help="Memory to use; of a larger sweep the first cases that fit are read.",
        ),
    ] = 4000,
    as_json: AsJson = False,
) -> None:
    """Show where a zone exists and where the talks agree: shares, sensitivity, regions, pictures and a summary."""
    from sim.files import ready
    from sim.report.sweep_summary import print_analysis, write_analysis
    from sim.sweeps.analyse import analyse as look
    from sim.sweeps.store import open_folder

    opened = open_folder(folder)
    ready(folder)
    with progress_bar("analysing") as progress:
        found = look(opened, progress, memory)
        write_analysis(found.cases.folder, found, folder / "analysis")
    if as_json:
        print_json(found.measured)
        return
    screen = console()
    print_analysis(screen, opened, found)
    screen.print(str(folder / "analysis"), markup=False, soft_wrap=True)
