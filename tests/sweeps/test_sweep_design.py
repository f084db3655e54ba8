"""Fields, factors and designs: what can be varied, and which cases that makes."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import numpy as np
import pytest

from sim import CeasefireError, ScenarioError, load, sweep
from sim.scenario.by_run import Columns, Numbers, paths
from sim.scenario.changes import change
from sim.scenario.columns import refused, with_columns
from sim.scenario.fields import fields, find_field
from sim.scenario.library import slugs
from sim.scenario.loader import Loaded, with_changes
from sim.stakes.run_axis import ByRun, take_rows
from sim.sweeps.design import EXTENSIBLE, KINDS, design
from sim.sweeps.factors import Factor, factor, parse_vary
from sim.sweeps.outcomes import Laboratory
from tests.conftest import SMALL, Write

WAR = "2025-03-truce-offer"


@pytest.fixture(scope="module")
def war() -> Loaded:
    return load(WAR)


def factors(loaded: Loaded) -> tuple[Factor, ...]:
    texts = (
        "parties.russia.war.cost=0:50",
        "protocol.deadline=6:36",
        "protocol.name=alternating,single_text",
        "parties.europe.roles=[signatory],[guarantor]",
        "war.hazard=0.01:0.03:0.01",
    )
    return tuple(parse_vary(loaded, text) for text in texts)


@pytest.mark.parametrize("slug", slugs())
def test_every_listed_field_can_be_varied_over_what_it_is_now(slug: str) -> None:
    loaded = load(slug)
    known = fields(loaded.scenario)
    assert len({field.path for field in known}) == len(known)
    for field in known[:: max(1, len(known) // 6)]:
        assert find_field(loaded, field.path) == field
        if field.kind != "choice" and field.now is not None:
            assert field.holds(field.now), field


STRUCTURE = (
    "issues.*", "public", "protocol.deadline", "protocol.earliest", "protocol.mediator.levers.*",
    "protocol.mediator.weights.*", "war.horizon", "war.shares.*", "war.levers.*.base", "war.levers.*.drift",
    "war.resume.win.*", "war.limited_cost", "parties.*.hardening", "parties.*.values.*", "parties.*.war.beyond.*",
    "interactions.*.points", "events.*", "exercise.*", "protocol.softening.*", "protocol.hearing.*", "protocol.tries",
    "protocol.memory", "protocol.mediator.step",
)  # fmt: skip
"""Numbers that a case holds one of, for all runs: they are compiled anew."""


@pytest.mark.parametrize("slug", slugs())
def test_every_number_that_a_sweep_lists_is_looked_up_by_run_or_known_to_be_structure(slug: str) -> None:
    scenario = load(slug).scenario
    listed = {field.path for field in fields(scenario) if field.kind != "choice"}
    by_run = paths(scenario)
    built_in = {path for path in listed if any(fnmatchcase(path, pattern) for pattern in STRUCTURE)}
    assert by_run & listed == listed - built_in and not by_run & built_in
    assert all(Numbers(scenario).own(path) is None for path in by_run - listed)  # left out, so it stands at 0


def columns_of(loaded: Loaded, cases: int) -> Columns:
    """A column for every number that is looked up by run."""
    rng, found, by_run = np.random.default_rng(5), {}, paths(loaded.scenario)
    for field in fields(loaded.scenario):
        if field.path in by_run and field.now is not None:
            low, high = max(field.low, field.now - 0.1), min(field.high, field.now + 0.1)
            if field.path.endswith(".drift"):
                low, high = max(field.low, -1e-4), min(field.high, 1e-3)
            whole = field.now + rng.integers(1, 9, cases).astype(float)
            found[field.path] = whole if field.kind == "whole" else rng.uniform(low, high, cases)
    if not loaded.scenario.belligerents:
        del found["protocol.mediator.bias"]  # towards nobody
    return found


def said(field: str, value: float) -> str:
    return change(field, int(value) if field.endswith((".patience", ".horizon")) else value)


VARIED = {
    WAR: ("public=0.5", "parties.us.reservation=30"),
    "classroom/04-two-level-game": ("public=0.5", "parties.ukraine.ratification.quorum=0.7"),
    "classroom/02-move-the-batna": ("public=0.5",),
}
"""A war with a party that has a number instead, a party that must ratify, a lottery: all in public."""


@pytest.mark.parametrize("slug", VARIED)
def test_columns_give_the_very_arrays_that_compiling_each_case_gives(slug: str) -> None:
    loaded, cases = load(slug, VARIED[slug]), 4
    columns = columns_of(loaded, cases)
    case = with_columns(loaded, columns)
    assert len(columns) > (70 if case.war else 15)
    for row in range(cases):
        compiled = with_changes(loaded, [said(path, float(column[row])) for path, column in columns.items()]).case
        assert the_same(take_rows(case, np.array([row])), compiled) > (30 if case.war else 14)


@pytest.mark.parametrize("slug", VARIED)
def test_every_column_alone_moves_its_place_in_the_case(slug: str) -> None:
    loaded = load(slug, VARIED[slug])
    for path, column in columns_of(loaded, 1).items():
        if len(loaded.scenario.issues) == 1 and ".weights." in path:
            continue  # the only weight is 100 whatever it is
        with pytest.raises(AssertionError):
            the_same(with_columns(loaded, {path: column}), loaded.case)


def test_beliefs_of_a_war_that_the_scenario_does_not_have_are_compiled_and_change_nothing(
    write: Write,
) -> None:
    belief = "    war: {drift: 0, cost: 1, win: {}}\n"
    text = SMALL.replace("    reservation: 40\n", f"    reservation: 40\n{belief}", 1)
    made = sweep(write(text), ["parties.seller.war.cost=1,2"], kind="grid")
    found = Laboratory(made).outcomes(0, made.runs)
    assert made.compiled == ("parties.seller.war.cost",)
    assert not found.failures and len(np.unique(found.columns["zone"])) == 1


def the_same(one: ByRun, other: ByRun) -> int:
    """Compare everything that runs may differ in, to the last bit; returns how many arrays were compared."""
    compared = 0
    for name in one.by_run:
        mine, theirs = getattr(one, name), getattr(other, name)
        if hasattr(mine, "by_run"):
            compared += the_same(mine, theirs)
        elif mine is not None:
            assert np.array_equal(np.broadcast_to(mine, theirs.shape), theirs), name
            compared += 1
    return compared


def test_a_lottery_column_gives_the_reservation_value_that_compiling_gives(write: Write) -> None:
    text = SMALL.replace("    reservation: 40\n", "    war: {lottery: {win: 0.5, cost: 0.1}}\n", 1)
    loaded = load(write(text))
    case = with_columns(loaded, {"parties.seller.war.lottery.win": np.array([0.2, 0.9])})
    assert case.reservation.tolist() == [[10.0, 40.0], [80.0, 40.0]]


def test_rows_whose_odds_sum_to_more_than_one_are_refused_as_the_loader_refuses_them(war: Loaded) -> None:
    columns = {"parties.russia.war.win.russia": np.array([0.1, 0.98])}
    (row, said), *rest = refused(war, columns).items()
    assert (row, rest) == (1, [])
    with pytest.raises(ScenarioError, match=r"probabilities sum to 1\.01, more than 1"):
        with_changes(war, ["parties.russia.war.win.russia=0.98"])
    assert "probabilities sum to 1.01, more than 1" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("parties.russia.war.cots=0:50", 'did you mean "parties.russia.war.cost"'),
        ("parties.russia.war.cost=0:500", "lies in [0, 200], so it cannot be 500"),
        ("parties.russia.war.cost=50:0", "must lie below high"),
        ("parties.russia.war.cost=", "wants PATH=LOW:HIGH"),
        ("parties.russia.war.cost=1,x", "wants a number, not 'x'"),
        ("parties.russia.war.cost=1,1", "lists 1 twice"),
        ("parties.russia.war.cost=0:50:0", "a step must be a number above 0"),
        ("parties.russia.war.cost=0:50:0.0001", "more than 1,000"),
        ("parties.russia.war.cost=20:30:7", "goes from 20 by 7 and misses 30 (did you mean to: 27 or 34?)"),
        ("parties.russia.war.cost=20:30:40", "goes from 20 by 40 and misses 30 (did you mean to: 60?)"),
        ("protocol.deadline=1.5:3", "wants a whole number, not 1.5"),
        ("protocol.name=alternatin", 'did you mean "alternating"'),
        ("protocol.name=1:2", "is not a number, so it has no range"),
        ("parties.russia.war.discount=0.5:1", "lies in (0, 1), so it cannot be 1"),
        ("red_lines.russia-no-nato.requires={alignment: [nowhere]}", "nowhere"),
    ],
)
def test_what_cannot_be_varied_is_refused_with_what_can(war: Loaded, text: str, said: str) -> None:
    with pytest.raises(CeasefireError, match=re.escape(said)):
        parse_vary(war, text)


def test_a_step_that_is_no_decimal_may_end_where_it_is_said_to(war: Loaded) -> None:
    made = factor(war, "parties.russia.war.cost", {"low": 0, "high": 2, "step": 2 / 3}, "here")
    assert made.values == (0, 0.666666666667, 1.333333333333, 2)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "table"])
def test_a_sweep_of_one_case_again_and_again_is_refused(kind: str) -> None:
    still = ["parties.ira.reservation=20"]
    with pytest.raises(
        ScenarioError, match=r"takes one value, so nothing varies: .* --set parties\.ira\.reservation=20"
    ):
        sweep("toy/two-issues", still, kind=kind)
    with pytest.raises(ScenarioError, match="nothing varies"):
        sweep("toy/two-issues", still, kind=kind, levers=["protocol.deadline=2,4"])
    assert sweep("toy/two-issues", [*still, "protocol.deadline=2,4"], kind=kind).design.cases > 1


def test_a_field_that_is_not_listed_takes_a_list_of_values(war: Loaded) -> None:
    text = "red_lines.russia-no-nato.requires={alignment: [moratorium]},{alignment: {at_least: moratorium}}"
    assert parse_vary(war, text).values == (
        {"alignment": ["moratorium"]},
        {"alignment": {"at_least": "moratorium"}},
    )


@pytest.mark.parametrize("kind", ["sobol", "lhs", "saltelli", "random"])
def test_any_slice_of_a_design_is_the_same_alone(war: Loaded, kind: str) -> None:
    made = design(kind, factors(war), 700, 7)  # type: ignore[arg-type]
    whole = made.rows(0, made.cases)
    for start in range(0, made.cases, 137):
        part = made.rows(start, min(start + 137, made.cases))
        for path, column in part.items():
            assert column.tobytes() == whole[path][start : start + 137].tobytes(), path
    if kind in EXTENSIBLE:
        longer = made.extended(3000).rows(0, made.cases)
        assert all((longer[path] == whole[path]).all() for path in whole)


@pytest.mark.parametrize("kind", ["sobol", "lhs", "random"])
def test_designs_cover_ranges_and_lists_evenly(war: Loaded, kind: str) -> None:
    rows = design(kind, factors(war), 4096, 1).rows(0, 4096)  # type: ignore[arg-type]
    cost = rows["parties.russia.war.cost"]
    assert 0 <= cost.min() < 0.5 and 49.5 < cost.max() <= 50 and abs(cost.mean() - 25) < 1
    assert set(np.unique(rows["protocol.deadline"])) == set(range(6, 37))
    assert np.abs(np.bincount(rows["protocol.name"].astype(int)) - 2048).max() < 200


def test_a_grid_is_every_combination_once(war: Loaded) -> None:
    chosen = factors(war)[2:]
    made = design("grid", chosen, None)
    rows = made.rows(0, made.cases)
    assert made.cases == 2 * 2 * 3
    assert len(set(zip(*(column.tolist() for column in rows.values()), strict=True))) == made.cases
    with pytest.raises(ScenarioError, match="a grid needs steps"):
        design("grid", factors(war), None)


def test_another_seed_gives_another_design(war: Loaded) -> None:
    for kind in ("sobol", "lhs", "saltelli", "random"):
        one, other = (design(kind, factors(war)[:1], 64, seed).rows(0, 64) for seed in (0, 1))  # type: ignore[arg-type]
        assert (one["parties.russia.war.cost"] != other["parties.russia.war.cost"]).any()


def test_a_saltelli_design_is_laid_out_as_salib_reads_it(war: Loaded) -> None:
    made = design("saltelli", factors(war)[:2], 64, 3)
    width = 4
    assert made.base == 16 and made.cases == 16 * width
    points = made._points(0, made.cases).reshape(16, width, 2)
    first, cost, deadline, second = points.transpose(1, 0, 2)
    assert (cost[:, 0] == second[:, 0]).all() and (cost[:, 1] == first[:, 1]).all()
    assert (deadline[:, 1] == second[:, 1]).all() and (deadline[:, 0] == first[:, 0]).all()


def test_a_table_of_ones_own_is_the_design(write: Write) -> None:
    table = "protocol.name,protocol.deadline\nalternating,6\nsingle_text,9\nalternating,12\n"
    made = sweep("toy/two-issues", table=write(table, "mine.csv"))
    assert made.design.cases == 3
    rows = made.design.rows(0, 3)
    named = {f.path: f for f in made.factors}
    assert [named["protocol.name"].value(x) for x in rows["protocol.name"]] == [
        "alternating",
        "single_text",
        "alternating",
    ]
    assert rows["protocol.deadline"].tolist() == [6, 9, 12]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("protocol.deadline\n", "has a heading and no case"),
        ("protocol.deadline\n4,5\n", "line 2: 2 values under 1 heading"),
        ("protocol.deadlines\n4\n", "did you mean"),
        ("protocol.deadline\n4\n0\n", "line 3: protocol.deadline lies in [1, 1200]"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(write: Write, content: str, said: str) -> None:
    with pytest.raises(CeasefireError, match=re.escape(said)):
        sweep("toy/two-issues", table=write(content, "mine.csv"))


def test_two_fields_of_which_one_decides_over_the_other_cannot_both_vary() -> None:
    with pytest.raises(ScenarioError, match="cannot both vary"):
        sweep(WAR, ["red_lines.russia-no-nato.without=true,false", "red_lines.russia-no-nato.hardness=0:1"])


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("desing: {kind: grid}", 'line 3: desing: there is no such field (did you mean "design"?)'),
        ("design: {kind: gird}", 'line 3: design.kind: "gird" is not known (did you mean "grid"?)'),
        ("design: {case: 4}", 'line 3: design.case: there is no such field (did you mean "cases"?)'),
        ("design: 4", "line 3: design: should be a mapping of fields"),
        ("replications: 0", "line 3: replications: should be greater than or equal to 1, not 0"),
        ("seed: 1.5", "line 3: seed: should be a whole number, not 1.5"),
        ("common_random_numbers: 2", "line 3: common_random_numbers: should be true or false, not 2"),
        ("without: no", "line 3: without: should be a list, not 'no'"),
    ],
)
def test_a_sweep_file_is_refused_with_line_path_and_nearest_word(write: Write, line: str, refusal: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(refusal)):
        sweep(write(f"scenario: toy/two-issues\nvary: {{protocol.deadline: [4, 8]}}\n{line}\n"))


def test_a_sweep_file_must_name_a_scenario(write: Write) -> None:
    with pytest.raises(ScenarioError, match=r"case\.yaml.*line 1: scenario: is missing"):
        sweep(write("vary: {protocol.deadline: [4, 8]}\n"))


def test_where_an_article_can_be_read_makes_no_other_sweep_of_it() -> None:
    here, there = (
        sweep(
            "2025-12-stalemate", ["protocol.deadline=4:8"], changes={"articles.000.address": f"https://{place}.org/a"}
        )
        for place in ("here", "there")
    )
    assert here.loaded.scenario != there.loaded.scenario and here.hash == there.hash
