"""The war that parties return to: its state, what each believes of it, and what going on is worth to each.

A party's continuation value follows Fearon (1995), Wagner (2000), Slantchev (2003) and Powell (2006): the share of
territory held drifts, each month costs, and each month the war may end on one side's terms or in exhaustion at the
line. It is a sum over months in closed form; packages and talks are not known here.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    the second. Parties not in ``fights`` ``(P,)`` have a ``fixed`` value instead.
    """

    share: FloatArray
    hazard: FloatArray
    horizon: int
    sigma: float
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

    def believed_drift(self, party: int, paused: float = 0.0) -> FloatArray:
        """The monthly change of the share that a party expects ``(1|R,)``."""
        pushed = ((self.lever_index - self.lever_base) * self.lever_drift).sum(axis=-1)
        return self.drift[:, party] + pushed - self.pause_drift * paused

    def believed_odds(self, party: int, paused: float = 0.0) -> FloatArray:
        """The chances ``(1|R, 2)`` that a war which ends does so on each belligerent's terms, as a party believes."""
        shift = np.stack([-self.pause_win, self.pause_win / 2], axis=-1) * paused
        odds = np.clip(self.win[:, party] + shift, 0.0, 1.0)
        return odds / np.maximum(odds.sum(axis=-1, keepdims=True), 1.0)


def continuation(
    war: War,
    preferences: Preferences,
    status_quo: OptionArray,
    paused: float = 0.0,
    cost_share: float = 1.0,
    month: int = 0,
) -> FloatArray:
    """What going on with the war is worth to each party ``(1|R, P)``, in points a month.

    W = sum_k [d(1-h)]^k { (1-d)[g(x_k) - c] + d h [q_1 U(M_1) + q_2 U(M_2) + (1-q_1-q_2) g(x_k)] }, k < horizon,
    with d the discount, h the hazard, g(x) the utility of the status quo with the line at share x, M_b what belligerent
    b asks, and c the cost. g is piecewise linear in x and x linear in k, so each piece is a geometric and an
    arithmetic-geometric sum.

    Args:
        war: state and beliefs.
        preferences: what every party wants.
        status_quo: the package ``(I,)`` that stands while the war goes on.
        paused: months of pause that went before.
        cost_share: share of the monthly cost that is borne (a limited truce spares some).
        month: months of talks so far, for the cost of impatience.
    """
    found = [
        account(war, preferences, status_quo, party, paused, cost_share, month).total
        if war.fights[party]
        else np.broadcast_to(war.fixed[party], (1,))
        for party in range(len(war.fights))
    ]
    runs = max(len(column) for column in found)
    return np.stack([np.broadcast_to(column, (runs,)) for column in found], axis=1)


@dataclass(frozen=True)
class Account:
    """Where a party's continuation value comes from, in points a month ``(R,)``; the parts sum to the total."""

    flow: FloatArray
    """What the party holds while the war goes on, and at the line if it ends in exhaustion."""
    first_wins: FloatArray
    second_wins: FloatArray
    """The end of the war on either belligerent's terms."""
    cost: FloatArray
    """What the war costs, as a negative number."""

    @property
    def total(self) -> FloatArray:
        """The continuation value W."""
        return self.flow + self.first_wins + self.second_wins + self.cost


def account(
    war: War,
    preferences: Preferences,
    status_quo: OptionArray,
    party: int,
    paused: float = 0.0,
    cost_share: float = 1.0,
    month: int = 0,
) -> Account:
    """A party's continuation value in its parts; arguments as in `continuation`."""
    discount, hazard = war.discount[:, party], war.hazard
    odds, keep = war.believed_odds(party, paused), discount * (1 - hazard)
    months = _below(keep, np.full(1, war.horizon))[0]
    drawn = (1 - discount) + discount * hazard * (1 - odds.sum(axis=-1))
    wins = [
        months * discount * hazard * odds[:, side] * preferences.utility(party, war.terms[side][None])
        for side in range(2)
    ]
    cost = cost_share * (war.cost[:, party] + war.impatience[:, party] * month)
    return Account(
        flow=drawn * discounted_flow(war, preferences, status_quo, party, war.believed_drift(party, paused), keep),
        first_wins=wins[0],
        second_wins=wins[1],
        cost=-months * (1 - discount) * cost,
    )


def knots(war: War, preferences: Preferences, status_quo: OptionArray, party: int) -> tuple[FloatArray, FloatArray]:
    """Shares ``(N,)``, rising, and a party's monthly utility of the status quo with the line there ``(W, N)``."""
    order = np.argsort(war.shares, kind="stable")
    rows = np.repeat(status_quo[None], len(order), axis=0)
    rows[:, war.line] = order
    utility = preferences.utility(party, rows[None])
    weight = preferences.weights[:, party, war.line]
    step = weight * (war.beyond_value[party] - preferences.values[party, war.line, order[-1]])
    return (
        np.append(war.shares[order], war.beyond_share[party]),
        np.concatenate([utility, (utility[:, -1] + step)[:, None]], axis=1),
    )


def discounted_flow(
    war: War,
    preferences: Preferences,
    status_quo: OptionArray,
    party: int,
    drift: FloatArray,
    keep: FloatArray,
) -> FloatArray:
    """sum_k keep^k g(x + k drift) over the months below the horizon ``(R,)``, by pieces of g.

    A share on a knot belongs to the piece above it, so where two options lie at one share the later one counts there.
    """
    place, height = knots(war, preferences, status_quo, party)
    share, last = war.share, len(place) - 1
    reached = [_months_until(share, drift, at, war.horizon) for at in place]
    sums = [_below(keep, months) for months in reached]
    zero = np.zeros(1)
    none, whole = (zero, zero), _below(keep, np.full(1, war.horizon))
    rising = drift >= 0
    total = np.zeros(1)
    for piece in range(-1, last + 1):
        low = sums[piece] if piece >= 0 else None
        high = sums[piece + 1] if piece < last else None
        first = _chosen(rising, low or none, high or none)
        after = _chosen(rising, high or whole, low or whole)
        count, weighted = after[0] - first[0], after[1] - first[1]
        at = max(piece, 0)
        slope = zero
        if 0 <= piece < last and place[piece + 1] > place[piece]:
            slope = (height[:, piece + 1] - height[:, piece]) / (place[piece + 1] - place[piece])
        total = total + (height[:, at] + slope * (share - place[at])) * count + slope * drift * weighted
    return total


Pair = tuple[FloatArray, FloatArray]


def _chosen(rising: BoolArray, up: Pair, down: Pair) -> Pair:
    return np.where(rising, up[0], down[0]), np.where(rising, up[1], down[1])


def _months_until(share: FloatArray, drift: FloatArray, at: float, horizon: int) -> FloatArray:
    """The first month at or past a share when it rises; the first month below it when it falls."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        months = (at - share) / drift
        up = np.where(share >= at, 0.0, np.ceil(months))
        down = np.where(share < at, 0.0, np.floor(months) + 1.0)
    found: FloatArray = np.clip(
        np.where(drift > 0, up, np.where(drift < 0, down, np.where(share >= at, 0.0, horizon))), 0, horizon
    )
    return found


def _below(keep: FloatArray, months: FloatArray) -> Pair:
    """Sum of keep^k and of k keep^k over the months k below a number of months."""
    power, rest = keep**months, 1 - keep
    return (1 - power) / rest, (keep * (1 - power) / rest - months * power) / rest


def lottery(win: npt.ArrayLike, cost: npt.ArrayLike) -> FloatArray:
    """The textbook war: a party's share of the stake times the chance to win it all, less its cost; in points.

    ``win`` and ``cost`` are shares of the stake, which is worth 100 points (Fearon 1995).
    """
    return IDEAL * (np.asarray(win, dtype=float) - np.asarray(cost, dtype=float))
