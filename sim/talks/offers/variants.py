"""Variants: which of the packages near a position were tabled before, so that a party can table another.

Names: variants, equivalent offers (Raiffa 1982); what a party would ask for is decided elsewhere.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import BitArray, BoolArray
from sim.stakes.stages import Stage
from sim.talks.offers.around import Around
from sim.talks.offers.moves import Neighbours, Numbers
from sim.talks.offers.ranking import Shortlist
from sim.talks.state import Memory
from sim.talks.words import apart, packed, unpacked

NOWHERE = -1
"""No move, or no candidate."""


def strike(case: Case, ranking: Shortlist, near: Around, memory: Memory, runs: Numbers) -> None:
    """Choose no candidate any more that is remembered in some runs, nor to stay."""
    every = np.arange(near.runs)
    ranking.drop(np.zeros_like(every), every)
    ranking.drop(*candidates_that_are(case, near, memory.words[runs], memory.held[runs] > Stage.SHORT))


def candidates_that_are(case: Case, near: Around, words: BitArray, there: BoolArray) -> tuple[Numbers, Numbers]:
    """The candidates ``(K,)`` that are some packages, `packed` ``(R, W, N)``, where there ``(R, N)``; and the runs."""
    moves, here = near.near, near.here.T
    runs, slots = np.nonzero((apart(case, words, packed(case, here)) <= 2) & there)
    packages, here = unpacked(case, words[runs, :, slots]), here[runs]
    where, every = packages != here, np.arange(len(runs))
    differing = where.sum(axis=1, dtype=np.int8)
    options = 1 + max(int(near.here.max(initial=0)), int(packages.max(initial=0)), int(moves.top.max(initial=0)))
    singles, halves = _singles(moves, len(near.now), options), []
    for half in range(2):
        issues = where.argmax(axis=1)
        move = singles[issues, here[every, issues], packages[every, issues]]
        halves.append(np.where(differing > half, move, moves.moves))
        where[every, issues] = False
    candidates = _pairs(moves)[halves[0], halves[1]]
    known = candidates != NOWHERE
    return candidates[known], runs[known]


@lru_cache(maxsize=64)
def _singles(moves: Neighbours, issues: int, options: int) -> Numbers:
    """The move of each issue from an option to another ``(I, K, K)``; `NOWHERE` where there is none."""
    found = np.full((issues, options, options), NOWHERE, dtype=np.intp)
    for move, (issue, step, option) in enumerate(zip(moves.issue, moves.step, moves.option, strict=True)):
        if option >= 0:
            found[issue, :, option] = move
        else:
            found[issue][np.eye(options, k=step, dtype=bool)] = move
    return found


@lru_cache(maxsize=1024)
def _pairs(moves: Neighbours) -> Numbers:
    """The candidate that makes two moves ``(M + 2, M + 2)``, the first of them on the earlier issue; the last row and
    column are for a move that there is not.
    """
    found = np.full((moves.moves + 2, moves.moves + 2), NOWHERE, dtype=np.intp)
    found[moves.first, moves.second] = np.arange(moves.candidates)
    return found
