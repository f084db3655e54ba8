"""Files of a sweep: chunks of runs as Parquet, and what killed processes leave behind.

Which files a sweep has is not known here.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import MissingLibraryError, OutputError, SweepError
from sim.files import DRAFT, read_bounded, read_json
from sim.sweeps.outcomes import FAILED, Columns, Failure, Outcomes

if TYPE_CHECKING:
    import pyarrow as pa

FAILURES = b"failures"
"""Where a chunk's file keeps its failures."""
LARGEST = 256_000_000
"""Bytes of a chunk's file that are read at most."""


def arrow() -> Any:
    """The library that reads and writes the files.

    Raises:
        MissingLibraryError: with the command that installs it.
    """
    return needed("pyarrow", "pyarrow.parquet")[0]


def needed(*names: str) -> list[Any]:
    """Libraries of the extra ``sweep``.

    Raises:
        MissingLibraryError: with the command that installs them.
    """
    from importlib import import_module

    try:
        return [import_module(name) for name in names]
    except ImportError as error:
        raise MissingLibraryError(
            f'sweeps need {error.name or names[0]}; install it with: python -m pip install "ceasefire-zone[sweep]"'
        ) from None


def clear_drafts(path: Path) -> None:
    """Take away what killed processes left unfinished."""
    for place in (path, path / "runs"):
        for draft in place.glob(f"{DRAFT}*"):
            if draft.is_dir():
                shutil.rmtree(draft, ignore_errors=True)
            else:
                draft.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> OutputError:
    """An error of the disk in one line; one that says so already stays."""
    if isinstance(error, OutputError):
        return error
    return OutputError(f"cannot write to {path}: {(error.strerror or str(error)).lower()}")


def encoded(outcomes: Outcomes) -> bytes:
    """A chunk as the bytes of a Parquet file, its failures among the metadata."""
    pa, pq = needed("pyarrow", "pyarrow.parquet")
    table = as_table(outcomes.start, outcomes.columns)
    failures = json.dumps([asdict(failure) for failure in outcomes.failures], ensure_ascii=False)
    table = table.replace_schema_metadata({FAILURES: failures.encode()})
    sink = pa.BufferOutputStream()
    values = [name for name in table.column_names if name.startswith("value.")]
    plain = [name for name in table.column_names if name not in values and name != "run"]
    pq.write_table(
        table,
        sink,
        compression="zstd",
        use_dictionary=plain,
        column_encoding=dict.fromkeys(values, "BYTE_STREAM_SPLIT") | {"run": "DELTA_BINARY_PACKED"},
        write_statistics=False,
    )
    return bytes(sink.getvalue())


def as_table(start: int, columns: Columns) -> pa.Table:
    """The columns as an Arrow table: what is not known, or was not agreed, is null."""
    pa = arrow()
    runs = len(columns["ending"])
    arrays: dict[str, Any] = {"run": pa.array(np.arange(start, start + runs, dtype=np.int64))}
    for name, column in columns.items():
        if column.dtype.kind == "f":
            mask = np.isnan(column)
        else:
            mask = column == (-1 if name in ("package", "held_months", "left") else FAILED)
            if name in ("ending", "round", "seen"):
                mask = np.zeros(runs, dtype=bool)
        arrays[name] = pa.array(column, mask=mask)
    return pa.table(arrays)


def decoded(file: Path, start: int, stop: int) -> Outcomes:
    """A chunk from its file.

    Raises:
        SweepError: when the file is damaged.
    """
    pa, pq = needed("pyarrow", "pyarrow.parquet")
    try:
        held = pq.ParquetFile(pa.BufferReader(read_bounded(file, LARGEST)))
        runs = held.metadata.num_rows
        if runs != stop - start:
            raise ValueError(f"{runs:,} runs instead of {stop - start:,}")
        table = held.read()
        failures = [Failure(**entry) for entry in read_json(table.schema.metadata[FAILURES].decode())]
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise SweepError(f"{file} is damaged ({_short(error)}); delete it and resume") from None
    columns: Columns = {}
    for name in table.column_names:
        if name != "run":
            column = table.column(name).combine_chunks()
            blank = np.nan if name.startswith("value.") else -1
            columns[name] = column.fill_null(pa.scalar(blank, column.type)).to_numpy(zero_copy_only=False)
    return Outcomes(start, columns, failures)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120]
