"""Levers against uncertainties: every choice in the same worlds, and a table of criteria against one worked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError, SweepError
from sim.report.terminal.levers import choice_named
from sim.sweeps.conduct import extend
from sim.sweeps.levers import Crossed
from sim.sweeps.results import gather
from sim.sweeps.robustness import LeverMeasures, best, fares, lever_measures
from sim.sweeps.store import open_folder
from tests.conftest import Cli, Write

TOY = "toy/two-issues"
WORLDS = ["parties.ira.reservation=20:100"]
LEVERS = ["protocol.name=alternating,single_text", "protocol.deadline=2,12"]

BY_HAND = np.array(
    [
        [0.9, 0.5, 0.6],
        [0.1, 0.5, 0.4],
        [0.8, 0.4, 0.7],
        [0.6, 0.4, 0.2],
        [0.7, 0.5, 0.9],
    ]
)
"""Five worlds, three choices. Best in each world: .9 .5 .8 .6 .9; so the regrets are, choice by choice,
0 .4 0 0 .2; .4 0 .4 .2 .4; .3 .1 .1 .4 0.
"""


MEASURES = LeverMeasures("", "", "", "agreement", 0.5, 1, 0, [], [], [], {})


def test_a_table_of_criteria_is_the_one_worked_by_hand() -> None:
    first, second, third = fares(BY_HAND, 0.5, [{}, {}, {}])
    assert [one.mean for one in (first, second, third)] == pytest.approx([0.62, 0.46, 0.56])
    assert [one.worst for one in (first, second, third)] == [0.1, 0.4, 0.2]
    assert [one.regret for one in (first, second, third)] == pytest.approx([0.4, 0.4, 0.4])
    # The 90th percentile of five numbers lies 0.6 of the way from the fourth to the fifth.
    assert [one.regret_90 for one in (first, second, third)] == pytest.approx([0.32, 0.4, 0.36])
    assert [one.own_regret for one in (first, second, third)] == pytest.approx([0.6, 0.1, 0.4])
    assert [one.enough for one in (first, second, third)] == [0.8, 0.6, 0.6]
    assert third.percentiles == pytest.approx({"10": 0.28, "50": 0.6, "90": 0.82})
    assert best([first, second, third]) == {
        "worst": [1], "mean": [0], "enough": [0], "regret": [0, 1, 2], "regret_90": [0], "own_regret": [1],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"protocol.deadline": 3}, "deadline 3"),
        ({"protocol.name": "single_text"}, "single_text"),
        ({"protocol.name": "single_text", "protocol.deadline": 4}, "protocol single_text, deadline 4"),
        ({"parties.ira.war.cost": 3.0, "parties.jon.war.cost": 4.5}, "ira cost 3.0, jon cost 4.5"),
        ({"red_lines.a-line.without": True, "red_lines.other.without": False}, "without a-line, with other"),
        ({"war.levers.aid.index": 0.5}, "aid 0.5"),
    ],
)
def test_a_choice_says_which_field_is_set_to_what(choice: dict[str, Any], said: str) -> None:
    assert choice_named(replace(MEASURES, choices=fares(np.ones((1, 1)), 0.5, [choice])), 0) == said


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("levers") / "sweep"
    made = sim.sweep(TOY, WORLDS, levers=LEVERS, cases=16, replications=3, common=False, seed=2)
    sim.conduct(made, folder, chunk=50)
    return folder


def test_every_choice_meets_every_world_with_the_same_luck() -> None:
    made = sim.sweep(TOY, WORLDS, levers=LEVERS, cases=16, replications=3, common=False, seed=2)
    assert isinstance(made.design, Crossed) and (made.design.choices, made.design.cases, made.runs) == (4, 64, 192)
    rows = made.design.rows(0, 64)
    world = rows["parties.ira.reservation"].reshape(16, 4)
    assert (world == world[:, :1]).all() and len(np.unique(world)) == 16
    plain = sim.sweep(TOY, WORLDS, cases=16, seed=2).design.rows(0, 16)["parties.ira.reservation"]
    assert (world[:, 0] == plain).all()
    part = made.design.rows(5, 11)
    assert all((part[path] == column[5:11]).all() for path, column in rows.items())
    numbers = made.draw_numbers(*np.divmod(np.arange(made.runs), made.replications)).reshape(16, 4, 3)
    assert (numbers == numbers[:, :1]).all() and len(np.unique(numbers)) == 16 * 3
    choices = [made.design.choice(n) for n in range(4)]
    assert choices[1] == {"protocol.name": "alternating", "protocol.deadline": 12}
    assert [rows["protocol.deadline"][n] for n in range(4)] == [c["protocol.deadline"] for c in choices]


def test_the_picture_of_choices_says_what_it_finds(swept: Path, cli: Cli) -> None:
    from sim.report.pictures.sweep_levers import finding, levers_picture

    cli("sweeps", "levers", str(swept), "--pictures")
    assert "<svg" in (swept / "levers.svg").read_text("utf-8") and (swept / "levers.png").stat().st_size > 5000
    found = lever_measures(open_folder(swept))
    texts = {text.get_text() for axes in levers_picture(found).axes for text in axes.texts}
    assert {f"{one.mean:.2f}" for one in found.choices} <= texts
    count = len(found.choices)

    def led(**best: list[int]) -> str:
        return finding(replace(found, best={key: list(range(count)) for key in found.best} | best))

    assert led() == "Every choice fares alike in these worlds"
    assert (
        led(mean=[1], worst=[0, 1])
        == "“protocol alternating, deadline 12” leads by every criterion that tells choices apart"
    )
    assert led(mean=[1], worst=[1], regret=[0]).endswith("leads by 2 of 3 criteria, others by the rest")
    assert led(mean=[1], worst=[0]) == "2 choices lead alike, each by 1 of 2 criteria"


def test_choices_are_compared_world_by_world(swept: Path) -> None:
    folder = open_folder(swept)
    found, cases = lever_measures(folder), gather(folder)
    by_world = cases.share.reshape(16, 4)
    assert (found.worlds, found.worlds_left_out) == (16, 0) and found.uncertainties == ["parties.ira.reservation"]
    assert [one.mean for one in found.choices] == pytest.approx(by_world.mean(axis=0).tolist(), abs=1e-6)
    assert len({one.mean for one in found.choices}) > 1
    zones = lever_measures(folder, "zone", 1)
    assert len({one.enough for one in zones.choices}) == 1  # no protocol makes a zone
    assert zones.choices[0].enough == pytest.approx((cases.zones["zone"].reshape(16, 4)[:, 0] == 1).mean())
    assert all(places == [0, 1, 2, 3] for places in zones.best.values())


def test_worlds_are_added_and_those_that_are_there_stay(tmp_path: Path) -> None:
    folder = tmp_path / "more"
    sim.conduct(sim.sweep(TOY, WORLDS, levers=LEVERS, cases=4, replications=1, seed=2), folder, chunk=7)
    before = gather(open_folder(folder)).share
    extend(folder, 30)
    after = gather(open_folder(folder))
    assert len(after.share) == 32 and (after.share[:16] == before).all()


def test_levers_alone_are_compared_in_the_scenario_as_it_stands(tmp_path: Path) -> None:
    made = sim.sweep(TOY, levers=LEVERS, replications=2)
    sim.conduct(made, tmp_path / "one", chunk=8)
    found = lever_measures(open_folder(tmp_path / "one"))
    assert (found.worlds, len(found.choices), found.uncertainties) == (1, 4, [])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"vary": WORLDS, "levers": ["protocol.deadline=2:3.5"]}, "protocol.deadline"),
        ({"vary": WORLDS, "levers": ["parties.joe.reservation=20:90"]}, "a lever has settings, not a range"),
        ({"vary": WORLDS, "levers": ["parties.ira.reservation=20,90"]}, "is a lever and varies by itself"),
        ({"vary": WORLDS, "levers": LEVERS, "kind": "saltelli"}, "a saltelli design takes no levers"),
        ({"vary": WORLDS, "levers": ["protocol.deadline=1:1000", "public=0,1"]}, "choices are more than 1,000"),
    ],
)
def test_levers_that_cannot_be_meant_are_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        sim.sweep(TOY, **asked)  # type: ignore[arg-type]


def test_a_sweep_with_levers_is_not_averaged_over_them_and_one_without_has_none_to_compare(
    swept: Path, tmp_path: Path
) -> None:
    with pytest.raises(SweepError, match="compares the choices"):
        sim.analyse(swept)
    sim.conduct(sim.sweep(TOY, WORLDS, cases=4), tmp_path / "plain", chunk=16)
    with pytest.raises(SweepError, match="has no levers"):
        lever_measures(open_folder(tmp_path / "plain"))


def test_a_sweep_file_with_levers_is_run_and_told_by_criterion(cli: Cli, write: Write) -> None:
    path = write(
        f"scenario: {TOY}\n"
        "vary: {parties.ira.reservation: {low: 20, high: 100}}\n"
        "levers: {protocol.name: [alternating, single_text]}\n"
        "design: {kind: sobol, cases: 8}\nreplications: 2\n",
        "levers.yaml",
    )
    done = cli("sweep", path, "--out", "here", "--workers", "1")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "2 choices (protocol.name) in the same 8 worlds" in said and "Best under which criterion" in said
    assert "none of this recommends one" in said and "best policy" not in said
    found = json.loads(cli("sweeps", "levers", "here", "--outcome", "zone", "--enough", "1", "--json").stdout)
    assert [one["choice"] for one in found["choices"]] == [
        {"protocol.name": "alternating"}, {"protocol.name": "single_text"},
    ]  # fmt: skip
    assert cli("sweeps", "levers", "here", "--outcome", "peace").returncode == 2
