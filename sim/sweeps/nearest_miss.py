"""Where no case has a zone: how rare one could still be, and how near the nearest case comes to one.

The distance is in points where red lines leave packages, and in steps of red lines where they leave none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import FloatArray, OptionArray
from sim.study.measures import heading
from sim.sweeps.existence import ZoneSearch
from sim.sweeps.outcomes import Group, Laboratory
from sim.sweeps.results import Cases
from sim.zone.diagnosis import conflicts
from sim.zone.region import find_zone
from sim.zone.steps import graded

LOOKED_AT = 48
"""Cases that are looked at in full, spread over the sweep."""
MOST_GROUPS = 4
"""Sets of red lines that leave nothing whose conflicts are looked at."""


def rule_of_three(trials: int) -> float:
    """The share that an event seen in none of so many trials stays under, with 95 % confidence (Hanley & Lippman-Hand
    1983).

    >>> rule_of_three(300)
    0.01
    """
    return min(1.0, 3 / trials) if trials else 1.0


def nearest_miss(cases: Cases) -> dict[str, Any] | None:
    """The case without a zone that comes nearest to one, of some spread over the sweep; None where all have one."""
    closed = np.flatnonzero(cases.known & (cases.zones["zone"] == 0))
    if not len(closed):
        return None
    sweep = cases.folder.sweep
    laboratory, best = Laboratory(sweep), None
    chosen = np.unique(closed[np.linspace(0, len(closed) - 1, min(LOOKED_AT, len(closed))).astype(int)])
    seen: dict[int, dict[str, Any]] = {}
    for number in chosen.tolist():
        row = sweep.design.rows(number, number + 1)
        group = laboratory.group(tuple(float(row[path][0]) for path in sweep.compiled))
        if not isinstance(group, Group):
            continue
        if group.declared.crossed:  # what lines exclude is the same in every case of the group
            if id(group) not in seen and len(seen) >= MOST_GROUPS:
                continue
            found = seen.get(id(group)) or _by_steps(group.loaded.case)
            seen[id(group)] = found
        else:
            found = _by_points(laboratory.case(group, row), group.declared)
        key = (found["kind"] != "points", found.get("short", 0.0), found.get("steps", 0) or 0)
        if best is None or key < best[0]:
            values = {f.path: f.value(row[f.path][0]) for f in sweep.factors}
            best = (key, found | {"case": number, "values": values, "under": heading(group.loaded).under})
    return None if best is None else best[1] | {"looked_at": len(chosen), "without_a_zone": len(closed)}


def _by_points(case: Case, search: ZoneSearch) -> dict[str, Any]:
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
    return {
        "kind": "points",
        "short": round(best[0], 6),
        "package": case.space.names(package),
        "short_by_party": by_party,
    }


def _by_steps(case: Case) -> dict[str, Any]:
    """How far red lines would have to move in all, and which of them collide; under the scenario's own reservation
    values.
    """
    zone = find_zone(case)
    clashing = [zone.constraints.names(mask) for mask in conflicts(zone, "lines_only").bits]
    return {"kind": "lines", "steps": graded(zone).fewest, "conflicts": clashing}
