"""Packages of a zone that somebody would sign for the war after them: to strike next month, or from a better place.

Reported beside the zone, and no part of what a package is worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.endings import Kind
from sim.stakes.valuation import truce_value
from sim.stakes.views import Rows
from sim.zone.region import Members


@dataclass(frozen=True)
class Motives:
    """Of a zone's packages, by party: how many a belligerent would rather sign and strike a month later than keep,
    (1-d) U + d W' > V, and how many a signatory signs though they are worth less than going on while they hold, U < r,
    for a better war after them.
    """

    to_strike: dict[str, int]
    for_the_war_after: dict[str, int]


def motives(case: Case, inside: Members) -> Motives:
    """Why packages of a zone would be signed, counted; nothing where no war is modelled.

    A truce lapses after a month, so that striking then is what it is, and no motive.
    """
    if case.endings is None or case.outlook is None:
        return Motives({}, {})
    ids = [party.id for party in case.parties]
    if not len(inside.packages):
        return Motives({ids[party]: 0 for party in case.belligerents}, {ids[party]: 0 for party in case.signatories})
    packages = inside.packages[None]
    rows = Rows(case.endings, case.preferences, packages)
    lasts = case.endings.kind(inside.packages) >= Kind.ARMISTICE
    strike, after = {}, {}
    for party in dict.fromkeys((*case.belligerents, *case.signatories)):
        signs = inside.accepting[:, party]
        utility = rows.utility(party)[0]
        lost = np.ravel(case.stepping_back(party, packages))  # in public, whatever comes of it
        if party in case.belligerents:
            war = rows.resumed(case.outlook, party)[0]
            value = (
                inside.values[:, case.signatories.index(party)]
                if party in case.signatories
                else case.value(party, packages)[0]
            )
            month = truce_value(utility, case.outlook.discount[0, party], war) - lost
            strike[ids[party]] = int(np.count_nonzero(signs & lasts & (month > value + TOLERANCE)))
        if party in case.signatories:
            after[ids[party]] = int(np.count_nonzero(signs & (utility < case.reservation[0, party] - TOLERANCE)))
    return Motives(strike, after)
