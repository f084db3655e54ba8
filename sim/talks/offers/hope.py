"""What each party could gain at most if everybody kept to its declared lines: whether staying at the table is worth it.

Found by climbing, before the talks, as openings are.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.stakes.case import Case
from sim.stakes.clauses import narrow_tables
from sim.stakes.run_axis import once, take_rows
from sim.stakes.space import BoolArray, FloatArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.offers.around import Around, Bits
from sim.talks.offers.opening import climb, home, kinds_of, signable_stages


@lru_cache(maxsize=4)
def hopes(case: Case) -> FloatArray:
    """The most ``(1|R, P)`` points a month above its reservation value that a package across no declared line of those
    asked is worth to each before the talks; 0 where there is no such package, or none of those is worth as much.
    """
    kinds, place = kinds_of(case)
    found = _hopes(take_rows(case, kinds), len(kinds))
    return found if len(place) == 1 else found[place]


def _hopes(case: Case, runs: int) -> FloatArray:
    found = np.zeros((runs, len(case.parties)))
    for (party, stage), start in clear_homes(case).items():
        if start is not None:
            here = np.broadcast_to(start, (runs, len(start)))
            best, _ = climb(case, party, stage, here, "value", lambda near: nobody_minds(case, near))
            gain = case.value(party, best) - case.reservation[:, party]
            found[:, party] = np.maximum(found[:, party], gain)
    return found


@once
def clear_homes(case: Case) -> dict[tuple[int, Stage], OptionArray | None]:
    """For each party asked and each stage a package ``(I,)`` that none of them minds, to look around from."""
    every = np.bitwise_or.reduce([case.red_lines.bits("declared", party) for party in case.protocol.asked])
    return {(p, stage): home(case, p, stage, every) for p in case.protocol.asked for stage in signable_stages(case)}


@once
def _declared(case: Case) -> Bits | None:
    """Per-option bits ``(I, K)`` of the boxes of the declared lines of those asked; None where there is none."""
    lines, asked = case.red_lines, case.protocol.asked
    boxes = [int(b) for b, line in zip(lines.box_of("declared"), lines.lines, strict=True) if line.party in asked]
    return narrow_tables(lines.boxes[boxes]) if boxes else None


def nobody_minds(case: Case, near: Around) -> BoolArray:
    """Which candidates ``(C, R)`` cross no declared line of those asked."""
    tables = _declared(case)
    if tables is None:
        return np.ones((near.near.candidates, near.runs), dtype=bool)
    clear: BoolArray = near.bits(tables).of(slice(None)) == 0
    return clear
