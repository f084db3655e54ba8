"""`ceasefire compare`: scenarios side by side, in the order given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, Out, Reading, Without, console, opened, pictures_option, print_json


@app.command()
def compare(
    names: Annotated[list[str], typer.Argument(metavar="SCENARIO…", help="Two or more slugs or files.")],
    changes: Changes = None,
    reading: Reading = None,
    without: Without = None,
    pictures: Annotated[bool, pictures_option("Draw the comparison and write it to a folder.")] = False,
    out: Out = Path("outputs"),
    as_json: AsJson = False,
) -> None:
    """Compare scenarios: which red lines came, went and moved.

    Compares each scenario with the one before it, and shows its zone, conflicts and plain truce.
    """
    from sim.files import ready, write_text
    from sim.report.terminal.compare import draw_comparison, print_comparison
    from sim.study.compare import compare_measures

    if len(names) < 2:
        raise typer.BadParameter("name two scenarios or more")
    loaded = [opened(name, changes, without, reading) for name in names]
    if pictures:
        ready(out)
    rows = compare_measures(loaded)
    folder = None
    if pictures:
        from sim.plain import text_of
        from sim.study.record import folder_of_many, whole_folder

        folder = folder_of_many(loaded, "compare", out)
        with whole_folder(folder) as draft:
            write_text(draft / "compare.json", text_of(rows))
            draw_comparison(rows, draft)
    if as_json:
        print_json(rows)
        return
    screen = console()
    print_comparison(screen, rows)
    if folder is not None:
        screen.print(str(folder), markup=False, soft_wrap=True)
