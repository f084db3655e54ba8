"""The arguments and options that commands share, so that one word means one thing everywhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="A slug (see `ceasefire scenarios`) or a file.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a field of the scenario, checked like the file."),
]
Without = Annotated[list[str] | None, typer.Option("--without", metavar="RED_LINE_ID", help="Leave a red line out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help="Names every draw of the talks.")]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where results are written.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but the folder written.")]


def console() -> Console:
    """A terminal for people: as wide as theirs, 100 columns where there is none."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 100)


def print_json(data: Any) -> None:
    """Plain data on stdout."""
    from sim.study.record import text_of

    sys.stdout.write(text_of(data))
