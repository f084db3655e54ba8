"""What was tabled is remembered, answered anew and varied; clocks of one's own; deadlines that nobody knows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim import NegotiationModel
from sim.stakes.case import Case
from sim.talks.acceptance import agreeable, judge
from sim.talks.batch import negotiate
from sim.talks.concession import NOTHING_ASKED
from sim.talks.delegation import standard
from sim.talks.draws import Draws
from sim.talks.how_talks_end import Ending
from sim.talks.offers.hope import hopes
from sim.talks.referee import open_talks, play_round
from sim.talks.state import Talks
from sim.talks.words import alike, apart, packed, unpacked
from tests.talks.test_docking import docks, stand_alike
from tests.zones import load

TIGHT = Path(__file__).parent / "tight"


@pytest.mark.parametrize("deadline", [60, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ["two-parties", "three-parties", "four-parties"])
def test_a_tight_zone_is_found_in_nearly_every_run(name: str, deadline: int) -> None:
    case = load(str(TIGHT / f"{name}.yaml"), [f"protocol.deadline={deadline}"]).case
    assert negotiate(case, 200).agreeing.mean() >= 0.95


def test_the_oldest_makes_room_and_the_transcription_agrees() -> None:
    case = load(str(TIGHT / "two-parties.yaml"), ["protocol.deadline=12", "protocol.memory=5"]).case
    stand_alike(case, 1, 0)
    docks(case, 1, [0, 3])


def played(case: Case, rounds: int, runs: int = 1) -> list:
    talks, draws, every = open_talks(case, runs), Draws(0, np.arange(runs)), []
    for _ in range(rounds):
        talks = play_round(case, standard(case), talks, draws)
        every.append(talks)
    return every


def test_a_variant_is_new_and_no_change_of_position() -> None:
    case = load(str(TIGHT / "two-parties.yaml"), ["protocol.deadline=30"]).case
    before, variants = [], 0
    for then, now in pairwise(played(case, 28)):
        for exchange in now.exchanges:
            package, author = exchange.package[0].tolist(), exchange.author
            if package != now.offers[0, author].tolist():
                variants += 1
                assert now.offers[0, author].tolist() == then.offers[0, author].tolist()
                assert package not in before
                near = (exchange.package[0] != now.offers[0, author]).sum()
                assert 0 < near <= 2
        before += [exchange.package[0].tolist() for exchange in now.exchanges]
    assert variants > 3


def test_what_is_signed_from_memory_was_tabled_before_and_suits_all_now() -> None:
    case = load(str(TIGHT / "three-parties.yaml")).case
    model = NegotiationModel(case, seed=0, run=0)
    for run in range(30):
        model = NegotiationModel(case, seed=0, run=run)
        model.run_to_end()
        if model.talks.recalled[0]:
            break
    talks, told = model.talks, [event for event in model.transcript if event["event"] == "recalled"]
    assert told[0]["tabled"] == talks.recalled[0] < talks.round
    first = [e["round"] for e in model.transcript if e.get("package") == told[0]["package"] and e["event"] == "offer"]
    assert first[0] == talks.recalled[0]
    assert agreeable(case, talks, judge(case, talks, talks.deal)).all()


def test_from_its_horizon_on_a_party_asks_for_nothing_but_its_floor() -> None:
    case = load("toy/two-issues", ["parties.ira.tactic.horizon=3"]).case
    asked = np.array([talks.asked[0, 0, 3] for talks in played(replace(case, tactics=hard(case)), 4)])
    assert (asked[:2] > case.reservation[0, 0]).all() and (asked[2:] == NOTHING_ASKED).all()


def hard(case: Case):
    return replace(case.tactics, exponent=np.full_like(case.tactics.exponent, 0.05))


def test_parties_with_hope_stay_and_those_without_leave_when_their_patience_is_over() -> None:
    march, december = load("2025-03-truce-offer", ["reading=settlement"]).case, load("2025-12-stalemate").case
    assert (hopes(march) > 5).all() and not hopes(december).any()
    changes = [f"parties.{p}.tactic.patience=3" for p in ("russia", "ukraine", "us", "europe")]
    left = negotiate(load("2025-12-stalemate", changes).case, 50)
    assert set(left.ending.tolist()) <= {Ending.WALK_OUT, Ending.MILITARY_END}
    assert (left.ended[left.ending == Ending.WALK_OUT] == 3).all()  # no text of theirs could be signed by Russia
    stays = negotiate(load("2025-03-truce-offer", [*changes, "reading=settlement"]).case, 50)
    assert not (stays.ending == Ending.WALK_OUT).any()


def test_an_uncertain_deadline_is_drawn_for_each_run_and_named_by_its_address() -> None:
    case = load("toy/two-issues", ["protocol.deadline={between: [3, 5]}", "parties.ira.reservation=99"]).case
    found = negotiate(case, 400, seed=2)
    over = np.bincount(found.ended[found.ending == Ending.STALEMATE], minlength=6)[3:]
    assert over.sum() == 400 and (over > 90).all()
    assert (case.protocol.earliest, case.protocol.deadline) == (3, 5)
    docks(case, 2, [0, 5, 17])


def test_a_party_whose_turn_never_came_is_not_told_of_as_silent() -> None:
    case = load("2025-03-truce-offer", ["reading=settlement", "protocol.name=alternating", "war.frozen=true"]).case
    model = NegotiationModel(case, seed=0)
    model.run_to_end()
    signed = [event["round"] for event in model.transcript if event["event"] == "signed"]
    assert signed and not [e for e in model.transcript if e["event"] == "silence" and e["round"] in signed]


def test_what_a_run_remembers_is_bounded_by_its_slots() -> None:
    case = load(str(TIGHT / "two-parties.yaml"), ["protocol.memory=20", "protocol.tries=4"]).case
    memory = played(case, 40, runs=3)[-1].memory
    a_slot = 8 + 8 * len(case.parties) + 8 + 1 + 2  # the package, its utilities, lines, stage and round
    assert sum(getattr(memory, name).nbytes for name in memory.by_run) == 3 * (20 * a_slot + 8)


def test_what_an_earlier_round_remembers_does_not_change_when_the_talks_go_on() -> None:
    case = load(str(TIGHT / "two-parties.yaml"), ["protocol.deadline=40", "protocol.memory=20"]).case
    talks, draws, known = open_talks(case, 3), Draws(0, np.arange(3)), []
    for _ in range(25):
        talks = play_round(case, standard(case), talks, draws)
        known.append((talks, of(talks)))
    first, other = (of(play_round(case, standard(case), known[4][0], draws)) for _ in range(2))
    assert first == other == known[5][1]
    assert [of(then) for then, _ in known] == [remembered for _, remembered in known]


def of(talks: Talks) -> list[list[tuple[int, ...]]]:
    """What each run remembers, slot by slot."""
    memory = talks.memory
    return [
        [(slot, *words[:, slot].tolist()) for slot in np.flatnonzero(held)]
        for words, held in zip(memory.words, memory.held, strict=True)
    ]


def test_packages_come_back_from_their_words_however_many_they_take() -> None:
    for slug, issues in (("2025-12-extended", None), ("toy/split-the-pie", None), ("2025-12-extended", 3)):
        case = load(slug).case
        if issues is not None:  # the same issues again and again
            many = tuple(replace(issue, id=f"{issue.id}{n}") for n in range(issues) for issue in case.space.issues)
            case = replace(case, space=replace(case.space, issues=many))
        dice = np.random.default_rng(4)
        packages = np.stack([dice.integers(0, len(i.options), 50) for i in case.space.issues], axis=1).astype(np.int8)
        words = packed(case, packages)
        assert words.shape[1] == (2 if issues else 1)
        assert (unpacked(case, words) == packages).all()
        near = np.minimum((packages[:, None] != packages[None]).sum(axis=2), 3)
        found = apart(case, np.repeat(words.T[None], 50, axis=0), words)
        assert (np.minimum(found, 3) == near).all()


def test_rows_are_alike_where_all_their_columns_are() -> None:
    dice = np.random.default_rng(2)
    columns = [dice.integers(0, 3, 200), np.ones(200), dice.integers(0, 2, 200) / 3, dice.integers(0, 2, 200)]
    first, kind = alike(columns, 200)
    rows = np.stack(columns, axis=1)
    assert (rows[first][kind] == rows).all() and len(first) == len(np.unique(rows, axis=0)) == 12
    for none, rows_left in (([], 3), ([np.zeros(3)], 3), ([np.zeros(0)], 0)):
        first, kind = alike(none, rows_left)
        assert len(first) == min(rows_left, 1) and kind.tolist() == [0] * rows_left
