"""`ceasefire explore`: one offline page in which red lines, beliefs and weights move and the zone answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Changes, Name, Reading, Without, file_option, opened, progress_bar

PageFile = Annotated[Path | None, file_option("--out", "Write the page here; explore-SCENARIO.html by default.")]


@app.command()
def explore(
    name: Name, changes: Changes = None, without: Without = None, reading: Reading = None, out: PageFile = None
) -> None:
    """Write a page to try things out: move a demand, a belief or a weight, and see the zone.

    One HTML file for any browser, nothing to install, nothing fetched. It counts as `ceasefire zone` does, and says
    with which command to check.
    """
    from sim.report.explorer.page import write_explorer

    with progress_bar("making the page") as progress:
        loaded = opened(name, changes, without, reading)
        path = out or Path(f"explore-{loaded.slug.replace('/', '-')}.html")
        write_explorer(loaded, path, progress)
    typer.echo(str(path))
