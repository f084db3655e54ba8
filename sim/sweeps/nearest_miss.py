"""Where no case has a zone: how rare one could still be, and how near the nearest case comes to one.

The distance is in points where red lines leave packages, and in steps of red lines where they leave none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import FloatArray, OptionArray, Package
from sim.study.measures import heading
from sim.sweeps.outcomes import Group, Laboratory
from sim.sweeps.results import Cases
from sim.zone.diagnosis import conflicts
from sim.zone.existence import ZoneSearch
from sim.zone.region import find_zone
from sim.zone.steps import graded

LOOKED_AT = 48
"""Cases that are looked at in full, spread over the sweep."""
MOST_GROUPS = 4
"""Sets of red lines that leave nothing whose conflicts are looked at."""


@dataclass(frozen=True)
class ByPoints:
    """A package clear of lines, and how many points a month it leaves those short whom it has to suit."""

    kind: Literal["points"]
    short: float
    package: Package
    short_by_party: dict[str, float]


@dataclass(frozen=True)
class ByLines:
    """How many steps red lines would have to move in all, None where none do; and which of them collide."""

    kind: Literal["lines"]
    steps: int | None
    conflicts: list[list[str]]


@dataclass(frozen=True)
class Miss:
    """Which case it is, the values it has, and of how many it is the nearest."""

    case: int
    values: dict[str, Any]
    under: str | None
    looked_at: int
    without_a_zone: int


@dataclass(frozen=True)
class MissByPoints(Miss, ByPoints):
    """A miss in points; the fields of `ByPoints` come first."""


@dataclass(frozen=True)
class MissByLines(Miss, ByLines):
    """A miss in steps of red lines; the fields of `ByLines` come first."""


NearestMiss = MissByPoints | MissByLines


def rule_of_three(trials: int) -> float:
    """The share that an event seen in none of so many trials stays under, with 95 % confidence (Hanley & Lippman-Hand
    1983).

    >>> rule_of_three(300)
    0.01
    """
    return min(1.0, 3 / trials) if trials else 1.0


def nearest_miss(cases: Cases) -> NearestMiss | None:
    """The case without a zone that comes nearest to one, of some spread over the sweep; None where all have one."""
    closed = np.flatnonzero(cases.known & (cases.zones["zone"] == 0))
    if not len(closed):
        return None
    sweep = cases.folder.sweep
    laboratory = Laboratory(sweep)
    best: tuple[tuple[bool, float], ByPoints | ByLines, Miss] | None = None
    chosen = np.unique(closed[np.linspace(0, len(closed) - 1, min(LOOKED_AT, len(closed))).astype(int)])
    seen: dict[int, ByLines] = {}
    found: ByPoints | ByLines
    for number in chosen.tolist():
        row = sweep.design.rows(number, number + 1)
        group = laboratory.group(tuple(float(row[path][0]) for path in sweep.compiled))
        if not isinstance(group, Group):
            continue
        if group.declared.crossed:  # what lines exclude is the same in every case of the group
            if id(group) not in seen and len(seen) >= MOST_GROUPS:
                continue
            if id(group) not in seen:
                seen[id(group)] = _by_lines(group.loaded.case)
            found = seen[id(group)]
            key = (True, float(found.steps or 0))
        else:
            found = _by_points(laboratory.case(group, row), group.declared)
            key = (False, found.short)
        if best is None or key < best[0]:
            values = {f.path: f.value(row[f.path][0]) for f in sweep.factors}
            best = key, found, Miss(number, values, heading(group.loaded).under, len(chosen), len(closed))
    if best is None:
        return None
    _, found, place = best
    return (MissByPoints if isinstance(found, ByPoints) else MissByLines)(**vars(found), **vars(place))


def _by_points(case: Case, search: ZoneSearch) -> ByPoints:
    """The package clear of lines that leaves whom it suits least, of those it has to suit, fewest points short."""
    best: tuple[float, OptionArray, tuple[int, ...]] | None = None
    for members, part in [(circle.members, part) for circle in search.circles for part in circle.parts]:
        short: FloatArray = np.full(part.space.shape, -np.inf)
        for party, value in zip(members, case.values_over(part.space, members), strict=True):
            short = np.maximum(short, float(case.floor(party)[0]) - value)
        short = np.where(part.whether(), short, np.inf)
        at = int(short.argmin())
        if best is None or short.flat[at] < best[0]:
            best = float(short.flat[at]), part.space.packages([at])[0], members
    assert best is not None
    package = best[1]
    by_party = {
        case.parties[party].id: round(float(case.floor(party)[0] - case.value(party, package[None, None])[0, 0]), 6)
        for party in best[2]
    }
    return ByPoints("points", round(best[0], 6), case.space.names(package), by_party)


def _by_lines(case: Case) -> ByLines:
    """How far red lines would have to move in all, and which of them collide; under the scenario's own reservation
    values.
    """
    zone = find_zone(case)
    clashing = [zone.constraints.names(mask) for mask in conflicts(zone, "lines_only").bits]
    return ByLines("lines", graded(zone).fewest, clashing)
