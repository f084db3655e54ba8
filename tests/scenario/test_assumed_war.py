"""Figures that two implementations worked out from the model's text: with the war's numbers assumed, and as shipped.

The shipped numbers rest on published figures where there are any; the variant keeps the round ones of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from sim.scenario.library import slugs
from sim.scenario.loader import Loaded
from sim.stakes.space import FloatArray
from sim.stakes.stages import ZONE_NAMES
from sim.study.explain import thresholds
from sim.study.truces import truce_measures
from sim.zone.constraints import READINGS
from sim.zone.diagnosis import conflicts, relaxations
from sim.zone.region import Zone, clear_packages, find_zone, members
from tests.zones import load
from tests.zones import zone as zone_of

ASSUMED = "variants/2025-03-assumed-war"
LIMITS = "red_lines.russia-root-causes.requires.european_security={at_least: exercise_and_missile_limits}"
"""Root causes as the text reads them; the shipped lines read them at enlargement."""
FIVE = ["2025-02-backchannel", "2025-02-riyadh", "2025-03-truce-offer", "2025-12-stalemate", "2022-istanbul"]


@cache
def as_assumed() -> tuple[str, ...]:
    """The changes that give any dated scenario the war of the variant."""
    war = load(ASSUMED).scenario.war
    assert war is not None
    numbers = {name: getattr(war, name) for name in ("share", "hazard", "drift", "sigma")}
    held = {f"hold.{name}": getattr(war.hold, name) for name in ("armistice", "treaty")}
    return tuple(f"war.{name}={value}" for name, value in {**numbers, **held}.items())


def of_the_text(slug: str, *changes: str) -> Loaded:
    """A dated scenario with the war and the lines of the text, which gives the United States no line on accession."""
    known = {line.id for line in load(slug).scenario.red_lines}
    read = [LIMITS] if "russia-root-causes" in known else []
    return load(slug, [*as_assumed(), *read, *changes], known & {"us-no-accession"})


def by_ending(zone: Zone, reading: str) -> list[int]:
    """How many truces, armistices and treaties a reading leaves."""
    return np.bincount(members(zone, reading).packages[:, 0], minlength=5)[2:].tolist()  # type: ignore[arg-type, no-any-return]


def conflicts_of(zone: Zone) -> tuple[int, int, int, int]:
    """Conflicts among settlements of lines alone, and with reservation values; ways to end these, the smallest."""
    ways = relaxations(zone, "declared", "settlement").bits
    alone, all_ = (len(conflicts(zone, reading, "settlement").bits) for reading in ("lines_only", "declared"))
    return alone, all_, len(ways), min(mask.bit_count() for mask in ways)


def test_march_has_the_counts_of_the_text() -> None:
    march = zone_of(ASSUMED)
    assert (march.coherent, march.size("lines_only"), march.size()) == (1_466_656, 21_728, 3_048)
    assert by_ending(march, "declared") == [14, 3_034, 0]
    # The text prints 156,333 treaties, which come of two knots at one share; one knot a share, as it says, gives these.
    assert by_ending(march, "none") == [14, 3_034, 156_709]


def margins(zone: Zone) -> FloatArray:
    """What the packages that cross no line are worth to each signatory above its reservation value ``(N, S)``."""
    case = zone.case
    clear = clear_packages(zone, zone.constraints.of("lines_only"))
    return np.stack([case.value(party, clear) - case.reservation[0, party] for party in case.signatories], axis=1)


@pytest.mark.parametrize("slug", [ASSUMED, "2025-03-truce-offer"])
def test_no_count_hangs_on_a_billionth_of_a_point(slug: str) -> None:
    zone = zone_of(slug)
    worth = margins(zone)
    assert len(worth) == 21_728
    assert {int((worth >= bar).all(axis=1).sum()) for bar in (-2e-9, -1e-9, 0.0, 1e-9)} == {zone.size()}


@pytest.mark.slow
@pytest.mark.parametrize("slug", slugs())
def test_no_count_of_any_scenario_hangs_on_a_billionth_of_a_point(slug: str) -> None:
    case = load(slug).case
    counts = set()
    for bar in (-5e-10, 0.0, 5e-10) if case.outlook is None else (-1e-9, 0.0, 1e-9):
        zone = find_zone(replace(case, reservation=case.reservation + bar))
        counts.add(tuple(zone.size(reading, name) for reading in READINGS for name in ZONE_NAMES))
    assert len(counts) == 1


def test_a_plain_truce_is_worth_what_the_text_says_and_turns_for_russia_at_a_cost_of_34() -> None:
    loaded = load(ASSUMED)
    gains = truce_measures(loaded.case)
    assert gains is not None
    told = {"russia": -0.161, "ukraine": 0.286, "us": 1.096, "europe": 0.224}
    assert {party: round(gain, 3) for party, gain in gains.items()} == told
    turns = {entry.path: entry.turns_at for entry in thresholds(loaded.case, 0, loaded)}
    assert turns["parties.russia.war.cost"] == pytest.approx(34, abs=0.5)


@pytest.mark.parametrize(
    ("slug", "lines_only", "declared", "found"),
    [
        ("2025-02-backchannel", 7_264, [6, 1_001, 0], (1, 1, 2, 1)),
        ("2025-02-riyadh", 21_728, [14, 3_034, 0], (3, 21, 20, 3)),
        ("2025-03-truce-offer", 21_728, [14, 3_034, 0], (3, 31, 31, 3)),
        ("2025-12-stalemate", 0, [0, 0, 0], (4, 51, 64, 4)),
        ("2022-istanbul", 25_984, [6, 3_261, 0], (3, 3, 12, 3)),
    ],
)
def test_both_readings_of_five_moments_leave_what_the_text_says(
    slug: str, lines_only: int, declared: Sequence[int], found: tuple[int, ...]
) -> None:
    settlement = find_zone(of_the_text(slug).case)
    assert settlement.size("lines_only") == lines_only and settlement.size() == sum(declared)
    assert not declared[1] or by_ending(settlement, "declared") == declared
    assert conflicts_of(settlement) == found
    ceasefire = find_zone(of_the_text(slug, "reading=ceasefire").case)
    assert ceasefire.size() == ceasefire.size("lines_only") == 0


def test_one_line_closes_december_and_without_it_march_is_left() -> None:
    loaded = of_the_text("2025-12-stalemate")
    lines = {line.id for line in loaded.scenario.red_lines}
    known = {line.id for line in load("2025-12-stalemate").scenario.red_lines}
    without = {"russia-no-temporary-ceasefire"} | (known - lines)
    zone = find_zone(load("2025-12-stalemate", loaded.changes, without).case)
    assert by_ending(zone, "declared") == [14, 3_034, 0]


@pytest.mark.parametrize(
    ("slug", "declared", "treaties", "found"),
    [
        ("2025-02-backchannel", [4, 834, 0], 25_036, (1, 1, 2, 1)),
        ("2025-02-riyadh", [10, 2_762, 0], 112_999, (3, 22, 16, 3)),
        ("2025-03-truce-offer", [10, 2_762, 0], 112_999, (4, 29, 35, 4)),
        ("2025-12-stalemate", [0, 0, 0], 112_846, (5, 69, 109, 5)),
        ("2022-istanbul", [0, 14, 0], 8_183, (3, 10, 23, 3)),
    ],
)
def test_the_shipped_figures_of_five_moments(
    slug: str, declared: list[int], treaties: int, found: tuple[int, ...]
) -> None:
    zone = zone_of(slug)
    assert zone.size() == sum(declared) and (not sum(declared) or by_ending(zone, "declared") == declared)
    assert by_ending(zone, "none")[2] == treaties
    assert conflicts_of(zone) == found
    assert zone_of(slug, "reading=ceasefire").size() == 0


AFTER_THE_DRAFT_OF_2022 = {
    "hostilities": "final_treaty", "line_of_control": "line_of_february_2022", "legal_status": "deferred",
    "alignment": "permanent_neutrality", "foreign_troops": "none", "force_limits": "medium_cap",
    "sanctions": "phased_relief", "internal_affairs": "minority_rights",
}  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "guarantees", "gains"),
    [
        # With the text's two knots: 5.1, 24.1 and 0.1, 9.3.
        (ASSUMED, "snap_back", (5.18, 24.04)),
        (ASSUMED, "guarantor_unanimity", (0.24, 9.29)),
        # A war that ends soon by itself leaves Russia more to hope for: with the hazard of its second month, no deal.
        ("2022-istanbul", "snap_back", (-5.33, 12.75)),
        ("2022-istanbul", "guarantor_unanimity", (-4.80, -0.38)),
    ],
)
def test_istanbul_was_nearly_a_deal_for_both_belligerents_if_the_war_was_to_last(
    slug: str, guarantees: str, gains: tuple[float, float]
) -> None:
    case = load(slug).case
    package = case.space.package(AFTER_THE_DRAFT_OF_2022 | {"guarantees": guarantees})[None]
    found = [float(case.value(party, package)[0] - case.reservation[0, party]) for party in case.belligerents]
    assert found == pytest.approx(gains, abs=0.011)


def test_the_draft_of_2022_suited_both_if_the_war_was_expected_to_last_two_and_a_half_years() -> None:
    gains = []
    for hazard in (0.01, 0.025, 0.033, 0.04, 0.08, 0.12):
        case = load("2022-istanbul", [f"war.hazard={hazard}"]).case
        package = case.space.package(AFTER_THE_DRAFT_OF_2022 | {"guarantees": "snap_back"})[None]
        gains.append([float(case.value(party, package)[0] - case.reservation[0, party]) for party in case.belligerents])
    russia, ukraine = np.array(gains).T
    assert (np.diff(russia) < 0).all() and (np.diff(ukraine) < 0).all() and (ukraine > 0).all()
    assert (russia > 0).tolist() == [True, True, True, False, False, False]
