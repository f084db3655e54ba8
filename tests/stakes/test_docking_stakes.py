"""Every route to what a package is worth comes to what the plain transcription says: rows, whole space, moves, halves.

What this file asks of the product stands in its first section; all else knows only that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import load
from sim.scenario.library import slugs
from sim.stakes.case import Case
from sim.stakes.clauses import Clause
from sim.stakes.outlook import look_ahead
from sim.stakes.prospects import terrain
from sim.stakes.redlines import RedLines
from sim.stakes.space import OutcomeSpace
from sim.stakes.stages import Stage
from sim.stakes.terms import touches
from sim.stakes.valuation import least_utility
from sim.talks.mediation import _steps as steps_added
from sim.talks.offers.around import around
from sim.talks.offers.value_of_moves import Moves
from sim.talks.offers.value_of_moves import values as values_of_moves
from sim.talks.referee import open_talks
from sim.zone.halves import Part, parts
from tests.reference_stakes import ARMISTICE, INTERIM, Outlook, Package, Stakes, crosses, lies_in
from tests.strategies import rows_of, staked

# The product's routes. By rows, packages are ``(R, N, I)`` and what comes back broadcasts to ``(R, N)``.

Rows = np.ndarray


def all_at_once(case: Case, packages: Rows) -> tuple[Rows, Rows]:
    """Utilities and values ``(R, N, P)`` of all parties at once, a package of each row after the other."""
    columns = [np.ascontiguousarray(packages[:, n]) for n in range(packages.shape[1])]
    points = [case.preferences.utilities(column) for column in columns]
    worth = [case.values(column, u, case.outlook) for column, u in zip(columns, points, strict=True)]
    return np.stack(points, axis=1), np.stack(worth, axis=1)


def utility_by_rows(case: Case, party: int, packages: Rows) -> Rows:
    return case.preferences.of(party).at(packages)


def value_by_rows(case: Case, party: int, packages: Rows) -> Rows:
    return case.value(party, packages)


def breakdown_by_rows(case: Case, packages: Rows) -> Rows:
    return case.breakdown(packages)


def coherent_by_rows(case: Case, packages: Rows) -> Rows:
    return case.valid(packages)


def stage_by_rows(case: Case, packages: Rows) -> Rows:
    return case.stage(packages)


def astray_by_rows(case: Case, packages: Rows, stage: int) -> Rows:
    return case.stages.astray(packages, Stage(stage))


def steps_by_rows(case: Case, packages: Rows, line: int) -> Rows:
    return case.red_lines.ways_out[int(case.red_lines.box_of("declared")[line])].at(packages)


def steps_of_party_by_rows(case: Case, packages: Rows, party: int) -> Rows:
    return case.red_lines.steps(packages, np.array([case.red_lines.bits("declared", party)]))


def consents_by_rows(case: Case, packages: Rows, forms: list[int]) -> Rows:
    """Whether all consent to the packages of rows ``(R, I)``, each line binding in the form of this number."""
    bits = np.zeros((1, len(case.parties)), dtype=np.uint64)
    for box, line, form in zip(case.red_lines.box_of("declared"), case.red_lines.lines, forms, strict=True):
        bits[0, line.party] |= np.uint64(1 << int(box) + form)
    return case.consents(packages, np.broadcast_to(bits, (len(packages), len(case.parties))))


def floor_by_rows(case: Case, party: int) -> Rows:
    return case.floor(party)


def value_everywhere(case: Case, row: int) -> Iterator[Rows]:
    yield from case.values_over(case.space, tuple(range(len(case.parties))), row)


def utility_everywhere(case: Case, party: int, row: int) -> Rows:
    return np.broadcast_to(case.preferences.of(party).over(case.space, row), case.space.shape)


def steps_everywhere(case: Case, line: int) -> Rows:
    found = case.red_lines.ways_out[int(case.red_lines.box_of("declared")[line])].over(case.space)
    return np.broadcast_to(found, case.space.shape)


def neighbours(case: Case, here: Rows) -> tuple[Rows, Rows]:
    """What lies around packages ``(R, I)``: candidates ``(R, C, I)``, and which of them there are ``(R, C)``."""
    near = around(case, here)
    return near.all_packages(), near.exists().T


def worth_of_moves(case: Case, here: Rows, party: int) -> tuple[Rows, Rows]:
    """Utilities and values ``(R, C)`` of these candidates."""
    near = around(case, here)
    points = np.broadcast_to(Moves(case, near).utility(party), (near.near.candidates, len(here)))
    every = np.ones(points.shape, dtype=bool)
    return points.T, values_of_moves(case, party, near, np.arange(len(points)), points, every).T


def steps_of_moves(case: Case, here: Rows, weights: list[float]) -> Rows:
    """The steps ``(R, C)`` that candidates add on the way out of declared lines, by the weight of the owner."""
    near, rows = around(case, here), np.ones((len(here), 1))
    return steps_added(case, open_talks(case, len(here)).binding, near, rows * weights).all(near.near).T


def halved(case: Case) -> list[Part]:
    """The ceasefire packages that are coherent and cross no declared line, in parts by ending and cut in halves."""
    return list(parts(case, "ceasefire", case.red_lines.boxes[case.red_lines.box_of("declared")]))


def packages_of(part: Part) -> Rows:
    """The packages ``(N, I)`` of a part."""
    return part.packages(np.nonzero(part.clear))


def utilities_of(case: Case, part: Part) -> Rows:
    """What both halves say of their utility to each party ``(R, P, N)``."""
    first, second, _ = part.utilities(case)
    at, beside = np.nonzero(part.clear)
    return first[:, :, at] + second[:, :, beside]


def resumed_of(case: Case, part: Part, party: int) -> tuple[Rows, Rows]:
    """The least and the most ``(1|R,)`` that the war after any of its packages is said to be worth."""
    return part.resumed(case, party)


def across(case: Case, part: Part) -> tuple[list[int], Rows]:
    """The interactions that neither half knows, and the most ``(P,)`` that they are said to add."""
    touched = [touches(part.space, box) for box in case.preferences.boxes]
    unknown = [m for m, axes in enumerate(touched) if not any(axes <= set(half) for half in part.halves)]
    return unknown, part.utilities(case)[2]


def bound(case: Case, part: Part, party: int, best: Rows, longest: Rows) -> Rows:
    outlook = case.outlook
    if outlook is None:
        return case.floor(party)
    columns = (outlook.war[:, party], outlook.limited[:, party], outlook.discount[:, party])
    return least_utility(part.kind, case.floor(party), *columns, best, longest)


def expected(case: Case, row: int, month: int, share: float) -> Outlook:
    """What the closed form says is expected in a row after months of talks, the share standing elsewhere."""
    ground = terrain(case.war, case.preferences, case.space.standing())
    war = replace(case.war, share=np.array([share]))
    status_quo, cost = case.space.standing(), case.endings.limited_cost
    found = look_ahead(war, case.preferences, status_quo, cost, month, ground=ground)
    return {name: column(getattr(found, name), row) for name in ("war", "limited")}


# The transcription beside it


def rows_in(case: Case) -> int:
    return len(case.preferences.weights)


def column(held: np.ndarray, row: int) -> list[float]:
    return held[min(row, len(held) - 1)].tolist()


def told_of(case: Case) -> list[Stakes]:
    """The transcription of each row, with the terms imposed that the case says were."""
    told = [Stakes(case, row) for row in range(rows_in(case))]
    for row, one in enumerate(told):
        if one.outlook is not None:
            one.outlook["imposed"] = column(case.outlook.imposed, row)
    return told


def agree(found: Rows, told: list[Stakes], packages: Rows, rule: Callable[..., float], *about: object) -> None:
    """What was found of packages ``(R, N, I)`` is what a rule of the transcription says, package by package."""
    plain = [[rule(one, *about, tuple(p)) for p in row] for one, row in zip(told, packages.tolist(), strict=True)]
    close(np.broadcast_to(found, packages.shape[:-1]), plain)


def close(found: object, plain: object) -> None:
    np.testing.assert_allclose(found, plain, rtol=1e-11, atol=1e-9)  # type: ignore[arg-type]


def whole(case: Case) -> Rows:
    return case.space.packages(np.arange(case.space.size))


def drawn(case: Case, dice: np.random.Generator, each: int) -> Rows:
    return case.space.packages(dice.integers(0, case.space.size, (rows_in(case), each)))


def by_rows(case: Case, dice: np.random.Generator) -> None:
    told, packages = told_of(case), drawn(case, dice, 8)
    points, worth = all_at_once(case, packages)
    for p in range(len(case.parties)):
        agree(utility_by_rows(case, p, packages), told, packages, Stakes.utility, p)
        agree(points[..., p], told, packages, Stakes.utility, p)
        agree(value_by_rows(case, p, packages), told, packages, Stakes.value, p)
        agree(worth[..., p], told, packages, Stakes.value, p)
        agree(steps_of_party_by_rows(case, packages, p), told, packages, away, p)
        close(np.broadcast_to(floor_by_rows(case, p), len(told)), [one.floors[p] for one in told])
    if case.outlook is not None:
        lasts = [[told[0].kind(tuple(package)) >= ARMISTICE for package in row] for row in packages.tolist()]
        agree(np.where(lasts, breakdown_by_rows(case, packages), 0.0), told, packages, breaking)
    agree(coherent_by_rows(case, packages), told, packages, Stakes.coherent)
    agree(stage_by_rows(case, packages), told, packages, Stakes.stage)
    for stage in Stage:
        if stage != Stage.PARTIAL or case.partial is not None:
            agree(astray_by_rows(case, packages, stage), told, packages, Stakes.astray, stage)
    for n, line in enumerate(case.red_lines.lines):
        agree(steps_by_rows(case, packages, n), told, packages, Stakes.way_out, line.ladder[0])
    for n in range(packages.shape[1]):
        forms, some = [int(dice.integers(len(line.forms))) for line in case.red_lines.lines], packages[:, [n]]
        binding = [line.forms[form] for line, form in zip(case.red_lines.lines, forms, strict=True)]
        agree(consents_by_rows(case, some[:, 0], forms)[:, None], told, some, consenting, binding)


def breaking(told: Stakes, package: Package) -> float:
    lasts = told.kind(package) >= ARMISTICE and told.outlook is not None
    return told.breakdown(package, told.outlook) if lasts else 0.0


def consenting(told: Stakes, binding: list[Clause], package: Package) -> bool:
    return told.consented(package, binding, told.floors)


def away(told: Stakes, party: int, package: Package) -> int:
    return sum(told.way_out(line.ladder[0], package) for line in told.lines if line.party == party)


def the_whole_space(case: Case) -> None:
    for row, one in enumerate(told_of(case)):
        told, packages = [one], whole(case)[None]
        for p, worth in enumerate(value_everywhere(case, row)):
            agree(worth.reshape(1, -1), told, packages, Stakes.value, p)
            agree(utility_everywhere(case, p, row).reshape(1, -1), told, packages, Stakes.utility, p)
        for n, line in enumerate(case.red_lines.lines if row == 0 else ()):
            agree(steps_everywhere(case, n).reshape(1, -1), told, packages, Stakes.way_out, line.ladder[0])


def moves(case: Case, dice: np.random.Generator) -> None:
    told, here = told_of(case), drawn(case, dice, 1)[:, 0]
    packages, there = neighbours(case, here)
    each = np.flatnonzero(there.all(axis=0))
    each = np.unique(dice.choice(each, min(12, len(each))))
    packages = packages[:, each]
    for p in range(len(case.parties)):
        points, worth = worth_of_moves(case, here, p)
        agree(points[:, each], told, packages, Stakes.utility, p)
        agree(worth[:, each], told, packages, Stakes.value, p)
    weights = [1.0 + p if p in case.signatories else 0.0 for p in range(len(case.parties))]
    added = steps_of_moves(case, here, weights)[:, each] + [
        [weighted(told[0], weights, tuple(p))] for p in here.tolist()
    ]
    agree(added, told, packages, weighted, weights)


def weighted(told: Stakes, weights: list[float], package: Package) -> float:
    return sum(weight * away(told, p, package) for p, weight in enumerate(weights))


def halves(case: Case) -> None:
    """Halves add up to the packages they stand for, and no bound rules out a package that is worth its floor."""
    told, seen = told_of(case), set()
    for part in halved(case):
        packages, sums = [tuple(package) for package in packages_of(part).tolist()], utilities_of(case, part)
        seen |= set(packages)
        unknown, most = across(case, part)
        for row, one in enumerate(told):
            points = np.array([[one.utility(p, package) for package in packages] for p in one.parties])
            left = np.array([[effects(one, unknown, p, package) for package in packages] for p in one.parties])
            close(sums[row] + left, points)
            assert (left.max(axis=1) <= most + 1e-9).all()
            bounded(case, part, row, one, packages, points)
    assert seen == {package for package in map(tuple, whole(case).tolist()) if clear(told[0], package)}


def effects(told: Stakes, numbers: list[int], party: int, package: Package) -> float:
    some = [told.effects[m] for m in numbers]
    return sum(points for holder, points, box in some if holder == party and lies_in(box, package))


def clear(told: Stakes, package: Package) -> bool:
    crossed = any(crosses(line.ladder[0], package) for line in told.lines)
    return told.coherent(package) and told.stage(package) >= INTERIM and not crossed


def bounded(case: Case, part: Part, row: int, told: Stakes, packages: list[Package], points: np.ndarray) -> None:
    for p in told.parties:
        worth = np.array([told.value(p, package) for package in packages])
        slack, best, longest = 1e-6, np.zeros(len(packages)), np.zeros(len(packages))
        if told.outlook is not None:
            slack += 4e-9 / (1 - told.discount[p])
            best = np.array([told.after(p, package, told.outlook) for package in packages])
            least, most = (column(np.atleast_1d(end), row) for end in resumed_of(case, part, p))
            assert least - 1e-9 <= best.min() and best.max() <= most + 1e-9
            if told.kind(packages[0]) >= ARMISTICE:
                longest = np.array([told.year(package, told.outlook, but=p) for package in packages])
        for n, package in enumerate(packages):
            for after, year in ((best.max(), longest.max()), (best[n], longest[n])):
                least = column(np.atleast_1d(bound(case, part, p, np.array([after]), np.array([year]))), row)
                if worth[n] >= told.floors[p] - 1e-9:
                    assert points[p, n] >= least - slack
            if told.audience[p] == 0 and told.kind(package) < ARMISTICE and worth[n] < told.floors[p] - 1e-5:
                assert points[p, n] < least  # nothing but the others' attacks makes the bound of what is exact too low


def the_war(case: Case, dice: np.random.Generator) -> None:
    if case.war is None:
        return
    for row, told in enumerate(told_of(case)):
        month, share = int(dice.integers(30)), float(dice.random())
        plain = told.look_ahead(share, column(case.war.drift, row), column(case.war.lever_index, row), month)
        for name, found in expected(case, row, month, share).items():
            close(found, plain[name])
        close(column(case.reservation, row), told.r)


# The tests

slow_to_shrink = settings(suppress_health_check=list(HealthCheck), max_examples=settings.default.max_examples // 2)
chances = st.builds(np.random.default_rng, st.integers(0, 2**32))


@pytest.mark.parametrize("docked", [by_rows, moves, the_war])
@slow_to_shrink
@given(case=staked(), dice=chances)
def test_packages_and_wars_of_any_case_are_worth_what_the_transcription_says(
    docked: Callable[[Case, np.random.Generator], None], case: Case, dice: np.random.Generator
) -> None:
    docked(case, dice)


@pytest.mark.parametrize("docked", [the_whole_space, halves])
@slow_to_shrink
@given(case=staked(most_rows=2))
def test_the_whole_space_and_halves_of_any_case_are_worth_what_the_transcription_says(
    docked: Callable[[Case], None], case: Case
) -> None:
    docked(case)


FEW = ("2022-istanbul", "2025-12-extended-what-if", "fictional/lakeside-draft", "toy/two-issues")


def pinned(case: Case, dice: np.random.Generator, most: int = 150) -> Case:
    """The case with all issues but some, that of the ending first, pinned to an option that was left."""
    left = [(int(dice.choice(options)),) for options in case.space.left]
    first = [] if case.endings is None else [case.endings.axis]
    for axis in [*first, *dice.permutation(len(left)).tolist()]:
        wider = [*left[:axis], case.space.left[axis], *left[axis + 1 :]]
        left = wider if np.prod([len(options) for options in wider]) <= most else left
    space = OutcomeSpace(case.space.issues, tuple(left))
    return replace(case, space=space, red_lines=RedLines(space, case.red_lines.lines))


def all_routes(slug: str) -> None:
    dice = np.random.default_rng(5)
    case = rows_of(load(slug).case, 2)
    for route in (by_rows, moves, the_war):
        route(case, dice)
    small = pinned(case, dice)
    the_whole_space(small)
    halves(small.without_lines())  # lines of their own leave no package at all


@pytest.mark.parametrize("slug", FEW)
def test_all_routes_of_a_scenario_come_to_what_the_transcription_says(slug: str) -> None:
    all_routes(slug)


@pytest.mark.slow
@pytest.mark.parametrize("slug", [slug for slug in slugs() if slug not in FEW])
def test_all_routes_of_every_scenario_come_to_what_the_transcription_says(slug: str) -> None:
    all_routes(slug)
