"""A user's own list of cases: a CSV file with a path for each heading and a case for each row.

It reads and checks the file; nothing is run here.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from sim.errors import ScenarioError, ScenarioNotFoundError
from sim.scenario.fields import check_value, find_field
from sim.scenario.loader import Loaded
from sim.scenario.yamltext import parse_scalar
from sim.stakes.space import FloatArray
from sim.sweeps.factors import Factor

MOST_ROWS = 1_000_000


def read_table(loaded: Loaded, path: Path) -> tuple[tuple[Factor, ...], FloatArray]:
    """The factors and the cases ``(N, F)`` of a CSV file.

    Raises:
        ScenarioError: with the line and the heading of what cannot be meant.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = [row for row in csv.reader(file) if row]
    except OSError as error:
        raise ScenarioNotFoundError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(f"is no CSV file in UTF-8: {error}", where=str(path)) from None
    except ValueError:
        raise ScenarioError("is empty; it wants a heading of paths and a row for each case", where=str(path)) from None
    if not 1 <= len(rows) <= MOST_ROWS:
        raise ScenarioError(f"has {len(rows):,} cases; 1 to {MOST_ROWS:,} are allowed", where=str(path))
    for line, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            raise ScenarioError(f"{len(row)} values under {len(heading)} headings", where=f"{path} line {line}")
    columns = [_column(loaded, heading[n].strip(), [row[n] for row in rows], str(path)) for n in range(len(heading))]
    return tuple(factor for factor, _ in columns), np.stack([column for _, column in columns], axis=1)


def _column(loaded: Loaded, heading: str, texts: list[str], where: str) -> tuple[Factor, FloatArray]:
    field = find_field(loaded, heading)
    values = []
    known: dict[str, object] = {}
    for line, text in enumerate(texts, start=2):
        if text not in known:
            known[text] = parse_scalar(text, f"{where} line {line}")
            check_value(loaded, field, known[text], f"{where} line {line}")
        values.append(known[text])
    if field.kind == "choice":
        distinct = list(known.values())
        return Factor(field, tuple(distinct)), np.array([distinct.index(value) for value in values], dtype=float)
    numbers = np.array(values, dtype=float)
    return Factor(field, None, float(numbers.min()), float(numbers.max())), numbers
