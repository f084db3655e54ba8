"""Openings are found by climbs that leave out most of what they pass; here are the same climbs, leaving out nothing."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.stages import Stage
from sim.talks.offers import opening
from sim.talks.offers.around import around
from sim.talks.offers.opening import Aim, climb, homes
from sim.talks.offers.value_of_moves import Moves, values
from tests.reference_stakes import Package, Stakes, crosses
from tests.strategies import rows_of, talking
from tests.zones import load

AIMS: tuple[Aim, ...] = ("utility", "value", "signing")


def may_ask(told: Stakes, party: int, stage: Stage, package: Package) -> bool:
    mine = [line.ladder[0] for line in told.lines if line.party == party]
    return told.coherent(package) and told.stage(package) == stage and not any(crosses(line, package) for line in mine)


def climbed(case: Case, told: Stakes, party: int, stage: Stage, here: Package, aim: Aim) -> tuple[Package, bool]:
    """Where one run's climb ends, with the value of every package on the way, and whether that can be signed."""
    while True:
        near = around(case, np.array([here], np.int8), stage)
        every = zip(near.all_packages()[0].tolist(), near.exists()[:, 0].tolist(), strict=True)
        tried = [tuple(package) for package, exists in every if exists]
        ok = [may_ask(told, party, stage, package) for package in tried]
        utility, value = (
            [of(party, package) if fine else -inf for package, fine in zip(tried, ok, strict=True)]
            for of in (told.utility, told.value)
        )
        able = [worth >= told.floors[party] - TOLERANCE for worth in value]
        score = value if aim == "value" else utility
        if aim == "signing":
            score = [u if can else -inf for u, can in zip(utility, able, strict=True)] if any(able) else value
        best = next(n for n, points in enumerate(score) if points >= max(score) - TOLERANCE)
        if not score[best] > score[0] + TOLERANCE:
            return here, able[0]
        here = tried[best]


def agree(case: Case, told: list[Stakes]) -> int:
    """How many climbs led somewhere; each ends where the plain one does."""
    found = 0
    for (party, stage), home in homes(case).items():
        for aim in AIMS if home is not None else ():
            start = np.repeat(home[None], len(told), axis=0)
            ends, able = climb(case, party, Stage(stage), start, aim)
            plain = [climbed(case, one, party, Stage(stage), tuple(home.tolist()), aim) for one in told]
            assert [tuple(package) for package in ends.tolist()] == [package for package, _ in plain]
            assert aim != "signing" or able.tolist() == [can for _, can in plain]
            found += int((ends != start).any(axis=1).sum())
    return found


@given(talking(), st.integers(0, 2**32 - 1))
def test_a_climb_ends_where_one_ends_that_leaves_nothing_out(case: Case, seed: int) -> None:
    whole = rows_of(case, 2, np.random.default_rng(seed))
    agree(whole, [Stakes(whole, row) for row in range(2)])


def test_climbs_of_istanbul_lead_somewhere_and_leave_nothing_out() -> None:
    case = load("2022-istanbul").case
    assert agree(case, [Stakes(case)])


@settings(max_examples=30)
@given(talking(), st.integers(0, 2**32 - 1))
def test_who_stands_together_climbs_as_if_alone(case: Case, seed: int) -> None:
    """A crowd at one package shares what is open to it; each of its runs ends where it ends by itself."""
    whole = rows_of(case, 9, np.random.default_rng(seed))
    whole = whole.under(case.preferences) if case.war else replace(whole, preferences=case.preferences)
    for (party, stage), home in homes(whole).items():
        for aim in AIMS if home is not None else ():
            start, found = np.repeat(home[None], 9, axis=0), []
            for crowd, at_once in ((99, 99), (1, 99), (3, 2)):
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(opening, "CROWD", crowd)
                    patch.setattr(opening, "AT_ONCE", at_once)
                    found.append(climb(whole, party, Stage(stage), start, aim))
            for ends, able in found[1:]:
                assert np.array_equal(ends, found[0][0]) and np.array_equal(able, found[0][1])


@given(talking(), st.integers(0, 2**32 - 1), st.sampled_from([0.02, 0.2, 0.6]))
def test_what_is_left_out_changes_no_value(case: Case, seed: int, share: float) -> None:
    """A few cells, whole rows of candidates, a few runs: each is worked out its own way, to the same bits."""
    dice = np.random.default_rng(seed)
    whole = rows_of(case, 5, dice)
    near = around(whole, np.stack([dice.choice(left, 5) for left in case.space.left], axis=1).astype(np.int8))
    party = int(dice.integers(len(case.parties)))
    utility = Moves(whole, near).utility(party)
    candidates = np.arange(near.near.candidates)
    every = values(whole, party, near, candidates, utility, np.ones(utility.shape, dtype=bool))
    cells = dice.random(utility.shape) < share
    for where in (cells, cells & (np.arange(5) == 3), np.broadcast_to(cells[:, :1], utility.shape)):
        assert np.array_equal(values(whole, party, near, candidates, utility, where), np.where(where, every, -np.inf))
