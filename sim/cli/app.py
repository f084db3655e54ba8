"""The command line: one typer application, one way to end. Commands live in files of their own and hold no logic."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

import typer

from sim import BANNER, __version__
from sim.errors import CeasefireError

app = typer.Typer(
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


def main() -> None:
    """Run the command line; anything the user can mend is one line on stderr and exit code 1."""
    from sim.cli import check, explain, new, run, scenarios, zone  # noqa: F401  registers the commands

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that cannot show a letter shows a mark instead
    try:
        app(prog_name="ceasefire")
    except CeasefireError as error:
        complain(str(error))
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def complain(message: str) -> None:
    """One line on stderr."""
    sys.stderr.write(f"ceasefire: {' '.join(message.split())}\n")
