"""The shipped scenarios: exact results of red lines alone, a labelled line for every party, readings kept apart."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from sim import find_zone
from sim.scenario.library import WHAT_IF, group_of, shipped, slugs
from sim.stakes.stages import ZONE_NAMES
from sim.study.run import run
from sim.study.what_changed import changes
from sim.zone.diagnosis import conflicts, relaxations
from tests.conftest import Cli
from tests.zones import load, zone

DATED = shipped("dated")
TWINS = [slug for slug in slugs() if group_of(slug) in ("variants", "what-if", "fictional")]
THIN = ["pins.sanctions=kept", "pins.foreign_troops=none", "protocol.deadline=3"]
"""Changes that make a scenario quick to run: a twentieth of its packages, three rounds."""

GUARANTEES = ["russia-no-guarantees", "ukraine-guarantees"]
RECOGNITION = ["russia-recognition", "ukraine-no-recognition"]
WITHDRAWAL = ["russia-withdrawal", "ukraine-no-further-withdrawal"]
ENLARGEMENT = ["russia-root-causes", "europe-no-new-exposure"]
MARCH = [GUARANTEES, RECOGNITION, WITHDRAWAL, ENLARGEMENT]
DECEMBER = [*MARCH, ["russia-no-nato", "ukraine-euro-atlantic-path"]]
KNOWN: dict[str, tuple[int, int, list[list[str]]]] = {
    # slug: coherent, packages left by lines alone, conflicts of lines alone among settlements
    "2022-istanbul": (
        1_165_376,
        25_984,
        [
            ["russia-neutral-and-non-nuclear", "russia-no-automatic-guarantees", "ukraine-guarantees-if-neutral"],
            ["russia-consent-to-aid", "ukraine-free-aid"],
            ["russia-low-force-cap", "ukraine-medium-forces"],
        ],
    ),
    "2025-02-backchannel": (323_808, 7_264, [WITHDRAWAL]),
    "2025-02-riyadh": (1_466_656, 21_728, [RECOGNITION, GUARANTEES, ["russia-withdrawal", "ukraine-limited-swaps"]]),
    "2025-03-truce-offer": (1_466_656, 21_728, MARCH),
    "2025-03-truce-preconditions": (1_466_656, 0, MARCH),
    "2025-12-stalemate": (1_466_656, 0, DECEMBER),
    "2025-12-extended": (
        1_466_656,
        0,
        [
            *DECEMBER,
            ["russia-force-limits", "ukraine-strong-forces"],
            ["russia-language-and-church", "ukraine-own-affairs"],
        ],
    ),
}


@pytest.mark.parametrize("slug", DATED)
def test_red_lines_alone_give_the_known_counts_conflicts_and_relaxations(slug: str) -> None:
    coherent, left, clashes = KNOWN[slug]
    whole = zone(slug)
    assert (whole.coherent, whole.size("lines_only")) == (coherent, left)
    found, giving = (of(whole, "lines_only", "settlement").bits for of in (conflicts, relaxations))
    named = sorted(sorted(whole.constraints.names(mask)) for mask in found)
    assert named == sorted(map(sorted, clashes))
    assert len(giving) == math.prod(map(len, clashes)) and min(mask.bit_count() for mask in giving) == len(clashes)


def test_one_line_alone_closes_december_to_a_ceasefire_and_without_it_march_is_left() -> None:
    whole = zone("2025-12-stalemate")
    ways = relaxations(whole, "lines_only").bits
    alone = [whole.constraints.names(mask) for mask in ways if mask.bit_count() == 1]
    assert alone == [["russia-no-temporary-ceasefire"]]
    without = zone("2025-12-stalemate", without=("russia-no-temporary-ceasefire",))
    assert without.size("lines_only") == zone("2025-03-truce-offer").size("lines_only")


def test_december_leaves_no_room_and_the_ceasefire_line_recognition_territory_and_alignment_say_why() -> None:
    whole = zone("2025-12-stalemate")
    assert not whole.exists("declared") and not whole.exists("true") and whole.exists("none")
    lines = {line.id: line for line in load("2025-12-stalemate").scenario.red_lines}
    clashes = [whole.constraints.names(mask) for mask in conflicts(whole, "lines_only").bits]
    issues = {next(iter(lines[line_id].requires)) for clash in clashes for line_id in clash}
    assert issues >= {"hostilities", "legal_status", "line_of_control", "alignment"}
    assert all("russia-no-temporary-ceasefire" in clash for clash in clashes) and len(clashes) == 5


def test_the_reading_of_demands_decides_march() -> None:
    offer, preconditions = (zone(f"2025-03-truce-{name}") for name in ("offer", "preconditions"))
    assert offer.exists("lines_only") and not preconditions.exists("lines_only")
    settlement = [conflicts(one, "lines_only", "settlement").bits for one in (offer, preconditions)]
    assert settlement[0] == settlement[1]


def test_where_a_conflict_holds_a_line_of_weak_ground_it_is_said(cli: Cli) -> None:
    text = " ".join(cli("zone", "2025-03-truce-offer", "--full").stdout.split())
    assert "(the weakest ground: a fear of allies on the border, read as a condition); Russia" in text
    assert len(conflicts(zone("variants/2025-03-root-causes-as-limits"), "lines_only", "settlement").bits) == 3


@pytest.mark.parametrize("slug", DATED)
def test_every_dated_scenario_says_what_each_partys_line_rests_on(slug: str) -> None:
    scenario = load(slug).scenario
    assert scenario.as_of is not None and scenario.lines_from and "inferred" in scenario.lines_from
    for party in scenario.parties:
        lines = [line for line in scenario.red_lines if line.party == party]
        assert lines and all(line.sources or line.basis == "assumption" for line in lines)
    assert not any(line.softens_to for line in scenario.red_lines)


def test_every_real_scenario_has_a_labelled_line_for_each_party() -> None:
    for slug in [*DATED, *shipped("variants"), *shipped("what-if")]:
        scenario = load(slug).scenario
        assert {line.party for line in scenario.red_lines} == set(scenario.parties), slug
        assert scenario.lines_from and "inferred" in scenario.lines_from
        if group_of(slug) == "variants":
            assumed = any(line.softens_to for line in scenario.red_lines)
            assert assumed == str(scenario.extends).endswith(WHAT_IF), slug


def test_march_leaves_few_truces_many_armistices_and_no_treaty() -> None:
    for option, left in {"truce_30_days": 128, "armistice": 21_600, "final_treaty": 0}.items():
        assert zone("2025-03-truce-offer", f"pins.hostilities={option}").size("lines_only") == left


def test_reading_non_recognition_strictly_shrinks_a_ceasefire_only_where_lines_bind_one() -> None:
    loose, strict = (zone(slug) for slug in ("2025-12-stalemate", "variants/2025-12-strict-reading"))
    assert conflicts(loose, "lines_only").bits == conflicts(strict, "lines_only").bits
    assert len(relaxations(strict, "lines_only", "settlement").bits) == 32
    others = tuple(line.id for line in load("2025-03-truce-offer").scenario.red_lines if line.id != RECOGNITION[1])
    left = {
        reading: [
            zone(slug, f"reading={reading}", "pins.hostilities=armistice", without=others).size("lines_only")
            for slug in ("2025-03-truce-offer", "variants/2025-03-strict-reading")
        ]
        for reading in ("settlement", "ceasefire")
    }
    assert left == {"settlement": [21_600, 21_600], "ceasefire": [21_600, 14_400]}


def test_aid_cut_and_raised_move_what_each_side_expects_of_the_war_apart() -> None:
    for month, slug in {"2025-03": "2025-03-truce-offer", "2025-12": "2025-12-stalemate"}.items():
        base, cut, raised = (
            load(name).case.reservation[0]
            for name in (slug, f"variants/{month}-aid-cut", f"variants/{month}-aid-raised")
        )
        assert cut[1] < base[1] < raised[1] and raised[0] < base[0] < cut[0]


def test_an_election_year_costs_whoever_steps_back_in_public_and_nobody_who_signs_a_truce() -> None:
    closed = zone("2025-03-truce-offer-what-if")
    public = zone("variants/2025-03-election-year")
    assert 0 < public.size("none") < closed.size("none")
    assert public.size("true") == closed.size("true") > 0  # truces and armistices, which step back from nothing


def test_over_the_heads_of_two_parties_the_others_could_sign_what_cannot_be_carried_out_without_them() -> None:
    case = load("variants/2025-02-over-their-heads", ["pins.hostilities=final_treaty"]).case
    zone = find_zone(case)
    assert [case.parties[n].id for n in case.signatories] == ["russia", "us"]
    assert zone.signable() > 0 and not zone.exists("declared")
    blamed = {constraint for bits in conflicts(zone).bits for constraint in zone.constraints.names(bits)}
    assert {"ukraine-no-recognition", "ukraine-guarantees"} <= blamed


@pytest.mark.parametrize("slug", [*DATED, *TWINS])
def test_every_dated_case_variant_and_twin_runs_from_end_to_end(slug: str) -> None:
    result = run(load(slug, THIN))
    assert result.measures()["ending"] != "open" and result.measures()["round"] <= 3


@pytest.mark.parametrize("slug", sorted({*slugs()} - {*DATED, *TWINS}))
def test_every_other_scenario_runs_from_end_to_end(slug: str) -> None:
    result = run(load(slug))
    assert result.measures()["ending"] != "open"
    assert {result.zone.size(zone=name) >= 0 for name in ZONE_NAMES} == {True}


NO_LINES: dict[str, list[str]] = {"added": [], "dropped": [], "moved": []}


def test_compare_says_what_came_went_and_moved(cli: Cli, tmp_path: Path) -> None:
    words = ("compare", "2025-03-truce-offer", "2025-03-truce-preconditions", "2025-12-stalemate")
    rows = json.loads(cli(*words, "--pictures", "--json").stdout)
    assert [row["zone"]["declared"]["ceasefire"] > 0 for row in rows] == [True, False, False]
    changed = [row["changed"] for row in rows]
    assert changed[0] is None and changed[1]["reading"] == ["settlement", "ceasefire"]
    assert changed[1] | {"reading": None} == {"reading": None, "lines": NO_LINES, "figures": [], "rules": []}
    assert "russia-language-and-church" in changed[2]["lines"]["added"]
    assert changed[2]["lines"]["moved"] == ["russia-withdrawal", "ukraine-guarantees"]
    assert {"path": "war.share", "before": 0.186, "after": 0.192} in changed[2]["figures"]
    assert rows[2]["plain_truce"].keys() == {"russia", "ukraine", "us", "europe"}
    (folder,) = (tmp_path / "outputs").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["compare.json", "compare.png", "compare.svg"]
    assert cli("compare", "2025-12-stalemate").returncode == 2
    assert cli("compare", "2025-12-stalemate", "2025-13").returncode == 1


def test_compare_sets_only_sizes_under_the_same_reading_side_by_side(cli: Cli) -> None:
    text = cli("compare", "2025-03-truce-offer", "2025-03-truce-preconditions").stdout
    said = " ".join(text.split())
    rows = [line.split() for line in text.splitlines() if line.startswith("2025-03")]
    assert [row[2:8] for row in rows] == [
        ["21,728", "/", "2,772", "0", "/", "0"]
    ] * 2  # by reading, whichever each file has
    assert "read differently: red lines bind any ceasefire, where before they bind a settlement alone" in said
    assert "the same lines the same figures" in said and "ceasefire if lines bind any ceasefire: 0, as before" in said
    assert "give up" not in said  # of conflicts under different readings none is set beside another
    both = " ".join(cli("compare", "2025-03-truce-offer", "2025-03-truce-offer").stdout.split())
    assert "nothing changed: the same lines, the same figures" in both and "give up" in both
    mixed = [line.split() for line in cli("compare", "toy/two-issues", "2025-03-truce-offer").stdout.splitlines()]
    assert next(row for row in mixed if row[:1] == ["toy/two-issues"])[2:4] == ["–", "–"]


def test_a_figure_or_a_rule_that_changed_is_named() -> None:
    one = load("toy/two-issues")
    found = changes(one, load("toy/two-issues", ["parties.ira.reservation=41"]))
    assert [(moved.path, moved.before, moved.after) for moved in found.figures] == [("parties.ira.reservation", 40, 41)]
    assert not found.rules and not found.none and changes(one, one).none
    assert changes(one, load("toy/two-issues", ["protocol.name=single_text"])).rules == ["protocol"]


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
    assert table[0].startswith("| party | red line |") and len(table) == 2 + 19
    assert {line.count(" | ") for line in table[2:]} == {6}
    assert "public: assumption, after 000 ¶10" in text
