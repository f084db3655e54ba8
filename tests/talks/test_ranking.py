"""Which of many candidates comes first, and by what numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import load
from sim.talks.offers.moves import Parts, neighbours
from sim.talks.offers.ranking import Ranking, best_of_parts


@given(st.integers(0, 2**32 - 1))
def test_of_candidates_that_tie_each_wins_as_often_and_a_higher_score_always_wins(seed: int) -> None:
    random = np.random.default_rng(seed)
    near = neighbours(load("toy/two-issues").case)
    scores = random.integers(0, 3, (near.candidates, 1)).repeat(512, axis=1)
    ok = np.ones((near.candidates, 512), dtype=bool)
    ranking = Ranking(near, ok, (np.arange(512) + 0.5) / 512, 3).by_scores(scores[np.argsort(near.row)])
    best, found = ranking.best()
    won = np.bincount(best, minlength=near.candidates)
    top = scores[:, 0] == scores.max()
    assert found.all() and (won[~top] == 0).all() and won[top].min() > 0
    some = ranking.of(np.arange(9))
    assert (some.best()[0] == best[:9]).all()
    some.drop(best[:9], np.arange(9))
    assert (some.best()[0] != best[:9]).all() and ok.all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 10**9]))
def test_numbers_in_parts_rank_as_they_do_rounded_one_by_one(seed: int, fineness: int) -> None:
    random, runs = np.random.default_rng(seed), 3
    near = neighbours(load("fictional/lakeside-draft").case)
    both = np.flatnonzero(random.random(near.candidates) < 0.1)
    singles = random.choice([0.0, 0.1, 0.2, -0.3], (near.moves + 1, runs))
    parts = Parts(singles, both, random.choice([-0.1, 0.1], (len(both), runs)))
    ok, draw = random.random((near.candidates, runs)) < random.choice([0.005, 0.5]), random.random(runs)
    scores = np.rint(parts.all(near) * fineness).astype(np.int64)[np.argsort(near.row)]
    expected, _ = Ranking(near, ok, draw, int(np.abs(scores).max())).by_scores(scores).best()
    assert (best_of_parts(near, ok, draw, parts, fineness) == expected).all()
