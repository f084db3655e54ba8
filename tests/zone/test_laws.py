"""Laws of the shipped zones: an ending carries what stands under it, title follows control, lines only take away."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.scenario.library import shipped
from sim.zone.region import members
from tests.zones import load, zone

ENDING, LINE, TITLE = "hostilities", "line_of_control", "legal_status"
HELD = {
    "borders_1991": ["borders_affirmed", "deferred"],
    "line_of_february_2022": ["borders_affirmed", "deferred", "de_facto_only", "crimea_de_jure"],
}
"""The most that can be recognised where control goes back so far: there must be something held to hand over."""


@pytest.mark.parametrize("reading", ["settlement", "ceasefire"])
@pytest.mark.parametrize("slug", shipped("dated"))
def test_no_package_of_any_zone_holds_what_its_ending_cannot_carry_or_title_to_land_that_is_not_held(
    slug: str, reading: str
) -> None:
    scenario = load(slug).scenario
    whole = zone(slug, f"reading={reading}")
    inside = members(whole, "none").packages  # lines and other readings only take away from these
    options = {issue_id: list(issue.options) for issue_id, issue in scenario.issues.items()}
    axis = {issue_id: n for n, issue_id in enumerate(options)}
    assert len(inside) > 1_000
    for ending in np.unique(inside[:, axis[ENDING]]):
        carries = scenario.issues[ENDING].told(options[ENDING][ending]).carries
        under = inside[inside[:, axis[ENDING]] == ending]
        for issue_id in set(options) - set(scenario.pins) - {ENDING}:
            for option in np.unique(under[:, axis[issue_id]]):
                told = scenario.issues[issue_id].told(options[issue_id][option])
                undo = math.inf if told.undo == "never" else told.undo
                assert carries is None or (told.takes <= carries.takes and undo <= carries.undo), (ending, told)
    for line, titles in HELD.items():
        there = inside[inside[:, axis[LINE]] == options[LINE].index(line)]
        assert {options[TITLE][title] for title in np.unique(there[:, axis[TITLE]])} <= set(titles)


@pytest.mark.parametrize("slug", ["2025-03-truce-offer", "2025-03-truce-preconditions"])
def test_a_red_line_never_enlarges_the_zone_when_all_must_agree(slug: str) -> None:
    whole = zone(slug)
    for line in load(slug).scenario.red_lines[::4]:
        without = zone(slug, without=(line.id,))
        for name in ("ceasefire", "settlement"):
            for reading in ("declared", "true", "lines_only", "none"):
                assert without.size(reading, name) >= whole.size(reading, name)  # type: ignore[arg-type]
