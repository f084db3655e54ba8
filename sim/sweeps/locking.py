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
LOOK_AGAIN = 0.1
"""Seconds after which a lock that somebody else holds is asked for again, where the system cannot wait by itself."""


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
    import errno
    import msvcrt
    from time import sleep

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        while True:  # LK_LOCK would give up after ten seconds, with an error that says nothing of why
            try:
                return msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError as error:
                if error.errno not in (errno.EACCES, errno.EDEADLOCK):
                    raise
                sleep(LOOK_AGAIN)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
