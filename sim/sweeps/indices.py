"""Which fields explain an outcome, and how sure that is: Sobol indices of a Saltelli design, first-order ones of any.

What chance adds within a case is left out, by products of different replications alone. Indices describe the ranges
that were asked for, nothing beyond them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.stakes.space import BoolArray, FloatArray, IntArray
from sim.sweeps.design import SCRAMBLES
from sim.sweeps.intervals import student
from sim.sweeps.noise import FEWEST_OWN, FEWEST_SHARED

FEWEST_SHARED_FIRST = 16
"""Draws that all cases share, below which first-order indices of any design are not told."""
GROUPS = 20
"""Groups of cases, each of which is left out once."""
FEWEST_CASES = 10
CHANCE = 0.025
"""How often a field that does nothing may be said to explain something."""


@dataclass(frozen=True)
class Outcome:
    """What is explained: of each case what each of its replications gave ``(N, R)``, of the cases that are ``known``.

    One that is ``exact`` is the same in every run of a case and has one column. A run without an answer is -1.
    """

    values: IntArray
    known: BoolArray
    common: bool = False
    exact: bool = False

    def told(self, fewest_shared: int) -> bool:
        """Whether there are draws enough to tell what fields explain."""
        return self.exact or self.values.shape[1] >= (fewest_shared if self.common else FEWEST_OWN)


@dataclass(frozen=True)
class FirstOrder:
    """The share of variance that a field explains alone, with its 95 % interval where there is one.

    ``sure`` says that a test of variances finds more than a field that does nothing would show in 39 of 40 sweeps.
    """

    index: float
    low: float | None
    high: float | None
    sure: bool


@dataclass(frozen=True)
class Sobol:
    """What a field explains alone and with its interactions, with the 95 % half-widths where there are any."""

    first: float
    first_95: float | None
    total: float
    total_95: float | None


def sobol_indices(names: list[str], outcome: Outcome, pairs: bool = False) -> dict[str, Sobol]:
    """Indices of cases in Saltelli's order ``(N (D + 2), R)`` (Saltelli 2002; Jansen 1999; Saltelli et al. 2010).

    Under ``pairs`` there are ``(N (2 D + 2), R)``, with those for second-order indices between.
    """
    points = base_points((2 if pairs else 1) * len(names) + 2, outcome)
    if points is not None and pairs:
        points = np.delete(points[0], np.s_[len(names) + 1 : -1], axis=1), points[1]
    found = None if points is None else _saltelli(points[0])
    if points is None or found is None:
        return {}
    half = half_widths(points, outcome, _saltelli)
    rows = zip(names, found.T.tolist(), (found * np.nan if half is None else half).T.tolist(), strict=True)
    return {name: Sobol(*_interlaced(index, ends)) for name, index, ends in rows}


Points = tuple[FloatArray, IntArray]
"""Outcomes by base point, case of it and replication ``(n, W, R)``, and each base point's scramble ``(n,)``."""


def base_points(width: int, outcome: Outcome) -> Points | None:
    """The base points of ``width`` cases each; a case without an answer takes the others of its base point with it.

    None where there are too few base points or draws.
    """
    base = len(outcome.values) // width
    runs = outcome.values[: base * width].reshape(base, width, -1)
    good = (runs >= 0).all(axis=(1, 2)) & outcome.known[: base * width].reshape(base, width).all(axis=1)
    y, scramble = runs[good].astype(float), np.flatnonzero(good) % SCRAMBLES
    return None if len(y) < 2 or not outcome.told(FEWEST_SHARED) else (y, scramble)


def half_widths(
    points: Points, outcome: Outcome, indices: Callable[[FloatArray], FloatArray | None]
) -> FloatArray | None:
    """95 % half-widths by leaving out each of the design's scrambles in turn, and each draw that all cases share."""
    y, scramble = points
    if len(y) < 2 * SCRAMBLES:
        return None
    half = _half(lambda n: indices(y[scramble != n]), np.unique(scramble))
    if half is not None and outcome.common and not outcome.exact:
        draws = _half(lambda n: indices(np.delete(y, n, axis=2)), np.arange(y.shape[2]))
        half = None if draws is None else np.hypot(half, draws)
    return half


def _interlaced(index: list[float], ends: list[float]) -> tuple[float, float | None, float, float | None]:
    first, total = (None if np.isnan(end) else round(end, 6) for end in ends)
    return round(index[0], 6), first, round(index[1], 6), total


def _saltelli(y: FloatArray) -> FloatArray | None:
    """First-order and total indices ``(2, D)`` of outcomes ``(n, D + 2, R)``; None where nothing varies."""
    middle = y[:, (0, -1)].mean()

    def forms(y: FloatArray) -> FloatArray:
        """Variance, first-order numerators and total numerators ``(1 + 2 D,)`` of outcomes ``(n, D + 2)``."""
        a, mixed, b = y[:, :1], y[:, 1:-1], y[:, -1:]
        whole = np.concatenate([a, b]).var()
        first, total = ((b - middle) * (mixed - a)).mean(axis=0), ((mixed - a) ** 2).mean(axis=0) / 2
        return np.concatenate([[whole], first, total])

    found = of_different(y, forms)
    return found[1:].reshape(2, -1) / found[0] if found[0] > 0 else None


def of_different(y: FloatArray, forms: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Quadratic forms of outcomes ``(…, R)`` from products of different replications, so that chance cancels."""
    many = y.shape[-1]
    if many == 1:
        return forms(y[..., 0])
    alone = sum(forms(y[..., n]) for n in range(many))
    return np.asarray((many**2 * forms(y.mean(axis=-1)) - alone) / (many * (many - 1)))


def _half(without: Callable[[int], FloatArray | None], parts: IntArray) -> FloatArray | None:
    """Half-widths of 95 % intervals by leaving out one part after the other (Tukey 1958)."""
    tries = [without(int(part)) for part in parts]
    known = [found for found in tries if found is not None]
    if len(known) < len(tries) or len(tries) < 2:
        return None
    spread = np.stack(known)
    count = len(tries)
    variance = (count - 1) / count * ((spread - spread.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(student(count - 1) * np.sqrt(variance))


def first_order(cells: IntArray, count: int, outcome: Outcome, group: IntArray, exhaustive: bool) -> FirstOrder | None:
    """What a field explains alone, from the cells ``(N,)`` that its ``count`` values or parts of its range make.

    The variance between the means of cells, less what cells of random cases would have (Kelley's epsilon squared).
    ``group`` ``(N,)`` are the groups of cases left out in turn for the interval; where cases are all there are, there
    is none.
    None where nothing varies, or where too few draws were made.
    """
    from scipy.special import fdtrc

    whole = outcome.known & (outcome.values >= 0).all(axis=1)
    y, cell = outcome.values[whole].astype(float), cells[whole]
    if len(y) < FEWEST_CASES or not outcome.told(FEWEST_SHARED_FIRST) or y.mean(axis=1).std() == 0:
        return None
    sums = _Sums.of(y, cell, count, group[whole])
    index = _explained(sums.all)
    if index is None:
        return None
    between, within, freedom, left = sums.test()
    sure = within <= 0 < between or (freedom > 0 and left > 0 and fdtrc(freedom, left, between / within) < CHANCE)
    half = None
    if not exhaustive and len(y) >= 2 * GROUPS:
        half = _half(lambda n: _explained(sums.without_group(n)), np.arange(GROUPS))
        if half is not None and outcome.common and not outcome.exact:
            many = y.shape[1]
            fewer = [np.delete(y, n, axis=1) for n in range(many)]
            draws = _half(lambda n: _explained(_Sums.of(fewer[n], cell, count, group[whole]).all), np.arange(many))
            half = None if draws is None else np.hypot(half, draws)
    value = float(index[0])
    if half is None:
        return FirstOrder(round(value, 6), None, None, bool(sure))
    low, high = value - float(half[0]), value + float(half[0])
    return FirstOrder(round(value, 6), round(low if sure else min(low, 0.0), 6), round(high, 6), bool(sure))


Added = tuple[FloatArray, FloatArray, FloatArray]
"""Cases by cell ``(C,)``, outcomes added up by cell ``(C, R + 1)`` and their squares ``(R + 1,)``, the mean's last."""


@dataclass(frozen=True)
class _Sums:
    """Cases and outcomes added up by group and cell: all that indices without one group or draw are made of."""

    counts: FloatArray
    sums: FloatArray
    squares: FloatArray

    @classmethod
    def of(cls, y: FloatArray, cell: IntArray, count: int, group: IntArray) -> _Sums:
        """Outcomes ``(N, R)`` by group and cell, that of a case's mean last."""
        columns = np.concatenate([y, y.mean(axis=1, keepdims=True)], axis=1)
        where = group * count + cell
        size = GROUPS * count
        sums = [np.bincount(where, column, size).astype(float) for column in columns.T]
        squares = [np.bincount(group, column**2, GROUPS).astype(float) for column in columns.T]
        counts = np.bincount(where, minlength=size).astype(float).reshape(GROUPS, count)
        return cls(counts, np.stack(sums, axis=1).reshape(GROUPS, count, -1), np.stack(squares, axis=1))

    @property
    def all(self) -> Added:
        """Of all groups."""
        return self.counts.sum(axis=0), self.sums.sum(axis=0), self.squares.sum(axis=0)

    def without_group(self, n: int) -> Added:
        """Of all groups but one."""
        counts, sums, squares = self.all
        return counts - self.counts[n], sums - self.sums[n], squares - self.squares[n]

    def test(self) -> tuple[float, float, int, int]:
        """Mean squares between and within cells of the cases' means, and their degrees of freedom."""
        counts, sums, squares = self.all
        between, whole, groups, total = _squares(counts, sums[:, -1:], squares[-1:])
        freedom, left = groups - 1, total - groups
        within = float(whole[0] - between[0]) / left if left > 0 else 0.0
        return float(between[0]) / max(freedom, 1), within, freedom, left


def _squares(counts: FloatArray, sums: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray, int, int]:
    """Sums of squares between cells and in all ``(K,)``, the number of cells that have cases, and of cases."""
    total, used = counts.sum(), counts > 0
    middle = sums.sum(axis=0) ** 2 / total
    between = (sums[used] ** 2 / counts[used, None]).sum(axis=0) - middle
    return between, squares - middle, int(used.sum()), int(total)


def _explained(added: Added) -> FloatArray | None:
    """Kelley's epsilon squared ``(1,)`` from products of different replications; None where nothing varies."""
    between, whole, groups, total = _squares(*added)
    if total <= groups:
        return np.zeros(1)
    within = (whole - between) / (total - groups)
    both = np.stack([between - (groups - 1) * within, whole])
    if (many := both.shape[1] - 1) > 1:
        both = (many**2 * both[:, -1:] - both[:, :-1].sum(axis=1, keepdims=True)) / (many * (many - 1))
    return both[0, -1:] / both[1, -1] if both[1, -1] > 0 else None
