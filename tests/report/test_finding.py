"""The finding in one sentence: it says what the measures hold, for one party or twelve, with a zone or without."""

from __future__ import annotations

from dataclasses import replace

import pytest

import sim
from sim.report.conflict_sentences import without_clash
from sim.report.finding_sentences import PLAIN_VERDICTS, headline, number, talks_answer
from sim.scenario.talks_schema import Agreement
from sim.study.measures import zone_measures
from sim.study.run import VERDICT_WORDS, run
from sim.study.saved import SavedRun, saved
from sim.talks.how_talks_end import Ending
from sim.zone.region import find_zone


@pytest.fixture(scope="module")
def two() -> SavedRun:
    return saved(run(sim.load("toy/two-issues")))


@pytest.fixture(scope="module")
def war() -> SavedRun:
    return saved(run(sim.load("2025-03-truce-offer", without=("russia-recognition",))))


def told(of: SavedRun, ceasefire: int, settlement: int) -> str:
    sizes = of.zone.zone["declared"] | {"ceasefire": ceasefire, "settlement": settlement}
    found = replace(of.zone, zone=of.zone.zone | {"declared": sizes})
    return headline(of.loaded.scenario, found)


def test_a_zone_is_told_by_its_size_and_of_what(two: SavedRun, war: SavedRun) -> None:
    assert headline(two.loaded.scenario, two.zone).endswith("deals suit both")
    assert told(two, 1, 1) == "One deal suits both"
    assert told(two, 2_772, 0) == "2,772 deals suit both"
    assert told(war, 2_772, 0) == "2,772 ceasefires suit all four; no settlement does"
    assert told(war, 20, 7) == "20 deals suit all four, seven of them settlements"


@pytest.mark.parametrize(
    ("without", "changes", "said"),
    [
        (
            ["joe-keeps-the-tree"],
            {"ira": 80, "joe": 80},
            "No party has a red line here; what Ira and Joe expect without",
        ),
        (["joe-keeps-the-tree"], {"ira": 101}, "No party has a red line here; what Ira expects without a deal leaves"),
        ([], {"ira": 101}, "No red lines exclude each other; what Ira expects without a deal leaves nothing."),
        ([], {"ira": 60, "joe": 1}, ""),
    ],
)
def test_a_zone_that_no_clash_of_red_lines_closes_says_what_does(
    without: list[str], changes: dict[str, int], said: str
) -> None:
    loaded = sim.load("toy/two-issues", [f"parties.{p}.reservation={r}" for p, r in changes.items()], without)
    found = without_clash(loaded.scenario, zone_measures(loaded, find_zone(loaded.case)))
    assert found.startswith(said) and bool(found) == bool(said)


def test_without_a_zone_the_headline_says_what_stands_in_the_way(two: SavedRun) -> None:
    none = replace(two.zone, conflicts=two.zone.conflicts | {"ceasefire": [["reservation:ira", "reservation:joe"]]})
    shut = replace(none, zone=none.zone | {"declared": dict.fromkeys(none.zone["declared"], 0)})
    scenario = two.loaded.scenario
    assert headline(scenario, shut) == "No deal suits both: each leaves somebody worse off than without one"
    mixed = replace(shut, conflicts=shut.conflicts | {"ceasefire": [["joe-keeps-the-tree", "reservation:ira"]]})
    assert "those within the red lines leave somebody worse off" in headline(scenario, mixed)
    alone = replace(shut, conflicts=shut.conflicts | {"ceasefire": [["joe-keeps-the-tree"]]})
    assert headline(scenario, alone) == "No deal suits both: a red line alone leaves none"
    empty = replace(shut, definition=dict.fromkeys(shut.definition, 0))
    assert headline(scenario, empty) == "No deal suits both: the scenario's rules leave none"


def test_talks_that_need_fewer_signatures_say_how_many(two: SavedRun) -> None:
    scenario = two.loaded.scenario
    few = scenario.protocol.model_copy(update={"agreement": Agreement(at_least=1)})
    said = headline(scenario.model_copy(update={"protocol": few}), two.zone)
    assert said.endswith("the one of two whose signatures it takes")


def test_every_ending_of_the_talks_is_an_answer_in_words(war: SavedRun) -> None:
    scenario = war.loaded.scenario
    for ending in Ending:
        if ending == Ending.OPEN:
            continue
        for verdict in VERDICT_WORDS:
            result = replace(war.talks, ending=ending.name.lower(), verdict=verdict, round=10)
            said = talks_answer(scenario, result)
            assert said.split(": ")[0] in ("Yes", "No", "Unknown") and len(said) > 12
            assert (said[:3] == "Yes") == (verdict == "reached" and ending.name != "MILITARY_END")
    gone = replace(war.talks, ending="walk_out", verdict="structural", round=10)
    left = replace(gone, path=replace(gone.path, left="russia"))
    assert talks_answer(scenario, left) == "No: Russia walked out in round 10 of 24"
    mediator = replace(gone, ending="mediator_exit")
    assert talks_answer(scenario, mediator) == "No: the mediator (United States) gave up in round 10 of 24"


def test_every_verdict_has_a_plain_sentence_and_small_numbers_are_words() -> None:
    assert PLAIN_VERDICTS.keys() == VERDICT_WORDS.keys()
    assert [number(n) for n in (0, 12, 13, 1_000)] == ["no", "twelve", "13", "1,000"]
