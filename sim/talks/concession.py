"""How much a party still asks for as time passes and as the others give.

Names: time-dependent tactic, Boulware, conceder, relative tit for tat (Faratin, Sierra & Jennings 1998). Only the
target is decided here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.space import FloatArray, IntArray
from sim.stakes.stages import Stage
from sim.talks.state import Talks

NOTHING_ASKED = -1e6
"""The target of a party whose time is over: below every utility, so that its lines and its floor alone decide."""


def aspiration(
    reservation: FloatArray, best: FloatArray, exponent: FloatArray, round_: int, horizon: npt.ArrayLike
) -> FloatArray:
    """Utility still asked for: r + (1 - F)(best - r) with F = (min(t, h) / h)^(1/exponent); shapes broadcast.

    ``exponent`` below 1 is Boulware, above 1 a conceder (others use the inverse). At the horizon h it comes to r.

    >>> low, high, linear = np.array([40.0]), np.array([100.0]), np.array([1.0])
    >>> [float(aspiration(low, high, linear, t, 24)[0]) for t in (0, 12, 24)]
    [100.0, 70.0, 40.0]
    """
    horizon = np.asarray(horizon)
    conceded = (np.minimum(round_, horizon) / horizon) ** (1.0 / exponent)
    return reservation + (1.0 - conceded) * np.maximum(best - reservation, 0.0)


def floors(case: Case, talks: Talks, party: int | slice = slice(None)) -> FloatArray:
    """The least value ``(R, P)`` that each can sign for, or ``(R,)`` one party: its reservation value, and what
    ratification asks more.
    """
    low = talks.reservation[:, party]
    return low if case.home is None else low + case.home[:, party]


def horizons(case: Case) -> IntArray:
    """The round ``(1|R, P)`` from which on each party asks for nothing but its floor and its lines."""
    own = case.tactics.horizon
    return np.where(own > 0, own, case.protocol.earliest)


def targets(case: Case, talks: Talks) -> FloatArray:
    """The utility that each party asks of a package of each `Stage` this round ``(R, P, 4)``.

    The clock asks for r + (1 - F) o (best - r), o being the opening; tit for tat for the best less what others' moves
    gave before this round; the tactic's weight mixes the two. From its horizon on a party has no target any more. Of a
    partial deal, which is worth a cheaper war whatever it says, nobody asks for more than its best.
    """
    tactics, low = case.tactics, floors(case, talks)[..., None]
    if case.partial is not None:
        part = np.arange(talks.best.shape[-1]) == Stage.PARTIAL
        low = np.where(part, np.minimum(low, talks.best), low)
    top = low + tactics.opening[..., None] * np.maximum(talks.best - low, 0.0)
    horizon = horizons(case)[..., None]
    asked = aspiration(low, top, tactics.exponent[..., None], talks.round, horizon)
    weight = tactics.tit_for_tat[..., None]
    if weight.any():
        given = np.maximum(top - talks.heard.gave[..., None], low)
        asked = np.where(weight > 0, (1.0 - weight) * asked + weight * given, asked)
    return np.where(talks.round >= horizon, NOTHING_ASKED, asked)


def target_of(asked: FloatArray, stage: np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> FloatArray:
    """The target ``(R, P)`` of packages of these stages ``(R,)``, out of the targets ``(R, P, 4)``."""
    return asked[np.arange(len(stage)), :, stage]


def shown(target: float, floor: float) -> float:
    """A target as people read it: the floor for a party whose time is over."""
    return target if target > NOTHING_ASKED else floor
