"""Which fields move an outcome: shares by value, first-order and total indices, and how much is chance within a case.

Indices describe the ranges that were asked for, nothing beyond them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.plain import ABSENT, OPTIONAL
from sim.stakes.space import BoolArray, FloatArray, IntArray
from sim.study.shares import Share
from sim.sweeps.files import needed
from sim.sweeps.results import Cases
from sim.sweeps.sweep import Sweep

BINS = 8
"""Parts that a range is cut into; a list keeps its values up to `MOST_LEVELS`."""
MOST_LEVELS = 12
RESAMPLES = 100


@dataclass(frozen=True)
class ByValue:
    """Both results for a value of a field, or for a part of its range, ``from_`` up to ``to``.

    Zone and plain truce are shares of cases, ``agree`` the mean share of their runs, None of none; ``endings`` counts.
    """

    value: Any = field(default=ABSENT, kw_only=True, metadata=OPTIONAL)
    from_: float | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    to: float | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    zone: Share
    plain_truce: Share
    agree: float | None
    endings: dict[str, int]

    @property
    def ends(self) -> list[Any]:
        """Its value, or the two ends of its part of the range."""
        return [self.from_, self.to] if self.value is ABSENT else [self.value]


@dataclass(frozen=True)
class FirstOrder:
    """The share of variance that a field explains alone, with its 95 % interval."""

    index: float
    low: float
    high: float


@dataclass(frozen=True)
class Sobol:
    """What a field explains alone and with its interactions, with the 95 % half-widths."""

    first: float
    first_95: float
    total: float
    total_95: float


@dataclass(frozen=True)
class Sensitivity:
    """What each field explains of an outcome, ``sobol`` from a Saltelli design only; empty where nothing varies."""

    first_order: dict[str, FirstOrder]
    sobol: dict[str, Sobol]

    @property
    def explained(self) -> dict[str, float]:
        """The share that each field explains: with its interactions where that is known, else alone."""
        total = {path: index.total for path, index in self.sobol.items()}
        return total or {path: index.index for path, index in self.first_order.items()}

    @property
    def ranked(self) -> list[str]:
        """The fields, those that explain most first."""
        return sorted(self.explained, key=lambda path: -self.explained[path])


def cells(sweep: Sweep, path: str, column: FloatArray, most: int = BINS) -> tuple[IntArray, list[tuple[float, float]]]:
    """The cell of each case ``(N,)`` and each cell's lowest and highest value: one a value, or parts of a range."""
    factor = next(f for f in sweep.factors if f.path == path)
    levels = np.unique(column)
    if factor.named or len(levels) <= MOST_LEVELS:
        return np.searchsorted(levels, column), [(float(level), float(level)) for level in levels]
    low, high = float(factor.low), float(factor.high)
    if factor.values is not None:
        low, high = float(column.min()), float(column.max())
    edges = np.linspace(low, high, most + 1)
    which = np.clip(np.searchsorted(edges, column, side="right") - 1, 0, most - 1)
    return which, [(float(edges[n]), float(edges[n + 1])) for n in range(most)]


def by_value(cases: Cases) -> dict[str, list[ByValue]]:
    """For each field, both results by its value: shares of cases, and how the runs ended."""
    sweep, known, share = cases.folder.sweep, cases.known, cases.share
    found = {}
    for f in sweep.factors:
        which, ends = cells(sweep, f.path, cases.columns[f.path])
        rows = []
        for n, (low, high) in enumerate(ends):
            here = known & (which == n)
            count = int(here.sum())
            value = {"value": f.value(low)} if low == high else {"from_": low, "to": high}
            agreed = None if count == 0 else round(float(share[here].mean()), 6)
            zone, truce = (
                cases.share_of(int((cases.zones[name][here] == 1).sum()), count) for name in ("zone", "plain_truce")
            )
            endings = {name: int(column[here].sum()) for name, column in cases.endings.items()}
            rows.append(ByValue(zone, truce, agreed, endings, **value))
        found[f.path] = rows
    return found


def first_order(cases: Cases, outcome: FloatArray, known: BoolArray) -> dict[str, FirstOrder]:
    """The share of an outcome's variance that each field explains alone, from any design, with 95 % intervals.

    The variance between the means of cells, less what cells of random cases would have (Kelley's epsilon squared);
    intervals from resampled cases.
    """
    sweep, rng = cases.folder.sweep, np.random.Generator(np.random.PCG64(cases.folder.sweep.seed))
    y = outcome[known]
    if len(y) < 10 or y.var() == 0:
        return {}
    weights = rng.poisson(1.0, (RESAMPLES, len(y))).astype(float) if len(y) <= 20_000 else None
    found = {}
    for f in sweep.factors:
        which, ends = cells(sweep, f.path, cases.columns[f.path])
        which = which[known]
        index = _explained(which, len(ends), y, np.ones(len(y)))
        tries = []
        for n in range(RESAMPLES):
            weight = rng.poisson(1.0, len(y)).astype(float) if weights is None else weights[n]
            tries.append(_explained(which, len(ends), y, weight))
        low, high = np.percentile(tries, [2.5, 97.5])
        found[f.path] = FirstOrder(round(index, 6), round(float(low), 6), round(float(high), 6))
    return found


def _explained(which: IntArray, cells: int, y: FloatArray, weight: FloatArray) -> float:
    total = weight.sum()
    counts = np.bincount(which, weight, cells)
    sums = np.bincount(which, weight * y, cells)
    mean = sums.sum() / total
    whole = float((weight * (y - mean) ** 2).sum())
    used = counts > 0
    between = float((sums[used] ** 2 / counts[used]).sum() - total * mean**2)
    groups = int(used.sum())
    if whole <= 0 or total <= groups:
        return 0.0
    within = (whole - between) / (total - groups)
    return max(0.0, (between - (groups - 1) * within) / whole)


def sobol_indices(sweep: Sweep, outcome: FloatArray, known: BoolArray) -> dict[str, Sobol]:
    """First-order and total indices with 95 % half-widths from a Saltelli design (Saltelli 2002; Saltelli et al. 2010).

    A failed case takes the other cases of its base point with it.
    """
    if sweep.design.kind != "saltelli":
        return {}
    width = len(sweep.factors) + 2
    whole = known[: sweep.design.base * width].reshape(-1, width).all(axis=1)
    y = outcome[: sweep.design.base * width].reshape(-1, width)[whole].ravel()
    return salib_indices([f.path for f in sweep.factors], y, sweep.seed)


def salib_indices(names: list[str], y: FloatArray, seed: int = 0) -> dict[str, Sobol]:
    """Indices of outcomes ``(N (D + 2),)`` in Saltelli's order."""
    if len(y) < 2 * (len(names) + 2) or float(np.var(y)) == 0:
        return {}
    (sobol,) = needed("SALib.analyze.sobol")
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    seed = seed % 2**32 or 2**32  # SALib takes a seed of 0 for none, and would draw anew each time
    found = sobol.analyze(problem, y, calc_second_order=False, num_resamples=RESAMPLES, seed=seed)
    columns = [found[key] for key in ("S1", "S1_conf", "ST", "ST_conf")]
    return {name: Sobol(*(round(float(column[n]), 6) for column in columns)) for n, name in enumerate(names)}
