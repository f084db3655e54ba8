"""A command that is killed as it names its n-th file: ``python -m tests.dying_child N before|after WORDS…``."""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from typing import Any

from sim.cli.main import main


def dying(number: int, moment: str) -> None:
    """Have this process killed before or after it gives the file its name, as a power cut would."""
    real, files = os.replace, count(1)

    def replace(*words: Any, **more: Any) -> None:
        mine = next(files) == number
        if mine and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(*words, **more)
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)

    os.replace = replace


if __name__ == "__main__":
    _, which, when, *sys.argv[1:] = sys.argv
    dying(int(which), when)
    main()
