"""The command line from start to end: all commands registered, and one way to end. It holds no logic."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path

from sim.cli import (  # noqa: F401  importing a command registers it
    check,
    compare,
    evidence,
    exchange,
    exercise,
    explain,
    explore,
    many,
    new,
    play,
    replay,
    report,
    robust,
    run,
    scenarios,
    serve,
    stable,
    sweep,
    sweeps,
    tournament,
    zone,
)
from sim.cli.app import app, complain
from sim.errors import CeasefireError
from sim.files import why


def main() -> None:
    """Run the command line; anything the user can mend is one line on stderr, or a line each, and exit code 1."""
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115  closed by the shell: nobody wants to be told
    if sys.stdout is None:
        complain("standard output is closed, so nothing could be shown")
        sys.exit(1)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that cannot show a letter shows a mark instead
    try:
        try:
            app(prog_name="ceasefire")
        finally:
            sys.stdout.flush()  # what cannot be written is said here and not while Python ends
    except CeasefireError as error:
        complain(*error.lines())
        sys.exit(1)
    except BrokenPipeError:
        _give_up()
    except OSError as error:
        complain(": ".join(str(part) for part in (error.filename, why(error)) if part))
        _give_up()


def _give_up() -> None:
    """End where standard output takes no more: what is left goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
