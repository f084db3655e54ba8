"""Regions of a sweep in which an outcome is frequent, found on most of the cases and checked on the rest.

What is said of a region is what the cases kept back show, beside the base rate among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.stakes.space import BoolArray, FloatArray
from sim.study.shares import Share, shared
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
class Regions:
    """What discovery found of one outcome; boxes are where it is frequent, or, where it mostly is, ``absent``."""

    outcome: str
    absent: bool
    cases: int
    base: Share
    boxes: tuple[Box, ...]
    checked: tuple[dict[str, Any], ...]
    tree: Node | None


def kept_back(sweep: Sweep) -> BoolArray:
    """Which cases ``(N,)`` are kept back: three in ten, chosen by the seed.

    Cases of one base point of a Saltelli design share values, so they stay together.
    """
    together = len(sweep.factors) + 2 if sweep.design.kind == "saltelli" else 1
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
    base = shared(float(y[new].sum()), int(new.sum()))
    if tree is None:
        return Regions(outcome, absent, len(y), base, (), (), None)
    told: list[Box] = []
    checked: list[dict[str, Any]] = []
    before = np.zeros(len(y), dtype=bool)
    for box in covering(table[~new], y[~new], named):
        here = inside(box, table) & ~before
        before |= here
        found = _checked(here, y, new)
        higher = found["density"].share is not None and found["density"].share >= LIFT * base.known
        if higher and found["density"].low > base.known and found["coverage"] >= LEAST_COVERED:
            told.append(box)
            checked.append(found)
    return Regions(outcome, absent, len(y), base, tuple(told), tuple(checked), tree)


def _checked(here: BoolArray, y: FloatArray, new: BoolArray) -> dict[str, Any]:
    """Density and coverage among the cases kept back, and the density among those it was found on."""
    whole = float(y[new].sum())
    hits = float(y[here & new].sum())
    return {
        "density": shared(hits, int((here & new).sum())),
        "coverage": round(hits / whole, 6) if whole > 0 else 0.0,
        "density_where_found": round(float(y[here & ~new].mean()), 6) if (here & ~new).any() else 0.0,
        "cases": int(here.sum()),
    }


def limits(box: Box, factors: tuple[Factor, ...], columns: dict[str, FloatArray]) -> list[dict[str, Any]]:
    """What a box asks of each field, as plain data; an end that the sweep's own range sets is left out."""
    found = []
    for limit in sorted(box, key=lambda limit: limit.column):
        factor = factors[limit.column]
        said: dict[str, Any] = {"path": factor.path, "unit": factor.field.unit}
        if limit.kept is not None:
            said["values"] = [factor.value(name) for name in sorted(limit.kept)]
        else:
            column = columns[factor.path]
            if limit.low > column.min():
                said["at_least"] = factor.value(limit.low)
            if limit.high < column.max():
                said["at_most"] = factor.value(limit.high)
        found.append(said)
    return found


def measures(found: Regions, cases: Cases) -> dict[str, Any]:
    """Regions as plain data."""
    factors = cases.folder.sweep.factors
    boxes = [
        {"limits": limits(box, factors, cases.columns)} | checked
        for box, checked in zip(found.boxes, found.checked, strict=True)
    ]
    tree = None if found.tree is None else _tree(found.tree, factors)
    of = "absence" if found.absent else "presence"
    return {
        "outcome": found.outcome,
        "of": of,
        "cases": found.cases,
        "base_rate": found.base,
        "boxes": boxes,
        "tree": tree,
    }


def _tree(node: Node, factors: tuple[Factor, ...]) -> dict[str, Any]:
    said: dict[str, Any] = {"cases": node.seen, "share": round(node.seen_share, 6)}
    said |= {"kept_back": node.new, "kept_back_share": round(node.new_share, 6)}
    if node.question is not None and node.yes is not None and node.no is not None:
        factor = factors[node.question.column]
        asked: dict[str, Any] = {"path": factor.path}
        if node.question.name is None:
            asked["at_most"] = node.question.most
        else:
            asked["is"] = factor.value(node.question.name)
        said |= {"asks": asked, "yes": _tree(node.yes, factors), "no": _tree(node.no, factors)}
    return said
