"""Conducting a sweep: a pilot, chunks to whoever works on them, failures found out, everything resumed by default.

What a run is and how it is stored is decided elsewhere.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import TypedDict

import numpy as np

from sim.errors import ArgumentError, CeasefireError, SweepError, needed, type_of
from sim.files import why, write_whole
from sim.given import a_function, a_path, whole, yes_or_no
from sim.study.record import MANIFEST
from sim.sweeps.cut_and_join import joined
from sim.sweeps.execute import WRITING, Executor, Maker, Processes, Serial
from sim.sweeps.files import clear_drafts, encoded, failures_in
from sim.sweeps.outcomes import FAILED, Failure, Laboratory, stretches
from sim.sweeps.own_code import OwnAgent, require_portable
from sim.sweeps.pilot import Pilot, pilot
from sim.sweeps.segments import located
from sim.sweeps.shards import Shard, own_order
from sim.sweeps.store import Folder, create, gone_on_with, holds_sweep, larger, open_folder
from sim.sweeps.store import extended as extended_folder
from sim.sweeps.sweep import Sweep

AT_WORK = Lock()
"""Held by who computes: a process may be given two threads, and what is kept between tasks is made for one."""
MOST_PROBES = 200
"""Processes that may die in the search for the runs of a chunk that kill them."""

Hired = tuple[tuple[str, OwnAgent], ...]
"""Delegations of somebody's own, by party."""
Progress = Callable[[int, int], None]
"""Told the runs done and the failures among them."""


@dataclass(frozen=True)
class Task:
    """Places of runs to work on; those in ``skip`` are known to kill the process. A probe writes nothing."""

    start: int
    stop: int
    skip: frozenset[int] = frozenset()
    probe: bool = False


class How(TypedDict, total=False):
    """How a sweep is worked on: what `conduct` takes by these names, with its defaults."""

    workers: int
    mixed: bool
    progress: Progress
    executor: Maker[Task] | None


@dataclass(frozen=True)
class Progressed:
    """How a sweep stands."""

    folder: Folder
    chunks_done: int
    runs_done: int
    failures: int

    @property
    def complete(self) -> bool:
        """Whether every run is done."""
        return self.runs_done == self.folder.sweep.runs


def conduct(
    sweep: Sweep,
    path: str | PathLike[str],
    *,
    workers: int = 1,
    chunk: int | None = None,
    mixed: bool = False,
    progress: Progress = lambda done, failures: None,
    executor: Maker[Task] | None = None,
) -> Progressed:
    """Run a sweep into a folder, or what is left of it.

    Args:
        sweep: what to run.
        path: its folder; an unfinished sweep in it is resumed.
        workers: processes, where they are worth starting.
        chunk: runs of a chunk; from a pilot by default.
        mixed: go on although the folder was begun by other code.
        progress: told how far it is.
        executor: makes who works on chunks, of what is to be done with each, instead of processes here.

    Raises:
        OutputError: when the folder cannot be written, or was begun by other code; what is done stays.
        ArgumentError: for what is no sweep, no folder or no number of workers.
    """
    a_function(progress), yes_or_no(mixed, "mixed")
    if executor is not None:
        a_function(executor, "executor")
    folder, tried = begin(sweep, path, workers=workers, chunk=chunk)
    return finish(folder, workers=workers, mixed=mixed, progress=progress, executor=executor, tried=tried)


def begin(
    sweep: Sweep, path: str | PathLike[str], *, workers: int = 1, chunk: int | None = None
) -> tuple[Folder, Pilot | None]:
    """The folder of a sweep, made unless it is there, and the pilot that its chunks were cut by; nothing is run."""
    if not isinstance(sweep, Sweep):
        raise ArgumentError(f"what is conducted is what sim.sweep returns, not {type_of(sweep)}")
    workers, chunk = whole(workers, "workers", 1), None if chunk is None else whole(chunk, "chunk", 1)
    path = a_path(path, "a sweep is known by its folder")
    needed("scipy", "pyarrow")
    tried = None if holds_sweep(path) or chunk is not None else pilot(sweep, workers)
    size = chunk or (1 if tried is None else tried.chunk(sweep, workers))
    return create(path, sweep, size), tried


def extend(
    path: str | PathLike[str] | Folder,
    cases: int | None = None,
    replications: int | None = None,
    *,
    workers: int = 1,
    mixed: bool = False,
    progress: Progress = lambda done, failures: None,
    executor: Maker[Task] | None = None,
) -> Progressed:
    """Add cases to a sweep, or replications of every case; the runs that are there stay.

    Args:
        path: the sweep's folder; what `conduct` returned has any delegations of somebody's own at hand.
        cases: how many in all.
        replications: how many of each case in all.
        workers: processes, where they are worth starting.
        mixed: go on although the folder was begun by other code.
        progress: told how far it is.
        executor: makes who works on chunks, instead of processes here.

    Raises:
        ScenarioError: for a design whose cases would move.
        SweepError: where there are as many already.
        OutputError: where it was begun by other code and is not to be ``mixed``.
    """
    folder = gone_on_with(path if isinstance(path, Folder) else open_folder(Path(path)), mixed)
    grown = larger(folder, cases, replications)
    tried = pilot(grown, workers)
    return finish(
        extended_folder(folder, grown, tried.chunk(folder.sweep, workers)),
        workers=workers,
        progress=progress,
        executor=executor,
        tried=tried,
    )


def finish(
    folder: Folder,
    *,
    workers: int = 1,
    mixed: bool = False,
    progress: Progress = lambda done, failures: None,
    executor: Maker[Task] | None = None,
    tried: Pilot | None = None,
    shard: Shard | None = None,
) -> Progressed:
    """Run the chunks of a folder that are not done yet, or of a ``shard`` of it, beside others who do the same.

    Raises:
        OutputError: where some are left, and it was begun by other code and is not to be ``mixed``.
        SweepError: where a worker does not see the folder, or the system stops the work.
    """
    clear_drafts(folder.path)
    mine = folder.chunks() if shard is None else own_order(shard.chunks(folder.chunks()))
    done = set(folder.done())
    missing = [chunk for chunk in mine if chunk not in done]
    runs = _runs(chunk for chunk in mine if chunk in done)
    failed = 0
    progress(runs, failed)
    if missing:
        folder = gone_on_with(folder, mixed)
        left = _runs(missing)
        if workers > 1 and tried is None and executor is None:
            tried = pilot(folder.sweep, workers)
        count = 1 if tried is None else tried.processes(left, workers)
        if count > 1 or executor is not None:
            require_portable(folder.sweep.agents)
        make = executor or (Serial[Task] if count == 1 else partial(Processes[Task], workers=count))
        agents = tuple(folder.sweep.agents.items())
        chosen = make(partial(worked, str(folder.path.resolve()), agents=agents))
        try:
            with chosen:
                for start, stop, failures in _finished(chosen, missing):
                    runs, failed = runs + stop - start, failed + failures
                    progress(runs, failed)
        except CeasefireError:
            raise
        except OSError as error:  # files of the folder say so themselves
            raise SweepError(f"the work on {folder.path} broke off: {why(error)}; what is done is kept") from error
        clear_drafts(folder.path)  # of workers that were killed meanwhile
    done = set(folder.done())
    if shard is not None and len(done) < len(folder.chunks()):
        return Progressed(folder, len(done), _runs(done), failed)
    found = status(folder)
    write_failures(folder)
    return found


def _runs(chunks: Iterable[tuple[int, int]]) -> int:
    return sum(stop - start for start, stop in chunks)


def _finished(executor: Executor[Task], missing: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Chunks as they are done, with their failures; one that kills its process is cut down to the runs that do."""
    for finished in executor.each(Task(start, stop) for start, stop in missing):
        task, failures = finished.task, finished.result
        if finished.died:
            deadly = _deadly(executor, task)
            failures = executor.alone(replace(task, skip=deadly)).result or len(deadly)
        yield task.start, task.stop, failures


def _deadly(executor: Executor[Task], task: Task) -> frozenset[int]:
    """The runs of a task that kill the process, by halves."""
    found: set[int] = set()
    suspects, probes = [(task.start, task.stop)], 0
    while suspects:
        start, stop = suspects.pop()
        if stop - start == 1 or probes >= MOST_PROBES:
            found.update(range(start, stop))
            continue
        middle = (start + stop) // 2
        for half in ((start, middle), (middle, stop)):
            probes += 1
            if executor.alone(Task(*half, probe=True)).died:
                suspects.append(half)
    return frozenset(found)


@lru_cache(maxsize=2)
def _laboratory(path: str, manifest: bytes, agents: Hired) -> tuple[Folder, Laboratory]:
    folder = open_folder(Path(path))
    if agents:
        folder = replace(folder, sweep=replace(folder.sweep, agents=dict(agents)))
    gone_on_with(folder, mixed=False)  # a worker elsewhere may have other code than who asks
    return folder, Laboratory(folder.sweep, folder.segments)


def worked(path: str, task: Task, agents: Hired = ()) -> int:
    """Work on a task of a folder and write its file unless somebody else has; returns how many runs failed.

    What is compiled for a folder is kept for its next task, as long as its manifest says the same.
    """
    with AT_WORK:
        folder, laboratory = _laboratory(path, _manifest(Path(path)), agents)
        file = folder.file(task.start, task.stop)
        if file.exists() and not task.probe:
            return _runs((failure.start, failure.stop) for failure in failures_in(file))
        outcomes = laboratory.outcomes(task.start, task.stop, task.skip)
    if not task.probe:
        content = encoded(outcomes)
        with WRITING:
            write_whole(file, content, folder.path)
    return int(np.count_nonzero(outcomes.columns["ending"] == FAILED))


def _manifest(path: Path) -> bytes:
    """The manifest as who works on the folder sees it, perhaps on another machine."""
    try:
        return (path / MANIFEST).read_bytes()
    except OSError as error:
        raise SweepError(
            f"the worker on {platform.node()} does not see {path} ({why(error)}): it must share that folder"
        ) from None


def status(folder: Folder) -> Progressed:
    """How a sweep stands, from its files."""
    done = folder.done()
    failures = sum(failure.stop - failure.start for failure in _failures(folder, done))
    return Progressed(folder, len(done), sum(stop - start for start, stop in done), failures)


def _failures(folder: Folder, chunks: list[tuple[int, int]]) -> Iterator[Failure]:
    for chunk in chunks:
        yield from failures_in(folder.file(*chunk))


def _by_run(folder: Folder) -> list[Failure]:
    """All failures so far by the numbers of their runs, in order, whatever the segments and chunks are."""
    found = list[Failure]()
    for failure in _failures(folder, folder.done()):
        cases, replications = located(folder.segments, np.arange(failure.start, failure.stop))
        runs = cases * folder.sweep.replications + replications
        found += [replace(failure, start=start, stop=stop) for start, stop in stretches(runs)]
    return joined(found)


def write_failures(folder: Folder) -> None:
    """All failures so far as a file of lines, where there are any."""
    many = folder.sweep.replications
    lines = [
        json.dumps({"case": failure.start // many, "seed": folder.sweep.seed} | asdict(failure), ensure_ascii=False)
        for failure in _by_run(folder)
    ]
    if lines:
        write_whole(folder.path / "failures.jsonl", "\n".join(lines) + "\n", folder.path)
