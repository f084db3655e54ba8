"""Runs as rows: picking some runs out of anything whose arrays lead with one row for all runs or one for each.

It knows which fields lead with runs because their class says so; it never looks inside them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar


class ByRun(Protocol):
    """Something with fields ``by_run`` that lead with 1 or R rows, or that hold such things themselves."""

    by_run: ClassVar[tuple[str, ...]]


Held = TypeVar("Held", bound=Any)


def take_rows(held: Held, keep: Any) -> Held:
    """The same thing for some of its runs; ``keep`` ``(K,)`` are their places. One row for all stays one row."""
    changed = {}
    for name in held.by_run:
        part = getattr(held, name)
        if part is None:
            continue
        if hasattr(part, "by_run"):
            taken = take_rows(part, keep)
            if taken is not part:
                changed[name] = taken
        elif len(part) > 1:
            changed[name] = part[keep]
    return replace(held, **changed) if changed else held
