"""A user's own list of cases: a CSV file with a path for each heading and a case for each row.

It reads and checks the file; nothing is run here.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ScenarioError, ScenarioNotFoundError
from sim.files import read_bounded, unread
from sim.markup import counted
from sim.scenario.changes import written
from sim.scenario.fields import check_value, find_field, read_value
from sim.scenario.loader import Loaded
from sim.stakes.space import FloatArray
from sim.sweeps.factors import Factor

MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
LARGEST = 32_000_000
"""Bytes of a user's file that are read at most."""
LARGEST_OWN = 8 * LARGEST
"""The same of a table that we wrote, whose numbers have all their digits."""


def read_table(loaded: Loaded, path: Path, most: int = LARGEST) -> tuple[tuple[Factor, ...], FloatArray]:
    """The factors and the cases ``(N, F)`` of a CSV file of ``most`` bytes.

    Raises:
        ScenarioError: with the line and the heading of what cannot be meant.
        ScenarioNotFoundError: where there is no such file.
    """
    try:
        raw = read_bounded(path, most)
    except OSError as error:
        raise ScenarioNotFoundError(unread(path, error)) from None
    rows = csv.reader(TextIOWrapper(BytesIO(raw), "utf-8-sig", newline=""))
    try:
        return _read(loaded, ((rows.line_num, row) for row in rows if row), str(path))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(f"is no CSV file in UTF-8: {error}", where=f"{path} line {rows.line_num + 1}") from None


def _read(loaded: Loaded, rows: Iterator[tuple[int, list[str]]], where: str) -> tuple[tuple[Factor, ...], FloatArray]:
    line, heading = next(rows, (1, []))
    paths = [text.strip() for text in heading]
    if not paths:
        raise ScenarioError("is empty; it wants a heading of paths and a row for each case", where=where)
    if len(paths) > MOST_COLUMNS:
        raise ScenarioError(f"has {len(paths):,} columns, more than {MOST_COLUMNS:,}", where=where)
    for n, path in enumerate(paths):
        if path in paths[:n]:
            raise ScenarioError(f'"{path[:80]}" heads two columns', where=f"{where} line {line}")
    columns = [_Column(loaded, path, f"{where} line {line}") for path in paths]
    for line, row in rows:
        if len(row) != len(paths):
            raise ScenarioError(
                f"{counted(len(row), 'value')} under {counted(len(paths), 'heading')}", where=f"{where} line {line}"
            )
        for column, text in zip(columns, row, strict=True):
            column.add(text.strip(), f"{where} line {line}")
        if len(columns[0].numbers) > MOST_ROWS:
            raise ScenarioError(f"has more than {MOST_ROWS:,} cases", where=where)
    if not columns[0].numbers:
        raise ScenarioError("has a heading and no case", where=where)
    cases = np.stack([np.array(column.numbers, dtype=float) for column in columns], axis=1)
    return tuple(column.factor() for column in columns), cases


class _Column:
    """The values under a heading: numbers, or places among the different values met so far."""

    def __init__(self, loaded: Loaded, path: str, where: str) -> None:
        self.loaded, self.numbers = loaded, array("d")
        try:
            self.field = find_field(loaded, path)
        except ScenarioError as error:
            raise ScenarioError(error.what, where=where) from None
        self.places = dict[str, int]()
        self.values = list[Any]()

    def add(self, text: str, where: str) -> None:
        """Another value, as the file has it.

        Raises:
            ScenarioError: for one that the field cannot take.
        """
        if self.field.kind != "choice":
            number = read_value(self.field, text, where)
            check_value(self.loaded, self.field, number, where)
            self.numbers.append(number)
            return
        if text not in self.places:
            value = read_value(self.field, text, where)
            check_value(self.loaded, self.field, value, where)
            known = [written(other) for other in self.values]
            if written(value) not in known:  # a value may be written in several ways
                self.values.append(value)
                known.append(written(value))
            self.places[text] = known.index(written(value))
        self.numbers.append(self.places[text])

    def factor(self) -> Factor:
        """What varies."""
        if self.field.kind == "choice":
            return Factor(self.field, tuple(self.values))
        return Factor(self.field, None, min(self.numbers), max(self.numbers))
