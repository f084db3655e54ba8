"""Runs as rows: picking some runs out of anything whose arrays lead with one row for all runs or one for each.

It knows which fields lead with runs because their class says so; it never looks inside them. What holds for all runs
alike can be worked out once for a thing and every part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import numpy.typing as npt


class ByRun(Protocol):
    """Something with fields ``by_run`` that lead with 1 or R rows, or that hold such things themselves."""

    @property
    def by_run(self) -> tuple[str, ...]:
        """The names of these fields."""
        ...


@dataclass(frozen=True, eq=False)
class AllByRun:
    """A record of which every field leads with 1 or R rows, or holds such things itself."""

    @property
    def by_run(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(field.name for field in fields(self))


Held = TypeVar("Held", bound=Any)


def with_fields(held: Held, **fields: Any) -> Held:
    """A copy with some fields changed: `dataclasses.replace` for records of many arrays, a twentieth of its cost.

    Nothing is checked, and what the original had worked out and kept is left behind.
    """
    copy = object.__new__(type(held))
    names = held.__dataclass_fields__
    copy.__dict__.update({name: value for name, value in held.__dict__.items() if name in names})
    copy.__dict__.update(fields)
    return copy


def take_rows(held: Held, keep: Any) -> Held:
    """The same thing for some of its runs; ``keep`` ``(K,)`` are their places. One row for all stays one row.

    What has a field ``whole`` is told what it is a part of, and which rows.
    """
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
            fields[name] = part.take(keep, axis=0)  # many times as fast as part[keep]
    if fields and "whole" in held.__dataclass_fields__:
        fields["whole"] = (held, keep)
    return with_fields(held, **fields) if fields else held


def spread(held: Held, runs: int) -> Held:
    """The same thing for so many runs that are alike so far, where it is one run's."""
    fields = {}
    for name in held.by_run:
        part = getattr(held, name)
        if part is not None:
            fields[name] = spread(part, runs) if hasattr(part, "by_run") else part.repeat(runs, axis=0)
    return with_fields(held, **fields)


def columns_of(held: Any) -> list[npt.NDArray[Any]]:
    """Every array in a thing that leads with runs, however deep it lies; none in nothing."""
    found: list[npt.NDArray[Any]] = []
    for name in () if held is None else held.by_run:
        part = getattr(held, name)
        found += columns_of(part) if part is None or hasattr(part, "by_run") else [part]
    return found


def of_run(column: npt.NDArray[Any], run: int) -> Any:
    """The row of a run ``(...)`` of an array ``(1|R, ...)``, or the one row that all runs share."""
    return column[min(run, len(column) - 1)]


def cells(column: npt.NDArray[Any], party: int, runs: npt.NDArray[Any] | slice) -> npt.NDArray[Any]:
    """What a party has ``(N, ...)`` in some runs of an array ``(R, P, ...)``: many times as fast as
    ``column[runs, party]``.
    """
    if isinstance(runs, slice):
        return column[runs, party]
    parties = column.shape[1]
    return column.reshape(-1, *column.shape[2:]).take(runs * parties + party, axis=0)


class Knowing(Protocol):
    """Something that keeps what was worked out `once`, and hands it on to its parts."""

    @property
    def known(self) -> dict[tuple[Any, ...], Any]:
        """What was worked out, by what was asked."""
        ...


Whole = TypeVar("Whole", bound=Knowing)
Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def once(work: Callable[Concatenate[Whole, Asked], Found]) -> Callable[Concatenate[Whole, Asked], Found]:
    """Work something out once for a whole and all its parts: it must depend on nothing that differs between runs."""
    name = (work.__module__, work.__qualname__)  # named and not held, so that a whole can be pickled

    @wraps(work)
    def known(whole: Whole, /, *args: Asked.args, **words: Asked.kwargs) -> Found:
        key = (name, args, tuple(sorted(words.items()))) if words else (name, args)
        kept = whole.known
        if key not in kept:
            kept[key] = work(whole, *args, **words)
        return kept[key]

    return known
