"""Where chunks are worked on: in this process, or in a few of its own; one small interface, so that others can follow.

A worker that dies takes nothing with it but the chunk it held. What a chunk is, is not known here.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from sim.errors import SweepError

Task = TypeVar("Task")

WINDOW = 4
"""Chunks a worker that are handed out ahead."""
WRITING = threading.Lock()
"""Held by who writes a file: a worker whose parent is gone finishes that first, and leaves nothing half-written."""


@dataclass(frozen=True)
class Finished(Generic[Task]):
    """A task with its result, or without one because it kills the process that works on it."""

    task: Task
    result: Any = None
    died: bool = False


class Executor(Protocol[Task]):
    """Works on tasks; an error that a task raises is raised here."""

    def each(self, tasks: Iterable[Task]) -> Iterator[Finished[Task]]:
        """Work on all tasks; they finish in any order."""
        ...

    def alone(self, task: Task) -> Finished[Task]:
        """Work on one task with nothing beside it."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


Maker = Callable[[Callable[[Task], Any]], Executor[Task]]
"""Makes an executor of what is to be done with each task; the one place where work meets those who do it."""


class Serial(Generic[Task]):
    """One task after the other, in this process."""

    def __init__(self, work: Callable[[Task], Any]) -> None:
        self.work = work

    def each(self, tasks: Iterable[Task]) -> Iterator[Finished[Task]]:
        """Work on all tasks in order."""
        for task in tasks:
            yield Finished(task, self.work(task))

    def alone(self, task: Task) -> Finished[Task]:
        """Work on one task."""
        return Finished(task, self.work(task))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to let go of."""


class Processes(Generic[Task]):
    """Some processes of their own; ``work`` and tasks must be picklable.

    When one dies, all tasks under way are tried again, one at a time, so that an innocent neighbour is not blamed.
    """

    def __init__(self, work: Callable[[Task], Any], workers: int) -> None:
        self.work, self.workers = work, workers
        self.pool: ProcessPoolExecutor | None = None
        self.context = multiprocessing.get_context("spawn")  # the same on every platform, and safe beside threads
        self.begun = self.context.Event()

    def _ready(self) -> ProcessPoolExecutor:
        if self.pool is None:
            self.pool = ProcessPoolExecutor(
                self.workers, mp_context=self.context, initializer=_begin, initargs=(self.begun,)
            )
        return self.pool

    def _broken(self) -> None:
        """Let go of a pool that broke.

        Raises:
            SweepError: where no worker ever began: that no task is to blame for, and trying again helps nobody.
        """
        self._drop()
        if not self.begun.is_set():
            raise SweepError(
                "no worker could be started; a script of your own calls this below "
                '`if __name__ == "__main__":` or with workers=1'
            ) from None

    def _drop(self) -> None:
        if self.pool is not None:
            self.pool.shutdown(wait=True, cancel_futures=True)
        self.pool = None

    def each(self, tasks: Iterable[Task]) -> Iterator[Finished[Task]]:
        """Work on all tasks, a window of them handed out ahead."""
        waiting, under_way = iter(tasks), dict[Future[Any], Task]()
        more = True
        while more or under_way:
            lost: list[Task] = []
            while more and not lost and len(under_way) < WINDOW * self.workers:
                try:
                    task = next(waiting)
                except StopIteration:
                    more = False
                    break
                try:
                    under_way[self._ready().submit(self.work, task)] = task
                except BrokenProcessPool:
                    lost.append(task)
            done = wait(under_way, return_when=FIRST_COMPLETED).done if under_way and not lost else set(under_way)
            for future in done:
                task = under_way.pop(future)
                try:
                    yield Finished(task, future.result())
                except BrokenProcessPool:
                    lost.append(task)
            if lost:
                lost += under_way.values()
                under_way.clear()
                self._broken()
                for task in lost:
                    yield self.alone(task)

    def alone(self, task: Task) -> Finished[Task]:
        """Work on one task with nothing beside it; a second death is the task's own doing."""
        for _ in range(2):
            try:
                return Finished(task, self._ready().submit(self.work, task).result())
            except BrokenProcessPool:
                self._broken()
        return Finished(task, died=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for what is under way and let the processes go."""
        self._drop()


def _begin(begun: Event) -> None:
    """A worker says that it is there, leaves Ctrl-C to its parent, and does not outlive it."""
    begun.set()
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        with WRITING:
            os._exit(1)
