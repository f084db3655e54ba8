"""What going on with a war is worth to each party, now or resumed from another line: a sum over months in closed form.

After Fearon (1995), Wagner (2000), Slantchev (2003) and Powell (2006). Packages and talks are not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sim.stakes.preferences import Preferences
from sim.stakes.space import FloatArray, IntArray, OptionArray
from sim.stakes.war import War, odds


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class Terrain:
    """What the war can come to for each party, whatever its state: it changes with preferences only.

    ``place`` ``(1|R, N, 1)`` are the shares, rising, at which the monthly utility of the status quo bends, ``beyond``
    ``(1|R, P)`` the last such share, ``height`` ``(1|R, N + 1, P)`` that utility there, and ``terms`` ``(1|R, 2, P)``
    the utility of what each belligerent would impose. ``standing`` is the option of the line that stands meanwhile.
    """

    place: FloatArray
    beyond: FloatArray
    height: FloatArray
    terms: FloatArray
    standing: int
    by_run: ClassVar[tuple[str, ...]] = ("place", "beyond", "height", "terms")

    def at(self, knot: int) -> FloatArray:
        """The share ``(1|R, 1|P)`` of a knot."""
        return self.place[:, knot] if knot < self.place.shape[1] else self.beyond


def terrain(war: War, preferences: Preferences, status_quo: OptionArray) -> Terrain:
    """The terrain of a war; ``status_quo`` ``(I,)`` is the package that stands while it goes on.

    Of several options at one share the status quo counts, else the later one, and so it does where the line has gone
    back behind an option: a value has no jump.
    """
    standing = int(status_quo[war.line])
    knots = {float(war.shares[k]): k for k in np.argsort(war.shares, kind="stable").tolist()}
    knots[float(war.shares[standing])] = standing
    chosen = list(knots.values())
    rows = np.repeat(status_quo[None], len(chosen), axis=0)
    rows[:, war.line] = chosen
    utility = [preferences.utilities(row[None]) for row in rows]
    step = preferences.weights[:, :, war.line] * (war.beyond_value - preferences.values[:, war.line, chosen[-1]])
    place, height = war.places(standing)[:, chosen, None], np.stack(utility, axis=1)
    now = [chosen.index(standing)]
    height = np.where(place == place[:, now], height[:, now], height)
    return Terrain(
        place=place,
        beyond=np.maximum(war.beyond_share[None], place[:, -1]),
        height=np.concatenate([height, height[:, -1:] + step[:, None]], axis=1),
        terms=np.stack([preferences.utilities(imposed[None]) for imposed in war.terms], axis=1),
        standing=standing,
    )


@dataclass(frozen=True, eq=False)
class Prospects:
    """What going on with a war is worth to each party, now or from another line and with other odds, in closed form.

    W = sum_k [d(1-h)]^k { (1-d)[g(x_k) - c] + d h [q_1 U(M_1) + q_2 U(M_2) + (1-q_1-q_2) g(x_k)] }, k < horizon,
    with d the discount, h the hazard, g(x) the utility of the status quo with the line at share x, M_b what belligerent
    b asks, q_b the odds of its terms, and c the cost. g is piecewise linear in x and x linear in k, so each piece is a
    geometric and an arithmetic-geometric sum.

    Fields: the state of the war and its beliefs, the `terrain` of the first day, and months of talks so far, for the
    cost of impatience; where these are some rows of a whole, the whole and which, so that nothing is worked out twice.
    """

    war: War
    ground: Terrain
    month: int = 0
    whole: tuple[Prospects, IntArray] | None = None
    by_run: ClassVar[tuple[str, ...]] = ("war", "ground")

    @cached_property
    def _sums(self) -> _Sums:
        return _Sums(self.war.discount * (1 - self.war.hazard[:, None]), self.war.horizon)

    @cached_property
    def _flows(self) -> dict[int, FloatArray]:
        return {}

    def flow(self, option: int | None = None) -> FloatArray:
        """sum_k [d(1-h)]^k g(x_k) ``(1|R, P)``, from the present line or from where an option draws it."""
        option = self.ground.standing if option is None else option
        if option not in self._flows:
            if self.whole is not None:
                whole, rows = self.whole
                found = whole.flow(option)
                self._flows[option] = found if len(found) == 1 else found[rows]
            else:
                share = self.war.places(self.ground.standing, [option])[:, 0]
                self._flows[option] = discounted_flow(share, self.war.believed_drift(), self.ground, self._sums)
        return self._flows[option]

    def flow_from(self, party: int, options: npt.NDArray[np.integer[Any]], runs: IntArray | None = None) -> FloatArray:
        """The `flow` to a party ``(N,)`` from the lines that ``options`` ``(N,)`` draw, in some runs, or in all."""
        if self.whole is not None:
            whole, rows = self.whole
            mine = rows if runs is None or len(rows) == 1 else rows[runs]
            return whole.flow_from(party, options, np.broadcast_to(mine, (len(options),)))
        if not len(options):
            return np.zeros(0)
        met = tuple(np.flatnonzero(np.bincount(options)).tolist())
        table = self._rows(party, met)
        place = np.zeros(met[-1] + 1, dtype=np.intp)
        place[list(met)] = np.arange(len(met)) * table.shape[1]
        cell = place.take(options)
        if table.shape[1] > 1:
            cell += np.arange(len(options)) if runs is None else runs
        return table.take(cell)

    def _rows(self, party: int, options: tuple[int, ...]) -> FloatArray:
        """The flow to a party ``(N, 1|R)`` from where each of some options draws the line, one under the other."""
        if (party, options) not in self._tables:
            columns = [self.flow(option)[:, party] for option in options]
            self._tables[party, options] = np.stack(np.broadcast_arrays(*columns))
        return self._tables[party, options]

    @cached_property
    def _tables(self) -> dict[tuple[int, tuple[int, ...]], FloatArray]:
        return {}

    @cached_property
    def months(self) -> FloatArray:
        """sum_k [d(1-h)]^k ``(1|R, P)``."""
        return self._sums.below(np.full((1, 1), float(self.war.horizon)))[0]

    @cached_property
    def cost(self) -> FloatArray:
        """What the war costs ``(1|R, P)``, as a negative number."""
        war = self.war
        return -self.months * (1 - war.discount) * (war.cost + war.impatience * self.month)

    def account(self) -> Account:
        """The parts of W as things stand ``(1|R, P)``."""
        war, terms = self.war, self.ground.terms
        first, second = odds(war.win[..., 0], war.win[..., 1])
        drawn, won = _weights(war.discount, war.hazard[:, None], first, second)
        won = self.months * won
        return Account(
            flow=drawn * self.flow(), first_wins=won * first * terms[:, 0], second_wins=won * second * terms[:, 1],
            cost=self.cost,
        )  # fmt: skip

    def resumed(self, party: int, flow: FloatArray, shift: FloatArray, spread: Spread) -> FloatArray:
        """What a resumed war is worth to a party, W'.

        Args:
            party: whose value.
            flow: the `flow` from the line agreed, per package.
            shift: of the first belligerent's odds, per package.
            spread: makes a column of runs ``(1|R,)`` broadcast to the packages.
        """
        war, ground = self.war, self.ground
        if not war.fights[party]:
            return np.broadcast_to(spread(war.fixed[:, party]), np.broadcast_shapes(flow.shape, shift.shape))
        first, second = odds(spread(war.win[:, party, 0]), spread(war.win[:, party, 1]), shift, spread(war.mirror))
        drawn, won = _weights(spread(war.discount[:, party]), spread(war.hazard), first, second)
        won = spread(self.months[:, party]) * won
        terms = [spread(ground.terms[:, side, party]) for side in (0, 1)]
        return drawn * flow + won * (first * terms[0] + second * terms[1]) + spread(self.cost[:, party])


Spread = Callable[[FloatArray], FloatArray]
"""Makes a column of runs ``(1|R,)`` broadcast to packages."""


def _weights(
    discount: FloatArray, hazard: FloatArray, first: FloatArray, second: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """How much a month without an end, or with one in exhaustion, counts; and a month with an end on terms."""
    return (1 - discount) + discount * hazard * (1 - (first + second)), discount * hazard


def discounted_flow(share: FloatArray, drift: FloatArray, ground: Terrain, sums: _Sums) -> FloatArray:
    """sum_k keep^k g(x + k drift) over the months below the horizon ``(R, P)``, by pieces of g.

    A share ``(R,)`` on a knot belongs to the piece above it, so where two options lie at one share the later one
    counts there. ``drift`` ``(R, P)``.
    """
    drift = drift + 0.0  # a zero that is not negative
    share, rising, horizon = share[:, None], drift >= 0, float(sums.horizon)
    knots = ground.height.shape[1]
    # Piece n lies between knots n-1 and n; a rising share enters it from below, a falling one from above.
    bounds = [np.where(rising, 0.0, horizon)]
    bounds += [_months_until(share, drift, ground.at(n), horizon) for n in range(knots)]
    bounds += [np.where(rising, horizon, 0.0)]
    total, before = np.zeros((1, 1)), sums.below(bounds[0])
    sign = np.where(rising, 1.0, -1.0)
    for piece in range(knots + 1):
        at, above = max(piece - 1, 0), min(piece, knots - 1)
        if (bounds[piece] == bounds[piece + 1]).all():
            continue  # nobody passes through it
        after = sums.below(bounds[piece + 1])
        width = ground.at(above) - ground.at(at)
        count, level = sign * (after[0] - before[0]), ground.height[:, at]
        if piece and (width > 0).any():
            slope = (ground.height[:, above] - level) / np.where(width > 0, width, 1.0) * (width > 0)
            weighted = sign * (after[1] - before[1])
            total = total + (level + slope * (share - ground.at(at))) * count + slope * drift * weighted
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
