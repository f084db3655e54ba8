"""A zone under both readings of its red lines: the same sizes as two zones, with packages valued once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.library import slugs
from sim.stakes.case import Case
from sim.stakes.clauses import Clause
from sim.stakes.redlines import RedLine, RedLines
from sim.study.readings import sizes_by_reading
from sim.zone.region import find_zone
from sim.zone.rereading import sizes, sizes_under
from tests.strategies import cases, grouped, staked, unhurried
from tests.zones import load, zone

DATED = {
    "2025-02-backchannel": 838,
    "2025-02-riyadh": 2_772,
    "2025-03-truce-offer": 2_772,
    "2025-03-truce-preconditions": 2_772,
    "2025-12-stalemate": 0,
    "2022-istanbul": 14,
}
"""Packages of the ceasefire zone if red lines bind a settlement alone; if they bind any ceasefire, there is none."""


def drawn_elsewhere(case: Case, dice: np.random.Generator) -> Case:
    """The case with the same red lines, some of which bind under other conditions."""

    def moved(line: RedLine) -> RedLine:
        if dice.random() < 0.3:
            return line
        axis = int(dice.integers(len(case.space.issues)))
        when = {} if dice.random() < 0.5 else {axis: frozenset({0})}
        forms = tuple(Clause(form.on, form.allowed, when) for form in line.ladder)
        harder = line.harder and Clause(line.harder.on, line.harder.allowed, when)
        return replace(line, ladder=forms, harder=harder)

    return replace(case, red_lines=RedLines(case.space, tuple(map(moved, case.red_lines.lines))))


@given(st.one_of(cases(), grouped(), staked(most_rows=1)), st.integers(0, 2**32))
@unhurried
def test_other_conditions_of_the_same_lines_give_the_sizes_of_a_zone_of_their_own(case: Case, seed: int) -> None:
    other = drawn_elsewhere(case, np.random.default_rng(seed))
    assert sizes_under(find_zone(case), other) == sizes(find_zone(other))


@pytest.mark.scenario
@pytest.mark.parametrize("slug", DATED)
def test_every_dated_case_has_both_readings_and_the_same_settlements_in_each(slug: str) -> None:
    found = sizes_by_reading(load(slug), zone(slug))
    assert found is not None
    declared = {read: of["declared"]["ceasefire"] for read, of in found.items()}
    assert declared == {"settlement": DATED[slug], "ceasefire": 0}
    both = [{name: of[name]["settlement"] for name in of} for of in found.values()]
    assert both[0] == both[1]
    (other,) = set(found) - {load(slug).scenario.reading}
    assert found[other] == sizes(zone(slug, f"reading={other}"))


def test_the_other_reading_values_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    march = zone("2025-03-truce-offer")

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("valued again")

    monkeypatch.setattr(Case, "values_over", refuse)
    assert sizes_by_reading(load("2025-03-truce-offer"), march) is not None


def test_a_case_whose_settlements_are_all_its_ceasefires_has_no_readings() -> None:
    assert sizes_by_reading(load("toy/two-issues"), zone("toy/two-issues")) is None
    with pytest.raises(ScenarioError, match="needs a settlement that is one of the endings"):
        load("toy/two-issues", ["reading=ceasefire"])


def test_every_shipped_case_with_a_reading_can_be_read_both_ways() -> None:
    for slug in slugs():
        if load(slug).scenario.reading is not None:
            for reading in ("settlement", "ceasefire"):
                assert load(slug, [f"reading={reading}"]).scenario.reading == reading
