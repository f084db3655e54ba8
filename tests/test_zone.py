"""The zone and its diagnosis: known answers, naive search, and what must hold for any case."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import load
from sim.stakes.case import TOLERANCE, ZONE_NAMES, Case
from sim.stakes.redlines import RedLines
from sim.study.measures import zone_measures
from sim.zone.diagnosis import conflicts, minimal_hitting_sets, relaxations
from sim.zone.region import READINGS, Constraints, find_zone, options_left, options_left_by_party, zone_packages
from tests.strategies import cases


def by_hand(case: Case, reading: str) -> list[tuple[int, ...]]:
    """The packages of the ceasefire zone, by plain loops."""
    found = []
    for package in itertools.product(*case.space.left):
        row = np.array([package], dtype=np.int8)
        crosses = False
        for line in case.red_lines.lines:
            clause = line.ladder[-1 if reading == "true" else 0]
            binds = all(package[axis] in options for axis, options in clause.when.items())
            crosses |= binds and package[clause.on] not in clause.allowed
        enough = all(
            case.utility(party, row)[0] >= case.reservation[0, party] - TOLERANCE for party in range(len(case.parties))
        )
        wanted = {"none": enough, "lines_only": not crosses}.get(reading, enough and not crosses)
        if case.valid(row)[0] and wanted:
            found.append(package)
    return found


@given(cases())
def test_the_zone_under_every_reading_is_what_plain_loops_find(case: Case) -> None:
    zone = find_zone(case)
    for reading in READINGS:
        wanted = by_hand(case, reading)
        assert zone.size(reading) == len(wanted)
        assert [tuple(p) for p in zone_packages(case, reading).tolist()] == wanted


@given(cases(), st.data())
def test_adding_a_red_line_or_raising_a_reservation_value_never_enlarges_the_zone(
    case: Case, data: st.DataObject
) -> None:
    fewer = replace(case, red_lines=RedLines(case.space, case.red_lines.lines[1:]))
    higher = replace(case, reservation=case.reservation + data.draw(st.integers(0, 30)))
    for name in ZONE_NAMES:
        assert find_zone(case).size(zone=name) <= find_zone(fewer).size(zone=name)
        assert find_zone(higher).size(zone=name) <= find_zone(case).size(zone=name)


@given(cases(), st.randoms())
def test_relabelling_issues_relabels_the_answer(case: Case, random: object) -> None:
    from sim.stakes.clauses import Clause
    from sim.stakes.redlines import RedLine
    from sim.stakes.space import OutcomeSpace

    order = list(range(len(case.space.issues)))
    random.shuffle(order)  # type: ignore[attr-defined]
    place = {old: new for new, old in enumerate(order)}
    space = OutcomeSpace(tuple(case.space.issues[i] for i in order), tuple(case.space.left[i] for i in order))

    def moved(clause: Clause) -> Clause:
        return Clause(place[clause.on], clause.allowed, {place[axis]: options for axis, options in clause.when.items()})

    lines = tuple(
        RedLine(line.id, line.party, tuple(moved(clause) for clause in line.ladder)) for line in case.red_lines.lines
    )
    preferences = replace(
        case.preferences,
        weights=case.preferences.weights[:, :, order],
        values=case.preferences.values[:, order],
        boxes=case.preferences.boxes[:, order],
    )
    shuffled = replace(
        case,
        space=space,
        red_lines=RedLines(space, lines),
        validity=case.validity[:, order],
        preferences=preferences,
        zones={name: box[order] for name, box in case.zones.items()},
    )
    before, after = find_zone(case), find_zone(shuffled)
    for name in ZONE_NAMES:
        assert [before.size(r, name) for r in READINGS] == [after.size(r, name) for r in READINGS]
        assert sorted(map(before.constraints.names, conflicts(before, name=name))) == sorted(
            map(after.constraints.names, conflicts(after, name=name))
        )


@given(cases())
def test_conflicts_and_relaxations_are_what_a_search_over_all_subsets_finds(case: Case) -> None:
    zone = find_zone(case)
    declared = zone.constraints.of("declared")
    bits = [1 << n for n in range(zone.constraints.width) if declared >> n & 1]
    subsets = [sum(chosen) for n in range(len(bits) + 1) for chosen in itertools.combinations(bits, n)]
    open_under = {subset: zone.masks["ceasefire"].size(subset) > 0 for subset in subsets}
    giving = [s for s in subsets if open_under[declared & ~s]]
    minimal_giving = {s for s in giving if not any(o != s and o & s == o for o in giving)}
    clashing = [s for s in subsets if not open_under[s]]
    minimal_clashing = {s for s in clashing if not any(o != s and o & s == o for o in clashing)}
    if zone.masks["ceasefire"].coherent == 0:
        assert not conflicts(zone) and not relaxations(zone)
    else:
        assert set(relaxations(zone)) == (minimal_giving - {0})
        assert set(conflicts(zone)) == (minimal_clashing - {0})


@given(st.lists(st.integers(1, 63), max_size=6))
def test_hitting_sets_of_hitting_sets_are_the_minimal_sets_again(sets: list[int]) -> None:
    from sim.zone.diagnosis import minimal_sets

    smallest = minimal_sets(np.array(sets, dtype=np.uint64))
    assert minimal_hitting_sets(minimal_hitting_sets(smallest)) == smallest


@given(cases())
def test_projections_count_the_zones_packages_by_option(case: Case) -> None:
    packages = zone_packages(case)
    counts = options_left(case)
    for axis in range(len(case.space.issues)):
        for option in range(case.space.width):
            assert counts[axis, option] == (packages[:, axis] == option).sum()
    alone = options_left_by_party(case)
    for n, party in enumerate(case.signatories):
        bits = Constraints(case).of("declared", party)
        assert alone[n].sum(axis=1).tolist() == [find_zone(case).masks["ceasefire"].size(bits)] * len(case.space.issues)


def test_a_space_in_slabs_gives_the_same_zone_as_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    case = load("2025-12-stalemate", ["pins.sanctions=kept", "pins.foreign_troops=none"]).case
    whole, shares = find_zone(case), []
    monkeypatch.setattr("sim.zone.region.LARGEST_SLAB", 20_000)
    parts = find_zone(case, progress=shares.append)
    for name in ZONE_NAMES:
        assert (whole.masks[name].masks == parts.masks[name].masks).all()
        assert (whole.masks[name].counts == parts.masks[name].counts).all()
    assert whole.by_weight_set == parts.by_weight_set
    assert len(shares) > 1 and shares == sorted(shares)


def test_december_2025_has_no_zone_and_three_pairs_collide() -> None:
    loaded = load("2025-12-stalemate")
    found = zone_measures(loaded, find_zone(loaded.case))
    assert (found["packages"], found["coherent"]) == (6_000_000, 3_427_200)
    assert found["zone"]["declared"] == found["zone"]["lines_only"] == {"ceasefire": 0, "settlement": 0}
    pairs = [
        ["russia-withdrawal", "ukraine-no-further-withdrawal"],
        ["russia-recognition", "ukraine-no-recognition"],
        ["russia-no-nato", "ukraine-euro-atlantic-path"],
    ]
    assert found["conflicts"] == {"ceasefire": pairs, "settlement": pairs}
    assert [len(way) for way in found["relaxations"]["ceasefire"]] == [3] * 8
    assert {line.party for line in loaded.case.red_lines.lines} == {0, 1, 2, 3}


def test_the_strict_reading_of_non_recognition_leaves_the_conflicts_as_they_are() -> None:
    strict = load("2025-12-stalemate", ["red_lines.ukraine-no-recognition.requires.legal_status.at_most=deferred"])
    loose = load("2025-12-stalemate")
    assert conflicts(find_zone(strict.case)) == conflicts(find_zone(loose.case))


def test_giving_up_one_line_of_each_pair_opens_a_zone() -> None:
    gone = ["russia-recognition", "russia-withdrawal", "ukraine-euro-atlantic-path"]
    assert find_zone(load("2025-12-stalemate", without=gone).case).size() > 0
    for kept in gone:
        others = [line for line in gone if line != kept]
        assert find_zone(load("2025-12-stalemate", without=others).case).size() == 0


def test_ten_slices_leave_four_cuts_that_suit_both() -> None:
    case = load("toy/split-the-pie").case
    assert [case.space.names(p)["cut"] for p in zone_packages(case)] == ["slices_3", "slices_4", "slices_5", "slices_6"]


def test_two_issues_leave_the_trade_and_the_compromise() -> None:
    case = load("toy/two-issues").case
    assert [case.space.names(p) for p in zone_packages(case)] == [
        {"fence": "halfway", "tree": "trimmed"},
        {"fence": "iras_plan", "tree": "left_alone"},
    ]


def test_another_weight_set_moves_the_zone() -> None:
    sizes = find_zone(load("2025-12-stalemate", without=[
        "russia-recognition", "russia-withdrawal", "ukraine-euro-atlantic-path"]).case).by_weight_set  # fmt: skip
    assert len(set(sizes.values())) > 1
