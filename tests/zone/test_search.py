"""Minimal sets and hitting sets: against plain search, the order in which they are found, and what a budget leaves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.stakes.space import BitArray
from sim.zone.search import Budget, minimal_hitting_sets, minimal_sets

masks_of_eight = st.lists(st.integers(1, 255), min_size=1, max_size=24).map(lambda found: np.array(found, np.uint64))


def looks(many: int) -> Budget:
    """A budget that is spent after so many looks at its clock."""
    return Budget(many, itertools.count().__next__)


def hitting(masks: BitArray) -> list[int]:
    """The minimal hitting sets of masks of eight members, by trying every set."""
    held = [s for s in range(1, 256) if all(s & int(mask) for mask in masks)]
    smallest = [s for s in held if not any(other != s and other & s == other for other in held)]
    return sorted(smallest, key=lambda s: (s.bit_count(), s))


def pairs(many: int) -> BitArray:
    """Every way to give up one member of each of some pairs, and with it every other mask that hits all pairs."""
    ways = np.zeros(1, dtype=np.uint64)
    for n in range(many):
        ways = np.concatenate([ways | np.uint64(bits << 2 * n) for bits in (1, 2, 3)])
    return ways


@given(masks_of_eight)
def test_hitting_sets_are_those_that_a_try_of_every_set_finds_in_their_order(masks: BitArray) -> None:
    found = minimal_hitting_sets(masks, looks(10**6))
    assert found.complete and found.bits == hitting(masks)


@given(masks_of_eight, st.integers(0, 30))
def test_a_search_cut_short_lists_right_sets_with_all_smaller_ones_and_says_so(masks: BitArray, many: int) -> None:
    found, every = minimal_hitting_sets(masks, looks(many)), hitting(masks)
    assert set(found.bits) <= set(every)
    assert not found.complete or found.bits == every
    largest = max(2, *(one.bit_count() for one in found.bits)) if found.bits else 2
    assert {one for one in every if one.bit_count() < largest or one.bit_count() <= 2} <= set(found.bits)


@given(masks_of_eight, st.integers(0, 3))
def test_minimal_sets_cut_short_are_whole_sizes_from_the_smallest_up(masks: BitArray, many: int) -> None:
    found, every = minimal_sets(masks, looks(many)), minimal_sets(masks, looks(10**6))
    assert every.complete and found.bits == every.bits[: len(found.bits)]
    smallest = [one for one in every.bits if one.bit_count() == every.bits[0].bit_count()]
    assert found.bits[: len(smallest)] == smallest


@pytest.mark.parametrize("many", [3, 7, 10])
def test_opposed_pairs_are_all_found_and_known_to_be_all_without_any_budget(many: int) -> None:
    found = minimal_hitting_sets(pairs(many), looks(0))
    assert found.complete and found.bits == [0b11 << 2 * n for n in range(many)]


def test_pairs_beside_others_are_all_found_without_any_budget_but_not_known_to_be_all() -> None:
    masks = np.array([m | 0b1000000 << k for m in pairs(3).tolist() for k in range(3)], dtype=np.uint64)
    found = minimal_hitting_sets(masks, looks(0))
    assert found.bits == [0b11, 0b1100, 0b110000] and not found.complete
    assert minimal_hitting_sets(masks, looks(10**6)).bits == [0b11, 0b1100, 0b110000, 0b111000000]


def test_shares_of_a_budget_add_up_to_it() -> None:
    assert [part.seconds for part in (Budget(6.0).share(2), Budget(6.0).share(2).share(3))] == [3.0, 1.0]
