"""`ceasefire sweeps work` and `compact`: many processes or machines fill one folder, and its files put together."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import complain
from sim.cli.options import AsJson, console, print_json, progress_bar
from sim.cli.sweeping import STOPPED, Mixed, bar
from sim.cli.sweeps import Place, sweeps
from sim.markup import counted


@sweeps.command()
def work(
    folder: Place,
    shard: Annotated[
        str, typer.Option("--shard", metavar="I/N", help="Only part I of N, counted from 1; all by default.")
    ] = "1/1",
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes here.")] = 1,
    mixed: Mixed = False,
    as_json: AsJson = False,
) -> None:
    """Run what is left of a sweep, or of one part, while others do the same elsewhere.

    `ceasefire sweep … --prepare` makes the folder. If one is killed, the same command starts it again.
    """
    from sim.report.terminal.sweep import print_worked
    from sim.sweeps.shards import shard_of
    from sim.sweeps.store import open_folder
    from sim.sweeps.working import work_on

    mine, opened = shard_of(shard), open_folder(folder)
    try:
        with bar(sum(stop - start for start, stop in mine.chunks(opened.chunks()))) as told:
            found = work_on(opened, mine, workers=workers, mixed=mixed, progress=told)
    except KeyboardInterrupt:
        complain(f"stopped: what is done is kept in {folder}; the same command goes on from there")
        raise typer.Exit(STOPPED) from None
    print_json(found) if as_json else print_worked(console(), found)


@sweeps.command()
def compact(folder: Place, as_json: AsJson = False) -> None:
    """Merge the many files of a finished sweep into a few large ones.

    Two sweeps merged in the same steps have the same files.
    """
    from sim.report.terminal.sweep import size_in_words
    from sim.sweeps.compact import compact as put_together

    with progress_bar("putting files together") as progress:
        found = put_together(folder, progress=progress)
    if as_json:
        print_json(found)
        return
    sizes = f"{size_in_words(found.megabytes)}, before {size_in_words(found.megabytes_before)}"
    console().print(f"{counted(found.files, 'file')} instead of {found.files_before:,} ({sizes})", markup=False)
