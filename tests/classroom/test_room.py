"""A room of people: asked together, in any order, never walked out, and the simulator where they are away."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.classroom import decisions
from sim.classroom.debrief import debrief_measures
from sim.classroom.decisions import Ask, Decision, Key
from sim.classroom.game import Game, new_game, resume, save
from sim.classroom.news import with_moves
from sim.classroom.room import Room, entry, new_room, quiet_seed, read_entry
from sim.classroom.room_file import difference, room_text
from sim.classroom.seat import feedback, standing
from sim.errors import AnswerError
from sim.scenario.loader import load
from sim.stakes.case import Case
from sim.stakes.space import OptionArray
from sim.study.record import result_hash
from sim.talks.delegation import standard
from sim.talks.draws import Draws, Purpose
from sim.talks.front import what_happens
from sim.talks.how_talks_end import Ending
from sim.talks.referee import WAR_DRAWS, open_talks, play
from sim.talks.state import Talks

SHIPPED = (
    "variants/2025-02-over-their-heads",  # bilateral, others left out
    "variants/2025-12-shuttle",
    "variants/2025-03-two-tracks",
    "2025-03-truce-offer",
)
PROTOCOLS = (
    "toy/split-the-pie",  # offers in turn
    "classroom/03-logroll",  # a single text
    "toy/two-issues protocol.name=shuttle",
    *(pytest.param(slug, marks=pytest.mark.slow) for slug in SHIPPED),
)


def same(one: Any, other: Any) -> bool:
    """Whether two records of the talks hold the same bytes in everything that goes from round to round."""
    for name in one.by_run:
        mine, theirs = getattr(one, name), getattr(other, name)
        alike = same(mine, theirs) if hasattr(mine, "by_run") else mine is theirs or mine.tobytes() == theirs.tobytes()
        if not alike:
            return False
    return True


def all_auto(room: Room, at_most: int = 10_000) -> Room:
    for _ in range(at_most):
        if not room.asks:
            break
        room = room.decided(*((ask.key, ask.party, Decision("auto")) for ask in room.asks))
    return room


def everybody(slug: str) -> tuple[Any, list[str]]:
    name, *changes = slug.split()
    loaded = load(name, changes)
    return loaded, [loaded.case.parties[p].id for p in loaded.case.signatories]


@pytest.mark.parametrize("slug", PROTOCOLS)
def test_a_room_in_which_everybody_is_away_is_the_simulators_bit_for_bit(slug: str) -> None:
    loaded, people = everybody(slug)
    for seed in range(30 if slug in SHIPPED else 3):
        room = all_auto(new_room(loaded, people, seed))
        assert room.over and (len(room.decisions) >= len(people) or room.ending == "military_end")
        alone = play(room.case, standard(room.case), Draws(seed, np.array([0])))
        assert same(room.talks, alone)


def keys(room: Room) -> list[tuple[Key, int]]:
    return [(ask.key, ask.party) for ask in room.asks]


def thoughtful(ask: Ask, case: Any, dice: random.Random) -> Decision:
    """Mostly something that a person could do: now and then auto, a change of one issue, a yes to what is enough."""
    if dice.random() < 0.2:
        return Decision("auto")
    if ask.package is not None:
        seen = feedback(case, ask.party, ask.talks, ask.package)
        return Decision(
            "accept" if seen.enough and seen.against_accepting is None else "reject", None, dice.random() < 0.5
        )
    package = case.protocol.start_text.copy()
    axis = dice.randrange(len(package))
    package[axis] = dice.choice(case.space.left[axis])
    decision = Decision("offer", case.space.names(package))
    return decision if decisions.against(case, ask, decision) is None else Decision("stay")


@pytest.mark.parametrize("slug", PROTOCOLS)
def test_a_room_comes_out_the_same_from_a_file_and_whoever_answers_first(slug: str) -> None:
    loaded, people = everybody(slug)
    dice = random.Random(slug)
    seed = quiet_seed(loaded, 1)
    room, together, asked = new_room(loaded, people, seed), 0, 0
    while room.asks and asked < 24:
        asked, together = asked + len(room.asks), max(together, len(room.asks))
        made = [(ask.key, ask.party, thoughtful(ask, room.case, dice)) for ask in room.asks]
        one_by_one = room
        dice.shuffle(made)
        for one in made:
            one_by_one = one_by_one.decided(one)
        room = room.decided(*made)
        assert room.transcript == one_by_one.transcript and keys(room) == keys(one_by_one)
    assert (together > 1) == (room.case.protocol.drafted and room.case.protocol.name != "shuttle")
    written = json.loads(json.dumps([entry(room.case, *key, decision) for key, decision in room.decisions.items()]))
    dice.shuffle(written)
    read = {(key, party): decision for key, party, decision in (read_entry(room.case, one) for one in written)}
    again = new_room(loaded, people, seed, read)
    assert again.transcript == room.transcript and again.ending == room.ending and same(again.talks, room.talks)


def test_all_who_are_asked_about_a_text_are_asked_at_once_and_told_nothing_of_each_other() -> None:
    room = new_room(load("classroom/03-logroll"), ["russia", "ukraine"])
    assert [(ask.key, ask.party) for ask in room.asks] == [(Key(1, "reply", 0), 0), (Key(1, "reply", 0), 1)]
    half = room.decided((Key(1, "reply", 0), 1, Decision("accept")))
    assert [ask.party for ask in half.asks] == [0] and half.heard_now() == () and half.round == 1
    with pytest.raises(AnswerError, match="nobody asked for it"):
        half.decided((Key(1, "reply", 0), 1, Decision("reject")))


@pytest.mark.parametrize(
    ("slug", "deeds"),
    [
        ("toy/split-the-pie", [Decision("offer", {"cut": "slices_4"}), Decision("accept")]),
        ("classroom/03-logroll", [Decision("accept"), Decision("accept")]),
    ],
)
def test_nobody_is_asked_for_an_offer_once_all_is_signed(slug: str, deeds: list[Decision]) -> None:
    loaded, people = everybody(slug)
    room = new_room(loaded, people)
    for deed in deeds:
        ask = room.asks[0]
        room = room.decided((ask.key, ask.party, deed))
    assert room.asks == () and room.ending == "settlement" and len(room.decisions) == len(deeds)
    late = {**room.decisions, (Key(1, "offer", 1), 1): Decision("stay")}
    assert new_room(loaded, people, 0, late).ending == "settlement", "files in which somebody was asked are read"


def test_no_wish_is_asked_for_in_the_last_round() -> None:
    _, people = everybody("classroom/03-logroll")
    room, asked = new_room(load("classroom/03-logroll", ["protocol.deadline=2"]), people), []
    while room.asks:
        asked.append((room.asks[0].key.round, room.asks[0].key.at))
        room = room.decided(
            *((a.key, a.party, Decision("reject" if a.package is not None else "stay")) for a in room.asks)
        )
    assert asked == [(1, "reply"), (1, "offer"), (2, "reply")] and room.ending == "stalemate"


def test_a_game_saved_when_a_wish_was_asked_for_after_the_last_answer_is_read(tmp_path: Path) -> None:
    loaded, path = load("classroom/03-logroll", ["protocol.deadline=2"]), tmp_path / "game.json"
    game = new_game(loaded, "ukraine")
    game.ask = lambda game, talks, package: Decision("reject" if package is not None else "stay")
    game.play()
    save(replace(game, decisions=[*game.decisions, Decision("stay")]), path)
    again = resume(path, new_game(loaded, "ukraine"))
    again.play()
    assert debrief_measures(again) == debrief_measures(game)


def test_a_person_leaves_only_by_saying_so_and_the_talks_end_at_once() -> None:
    changes = ["parties.ukraine.tactic.patience=1", "parties.russia.tactic.patience=1"]
    room = new_room(load("classroom/01-find-the-zone", changes), ["russia", "ukraine"])
    refusing = room
    while refusing.asks:
        refusing = refusing.decided(
            *((a.key, a.party, Decision("reject" if a.package is not None else "stay")) for a in refusing.asks)
        )
    assert refusing.ending == "stalemate" and refusing.left is None
    ask = room.asks[0]
    gone = room.decided((ask.key, ask.party, Decision("walk_out")))
    assert (gone.over, gone.ending, gone.left, gone.round, gone.asks) == (True, "walk_out", ask.party, 1, ())


def test_a_no_tells_the_table_of_the_price_only_if_the_person_says_so() -> None:
    room = new_room(load("toy/split-the-pie"), ["ann", "ben"])
    (ask,) = room.asks
    room = room.decided((ask.key, ask.party, Decision("offer", {"cut": "slices_8"})))
    (ask,) = room.asks
    silent = room.decided((ask.key, ask.party, Decision("reject")))
    priced = room.decided((ask.key, ask.party, Decision("reject", asks_more=True)))
    told = [[answer.asks_more for answer in one.heard_now()[0].answers] for one in (silent, priced)]
    assert told == [[False], [True]]


def test_a_seat_is_told_in_words_what_is_in_force_and_what_the_round_is_about() -> None:
    for slug in ("classroom/07-live-table", "toy/split-the-pie"):
        case = load(slug).case
        talks = open_talks(case, Draws(0, np.array([0])))
        for stage, said in enumerate((None, "a limited deal", "a ceasefire", "a settlement")):
            now = standing(case, 0, replace(talks, in_force=np.array([stage]), topic=stage))
            assert now.in_force == said and now.without_a_deal == talks.reservation[0, 0]
            assert now.topic == (None if slug.startswith("toy") else said), "a pie can only be settled"


def test_nobody_is_asked_about_their_own_offer_even_when_they_stay_with_it() -> None:
    room = new_room(load("toy/split-the-pie"), ["ann"])
    seen = []
    for deed in (Decision("offer", {"cut": "slices_10"}), Decision("reject"), Decision("stay"), Decision("reject")):
        (ask,) = room.asks
        seen.append((ask.key.round, ask.key.at))
        room = room.decided((ask.key, ask.party, deed))
    assert seen == [(1, "offer"), (1, "reply"), (2, "offer"), (2, "reply")]


def test_in_every_round_what_was_answered_before_ones_own_turn_is_heard_then_and_only_once() -> None:
    heard: list[tuple[int, int | None]] = []

    def ask(game: Game, talks: Talks, package: OptionArray | None) -> Decision:
        if package is not None:
            return Decision("reject")
        assert heard[-1] == (talks.round, 0), "Ann's offer and one's own no"
        return Decision("offer", {"cut": "slices_0"})

    game = new_game(load("toy/split-the-pie", ["protocol.deadline=3"]), "ben")
    replace(game, ask=ask, told=lambda game, put: heard.append((put.round, put.author))).play()
    assert heard == [(round_, author) for round_ in (1, 2, 3) for author in (0, 1)]


def test_a_game_saved_by_an_older_version_is_read_with_the_answers_to_ones_own_offer_left_out(tmp_path: Path) -> None:
    loaded, path = load("toy/split-the-pie"), tmp_path / "game.json"
    deeds = ["reject", "stay", "accept", "reject", "stay", "accept", "reject"]
    data = {
        "format": 1,
        "scenario": "toy/split-the-pie",
        "hash": result_hash(loaded, 0),
        "party": "ann",
        "seed": 0,
        "draft": None,
        "decisions": [{"deed": "offer", "package": {"cut": "slices_10"}}, *({"deed": deed} for deed in deeds)],
    }
    path.write_text(json.dumps(data), encoding="utf-8")
    game = resume(path, new_game(loaded, "ann"))
    asked: list[int] = []

    def stop(game: Any, talks: Any, package: Any) -> Decision:
        asked.append(talks.round)
        return Decision("walk_out")

    game.ask = stop
    game.play()
    assert asked == [4] and [d.deed for d in game.decisions] == [
        "offer", "reject", "stay", "reject", "stay", "reject", "walk_out",
    ]  # fmt: skip
    save(game, path)
    again = resume(path, new_game(loaded, "ann"))
    again.play()
    assert again.room and again.room.walked_out == again.party and debrief_measures(again) == debrief_measures(game)


def test_a_file_is_told_by_the_first_place_in_which_it_differs_from_its_room_played_again() -> None:
    loaded = load("toy/split-the-pie", ["protocol.deadline=4"])
    room = all_auto(new_room(loaded, ["ann"]))
    data = json.loads(room_text(room, loaded))
    lines = data["transcript"]
    assert difference(room, data | {"version": "0"}, loaded) is None, "another version may have written it"
    assert difference(room, data | {"seed": 9}, loaded) == "`seed` is 9 in the file and 0 played again"
    assert difference(room, data | {"transcript": {}}, loaded) == "there is no transcript in the file"
    told = difference(room, data | {"transcript": [lines[0], {}, *lines[2:]]}, loaded)
    assert told is not None and told.startswith("line 2 of the transcript is {} in the file and {")
    said = f"the transcript has {len(lines) - 1} lines in the file and {len(lines)} played again"
    assert difference(room, data | {"transcript": lines[:-1]}, loaded) == said


def test_a_decision_that_is_none_is_refused() -> None:
    case = load("toy/split-the-pie").case
    good = entry(case, Key(1, "offer", 0), 0, Decision("offer", {"cut": "slices_4"}))
    assert read_entry(case, good) == (Key(1, "offer", 0), 0, Decision("offer", {"cut": "slices_4"}))
    for wrong in ({"party": "x"}, {"round": "1"}, {"round": True}, {"at": "x"}, {"deed": "x"}, {"package": {}}):
        with pytest.raises(AnswerError):
            read_entry(case, good | wrong)


def test_a_seed_is_passed_over_when_the_war_or_an_incident_would_end_the_talks() -> None:
    loaded = load("classroom/01-find-the-zone", ["events=[{round: 2, breakdown: 0.6, note: an incident}]"])
    found = [quiet_seed(loaded, seed) for seed in range(12)]
    assert found != list(range(12)), "some seeds end early"
    for seed in range(12):
        talks = play(loaded.case, standard(loaded.case), Draws(seed, np.array([0])))
        broke = talks.ending[0] in (8, 9)
        assert broke == (found[seed] != seed) or talks.round < 2


def test_a_seed_is_passed_over_by_all_incidents_of_a_round_those_that_news_add_too() -> None:
    incident = load("variants/2025-03-incident", ["protocol.deadline=4", "war.hazard=0"])
    added = {"round": 4, "note": "Aid stops.", "levers": {"aid": 0.0}}
    both = {"round": 4, "note": "another incident", "breakdown": 0.4}
    for loaded, more in ((with_moves(incident, [added]), False), (with_moves(incident, [both]), True)):
        at_all = [quiet_seed(loaded, seed) for seed in range(40)]
        broke = [what_happened(loaded.case, seed) is Ending.BREAKDOWN for seed in range(40)]
        assert broke == [found != seed for seed, found in enumerate(at_all)]
        assert any(broke) and (at_all != [quiet_seed(incident, seed) for seed in range(40)]) == more


def what_happened(case: Case, seed: int) -> Ending:
    """How the fourth round's events leave talks that are open till then."""
    draws = Draws(seed, np.array([0]))
    talks = replace(open_talks(case, draws), round=4)
    return Ending(int(what_happens(case, talks, draws.uniforms(Purpose.WAR, 4, WAR_DRAWS)).ending[0]))
