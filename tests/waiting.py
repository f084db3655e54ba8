"""Waiting for what happens, never for a time: a busy machine is late, and late is right."""

from __future__ import annotations

import time
from collections.abc import Callable

NET = 600
"""Seconds after which whatever a test waits for is taken to hang; nothing else is judged by a clock."""


def wait_until(happened: Callable[[], object]) -> None:
    """Return once something is true.

    Raises:
        AssertionError: when it never is.
    """
    limit = time.monotonic() + NET
    while not happened():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.01)
