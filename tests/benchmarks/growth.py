"""How cost grows with size: CPU seconds of the zone, of the talks' start and of runs, one thing varied at a time.

Run it with `python tests/benchmarks/growth.py`, or with `--short` for a tenth of the runs. Scenarios without a war,
parties in turn, tables of values drawn from a seed; each row has its ratio to the row before. Nothing is tested.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim import load
from sim.stakes.case import Case
from sim.stakes.space import LARGEST_SPACE
from sim.talks.batch import negotiate
from sim.talks.offers.hope import hopes
from sim.talks.offers.opening import openings
from sim.zone.region import find_zone


@dataclass(frozen=True)
class Size:
    """How large a scenario is, and how often it is played."""

    parties: int = 4
    issues: int = 8
    options: int = 4
    runs: int = 2_000


VARIED: dict[str, tuple[int, ...]] = {
    "runs": (1_000, 10_000, 50_000, 200_000),
    "parties": (2, 4, 6, 8),
    "issues": (5, 8, 12, 16, 20),
    "options": (3, 5, 7, 10),
}


def case_of(size: Size, folder: Path) -> Case:
    """A scenario of a size: everybody signs, in turn."""
    dice = np.random.default_rng(1)
    options = [f"o{k}" for k in range(size.options)]
    lines = ["format: 1", "title: Growth", "issues:"]
    lines += [
        f"  i{n}: {{status_quo: o0, ordered: false, options: [{', '.join(options)}]}}" for n in range(size.issues)
    ]
    lines += ["parties:"]
    for p in range(size.parties):
        weights = ", ".join(f"i{n}: {weight:.3f}" for n, weight in enumerate(dice.random(size.issues)))
        lines += [
            f"  p{p}:",
            f"    name: Party {p}",
            "    reservation: 50",
            f"    weights: {{{weights}}}",
            "    values:",
        ]
        for n in range(size.issues):
            table = ", ".join(f"{k}: {value:.3f}" for k, value in zip(options, dice.random(size.options), strict=True))
            lines += [f"      i{n}: {{{table}}}"]
        lines += ["    tactic: {exponent: 0.5}"]
    lines += ["protocol: {name: alternating, deadline: 40}"]
    path = folder / "growth.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load(str(path)).case


def measured(size: Size, folder: Path) -> list[float | None]:
    """CPU seconds of the zone (None where there are too many packages), of the start of talks, and of the runs."""
    case = case_of(size, folder)
    marks = [time.process_time()]
    if case.space.size <= LARGEST_SPACE:
        find_zone(case)
    marks.append(time.process_time())
    openings(case), hopes(case)
    marks.append(time.process_time())
    negotiate(case, size.runs)
    marks.append(time.process_time())
    zone, start, runs = np.diff(marks).tolist()
    return [zone if case.space.size <= LARGEST_SPACE else None, start, runs]


def cell(seconds: float | None, before: float | None) -> str:
    """Seconds, and their ratio to the row before."""
    if seconds is None:
        return f"{'-':>16}"
    return f"{seconds:9.3f}" + (f" x{seconds / before:5.1f}" if before else " " * 7)


def main() -> None:
    """Print the table."""
    share = 10 if "--short" in sys.argv[1:] else 1
    print(f"{'varied':<10}{'size':>8}{'packages':>22}{'zone':>16}{'start':>16}{'runs':>16}{'runs/s':>10}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        measured(Size(runs=100), Path(folder))  # what is imported late is no part of a row
        for what, sizes in VARIED.items():
            before: list[float | None] = [None] * 3
            for n in sizes:
                size = replace(Size(), **{what: n})
                size = replace(size, runs=max(size.runs // share, 100))
                found = measured(size, Path(folder))
                cells = "".join(cell(*pair) for pair in zip(found, before, strict=True))
                rate = size.runs / (found[2] or np.inf)
                shown = size.runs if what == "runs" else n
                head = f"{what:<10}{shown:>8,}{size.options**size.issues:>22,}"
                print(f"{head}{cells}{rate:>10,.0f}", flush=True)
                before = found


if __name__ == "__main__":
    main()
