"""Screening: steps of known functions, published definitions, luck that stays, and whether intervals hold."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import CeasefireError, SweepError
from sim.scenario.loader import load
from sim.sweeps.conduct import conduct, extend
from sim.sweeps.design import Design, design
from sim.sweeps.factors import Factor, parse_vary
from sim.sweeps.screening import effects, mean_and_spread, screening
from sim.sweeps.store import open_folder
from sim.sweeps.trajectories import Trajectories
from tests.conftest import Cli

LOADED = load("2025-12-stalemate")


def unit_fields(width: int) -> tuple[Factor, ...]:
    """Fields from 0 to 1."""
    paths = [f"parties.{party}.war.{name}=0:1" for party in ("russia", "ukraine") for name in ("cost", "impatience")]
    return tuple(parse_vary(LOADED, path) for path in paths[:width])


def points(made: Trajectories) -> np.ndarray:
    """All points ``(T (D + 1), D)``."""
    return made.columns().T


def steps(function: object, width: int, count: int = 3000, seed: int = 1) -> tuple[np.ndarray, Trajectories]:
    """What each field's step changes ``(T, D)``."""
    made = Trajectories.of(unit_fields(width), seed, 0, count)
    outcome = function(points(made)).reshape(count, width + 1, 1)  # type: ignore[operator]
    return made.steps(outcome)[:, :, 0], made


def by_all_steps(function: object, width: int, field: int) -> np.ndarray:
    """Every step that there is of a field, between all places of all others."""
    found = []
    for place in product((0, 1 / 3, 2 / 3, 1), repeat=width):
        if place[field] < 0.5:
            ends = np.array([place, place], dtype=float)
            ends[1, field] += 2 / 3
            low, high = function(ends)  # type: ignore[operator]
            found.append(high - low)
    return np.array(found)


def ishigami(x: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * x - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def g_function(x: np.ndarray) -> np.ndarray:
    a = np.array([0.0, 1.0, 4.5, 99.0])
    return np.asarray(np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1))


def test_a_trajectory_moves_every_field_once_and_is_the_same_alone() -> None:
    made = design("morris", unit_fields(3), 40)
    assert (made.cases, made.block, made.base) == (40, 4, 10)
    rows = np.stack(list(made.rows(0, 40).values()), axis=1).reshape(10, 4, 3)
    moved = np.diff(rows, axis=1) != 0
    assert (moved.sum(axis=1) == 1).all() and (moved.sum(axis=2) == 1).all()
    assert np.allclose(np.abs(np.diff(rows, axis=1)).sum(axis=1), 2 / 3)
    part = made.rows(7, 18)
    assert all((part[path] == column[7:18]).all() for path, column in made.rows(0, 40).items())
    assert made.world(np.arange(8)).tolist() == [0] * 4 + [1] * 4
    assert design("morris", unit_fields(3), 41).cases == 44 and made.extended(80).cases == 80


def test_a_list_steps_to_another_of_its_values_and_a_whole_range_stays_whole() -> None:
    toy = load("toy/two-issues")
    fields = tuple(
        parse_vary(toy, text)
        for text in ("protocol.name=alternating,single_text", "protocol.deadline=2:12", "parties.ira.reservation=1,5,9")
    )
    rows = np.stack(list(Design("morris", fields, 400).rows(0, 400).values()), axis=1).reshape(100, 4, 3)
    assert ((np.diff(rows, axis=1) != 0).sum(axis=1) == 1).all()
    assert set(rows[:, :, 1].ravel()) == {2.0, 5.0, 9.0, 12.0}
    assert {tuple(sorted((a, b))) for a, b in zip(rows[:, 0, 2], rows[:, -1, 2], strict=True)} == {
        (1, 5),
        (1, 9),
        (5, 9),
    }


@pytest.mark.parametrize(("function", "width"), [(ishigami, 3), (g_function, 4)])
def test_steps_of_known_functions_are_those_of_all_steps_there_are(function: object, width: int) -> None:
    change, made = steps(function, width)
    for n in range(width):
        every = by_all_steps(function, width, n)
        scale = np.abs(every).max() + 1e-12
        up, spread = mean_and_spread(change[:, n : n + 1], made.signs[:, n])
        assert np.abs(change[:, n]).mean() == pytest.approx(np.abs(every).mean(), abs=0.03 * scale)
        assert up == pytest.approx(every.mean(), abs=0.04 * scale) and spread == pytest.approx(
            every.std(), abs=0.04 * scale
        )


def test_an_additive_model_has_its_own_coefficients_and_no_spread() -> None:
    weights = np.array([3.0, -1.5, 0.0])
    change, made = steps(lambda x: x @ weights, 3, 50)
    for n, weight in enumerate(weights):
        up, spread = mean_and_spread(change[:, n : n + 1], made.signs[:, n])
        assert up == pytest.approx(2 / 3 * weight, abs=1e-6) and spread == pytest.approx(0, abs=1e-6)


def test_effects_are_those_of_salib_which_counts_a_whole_range_for_a_step() -> None:
    morris = pytest.importorskip("SALib.analyze.morris")
    made = Trajectories.of(unit_fields(3), 3, 0, 64)
    y = ishigami(points(made))
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    theirs = morris.analyze(problem, points(made), y, num_levels=4, seed=1)
    change = made.steps(y.reshape(64, 4, 1))
    for n in range(3):
        up, spread = mean_and_spread(change[:, n], made.signs[:, n])
        assert np.abs(change[:, n]).mean() == pytest.approx(2 / 3 * theirs["mu_star"][n])
        assert (up, spread) == pytest.approx((2 / 3 * theirs["mu"][n], 2 / 3 * theirs["sigma"][n]), abs=1e-6)


def planted(made: Trajectories, draws: int, seed: int, common: bool) -> np.ndarray:
    """Runs that agree by luck and three fields, one of which does nothing; a trajectory's runs share their luck."""
    x, dice = points(made), np.random.default_rng(seed)
    count = len(made.before)
    luck = dice.random((1 if common else count, draws))
    if common:
        luck = np.repeat(luck, count, axis=0)
    chance = 0.2 + 0.5 * x[:, 0] + 0.2 * x[:, 0] * x[:, 1]
    return (np.repeat(luck, 4, axis=0) < chance[:, None]).astype(np.int8)


def moved_by_planted() -> list[float]:
    """The share of steps that change whether a run agrees: the change of its chance."""
    places = np.array([0, 1 / 3, 2 / 3, 1])
    return [float(2 / 3 * (0.5 + 0.2 * places).mean()), float(2 / 3 * 0.2 * places.mean()), 0.0]


def test_a_field_that_does_nothing_changes_nothing_however_much_is_luck() -> None:
    made = Trajectories.of(unit_fields(3), 1, 0, 400)
    found = effects(made, planted(made, 4, 7, False), False)
    first, second, inert = found.values()
    assert (inert.moved.share, inert.moved.low, inert.up, inert.spread) == (0.0, 0.0, 0.0, 0.0)
    for effect, truth in zip((first, second), moved_by_planted(), strict=False):
        low, high = effect.moved.ends
        assert low <= truth <= high and effect.up == pytest.approx(effect.moved.share, abs=1e-6)


def test_a_trajectory_with_a_run_that_failed_is_left_out() -> None:
    made = Trajectories.of(unit_fields(3), 1, 0, 20)
    runs = planted(made, 4, 7, False)
    broken = runs.copy()
    broken[9, 2] = -1
    first = next(iter(effects(made, broken, False).values()))
    assert first.moved.of == 19


@pytest.mark.slow
@pytest.mark.parametrize(("draws", "common"), [(1, False), (4, False), (8, True)])
@pytest.mark.parametrize("count", [32, 128])
def test_intervals_of_steps_hold_what_they_would_move(draws: int, common: bool, count: int) -> None:
    truth, held, tries = moved_by_planted(), np.zeros(3), 500
    for seed in range(tries):
        made = Trajectories.of(unit_fields(3), seed, 0, count)
        for n, effect in enumerate(effects(made, planted(made, draws, seed, common), common).values()):
            low, high = effect.moved.ends
            held[n] += low <= truth[n] <= high
    print(count, draws, common, held / tries)
    assert (held / tries).min() >= 0.92


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("screening") / "sweep"
    vary = ["parties.ira.reservation=20:95", "protocol.deadline=2:12", "parties.joe.hardening=0:1"]
    conduct(sim.sweep("toy/two-issues", vary, kind="morris", cases=64, replications=2, seed=5), place, chunk=128)
    return place


def test_a_screening_ranks_the_fields_of_a_toy(folder: Path) -> None:
    found = screening(open_folder(folder))
    assert found.trajectories == 16 and found.cases == 64
    zone = found.effects["zone"]
    assert (zone["parties.ira.reservation"].moved.share or 0) > 0.3 and (zone["parties.ira.reservation"].up or 0) < 0
    assert zone["protocol.deadline"].moved.share == zone["parties.joe.hardening"].moved.share == 0


def test_a_screening_is_told_as_a_table_and_nothing_else_is_made_of_it(folder: Path, cli: Cli, tmp_path: Path) -> None:
    said = cli("sweeps", "screen", str(folder)).stdout
    assert "16 trajectories" in said and "not a sample of the ranges" in " ".join(said.split())
    assert json.loads(cli("sweeps", "screen", str(folder), "--json").stdout)["trajectories"] == 16
    refused = cli("sweeps", "analyse", str(folder))
    assert refused.returncode == 1 and "sweeps screen" in refused.stderr
    conduct(
        sim.sweep("toy/two-issues", ["protocol.deadline=2,4"], kind="grid", replications=1), tmp_path / "grid", chunk=2
    )
    with pytest.raises(SweepError, match="is not a screening"):
        screening(open_folder(tmp_path / "grid"))
    with pytest.raises(CeasefireError, match="takes no levers"):
        sim.sweep("toy/two-issues", ["protocol.deadline=2:4"], kind="morris", levers=["protocol.name=alternating"])


def test_trajectories_can_be_added(folder: Path, tmp_path: Path) -> None:
    vary = ["parties.ira.reservation=20:95", "protocol.deadline=2:12"]
    made = [sim.sweep("toy/two-issues", vary, kind="morris", cases=n, replications=1) for n in (9, 15)]
    conduct(made[0], tmp_path / "sweep", chunk=9)
    extend(tmp_path / "sweep", 15)
    conduct(made[1], tmp_path / "at once", chunk=15)
    assert vars(screening(open_folder(tmp_path / "sweep"))) == vars(screening(open_folder(tmp_path / "at once")))
