"""Which packages of a space are worth their floor to a party, without working out to the last digit what each is worth.

All are valued by the same rules in single precision first, at a quarter of the cost. That is wrong by less than
`doubt` points, so a package farther from the floor lies on the side where it is seen. The rest are valued in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import BoolArray, FloatArray, OutcomeSpace

FEW = 1 << 13
"""Packages that are valued in full at once."""
CROWD = 16
"""One package of so many may lie near a floor; where more do, all are valued in full."""
ROUNDING = float(np.finfo(np.float32).eps)
"""How far apart two numbers near 1 are in single precision."""


def enough_over(case: Case, space: OutcomeSpace, parties: Sequence[int]) -> Iterator[BoolArray]:
    """Which packages of a space are worth their floor to each of some parties, an array of its shape for each.

    As the first row of the case has it.
    """
    asked = tuple(parties)
    if space.size < FEW or (case.audience is not None and case.audience.any()):
        yield from (
            _in_full(case, party, value) for party, value in zip(asked, case.values_over(space, asked), strict=True)
        )
        return
    near_by = doubt(case)
    for party, about in zip(asked, case.values_over(space, asked, precision=np.float32), strict=True):
        floor = float(case.floor(party)[0]) - TOLERANCE
        above = about - np.float32(floor)
        near = np.flatnonzero(~(np.abs(above) > near_by))  # what is no number is near too
        if len(near) * CROWD > space.size:
            yield _in_full(case, party, next(case.values_over(space, (party,))))
            continue
        enough = above > 0
        if len(near):
            enough.ravel()[near] = _in_full(case, party, case.value(party, space.packages(near)[None])[0])
        yield enough


def _in_full(case: Case, party: int, value: FloatArray) -> BoolArray:
    found: BoolArray = value >= case.floor(party)[0] - TOLERANCE
    return found


def doubt(case: Case) -> float:
    """Points by which a value worked out in single precision may be wrong, at most.

    With u the rounding and M the largest number of points there is: utilities and wars are rounded once, so a
    belligerent's gain is wrong by some 4 u M, which moves the log of the peace by that over the slope and the chance s
    that nobody attacks this month by a twelfth. A month's chance counts 1 / (1 - d) times in l and in what an attack
    costs, each of which multiplies at most 2 M points.
    """
    large = _largest(case)
    rounded = 8 * ROUNDING * large
    if case.outlook is None or case.endings is None:
        return rounded
    chance = rounded / (3 * float(case.endings.slope.min())) + 8 * ROUNDING
    return rounded + 8 * large * chance / float(1.0 - case.outlook.discount.max())


def _largest(case: Case) -> float:
    """The largest number of points that any utility, war or attack can come to, either way."""
    wants = case.preferences
    utilities = (np.abs(wants.weights[0]) * np.abs(wants.values).max(axis=2)).sum(axis=1).max()
    floors = max(abs(float(case.floor(party)[0])) for party in range(len(case.parties)))
    found = [1.0, floors, float(utilities + np.abs(wants.points).sum())]
    outlook = case.outlook
    if outlook is not None and case.endings is not None:
        ground, war = outlook.after.ground, outlook.after.war
        wars = max(np.abs(ground.height).max(), np.abs(ground.terms).max()) + np.abs(outlook.after.cost).max()
        others = (outlook.war, outlook.limited, outlook.attacked, case.endings.start, war.fixed)
        found += [float(wars), *(float(np.abs(column).max(initial=0.0)) for column in others)]
    return max(found)
