"""Chunks worked on by a Dask cluster: its workers write the files into a folder that they share with who asks.

A worker that dies takes nothing with it, for its chunks are given to others; a scheduler that dies ends the work with
what is done kept. What a chunk is, is not known here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Generic, Self, TypeVar

from sim.errors import SweepError, needed
from sim.sweeps.execute import Finished, Maker, Processes
from sim.sweeps.shards import own_order

Task = TypeVar("Task")

LOCAL = "local"
"""Stands for a cluster of this machine's own, which ends with the work."""
NOWHERE = "127.0.0.1:0"
"""Where a cluster of one's own shows how it stands: told nothing, it opens port 8787 to everybody."""
AHEAD = 4096
"""Tasks that the scheduler holds at a time: enough for a thousand workers."""
PATIENCE = 30
"""Seconds to look for a scheduler."""


def distributed() -> Any:
    """The library that talks to a cluster.

    Raises:
        MissingLibraryError: with the command that installs it.
    """
    (found,) = needed("distributed", by="clusters need", extra="cluster")
    for name in ("distributed", "distributed.client", "distributed.nanny", "distributed.scheduler"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is raised
    return found


def hired(address: str, workers: int | None, here: int) -> tuple[Maker[Any], int]:
    """Who works on chunks, and how many there are to cut chunks for: a cluster's threads unless ``workers`` says so.

    Args:
        address: of a scheduler, or ``local``.
        workers: how many to expect, or None to count them.
        here: how many a cluster of this machine's own has by default.

    Raises:
        SweepError: where no scheduler answers.
    """
    if address == LOCAL:
        return partial(OnDask, address=address, workers=workers or here), workers or here
    client = _reached(distributed(), address)
    try:
        threads = sum(client.nthreads().values())
    finally:
        client.close()
    return partial(OnDask, address=address), workers or max(threads, 1)


def _reached(library: Any, address: Any) -> Any:
    try:
        return library.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        said = " ".join(str(error).split())[:120]
        raise SweepError(f"no Dask scheduler answers at {address} ({said})") from None


class OnDask(Generic[Task]):
    """The workers of a Dask cluster; ``work`` and tasks must be picklable.

    Two who ask for the same tasks go through them in orders of their own, so that they seldom ask for one at once. A
    task that kills several workers is tried once more in a process of this machine, where it can do no harm.
    """

    def __init__(self, work: Callable[[Task], Any], address: str, workers: int = 1) -> None:
        self.work, self.address, self.workers = work, address, workers
        self.here = Processes(work, 1)
        self.cluster: Any = None
        self.client: Any = None

    def __enter__(self) -> Self:
        library = distributed()
        if self.address == LOCAL:
            self.cluster = library.LocalCluster(
                n_workers=self.workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=NOWHERE,
                worker_dashboard_address=NOWHERE,
                silence_logs=logging.CRITICAL,
            )
        self.client = _reached(library, self.cluster or self.address)
        return self

    def each(self, tasks: Iterable[Task]) -> Iterator[Finished[Task]]:
        """Work on all tasks; those that killed workers come last.

        Raises:
            SweepError: when the scheduler is lost, a worker's own connections are, or it has no such program.
        """
        library = distributed()
        waiting, under_way, lost = iter(own_order(list(tasks))), dict[str, Task](), list[Task]()
        finished = library.as_completed(loop=self.client.loop)
        try:
            self._ask(waiting, AHEAD, under_way, finished)
            for future in finished:
                task = under_way.pop(future.key)
                try:
                    done = Finished(task, future.result())
                except library.KilledWorker:
                    lost.append(task)
                    continue
                except (TimeoutError, ConnectionError) as error:
                    if future.status != "error":
                        raise
                    raise SweepError(f"a Dask worker failed: {type(error).__name__}: {error}") from error
                finally:
                    future.release()
                    self._ask(waiting, 1, under_way, finished)
                yield done
        except (library.CancelledError, library.comm.core.CommClosedError, TimeoutError, ConnectionError):
            raise SweepError(
                f"the Dask scheduler at {self.address} is gone; what is done is kept, and the same command goes on"
            ) from None
        except ImportError as error:
            raise SweepError(f"a Dask worker cannot load this program ({error}): install the same one there") from None
        for task in lost:
            yield self.alone(task)

    def _ask(self, waiting: Iterator[Task], many: int, under_way: dict[str, Task], finished: Any) -> None:
        """Ask for some more tasks."""
        for _, task in zip(range(many), waiting, strict=False):
            future = self.client.submit(self.work, task, pure=False)
            under_way[future.key] = task
            finished.add(future)

    def alone(self, task: Task) -> Finished[Task]:
        """Work on one task in a process of this machine."""
        return self.here.alone(task)

    def __exit__(self, *_: object) -> None:
        """Let the cluster go, if it is one's own."""
        self.here.__exit__()
        for held in (self.client, self.cluster):
            if held is not None:
                with suppress(OSError, TimeoutError, RuntimeError):
                    held.close(timeout=PATIENCE / 10)
