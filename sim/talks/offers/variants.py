"""Variants: which of the packages near a position were tabled before, so that a party can table another.

Names: variants, equivalent offers (Raiffa 1982); what a party would ask for is decided elsewhere.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.stakes.space import BoolArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.offers.around import Around
from sim.talks.offers.moves import Neighbours, Numbers
from sim.talks.offers.ranking import Ranking
from sim.talks.state import Memory

NOWHERE = -1
"""No move, or no candidate."""


def strike(ranking: Ranking, near: Around, memory: Memory, runs: Numbers) -> None:
    """Choose no candidate any more that is remembered in some runs, nor to stay."""
    ranking.ok[near.near.row[0]] = False
    ranking.drop(*candidates_that_are(near, memory.packages[runs], memory.stage[runs] > Stage.SHORT))


def candidates_that_are(near: Around, packages: OptionArray, there: BoolArray) -> tuple[Numbers, Numbers]:
    """The candidates ``(K,)`` that are some packages ``(R, I, N)``, where there ``(R, N)``; and their runs."""
    moves = near.near
    differs = packages != near.here.T[:, :, None]
    apart = differs.sum(axis=1, dtype=np.int8)
    runs, slots = np.nonzero((apart <= 2) & there)
    where, two = differs[runs, :, slots], apart[runs, slots] == 2
    options = 1 + max(int(near.here.max(initial=0)), int(packages.max(initial=0)), int(moves.top.max(initial=0)))
    singles, issues = _singles(moves, len(near.now), options), where.argmax(axis=1)
    to_first = singles[issues, near.here[issues, runs], packages[runs, issues, slots]]
    where[np.arange(len(runs)), issues] = False
    issues = where.argmax(axis=1)
    to_second = singles[issues, near.here[issues, runs], packages[runs, issues, slots]]
    first, second = (
        np.where(far, to, moves.moves) for far, to in ((apart[runs, slots] > 0, to_first), (two, to_second))
    )
    candidates = _pairs(moves)[first, second]
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
