"""Frontier and named points: against the plain O(n^2) rule, and against textbook answers."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim import find_zone, load
from sim.stakes.case import Case
from sim.zone import points
from sim.zone.points import dominated, frontier, named_points, steps_between
from sim.zone.region import Members, members

some_points = arrays.arrays(
    float, st.tuples(st.integers(0, 40), st.integers(1, 4)), elements=st.integers(0, 4).map(float)
)


def plain(table: np.ndarray) -> list[int]:
    def beats(a: np.ndarray, b: np.ndarray) -> bool:
        return bool((a >= b).all() and (a > b).any())

    return [n for n, row in enumerate(table) if not any(beats(other, row) for other in table)]


@given(some_points, st.integers(1, 50))
def test_the_frontier_is_what_the_plain_rule_finds_ties_and_all(table: np.ndarray, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(points, "BLOCK", block)
        assert frontier(table).tolist() == plain(table)


any_points = arrays.arrays(
    float,
    st.tuples(st.integers(0, 30), st.integers(1, 5)),
    elements=st.floats(allow_nan=False) | st.sampled_from([0.0, 5e-324, 1e308]),
)


@given(any_points, st.integers(1, 20), st.sampled_from([1, 2, 16, 1 << 10]))
def test_the_frontier_of_any_numbers_is_exact_on_any_grid(table: np.ndarray, block: int, cells: int) -> None:
    with pytest.MonkeyPatch.context() as patch, np.errstate(all="ignore"):
        patch.setattr(points, "BLOCK", block)
        patch.setattr(points, "CELLS", cells)
        assert frontier(table).tolist() == plain(table)


@pytest.mark.parametrize(("columns", "levels"), [(2, 40), (4, 9), (6, 1_000_000)])
def test_the_frontier_of_many_points_with_ties_is_that_of_each_half_and_then_of_both(columns: int, levels: int) -> None:
    table = np.random.default_rng(columns).integers(0, levels, (30_000, columns)).astype(float)
    halves = [half[frontier(table[half])] for half in (np.arange(0, 30_000, 2), np.arange(1, 30_000, 2))]
    both = np.sort(np.concatenate(halves))
    assert frontier(table).tolist() == both[frontier(table[both])].tolist()
    best = table[frontier(table)[:200]]
    assert not any(((table >= row).all(axis=1) & (table > row).any(axis=1)).any() for row in best)


@given(some_points)
def test_dominated_says_what_some_row_beats(table: np.ndarray) -> None:
    for by in (table, table[:1], table[:5]):
        wanted = [any((o >= row).all() and (o > row).any() for o in by) for row in table]
        assert dominated(table, by).tolist() == wanted


def test_the_frontier_of_random_reals_is_exact_across_many_blocks() -> None:
    table = np.random.default_rng(0).random((3_000, 3))
    assert frontier(table).tolist() == plain(table)


def textbook(values: np.ndarray, disagreement: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """The named points of a set of utility pairs."""
    case: Case = load("toy/two-issues").case
    case = replace(case, reservation=np.array([disagreement]))
    rational = (values >= np.array(disagreement)).all(axis=1)
    inside = Members(
        np.zeros((rational.sum(), 2), dtype=np.int8), values[rational], np.ones((rational.sum(), 2), dtype=bool)
    )
    return {point.name: tuple(point.values[0].tolist()) for point in named_points(case, inside)}


def test_splitting_one_with_a_disagreement_point_of_nothing_and_a_fifth() -> None:
    share = np.linspace(0, 1, 1001)
    found = textbook(np.stack([share, 1 - share], axis=1), (0.0, 0.2))
    assert found["nash"] == pytest.approx((0.4, 0.6), abs=1e-3)
    assert found["kalai_smorodinsky"] == pytest.approx((0.4, 0.6), abs=1e-3)
    assert found["egalitarian"] == pytest.approx((0.4, 0.6), abs=1e-3)


def test_the_bent_frontier_of_the_textbook() -> None:
    first = np.linspace(0, 1, 10_001)
    found = textbook(np.stack([first, 1 - first**2], axis=1), (0.0, 0.0))
    assert found["nash"] == pytest.approx((1 / sqrt(3), 2 / 3), abs=1e-4)
    golden = (sqrt(5) - 1) / 2
    assert found["kalai_smorodinsky"] == pytest.approx((golden, golden), abs=1e-4)
    assert found["utilitarian"] == pytest.approx((0.5, 0.75), abs=1e-4)


def test_all_ties_are_kept() -> None:
    case = load("toy/split-the-pie").case
    found = {point.name: point for point in named_points(case, members(find_zone(case)))}
    cuts = [case.space.names(package)["cut"] for package in found["nash"].packages]
    assert cuts == ["slices_4", "slices_5"]
    assert len(found["utilitarian"].packages) == 4


def test_nash_needs_a_package_where_every_signatory_gains() -> None:
    case = load("toy/split-the-pie", ["parties.ann.reservation=60"]).case
    inside = members(find_zone(case))
    assert len(inside.packages) == 1
    assert "nash" not in {point.name for point in named_points(case, inside)}


def test_an_empty_zone_has_no_points() -> None:
    case = load("toy/split-the-pie", ["parties.ann.reservation=90"]).case
    assert named_points(case, members(find_zone(case))) == []


def test_steps_between_packages_count_levels_and_one_for_any_nominal_change() -> None:
    case = load("toy/two-issues").case
    far = np.array([[3, 2], [0, 0], [0, 1]], dtype=np.int8)
    assert steps_between(case, np.array([0, 0], dtype=np.int8), far).tolist() == [3, 0, 1]
