"""Commands in processes of their own, forked off one that has imported what they need: real ones, to be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path

from tests.waiting import NET

IMPORTED = [
    "pytest", "tests.children", "sim.cli.serve", "sim.serve.run", "sim.serve.app", "uvicorn.lifespan.on",
    "uvicorn.loops.auto", "uvicorn.protocols.http.auto",
]  # fmt: skip
"""What would be imported again by every process."""
FORKS = "forkserver" in multiprocessing.get_all_start_methods()
CONTEXT = multiprocessing.get_context("forkserver" if FORKS else "spawn")


class Child:
    """`python -m sim` with some words, in a folder; all it says goes to a file."""

    def __init__(self, words: tuple[str, ...], folder: Path, said: Path) -> None:
        if FORKS:
            CONTEXT.set_forkserver_preload(IMPORTED)
        told = (words, str(folder), str(said.resolve()), dict(os.environ))
        self.process = CONTEXT.Process(target=command, args=told, daemon=True)
        self.process.start()
        self.pid = self.process.pid

    def poll(self) -> int | None:
        """How it ended, if it did."""
        return self.process.exitcode

    def interrupt(self) -> None:
        """What Ctrl+C does."""
        os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """What a power cut does."""
        self.process.kill()

    def wait(self) -> None:
        """Return once it has ended."""
        self.process.join(NET)
        assert self.poll() is not None


def command(words: tuple[str, ...], folder: str, said: str, environment: dict[str, str]) -> None:
    """What the process does."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    file = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(file, stream)
    sys.argv = ["ceasefire", *words]
    from sim.cli.main import main

    main()
