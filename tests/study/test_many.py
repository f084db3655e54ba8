"""Many runs, and the path of one against the zone: counts that add up, reasons that hold, the same bytes always."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.study.incidence import incidence, kaplan_meier
from sim.study.many import Batch, run_many
from sim.study.path import NeverTabled, emerged
from sim.study.run import Run, run
from sim.study.shares import wilson
from sim.talks.batch import negotiate, same
from sim.talks.how_talks_end import Ending
from sim.talks.model import NegotiationModel
from tests.conftest import Cli
from tests.talks.test_how_talks_end import NARROW
from tests.zones import load, zone


@pytest.fixture(scope="module")
def march() -> Batch:
    return run_many("2025-03-truce-offer", 60)


def test_shares_of_endings_and_verdicts_add_up_and_lie_in_their_intervals() -> None:
    found = run_many(load("2025-02-backchannel", ("reading=settlement",)), 60).measures()
    for group in ("endings", "verdicts"):
        assert sum(entry["hits"] for entry in found[group].values()) == 60
        for entry in found[group].values():
            assert entry["low"] <= entry["share"] <= entry["high"]
    assert found["missed"]["runs"] == found["verdicts"]["missed"]["hits"]
    assert found["missed"]["on_the_table"]["hits"] <= found["missed"]["runs"]


def test_wilson_intervals_are_the_textbooks() -> None:
    low, high = wilson(15, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)


@pytest.mark.parametrize("slug", ["2025-03-truce-offer", "2025-12-stalemate-what-if"])
def test_any_block_order_or_subset_of_runs_gives_the_same_runs(slug: str) -> None:
    case, runs = load(slug).case, np.arange(24)
    whole = negotiate(case, runs, seed=3)
    assert same(whole, negotiate(case, runs, seed=3, block=7))
    some = runs[::-3].copy()
    part = negotiate(case, some, seed=3, block=5)
    for name in ("ending", "ended", "agreed", "values", "reservation", "holds", "held_months", "seen", "moved"):
        assert np.array_equal(getattr(part, name), getattr(whole, name)[some]), name


def test_conceders_sign_early_and_boulware_parties_when_their_time_is_over() -> None:
    def first(exponent: float) -> float:
        changes = [f"parties.{p}.tactic.exponent={exponent}" for p in ("russia", "ukraine", "us", "europe")]
        results = negotiate(load("2025-03-truce-offer", [*changes, "war.frozen=true"]).case, 30)
        assert results.agreeing.mean() > 0.8
        return float(np.median(results.first[results.first > 0]))

    assert first(3.0) < first(1.0) < first(0.1)


def test_a_run_that_the_war_ended_is_neither_found_nor_missed(march: Batch) -> None:
    war = march.results.ending == Ending.MILITARY_END
    assert 0 < war.sum() == march.verdicts["censored"] and sum(march.verdicts.values()) == 60
    found = march.measured
    assert found.missed is None or found.missed.runs == march.verdicts["missed"] < 60 - march.verdicts["reached"]
    assert set(run_many("2025-12-stalemate", 30).verdicts) == {"reached", "structural"}


def test_competing_ends_add_up_and_going_on_leaves_the_war_out(march: Batch) -> None:
    found, results = incidence(march.results, 24), march.results
    last = {name: shares[-1] for name, shares in found.by_cause.items()}
    assert last["agreement"] == pytest.approx((results.first > 0).mean(), abs=1e-6)
    assert last["military_end"] == pytest.approx((results.ending == Ending.MILITARY_END).mean(), abs=1e-6)
    assert sum(last.values()) <= 1 and found.if_talks_go_on[-1] > last["agreement"]
    assert all((np.diff(shares) >= 0).all() for shares in (*found.by_cause.values(), found.if_talks_go_on))


def test_kaplan_meier_without_anything_else_is_the_plain_share() -> None:
    when = np.array([1, 3, 3, 4])
    assert kaplan_meier(when, np.array([True, True, True, False]), 4).tolist() == [0.25, 0.25, 0.75, 0.75]


def test_a_run_says_why_it_missed_the_zone() -> None:
    loaded, reasons = load("2025-03-truce-offer", ["protocol.deadline=14"]), set()
    for seed in range(4):
        model = NegotiationModel(loaded.case, seed=seed)
        model.run_to_end()
        path = Run(loaded, seed, zone("2025-03-truce-offer"), model).measured.path
        if path.missed is not None:
            reasons.add(path.missed.why)
            assert not isinstance(path.missed, NeverTabled) or path.missed.steps > 0
        elif model.ending is not Ending.MILITARY_END:
            assert path.surplus is not None
        assert (model.ending is Ending.MILITARY_END) <= (path.missed is None)
    assert reasons


def test_nothing_emerges_in_a_frozen_war_and_a_zone_can_emerge_when_the_war_gets_worse() -> None:
    armistice = [f"pins.{issue}={option}" for issue, option in (NARROW | {"hostilities": "armistice"}).items()]
    hoping = [*armistice, "parties.russia.war.cost=1", "parties.russia.war.drift=0.02"]
    moving = run(load("2025-03-truce-offer", hoping))
    assert not moving.zone.exists("true")
    first = moving.measured.emerged
    assert first is not None
    assert emerged(moving.zone, moving.model.history[: first - 1]) is None
    frozen = run(load("2025-03-truce-offer", [*hoping, "war.frozen=true"]))
    assert frozen.measured.emerged is None


def test_distance_is_nought_exactly_where_the_zone_is_on_the_table() -> None:
    result = run(load("toy/split-the-pie"))
    path = result.measured.path.distance
    assert path[-1].steps == 0 and result.model.ending is Ending.SETTLEMENT
    assert path[0].steps > 0


def test_many_runs_from_the_command_line_say_the_same_as_the_files(cli: Cli, tmp_path: Path) -> None:
    done = cli("run", "toy/two-issues", "--runs", "50", "--json")
    found = json.loads(done.stdout)
    folder = tmp_path / found["folder"]
    assert json.loads((folder / "runs.json").read_text("utf-8"))["endings"] == found["endings"]
    assert len((folder / "runs.csv").read_text("utf-8").splitlines()) == 51
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert cli(*json.loads(before["manifest.json"])["command"][1:]).returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "50 runs" in cli("run", "toy/two-issues", "--runs", "50").stdout
    assert cli("run", "toy/two-issues", "--runs", "0").returncode == 2
