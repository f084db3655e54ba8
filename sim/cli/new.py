"""`ceasefire new`: a copy of a scenario to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import console
from sim.markup import command_line


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist yet.")],
    source: Annotated[str, typer.Option("--from", metavar="SCENARIO", help="The scenario to copy.")] = "toy/two-issues",
) -> None:
    """Copy a scenario to a file of your own, to edit and run."""
    from sim.scenario.library import copy_to

    copy_to(source, file)
    console().print(
        f"{file} is a copy of {source}. Run it with: {command_line('run', file)}", markup=False, soft_wrap=True
    )
