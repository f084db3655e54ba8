"""What a sweep would cost and how it stands, as plain data: runs, seconds, megabytes, failures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sim import BANNER
from sim.study.record import MANIFEST
from sim.sweeps.conduct import status
from sim.sweeps.pilot import pilot
from sim.sweeps.store import Folder, open_folder
from sim.sweeps.sweep import Sweep


def described(sweep: Sweep) -> dict[str, Any]:
    """What is varied and how often."""
    return {
        "banner": BANNER,
        "scenario": sweep.loaded.slug,
        "title": sweep.title or sweep.loaded.scenario.title,
        "changes": list(sweep.loaded.changes),
        "without": list(sweep.loaded.without),
        "vary": {f.path: f.plain() | {"unit": f.field.unit} for f in sweep.factors},
        "compiled_anew": list(sweep.compiled),
        "design": sweep.design.kind,
        "cases": sweep.design.cases,
        "replications": sweep.replications,
        "common_random_numbers": sweep.common,
        "seed": sweep.seed,
        "runs": sweep.runs,
    }


def plan_measures(sweep: Sweep, folder: Path, workers: int | None = None) -> dict[str, Any]:
    """What is left to run and what it would cost, from a second of runs."""
    count = workers or os.cpu_count() or 1
    tried = pilot(sweep)
    done = status(open_folder(folder)).runs_done if (folder / MANIFEST).exists() else 0
    left = sweep.runs - done
    return described(sweep) | {
        "folder": str(folder),
        "runs_done": done,
        "runs_a_second_and_process": round(tried.rate),
        "processes": tried.processes(left, count),
        "seconds": round(tried.seconds(left, count), 1),
        "megabytes": round(tried.megabytes(sweep.runs, tried.chunk(sweep, count)), 2),
    }


def status_measures(folder: Folder) -> dict[str, Any]:
    """How far a sweep is."""
    found = status(folder)
    size = sum(path.stat().st_size for path in (folder.path / "runs").glob("*.parquet"))
    return described(folder.sweep) | {
        "folder": str(folder.path),
        "hash": folder.sweep.hash,
        "chunks": len(folder.chunks()),
        "chunks_done": found.chunks_done,
        "runs_done": found.runs_done,
        "failed": found.failures,
        "complete": found.complete,
        "megabytes": round(size / 1e6, 2),
    }
