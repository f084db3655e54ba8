"""What a command may write over: a file of the kind that it writes itself, known by how it begins or by its columns."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from sim.errors import OutputError, needed
from sim.files import beginning, ready_for, why

HTML = "<!doctype html>"
"""How every page begins."""
LONGEST_HEADING = 1_000_000
"""Bytes in which a table's heading ends."""
TABLES = (".csv", ".parquet")
"""How the name of a table ends."""


def only_ours(path: Path, ours: str | Callable[[Path], bool], what: str) -> None:
    """Refuse to replace what we did not write; what is empty may go.

    Whether the place can be written is learnt as well, before the work whose result belongs there.

    Args:
        path: the file to be written.
        ours: how our own kind of file begins, in ASCII, or what tells whether a file is of that kind.
        what: the kind, in words.

    Raises:
        OutputError: when something else stands there, or nothing can be written.
    """
    try:
        taken = path.exists() and beginning(path, 1) != b""
        if taken:
            taken = not (begins(path, ours) if isinstance(ours, str) else ours(path))
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write {path}: {why(error)}") from None
    if taken:
        raise OutputError(f"{path} is not a {what} and is not overwritten; name another file, or delete it")
    ready_for(path)


def begins(path: Path, ours: str) -> bool:
    """Whether a file begins as one kind of ours does.

    Raises:
        OSError: for what is no file that can be read.
    """
    return beginning(path, len(ours)) == ours.encode()


def only_table(path: Path, ours: Callable[[Sequence[str]], bool], what: str) -> None:
    """The same of a table in CSV or Parquet, which we know as our own kind by its columns.

    Raises:
        OutputError: for another ending too.
        MissingLibraryError: for Parquet without pyarrow.
    """
    if path.suffix not in TABLES:
        raise OutputError(f"{path} must end in {' or '.join(TABLES)}")
    if path.suffix == ".parquet":
        needed("pyarrow.parquet", by="Parquet needs")
    only_ours(path, lambda file: ours(_columns(file)), what)


def _columns(path: Path) -> Sequence[str]:
    """What heads the columns of a table; nothing where it is none."""
    try:
        if path.suffix == ".parquet":
            (parquet,) = needed("pyarrow.parquet", by="Parquet needs")
            names: list[str] = parquet.read_schema(path).names
            return names
        head = beginning(path, LONGEST_HEADING).partition(b"\n")[0].decode("utf-8-sig")
        return next(csv.reader([head]), [])
    except (ValueError, csv.Error):  # of Parquet, too, as pyarrow says it
        return []
