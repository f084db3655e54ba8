"""The war that parties return to: reference figures, the direct sum, a plain simulation, and what theory says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import CeasefireError
from sim.stakes.case import Case
from sim.stakes.outlook import look_ahead
from sim.stakes.prospects import Prospects, terrain
from sim.stakes.war import War, odds
from sim.zone.region import find_zone
from tests.conftest import Write
from tests.reference_stakes import Stakes
from tests.zones import load

PARTIES = {"russia": 0, "ukraine": 1, "us": 2, "europe": 3}
ASSUMED = "variants/2025-03-assumed-war"
REFERENCE_TERMS = [
    "war.terms.russia.internal_affairs=change_of_government",
    "war.terms.ukraine.line_of_control=line_of_february_2022",
    "interactions=[]",
]
"""What the reference figures were computed with; what each side asks in public differs by one option each."""


def test_continuation_values_are_the_reference_figures() -> None:
    assert load(ASSUMED, REFERENCE_TERMS).case.reservation[0] == pytest.approx([41.4, 42.2, 37.6, 55.0], abs=0.05)


@pytest.mark.parametrize(
    ("slug", "worth"),
    [(ASSUMED, [41.03, 42.13, 37.77, 55.20]), ("2025-12-stalemate", [42.30, 43.92, 38.53, 55.72])],
)
def test_terms_asked_in_public_move_the_reference_figures_by_half_a_point_at_most(
    slug: str, worth: list[float]
) -> None:
    asked, reference = load(slug).case.reservation[0], load(slug, REFERENCE_TERMS).case.reservation[0]
    assert asked == pytest.approx(worth, abs=0.006)
    assert np.abs(asked - reference).max() < 0.5


def prospects(case: Case) -> Prospects:
    assert case.outlook is not None
    return case.outlook.after


@given(
    share=st.floats(0.011, 0.37),
    drift=st.floats(-0.01, 0.01),
    hazard=st.floats(0.001, 0.5),
    discount=st.floats(0.8, 0.999),
    horizon=st.integers(1, 150),
    option=st.integers(0, 5),
)
def test_the_closed_form_is_the_direct_sum_from_every_line_and_at_any_odds(
    share: float, drift: float, hazard: float, discount: float, horizon: int, option: int
) -> None:
    base, one = load("2025-12-stalemate").case, np.ones(1)
    assert base.war is not None
    war = replace(
        base.war, share=share * one, hazard=hazard * one, horizon=horizon, drift=np.full((1, 4), drift),
        discount=np.full((1, 4), discount),
    )  # fmt: skip
    case = replace(base, war=war).under(base.preferences)
    told, after = Stakes(case), prospects(case)
    assert told.outlook is not None
    assert case.reservation[0] == pytest.approx(told.r, abs=1e-9)
    for party, shift in enumerate((0.0, -0.3, 0.1, 1.0)):
        found = after.resumed(party, after.flow(option)[:, party], np.array([shift]), lambda column: column)
        assert found[0] == pytest.approx(told.going_on(party, told.outlook["state"], option, shift), abs=1e-9)


@given(st.floats(0.011, 0.37), st.floats(1e-15, 1e-12))
def test_what_the_war_is_worth_has_no_jump_however_far_back_the_line_runs(share: float, little: float) -> None:
    base = load("2025-12-stalemate").case
    assert base.war is not None
    found = []
    for drift in (-little, 0.0, little):
        war = replace(base.war, share=np.array([share]), drift=np.full((1, 4), drift), horizon=20)
        found.append(replace(base, war=war).under(base.preferences).reservation[0])
    assert found[0] == pytest.approx(found[1], abs=1e-6) and found[2] == pytest.approx(found[1], abs=1e-6)


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(-1, 1), st.floats(0, 2))
def test_odds_stay_odds_whatever_a_deal_adds_to_them(first: float, second: float, shift: float, mirror: float) -> None:
    one, other = odds(np.array([first]), np.array([second]), shift, mirror)
    assert one[0] >= 0 and other[0] >= 0 and one[0] + other[0] <= 1 + 1e-12
    if 0 <= first + shift <= 1 and second - mirror * shift >= 0 and first + second + (1 - mirror) * shift <= 1:
        assert one[0] == pytest.approx(first + shift) and other[0] == pytest.approx(second - mirror * shift)


def test_a_war_resumed_where_it_stands_and_on_its_own_odds_is_the_war_going_on() -> None:
    case = load("2025-12-stalemate", ["war.resume.scale=0"]).case
    packages = case.space.packages(np.random.default_rng(0).integers(0, case.space.size, 300))
    packages[:, case.space.axis("line_of_control")] = case.space.status_quo()[case.space.axis("line_of_control")]
    for party in range(4):
        assert case.war_after(party, packages) == pytest.approx(np.full(300, case.reservation[0, party]), abs=1e-9)


def test_many_wars_at_once_are_the_same_as_one_by_one() -> None:
    base = load("2025-12-stalemate").case
    assert base.war is not None and base.endings is not None
    draw = np.random.default_rng(1)
    many = replace(
        base.war,
        share=draw.uniform(0.1, 0.3, 20),
        cost=draw.uniform(0, 50, (20, 4)),
        hazard=draw.uniform(0.01, 0.1, 20),
    )
    packages = base.space.packages(draw.integers(0, base.space.size, (20, 50)))
    whole = replace(base, war=many).under(base.preferences)
    for row in range(20):
        one = replace(many, share=many.share[[row]], cost=many.cost[[row]], hazard=many.hazard[[row]])
        alone = replace(base, war=one).under(base.preferences)
        assert (alone.reservation[0] == whole.reservation[row]).all()
        for party in range(4):
            assert (alone.war_after(party, packages[[row]])[0] == whole.war_after(party, packages)[row]).all()


def test_the_parts_of_the_account_sum_to_the_value_and_months_of_talks_cost_the_impatient() -> None:
    case = load("2025-12-stalemate").case
    assert case.war is not None and case.endings is not None
    parts = prospects(case).account()
    assert parts.total()[0] == pytest.approx(case.reservation[0], abs=1e-12)
    assert (parts.cost < 0).all()
    later = look_ahead(case.war, case.preferences, case.space.status_quo(), case.endings.limited_cost, month=12)
    impatient = case.war.impatience[0] > 0
    assert impatient.any() and ((later.war < case.outlook.war)[0] == impatient).all()  # type: ignore[union-attr]


def test_the_value_of_the_war_is_what_a_million_simulated_wars_come_to() -> None:
    """False-alarm rate: three standard errors of the mean, 0.3 % (fixed seed, so it cannot flicker)."""
    case = load("2025-12-stalemate", ["war.horizon=1200"]).case
    war, party, runs = case.war, 0, 1_000_000
    assert war is not None
    draw = np.random.default_rng(7)
    ground = terrain(war, case.preferences, case.space.status_quo())
    place, height = np.append(ground.place[0, :, 0], ground.beyond[0, party]), ground.height[0, :, party]
    drift, win = war.believed_drift()[0, party], war.win[0, party]
    discount, hazard, cost = war.discount[0, party], war.hazard[0], war.cost[0, party]
    terms = [case.utility(party, war.terms[b][None])[0] for b in range(2)]
    month = np.arange(2_000)
    line = np.interp(war.share[0] + drift * month, place, height)
    before = np.concatenate([[0.0], np.cumsum((1 - discount) * (line - cost) * discount**month)])
    # A war that survives month k ends then with chance h; months 0..k are paid, and the peace follows for ever.
    ended = np.minimum(draw.geometric(hazard, runs) - 1, 1_999)
    chance = draw.random(runs)
    drawn = np.interp(war.share[0] + drift * ended, place, height)
    peace = np.where(chance < win[0], terms[0], np.where(chance < win.sum(), terms[1], drawn))
    found = before[ended + 1] + discount ** (ended + 1) * peace
    error = found.std() / np.sqrt(runs)
    assert abs(found.mean() - case.reservation[0, party]) < 3 * error


@given(st.floats(0, 40), st.floats(0.1, 20), st.sampled_from(sorted(PARTIES)))
def test_a_dearer_war_never_raises_its_value_now_or_resumed(cost: float, more: float, party: str) -> None:
    base, number = load("2025-12-stalemate").case, PARTIES[party]
    cheap, dear = (with_cost(base, number, each) for each in (cost, cost + more))
    assert cheap.reservation[0, number] > dear.reservation[0, number]
    package = base.space.package({"hostilities": "armistice", "guarantees": "snap_back"})[None]
    assert cheap.war_after(number, package)[0] > dear.war_after(number, package)[0]


def with_cost(case: Case, party: int, cost: float) -> Case:
    assert case.war is not None
    costs = case.war.cost.copy()
    costs[0, party] = cost
    return replace(case, war=replace(case.war, cost=costs)).under(case.preferences)


@pytest.mark.parametrize("lever", ["aid", "drones"])
def test_help_never_lowers_the_war_value_of_the_one_it_helps_nor_raises_the_others(lever: str) -> None:
    indices = np.linspace(0, 1, 11)
    loaded = [load("2025-12-stalemate", [f"war.levers.{lever}.index={x}"]).case.reservation[0] for x in indices]
    values = np.array(loaded)
    assert (np.diff(values[:, 1]) >= -1e-9).all() and (np.diff(values[:, 0]) <= 1e-9).all()
    assert values[-1, 1] > values[0, 1]


def test_a_number_takes_the_place_of_the_war_going_on_and_resumed() -> None:
    case = load("2025-12-stalemate", ["parties.russia.reservation=30"]).case
    assert case.reservation[0, 0] == 30 and case.reservation[0, 1] == pytest.approx(43.92, abs=0.01)
    some = case.space.packages(np.random.default_rng(0).integers(0, case.space.size, 50))
    assert (case.war_after(0, some) == 30).all() and len(np.unique(case.war_after(1, some))) > 5


def test_a_pin_does_not_change_the_war_that_goes_on() -> None:
    free = load("2025-12-stalemate").case
    pinned = load("2025-12-stalemate", ["pins.hostilities=final_treaty", "pins.line_of_control=borders_1991"]).case
    assert (pinned.reservation == free.reservation).all()
    assert pinned.plain_truce() is None


Pie = Callable[[float, float, float, float], Case]
SLICES = 50


@pytest.fixture
def pie(write: Write) -> Pie:
    """Two parties share a pie; each may fight for all of it: (A's odds, A's cost, B's odds, B's cost)."""

    def baked(win_a: float, cost_a: float, win_b: float, cost_b: float) -> Case:
        cuts = [f"s{n}" for n in range(SLICES + 1)]
        parties = ""
        for name, win, cost, part in (
            ("a", win_a, cost_a, lambda n: n / SLICES),
            ("b", win_b, cost_b, lambda n: 1 - n / SLICES),
        ):
            table = ", ".join(f"{cut}: {part(n):.4f}" for n, cut in enumerate(cuts))
            war = f"{{lottery: {{win: {win}, cost: {cost}}}}}"
            parties += f"  {name}: {{name: {name}, war: {war}, weights: {{cut: 1}}, values: {{cut: {{{table}}}}}}}\n"
        issue = f"{{status_quo: s0, options: [{', '.join(cuts)}]}}"
        return load(write(f"format: 1\ntitle: Fearon\nissues: {{cut: {issue}}}\nparties:\n{parties}")).case

    return baked


@pytest.mark.parametrize(
    ("win", "cost_a", "cost_b"), [(0.5, 0.1, 0.2), (0.3, 0.0, 0.1), (0.7, 0.06, 0.04), (0.5, 0, 0)]
)
def test_fearons_bargaining_range_is_found_exactly(pie: Pie, win: float, cost_a: float, cost_b: float) -> None:
    case = pie(win, cost_a, 1 - win, cost_b)
    packages = find_zone(case).size()
    low, high = round((win - cost_a) * SLICES), round((win + cost_b) * SLICES)
    assert packages == high - low + 1  # from p - c_A to p + c_B: as wide as the two costs together
    assert case.reservation[0] == pytest.approx([100 * (win - cost_a), 100 * (1 - win - cost_b)])


def test_the_range_closes_only_with_negative_costs_or_optimism_on_both_sides(pie: Pie) -> None:
    for win in (0.2, 0.5, 0.8):
        assert find_zone(pie(win, 0.0, 1 - win, 0.0)).size() == 1
    assert find_zone(pie(0.5, -0.1, 0.5, 0.0)).size() == 0
    assert find_zone(pie(0.7, 0.1, 0.7, 0.1)).size() == 0  # together they expect to win 1.4 times
    assert find_zone(pie(0.6, 0.1, 0.6, 0.1)).size() == 1  # optimism that the costs still cover


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("parties.russia.war.win={russia: 0.8, ukraine: 0.3}", "war.win: probabilities sum to 1.1, more than 1"),
        ("parties.russia.war.win={russa: 0.8}", '"russa" is not a belligerent (did you mean "russia"?)'),
        ("parties.russia.war.win.russia=1.2", "should be less than or equal to 1, not 1.2"),
        ("parties.russia.war.discount=-0.5", "war.discount: should be greater than 0, not -0.5"),
        ("parties.russia.war.discount=1", "should be less than 1"),
        ("war.horizon=0", "war.horizon: should be greater than or equal to 1, not 0"),
        ("war.line=null", "war.line: is missing"),
        ("war.line=line_of_contrl", 'there is no issue "line_of_contrl" (did you mean "line_of_control"?)'),
        ("war.shares.borders_1991=null", 'war.shares: says nothing of option "borders_1991"'),
        ("war.kinds.armistice=truse", 'war.kinds.armistice: "truse" is not known (did you mean "truce"?)'),
        ("war.terms.us={hostilities: final_treaty}", "must name both belligerents and nobody else"),
        ("war.resume.mirror=-1", "war.resume.mirror: should be greater than or equal to 0, not -1"),
        ("war.resume.win.guarantes={none: 0.1}", 'there is no issue "guarantes" (did you mean "guarantees"?)'),
        ("war.resume.win.guarantees.snapback=0.1", 'no option "snapback" (did you mean "snap_back"?)'),
        ("parties.us.war=null", "parties.us: has neither a reservation value nor a war to return to"),
        ("war=null", "parties.russia: has neither a reservation value nor a war to return to"),
        ("camps={} & belligerents=[russia]", "a war needs two belligerents"),
        ("parties.russia.war.beyond.share=0.1", "must lie beyond the last option's share, 0.227"),
        ("war.share=0.38", "parties.russia.war.beyond.share: must lie beyond the last option's share, 0.407"),
        ("parties.russia.war.attacked.russia=5", "nobody is charged for its own attack (one of: ukraine)"),
        ("parties.russia.war.kost=3", 'there is no such field (did you mean "cost"?)'),
    ],
)
def test_a_war_that_cannot_be_meant_is_refused_by_name(change: str, said: str) -> None:
    with pytest.raises(CeasefireError, match=re.escape(said)):
        load("2025-12-stalemate", change.split(" & "))


def test_a_war_compiles_to_arrays_that_lead_with_one_or_many() -> None:
    war: War | None = load("2025-12-stalemate").case.war
    assert war is not None and war.cost.shape == (1, 4) and war.win.shape == (1, 4, 2) and war.share.shape == (1,)
    assert war.mirror.shape == (1,)
