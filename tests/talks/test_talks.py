"""The talks: rules on known numbers, promises that hold for any case, and talks that move."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.library import slugs
from sim.stakes.case import Case
from sim.stakes.clauses import crossed
from sim.stakes.run_axis import take_rows, with_fields
from sim.stakes.stages import Stage
from sim.talks.acceptance import carried
from sim.talks.concession import NOTHING_ASKED, horizons, targets
from sim.talks.delegation import stalling, standard
from sim.talks.draws import Draws, Purpose
from sim.talks.how_talks_end import Ending
from sim.talks.mediation import leanings
from sim.talks.offers.around import around
from sim.talks.offers.moves import neighbours
from sim.talks.offers.opening import openings
from sim.talks.opponent_model import loudest
from sim.talks.referee import open_talks, play, play_round
from sim.talks.state import Talks
from sim.zone.region import find_zone, members
from tests.conftest import Write
from tests.strategies import cases, talking, unhurried
from tests.zones import load


def played(case: Case, runs: int = 1, seed: int = 0, first: int = 0) -> Talks:
    return play(case, standard(case), Draws(seed, np.arange(first, first + runs)))


def conceding(case: Case, exponent: float = 5.0) -> Case:
    return replace(case, tactics=replace(case.tactics, exponent=np.full_like(case.tactics.exponent, exponent)))


@given(cases(), st.integers(0, 2**32 - 1), st.booleans())
def test_points_are_the_same_to_the_last_bit_for_one_party_for_some_and_for_all(
    case: Case, seed: int, varied: bool
) -> None:
    random = np.random.default_rng(seed)
    packages, wants = case.space.packages(random.integers(0, case.space.size, 5)), case.preferences
    if varied:
        wants = replace(wants, weights=wants.weights * random.random((5, 1, 1)))
    together = wants.utilities(packages)
    assert together.shape == (5, len(case.parties))
    for party in range(len(case.parties)):
        assert (wants.of(party).at(packages) == together[:, party]).all()
    assert (replace(wants, weights=wants.weights[:1]).utilities(packages[:1]) == together[:1]).all()


@given(cases())
def test_whatever_is_signed_lies_in_the_zone_under_true_lines(case: Case) -> None:
    talks = played(case, runs=4)
    inside = {tuple(p) for p in members(find_zone(case), "true").packages.tolist()}
    for ending, package in zip(talks.ending, talks.agreed, strict=True):
        if Ending(ending).agreed:
            assert tuple(package.tolist()) in inside


@given(cases(), st.integers(0, 2**63 - 1))
def test_a_run_is_the_same_alone_as_in_a_batch(case: Case, seed: int) -> None:
    batch = played(case, runs=5, seed=seed)
    for run in (0, 3):
        alone = played(case, runs=1, seed=seed, first=run)
        assert alone.ending[0] == batch.ending[run] and alone.ended[0] == batch.ended[run]
        assert (alone.agreed[0] == batch.agreed[run]).all()


@given(cases())
def test_every_offer_keeps_to_the_proposers_lines_and_a_played_round_changes_nothing_before_it(case: Case) -> None:
    draws, talks = Draws(1, np.arange(3)), open_talks(case, 3)
    while talks.open.any():
        before = talks.offers.copy()
        after = play_round(case, standard(case), talks, draws)
        assert (talks.offers == before).all()
        for party in range(len(case.parties)):
            spoke = after.made[:, party]
            offers, binding = after.offers[spoke, party], after.binding[spoke, party]
            assert not (case.red_lines.crossed(offers) & binding & hardest(case, party)).any()
            assert case.valid(offers).all()
        talks = after


def hardest(case: Case, party: int) -> np.uint64:
    """The true lines, which hold whatever has softened: an older offer may cross what has hardened since."""
    return case.red_lines.bits("true", party)


@given(cases())
def test_finished_runs_are_returned_unchanged(case: Case) -> None:
    talks = played(case, runs=3)
    again = play_round(case, standard(case), talks, Draws(0, np.arange(3)))
    for field in ("ending", "ended", "agreed", "offers", "made", "text"):
        assert (getattr(again, field) == getattr(talks, field)).all()


@pytest.mark.parametrize("protocol", ["alternating", "single_text"])
def test_without_lines_conceders_agree_in_nine_runs_of_ten(protocol: str) -> None:
    case = conceding(load("2025-12-stalemate", [f"protocol.name={protocol}", "war.frozen=true"]).case.without_lines())
    talks = played(case, runs=100)
    assert np.mean([Ending(e).agreed for e in talks.ending]) >= 0.9


@unhurried
@given(talking(), st.sampled_from([0.0, 30.0, 500.0]), st.integers(1, 3))
def test_however_much_the_others_give_nobody_asks_for_less_than_its_floor(
    case: Case, given: float, round_: int
) -> None:
    case = replace(case, tactics=replace(case.tactics, tit_for_tat=np.ones_like(case.tactics.tit_for_tat)))
    talks = open_talks(case)
    gave = np.full_like(talks.heard.gave, given)
    talks = with_fields(talks, round=round_, heard=with_fields(talks.heard, gave=gave))
    asked = targets(case, talks)
    over = round_ >= horizons(case)[0]
    assert (asked[0, over] == NOTHING_ASKED).all()
    for p in np.flatnonzero(~over):
        floor = case.floor(p)[0]
        assert (asked[0, p, [Stage.INTERIM, Stage.SETTLEMENT]] >= floor).all()
        assert asked[0, p, Stage.PARTIAL] >= (floor if case.partial is None else min(floor, talks.best[0, p, 1]))
        assert given < 500.0 or asked[0, p, Stage.SETTLEMENT] == floor


def test_conceders_agree_sooner_than_boulware_parties() -> None:
    case = load("toy/split-the-pie").case
    assert played(conceding(case, 4.0)).ended[0] < played(conceding(case, 0.25)).ended[0]


def test_dropping_a_line_or_changing_the_start_text_changes_the_path() -> None:
    def path(*changes: str, without: tuple[str, ...] = ()) -> list[list[int]]:
        case = load("2025-12-stalemate", ["reading=ceasefire", *changes], without).case
        draws, talks, texts = Draws(0, np.arange(1)), open_talks(case), []
        for _ in range(8):
            talks = play_round(case, standard(case), talks, draws)
            texts.append(talks.text[0].tolist())
        return texts

    as_it_is = path()
    assert path(without=("russia-recognition",)) != as_it_is
    assert path("protocol.start_text.alignment=permanent_neutrality") != as_it_is
    assert path("protocol.mediator.bias=1") != as_it_is


SHIPPED = [slug for slug in slugs() if slug.startswith(("20", "toy/"))]


@pytest.mark.parametrize("slug", [slug for slug in SHIPPED if not slug.endswith("-what-if")])
def test_openings_are_nearly_each_partys_best_over_all_packages_it_may_offer(slug: str) -> None:
    case = load(slug).case
    space, first = case.space, openings(case)
    worth = dict(zip(case.signatories, case.values_over(space), strict=True))
    settled = np.broadcast_to(space.spread(case.zones["settlement"]), space.shape)
    for party in case.signatories:
        own = replace(case, red_lines=replace(case.red_lines, lines=tuple(
            line for line in case.red_lines.lines if line.party == party)))  # fmt: skip
        allowed = zone_mask(own) & (worth[party] >= case.floor(party)[0] - 1e-9)
        utility = np.broadcast_to(case.preferences.of(party).over(space), space.shape)
        for place, stage, inside in ((1, Stage.INTERIM, ~settled), (2, Stage.SETTLEMENT, settled)):
            able = (allowed & inside).any()
            assert first.can[0, party, place] == able
            if able:
                top, package = utility[allowed & inside].max(), first.packages[:, party, place]
                found = case.utility(party, package)[0]
                assert (allowed & inside).ravel()[space.ids(package[0])]
                assert top - 3 <= found <= top + 1e-9 and first.best[0, party, stage] == pytest.approx(found)


def zone_mask(case: Case) -> np.ndarray:
    from sim.stakes.clauses import crossed_everywhere

    clear = crossed_everywhere(case.space, case.red_lines.boxes) == 0
    return clear & case.stages.coherent_over(case.space) & case.space.spread(case.zones["ceasefire"])


def test_candidates_are_all_packages_within_two_issues_and_one_step_each() -> None:
    space = load("toy/two-issues").case.space
    found = around(load("toy/two-issues").case, np.array([[1, 0]], dtype=np.int8))
    assert space.shape == (4, 3)
    near = {tuple(p) for p in found.all_packages()[found.exists().T].tolist()}
    assert near == {(fence, tree) for fence in range(4) for tree in (0, 1)}


@given(cases(), st.integers(0, 2**32 - 1))
def test_the_boxes_of_candidates_are_those_of_their_packages_whatever_moves_are_left_out(case: Case, seed: int) -> None:
    random = np.random.default_rng(seed)
    start = case.space.packages(random.integers(0, case.space.size, 3))
    whole, tables = around(case, start), case.red_lines.tables
    left_out = random.random(whole.near.moves) < 0.4
    for found in (whole, whole.without(left_out)):
        bits = found.bits(tables)
        expected = np.where(found.exists(), crossed(tables, found.all_packages()).T, 0)
        assert (np.where(found.exists(), bits.of(slice(None)), 0) == expected).all()
        for block in found.near.blocks:
            rows = bits.of_block(block).reshape(block.count, -1)
            mine = np.flatnonzero((found.near.row >= block.rows.start) & (found.near.row < block.rows.stop))
            assert (rows[found.near.row[mine] - block.rows.start] == bits.of(mine)).all()
    kept, near = found.near, whole.near
    assert (np.append(near.issue, -1)[near.first[kept.number]] == np.append(kept.issue, -1)[kept.first]).all()
    assert (found.all_packages() == whole.all_packages()[:, kept.number]).all()


def test_what_is_worked_out_once_is_shared_by_the_parts_of_a_case_and_forgotten_by_another_one() -> None:
    case = load("2025-12-stalemate").case
    several = replace(case, reservation=np.repeat(case.reservation, 3, axis=0))
    part = take_rows(several, np.array([0, 2]))
    assert part is not several and neighbours(part, Stage.INTERIM) is neighbours(several, Stage.INTERIM)
    assert neighbours(several, topic=Stage.INTERIM) is not neighbours(several)
    assert neighbours(several, topic=Stage.INTERIM).moves == neighbours(several, Stage.INTERIM).moves
    played(case)
    again = pickle.loads(pickle.dumps(case))
    assert (played(again).agreed == played(case).agreed).all()
    assert not replace(case).known and not case.without_lines().known


@pytest.mark.parametrize(
    ("changes", "minds"),
    [
        ((), [0.5, 0.25, 0, 0.25]),
        (("protocol.mediator.bias=0.5",), [0.75, 0.125, 0, 0.125]),
        (("protocol.mediator.weights={russia: 1, ukraine: 3}",), [0.25, 0.75, 0, 0]),
        (("camps={}",), [0.5, 0.5, 0, 0]),
    ],
)
def test_a_mediator_minds_the_camps_alike_itself_not_at_all_and_leans_by_its_bias(
    changes: tuple[str, ...], minds: list[float]
) -> None:
    assert leanings(load("2025-12-stalemate", changes).case).tolist() == [minds]


def test_a_mediator_states_no_wish_and_answers_all_the_same() -> None:
    case = load("2025-12-stalemate", ["war.frozen=true"]).case
    draws, talks = Draws(0, np.arange(3)), open_talks(case, 3)
    for _ in range(5):
        talks = play_round(case, standard(case), talks, draws)
        assert case.protocol.mediator is not None and not talks.made[:, case.protocol.mediator].any()
        assert talks.made.sum() == 9 and talks.exchanges[0].asked == (0, 1, 2, 3)


def test_without_a_war_a_mediator_minds_every_signatory_alike() -> None:
    assert leanings(load("toy/two-issues", ["protocol.name=single_text"]).case).tolist() == [[0.5, 0.5]]


def test_agreement_needs_the_quorum_and_every_veto() -> None:
    changes = ["protocol.agreement={at_least: 3, vetoes: [russia, ukraine]}", "protocol.name=alternating"]
    case = load("2025-12-stalemate", changes).case
    package = np.repeat(openings(case).packages[:, 0, 0], 4, axis=0)
    yes = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [0, 1, 1, 1], [1, 1, 1, 1]], dtype=bool)
    assert carried(case, yes, package).tolist() == [True, False, False, True]


def test_nothing_short_of_a_ceasefire_can_be_signed() -> None:
    case = load("2025-12-stalemate").case
    status_quo = case.space.status_quo()[None]
    assert not carried(case, np.ones((1, 4), dtype=bool), status_quo)[0]


def test_a_mediator_runs_out_of_patience_when_the_text_comes_no_closer() -> None:
    talks = played(load("2025-12-stalemate", ["protocol.mediator.patience=3", "war.frozen=true"]).case)
    assert Ending(talks.ending[0]) is Ending.MEDIATOR_EXIT and talks.ended[0] < 24


def test_a_party_whose_own_lines_leave_nothing_stays_silent() -> None:
    changes = ["red_lines.joe-keeps-the-tree.requires={tree: felled}"]
    case = load("toy/two-issues", changes).case
    lines = (*case.red_lines.lines, replace(case.red_lines.lines[0], id="other", ladder=(
        replace(case.red_lines.lines[0].ladder[0], allowed=frozenset({0})),)))  # fmt: skip
    case = replace(case, red_lines=replace(case.red_lines, lines=lines))
    talks = played(case)
    assert not talks.made[0, 1] and Ending(talks.ending[0]) is Ending.WALK_OUT
    assert not talks.hope.any() and talks.ended[0] == case.tactics.patience.min()


def test_draws_are_named_by_their_address() -> None:
    draws = Draws(7, np.arange(50))
    some = draws.uniforms(Purpose.OFFER_TIE, 3, 5)
    assert ((some > 0) & (some < 1)).all() and abs(some.mean() - 0.5) < 0.1
    assert (Draws(7, np.arange(20, 30)).uniforms(Purpose.OFFER_TIE, 3, 5) == some[20:30]).all()
    anywhere = np.array([41, 3, 3, 10**12, 0])
    assert (Draws(7, anywhere).uniforms(Purpose.OFFER_TIE, 3, 5)[[0, 1, 2, 4]] == some[[41, 3, 3, 0]]).all()
    for other in (draws.uniforms(Purpose.DRAFT_TIE, 3, 5), draws.uniforms(Purpose.OFFER_TIE, 4, 5)):
        assert (other != some).all()
    assert (Draws(8, np.arange(50)).uniforms(Purpose.OFFER_TIE, 3, 5) != some).all()


FAR = """\
format: 1
title: A long way to a ceasefire
issues:
  war: {status_quo: full, options: [full, less, little, truce, peace]}
  trust: {status_quo: none, options: [none, some, much]}
zones: {ceasefire: {war: {at_least: truce}, trust: [much]}}
parties:
  ann: {name: Ann, reservation: 20, weights: {war: 1, trust: 1}, values: {war: {full: 0, less: 0, little: 0, truce: 0.5,
        peace: 1}, trust: {none: 0, some: 0, much: 1}}}
  ben: {name: Ben, reservation: 20, weights: {war: 1, trust: 1}, values: {war: {full: 0, less: 0, little: 0, truce: 1,
        peace: 0.5}, trust: {none: 0, some: 0, much: 1}}}
protocol: {deadline: 30}
"""


WISH_AGAINST_LINE = """\
format: 1
title: One party's wish against the other's line
issues:
  paid: {status_quo: nothing, options: [nothing, all]}
  sent: {status_quo: nothing, options: [nothing, all]}
  said: {status_quo: thanks, options: [thanks]}
parties:
  ann: {name: Ann, reservation: 10, weights: {paid: 6, sent: 4}, values: {paid: {nothing: 0, all: 1},
        sent: {nothing: 1, all: 0}}}
  ben: {name: Ben, reservation: 10, weights: {paid: 1, sent: 1}, values: {paid: {nothing: 1, all: 0},
        sent: {nothing: 1, all: 0}}}
red_lines: [{id: ben-pays-nothing, party: ben, wording: pays nothing, requires: {paid: nothing}, basis: assumption}]
protocol: {name: single_text, deadline: 5}
"""


@pytest.mark.parametrize(("step", "second"), [(0.99, "paid"), (1.01, "sent")])
def test_a_draft_weighs_likeness_over_the_issues_that_are_open(write: Write, step: float, second: str) -> None:
    # Ann alone says no, and wishes to be paid: each of the two open issues is half of the likeness. As the text may not
    # stay, it is 1/2 - step, across Ben's line, against -1/2 for what Ann does not wish: equal at a step of 1.
    case = load(write(WISH_AGAINST_LINE), [f"protocol.mediator.step={step}"]).case
    draws, talks = Draws(1, np.arange(1)), open_talks(case, 1)
    for _ in range(2):
        talks = play_round(case, standard(case), talks, draws)
    assert {i: o for i, o in case.space.names(talks.text[0]).items() if o == "all"} == {second: "all"}


@pytest.mark.parametrize("protocol", ["single_text", "alternating"])
def test_talks_reach_a_ceasefire_many_steps_from_the_start_text(write: Write, protocol: str) -> None:
    talks = played(load(write(FAR), [f"protocol.name={protocol}"]).case)
    assert Ending(talks.ending[0]).agreed and talks.agreed[0, 1] == 2


def test_a_party_offers_nothing_that_it_would_itself_refuse() -> None:
    talks = played(load("toy/split-the-pie", ["parties.ann.reservation=101"]).case)
    assert not talks.made[0, 0] and talks.made[0, 1]


@pytest.mark.parametrize(
    ("party", "plays_for_time"), [("russia", [False, False, True]), ("ukraine", [True, False, False])]
)
def test_who_may_stall_does_so_where_the_front_moves_its_way_and_not_where_it_stands_still(
    party: str, plays_for_time: list[bool]
) -> None:
    case = load("2025-12-extended", [f"parties.{party}.tactic.stall=true"]).case
    talks, number = open_talks(case, 3), case.party_number(party)
    assert talks.front is not None and case.war is not None
    drift = np.repeat(np.array([-0.001, 0.0, 0.001])[:, None], len(case.parties), axis=1)
    still = np.tile(case.war.lever_base, (3, 1))
    talks = with_fields(talks, front=with_fields(talks.front, drift=drift, index=still))
    assert stalling(case, number, talks).tolist() == plays_for_time
    assert not stalling(load("2025-12-extended").case, number, talks).any()


def test_a_proposer_that_hears_nothing_repeats_its_offer() -> None:
    case = load("toy/split-the-pie", ["protocol.proposers=[ann]", "parties.ben.reservation=101"]).case
    talks = played(case)
    assert (talks.offers[0, 0] == talks.openings[0, 0, 0]).all()


def test_lines_of_a_party_that_does_not_sign_bind_neither_zone_nor_talks() -> None:
    case = load("toy/two-issues", ["parties.joe.roles=[observer]"]).case
    assert find_zone(case).size() == find_zone(case.without_lines()).size() > 0
    talks = played(case)
    assert case.space.names(talks.agreed[0]) == {"fence": "iras_plan", "tree": "felled"}


def test_issues_of_many_odd_sizes_do_not_overflow(write: Write) -> None:
    sizes = range(30, 44)
    issues = "".join(f"  i{n}: {{status_quo: o0, options: [{', '.join(f'o{k}' for k in range(n))}]}}\n" for n in sizes)
    pins = ", ".join(f"i{n}: o0" for n in sizes if n > 33)
    wants = ", ".join(f"i{n}: 1" for n in sizes)

    def values(best: int) -> str:
        rows = (", ".join(f"o{k}: {abs(best - k / (n - 1)):.3f}" for k in range(n)) for n in sizes)
        return ", ".join(f"i{n}: {{{row}}}" for n, row in zip(sizes, rows, strict=True))

    parties = "".join(
        f"  {name}: {{name: {name}, reservation: 30, weights: {{{wants}}}, values: {{{values(best)}}}}}\n"
        for name, best in (("ann", 0), ("ben", 1))
    )
    text = f"format: 1\ntitle: Odd sizes\nissues:\n{issues}parties:\n{parties}pins: {{{pins}}}\n"
    case = load(write(text + "protocol: {deadline: 12}\n")).case
    assert loudest(case, neighbours(case)) > 2**31
    talks = played(conceding(case), runs=2)
    assert (talks.offers >= 0).all() and (talks.ending != Ending.OPEN).all()
