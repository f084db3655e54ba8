"""Is a sweep's folder what its manifest says? Every file read, some or all chunks made again and compared.

And any run made again in full, as the Mesa model plays it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.errors import SweepError
from sim.scenario.changes import change
from sim.scenario.fields import LEFT_OUT, WEIGHT_SET
from sim.scenario.loader import Loaded, with_changes
from sim.study.run import Run
from sim.sweeps.cut_and_join import cut
from sim.sweeps.files import encoded
from sim.sweeps.outcomes import DIED, FAILED, Group, Laboratory
from sim.sweeps.store import Folder, read_chunk
from sim.sweeps.sweep import Sweep
from sim.zone.region import find_zone

AGAIN = 1 << 17
"""Runs that are made again at a time; of a larger chunk no more, unless all are asked for."""
SAMPLE = 3
"""Chunks that are made again unless all are asked for."""


@dataclass(frozen=True)
class Different:
    """A chunk's file, and its columns that came out differently when it was made again."""

    file: str
    columns: list[str]


@dataclass(frozen=True)
class Verified:
    """What is missing, damaged or different from what the manifest makes: what ``sweeps verify --json`` prints."""

    chunks: int
    missing: int
    damaged: list[str]
    made_again: int
    different: list[Different]
    sound: bool


@dataclass(frozen=True)
class Place:
    """Where a run stands in its sweep; ``in_the_table`` is None when the table does not hold it yet."""

    run: int
    case: int
    replication: int
    values: dict[str, Any]
    in_the_table: bool | None


def verify(
    folder: Folder, everything: bool = False, progress: Callable[[float], None] = lambda share: None
) -> Verified:
    """Read every chunk that is there, and make some again.

    Args:
        folder: the sweep.
        everything: make every chunk again, and not only a few spread over the sweep.
        progress: told the share that is done.
    """
    laboratory, done = Laboratory(folder.sweep, folder.segments), folder.done()
    damaged, sound, different = list[str](), list[tuple[int, int]](), list[Different]()
    for chunk in done:
        try:
            read_chunk(folder, *chunk)
            sound.append(chunk)
        except SweepError as error:
            damaged.append(str(error))
    spread = np.unique(np.linspace(0, len(sound) - 1, min(SAMPLE, len(sound)), dtype=int))
    chosen = sound if everything else [sound[n] for n in spread]
    for n, chunk in enumerate(chosen):
        columns = _different(folder, laboratory, chunk, everything)
        if columns:
            different.append(Different(folder.file(*chunk).name, columns))
        progress((n + 1) / len(chosen))
    return Verified(
        chunks=len(folder.chunks()),
        missing=len(folder.chunks()) - len(done),
        damaged=damaged,
        made_again=len(chosen),
        different=different,
        sound=not damaged and not different,
    )


def _different(folder: Folder, laboratory: Laboratory, chunk: tuple[int, int], whole: bool) -> list[str]:
    """The columns of a chunk that come out differently when made again; runs that kill a process are not tried."""
    outcomes, found = read_chunk(folder, *chunk), dict[str, None]()
    died = (range(f.start, f.stop) for f in outcomes.failures if f.reason == DIED)
    deadly = frozenset(run for runs in died for run in runs)
    for start in range(*chunk, AGAIN) if whole else chunk[:1]:
        stop = min(start + AGAIN, chunk[1])
        there = cut(outcomes, start, stop)
        made = laboratory.outcomes(start, stop, deadly & frozenset(range(start, stop)))
        again = cut(made, start, stop)
        if encoded(again) != encoded(there):
            differ = [name for name in again.columns if again.columns[name].tobytes() != there.columns[name].tobytes()]
            found |= dict.fromkeys(differ or ["failures"])
    return list(found)


def replay(folder: Folder, run: int) -> tuple[Run, Place]:
    """A run of a sweep made again as the Mesa model plays it, and its place in the sweep.

    Raises:
        SweepError: for a run that the sweep does not have, that failed, or that comes out differently.
    """
    from sim.study.model import NegotiationModel

    sweep = folder.sweep
    if not 0 <= run < sweep.runs:
        raise SweepError(f"there is no run {run:,}: this sweep has runs 0 to {sweep.runs - 1:,}")
    number, replication = divmod(run, sweep.replications)
    row = sweep.design.rows(number, number + 1)
    laboratory = Laboratory(sweep)
    group = laboratory.group(tuple(float(row[path][0]) for path in sweep.compiled))
    if not isinstance(group, Group):
        raise SweepError(f"run {run:,} cannot be played: {group}")
    case = laboratory.case(group, row)
    values = {f.path: f.value(row[f.path][0]) for f in sweep.factors}
    loaded = replace(_said(sweep, values), case=case)
    drawn = sweep.draw_numbers(np.array([number]), np.array([replication]))
    model = NegotiationModel(case, seed=sweep.seed, run=int(drawn[0]), agents=laboratory.agents)
    model.run_to_end()
    made = Run(loaded, sweep.seed, find_zone(case), model)
    return made, Place(run, number, replication, values, _compared(folder, run, made))


def _said(sweep: Sweep, values: dict[str, Any]) -> Loaded:
    """The scenario with a case's values, as ``--set`` and ``--without`` would make it."""
    dropped = [path.split(".")[1] for path, value in values.items() if path.endswith(f".{LEFT_OUT}") and value]
    named = {path: value for path, value in values.items() if not path.endswith(f".{LEFT_OUT}") and path != WEIGHT_SET}
    return with_changes(sweep.loaded, [change(path, value) for path, value in named.items()], dropped)


def _compared(folder: Folder, run: int, made: Run) -> bool | None:
    """Whether the table says the same of this run; None when it does not hold the run yet.

    Raises:
        SweepError: when it says something else.
    """
    place = folder.place(run)
    for start, stop in folder.done():
        if start <= place < stop:
            columns = read_chunk(folder, start, stop).columns
            there = {name: int(columns[name][place - start]) for name in ("ending", "round", "zone", "package")}
            if there["ending"] == FAILED:
                raise SweepError(f"run {run:,} failed in the sweep; failures.jsonl says why")
            talks, model = made.played.talks, made.played
            package = int(model.case.space.ids(talks.agreed)[0]) if model.ending.agreed else -1
            here = {
                "ending": int(model.ending),
                "round": int(talks.ended[0]),
                "zone": int(made.zone.exists()),
                "package": package,
            }
            if here != there:
                raise SweepError(f"run {run:,} comes out as {here}, but the table says {there}: `sweeps verify` it")
            return True
    return None
