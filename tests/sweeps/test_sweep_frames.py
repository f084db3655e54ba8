"""A sweep as pandas tables, and EMA Workbench's own tools on what `sim.to_ema` gives."""

from __future__ import annotations

import inspect
import warnings
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import SweepError
from sim.sweeps.store import create, open_folder

TOY = "toy/two-issues"
PATIENCE = "parties.ira.reservation"


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep in which one number closes the zone and the other, and a name, do nothing to it."""
    folder = tmp_path_factory.mktemp("swept") / "sweep"
    vary = [f"{PATIENCE}=20:100", "protocol.deadline=2:4", "protocol.name=alternating,single_text"]
    sim.conduct(sim.sweep(TOY, vary, cases=128, replications=2, seed=3), folder, chunk=256)
    return folder


def test_emas_prim_finds_the_edge_of_the_zone_on_a_sweep(swept: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what EMA says of libraries that it can do without
        from ema_workbench.analysis.prim import Prim

        experiments, outcomes = sim.to_ema(swept)
        x = experiments.drop(columns=["scenario", "policy", "model"])
        wants = {"threshold": 0.8} if "threshold" in inspect.signature(Prim).parameters else {}  # before EMA 3
        box = Prim(x, outcomes["zone"] == 1, peel_alpha=0.1, **wants).find_box()
    edge = experiments.loc[outcomes["zone"] == 1, PATIENCE].max()
    assert box.density > 0.9 and edge * 0.85 <= box.box_lims[-1][PATIENCE].iloc[1] <= edge * 1.15


def test_experiments_and_outcomes_are_the_cases_that_are_done(swept: Path) -> None:
    experiments, outcomes = sim.to_ema(str(swept))
    assert len(experiments) == 128 and {len(column) for column in outcomes.values()} == {128}
    assert experiments["protocol.name"].dtype == "category" and experiments["model"].unique().tolist() == [TOY]
    assert set(np.unique(outcomes["zone"])) == {0.0, 1.0}
    assert (outcomes["agreement"][outcomes["zone"] == 0] == 0).all()
    shares = sum(column for name, column in outcomes.items() if name.startswith("ending."))
    np.testing.assert_allclose(shares, 1)


def test_an_analysis_has_a_row_a_case_or_a_run(swept: Path) -> None:
    found = sim.analyse(swept)
    by_case, by_run = found.to_frame(), found.to_frame("run")
    assert (len(by_case), len(by_run)) == (128, 256)
    assert by_run["ending"].dtype == "category" and by_case["agreed"].sum() == found.cases.agreed.sum()
    unsigned = by_run[~by_run["ending"].isin(["settlement", "ceasefire_only"])]
    assert len(unsigned) and unsigned[["package", "value.ira", "held_months"]].isna().all(axis=None)


def test_a_sweep_without_a_finished_run_has_no_table(tmp_path: Path) -> None:
    create(tmp_path / "none", sim.sweep(TOY, [f"{PATIENCE}=20:100"], cases=8), 8)
    for asked in (lambda: sim.to_ema(tmp_path / "none"), lambda: sim.to_ema(open_folder(tmp_path / "none"))):
        with pytest.raises(SweepError, match="no finished runs"):
            asked()
