"""Moves across endings: what an ending cannot carry moves along, and a text finds its way back from a treaty."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.stakes.endings import Kind
from sim.stakes.run_axis import with_fields
from sim.stakes.space import OptionArray
from sim.stakes.stages import Stage
from sim.talks.acceptance import worth_signing
from sim.talks.batch import negotiate
from sim.talks.concession import NOTHING_ASKED
from sim.talks.delegation import standard
from sim.talks.draft_across import draft_across
from sim.talks.draws import Draws
from sim.talks.mediation import leanings
from sim.talks.offers.across import across
from sim.talks.offers.crossings import crossings
from sim.talks.offers.in_runs import Asked
from sim.talks.offers.moves import Numbers
from sim.talks.offers.wish_across import wish_across, would_ask
from sim.talks.opponent_model import whole_pull
from sim.talks.referee import open_talks, play_round
from sim.talks.state import Talks
from sim.talks.words import packed
from tests.benchmarks.ending_moves import ROWS, RUNS, found, share
from tests.conftest import ROOT
from tests.zones import load

SETTLEMENT = "reading=settlement"


def test_what_lies_across_endings_is_carried_there_and_something_has_moved_along() -> None:
    case = load("2025-03-truce-offer").case
    assert case.endings is not None
    dice, axis = np.random.default_rng(0), case.endings.axis
    here = np.stack([dice.choice(list(left), 40) for left in case.space.left], axis=1).astype(np.int8)
    here[:, axis] = case.space.left[axis][-1]  # a treaty
    every = across(case, here, np.arange(40) < 30)
    assert every is not None
    far = every.bases_of(every.stage > 0)
    far = far.candidates(np.ones(len(far.run), dtype=bool))
    assert set(far.run.tolist()) == set(range(30)) and (np.diff(far.run) >= 0).all()
    assert not (far.packages[:, axis] == here[far.run, axis]).any()
    boxes = {part.left[axis][0]: part.left for part in case.parts(case.space)}
    for package in far.packages:
        assert all(option in boxes[int(package[axis])][j] for j, option in enumerate(package.tolist()))
    kinds = case.endings.kind(far.packages)
    assert (kinds == Kind.TRUCE).any() and (kinds == Kind.ARMISTICE).any()


def test_what_is_said_of_a_base_bounds_every_package_of_it() -> None:
    case, dice = load("2025-12-extended").case, np.random.default_rng(1)
    here = np.stack([dice.choice(list(left), 50) for left in case.space.left], axis=1).astype(np.int8)
    far = across(case, here, np.ones(50, dtype=bool))
    assert far is not None
    every = np.ones(len(far.packages), dtype=bool)
    bases = far.bases_of(every)
    asked = [Asked(dice.permuted(here), dice.integers(1, 200, here.shape), dice.random(50)) for _ in range(3)]
    binding = [np.full(50, case.red_lines.bits("declared", party)) for party in case.signatories]
    apart, tight = bases.apart(case, [in_runs(one, bases.run) for one in asked]), 0
    steps = [bases.steps_out(case, party, binding[n]) for n, party in enumerate(case.signatories)]
    assert np.max(steps) > 0
    for n in range(len(bases.run)):
        some = bases.candidates(np.arange(len(bases.run)) == n)
        least = sum(some.apart(case, one) * one.counts for one in (in_runs(each, some.run) for each in asked)).min()
        tight += least - 1e-6 <= apart[n] <= least + 1e-6
        assert apart[n] <= least + 1e-6
        for of_party, lines in zip(steps, binding, strict=True):
            assert of_party[n] <= case.red_lines.steps(some.packages, lines[some.run]).min()
    assert tight > len(bases.run) / 8, "nor does the bound leave everything in"


def in_runs(asked: Asked, runs: Numbers) -> Asked:
    return Asked(asked.offers[runs], asked.matters[runs], asked.counts[runs])


def test_an_issue_moves_to_the_nearest_option_that_is_carried_and_no_further() -> None:
    case = load("2025-03-truce-offer").case
    assert case.endings is not None
    stands, axis = case.space.status_quo(), case.endings.axis
    ways = crossings(case)
    assert ways is not None
    for place in range(len(ways.to)):
        assert (ways.to[place, np.arange(len(stands)), stands] == stands)[np.arange(len(stands)) != axis].all()
        for j, issue in enumerate(case.space.issues):
            carried = np.flatnonzero(ways.box[place, j])
            for k in case.space.left[j] if issue.ordered else ():
                assert abs(int(ways.to[place, j, k]) - k) == np.abs(carried - k).min()


def test_a_party_looks_at_its_best_few_across_endings_and_at_all_once_its_time_is_over() -> None:
    case = load("variants/2025-03-text-istanbul", (SETTLEMENT,)).case
    case = replace(case, protocol=replace(case.protocol, tries=1))
    talks, draws, found = open_talks(case, 30), Draws(0, np.arange(30)), 0
    for _ in range(4):
        talks = play_round(case, standard(case), talks, draws)
    talks = with_fields(talks, asked=np.full(talks.asked.shape, NOTHING_ASKED))
    far = across(case, talks.text, talks.open)
    assert far is not None
    nothing, every = np.zeros(30, dtype=bool), np.ones(30, dtype=bool)
    for party in case.signatories:
        some = far.bases_of(np.ones(len(far.packages), dtype=bool))
        ask = would_ask(case, party, talks, far, some.candidates(np.ones(len(some.run), dtype=bool)))
        order, place = ask.in_order(whole_pull(case, talks, party, ask), np.full(30, 0.4))
        worth = worth_signing(case, party, talks, ask.packages[order], ask.run[order])
        for over, looked_at in ((nothing, place < 1), (every, place >= 0)):
            draw, chosen = np.full(30, 0.4), talks.text.copy()
            chosen, there = wish_across(case, party, talks, draw, over, chosen, nothing.copy())
            best = order[worth & looked_at]
            first = best[np.diff(ask.run[best], prepend=-1) > 0]
            assert np.flatnonzero(there).tolist() == ask.run[first].tolist()
            assert (chosen[there] == ask.packages[first]).all()
            found += int(there.sum()) if over.all() else -int(there.sum())
    assert found > 0, "looking at all finds more"


def test_a_mediator_does_not_go_straight_back_across_endings_nor_to_what_is_remembered() -> None:
    case = load("variants/2025-03-text-istanbul", (SETTLEMENT,)).case
    talks, draws = open_talks(case, 30), Draws(0, np.arange(30))
    for _ in range(2):
        talks = play_round(case, standard(case), talks, draws)

    def draft(talks: Talks) -> OptionArray:
        every, tie = np.ones(len(case.space.issues), dtype=bool), np.full(30, 0.4)
        return draft_across(case, talks, leanings(case), talks.made, every, tie, talks.text.copy())

    first, open_ = draft(talks), talks.open & (talks.in_force == Stage.SHORT)
    moved = np.flatnonzero((first != talks.text).any(axis=1) & open_)
    assert len(moved) > 3
    held = with_fields(
        talks.memory,
        words=packed(case, first)[:, :, None],
        stage=np.full((30, 1), Stage.INTERIM, dtype=np.int8),
        count=np.ones(30, dtype=np.int64),
        version=0,
        latest=[0],
    )
    for before in (with_fields(talks, before=first), with_fields(talks, memory=held)):
        assert (draft(before) != first).any(axis=1)[moved].all()


def test_a_case_without_endings_has_nothing_across_them() -> None:
    assert crossings(load("toy/two-issues").case) is None


@pytest.mark.parametrize(
    ("slug", "changes"),
    [("variants/2025-03-text-istanbul", ()), ("2025-02-backchannel", ("protocol.mediator.patience=24",))],
)
def test_a_text_that_has_become_a_treaty_finds_its_way_back_to_less(slug: str, changes: tuple[str, ...]) -> None:
    assert share(negotiate(load(slug, (SETTLEMENT, *changes)).case, 60)) > 0.9


def page() -> dict[str, list[str]]:
    """The table of docs/talks.md: by row, the share that agrees without moves across endings and with them."""
    text = (ROOT / "docs/talks.md").read_text("utf-8")
    part = text.split("## What moves across endings bring", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("| \n").split(" | ") for line in part.splitlines() if line.startswith("|")]
    return {name: shares for name, *shares in lines[2:]}


def test_the_page_tells_of_every_row_of_the_benchmark() -> None:
    assert [*page()] == [*ROWS] and all(len(shares) == 2 for shares in page().values())


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_what_the_page_says_that_moves_across_endings_bring_is_what_they_bring(name: str) -> None:
    """The runs are the same each time, so these are figures and no estimates."""
    assert page()[name] == [f"{100 * share(of):.1f} %".replace("100.0", "100") for of in found(name, RUNS)[1:]]
