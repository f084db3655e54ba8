"""Levers against uncertainties: what somebody could choose, crossed with what nature decides.

Every choice meets the same worlds, so that choices can be compared world by world. A choice is a point of the grid of
the levers; a world is a point of the design over all else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np

from sim.errors import ScenarioError
from sim.stakes.space import FloatArray, IntArray
from sim.sweeps.design import EXTENSIBLE, SALTELLI, Design
from sim.sweeps.factors import Factor

MOST_CHOICES = 1_000
"""Points of the grid of levers at most."""


@dataclass(frozen=True)
class Crossed(Design):
    """A design of worlds, each met by every choice in turn: case ``c`` is choice ``c % L`` in world ``c // L``.

    ``factors`` has the levers last; ``cases`` counts worlds times choices.
    """

    worlds: Design = field(kw_only=True)
    levers: tuple[Factor, ...] = field(kw_only=True)

    @property
    def choices(self) -> int:
        """Points of the grid of the levers."""
        return prod(len(lever.levels or ()) for lever in self.levers)

    def rows(self, start: int, stop: int) -> dict[str, FloatArray]:
        """The columns of the cases from ``start`` up to ``stop``."""
        cases = np.arange(start, stop)
        if not len(cases):
            return {factor.path: np.zeros(0) for factor in self.factors}
        world = self.world(cases)
        first = int(world[0])
        found = self.worlds.rows(first, int(world[-1]) + 1) if self.worlds.factors else {}
        columns = {path: np.ascontiguousarray(column[world - first]) for path, column in found.items()}
        places = np.unravel_index(cases % self.choices, [len(lever.levels or ()) for lever in self.levers])
        return columns | {lever.path: lever.at(place) for lever, place in zip(self.levers, places, strict=True)}

    def world(self, cases: IntArray) -> IntArray:
        """The world of each case ``(C,)``: what names its draws, so that every choice meets the same luck."""
        return cases // self.choices

    def choice(self, number: int) -> dict[str, Any]:
        """What a choice sets each lever to."""
        places = np.unravel_index(number, [len(lever.levels or ()) for lever in self.levers])
        return {
            lever.path: lever.value(float(lever.at(np.array([place]))[0]))
            for lever, place in zip(self.levers, places, strict=True)
        }

    def extended(self, cases: int) -> Design:
        """The same choices in more worlds: as many as make ``cases`` cases at least.

        Raises:
            ScenarioError: where the first worlds would not stay.
        """
        if self.worlds.kind not in EXTENSIBLE:
            return self.worlds.extended(cases)  # which says why not
        return crossed(self.worlds.extended(-(-cases // self.choices)), self.levers)


def crossed(worlds: Design, levers: tuple[Factor, ...]) -> Crossed:
    """Every choice in every world.

    Raises:
        ScenarioError: for a lever whose settings cannot be listed, too many choices, or a design that has no worlds.
    """
    if worlds.kind in (*SALTELLI, "morris", "table"):
        raise ScenarioError(f"a {worlds.kind} design takes no levers: sobol, random, lhs and grid do")
    for lever in levers:
        if lever.levels is None:
            raise ScenarioError(f"a lever has settings, not a range: {lever.path} wants a list of values or steps")
    made = Crossed(
        kind=worlds.kind,
        factors=(*worlds.factors, *levers),
        cases=worlds.cases,
        seed=worlds.seed,
        table=worlds.table,
        worlds=worlds,
        levers=levers,
    )
    if made.choices > MOST_CHOICES:
        raise ScenarioError(f"{made.choices:,} choices are more than {MOST_CHOICES:,}: take fewer levers or settings")
    return replace(made, cases=worlds.cases * made.choices)
