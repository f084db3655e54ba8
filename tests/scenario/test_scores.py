"""Points in units of a party's own: scaled as worked out by hand, and no comparison of packages changes."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from sim import ScenarioError, load
from sim.scenario.loader import restored, units_of
from sim.scenario.scores import rescaled
from sim.zone.region import find_zone, members
from tests.conftest import ROOT, SMALL, Cli, Write

KIOSK = ROOT / "tests" / "cases" / "valid" / "as-given.yaml"


def test_points_as_given_come_to_what_was_worked_out_by_hand() -> None:
    """Ada has 150 + 50 points: one is half a point. Bo's rent runs from -60 to 0 and his stand to 40, so -10 is 50."""
    scenario = load(KIOSK).scenario
    ada, bo = scenario.parties["ada"], scenario.parties["bo"]
    assert ada.weights == {"rent": 75, "stand": 25} and ada.reservation == 30
    assert ada.values == {"rent": {"100": 0, "200": 0.5, "300": 1}, "stand": {"gate": 1, "square": 0.4}}
    assert bo.weights == {"rent": 60, "stand": 40} and bo.reservation == 50
    assert bo.values["rent"] == {"100": 1, "200": 0.5, "300": 0}
    assert scenario.interactions[0].points == 5
    assert units_of(str(KIOSK)) == {"ada": 0.5, "bo": 1}


@pytest.mark.parametrize(
    ("party", "put", "said"),
    [
        ("ada", {"reservation": 7000}, "parties.ada.reservation: should be less than or equal to 2000, not 7000"),
        ("bo", {"reservation": -2000}, "parties.bo.reservation: should be greater than or equal to -1060, not -2000"),
        ("ada", {"ratification": {"quorum": 0.7, "spread": -3}}, "greater than or equal to 0, not -3"),
    ],
)
def test_a_number_out_of_range_is_told_as_the_file_has_it(
    write: Write, party: str, put: dict[str, Any], said: str
) -> None:
    data = yaml.safe_load(KIOSK.read_text("utf-8"))
    data["parties"][party] |= put
    with pytest.raises(ScenarioError) as told:
        load(write(yaml.safe_dump(data)))
    assert str(told.value).endswith(said)


SCORE = st.integers(-50, 100)


@given(st.lists(st.tuples(*[SCORE] * 6), min_size=2, max_size=2), st.sampled_from([1, 3, 0.25]))
def test_scaling_changes_no_comparison_of_packages_with_each_other_or_with_what_a_party_needs(
    wishes: list[tuple[int, ...]], weight: float
) -> None:
    data = yaml.safe_load(SMALL) | {"scale": "as_given"}
    packages = list(product(("low", "middle", "high"), ("here", "there")))
    raw = []
    for party, (*price, here, there, floor) in zip(data["parties"].values(), wishes, strict=True):
        span = weight * (max(price) - min(0, *price)) + max(here, there) - min(0, here, there)
        assume(span >= 20)
        of = {
            "price": dict(zip(("low", "middle", "high"), price, strict=True)),
            "place": {"here": here, "there": there},
        }
        party |= {"values": of, "weights": {"price": weight, "place": 1}, "reservation": floor}
        raw.append([weight * of["price"][one] + of["place"][other] for one, other in packages])
    loaded = restored("case", "case", data)
    found = {tuple(loaded.case.space.names(row).values()) for row in members(find_zone(loaded.case)).packages}
    suits = [all(of[n] >= wish[-1] for of, wish in zip(raw, wishes, strict=True)) for n in range(len(packages))]
    assert found == {package for package, suited in zip(packages, suits, strict=True) if suited}
    points = loaded.case.preferences.utilities(np.array(list(product(range(3), range(2))), dtype=np.int8))
    for party, given_points in enumerate(raw):
        for one, other in product(range(len(packages)), repeat=2):
            if given_points[one] > given_points[other]:
                assert points[one, party] > points[other, party]


def test_ranges_and_what_else_is_counted_in_points_are_in_the_units_of_the_file(write: Write) -> None:
    data = yaml.safe_load(KIOSK.read_text("utf-8"))
    data["parties"]["ada"] |= {"ratification": {"quorum": 0.7, "spread": 30}, "tactic": {"stay": 8}}
    data["ranges"] = {
        "parties.ada.ratification.spread": [10, 40],
        "parties.bo.reservation": {"low": -30, "high": 10},
        "parties.ada.reservation": [0.5, 2, "factor"],
        "parties.ada.tactic.exponent": [0.5, 2, "log"],
    }
    scenario = load(write(yaml.safe_dump(data))).scenario
    ada = scenario.parties["ada"]
    assert ada.ratification is not None and (ada.ratification.spread, ada.tactic.stay) == (15, 4)
    found = {path: (given.low, given.high, given.scale) for path, given in scenario.ranges.items()}
    assert found == {
        "parties.ada.ratification.spread": (5, 20, "linear"),
        "parties.bo.reservation": (30, 70, "linear"),
        "parties.ada.reservation": (0.5, 2, "factor"),
        "parties.ada.tactic.exponent": (0.5, 2, "log"),
    }
    data["ranges"] = {"parties.bo.reservation": [0.5, 2, "factor"]}
    with pytest.raises(ScenarioError, match=r"factor of points that begin below 0 has no meaning .* say linear"):
        load(write(yaml.safe_dump(data)))


def test_a_scenario_without_the_word_is_untouched_and_a_scaled_one_stays_as_it_is() -> None:
    data = yaml.safe_load(SMALL)
    assert rescaled(data) is data
    resolved = load(KIOSK).scenario.model_dump(mode="json")
    assert "scale" not in resolved and restored("a", "a", resolved).scenario.parties == load(KIOSK).scenario.parties
    assert load(KIOSK, ["parties.bo.reservation=40"]).scenario.parties["ada"] == load(KIOSK).scenario.parties["ada"]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("low: 0, middle: 0.5, high: x", "parties.seller.values.price.high: should be a number, not 'x'"),
        ("low: 0, middle: 0.5", 'parties.seller.values.price: says nothing of option "high"'),
        ("low: -1, middle: -1, high: -1", "should be greater than or equal to 0, not -1"),
    ],
)
def test_points_that_cannot_be_scaled_are_refused_in_the_words_of_the_file(
    said: str, complaint: str, write: Write
) -> None:
    text = SMALL.replace("title:", "scale: as_given\ntitle:").replace("low: 0, middle: 0.5, high: 1", said)
    text = text.replace("{here: 1, there: 0}", "{here: 0, there: 0}")
    with pytest.raises(ScenarioError) as found:
        load(write(text))
    assert any(complaint in line and "case.yaml line " in line for line in found.value.lines()), found.value.lines()


def test_a_war_has_no_points_of_its_own(write: Write) -> None:
    path = write("extends: 2025-12-stalemate\nscale: as_given\n")
    with pytest.raises(ScenarioError, match="scale: is for a case without a war"):
        load(path)


def test_check_says_what_a_point_of_the_file_came_to(cli: Cli) -> None:
    said = cli("check", str(KIOSK)).stdout.splitlines()[1:]
    assert said == ["  Ada: a point of the file is 0.5 of 100; it signs from 30.0",
                    "  Bo: a point of the file is 1 of 100; it signs from 50.0"]  # fmt: skip
    assert len(cli("check", "toy/two-issues").stdout.splitlines()) == 1
