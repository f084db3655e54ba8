"""Second-order indices: published ones, planted ones through chance, and whether their intervals hold."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim.sweeps.design import design
from sim.sweeps.indices import sobol_indices
from sim.sweeps.pairs import second_order
from tests.sweeps.test_indices import exact, runs_of, truth
from tests.sweeps.test_screening import ishigami, unit_fields

NAMES = ["first", "second", "inert"]


def cube(width: int, base: int, seed: int = 4) -> np.ndarray:
    """A Saltelli design for pairs over the unit cube ``(N, D)``."""
    made = design("saltelli-pairs", unit_fields(width), base * (2 * width + 2), seed)
    return np.stack(list(made.rows(0, made.cases).values()), axis=1)


def test_a_base_point_has_every_column_of_either_end_in_the_other() -> None:
    block = cube(3, 8)[8:16]
    a, b = block[0], block[7]
    for n in range(3):
        with_b, with_a = block[1 + n], block[4 + n]
        assert with_b[n] == b[n] and with_a[n] == a[n]
        assert (np.delete(with_b, n) == np.delete(a, n)).all() and (np.delete(with_a, n) == np.delete(b, n)).all()


def test_pairs_of_the_ishigami_function_are_the_published_ones() -> None:
    outcome = exact(ishigami(cube(3, 8192)))
    found = {pair.fields: pair for pair in second_order(["a", "b", "c"], outcome)}
    assert found["a", "c"].index == pytest.approx(0.2437, abs=0.03) and found["a", "c"].sure
    for fields in (("a", "b"), ("b", "c")):
        assert found[fields].index == pytest.approx(0, abs=0.03)
    assert sobol_indices(["a", "b", "c"], outcome, pairs=True)["b"].first == pytest.approx(0.4424, abs=0.03)


def test_pairs_of_the_g_function_are_products_of_what_each_explains_alone() -> None:
    a = np.array([0.0, 1.0, 4.5])
    alone = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + alone) - 1
    x = cube(3, 16384)
    found = second_order(["0", "1", "2"], exact(np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)))
    for pair in found:
        first, second = map(int, pair.fields)
        assert pair.index == pytest.approx(alone[first] * alone[second] / whole, abs=0.02)
    assert all(one.index >= other.index for one, other in pairwise(found))


def test_an_additive_model_has_no_pairs_and_salib_finds_the_same_in_another() -> None:
    sobol = pytest.importorskip("SALib.analyze.sobol")
    x = cube(3, 512)
    assert all(abs(pair.index) < 0.01 for pair in second_order(NAMES, exact(x @ np.array([3.0, 2.0, 1.0]))))
    y = x[:, 0] + 2 * x[:, 0] * x[:, 1] + x[:, 2]
    problem = {"num_vars": 3, "names": NAMES, "bounds": [[0.0, 1.0]] * 3}
    theirs = sobol.analyze(problem, y, calc_second_order=True, seed=1)["S2"]
    for pair in second_order(NAMES, exact(y)):
        first, second = sorted(map(NAMES.index, pair.fields))
        assert pair.index == pytest.approx(theirs[first, second], abs=0.03)


@pytest.mark.slow
@pytest.mark.parametrize(("draws", "common"), [(1, False), (4, False), (16, True)])
def test_intervals_of_pairs_hold_the_truth(draws: int, common: bool) -> None:
    from tests.sweeps.test_indices import chances

    first, total = truth()
    expected = {("first", "second"): total[0] - first[0], ("first", "inert"): 0.0, ("second", "inert"): 0.0}
    held, found, tries = dict.fromkeys(expected, 0), dict.fromkeys(expected, 0), 200
    for seed in range(tries):
        table = cube(3, 128, seed)
        outcome = exact(chances(table)) if draws == 1 else runs_of(table, draws, common, seed)
        for pair in second_order(NAMES, outcome):
            assert pair.half_95 is not None
            held[pair.fields] += abs(pair.index - expected[pair.fields]) <= pair.half_95 + 1e-4
            found[pair.fields] += abs(pair.index) > pair.half_95 + 1e-9
    print(draws, common, held, found)
    assert min(held.values()) >= 0.9 * tries
    assert max(found["first", "inert"], found["second", "inert"]) <= 0.05 * tries + 5
