"""Who could live with every package of a space, seen in single precision first: the same answers, in any case."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import load
from sim.stakes import floors
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.floors import Look, enough_over, first_looks
from sim.stakes.valuation import YEAR, log_peace
from sim.stakes.views import Whole
from sim.zone.slabs import pieces
from tests.strategies import staked, unhurried


def in_full(case: Case, space: object = None) -> list[np.ndarray]:
    every = range(len(case.parties))
    values = case.values_over(space or case.space, tuple(every))  # type: ignore[arg-type]
    return [value >= case.floor(p)[0] - TOLERANCE for p, value in zip(every, values, strict=True)]


@unhurried
@given(staked(), st.sampled_from([0.3, 0.9, 0.999, 0.9999999]), st.sampled_from([0.05, 1.0, 8.0]))
def test_a_first_look_is_wrong_by_no_more_than_its_doubt(case: Case, discount: float, slope: float) -> None:
    if case.outlook is not None and case.endings is not None:
        outlook = replace(case.outlook, discount=np.full_like(case.outlook.discount, discount))
        case = replace(case, outlook=outlook, endings=replace(case.endings, slope=np.full(1, slope)))
    case, every = replace(case, audience=None), range(len(case.parties))
    for _, look in first_looks(case, case.space):
        if look.fixed:
            continue
        for party, value in zip(every, case.values_over(look.space, tuple(every)), strict=True):
            seen, doubt = look.above(party)
            wanted = (value - case.floor(party)[0] + TOLERANCE) * scale(case, look, party)
            assert not (np.abs(look.spread(seen) - wanted) > doubt).any()


def scale(case: Case, look: Look, party: int) -> np.ndarray | float:
    """What a look multiplies the points above a floor by: 1 - d s, where others may break a lasting package."""
    if case.outlook is None or case.endings is None or look.kind is None or not look.kind.lasts:
        return 1.0
    whole = Whole(case.endings, case.preferences, look.space, 0)
    year = case.endings.log_hold[0, look.kind]
    for b, calm in log_peace(case.endings, case.outlook, whole, case.belligerents).items():
        year = year + (calm if b != party else 0.0)
    return np.asarray(1.0 - case.outlook.discount[0, party] * np.exp(year / YEAR))


@unhurried
@given(staked(), st.sampled_from([1, 16]), st.booleans())
def test_floors_are_met_where_values_in_full_meet_them(case: Case, crowd: int, public: bool) -> None:
    case = case if public else replace(case, audience=None)
    every = tuple(range(len(case.parties)))
    with patch.object(floors, "FEW", 0), patch.object(floors, "CROWD", crowd):
        found = list(enough_over(case, case.space, every))
    for mine, wanted in zip(found, in_full(case), strict=True):
        assert (mine == wanted).all()


@pytest.mark.parametrize("slug", ["2025-03-truce-offer", "2025-12-stalemate"])
def test_packages_that_lie_on_a_floor_to_the_last_digit_are_told_apart_from_those_below(slug: str) -> None:
    case = load(slug).case
    space = max(pieces(case, case.space.within(case.zones["ceasefire"])), key=lambda piece: piece.size)
    values = [np.ravel(value) for value in case.values_over(space, (0, 1, 2, 3))]
    for little in (-3e-9, 0.0, 3e-9):
        bars = np.array([[np.median(value) + little for value in values]])
        moved = replace(case, reservation=bars)
        for mine, wanted in zip(enough_over(moved, space, (0, 1, 2, 3)), in_full(moved, space), strict=True):
            assert (mine == wanted).all()
