"""Regions of a sweep in which an outcome is frequent, found on most of the cases and checked on the rest.

What is said of a region is what the cases kept back show, beside the base rate among them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sim.plain import ABSENT, OPTIONAL
from sim.stakes.space import BoolArray, FloatArray
from sim.study.shares import Share, wilson
from sim.sweeps.factors import Factor
from sim.sweeps.prim import Box, covering, inside
from sim.sweeps.results import Cases
from sim.sweeps.sweep import Sweep
from sim.sweeps.tree import Node, grow

KEPT_BACK = 0.3
"""Share of the cases that regions are checked on."""
FEWEST = 40
"""Cases below which no region is looked for."""
LEAST_COVERED = 0.03
"""Share of the outcome that a region must hold among the cases kept back to be told."""

LIFT = 1.25
"""Times the base rate that a region must reach there."""


@dataclass(frozen=True)
class Limit:
    """What a region asks of a field; an end that the sweep's own range sets is left out."""

    path: str
    unit: str
    values: list[Any] | None = field(default=None, metadata=OPTIONAL)
    at_least: float | None = field(default=None, metadata=OPTIONAL)
    at_most: float | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True)
class Checked:
    """A region as the cases kept back show it: how frequent the outcome is there, and how much of it all lies there.

    ``density_where_found`` is that among the cases it was found on; ``cases`` counts both kinds.
    """

    limits: list[Limit]
    density: Share
    coverage: float
    density_where_found: float
    cases: int


@dataclass(frozen=True)
class Asked:
    """What a branch asks: is the field at most this, or is it this name?"""

    path: str
    at_most: float | None = field(default=None, metadata=OPTIONAL)
    is_: Any = field(default=ABSENT, metadata=OPTIONAL)


@dataclass(frozen=True)
class Branch:
    """Cases that meet every question above, those kept back apart, with the share of each that has the outcome."""

    cases: int
    share: float
    kept_back: int
    kept_back_share: float
    asks: Asked | None = field(default=None, metadata=OPTIONAL)
    yes: Branch | None = field(default=None, metadata=OPTIONAL)
    no: Branch | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True)
class RegionMeasures:
    """Where an outcome is frequent, or, where it mostly is, absent; the base rate is that of the cases kept back."""

    outcome: str
    of: Literal["presence", "absence"]
    cases: int
    base_rate: Share
    boxes: tuple[Checked, ...]
    tree: Branch | None


@dataclass(frozen=True)
class Regions:
    """What discovery found of one outcome; boxes are where it is frequent, or, where it mostly is, ``absent``."""

    outcome: str
    absent: bool
    cases: int
    base: Share
    boxes: tuple[Box, ...]
    checked: tuple[Checked, ...]
    tree: Node | None


def kept_back(sweep: Sweep) -> BoolArray:
    """Which cases ``(N,)`` are kept back: three in ten, chosen by the seed.

    Cases of one base point of a Saltelli design share values, so they stay together.
    """
    together = sweep.design.block
    blocks = -(-sweep.design.cases // together)
    order = np.random.Generator(np.random.PCG64(sweep.seed)).permutation(blocks)
    found = np.zeros(blocks, dtype=bool)
    found[order[: int(KEPT_BACK * blocks)]] = True
    return np.repeat(found, together)[: sweep.design.cases]


def regions(cases: Cases, outcome: str, share: FloatArray, known: BoolArray) -> Regions:
    """The regions in which an outcome is frequent.

    Args:
        cases: the sweep.
        outcome: what it is called.
        share: the share of a case's runs that have it ``(N,)``, or 1 and 0.
        known: the cases that say anything of it ``(N,)``.
    """
    factors = cases.folder.sweep.factors
    y = share[known]
    table = np.stack([cases.columns[f.path][known] for f in factors], axis=1)
    named = tuple(f.named for f in factors)
    new = kept_back(cases.folder.sweep)[known]
    tree = None
    if len(y) >= FEWEST and new.any() and y[~new].std() > 0:
        tree = grow(table, y, named, new)
    absent = len(y) > 0 and float(y[~new].mean()) > 0.5
    y = 1.0 - y if absent else y
    base = _without_interval(y[new])
    if tree is None:
        return Regions(outcome, absent, len(y), base, (), (), None)
    told: list[Box] = []
    checked: list[Checked] = []
    before = np.zeros(len(y), dtype=bool)
    for box in covering(table[~new], y[~new], named):
        here = inside(box, table) & ~before
        before |= here
        found = _checked(limits(box, factors, cases.columns), here, y, new)
        higher = found.density.share is not None and found.density.share >= LIFT * base.known
        surely = wilson(found.density.known * found.density.of, found.density.of)[0] > base.known if higher else False
        if surely and found.coverage >= LEAST_COVERED:
            told.append(box)
            checked.append(found)
    return Regions(outcome, absent, len(y), base, tuple(told), tuple(checked), tree)


def _without_interval(y: FloatArray) -> Share:
    """A share of cases that were chosen because it is high: no interval holds what it says of such a one."""
    return Share(len(y), round(float(y.mean()), 6) if len(y) else None, None, None, hits=int(y.sum()))


def _checked(asked: list[Limit], here: BoolArray, y: FloatArray, new: BoolArray) -> Checked:
    whole = float(y[new].sum())
    hits = float(y[here & new].sum())
    return Checked(
        limits=asked,
        density=_without_interval(y[here & new]),
        coverage=round(hits / whole, 6) if whole > 0 else 0.0,
        density_where_found=round(float(y[here & ~new].mean()), 6) if (here & ~new).any() else 0.0,
        cases=int(here.sum()),
    )


def limits(box: Box, factors: tuple[Factor, ...], columns: dict[str, FloatArray]) -> list[Limit]:
    """What a box asks of each field."""
    found = []
    for limit in sorted(box, key=lambda limit: limit.column):
        factor = factors[limit.column]
        column, asked = columns[factor.path], dict[str, Any]()
        if limit.kept is not None:
            asked["values"] = [factor.value(name) for name in sorted(limit.kept)]
        else:
            if limit.low > column.min():
                asked["at_least"] = factor.value(limit.low)
            if limit.high < column.max():
                asked["at_most"] = factor.value(limit.high)
        found.append(Limit(factor.path, factor.field.unit, **asked))
    return found


def measures(found: Regions, factors: tuple[Factor, ...]) -> RegionMeasures:
    """Regions as a file or ``--json`` holds them, columns by their paths."""
    return RegionMeasures(
        outcome=found.outcome,
        of="absence" if found.absent else "presence",
        cases=found.cases,
        base_rate=found.base,
        boxes=found.checked,
        tree=None if found.tree is None else _branch(found.tree, factors),
    )


def _branch(node: Node, factors: tuple[Factor, ...]) -> Branch:
    counts = (node.seen.cases, round(node.seen.share, 6), node.new.cases, round(node.new.share, 6))
    if node.question is None or node.yes is None or node.no is None:
        return Branch(*counts)
    factor, name = factors[node.question.column], node.question.name
    asks = Asked(factor.path, node.question.most) if name is None else Asked(factor.path, is_=factor.value(name))
    return Branch(*counts, asks, _branch(node.yes, factors), _branch(node.no, factors))
