"""Where the articles contradict each other, each reading lives in a dated scenario of its own; none merges two."""

from __future__ import annotations

import pytest

from sim.scenario.conditions import Bounds, Condition
from sim.scenario.schema import RedLine, Scenario
from tests.library import DATED
from tests.zones import load

DATED_SCENARIOS = {slug: load(slug).scenario for slug in DATED}
S1, S2, S3, S4A, S4B, S5X, S5 = (DATED_SCENARIOS[slug] for slug in DATED)
EVERY = list(DATED_SCENARIOS.values())


def line(scenario: Scenario, line_id: str) -> RedLine:
    return next(line for line in scenario.red_lines if line.id == line_id)


def lines_on(scenario: Scenario, party: str, issue: str) -> list[RedLine]:
    return [line for line in scenario.red_lines if line.party == party and issue in line.requires]


def asked(scenario: Scenario, party: str, issue: str) -> list[Condition]:
    return [condition for line in lines_on(scenario, party, issue) for condition in line.requires.values()]


def places(scenario: Scenario, party: str, issue: str) -> set[tuple[str, int]]:
    found = lines_on(scenario, party, issue)
    return {(source.article, source.paragraph) for line in found for source in line.sources}


def at_most(option: str) -> Bounds:
    return Bounds(at_most=option)


def at_least(option: str) -> Bounds:
    return Bounds(at_least=option)


def test_the_readings_stand_in_the_order_they_are_named_in() -> None:
    names = ["istanbul", "backchannel", "riyadh", "truce-offer", "truce-preconditions", "extended", "stalemate"]
    assert all(slug.endswith(name) for slug, name in zip(DATED, names, strict=True))


def test_an_article_that_names_another_administration_is_flagged_and_dated_by_its_twin() -> None:
    first, second = S4A.articles["000"], S4A.articles["001"]
    assert "Biden administration" in str(second.caveat) and first.caveat is None
    assert str(first.date).split(",")[0] == str(second.date).split(",")[0]
    assert {str(s.as_of) for s in EVERY if ("001", 17) in places(s, "ukraine", "guarantees")} == {"2025-03-13"}


def test_the_election_year_is_off_in_march_and_a_counterfactual_of_its_own() -> None:
    assert {scenario.public for scenario in EVERY} == {0}
    variant = load("variants/2025-03-election-year").scenario
    assert variant.public == 1 and "counterfactual" in variant.title and str(variant.about).startswith("Counterfactual")


def test_the_article_that_calls_a_president_former_is_flagged_and_read_as_of_february_2025() -> None:
    assert "former president" in str(S2.articles["004"].caveat)
    assert str(S2.as_of) == "2025-02-10" and ("004", 6) in {
        (s.article, s.paragraph) for s in S2.grounds["as_of"].articles
    }


def test_the_unacknowledged_contact_and_the_formal_talks_are_two_scenarios() -> None:
    assert S2.as_of and S3.as_of and S2.as_of < S3.as_of
    assert (S2.protocol.name, S3.protocol.name) == ("single_text", "alternating")
    assert S3.protocol.proposers == ["us", "russia"] and S2.protocol.proposers is None


def test_recognition_of_four_oblasts_and_of_crimea_too_are_told_apart_in_words() -> None:
    for scenario in (S3, S4A, S4B, S5, S5X):
        assert asked(scenario, "russia", "legal_status") == [["crimea_and_four_de_jure"]]
        unmentioned = "Crimea goes unmentioned" in str(line(scenario, "russia-recognition").wording)
        assert unmentioned == (scenario is S3)
        assert (("003", 6) in places(scenario, "russia", "legal_status")) == (scenario is S3)


def test_control_of_land_and_its_legal_status_are_separate_lines() -> None:
    assert asked(S2, "russia", "line_of_control") == [at_least("withdrawal_from_four_oblasts")]
    assert asked(S2, "russia", "legal_status") == []
    assert asked(S5, "russia", "line_of_control") == [at_least("withdrawal_from_donbas")]
    assert asked(S5, "russia", "legal_status") == [["crimea_and_four_de_jure"]]
    assert places(S2, "russia", "line_of_control") == {("004", 10)}
    assert places(S5, "russia", "line_of_control") == {("002", 8)}


def test_swaps_the_goal_of_regaining_land_and_no_land_beyond_the_line_are_never_merged() -> None:
    assert places(S3, "ukraine", "line_of_control") == places(S4A, "ukraine", "line_of_control") == {("003", 12)}
    assert places(S5, "ukraine", "line_of_control") == {("002", 14)}
    assert asked(S3, "ukraine", "line_of_control") == [at_most("line_of_contact")]
    goal = S4A.grounds["parties.ukraine.values.line_of_control"].articles[0]
    assert (goal.article, goal.paragraph) == ("001", 17)
    best = max(S4A.parties["ukraine"].values["line_of_control"].items(), key=lambda entry: entry[1])
    assert best[0] == "borders_1991" and not any(
        ("001", 17) in places(scenario, "ukraine", "line_of_control") for scenario in EVERY
    )


def test_an_open_answer_to_a_truce_its_refusal_and_preconditions_are_three_readings() -> None:
    assert (S4A.reading, S4B.reading, S5.reading) == ("settlement", "ceasefire", "settlement")
    for one, other in zip(S4A.red_lines, S4B.red_lines, strict=True):
        assert (one.when, other.when) == ({"hostilities": ["final_treaty"]}, {}) and one.requires == other.requires
    assert lines_on(S4A, "russia", "hostilities") == lines_on(S4B, "russia", "hostilities") == []
    assert asked(S5, "russia", "hostilities") == [["none", "final_treaty"]]


def test_guarantees_are_refused_in_february_unnamed_later_and_carried_forward_until_another_line_is_reported() -> None:
    for scenario, basis in (
        (S3, "reported"),
        (S4A, "carried_forward"),
        (S4B, "carried_forward"),
        (S5, "carried_forward"),
    ):
        assert asked(scenario, "russia", "guarantees") == [at_most("political_assurances")]
        assert [line.basis for line in lines_on(scenario, "russia", "guarantees")] == [basis]


def test_neutrality_was_discussed_in_2022_and_the_path_to_nato_is_kept_in_2025() -> None:
    conditional = line(S1, "ukraine-guarantees-if-neutral")
    assert conditional.when["alignment"] == at_least("permanent_non_membership")
    assert asked(S1, "ukraine", "alignment") == []
    assert asked(S5, "ukraine", "alignment") == [at_most("open_door")]


@pytest.mark.parametrize("bluff", [0, 1])
def test_whether_demands_are_meant_is_a_prior_to_be_swept_not_taken_from_either_article(bluff: int) -> None:
    changed = load("2025-12-stalemate", [f"red_lines.russia-no-nato.bluff={bluff}"]).scenario
    assert line(changed, "russia-no-nato").bluff == bluff
    for scenario in EVERY:
        for field, grounds in scenario.grounds.items():
            cited = {(source.article, source.paragraph) for source in grounds.articles}
            assert not (field.endswith(".bluff") and cited & {("000", 26), ("000", 27), ("002", 19)})


@pytest.mark.parametrize("bias", [-1, 0, 1])
def test_the_mediators_lean_is_swept_and_never_inferred_from_a_fear(bias: int) -> None:
    assert load("2025-12-stalemate", [f"protocol.mediator.bias={bias}"]).scenario.protocol.mediator.bias == bias
    assert {scenario.protocol.mediator.bias for scenario in EVERY} == {0}
    for scenario in [*EVERY, load("variants/2025-12-leaning-mediator").scenario]:
        cited = [s for line in scenario.red_lines for s in line.sources]
        cited += [s for grounds in scenario.grounds.values() for s in grounds.articles]
        assert not any((source.article, source.paragraph) == ("000", 30) for source in cited)


def test_kyivs_seat_differs_by_scenario() -> None:
    assert "ukraine" not in (S3.protocol.proposers or [])
    assert S5.protocol.name == "single_text" and S5.protocol.mediator.party == "us"
    seats = {
        "2025-02-kyiv-at-the-table": ["us", "russia", "ukraine"],
        "2025-02-europe-at-the-table": ["us", "russia", "ukraine", "europe"],
    }
    for slug, who in seats.items():
        assert load(f"variants/{slug}").scenario.protocol.proposers == who
    absent = load("variants/2025-02-over-their-heads").case
    assert [party.id for party in absent.parties if party.signs] == ["russia", "us"]


def test_a_list_whose_text_is_not_public_is_reported_and_less_sure_to_be_meant() -> None:
    for scenario in (S4A, S4B):
        ours = [line for line in scenario.red_lines if line.party == "russia"]
        assert {line.basis for line in ours} == {"reported", "carried_forward"}
        assert {line.bluff for line in ours} == {0.4} and RedLine.model_fields["bluff"].default == 0.2
