"""How much a party still asks for as time passes and as the others give.

Names: time-dependent tactic, Boulware, conceder, relative tit for tat (Faratin, Sierra & Jennings 1998). Only the
target is decided here.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import FloatArray
from sim.stakes.stages import Stage
from sim.talks.state import Talks


def aspiration(
    reservation: FloatArray, best: FloatArray, exponent: FloatArray, round_: int, deadline: int
) -> FloatArray:
    """Utility still asked for: r + (1 - F)(best - r) with F = (min(t, T) / T)^(1/exponent); shapes broadcast.

    ``exponent`` below 1 is Boulware, above 1 a conceder (others use the inverse). At the deadline the target is r.

    >>> low, high, linear = np.array([40.0]), np.array([100.0]), np.array([1.0])
    >>> [float(aspiration(low, high, linear, t, 24)[0]) for t in (0, 12, 24)]
    [100.0, 70.0, 40.0]
    """
    conceded = (min(round_, deadline) / deadline) ** (1.0 / exponent)
    target: FloatArray = reservation + (1.0 - conceded) * np.maximum(best - reservation, 0.0)
    return target


def floors(case: Case, talks: Talks) -> FloatArray:
    """The least value ``(R, P)`` that each can sign for: its reservation value, and what ratification asks more."""
    return talks.reservation if case.home is None else talks.reservation + case.home


def targets(case: Case, talks: Talks) -> FloatArray:
    """The utility that each party asks of a package of each `Stage` this round ``(R, P, 4)``; never below its floor.

    The clock asks for r + (1 - F) o (best - r), o being the opening; tit for tat for the best less what others' moves
    gave before this round; the tactic's weight mixes the two. At the deadline everybody asks for its floor. Of a
    partial deal, which is worth a cheaper war whatever it says, nobody asks for more than its best.
    """
    tactics, low = case.tactics, floors(case, talks)[..., None]
    if case.partial is not None:
        part = np.arange(talks.best.shape[-1]) == Stage.PARTIAL
        low = np.where(part, np.minimum(low, talks.best), low)
    top = low + tactics.opening[..., None] * np.maximum(talks.best - low, 0.0)
    clock = aspiration(low, top, tactics.exponent[..., None], talks.round, case.protocol.deadline)
    weight = tactics.tit_for_tat[..., None]
    if not weight.any() or talks.round >= case.protocol.deadline:
        return clock
    given = np.maximum(top - talks.heard.gave[..., None], low)
    return np.where(weight > 0, (1.0 - weight) * clock + weight * given, clock)


def target_of(asked: FloatArray, stage: np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> FloatArray:
    """The target ``(R, P)`` of packages of these stages ``(R,)``, out of the targets ``(R, P, 4)``."""
    found: FloatArray = asked[np.arange(len(stage)), :, stage]
    return found
