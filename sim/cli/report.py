"""`ceasefire report`: one self-contained HTML file of a run, a sweep, a scenario, or several scenarios in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import (
    AsJson,
    Changes,
    Out,
    Reading,
    Runs,
    Seed,
    Without,
    asked,
    changed,
    file_option,
    print_json,
    progress_bar,
)


@app.command()
def report(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN|SWEEP|SCENARIO…",
            help="A folder written by `run` or `sweep`, a slug, or a file; several make a timeline.",
        ),
    ],
    seed: Seed = 0,
    runs: Runs = 1,
    changes: Changes = None,
    reading: Reading = None,
    without: Without = None,
    to: Annotated[
        Path | None, file_option("--to", "Write the page here, or only its card if FILE ends in .svg or .png.")
    ] = None,
    out: Out = Path("outputs"),
    as_json: AsJson = False,
) -> None:
    """Write a report: one HTML file, nothing to install.

    It opens offline, prints on A4 and works without JavaScript; with JavaScript, red lines can be switched off.
    """
    from sim.report.html.write import report_on

    with asked(reading), progress_bar("making the report") as progress:
        path = report_on(
            names,
            seed=seed,
            runs=runs,
            changes=changed(changes, reading),
            without=without or (),
            to=to,
            out=out,
            progress=progress,
        )
    if as_json:
        print_json({"report": str(path), "bytes": path.stat().st_size})
        return
    typer.echo(str(path))
