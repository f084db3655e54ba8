"""Stable agreements: the definitions against plain search and published conflicts, zones against the plain rules."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim import find_zone
from sim.report import stable_sentences as say
from sim.stakes.case import Case
from sim.study.stable import CONCEPTS, stable_measures
from sim.zone import stability as module
from sim.zone.graph_model import NOWHERE, Table, stable, stable_for
from sim.zone.region import members
from sim.zone.stability import stability, temptations
from tests.conftest import Cli
from tests.reference_stakes import Stakes
from tests.reference_zone import Game, game, zone
from tests.strategies import staked, unhurried
from tests.zones import load
from tests.zones import zone as zone_of

MARCH = "2025-03-truce-offer"


def names(held: object) -> list[list[int]]:
    """States from 1 on that are stable in each sense."""
    return [(np.flatnonzero(getattr(held, concept)) + 1).tolist() for concept in CONCEPTS]


@st.composite
def graphs(draw: st.DrawFn) -> Table:
    """Up to three parties, six states, payoffs with ties, moves that need not lead back."""
    parties, states = draw(st.integers(1, 3)), draw(st.integers(1, 6))
    payoffs = draw(st.lists(st.integers(0, 4), min_size=parties * states, max_size=parties * states))
    tables = []
    for _ in range(parties):
        width = draw(st.integers(0, 3))
        cells = st.lists(st.integers(NOWHERE, states - 1), min_size=width * states, max_size=width * states)
        table = np.array(draw(cells), dtype=np.intp).reshape(states, width)
        table[table == np.arange(states)[:, None]] = NOWHERE
        tables.append(table)
    return Table(np.array(payoffs, dtype=float).reshape(parties, states), tables)


def searched(graph: Table) -> Game:
    """The same conflict for the plain rules."""
    parties, states = graph.payoffs.shape
    reached = {
        p: {((s,), False): {((t,), False) for t in graph.table[p][s].tolist() if t != NOWHERE} for s in range(states)}
        for p in range(parties)
    }
    worth = {p: {((s,), False): float(graph.payoffs[p, s]) for s in range(states)} for p in range(parties)}
    return Game(reached, worth)


@given(graphs())
def test_the_definitions_are_what_a_search_through_every_move_and_answer_finds(graph: Table) -> None:
    states = range(graph.payoffs.shape[1])
    plain, found = searched(graph), stable(graph, np.arange(len(states)))
    for concept in CONCEPTS:
        held = {((s,), False) for s in np.flatnonzero(getattr(found, concept)).tolist()}
        assert held == plain.stable({((s,), False) for s in states}, concept)


@given(graphs())
def test_who_meets_a_harder_concept_meets_the_easier_ones(graph: Table) -> None:
    found = stable(graph, np.arange(graph.payoffs.shape[1]))
    assert not (found.nash & ~found.sequential).any() and not (found.sequential & ~found.metarational).any()


def two_by_two(first: list[float], second: list[float]) -> Table:
    """A textbook game: states 1 to 4 are both cooperate, first alone, second alone, neither."""
    switch = (np.array([[2], [3], [0], [1]]), np.array([[1], [0], [3], [2]]))
    return Table(np.array([first, second], dtype=float), switch)


def test_in_the_prisoners_dilemma_cooperation_is_sequentially_stable_and_no_nash_equilibrium() -> None:
    """Fang, Hipel & Kilgour 1993: mutual defection is Nash; mutual cooperation is not, but a credible answer deters."""
    found = stable(two_by_two([3, 1, 4, 2], [3, 4, 1, 2]), np.arange(4))
    assert names(found) == [[4], [1, 4], [1, 4]]


def test_in_chicken_cooperation_is_held_by_a_threat_that_nobody_would_rather_carry_out() -> None:
    """The same: the two outcomes in which one yields are Nash; yielding both is general metarational alone."""
    found = stable(two_by_two([3, 2, 4, 1], [3, 4, 2, 1]), np.arange(4))
    assert names(found) == [[2, 3], [2, 3], [1, 2, 3]]


def elmira() -> Table:
    """The Elmira groundwater conflict of 1991 (Hipel, Fang, Kilgour & Haight 1993, "Environmental conflict resolution
    using the graph model"; Fang, Hipel & Kilgour 1993).

    Moves and payoffs agree, number by number, with those in a program of H. Xu (2007) that works the stability of this
    conflict out by matrices. The equilibria below were written down from memory of the literature: that they follow
    from these tables is checked by a plain search, that they are the printed ones was not looked up.

    A ministry may modify its control order, for good; a company delays, accepts, or abandons its plant, for good; a
    local government may insist on the original order. States: 1 to 4 are delay, delay modified, accept, accept
    modified; 5 to 8 the same while the government insists; 9 the plant abandoned. Rankings from best to worst.
    """
    ministry, company, government = (
        (7, 3, 4, 8, 5, 1, 2, 6, 9),
        (1, 4, 8, 5, 9, 3, 7, 2, 6),
        (7, 3, 5, 1, 8, 6, 4, 2, 9),
    )
    payoffs = [[9 - ranking.index(state) for state in range(1, 10)] for ranking in (ministry, company, government)]
    reached = (
        {1: [2], 3: [4], 5: [6], 7: [8]},
        {1: [3, 9], 2: [4, 9], 3: [9], 4: [9], 5: [7, 9], 6: [8, 9], 7: [9], 8: [9]},
        {1: [5], 5: [1], 2: [6], 6: [2], 3: [7], 7: [3], 4: [8], 8: [4]},
    )
    table = [np.full((9, max(map(len, moves.values()))), NOWHERE) for moves in reached]
    for of_party, moves in zip(table, reached, strict=True):
        for state, there in moves.items():
            of_party[state - 1, : len(there)] = np.array(there) - 1
    return Table(np.array(payoffs, dtype=float), table)


def test_the_elmira_conflict_has_the_equilibria_that_a_plain_search_finds() -> None:
    expected = [[5, 8, 9], [5, 8, 9], [1, 4, 5, 8, 9]]
    assert names(stable(elmira(), np.arange(9))) == expected
    plain, states = searched(elmira()), {((s,), False) for s in range(9)}
    assert [sorted(s + 1 for (s,), _ in plain.stable(states, concept)) for concept in CONCEPTS] == expected


def test_the_ministry_of_elmira_stays_where_modifying_alone_leaves_it_worse_off() -> None:
    assert 5 in names(stable_for(elmira(), 0, np.arange(9)))[0]


@st.composite
def wide(draw: st.DrawFn) -> Case:
    """Cases with many deeds, whose zone holds about everything that is coherent."""
    case, dice = draw(staked(most_rows=1)), np.random.default_rng(draw(st.integers(0, 2**32)))
    parties, shape = len(case.parties), (len(case.parties), len(case.space.issues), case.space.width)
    case = replace(case.without_lines(), consent=dice.random(shape) < 0.4, home=np.full((1, parties), -1_000.0))
    return case.under(case.preferences)


@unhurried
@given(wide())
def test_a_zone_is_stable_where_the_plain_rules_say_so(case: Case) -> None:
    inside, stakes = members(find_zone(case)), Stakes(case)
    assume(len(inside.packages))
    found, plain = stability(case, inside), game(stakes)
    states = {(package, False) for package in zone(stakes)}
    assert len(states) == len(found.packages)
    for concept in CONCEPTS:
        held = found.packages[getattr(found.holds, concept)]
        assert {(tuple(package), False) for package in held.tolist()} == plain.stable(states, concept)


@unhurried
@given(wide())
def test_what_is_told_of_a_package_agrees_with_its_stability(case: Case) -> None:
    inside = members(find_zone(case))
    assume(len(inside.packages))
    found = stability(case, inside).holds
    for n, package in enumerate(inside.packages[:20]):
        answers = [way.deterred_by for way in temptations(case, package)]
        told = (not answers, all(a is not None and a.rather for a in answers), all(a is not None for a in answers))
        assert told == (found.nash[n], found.sequential[n], found.metarational[n])


def test_march_has_few_packages_that_nobody_would_leave_and_hundreds_that_answers_hold() -> None:
    found = stable_measures(MARCH)
    assert (found.of, found.packages) == ("zone", zone_of(MARCH).size())
    assert found.stable == {"nash": 5, "sequential": 719, "metarational": 2_594}
    assert found.by_ending["truce_30_days"] == {"packages": 10, "nash": 0, "sequential": 5, "metarational": 10}


def test_with_the_wars_numbers_assumed_the_counts_lie_near_those_of_the_specification() -> None:
    found = stable_measures("variants/2025-03-assumed-war")
    assert found.stable == {"nash": 9, "sequential": 936, "metarational": 2_739} and found.packages == 3_048


def test_of_a_zone_too_large_to_look_at_whole_the_frontier_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, cli: Cli
) -> None:
    monkeypatch.setattr(module, "LARGEST", 100)
    found = stable_measures(MARCH)
    assert found.of == "frontier" and 0 < found.packages < 2_772
    assert "too large to look at whole" in cli("stable", MARCH).stdout


def test_a_sentence_says_who_would_do_what_and_what_deters_it(cli: Cli) -> None:
    lines = " ".join(cli("stable", MARCH).stdout.split())
    assert "This holds only because Russia would go back to war if Ukraine moved to" in lines
    assert "though it would rather not." in lines
    assert "Nobody gains by leaving 5 of the 2,772 packages of the zone" in lines


def test_a_package_can_be_judged_and_the_json_holds_every_way_to_leave_it(cli: Cli) -> None:
    truce = "hostilities=truce_30_days"
    found = json.loads(cli("stable", MARCH, "--package", truce, "--json").stdout)
    (judged,) = found["judged"]
    assert judged["name"] == "asked for" and judged["stable"] is None
    assert judged["package"]["hostilities"] == "truce_30_days"
    war = [way for way in judged["leaving"] if way["party"] == "russia" and way["move"]["issue"] is None]
    assert len(war) == 1 and war[0]["deterred_by"] is None and war[0]["gain"] > 0
    assert found["stable"]["nash"] == len(found["ids"]["nash"])


def test_an_empty_zone_and_one_without_deeds_are_said_as_such(cli: Cli) -> None:
    assert "The zone is empty" in cli("stable", "2025-12-stalemate").stdout
    assert "no moves are modelled in this case (nobody has a deed to do or undo)" in " ".join(
        cli("stable", "toy/split-the-pie").stdout.split()
    )
    assert "no option" in cli("stable", MARCH, "--package", "hostilities=truce").stderr


def test_a_package_asked_about_that_lies_outside_the_zone_is_said_to_lie_there_and_why(cli: Cli) -> None:
    for words in (["toy/split-the-pie"], ["toy/split-the-pie", "--set", "parties.ben.reservation=90"]):
        said = " ".join(cli("stable", *words, "--package", "cut=slices_1").stdout.split())
        assert "Asked for (outside the zone; no moves modelled) Ann falls 20 points short of what it expects" in said
        assert "Yes" not in said and "Nobody gains" not in said
    (judged,) = json.loads(cli("stable", "toy/split-the-pie", "--package", "cut=slices_1", "--json").stdout)["judged"]
    assert judged["outside"] == {"crosses": [], "short": {"ann": 20.0}} and judged["stable"] == "nash"
    crossed = " ".join(cli("stable", MARCH, "--package", "hostilities=truce_30_days").stdout.split())
    assert "Asked for (not stable)" in crossed or "(outside the zone; not stable)" in crossed
    inside = json.loads(cli("stable", "toy/split-the-pie", "--package", "cut=slices_4", "--json").stdout)["judged"]
    assert "outside" not in inside[0]


@pytest.mark.parametrize(
    ("stable", "said"),
    [
        ((1, 1, 1), "Yes: nobody gains by leaving the one package of the zone."),
        ((0, 1, 1), "The one package of the zone holds because somebody would rather answer."),
        ((0, 0, 1), "The one package of the zone holds by a threat alone."),
        ((0, 0, 0), "The one package of the zone does not hold."),
    ],
)
def test_one_package_is_told_as_one(stable: tuple[int, int, int], said: str) -> None:
    loaded = load(MARCH)
    found = stable_measures("toy/split-the-pie")
    one = replace(found, packages=1, stable=dict(zip(CONCEPTS, stable, strict=True)))
    assert say.headline(loaded.scenario, one) == said


def test_a_reading_changes_what_is_looked_at(cli: Cli) -> None:
    assert json.loads(cli("stable", MARCH, "--reading", "ceasefire", "--json").stdout)["packages"] == 0
    assert load(MARCH, ["reading=ceasefire"]).scenario.reading == "ceasefire"
