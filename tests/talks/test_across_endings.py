"""Moves across endings: what an ending cannot carry moves along, and a text finds its way back from a treaty."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load
from sim.stakes.valuation import Kind
from sim.talks.batch import negotiate
from sim.talks.ending import Ending
from sim.talks.offers.across import across
from sim.talks.offers.crossings import crossings
from sim.talks.offers.in_runs import Asked

SETTLEMENT = "reading=settlement"


def test_what_lies_across_endings_is_carried_there_and_something_has_moved_along() -> None:
    case = load("2025-03-truce-offer").case
    assert case.endings is not None
    dice, axis = np.random.default_rng(0), case.endings.axis
    here = np.stack([dice.choice(list(left), 40) for left in case.space.left], axis=1).astype(np.int8)
    here[:, axis] = case.space.left[axis][-1]  # a treaty
    found = across(case, here, np.arange(40) < 30)
    assert found is not None
    far = found.bases_of(found.stage > 0)
    far = far.candidates(np.ones(len(far.run), dtype=bool))
    assert set(far.run.tolist()) == set(range(30)) and (np.diff(far.run) >= 0).all()
    assert not (far.packages[:, axis] == here[far.run, axis]).any()
    boxes = {part.left[axis][0]: part.left for part in case.parts(case.space)}
    for package in far.packages:
        assert all(option in boxes[int(package[axis])][j] for j, option in enumerate(package.tolist()))
    kinds = case.endings.kind(far.packages)
    assert (kinds == Kind.TRUCE).any() and (kinds == Kind.ARMISTICE).any()


def test_what_is_said_of_a_base_bounds_every_package_of_it() -> None:
    case, dice = load("2025-03-truce-offer").case, np.random.default_rng(1)
    here = np.stack([dice.choice(list(left), 50) for left in case.space.left], axis=1).astype(np.int8)
    far = across(case, here, np.ones(50, dtype=bool))
    assert far is not None
    every = np.ones(len(far.packages), dtype=bool)
    bases = far.bases_of(every)
    asked = [Asked(dice.permuted(here), dice.integers(1, 200, here.shape), dice.random(50)) for _ in range(3)]
    binding = np.full(50, case.red_lines.bits("declared", 0))
    apart, steps = bases.apart(case, asked), bases.steps_out(case, 0, binding)
    tight = 0
    for n in range(len(bases.run)):
        some = bases.candidates(np.arange(len(bases.run)) == n)
        least = sum(some.apart(case, one) * one.counts[some.run] for one in asked).min()
        tight += least - 1e-6 <= apart[n] <= least + 1e-6
        assert apart[n] <= least + 1e-6
        assert steps[n] <= case.red_lines.steps(some.packages, binding[some.run]).min()
    assert tight > len(bases.run) / 8, "nor does the bound leave everything in"


def test_an_issue_moves_to_the_nearest_option_that_is_carried_and_no_further() -> None:
    case = load("2025-03-truce-offer").case
    assert case.endings is not None
    stands, axis = case.space.status_quo(), case.endings.axis
    ways = crossings(case)
    assert ways is not None
    for place in range(len(ways.to)):
        assert (ways.to[place, np.arange(len(stands)), stands] == stands)[np.arange(len(stands)) != axis].all()
        for j, issue in enumerate(case.space.issues):
            carried = np.flatnonzero(ways.box[place, j])
            for k in case.space.left[j] if issue.ordered else ():
                assert abs(int(ways.to[place, j, k]) - k) == np.abs(carried - k).min()


def test_a_case_without_endings_has_nothing_across_them() -> None:
    assert crossings(load("toy/two-issues").case) is None


@pytest.mark.parametrize(
    ("slug", "changes"),
    [("variants/2025-03-text-istanbul", ()), ("2025-02-backchannel", ("protocol.mediator.patience=24",))],
)
def test_a_text_that_has_become_a_treaty_finds_its_way_back_to_less(slug: str, changes: tuple[str, ...]) -> None:
    found = negotiate(load(slug, (SETTLEMENT, *changes)).case, 60)
    assert found.agreeing[found.ending != Ending.MILITARY_END].mean() > 0.9
