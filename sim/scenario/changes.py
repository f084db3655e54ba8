"""Changes to a scenario in the forms that people give them, as the ``PATH=VALUE`` texts that `--set` takes.

Whether a path or a value means anything is found out where they are applied.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sim.errors import ArgumentError, type_of

Changes = Mapping[str, Any] | Iterable[str]
"""``{"protocol.deadline": 12}``, ``["protocol.deadline=12"]``, or one such text alone."""


def listed(changes: Changes) -> tuple[str, ...]:
    """Changes as ``PATH=VALUE`` texts.

    >>> listed({"protocol.deadline": 12, "war.frozen": True}), listed("protocol.deadline=12")
    (('protocol.deadline=12', 'war.frozen=true'), ('protocol.deadline=12',))

    Raises:
        ArgumentError: for anything else, or a value that no scenario could hold.
    """
    if not isinstance(changes, Mapping):
        return texts(changes, "changes", "PATH=VALUE texts or a mapping of paths to values")
    return tuple(change(path, value) for path, value in by_path(changes, "changes").items())


def path_of(change: str) -> str:
    """The path that a ``PATH=VALUE`` text is about.

    >>> path_of(" protocol.deadline = 12")
    'protocol.deadline'
    """
    return ".".join(part.strip() for part in change.partition("=")[0].split("."))


def by_path(given: Mapping[str, Any], what: str) -> Mapping[str, Any]:
    """A mapping whose keys are paths.

    Raises:
        ArgumentError: for any other key, naming ``what`` was given.
    """
    for path in given:
        if not isinstance(path, str) or "=" in path:
            raise ArgumentError(f"{what}: a path is a text such as protocol.deadline, not {path!r}")
    return given


def texts(given: Iterable[str], what: str, wanted: str) -> tuple[str, ...]:
    """Texts, or one alone.

    Raises:
        ArgumentError: for anything else, naming ``what`` was given and what is ``wanted``.
    """
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable):
        raise ArgumentError(f"{what}: should be {wanted}, not {type_of(given)}")
    found = tuple(given)
    for text in found:
        if not isinstance(text, str):
            raise ArgumentError(f"{what}: should be {wanted}, but {type_of(text)} is among them")
    return found


def change(path: str, value: Any) -> str:
    """A value at a path as ``--set`` takes it; None takes away what stands there.

    Raises:
        ArgumentError: for a value that no scenario could hold.
    """
    try:
        return f"{path}={written(value)}"
    except (TypeError, ValueError):
        raise ArgumentError(f"changes: {path} cannot be {type_of(value)}, which YAML has no word for") from None


def written(value: Any) -> str:
    """A value as YAML on one line: numbers with all their digits."""
    return repr(float(value)) if isinstance(value, float) else json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    """Numbers and arrays of NumPy's as Python's."""
    if not hasattr(value, "tolist"):
        raise TypeError(type(value).__name__)
    return value.tolist()
