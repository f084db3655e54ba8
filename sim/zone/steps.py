"""How far red lines would have to move: graded relaxations, in steps by party.

A step is one level on an ordered issue and any change on a nominal one: a count on the scenario's scale, not a cost.
Reservation values do not move here, so packages below one are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.redlines import Form
from sim.stakes.space import FloatArray, IntArray, OptionArray, OutcomeSpace
from sim.stakes.stages import ZoneName
from sim.zone.points import frontier
from sim.zone.region import Slab, Zone

StepArray = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Graded:
    """The steps that would open a zone.

    ``vectors`` ``(V, P)`` are the ways to share them that no other way beats for every party (Pareto), by their sum;
    ``packages`` ``(V,)`` how many packages each way opens. ``fewest`` is the smallest sum, ``example`` ``(I,)`` the
    first package that it opens, and ``least`` and ``most`` ``(L,)`` the steps that each line moves in the ways of
    the smallest sum. With no package at or above all reservation values, everything is None or empty.
    """

    fewest: int | None
    vectors: IntArray
    packages: IntArray
    example: OptionArray | None
    least: IntArray
    most: IntArray


def graded(zone: Zone, name: ZoneName = "ceasefire", form: Form = "declared") -> Graded:
    """The fewest steps by which red lines would have to move so that a zone opens, and every way to share them."""
    parties, lines = len(zone.case.parties), len(zone.case.red_lines.lines)
    signing = zone.case.signatories
    tallies: dict[tuple[int, ...], int] = {}
    for slab in zone.slabs():
        open_to = _open_to_steps(zone, slab, name)
        steps = [party_steps(zone, slab.space, party, form) for party in signing]
        chosen = [np.broadcast_to(of_party, open_to.shape)[open_to] for of_party in steps]
        for vector, count in _tally(chosen):
            tallies[vector] = tallies.get(vector, 0) + count
    vectors = np.array(list(tallies), dtype=np.int64).reshape(-1, len(signing))
    vectors = vectors[(vectors < NO_WAY_OUT).all(axis=1)]
    if not len(vectors):
        none = np.zeros(0, dtype=np.int64)
        return Graded(None, np.zeros((0, parties), dtype=np.int64), none, None, none, none)
    best = vectors[frontier(-vectors.astype(float))]
    best = best[np.lexsort((*best.T[::-1], best.sum(axis=1)))]
    fewest = int(best.sum(axis=1).min())
    example, least, most = _of_the_fewest(zone, name, form, fewest, lines)
    counts = np.array([tallies[tuple(vector.tolist())] for vector in best], dtype=np.int64)
    shared = np.zeros((len(best), parties), dtype=np.int64)
    shared[:, list(signing)] = best
    return Graded(fewest, shared, counts, example, least, most)


def party_steps(zone: Zone, space: OutcomeSpace, party: int, form: Form = "declared") -> StepArray:
    """Steps over all lines of a party, of each package; broadcasts to the space."""
    lines = zone.case.red_lines
    total: StepArray = np.zeros([1] * len(space.left), dtype=np.uint16)
    for box, line in zip(lines.box_of(form), lines.lines, strict=True):
        if line.party == party:
            total = total + lines.ways_out[int(box)].over(space)
    return total


def fewest_by_pair(zone: Zone, first: int, second: int, name: ZoneName = "ceasefire") -> FloatArray:
    """The fewest steps that open a zone in which two issues stand at given options ``(K, K)``; NaN where none does."""
    width = zone.case.space.width
    found = np.full((width, width), np.inf)
    for slab in zone.slabs():
        total = sum(party_steps(zone, slab.space, party).astype(float) for party in zone.case.signatories)
        steps = np.where(_open_to_steps(zone, slab, name), total, np.inf)
        others = tuple(axis for axis in range(steps.ndim) if axis not in (first, second))
        least = steps.min(axis=others)
        here = np.ix_(slab.space.left[first], slab.space.left[second])
        found[here] = np.minimum(found[here], least if first < second else least.T)
    return np.where(found < NO_WAY_OUT, found, np.nan)


def _open_to_steps(zone: Zone, slab: Slab, name: ZoneName) -> npt.NDArray[np.bool_]:
    """The packages that steps could bring into the zone: coherent, in its definition, at all reservation values."""
    suits: npt.NDArray[np.bool_] = slab.suits(zone.constraints.of("none")) & slab.space.spread(zone.case.zones[name])
    return suits


def _tally(columns: list[StepArray]) -> list[tuple[tuple[int, ...], int]]:
    """Distinct rows of some columns, with their counts."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    bases = [int(column.max(initial=0)) + 1 for column in columns]
    for column, base in zip(columns, bases, strict=True):
        code = code * base + column
    distinct, counts = np.unique(code, return_counts=True)
    rows: list[tuple[tuple[int, ...], int]] = []
    for value, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        row = []
        for base in reversed(bases):
            value, digit = divmod(value, base)
            row.append(digit)
        rows.append((tuple(reversed(row)), count))
    return rows


def _of_the_fewest(
    zone: Zone, name: ZoneName, form: Form, fewest: int, lines: int
) -> tuple[OptionArray | None, IntArray, IntArray]:
    """A first package that the fewest steps open, and the least and most steps of each line over all of them."""
    example: OptionArray | None = None
    least, most = np.full(lines, NO_WAY_OUT), np.zeros(lines, dtype=np.int64)
    for slab in zone.slabs():
        total = sum(party_steps(zone, slab.space, party, form) for party in zone.case.signatories)
        chosen = _open_to_steps(zone, slab, name) & (total == fewest)
        if not chosen.any():
            continue
        if example is None:
            example = slab.space.packages(np.flatnonzero(chosen)[0])
        for number, box in enumerate(zone.case.red_lines.box_of(form)):
            if zone.case.red_lines.lines[number].party not in zone.case.signatories:
                least[number] = 0  # nobody asks it to move
                continue
            steps = np.broadcast_to(zone.case.red_lines.ways_out[int(box)].over(slab.space), chosen.shape)[chosen]
            least[number] = min(least[number], int(steps.min()))
            most[number] = max(most[number], int(steps.max()))
    return example, least, most
