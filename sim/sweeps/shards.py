"""Which chunks of a sweep are whose when many work on one folder: a shard, and the order in which one goes through it.

Nobody is asked and nothing is locked: a chunk's file is there whole or not at all, and it is the same whoever makes it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TypeVar

from sim.errors import SweepError
from sim.files import writer

Chunk = tuple[int, int]
Work = TypeVar("Work")


@dataclass(frozen=True)
class Shard:
    """Every ``of``-th chunk from the ``number``-th on, counted from 1, so that what is added later is shared out too.

    >>> Shard(2, 3).chunks([(0, 4), (4, 8), (8, 12), (12, 16), (16, 20)])
    [(4, 8), (16, 20)]
    """

    number: int = 1
    of: int = 1

    def chunks(self, chunks: list[Chunk]) -> list[Chunk]:
        """Those of a sweep's chunks that belong to this shard."""
        return chunks[self.number - 1 :: self.of]

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def shard_of(text: str) -> Shard:
    """A shard as it is typed.

    Raises:
        SweepError: for anything but ``i/n`` with i from 1 to n.

    >>> shard_of("3/16")
    Shard(number=3, of=16)
    """
    said = re.fullmatch(r"0*(\d{1,7})/0*(\d{1,7})", text)
    if said is None or not 1 <= int(said[1]) <= int(said[2]):
        raise SweepError(f'a shard is i/n with i from 1 to n, such as 3/16, not "{text}"')
    return Shard(int(said[1]), int(said[2]))


def own_order(chunks: list[Work], name: str | None = None) -> list[Work]:
    """Chunks, or tasks, in an order that another process, of another ``name``, does not share.

    Each looks whether a chunk is there before it begins one, so processes on the same shard seldom work on the same:
    with C chunks left to share, about ln C times.
    """
    name = writer() if name is None else name
    return sorted(chunks, key=lambda chunk: hashlib.sha256(f"{name} {chunk}".encode()).digest())
