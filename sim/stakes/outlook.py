"""What parties expect of the war: going on, made cheaper by a limited truce, resumed after a deal.

Worked out from the state of the war and everybody's beliefs; what a package is worth beside it is `valuation`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.preferences import Preferences
from sim.stakes.prospects import Prospects, Terrain, terrain
from sim.stakes.run_axis import AllByRun
from sim.stakes.space import FloatArray, OptionArray
from sim.stakes.war import War


@dataclass(frozen=True, eq=False)
class Outlook(AllByRun):
    """What each party expects ``(1|R, P)``, in points a month: the war going on, and a war made cheaper by a limited
    truce; with its discount a month, what it loses ``(1|R, P, 2)`` when a belligerent attacks, and the war that would
    follow a deal.

    ``imposed`` is the share of what a party gave up that it gave up under pressure: it goes to war again more readily.
    """

    war: FloatArray
    limited: FloatArray
    discount: FloatArray
    attacked: FloatArray
    imposed: FloatArray
    after: Prospects


def look_ahead(
    war: War,
    preferences: Preferences,
    status_quo: OptionArray,
    limited_cost: float,
    month: int = 0,
    imposed: FloatArray | None = None,
    ground: Terrain | None = None,
) -> Outlook:
    """The outlook under a state of the war and what everybody believes of it.

    ``limited_cost`` is the share of its cost that a war limited by a truce still has; ``ground`` is the war's
    `terrain` of the first day, where it is known already.
    """
    after = Prospects(war, terrain(war, preferences, status_quo) if ground is None else ground, month)
    account = after.account()
    return Outlook(
        war=np.where(war.fights, account.total(), war.fixed),
        limited=np.where(war.fights, account.total(limited_cost), war.fixed),
        discount=war.discount,
        attacked=war.attacked,
        imposed=np.zeros((1, len(war.fights))) if imposed is None else imposed,
        after=after,
    )
