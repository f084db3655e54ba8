"""Packages under one draw of the numbers behind them: which are worth their floor to whom.

All are looked at in single precision first, as in `stakes.floors`; only those too near a floor are valued in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.endings import Kind, Kinds
from sim.stakes.floors import ROUNDING
from sim.stakes.outlook import Outlook
from sim.stakes.quick import above_floor, breach, discounted_losses, quick_calm, undisturbed
from sim.stakes.run_axis import of_run
from sim.stakes.space import BoolArray, FloatArray
from sim.stakes.valuation import YEAR, reluctance


@dataclass(frozen=True, eq=False)
class Drawn:
    """Some candidates ``(M,)`` under one draw, as `valuation.View`: ``worth`` and ``after`` ``(P, M)`` are the utility
    of each package and of the war that would follow it, ``run`` is the row of what the parties expect.
    """

    kinds: Kinds
    worth: FloatArray
    after: FloatArray
    run: int

    def utility(self, party: int) -> FloatArray:
        """A party's utility ``(M,)``."""
        return self.worth[party]

    def resumed(self, outlook: Outlook, party: int) -> FloatArray:
        """What the war that would follow each package is worth to a party ``(M,)``."""
        return self.after[party]

    def only(self, kept: BoolArray) -> Drawn:
        """Some of them."""
        return Drawn(self.kinds[kept], self.worth[:, kept], self.after[:, kept], self.run)

    def spread(self, column: FloatArray) -> FloatArray:
        """The draw's entry of a column."""
        return np.asarray(of_run(column, self.run))

    def by_kind(self, table: FloatArray) -> FloatArray:
        """Numbers by kind for each package."""
        return of_run(table, self.run)[self.kinds]


def first_looks(case: Case, drawn: Drawn, parties: Iterable[int]) -> Iterator[tuple[FloatArray, float]]:
    """How far above its floor each package is worth to some parties, times a number greater than 0 for each, and how
    wrong that may be; no number where it cannot be told so. There is a war, and nothing is said in public.
    """
    outlook, endings, run = case.outlook, case.endings, drawn.run
    assert outlook is not None and endings is not None
    slope, start = float(of_run(endings.slope, run)), of_run(endings.start, run)
    held = [of.take(drawn.kinds) for of in undisturbed(of_run(endings.log_hold, run))]
    calm, stays, doubts = {}, {}, {}
    for b in case.belligerents:
        ready = reluctance(start, of_run(outlook.imposed, run)[b])
        steep = ((drawn.after[b] - drawn.worth[b] - ready) / slope).astype(np.float32)
        calm[b], doubts[b] = quick_calm(steep), 4 * ROUNDING * float(np.abs(steep).max())
        stays[b] = np.exp(calm[b] / YEAR)
    known = {}
    for party in parties:
        others = tuple(b for b in case.belligerents if b != party)
        if others not in known:
            known[others] = breach(held[0], held[1], {b: calm[b] for b in others}, {b: stays[b] for b in others})
        breaks, parts = known[others]
        floor, discount = of_run(case.floor(party), run) - TOLERANCE, float(of_run(outlook.discount, run)[party])
        own = (1.0 - discount) * (drawn.worth[party] - floor)
        after = discount * (drawn.after[party] - floor)
        losses = discounted_losses(outlook, party, case.belligerents, run)
        above = above_floor(own.astype(np.float32), after.astype(np.float32), breaks, parts, losses)
        at_stake = float(np.abs(after).max()) + sum(abs(float(loss)) for loss in losses.values())
        doubt = sum(doubts[b] for b in others) / 2 + 24 * ROUNDING
        above[drawn.kinds < Kind.TRUCE] = np.nan  # the war goes on, or a cheaper one
        yield above, 4 * ROUNDING * float(np.abs(own).max()) + at_stake * doubt
