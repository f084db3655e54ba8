"""Who must agree: the zone and its diagnosis under k of n, vetoes and deeds, against plain search."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from rich.console import Console

from sim.errors import ScenarioError
from sim.plain import as_plain
from sim.report.pictures.titles import moves
from sim.report.terminal.finding import print_finding
from sim.report.terminal.zone import print_zone
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.stages import ZONE_NAMES
from sim.study.measures import zone_measures
from sim.talks.delegation import standard
from sim.talks.draws import Draws
from sim.talks.how_talks_end import Ending
from sim.talks.referee import play
from sim.zone import constraints, diagnosis
from sim.zone.constraints import Constraints
from sim.zone.diagnosis import conflicts, diagnose, relaxations, subsets, tightness
from sim.zone.existence import ZoneSearch
from sim.zone.points import named_points
from sim.zone.region import find_zone, members
from sim.zone.search import Budget
from sim.zone.slabs import slabs
from sim.zone.steps import LineSteps, fewest_by_pair, graded
from tests.conftest import Cli, Write
from tests.strategies import grouped, talking
from tests.zones import load, unbeaten, zone

Package = tuple[int, ...]


class Plain:
    """The zone of a case by loops and sets: constraints are names, a package is in or out under those that hold."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.coherent = [p for p in itertools.product(*case.space.left) if case.valid(np.array([p], dtype=np.int8))[0]]
        self.violated = {package: self.violations(package) for package in self.coherent}
        self.deeds = {package: self.acting(package) for package in self.coherent}

    def violations(self, package: Package) -> dict[int, set[str]]:
        case, row = self.case, np.array([package], dtype=np.int8)
        found: dict[int, set[str]] = {p: set() for p in range(len(case.parties))}
        for line in case.red_lines.lines:
            clause = line.ladder[0]
            binds = all(package[axis] in options for axis, options in clause.when.items())
            if binds and package[clause.on] not in clause.allowed:
                found[line.party].add(line.id)
        for p in found:
            if case.utility(p, row)[0] < case.reservation[0, p] + case.home[0, p] - TOLERANCE:
                found[p].add(f"reservation:{case.parties[p].id}")
        return found

    def acting(self, package: Package) -> set[int]:
        consent = self.case.consent
        return {p for p in range(len(consent)) if any(consent[p, axis, k] for axis, k in enumerate(package))}

    def inside(self, package: Package, held: frozenset[str]) -> bool:
        rule = self.case.protocol
        content = {p for p, broken in self.violated[package].items() if not broken & held}
        return (
            set(rule.vetoes) <= content
            and len(content & set(rule.asked)) >= rule.quorum
            and self.deeds[package] <= content
        )

    def size(self, held: frozenset[str]) -> int:
        return sum(self.inside(package, held) for package in self.coherent)


def minimal(sets: list[frozenset[str]]) -> set[frozenset[str]]:
    return {s for s in sets if not any(other < s for other in sets)}


@settings(max_examples=8 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
@given(grouped())
def test_k_of_n_with_vetoes_and_deeds_is_what_a_search_over_all_subsets_finds(case: Case) -> None:
    zone, plain = find_zone(case), Plain(case)
    rules = zone.constraints
    every = frozenset(rules.names(rules.of("declared")))
    bit = {rules.names(one)[0]: one for one in rules.bits("declared")}
    sizes = {
        frozenset(held): plain.size(frozenset(held))
        for n in range(len(every) + 1)
        for held in itertools.combinations(sorted(every), n)
    }
    assert all(zone.size_under(sum(bit[name] for name in held)) == size for held, size in sizes.items())
    everything = {name for broken in plain.violated.values() for names in broken.values() for name in names}
    assert plain.size(frozenset(everything)) == zone.size(), "who holds no constraint has no say"
    closed = minimal([held for held, size in sizes.items() if not size]) - {frozenset()}
    opens = minimal([every - held for held, size in sizes.items() if size]) - {frozenset()}
    if not sizes[frozenset()]:
        closed = opens = set()
    assert {frozenset(rules.names(mask)) for mask in conflicts(zone).bits} == closed
    assert {frozenset(rules.names(mask)) for mask in relaxations(zone).bits} == opens
    assert all(found.without == sizes[every - {name}] for name, found in tightness(zone).items())
    table = subsets(zone)
    assert table is None or all(table.size(list(held)) == size for held, size in sizes.items())


ONLY_THE_LAST = ["parties.ada.reservation=101", "parties.cem.reservation=20"]
"""Changes of a toy after which only Bo and Cem, the last group, could sign."""


def test_whether_there_is_a_zone_does_not_hang_on_how_many_groups_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constraints, "MOST_GROUPS", 1)
    for deed, size in ([], 1), (["consent={place: {harbour: [ada]}}"], 0):
        case = load("toy/where-to-meet", [*ONLY_THE_LAST, *deed]).case
        zone = find_zone(case)
        assert not zone.constraints.all_groups and not graded(zone).whole
        assert zone.size() == size and ZoneSearch(case).exists(case, 1).tolist() == [size == 1]
        found = diagnose(zone)
        assert all(zone.size_under(one) == 0 for one in found.conflicts.bits), "what another group keeps is none"
        assert bool(found.relaxations.bits) is bool(found.conflicts.bits) is not zone.exists()
        assert found.conflicts.complete is found.relaxations.complete is zone.exists()


def test_steps_are_at_most_so_many_where_not_all_groups_were_looked_at() -> None:
    loaded = load("2025-12-stalemate")
    found = zone_measures(loaded, zone("2025-12-stalemate"))
    assert found.steps["ceasefire"].whole
    for whole in (True, False):
        told = replace(found, steps={name: replace(found.steps[name], whole=whole) for name in ZONE_NAMES})
        plain = as_plain(told)["steps"]["ceasefire"]
        assert ("whole" in plain, plain["fewest"]) == (not whole, 1), "a key only where it says something"
        title = moves(loaded.scenario, told.steps["ceasefire"])
        assert title.startswith("1 step of" if whole else "At most 1 step of")
        assert ("every way" in title) is whole, "other groups may find other ways"
        screen = Console(file=StringIO(), width=80)
        print_finding(screen, loaded.scenario, told)
        print_zone(screen, loaded.scenario, told, full=True)
        assert isinstance(screen.file, StringIO)
        said = screen.file.getvalue()
        assert ("or move red lines at most 1 step" in said) is not whole
        assert ("(fewest steps in all: at most 5;" in said) is not whole
        assert ("(fewest steps in all: 5;" in said) is whole


@settings(max_examples=4 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
@given(grouped())
def test_a_closed_zone_is_explained_however_short_the_search_and_however_few_groups_are_listed(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(constraints, "MOST_GROUPS", 1)
        patch.setattr(diagnosis, "WIDEST_TABLE", 0)
        zone = find_zone(case)
        found = diagnose(zone, budget=Budget(0))
        opened = zone.exists() or not zone.masks["ceasefire"].coherent
        assert bool(found.conflicts.bits) is bool(found.relaxations.bits) is not opened
        for one in found.conflicts.bits:
            assert zone.size_under(one) == 0, "what is told can be kept by no group"
            assert all(zone.size_under(one & ~bit) for bit in zone.constraints.bits("declared") if one & bit)
        every = zone.constraints.of("declared")
        assert all(zone.size_under(every & ~one) for one in found.relaxations.bits)


def test_screen_and_page_explain_a_closed_zone_where_not_all_groups_were_looked_at(
    monkeypatch: pytest.MonkeyPatch, cli: Cli, tmp_path: Path
) -> None:
    monkeypatch.setattr(constraints, "MOST_GROUPS", 1)
    changes = [*ONLY_THE_LAST, "consent={place: {harbour: [ada]}}"]
    words = ["toy/where-to-meet", *(word for change in changes for word in ("--set", change))]
    said = cli("zone", *words, "--full").stdout
    assert "Why there is no zone" in said and "More groups could sign than were looked at" in said
    assert "(--search)" not in said, "a longer search would find no more"
    assert cli("report", *words, "--to", "page.html").returncode == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "So that a zone opens" in page
    assert not re.search("zones? (is|are) open|nothing collides", page)


@given(grouped())
def test_steps_of_groups_are_the_fewest_over_packages_and_groups_by_hand(case: Case) -> None:
    zone, plain, ways, opened = find_zone(case), Plain(case), {}, {}
    for package in plain.coherent:
        row, broken = np.array([package], dtype=np.int8), plain.violated[package]
        vectors = set()
        for n in range(len(case.parties) + 1):
            for group in map(set, itertools.combinations(case.protocol.asked, n)):
                if not (set(case.protocol.vetoes) <= group and len(group) >= case.protocol.quorum):
                    continue
                moves = group | plain.deeds[package]
                if not any(name.startswith("reservation") for p in moves for name in broken[p]):
                    lines = [case.red_lines.bits("declared", p) for p in range(len(case.parties))]
                    steps = [int(case.red_lines.steps(row, np.array([bits]))[0]) for bits in lines]
                    vectors.add(tuple(s if p in moves else 0 for p, s in enumerate(steps)))
        for vector in vectors:
            if max(vector) < NO_WAY_OUT:
                ways[vector] = ways.get(vector, 0) + 1
                opened.setdefault(sum(vector), []).append(package)
    found = graded(zone)
    counts = {tuple(way.by_party.values()): way.packages for way in found.ways}
    assert set(counts) == set(best := unbeaten(ways))
    assert all(count <= best[way] for way, count in counts.items())
    assert found.fewest == (min(opened) if opened else None)
    if found.fewest is None or found.example is None:
        assert found.fewest is found.example is None
    else:
        assert tuple(case.space.package(found.example).tolist()) in opened[found.fewest]
    if len(case.space.issues) > 1:
        table = fewest_by_pair(zone, 0, 1)
        assert found.fewest == (None if np.isnan(table).all() else int(np.nanmin(table)))


def test_a_line_of_somebody_who_is_not_asked_moves_no_step(write: Write) -> None:
    party, absent = "{name: %s, reservation: 0, weights: {}, values: {}%s}", ", roles: [observer]"
    line = "{id: %s, party: %s, requires: {a: [%s]}, basis: assumption}"
    text = (
        "format: 1\ntitle: x\nissues: {a: {status_quo: m, options: [l, m, n]}}\n"
        f"parties: {{ann: {party % ('A', '')}, ben: {party % ('B', '')}, cem: {party % ('C', absent)}}}\n"
        f"red_lines: [{line % ('x', 'ann', 'l')}, {line % ('y', 'ben', 'm')}, {line % ('z', 'cem', 'n')}]\n"
    )
    found = graded(find_zone(load(write(text)).case))
    assert found.fewest == 1
    assert [way.by_party for way in found.ways] == [{"ann": 0, "ben": 1, "cem": 0}, {"ann": 1, "ben": 0, "cem": 0}]
    assert found.lines == {"x": LineSteps(0, 1), "y": LineSteps(0, 1), "z": LineSteps(0, 0)}


@given(grouped())
def test_points_are_named_for_each_smallest_group_over_what_suits_it(case: Case) -> None:
    zone = find_zone(case)
    inside = members(zone)
    for point in named_points(case, inside):
        assert set(case.protocol.vetoes) <= set(point.group) <= set(case.protocol.asked)
        assert len(point.group) == max(case.protocol.quorum, len(case.protocol.vetoes))
        worth = [case.utility(p, point.packages[None])[0] for p in point.group]
        np.testing.assert_allclose(point.values, np.stack(worth, axis=1), atol=1e-8)
        assert (point.values >= [case.floor(p)[0] - 1e-8 for p in point.group]).all()
        assert {tuple(p) for p in point.packages.tolist()} <= {tuple(p) for p in inside.packages.tolist()}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(talking(across=False))
def test_what_is_signed_and_carried_out_while_nothing_moves_lies_in_the_zone_under_true_lines(case: Case) -> None:
    if case.war is not None:
        case = replace(case, war=replace(case.war, frozen=True))
    still = replace(
        case.protocol, pulls=(), events=tuple(replace(e, levers=(), share=0.0) for e in case.protocol.events)
    )
    case = replace(case, protocol=still)
    zone = find_zone(case)
    talks = play(case, standard(case), Draws(0, np.arange(8)))
    agreed = [package for package, ending in zip(talks.agreed, talks.ending, strict=True) if Ending(int(ending)).agreed]
    inside = {tuple(package) for package in members(zone, "true").packages.tolist()}
    assert {tuple(package.tolist()) for package in agreed} <= inside
    assert not agreed or zone.exists("true")


def test_a_majority_finds_two_sites_where_all_three_together_find_none() -> None:
    loaded = load("toy/where-to-meet")
    found = zone_measures(loaded, find_zone(loaded.case))
    assert found.zone["declared"] == {"ceasefire": 2, "settlement": 2}
    assert [tuple(point.values) for point in found.points if point.name == "nash"] == [
        ("ada", "bo"), ("ada", "cem"),
    ]  # fmt: skip
    everybody = load("toy/where-to-meet", ["protocol.agreement=unanimity"])
    assert find_zone(everybody.case).size() == 0
    assert find_zone(load("toy/where-to-meet", ["protocol.agreement.vetoes=[bo]"]).case).size() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("protocol.agreement={at_least: 4}", r"protocol.agreement.at_least: only 3 are asked, so at most 3 can agree"),
        ("protocol.agreement={at_least: 2, vetoes: [eda]}", r'protocol.agreement.vetoes.*"eda".*ada'),
    ],
)
def test_a_rule_that_cannot_be_met_is_refused_with_what_could_be(change: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        load("toy/where-to-meet", [change])


def test_a_veto_of_somebody_who_is_not_asked_is_refused_with_file_line_and_the_nearest(
    write: Write,
) -> None:
    text = (
        "format: 1\ntitle: x\nissues: {a: {status_quo: y, options: [y, n]}}\n"
        "parties:\n  ann: {name: A, reservation: 0, weights: {}, values: {}}\n"
        "  anna: {name: B, reservation: 0, weights: {}, values: {}, roles: [observer]}\n"
        "protocol:\n  agreement:\n    at_least: 1\n    vetoes: [anna]\n"
    )
    with pytest.raises(ScenarioError, match=r'yaml line 10: protocol.agreement.vetoes: "anna" is not asked.*"ann"'):
        load(write(text))


def test_conflicts_of_lines_alone_come_before_smaller_ones_that_hang_on_reservation_values() -> None:
    line = "{id: %s, party: %s, requires: {cut: {%s: %s}}, basis: assumption}"
    lines = [line % ("most", "ann", "at_least", "slices_8"), line % ("least", "ben", "at_most", "slices_2")]
    alone = ["parties.ann.reservation=101", "parties.ben.reservation=0"]
    loaded = load("toy/split-the-pie", [f"red_lines=[{', '.join(lines)}]", *alone])
    found = zone_measures(loaded, find_zone(loaded.case)).conflicts["ceasefire"]
    assert [sorted(ids) for ids in found] == [["least", "most"], ["reservation:ann"]]


def test_a_notebook_is_told_how_many_signatories_a_package_of_the_zone_has_to_suit() -> None:
    told = find_zone(load("toy/where-to-meet").case)._repr_html_()
    assert "those in the zone suit enough (2 of 3) signatories: Ada, Bo, Cem." in told
    everybody = find_zone(load("toy/where-to-meet", ["protocol.agreement=unanimity"]).case)._repr_html_()
    assert "those in the zone suit all signatories: Ada, Bo, Cem." in everybody


@given(grouped())
def test_packages_looked_at_alone_violate_what_they_do_among_all_others(case: Case) -> None:
    rules = Constraints(case)
    for slab in slabs(case):
        packages, masks = slab.space.packages(np.arange(slab.space.size)), slab.masks.ravel()
        assert rules.masks_of(packages).tolist() == masks.tolist()
        content = np.zeros((len(packages), len(case.parties)), dtype=bool)
        unmoved = masks & ~masks.dtype.type(rules.reservation())
        assert rules.masks_of(packages, content).tolist() == unmoved.tolist(), "nobody gets too little"
        for party in rules.holders:
            short = content.copy()
            short[:, party] = True
            assert rules.masks_of(packages, short).tolist() == [m | rules.reservation(party) for m in unmoved.tolist()]


def crowded() -> str:
    """Eleven opposed pairs of lines, and three lines of which any two can hold."""
    issues = "".join(f"  i{n}: {{status_quo: a, options: [a, b]}}\n" for n in range(11))
    line = "  - {id: %s, party: %s, requires: {%s: [%s]}, basis: assumption}\n"
    pairs = [
        (f"{party}{n}", party, f"i{n}", option) for n in range(11) for party, option in (("ann", "a"), ("ben", "b"))
    ]
    three = [("first", "ann", "t", "a, b"), ("second", "ann", "t", "b, c"), ("third", "ben", "t", "c, a")]
    party = "{name: %s, reservation: 0, weights: {}, values: {}}"
    return (
        f"format: 1\ntitle: Crowded\nissues:\n{issues}  t: {{status_quo: a, ordered: false, options: [a, b, c]}}\n"
        f"parties: {{ann: {party % 'Ann'}, ben: {party % 'Ben'}}}\nred_lines:\n"
        + "".join(line % entry for entry in pairs + three)
    )


def test_a_search_without_time_lists_every_pair_first_and_says_that_there_may_be_more(write: Write, cli: Cli) -> None:
    path = write(crowded())
    found = json.loads(cli("zone", path, "--search", "0", "--json").stdout)
    assert {frozenset(ids) for ids in found["conflicts"]["ceasefire"]} == {
        frozenset((f"ann{n}", f"ben{n}")) for n in range(11)
    }
    assert found["complete"]["conflicts"] == {"ceasefire": False, "settlement": False}
    assert "and at least 3 more (--full lists them)" in cli("zone", path, "--search", "0").stdout
    found = json.loads(cli("zone", path, "--json", "--search", "600").stdout)
    assert [len(ids) for ids in found["conflicts"]["ceasefire"]] == [2] * 11 + [3]
    assert all(found["complete"]["conflicts"].values())


def test_no_screen_says_that_no_zone_exists_beside_runs_that_agree() -> None:
    from rich.console import Console

    from sim.report.terminal.batch import print_batch
    from sim.study.many import run_many

    batch = run_many(load("toy/where-to-meet"), 20)
    assert batch.measured.zone_exists["declared"] and batch.measured.talks_agree.hits == 20
    moved = replace(batch.measured, zone_exists={"declared": False, "true": False})
    for found, said in ((batch.measured, "a zone exists: yes;"), (moved, "a zone exists: not before the talks;")):
        told = StringIO()
        print_batch(Console(file=told, width=120), batch.loaded.scenario, found)
        assert said in told.getvalue() and "a zone exists: no;" not in told.getvalue()
