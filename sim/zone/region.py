"""The zone: which packages cross no binding red line and leave every signatory at or above its reservation value.

Exact, over all packages. Every coherent package of a zone is given one bitmask of the constraints it violates; the
zone under any reading, or without any set of red lines, is then a sum over the distinct masks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.frames import frame, package_columns
from sim.given import one_of, whole
from sim.markup import table
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.floors import enough_over
from sim.stakes.preferences import Preferences
from sim.stakes.space import LARGEST_SPACE, BitArray, BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.zone.constraints import READING_WORDS, READINGS, Constraints, Reading
from sim.zone.slabs import Slab, pieces, slabs

if TYPE_CHECKING:
    import pandas as pd

MOST_KEPT = 1 << 25
"""Packages whose masks are kept for later questions: a few hundred megabytes at most."""
SPARSE = 16
"""Fewer packages than one in so many of a space are valued one by one, others with all the rest of it."""
ROUNDED = 9
"""Decimals of points: the acceptance tolerance."""
WIDEST_COUNT = 20
"""Bits up to which masks are counted in a table of all of them."""

Progress = Callable[[float], None]
"""Called with the share of the work that is done."""


@dataclass(frozen=True, eq=False)
class MaskCounts:
    """Distinct violation masks ``(D,)`` of a zone's coherent packages, and how many packages have each."""

    masks: BitArray
    counts: IntArray

    @property
    def coherent(self) -> int:
        """How many packages there are before any constraint."""
        return int(self.counts.sum())


@dataclass(frozen=True, eq=False)
class Zone:
    """What `find_zone` found, in packages after pins.

    A space of at most `MOST_KEPT` packages keeps its slabs, so that later questions need no second look at every
    package.
    """

    case: Case
    coherent: int
    masks: dict[ZoneName, MaskCounts]
    by_weight_set: dict[str, int]
    kept: tuple[Slab, ...] = ()

    @cached_property
    def constraints(self) -> Constraints:
        """What the bits of the masks mean."""
        return Constraints(self.case)

    @property
    def packages(self) -> int:
        """All packages after pins, coherent or not."""
        return self.case.space.size

    def size(self, reading: Reading = "declared", zone: ZoneName = "ceasefire", without: int = 0) -> int:
        """How many packages lie in the zone under a reading, or with some constraints (bits) left out.

        Raises:
            ArgumentError: for no such reading or zone, with the nearest there is.
        """
        return self.size_under(self.constraints.of(reading) & ~whole(without, "without"), zone)

    def size_under(self, held: int, zone: ZoneName = "ceasefire") -> int:
        """How many packages lie in the zone when these constraints (bits) hold and no other."""
        found = self.masks[one_of(zone, ZONE_NAMES, "zone")]
        return int(found.counts[self.constraints.kept(found.masks, held)].sum())

    def signable(self) -> int:
        """How many packages some group would sign under the declared lines, done or not by whom their deeds need."""
        found, constraints = self.masks["ceasefire"], self.constraints
        signed = found.masks & np.uint64((1 << constraints.width) - 1)
        return int(found.counts[constraints.kept(signed, constraints.of("declared"))].sum())

    def inside(self, slab: Slab, held: int) -> BoolArray:
        """The packages of a slab that lie in the ceasefire zone when these constraints hold, in the slab's shape."""
        return slab.coherent & self.constraints.kept(slab.masks, held)

    def exists(self, reading: Reading = "declared", zone: ZoneName = "ceasefire") -> bool:
        """Whether the zone has a package at all."""
        return self.size(reading, zone) > 0

    def to_frame(self, reading: Reading = "declared", name: ZoneName = "ceasefire") -> pd.DataFrame:
        """A row a package of the zone: its options, and what it is worth to each signatory in points a month."""
        inside, case = members(self, reading, name), self.case
        worth = {f"value:{case.parties[p].id}": inside.values[:, n] for n, p in enumerate(case.signatories)}
        return frame(package_columns(case.space, inside.packages) | worth)

    def __repr__(self) -> str:
        """In a line, for a ten-dimensional array takes minutes to print."""
        return f"<Zone: {self.size():,} of {self.coherent:,} coherent packages>"

    def _repr_html_(self) -> str:
        """How a notebook shows it: the zone's size under each reading."""
        rows = [
            (READING_WORDS[reading], *(f"{self.size(reading, name):,}" for name in ZONE_NAMES)) for reading in READINGS
        ]
        found = self.size()
        title = f"A zone of {found:,} package{'s' if found != 1 else ''}" if found else "No zone"
        signing = ", ".join(sorted(self.case.parties[party].name for party in self.case.signatories))
        rule, asked = self.case.protocol, len(self.case.protocol.asked)
        who = "all" if rule.quorum == asked else f"enough ({rule.quorum} of {asked})"
        note = f"Of {self.coherent:,} coherent packages; those in the zone suit {who} signatories: {signing}."
        return table(title, ["packages in the zone under", *ZONE_NAMES], rows, note)

    def slabs(self) -> Iterator[Slab]:
        """The ceasefire packages with their masks, piece by piece."""
        if self.kept:
            yield from self.kept
        else:
            yield from slabs(self.case)


@dataclass(frozen=True, eq=False)
class Members:
    """Packages ``(N, I)`` of a zone, what they are worth to each signatory ``(N, S)``, points a month, and which
    parties could live with each ``(N, P)``.
    """

    packages: OptionArray
    values: FloatArray
    accepting: BoolArray


def find_zone(case: Case, progress: Progress = lambda share: None, largest: int = LARGEST_SPACE) -> Zone:
    """The zone of a case under every reading, exactly.

    Args:
        case: what is at stake; its first row where arrays have many.
        progress: told the share of the work that is done, after each slab.
        largest: packages above which the space is refused.

    Raises:
        SpaceTooLargeError: when the space has more packages than ``largest``.
    """
    case.space.require_countable(largest)
    constraints = Constraints(case)
    width = constraints.width + len(constraints.doers)
    spaces = list(pieces(case, case.space.within(case.zones["ceasefire"])))
    whole = sum(space.size for space in spaces)
    beyond = [part for rest in case.space.beyond(case.zones["ceasefire"]) for part in pieces(case, rest)]
    coherent = sum(int(np.count_nonzero(case.stages.coherent_over(part))) for part in beyond)
    found: dict[ZoneName, list[tuple[BitArray, IntArray]]] = {zone: [] for zone in ZONE_NAMES}
    by_weights = dict.fromkeys(case.weight_sets, 0)
    weighed: dict[str, Case] = {}
    done = 0
    np.empty(3 << 20)  # glibc gives pieces up to the largest that was given back no more to the system: fewer faults
    kept: list[Slab] = []
    for slab in slabs(case, spaces):
        coherent += int(np.count_nonzero(slab.coherent))
        settled = slab.space.spread(case.zones["settlement"])
        every = counted(slab.masks[slab.coherent], width)
        found["ceasefire"].append(every)
        found["settlement"].append(every if settled.all() else counted(slab.masks[slab.coherent & settled], width))
        clear = slab.coherent & constraints.kept(slab.masks, constraints.of("lines_only"))
        if clear.any():
            weighed = weighed or {name: _under(case, weights) for name, weights in case.weight_sets.items()}
            for name, under in weighed.items():
                by_weights[name] += _suiting(constraints, under, slab, clear)
        done += slab.space.size
        kept += [slab] if whole <= MOST_KEPT else []
        progress(done / whole)
    return Zone(case, coherent, {zone: _summed(parts) for zone, parts in found.items()}, by_weights, tuple(kept))


def counted(masks: npt.NDArray[Any], width: int) -> tuple[BitArray, IntArray]:
    """The distinct ones of some masks ``(N,)`` of so many bits, and how many there are of each."""
    if width <= WIDEST_COUNT:
        table = np.bincount(masks, minlength=1)
        distinct = np.flatnonzero(table)
        return distinct.astype(np.uint64), table[distinct]
    distinct, counts = np.unique(masks, return_counts=True)
    return distinct.astype(np.uint64), counts


def _summed(parts: list[tuple[BitArray, IntArray]]) -> MaskCounts:
    """The counts of all slabs together."""
    if not parts:
        return MaskCounts(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))
    masks, place = np.unique(np.concatenate([m for m, _ in parts]), return_inverse=True)
    counts = np.zeros(len(masks), dtype=np.int64)
    np.add.at(counts, place, np.concatenate([c for _, c in parts]))
    return MaskCounts(masks, counts)


def _under(case: Case, weights: Preferences) -> Case:
    """The case under other weights; the case itself where they are its own."""
    return case if np.array_equal(weights.weights, case.preferences.weights) else case.under(weights)


def _suiting(constraints: Constraints, case: Case, slab: Slab, clear: BoolArray) -> int:
    """How many packages are in the declared zone of a case of other weights, of those where the lines allow it."""
    if case is constraints.case:
        return int(np.count_nonzero(clear & constraints.kept(slab.masks, constraints.of("declared"))))
    if constraints.alone:
        return _suiting_all(case, slab.space, constraints.holders, clear)
    kind = slab.masks.dtype.type
    masks = slab.masks & ~kind(constraints.reservation())
    for party, enough in zip(constraints.holders, enough_over(case, slab.space, constraints.holders), strict=True):
        masks |= (~enough).astype(kind) * kind(constraints.reservation(party))
    return int(np.count_nonzero(clear & constraints.kept(masks, constraints.of("declared"))))


def _suiting_all(case: Case, space: OutcomeSpace, parties: tuple[int, ...], left: BoolArray) -> int:
    """How many of some packages of a space are worth their floor to all of some parties, by the cheaper of two ways."""
    looks = enough_over(case, space, parties)
    for done, _ in enumerate(parties):
        if np.count_nonzero(left) * SPARSE < space.size:
            packages = space.packages(np.flatnonzero(left))
            for party in parties[done:]:
                if len(packages):
                    packages = packages[case.value(party, packages[None])[0] >= case.floor(party)[0] - TOLERANCE]
            return len(packages)
        left = left & next(looks)
    return int(np.count_nonzero(left))


def worth_of(case: Case, space: OutcomeSpace, ids: IntArray, parties: tuple[int, ...]) -> Iterator[FloatArray]:
    """What some packages of a space ``(N,)`` are worth to each of some parties, by the cheaper of two ways."""
    if len(ids) * SPARSE < space.size:
        packages = space.packages(ids)[None]
        yield from (np.broadcast_to(case.value(party, packages)[0], len(ids)) for party in parties)
    else:
        yield from (value.ravel()[ids] for value in case.values_over(space, parties))


def clear_packages(zone: Zone, bits: int, name: ZoneName = "ceasefire") -> OptionArray:
    """The coherent packages ``(N, I)`` of a zone's definition that lie in it when these constraints (bits) hold."""
    found = [np.zeros((0, len(zone.case.space.issues)), dtype=np.int8)]
    for slab in zone.slabs():
        ids = np.flatnonzero(zone.inside(slab, bits) & slab.space.spread(zone.case.zones[name]))
        found.append(slab.space.packages(ids))
    return in_order(zone.case, np.concatenate(found))[0]


def in_order(case: Case, packages: OptionArray) -> tuple[OptionArray, IntArray]:
    """Packages ``(N, I)`` in the order of the space, and where each stood."""
    order = np.argsort(case.space.ids(packages), kind="stable")
    return packages[order], order


def members(zone: Zone, reading: Reading = "declared", name: ZoneName = "ceasefire") -> Members:
    """The packages of a zone in the order of the space, with their values to each signatory.

    Values are rounded to 1e-9 points, so that sums that are equal on paper are equal here.
    """
    case, bits = zone.case, zone.constraints.of(reading)
    one_of(name, ZONE_NAMES, "zone")
    packages = [np.zeros((0, len(case.space.issues)), dtype=np.int8)]
    values = [np.zeros((0, len(case.signatories)))]
    accepting = [np.zeros((0, len(case.parties)), dtype=bool)]
    for slab in zone.slabs():
        inside = zone.inside(slab, bits) & slab.space.spread(case.zones[name])
        ids = np.flatnonzero(inside)
        if len(ids):
            worth = list(worth_of(case, slab.space, ids, case.signatories))
            packages.append(slab.space.packages(ids))
            accepting.append(zone.constraints.accepting(slab.masks.ravel()[ids], bits))
            values.append(np.round(np.stack(worth, axis=1), ROUNDED).astype(np.float64))
    ordered, order = in_order(case, np.concatenate(packages))
    return Members(ordered, np.concatenate(values)[order], np.concatenate(accepting)[order])
