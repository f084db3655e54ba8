"""Tables that come out of spreadsheets, forms and learning platforms, and go back: read without being trusted.

A table is text with a heading; commas, semicolons or tabs part its cells. What a column means is not known here.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from sim.classroom.handed_in import read_text
from sim.errors import AnswerError
from sim.markup import counted

MARK = "\ufeff"
"""What tells a spreadsheet that a table is UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute a cell."""
LONGEST_CELL, CUT = 30_000, "… (cut)"
"""Letters of a cell, of which spreadsheets take 32,767; and what stands behind them where there were more."""
LARGEST, MOST_ROWS, MOST_COLUMNS = 4_000_000, 2_000, 500
"""Bytes, rows and columns that are read at most."""


@dataclass(frozen=True)
class Table:
    """A table as it was read: its columns, and each row with the line that it begins in."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def where(self, line: int) -> str:
        """A line of it, in words."""
        return f"{self.path} line {line}"


def read_table(path: Path) -> Table:
    """The table in a file; empty rows aside, short rows filled up.

    Raises:
        AnswerError: for what is no table, is too large, or has a row that is longer than its heading.
    """
    text = read_text(path, LARGEST)
    if "\0" in text:
        raise AnswerError(f"{path} is not a table; save it as CSV in UTF-8")
    read = csv.reader(StringIO(text, newline=""), delimiter=_separator(text))
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for found in read:
            begun, line = line, read.line_num + 1
            cells = tuple(cell.strip() for cell in found)
            if not any(cells):
                continue
            if not columns:
                columns = _heading(path, cells)
                continue
            if any(cells[len(columns) :]):
                raise AnswerError(
                    f"{path} line {begun}: has {counted(len(cells), 'cell')} under {counted(len(columns), 'column')}"
                )
            rows.append((begun, (*cells, *[""] * len(columns))[: len(columns)]))
            if len(rows) > MOST_ROWS:
                raise AnswerError(f"{path} has more than {MOST_ROWS:,} rows")
    except csv.Error as error:
        raise AnswerError(f"{path} line {line}: is not a row of a table ({error})") from None
    if not columns:
        raise AnswerError(f"{path} is empty")
    return Table(path, columns, tuple(rows))


def _separator(text: str) -> str:
    """What parts the cells of the first line that holds anything, quoted text aside."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", head)
    return max(",;\t", key=bare.count)


def _heading(path: Path, cells: tuple[str, ...]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise AnswerError(f"{path} has more than {MOST_COLUMNS} columns")
    return cells


def written(head: Sequence[str], rows: Iterable[Sequence[object]], marked: bool = True) -> str:
    """A table in which no cell is one that a spreadsheet would compute.

    Args:
        head: its heading.
        rows: its rows.
        marked: as spreadsheets and learning platforms take it, UTF-8 with its mark and CR LF; else as scripts read it.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n" if marked else "\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([cell(entry) if isinstance(entry, str) else entry for entry in row])
    return MARK * marked + out.getvalue()


def cell(text: str) -> str:
    """Text for a cell: one line without control characters, never taken for a formula, wherever semicolons part cells.

    After a semicolon and a space only what nobody writes in a sentence is guarded.

    >>> cell("=1+1"), cell(";-1+1"), cell("; =1+1"), cell("ana"), cell("a; -b")
    ("'=1+1", ";'-1+1", "; '=1+1", 'ana', 'a; -b')
    """
    kept = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text)
    kept = kept if len(kept) <= LONGEST_CELL else f"{kept[:LONGEST_CELL]} {CUT}"
    guarded = re.sub(r";(?=[=+@-])|;\s+(?=[=@])", r"\g<0>'", kept)
    return f"'{guarded}" if text.startswith(FORMULA) or kept.startswith(FORMULA) else guarded
