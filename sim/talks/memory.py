"""What was tabled so far: the last packages, each once, so that everybody can answer anew to any of them.

It keeps what was said and judges nothing; who says yes to something old is `recall`'s business.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.run_axis import with_fields
from sim.stakes.space import IntArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.state import Exchange, Memory, Talks
from sim.talks.words import layout, packed

GROWTH = 16
"""Slots that are added at a time, as runs come to need them."""


def nothing_tabled(case: Case, runs: int) -> Memory:
    """An empty memory."""
    return Memory(
        words=np.zeros((runs, layout(case).words, 0), dtype=np.uint64),
        crossed=np.zeros((runs, 0), dtype=np.uint64),
        utility=np.zeros((runs, len(case.parties), 0)),
        stage=np.zeros((runs, 0), dtype=np.int8),
        rounds=np.zeros((runs, 0), dtype=np.int16),
        count=np.zeros(runs, dtype=np.int64),
        version=0,
        latest=[0],
    )


def remembered(case: Case, talks: Talks) -> Talks:
    """The talks with what was tabled this round taken into their memory, in order; what is there keeps its place."""
    tabled = [exchange for exchange in talks.exchanges if exchange.tabled.any()]
    if not tabled or not talks.open.any():
        return talks
    memory = _next(case, talks.memory, len(tabled))
    for exchange in tabled:
        _take_in(case, talks, memory, exchange)
    return with_fields(talks, memory=memory)


def _next(case: Case, memory: Memory, more: int) -> Memory:
    """A memory that so many more packages can be written to: the same arrays, or copies where something older would be
    written over, or something else was already, or slots are missing.
    """
    most, there = int(memory.count.max(initial=0)) + more, memory.stage.shape[1]
    if memory.version == memory.latest[0] and most <= there:
        memory.latest[0] += 1
        return with_fields(memory, count=memory.count.copy(), version=memory.latest[0])
    slots = max(min(-(-most // GROWTH) * GROWTH, case.protocol.memory), there)
    return with_fields(
        memory,
        words=_grown(memory.words, slots),
        crossed=_grown(memory.crossed, slots),
        utility=_grown(memory.utility, slots),
        stage=_grown(memory.held, slots),
        rounds=_grown(memory.rounds, slots),
        count=memory.count.copy(),
        version=0,
        latest=[0],
    )


def _grown(column: npt.NDArray[Any], slots: int) -> npt.NDArray[Any]:
    """A copy of a column ``(..., N)`` with so many slots."""
    found = np.empty((*column.shape[:-1], slots), dtype=column.dtype)
    found[..., : column.shape[-1]] = column
    found[..., column.shape[-1] :] = 0
    return found


def _take_in(case: Case, talks: Talks, into: Memory, exchange: Exchange) -> None:
    """Write one package of each run into a memory, where it is coherent, can be signed, and is not there yet."""
    runs = np.flatnonzero(exchange.tabled & talks.open & (exchange.stage > Stage.SHORT))
    words = packed(case, exchange.package[runs])
    same = (into.stage > Stage.SHORT)[runs]
    for word in range(words.shape[1]):
        same &= into.words[runs, word] == words[:, word, None]
    new = ~same.any(axis=1)
    runs, words = runs[new], words[new]
    slots = into.count[runs] % case.protocol.memory
    into.words[runs, :, slots] = words
    into.crossed[runs, slots] = exchange.lines[runs]
    into.utility[runs, :, slots] = exchange.utility[runs]
    into.stage[runs, slots] = exchange.stage[runs]
    into.rounds[runs, slots] = talks.round
    into.count[runs] += 1


def age(case: Case, memory: Memory, runs: IntArray, slots: IntArray) -> IntArray:
    """How many packages were tabled before those in some slots of some runs, to tell which was tabled last."""
    last = memory.count[runs] - 1
    return last - (last - slots) % case.protocol.memory


def tabled_before(case: Case, talks: Talks, package: OptionArray) -> int | None:
    """The round in which a package ``(I,)`` was first tabled in the first run, as far as it is remembered."""
    memory = talks.memory
    same = (memory.words[0] == packed(case, package[None])[0, :, None]).all(axis=0) & (memory.held[0] > Stage.SHORT)
    return int(memory.rounds[0, same.argmax()]) if same.any() else None
