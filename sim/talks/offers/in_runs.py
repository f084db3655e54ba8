"""Whole packages, each in some run, for rules that look farther than two moves: how far from an offer, or from lines.

Whose offers and lines these are, and what follows, is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.run_axis import once
from sim.stakes.space import BoolArray, IntArray, OptionArray
from sim.talks.offers.moves import Numbers, neighbours


@dataclass(frozen=True, eq=False)
class Asked:
    """What somebody last asked for, thing by thing: an offer ``(N, I)``, how much each issue ``matters`` to it
    ``(N, I)`` in whole numbers, and how much it ``counts`` itself ``(N,)``.
    """

    offers: OptionArray
    matters: IntArray
    counts: npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class InRuns:
    """Packages ``(N, I)``, each in a run ``(N,)``."""

    packages: OptionArray
    run: Numbers

    def apart(self, case: Case, asked: Asked) -> IntArray:
        """How far ``(N,)`` each is from an offer: steps in whole units by how much the issue matters, summed."""
        away = np.abs(steps_towards(case, self.packages, asked.offers))
        found: IntArray = (asked.matters * away) @ steps_weigh(case)
        return found


def steps_towards(case: Case, here: OptionArray, there: OptionArray) -> npt.NDArray[np.int8]:
    """Steps on each issue ``(..., I)`` from packages up to others, less than 0 down; where options are no levels, any
    two are a step apart.
    """
    steps: npt.NDArray[np.int8] = there - here
    nominal = ~levels(case)
    steps[..., nominal] = steps[..., nominal] != 0
    return steps


@once
def levels(case: Case) -> BoolArray:
    """Whether the options of each issue ``(I,)`` are levels."""
    return np.array([issue.ordered for issue in case.space.issues])


@once
def steps_weigh(case: Case) -> IntArray:
    """The weight of a step on each issue ``(I,)``, in whole units of the farthest distance."""
    unit = neighbours(case).unit
    return np.array([unit // max(issue.span, 1) for issue in case.space.issues])
