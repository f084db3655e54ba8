"""The command line from start to end: all commands registered, and one way to end. It holds no logic."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from sim.cli import (  # noqa: F401  importing a command registers it
    check,
    compare,
    evidence,
    exercise,
    explain,
    new,
    play,
    replay,
    report,
    robust,
    run,
    scenarios,
    stable,
    sweep,
    sweeps,
    tournament,
    zone,
)
from sim.cli.app import app, complain
from sim.errors import CeasefireError


def main() -> None:
    """Run the command line; anything the user can mend is one line on stderr and exit code 1."""
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
