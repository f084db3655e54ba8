"""What a sweep is made to say: indices, regions on cases kept back, nearest misses, pictures and sentences."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.loader import load, with_changes
from sim.sweeps.analyse import analyse
from sim.sweeps.conduct import conduct
from sim.sweeps.design import design
from sim.sweeps.factors import parse_vary
from sim.sweeps.intervals import Answers
from sim.sweeps.nearest_miss import MissByLines, rule_of_three
from sim.sweeps.noise import Noise, noise
from sim.sweeps.prim import covering, inside, prim
from sim.sweeps.regions import Limit, kept_back
from sim.sweeps.store import open_folder
from sim.sweeps.sweep import Sweep, sweep
from sim.sweeps.tree import Node, grow
from sim.zone.region import find_zone

TOY = "toy/two-issues"


@pytest.mark.parametrize("spread", [(1.0, 1.0, 1.0), (2.0, 0.5, 1.0), (0.3, 2.0, 1.0), (0.0, 1.0, 0.0)])
def test_cases_draws_and_what_one_makes_of_the_other_are_the_planted_ones(spread: tuple[float, float, float]) -> None:
    """Signs of two normal numbers that share a part of their variance agree as Sheppard (1899) says."""
    dice = np.random.default_rng(3)
    case, draw, both = spread
    hidden = case * dice.standard_normal((2000, 1)) + draw * dice.standard_normal((1, 400))
    runs = (hidden + both * dice.standard_normal((2000, 400)) > 0).astype(np.int8)
    alone = [np.arcsin(part**2 / sum(x**2 for x in spread)) / (np.pi / 2) for part in (case, draw)]
    found = noise(Answers(runs, common=True)).parts
    assert list(found) == ["case", "draw", "both"] and sum(found.values()) == pytest.approx(1, abs=2e-6)
    assert list(found.values()) == pytest.approx([*alone, 1 - sum(alone)], abs=0.06)


def test_under_draws_of_their_own_runs_tell_cases_from_chance_alone() -> None:
    dice = np.random.default_rng(2)
    runs = (dice.random((20_000, 4)) < dice.choice([0.2, 0.8], 20_000)[:, None]).astype(np.int8)
    found = noise(Answers(runs, common=False)).parts
    assert found == pytest.approx({"case": 0.09 / 0.25, "within": 0.16 / 0.25}, abs=0.02)


@pytest.mark.parametrize(("common", "few"), [(True, 7), (False, 3)])
def test_too_few_draws_do_not_tell_chance_from_cases(common: bool, few: int) -> None:
    runs = np.random.default_rng(1).integers(0, 2, (50, few + 1)).astype(np.int8)
    assert noise(Answers(runs[:, :few], common)) == Noise()
    assert sum(noise(Answers(runs, common)).parts.values()) == pytest.approx(1, abs=2e-6)
    assert noise(Answers(np.ones((50, 8), dtype=np.int8), common)) == Noise()


def planted(table: np.ndarray) -> np.ndarray:
    """One of two boxes."""
    first = (table[:, 0] < 0.3) & (table[:, 1] > 0.6)
    second = (table[:, 2] > 0.7) & (table[:, 5] == 1) & (table[:, 0] > 0.5)
    return (first | second).astype(float)


def columns_of(rng: np.random.Generator, count: int) -> np.ndarray:
    table = rng.random((count, 6))
    table[:, 5] = rng.integers(0, 3, count)
    return table


def test_a_planted_or_of_two_boxes_is_found_on_cases_that_were_kept_back() -> None:
    rng = np.random.default_rng(0)
    seen, new = columns_of(rng, 4000), columns_of(rng, 2000)
    boxes = covering(seen, planted(seen), (False,) * 5 + (True,))[:2]
    y = planted(new)
    for box in boxes:
        assert y[inside(box, new)].mean() > 0.95
    assert y[np.logical_or(*(inside(box, new) for box in boxes))].sum() > 0.9 * y.sum()
    first, second = ({limit.column for limit in box} for box in boxes)
    assert (first, second) == ({0, 1}, {0, 2, 5})


def test_a_planted_box_is_found_through_noise() -> None:
    rng = np.random.default_rng(3)
    table = rng.random((4000, 6))
    truth = (table[:, 1] < 0.4) & (table[:, 3] > 0.5)
    y = np.where(truth, rng.random(4000) < 0.8, rng.random(4000) < 0.1).astype(float)
    box = prim(table, y, (False,) * 6)
    assert {limit.column for limit in box} == {1, 3}
    ends = {limit.column: limit for limit in box}
    assert ends[1].high == pytest.approx(0.4, abs=0.04) and ends[3].low == pytest.approx(0.5, abs=0.04)


def test_no_region_is_found_in_pure_noise() -> None:
    rng = np.random.default_rng(4)
    for share in (0.05, 0.3):
        y = (rng.random(3000) < share).astype(float)
        boxes = covering(rng.random((3000, 8)), y, (False,) * 8)
        new = rng.random((3000, 8))
        fresh = (rng.random(3000) < share).astype(float)
        for box in boxes:
            here = inside(box, new)
            if here.sum() > 50:
                assert fresh[here].mean() < 2.5 * share


def test_a_tree_answers_for_every_case_once_and_separates_the_planted_boxes() -> None:
    rng = np.random.default_rng(5)
    table = columns_of(rng, 6000)
    y = planted(table)
    new = np.arange(6000) % 3 == 0
    tree = grow(table, y, (False,) * 5 + (True,), new)
    leaves = tree.leaves()
    assert len(leaves) <= 8
    assert sum(leaf.new.cases for leaf in leaves) == new.sum()
    assert sum(leaf.seen.cases for leaf in leaves) == (~new).sum()
    pure = sum(leaf.new.cases for leaf in leaves if leaf.new.share < 0.1 or leaf.new.share > 0.9)
    assert pure > 0.9 * new.sum()
    assert any(node.question is not None and node.question.name == 1 for node in walk(tree))


def walk(node: Node) -> list[Node]:
    return [node, *(walk(node.yes) + walk(node.no) if node.yes and node.no else [])]


def test_cases_of_one_base_point_are_kept_back_together() -> None:
    loaded = load(TOY)
    factors = tuple(parse_vary(loaded, text) for text in ("parties.ira.reservation=0:9", "protocol.deadline=2:9"))
    made = Sweep(loaded, design("saltelli", factors, 256, 0), 1, True, 0)
    new = kept_back(made).reshape(-1, 4)
    assert (new.all(axis=1) | ~new.any(axis=1)).all() and 0.2 < new.mean() < 0.4


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep with open and closed zones, over numbers and names."""
    folder = tmp_path_factory.mktemp("mixed") / "sweep"
    vary = ["parties.ira.reservation=20:90", "parties.joe.reservation=20:90", "protocol.name=alternating,single_text"]
    conduct(sweep(TOY, vary, cases=96, seed=3), folder, chunk=384)
    return folder


def test_an_analysis_says_both_results_and_where_they_hold(mixed: Path) -> None:
    found = analyse(open_folder(mixed)).measures
    zone = found["results"]["zone_exists"]["zone"]
    assert 0 < zone["hits"] < zone["of"] == 96
    assert found["results"]["talks_agree_where_none_exists"]["share"] == 0
    index = found["sensitivity"]["zone"]["first_order"]
    assert index["protocol.name"]["index"] < min(index[f"parties.{p}.reservation"]["index"] for p in ("ira", "joe"))
    assert found["nearest_miss"] is None
    for rows in found["by_value"].values():
        assert sum(row["zone"]["of"] for row in rows) == 96
        assert sum(row["zone"]["hits"] for row in rows) == zone["hits"]
    again = json.dumps(analyse(open_folder(mixed)).measures)
    assert again == json.dumps(found)


def test_the_analysis_folder_is_whole_and_has_the_same_bytes_again(mixed: Path) -> None:
    from sim.report.sweep_summary import write_analysis

    folder = open_folder(mixed)
    contents = []
    for name in ("one", "two"):
        write_analysis(folder, analyse(folder), mixed / name)
        contents.append({file.name: file.read_bytes() for file in (mixed / name).iterdir()})
    assert contents[0] == contents[1]
    pictures = {f"{name}.{kind}" for name in ("heat", "influence", "ranges", "tree") for kind in ("png", "svg")}
    assert set(contents[0]) == pictures | {"summary.md", "analysis.json"}
    text = contents[0]["summary.md"].decode()
    assert "A zone exists in" in text and "The talks agree in" in text and "no forecast" in text
    assert "kept back" in text and "base rate" in text


def test_without_a_zone_anywhere_the_nearest_miss_is_the_nearest_there_is(tmp_path: Path) -> None:
    vary = ["parties.ira.reservation=76:90", "parties.joe.reservation=80:90"]
    conduct(sweep(TOY, vary, cases=30, seed=1), tmp_path / "sweep", chunk=120)
    found = analyse(open_folder(tmp_path / "sweep")).measures
    assert found["rare"]["zone"] == 3 / 30
    miss = found["nearest_miss"]
    assert miss["kind"] == "points" and miss["short"] > 0
    loaded = load(TOY)
    opened = []
    for gap in (miss["short"] + 1e-6, miss["short"] - 1e-3):
        eased = [f"{path}={value - gap!r}" for path, value in miss["values"].items()]
        opened.append(find_zone(with_changes(loaded, eased).case).exists())
    assert opened == [True, False]


def test_where_lines_leave_nothing_the_conflicts_are_named_with_their_sources(tmp_path: Path) -> None:
    from sim.report.sweep_sentences import miss_lines, results

    vary = ["parties.russia.war.cost=0:50", "protocol.deadline=1,2"]
    conduct(sweep("2025-12-stalemate", vary, cases=6), tmp_path / "sweep", chunk=24)
    found = analyse(open_folder(tmp_path / "sweep")).measured
    said = " ".join(miss_lines(load("2025-12-stalemate").scenario, found.nearest_miss))
    assert isinstance(found.nearest_miss, MissByLines)
    assert found.nearest_miss.steps == 1  # an armistice instead of a final treaty
    assert "[002 ¶8]" in said and "no package meets all of these" in said
    assert any("rule of three" in line for line in results(load("2025-12-stalemate").scenario, found))


def test_the_rule_of_three() -> None:
    assert rule_of_three(300) == 0.01
    assert rule_of_three(0) == rule_of_three(2) == 1.0
    # it is the share at which seeing nothing has a chance of one in twenty
    assert (1 - rule_of_three(1000)) ** 1000 == pytest.approx(0.05, abs=0.001)


def test_a_region_over_a_red_line_names_its_source() -> None:
    from sim.report.sweep_names import basis_text, limit_text

    scenario = load("2025-12-stalemate").scenario
    limit = Limit("red_lines.russia-no-nato.without", "name", values=[True])
    assert limit_text(scenario, limit) == "line left out: Russia requires that Ukraine never joins NATO [002 ¶9]"
    kept = replace(limit, values=[False])
    assert limit_text(scenario, kept) == "line kept: Russia requires that Ukraine never joins NATO [002 ¶9]"
    cost = Limit("parties.russia.war.cost", "points a month", at_most=12.0)
    assert limit_text(scenario, cost) == "Russia: cost of a month of war at most 12 points a month"
    assert basis_text(scenario, [limit, cost]).startswith("Russia requires that Ukraine never joins NATO [002 ¶9]")


@pytest.mark.parametrize(
    ("index", "ends", "said"),
    [
        (0.931, (0.85, 1.004), "93 % (85 to 100)"),
        (-0.001, (-0.004, 0.05), "0 % (0 to 5)"),
        (-0.03, (-0.1, 0.04), "-3 % (-10 to 4; below zero: too few cases to tell)"),
        (0.5, None, "50 %"),
    ],
)
def test_an_index_is_said_with_its_interval_and_warned_of_below_none(
    index: float, ends: tuple[float, float] | None, said: str
) -> None:
    from sim.report.sweep_sentences import _index

    assert _index(index, ends) == said
