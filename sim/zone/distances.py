"""How far packages lie from a zone's frontier and Nash point, and how opposed a domain is, as tournaments of automated
negotiators report them (Baarslag et al. 2013).

Values are scaled by party first, so that no party's points are compared with another's: from 0 for what it signs for to
1 for the best it could get in the zone; for opposition, from the worst to the best package that there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, Package
from sim.zone.points import Point, frontier, named_points, steps_between
from sim.zone.region import Members, Zone


@dataclass(frozen=True)
class Distances:
    """Of a zone's packages ``(N,)``: which are on the frontier, how far each lies from it and from the Nash point, and
    steps to the Nash point; nothing of that point where no package leaves everyone who signs better off.
    """

    best: BoolArray
    to_frontier: FloatArray
    to_nash: FloatArray | None
    steps_to_nash: IntArray | None


@dataclass(frozen=True)
class Distance:
    """Of one package: how far it lies from the zone's frontier and from its Nash point; that None as in `Distances`."""

    to_frontier: float
    to_nash: float | None


@dataclass(frozen=True)
class NashPoint:
    """The zone's Nash point nearest to a package, and the steps between the two."""

    steps: int
    package: Package


def distances(case: Case, inside: Members, rows: IntArray | None = None) -> Distances:
    """Distances within a zone of at least one package, which everybody who signs has to suit or not.

    Args:
        case: what is at stake.
        inside: all packages of the zone.
        rows: those asked about ``(N,)``; all of them if None.
    """
    from scipy.spatial import cKDTree  # here, for it takes a while to import

    rows = np.arange(len(inside.packages)) if rows is None else rows
    on_frontier, nash = frontier(inside.values), _nash(case, inside)
    scaled, best = _in_zone(case, inside, inside.values[rows]), np.isin(rows, on_frontier)
    to_frontier = cKDTree(_in_zone(case, inside, inside.values[on_frontier])).query(scaled)[0]
    if nash is None:
        return Distances(best, to_frontier, None, None)
    to_nash = _apart(scaled, _in_zone(case, inside, nash.values[:1]))
    return Distances(best, to_frontier, to_nash, steps_between(case, nash.packages[0], inside.packages[rows]))


def distance(case: Case, inside: Members, values: FloatArray) -> Distance:
    """How far a package of these values ``(S,)``, inside the zone or not, lies from what `distances` measures to.

    Outside, a package may be worth more to everybody than the frontier, and lies away from it all the same.
    """
    here, nash = _in_zone(case, inside, values[None]), _nash(case, inside)
    to_frontier = _apart(here, _in_zone(case, inside, inside.values[frontier(inside.values)])).min()
    to_nash = None if nash is None else float(_apart(here, _in_zone(case, inside, nash.values[:1]))[0])
    return Distance(float(to_frontier), to_nash)


def nearest_nash(case: Case, inside: Members, package: OptionArray) -> NashPoint | None:
    """The Nash point nearest to a package ``(I,)``, of all groups that could sign; None where there is none."""
    nash = [point.packages for point in named_points(case, inside) if point.name == "nash"]
    if not nash:
        return None
    packages = np.concatenate(nash)
    away = steps_between(case, package, packages)
    return NashPoint(int(away.min()), case.space.names(packages[int(away.argmin())]))


def _nash(case: Case, inside: Members) -> Point | None:
    """The Nash point for all who sign."""
    points = named_points(case, inside)
    return next((point for point in points if point.name == "nash" and point.group == case.signatories), None)


def _in_zone(case: Case, inside: Members, values: FloatArray) -> FloatArray:
    """Values ``(N, S)`` from what each party signs for, 0, to the best it could get in the zone, 1."""
    return _scaled(values, case.reservation[0, list(case.signatories)], inside.values.max(axis=0))


def _apart(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.sqrt(((one - other) ** 2).sum(axis=1))


def opposition(zone: Zone) -> float | None:
    """How far the package nearest to what each signatory likes best lies from that, over all coherent packages of the
    ceasefire zone's definition: 0 where one package is best for all. None where there is no package, or all are
    worth the same to a signatory.
    """
    if not zone.coherent or not zone.case.signatories:
        return None
    ends = np.stack([(part.min(axis=0), part.max(axis=0)) for part in _coherent(zone)])
    worst, best = ends[:, 0].min(axis=0), ends[:, 1].max(axis=0)
    if not (best > worst).all():
        return None
    return min(float(np.sqrt(((1.0 - _scaled(part, worst, best)) ** 2).sum(axis=1)).min()) for part in _coherent(zone))


def _coherent(zone: Zone) -> Iterator[FloatArray]:
    """What each signatory has from the coherent packages ``(N, S)``, piece by piece: all at once may be gigabytes."""
    for slab in zone.slabs():
        if slab.coherent.any():
            yield np.stack([value[slab.coherent] for value in zone.case.values_over(slab.space)], axis=1)


def _scaled(values: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Values ``(N, S)`` with these rows ``(S,)`` as 0 and 1; 1 where a party has no choice."""
    span = high - low
    return np.divide(values - low, span, out=np.ones_like(values), where=span > 0)
