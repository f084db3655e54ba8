"""One process at a time changes what a sweep is; the work on its chunks needs no lock.

A lock of the system's own, which goes with the process that holds it, on this machine and on disks that machines share.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sim.errors import OutputError
from sim.files import why

LOCK = ".lock"
"""The file that is locked; it stays, empty."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else changes the manifest of this folder, and keep others waiting meanwhile.

    Where a disk knows no locks, nobody is kept waiting.

    Raises:
        OutputError: where the folder cannot be written.
    """
    try:
        file = (folder / LOCK).open("a+b")
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {why(error)}") from None
    with file:
        with suppress(OSError):
            _lock(file)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
