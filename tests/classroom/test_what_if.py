"""Another answer, played on by the simulator: the past stands, and what comes of it comes again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.classroom.decisions import Decision
from sim.classroom.news import moved, with_moves
from sim.classroom.room import Room, empty_room, new_room, quiet_seed
from sim.classroom.room_file import difference, read_room, room_text
from sim.classroom.what_if import Branch, before, branches, left_to_the_simulator, played_on, whole_round
from sim.errors import AnswerError, ScenarioError
from sim.scenario.loader import load

PIE = {"cut": "slices_4"}


def talked(room: Room, *deeds: Decision) -> Room:
    """A room after whoever is asked first does each of these."""
    for deed in deeds:
        ask = room.asks[0]
        room = room.decided((ask.key, ask.party, deed))
    return room


def refused_pie() -> tuple[Room, Room]:
    loaded = load("toy/split-the-pie", ["protocol.deadline=4"])
    empty = empty_room(loaded, ["ann", "ben"])
    room = new_room(loaded, ["ann", "ben"])
    say_no = [Decision("offer", {"cut": "slices_6"}), Decision("reject"), Decision("offer", PIE), Decision("reject")]
    room = talked(room, *say_no)
    while room.asks:
        room = talked(room, Decision("stay" if room.asks[0].key.at == "offer" else "reject"))
    return empty, room


def test_another_answer_leaves_the_past_as_it_was_and_the_same_answer_leaves_everything() -> None:
    empty, room = refused_pie()
    assert room.signed is None
    (yes,) = [one for one in branches(room.decisions) if one.key.round == 1 and one.party == 0]
    assert yes.instead == Decision("accept")
    stood = before(room, empty, yes)
    assert stood.decisions == {k: v for k, v in room.decisions.items() if (k[0].round, k[0].exchanges) < (1, 1)} | {
        k: v for k, v in room.decisions.items() if k[0] == (1, "offer", 1)
    }
    found = played_on(room, empty, yes, 1)
    assert found.endings == ("settlement",) and found.rounds.tolist() == [1]
    assert found.signed.all() and empty.case.space.names(found.packages[0]) == PIE
    last = branches(room.decisions)[-1]
    no = Branch(last.key, last.party, room.decisions[last.key, last.party])
    same = played_on(room, empty, no, 1)
    assert same.endings == (room.ending,) and same.rounds.tolist() == [room.round], "the last answer again"


def test_later_answers_are_the_simulators_and_each_seed_gives_the_same_again() -> None:
    loaded = load("classroom/07-live-table", ["protocol.deadline=4"])
    people = [loaded.case.parties[p].id for p in loaded.case.signatories][:2]
    empty = empty_room(loaded, people)
    room = new_room(loaded, people)
    while room.asks:
        made = [(a.key, a.party, Decision("reject" if a.key.at == "reply" else "stay")) for a in room.asks]
        room = room.decided(*made)
    second = next(one for one in branches(room.decisions) if one.key.round == 2)
    asked = Branch(second.key, second.party, Decision("reject"))
    found, again = (played_on(room, empty, asked, 5) for _ in range(2))
    assert (found.endings, found.packages.tolist()) == (again.endings, again.packages.tolist())
    whole, seed = whole_round(before(room, empty, asked), room, asked), room.seed
    for row in range(5):  # together as alone, and alone as with everybody away
        alone = left_to_the_simulator(replace(whole, seed=seed))
        assert (alone.ending, alone.round) == (found.endings[row], found.rounds[row])
        assert (alone.signed is not None) == found.signed[row]
        assert alone.signed is None or alone.signed.tolist() == found.packages[row].tolist()
        seed = quiet_seed(room.loaded, seed + 1)
    with pytest.raises(AnswerError, match="nobody was asked then"):
        before(room, empty, Branch(second.key._replace(round=99), second.party, Decision("reject")))


def test_the_other_answer_is_to_what_was_on_the_table_whatever_the_draws_after_it() -> None:
    loaded = load("classroom/08-tournament", ["protocol.deadline=4"])
    (person, _) = (loaded.case.parties[p].id for p in loaded.case.signatories)
    empty, room = empty_room(loaded, [person]), new_room(loaded, [person])
    while room.asks:
        room = talked(room, Decision("reject" if room.asks[0].key.at == "reply" else "stay"))
    yes = next(one for one in branches(room.decisions) if one.key.round == 3)
    (refused,) = [one.package.tolist() for one in room.tabled if one.round == 3 and yes.party in one.no]
    found = played_on(room, empty, yes, 6)
    assert found.signed.all() and {tuple(one) for one in found.packages.tolist()} == {tuple(refused)}
    no = replace(branches(room.decisions)[0], instead=Decision("reject"))
    later = played_on(room, empty, no, 6)
    assert len(set(zip(later.rounds.tolist(), map(str, later.packages.tolist()), strict=True))) > 1, "new draws"


AID_STOPS = {"round": 3, "note": "Aid stops.", "levers": {"aid": 0.0}}


def test_news_that_set_a_lever_keep_the_past_move_the_war_after_it_and_play_again_from_the_file(tmp_path: Path) -> None:
    loaded = load("classroom/07-live-table", ["protocol.deadline=4"])
    people = [loaded.case.parties[p].id for p in loaded.case.signatories]

    def refused(room: Room, round_: int) -> Room:
        while room.asks and room.round <= round_:
            made = [(a.key, a.party, Decision("reject" if a.key.at == "reply" else "stay")) for a in room.asks]
            room = room.decided(*made)
        return room

    second = refused(new_room(loaded, people), 1)
    without, told = refused(second, 4), refused(moved(second, [AID_STOPS]), 4)
    assert [line for line in told.transcript if line["round"] < 3] == [
        line for line in without.transcript if line["round"] < 3
    ]
    assert {"round": 3, "event": "happening", "note": "Aid stops."} in told.transcript
    lost = (without.talks.reservation - told.talks.reservation)[0]
    assert lost[1] > 0 > lost[0], "without aid it is worse for Ukraine to fight on, and better for Russia"
    path = tmp_path / "room.json"
    path.write_text(room_text(told, with_moves(loaded, [AID_STOPS])), encoding="utf-8")
    again, data, as_read = read_room(path)
    assert difference(again, data, as_read) is None and room_text(again, as_read) == path.read_text("utf-8")
    (yes,) = [one for one in branches(told.decisions) if (one.key.round, one.key.at, one.party) == (2, "reply", 0)]
    empty = moved(empty_room(loaded, people), [AID_STOPS])
    assert before(told, empty, yes).loaded.scenario.events[-1].note == "Aid stops.", "another answer knows of it too"
    with pytest.raises(ScenarioError, match="no lever"):
        with_moves(loaded, [{**AID_STOPS, "levers": {"ade": 0.0}}])


def test_whoever_walks_out_at_the_moment_of_another_answer_ends_the_talks_in_every_run_all_the_same() -> None:
    loaded = load("classroom/03-logroll")
    people = [loaded.case.parties[p].id for p in loaded.case.signatories][:2]
    empty, room = empty_room(loaded, people), new_room(loaded, people)
    (one, other) = room.asks
    room = room.decided((one.key, one.party, Decision("reject")), (other.key, other.party, Decision("walk_out")))
    assert room.left == other.party
    found = played_on(room, empty, Branch(one.key, one.party, Decision("reject", asks_more=True)), 3)
    assert found.endings == ("walk_out",) * 3 and found.rounds.tolist() == [1] * 3
    assert not found.signed.any() and found.packages.shape == (3, len(loaded.case.space.issues))


@pytest.mark.parametrize("seed", [0, 1])
def test_a_room_is_played_on_under_the_next_seeds_quiet_ones_if_its_own_is(seed: int) -> None:
    incident = "events=[{round: 2, breakdown: 0.6, note: an incident}]"
    loaded = load("toy/split-the-pie", ["protocol.deadline=3", incident])
    quiet = quiet_seed(loaded, seed) == seed
    empty, room = empty_room(loaded, ["ann"], seed), new_room(loaded, ["ann"], seed)
    while room.asks and room.round == 1:
        room = talked(room, Decision("stay" if room.asks[0].key.at == "offer" else "reject"))
    no = replace(branches(room.decisions)[0], instead=Decision("reject"))
    whole, found = whole_round(before(room, empty, no), room, no), played_on(room, empty, no, 3)
    taken = [n for n in range(seed, seed + 40) if not quiet or quiet_seed(loaded, n) == n][:3]
    assert list(found.endings) == [left_to_the_simulator(replace(whole, seed=n)).ending for n in taken]
    assert ("breakdown" in found.endings) is not quiet
