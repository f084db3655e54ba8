"""What was tabled so far: the last packages, each once, so that everybody can answer anew to any of them.

It keeps what was said and judges nothing; who says yes to something old is `recall`'s business.
"""

from __future__ import annotations

import math

import numpy as np

from sim.stakes.case import Case
from sim.stakes.run_axis import once, with_fields
from sim.stakes.space import IntArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.state import Exchange, Memory, Talks

GROWTH = 16
"""Slots that are added at a time, as runs come to need them."""
PRIME = 2**61 - 1
"""Above so many packages two might share a key, as likely as not at all."""


def nothing_tabled(case: Case, runs: int) -> Memory:
    """An empty memory."""
    parties, issues = len(case.parties), len(case.space.issues)
    return Memory(
        packages=np.zeros((runs, issues, 0), dtype=np.int8),
        keys=np.zeros((runs, 0), dtype=np.int64),
        crossed=np.zeros((runs, 0), dtype=np.uint64),
        utility=np.zeros((runs, parties, 0)),
        stage=np.zeros((runs, 0), dtype=np.int8),
        rounds=np.zeros((runs, 0), dtype=np.int16),
        count=np.zeros(runs, dtype=np.int64),
    )


@once
def _strides(case: Case) -> IntArray:
    """What each issue's option number counts in a key: places of a number with one digit an issue."""
    sizes = [len(issue.options) for issue in case.space.issues]
    return np.array([math.prod(sizes[axis + 1 :]) % PRIME for axis in range(len(sizes))], dtype=np.int64)


def keys(case: Case, packages: OptionArray) -> IntArray:
    """A number ``(R,)`` that tells packages ``(R, I)`` apart."""
    found: IntArray = np.zeros(len(packages), dtype=np.int64)
    for axis, stride in enumerate(_strides(case)):
        found += packages[:, axis] * stride
    return found


def remembered(case: Case, talks: Talks) -> Talks:
    """The talks with what was tabled this round taken into their memory, in order; what is there keeps its place."""
    tabled = [exchange for exchange in talks.exchanges if exchange.tabled.any()]
    if not tabled or not talks.open.any():
        return talks
    most = int(talks.memory.count.max(initial=0)) + len(tabled)
    memory = _copy(talks.memory, min(-(-most // GROWTH) * GROWTH, case.protocol.memory))
    for exchange in tabled:
        _take_in(case, talks, memory, exchange)
    return with_fields(talks, memory=memory)


def _copy(memory: Memory, slots: int) -> Memory:
    """A memory that can be written to, with so many slots or as many as there are."""
    slots = max(slots, memory.keys.shape[1])

    def grown(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
        column = getattr(memory, name)
        if name == "count":
            return column.copy()
        found = np.zeros((*column.shape[:-1], slots), dtype=column.dtype)
        found[..., : column.shape[-1]] = column
        return found

    return Memory(**{name: grown(name) for name in Memory.by_run})  # type: ignore[arg-type]


def _take_in(case: Case, talks: Talks, into: Memory, exchange: Exchange) -> None:
    """Write one package of each run into a memory, where it is coherent, can be signed, and is not there yet."""
    packages, key = exchange.package, keys(case, exchange.package)
    stage = case.stage(packages)
    new = exchange.tabled & talks.open & (stage > Stage.SHORT) & case.valid(packages)
    new &= ~((into.keys == key[:, None]) & (into.stage > Stage.SHORT)).any(axis=1)
    runs = np.flatnonzero(new)
    slots = into.count[runs] % case.protocol.memory
    into.packages[runs, :, slots] = packages[runs]
    into.keys[runs, slots] = key[runs]
    into.crossed[runs, slots] = case.red_lines.crossed(packages[runs])
    into.utility[runs, :, slots] = exchange.utility[runs]
    into.stage[runs, slots] = stage[runs]
    into.rounds[runs, slots] = talks.round
    into.count[runs] += 1


def age(case: Case, memory: Memory, runs: IntArray, slots: IntArray) -> IntArray:
    """How many packages were tabled before those in some slots of some runs, to tell which was tabled last."""
    last = memory.count[runs] - 1
    found: IntArray = last - (last - slots) % case.protocol.memory
    return found


def tabled_before(case: Case, talks: Talks, package: OptionArray) -> int | None:
    """The round in which a package ``(I,)`` was first tabled in the first run, as far as it is remembered."""
    memory = talks.memory
    same = (memory.keys[0] == keys(case, package[None])[0]) & (memory.stage[0] > Stage.SHORT)
    return int(memory.rounds[0, same.argmax()]) if same.any() else None
