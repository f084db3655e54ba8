"""A zone's packages as a file: options by name, what each is worth to each signatory, and how far it lies from the
frontier and the Nash point. For spreadsheets and for tools of automated negotiation.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import OutputError, needed
from sim.files import write_whole
from sim.given import a_path
from sim.markup import counted
from sim.overwriting import only_table
from sim.stakes.case import Case
from sim.stakes.space import IntArray
from sim.study.truces import DIGITS
from sim.zone.distances import distances
from sim.zone.points import frontier
from sim.zone.region import Members, Zone, members

MOST_ROWS = 200_000
"""Packages that a file holds at most: the first of the space."""
WORTH = "value:"
"""How the heading of a party's column begins."""


@dataclass(frozen=True)
class Written:
    """A file of so many packages, of all there are."""

    path: Path
    rows: int
    packages: int

    def __str__(self) -> str:
        """What it holds, in words."""
        many = counted(self.rows, "package")
        return (
            f"{self.path}: {many}"
            if self.rows == self.packages
            else f"{self.path}: the first {many} of {self.packages:,}"
        )


def writable(to: Path | None, frontier_to: Path | None) -> None:
    """Learn whether files of packages can be written, before the work whose results they are to hold.

    Raises:
        OutputError: for a name that does not say how, a place that cannot be written, or holds something else; and
            where the second file would take the place of the first.
        MissingLibraryError: for Parquet without pyarrow.
    """
    if to is not None and frontier_to is not None and to.resolve() == frontier_to.resolve():
        raise OutputError(f"{frontier_to} is where --members writes; name another file for --frontier")
    for path in (to, frontier_to):
        if path is not None:
            only_table(path, _ours, "table of packages")


def _ours(columns: Sequence[str]) -> bool:
    """Whether these are the columns of a zone's packages."""
    return {"on_frontier", "to_frontier"} <= set(columns) and any(name.startswith(WORTH) for name in columns)


def write_members(
    zone: Zone, to: str | PathLike[str] | None = None, frontier_to: str | PathLike[str] | None = None
) -> list[Written]:
    """Write the packages of the declared ceasefire zone, of its frontier, or both; each file whole or not at all.

    Raises:
        OutputError: when a file cannot be written, or holds anything but a table of packages; see `writable`.
        MissingLibraryError: for Parquet without pyarrow.
        ArgumentError: for what is no path.
    """
    to, frontier_to = (
        None if path is None else a_path(path, "a table of packages is known by its file") for path in (to, frontier_to)
    )
    writable(to, frontier_to)
    inside, found = members(zone), []
    if to is not None:
        found.append(_written(to, zone.case, inside, np.arange(len(inside.packages))))
    if frontier_to is not None:
        found.append(_written(frontier_to, zone.case, inside, frontier(inside.values)))
    return found


def member_columns(case: Case, inside: Members, rows: IntArray) -> dict[str, Any]:
    """A column of names or numbers ``(N,)`` for each issue, signatory and distance, of these packages of a zone.

    Columns: the issues by id; ``value:<party>`` in points a month; ``on_frontier``; ``to_frontier`` and ``to_nash``,
    distances with each party's values scaled from 0 at its reservation value to 1 at its best in the zone; and
    ``steps_to_nash``. The last two are left out where no package leaves everyone better off.
    """
    found: dict[str, Any] = {
        issue.id: np.array(issue.options)[inside.packages[rows, axis]] for axis, issue in enumerate(case.space.issues)
    }
    for place, party in enumerate(case.signatories):
        found[f"{WORTH}{case.parties[party].id}"] = np.round(inside.values[rows, place], DIGITS)
    if not len(rows):
        return found | {"on_frontier": np.zeros(0, dtype=bool), "to_frontier": np.zeros(0)}
    apart = distances(case, inside, rows)
    found |= {"on_frontier": apart.best, "to_frontier": np.round(apart.to_frontier, DIGITS)}
    if apart.to_nash is not None:
        found |= {"to_nash": np.round(apart.to_nash, DIGITS), "steps_to_nash": apart.steps_to_nash}
    return found


def _written(path: Path, case: Case, inside: Members, rows: IntArray) -> Written:
    """Write these packages of a zone, as many as a file holds; no others are named or measured."""
    kept = {name: column.tolist() for name, column in member_columns(case, inside, rows[:MOST_ROWS]).items()}
    if path.suffix == ".csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(kept)
        writer.writerows(zip(*kept.values(), strict=True))
        write_whole(path, text.getvalue())
    else:
        pa, pq = _parquet()
        made = io.BytesIO()
        pq.write_table(pa.table(kept), made)
        write_whole(path, made.getvalue())
    return Written(path, min(len(rows), MOST_ROWS), len(rows))


def _parquet() -> list[Any]:
    return needed("pyarrow", "pyarrow.parquet", by="Parquet needs")
