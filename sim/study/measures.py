"""What a result is measured by, as plain data: the dictionaries behind every ``--json`` and every file.

Nothing is computed here that the zone or the talks do not already hold.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import BANNER
from sim.scenario.loader import Loaded
from sim.stakes.case import Case
from sim.stakes.outlook import Outlook
from sim.stakes.space import OptionArray
from sim.stakes.stages import ZONE_NAMES
from sim.zone.constraints import READINGS
from sim.zone.diagnosis import Sets, conflicts, distinct, relaxations, tightness
from sim.zone.points import frontier, named_points
from sim.zone.region import Members, Zone, members, options_left
from sim.zone.steps import Graded, graded

if TYPE_CHECKING:
    from sim.talks.model import NegotiationModel

DIGITS = 6
"""Decimals of points."""


def heading(loaded: Loaded) -> dict[str, Any]:
    """What every result begins with."""
    scenario = loaded.scenario
    return {
        "banner": BANNER,
        "scenario": loaded.slug,
        "title": scenario.title,
        "as_of": None if scenario.as_of is None else scenario.as_of.isoformat(),
        "under": scenario.reading,
        "changes": list(loaded.changes),
        "without": list(loaded.without),
    }


def zone_measures(loaded: Loaded, zone: Zone) -> dict[str, Any]:
    """Everything about a zone: sizes, shape, named points, and why it is empty where it is."""
    case = loaded.case
    clashing = {name: conflicts(zone, name=name) for name in ZONE_NAMES}
    giving = {name: relaxations(zone, name=name) for name in ZONE_NAMES}
    left = options_left(zone)
    return heading(loaded) | {
        "packages": zone.packages,
        "coherent": zone.coherent,
        "zone": {reading: {name: zone.size(reading, name) for name in ZONE_NAMES} for reading in READINGS},
        "plain_truce": truce_measures(case),
        "implementable": zone.implementable,
        "definition": {name: zone.masks[name].coherent for name in ZONE_NAMES},
        "weight_sets": dict(zone.by_weight_set),
        "conflicts": {name: _named(zone, clashing[name]) for name in ZONE_NAMES},
        "relaxations": {name: _named(zone, giving[name]) for name in ZONE_NAMES},
        "complete": {name: clashing[name].complete and giving[name].complete for name in ZONE_NAMES},
        "steps": {name: step_measures(case, graded(zone, name)) for name in ZONE_NAMES},
        "tightness": {
            name: {constraint: asdict(tight) for constraint, tight in tightness(zone, name=name).items()}
            for name in ZONE_NAMES
        },
        "options": {
            issue.id: {issue.options[k]: int(left[axis, k]) for k in case.space.left[axis]}
            for axis, issue in enumerate(case.space.issues)
        },
        **point_measures(case, members(zone)),
    }


def mask_measures(zone: Zone) -> dict[str, Any]:
    """Which declared constraints packages violate and how many packages each: the zone without any of them, exactly."""
    found = {name: distinct(zone, name=name) for name in ZONE_NAMES}
    return {
        "constraints": found["ceasefire"].ids,
        **{name: {"masks": of.masks.tolist(), "counts": of.counts.tolist()} for name, of in found.items()},
    }


def truce_measures(case: Case) -> dict[str, float] | None:
    """What a plain truce, with nothing else settled, is worth to each signatory above its reservation value."""
    truce = case.plain_truce()
    if truce is None:
        return None
    return {
        case.parties[party].id: round(float(case.value(party, truce[None])[0] - case.reservation[0, party]), DIGITS)
        for party in case.signatories
    }


def durability_measures(case: Case, package: OptionArray, outlook: Outlook | None = None) -> dict[str, float] | None:
    """The chance that a package ``(I,)`` holds a year and five; None when it is not meant to last."""
    chances = {months: case.durability(package, months, outlook) for months in (12, 60)}
    return {f"{m}_months": round(chance, DIGITS) for m, chance in chances.items() if chance is not None} or None


def _named(zone: Zone, sets: Sets) -> list[list[str]]:
    return [zone.constraints.names(mask) for mask in sets.bits]


def step_measures(case: Case, found: Graded) -> dict[str, Any]:
    """How far red lines would have to move, by party and by line."""
    parties = [party.id for party in case.parties]
    return {
        "fewest": found.fewest,
        "ways": [
            {"by_party": dict(zip(parties, way, strict=True)), "packages": packages}
            for way, packages in zip(found.vectors.tolist(), found.packages.tolist(), strict=True)
        ],
        "lines": {
            line.id: {"least": least, "most": most}
            for line, least, most in zip(case.red_lines.lines, found.least.tolist(), found.most.tolist(), strict=False)
        },
        "example": None if found.example is None else case.space.names(found.example),
    }


def point_measures(case: Case, inside: Members) -> dict[str, Any]:
    """The frontier's size and the named points of a zone, utilities in points a month by party."""
    best = frontier(inside.values)
    signatories = [case.parties[party].id for party in case.signatories]
    return {
        "frontier": {"packages": len(best), "vectors": len(np.unique(inside.values[best], axis=0))},
        "points": [
            {
                "name": point.name,
                "formula": point.formula,
                "score": round(point.score, DIGITS),
                "ties": len(point.packages),
                "package": case.space.names(point.packages[0]),
                "values": dict(zip(signatories, np.round(point.values[0], DIGITS).tolist(), strict=True)),
                "holds": durability_measures(case, point.packages[0]),
            }
            for point in named_points(case, inside)
        ],
    }


def run_measures(
    loaded: Loaded, seed: int, model: NegotiationModel, verdict: str, path: dict[str, Any]
) -> dict[str, Any]:
    """How one run ended; utilities and reservation values in points a month by party."""
    case, talks = loaded.case, model.talks
    package = talks.agreed[0] if model.ending.agreed or model.ending.word == "partial" else None
    parties = [(n, party.id) for n, party in enumerate(case.parties)]
    values = {party: round(float(case.value(n, talks.agreed, talks.outlook)[0]), DIGITS) for n, party in parties}
    utilities = {party: round(float(case.utility(n, talks.agreed)[0]), DIGITS) for n, party in parties}
    return heading(loaded) | {
        "seed": seed,
        "ending": model.ending.word,
        "verdict": verdict,
        "round": int(talks.ended[0]),
        "emerged": path["emerged"],
        "package": None if package is None else case.space.names(package),
        "utilities": None if package is None else utilities,
        "values": None if package is None else values,
        "holds": None if package is None else durability_measures(case, package, talks.outlook),
        "held_months": model.held_months,
        "reservation": {party: round(float(talks.reservation[0, n]), DIGITS) for n, party in parties},
        "path": {name: path[name] for name in path if name != "emerged"},
    }
