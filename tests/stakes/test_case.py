"""What a package is worth beside the war: stepping back in public, a quorum at home, deeds of those not asked."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from sim.report.terminal.zone import print_zone
from sim.study.measures import zone_measures
from sim.study.score import package_measures
from sim.talks.delegation import standard
from sim.talks.draws import Draws
from sim.talks.how_talks_end import Ending
from sim.talks.referee import open_talks, play, play_round
from sim.zone.region import find_zone, members
from tests.conftest import SMALL, Write
from tests.zones import load, zone

DECEMBER = "2025-12-stalemate"
OPEN = ("russia-no-temporary-ceasefire",)
"""Without it December has a zone."""
RATIFIED = "parties.russia.ratification={quorum: 0.9, spread: 6}"


def test_public_talks_make_stepping_back_cost() -> None:
    public, closed = zone(DECEMBER, "public=1").case, zone(DECEMBER).case
    package = public.space.package({"hostilities": "final_treaty", "legal_status": "de_facto_only"})[None]
    lost = closed.value(0, package)[0] - public.value(0, package)[0]
    by_hand = 0.0  # at 5 % of an issue's weight a full range; a line on a settlement is a step away by ending otherwise
    for line in public.red_lines.lines:
        on = line.ladder[0].on
        if line.party == 0 and public.space.issues[on].ordered:
            away = min(1, *(abs(int(package[0, on]) - k) for k in line.ladder[0].allowed))
            by_hand += 0.05 * public.preferences.weights[0, 0, on] * away / public.space.issues[on].span
    assert lost == pytest.approx(by_hand) and lost > 0
    assert zone(DECEMBER, "public=1").size("none") <= zone(DECEMBER).size("none")


def test_a_quorum_at_home_narrows_the_win_set_until_it_vanishes(write: Write) -> None:
    sizes = [
        find_zone(load(write(SMALL), [f"parties.buyer.ratification={{quorum: {q}, spread: 40}}"]).case).size()
        for q in (0.3, 0.5, 0.7, 0.9, 1.0)
    ]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] == sizes[1] > sizes[-1] == 0


def test_a_text_over_the_head_of_one_whose_deeds_it_needs_cannot_be_carried_out() -> None:
    aside = ["parties.ukraine.roles=[observer]", "parties.europe.roles=[observer]", "protocol.name=alternating"]
    over = zone(DECEMBER, *aside)
    assert over.signable() > over.size() == 0
    case = replace(over.case, war=replace(over.case.war, frozen=True))
    talks = play(case, standard(case), Draws(0, np.arange(20)))
    assert {Ending(e) for e in talks.ending} == {Ending.UNIMPLEMENTABLE_TEXT}
    whole = zone(DECEMBER, without=OPEN)
    assert whole.signable() == whole.size() > 0


@pytest.mark.parametrize(
    "change",
    [
        "parties.ukraine.war.cost=0",
        "war.hazard=1",
        "war.hazard=0",
        "war.hold.armistice=0",
        "parties.us.roles=[observer]",
        RATIFIED,
        "public=1",
        "war.horizon=1",
        "parties.russia.reservation=90",
    ],
)
def test_the_ends_of_the_ranges_give_numbers_and_sentences(change: str) -> None:
    loaded = load(DECEMBER, [change])
    case = loaded.case
    assert np.isfinite(case.reservation).all()
    packages = case.space.packages(np.random.default_rng(0).integers(0, case.space.size, 300))
    packages = packages[case.valid(packages)]
    for party, everywhere in zip(case.signatories, case.values_over(case.space), strict=True):
        rows = case.value(party, packages[None])[0]
        np.testing.assert_allclose(everywhere.ravel()[case.space.ids(packages)], rows, atol=1e-9)
        assert np.isfinite(rows).all()
    screen = Console(file=StringIO(), width=100)
    print_zone(screen, loaded.scenario, zone_measures(loaded, zone(DECEMBER, change)))
    assert isinstance(screen.file, StringIO) and "nan" not in screen.file.getvalue()


def test_a_package_is_judged_by_the_floor_and_the_lines_that_the_zone_counts() -> None:
    wider = members(zone(DECEMBER, without=(*OPEN, "us-sovereign-ukraine"))).packages
    for change in (RATIFIED, "parties.us.roles=[observer]"):
        loaded = load(DECEMBER, [change], OPEN)
        narrow = zone(DECEMBER, change, without=OPEN)
        inside = {tuple(p) for p in members(narrow).packages.tolist()}
        judged = [package_measures(loaded, narrow, package) for package in wider[:: len(wider) // 7]]
        assert [found.in_zone for found in judged] == [tuple(p) in inside for p in wider[:: len(wider) // 7].tolist()]


def test_a_party_that_must_ratify_never_offers_what_it_could_not_sign() -> None:
    changes = ["protocol.name=alternating", RATIFIED, "parties.russia.tactic.exponent=20"]
    case = load(DECEMBER, changes, OPEN).case
    talks, draws, tabled = open_talks(case), Draws(0, np.arange(1)), 0
    while talks.open.any():
        talks = play_round(case, standard(case), talks, draws)
        for exchange in talks.exchanges:
            tabled += int(exchange.tabled[0])
            assert not exchange.tabled[0] or exchange.accepts[0, exchange.author]
    assert tabled > 0
