"""Results as plain data and back: a frozen dataclass is the one definition of what a file or ``--json`` holds.

It knows of no result; what the fields mean is said where the dataclass stands.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from sim.errors import ResultError

Made = TypeVar("Made")
OPTIONAL = {"left out at its default": True}
"""Metadata of a field whose key is left out of the plain data while the field has its default, as a rule None."""
ABSENT: Any = object()
"""The default of an optional field of which None would say something."""
NUMBERS = frozenset((int, float))


def as_plain(value: Any) -> Any:
    """A result as mappings, lists, numbers and texts: its fields in the order of their definition.

    A line below a name, which keeps it from being a word of Python, is left out: ``from_`` gives "from".

    >>> from dataclasses import make_dataclass
    >>> as_plain(make_dataclass("Point", ["name", ("ties", int)])("nash", 2))
    {'name': 'nash', 'ties': 2}
    """
    if is_dataclass(value) and not isinstance(value, type):
        held = ((entry, getattr(value, entry.name)) for entry in fields(value))
        said = ((e.name, v) for e, v in held if v is not e.default or e.metadata != OPTIONAL)
        return {name.removesuffix("_"): as_plain(v) for name, v in said}
    if isinstance(value, dict):
        return {key: as_plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        plain = NUMBERS.issuperset(map(type, value))  # masks are millions
        return list(value) if plain else [as_plain(entry) for entry in value]
    return value


def text_of(data: Any) -> str:
    """A result as JSON text, one way only."""
    return json.dumps(as_plain(data), indent=2, ensure_ascii=False) + "\n"


def read_as(kind: type[Made], data: Any, where: str) -> Made:
    """Plain data as the result that it is; keys that are not known are left aside.

    Raises:
        ResultError: in one line, with the file and the place in it, when a field is missing or of another kind.
    """
    from pydantic import ValidationError

    reader = _reader(kind)  # type: ignore[arg-type]  # a class can be a key
    try:
        made: Made = reader.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        what = "is missing" if first["type"] == "missing" else first["msg"].removeprefix("Input ").splitlines()[0]
        raise ResultError(f"{where}: is damaged: {': '.join(part for part in (place, what) if part)}") from None
    return made


@cache
def _reader(kind: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
