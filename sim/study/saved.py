"""A run as plain data, from a run just made or from its folder, so that a report of either is the same.

It reads what `sim.study.record` writes and computes nothing.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypeVar

from annotated_types import Interval as Range

from sim.errors import ResultError, ScenarioError
from sim.files import read_bounded, read_json, unread
from sim.plain import read_as
from sim.scenario.library import folder_named
from sim.scenario.loader import Loaded, restored
from sim.study.many import Batch, BatchMeasures
from sim.study.measures import ZoneMeasures
from sim.study.record import FORMAT, MANIFEST, Manifest, manifest, rounds_text
from sim.study.run import Run, RunMeasures
from sim.study.stable import StableMeasures
from sim.talks.transcript import Line, line_of

Made = TypeVar("Made")
LARGEST = 32_000_000
"""Bytes of a result's file that are read at most."""


Points = Annotated[float, Range(ge=-1e6, le=1e6)]
"""What a scenario's bounds leave a month to be worth, and some room."""


@dataclass(frozen=True)
class Row:
    """How the package on the table in a round stood to one party, in points a month; None where there was none."""

    round: Annotated[int, Range(ge=1, le=10_000)]
    party: str
    utility: Points | None
    value: Points | None
    target: Points | None
    reservation: Points
    accepts: bool


@dataclass(frozen=True)
class SavedRun:
    """What a report of a run needs: what the files of its folder hold, and the scenario they came from."""

    loaded: Loaded
    manifest: Manifest
    zone: ZoneMeasures
    talks: RunMeasures
    transcript: list[Line]
    rounds: list[Row]
    stable: StableMeasures | None = None


@dataclass(frozen=True)
class SavedBatch:
    """What a report of many runs needs; ``talks`` are their shares."""

    loaded: Loaded
    manifest: Manifest
    zone: ZoneMeasures
    talks: BatchMeasures
    stable: StableMeasures | None = None


def saved_batch(batch: Batch) -> SavedBatch:
    """Many runs just made."""
    return SavedBatch(
        loaded=batch.loaded,
        manifest=manifest(batch.loaded, "run", batch.seed, batch.runs, batch.drawn),
        zone=batch.zone_measures,
        talks=batch.measured,
        stable=batch.stable,
    )


def saved(run: Run) -> SavedRun:
    """A run just made."""
    return SavedRun(
        loaded=run.loaded,
        manifest=manifest(run.loaded, "run", run.seed),
        zone=run.zone_measures,
        talks=run.measured,
        transcript=run.transcript,
        rounds=_rows(rounds_text(run.played), "rounds"),
        stable=run.stable,
    )


def is_result(name: str) -> bool:
    """Whether a name is that of a folder in which some command left a result, and of no scenario."""
    place = folder_named(name)
    return place is not None and (place / MANIFEST).exists()


def kind_of(folder: Path) -> str:
    """What a folder holds: ``run``, ``runs`` where there are many, ``sweep``, or another command's result."""
    said = _mapping(folder / MANIFEST)
    if (folder / "runs.json").is_file():
        return "runs"
    if (folder / "talks.json").is_file():
        return "run --talks-only"
    command = said.get("command")
    return str(command[1]) if isinstance(command, list) and len(command) > 1 else str(said.get("kind", ""))


def read_run(folder: Path) -> SavedRun:
    """A run that was written to a folder.

    Raises:
        ResultError: when a file is missing, damaged, or of another format.
    """
    said = read_manifest(folder)
    told, table = folder / "transcript.jsonl", folder / "rounds.csv"
    lines = _text(told).splitlines()
    return SavedRun(
        loaded=loaded_of(said, folder),
        manifest=said,
        zone=_read(ZoneMeasures, folder / "zone.json"),
        talks=_read(RunMeasures, folder / "run.json"),
        transcript=[line_of(_parsed(line, told, n), f"{told}:{n}") for n, line in enumerate(lines, 1)],
        rounds=_rows(_text(table), str(table)),
        stable=_read(StableMeasures, stable) if (stable := folder / "stable.json").exists() else None,
    )


def read_batch(folder: Path) -> SavedBatch:
    """Many runs that were written to a folder.

    Raises:
        ResultError: when a file is missing, damaged, or of another format.
    """
    said = read_manifest(folder)
    return SavedBatch(
        loaded=loaded_of(said, folder),
        manifest=said,
        zone=_read(ZoneMeasures, folder / "zone.json"),
        talks=_read(BatchMeasures, folder / "runs.json"),
        stable=_read(StableMeasures, stable) if (stable := folder / "stable.json").exists() else None,
    )


def read_manifest(folder: Path) -> Manifest:
    """How a folder's result was made.

    Raises:
        ResultError: when there is none, or one of another format.
    """
    said = _mapping(folder / MANIFEST)
    if said.get("format") != FORMAT:
        raise ResultError(f"{folder / MANIFEST}: is of format {said.get('format')!r}, not {FORMAT}; make it again")
    return read_as(Manifest, said, str(folder / MANIFEST))


def loaded_of(said: Manifest, folder: Path) -> Loaded:
    """The scenario that a result was made from, as its manifest holds it.

    Raises:
        ResultError: when this version cannot read it.
    """
    try:
        options = list(pairwise(said.command))
        return restored(
            next((word for word in said.command[2:] if not word.startswith("-")), said.scenario),
            said.scenario,
            said.scenario_resolved,
            [value for flag, value in options if flag == "--set"],
            [value for flag, value in options if flag == "--without"],
        )
    except ScenarioError as error:
        what = str(error).splitlines()[0]
        raise ResultError(f"{folder / MANIFEST}: holds no scenario that this version reads ({what})") from None


def _text(path: Path) -> str:
    try:
        return read_bounded(path, LARGEST).decode("utf-8")
    except FileNotFoundError:
        raise ResultError(f"{path}: is missing; a report needs the whole folder that a run wrote") from None
    except UnicodeDecodeError:
        raise ResultError(f"{path}: is damaged: no UTF-8 text") from None
    except OSError as error:
        raise ResultError(unread(path, error)) from None


def _read(kind: type[Made], path: Path) -> Made:
    return read_as(kind, _mapping(path), str(path))


def _mapping(path: Path) -> dict[str, Any]:
    return _parsed(_text(path), path, 1)


def _parsed(text: str, path: Path, line: int) -> dict[str, Any]:
    try:
        data = read_json(text)
    except ValueError:
        raise ResultError(f"{path}:{line}: is damaged: no JSON") from None
    if not isinstance(data, dict):
        raise ResultError(f"{path}:{line}: is damaged: no mapping")
    return data


def _rows(text: str, where: str) -> list[Row]:
    """The rows of a per-round table; a field that is empty holds no number."""
    table = csv.DictReader(io.StringIO(text))
    try:
        missing = [field.name for field in fields(Row) if field.name not in (table.fieldnames or ())]
        if missing:
            raise ResultError(f"{where}:1: is damaged: no column {missing[0]}")
        rows = list(enumerate(table, 2))
    except csv.Error as error:
        raise ResultError(f"{where}: is damaged: {error}") from None
    return [read_as(Row, {name: said or None for name, said in row.items()}, f"{where}:{n}") for n, row in rows]
