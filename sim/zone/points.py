"""Named points of a zone: the Pareto frontier, and the packages that bargaining theory would single out.

They describe a set of utility vectors; none of them is a recommendation, and points are never compared across parties
except in the sum that the utilitarian point is named for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, Package, each_once
from sim.zone.constraints import Constraints
from sim.zone.region import Members

BLOCK = 512
"""Points settled in one pass of `frontier`; four times as many where they are held against `MANY` at most."""
MANY = 1 << 17
WORD = 64
CELLS = 1 << 20
"""Cells of the grid on which points are told apart first."""
MOST = float(np.finfo(np.float64).max)


def frontier(points: FloatArray) -> IntArray:
    """The rows of ``points`` ``(N, P)`` that no other row beats: as good for all and better for one (Pareto).

    All ties are kept: of equal rows either all are returned or none. Exact for the numbers given; rows in order.

    1. Points in the shadow of others on a grid go first: cheap, and usually nearly all.
    2. The rest, by falling sum, so that nothing beats an earlier point (sort-filter-skyline, Chomicki et al. 2003).
    3. The next block's own frontier is final; all that it beats goes; repeat.

    >>> frontier(np.array([[3.0, 0.0], [1.0, 1.0], [1.0, 1.0], [0.0, 2.0], [0.0, 1.0]])).tolist()
    [0, 1, 2, 3]
    """
    left = np.flatnonzero(~_shadowed(points)) if len(points) > BLOCK else np.arange(len(points))
    left = left[np.argsort(-points[left].sum(axis=1), kind="stable")]
    found: list[IntArray] = []
    while len(left):
        many = BLOCK if len(left) > MANY else 4 * BLOCK
        block, left = left[:many], left[many:]
        block = block[~dominated(points[block], points[block])]
        left = left[~dominated(points[left], points[block])]
        found.append(block)
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class FrontierSize:
    """How many packages of a zone are on its frontier, and with how many distinct values."""

    packages: int
    vectors: int


def frontier_size(inside: Members) -> FrontierSize:
    """The frontier's size."""
    best = frontier(inside.values)
    return FrontierSize(len(best), len(each_once(inside.values[best], axis=0)))


@dataclass(frozen=True)
class Best:
    """The package that is worth most to one party, and what it is worth."""

    value: float
    package: Package


def best(case: Case, packages: OptionArray, values: FloatArray) -> Best | None:
    """The best of packages ``(N, I)`` worth ``values`` ``(N,)`` to a party, the first of equals; None of none."""
    if not len(packages):
        return None
    at = values.argmax()
    return Best(float(values[at]), case.space.names(packages[at]))


def dominated(points: FloatArray, by: FloatArray) -> BoolArray:
    """Which ``points`` ``(N, P)`` some row of ``by`` ``(B, P)`` beats: as good in all columns and better in one.

    The rows of ``by`` that are at least as good in a column are the end of its sorted order, one row of a table of
    bits; a bitwise *and* over the columns leaves those that are as good in all.
    """
    if not len(points) or not len(by):
        return np.zeros(len(points), dtype=bool)
    if len(by) == 1:
        as_good = np.ones(len(points), dtype=bool)
        better = np.zeros(len(points), dtype=bool)
        for column in range(points.shape[1]):
            as_good &= by[0, column] >= points[:, column]
            better |= by[0, column] > points[:, column]
        return as_good & better
    as_good_bits: npt.NDArray[np.uint64] | None = None
    better_bits: npt.NDArray[np.uint64] | None = None
    for column in range(points.shape[1]):
        order = np.argsort(by[:, column], kind="stable")
        ends = _ends(order)
        ranked = by[order, column]
        here = ends[np.searchsorted(ranked, points[:, column], side="left")]
        above = ends[np.searchsorted(ranked, points[:, column], side="right")]
        as_good_bits = here if as_good_bits is None else as_good_bits & here
        better_bits = above if better_bits is None else better_bits | above
    assert as_good_bits is not None and better_bits is not None
    return np.any(as_good_bits & better_bits, axis=1)


def _ends(order: IntArray) -> npt.NDArray[np.uint64]:
    """Bits ``(B + 1, W)`` of the members of each end of an order: row k holds the members from place k on."""
    count = len(order)
    member = np.zeros((count + 1, -(-count // WORD)), dtype=np.uint64)
    place = np.arange(count)
    member[place, order // WORD] = np.left_shift(np.uint64(1), (order % WORD).astype(np.uint64))
    return np.bitwise_or.accumulate(member[::-1], axis=0)[::-1]


def _shadowed(points: FloatArray) -> BoolArray:
    """Points that another one beats in all columns, as far as a grid tells: it lies in a higher cell along each."""
    low, high = points.min(axis=0), points.max(axis=0)
    levels = int(CELLS ** (1 / points.shape[1]))
    if levels < 2 or not (np.isfinite(low) & np.isfinite(high)).all():
        return np.zeros(len(points), dtype=bool)
    cell: npt.NDArray[np.intp] = np.zeros(len(points), dtype=np.intp)
    for column, (least, most) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        cell *= levels
        if levels / MOST < most - least < np.inf:
            level = ((points[:, column] - least) * (levels / (most - least))).astype(np.intp)
            cell += np.minimum(level, levels - 1)
    shape = (levels,) * points.shape[1]
    taken, shadow = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    taken.ravel()[cell] = True
    shadow[(slice(None, -1),) * len(shape)] = taken[(slice(1, None),) * len(shape)]
    for axis in range(len(shape)):
        below = np.flip(shadow, axis)
        np.logical_or.accumulate(below, axis=axis, out=below)
    return shadow.ravel()[cell]


@dataclass(frozen=True, eq=False)
class Point:
    """A named point: its formula, for which parties, all packages ``(N, I)`` that reach it, their values to these
    parties ``(N, S)``, the score reached.
    """

    name: str
    formula: str
    group: tuple[int, ...]
    packages: OptionArray
    values: FloatArray
    score: float


FORMULAS = {
    "nash": "max of sum log(V - r)",
    "kalai_smorodinsky": "max of min (V - r)/(b - r)",
    "egalitarian": "max of min V - r",
    "utilitarian": "max of sum V - r",
}
"""Nash (1950), where everyone who signs gains; Kalai & Smorodinsky (1975). V is a package's value to a party, r its
reservation value, b the most it could get in the zone; sums and minima are over those who sign."""
MOST_GROUPS = 8
"""Groups that could sign whose points are named."""


def named_points(case: Case, inside: Members) -> list[Point]:
    """The points of a zone's packages; Nash only where some package leaves everyone who signs better off.

    Named for each smallest group that could sign (`MOST_GROUPS` at most), over the packages that suit it, and for its
    members alone. The disagreement point is the reservation value.
    """
    found = []
    for group in Constraints(case).groups[:MOST_GROUPS]:
        suits = inside.accepting[:, list(group)].all(axis=1)
        if not suits.any():
            continue
        packages = inside.packages[suits]
        values = inside.values[suits][:, [case.signatories.index(party) for party in group]]
        for name, score in bargaining_scores(values - case.reservation[0, list(group)]).items():
            best = score.max()
            if np.isfinite(best):
                ties = score >= best - TOLERANCE
                found.append(Point(name, FORMULAS[name], group, packages[ties], values[ties], float(best)))
    return found


def bargaining_scores(gains: FloatArray) -> dict[str, FloatArray]:
    """What each formula of `FORMULAS` gives for each package ``(N,)``, from the gains V - r ``(N, S)``."""
    with np.errstate(divide="ignore"):
        logs = np.log(np.maximum(gains, 0.0)).sum(axis=1)
    most = gains.max(axis=0)
    share = np.divide(gains, most, out=np.ones_like(gains), where=most > TOLERANCE)
    return {
        "nash": np.where((gains > TOLERANCE).all(axis=1), logs, -np.inf),
        "kalai_smorodinsky": share.min(axis=1),
        "egalitarian": gains.min(axis=1),
        "utilitarian": gains.sum(axis=1),
    }


def steps_between(case: Case, package: OptionArray, packages: OptionArray) -> IntArray:
    """Steps ``(N,)`` from one package ``(I,)`` to each of others ``(N, I)``: levels, or 1 on a nominal issue."""
    total = np.zeros(len(packages), dtype=np.int64)
    for axis, issue in enumerate(case.space.issues):
        total += issue.steps_between()[package[axis], packages[:, axis]]
    return total
