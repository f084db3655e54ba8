"""`ceasefire import` and `ceasefire export`: negotiations as other platforms write them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Changes, Name, Without, console, file_option, opened
from sim.markup import command_line, counted


class Format(StrEnum):
    """What can be written."""

    genius = "genius"
    geniusweb = "geniusweb"
    negolog = "negolog"
    negmas = "negmas"
    scores = "scores"


@app.command("import")
def import_(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|FOLDER", help="GENIUS XML, GeniusWeb or NegoLog JSON, NegMAS YAML, a score table (CSV)."
        ),
    ],
    to: Annotated[Path, file_option("--to", "The scenario to write; it must not exist yet.")],
    steps: Annotated[
        int | None,
        typer.Option(
            "--steps",
            min=2,
            max=64,
            help="How many evenly spaced values an issue over numbers gets; its own by default.",
        ),
    ] = None,
) -> None:
    """Turn a negotiation from another platform into a scenario."""
    from sim.exchange.domain import scenario_text
    from sim.exchange.formats import read_domain
    from sim.files import write_once

    found = read_domain(place, steps)
    text = scenario_text(found.domain, str(place))
    write_once(to, text, "choose another name")
    domain = found.domain
    said = console()
    size = f"{len(domain.profiles)} parties, {counted(len(domain.issues), 'issue')}"
    said.print(f"{to}: {size}, read as {found.format}.", markup=False, soft_wrap=True)
    for loss in domain.losses:
        said.print(loss, markup=False, soft_wrap=True)
    said.print(f"Look at it with: {command_line('zone', to)}", markup=False, soft_wrap=True)


@app.command("export")
def export_(
    name: Name,
    format: Annotated[Format, typer.Option("--format", help="The format to write.")],
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where the files are written.")],
    changes: Changes = None,
    without: Without = None,
) -> None:
    """Write a scenario for another platform, and name what is lost there."""
    from sim.exchange.formats import export

    files, losses = export(opened(name, changes, without), format.value, to)
    said = console()
    names = ", ".join(path.name for path in files)
    said.print(f"{counted(len(files), 'file')} in {to}: {names}", markup=False, soft_wrap=True)
    for loss in losses:
        said.print(f"Lost: {loss}.", markup=False, soft_wrap=True)
