"""What a plain truce is worth to each party, and how little belief in a settlement would make those who refuse take it.

Rounded for people and files; the rules are the zone's.
"""

from __future__ import annotations

from dataclasses import replace

from sim.stakes.case import Case
from sim.zone.refusals import LeastChance, Refusal, refusals
from sim.zone.region import Zone

DIGITS = 6
"""Decimals of points and chances."""


def truce_measures(case: Case) -> dict[str, float] | None:
    """What a plain truce, with nothing else settled, is worth to each signatory above its reservation value."""
    truce = case.plain_truce()
    if truce is None:
        return None
    return {
        case.parties[party].id: round(float(case.value(party, truce[None])[0] - case.reservation[0, party]), DIGITS)
        for party in case.signatories
    }


def refusal_measures(zone: Zone) -> list[Refusal]:
    """Each party that refuses a plain truce, and the least belief in a settlement at which it would take it."""
    return [
        replace(
            found,
            short=round(found.short, DIGITS),
            chances={
                name: LeastChance(chance.packages, _rounded(chance.best), _rounded(chance.median))
                for name, chance in found.chances.items()
            },
        )
        for found in refusals(zone)
    ]


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, DIGITS)
