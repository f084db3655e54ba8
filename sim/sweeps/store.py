"""A sweep's folder: a manifest, and a Parquet file for each chunk, there whole or not at all.

The presence of a chunk's file is the record that it is done. Nothing is run here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np

from sim.errors import OutputError, ResultError, ScenarioError, ScenarioNotFoundError, SweepError
from sim.files import read_bounded, read_json, write_whole
from sim.given import a_path
from sim.plain import read_as, text_of
from sim.study.record import MANIFEST, Versions
from sim.sweeps.files import NUMBERED, damaged, decoded, unwritable
from sim.sweeps.locking import alone
from sim.sweeps.manifest import AGENT, DECISIVE, FORMAT, SweepManifest, design_check, made_with, manifest_of, sweep_of
from sim.sweeps.meaning import described
from sim.sweeps.outcomes import FAILED, ZONES, Columns, Outcomes, blank
from sim.sweeps.segments import Segment, added, begun, located, size
from sim.sweeps.sweep import MOST_RUNS, Sweep
from sim.talks.how_talks_end import Ending

LARGEST = 4_000_000
"""Bytes of a manifest that are read at most."""
LEAST = {"round": 0, "seen": 0, "package": -1, "held_months": -1} | dict.fromkeys(ZONES, FAILED)
"""The least that a column of a run can hold."""


@dataclass(frozen=True)
class Folder:
    """The folder of a sweep and what its manifest says."""

    path: Path
    sweep: Sweep
    segments: tuple[Segment, ...]
    versions: Versions
    mixed: tuple[Versions, ...] = ()

    def manifest(self) -> str:
        """The text of its manifest."""
        return text_of(manifest_of(self.sweep, self.segments, self.versions, self.mixed))

    def chunks(self) -> list[tuple[int, int]]:
        """First place and end of every chunk."""
        return [chunk for segment in self.segments for chunk in segment.chunks()]

    def place(self, run: int) -> int:
        """Where a run is kept."""
        case, replication = divmod(run, self.sweep.replications)
        found = (segment.place(case, replication) for segment in self.segments)
        return next(place for place in found if place is not None)

    def file(self, start: int, stop: int) -> Path:
        """The file of a chunk."""
        return self.path / "runs" / f"{start:010d}-{stop:010d}.parquet"

    def done(self) -> list[tuple[int, int]]:
        """The chunks whose files are there."""
        there = {path.name for path in (self.path / "runs").glob("*.parquet")}
        return [chunk for chunk in self.chunks() if self.file(*chunk).name in there]


def create(path: Path, sweep: Sweep, chunk: int) -> Folder:
    """A new folder for a sweep, or the old one when it holds the same sweep.

    Raises:
        OutputError: when it cannot be written, or holds something else.
    """
    try:
        foreign = path.exists() and not _empty(path)
    except OSError as error:
        raise unwritable(path, error) from None
    if holds_sweep(path):  # asked last: whoever fills the folder right now writes it before any run
        return matching(path, sweep)
    if foreign:
        raise OutputError(f"{path} exists and holds no sweep; choose another folder")
    segments = begun(sweep.design.cases, sweep.replications, chunk)
    size(segments)
    try:
        (path / "runs").mkdir(parents=True, exist_ok=True)
        with alone(path):
            if (path / MANIFEST).exists():  # somebody else was first
                return matching(path, sweep)
            if sweep.design.table is not None:
                write_whole(path / "cases.csv", _csv(sweep), path)
            folder = Folder(path, sweep, segments, made_with(sweep))
            write_whole(path / "README.md", described(sweep), path)
            write_whole(path / MANIFEST, folder.manifest(), path)
    except OSError as error:
        raise unwritable(path, error) from None
    return folder


def _empty(path: Path) -> bool:
    """Whether a folder holds nothing, or what whoever makes a sweep there right now, or was killed, made first."""
    made = {"cases.csv", "README.md", "runs"}
    return path.is_dir() and not any(path.glob("runs/*")) and {p.name for p in path.glob("[!.]*")} <= made


def matching(path: Path, sweep: Sweep) -> Folder:
    """The folder of the same sweep.

    Raises:
        OutputError: when it holds another one, or another number of cases or replications.
    """
    folder = same_sweep(path, sweep)
    there = {"cases": folder.sweep.design.cases, "replications": folder.sweep.replications}
    asked = {"cases": sweep.design.cases, "replications": sweep.replications}
    for what, count in asked.items():
        if there[what] != count:
            raise OutputError(
                f"{path} holds {there[what]:,} {what} of this sweep, not {count:,}; "
                f"`ceasefire sweeps extend {path} --{what} N` adds {what}"
            )
    return folder


def same_sweep(path: Path, sweep: Sweep) -> Folder:
    """The folder of the same sweep, with whatever number of cases and replications.

    Raises:
        OutputError: when it holds another one.
    """
    folder = open_folder(path)
    if folder.sweep.hash != sweep.hash:
        raise OutputError(
            f"{path} holds another sweep ({folder.sweep.hash}, not {sweep.hash}): choose another folder, or take the "
            "scenario, fields, design, draws and seed that it was begun with"
        )
    return replace(folder, sweep=replace(folder.sweep, agents=sweep.agents))


def gone_on_with(folder: Folder, mixed: bool) -> Folder:
    """The folder, to which runs may be added: it was begun with this very code, or ``mixed`` says that it may differ.

    Raises:
        OutputError: where the code or a library that decides over numbers has changed since.
    """
    now = made_with(folder.sweep)
    decisive = [name for name in now if name in DECISIVE or name.startswith(AGENT)]
    known = [{name: said.get(name) for name in decisive} for said in (folder.versions, *folder.mixed)]
    if {name: now[name] for name in decisive} in known:
        return folder
    if not mixed:
        changed = [
            f"{name} {folder.versions.get(name)}, now {now[name]}"
            for name in decisive
            if folder.versions.get(name) != now[name]
        ]
        raise OutputError(
            f"{folder.path} was begun with other code ({'; '.join(changed)}), so its runs may differ from those to "
            "come: choose another folder, or go on all the same with --mixed, which its manifest records"
        )
    with alone(folder.path):
        there = open_folder(folder.path)  # others may have gone on with it, extended it or put it together meanwhile
        there = replace(there, sweep=replace(there.sweep, agents=folder.sweep.agents))
        if now not in there.mixed:
            there = replace(there, mixed=(*there.mixed, now))
            write_whole(there.path / MANIFEST, there.manifest(), there.path)
    return there


def larger(folder: Folder, cases: int | None, replications: int | None) -> Sweep:
    """The sweep of a folder with more cases, more replications, or both; None leaves a number as it is.

    Raises:
        ScenarioError: for a design whose cases would move, or too many runs.
        SweepError: when there are as many already.
    """
    sweep, design, many = folder.sweep, folder.sweep.design, replications or folder.sweep.replications
    if cases is not None and (cases != design.cases or many == sweep.replications):
        design = design.extended(cases)
    grown = replace(sweep, design=design, replications=many)
    there = f"{sweep.design.cases:,} cases" if cases is not None else f"{sweep.replications:,} replications"
    fewer = min(design.cases - sweep.design.cases, many - sweep.replications) < 0
    if fewer or (grown.runs == sweep.runs and len(folder.done()) == len(folder.chunks())):  # else it goes on
        raise SweepError(f"{folder.path} has {there} already; ask for more")
    if grown.runs > MOST_RUNS:
        raise ScenarioError(f"{grown.runs:,} runs are more than {MOST_RUNS:,}", where=str(folder.path))
    return grown


def extended(folder: Folder, sweep: Sweep, chunk: int) -> Folder:
    """The folder with the rest of a larger sweep to come.

    Raises:
        SweepError: when somebody else has just added something else.
    """
    segments = added(folder.segments, sweep.design.cases, sweep.replications, chunk)
    longer = replace(folder, sweep=sweep, segments=segments)
    with alone(folder.path):
        there = open_folder(folder.path)
        longer = replace(longer, mixed=there.mixed)
        if there.segments != folder.segments:  # somebody else was first
            if size(there.segments) != (sweep.design.cases, sweep.replications):
                raise SweepError(f"{folder.path} was extended by somebody else just now; say again what is to be added")
            return replace(longer, segments=there.segments)
        write_whole(folder.path / MANIFEST, longer.manifest(), folder.path)
    return longer


def resized(folder: Folder, segments: tuple[Segment, ...]) -> Folder:
    """The folder with its chunks cut otherwise, whose files are there already."""
    folder = replace(folder, segments=segments)
    write_whole(folder.path / MANIFEST, folder.manifest(), folder.path)
    return folder


def opened(given: Folder | str | PathLike[str]) -> Folder:
    """The folder of a sweep, by its path or as it is.

    Raises:
        ArgumentError: for anything else.
        ScenarioNotFoundError: when there is none.
    """
    if isinstance(given, Folder):
        return given
    return open_folder(a_path(given, "a sweep is known by its folder"))


def holds_sweep(path: Path) -> bool:
    """Whether a sweep was begun in a folder; not where the name is longer than a disk takes."""
    try:
        return (path / MANIFEST).is_file()
    except OSError:
        return False


def open_folder(path: Path) -> Folder:
    """The folder of a sweep that was begun.

    Raises:
        ScenarioNotFoundError: when there is none.
        SweepError: when its manifest is damaged, or was made by another version.
    """
    file = path / MANIFEST
    if not holds_sweep(path):
        raise ScenarioNotFoundError(f"{path} holds no sweep (there is no {MANIFEST} in it)")
    try:
        data = read_json(read_bounded(file, LARGEST).decode("utf-8"))
        if not isinstance(data, dict) or (data.get("kind"), data.get("format")) != ("sweep", FORMAT):
            raise SweepError(f"{file} is not the manifest of a sweep of this version")
        said = read_as(SweepManifest, data, str(file))
        sweep = sweep_of(said, path)
        if size(said.segments) != (sweep.design.cases, sweep.replications):
            raise SweepError(f"{file}: the segments do not make up {sweep.runs:,} runs")
    except (SweepError, ResultError) as error:
        raise SweepError(str(error)) from None
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise SweepError(f"{file} is damaged: {error}") from None
    if said.hash != sweep.hash:
        raise SweepError(
            f"{file} was made by version {said.versions.get('ceasefire-zone')} or changed since: its hash is "
            f"{said.hash}, and what it says gives {sweep.hash}"
        )
    if said.design_check != design_check(sweep):
        raise SweepError(f"{file}: the design comes out differently here, so its cases cannot be made again")
    return Folder(path, sweep, said.segments, said.versions, said.mixed)


def _csv(sweep: Sweep) -> str:
    """A table design as CSV text."""
    table = sweep.design.table
    assert table is not None
    lines = [",".join(f.path for f in sweep.factors)]
    for row in table:
        texts = [f.text(x) for f, x in zip(sweep.factors, row, strict=True)]
        lines.append(",".join(f'"{t.replace(chr(34), chr(34) * 2)}"' if "," in t or '"' in t else t for t in texts))
    return "\n".join(lines) + "\n"


def read_chunk(folder: Folder, start: int, stop: int) -> Outcomes:
    """A chunk that is done.

    Raises:
        SweepError: when its file is damaged.
    """
    file = folder.file(start, stop)
    found = decoded(file, start, stop)
    if not _fits(found.columns, blank(folder.sweep, *located(folder.segments, np.arange(start, stop)))):
        raise damaged(file)
    return found


def _fits(columns: Columns, fresh: Columns) -> bool:
    """Whether columns are those of these runs, and hold nothing that no run can come to."""
    if {name: column.dtype for name, column in columns.items()} != {name: made.dtype for name, made in fresh.items()}:
        return False
    if any((columns[name] != fresh[name]).any() for name in NUMBERED):
        return False
    if any((columns[name] < least).any() for name, least in LEAST.items()):
        return False
    zones = all((columns[name] <= 1).all() for name in ZONES)
    agreed = np.isin(columns["ending"], [ending for ending in Ending if ending.agreed])
    return zones and bool(((columns["package"] >= 0) == agreed).all())
