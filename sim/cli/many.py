"""`ceasefire sweeps work`: many processes or machines fill one sweep's folder."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import complain
from sim.cli.options import AsJson, console, print_json
from sim.cli.sweeping import STOPPED, Mixed, bar
from sim.cli.sweeps import Place, sweeps


@sweeps.command()
def work(
    folder: Place,
    shard: Annotated[
        str, typer.Option("--shard", metavar="I/N", help="Only the I-th of N parts, I from 1 on; all by default.")
    ] = "1/1",
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes here.")] = 1,
    mixed: Mixed = False,
    as_json: AsJson = False,
) -> None:
    """Run what is left of a sweep, or of a part of it, beside any number of others who do the same elsewhere.

    `ceasefire sweep … --prepare` makes the folder. Whoever is killed is started again with the same command.
    """
    from sim.plain import as_plain
    from sim.report.terminal.sweep import print_worked
    from sim.sweeps.conduct import work_on
    from sim.sweeps.shards import shard_of
    from sim.sweeps.store import open_folder

    mine, opened = shard_of(shard), open_folder(folder)
    try:
        with bar(sum(stop - start for start, stop in mine.chunks(opened.chunks()))) as told:
            found = work_on(opened, mine, workers=workers, mixed=mixed, progress=told)
    except KeyboardInterrupt:
        complain(f"stopped: what is done is kept in {folder}; the same command goes on from there")
        raise typer.Exit(STOPPED) from None
    print_json(as_plain(found)) if as_json else print_worked(console(), found)
