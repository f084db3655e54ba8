"""The shipped scenarios: exact results of red lines alone, a labelled line for every party, readings kept apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim import find_zone, load
from sim.scenario.library import WHAT_IF, group_of, shipped, slugs
from sim.stakes.stages import ZONE_NAMES
from sim.study.run import run
from sim.zone.diagnosis import conflicts, relaxations
from sim.zone.region import members
from tests.conftest import Cli
from tests.zones import zone

DATED = shipped("dated")
TWINS = [slug for slug in slugs() if group_of(slug) in ("variants", "what-if", "fictional")]
THIN = ["pins.sanctions=kept", "pins.foreign_troops=none", "protocol.deadline=3"]
"""Changes that make a scenario quick to run: a twentieth of its packages, three rounds."""

KNOWN = {
    # slug: coherent, packages left, conflicts, size of the smallest relaxation, how many relaxations
    "2022-istanbul": (
        2_702_592,
        0,
        [
            ["russia-neutral-and-non-nuclear", "russia-no-automatic-guarantees", "ukraine-guarantees-if-neutral"],
            ["russia-consent-to-aid", "ukraine-free-aid"],
            ["russia-low-force-cap", "ukraine-medium-forces"],
        ],
        3,
        12,
    ),
    "2025-02-backchannel": (750_720, 0, [["russia-withdrawal", "ukraine-no-further-withdrawal"]], 1, 2),
    "2025-02-riyadh": (
        3_427_200,
        0,
        [["russia-recognition", "ukraine-no-recognition"], ["russia-no-guarantees", "ukraine-guarantees"]],
        2,
        4,
    ),
    # 529,920 in the specification, which gives the United States no line in March; the one carried forward from
    # February (no change of government: three of four options) leaves three quarters of them.
    "2025-03-truce-offer": (3_427_200, 397_440, [], 0, 0),
    "2025-03-truce-preconditions": (3_427_200, 0, [["russia-recognition", "ukraine-no-recognition"]], 1, 2),
    "2025-12-stalemate": (
        3_427_200,
        0,
        [
            ["russia-recognition", "ukraine-no-recognition"],
            ["russia-withdrawal", "ukraine-no-further-withdrawal"],
            ["russia-no-nato", "ukraine-euro-atlantic-path"],
        ],
        3,
        8,
    ),
    "2025-12-extended": (3_427_200, 0, None, 6, 80),
}


@pytest.mark.parametrize("slug", DATED)
def test_red_lines_alone_give_the_known_counts_conflicts_and_relaxations(slug: str) -> None:
    coherent, left, clashes, fewest, ways = KNOWN[slug]
    whole = zone(slug)
    assert (whole.coherent, whole.size("lines_only")) == (coherent, left)
    found, giving = conflicts(whole, "lines_only").bits, relaxations(whole, "lines_only").bits
    named = sorted(sorted(whole.constraints.names(mask)) for mask in found)
    assert len(found) == 7 if clashes is None else named == sorted(map(sorted, clashes))
    assert len(giving) == ways and min((mask.bit_count() for mask in giving), default=0) == fewest


def test_without_the_carried_forward_us_line_march_leaves_the_specified_count() -> None:
    march = zone("2025-03-truce-offer", without=("us-sovereign-ukraine",))
    assert march.size("lines_only") == 529_920 and march.size("lines_only", "settlement") == 0


def test_december_leaves_no_room_and_recognition_territory_and_alignment_say_why() -> None:
    december = zone("2025-12-stalemate")
    assert not december.exists("declared") and not december.exists("true") and december.exists("none")
    lines = {line.id: line for line in load("2025-12-stalemate").scenario.red_lines}
    clashes = [december.constraints.names(mask) for mask in conflicts(december).bits]
    issues = {next(iter(lines[line_id].requires)) for clash in clashes for line_id in clash}
    assert issues == {"legal_status", "line_of_control", "alignment"} and len(clashes) == 3


def test_the_reading_of_demands_decides_march() -> None:
    offer, preconditions = (zone(f"2025-03-truce-{name}") for name in ("offer", "preconditions"))
    assert offer.exists("lines_only") and not preconditions.exists("lines_only")
    settlement = conflicts(offer, "lines_only", "settlement").bits
    assert [offer.constraints.names(mask) for mask in settlement] == [["russia-recognition", "ukraine-no-recognition"]]


def test_istanbul_was_nearly_a_deal_for_both_belligerents() -> None:
    case = load("2022-istanbul").case
    package = case.space.package(
        {
            "hostilities": "final_treaty", "line_of_control": "line_of_february_2022", "legal_status": "deferred",
            "alignment": "permanent_neutrality", "guarantees": "snap_back", "foreign_troops": "none",
            "force_limits": "medium_cap", "sanctions": "phased_relief", "internal_affairs": "minority_rights",
        }
    )[None]  # fmt: skip
    for party in case.belligerents:
        assert case.value(party, package)[0] > case.reservation[0, party]


@pytest.mark.parametrize("slug", DATED)
def test_every_dated_scenario_says_what_each_partys_line_rests_on(slug: str) -> None:
    scenario = load(slug).scenario
    assert scenario.as_of is not None and scenario.reading and "inferred" in scenario.reading
    for party in scenario.parties:
        lines = [line for line in scenario.red_lines if line.party == party]
        assert lines and all(line.sources or line.basis == "assumption" for line in lines)
    assert not any(line.softens_to for line in scenario.red_lines)


def test_every_real_scenario_has_a_labelled_line_for_each_party() -> None:
    for slug in [*DATED, *shipped("variants"), *shipped("what-if")]:
        scenario = load(slug).scenario
        assert {line.party for line in scenario.red_lines} == set(scenario.parties), slug
        assert scenario.reading and "inferred" in scenario.reading
        if group_of(slug) == "variants":
            assumed = any(line.softens_to for line in scenario.red_lines)
            assert assumed == str(scenario.extends).endswith(WHAT_IF), slug


def test_march_leaves_as_many_packages_with_a_truce_as_with_an_armistice() -> None:
    for option, left in {"truce_30_days": 264_960, "armistice": 264_960, "final_treaty": 0}.items():
        pinned = zone("2025-03-truce-offer", f"pins.hostilities={option}", without=("us-sovereign-ukraine",))
        assert pinned.size("lines_only") == left


def test_the_march_zone_under_plain_utilities_is_about_the_specified_size() -> None:
    values = {"russia": 41.4, "ukraine": 42.2, "us": 37.6, "europe": 55.0}
    plain = ["war=null", *(f"parties.{party}.reservation={value}" for party, value in values.items())]
    march = zone("2025-03-truce-offer", *plain, without=("us-sovereign-ukraine",))
    assert march.masks["ceasefire"].coherent == 2_217_600
    without = march.size()
    assert without == pytest.approx(185_000, rel=0.02)
    # The line carried forward for the United States, which the specification does not give it, takes away a change of
    # government, one option of four on that issue.
    with_line = zone("2025-03-truce-offer", *plain).size()
    assert with_line == pytest.approx(0.75 * without, rel=0.02)


def test_reading_non_recognition_strictly_shrinks_march_and_leaves_the_conflicts_of_december() -> None:
    loose, strict = (zone(slug) for slug in ("2025-12-stalemate", "variants/2025-12-strict-reading"))
    assert conflicts(loose, "lines_only").bits == conflicts(strict, "lines_only").bits
    assert len(relaxations(strict, "lines_only").bits) == 8
    left = {
        slug: zone(slug, "pins.hostilities=armistice").size("lines_only")
        for slug in ("2025-03-truce-offer", "variants/2025-03-strict-reading")
    }
    assert list(left.values()) == [198_720, 132_480]  # two of three options of legal status are left


def test_aid_cut_and_raised_move_what_each_side_expects_of_the_war_apart() -> None:
    for month, slug in {"2025-03": "2025-03-truce-offer", "2025-12": "2025-12-stalemate"}.items():
        base, cut, raised = (
            load(name).case.reservation[0]
            for name in (slug, f"variants/{month}-aid-cut", f"variants/{month}-aid-raised")
        )
        assert cut[1] < base[1] < raised[1] and raised[0] < base[0] < cut[0]


def test_an_election_year_costs_whoever_steps_back_in_public() -> None:
    closed = zone("2025-03-truce-preconditions-what-if")
    public = zone("variants/2025-03-election-year")
    assert 0 < public.size("true") < closed.size("true") and public.size("none") < closed.size("none")


def test_over_the_heads_of_two_parties_the_others_find_a_zone_that_cannot_be_carried_out_without_them() -> None:
    case = load("variants/2025-02-over-their-heads", ["pins.hostilities=final_treaty"]).case
    zone = find_zone(case)
    assert [case.parties[n].id for n in case.signatories] == ["russia", "us"] and zone.exists("declared")
    inside = members(zone).packages
    declared = np.full((len(inside), len(case.parties)), ~np.uint64(0))
    indifferent = np.zeros(declared.shape)
    assert not case.consents(inside, declared, indifferent, indifferent).any()


@pytest.mark.parametrize("slug", TWINS)
def test_every_variant_and_twin_runs_from_end_to_end(slug: str) -> None:
    result = run(load(slug, THIN))
    assert result.measures()["ending"] != "open" and result.measures()["round"] <= 3


@pytest.mark.parametrize("slug", sorted(set(slugs()) - set(TWINS)))
def test_every_scenario_runs_from_end_to_end(slug: str) -> None:
    result = run(load(slug))
    assert result.measures()["ending"] != "open"
    assert {result.zone.size(zone=name) >= 0 for name in ZONE_NAMES} == {True}


def test_compare_says_what_came_went_and_moved(cli: Cli, tmp_path: Path) -> None:
    words = ("compare", "2025-03-truce-offer", "2025-03-truce-preconditions", "2025-12-stalemate")
    rows = json.loads(cli(*words, "--json").stdout)
    assert [row["zone"]["declared"]["ceasefire"] > 0 for row in rows] == [True, False, False]
    assert rows[0]["lines"] is None and rows[1]["lines"]["added"] == rows[1]["lines"]["dropped"] == []
    assert rows[1]["lines"]["moved"] == [
        "russia-no-nato", "russia-no-foreign-troops", "russia-recognition", "russia-root-causes",
    ]  # fmt: skip
    assert "russia-language-and-church" in rows[2]["lines"]["added"]
    assert rows[2]["plain_truce"].keys() == {"russia", "ukraine", "us", "europe"}
    done = cli(*words, "--pictures")
    folder = tmp_path / done.stdout.split()[-1]
    assert sorted(path.name for path in folder.iterdir()) == ["compare.json", "compare.png", "compare.svg"]
    assert cli("compare", "2025-12-stalemate").returncode == 2
    assert cli("compare", "2025-12-stalemate", "2025-13").returncode == 1


def test_evidence_names_article_and_paragraph_and_puts_assumptions_last(cli: Cli) -> None:
    said = json.loads(cli("evidence", "2022-istanbul", "--json").stdout)
    rows = said["red_lines"]
    assert rows[0]["certainty"] == "reported" and {row["field"] for row in said["grounds"]} >= {"war.hold", "public"}
    cited = [row["article"] is not None for row in rows]
    assert cited == sorted(cited, reverse=True) and not all(cited)
    text = " ".join(cli("evidence", "2025-12-stalemate").stdout.split())
    assert "stated, 002 ¶9: giving up NATO for good is called a red line" in text
    assert "Moneycontrol, citing The New York Times" in text
    table = cli("evidence", "2025-12-stalemate", "--markdown").stdout.splitlines()
    assert table[0].startswith("| party | red line |") and len(table) == 2 + 13
    assert {line.count(" | ") for line in table[2:]} == {6}
    assert "public: assumption, after 000 ¶10" in text
