"""What a public function is given, checked at the door: whole numbers, words of a few, functions, a mapping of agents.

Every check returns what it was given in the form that the rooms work with, or refuses it in one sentence.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeVar

from sim.errors import ArgumentError, nearest, type_of

Given = TypeVar("Given")
Word = TypeVar("Word", bound=str)

MOST_SEED = 2**63 - 1
"""The largest seed: results keep it as a signed number of 64 bits."""
MOST_RUNS = 10_000_000
"""Runs of one scenario at most: their results take some gigabytes."""
MOST_NUMBER = 2**58
"""The largest number of a run: its draws are a stretch of a counter of 64 bits."""
MOST_SHOWN = 100
"""Bits of a whole number that an error message shows."""


def whole(given: Any, what: str, least: int = 0, most: int | None = None) -> int:
    """A whole number, of Python's kind or of NumPy's.

    Raises:
        ArgumentError: for anything else, and for what lies outside.
    """
    if isinstance(given, bool) or not isinstance(given, Integral) or given < least:
        raise ArgumentError(f"{what}: a whole number from {least} on is wanted, not {_shown(given)}")
    number = int(given)
    if most is not None and number > most:
        raise ArgumentError(
            f"{what}: should be {most:,} at most, not {f'{number:,}' if _short(number) else type_of(given)}"
        )
    return number


def _shown(given: Any) -> str:
    """A number as it is, where it is short; anything else by its kind."""
    return str(given) if isinstance(given, bool | float) or _short(given) else type_of(given)


def _short(given: Any) -> bool:
    return isinstance(given, Integral) and int(given).bit_length() <= MOST_SHOWN


def a_seed(given: Any) -> int:
    """What names the draws of a run, with its number.

    Raises:
        ArgumentError: for what is no whole number from 0 on.
    """
    return whole(given, "seed", most=MOST_SEED)


def seconds(given: Any) -> float:
    """Seconds that a search may take.

    Raises:
        ArgumentError: for what is no number from 0 on.
    """
    if isinstance(given, bool) or not isinstance(given, Real) or not float(given) >= 0:
        raise ArgumentError(f"search: seconds from 0 on are wanted, not {_shown(given)}")
    return float(given)


def one_of(given: Word, valid: Iterable[Word], what: str) -> Word:
    """A word out of a few.

    Raises:
        ArgumentError: for any other, with the nearest.
    """
    words = tuple(valid)
    if isinstance(given, str) and given in words:
        return given
    if isinstance(given, str):
        raise ArgumentError(f'{what}: there is no "{given}"{nearest(given, words)}')
    raise ArgumentError(f"{what}: should be one of {', '.join(words)}, not {type_of(given)}")


def yes_or_no(given: Any, what: str) -> bool:
    """True or False.

    Raises:
        ArgumentError: for anything else.
    """
    if type(given).__name__ not in ("bool", "bool_"):  # of Python's kind or of NumPy's, under its old name or its new
        raise ArgumentError(f"{what}: should be True or False, not {type_of(given)}")
    return bool(given)


def a_path(given: Any, what: str) -> Path:
    """A path; ``what`` begins the complaint about anything else.

    Raises:
        ArgumentError: for anything else.
    """
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(path, str):
        raise ArgumentError(f"{what}, not by {type_of(given)}")
    return Path(path)


def a_function(given: Given, what: str = "progress") -> Given:
    """Something that can be called.

    Raises:
        ArgumentError: for anything else.
    """
    if not callable(given):
        raise ArgumentError(f"{what}: a function is wanted, not {type_of(given)}")
    return given


def agents_by_party(given: Any) -> Mapping[str, Any]:
    """Delegations of somebody's own by party; none for None.

    Raises:
        ArgumentError: for what is no mapping.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ArgumentError(f"agents: should be a mapping of parties to subclasses of PartyAgent, not {type_of(given)}")
    return given
