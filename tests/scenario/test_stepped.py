"""Issues over numbers: options by steps, values on straight lines between points, numbers in place of options."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim import ScenarioError, load, sweep
from sim.scenario.fields import as_taken, find_field
from sim.scenario.packages import read_package
from sim.scenario.schema import json_schema
from sim.scenario.stepped import Steps, interpolated
from sim.sweeps.outcomes import Laboratory
from sim.talks.batch import negotiate
from tests.conftest import ROOT, Write

WAGES = ROOT / "tests" / "cases" / "valid" / "wage-round.yaml"


def steps(**said: float) -> Steps:
    return Steps.model_validate({key.rstrip("_"): value for key, value in said.items()})


def test_options_are_the_numbers_as_people_write_them() -> None:
    assert list(steps(from_=10, to=50, step=5).options()) == ["10", "15", "20", "25", "30", "35", "40", "45", "50"]
    assert steps(from_=-0.1, to=0.2, step=0.1).options() == {"minus_0_1": "-0.1", "0": "0", "0_1": "0.1", "0_2": "0.2"}
    assert list(steps(from_=0, to=10, steps=4).options().values()) == ["0", "3.333333", "6.666667", "10"]
    assert list(steps(from_=0, to=1e9, steps=2).options()) == ["0", "1000000000"]


@given(st.integers(-500, 500), st.integers(1, 400), st.integers(1, 90), st.integers(0, 3))
def test_a_range_has_an_option_at_every_step_or_is_refused_for_too_many(
    low: int, step: int, many: int, decimals: int
) -> None:
    unit = 10**decimals
    ends = {"from": low / unit, "to": (low + step * many) / unit, "step": step / unit}
    if many > 63:
        with pytest.raises(
            ValidationError, match=f"makes {many + 1} options; the maximum is 64 .did you mean step: "
        ) as no:
            Steps.model_validate(ends)
        better = float(str(no.value).split("did you mean step: ")[1].split("?")[0])
        assert len(Steps.model_validate(ends | {"step": better}).numbers()) <= 64
        return
    exact = [Fraction(low + step * place, unit) for place in range(many + 1)]
    assert [Fraction(number) for number in Steps.model_validate(ends).numbers()] == exact


@given(
    st.dictionaries(st.integers(1, 59), st.floats(0, 1), max_size=5),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_values_lie_on_straight_lines_between_the_points_that_are_given(
    inner: dict[int, float], first: float, last: float
) -> None:
    points = {0: first, **inner, 60: last}
    said = {
        "issues": {"pay": {"range": {"from": 0, "to": 6, "step": 0.5}}},
        "parties": {"a": {"values": {"pay": {f"{point / 10:g}": value for point, value in points.items()}}}},
    }
    found = interpolated(said)["parties"]["a"]["values"]["pay"]
    at = sorted(points)
    line = np.interp(np.arange(13) * 5, at, [points[point] for point in at])
    assert list(found.values()) == pytest.approx(line.tolist(), abs=1e-12)
    assert list(found) == list(steps(from_=0, to=6, step=0.5).options())


def test_a_wage_round_over_numbers_is_the_one_that_was_worked_out_by_hand() -> None:
    scenario = load(WAGES).scenario
    assert scenario.parties["union"].values["pay"]["1_5"] == pytest.approx(0.3)
    assert scenario.parties["union"].values["pay"]["4_5"] == pytest.approx(0.85)
    assert scenario.parties["employers"].values["hours"]["36"] == pytest.approx(0.28)
    assert scenario.parties["employers"].values["hours"]["39"] == pytest.approx(0.88)
    assert scenario.issues["pay"].labels["2_5"] == "2.5"


def test_a_number_names_its_option_in_packages_changes_and_sweeps() -> None:
    loaded = load(WAGES, ["pins.pay=2.5", "issues.hours.status_quo=36"])
    assert loaded.scenario.pins == {"pay": "2_5"} and loaded.scenario.issues["hours"].status_quo == "36"
    package, named = read_package(load(WAGES).case.space, "pay=2.5,hours=38")
    assert load(WAGES).case.space.names(package) == {"pay": "2_5", "hours": "38"} and named == ("pay", "hours")
    assert as_taken(find_field(load(WAGES), "pins.pay"), 2.5) == "2_5"


def test_a_change_or_a_sweep_gives_an_issue_other_steps_and_the_points_that_stand_are_kept(write: Write) -> None:
    loaded = load(WAGES, ["issues.pay.range.step=0.25", "issues.hours.range.steps=3"])
    union, employers = (loaded.scenario.parties[party].values for party in ("union", "employers"))
    assert union["pay"]["4_25"] == pytest.approx(0.825) and union["pay"]["3_5"] == pytest.approx(0.7)
    assert list(employers["hours"]) == ["35", "37_5", "40"] and len(loaded.scenario.issues["pay"].options) == 25
    again = load(loaded, ["issues.pay.range.step=0.5"])
    assert again.scenario.parties["union"].values["pay"] == load(WAGES).scenario.parties["union"].values["pay"]
    made = sweep(str(WAGES), ["issues.pay.range.step=0.5,0.25"], kind="grid", replications=1)
    found = Laboratory(made).outcomes(0, 2)
    assert not found.failures
    for run, step in enumerate(("0.5", "0.25")):
        case = load(WAGES, [f"issues.pay.range.step={step}"]).case
        assert found.columns["package"][run] == case.space.ids(negotiate(case, made.draw_numbers(
            np.array([run]), np.array([0])), made.seed).agreed)[0]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("issues.pay.range.step=2", 'pay has no option "3_5"'),
        ("issues.pay.range.step=0.7", "misses 6 (did you mean to: 5.6 or 6.3?)"),
        ("issues.pay.range.stp=1", 'did you mean "step"'),
        ("issues.pay.range.to=8", 'says nothing of option "6_5"'),
    ],
)
def test_steps_that_do_not_fit_are_refused_where_they_are_asked_for(change: str, complaint: str) -> None:
    with pytest.raises(ScenarioError) as found:
        load(WAGES, [change])
    assert f"--set {change}" in str(found.value) and complaint in str(found.value)


def test_an_issue_in_words_has_no_steps_to_change() -> None:
    with pytest.raises(ScenarioError, match='there is no "range"'):
        load("toy/two-issues", ["issues.tree.range.step=1"])


def test_a_file_that_extends_another_gives_the_same_issue_other_steps(write: Write) -> None:
    write(WAGES.read_text("utf-8"), "wages.yaml")
    path = write("extends: wages\nissues: {pay: {range: {step: 1}}, hours: {range: {steps: 2}}}\nred_lines: [{id: cap, "
                 "requires: {pay: {at_most: 3}}}]\nprotocol: {start_text: {pay: 2}}\n")  # fmt: skip
    issues = load(path).scenario.issues
    assert list(issues["pay"].options) == ["0", "1", "2", "3", "4", "5", "6"] and list(issues["hours"].options) == [
        "35",
        "40",
    ]


def test_the_schema_for_editors_knows_ranges_and_numbers_in_the_place_of_options() -> None:
    parts = json_schema()["$defs"]
    assert list(parts["Steps"]["properties"]) == ["from", "to", "step", "steps"]
    assert parts["Issue"]["properties"]["status_quo"]["type"] == ["string", "number"]
    assert "range" not in load(WAGES).scenario.model_dump()["issues"]["pay"], "results keep their hashes"
