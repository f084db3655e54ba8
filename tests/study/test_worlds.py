"""Runs that each have numbers of their own: worlds as `robust` draws them, each run as it would be alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ArgumentError, ScenarioError
from sim.scenario.loader import load
from sim.stakes.run_axis import take_rows
from sim.study import worlds
from sim.study.many import run_many
from sim.study.redrawn import drawn_case
from sim.study.robust import robustness
from sim.talks.batch import negotiate
from sim.talks.model import PartyAgent
from sim.zone.region import find_zone
from tests.conftest import Cli

TOY = "toy/two-issues"


def test_the_worlds_of_runs_are_the_draws_of_robust(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "BLOCK", 7)
    found = run_many("2025-03-truce-offer", 20, seed=4, drawn="both").measured.drawn
    assert found is not None
    assert found.zone_exists["declared"] == robustness("2025-03-truce-offer", 20, 4, ["both"]).drawn["both"].zone


def test_each_run_is_the_one_that_its_world_alone_would_play() -> None:
    batch, loaded = run_many(TOY, 9, seed=2, drawn="weights"), load(TOY)
    many = drawn_case(loaded, 2, "weights", 0, 9)
    for run in range(9):
        alone, rows = take_rows(many, np.array([run])), np.array([run])
        played = negotiate(alone, rows, 2)
        assert played.ending[0] == batch.results.ending[run]
        assert np.array_equal(played.values[0], batch.results.values[run])
        assert batch.exists("declared")[run] == find_zone(alone).exists("declared")
        assert batch.exists("true")[run] == find_zone(alone).exists("true")


def test_verdicts_hold_each_run_against_its_own_world() -> None:
    batch = run_many("2025-03-truce-offer", 24, drawn="both")
    closed = np.zeros(24, dtype=bool)
    shut = replace(batch, worlds=worlds.Worlds("both", {"declared": closed, "true": ~closed}))
    agreed = int(batch.results.agreeing.sum())
    assert 0 < agreed < 24
    assert {name: n for name, n in shut.verdicts.items() if n} == {"reached": agreed, "hidden": 24 - agreed}
    assert shut.measured.missed is None


def test_what_was_drawn_is_said_on_the_screen_in_the_files_and_in_the_command(tmp_path: Path, cli: Cli) -> None:
    words = ["run", TOY, "--runs", "20", "--drawn", "weights", "--out", str(tmp_path)]
    screen = " ".join(cli(*words).stdout.split())
    assert "weights alone drawn anew for each" in screen
    assert "of these worlds" in screen
    (folder,) = (tmp_path / TOY).iterdir()
    assert json.loads((folder / "runs.json").read_text())["drawn"]["kind"] == "weights"
    assert json.loads((folder / "manifest.json").read_text())["command"][-2:] == ["--drawn", "weights"]
    cli("run", TOY, "--runs", "20", "--out", str(tmp_path))
    assert len(list((tmp_path / TOY).iterdir())) == 2


def test_what_cannot_be_drawn_is_refused_in_a_sentence(cli: Cli) -> None:
    with pytest.raises(ScenarioError, match="only weights can be drawn anew"):
        run_many(TOY, 2, drawn="both")
    with pytest.raises(ArgumentError, match="leave out `drawn` or `agents`"):
        run_many(TOY, 2, drawn="weights", agents={"ira": PartyAgent})
    assert "give --runs 1000" in cli("run", TOY, "--drawn", "weights").stderr
