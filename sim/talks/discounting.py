"""What waiting takes: a deal that is signed later gives less above what there is without one (Rubinstein 1982).

It changes no answer within a round, for all that can be signed then shrinks alike; it only says what is left.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import FloatArray, IntArray
from sim.talks.how_talks_end import Ending
from sim.talks.state import Talks


def discounts(case: Case) -> bool:
    """Whether time takes anything in some run."""
    return bool((case.protocol.discount < 1).any())


def kept(case: Case, rounds: int | IntArray) -> FloatArray:
    """The share ``(1|R, 1)`` of its gain above no deal that a deal keeps, signed in a round, or in one each ``(R,)``.

    It is d^(t - 1): the first round is now.
    """
    found: FloatArray = case.protocol.discount ** (np.asarray(rounds, dtype=float) - 1.0)
    return found[:, None]


def agreed_values(case: Case, talks: Talks) -> FloatArray:
    """What was agreed is worth to each party ``(R, P)`` at the end: r + (v - r) d^(t - 1), signed in round t."""
    values = case.values(talks.agreed, case.preferences.utilities(talks.agreed), talks.outlook)
    if not discounts(case):
        return values
    signed = np.where(talks.ending == Ending.SETTLEMENT, talks.ended, talks.tally.since)
    share, floor = kept(case, np.maximum(signed, 1)), talks.reservation
    return np.where(share == 1.0, values, floor + (values - floor) * share)
