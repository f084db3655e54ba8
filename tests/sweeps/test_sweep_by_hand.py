"""The numbers of an analysis on cases so small that each is worked out by hand, with every correction in it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.stats import beta

from sim.study.shares import wilson
from sim.sweeps.design import Design
from sim.sweeps.indices import GROUPS, Outcome, first_order
from sim.sweeps.intervals import interaction
from sim.sweeps.outcomes import FAILED, ZONES
from sim.sweeps.prim import prim
from sim.sweeps.results import Cases, headline
from sim.talks.how_talks_end import Ending


def explained(values: list[float], outcome: list[float]) -> float:
    """The share of an outcome's variance that a field explains, in cases with these values of it."""
    levels, cells = np.unique(values, return_inverse=True)
    exact = Outcome(np.array(outcome)[:, None], np.ones(len(outcome), dtype=bool), exact=True)
    found = first_order(cells, len(levels), exact, np.arange(len(values)) % GROUPS, exhaustive=True)
    assert found is not None and found.low is found.high is None
    return found.index


def test_the_explained_share_of_a_dozen_cases_is_kelleys_epsilon_squared() -> None:
    # between 8 and within 3 of 11, on 2 and 9 degrees of freedom: (8 - 2 * 3 / 9) / 11
    found = explained([2.0] * 4 + [4.0] * 4 + [6.0] * 4, [0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 2, 3])
    assert found == pytest.approx(2 / 3, abs=1e-6)


def test_a_field_with_a_value_for_each_case_explains_nothing() -> None:
    assert explained([float(n) for n in range(2, 12)], [float(n) for n in range(10)]) == 0


def answered(turns: list[list[int]], kind: str, common: bool) -> Cases:
    """Cases of which every one has a zone, with these runs: 1 signed, 0 did not."""
    codes = np.where(np.array(turns) == 1, Ending.SETTLEMENT, Ending.STALEMATE).astype(np.int8)
    zones = {name: np.ones(len(codes), dtype=np.int8) for name in ZONES}
    made = SimpleNamespace(common=common, design=Design(kind, (), len(codes)))  # type: ignore[arg-type]
    folder: Any = SimpleNamespace(sweep=made)
    return Cases(folder, {}, codes, zones)


def test_luck_that_all_cases_share_is_told_from_what_a_case_makes_of_it() -> None:
    cases = answered([[1, 1, 1, 0], [1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]], "random", True)
    # case means 3/4 and 1/4, draw means 1, 1/2, 1/2, 0; all 16 residuals are 1/4, up or down
    both = 16 * (1 / 4) ** 2 / (3 * 3)
    assert interaction(cases.answers(cases.known)) == pytest.approx(both / 16)


@pytest.mark.parametrize(
    ("turns", "kind", "common", "worth"),
    [
        # 8 cases, variance between them 2/7 in 8, Student's 2.3646: less than the cases, for their shares spread
        ([[1], [1], [1], [1], [0], [0], [0], [0]], "random", False, 0.25 * 1.96**2 / (2.3646**2 * 2 / 7 / 8)),
        # all cases there are: 2 × 3/16 within, over 4 (4 − 1), Student's 2.4469 of 6; never less than the runs
        ([[1, 0, 0, 0], [1, 1, 1, 0]], "grid", False, 8),
        # four draws, 1, 1/2, 1/2, 0 over all cases: variance 1/6 in 4, Student's 3.1824; on a grid that is all
        ([[1, 1, 0, 0], [1, 0, 1, 0]], "grid", True, 0.25 * 1.96**2 / (3.1824**2 / 24)),
    ],
)
def test_runs_count_for_as_many_as_would_spread_as_much(
    turns: list[list[int]], kind: str, common: bool, worth: float
) -> None:
    found = headline(answered(turns, kind, common)).talks_agree
    ends = beta.ppf([0.025, 0.975], [worth / 2, worth / 2 + 1], [worth / 2 + 1, worth / 2])
    assert found.ends == pytest.approx(tuple(ends), abs=1e-4)


def test_a_grid_of_cases_has_shares_of_cases_without_an_interval() -> None:
    every, some = (headline(answered([[0] * 4] * 63, kind, False)) for kind in ("grid", "sobol"))
    zone = every.zone_exists["zone"]
    assert (zone.hits, zone.of, zone.share, zone.low, zone.high) == (63, 63, 1.0, None, None)
    assert some.zone_exists["zone"].ends == pytest.approx(wilson(63, 63), abs=1e-6)


def test_a_run_that_the_wars_end_cut_short_is_left_out_beside_the_plain_share() -> None:
    cases = answered([[1, 0, 0, 0], [1, 1, 0, 0]], "sobol", False)
    codes = cases.codes.copy()
    codes[0, 2:], codes[1, 3] = Ending.MILITARY_END, FAILED
    found = headline(replace(cases, codes=codes))
    assert found.talks_agree.share == pytest.approx((1 / 4 + 2 / 3) / 2, abs=1e-6)
    uncut = found.talks_agree_unless_the_war_ended_them
    assert (uncut.hits, uncut.of, uncut.share, uncut.low) == (3, 5, 0.6, None)


@pytest.mark.parametrize(("few", "columns"), [(20, {0}), (50, {0, 1})])
def test_a_limit_stays_in_a_box_only_when_it_adds_two_hundredths_of_density(few: int, columns: set[int]) -> None:
    """Half of the cases at (1, 1) agree and none elsewhere: the second limit adds 0.5 less 500 / (1000 + few)."""
    table = np.repeat([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], [1000, few, 500, 500], axis=0)
    outcome = np.zeros(len(table))
    outcome[:500] = 1
    assert {limit.column for limit in prim(table, outcome, (True, True))} == columns
