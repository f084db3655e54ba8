"""Robust zones against the plain transcription of what is at stake, and drawn numbers against their ranges."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import StringIO
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sim import find_zone, load
from sim.errors import ScenarioError
from sim.report import robust_sentences as say
from sim.report.terminal.finding import print_finding
from sim.report.terminal.zone import print_heading
from sim.scenario import by_run
from sim.scenario.by_run import Numbers
from sim.scenario.library import slugs
from sim.scenario.ranges import drawn_numbers, drawn_weights, weighed
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.run_axis import take_rows
from sim.study.measures import zone_measures
from sim.study.redrawn import BLOCK, MOMENT, Drawn, drawn_case, drawn_columns, glance
from sim.study.robust import robustness
from sim.study.shares import shared
from sim.zone import robust
from sim.zone.drawn import Drawn as Draw
from sim.zone.drawn import first_looks
from sim.zone.robust import candidates, surviving
from sim.zone.search import Budget
from tests.conftest import SMALL, Cli, Write
from tests.reference_stakes import Stakes
from tests.reference_zone import zone
from tests.strategies import staked, unhurried
from tests.zones import zone as whole

MARCH = "2025-03-truce-offer"


@st.composite
def drawn_cases(draw: st.DrawFn) -> Case:
    """Cases with a row for each draw, some of which a majority can sign."""
    case = draw(staked())
    case = case.under(case.preferences)  # before any talks, in which something could have been imposed
    if draw(st.booleans()):
        case = replace(case, audience=None)  # most can be seen at a first look where nothing is said in public
    quorum = draw(st.integers(1, max(1, len(case.protocol.asked))))
    if draw(st.booleans()) or not case.protocol.asked:
        return case
    return replace(case, protocol=replace(case.protocol, quorum=quorum, vetoes=case.protocol.asked[: quorum // 2]))


@unhurried
@given(drawn_cases())
def test_each_draw_leaves_what_the_plain_rules_leave_in_its_row(case: Case) -> None:
    of, rows = candidates(case), len(case.preferences.weights)
    found = [{tuple(of.packages[n].tolist()) for n in left} for left in surviving(of, case, rows)]
    for row, survivors in enumerate(found):
        assert survivors == zone(Stakes(case, row))


@pytest.mark.parametrize("kind", ["both", "weights"])
def test_a_first_look_and_values_to_the_last_digit_leave_the_same_packages(kind: Drawn) -> None:
    loaded = load(MARCH)
    of, case = candidates(loaded.case), drawn_case(loaded, 3, kind, 0, 30)
    seen = [left.tolist() for left in surviving(of, case, 30)]

    def blind(case: Case, drawn: Draw, parties: Iterable[int]) -> Iterator[tuple[np.ndarray, float]]:
        return ((drawn.worth[party] * np.nan, 0.0) for party in parties)

    with patch.object(robust, "first_looks", blind):
        assert [left.tolist() for left in surviving(of, case, 30)] == seen
    assert any(seen)


def test_a_package_farther_from_a_floor_than_the_doubt_lies_on_the_side_where_it_is_seen() -> None:
    loaded = load(MARCH)
    of, case = candidates(loaded.case), drawn_case(loaded, 3, "both", 0, 8)
    for run in range(8):
        one, rows = take_rows(case, [run]), of.packages[None]
        assert one.outlook is not None
        worth = np.stack([one.utility(p, rows)[0] for p in range(4)])
        after = np.stack([one.war_after(p, rows)[0] for p in range(4)])
        for party, (above, doubt) in enumerate(first_looks(case, Draw(of.kinds, worth, after, run), range(4))):
            points = one.value(party, rows)[0] - one.floor(party)[0] + TOLERANCE
            scale = above / points
            assert doubt < 1e-3 and (scale[np.abs(above) > doubt] > 0).all()


@pytest.mark.parametrize("kind", ["weights", "numbers", "both"])
def test_the_march_case_compiled_with_the_numbers_of_a_draw_has_the_zone_of_that_draw(kind: Drawn) -> None:
    loaded = load(MARCH)
    columns = drawn_columns(loaded, 4, kind, 7, 9)
    of = candidates(loaded.case)
    found = list(surviving(of, load(MARCH, {path: float(of_path[0]) for path, of_path in columns.items()}).case, 1))
    by_row = robustness(loaded, 9, 4, (kind,))
    assert len(found[0]) == find_zone(load(MARCH, {p: float(c[0]) for p, c in columns.items()}).case).size()
    sizes = sorted(len(left) for left in _all_rows(kind, 9, 4))
    assert list(by_row.drawn[kind].size.values()) == [sizes[0], sizes[4], sizes[8]]
    assert len(found[0]) == len(_all_rows(kind, 9, 4)[7])


def _all_rows(kind: Drawn, draws: int, seed: int) -> list[np.ndarray]:
    loaded = load(MARCH)
    return list(surviving(candidates(loaded.case), drawn_case(loaded, seed, kind, 0, draws), draws))


def test_march_has_a_zone_in_nearly_every_draw_and_a_core_of_four_truces() -> None:
    found = robustness(MARCH, 200, kinds=["both"])
    held = found.drawn["both"]
    assert held.draws == 200 and held.zone.known >= 0.98
    assert held.core.by_ending == {"truce_30_days": 4}
    assert held.core.options["legal_status"] == {"deferred": 4} and held.core.options["alignment"] == {"moratorium": 4}
    assert held.plain_truce is not None
    assert {p: share.hits for p, share in held.plain_truce.items()} == {
        "russia": 0,
        "ukraine": 200,
        "us": 200,
        "europe": 200,
    }
    assert [say.core(load(MARCH).scenario, held)[0]] == [
        "4 packages stay in the zone in at least 180 of 200 draws: 4 × 30-day truce, renewable."
    ]


def test_where_every_package_crosses_a_line_nothing_is_drawn() -> None:
    found = robustness("2025-12-stalemate")
    assert found.candidates == 0 and found.empty_whatever_is_drawn and found.drawn == {}
    assert "whatever the weights" in say.headline(load("2025-12-stalemate").scenario, found)


def test_two_hundred_draws_are_the_first_of_a_thousand() -> None:
    loaded = load(MARCH)
    few, many = (drawn_columns(loaded, 3, "both", 0, draws) for draws in (200, 1_000))
    assert few.keys() == many.keys() and all((many[path][:200] == few[path]).all() for path in few)


def test_weights_drawn_have_the_scenarios_own_as_their_mean_and_spread_as_dirichlet() -> None:
    scenario = load(MARCH).scenario
    n, parts = 20_000, scenario.weight_concentration
    uniform = (
        np.random.default_rng(1).permuted(np.tile(np.arange(n) + 0.5, (len(weighed(scenario)), 1)), axis=1) / n
    ).T
    drawn = drawn_weights(scenario, uniform)
    mine = {p: c for p, c in drawn.items() if p.startswith("parties.russia.")}
    whole = np.sum(list(mine.values()), axis=0)
    own = scenario.parties["russia"].weights
    for path, column in mine.items():
        share = own[path.rsplit(".", 1)[1]] / sum(own.values())
        assert np.mean(column / whole) == pytest.approx(share, abs=0.002)
        assert np.var(column / whole) == pytest.approx(share * (1 - share) / (parts + 1), rel=0.06)


def test_the_ends_of_a_range_are_the_ends_of_what_is_drawn_and_numbers_below_a_path_move_together() -> None:
    scenario = load(MARCH, {"parties.us.war.cost": 8}).scenario
    ends = [drawn_numbers(scenario, np.full((1, len(scenario.ranges)), end)) for end in (0.0, 1.0)]
    low, high = ({path: round(float(column[0]), 6) for path, column in end.items()} for end in ends)
    assert (low["war.slope"], high["war.slope"]) == (4, 16)
    assert (low["parties.us.war.cost"], high["parties.us.war.cost"]) == (5.36, 12)
    assert (low["parties.us.war.attacked.russia"], high["parties.us.war.attacked.russia"]) == (0, 4)
    assert high["war.hold.armistice"] == high["war.hold.treaty"] == 0.98
    assert "parties.russia.war.attacked.russia" not in high


RANGED = SMALL + "ranges:\n  parties.seller.tactic.stay: [0, 10, linear]\n"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("parties.seler.reservation: [1, 2]", 'no number "parties.seler.reservation" to draw (did you mean'),
        ("parties.seller.tactic.stay: [1, 2, lin]", '"lin" is not known (did you mean "linear"?)'),
        ("parties.seller.tactic.stay: [2, 1]", "low end 2 lies above high end 1"),
        ("parties.seller.tactic.stay: [0, 1, log]", "log needs ends above 0, not 0"),
        ("parties.seller.tactic.opening: [0.5, 2]", "lies in [0, 1], so it cannot be 2; the nearest is 1"),
        ("parties.seller.tactic.opening: [0.5, 2, factor]", "cannot be 2 times 1; the nearest is 1"),
        ("parties.seller.tactic.stay: [0, 1, log, 3]", "should be [low, high, scale]"),
        ("parties.seller.tactic.stay: 4", "should be [low, high, scale]"),
        ("parties.seller.tactic.stay: [0]", "high: is missing"),
        ("parties.seller.weights.price: [1, 2]", "weights are drawn by themselves"),
    ],
)
def test_a_range_that_cannot_be_drawn_from_is_refused_with_its_line(write: Write, written: str, said: str) -> None:
    path = write(f"{SMALL}ranges:\n  {written}\n")
    with pytest.raises(ScenarioError) as refused:
        load(path)
    line = len(SMALL.splitlines()) + 2
    assert said in str(refused.value) and str(refused.value).startswith(f"{path} line {line}: ranges.")


def test_a_number_has_one_range(write: Write) -> None:
    path = write(f"{SMALL}ranges:\n  parties.seller.tactic.stay: [1, 2]\n  parties.seller.tactic: [1, 1]\n")
    with pytest.raises(ScenarioError, match=r"has a range already, at parties\.seller\.tactic\.stay"):
        load(path)


def test_odds_that_sum_to_more_than_one_are_refused() -> None:
    loaded = load(MARCH, ["ranges={parties.us.war.win.russia: [0.99, 1]}"])
    with pytest.raises(ScenarioError, match="does not go together"):
        robustness(loaded, 5, kinds=("numbers",))


def test_without_ranges_weights_alone_are_drawn(write: Write) -> None:
    assert list(robustness(write(SMALL), 20).drawn) == ["weights"]
    assert list(robustness(write(RANGED), 20).drawn) == ["weights", "numbers", "both"]


def test_workers_change_no_byte_and_set_without_and_reading_change_the_case(cli: Cli, process: Cli) -> None:
    asked = ("robust", MARCH, "--draws", str(BLOCK + 10), "--json")  # in two pieces of each kind
    alone = cli(*asked).stdout
    assert process(*asked, "--workers", "2").stdout == alone
    found = json.loads(alone)
    assert found["drawn"]["both"]["zone"]["hits"] <= found["drawn"]["both"]["draws"] == BLOCK + 10
    counts = dict(zip(found["survival"]["packages"], found["survival"]["draws"]["both"], strict=True))
    space = load(MARCH).case.space
    named = found["named"][0]
    assert counts[int(space.ids(space.package(named["package"])))] == named["draws"]["both"]
    assert json.loads(cli(*asked, "--reading", "ceasefire").stdout)["empty_whatever_is_drawn"]
    fewer = cli("robust", MARCH, "--draws", "5", "--without", load(MARCH).scenario.red_lines[0].id, "--json").stdout
    assert json.loads(fewer)["candidates"] >= found["candidates"]
    other = json.loads(cli("robust", MARCH, "--draws", "5", "--set", "ranges={}", "--json").stdout)
    assert list(other["drawn"]) == ["weights"] and other["changes"] == ["ranges={}"]


def test_the_screen_leads_with_the_answer_and_fits(cli: Cli) -> None:
    lines = cli("robust", MARCH, "--draws", "40").stdout.splitlines()
    assert lines[3].startswith("How sure is the zone?  There is a zone in") and len(lines) <= 40
    assert cli("robust", "nowhere").returncode == 1


def test_progress_is_told_from_the_first_moment_to_the_end() -> None:
    told: list[float] = []
    robustness("toy/split-the-pie", 120, progress=told.append)
    assert told == sorted(told) and told[0] < 0.2 and told[-1] == pytest.approx(1.0) and len(told) > 3


def test_a_first_look_is_the_first_draws_of_all_that_robust_draws() -> None:
    loaded = load(MARCH)
    sure = glance(loaded, whole(MARCH))
    assert sure.held is not None and (sure.drawn, sure.held.draws, sure.candidates) == ("both", 200, 21_728)
    assert sure.held == robustness(loaded, 200, kinds=("both",)).drawn["both"]
    small = load("toy/two-issues")
    of_toy = glance(small, find_zone(small))
    assert of_toy.held == robustness(small, 200).drawn["weights"]


def test_a_first_look_draws_less_often_where_there_is_more_and_not_at_all_where_it_would_take_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded = load("toy/split-the-pie")
    zone, drawn = find_zone(loaded), {}
    for moment in (MOMENT, 11 * 60, 11 * 19):
        monkeypatch.setattr("sim.study.redrawn.MOMENT", moment)
        held = glance(loaded, zone).held
        drawn[moment] = held and held.draws
    assert list(drawn.values()) == [200, 60, None]


def test_a_first_look_leaves_aside_ranges_that_do_not_go_together() -> None:
    odds = load(MARCH, ["ranges={parties.us.war.win.russia: [0.99, 1]}"])
    assert glance(odds, whole(MARCH)).held is None


@pytest.mark.parametrize(
    ("packages", "in_draws", "said"),
    [
        (3, 200, "Yes, in each of 200 draws of the assumed numbers."),
        (3, 199, "Yes, and in 199 of 200 draws of the assumed numbers."),
        (3, 90, "Yes, but only in 90 of 200 draws of the assumed numbers."),
        (0, 90, "No; yet in 90 of 200 draws of the assumed numbers."),
        (0, 200, "No; yet in each of 200 draws of the assumed numbers."),
        (0, 0, "No, and in none of 200 draws of the assumed numbers."),
        (3, None, "Yes."),
        (0, None, "No."),
    ],
)
def test_the_first_words_say_whether_there_is_a_zone_and_in_how_many_draws(
    packages: int, in_draws: int | None, said: str
) -> None:
    loaded = load("toy/split-the-pie")
    found = zone_measures(loaded, find_zone(loaded))
    assert found.sure is not None and found.sure.held is not None
    held = None if in_draws is None else replace(found.sure.held, zone=shared(in_draws, 200))
    sizes = {"declared": {"ceasefire": packages, "settlement": 0}}
    other = replace(found, zone=sizes, sure=replace(found.sure, drawn="both", held=held))
    assert say.answer(loaded.scenario, other) == said


def test_a_spread_is_told_where_there_is_one_with_how_many_packages_are_sure() -> None:
    loaded = load("toy/split-the-pie")
    found = zone_measures(loaded, find_zone(loaded))
    assert say.spread(found) == ""  # one issue: no weight matters
    told = []
    for core in (0, 1, 2):
        sure = found.sure
        assert sure is not None and sure.held is not None
        held = replace(sure.held, size={"5": 2, "50": 3, "95": 1_000}, core=replace(sure.held.core, packages=core))
        told.append(say.spread(replace(found, sure=replace(sure, held=held))))
    stay = ("none stays", "1 stays", "2 stay")
    assert told == [f"Nine draws of ten have 2 to 1,000 packages; {of} in nine of ten." for of in stay]


@pytest.mark.parametrize(
    ("reservation", "headline", "core"),
    [
        (101, "There is a zone in none of 40 draws.", []),
        (61, None, ["No package stays in the zone in at least 36 of 40 draws; only {hits} have a zone at all."]),
    ],
)
def test_where_few_draws_or_none_have_a_zone_nothing_is_said_of_what_is_in_it(
    write: Write, reservation: int, headline: str | None, core: list[str]
) -> None:
    loaded = load(write(SMALL), [f"parties.buyer.reservation={reservation}"])
    found = robustness(loaded, draws=40)
    held = found.drawn["weights"]
    assert say.core(loaded.scenario, held) == [said.format(hits=held.zone.hits) for said in core]
    assert headline in (None, say.headline(loaded.scenario, found)) and held.zone.known < 0.9


def test_where_no_draw_can_differ_nothing_is_said_of_draws(cli: Cli) -> None:
    for words in (["zone", "toy/split-the-pie"], ["robust", "toy/split-the-pie", "--draws", "40"]):
        assert "draws" not in cli(*words).stdout
    assert "There is a zone of 4 packages. No party weighs" in cli("robust", "toy/split-the-pie").stdout


@pytest.mark.parametrize("slug", ["2025-03-truce-offer", "2025-12-stalemate-what-if", "fictional/truce-offer"])
def test_the_finding_fits_on_the_smallest_of_screens(slug: str) -> None:
    loaded, screen = load(slug), Console(file=StringIO(), width=80)
    print_heading(screen, loaded)
    print_finding(screen, loaded.scenario, zone_measures(loaded, whole(slug), Budget(0)))
    assert isinstance(screen.file, StringIO)
    lines = screen.file.getvalue().splitlines()
    assert 10 <= len(lines) <= 25 and max(map(len, lines)) <= 80


def test_closed_by_lines_alone_is_said_first_and_nothing_is_drawn(cli: Cli) -> None:
    found = json.loads(cli("zone", "2025-12-stalemate", "--json", "--search", "0").stdout)
    assert found["sure"] == {
        "seed": 0, "candidates": 0, "empty_whatever_is_drawn": True, "drawn": "both", "held": None,
    }  # fmt: skip
    assert (
        "Does a zone exist?  No, however issues are weighed" in cli("zone", "2025-12-stalemate", "--search", "0").stdout
    )


def test_what_somebody_sets_is_not_drawn() -> None:
    free, held = (load(MARCH, changes) for changes in ({}, {"war.start": 3, "war.hold.treaty": 1}))
    drawn, fewer = (drawn_columns(loaded, 0, "both", 0, 4) for loaded in (free, held))
    assert set(drawn) - set(fewer) == {"war.start", "war.hold.treaty"}
    assert all((drawn[path] == column).all() for path, column in fewer.items())
    assert "war.start" not in robustness(held, 2).ranges and "war.slope" in robustness(held, 2).ranges


@pytest.mark.parametrize("slug", [slug for slug in slugs() if "classroom" not in slug and "toy" not in slug])
def test_the_numbers_of_a_shipped_scenario_lie_within_the_ranges_they_are_drawn_from(slug: str) -> None:
    scenario = load(slug).scenario
    own = Numbers(scenario).own
    for path, ends in scenario.ranges.items():
        numbers = [n for n in by_run.paths(scenario) if f"{n}.".startswith(f"{path}.") and own(n) is not None]
        assert numbers, path
        assert ends.is_factor or all(ends.low <= own(n) <= ends.high for n in numbers), path


def test_one_draw_is_said_as_one(cli: Cli) -> None:
    said = " ".join(cli("robust", "toy/two-issues", "--draws", "1").stdout.split())
    assert "There is a zone of 2 packages in the one draw." in said
    assert "Nine draws of ten" not in said and "1 draws" not in said
    few = " ".join(cli("robust", "toy/two-issues", "--draws", "3").stdout.split())
    assert "There is a zone in each of 3 draws. They have " in few and "Nine draws of ten" not in few
