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
from tests.conftest import ROOT
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


def test_f12_pressure_in_public_on_a_line_that_would_stand_makes_agreement_rarer_than_behind_closed_doors() -> None:
    closed, public = (pressed(rho, "aid", "ukraine", 0.6) for rho in (0.0, 0.3))
    # 400 runs each; two shares differ by 0.05 through chance alone in about one seed of 100, by 0.07 in one of 1,000.
    assert share(public) < share(closed) - 0.05
    assert leaves(public) > leaves(closed) + 0.2


@pytest.mark.slow
def test_f12_holds_everywhere_and_most_for_a_party_whose_line_would_stand_as_the_page_on_the_war_says() -> None:
    def of(lever: str, against: str, to: float) -> list[Results]:
        return [pressed(rho, lever, against, to, runs=3_000) for rho in (0.0, 0.3)]

    at_rest, _ = of("aid", "ukraine", 0.7)  # as it is: nothing presses
    (lower, lower_public), (none, none_public) = of("aid", "ukraine", 0.6), of("aid", "ukraine", 0.0)
    closed, public = of("sanctions", "russia", 0.7)
    # 3,000 runs each: two shares differ by 0.03 through chance alone in fewer than one seed of 1,000.
    assert share(lower_public) < share(lower) - 0.06 and share(none_public) < share(none) - 0.02
    assert share(lower_public) < share(none_public) - 0.01, (
        "hardening follows on any pressure, softening on its strength"
    )
    assert share(public) < share(closed) - 0.02 and abs(share(closed) - share(at_rest)) < 0.03
    assert share(closed) - share(public) < share(lower) - share(lower_public)
    assert not (at_rest.left == RUSSIA).mean() > 0.01 and leaves(public) > leaves(closed) + 0.15
    page = " ".join((ROOT / "docs/war.md").read_text("utf-8").split())
    for said in (
        f"{share(lower):.0%} of runs agree behind closed doors and {share(lower_public):.0%} in public",
        f"with no aid at all {share(none):.0%} and {share(none_public):.0%}",
        f"Unpressed, {share(at_rest):.0%} agree",
        f"give up {gives(at_rest):.2f} of their 2 steps unpressed",
        f"{share(closed):.0%} behind closed doors and {share(public):.0%} in public",
        "in {:,} runs behind closed doors and in {:,} in public".format(
            *((r.left == UKRAINE).sum() for r in (closed, public))
        ),
        f"counts each time: {gives(public):.2f} steps",
    ):
        assert said.replace("%", " %") in page, said


RUSSIA, UKRAINE = 0, 1


def leaves(results: Results) -> float:
    """In which share of runs Ukraine walks out."""
    return float((results.left == UKRAINE).mean())


def gives(results: Results) -> float:
    """How many steps Russia's lines give up in a run."""
    return float(results.softened[:, RUSSIA].mean())


def share(results: Results) -> float:
    return float(results.agreeing.mean())


def pressed(rho: float, lever: str, against: str, to: float, runs: int = 400) -> Results:
    pull = f"protocol.mediator.levers=[{{lever: {lever}, against: {against}, to: {to}, after: 3}}]"
    changes = ["reading=ceasefire", "war.frozen=true", "public=1", "protocol.mediator.patience=30", pull]
    case = load(GIVING, changes).case
    resolve = replace(
        case.resolve,
        hardness=np.full_like(case.resolve.hardness, 0.5),
        hardening=np.full_like(case.resolve.hardening, rho),
    )
    return negotiate(replace(case, resolve=resolve), runs, 1)


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
