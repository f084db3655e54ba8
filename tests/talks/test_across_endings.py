"""Moves across endings: what an ending cannot carry moves along, and a text finds its way back from a treaty."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load
from sim.stakes.valuation import Kind
from sim.talks.batch import negotiate
from sim.talks.ending import Ending
from sim.talks.offers.across import across, endings

SETTLEMENT = "reading=settlement"


def test_what_lies_across_endings_is_carried_there_and_something_has_moved_along() -> None:
    case = load("2025-03-truce-offer").case
    assert case.endings is not None
    dice, axis = np.random.default_rng(0), case.endings.axis
    here = np.stack([dice.choice(list(left), 40) for left in case.space.left], axis=1).astype(np.int8)
    here[:, axis] = case.space.left[axis][-1]  # a treaty
    far = across(case, here, np.arange(40) < 30)
    assert far is not None and set(far.run.tolist()) == set(range(30))
    assert not (far.packages[:, axis] == here[far.run, axis]).any()
    boxes = {part.left[axis][0]: part.left for part in case.parts(case.space)}
    for package in far.packages:
        assert all(option in boxes[int(package[axis])][j] for j, option in enumerate(package.tolist()))
    kinds = case.endings.kind(far.packages)
    assert (kinds == Kind.TRUCE).any() and (kinds == Kind.ARMISTICE).any()


def test_an_issue_moves_to_the_nearest_option_that_is_carried_and_no_further() -> None:
    case = load("2025-03-truce-offer").case
    assert case.endings is not None
    stands, axis = case.space.status_quo(), case.endings.axis
    ways = endings(case)
    assert ways is not None
    for place in range(len(ways.to)):
        assert (ways.to[place, np.arange(len(stands)), stands] == stands)[np.arange(len(stands)) != axis].all()
        for j, issue in enumerate(case.space.issues):
            carried = np.flatnonzero(ways.box[place, j])
            for k in case.space.left[j] if issue.ordered else ():
                assert abs(int(ways.to[place, j, k]) - k) == np.abs(carried - k).min()


def test_a_case_without_endings_has_nothing_across_them() -> None:
    assert endings(load("toy/two-issues").case) is None


@pytest.mark.parametrize(
    ("slug", "changes"),
    [("variants/2025-03-text-istanbul", ()), ("2025-02-backchannel", ("protocol.mediator.patience=24",))],
)
def test_a_text_that_has_become_a_treaty_finds_its_way_back_to_less(slug: str, changes: tuple[str, ...]) -> None:
    found = negotiate(load(slug, (SETTLEMENT, *changes)).case, 60)
    assert found.agreeing[found.ending != Ending.MILITARY_END].mean() > 0.9
