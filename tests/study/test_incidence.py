"""When runs come to what: published survival numbers, and how often the intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load
from sim.plain import as_plain, read_as
from sim.study.incidence import (
    FEWEST_AT_RISK,
    Incidence,
    exact_interval,
    greenwood,
    incidence,
    kaplan_meier,
    kaplan_meier_95,
)
from sim.talks.batch import negotiate

WEEKS = np.array([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35])
RELAPSED = np.isin(np.arange(21), [0, 1, 2, 4, 6, 9, 10, 14, 15])


def test_estimate_and_variance_are_those_published_for_the_trial_of_6_mp() -> None:
    # Freireich et al. 1963, as in Klein & Moeschberger 2003, table 4.1B: survival and Greenwood's standard error
    published = {6: (0.857, 0.0764), 7: (0.807, 0.0869), 10: (0.753, 0.0963), 13: (0.690, 0.1068), 23: (0.448, 0.1346)}
    share, variance = kaplan_meier(WEEKS, RELAPSED, 35), greenwood(WEEKS, RELAPSED, 35)
    for week, (left, error) in published.items():
        assert 1 - share[week - 1] == pytest.approx(left, abs=6e-4)
        assert variance[week - 1] ** 0.5 == pytest.approx(error, abs=6e-4)


def test_without_anything_that_cuts_runs_short_the_interval_is_the_exact_one() -> None:
    when = np.repeat([1, 2, 3], [30, 20, 150])
    found = kaplan_meier_95(when, when < 3, 3)
    assert found[0] == exact_interval(30, 200) and found[1] == found[2] == exact_interval(50, 200)


def test_where_few_are_left_or_nothing_happened_an_interval_says_no_more_than_is_known() -> None:
    when = np.repeat([1, 2, 3], [100, FEWEST_AT_RISK, FEWEST_AT_RISK - 1])
    found = kaplan_meier_95(when, np.zeros(len(when), dtype=bool), 3)
    assert found[0] == exact_interval(0, len(when)) and found[1] == exact_interval(0, 2 * FEWEST_AT_RISK - 1)
    assert found[2] is None


@pytest.mark.slow
@pytest.mark.parametrize("runs", [60, 200, 1000])
@pytest.mark.parametrize(
    ("agree", "cut", "last"),
    [(0.05, 0.02, 24), (0.002, 0.05, 24), (0.2, 0.05, 24), (0.0005, 0.01, 24), (0.03, 0.15, 24), (0.3, 0.01, 6)],
)
def test_intervals_hold_what_would_happen_by_each_round_had_nothing_else_come_before(
    runs: int, agree: float, cut: float, last: int
) -> None:
    """Of rounds that have an interval in most simulations: where one is rare, having it says something by itself."""
    dice, tries = np.random.default_rng(7), 800
    held, told = np.zeros(last), np.zeros(last)
    truth = 1 - (1 - agree) ** np.arange(1, last + 1)
    for _ in range(tries):
        signs, ends = dice.geometric(agree, runs), dice.geometric(cut, runs)
        when = np.minimum(np.minimum(signs, ends), last)
        for n, both in enumerate(kaplan_meier_95(when, (signs <= ends) & (signs <= last), last)):
            if both is not None:
                told[n] += 1
                held[n] += both[0] <= truth[n] <= both[1]
    often = told >= tries / 2
    print(runs, agree, cut, (held[often] / told[often]).min().round(3), int(often.sum()))
    assert often.any() and (held[often] / told[often]).min() >= 0.9


def test_a_result_of_before_there_were_intervals_is_read_without() -> None:
    told = as_plain(incidence(negotiate(load("toy/two-issues").case, 20), 9))
    old = {key: value for key, value in told.items() if not key.endswith("_95")}
    found = read_as(Incidence, old, "runs.json")
    assert found.by_cause_95 == {} and found.if_talks_go_on_95 == [] and found.if_talks_go_on == told["if_talks_go_on"]
