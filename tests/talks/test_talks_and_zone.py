"""Talks and zone never contradict each other: where nothing moves, what is signed is something that could be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim import load, negotiate
from sim.scenario.library import shipped, slugs
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import BoolArray, OptionArray
from sim.stakes.stages import Stage

FEW = (
    *shipped("toy"),
    "2025-03-truce-offer",
    "variants/2025-02-over-their-heads",
)


def at_rest(case: Case) -> Case:
    """The case with a war that stands still and nobody who pulls a lever."""
    war = None if case.war is None else replace(case.war, frozen=True)
    events = tuple(replace(event, levers=(), share=0.0) for event in case.protocol.events)
    return replace(case, war=war, protocol=replace(case.protocol, pulls=(), events=events))


def in_the_zone(case: Case, packages: OptionArray) -> BoolArray:
    """Which packages enough of those asked could sign, and others carry out, under true lines: without a zone."""
    values = case.values(packages, case.preferences.utilities(packages), case.outlook)
    binding = np.array([[case.red_lines.bits("true", party) for party in range(len(case.parties))]], dtype=np.uint64)
    floors = np.stack([case.floor(party) for party in range(len(case.parties))], axis=1)
    could = ((case.red_lines.crossed(packages)[:, None] & binding) == 0) & (values >= floors - TOLERANCE)
    found = case.valid(packages) & (case.stage(packages) >= Stage.INTERIM) & case.protocol.carries(could)
    return found & case.consents(packages, binding, values, floors)


@pytest.mark.parametrize(
    "slug", [slug if slug in FEW else pytest.param(slug, marks=pytest.mark.slow) for slug in slugs()]
)
def test_what_is_signed_while_nothing_moves_lies_in_the_zone_of_every_shipped_scenario(slug: str) -> None:
    case = at_rest(load(slug).case)
    found = negotiate(case, 12, 3)
    assert in_the_zone(case, found.agreed[found.agreeing]).all()


def test_a_package_outside_the_zone_would_be_noticed() -> None:
    case = at_rest(load("2025-12-stalemate").case)
    packages = np.array([case.space.status_quo(), case.space.package({"hostilities": "truce_30_days"})])
    assert not in_the_zone(case, packages).any()
