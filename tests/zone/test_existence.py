"""Whether a zone exists, over many cases: the same answers as looking at every package of each."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.columns import with_columns
from sim.scenario.loader import load, with_changes
from sim.stakes.case import Case
from sim.stakes.preferences import scaled
from sim.stakes.run_axis import take_rows
from sim.stakes.space import Issue, OutcomeSpace
from sim.stakes.stages import ZONE_NAMES
from sim.sweeps.design import design
from sim.sweeps.factors import parse_vary
from sim.zone.constraints import Reading
from sim.zone.existence import ZoneSearch
from sim.zone.halves import _cut
from sim.zone.region import find_zone
from tests.strategies import cases, grouped

ROWS = 6


def agree(case: Case, rows: int) -> list[bool]:
    """Compare both ways of asking on every row, zone and reading; returns the answers for the ceasefire zone."""
    zones = [find_zone(take_rows(case, np.array([row]))) for row in range(rows)]
    readings: tuple[Reading, ...] = ("declared", "true", "none")
    for name in ZONE_NAMES:
        for reading in readings:
            found = ZoneSearch(case, name, reading).exists(case, rows)
            assert found.tolist() == [zone.exists(reading, name) for zone in zones], (name, reading)
    return [zone.exists() for zone in zones]


@given(cases(), st.integers(0, 2**32 - 1))
def test_existence_is_what_the_whole_zone_says_for_any_case_and_weights(case: Case, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (ROWS, *case.preferences.weights.shape[1:])
    weights = scaled(rng.integers(0, 5, shape).astype(float))
    reservation = rng.integers(20, 110, (ROWS, len(case.parties))).astype(float)
    varied = replace(case, preferences=replace(case.preferences, weights=weights), reservation=reservation)
    agree(varied, ROWS)


@given(grouped(), st.integers(0, 2**32 - 1))
def test_existence_is_what_the_whole_zone_says_where_some_are_enough(case: Case, seed: int) -> None:
    reservation = np.random.default_rng(seed).integers(20, 110, (ROWS, len(case.parties))).astype(float)
    agree(replace(case, reservation=reservation), ROWS)


@pytest.mark.parametrize(
    ("changes", "without"),
    [
        ((), ()),
        (("public=1", "parties.russia.audience_cost=0.3"), ()),
        (("parties.europe.ratification={quorum: 0.6, spread: 4}",), ()),
        (("parties.europe.roles=[guarantor]", "parties.us.reservation=38"), ("ukraine-no-recognition",)),
    ],
)
def test_existence_is_what_the_whole_zone_says_with_a_war(changes: tuple[str, ...], without: tuple[str, ...]) -> None:
    pins = [f"pins.{issue}={option}" for issue, option in PINNED.items()]
    loaded = with_changes(load("2025-03-truce-offer"), [*pins, *changes], without)
    vary = [
        *(f"parties.{party}.war.cost=0:12" for party in ("russia", "ukraine", "europe")),
        *(
            f"parties.{party}.weights.{issue}=0:40"
            for party in ("russia", "ukraine")
            for issue in ("guarantees", "sanctions")
        ),
        "parties.russia.war.win.russia=0:0.7",
        "war.hazard=0.005:0.05",
        "war.resume.scale=0:1.5",
        "war.resume.mirror=0:1",
        "war.start=0:20",
        "war.hold.armistice=0.6:1",
    ]
    factors = tuple(parse_vary(loaded, text) for text in vary)
    count = 16
    case = with_columns(loaded, design("sobol", factors, count, 1).rows(0, count))
    answers = agree(case, count)
    assert any(answers) and not all(answers), "the test needs open and closed cases"


PINNED = {"line_of_control": "line_of_contact", "legal_status": "deferred", "internal_affairs": "minority_rights"}
"""Issues held so that looking at every package of every case takes little time."""


def test_the_order_of_cases_and_what_was_asked_before_do_not_matter() -> None:
    loaded = load("2025-03-truce-offer")
    factors = tuple(
        parse_vary(loaded, f"parties.{party}.war.cost=0:4") for party in ("russia", "ukraine", "us", "europe")
    )
    count = 60
    case = with_columns(loaded, design("sobol", factors, count, 2).rows(0, count))
    whole = ZoneSearch(loaded.case).exists(case, count)
    order = np.random.default_rng(0).permutation(count)
    search = ZoneSearch(loaded.case)
    assert (search.exists(take_rows(case, order), count) == whole[order]).all()
    assert (search.exists(case, count) == whole).all()


def test_two_issues_that_interact_stay_in_one_half_and_three_of_four_do_not() -> None:
    space = OutcomeSpace(tuple(Issue(f"i{n}", ("a", "b"), 0, True) for n in range(4)), ((0, 1),) * 4)
    for pair in itertools.combinations(range(4), 2):
        halves = _cut(space, [set(pair)])
        assert pair in halves and sorted((*halves[0], *halves[1])) == [0, 1, 2, 3]
    assert {len(half) for half in _cut(space, [{0, 1, 2}])} == {2}, "that would be no fair cut"


def test_a_package_worth_exactly_what_everybody_needs_is_found_and_none_worth_less() -> None:
    for needed, there in ((60, True), (60.001, False)):
        case = load("toy/split-the-pie", [f"parties.ann.reservation={needed}"]).case  # Ben needs four slices of ten
        search = ZoneSearch(case)
        assert search.exists(case, 1).tolist() == [there]
        assert search.suits(case, 1, case.space.package({"cut": "slices_6"})).tolist() == [there]
        assert not search.suits(case, 1, case.space.package({"cut": "slices_7"})).any()


def test_lines_that_leave_nothing_leave_nothing_to_look_at() -> None:
    loaded = load("2025-12-stalemate")
    search = ZoneSearch(loaded.case)
    assert search.crossed is True
    assert not search.exists(loaded.case, 3).any()
    assert ZoneSearch(load("toy/split-the-pie").case).crossed is False
