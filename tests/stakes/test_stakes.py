"""Space, clauses, red lines and preferences against plain loops."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import load
from sim.errors import SpaceTooLargeError
from sim.stakes.case import Case
from sim.stakes.clauses import MOST_BITS, bit_tables, crossed_everywhere
from sim.stakes.space import Issue, OutcomeSpace
from sim.stakes.stages import Stage
from sim.stakes.terms import FEW
from tests.strategies import cases, spaces, staked, unhurried


def every_package(space: OutcomeSpace) -> list[tuple[int, ...]]:
    return list(itertools.product(*space.left))


@given(spaces())
def test_ids_and_packages_are_each_others_inverse_and_count_in_issue_order(space: OutcomeSpace) -> None:
    packages = space.packages(np.arange(space.size))
    assert [tuple(p) for p in packages.tolist()] == every_package(space)
    assert space.ids(packages).tolist() == list(range(space.size))


@given(spaces(), st.integers(1, 20))
def test_slabs_cut_a_space_into_all_its_packages_once(space: OutcomeSpace, largest: int) -> None:
    slabs = list(space.slabs(largest))
    assert [p for slab in slabs for p in every_package(slab)] == every_package(space)
    assert all(slab.size <= largest or max(slab.shape) == 1 for slab in slabs)


@given(spaces(), st.integers(0, 2**32))
def test_what_lies_beyond_a_box_is_all_that_is_not_within_it(space: OutcomeSpace, seed: int) -> None:
    box = np.random.default_rng(seed).random((len(space.issues), space.width)) < 0.6
    parts = [space.within(box), *space.beyond(box)]
    assert sorted(p for part in parts for p in every_package(part)) == every_package(space)
    assert all(box[range(len(p)), list(p)].all() for p in every_package(parts[0]))


def test_a_package_goes_to_names_and_back() -> None:
    space = OutcomeSpace((Issue("a", ("x", "y"), 1), Issue("b", ("p", "q"), 0)), ((0, 1), (0, 1)))
    assert space.names(space.package({"b": "q"})) == {"a": "y", "b": "q"}


def test_a_space_too_large_is_refused_with_the_issues_to_pin() -> None:
    issues = tuple(Issue(f"i{n}", tuple("abcdefghij"), 0) for n in range(8))
    space = OutcomeSpace(issues, (tuple(range(10)),) * 8)
    with pytest.raises(SpaceTooLargeError, match=r"100,000,000 packages .* pin .*i0, i1, i2"):
        space.require_countable()


def crossed_by_hand(case: Case, package: tuple[int, ...]) -> set[tuple[str, int]]:
    return {
        (line.id, step)
        for line in case.red_lines.lines
        for step, clause in enumerate(line.ladder)
        if all(package[axis] in options for axis, options in clause.when.items())
        and package[clause.on] not in clause.allowed
    }


@given(cases())
def test_bits_say_exactly_which_lines_a_package_crosses(case: Case) -> None:
    lines = case.red_lines
    boxes = [(line.id, step) for line in lines.lines for step in range(len(line.ladder))]
    everywhere = crossed_everywhere(case.space, lines.boxes).ravel()
    for number, package in enumerate(every_package(case.space)):
        one = int(lines.crossed(np.array(package, dtype=np.int8)))
        assert one == int(everywhere[number])
        assert {boxes[n] for n in range(len(boxes)) if one >> n & 1} == crossed_by_hand(case, package)


@given(cases())
def test_steps_are_the_fewest_changes_on_one_issue_that_leave_each_line(case: Case) -> None:
    lines = case.red_lines
    everything = np.uint64(lines.bits("declared"))
    for package in every_package(case.space):
        by_hand = 0
        for line in lines.lines:
            if (line.id, 0) not in crossed_by_hand(case, package):
                continue
            apart = [issue.steps_between() for issue in case.space.issues]
            away = [
                int(apart[axis][package[axis], k])
                for axis in range(len(package))
                for k in case.space.left[axis]
                if (line.id, 0) not in crossed_by_hand(case, (*package[:axis], k, *package[axis + 1 :]))
            ]
            by_hand += min(away, default=1_000)
        row = np.array([package], dtype=np.int8)
        assert lines.steps(row, np.array([everything])).tolist() == [by_hand]


@given(cases(), st.integers(0, 2**32))
def test_steps_of_few_packages_and_of_many_are_the_same(case: Case, seed: int) -> None:
    packages = case.space.packages(np.random.default_rng(seed).integers(case.space.size, size=FEW + 1))
    binding = np.arange(len(packages), dtype=np.uint64) % np.uint64(1 << len(case.red_lines.owner))
    together = case.red_lines.steps(packages, binding), case.stages.astray(packages, Stage.SHORT)
    assert packages.size > FEW, "more than are looked up at once"
    for n in range(0, len(packages), 7):
        alone = case.red_lines.steps(packages[n], binding[n]), case.stages.astray(packages[n], Stage.SHORT)
        assert alone == (together[0][n], together[1][n])


@given(cases(), st.integers(0, 2**32))
def test_steps_around_a_package_are_those_of_each_package_that_differs_on_one_issue(case: Case, seed: int) -> None:
    here = case.space.packages(np.random.default_rng(seed).integers(case.space.size, size=1))[0]
    lines = case.red_lines
    for party in range(len(case.parties)):
        binding = lines.bits("declared", party)
        found = lines.ways_out_of(binding).around(here)
        for axis, issue in enumerate(case.space.issues):
            for option in range(len(issue.options)):
                moved = here.copy()
                moved[axis] = option
                assert found[axis, option] == lines.steps(moved, binding)


@given(cases())
def test_utility_of_a_package_is_the_same_alone_and_over_the_whole_space(case: Case) -> None:
    packages = np.array(every_package(case.space), dtype=np.int8)
    for party in range(len(case.parties)):
        everywhere = np.broadcast_to(case.preferences.of(party).over(case.space), case.space.shape).ravel()
        np.testing.assert_allclose(case.utility(party, packages[None])[0], everywhere, atol=1e-9)


@given(cases())
def test_stage_and_validity_agree_with_the_clauses(case: Case) -> None:
    packages = np.array(every_package(case.space), dtype=np.int8)
    assert case.valid(packages).tolist() == case.stages.coherent_over(case.space).ravel().tolist()
    inside = [all(case.zones["settlement"][i, k] for i, k in enumerate(p)) for p in packages]
    assert (case.stage(packages) == Stage.SETTLEMENT).tolist() == inside


@unhurried
@given(staked(most_rows=1))
def test_a_package_is_no_step_astray_exactly_where_it_is_coherent_and_of_the_stage(case: Case) -> None:
    packages = np.array(every_package(case.space), dtype=np.int8)
    coherent, stage = case.valid(packages), case.stage(packages)
    of_stage = {wanted: stage == wanted for wanted in Stage if wanted != Stage.PARTIAL or case.partial is not None}
    of_stage[Stage.SHORT] = stage >= Stage.INTERIM  # stands for any ceasefire
    for wanted, found in of_stage.items():
        assert ((case.stages.astray(packages, wanted) == 0) == (coherent & found)).all()


def test_a_ceasefire_is_a_step_away_from_a_partial_deal_and_other_packages_as_far_as_its_options() -> None:
    space = OutcomeSpace(
        (Issue("a", ("none", "some", "most", "all"), 0), Issue("b", ("x", "y"), 0)), ((0, 1, 2, 3), (0, 1))
    )
    partial, ceasefire = (np.array([row, [1, 1, 0, 0]], dtype=bool) for row in ([0, 0, 1, 1], [0, 0, 0, 1]))
    case = replace(
        load("toy/two-issues").case,
        space=space,
        validity=np.zeros((0, 2, 4), dtype=bool),
        zones={"ceasefire": ceasefire, "settlement": ceasefire},
        partial=partial,
    )
    packages = np.array([[0, 0], [1, 1], [2, 0], [3, 1]], dtype=np.int8)
    assert case.stages.astray(packages, Stage.PARTIAL).tolist() == [2, 1, 0, 1]


def test_weights_sum_to_a_hundred_points_a_month_whatever_their_scale() -> None:
    from sim.stakes.preferences import scaled

    assert scaled(np.array([[1.0, 3.0], [0.0, 0.0]])).tolist() == [[25.0, 75.0], [0.0, 0.0]]


def test_as_many_boxes_as_a_mask_has_bits_fit_and_one_more_is_refused() -> None:
    assert bit_tables(np.ones((MOST_BITS, 1, 1), dtype=bool)).tolist() == [[2**64 - 1]]
    with pytest.raises(ValueError, match="65 boxes do not fit 64 bits"):
        bit_tables(np.ones((MOST_BITS + 1, 1, 1), dtype=bool))
