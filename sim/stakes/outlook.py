"""What parties expect of the war: going on, made cheaper by a limited truce, resumed after a pause.

Worked out from the state of the war and everybody's beliefs; what a package is worth beside it is `valuation`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.stakes.preferences import Preferences
from sim.stakes.space import FloatArray, OptionArray
from sim.stakes.war import Terrain, War, account, terrain


@dataclass(frozen=True)
class Outlook:
    """What each party expects ``(1|R, P)``, in points a month: the war going on, a war made cheaper by a limited
    truce, and the war after a month's pause; with its discount a month and its loss when attacked after a pause.

    ``imposed`` is the share of what a party gave up that it gave up under pressure: such terms break sooner.
    """

    war: FloatArray
    limited: FloatArray
    after_truce: FloatArray
    discount: FloatArray
    attacked: FloatArray
    imposed: FloatArray
    by_run: ClassVar[tuple[str, ...]] = ("war", "limited", "after_truce", "discount", "attacked", "imposed")

    def of(self, party: int, dimensions: int, run: int | None = None) -> Outlook:
        """One party's outlook, in one run or all, so that it broadcasts to arrays ``(R, ...)`` of some dimensions."""
        wide = (-1, *[1] * (dimensions - 1))

        def mine(column: FloatArray) -> FloatArray:
            rows = column if run is None else column[[min(run, len(column) - 1)]]
            return rows[:, party].reshape(wide)

        return Outlook(**{name: mine(getattr(self, name)) for name in self.by_run})


def look_ahead(
    war: War,
    preferences: Preferences,
    status_quo: OptionArray,
    limited_cost: float,
    month: int = 0,
    paused: npt.ArrayLike = 0.0,
    imposed: FloatArray | None = None,
    ground: Terrain | None = None,
) -> Outlook:
    """The outlook under a state of the war and what everybody believes of it, after ``paused`` months of pause.

    ``limited_cost`` is the share of its cost that a war limited by a truce still has; ``ground`` is the war's
    `terrain`, where it is known already.
    """
    ground = terrain(war, preferences, status_quo) if ground is None else ground

    def settled(found: FloatArray) -> FloatArray:
        return np.where(war.fights, found, war.fixed)

    now = account(war, ground, paused, month)
    going_on = settled(now.total())
    after = going_on
    if war.pause_drift.any() or war.pause_win.any():
        later = account(war, ground, np.asarray(paused) + 1.0, month)
        after = settled(later.total())
    return Outlook(
        war=going_on,
        limited=settled(now.total(limited_cost)),
        after_truce=after,
        discount=war.discount,
        attacked=war.attacked,
        imposed=np.zeros((1, len(war.fights))) if imposed is None else imposed,
    )
