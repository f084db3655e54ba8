"""What a deal is worth: the formula against a plain sum and a simulation, guarantees, own attacks, swapped sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.library import shipped
from sim.stakes.case import Case
from sim.stakes.endings import Kind
from sim.stakes.space import OptionArray
from sim.stakes.valuation import lasting_value, log_calm, truce_value
from sim.study.explain import thresholds
from sim.study.measures import truce_measures
from sim.talks.duration import LONGEST, held_months
from sim.zone.region import find_zone
from tests.zones import load

RUSSIA, UKRAINE = 0, 1
ASSUMED, DECEMBER = "variants/2025-03-assumed-war", "2025-12-stalemate"
points, chances = st.floats(0, 100), st.floats(0.05, 1)


def lasting(
    u: float, w: float, discount: float, hold: float, peace: tuple[float, ...], blow: tuple[float, ...]
) -> float:
    """The formula for a party whose deal holds a year with ``hold`` and these chances that others keep the peace."""
    year = np.log([hold]) + sum(np.log(one) for one in peace)
    hurt = np.array([sum(loss * np.log(one) for loss, one in zip(blow, peace, strict=True))])
    return float(lasting_value(np.array([u]), np.array([discount]), np.array([w]), year, hurt)[0])


@given(points, points, st.floats(0.5, 0.99), chances, st.tuples(chances, chances), st.tuples(st.floats(0, 50), points))
def test_a_lasting_deal_is_worth_what_a_sum_month_by_month_says(
    u: float, w: float, discount: float, hold: float, peace: tuple[float, float], blow: tuple[float, float]
) -> None:
    stays, total, alive, worth = (hold * peace[0] * peace[1]) ** (1 / 12), 0.0, 1.0, 1.0
    rates = [-np.log(one) for one in (hold, *peace)]
    struck = sum(loss * rate for loss, rate in zip(blow, rates[1:], strict=True)) / (sum(rates) or 1.0)
    for _ in range(6_000):  # a month of the deal; then it stands, or the war follows with the blow of who struck
        total += worth * alive * ((1 - discount) * u + discount * (1 - stays) * (w - struck))
        worth, alive = worth * discount, alive * stays
    assert lasting(u, w, discount, hold, peace, blow) == pytest.approx(total, abs=1e-8)


def test_a_lasting_deal_is_worth_what_simulated_deals_come_to() -> None:
    """False-alarm rate: four standard errors, 0.006 % (fixed seed, so it cannot flicker)."""
    draw, runs = np.random.default_rng(11), 400_000
    u, w, discount, hold, peace, blow = 61.0, 44.0, 0.97, 0.9, (0.6, 0.8), (5.0, 12.0)
    # Three clocks run: the deal falls apart by itself, or one of two others strikes; the first to ring ends it.
    clocks = draw.exponential(12 / -np.log([hold, *peace]), (runs, 3))
    ended, cause = np.floor(clocks.min(axis=1)), clocks.argmin(axis=1)
    after = w - np.array([0.0, *blow])[cause]
    kept = discount ** (ended + 1)
    found = (1 - kept) * u + kept * after
    error = found.std() / np.sqrt(runs)
    assert abs(found.mean() - lasting(u, w, discount, hold, peace, blow)) < 4 * error


@given(points, points, st.floats(0.5, 0.99), chances, chances, st.floats(0, 50))
def test_the_same_terms_are_worth_less_as_an_armistice_than_as_a_truce_only_by_the_blow_or_by_a_better_war(
    u: float, w: float, discount: float, hold: float, peace: float, blow: float
) -> None:
    truce = float(truce_value(np.array([u]), np.array([discount]), np.array([w]))[0])
    armistice = lasting(u, w, discount, hold, (peace,), (0.0,))
    assert (armistice - truce) * (u - w) >= -1e-9
    struck = lasting(u, w, discount, hold, (peace,), (blow,))
    stays = (hold * peace) ** (1 / 12)
    assert armistice - blow * discount * (1 - stays) / (1 - discount * stays) - 1e-9 <= struck <= armistice + 1e-9


@pytest.mark.parametrize("slug", [*shipped("dated"), ASSUMED])
def test_no_terms_are_worth_less_to_everybody_as_an_armistice_than_as_a_truce(slug: str) -> None:
    case = load(slug, ["pins.hostilities=null"] if "hostilities" in load(slug).scenario.pins else []).case
    assert case.endings is not None
    axis, kinds = case.endings.axis, case.endings.kinds.tolist()
    every = case.space.packages(np.arange(case.space.size))
    terms = every[every[:, axis] == kinds.index(Kind.TRUCE)]
    truce = terms[case.valid(terms)]
    armistice = truce.copy()
    armistice[:, axis] = kinds.index(Kind.ARMISTICE)
    assert len(truce) > 50 and case.valid(armistice).all()
    less = [case.value(party, armistice) < case.value(party, truce) for party in case.signatories]
    assert not np.all(less, axis=0).any()


def test_the_plain_truce_is_worth_what_the_text_says_and_pleases_three_of_four() -> None:
    told = {"russia": -0.161, "ukraine": 0.286, "us": 1.096, "europe": 0.224}
    assert truce_measures(load(ASSUMED).case) == pytest.approx(told, abs=0.0005)
    told = {"russia": -0.180, "ukraine": 0.259, "us": 1.059, "europe": 0.216}
    assert truce_measures(load(DECEMBER).case) == pytest.approx(told, abs=0.0005)


@pytest.mark.parametrize(("slug", "cost"), [(ASSUMED, 34), (DECEMBER, 41)])
def test_f5_the_plain_truce_turns_for_the_first_belligerent_at_a_high_cost_or_without_hope_to_win(
    slug: str, cost: float
) -> None:
    loaded = load(slug)
    turns = {entry.path: entry.turns_at for entry in thresholds(loaded.case, RUSSIA, loaded)}
    assert turns["parties.russia.war.cost"] == pytest.approx(cost, abs=0.5)
    assert turns["parties.russia.war.win.russia"] == pytest.approx(0, abs=0.01)
    for path, far in (("cost", 1.0), ("win.russia", 0.001)):
        at = turns[f"parties.russia.war.{path}"]
        assert at is not None
        sides = [truce_measures(load(slug, [f"parties.russia.war.{path}={at + more}"]).case) for more in (-far, far)]
        gains = sorted(found["russia"] for found in sides if found is not None)
        assert gains[0] < 0 < gains[1]


def some_packages(case: Case, many: int, **options: str) -> OptionArray:
    """Packages drawn at random, with these options."""
    found = case.space.packages(np.random.default_rng(5).integers(0, case.space.size, many))
    for issue_id, option in options.items():
        axis = case.space.axis(issue_id)
        found[:, axis] = case.space.issues[axis].options.index(option)
    return found


@pytest.mark.parametrize("slug", [ASSUMED, DECEMBER])
def test_f10_a_stronger_guarantee_never_raises_what_the_first_belligerent_has_and_mostly_holds_longer(
    slug: str,
) -> None:
    case = load(slug).case
    terms, axis = some_packages(case, 5_000, hostilities="armistice"), case.space.axis("guarantees")
    utility, after, holds = [], [], []
    for option in range(len(case.space.issues[axis].options)):
        terms[:, axis] = option
        utility.append(case.utility(RUSSIA, terms[None])[0])
        after.append(case.war_after(RUSSIA, terms))
        holds.append(1 - case.breakdown(terms))
    assert (np.diff(utility, axis=0) < 0).all() and (np.diff(after, axis=0) < 0).all()
    # The strongest can cost the attacker more in the deal than in the war: there it does not deter.
    longer = (np.diff(holds, axis=0) > 0).mean(axis=1)
    assert (longer[:-1] > 0.99).all() and 0.7 < longer[-1] < 1


def test_f11_counts_grow_as_war_grows_dearer_or_less_likely_to_be_won() -> None:
    small = ["pins={military_aid: free, us_russia_reset: diplomatic, sanctions: kept, force_limits: none}"]
    for path, steps in (
        ("parties.russia.war.cost={}", (0, 10, 20, 30)),
        ("parties.ukraine.war.cost={}", (0, 10, 20, 30)),
        ("parties.russia.war.win={{russia: {}, ukraine: 0.03}}", (0.5, 0.35, 0.2, 0.05)),
    ):
        sizes = [find_zone(load(DECEMBER, [*small, path.format(step)]).case).size("none") for step in steps]
        assert sizes == sorted(sizes) and sizes[-1] > sizes[0] > 0, path


def test_charging_an_attacker_for_its_own_attack_cannot_be_written_and_would_change_nothing() -> None:
    with pytest.raises(ScenarioError, match="nobody is charged for its own attack"):
        load(DECEMBER, ["parties.ukraine.war.attacked={russia: 5, ukraine: 1}"])
    case = load(DECEMBER).case
    assert case.war is not None
    charged = case.war.attacked.copy()
    for side, party in enumerate(case.belligerents):
        assert charged[0, party, side] == 0
        charged[0, party, side] = 90.0
    other = replace(case, war=replace(case.war, attacked=charged)).under(case.preferences)
    packages = some_packages(case, 2_000)
    for party in range(4):
        assert (other.value(party, packages) == case.value(party, packages)).all()
    charged[0, UKRAINE, 0] *= 2
    more = replace(case, war=replace(case.war, attacked=charged)).under(case.preferences)
    assert (more.value(UKRAINE, packages) < case.value(UKRAINE, packages)).any()


@pytest.mark.parametrize("party", [RUSSIA, UKRAINE])
def test_terms_imposed_on_a_belligerent_leave_it_so_much_less_to_begin_the_war_anew(party: int) -> None:
    case = load(DECEMBER).case
    assert case.outlook is not None and case.endings is not None
    package = case.space.package({"hostilities": "final_treaty", "guarantees": "snap_back"})[None]
    for share in (0.4, 1.0):
        forced = np.zeros((1, 4))
        forced[0, party] = share
        imposed = replace(case.outlook, imposed=forced)
        gain = case.utility(party, package[None])[0] - case.war_after(party, package)
        calm, forced_calm = (log_calm(gain, s * case.endings.start, case.endings.slope)[0] for s in (1.0, 1 - share))
        kept, found = (np.log1p(-case.breakdown(package, outlook)[0]) for outlook in (case.outlook, imposed))
        assert 12 * (found - kept) == pytest.approx(forced_calm - calm, abs=1e-9) and found < kept
        assert (case.value(2, package, imposed) < case.value(2, package))[0]


@given(st.floats(-60, 60), st.floats(0, 60), st.floats(0, 30), st.floats(0, 30), st.floats(1, 30))
def test_more_to_gain_and_more_to_begin_anew_keep_the_peace(
    gain: float, more: float, start: float, further: float, slope: float
) -> None:
    calm = log_calm(np.array([gain, gain + more, gain]), np.array([start, start, start + further]), np.array([slope]))
    assert calm[1] >= calm[0] and calm[2] >= calm[0] and (calm <= 0).all()


def sides_swapped(case: Case, order: tuple[int, ...]) -> Case:
    """The same case with the belligerents' names exchanged: parties, sides, odds, and the direction of the line."""
    war, endings, wants = case.war, case.endings, case.preferences
    assert war is not None and endings is not None
    line, many, place = war.line, len(war.shares), list(order)

    def turned(table: np.ndarray) -> np.ndarray:
        found = table.copy()
        found[..., line, :many] = table[..., line, :many][..., ::-1]
        return found

    values = turned(wants.values[place])
    terms = war.terms[::-1].copy()
    terms[:, line] = many - 1 - terms[:, line]
    issues = list(case.space.issues)
    issues[line] = replace(issues[line], status_quo=many - 1 - issues[line].status_quo)
    left = list(case.space.left)
    left[line] = tuple(sorted(many - 1 - k for k in left[line]))
    swapped = replace(
        case,
        space=replace(case.space, issues=tuple(issues), left=tuple(left)),
        validity=turned(case.validity),
        endings=replace(endings, resume=-turned(endings.resume) * war.mirror),
        war=replace(
            war, share=1 - war.share, drift=-war.drift[:, place], cost=war.cost[:, place], mirror=1 / war.mirror,
            win=war.win[:, place, ::-1], attacked=war.attacked[:, place, ::-1], impatience=war.impatience[:, place],
            discount=war.discount[:, place], lever_drift=-war.lever_drift, shares=1 - war.shares[::-1], terms=terms,
            beyond_share=np.ones(len(place)), beyond_value=values[:, line, many - 1],
        ),
    )  # fmt: skip
    holder, boxes = np.argsort(place)[wants.holder], turned(wants.boxes)
    return swapped.under(replace(wants, weights=wants.weights[:, place], values=values, boxes=boxes, holder=holder))


@pytest.mark.parametrize("changes", [(), ("war.resume.mirror=1", "interactions=[]"), ("war.start=0", "war.slope=3")])
def test_swapping_the_belligerents_swaps_the_results(changes: tuple[str, ...]) -> None:
    # The line runs where its option says, so that land ahead of it is as far for the one as land behind for the other.
    case = load(ASSUMED, ["pins={military_aid: free, us_russia_reset: none, sanctions: kept}", *changes]).case
    assert case.war is not None and case.endings is not None
    line, flat = case.war.line, len(case.war.shares) - 1
    level = replace(case.war, beyond_share=np.full(4, 0.5), beyond_value=case.preferences.values[:, line, flat])
    case = replace(case, war=level).under(case.preferences)
    order = (UKRAINE, RUSSIA, 2, 3)
    swapped = sides_swapped(case, order)
    packages = some_packages(case, 3_000)
    other = packages.copy()
    other[:, line] = flat - other[:, line]
    assert swapped.reservation[0] == pytest.approx(case.reservation[0, list(order)], abs=1e-9)
    assert swapped.breakdown(other) == pytest.approx(case.breakdown(packages), abs=1e-12)
    for new, old in enumerate(order):
        assert swapped.war_after(new, other) == pytest.approx(case.war_after(old, packages), abs=1e-9)
        assert swapped.value(new, other) == pytest.approx(case.value(old, packages), abs=1e-9)
    assert find_zone(swapped.without_lines()).size() == find_zone(case.without_lines()).size() > 0


def test_values_by_kind_of_ending_are_ordered_as_they_should_be() -> None:
    case = load(DECEMBER).case
    package, found = case.space.status_quo(), {}
    for option, kind in enumerate(Kind):
        package[0] = option
        found[kind] = case.value(UKRAINE, package[None])[0]
    assert found[Kind.NONE] == case.reservation[0, UKRAINE] < found[Kind.LIMITED]
    assert case.durability(package, 12) > case.durability(package, 60) > 0  # type: ignore[operator]
    package[0] = 2
    assert case.durability(package, 12) is None


def test_a_signed_agreement_holds_as_long_as_its_chances_say() -> None:
    """False-alarm rate: four standard errors, 0.006 % (fixed seed, so it cannot flicker)."""
    case = load(DECEMBER).case
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
