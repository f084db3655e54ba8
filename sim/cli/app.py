"""The typer application that commands join, each in a file of its own, and the one way to complain."""

from __future__ import annotations

import sys

import typer

from sim import BANNER, __version__
from sim.cli.groups import Grouped
from sim.markup import one_line

app = typer.Typer(
    cls=Grouped,
    name="ceasefire",
    help=f"Does a ceasefire zone exist, and do the talks find it? {BANNER}",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ceasefire-zone {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Options of the whole command."""


def complain(*messages: str) -> None:
    """A line on stderr for each message."""
    for message in messages:
        sys.stderr.write(f"ceasefire: {one_line(message)}\n")
