"""What a result is measured by, as plain data: the dictionaries behind every ``--json`` and every file.

Nothing is computed here that the zone or the talks do not already hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim import BANNER
from sim.scenario.loader import Loaded
from sim.stakes.case import ZONE_NAMES
from sim.zone.diagnosis import conflicts, relaxations
from sim.zone.region import READINGS, Zone

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
    """Sizes of the zone under each reading, and why it is empty where it is."""
    names = zone.constraints.names
    return heading(loaded) | {
        "packages": zone.packages,
        "coherent": zone.coherent,
        "zone": {reading: {name: zone.size(reading, name) for name in ZONE_NAMES} for reading in READINGS},
        "weight_sets": dict(zone.by_weight_set),
        "conflicts": {name: [names(mask) for mask in conflicts(zone, name=name)] for name in ZONE_NAMES},
        "relaxations": {name: [names(mask) for mask in relaxations(zone, name=name)] for name in ZONE_NAMES},
    }


def run_measures(loaded: Loaded, seed: int, model: NegotiationModel, verdict: str) -> dict[str, Any]:
    """How one run ended; utilities and reservation values in points a month by party."""
    case, talks = loaded.case, model.talks
    package = talks.agreed[0] if model.ending.agreed else None
    parties = [(n, party.id) for n, party in enumerate(case.parties)]
    utilities = {
        party: round(float(case.utility(n, talks.agreed)[0]), DIGITS) for n, party in parties if package is not None
    }
    return heading(loaded) | {
        "seed": seed,
        "ending": model.ending.word,
        "verdict": verdict,
        "round": int(talks.ended[0]),
        "emerged": None,  # lines and reservation values stand still during the talks, so no zone can open in them
        "package": None if package is None else case.space.names(package),
        "utilities": utilities or None,
        "reservation": {party: round(float(talks.reservation[0, n]), DIGITS) for n, party in parties},
    }
