"""Which cases a sweep has: from a number of a case to its values, whatever was asked before.

Grid, scrambled Sobol, Latin hypercube, Saltelli's scheme, Morris's trajectories, random points, or a user's own table.
Any slice of a design is the same alone as in the whole; all but grid, hypercube and table go on where they stopped.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Literal, get_args

import numpy as np

from sim.errors import ScenarioError
from sim.stakes.space import FloatArray, IntArray
from sim.sweeps.factors import Factor
from sim.sweeps.trajectories import Trajectories
from sim.talks.draws import Draws, Purpose

DesignKind = Literal["grid", "sobol", "lhs", "saltelli", "saltelli-pairs", "morris", "random", "table"]
KINDS: tuple[DesignKind, ...] = get_args(DesignKind)
SALTELLI = ("saltelli", "saltelli-pairs")
"""Designs of which indices with interactions can be told; the second also says which pairs interact."""
EXHAUSTIVE = ("grid", "table")
"""Designs whose cases are all there are, not some of many."""
EXTENSIBLE = ("sobol", *SALTELLI, "morris", "random")
"""Designs whose first cases stay when more are asked for."""
SCRAMBLES = 8
"""Scrambled sequences that a Saltelli design takes base points from in turn: how they differ says how sure it is."""
MOST_CASES = 100_000_000
MOST_AT_ONCE = 20_000_000
"""Numbers of a design that must be made in one piece."""


@dataclass(frozen=True)
class Design:
    """The cases of a sweep. ``cases`` counts them all; ``table`` ``(N, F)`` is the user's own list of columns."""

    kind: DesignKind
    factors: tuple[Factor, ...]
    cases: int
    seed: int = 0
    table: FloatArray | None = None

    def rows(self, start: int, stop: int) -> dict[str, FloatArray]:
        """The columns of the cases from ``start`` up to ``stop``."""
        if self.kind == "table":
            assert self.table is not None
            columns = self.table[start:stop].T
        elif self.kind == "grid":
            places = np.unravel_index(np.arange(start, stop), [len(f.levels or ()) for f in self.factors])
            columns = np.array([f.at(place) for f, place in zip(self.factors, places, strict=True)])
        elif self.kind == "morris":
            first = start // self.block
            made = Trajectories.of(self.factors, self.seed, first, (stop - 1) // self.block + 1)
            columns = made.columns()[:, start - first * self.block : stop - first * self.block]
        else:
            points = self._points(start, stop)
            columns = np.array([f.column(points[:, n]) for n, f in enumerate(self.factors)])
        return {factor.path: np.ascontiguousarray(columns[n]) for n, factor in enumerate(self.factors)}

    def _points(self, start: int, stop: int) -> FloatArray:
        """Points of the unit cube ``(N, F)``."""
        width = len(self.factors)
        if self.kind == "random":
            return Draws(self.seed, np.arange(start, stop)).uniforms(Purpose.DESIGN, 0, width)
        if self.kind == "lhs":
            return _latin(width, self.cases, self.seed)[start:stop]
        if self.kind == "sobol":
            return _sobol(width, self.seed, start, stop)
        first = start // self.block
        pairs = _pairs(2 * width, self.seed, first, (stop - 1) // self.block + 1)
        at, place = np.divmod(np.arange(start, stop), self.block)
        points = pairs[at - first, :width]
        other = pairs[at - first, width:]
        field, back = np.arange(width)[None], place[:, None] - width - 1
        mixed = field == place[:, None] - 1  # A, then A with each column of B, … and at last B (Saltelli 2002)
        if self.kind == "saltelli-pairs":  # … then B with each column of A
            mixed |= (back >= 0) & (back != field)
        return np.where(mixed | (place == self.block - 1)[:, None], other, points)

    def world(self, cases: IntArray) -> IntArray:
        """What names the draws of each case ``(C,)`` that has draws of its own: itself, or its trajectory."""
        return cases // self.block if self.kind == "morris" else cases

    @property
    def block(self) -> int:
        """Cases that belong together: those of a base point or a trajectory."""
        width = len(self.factors)
        return {"saltelli": width + 2, "saltelli-pairs": 2 * width + 2, "morris": width + 1}.get(self.kind, 1)

    @property
    def exhaustive(self) -> bool:
        """Whether its cases are all there are."""
        return self.kind in EXHAUSTIVE

    @property
    def base(self) -> int:
        """Points that a Saltelli design is made of, or trajectories."""
        return self.cases // self.block

    def extended(self, cases: int) -> Design:
        """The same design with more cases.

        Raises:
            ScenarioError: where its first cases would not stay.
        """
        if self.kind not in EXTENSIBLE:
            kinds = ", ".join(EXTENSIBLE)
            raise ScenarioError(f"a {self.kind} design cannot be extended, because its cases would move ({kinds} can)")
        return design(self.kind, self.factors, cases, self.seed)


def design(kind: DesignKind, factors: tuple[Factor, ...], cases: int | None, seed: int = 0) -> Design:
    """A design over the factors; a Saltelli design rounds its cases up to a power of two times those of a
    base point, a screening to whole trajectories.

    Raises:
        ScenarioError: for a range without steps in a grid, or too many cases.
    """
    if kind == "grid":
        for factor in factors:
            if factor.levels is None:
                raise ScenarioError(f"a grid needs steps: {factor.path}=LOW:HIGH:STEP, or a list of values")
        full = prod(len(factor.levels or ()) for factor in factors)
        if cases is not None and cases != full:
            raise ScenarioError(f"a grid has as many cases as its lists make, here {full:,}; leave the number out")
        cases = full
    cases = 1024 if cases is None else cases
    block = Design(kind, factors, cases).block
    blocks = -(-cases // block)
    cases = block << max(0, (blocks - 1).bit_length()) if kind in SALTELLI else blocks * block
    if not 1 <= cases <= MOST_CASES:
        raise ScenarioError(f"{cases:,} cases are not between 1 and {MOST_CASES:,}")
    if kind == "lhs" and cases * len(factors) > MOST_AT_ONCE:
        most = MOST_AT_ONCE // len(factors)
        raise ScenarioError(
            f"an lhs design is made in one piece, so here it has at most {most:,} cases; sobol has no end"
        )
    return Design(kind, factors, cases, seed)


def _pairs(width: int, seed: int, start: int, stop: int) -> FloatArray:
    """Base points ``start`` to ``stop`` of a Saltelli design: one of each scramble in turn."""
    numbers = np.arange(start, stop)
    found = np.empty((stop - start, width))
    for n in range(SCRAMBLES):
        mine = numbers[numbers % SCRAMBLES == n]
        if len(mine):
            first, last = int(mine[0]) // SCRAMBLES, int(mine[-1]) // SCRAMBLES + 1
            found[mine - start] = _sobol(width, np.random.default_rng([seed, n]), first, last)
    return found


def _sobol(width: int, seed: int | np.random.Generator, start: int, stop: int) -> FloatArray:
    """Points ``start`` to ``stop`` of a Sobol sequence under Owen's scrambling (Joe & Kuo 2008; Owen 1998)."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(width, scramble=True, rng=seed)
    if start:
        sequence.fast_forward(start)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # slices need not be powers of two
        return np.asarray(sequence.random(stop - start))


@lru_cache(maxsize=1)
def _latin(width: int, cases: int, seed: int) -> FloatArray:
    """All points of a Latin hypercube (McKay, Beckman & Conover 1979)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(width, rng=seed).random(cases))
