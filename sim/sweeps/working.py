"""Working on a part of a sweep beside any number of others, in processes and on machines that share its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

from sim.sweeps.conduct import How, finish
from sim.sweeps.shards import Shard
from sim.sweeps.store import Folder


@dataclass(frozen=True)
class Worked:
    """How a part of a sweep, and the whole of it, stand: what ``sweeps work --json`` prints."""

    folder: str
    shard: str
    chunks: int
    chunks_done: int
    runs: int
    runs_done: int
    complete: bool


def work_on(folder: Folder, shard: Shard, **how: Unpack[How]) -> Worked:
    """Run what is left of a shard of a sweep, beside any number of others who do the same, also to the same shard.

    Raises:
        OutputError: where some is left, and it was begun by other code and is not to be ``mixed``.
    """
    done = finish(folder, shard=shard, **how)
    mine, there = shard.chunks(folder.chunks()), set(folder.done())
    return Worked(
        folder=str(folder.path),
        shard=str(shard),
        chunks=len(mine),
        chunks_done=sum(chunk in there for chunk in mine),
        runs=folder.sweep.runs,
        runs_done=done.runs_done,
        complete=done.complete,
    )
