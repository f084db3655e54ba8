"""The war that parties return to: its state, what each believes of it, and what going on is worth to each.

A party's continuation value follows Fearon (1995), Wagner (2000), Slantchev (2003) and Powell (2006): the share of
territory held drifts, each month costs, and each month the war may end on one side's terms or in exhaustion at the
line. It is a sum over months in closed form; packages and talks are not known here.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.stakes.preferences import IDEAL, Preferences
from sim.stakes.space import BoolArray, FloatArray, OptionArray


@dataclass(frozen=True)
class War:
    """State of the war and each party's beliefs; leading axes are 1 or R. P parties, V levers, K options of a line.

    ``share`` ``(1|R,)`` is held by the first belligerent and drifts by ``drift`` ``(1|R, P)`` a month as each party
    believes, moved by levers (index less base, times ``lever_drift``). Each month the war ends with ``hazard``
    ``(1|R,)``; then on the terms of belligerent b with ``win`` ``(1|R, P, 2)``, else at the line. ``cost`` (points a
    month) grows by ``impatience`` for each month of talks; ``discount`` is per month; ``attacked`` is the loss when
    attacked after a pause. ``shares`` ``(K,)`` place the options of issue ``line`` on the share held; beyond the last
    one a party's value runs to ``beyond_value`` at ``beyond_share`` ``(P,)`` and stays. After a pause of n months the
    drift falls by n ``pause_drift`` and the odds shift by n ``pause_win`` from the first belligerent, half of it to
    the second. Parties not in ``fights`` ``(P,)`` have a ``fixed`` value ``(1|R, P)`` instead.

    In the talks the front moves by ``real_drift`` and a noise of sd ``sigma`` a month, and parties learn of the drift
    from it, each prior belief having sd ``prior`` (all ``(1|R,)``), unless the war is ``frozen``.
    """

    share: FloatArray
    hazard: FloatArray
    horizon: int
    sigma: FloatArray
    prior: FloatArray
    real_drift: FloatArray
    frozen: bool
    drift: FloatArray
    win: FloatArray
    cost: FloatArray
    impatience: FloatArray
    discount: FloatArray
    attacked: FloatArray
    lever_index: FloatArray
    lever_base: FloatArray
    lever_drift: FloatArray
    line: int
    shares: FloatArray
    beyond_share: FloatArray
    beyond_value: FloatArray
    terms: OptionArray
    pause_drift: FloatArray
    pause_win: FloatArray
    fights: BoolArray
    fixed: FloatArray
    by_run: ClassVar[tuple[str, ...]] = (
        "share", "hazard", "sigma", "prior", "real_drift", "drift", "win", "cost", "impatience", "discount", "attacked",
        "lever_index", "pause_drift", "pause_win", "fixed",
    )  # fmt: skip

    def believed_drift(self, paused: npt.ArrayLike = 0.0) -> FloatArray:
        """The monthly change of the share that each party expects ``(1|R, P)``, after months of pause ``(1|R,)``."""
        months = np.atleast_1d(np.asarray(paused, dtype=float))
        return self.drift + (self.pushed() - self.pause_drift * months)[:, None]

    def pushed(self) -> FloatArray:
        """What the levers add to the monthly change of the share ``(1|R,)``, in everybody's eyes and in fact."""
        return functools.reduce(
            np.add,
            ((self.lever_index[:, v] - self.lever_base[v]) * self.lever_drift[v] for v in range(len(self.lever_base))),
            np.zeros(1),
        )

    def believed_odds(self, paused: npt.ArrayLike = 0.0) -> tuple[FloatArray, FloatArray]:
        """The chances that a war which ends does so on each belligerent's terms, as each believes ``(1|R, P)``."""
        shift = (self.pause_win * np.atleast_1d(np.asarray(paused, dtype=float)))[:, None]
        first = np.clip(self.win[..., 0] - shift, 0.0, 1.0)
        second = np.clip(self.win[..., 1] + shift / 2, 0.0, 1.0)
        whole = np.maximum(first + second, 1.0)
        return first / whole, second / whole


@dataclass(frozen=True)
class Account:
    """Where each party's continuation value comes from, in points a month ``(R, P)``; the parts sum to the total."""

    flow: FloatArray
    """What the party holds while the war goes on, and at the line if it ends in exhaustion."""
    first_wins: FloatArray
    second_wins: FloatArray
    """The end of the war on either belligerent's terms."""
    cost: FloatArray
    """What the war costs, as a negative number."""

    def total(self, cost_share: npt.ArrayLike = 1.0) -> FloatArray:
        """The continuation value W, when a share of the monthly cost is borne (a limited truce spares some)."""
        return self.flow + self.first_wins + self.second_wins + np.asarray(cost_share) * self.cost


@dataclass(frozen=True)
class Terrain:
    """What the war can come to for each party, whatever its state: it changes with preferences only.

    ``place`` ``(1, N, P)`` are the shares, rising, at which the monthly utility of the status quo bends, ``height``
    ``(1|R, N, P)`` that utility there, and ``terms`` ``(1|R, 2, P)`` the utility of what each belligerent would impose.
    """

    place: FloatArray
    height: FloatArray
    terms: FloatArray
    by_run: ClassVar[tuple[str, ...]] = ("height", "terms")


def terrain(war: War, preferences: Preferences, status_quo: OptionArray) -> Terrain:
    """The terrain of a war; ``status_quo`` ``(I,)`` is the package that stands while it goes on."""
    order = np.argsort(war.shares, kind="stable")
    rows = np.repeat(status_quo[None], len(order), axis=0)
    rows[:, war.line] = order
    utility = [preferences.utilities(row[None]) for row in rows]
    step = preferences.weights[:, :, war.line] * (war.beyond_value - preferences.values[:, war.line, order[-1]])
    shares = [np.full_like(war.beyond_share, share) for share in war.shares[order]]
    return Terrain(
        place=np.stack([*shares, war.beyond_share])[None],
        height=np.stack([*utility, utility[-1] + step], axis=1),
        terms=np.stack([preferences.utilities(imposed[None]) for imposed in war.terms], axis=1),
    )


def account(war: War, ground: Terrain, paused: npt.ArrayLike = 0.0, month: int = 0) -> Account:
    """What going on with the war is worth to each party, in its parts ``(R, P)``, in points a month.

    W = sum_k [d(1-h)]^k { (1-d)[g(x_k) - c] + d h [q_1 U(M_1) + q_2 U(M_2) + (1-q_1-q_2) g(x_k)] }, k < horizon,
    with d the discount, h the hazard, g(x) the utility of the status quo with the line at share x, M_b what belligerent
    b asks, and c the cost. g is piecewise linear in x and x linear in k, so each piece is a geometric and an
    arithmetic-geometric sum.

    Args:
        war: state and beliefs.
        ground: what the war can come to.
        paused: months of pause that went before, ``(1|R,)``.
        month: months of talks so far, for the cost of impatience.
    """
    discount, hazard = war.discount, war.hazard[:, None]
    first, second = war.believed_odds(paused)
    sums = _Sums(discount * (1 - hazard), war.horizon)
    months = sums.below(np.full((1, 1), float(war.horizon)))[0]
    won = months * discount * hazard
    drawn = (1 - discount) + discount * hazard * (1 - (first + second))
    return Account(
        flow=drawn * discounted_flow(war.share, war.believed_drift(paused), ground, sums),
        first_wins=won * first * ground.terms[:, 0],
        second_wins=won * second * ground.terms[:, 1],
        cost=-months * (1 - discount) * (war.cost + war.impatience * month),
    )


def continuation(
    war: War,
    preferences: Preferences,
    status_quo: OptionArray,
    paused: npt.ArrayLike = 0.0,
    cost_share: npt.ArrayLike = 1.0,
    month: int = 0,
) -> FloatArray:
    """What going on is worth to each party ``(R, P)``: the account's total, or the number that stands for a war."""
    found = account(war, terrain(war, preferences, status_quo), paused, month).total(cost_share)
    return np.where(war.fights, found, war.fixed)


def discounted_flow(share: FloatArray, drift: FloatArray, ground: Terrain, sums: _Sums) -> FloatArray:
    """sum_k keep^k g(x + k drift) over the months below the horizon ``(R, P)``, by pieces of g.

    A share ``(R,)`` on a knot belongs to the piece above it, so where two options lie at one share the later one
    counts there. ``drift`` ``(R, P)``.
    """
    drift = drift + 0.0  # a zero that is not negative
    share, rising, horizon = share[:, None], drift >= 0, float(sums.horizon)
    knots = ground.place.shape[1]
    # Piece n lies between knots n-1 and n; a rising share enters it from below, a falling one from above.
    bounds = [np.where(rising, 0.0, horizon)]
    bounds += [_months_until(share, drift, ground.place[:, n], horizon) for n in range(knots)]
    bounds += [np.where(rising, horizon, 0.0)]
    total, before = np.zeros((1, 1)), sums.below(bounds[0])
    sign = np.where(rising, 1.0, -1.0)
    for piece in range(knots + 1):
        at, above = max(piece - 1, 0), min(piece, knots - 1)
        if (bounds[piece] == bounds[piece + 1]).all():
            continue  # nobody passes through it
        after = sums.below(bounds[piece + 1])
        width = ground.place[:, above] - ground.place[:, at]
        count, level = sign * (after[0] - before[0]), ground.height[:, at]
        if piece and (width > 0).any():
            slope = (ground.height[:, above] - level) / np.where(width > 0, width, 1.0) * (width > 0)
            weighted = sign * (after[1] - before[1])
            total = total + (level + slope * (share - ground.place[:, at])) * count + slope * drift * weighted
        else:
            total = total + level * count
        before = after
    return total


def _months_until(share: FloatArray, drift: FloatArray, at: FloatArray, horizon: float) -> FloatArray:
    """The first month at or past a share when it rises; the first month below it when it falls.

    A share on which nobody moves is reached at once or never. What is past already would be a negative month.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        months = (at - share) / drift
        found = np.ceil(months)
        falling = drift < 0
        if falling.any():
            found = np.where(falling, np.floor(months) + 1.0, found)
    return np.fmin(np.fmax(found, 0.0), horizon)


class _Sums:
    """Sums of keep^k and of k keep^k over the months k below a whole number of months.

    Where all runs keep alike the sums come from a table: the same bits as working each one out, for less.
    """

    def __init__(self, keep: FloatArray, horizon: int) -> None:
        self.keep, self.horizon = keep, horizon
        self.tables = None
        if len(keep) == 1:
            every = np.arange(horizon + 1.0)[:, None]
            self.tables = [table.ravel() for table in self._summed(np.broadcast_to(every, (len(every), keep.shape[1])))]

    def below(self, months: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Both sums ``(R, P)`` for a number of months ``(R, P)``."""
        if self.tables is None:
            return self._summed(months)
        parties = self.keep.shape[1]
        place = months.astype(np.intp) * parties + np.arange(parties)
        return self.tables[0].take(place), self.tables[1].take(place)

    def _summed(self, months: FloatArray) -> tuple[FloatArray, FloatArray]:
        power, rest = self.keep**months, 1 - self.keep
        return (1 - power) / rest, (self.keep * (1 - power) / rest - months * power) / rest


def lottery(win: npt.ArrayLike, cost: npt.ArrayLike) -> FloatArray:
    """The textbook war: a party's share of the stake times the chance to win it all, less its cost; in points.

    ``win`` and ``cost`` are shares of the stake, which is worth 100 points (Fearon 1995).
    """
    return IDEAL * (np.asarray(win, dtype=float) - np.asarray(cost, dtype=float))
