"""A sweep on disk: a manifest that does not change, and a Parquet file for each chunk, there whole or not at all.

The presence of a chunk's file is the record that it is done. Nothing is run here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import Annotated, Any

from annotated_types import Interval as Range

import sim
from sim.errors import OutputError, ResultError, ScenarioNotFoundError, SweepError
from sim.files import read_bounded, read_json, write_whole
from sim.plain import OPTIONAL, read_as
from sim.scenario.loader import restored
from sim.study.record import MANIFEST, text_of, versions
from sim.sweeps.cases_csv import LARGEST_OWN, read_table
from sim.sweeps.design import MOST_CASES, Design, DesignKind
from sim.sweeps.factors import factor
from sim.sweeps.files import decoded, unwritable
from sim.sweeps.levers import crossed
from sim.sweeps.locking import alone
from sim.sweeps.meaning import described
from sim.sweeps.outcomes import Outcomes
from sim.sweeps.sweep import MOST_RUNS, Sweep

FORMAT = 1
"""Version of the folder's layout."""
LARGEST = 4_000_000
"""Bytes of a manifest that are read at most."""
LIBRARIES = ("numpy", "scipy", "pyarrow")
"""Libraries whose versions are recorded."""
DECISIVE = ("ceasefire-zone", "source", "numpy", "scipy")
"""What decides over the numbers of a run."""
MOST_CHUNKS = 1_000_000
"""Files that a sweep may have."""


@dataclass(frozen=True)
class Segment:
    """Runs from ``first`` up to ``stop``, in chunks of ``chunk`` runs."""

    first: int
    stop: int
    chunk: int

    def chunks(self) -> Iterator[tuple[int, int]]:
        """First run and end of each chunk."""
        for start in range(self.first, self.stop, self.chunk):
            yield start, min(start + self.chunk, self.stop)


@dataclass(frozen=True)
class SweepManifest:
    """What is needed to make every run again; ``name`` is what the scenario was loaded as, ``scenario`` its slug.

    ``versions`` name the code that it was begun with, ``mixed`` all other that went on with it.
    """

    format: int
    kind: str
    banner: str
    title: str | None
    scenario: str
    name: str
    changes: list[str]
    without: list[str]
    vary: dict[str, dict[str, Any]]
    design: DesignKind
    replications: Annotated[int, Range(ge=1, le=MOST_RUNS)]
    common_random_numbers: bool
    seed: Annotated[int, Range(ge=0, lt=2**63)]
    cases: Annotated[int, Range(ge=1, le=MOST_CASES)]
    segments: tuple[Segment, ...]
    hash: str
    design_check: str
    versions: dict[str, str]
    scenario_resolved: dict[str, Any]
    levers: list[str] = field(default_factory=list, kw_only=True)
    mixed: tuple[dict[str, str], ...] = field(default=(), metadata=OPTIONAL)


@dataclass(frozen=True)
class Folder:
    """The folder of a sweep and what its manifest says."""

    path: Path
    sweep: Sweep
    segments: tuple[Segment, ...]
    versions: dict[str, str] = field(default_factory=lambda: versions(*LIBRARIES))
    mixed: tuple[dict[str, str], ...] = ()

    def chunks(self) -> list[tuple[int, int]]:
        """First run and end of every chunk."""
        return [chunk for segment in self.segments for chunk in segment.chunks()]

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
    if (path / MANIFEST).exists():
        return matching(path, sweep)
    if path.exists() and not _empty(path):
        raise OutputError(f"{path} exists and holds no sweep; choose another folder")
    segments = (Segment(0, sweep.runs, chunk),)
    _check_segments(segments, sweep.runs)
    try:
        (path / "runs").mkdir(parents=True, exist_ok=True)
        with alone(path):
            if (path / MANIFEST).exists():  # somebody else was first
                return matching(path, sweep)
            if sweep.design.table is not None:
                write_whole(path / "cases.csv", _csv(sweep), path)
            folder = Folder(path, sweep, segments)
            write_whole(path / "README.md", described(sweep), path)
            write_whole(path / MANIFEST, text_of(_manifest(folder)), path)
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
        OutputError: when it holds another one, or another number of cases.
    """
    folder = same_sweep(path, sweep)
    if folder.sweep.runs != sweep.runs:
        raise OutputError(
            f"{path} holds {folder.sweep.design.cases:,} cases of this sweep, not {sweep.design.cases:,}; "
            f"`ceasefire sweeps extend {path} --cases N` adds cases"
        )
    return folder


def same_sweep(path: Path, sweep: Sweep) -> Folder:
    """The folder of the same sweep, with whatever number of cases.

    Raises:
        OutputError: when it holds another one.
    """
    folder = open_folder(path)
    if folder.sweep.hash != sweep.hash:
        raise OutputError(
            f"{path} holds another sweep ({folder.sweep.hash}, not {sweep.hash}): choose another folder, or take the "
            "scenario, fields, design, replications and seed that it was begun with"
        )
    return folder


def gone_on_with(folder: Folder, mixed: bool) -> Folder:
    """The folder, to which runs may be added: it was begun with this very code, or ``mixed`` says that it may differ.

    Raises:
        OutputError: where the code or a library that decides over numbers has changed since.
    """
    now = versions(*LIBRARIES)
    known = [{name: said.get(name) for name in DECISIVE} for said in (folder.versions, *folder.mixed)]
    if {name: now[name] for name in DECISIVE} in known:
        return folder
    if not mixed:
        changed = [
            f"{name} {folder.versions.get(name)}, now {now[name]}"
            for name in DECISIVE
            if folder.versions.get(name) != now[name]
        ]
        raise OutputError(
            f"{folder.path} was begun with other code ({'; '.join(changed)}), so its runs may differ from those to "
            "come: choose another folder, or go on all the same with --mixed, which its manifest records"
        )
    with alone(folder.path):
        folder = open_folder(folder.path)  # others may have gone on with it, too
        folder = replace(folder, mixed=(*folder.mixed, now))
        write_whole(folder.path / MANIFEST, text_of(_manifest(folder)), folder.path)
    return folder


def extended(folder: Folder, cases: int, chunk: int) -> Folder:
    """The folder with more cases to come.

    Raises:
        ScenarioError: for a design whose cases would move.
        SweepError: when there are as many already.
    """
    design = folder.sweep.design.extended(cases)
    if design.cases <= folder.sweep.design.cases:
        raise SweepError(f"{folder.path} has {folder.sweep.design.cases:,} cases already; ask for more")
    sweep = replace(folder.sweep, design=design)
    segments = (*folder.segments, Segment(folder.segments[-1].stop, sweep.runs, chunk))
    longer = replace(folder, sweep=sweep, segments=segments)
    with alone(folder.path):
        there = open_folder(folder.path)
        if there.segments != folder.segments:  # somebody else was first
            if there.sweep.runs == sweep.runs:
                return there
            raise SweepError(f"{folder.path} was extended by somebody else just now; say again what is to be added")
        write_whole(folder.path / MANIFEST, text_of(_manifest(longer)), folder.path)
    return longer


def open_folder(path: Path) -> Folder:
    """The folder of a sweep that was begun.

    Raises:
        ScenarioNotFoundError: when there is none.
        SweepError: when its manifest is damaged, or was made by another version.
    """
    file = path / MANIFEST
    if not file.is_file():
        raise ScenarioNotFoundError(f"{path} holds no sweep (there is no {MANIFEST} in it)")
    try:
        data = read_json(read_bounded(file, LARGEST).decode("utf-8"))
        if not isinstance(data, dict) or (data.get("kind"), data.get("format")) != ("sweep", FORMAT):
            raise SweepError(f"{file} is not the manifest of a sweep of this version")
        said = read_as(SweepManifest, data, str(file))
        sweep = _sweep_of(said, path)
        _check_segments(said.segments, sweep.runs)
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


def _sweep_of(said: SweepManifest, path: Path) -> Sweep:
    """The sweep that a manifest describes, a table's cases from the file beside it."""
    loaded = restored(said.name, said.scenario, said.scenario_resolved)
    if said.design == "table":
        factors, rows = read_table(loaded, path / "cases.csv", LARGEST_OWN)
    else:
        factors, rows = tuple(factor(loaded, field, given, MANIFEST) for field, given in said.vary.items()), None
    if said.levers:
        pulled = tuple(f for f in factors if f.path in said.levers)
        others = tuple(f for f in factors if f.path not in said.levers)
        choices = prod(len(f.levels or ()) for f in pulled)
        design: Design = crossed(Design(said.design, others, said.cases // max(1, choices), said.seed, rows), pulled)
    else:
        design = Design(said.design, factors, said.cases, said.seed, rows)
    return Sweep(loaded, design, said.replications, said.common_random_numbers, said.seed, said.title)


def _check_segments(segments: tuple[Segment, ...], runs: int) -> None:
    """Refuse chunks that do not follow on one another to the last run, or are too many to look at.

    Raises:
        SweepError: with what is wrong.
    """
    ends = [0, *(segment.stop for segment in segments)]
    if not segments or [s.first for s in segments] != ends[:-1] or ends != sorted(ends) or ends[-1] != runs:
        raise SweepError(f"the segments do not make up {runs:,} runs")
    if min(segment.chunk for segment in segments) < 1:
        raise SweepError("a chunk has no runs")
    if sum(-(-(s.stop - s.first) // s.chunk) for s in segments) > MOST_CHUNKS:
        raise SweepError(f"{runs:,} runs in so small chunks are more than {MOST_CHUNKS:,} files")


def design_check(sweep: Sweep) -> str:
    """A fingerprint of the first cases, which tells whether libraries still make the same design."""
    rows = sweep.design.rows(0, min(sweep.design.cases, 64))
    return hashlib.sha256(b"".join(column.tobytes() for column in rows.values())).hexdigest()[:16]


def _manifest(folder: Folder) -> SweepManifest:
    sweep = folder.sweep
    return SweepManifest(
        format=FORMAT,
        kind="sweep",
        banner=sim.BANNER,
        title=sweep.title,
        scenario=sweep.loaded.slug,
        name=sweep.loaded.name,
        changes=list(sweep.loaded.changes),
        without=list(sweep.loaded.without),
        vary={f.path: f.plain() for f in sweep.factors},
        design=sweep.design.kind,
        replications=sweep.replications,
        common_random_numbers=sweep.common,
        seed=sweep.seed,
        cases=sweep.design.cases,
        segments=folder.segments,
        hash=sweep.hash,
        design_check=design_check(sweep),
        versions=folder.versions,
        scenario_resolved=sweep.loaded.scenario.model_dump(mode="json"),
        levers=[lever.path for lever in sweep.levers],
        mixed=folder.mixed,
    )


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
    return decoded(folder.file(start, stop), start, stop)
