"""Packages are worth the same whether the rows they belong to are picked from a case or named."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.stakes.case import Case
from sim.stakes.run_axis import take_rows
from sim.stakes.space import OptionArray
from tests.strategies import rows_of, talking


def some_packages(case: Case, dice: np.random.Generator, count: int) -> OptionArray:
    return np.stack([dice.choice(left, count) for left in case.space.left], axis=1).astype(np.int8)


@given(talking(), st.integers(0, 2**32 - 1))
def test_rows_that_are_named_are_worth_what_rows_that_are_picked_are(case: Case, seed: int) -> None:
    dice = np.random.default_rng(seed)
    for whole in (case, rows_of(case, 4, dice)):
        runs = dice.integers(0, 4, 9)
        part, packages = take_rows(whole, runs), some_packages(case, dice, 9)
        outlook = None if whole.outlook is None else take_rows(whole.outlook, runs)
        for party in range(len(case.parties)):
            named, picked = whole.value(party, packages, whole.outlook, runs), part.value(party, packages, outlook)
            assert np.array_equal(np.broadcast_to(named, 9), np.broadcast_to(picked, 9))
        utilities = part.preferences.utilities(packages)
        named = whole.values(packages, utilities, whole.outlook, runs)
        assert np.array_equal(named, part.values(packages, utilities, outlook))
