"""A sweep's table for other programs: a row a run or a row a case, with the design beside the outcomes.

It writes whole files, piece by piece, so that a large sweep needs little memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sim.errors import OutputError, needed
from sim.files import clear_drafts, draft_name
from sim.overwriting import only_table
from sim.sweeps.files import arrow, as_table, unwritable
from sim.sweeps.outcomes import ZONES, Columns
from sim.sweeps.results import gather
from sim.sweeps.store import Folder, read_chunk
from sim.sweeps.sweep import Sweep

By = Literal["run", "case"]
AT_ONCE = 1 << 17
"""Runs that are put in order at a time."""


def export(folder: Folder, target: Path, by: By = "run") -> int:
    """Write the table as CSV or Parquet, by the ending of the file's name; returns its number of rows.

    Raises:
        OutputError: for another ending, or when the file cannot be written, or holds something else.
    """
    only_table(target, _ours, "table of a sweep")
    draft = target.with_name(f"{draft_name(target)}exported")
    rows, writer = 0, None
    try:
        clear_drafts(target)
        for piece in pieces(folder, by):
            writer = writer or _writer(draft, piece.schema, target.suffix)
            writer.write_table(piece)
            rows += len(piece)
        if writer is None:
            raise OutputError(f"{folder.path} holds no finished runs yet")
        writer.close()
        draft.replace(target)
    except OSError as error:
        raise unwritable(target, error) from None
    finally:
        draft.unlink(missing_ok=True)
    return rows


def _ours(columns: Sequence[str]) -> bool:
    """Whether these are the columns of such a table, by run or by case."""
    return columns[:3] == ["run", "case", "replication"] or {"case", "runs", "failed", "agreed"} <= set(columns)


def pieces(folder: Folder, by: By) -> Iterator[Any]:
    """The table piece by piece, as pyarrow has tables."""
    return _by_run(folder) if by == "run" else _by_case(folder)


def _writer(draft: Path, schema: Any, suffix: str) -> Any:
    csv, pq = needed("pyarrow.csv", "pyarrow.parquet")
    if suffix == ".csv":
        return csv.CSVWriter(str(draft), schema)
    return pq.ParquetWriter(str(draft), schema, compression="zstd")


def _by_run(folder: Folder) -> Iterator[Any]:
    """Tables of runs: run, case, replication, the design, the outcomes by name."""
    pa = arrow()
    sweep, many = folder.sweep, folder.sweep.replications
    for found in _in_order(folder):
        table, case, replication = as_table(found), found["case"], found["replication"].astype(np.int64)
        first = int(case[0])
        design = sweep.design.rows(first, int(case[-1]) + 1)
        beside = {"run": pa.array(case * many + replication), "case": pa.array(case)}
        beside |= {"replication": pa.array(replication)}
        beside |= {path: column.take(pa.array(case - first)) for path, column in _said(sweep, design).items()}
        columns = {**beside, "ending": table.column("ending")}
        columns |= {name: table.column(name) for name in table.column_names if name not in columns}
        columns |= {name: columns[name].cast(pa.string()) for name in ("ending", "left", "verdict")}
        columns["ending"] = columns["ending"].fill_null("failed")
        yield pa.table(columns)


def _in_order(folder: Folder) -> Iterator[Columns]:
    """The columns of finished runs, in the order of their numbers, some cases at a time."""
    step = max(AT_ONCE // folder.sweep.replications, 1)
    done = set(folder.done())
    read = lru_cache(maxsize=2 * len(folder.segments))(lambda *chunk: read_chunk(folder, *chunk).columns)
    for first in range(0, folder.sweep.design.cases, step):
        parts = []
        for segment in folder.segments:
            low = segment.first + (first - segment.case) * segment.each
            high = low + step * segment.each
            for start, stop in (chunk for chunk in segment.chunks(low, high) if chunk in done):
                place = slice(max(low - start, 0), high - start)
                parts.append({name: column[place] for name, column in read(start, stop).items()})
        if parts:
            joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
            order = np.lexsort((joined["replication"], joined["case"]))
            yield {name: column[order] for name, column in joined.items()}


def _by_case(folder: Folder) -> Iterator[Any]:
    """One table of cases: the design, whether zones exist, how many runs ended how."""
    pa = arrow()
    cases = gather(folder)
    done = np.flatnonzero((cases.runs + cases.failed) > 0)
    columns: dict[str, Any] = {"case": pa.array(done)}
    columns |= _said(folder.sweep, {path: column[done] for path, column in cases.columns.items()})
    for name in ZONES:
        answers = cases.zones[name][done]
        columns[name] = pa.array(answers.astype(np.int8), mask=answers < 0)
    columns |= {"runs": pa.array(cases.runs[done]), "failed": pa.array(cases.failed[done])}
    columns["agreed"] = pa.array(cases.agreed[done])
    columns |= {f"ending.{name}": pa.array(column[done]) for name, column in cases.endings.items()}
    yield pa.table(columns)


def _said(sweep: Sweep, design: dict[str, Any]) -> dict[str, Any]:
    """Columns of the design: numbers as numbers, names as words."""
    pa = arrow()
    found = {}
    for factor in sweep.factors:
        column = design[factor.path]
        if factor.named:
            words = [v if isinstance(v, str) else factor.text(n) for n, v in enumerate(factor.values or ())]
            found[factor.path] = pa.array([words[int(x)] for x in column])
        else:
            found[factor.path] = pa.array(column.astype(np.int64) if factor.field.kind == "whole" else column)
    return found
