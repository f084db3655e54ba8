"""What a package is worth once it has to last: values by kind of ending, durability, and the war that waits behind.

A truce is a month's pause; an armistice or treaty may break down each month and then the war goes on, with a loss for
whoever is attacked after a pause. Deterrence by guarantees and troops follows Fortna (2003), imposed terms that break
sooner Werner & Yuen (2005) and Beardsley (2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.stakes.preferences import Preferences
from sim.stakes.space import FloatArray, OptionArray
from sim.stakes.war import Terrain, War, account, terrain

SLOPE = 8.0
"""Points of gain over the war that raise the odds of holding by a factor of e."""
SHELTER = 10.0
"""Points of gain that full deterrence is worth to holding, and that wholly imposed terms take away."""


class Kind(IntEnum):
    """How a package would stop the fighting."""

    NONE = 0
    LIMITED = 1
    TRUCE = 2
    ARMISTICE = 3
    TREATY = 4

    @property
    def lasts(self) -> bool:
        """Whether it is meant to last, so that its durability is a question."""
        return self >= Kind.ARMISTICE


@dataclass(frozen=True)
class Endings:
    """Which option of which issue is which `Kind`, how well kinds hold, and what deters.

    ``kinds`` ``(K,)`` by option of issue ``axis``; ``hold`` ``(5,)`` by kind is the chance that it holds a year when
    both belligerents gain much; ``deterrence`` ``(I, K)`` sums over the issues to between 0 and 1.
    """

    axis: int
    kinds: npt.NDArray[np.int8]
    hold: FloatArray
    deterrence: FloatArray
    limited_cost: float

    @cached_property
    def _deterring(self) -> list[int]:
        """The issues that deter at all."""
        return np.flatnonzero(self.deterrence.any(axis=1)).tolist()

    def kind(self, packages: OptionArray) -> npt.NDArray[np.int8]:
        """The `Kind` ``(...)`` of packages ``(..., I)``."""
        return self.kinds[packages[..., self.axis]]

    def deterred(self, packages: OptionArray) -> FloatArray:
        """How well packages ``(..., I)`` deter a new attack, 0 to 1."""
        found = np.zeros(packages.shape[:-1])
        for issue in self._deterring:
            found += self.deterrence[issue].take(packages[..., issue])
        return found


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
    endings: Endings,
    month: int = 0,
    paused: npt.ArrayLike = 0.0,
    imposed: FloatArray | None = None,
    ground: Terrain | None = None,
) -> Outlook:
    """The outlook under a state of the war and what everybody believes of it, after ``paused`` months of pause.

    ``ground`` is the war's `terrain`, where it is known already.
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
        limited=settled(now.total(endings.limited_cost)),
        after_truce=after,
        discount=war.discount,
        attacked=war.attacked,
        imposed=np.zeros((1, len(war.fights))) if imposed is None else imposed,
    )


def breakdown(
    hold: npt.ArrayLike, gains: list[FloatArray], deterred: npt.ArrayLike, imposed: list[FloatArray]
) -> FloatArray:
    """The chance a month that an armistice or treaty breaks down: b = 1 - H^(1/12).

    H = hold x product over belligerents of logistic((U - W + 10 D - 10 imposed) / 8) is the chance that it holds a
    year. ``gains`` are the belligerents' U - W, ``deterred`` is D, ``imposed`` the share of each one's concessions that
    were made under pressure; all broadcast against each other.
    """
    doubt: FloatArray = np.ones(1)
    for gain, pressed in zip(gains, imposed, strict=True):
        doubt = doubt * (1.0 + np.exp(-(gain + SHELTER * (np.asarray(deterred) - pressed)) / SLOPE))
    with np.errstate(divide="ignore"):  # what cannot hold breaks down at once
        return 1.0 - np.exp(np.log(doubt / np.asarray(hold, dtype=float)) / -12.0)


def worth(kind: npt.ArrayLike, utility: FloatArray, outlook: Outlook, monthly: FloatArray) -> FloatArray:
    """What packages of these kinds are worth, from their utility; everything broadcasts to the utility's shape."""
    kind = np.asarray(kind)
    found = np.where(kind == Kind.LIMITED, outlook.limited, outlook.war)
    truce, lasts = kind == Kind.TRUCE, kind >= Kind.ARMISTICE
    if truce.any():
        found = np.where(truce, truce_value(utility, outlook.discount, outlook.after_truce), found)
    if lasts.any():
        lasting = lasting_value(utility, outlook.discount, outlook.war, outlook.attacked, monthly)
        found = np.where(lasts, lasting, found)
    return np.broadcast_to(found, utility.shape) if found.shape != utility.shape else found


def holds_for(monthly: FloatArray, months: int) -> FloatArray:
    """The chance that an agreement holds some months, from its monthly chance of breakdown."""
    return (1.0 - monthly) ** months


def truce_value(utility: FloatArray, discount: FloatArray | float, after: FloatArray | float) -> FloatArray:
    """A month of the package, then the war after a pause: (1-d) U + d W'."""
    return (1.0 - discount) * utility + discount * after


def lasting_value(
    utility: FloatArray,
    discount: FloatArray | float,
    war: FloatArray | float,
    attacked: FloatArray | float,
    monthly: FloatArray,
) -> FloatArray:
    """The package until it breaks down, then the war less the loss: [(1-d) U + d b (W - f)] / [1 - d (1-b)]."""
    broken = discount * monthly
    return ((1.0 - discount) * utility + broken * (war - attacked)) / (1.0 - discount + broken)
