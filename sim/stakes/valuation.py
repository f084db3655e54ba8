"""How an ending turns utility into value: values by kind of ending, durability, and the bound that goes with them.

The only file that knows. A truce is a month's pause; an armistice or treaty may break down each month and then the war
goes on, with a loss for whoever is attacked after a pause. Deterrence by guarantees and troops follows Fortna (2003),
imposed terms that break sooner Werner & Yuen (2005) and Beardsley (2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.stakes.outlook import Outlook
from sim.stakes.space import FloatArray, OptionArray
from sim.stakes.terms import Additive

Kinds = npt.NDArray[np.int8]

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
    kinds: Kinds
    hold: FloatArray
    deterrence: FloatArray
    limited_cost: float

    def kind(self, packages: OptionArray) -> Kinds:
        """The `Kind` ``(...)`` of packages ``(..., I)``."""
        return self.kinds[packages[..., self.axis]]

    @cached_property
    def deters(self) -> Additive:
        """How well packages deter a new attack, 0 to 1."""
        issues = len(self.deterrence)
        return Additive(np.ones((1, issues)), self.deterrence, np.zeros(0), np.zeros((0, *self.deterrence.shape), bool))


class View(Protocol):
    """Packages seen one way (rows, a whole space, moves from where one stands), as arrays that broadcast together."""

    @property
    def kinds(self) -> Kinds:
        """The `Kind` of each package."""
        ...

    def utility(self, party: int) -> FloatArray:
        """A party's utility of each package, points a month."""
        ...

    def deterred(self) -> FloatArray:
        """How well each package deters a new attack, 0 to 1."""
        ...

    def expected(self, outlook: Outlook, party: int) -> Outlook:
        """What a party expects, such that it broadcasts to the packages."""
        ...


def value(endings: Endings | None, outlook: Outlook | None, view: View, party: int, monthly: FloatArray) -> FloatArray:
    """What packages are worth to a party when they must last; ``monthly`` is their `chance_of_breakdown`."""
    if endings is None or outlook is None:
        return view.utility(party)
    return worth(view.kinds, view.utility(party), view.expected(outlook, party), monthly)


def chance_of_breakdown(
    endings: Endings | None, outlook: Outlook | None, view: View, belligerents: tuple[int, ...], always: bool = False
) -> FloatArray:
    """The chance a month that each package breaks down; zero where none is meant to last, unless it is to be known
    ``always``.
    """
    if endings is None or outlook is None or not (always or (view.kinds >= Kind.ARMISTICE).any()):
        return np.zeros(1)
    expected = [view.expected(outlook, b) for b in belligerents]
    gains = [view.utility(b) - of_b.war for b, of_b in zip(belligerents, expected, strict=True)]
    return breakdown(endings.hold[view.kinds], gains, view.deterred(), [of_b.imposed for of_b in expected])


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
    return np.broadcast_to(found, np.broadcast_shapes(found.shape, utility.shape))


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


def least_utility(
    endings: Endings | None,
    outlook: Outlook | None,
    kind: Kind | None,
    party: int,
    floor: FloatArray,
    belligerents: tuple[int, ...],
    gains: list[FloatArray],
    deterred: FloatArray | float,
) -> FloatArray:
    """A utility ``(R,)`` that every package of a kind must have for the party to sign it; -inf where any will do.

    ``floor`` ``(1|R,)`` is the least value it signs for, ``gains`` ``(R,)`` the most that the belligerents could gain
    over the war, ``deterred`` the most that deters: they bound the monthly chance of breakdown from below. With
    q = d b the value of a lasting package meets the floor when (1-d) U >= floor (1-d) + q (floor - W + f), which is
    linear in q, so one of its ends is the weaker demand.
    """
    if endings is None or outlook is None or kind is None:
        return floor
    discount = outlook.discount[:, party]
    if kind == Kind.TRUCE:
        return (floor - discount * outlook.after_truce[:, party]) / (1.0 - discount)
    if not kind.lasts:
        fixed = outlook.limited[:, party] if kind == Kind.LIMITED else outlook.war[:, party]
        return np.where(fixed >= floor - 1e-6, -np.inf, np.inf)
    imposed = [outlook.imposed[:, b] for b in belligerents]
    broken = discount * breakdown(endings.hold[kind], gains, deterred, imposed)
    behind = floor - outlook.war[:, party] + outlook.attacked[:, party]
    return floor + np.minimum(broken * behind, discount * behind) / (1.0 - discount)
