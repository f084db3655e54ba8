"""The command line from start to end: the command asked for registered, and one way to end. It holds no logic."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from sim.cli.app import app, complain
from sim.cli.groups import GROUPS
from sim.errors import CeasefireError
from sim.files import why

FILES = {"import": "exchange", "export": "exchange", "sweeps": "many", "exercise": "marks"}
"""Commands that stand in a file of another name, or the last of theirs do."""

YOUNG = 100_000
"""New objects after which Python looks for those that hold each other alone; a command makes few such, if any."""

SPARED = {
    "PYDANTIC_DISABLE_PLUGINS": "__all__",  # to look for plugins takes a while, and none is needed
    "OPENBLAS_NUM_THREADS": "1",  # NumPy would start a thread for each processor, and no rule here multiplies matrices
}
"""What a command spares itself, unless its environment says otherwise."""


def register(words: Sequence[str]) -> None:
    """Import the command that some words begin with, which registers it; every command where they name none.

    To import them all takes longer than many a command does.
    """
    known = [name for group in GROUPS.values() for name in group]
    for name in [name for name in known if name in words[:1]] or known:
        import_module(f"sim.cli.{FILES.get(name, name)}")


def main() -> None:
    """Run the command line; anything the user can mend is one line on stderr, or a line each, and exit code 1."""
    for name, value in SPARED.items():
        os.environ.setdefault(name, value)
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)  # a process that ends need not look through all it has
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115  closed by the shell: nobody wants to be told
    if sys.stdout is None:
        complain("standard output is closed, so nothing could be shown")
        sys.exit(1)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that cannot show a letter shows a mark instead
    try:
        try:
            register(sys.argv[1:])
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
