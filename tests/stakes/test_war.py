"""The war that parties return to: reference figures, the direct sum, a plain simulation, and what theory says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.console import Console

from sim import load
from sim.errors import CeasefireError
from sim.report.terminal.zone import print_zone
from sim.stakes.case import Case
from sim.stakes.space import OptionArray
from sim.stakes.valuation import Kind, breakdown
from sim.stakes.war import War, account, continuation, terrain
from sim.study.measures import zone_measures
from sim.talks.duration import LONGEST, held_months
from sim.zone.region import find_zone, members
from tests.conftest import SMALL
from tests.zones import zone

PARTIES = {"russia": 0, "ukraine": 1, "us": 2, "europe": 3}
REFERENCE_TERMS = [
    "war.terms.russia.internal_affairs=change_of_government",
    "war.terms.ukraine.line_of_control=line_of_february_2022",
]
"""What the reference figures were computed with; what each side asks in public differs by one option each."""


def reference(*changes: str) -> Case:
    """The shipped war with the reference terms and no interactions."""
    return load("2025-12-stalemate", [*REFERENCE_TERMS, "interactions=[]", *changes]).case


def gains(case: Case) -> list[float]:
    truce = case.plain_truce()
    assert truce is not None
    return [float(case.value(p, truce[None])[0] - case.reservation[0, p]) for p in case.signatories]


def test_continuation_values_are_the_reference_figures() -> None:
    assert reference().reservation[0] == pytest.approx([41.4, 42.2, 37.6, 55.0], abs=0.05)


def test_the_plain_truce_pleases_three_and_not_the_fourth() -> None:
    assert gains(reference()) == pytest.approx([-0.17, 0.29, 1.10, 0.23], abs=0.02)
    regrouping = ["war.after_pause.drift=0.00005", "war.after_pause.win=0.02"]
    assert gains(reference(*regrouping)) == pytest.approx([-1.04, 1.55, 1.10, 1.22], abs=0.02)
    assert [gain > 0 for gain in gains(load("2025-12-stalemate").case)] == [False, True, True, True]


def test_terms_asked_in_public_move_the_reference_figures_by_half_a_point_at_most() -> None:
    shipped = load("2025-12-stalemate", ["interactions=[]"]).case.reservation[0]
    assert shipped - reference().reservation[0] == pytest.approx([-0.29, 0.34, 0.15, 0.19], abs=0.01)


@pytest.mark.parametrize("win", [0.0, 0.05, 0.1])
def test_the_first_belligerent_would_take_a_truce_if_it_expected_to_win_less(win: float) -> None:
    case = reference("parties.russia.war.cost=20", f"parties.russia.war.win={{russia: {win}, ukraine: 0.03}}")
    assert gains(case)[0] > 0


def knots_of(war: War, case: Case, status_quo: OptionArray, party: int) -> tuple[np.ndarray, np.ndarray]:
    ground = terrain(war, case.preferences, status_quo)
    return ground.place[0, :, party], ground.height[:, :, party]


def direct(case: Case, party: int, paused: float = 0.0) -> float:
    """The continuation value month by month."""
    war = case.war
    assert war is not None
    status_quo = case.space.status_quo()
    place, height = knots_of(war, case, status_quo, party)
    drift = war.believed_drift(paused)[0, party]
    odds = np.array([chance[0, party] for chance in war.believed_odds(paused)])
    discount, hazard = war.discount[0, party], war.hazard[0]
    won = sum(odds[b] * case.utility(party, war.terms[b][None])[0] for b in range(2))
    total = 0.0
    for k in range(war.horizon):
        share = war.share[0] + drift * k
        j = int(np.searchsorted(place, share, side="right")) - 1
        if j < 0 or j >= len(place) - 1:
            flow = height[0, 0 if j < 0 else -1]
        else:
            flow = height[0, j] + (height[0, j + 1] - height[0, j]) * (share - place[j]) / (place[j + 1] - place[j])
        month = (1 - discount) * (flow - war.cost[0, party]) + discount * hazard * (won + (1 - odds.sum()) * flow)
        total += (discount * (1 - hazard)) ** k * month
    return float(total)


@given(
    share=st.floats(0.011, 0.45),
    drift=st.floats(-0.01, 0.01),
    hazard=st.floats(0.001, 0.5),
    discount=st.floats(0.8, 0.999),
    horizon=st.integers(1, 300),
)
def test_the_closed_form_is_the_direct_sum(
    share: float, drift: float, hazard: float, discount: float, horizon: int
) -> None:
    base = load("2025-12-stalemate").case
    assert base.war is not None
    # Where two options lie at one share the utility jumps; a month that lands on it exactly may fall on either side.
    months = np.arange(horizon)
    assume(np.abs(share + drift * months - 0.2).min() > 1e-9)
    one = np.ones(1)
    war = replace(
        base.war, share=share * one, hazard=hazard * one, horizon=horizon, drift=np.full((1, 4), drift),
        discount=np.full((1, 4), discount),
    )  # fmt: skip
    case = replace(base, war=war).under(base.preferences)
    for party in range(4):
        assert case.reservation[0, party] == pytest.approx(direct(case, party), abs=1e-9)


def test_many_wars_at_once_are_the_same_as_one_by_one() -> None:
    base = load("2025-12-stalemate").case
    war, status_quo = base.war, base.space.status_quo()
    assert war is not None
    draw = np.random.default_rng(1)
    many = replace(
        war, share=draw.uniform(0.1, 0.3, 20), cost=draw.uniform(0, 50, (20, 4)), hazard=draw.uniform(0.01, 0.1, 20)
    )
    together = continuation(many, base.preferences, status_quo, paused=1.0)
    for row in range(20):
        one = replace(many, share=many.share[[row]], cost=many.cost[[row]], hazard=many.hazard[[row]])
        assert (continuation(one, base.preferences, status_quo, paused=1.0)[0] == together[row]).all()


def test_the_parts_of_the_account_sum_to_the_value() -> None:
    case = load("2025-12-stalemate").case
    assert case.war is not None
    for party in range(4):
        parts = account(case.war, terrain(case.war, case.preferences, case.space.status_quo()))
        assert parts.total()[0, party] == pytest.approx(case.reservation[0, party])
        assert parts.cost[0, party] < 0


def test_the_value_of_the_war_is_what_a_million_simulated_wars_come_to() -> None:
    """False-alarm rate: three standard errors of the mean, 0.3 % (fixed seed, so it cannot flicker)."""
    case = load("2025-12-stalemate", ["war.horizon=1200"]).case
    war, party, runs = case.war, 0, 1_000_000
    assert war is not None
    draw = np.random.default_rng(7)
    status_quo = case.space.status_quo()
    place, height = knots_of(war, case, status_quo, party)
    drift = war.believed_drift()[0, party]
    odds = np.array([chance[0, party] for chance in war.believed_odds()])
    discount, hazard, cost = war.discount[0, party], war.hazard[0], war.cost[0, party]
    terms = [case.utility(party, war.terms[b][None])[0] for b in range(2)]

    def flow(share: np.ndarray) -> np.ndarray:
        at = np.clip(np.searchsorted(place, share, side="right") - 1, 0, len(place) - 2)
        width = np.where(place[at + 1] > place[at], place[at + 1] - place[at], 1.0)
        inside = height[0, at] + (height[0, at + 1] - height[0, at]) * (share - place[at]) / width
        return np.where(share >= place[-1], height[0, -1], inside)

    month = np.arange(2_000)
    monthly = (1 - discount) * (flow(war.share[0] + drift * month) - cost) * discount**month
    before = np.concatenate([[0.0], np.cumsum(monthly)])
    # A war that survives month k ends then with chance h; months 0..k are paid, and the peace follows for ever.
    ended = np.minimum(draw.geometric(hazard, runs) - 1, 1_999)
    chance = draw.random(runs)
    drawn = flow(war.share[0] + drift * ended)
    peace = np.where(chance < odds[0], terms[0], np.where(chance < odds.sum(), terms[1], drawn))
    found = before[ended + 1] + discount ** (ended + 1) * peace
    error = found.std() / np.sqrt(runs)
    assert abs(found.mean() - case.reservation[0, party]) < 3 * error


@given(st.floats(0, 40), st.floats(0.1, 20), st.sampled_from(sorted(PARTIES)))
def test_a_dearer_war_never_raises_its_value(cost: float, more: float, party: str) -> None:
    base = load("2025-12-stalemate").case
    number = PARTIES[party]
    assert (
        with_war(base, cost=cost, party=number).reservation[0, number]
        >= (with_war(base, cost=cost + more, party=number).reservation[0, number])
    )


def with_war(case: Case, *, cost: float, party: int) -> Case:
    assert case.war is not None
    costs = case.war.cost.copy()
    costs[0, party] = cost
    return replace(case, war=replace(case.war, cost=costs)).under(case.preferences)


@pytest.mark.parametrize("lever", ["aid", "drones"])
def test_help_never_lowers_the_war_value_of_the_one_it_helps_nor_raises_the_others(lever: str) -> None:
    values = np.array(
        [
            load("2025-12-stalemate", [f"war.levers.{lever}.index={x}"]).case.reservation[0]
            for x in np.linspace(0, 1, 11)
        ]
    )
    assert (np.diff(values[:, 1]) >= -1e-9).all() and (np.diff(values[:, 0]) <= 1e-9).all()
    assert values[-1, 1] > values[0, 1]


@given(st.floats(-60, 60), st.floats(-60, 60), st.floats(0, 1), st.floats(0, 1))
def test_stronger_deterrence_never_shortens_a_peace_at_fixed_utilities(
    first: float, second: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    gains = [np.array([first]), np.array([second])]
    calm = [np.zeros(1)] * len(gains)
    assert breakdown(1.0, gains, more, calm)[0] <= breakdown(1.0, gains, less, calm)[0] + 1e-15


@pytest.mark.parametrize("party", [0, 1])
def test_terms_imposed_on_a_belligerent_break_down_as_if_it_gained_ten_points_less(party: int) -> None:
    case = load("2025-12-stalemate").case
    assert case.outlook is not None
    package = case.space.package({"hostilities": "final_treaty", "guarantees": "snap_back"})[None]
    for share in (0.4, 1.0):
        forced = np.zeros((1, 4))
        forced[0, party] = share
        imposed, poorer = (
            replace(case.outlook, imposed=forced),
            replace(case.outlook, war=case.outlook.war + 10 * forced),
        )
        assert case.breakdown(package, imposed) == pytest.approx(case.breakdown(package, poorer), abs=1e-12)
        assert case.breakdown(package, imposed)[0] > case.breakdown(package)[0]
        assert (case.value(2, package, imposed) < case.value(2, package))[0]


def test_a_stronger_guarantee_lasts_longer_and_pleases_the_first_belligerent_less() -> None:
    case = load("2025-12-stalemate").case
    package = case.space.package({"hostilities": "final_treaty", "foreign_troops": "neutral_peacekeepers"})
    utilities, deterred = [], []
    for option in range(5):
        package[case.space.axis("guarantees")] = option
        utilities.append(case.utility(0, package[None])[0])
        deterred.append(case.endings.deters.at(package[None])[0])  # type: ignore[union-attr]
    assert (np.diff(utilities) < 0).all() and (np.diff(deterred) > 0).all()


def test_a_dearer_war_for_anyone_weakly_widens_the_zone_without_lines() -> None:
    small = [
        "pins={military_aid: free, us_russia_reset: diplomatic, sanctions: kept, force_limits: none}",
        "war.hold.treaty=1",
    ]
    plain = ["war.deterrence={}", *small]
    sizes = []
    for cost in (0, 10, 20, 30):
        case = load("2025-12-stalemate", [*plain, f"parties.russia.war.cost={cost}"]).case
        numbers = replace(case, endings=None, outlook=None)  # at fixed values of packages
        sizes.append(find_zone(numbers).size("none"))
    assert sizes == sorted(sizes) and sizes[-1] > sizes[0]
    sizes = []
    for win in (0.5, 0.35, 0.2, 0.05):
        odds = f"parties.russia.war.win={{russia: {win}, ukraine: 0.03}}"
        case = load("2025-12-stalemate", [*plain, odds]).case
        sizes.append(find_zone(replace(case, endings=None, outlook=None)).size("none"))
    assert sizes == sorted(sizes) and sizes[-1] > sizes[0]


Pie = Callable[[float, float, float, float], Case]
SLICES = 50


@pytest.fixture
def pie(write: Callable[[str], str]) -> Pie:
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


def test_swapping_the_belligerents_swaps_the_results() -> None:
    """Labels, beliefs, odds, levers, terms and the direction of the line are exchanged; so are the answers."""
    # One share an option: where two options lie at one share, which of them counts there is a convention.
    case = load("2025-12-stalemate", ["war.shares.contact_line_with_swaps=0.19"]).case
    war, order = case.war, np.array([1, 0, 2, 3])
    assert war is not None
    line = war.line
    turned = np.arange(len(war.shares))[::-1]
    mirror = case.preferences.values[order].copy()
    mirror[:, line, : len(turned)] = mirror[:, line, turned]
    preferences = replace(
        case.preferences, weights=case.preferences.weights[:, order], values=mirror,
        holder=order[case.preferences.holder],
    )  # fmt: skip
    terms = war.terms[::-1].copy()
    terms[:, line] = turned[terms[:, line]]
    swapped = replace(
        war, share=1 - war.share, drift=-war.drift[:, order], cost=war.cost[:, order],
        win=war.win[:, order][:, :, ::-1],
        impatience=war.impatience[:, order], discount=war.discount[:, order], attacked=war.attacked[:, order],
        lever_drift=-war.lever_drift, shares=1 - war.shares[turned], terms=terms,
        beyond_share=np.full(4, 1.0), beyond_value=mirror[:, line, len(turned) - 1],
    )  # fmt: skip
    # Beyond the last option values stay level on both sides here, so that the picture is the same from either end.
    level = replace(war, beyond_share=np.full(4, 0.4), beyond_value=case.preferences.values[:, line, len(turned) - 1])
    before = continuation(level, case.preferences, case.space.status_quo())
    status_quo: OptionArray = case.space.status_quo()
    status_quo[line] = turned[status_quo[line]]
    after = continuation(swapped, preferences, status_quo)
    assert after[0] == pytest.approx(before[0, order], abs=1e-9)


def test_a_number_takes_the_place_of_the_war() -> None:
    case = load("2025-12-stalemate", ["parties.russia.reservation=30"]).case
    assert case.reservation[0, 0] == 30 and case.reservation[0, 1] == pytest.approx(42.13, abs=0.01)
    assert case.outlook is not None and case.outlook.after_truce[0, 0] == 30


def test_values_by_kind_of_ending_are_ordered_as_they_should_be() -> None:
    case = load("2025-12-stalemate").case
    package = case.space.status_quo()
    found = {}
    for option, kind in enumerate(Kind):
        package[0] = option
        found[kind] = case.value(1, package[None])[0]
    assert found[Kind.NONE] == case.reservation[0, 1]
    assert found[Kind.LIMITED] > found[Kind.NONE]
    assert case.durability(package, 12) > case.durability(package, 60) > 0  # type: ignore[operator]
    package[0] = 2
    assert case.durability(package, 12) is None


def test_a_signed_agreement_holds_as_long_as_its_chances_say() -> None:
    """False-alarm rate: four standard errors, 0.006 % (fixed seed, so it cannot flicker)."""
    case = load("2025-12-stalemate").case
    package = case.space.package({"hostilities": "armistice", "guarantees": "snap_back"})
    runs = 20_000
    held = held_months(case, np.repeat(package[None], runs, axis=0), np.random.default_rng(3).random(runs))
    for months in (12, 60):
        chance = case.durability(package, months)
        assert chance is not None
        assert abs((held >= months).mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / runs)
    package[0] = 2
    assert held_months(case, package[None], np.array([0.5])).tolist() == [1]
    toy = load("toy/two-issues").case
    assert held_months(toy, toy.space.status_quo()[None], np.array([0.5])).tolist() == [LONGEST]


def test_public_talks_make_stepping_back_cost(write: Callable[[str], str]) -> None:
    open_ = zone("2025-12-stalemate", "public=1").case
    closed = zone("2025-12-stalemate").case
    package = open_.space.package({"hostilities": "final_treaty", "legal_status": "de_facto_only"})[None]
    # Russia: two of four levels on legal status (weight 16), and others; at 5 % of the weight a full range.
    lost = closed.value(0, package)[0] - open_.value(0, package)[0]
    lines = {line.id: line for line in open_.red_lines.lines if line.party == 0}
    by_hand = 0.0
    for line in lines.values():
        on = line.ladder[0].on
        away = min(abs(package[0, on] - k) for k in line.ladder[0].allowed) if open_.space.issues[on].ordered else 0
        by_hand += 0.05 * open_.preferences.weights[0, 0, on] * away / open_.space.issues[on].span
    assert lost == pytest.approx(by_hand) and lost > 0
    assert zone("2025-12-stalemate", "public=1").size("none") <= zone("2025-12-stalemate").size("none")
    some = np.random.default_rng(0).integers(0, open_.space.size, 500)
    for party, everywhere in zip(open_.signatories, open_.values_over(open_.space), strict=True):
        rows = open_.space.packages(some)[None]
        np.testing.assert_allclose(everywhere.ravel()[some], open_.value(party, rows)[0], atol=1e-9)


def test_a_quorum_at_home_narrows_the_win_set_until_it_vanishes(write: Callable[[str], str]) -> None:
    sizes = [
        find_zone(load(write(SMALL), [f"parties.buyer.ratification={{quorum: {q}, spread: 40}}"]).case).size()
        for q in (0.3, 0.5, 0.7, 0.9, 1.0)
    ]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] == sizes[1] > sizes[-1] == 0


def test_a_text_over_the_head_of_one_whose_deeds_it_needs_cannot_be_carried_out() -> None:
    from sim.talks.delegation import standard
    from sim.talks.draws import Draws
    from sim.talks.referee import play
    from sim.talks.state import Ending

    aside = ["parties.ukraine.roles=[observer]", "parties.europe.roles=[observer]", "protocol.name=alternating"]
    over = zone("2025-12-stalemate", *aside)
    assert over.signable() > over.size() == 0
    case = over.case
    talks = play(replace(case, war=replace(case.war, frozen=True)), standard(case), Draws(0, np.arange(20)))
    assert {Ending(e) for e in talks.ending} == {Ending.UNIMPLEMENTABLE_TEXT}
    whole = zone("2025-12-stalemate", without=("russia-recognition", "russia-withdrawal", "russia-no-nato"))
    assert whole.signable() == whole.size() > 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("parties.russia.war.win={russia: 0.8, ukraine: 0.3}", "war.win: probabilities sum to 1.1, more than 1"),
        ("parties.russia.war.win={russa: 0.8}", '"russa" is no belligerent (did you mean "russia"?)'),
        ("parties.russia.war.win.russia=1.2", "should be less than or equal to 1, not 1.2"),
        ("parties.russia.war.discount=-0.5", "war.discount: should be greater than 0, not -0.5"),
        ("parties.russia.war.discount=1", "should be less than 1"),
        ("war.horizon=0", "war.horizon: should be greater than or equal to 1, not 0"),
        ("war.line=null", "war.line: is missing"),
        ("war.line=line_of_contrl", 'there is no issue "line_of_contrl" (did you mean "line_of_control"?)'),
        ("war.shares.borders_1991=null", 'war.shares: says nothing of option "borders_1991"'),
        ("war.kinds.armistice=truse", 'war.kinds.armistice: "truse" is not known (did you mean "truce"?)'),
        ("war.terms.us={hostilities: final_treaty}", "must name both belligerents and nobody else"),
        ("parties.us.war=null", "parties.us: has neither a reservation value nor a war to return to"),
        ("war=null", "parties.russia: has neither a reservation value nor a war to return to"),
        ("belligerents=[russia]", "a war needs two belligerents"),
        ("parties.russia.war.beyond.share=0.1", "must lie beyond the last option's share, 0.227"),
        ("parties.russia.war.kost=3", 'there is no such field (did you mean "cost"?)'),
    ],
)
def test_a_war_that_cannot_be_meant_is_refused_by_name(change: str, said: str) -> None:
    with pytest.raises(CeasefireError) as caught:
        load("2025-12-stalemate", [change])
    assert said in str(caught.value)


def test_a_war_compiles_to_arrays_that_lead_with_one_or_many() -> None:
    war: War | None = load("2025-12-stalemate").case.war
    assert war is not None and war.cost.shape == (1, 4) and war.win.shape == (1, 4, 2) and war.share.shape == (1,)


@pytest.mark.parametrize(
    "change",
    [
        "parties.ukraine.war.cost=0",
        "war.hazard=1",
        "war.hazard=0",
        "war.hold.armistice=0",
        "parties.us.roles=[observer]",
        "parties.russia.ratification={quorum: 0.9, spread: 6}",
        "public=1",
        "war.horizon=1",
        "belligerents=[ukraine, russia]",
        "parties.russia.reservation=90",
    ],
)
def test_the_ends_of_the_ranges_give_numbers_and_sentences(change: str) -> None:
    changes = ["war.terms.russia.alignment=moratorium", change]
    case = load("2025-12-stalemate", changes).case
    assert np.isfinite(case.reservation).all()
    some = np.random.default_rng(0).integers(0, case.space.size, 300)
    for party, everywhere in zip(case.signatories, case.values_over(case.space), strict=True):
        rows = case.value(party, case.space.packages(some)[None])[0]
        np.testing.assert_allclose(everywhere.ravel()[some], rows, atol=1e-9)
        assert np.isfinite(rows).all()
    screen = Console(file=StringIO(), width=100)
    loaded = load("2025-12-stalemate", [change])
    print_zone(screen, loaded.scenario, zone_measures(loaded, zone("2025-12-stalemate", change)))
    assert isinstance(screen.file, StringIO) and "nan" not in screen.file.getvalue()


def test_a_pin_does_not_change_the_war_that_goes_on() -> None:
    free = load("2025-12-stalemate").case
    pinned = load("2025-12-stalemate", ["pins.hostilities=final_treaty", "pins.line_of_control=borders_1991"]).case
    assert (pinned.reservation == free.reservation).all()
    assert pinned.plain_truce() is None


def test_a_package_is_judged_by_the_floor_and_the_lines_that_the_zone_counts() -> None:
    from sim.study.score import package_measures

    gone = ("russia-recognition", "russia-withdrawal", "russia-no-nato")
    wider = members(zone("2025-12-stalemate", without=(*gone, "us-sovereign-ukraine"))).packages
    for change in ("parties.russia.ratification={quorum: 0.9, spread: 6}", "parties.us.roles=[observer]"):
        loaded = load("2025-12-stalemate", [change], gone)
        narrow = zone("2025-12-stalemate", change, without=gone)
        inside = {tuple(p) for p in members(narrow).packages.tolist()}
        for package in wider[:: len(wider) // 7]:
            assert package_measures(loaded, narrow, package).in_zone == (tuple(package.tolist()) in inside)


def test_a_party_that_must_ratify_never_offers_what_it_could_not_sign() -> None:
    from sim.talks.delegation import standard
    from sim.talks.draws import Draws
    from sim.talks.referee import open_talks, play_round

    changes = ["protocol.name=alternating", "parties.russia.ratification={quorum: 0.9, spread: 6}"]
    changes.append("parties.russia.tactic.exponent=20")
    case = load("2025-12-stalemate", changes, ["russia-recognition", "russia-withdrawal", "russia-no-nato"]).case
    talks, draws = open_talks(case), Draws(0, np.arange(1))
    while talks.open.any():
        talks = play_round(case, standard(case), talks, draws)
        for exchange in talks.exchanges:
            assert not exchange.tabled[0] or exchange.accepts[0, exchange.author]
