"""`ceasefire replay`: one run of a sweep round by round, or a room of a class played again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, console, print_json, progress_bar


@app.command()
def replay(
    place: Annotated[
        Path, typer.Argument(metavar="FOLDER|ROOM.json", help="The folder of a sweep, or a class's room.")
    ],
    run: Annotated[int | None, typer.Option("--run", min=0, help="The number of the run, in a sweep.")] = None,
    as_json: AsJson = False,
) -> None:
    """Replay one run of a sweep, or the room of a class, with its whole transcript.

    Plays it again and compares it with the sweep's table, or with the exported room.
    """
    if run is None and not place.is_dir():
        _room(place, as_json)
        return
    if run is None:
        raise typer.BadParameter("a sweep has many runs: name one", param_hint="--run")
    from sim.plain import as_plain
    from sim.report.terminal.sweep import print_replay
    from sim.sweeps.store import open_folder
    from sim.sweeps.verify import replay as again

    with progress_bar("looking at every package") as _:
        made, where = again(open_folder(place), run)
    if as_json:
        print_json(as_plain(where) | made.measures() | {"transcript": made.played.transcript})
        return
    print_replay(console(), made, where)


def _room(path: Path, as_json: bool) -> None:
    """A room of a class, from its file."""
    from sim.classroom.room_file import difference, read_room, room_data
    from sim.errors import AnswerError
    from sim.report.terminal.room import room_lines

    room, data, loaded = read_room(path)
    differs = difference(room, data, loaded)
    if differs is not None:
        raise AnswerError(f"{path} is not the room that its decisions lead to: {differs}")
    if as_json:
        print_json(room_data(room, loaded))
        return
    shown = console()
    for text in room_lines(room):
        shown.print(text, markup=False)
