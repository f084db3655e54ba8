"""The zone and its diagnosis: known answers, naive search, and what must hold for any case."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.plain import text_of
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.redlines import RedLines
from sim.stakes.stages import ZONE_NAMES
from sim.study.measures import ZoneMeasures, zone_measures
from sim.zone import search
from sim.zone.constraints import READINGS
from sim.zone.diagnosis import conflicts, relaxations, subsets, tightness
from sim.zone.projections import options_left, options_left_by_party, pair_left
from sim.zone.region import Zone, find_zone, members
from sim.zone.search import minimal_hitting_sets, minimal_sets
from sim.zone.steps import LineSteps, fewest_by_pair, graded, gradings
from tests.conftest import Write
from tests.reference_stakes import INTERIM, LITTLE, SETTLEMENT, Package, Stakes, crosses
from tests.strategies import cases, staked, unanimous, unhurried
from tests.zones import load, unbeaten, zone


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
        assert [tuple(p) for p in members(zone, reading).packages.tolist()] == wanted


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
        assert sorted(map(before.constraints.names, conflicts(before, name=name).bits)) == sorted(
            map(after.constraints.names, conflicts(after, name=name).bits)
        )


def findings(case: Case) -> list[object]:
    """Sizes under every reading and the names of conflicts, for both zones."""
    zone = find_zone(case)
    clashing = {
        name: [sorted(zone.constraints.names(mask)) for mask in conflicts(zone, name=name).bits] for name in ZONE_NAMES
    }
    return [[zone.size(reading, name) for reading in READINGS] + [sorted(clashing[name])] for name in ZONE_NAMES]


@given(cases(), st.randoms())
def test_relabelling_parties_relabels_the_answer(case: Case, random: object) -> None:
    order = list(range(len(case.parties)))
    random.shuffle(order)  # type: ignore[attr-defined]
    place = np.argsort(order)
    wants = case.preferences
    shuffled = replace(
        case,
        parties=tuple(case.parties[p] for p in order),
        red_lines=RedLines(case.space, tuple(replace(li, party=int(place[li.party])) for li in case.red_lines.lines)),
        preferences=replace(
            wants, weights=wants.weights[:, order], values=wants.values[order], holder=place[wants.holder]
        ),
        reservation=case.reservation[:, order],
    )
    assert findings(shuffled) == findings(case)


@given(cases())
def test_relabelling_options_relabels_the_answer(case: Case) -> None:
    """Every issue's options in the opposite order."""
    from sim.stakes.clauses import Clause

    sizes = [len(issue.options) for issue in case.space.issues]

    def turned(array: np.ndarray) -> np.ndarray:
        found = array.copy()
        for axis, size in enumerate(sizes):
            found[..., axis, :size] = array[..., axis, :size][..., ::-1]
        return found

    def options(axis: int, chosen: frozenset[int]) -> frozenset[int]:
        return frozenset(sizes[axis] - 1 - k for k in chosen)

    def clause(old: Clause) -> Clause:
        return Clause(old.on, options(old.on, old.allowed), {axis: options(axis, c) for axis, c in old.when.items()})

    space = replace(
        case.space,
        left=tuple(tuple(sorted(options(axis, frozenset(left)))) for axis, left in enumerate(case.space.left)),
    )
    lines = tuple(replace(line, ladder=tuple(map(clause, line.ladder))) for line in case.red_lines.lines)
    wants = case.preferences
    mirrored = replace(
        case,
        space=space,
        red_lines=RedLines(space, lines),
        validity=turned(case.validity),
        preferences=replace(wants, values=turned(wants.values), boxes=turned(wants.boxes)),
        zones={name: turned(box) for name, box in case.zones.items()},
    )
    assert findings(mirrored) == findings(case)
    assert graded(find_zone(mirrored)).ways == graded(find_zone(case)).ways


@given(cases())
def test_conflicts_and_relaxations_are_what_a_search_over_all_subsets_finds(case: Case) -> None:
    zone = find_zone(case)
    declared = zone.constraints.of("declared")
    bits = [1 << n for n in range(zone.constraints.width) if declared >> n & 1]
    subsets = [sum(chosen) for n in range(len(bits) + 1) for chosen in itertools.combinations(bits, n)]
    open_under = {subset: zone.size_under(subset) > 0 for subset in subsets}
    giving = [s for s in subsets if open_under[declared & ~s]]
    minimal_giving = {s for s in giving if not any(o != s and o & s == o for o in giving)}
    clashing = [s for s in subsets if not open_under[s]]
    minimal_clashing = {s for s in clashing if not any(o != s and o & s == o for o in clashing)}
    if zone.masks["ceasefire"].coherent == 0:
        assert not conflicts(zone).bits and not relaxations(zone).bits
    else:
        assert set(relaxations(zone).bits) == (minimal_giving - {0})
        assert set(conflicts(zone).bits) == (minimal_clashing - {0})


@given(st.lists(st.integers(1, 63), max_size=6))
def test_hitting_sets_of_hitting_sets_are_the_minimal_sets_again(sets: list[int]) -> None:
    smallest = minimal_sets(np.array(sets, dtype=np.uint64))
    conflicts_of = minimal_hitting_sets(np.array(smallest.bits, dtype=np.uint64))
    assert minimal_hitting_sets(np.array(conflicts_of.bits, dtype=np.uint64)).bits == smallest.bits


@given(cases())
def test_projections_count_the_zones_packages_by_option_and_by_pair(case: Case) -> None:
    zone = find_zone(case)
    packages = members(zone).packages
    counts = options_left(zone)
    for axis in range(len(case.space.issues)):
        for option in range(case.space.width):
            assert counts[axis, option] == (packages[:, axis] == option).sum()
    for first, second in itertools.permutations(range(len(case.space.issues)), 2):
        pairs = pair_left(zone, first, second)
        for (a, b), count in np.ndenumerate(pairs):
            assert count == ((packages[:, first] == a) & (packages[:, second] == b)).sum()
    alone = options_left_by_party(zone)
    for n, party in enumerate(case.signatories):
        bits = zone.constraints.of("declared", party)
        assert alone[n].sum(axis=1).tolist() == [zone.size_under(bits)] * len(case.space.issues)


@given(cases())
def test_values_of_a_zones_members_are_their_utilities(case: Case) -> None:
    inside = members(find_zone(case), "none")
    for n, party in enumerate(case.signatories):
        np.testing.assert_allclose(inside.values[:, n], case.utility(party, inside.packages[None])[0], atol=1e-8)


@given(cases())
def test_the_subset_table_holds_the_size_for_every_subset(case: Case) -> None:
    zone = find_zone(case)
    for name in ZONE_NAMES:
        table = subsets(zone, name=name)
        assert table is not None and len(table.sizes) == 2 ** len(table.ids)
        bits = {zone.constraints.names(1 << n)[0]: 1 << n for n in reversed(range(zone.constraints.width))}
        for number in {0, len(table.sizes) // 3, len(table.sizes) - 1}:
            held = [constraint for n, constraint in enumerate(table.ids) if number >> n & 1]
            # A line's last-listed bit is its declared form, for `reversed` puts the first box last.
            assert table.size(held) == zone.size_under(sum(bits[c] for c in held), name)
        assert table.size(table.ids) == zone.size(zone=name)


@given(cases())
def test_tightness_is_the_zone_without_each_constraint(case: Case) -> None:
    zone = find_zone(case)
    for n, line in enumerate(case.red_lines.lines):
        fewer = replace(case, red_lines=RedLines(case.space, case.red_lines.lines[:n] + case.red_lines.lines[n + 1 :]))
        assert tightness(zone)[line.id].without == find_zone(fewer).size()


def coherent_by_hand(case: Case, told: Stakes) -> list[Package]:
    return [p for p in itertools.product(*case.space.left) if told.coherent(p) and told.stage(p) >= INTERIM]


def suits_by_hand(case: Case, told: Stakes, package: Package) -> bool:
    """Whether a package crosses no signatory's declared line and is worth every signatory's floor."""
    crossed = {line.party for line in told.lines if crosses(line.ladder[0], package)}
    return all(p not in crossed and told.value(p, package) >= told.floors[p] - LITTLE for p in case.signatories)


@unhurried
@given(staked(most_rows=1))
def test_what_can_be_signed_and_what_of_it_would_be_carried_out_is_what_plain_loops_find(case: Case) -> None:
    zone, told = find_zone(case), Stakes(case)
    inside = [package for package in coherent_by_hand(case, told) if suits_by_hand(case, told, package)]
    declared = [line.ladder[0] for line in case.red_lines.lines]
    assert zone.signable() == len(inside)
    assert zone.size() == sum(told.consented(package, declared, told.floors) for package in inside)


def test_deeds_are_asked_only_where_an_option_needs_them_and_only_of_who_would_refuse() -> None:
    case = load("toy/two-issues").case
    lines, deeds = case.red_lines.lines, np.zeros((2, 2, case.space.width), dtype=bool)
    absent = lines[0].party
    deeds[absent, 0, 0] = True
    parties = tuple(replace(party, signs=p != absent) for p, party in enumerate(case.parties))
    content, asking = np.full((1, 2), -1.0), np.full((1, 2), -1.0)
    asking[0, absent] = 50.0
    packages = [tuple(p) for p in case.space.packages(np.arange(case.space.size)).tolist()]
    for kept, r in (((), asking), (lines, content), (lines, asking)):
        lined = replace(case, red_lines=RedLines(case.space, kept), reservation=r)
        aside = unanimous(replace(lined, parties=parties, consent=deeds))
        crossed = [any(crosses(line.ladder[0], p) for line in kept) for p in packages]
        worth = case.utility(absent, np.array([packages], dtype=np.int8))[0]
        would = (worth >= r[0, absent] - TOLERANCE) & ~np.array(crossed)
        found, needed = find_zone(aside), np.array([p[0] == 0 for p in packages])
        assert found.signable() == case.space.size
        assert found.size() == (~needed | would).sum()
        assert (needed & would).any() and (needed & ~would).any() and (~needed & ~would).any()


@unhurried
@given(staked(most_rows=1))
def test_tightness_is_a_share_of_the_coherent_packages_of_the_zones_definition(case: Case) -> None:
    zone, told = find_zone(case), Stakes(case)
    for name in ZONE_NAMES:
        defined = [p for p in coherent_by_hand(case, told) if name == "ceasefire" or told.stage(p) == SETTLEMENT]
        for found in tightness(zone, name=name).values():
            assert found.blocked_alone == found.without - zone.size(zone=name)
            assert found.share == pytest.approx(found.blocked_alone / max(len(defined), 1))


@given(cases())
def test_graded_relaxations_are_the_fewest_steps_over_all_packages(case: Case) -> None:
    found = graded(find_zone(case))
    by_hand = {}
    for package in by_hand_open(case):
        row = np.array([package], dtype=np.int8)
        steps = tuple(
            int(case.red_lines.steps(row, np.array([case.red_lines.bits("declared", party)]))[0])
            for party in range(len(case.parties))
        )
        if max(steps) < NO_WAY_OUT:
            by_hand[steps] = by_hand.get(steps, 0) + 1
    assert {tuple(way.by_party.values()): way.packages for way in found.ways} == unbeaten(by_hand)
    assert found.fewest == (min(map(sum, by_hand)) if by_hand else None)
    if found.example is not None:
        everything = np.array([case.red_lines.bits("declared")])
        example = case.space.package(found.example)[None]
        assert case.red_lines.steps(example, everything)[0] == found.fewest


@given(cases())
def test_steps_of_all_zones_from_one_look_are_those_of_each_alone(case: Case) -> None:
    zone = find_zone(case)
    for name, found in gradings(zone).items():
        assert found == graded(zone, name)


def test_other_weights_are_worked_out_once_for_all_pieces_and_not_at_all_where_lines_leave_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed, open_ = load("2025-12-stalemate").case, load("toy/two-issues").case
    even = open_.preferences.equally_weighted(np.ones((2, 2), dtype=bool))
    open_ = replace(open_, weight_sets={"own": open_.preferences, "even": even})
    asked: list[Case] = []
    worked_out = Case.under
    monkeypatch.setattr(Case, "under", lambda case, wants: asked.append(case) or worked_out(case, wants))
    monkeypatch.setattr("sim.zone.slabs.LARGEST_SLAB", 2)
    found = find_zone(open_)
    assert set(found.by_weight_set) == {"own", "even"} and len(asked) == 1
    assert found.by_weight_set["own"] == found.size(), "its own weights need no second look"
    monkeypatch.undo()
    monkeypatch.setattr(Case, "under", lambda case, wants: asked.append(case) or worked_out(case, wants))
    assert not any(find_zone(closed).by_weight_set.values()) and closed.weight_sets and len(asked) == 1


def by_hand_open(case: Case) -> list[tuple[int, ...]]:
    return by_hand(case, "none")


@given(cases())
def test_the_fewest_steps_by_pair_agree_with_the_fewest_in_all(case: Case) -> None:
    zone = find_zone(case)
    found = graded(zone)
    if len(case.space.issues) > 1:
        table = fewest_by_pair(zone, 0, 1)
        assert found.fewest == (None if np.isnan(table).all() else int(np.nanmin(table)))
        np.testing.assert_array_equal(table, fewest_by_pair(zone, 1, 0).T)


def test_a_space_in_slabs_gives_the_same_zone_as_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    case = load("2025-12-stalemate", ["pins.sanctions=kept", "pins.foreign_troops=none"]).case
    whole, shares = find_zone(case), []
    for name in ("slabs.LARGEST_SLAB", "region.MOST_KEPT"):
        monkeypatch.setattr(f"sim.zone.{name}", 20_000)
    parts = find_zone(case, progress=shares.append)
    assert whole.kept and not parts.kept
    assert text_of(measures_without_heading(case, whole)) == text_of(measures_without_heading(case, parts))
    for name in ZONE_NAMES:
        assert (whole.masks[name].masks == parts.masks[name].masks).all()
        assert (whole.masks[name].counts == parts.masks[name].counts).all()
    assert whole.by_weight_set == parts.by_weight_set
    assert len(shares) > 1 and shares == sorted(shares)


def measures_without_heading(case: Case, zone: Zone) -> ZoneMeasures:
    from sim.scenario.loader import Loaded

    loaded = load("2025-12-stalemate")
    return zone_measures(Loaded("x", "x", loaded.scenario, case), zone)


PAIRS = [
    ["russia-withdrawal", "ukraine-no-further-withdrawal"],
    ["russia-recognition", "ukraine-no-recognition"],
    ["russia-no-nato", "ukraine-euro-atlantic-path"],
    ["russia-no-guarantees", "ukraine-guarantees"],
    ["russia-root-causes", "europe-no-new-exposure"],
]
"""The lines of December 2025 that no settlement meets together."""
NO_TRUCE = "russia-no-temporary-ceasefire"


def test_december_2025_has_no_zone_five_pairs_forbid_a_settlement_and_one_line_all_else() -> None:
    loaded, whole = load("2025-12-stalemate"), zone("2025-12-stalemate")
    found = zone_measures(loaded, whole)
    # Of 3,427,200 packages that contradict nothing, what their ending cannot carry is gone.
    assert (found.packages, found.coherent) == (6_000_000, 1_466_656)
    assert found.zone["declared"] == found.zone["lines_only"] == {"ceasefire": 0, "settlement": 0}
    alone = {
        name: [
            whole.constraints.names(mask) for mask in conflicts(whole, "lines_only", name).bits
        ]
        for name in ZONE_NAMES
    }  # fmt: skip
    assert sorted(map(sorted, alone["settlement"])) == sorted(map(sorted, PAIRS))
    assert sorted(map(sorted, alone["ceasefire"])) == sorted(sorted([*pair, NO_TRUCE]) for pair in PAIRS)
    assert found.conflicts["settlement"][:5] == PAIRS
    settling = found.relaxations["settlement"]
    assert found.relaxations["ceasefire"] == [[NO_TRUCE], *settling]
    assert all(any(line in way for line in pair) for pair in PAIRS for way in settling)
    assert {line.party for line in loaded.case.red_lines.lines} == {0, 1, 2, 3}


def test_the_strict_reading_of_non_recognition_leaves_the_conflicts_as_they_are() -> None:
    strict = zone("2025-12-stalemate", "red_lines.ukraine-no-recognition.requires.legal_status.at_most=deferred")
    assert conflicts(strict).bits == conflicts(zone("2025-12-stalemate")).bits


ONE_OF_EACH_PAIR = (
    "russia-recognition", "russia-withdrawal", "ukraine-euro-atlantic-path", "russia-no-guarantees",
    "russia-root-causes",
)  # fmt: skip


def test_giving_up_one_line_of_each_pair_opens_settlements_alone_and_one_line_truces_and_armistices_alone() -> None:
    settled, ceased = (zone("2025-12-stalemate", without=gone) for gone in (ONE_OF_EACH_PAIR, (NO_TRUCE,)))
    assert settled.size() == settled.size(zone="settlement") > 0
    assert ceased.size() == 2_770 and ceased.size(zone="settlement") == 0
    for kept in ONE_OF_EACH_PAIR:
        others = tuple(line for line in ONE_OF_EACH_PAIR if line != kept)
        assert zone("2025-12-stalemate", without=others).size() == 0


def test_ten_slices_leave_four_cuts_that_suit_both() -> None:
    case = load("toy/split-the-pie").case
    assert [case.space.names(p)["cut"] for p in members(find_zone(case)).packages] == [
        "slices_3",
        "slices_4",
        "slices_5",
        "slices_6",
    ]


def test_two_issues_leave_the_trade_and_the_compromise() -> None:
    case = load("toy/two-issues").case
    assert [case.space.names(p) for p in members(find_zone(case)).packages] == [
        {"fence": "halfway", "tree": "trimmed"},
        {"fence": "iras_plan", "tree": "left_alone"},
    ]


def test_another_weight_set_moves_the_zone() -> None:
    sizes = zone("2025-12-stalemate", without=ONE_OF_EACH_PAIR).by_weight_set
    assert len(set(sizes.values())) > 1


def test_december_2025_opens_with_one_step_to_a_ceasefire_or_five_steps_to_a_settlement() -> None:
    loaded, found = load("2025-12-stalemate"), zone("2025-12-stalemate")
    steps = zone_measures(loaded, found).steps
    (way,) = steps["ceasefire"].ways
    assert steps["ceasefire"].fewest == 1 and way.by_party == {"russia": 1, "ukraine": 0, "us": 0, "europe": 0}
    assert way.packages == zone("2025-12-stalemate", without=(NO_TRUCE,)).size()
    assert steps["ceasefire"].lines[NO_TRUCE] == LineSteps(least=1, most=1)
    # One step for each pair of lines, by either of the two: guarantees are Russia's or Ukraine's to give, causes
    # Russia's or Europe's.
    shared = steps["settlement"]
    assert shared.fewest == len(PAIRS) == 5
    assert [tuple(way.by_party.values()) for way in shared.ways] == [
        (2, 2, 0, 1), (3, 1, 0, 1), (3, 2, 0, 0), (4, 0, 0, 1), (4, 1, 0, 0), (5, 0, 0, 0),
    ]  # fmt: skip
    assert shared.lines["russia-withdrawal"] == LineSteps(least=0, most=1)
    assert shared.lines[NO_TRUCE] == LineSteps(least=0, most=0)


def test_more_sets_than_are_listed_are_cut_with_what_is_left_still_minimal(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = np.array([0b11 << 2 * n for n in range(6)], dtype=np.uint64)  # 64 hitting sets
    whole = minimal_hitting_sets(pairs)
    assert len(whole.bits) == 64 and whole.complete
    monkeypatch.setattr(search, "MOST_SETS", 20)
    part = minimal_hitting_sets(pairs)
    assert len(part.bits) == 20 and not part.complete
    assert set(part.bits) <= set(whole.bits)


def test_a_reservation_value_is_blamed_by_name_when_it_closes_the_zone() -> None:
    case = load("toy/split-the-pie", ["parties.ann.reservation=70"]).case
    zone = find_zone(case)
    assert [zone.constraints.names(mask) for mask in conflicts(zone).bits] == [["reservation:ann", "reservation:ben"]]
    alone = find_zone(load("toy/split-the-pie", ["parties.ann.reservation=101"]).case)
    assert [alone.constraints.names(mask) for mask in conflicts(alone).bits] == [["reservation:ann"]]


def test_pins_that_leave_no_package_of_a_zones_definition_leave_an_empty_zone_and_blame_nobody() -> None:
    cuts = "{cut: [slices_3, slices_4]}"
    changes = [f"zones={{ceasefire: {cuts}, settlement: {cuts}}}", "pins.cut=slices_0"]
    zone = find_zone(load("toy/split-the-pie", changes).case)
    assert zone.coherent == 1 and not len(members(zone).packages) and not conflicts(zone).bits
    assert {zone.size(reading, name) for reading in READINGS for name in ZONE_NAMES} == {0}


def test_a_zone_without_a_coherent_package_blames_nobody() -> None:
    change = "validity=[{id: never, when: {tree: [left_alone, trimmed, felled]}, requires: {fence: [where_it_is]}},"
    change += "{id: nor, when: {tree: [left_alone, trimmed, felled]}, requires: {fence: [halfway]}}]"
    zone = find_zone(load("toy/two-issues", [change]).case)
    assert zone.coherent == 0 and not conflicts(zone).bits and graded(zone).fewest is None


def test_more_relaxations_than_are_listed_never_make_a_false_conflict(write: Write) -> None:
    issues = "".join(f"  i{n}: {{status_quo: a, options: [a, b]}}\n" for n in range(14))
    lines = "".join(
        f"  - {{id: {party}{n}, party: {party}, requires: {{i{n}: {option}}}, basis: assumption}}\n"
        for n in range(14)
        for party, option in (("ann", "a"), ("ben", "b"))
    )
    party = "{name: %s, reservation: 0, weights: {}, values: {}}"
    text = f"format: 1\ntitle: Many\nissues:\n{issues}parties: {{ann: {party % 'Ann'}, ben: {party % 'Ben'}}}\n"
    zone = find_zone(load(write(text + f"red_lines:\n{lines}")).case)
    pairs = {frozenset((f"ann{n}", f"ben{n}")) for n in range(14)}
    found = {frozenset(zone.constraints.names(mask)) for mask in conflicts(zone).bits}
    assert found == pairs
    assert len(relaxations(zone).bits) == 10_000 and not relaxations(zone).complete


def test_equal_weights_count_every_issue_with_a_table_even_one_of_zeros() -> None:
    flat = "parties.joe.values.tree={left_alone: 0, trimmed: 0, felled: 0}"
    case = load("toy/two-issues", [flat, "weight_sets={equal: {equal: true}}"]).case
    assert case.weight_sets["equal"].weights.tolist() == [[[50.0, 50.0], [50.0, 50.0]]]
