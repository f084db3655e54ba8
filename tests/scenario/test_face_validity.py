"""Known patterns of such talks that the model has to show, at fixed seeds: what a fall or a rise of a lever does.

F-numbers follow the list of checks that the model is held to; every run is named by its seed, so none fails by chance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim import find_zone, negotiate
from sim.scenario.library import shipped
from sim.stakes.case import Case
from sim.talks.batch import Results
from sim.talks.how_talks_end import Ending
from sim.zone.region import members
from tests.zones import load

DATED = shipped("dated")
GIVING = "2025-02-backchannel-what-if"
"""Where a step from everybody leaves a settlement, so that what is given up can bring one."""
TWO = ["protocol.name=bilateral_excluding", "protocol.proposers=[us, russia]"]


def play(slug: str, *changes: str, runs: int = 100, seed: int = 1) -> Results:
    return negotiate(load(slug, changes).case, runs, seed)


@pytest.mark.parametrize("slug", DATED)
def test_f8_talks_over_kyivs_head_never_end_in_a_settlement_while_its_lines_bind(slug: str) -> None:
    loaded = load(slug, TWO)
    results = negotiate(loaded.case, 50, 1)
    assert Ending.SETTLEMENT not in results.ending
    assert "2025-02-riyadh" not in slug or (results.ending == Ending.UNIMPLEMENTABLE_TEXT).mean() > 0.5


def test_f9_more_aid_raises_what_ukraine_expects_and_lowers_what_it_gives_up_and_a_cut_does_the_reverse() -> None:
    expects, gives = [], []
    for aid in (0.3, 0.7, 1.0):
        case = load(GIVING, ["reading=ceasefire", f"war.levers.aid.index={aid}"]).case
        place = [party.id for party in case.parties].index("ukraine")
        expects.append(case.reservation[0, place])
        gives.append(negotiate(replace(case, war=replace(case.war, frozen=True)), 200, 1).softened[:, place].mean())
    assert expects[0] < expects[1] < expects[2]
    assert gives[0] > gives[1] >= gives[2]


def test_f10_a_stronger_guarantee_lasts_longer_at_the_same_utilities_and_russia_takes_it_less() -> None:
    case = load("2025-12-stalemate").case
    space, held, utility = case.space, [], []
    axis = [issue.id for issue in space.issues].index("guarantees")
    package = space.package({"hostilities": "final_treaty", "alignment": "permanent_non_membership"})
    flat = case.preferences.values.copy()
    flat[..., axis, :] = 0.5
    same = replace(case, preferences=replace(case.preferences, values=flat, points=0 * case.preferences.points))
    for option in range(len(space.issues[axis].options)):
        text = package.copy()
        text[axis] = option
        held.append(1 - float(same.breakdown(text[None], same.outlook)[0]))
        utility.append(float(case.utility(0, text[None])[0]))
    assert case.parties[0].id == "russia"
    assert all(np.diff(held) > 0) and all(np.diff(utility) < 0)


@pytest.mark.slow
def test_f12_pressure_in_public_makes_agreement_rarer_and_more_of_it_does_not_bring_all_of_it_back() -> None:
    levels = (0.7, 0.6, 0.0)  # as it is, a little less, none
    closed, public = ([share(pressed(rho, "aid", "ukraine", to)) for to in levels] for rho in (0.0, 0.3))
    # Hardening follows on any pressure, softening on its strength: the least pressure in public costs most.
    # 400 runs each; two shares differ by 0.15 through chance alone in fewer than one seed of 10,000.
    assert public[1] < public[0] - 0.15 and public[1] < closed[1] - 0.15
    assert public[1] < public[2] < public[0]
    assert abs(closed[1] - closed[0]) < 0.1


@pytest.mark.slow
def test_f12_is_a_law_for_a_party_whose_line_would_stand_not_for_one_that_gives_way_unpressed() -> None:
    at_rest, closed, public = (
        pressed(rho, "sanctions", "russia", to) for rho, to in ((0.0, 0.6), (0.0, 0.7), (0.3, 0.7))
    )
    russia, ukraine = 0, 1
    # Of Russia's two steps nearly both come without pressure, of Ukraine's one less than half: Ukraine's line decides.
    assert at_rest.softened[:, russia].mean() > 1.7 and at_rest.softened[:, ukraine].mean() < 0.6
    assert (at_rest.left == ukraine).mean() > 0.6 and not (at_rest.left == russia).any()
    # Pressed behind closed doors Russia gives up more, fewer runs agree, and Ukraine leaves oftener: why is open.
    assert share(closed) < share(at_rest) - 0.05 and (closed.left == ukraine).mean() > (at_rest.left == ukraine).mean()
    # Where Russia's lines harden in public, agreement is not as rare.
    assert share(closed) + 0.05 < share(public) <= share(at_rest)


def share(results: Results) -> float:
    return float(results.agreeing.mean())


def pressed(rho: float, lever: str, against: str, to: float) -> Results:
    pull = f"protocol.mediator.levers=[{{lever: {lever}, against: {against}, to: {to}, after: 3}}]"
    changes = ["reading=ceasefire", "war.frozen=true", "public=1", "protocol.mediator.patience=30", pull]
    case = load(GIVING, changes).case
    resolve = replace(
        case.resolve,
        hardness=np.full_like(case.resolve.hardness, 0.5),
        hardening=np.full_like(case.resolve.hardening, rho),
    )
    return negotiate(replace(case, resolve=resolve), 400, 1)


def test_f13_deadlines_slip_no_deal_by_the_end_under_the_lines_of_riyadh() -> None:
    for slug in ("2025-02-riyadh", "variants/2025-02-hundred-days"):
        results = play(slug, "reading=ceasefire")
        assert not results.agreeing.any() and Ending.PARTIAL not in results.ending
        assert (results.ended[results.ending == Ending.STALEMATE] == load(slug).case.protocol.deadline).all()


AGREEING = [
    "2022-istanbul-what-if", "2025-03-truce-offer", "2025-02-backchannel-what-if",
    "variants/2025-03-pressed-in-public", "variants/2025-03-guarantee-ceiling", "toy/split-the-pie",
]  # fmt: skip


@pytest.mark.parametrize("slug", AGREEING)
def test_no_agreement_crosses_a_signatorys_true_line_or_lies_under_its_reservation_value_of_that_round(
    slug: str,
) -> None:
    case, results = load(slug).case, play(slug)
    assert results.agreeing.any()
    signed = results.agreed[results.agreeing]
    settled = results.ending == Ending.SETTLEMENT
    for party in case.signatories:
        assert not (case.red_lines.crossed(signed) & case.red_lines.bits("true", party)).any()
        gain = results.values[settled, party] - results.reservation[settled, party]
        assert (gain >= -1e-6).all()


@pytest.mark.parametrize("slug", ["2025-03-truce-offer", "2025-02-backchannel-what-if"])
def test_in_a_frozen_war_without_events_or_hardening_every_agreement_lies_in_the_true_zone(slug: str) -> None:
    case: Case = load(slug, ["war.frozen=true", "public=0"]).case
    results = negotiate(case, 80, 1)
    assert results.agreeing.any()
    inside = set(case.space.ids(members(find_zone(case), "true").packages).tolist())
    assert set(case.space.ids(results.agreed[results.agreeing]).tolist()) <= inside
