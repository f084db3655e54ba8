"""How much a party still asks for as time passes.

Names: time-dependent tactic, Boulware, conceder (Faratin, Sierra & Jennings 1998). Only the target is decided here.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case, Stage
from sim.stakes.space import FloatArray, OptionArray
from sim.talks.state import Talks


def aspiration(
    reservation: FloatArray, best: FloatArray, exponent: FloatArray, round_: int, deadline: int
) -> FloatArray:
    """Utility ``(R,)`` still asked for: r + (1 - F)(best - r) with F = (min(t, T) / T)^(1/exponent).

    ``exponent`` below 1 is Boulware, above 1 a conceder (others use the inverse). At the deadline the target is r.

    >>> low, high, linear = np.array([40.0]), np.array([100.0]), np.array([1.0])
    >>> [float(aspiration(low, high, linear, t, 24)[0]) for t in (0, 12, 24)]
    [100.0, 70.0, 40.0]
    """
    conceded = (min(round_, deadline) / deadline) ** (1.0 / exponent)
    target: FloatArray = reservation + (1.0 - conceded) * np.maximum(best - reservation, 0.0)
    return target


def least(case: Case, party: int, talks: Talks) -> FloatArray:
    """The least value ``(R,)`` that a party can sign for: its reservation value, and what ratification asks more."""
    return talks.reservation[:, party] + (0.0 if case.home is None else case.home[party])


def targets(case: Case, party: int, talks: Talks) -> FloatArray:
    """The utility a party asks of a package of each `Stage` this round ``(R, 3)``; never below what it can sign for."""
    reservation = least(case, party, talks)[:, None]
    exponent = talks.exponent[:, party, None]
    return aspiration(reservation, talks.best[:, party], exponent, talks.round, case.protocol.deadline)


def target_for(case: Case, party: int, talks: Talks, packages: OptionArray) -> FloatArray:
    """The target ``(R, ...)`` that applies to each of these packages ``(R, ..., I)``, by their stage."""
    asked = targets(case, party, talks)
    stage = case.stage(packages)
    run = np.arange(len(asked)).reshape(-1, *[1] * (stage.ndim - 1))
    found: FloatArray = asked[run, np.maximum(stage, Stage.SHORT)]
    return found
