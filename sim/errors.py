"""What can go wrong, as one tree; every message says where, what, and the nearest valid value.

::

    CeasefireError
    ├── ArgumentError        (TypeError)          a function was given something of a kind it cannot take
    ├── ScenarioError        (ValueError)         a scenario says something that cannot be meant
    │   └── UnsafeFileError                       a file the loader refuses to read further
    ├── ScenarioNotFoundError (FileNotFoundError) no file, no slug of that name
    ├── SpaceTooLargeError   (ValueError)         more packages than can be counted exactly
    ├── OutputError          (OSError)            a result could not be written
    ├── SweepError           (ValueError)         a sweep's folder is damaged, or asked for what it has not
    ├── MissingLibraryError  (ImportError)        an optional library is not installed
    ├── ResultError          (ValueError)         a result folder does not hold what it should
    ├── DelegationError      (RuntimeError)       a delegation of somebody's own broke the rules of the table
    │   └── ConformanceError (AssertionError)     a delegation does not keep what a delegation promises
    └── AnswerError          (ValueError)         an answer to an exercise cannot be read as one

It must not hold any logic beyond phrasing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

MOST_SAID = 10
"""Complaints about a file that are shown at once."""


LONGEST = 300
"""Letters of a word, of a place or of an option that a message shows whole."""
ENDLESS = re.compile(rf"\S{{{LONGEST + 1},}}")


def shortened(text: str) -> str:
    """A text, cut in the middle where it has no end.

    >>> shortened("here"), len(shortened("a" * 5_000))
    ('here', 259)
    """
    return f"{text[:200]}…{text[-58:]}" if len(text) > LONGEST else text


def readable(text: str) -> str:
    """A text with every word of it `shortened`, its blanks as they are."""
    return ENDLESS.sub(lambda word: shortened(word[0]), text)


class CeasefireError(Exception):
    """The root: anything the user can mend. The command line prints it in one line and exits with 1."""

    def __str__(self) -> str:
        return readable(str(self.args[0]) if self.args else "")

    def lines(self) -> list[str]:
        """What the command line prints, a line for each thing that is wrong."""
        return [str(self)]


class ArgumentError(CeasefireError, TypeError):
    """A function was given something of a kind it cannot take; only calls from Python can."""


class ScenarioError(CeasefireError, ValueError):
    """A scenario says something that cannot be meant.

    Args:
        what: the complaint, without the place.
        path: the YAML path it is about, such as ``("protocol", "deadline")``.
        where: file and line, or the command-line option it came from; filled in by the loader.
    """

    def __init__(self, what: str, *, path: tuple[str | int, ...] = (), where: str = "") -> None:
        self.what, self.path, self.where = what, path, where
        self.others: tuple[ScenarioError, ...] = ()
        super().__init__(what)

    def __str__(self) -> str:
        more = f" (and {len(self.others):,} more)" if self.others else ""
        return self._line() + more

    def _line(self) -> str:
        at = ".".join(str(part) for part in self.path)
        return ": ".join(part for part in (shortened(self.where), shortened(at), readable(self.what)) if part)

    def lines(self) -> list[str]:
        """All that is wrong, ten complaints at most, a line each."""
        found = [error._line() for error in (self, *self.others)]
        rest = [f"{self.where.partition(' line ')[0]}: and {len(found) - MOST_SAID:,} more"]
        return found[:MOST_SAID] + (rest if len(found) > MOST_SAID else [])

    def located(self, where: str, path: tuple[str | int, ...]) -> ScenarioError:
        """The same complaint with its place, and its path as people write it."""
        return type(self)(self.what, path=path, where=where)


def together(errors: Sequence[ScenarioError]) -> ScenarioError:
    """Several complaints as one: the first, with the others beside it; what is said twice of a place is said once."""
    first, *others = {(error.where, error.path, error.what): error for error in errors}.values()
    first.others = tuple(others)
    return first


class UnsafeFileError(ScenarioError):
    """A file the loader refuses to read further: too large, too deep, binary, or using aliases."""


class ScenarioNotFoundError(CeasefireError, FileNotFoundError):
    """No file and no shipped scenario of that name."""


class SpaceTooLargeError(CeasefireError, ValueError):
    """The outcome space has more packages than can be counted exactly."""


class ResultError(CeasefireError, ValueError):
    """A folder of results does not hold what is asked of it."""


class OutputError(CeasefireError, OSError):
    """A result could not be written."""


class SweepError(CeasefireError, ValueError):
    """A sweep's folder is damaged, or is asked for what it does not have."""


class MissingLibraryError(CeasefireError, ImportError):
    """A library of an optional extra is not installed."""


class DelegationError(CeasefireError, RuntimeError):
    """A delegation of somebody's own broke the rules of the table.

    Args:
        party: the id of the party it speaks for.
        what: the complaint, naming its class.
        round: the round it happened in; 0 before the first.
    """

    def __init__(self, party: str, what: str, round: int = 0) -> None:
        self.party, self.what, self.round = party, what, round
        super().__init__(f"{party}: {what}, {f'in round {round}' if round else 'before the first round'}")


class ConformanceError(DelegationError, AssertionError):
    """A delegation does not keep what a delegation promises; the message lists all that was found."""

    def __init__(self, name: str, broken: Iterable[str]) -> None:
        self.broken = tuple(broken)
        CeasefireError.__init__(self, f"{name} is not a delegation yet:" + "".join(f"\n- {one}" for one in self.broken))


class AnswerError(CeasefireError, ValueError):
    """An answer to an exercise, a saved game or a receipt that cannot be read as one."""


def needed(*names: str, by: str = "sweeps need", extra: str = "sweep") -> list[Any]:
    """Libraries of an extra, loaded only now.

    Raises:
        MissingLibraryError: with the command that installs them.
    """
    try:
        return [import_module(name) for name in names]
    except ImportError as error:
        missing = error.name or names[0]
        raise MissingLibraryError(
            f'{by} {missing}; install it with: python -m pip install "ceasefire-zone[{extra}]"'
        ) from None


def type_of(given: object) -> str:
    """What was given instead, for an error message.

    >>> type_of(None), type_of([1]), type_of(1)
    ('None', 'a list', 'an int')
    """
    name = type(given).__name__
    return "None" if given is None else f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def nearest(word: str, valid: Iterable[str]) -> str:
    """The end of an error message: the closest valid word, or all of them when they are few.

    >>> nearest("kpet", ["kept", "phased_relief"])
    ' (did you mean "kept"?)'
    >>> nearest("zzz", ["kept", "phased_relief"])
    ' (one of: kept, phased_relief)'
    """
    words = [str(entry) for entry in valid]
    close = get_close_matches(str(word), words, n=1, cutoff=0.6)
    if close:
        return f' (did you mean "{close[0]}"?)'
    if not words:
        return ""
    shown = ", ".join(words[:8])
    return f" (one of: {shown}{', …' if len(words) > 8 else ''})"
