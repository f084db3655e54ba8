"""What a sweep would cost and how it stands: runs, seconds, megabytes, failures."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim import BANNER
from sim.plain import OPTIONAL
from sim.study.record import MANIFEST
from sim.sweeps.conduct import status
from sim.sweeps.design import DesignKind
from sim.sweeps.pilot import pilot
from sim.sweeps.store import Folder, open_folder
from sim.sweeps.sweep import Sweep


@dataclass(frozen=True)
class Varied:
    """What a field takes: all from ``low`` to ``high``, or ``values`` one by one."""

    low: float | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    high: float | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    values: list[Any] | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    unit: str


@dataclass(frozen=True)
class Described:
    """What is varied and how often; ``compiled_anew`` are paths whose values cannot stand in columns.

    ``exhaustive`` says that the cases are all there are, as in a grid or a table, and not some of many.
    """

    banner: str
    scenario: str
    title: str
    changes: list[str]
    without: list[str]
    vary: dict[str, Varied]
    compiled_anew: list[str]
    design: DesignKind
    exhaustive: bool
    cases: int
    replications: int
    common_random_numbers: bool
    seed: int
    runs: int


@dataclass(frozen=True)
class PlanMeasures(Described):
    """What is left to run and what it would cost: what ``sweep --dry-run --json`` prints."""

    folder: str
    runs_done: int
    runs_a_second_and_process: int
    processes: int
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class StatusMeasures(Described):
    """How far a sweep is: what ``sweeps status --json`` prints."""

    folder: str
    hash: str
    chunks: int
    chunks_done: int
    runs_done: int
    failed: int
    complete: bool
    megabytes: float


def described(sweep: Sweep) -> Described:
    """What is varied and how often."""
    return Described(
        banner=BANNER,
        scenario=sweep.loaded.slug,
        title=sweep.title or sweep.loaded.scenario.title,
        changes=list(sweep.loaded.changes),
        without=list(sweep.loaded.without),
        vary={f.path: Varied(**f.plain(), unit=f.field.unit) for f in sweep.factors},
        compiled_anew=list(sweep.compiled),
        design=sweep.design.kind,
        exhaustive=sweep.design.exhaustive,
        cases=sweep.design.cases,
        replications=sweep.replications,
        common_random_numbers=sweep.common,
        seed=sweep.seed,
        runs=sweep.runs,
    )


def plan_measures(sweep: Sweep, folder: Path, workers: int | None = None) -> PlanMeasures:
    """What is left to run and what it would cost, from a second of runs."""
    count = workers or os.cpu_count() or 1
    tried = pilot(sweep)
    done = status(open_folder(folder)).runs_done if (folder / MANIFEST).exists() else 0
    left = sweep.runs - done
    return PlanMeasures(
        **vars(described(sweep)),
        folder=str(folder),
        runs_done=done,
        runs_a_second_and_process=round(tried.rate),
        processes=tried.processes(left, count),
        seconds=round(tried.seconds(left, count), 1),
        megabytes=round(tried.megabytes(sweep.runs, tried.chunk(sweep, count)), 2),
    )


def status_measures(folder: Folder) -> StatusMeasures:
    """How far a sweep is."""
    found = status(folder)
    size = sum(path.stat().st_size for path in (folder.path / "runs").glob("*.parquet"))
    return StatusMeasures(
        **vars(described(folder.sweep)),
        folder=str(folder.path),
        hash=folder.sweep.hash,
        chunks=len(folder.chunks()),
        chunks_done=found.chunks_done,
        runs_done=found.runs_done,
        failed=found.failures,
        complete=found.complete,
        megabytes=round(size / 1e6, 2),
    )
