"""Files of a sweep: chunks of runs as Parquet, and what killed processes leave behind.

Which files a sweep has is not known here.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import OutputError, SweepError, needed
from sim.files import DRAFT, abandoned, read_bounded, read_json, unread
from sim.markup import counted
from sim.plain import read_as
from sim.sweeps.meaning import meaning
from sim.sweeps.outcomes import FAILED, Columns, Failure, Outcomes
from sim.talks.how_talks_end import Ending

if TYPE_CHECKING:
    import pyarrow as pa

FAILURES = b"failures"
"""Where a chunk's file keeps its failures."""
NUMBERED = ("case", "replication")
"""Columns that say which run a row is."""
LARGEST = 256_000_000
"""Bytes of a chunk's file that are read at most."""


def arrow() -> Any:
    """The library that reads and writes the files.

    Raises:
        MissingLibraryError: with the command that installs it.
    """
    return needed("pyarrow", "pyarrow.parquet")[0]


def clear_drafts(path: Path) -> None:
    """Take away what killed processes left unfinished; others may be writing their own files right now."""
    for place in (path, path / "runs"):
        for draft in filter(abandoned, place.glob(f"{DRAFT}*")):
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
    table = as_table(outcomes.columns)
    failures = json.dumps([asdict(failure) for failure in outcomes.failures], ensure_ascii=False)
    table = table.replace_schema_metadata({FAILURES: failures.encode()})
    sink = pa.BufferOutputStream()
    values = [name for name in table.column_names if name.startswith("value.")]
    plain = [name for name in table.column_names if name not in (*values, *NUMBERED)]
    pq.write_table(
        table,
        sink,
        compression="zstd",
        use_dictionary=plain,
        column_encoding=dict.fromkeys(values, "BYTE_STREAM_SPLIT") | dict.fromkeys(NUMBERED, "DELTA_BINARY_PACKED"),
        write_statistics=False,
        write_page_checksum=True,
    )
    return bytes(sink.getvalue())


def as_table(columns: Columns) -> pa.Table:
    """The columns as an Arrow table: what is not known, or was not agreed, is null."""
    pa = arrow()
    words = _words(list(columns))
    arrays: dict[str, Any] = {}
    for name, column in columns.items():
        if name in words:
            arrays[name] = _named(column, words[name])
        elif column.dtype.kind == "f":
            arrays[name] = pa.array(column, mask=np.isnan(column))
        else:
            arrays[name] = pa.array(column, mask=(column < 0) & (name not in ("round", "seen")))
    arrays["verdict"] = _named(_verdicts(columns), VERDICTS)
    return pa.table(list(arrays.values()), schema=pa.schema([_field(name, arrays[name].type) for name in arrays]))


VERDICTS = ("reached", "missed", "hidden", "structural", "censored")
"""How what the talks found relates to what was there to be found, as `sim.study.run.verdict` says it of one run."""


def _verdicts(columns: Columns) -> Any:
    """The place of each run's verdict in `VERDICTS` ``(R,)``, -1 where it failed."""
    ending, cut = columns["ending"], columns["ending"] == Ending.MILITARY_END
    open_, true = columns["zone"] == 1, columns["true_zone"] == 1
    unfound = np.select([open_ & cut, open_, true], [4, 1, 2], 3)
    agreed = np.isin(ending, [code for code in Ending if code.agreed])
    return np.where(ending == FAILED, -1, np.where(agreed, 0, unfound)).astype(np.int8)


def _words(columns: list[str]) -> dict[str, tuple[str, ...]]:
    """What the codes of columns of names stand for, from 0 on; parties come in the order of their values."""
    parties = tuple(name.removeprefix("value.") for name in columns if name.startswith("value."))
    return {"ending": tuple(ending.word for ending in Ending), "left": parties}


def _named(codes: Any, words: tuple[str, ...]) -> Any:
    """Codes as names, -1 as null."""
    pa = arrow()
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8), mask=codes < 0), pa.array(words))


def _field(name: str, kind: Any) -> Any:
    """A column with its unit and meaning."""
    unit, said = meaning(name)
    return arrow().field(name, kind, metadata={"unit": unit, "meaning": said})


def decoded(file: Path, start: int, stop: int) -> Outcomes:
    """A chunk from its file.

    Raises:
        SweepError: when the file is damaged.
    """
    pa, pq = needed("pyarrow", "pyarrow.parquet")
    try:
        raw = read_bounded(file, LARGEST)
    except OSError as error:
        raise SweepError(unread(file, error)) from None
    try:
        held = pq.ParquetFile(pa.BufferReader(raw), page_checksum_verification=True)
        runs = held.metadata.num_rows
        if runs != stop - start:
            raise damaged(file, f"{counted(runs, 'run')} instead of {stop - start:,}")
        table = held.read(use_threads=False)  # Arrow's threads may abort a process that ends (its issue 34314)
        found = Outcomes(start, _columns(table), _failures(table.schema))
        sound = all(start <= failure.start < failure.stop <= stop for failure in found.failures)
    except SweepError:
        raise
    except Exception:  # whatever the library makes of bytes that are no longer what was written
        raise damaged(file) from None
    if not sound:
        raise damaged(file)
    return found


def _columns(table: pa.Table) -> Columns:
    """The columns of a table, codes for names.

    Raises:
        ValueError: where they contradict the verdicts beside them.
    """
    pa = arrow()
    columns: Columns = {}
    words = _words(table.column_names) | {"verdict": VERDICTS}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if name in words:
            codes = [words[name].index(word) for word in column.dictionary.to_pylist()]
            places = column.indices.fill_null(len(codes)).to_numpy(zero_copy_only=False)
            columns[name] = np.array([*codes, -1], dtype=np.int8)[places]
        else:
            blank = np.nan if name.startswith("value.") else -1
            columns[name] = column.fill_null(pa.scalar(blank, column.type)).to_numpy(zero_copy_only=False)
    if not np.array_equal(columns.pop("verdict"), _verdicts(columns)):
        raise ValueError("other verdicts than the columns lead to")
    return columns


def failures_in(file: Path) -> list[Failure]:
    """The failures in a chunk's file, of which nothing else is read.

    Raises:
        SweepError: when the file is damaged.
    """
    (pq,) = needed("pyarrow.parquet")
    try:
        return _failures(pq.read_schema(file))
    except Exception as error:  # as above
        if isinstance(error, OSError) and error.errno:  # of the system; the library's own have no number
            raise SweepError(unread(file, OSError(error.errno, os.strerror(error.errno)))) from None
        raise damaged(file) from None


def _failures(schema: pa.Schema) -> list[Failure]:
    return read_as(list[Failure], read_json(schema.metadata[FAILURES].decode()), "failures")


def damaged(file: Path, why: str = "") -> SweepError:
    """The error of a chunk's file that does not hold what was written; never in the words of a library."""
    return SweepError(f"{file} is damaged{f' ({why})' if why else ''}; delete it and resume")
