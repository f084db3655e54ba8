"""How far red lines would have to move: graded relaxations, in steps by party.

A step is one level on an ordered issue and any change on a nominal one: a count on the scenario's scale, not a cost.
Reservation values do not move here, so packages below one are left out. Where several groups could sign, each package
is looked at for each group: only its members, and those whose deeds the package needs, have to move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import prod

import numpy as np
import numpy.typing as npt

from sim.plain import OPTIONAL
from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.redlines import Form
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace, Package
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.zone.constraints import MOST_GROUPS
from sim.zone.points import frontier
from sim.zone.region import Zone, counted
from sim.zone.slabs import Slab

StepArray = npt.NDArray[np.uint16]
Counted = tuple[tuple[int, ...], int]
"""Steps of each holder, and how many packages ask for them."""


@dataclass(frozen=True)
class Way:
    """One way to share steps of red lines between parties, and how many packages it opens."""

    by_party: dict[str, int]
    packages: int


@dataclass(frozen=True)
class LineSteps:
    """The fewest and the most steps that a line moves over all ways."""

    least: int
    most: int


@dataclass(frozen=True)
class Steps:
    """How far red lines would have to move so that a zone opens, by party and by line.

    ``ways`` share the steps between parties so that no other way beats them for every party (Pareto), by their sum.
    ``fewest`` is the smallest sum, ``example`` the first package that it opens, and ``lines`` move so far in the ways
    of the smallest sum. Where no package is at or above all reservation values, no steps help: then everything is None
    or empty. Not ``whole``: more groups could sign than were looked at, and others may need fewer.
    """

    fewest: int | None
    ways: list[Way]
    lines: dict[str, LineSteps]
    example: Package | None
    whole: bool = field(default=True, metadata=OPTIONAL)

    @property
    def bound(self) -> str:
        """What is said before ``fewest``."""
        return "" if self.whole else "at most "

    @property
    def fewest_ways(self) -> list[Way]:
        """The ways that share out as few steps as can be."""
        return [way for way in self.ways if sum(way.by_party.values()) == self.fewest]


def graded(zone: Zone, name: ZoneName = "ceasefire", form: Form = "declared") -> Steps:
    """The fewest steps by which red lines would have to move so that a zone opens, and every way to share them."""
    return gradings(zone, (name,), form)[name]


def gradings(zone: Zone, names: Sequence[ZoneName] = ZONE_NAMES, form: Form = "declared") -> dict[ZoneName, Steps]:
    """The same for several zones, from one look at all packages."""
    tallies: dict[ZoneName, dict[tuple[int, ...], int]] = {name: {} for name in names}
    lines = len(zone.case.red_lines.lines)
    best: dict[ZoneName, _Fewest] = {name: _Fewest.nothing(lines) for name in names}
    for slab in zone.slabs():
        ways, found = list(_ways(zone, slab, form)), {name: list[Counted]() for name in names}
        settled = slab.space.spread(zone.case.zones["settlement"])
        for whose, inside in ((ZONE_NAMES, settled), (ZONE_NAMES[:1], ~settled)):  # a settlement is a ceasefire too
            asking = [name for name in names if name in whose]
            told = _tally(_told_once(ways, inside)) if asking and inside.any() else []
            for name in asking:
                found[name] += told
        for name, told in found.items():
            for vector, count in told:
                tallies[name][vector] = tallies[name].get(vector, 0) + count
            fewest = min((sum(vector) for vector, _ in told if max(vector, default=0) < NO_WAY_OUT), default=NO_WAY_OUT)
            if fewest < NO_WAY_OUT and (fewest or 1) <= best[name].steps:  # what has nothing to move is seen once
                best[name] = best[name].joined(_fewest_in(zone, slab, ways, name, form, fewest))
    return {name: _graded(zone, tallies[name], best[name]) for name in names}


def _graded(zone: Zone, tallies: dict[tuple[int, ...], int], fewest: _Fewest) -> Steps:
    """The same for one zone, from how many packages ask for which steps, and from what the fewest move."""
    case, signing, whole = zone.case, zone.constraints.holders, zone.constraints.all_groups
    vectors = np.array(list(tallies), dtype=np.int64).reshape(-1, len(signing))
    vectors = vectors[(vectors < NO_WAY_OUT).all(axis=1)]
    if not len(vectors):
        return Steps(None, [], {}, None, whole)
    best = vectors[frontier(-vectors.astype(float))]
    best = best[np.lexsort((*best.T[::-1], best.sum(axis=1)))]
    nothing = {party.id: 0 for party in case.parties}
    ids = [case.parties[party].id for party in signing]
    moved = zip(case.red_lines.lines, fewest.least.tolist(), fewest.most.tolist(), strict=True)
    return Steps(
        fewest=int(best.sum(axis=1).min()),
        ways=[Way(nothing | dict(zip(ids, way, strict=True)), tallies[tuple(way)]) for way in best.tolist()],
        lines={line.id: LineSteps(least, most) for line, least, most in moved},
        example=None if fewest.example is None else case.space.names(fewest.example),
        whole=whole,
    )


@dataclass(frozen=True, eq=False)
class _Fewest:
    """What the fewest steps seen so far move: a first package that they open, and each line's least and most steps."""

    steps: int
    example: OptionArray | None
    least: IntArray
    most: IntArray

    @classmethod
    def nothing(cls, lines: int) -> _Fewest:
        """Before any is seen."""
        return cls(NO_WAY_OUT, None, np.full(lines, NO_WAY_OUT), np.zeros(lines, dtype=np.int64))

    def joined(self, other: _Fewest) -> _Fewest:
        """With what as few steps, or fewer, move of packages that come later."""
        if other.steps < self.steps:
            return other
        least, most = np.minimum(self.least, other.least), np.maximum(self.most, other.most)
        return _Fewest(self.steps, self.example, least, most)


def party_steps(zone: Zone, space: OutcomeSpace, party: int, form: Form = "declared") -> StepArray:
    """Steps over all lines of a party, of each package; broadcasts to the space."""
    lines = zone.case.red_lines
    total: StepArray = np.zeros([1] * len(space.left), dtype=np.uint16)
    for box, line in zip(lines.box_of(form), lines.lines, strict=True):
        if line.party == party:
            total = total + lines.ways_out[int(box)].over(space)
    return total


@dataclass(frozen=True, eq=False)
class _Group:
    """The packages of a slab that one group could come to sign, and the steps of each holder's lines to get there."""

    open_: BoolArray
    steps: list[StepArray]

    @property
    def total(self) -> StepArray:
        """Steps of all holders together."""
        return reduce(np.add, self.steps)


def _ways(zone: Zone, slab: Slab, form: Form = "declared") -> Iterator[_Group]:
    """For each smallest group that could sign: the packages that steps could bring into a zone, and the steps.

    A package is open that is coherent and worth enough to all who have to sign or act; in which zone is not asked.
    """
    constraints, kind, coherent = zone.constraints, slab.masks.dtype.type, slab.coherent
    values = slab.masks & kind(constraints.of("none"))
    own = [party_steps(zone, slab.space, party, form) for party in constraints.holders]
    if constraints.alone:
        yield _Group(coherent & (values == 0), own)
        return
    for group in constraints.groups[:MOST_GROUPS]:
        asks = constraints.asks(slab.masks, group)
        moves = [asks & kind(constraints.reservation(party)) != 0 for party in constraints.holders]
        steps = [np.where(move, of_party, 0) for move, of_party in zip(moves, own, strict=True)]
        yield _Group(coherent & (values & asks == 0), steps)


def _told_once(ways: list[_Group], inside: BoolArray) -> list[StepArray]:
    """The steps of each holder, of every package inside that is open to some group; the same way of a package counts
    once.
    """
    open_ = [way.open_ & inside for way in ways]
    columns = [
        [np.broadcast_to(of_party, here.shape)[here] for of_party in way.steps]
        for way, here in zip(ways, open_, strict=True)
    ]
    if len(ways) == 1:
        return columns[0]
    packages = np.concatenate([np.flatnonzero(here) for here in open_])
    rows = np.stack([packages, *(np.concatenate(of_party) for of_party in zip(*columns, strict=True))])
    return list(np.unique(rows, axis=1)[1:])


def fewest_by_pair(zone: Zone, first: int, second: int, name: ZoneName = "ceasefire") -> FloatArray:
    """The fewest steps that open a zone in which two issues stand at given options ``(K, K)``; NaN where none does."""
    width = zone.case.space.width
    found = np.full((width, width), np.inf)
    for slab in zone.slabs():
        others = tuple(axis for axis in range(len(slab.space.left)) if axis not in (first, second))
        here = np.ix_(slab.space.left[first], slab.space.left[second])
        inside = slab.space.spread(zone.case.zones[name])
        for way in _ways(zone, slab):
            least = np.where(way.open_ & inside, way.total.astype(float), np.inf).min(axis=others)
            found[here] = np.minimum(found[here], least if first < second else least.T)
    return np.where(found < NO_WAY_OUT, found, np.nan)


def _tally(columns: list[StepArray]) -> list[Counted]:
    """Distinct rows of some columns, with their counts."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    bases = [int(column.max(initial=0)) + 1 for column in columns]
    for column, base in zip(columns, bases, strict=True):
        code = code * base + column
    distinct, counts = counted(code, prod(bases).bit_length())
    rows: list[Counted] = []
    for value, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        row = []
        for base in reversed(bases):
            value, digit = divmod(value, base)
            row.append(digit)
        rows.append((tuple(reversed(row)), count))
    return rows


def _fewest_in(zone: Zone, slab: Slab, ways: Iterable[_Group], name: ZoneName, form: Form, fewest: int) -> _Fewest:
    """A first package of a slab that so many steps open, and the least and most steps of each line over all of them."""
    lines, holders = zone.case.red_lines, zone.constraints.holders
    inside, example = slab.space.spread(zone.case.zones[name]), None
    least, most = np.full(len(lines.lines), NO_WAY_OUT), np.zeros(len(lines.lines), dtype=np.int64)
    for way in ways:
        ids = np.flatnonzero(way.open_ & inside & (way.total == fewest))
        if not len(ids):
            continue
        if not fewest:  # nothing has to move
            return _Fewest(0, slab.space.packages(ids[0]), most, most)
        packages = slab.space.packages(ids)
        example = packages[0] if example is None else example
        at = np.unravel_index(ids, way.open_.shape)
        moving = [np.broadcast_to(steps, way.open_.shape)[at] > 0 for steps in way.steps]
        for number, box in enumerate(lines.box_of(form)):
            if lines.lines[number].party not in holders:
                least[number] = 0  # nobody asks it to move
                continue
            of_party = moving[holders.index(lines.lines[number].party)]
            steps = np.where(of_party, lines.ways_out[int(box)].at(packages), 0)
            least[number] = min(least[number], int(steps.min()))
            most[number] = max(most[number], int(steps.max()))
    return _Fewest(fewest, example, least, most)
