"""Packages that somebody would sign for the war after them: plain loops, and figures worked out twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from sim import load
from sim.report.truce_sentences import motives as in_words
from sim.stakes.case import Case
from sim.zone.motives import Motives, motives
from sim.zone.region import find_zone, members
from tests.reference_stakes import ARMISTICE, LITTLE, Stakes
from tests.strategies import cases, staked, unhurried
from tests.zone.test_refusals import at_hand
from tests.zones import zone


def by_loops(case: Case) -> Motives:
    plain, strike, after = Stakes(case), dict.fromkeys(case.belligerents, 0), dict.fromkeys(case.signatories, 0)
    ids = [party.id for party in case.parties]
    inside = members(find_zone(case))
    for package, accepting in zip(map(tuple, inside.packages.tolist()), inside.accepting.tolist(), strict=True):
        for p in plain.parties:
            utility, d = plain.utility(p, package), plain.discount[p]
            month = (1 - d) * utility + d * plain.after(p, package, plain.outlook)
            keeps = plain.lasting(p, package, plain.outlook)
            if accepting[p] and p in strike and plain.kind(package) >= ARMISTICE and month > keeps + LITTLE:
                strike[p] += 1
            if accepting[p] and p in after and utility < plain.r[p] - LITTLE:
                after[p] += 1
    return Motives(*({ids[p]: count for p, count in by_party.items()} for by_party in (strike, after)))


def test_motives_are_those_of_plain_loops() -> None:
    counted = 0

    @given(staked(most_rows=1).filter(lambda case: case.endings is not None))
    @unhurried
    def check(case: Case) -> None:
        nonlocal counted
        eager = np.full((1, len(case.parties)), -20.0)  # so that there is a zone, and a mixed one
        case = replace(at_hand(case, 1).under(case.preferences), home=eager)
        found = motives(case, members(find_zone(case)))
        assert found == by_loops(case)
        counted += sum(found.to_strike.values()) + sum(found.for_the_war_after.values())

    check()
    assert counted  # else the loops had nothing to count


@given(cases())
@unhurried
def test_without_a_war_nobody_signs_for_one(case: Case) -> None:
    assert motives(case, members(find_zone(case))) == Motives({}, {})


def test_in_march_as_assumed_russia_would_sign_140_packages_to_strike_and_europe_54_for_a_better_war() -> None:
    march = zone("variants/2025-03-assumed-war")
    found = motives(march.case, members(march))
    assert found.to_strike == {"russia": 140, "ukraine": 0}
    assert found.for_the_war_after == {"russia": 11, "ukraine": 0, "us": 0, "europe": 54}
    said = in_words(load("2025-03-truce-offer").scenario, found, 3_048)
    assert "only to go to war again a month later: by Russia 140." in said[0]
    assert "by Russia 11, by Europe 54." in said[1]


@pytest.mark.parametrize("slug", ["2025-12-stalemate", "toy/two-issues"])
def test_nothing_is_said_where_there_is_no_such_package(slug: str) -> None:
    found = zone(slug)
    assert not in_words(load(slug).scenario, motives(found.case, members(found)), found.size())
