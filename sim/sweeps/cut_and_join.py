"""Outcomes cut apart and put together: the same bytes however the runs were cut before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from sim.sweeps.outcomes import Failure, Outcomes


def cut(outcomes: Outcomes, start: int, stop: int) -> Outcomes:
    """The outcomes of the places from ``start`` up to ``stop``, which lie among them."""
    place = slice(start - outcomes.start, stop - outcomes.start)
    clipped = (replace(f, start=max(f.start, start), stop=min(f.stop, stop)) for f in outcomes.failures)
    columns = {name: column[place] for name, column in outcomes.columns.items()}
    return Outcomes(start, columns, joined(f for f in clipped if f.start < f.stop))


def together(parts: list[Outcomes]) -> Outcomes:
    """Outcomes that follow on one another as one."""
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    return Outcomes(parts[0].start, columns, joined(failure for part in parts for failure in part.failures))


def joined(failures: Iterable[Failure]) -> list[Failure]:
    """Failures in order, those that follow on one another for the same reason as one.

    >>> [(f.start, f.stop) for f in joined([Failure(0, 2, "a"), Failure(2, 3, "a"), Failure(3, 4, "b")])]
    [(0, 3), (3, 4)]
    """
    found = list[Failure]()
    for failure in sorted(failures, key=lambda failure: failure.start):
        last = found[-1] if found else None
        if last is not None and last == replace(failure, start=last.start, stop=failure.start):
            found[-1] = replace(last, stop=failure.stop)
        else:
            found.append(failure)
    return found
