"""Titles of pictures are sentences that follow from what is drawn."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import sim
from sim.report.pictures import titles
from sim.study.incidence import incidence
from sim.study.many import run_many
from sim.zone.steps import Steps, Way


def test_a_range_names_the_issues_that_shut_the_zone_or_says_that_none_does() -> None:
    assert titles.ranges(["Land", "Status"], 9, False) == "No option suits all on Land and Status"
    assert titles.ranges(list("abcd"), 9, False) == "No option suits all on four of nine issues"
    assert titles.ranges([], 9, True) == "Every issue has an option that suits all"
    assert titles.ranges([], 9, False).endswith("and yet no package does")


def test_moves_name_those_who_move_in_every_way() -> None:
    scenario = sim.load("toy/two-issues").scenario
    steps = Steps(2, [Way({"ira": 1, "joe": 1}, 3), Way({"ira": 0, "joe": 2}, 3)], {}, None)
    assert titles.moves(scenario, steps) == "2 steps of red lines open a zone; every way to do so moves a line of Joe"
    both = replace(steps, ways=steps.ways[:1])
    assert titles.moves(scenario, both).endswith("every way to do so moves lines of Ira and Joe")
    assert titles.moves(scenario, replace(steps, ways=[])) == "2 steps of red lines open a zone"


def test_answers_endings_and_rounds_are_told_as_they_are() -> None:
    assert titles.last_answers(["A", "B"], []) == "In the last round all said yes"
    assert titles.last_answers([], ["A"]) == "In the last round all said no"
    assert titles.last_answers(["A", "B"], ["C"]) == "In the last round A and B said yes, C no"
    batch = run_many(sim.load("toy/two-issues"), 20)
    agree = batch.measured.talks_agree
    assert titles.endings(batch.measured).startswith(f"{100 * agree.known:.0f} % of runs end in an agreement")
    found: Any = incidence(batch.results, batch.loaded.case.protocol.deadline)
    assert f"by round {found.first_signed}" in titles.rounds(found)
    last: Any = SimpleNamespace(first_signed=9, in_last_round=1.0)
    assert titles.rounds(last) == "Every agreement was first signed in the deadline round"
    none: Any = SimpleNamespace(first_signed=None, in_last_round=None)
    assert titles.rounds(none) == "No run agreed"


def test_who_moved_most_is_named_with_the_issue() -> None:
    assert titles.moved(["A", "B"], ["Land", "Aid"], [[0.5, 1], [2.25, 0]]) == "B moved most, on Land: 2.2 times a run"
    assert titles.moved(["A"], ["Land"], [[0.0]]) == "Nobody's offers moved"


def test_a_comparison_counts_the_cases_with_a_zone_reading_by_reading() -> None:
    some, none = ({"declared": {"ceasefire": size, "settlement": 0}} for size in (7, 0))
    views: Any = {"ceasefire if lines bind a": [some, some, none], "ceasefire if lines bind b": [some, None, none]}
    said = "Two of three cases have a zone if lines bind a; one of two if lines bind b"
    assert titles.compared(views) == said
    assert titles.compared({"zone": views["ceasefire if lines bind b"][1:]}) == "None of one cases have a zone"


def test_tactics_that_score_alike_are_named_together_or_counted() -> None:
    assert titles.tactics([("stall", 0.5), ("linear", 0.4)]) == "stall gains most: 0.50 of what there was to gain"
    many = [(name, 0.7001) for name in "abcde"] + [("f", 0.6)]
    assert titles.tactics(many) == "Five tactics gain most: 0.70 of what there was to gain"
