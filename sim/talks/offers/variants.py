"""Variants: which of the packages near a position were tabled before, so that a party can table another.

Names: variants, equivalent offers (Raiffa 1982); what a party would ask for is decided elsewhere.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.stakes.space import BoolArray, IntArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.offers.around import Around
from sim.talks.offers.moves import Neighbours, Numbers
from sim.talks.offers.ranking import Ranking
from sim.talks.state import Memory

NOWHERE = -1
"""No move, or no candidate."""


def strike(ranking: Ranking, near: Around, memory: Memory) -> None:
    """Choose no candidate any more that is remembered, nor to stay."""
    ranking.ok[near.near.row[0]] = False
    ranking.drop(*candidates_that_are(near, memory.packages, memory.stage > Stage.SHORT))


def candidates_that_are(near: Around, packages: OptionArray, there: BoolArray) -> tuple[Numbers, Numbers]:
    """The candidates ``(K,)`` that are some packages ``(R, I, N)``, where there ``(R, N)``; and their runs."""
    moves = near.near
    differs = packages != near.here.T[:, :, None]
    apart = differs.sum(axis=1, dtype=np.int8)
    runs, slots = np.nonzero((apart <= 2) & there)
    where, two = differs[runs, :, slots], apart[runs, slots] == 2
    first = _moves_to(near, packages, runs, slots, where.argmax(axis=1))
    made = [np.where(apart[runs, slots] > 0, first, moves.moves)]
    where[np.arange(len(runs)), where.argmax(axis=1)] = False
    made.append(np.where(two, _moves_to(near, packages, runs, slots, where.argmax(axis=1)), moves.moves))
    possible = (made[0] != NOWHERE) & (made[1] != NOWHERE)
    candidates = _pairs(moves)[made[0][possible], made[1][possible]]
    known = candidates != NOWHERE
    return candidates[known], runs[possible][known]


def _moves_to(near: Around, packages: OptionArray, runs: Numbers, slots: Numbers, issues: Numbers) -> Numbers:
    """The single moves ``(N,)`` that lead to the options of some issues that packages hold."""
    option = packages[runs, issues, slots].astype(np.intp)
    step = option - near.now[issues, runs]
    by_step, by_option = _singles(near.near, len(near.now))
    ordered = by_step[issues].max(axis=1) != NOWHERE
    found: Numbers = np.where(
        ordered,
        np.where(np.abs(step) == 1, by_step[issues, (step > 0).astype(np.intp)], NOWHERE),
        by_option[issues, option],
    )
    return found


@lru_cache(maxsize=1024)
def _singles(moves: Neighbours, issues: int) -> tuple[IntArray, IntArray]:
    """The move of each issue down or up ``(I, 2)``, and to each option ``(I, 128)``; `NOWHERE` where there is none."""
    by_step, by_option = np.full((issues, 2), NOWHERE), np.full((issues, 128), NOWHERE)
    for move, (issue, step, option) in enumerate(zip(moves.issue, moves.step, moves.option, strict=True)):
        if option < 0:
            by_step[issue, int(step > 0)] = move
        else:
            by_option[issue, option] = move
    return by_step, by_option


@lru_cache(maxsize=1024)
def _pairs(moves: Neighbours) -> IntArray:
    """The candidate that makes two moves ``(M + 1, M + 1)``, the first of them on the earlier issue."""
    found = np.full((moves.moves + 1, moves.moves + 1), NOWHERE)
    found[moves.first, moves.second] = np.arange(moves.candidates)
    return found
