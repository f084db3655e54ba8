"""How an ending turns utility into value: values by kind of ending, durability, and the bound that goes with them.

The only file that knows, but for `quick`, which says the same in single precision, and the engine of the explorer
(`report/explorer/engine.js`), which says it in JavaScript; tests hold both to what is worked out here. A truce is its
term, then the war from the line agreed; an armistice or treaty lasts until somebody breaks it, and each party is
charged for what others do, never for its own attack. Guarantees, troops and caps count by what they make of the war
that would follow (signs: Fortna 2003, disputed by Lo, Hashimoto & Reiter 2008).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from sim.stakes.endings import Endings, Kind, Kinds
from sim.stakes.outlook import Outlook
from sim.stakes.space import FloatArray

Peace = dict[int, FloatArray]
"""By belligerent, the log of the chance that it does not attack within a year."""
YEAR = 12.0
"""Months over which chances to hold are told."""


class View(Protocol):
    """Packages seen one way (rows, a whole space, moves from where one stands), as arrays that broadcast together."""

    @property
    def kinds(self) -> Kinds:
        """The `Kind` of each package."""
        ...

    def utility(self, party: int) -> FloatArray:
        """A party's utility of each package, points a month."""
        ...

    def resumed(self, outlook: Outlook, party: int) -> FloatArray:
        """What the war that would follow each package is worth to a party."""
        ...

    def spread(self, column: FloatArray) -> FloatArray:
        """A column of runs ``(1|R,)`` such that it broadcasts to the packages."""
        ...

    def by_kind(self, table: FloatArray) -> FloatArray:
        """Numbers by kind ``(1|R, 5)`` for each package."""
        ...


def log_peace(
    endings: Endings | None,
    outlook: Outlook | None,
    view: View,
    belligerents: tuple[int, ...],
    only: int | None = None,
) -> Peace:
    """For each belligerent the log of the chance L that it does not attack within a year; nothing where no package of
    the view is meant to last. Deals made under pressure leave less reluctance to begin anew (Werner & Yuen 2005).

    Where ``only`` one party's value is asked for, its own attack is left out: nobody is charged for that.
    """
    if endings is None or outlook is None or not (view.kinds >= Kind.ARMISTICE).any():
        return {}
    start, slope = view.spread(endings.start), view.spread(endings.slope)
    found = {}
    for b in belligerents:
        if b != only:
            ready = reluctance(start, view.spread(outlook.imposed[:, b]))
            found[b] = log_calm(view.utility(b) - view.resumed(outlook, b), ready, slope)
    return found


def reluctance(start: FloatArray, imposed: FloatArray) -> FloatArray:
    """Points that stand against beginning anew: fewer, the more of a deal was imposed."""
    return start * (1.0 - imposed)


def log_calm(gain: FloatArray, reluctance: FloatArray, slope: FloatArray) -> FloatArray:
    """The log of the chance L that a belligerent does not attack within a year: L = 1 / (1 + exp(-(gain + reluctance) /
    slope)), with its gain U - W' over the war that would follow.
    """
    return -np.logaddexp(0.0, -(gain + reluctance) / slope)


def value(
    endings: Endings | None,
    outlook: Outlook | None,
    view: View,
    party: int,
    belligerents: tuple[int, ...],
    peace: Peace,
) -> FloatArray:
    """What packages are worth to a party when they must last; ``peace`` is their `log_peace`."""
    utility = view.utility(party)
    if endings is None or outlook is None:
        return utility
    kinds = view.kinds
    war, limited = view.spread(outlook.war[:, party]), view.spread(outlook.limited[:, party])
    found = np.where(kinds == Kind.LIMITED, limited, war)
    truce, lasts = kinds == Kind.TRUCE, kinds >= Kind.ARMISTICE
    if truce.any() or lasts.any():
        discount, after = view.spread(outlook.discount[:, party]), view.resumed(outlook, party)
        if truce.any():
            found = np.where(truce, truce_value(utility, discount, after), found)
        if lasts.any():
            year, blow = _from_others(endings, outlook, view, party, belligerents, peace)
            lasting = lasting_value(utility, discount, after, year, blow)
            found = lasting if lasts.all() else np.where(lasts, lasting, found)
    if found.shape == utility.shape:  # nearly always, and to ask takes less than to broadcast
        return found
    return np.broadcast_to(found, np.broadcast_shapes(found.shape, utility.shape))


def _from_others(
    endings: Endings, outlook: Outlook, view: View, party: int, belligerents: tuple[int, ...], peace: Peace
) -> tuple[FloatArray, FloatArray]:
    """The log of the chance that nobody else breaks the package within a year, and the sum of what each other's attack
    costs the party times the log of its peace.
    """
    year: FloatArray = view.by_kind(endings.log_hold)
    blow: FloatArray = np.zeros(1, dtype=year.dtype)
    for side, b in enumerate(belligerents):
        if b != party:
            year = year + peace[b]
            blow = blow + view.spread(outlook.attacked[:, party, side]) * peace[b]
    return year, blow


def truce_value(utility: FloatArray, discount: FloatArray, after: FloatArray) -> FloatArray:
    """A month of the package, then the war from the line agreed: (1-d) U + d W'. It lapses by itself."""
    return (1.0 - discount) * utility + discount * after


def lasting_value(
    utility: FloatArray, discount: FloatArray, after: FloatArray, year: FloatArray, blow: FloatArray
) -> FloatArray:
    """The package until somebody else breaks it, then the war that follows, less the blow:
    l U + (1-l) W' - d b f / (1 - d s), with s the chance a month that nobody else breaks it, b = 1 - s,
    l = (1-d) / (1 - d s), and f the mean loss when attacked.

    ``year`` is the log of s^12, ``blow`` the sum over attackers of their loss times the log of their peace, so that f
    is blow / year: the loss times the attackers' share of what breaks the deal.
    """
    stays = np.exp(year / YEAR)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = np.where(year < 0, blow / year, 0.0)
    whole = 1.0 - discount * stays
    share = (1.0 - discount) / whole
    return share * utility + (1.0 - share) * after - discount * (1.0 - stays) * loss / whole


def log_year(endings: Endings, view: View, peace: Peace) -> FloatArray:
    """The log of the chance that a package holds a year, whoever might break it; it means nothing for kinds that do not
    last.
    """
    year: FloatArray = view.by_kind(endings.log_hold)
    for calm in peace.values():
        year = year + calm
    return year


def least_utility(
    kind: Kind | None,
    floor: FloatArray,
    war: FloatArray,
    limited: FloatArray,
    discount: FloatArray,
    best_after: FloatArray,
    longest: FloatArray,
) -> FloatArray:
    """A utility ``(R,)`` that every package of a kind must have for a party to sign it; -inf where any will do.

    A lasting package is worth at most l U + (1-l) W' with l between 1 - d, if it breaks at once, and (1-d) / (1 - d s):
    so it meets the floor only when U - W' >= (floor - W') / l, which the largest l makes weakest where the floor lies
    above W' and the smallest where it lies below.

    Args:
        kind: how the packages end the fighting; None where no war is modelled.
        floor: the least value that the party signs for.
        war: the war going on; ``limited`` the same made cheaper.
        limited: see ``war``.
        discount: the party's, a month.
        best_after: the most that the war after any of the packages is worth to it.
        longest: the most, over the packages, of the log of the chance that nobody else breaks one within a year.
    """
    if kind is None:
        return floor
    if kind == Kind.TRUCE:
        return (floor - discount * best_after) / (1.0 - discount)
    if not kind.lasts:
        fixed = limited if kind == Kind.LIMITED else war
        return np.where(fixed >= floor - 1e-6, -np.inf, np.inf)
    behind = floor - best_after
    most = (1.0 - discount) / (1.0 - discount * np.exp(longest / YEAR))
    return best_after + behind / np.where(behind > 0, most, 1.0 - discount)
