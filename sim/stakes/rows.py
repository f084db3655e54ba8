"""Runs as rows: picking some runs out of anything whose arrays lead with one row for all runs or one for each.

It knows which fields lead with runs because their class says so; it never looks inside them.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, TypeVar


class ByRun(Protocol):
    """Something with fields ``by_run`` that lead with 1 or R rows, or that hold such things themselves."""

    by_run: ClassVar[tuple[str, ...]]


Held = TypeVar("Held", bound=Any)


def changed(held: Held, **fields: Any) -> Held:
    """A copy with some fields changed: `dataclasses.replace` for records of many arrays, a twentieth of its cost.

    Nothing is checked, and what the original had worked out and kept is left behind.
    """
    copy = object.__new__(type(held))
    names = held.__dataclass_fields__
    copy.__dict__.update({name: value for name, value in held.__dict__.items() if name in names})
    copy.__dict__.update(fields)
    return copy


def take_rows(held: Held, keep: Any) -> Held:
    """The same thing for some of its runs; ``keep`` ``(K,)`` are their places. One row for all stays one row."""
    fields = {}
    for name in held.by_run:
        part = getattr(held, name)
        if part is None:
            continue
        if hasattr(part, "by_run"):
            taken = take_rows(part, keep)
            if taken is not part:
                fields[name] = taken
        elif len(part) > 1:
            fields[name] = part[keep]
    return changed(held, **fields) if fields else held
