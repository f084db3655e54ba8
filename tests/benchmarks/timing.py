"""CPU seconds of a piece of work, whatever else the machine does meanwhile."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def computed(work: Callable[[], object]) -> float:
    """CPU seconds of doing it once."""
    start = time.process_time()
    work()
    return time.process_time() - start


def median(work: Callable[[], object], times: int = 3) -> float:
    """Median CPU seconds."""
    return statistics.median(computed(work) for _ in range(times))
