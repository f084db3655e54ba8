"""The numbers of an analysis on cases so small that each is worked out by hand, with every correction in it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.study.shares import wilson
from sim.sweeps.outcomes import ZONES
from sim.sweeps.prim import prim
from sim.sweeps.results import Cases, headline
from sim.sweeps.sensitivity import Noise, first_order, noise
from sim.sweeps.sweep import sweep

FIELD = "protocol.deadline"


def explained(values: list[float], outcome: list[float]) -> float:
    """The share of an outcome's variance that a field explains, in cases with these values of it."""
    made = sweep(
        "toy/two-issues", [f"{FIELD}={','.join(f'{value:g}' for value in dict.fromkeys(values))}"], kind="grid"
    )
    cases: Any = SimpleNamespace(columns={FIELD: np.array(values)}, folder=SimpleNamespace(sweep=made))
    return first_order(cases, np.array(outcome), np.ones(len(outcome), dtype=bool))[FIELD].index


def test_the_explained_share_of_a_dozen_cases_is_kelleys_epsilon_squared() -> None:
    # between 8 and within 3 of 11, on 2 and 9 degrees of freedom: (8 - 2 * 3 / 9) / 11
    found = explained([2.0] * 4 + [4.0] * 4 + [6.0] * 4, [0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 2, 3])
    assert found == pytest.approx(2 / 3, abs=1e-6)


def test_a_field_with_a_value_for_each_case_explains_nothing() -> None:
    assert explained([float(n) for n in range(2, 12)], [float(n) for n in range(10)]) == 0


def test_luck_that_all_cases_share_makes_no_case_differ_from_another() -> None:
    turns = np.array([[1, 1, 1, 0], [1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    made = SimpleNamespace(common=True)
    cases: Any = SimpleNamespace(
        known=np.ones(4, dtype=bool),
        runs=np.full(4, 4),
        share=turns.mean(axis=1),
        luck=turns.mean(axis=0),
        folder=SimpleNamespace(sweep=made),
    )
    # within a case 1/4, of which 1/6 is shared; of the rest a case's four runs leave 1/48, of a spread of 1/16
    assert vars(noise(cases)) == pytest.approx({"of_a_case": 1 / 3, "of_a_run": 6 / 7}, abs=1e-6)
    made.common = False
    assert noise(cases) == Noise(1.0, 1.0)


@pytest.mark.parametrize(
    ("agreed", "runs", "worth"),
    [
        ([1, 3, 1, 3], 4, 12),  # 4 cases, variance of a run 1/4, between cases 1/12
        ([0, 0, 4, 4], 4, 4),  # would be 3: never less than the cases
        ([50, 50, 50, 51], 100, 400),  # would be 40,000: never more than the runs
        ([2, 2, 2, 2], 4, 4),  # cases that do not differ say nothing of how alike runs are
    ],
)
def test_runs_of_a_case_count_for_no_less_than_the_cases_and_no_more_than_the_runs(
    agreed: list[int], runs: int, worth: int
) -> None:
    four, none = np.full(4, runs), np.zeros(4, dtype=int)
    zones = {name: np.ones(4, dtype=int) for name in ZONES}
    folder: Any = None
    cases = Cases(folder, {}, {"settlement": np.array(agreed)}, zones, four, none, np.zeros(runs))
    found = headline(cases).talks_agree
    low, high = wilson(worth * sum(agreed) / (4 * runs), worth)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(("few", "columns"), [(20, {0}), (50, {0, 1})])
def test_a_limit_stays_in_a_box_only_when_it_adds_two_hundredths_of_density(few: int, columns: set[int]) -> None:
    """Half of the cases at (1, 1) agree and none elsewhere: the second limit adds 0.5 less 500 / (1000 + few)."""
    table = np.repeat([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], [1000, few, 500, 500], axis=0)
    outcome = np.zeros(len(table))
    outcome[:500] = 1
    assert {limit.column for limit in prim(table, outcome, (True, True))} == columns
