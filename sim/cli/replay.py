"""`ceasefire replay`: one run of a sweep, round by round."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, console, print_json, progress_bar


@app.command()
def replay(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of a sweep.")],
    run: Annotated[int, typer.Option("--run", min=0, help="The number of the run.")],
    as_json: AsJson = False,
) -> None:
    """Replay one run of a sweep, with its whole transcript.

    The run is played again and compared with the sweep's table.
    """
    from sim.plain import as_plain
    from sim.report.terminal.sweep import print_replay
    from sim.sweeps.store import open_folder
    from sim.sweeps.verify import replay as again

    with progress_bar("looking at every package") as _:
        made, place = again(open_folder(folder), run)
    if as_json:
        print_json(as_plain(place) | made.measures() | {"transcript": made.model.transcript})
        return
    print_replay(console(), made, place)
