"""Three tellings of one run: the Mesa model, the batch engine and the plain transcription come to the same."""

from __future__ import annotations

from dataclasses import fields, replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim import NegotiationModel
from sim.scenario.library import slugs
from sim.stakes.case import Case
from sim.stakes.run_axis import take_rows, with_fields
from sim.stakes.seats import Learns
from sim.talks.batch import Results, negotiate, same
from sim.talks.delegation import standard
from sim.talks.draws import Draws
from sim.talks.how_talks_end import Ending
from sim.talks.memory import age
from sim.talks.offers import offering, ranking
from sim.talks.opponent_model import bluffs
from sim.talks.referee import open_talks, play_round
from sim.talks.round_end import ended
from sim.talks.softening import lines_move
from sim.talks.state import Exchange, Talks
from sim.talks.words import unpacked
from tests.reference import Run, play
from tests.strategies import PROTOCOLS, rows_of, talking, unhurried
from tests.zones import load

FEW = ("2022-istanbul", "2025-03-truce-offer-what-if", "variants/2025-02-over-their-heads", "fictional/lakeside-draft",
       "toy/split-the-pie", "toy/two-issues", "variants/2025-03-text-istanbul")  # fmt: skip
slow_to_shrink = settings(suppress_health_check=list(HealthCheck), max_examples=settings.default.max_examples * 5 // 8)
Outcome = tuple[str, int, tuple[int, ...], int, int, int]


def of_batch(found: Results, place: int) -> Outcome:
    agreed = tuple(found.agreed[place].tolist())
    return (
        Ending(found.ending[place]).word, int(found.ended[place]), agreed, int(found.left[place]),
        int(found.seen[place]), int(found.first[place]),
    )  # fmt: skip


def of_reference(told: Run) -> Outcome:
    assert told.ending is not None
    return told.ending.word, told.t, told.agreed, told.left, told.seen, told.first


def of_mesa(case: Case, seed: int, run: int) -> Outcome:
    model = NegotiationModel(case, seed=seed, run=run)
    model.run_to_end()
    talks = model.talks
    agreed = tuple(talks.agreed[0].tolist())
    tally = talks.tally
    return model.ending.word, int(talks.ended[0]), agreed, int(talks.left[0]), int(tally.seen[0]), int(tally.first[0])


def docks(case: Case, seed: int, runs: list[int]) -> None:
    found = negotiate(case, np.array(runs), seed)
    with patch.object(offering, "MANY", 1):  # what is left out where runs are many changes nothing
        assert same(found, negotiate(case, np.array(runs), seed))
    for place, run in enumerate(runs):
        told = play(case, seed, run)
        assert of_batch(found, place) == of_reference(told) == of_mesa(case, seed, run)
        if found.agreeing[place]:
            worth = [told.worth_in_the_end(p) for p in told.parties]
            assert np.allclose(found.values[place], worth, rtol=0, atol=1e-9)


@pytest.mark.parametrize("slug", FEW)
def test_mesa_batch_and_reference_play_the_same_runs_of_a_scenario(slug: str) -> None:
    docks(load(slug).case, 3, [4])


@pytest.mark.slow
@pytest.mark.parametrize("slug", [slug for slug in slugs() if slug not in FEW])
def test_mesa_batch_and_reference_play_the_same_runs_of_every_scenario(slug: str) -> None:
    docks(load(slug).case, 3, [0, 4, 5])


@slow_to_shrink
@given(talking(), st.integers(0, 2**63 - 1))
def test_mesa_batch_and_reference_play_the_same_runs_of_any_case(case: Case, seed: int) -> None:
    docks(case, seed, [0, 17])


def test_random_cases_often_look_across_endings_where_no_neighbour_would_do() -> None:
    taken: list[dict[str, int]] = []

    @settings(unhurried, max_examples=40, phases=[Phase.generate], derandomize=True)
    @given(talking("single_text"))
    def look(case: Case) -> None:
        taken.append(play(case, 3).far)

    look()
    assert sum(max(far.values()) > 0 for far in taken) > len(taken) / 8
    assert all(sum(far[why] > 0 for far in taken) > 1 for why in ("wishes", "drafts"))


def remembered(case: Case, talks: Talks) -> list[tuple[tuple[int, ...], int]]:
    """What a run remembers, the oldest first, with the rounds."""
    memory = talks.memory
    slots = np.flatnonzero(memory.held[0] > 0)
    slots = slots[np.argsort(age(case, memory, np.zeros(len(slots), dtype=int), slots))]
    packages = unpacked(case, memory.words[0][:, slots].T)
    return [
        (tuple(package.tolist()), int(memory.rounds[0, slot])) for slot, package in zip(slots, packages, strict=True)
    ]


def stand_alike(case: Case, seed: int, run: int) -> None:
    """Not the endings alone: offers, text, lines, targets and the war are the same after every round."""
    draws, told = Draws(seed, np.array([run])), Run(case, seed, run)
    talks = open_talks(case, draws)
    while told.ending is None:
        talks = play_round(case, standard(case), talks, draws)
        told.play_round()
        assert talks.ending[0] == (told.ending or Ending.OPEN)
        if told.ending in (Ending.BREAKDOWN, Ending.MILITARY_END):
            return
        said = {p: tuple(talks.offers[0, p].tolist()) for p in told.parties if talks.made[0, p]}
        assert said == {p: package for (topic, p), package in told.offers.items() if topic == told.topic}
        assert (tuple(talks.text[0].tolist()), talks.rung[0].tolist()) == (told.text, told.rung)
        assert talks.in_force[0] == told.in_force()
        assert remembered(case, talks) == list(told.memory.items())
        expected = [(talks.reservation, told.r), (talks.asked, told.target), (talks.heard.silence, told.silence)]
        if talks.front is not None:
            expected += [(talks.front.share, told.share), (talks.front.drift, told.drift)]
            expected += [(talks.front.index, told.index)]
        if case.red_lines.any_moves:
            expected += [(talks.heard.offered, told.offered)]
        if (case.tactics.learns == Learns.BAYES).any():
            expected += [(talks.heard.bluff, told.bluff)]
        for package, plain in expected:
            assert np.allclose(package[0], plain, rtol=0, atol=1e-9)


@slow_to_shrink
@given(talking(), st.integers(0, 2**40))
def test_reference_and_package_stand_alike_after_every_round(case: Case, run: int) -> None:
    stand_alike(case, 11, run)


@pytest.mark.slow
@pytest.mark.parametrize("slug", slugs())
def test_reference_and_package_stand_alike_after_every_round_of_a_scenario(slug: str) -> None:
    stand_alike(load(slug).case, 3, 1)


@pytest.mark.slow
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_batch_and_reference_play_the_same_runs_in_each_protocol(protocol: str) -> None:
    @settings(slow_to_shrink, max_examples=150)
    @given(talking(protocol))
    def look(case: Case) -> None:
        docks(case, 11, [0, 7])
        stand_alike(case, 11, 8)

    look()


@slow_to_shrink
@given(talking(), st.integers(1, 9), st.randoms())
def test_blocks_order_and_company_change_nothing(case: Case, block: int, dice: object) -> None:
    whole, numbers = negotiate(case, 9, seed=5), list(range(9))
    dice.shuffle(numbers)  # type: ignore[attr-defined]
    some = np.array(numbers[:6])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "TILE", 2)
        part = negotiate(case, some, seed=5, block=block)
    assert same(part, Results(**{f.name: getattr(whole, f.name)[some] for f in fields(Results)}))


@slow_to_shrink
@given(talking(), st.integers(1, 3))
def test_rows_that_differ_are_played_as_if_each_were_alone(case: Case, block: int) -> None:
    case = rows_of(case, 3)
    found = negotiate(case, 3, seed=2, block=block)
    for run in range(3):
        alone = negotiate(take_rows(case, np.array([run])), np.array([run]), seed=2)
        assert same(alone, Results(**{f.name: getattr(found, f.name)[[run]] for f in fields(Results)}))
    assert of_batch(found, 2) == of_reference(play(take_rows(case, np.array([2])), 2, 2))


def what_if() -> Case:
    """A case whose lines have ladders and whose levers stand off their base, in public talks."""
    case = load("2025-12-extended-what-if").case
    assert case.war is not None
    lines = tuple(replace(line, harder=None) for line in case.red_lines.lines)
    resolve = replace(
        case.resolve,
        hardness=np.ones_like(case.resolve.hardness),
        hardening=np.ones_like(case.resolve.hardening),
        public=np.ones(1),
    )
    war = replace(case.war, lever_index=np.zeros_like(case.war.lever_index))
    return replace(case, red_lines=replace(case.red_lines, lines=lines), resolve=resolve, war=war)


def test_a_softened_line_hardens_back_even_where_no_line_can_become_harder_than_declared() -> None:
    case = what_if()
    talks = open_talks(case)
    talks = with_fields(talks, rung=np.array([[len(line.ladder) - 1 for line in case.red_lines.lines]]))
    after = lines_move(case, talks, Draws(0, np.array([0])))
    assert talks.rung.any() and after.rung.sum() < talks.rung.sum()


def test_a_hardened_line_that_is_pleaded_is_not_taken_for_a_bluff() -> None:
    case = load("toy/two-issues").case
    line = case.red_lines.lines[0]
    line = replace(line, harder=replace(line.ladder[0], allowed=frozenset(list(line.ladder[0].allowed)[:1])))
    case = replace(case, red_lines=replace(case.red_lines, lines=(line,)))
    package = next(
        p for p in case.space.packages(np.arange(case.space.size))[:, None] if int(case.red_lines.crossed(p)[0]) & 1
    )
    bits = np.zeros((1, 2), dtype=np.uint64)
    bits[0, line.party] = 2  # what binds is the harder form
    yes, none = np.zeros((1, 2), dtype=bool), np.zeros((1, 2))
    tabled = np.ones(1, dtype=bool)
    exchange = Exchange(
        1 - line.party,
        (0, 1),
        package,
        tabled,
        yes,
        bits,
        none,
        yes,
        none,
        none,
        tabled,
        np.zeros(1, np.int8),
        bits[:, 0],
    )
    assert bluffs(case, open_talks(case).heard, exchange)[0, 0] < case.resolve.bluff[0, 0]


def test_a_truce_that_lapsed_is_not_what_was_agreed() -> None:
    case = load("2025-03-truce-offer").case
    lapsed = (case.protocol.start_text + 1) % 2
    talks = with_fields(open_talks(case), round=case.protocol.deadline, standing=lapsed[None])
    after = ended(case, talks, np.ones(1))
    assert Ending(after.ending[0]) is Ending.STALEMATE
    assert (after.agreed[0] == case.protocol.start_text).all()
