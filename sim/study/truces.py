"""What a plain truce is worth to each party, and how little belief in a settlement would make those who refuse take it.

Rounded for people and files; the rules are the zone's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.stakes.case import Case
from sim.zone.motives import motives
from sim.zone.refusals import LeastChance, Refusal, refusals
from sim.zone.region import Members, Zone

DIGITS = 6
"""Decimals of points and chances."""


@dataclass(frozen=True)
class MotiveMeasures:
    """Of the declared zone's packages, by party, how many it would sign ``to_strike`` next month, and how many for the
    war ``for_the_war_after`` them, since they are worth less to it while they hold.
    """

    to_strike: dict[str, int]
    for_the_war_after: dict[str, int]


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


def motive_measures(case: Case, inside: Members) -> MotiveMeasures:
    """Packages of a zone that somebody would sign for the war after them."""
    found = motives(case, inside)
    of = ({case.parties[party].id: n for party, n in by.items()} for by in (found.to_strike, found.for_the_war_after))
    return MotiveMeasures(*of)


def _rounded(chance: float | None) -> float | None:
    return None if chance is None else round(chance, DIGITS)
