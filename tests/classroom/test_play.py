"""`ceasefire play`: a person at the table, by keyboard, to an agreement, to a walk-out, and across a kill."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.classroom import decisions
from sim.classroom.debrief import debrief_measures
from sim.classroom.decisions import Decision, Key, Ledger
from sim.classroom.exercise_files import exercises
from sim.classroom.game import Game, Paused, new_game, resume, save
from sim.classroom.room import new_room
from sim.classroom.room_file import room_text
from sim.classroom.seat import agreed, feedback, last_offer
from sim.cli.dialogue import Dialogue
from sim.errors import AnswerError, OutputError, ScenarioError
from sim.report.terminal.play import brief, opening, round_lines
from sim.report.terminal.play_debrief import debrief_lines
from sim.scenario.loader import load
from sim.serve.briefs import brief_view
from sim.talks.referee import open_talks
from tests.conftest import Cli, altered
from tests.waiting import NET

QUORUM = ["parties.ukraine.ratification.quorum=0.95"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="pexpect drives a pseudo-terminal")


def scripted(slug: str, party: str, deeds: Iterator[Decision], seed: int = 0) -> Game:
    """A game played by a list of decisions."""
    game = new_game(load(slug), party, seed)
    game.ask = lambda game, talks, package: next(deeds)
    return game


def patient(package: dict[str, str], accept_from: int) -> Any:
    """Ask for one package until a round, then take what comes."""

    def ask(game: Game, talks: Any, tabled: Any) -> Decision:
        if tabled is None:
            return Decision("offer", package)
        return Decision("accept" if talks.round >= accept_from else "reject")

    return ask


def spawn(folder: Path, *words: str) -> Any:
    import pexpect

    env = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    command = ["-m", "sim", "play", *words]
    return pexpect.spawn(sys.executable, command, cwd=str(folder), env=env, encoding="utf-8", timeout=NET)


def ends_well(child: Any) -> None:
    child.wait()
    assert child.exitstatus == 0


@posix
@pytest.mark.e2e
def test_a_person_builds_an_offer_undoes_a_change_and_comes_to_an_agreement(tmp_path: Path) -> None:
    child = spawn(tmp_path, "toy/split-the-pie", "--as", "ann", "--plain")
    child.expect("You speak for Ann")
    for key in ("1", "11", "u", "1", "7"):
        child.expect("> ")
        child.sendline(key)
    child.expect("slices 6")
    child.expect("Worth 60.0 points to you; you need 30.0: enough to sign")
    child.expect("> ")
    child.sendline("s")
    child.expect("Ben: no; it is less than is asked for")
    for _ in range(60):
        seen = child.expect([r"Your answer \(", r"Your offer \(", "Debrief"])
        if seen == 2:
            break
        worth = float(re.findall(r"Worth (\d+\.\d) points", child.before)[-1])
        child.sendline("s" if seen == 1 else "a" if worth >= 50 else "r")
    child.expect("Ending: settlement in round")
    child.expect("Zone: there was a zone: 4 packages suited everybody")
    child.expect(r"you: [56]0.0 points, without a deal 30.0")
    child.expect("Left on the table: nothing")
    child.expect("Path:")
    ends_well(child)


@posix
@pytest.mark.e2e
def test_a_person_walks_out_only_after_saying_so_twice(tmp_path: Path) -> None:
    child = spawn(tmp_path, "toy/two-issues", "--as", "joe")
    child.expect("joe-keeps-the-tree")
    child.expect("Your answer")
    child.sendline("w")
    child.expect("Walk out and end the talks")
    child.sendline("no")
    child.expect("Your answer")
    child.sendline("w")
    child.expect("Type yes")
    child.sendline("yes")
    child.expect("Ending: walk out in round 1")
    child.expect("The zone held up to")
    ends_well(child)


@posix
@pytest.mark.e2e
def test_a_game_that_is_killed_goes_on_where_it_stood_with_the_draft_that_was_not_sent(tmp_path: Path) -> None:
    child = spawn(tmp_path, "toy/split-the-pie", "--as", "ann", "--plain")
    for key in ("1", "8", "s", "r", "1", "7"):
        child.expect("> ")
        child.sendline(key)
    child.expect("slices 6")
    child.expect("> ")
    child.kill(signal.SIGKILL)
    child.wait()
    kept = json.loads((tmp_path / "toy-split-the-pie-ann.play.json").read_text("utf-8"))
    assert [entry["deed"] for entry in kept["decisions"]] == ["offer", "reject"] and kept["draft"] == {
        "cut": "slices_6"
    }
    again = spawn(tmp_path, "toy/split-the-pie", "--as", "ann", "--plain")
    again.expect("Going on with the game")
    again.expect("Round 2 of 20. Your offer")
    again.expect("slices 6  .moved")
    again.expect("> ")
    again.sendline("q")
    again.expect("Saved in toy-split-the-pie-ann.play.json")
    ends_well(again)


def test_the_same_decisions_give_the_same_game_however_often_it_is_interrupted(tmp_path: Path) -> None:
    whole = new_game(load("toy/split-the-pie"), "ann", 3)
    whole.ask = patient({"cut": "slices_6"}, accept_from=9)
    whole.play()
    path = tmp_path / "game.json"
    game = new_game(load("toy/split-the-pie"), "ann", 3)
    save(game, path)
    for _ in range(len(whole.decisions)):
        game = resume(path, new_game(load("toy/split-the-pie"), "ann", 3))
        ask, asked = patient({"cut": "slices_6"}, accept_from=9), []

        def once(game: Game, talks: Any, tabled: Any, ask: Any = ask, asked: list[int] = asked) -> Decision:
            if asked:
                raise Paused
            asked.append(1)
            decision: Decision = ask(game, talks, tabled)
            return decision

        game.ask, game.keep = once, lambda game: save(game, path)
        try:
            game.play()
        except Paused:
            continue
        break
    assert game.decisions == whole.decisions
    assert debrief_measures(game) == debrief_measures(whole)


def test_a_brief_and_the_talk_at_the_table_hold_no_value_of_anybody_else(tmp_path: Path) -> None:
    canary = 41.37  # Joe's value without a deal, found nowhere else
    game = new_game(
        load("toy/two-issues", [f"parties.joe.reservation={canary}", "parties.joe.values.fence.halfway=0.5137"]), "ira"
    )
    said: list[str] = [text for text, _ in brief(game)]
    game.ask = patient({"fence": "halfway", "tree": "felled"}, accept_from=4)
    game.told = lambda game, heard: said.extend(text for text, _ in round_lines(game, heard))
    game.play()
    shown = "\n".join(said)
    assert "41.4" not in shown and "41.37" not in shown and "0.5137" not in shown and "25.0" in shown
    assert "joe-keeps-the-tree" in shown, "declared lines are public"
    assert "it crosses joe-keeps-the-tree" in shown
    save(game, tmp_path / "game.json")
    assert "41.37" not in (tmp_path / "game.json").read_text("utf-8")
    assert debrief_measures(game)["without_a_deal"]["joe"] == canary, "the debrief shows it"


def test_no_seat_can_sign_or_send_across_its_own_red_line(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(["r", "2", "3", "s", "q"])
    monkeypatch.setattr("builtins.input", lambda prompt="": next(lines))
    said = cli("play", "toy/two-issues", "--as", "joe", "--plain")
    assert "That cannot be sent as it stands; no mandate: it crosses joe-keeps-the-tree." in said.stdout
    assert "Saved in" in said.stdout and said.returncode == 0


def test_hints_can_be_switched_off(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = iter(["h", "9" * 5000, "²", "", "é", "h", "1", "3", "q"])
    monkeypatch.setattr("builtins.input", lambda prompt="": next(lines))
    said = cli("play", "toy/split-the-pie", "--as", "ann", "--plain", "--no-hints").stdout
    before, after = said.split("Hints are on.")
    assert "you need" not in before and "Hints are off." in after
    assert "points" not in after.split("Hints are off.")[1]


def test_a_finished_game_shows_its_debrief_again_and_json_stands_alone(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(["1", "7", "s", *["r", "s"] * 3, "a"] + ["s", "r"] * 20)
    monkeypatch.setattr("builtins.input", lambda prompt="": next(lines))
    first = json.loads(cli("play", "toy/split-the-pie", "--as", "ann", "--json").stdout)
    assert first["ending"] in ("settlement", "stalemate")
    again = json.loads(cli("play", "toy/split-the-pie", "--as", "ann", "--json").stdout)
    assert again == first
    fresh = cli("play", "toy/split-the-pie", "--as", "ann", "--fresh", "--plain")
    assert "You speak for Ann" in fresh.stdout


def test_a_case_without_a_war_is_told_without_one(cli: Cli) -> None:
    case, many = "toy/two-issues", ("--runs", "5", "--full")
    said = [cli(*words, case).stdout for words in (("zone", "--full"), ("explain",), ("run", "--full"), ("run", *many))]
    assert "points: Ira" in said[2] and "Agreements: " in said[3]
    game = new_game(load(case), "ira")
    game.ask = patient({"fence": "iras_plan", "tree": "left_alone"}, accept_from=3)
    game.play()
    brought = brief(game) + debrief_lines(game, debrief_measures(game))
    said.append("\n".join(text for text, _ in brought))
    assert "Without a deal: " in said[-1] and " points to you." in said[-1]
    assert not [text for text in said if "a month" in text or "holds a year" in text or "fighting" in text]


def test_a_page_speaks_of_who_invaded_whom_only_where_a_war_is_modelled(cli: Cli, tmp_path: Path) -> None:
    for slug, spoken in (("toy/two-issues", False), ("classroom/06-ripeness", True)):
        folder = tmp_path / cli("run", slug, "--report", "--quiet").stdout.strip()
        (page,) = folder.glob("*.html")
        text = page.read_text("utf-8")
        assert "The machinery is the same for every party" in text and ("who invaded whom" in text) == spoken


def test_nobody_but_the_person_walks_a_person_out() -> None:
    game = new_game(load("classroom/01-find-the-zone", ["parties.ukraine.tactic.patience=21"]), "russia")
    game.ask = lambda game, talks, tabled: Decision("stay" if tabled is None else "reject")
    game.play()
    found = debrief_measures(game)
    assert (found["ending"], found["left"], found["round"]) == ("stalemate", None, 20)


def test_a_debrief_counts_what_was_left_on_the_table() -> None:
    game = new_game(load("toy/two-issues"), "ira")
    game.ask = patient({"fence": "halfway", "tree": "trimmed"}, accept_from=99)
    game.play()
    found = debrief_measures(game)
    assert found["package"] == {"fence": "halfway", "tree": "trimmed"} and found["zone"]["ceasefire"] > 0
    left = found["left_on_the_table"]
    assert left["no_worse_for_anybody"] >= 1 and left["best_for_you"] == {"fence": "iras_plan", "tree": "left_alone"}
    assert left["gain"] == 25
    told = [text for text, _ in debrief_lines(game, found)]
    (place,) = [n for n, text in enumerate(told) if "worse for nobody, up to 25.0 points more for you" in text]
    assert told[place + 1] == "  The fence: iras plan; The tree: left alone", "and which it is"


def test_a_debrief_and_a_replay_say_who_would_not_carry_out_what_was_agreed(tmp_path: Path, cli: Cli) -> None:
    poor = ("hostilities=truce_30_days", "alignment=moratorium", "sanctions=phased_relief")
    loaded = load("classroom/07-live-table", [f"protocol.start_text.{said}" for said in poor])
    game = new_game(loaded, "russia")
    game.ask = lambda game, talks, tabled: Decision("stay" if tabled is None else "accept")
    game.play()
    found = debrief_measures(game)
    assert (found["ending"], found["undone"]) == ("unimplementable_text", ["russia"])
    told = [text for text, _ in debrief_lines(game, found)]
    assert "  A text was agreed that you would not carry out." in told
    assert game.room is not None
    (tmp_path / "room.json").write_text(room_text(game.room, loaded), encoding="utf-8")
    assert "\nA text was agreed that Russia would not carry out.\n" in cli("replay", "room.json").stdout


def test_where_waiting_costs_a_person_is_told_so_and_sees_the_points_of_packages_from_brief_to_debrief() -> None:
    def played(*changes: str) -> Game:
        game = new_game(load("toy/split-the-pie", changes), "ann")
        game.ask = patient({"cut": "slices_6"}, accept_from=99)
        game.play()
        return game

    plain, dear = played(), played("protocol.discount=0.5")
    found = debrief_measures(dear)
    assert found == debrief_measures(plain) and found["round"] > 1
    assert found["values"]["ann"] == found["path"][-1]["value_to_you"] > found["without_a_deal"]["ann"]
    told = "Points are those of a deal in round 1, of whose gain a round of waiting leaves 0.5."
    for game, often in ((plain, 0), (dear, 1)):
        for lines in (opening(game, []), brief(game), debrief_lines(game, debrief_measures(game))):
            assert [text.strip() for text, _ in lines].count(told) == often
        assert brief_view(game.loaded, game.party)["without"].count(told) == often


def test_a_debrief_without_a_zone_says_what_shuts_it() -> None:
    game = new_game(load("classroom/01-find-the-zone", ["protocol.deadline=1"]), "russia")
    game.ask = patient({"guarantees": "none", "force_limits": "low_cap"}, accept_from=99)
    game.play()
    told = "\n".join(text for text, _ in debrief_lines(game, debrief_measures(game)))
    assert "there was no zone" in told and re.search(r"What shuts it: .*Russia .*Ukraine", told), told


def test_whoever_plays_is_told_that_chance_may_end_the_talks_and_that_it_did() -> None:
    loaded = load("2025-03-truce-offer", ["war.hazard=0.9"])
    game = new_game(loaded, "ukraine")
    assert "the war may end by itself, with a chance of 90 % in each round" in "\n".join(t for t, _ in brief(game))
    game.ask = lambda game, talks, package: Decision("reject" if package is not None else "stay")
    game.play()
    assert game.room is not None and game.room.ending == "military_end"
    told = "\n".join(text for text, _ in debrief_lines(game, debrief_measures(game)))
    assert "The war ended before the talks did: by chance, whatever was said at the table." in told
    assert "chance" not in "\n".join(t for t, _ in brief(new_game(load("toy/two-issues"), "ira")))


def test_a_seat_in_a_single_text_answers_and_states_its_wish() -> None:
    game = new_game(load("classroom/03-logroll"), "ukraine")
    wish = {"legal_status": "de_facto", "guarantees": "binding", "force_limits": "medium_cap", "sanctions": "lifted"}
    game.ask = patient(wish, accept_from=3)
    game.play()
    assert debrief_measures(game)["round"] >= 1 and game.rounds[0].author is None
    assert any(np.array_equal(heard.package, game.rounds[0].package) for heard in game.rounds)


@pytest.mark.parametrize(
    ("slug", "party"),
    [
        ("toy/two-issues", "joe"),
        ("classroom/06-ripeness", "russia"),
        ("2025-03-truce-offer", "europe"),
        ("variants/2025-02-over-their-heads", "us"),
    ],
)
def test_random_play_under_any_protocol_ends_and_comes_out_the_same_when_taken_up_again(
    slug: str, party: str, tmp_path: Path
) -> None:
    def ask(game: Game, talks: Any, tabled: Any) -> Decision:
        dice = random.Random(f"{talks.round} {len(game.decisions)}")
        if tabled is not None:
            enough = feedback(game.loaded.case, game.party, talks, tabled)
            return Decision("accept" if enough.enough and not enough.crosses and dice.random() < 0.5 else "reject")
        case, last = game.loaded.case, last_offer(talks, game.party)
        package = (case.protocol.start_text if last is None else last).copy()
        axis = dice.randrange(len(package))
        package[axis] = dice.choice(case.space.left[axis])
        if feedback(case, game.party, talks, package).allowed:
            return Decision("offer", case.space.names(package))
        return Decision("stay")

    loaded, path = load(slug), tmp_path / "game.json"
    game = new_game(loaded, party)
    game.ask, game.keep = ask, lambda game: save(game, path)
    game.play()
    again = resume(path, new_game(loaded, party))
    said: list[str] = []
    again.told = lambda game, heard: said.extend(text for text, _ in round_lines(game, heard))
    again.play()
    assert again.room.walked_out is None and len(again.rounds) == len(game.rounds) and said
    for one, other in zip(game.rounds, again.rounds, strict=True):
        assert (one.round, one.author, one.answers) == (other.round, other.author, other.answers)
        assert np.array_equal(one.package, other.package)
    if (signed := agreed(game.room.talks)) is not None and not loaded.case.red_lines.lines:
        assert loaded.case.valid(signed[None])[0]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"hash": 1}', '{"hash":"x","party":"ann","decisions":[],"draft":null}', "[" * 9999]
)
def test_a_file_that_is_no_saved_game_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "game.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnswerError, match=r"game\.json"):
        resume(path, new_game(load("toy/split-the-pie"), "ann"))


def test_a_saved_game_of_another_seat_seed_or_scenario_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "game.json"
    save(new_game(load("toy/split-the-pie"), "ann"), path)
    others = [
        new_game(load("toy/split-the-pie"), "ben"),
        new_game(load("toy/split-the-pie"), "ann", 5),
        new_game(load("toy/split-the-pie", ["parties.ben.reservation=50"]), "ann"),
        new_game(load("toy/two-issues"), "ira"),
    ]
    for other in others:
        with pytest.raises(AnswerError, match="keeps another game"):
            resume(path, other)
    assert resume(path, new_game(load("toy/split-the-pie"), "ann")).decisions == []


FELLED = {"fence": "halfway", "tree": "felled"}


@pytest.mark.parametrize(
    ("slug", "party", "decisions", "said"),
    [
        (
            "toy/split-the-pie",
            "ann",
            [Decision("accept")],
            "decision 1 (accept, round 1): it does not fit the talks: a reply",
        ),
        (
            "toy/two-issues",
            "joe",
            [Decision("stay")],
            "decision 1 (stay, round 1): it does not fit the talks: an offer",
        ),
        ("toy/two-issues", "joe", [Decision("accept")], "no mandate: it crosses joe-keeps-the-tree"),
        (
            "toy/two-issues",
            "joe",
            [Decision("reject"), Decision("offer", FELLED)],
            "decision 2 (offer, round 1): no mandate",
        ),
        (
            "toy/two-issues",
            "joe",
            [Decision("walk_out"), Decision("stay")],
            "decision 2 (stay, round 0): it does not fit",
        ),
    ],
)
def test_decisions_that_do_not_fit_the_talks_or_the_mandate_are_refused_kept_or_not(
    tmp_path: Path, cli: Cli, slug: str, party: str, decisions: list[Decision], said: str
) -> None:
    path = tmp_path / "game.json"
    kept = new_game(load(slug), party)
    kept.decisions = decisions
    save(kept, path)
    before = path.read_bytes()
    with pytest.raises(AnswerError, match=re.escape(said)):
        resume(path, new_game(load(slug), party)).play()
    shown = cli("play", slug, "--as", party, "--save", "game.json")
    assert shown.returncode == 1 and path.read_bytes() == before
    assert shown.stderr.startswith("ceasefire: game.json: decision ") and len(shown.stderr.splitlines()) == 1
    if said.endswith("does not fit"):
        return  # nobody is asked after the end
    told: list[int] = []
    live = scripted(slug, party, iter(decisions))
    live.keep = lambda game: told.append(len(game.decisions))
    with pytest.raises(AnswerError, match=re.escape(said)):
        live.play()
    assert live.decisions == decisions[:-1] and len(told) == len(live.decisions), "what is refused is not kept"


def test_a_seat_holds_any_person_to_the_mandate_whatever_asks_them() -> None:
    case = load("toy/two-issues").case
    joe = case.party_number("joe")
    talks = open_talks(case)
    crossing = case.space.package(FELLED)
    offer, reply = (Key(0, "offer", 0), joe), (Key(0, "reply", 0), joe)
    ledger = Ledger({offer: Decision("offer", FELLED), reply: Decision("accept")})
    (speaker,) = (one for one in decisions.seated(case, [joe], ledger) if isinstance(one, decisions.Seat))
    with pytest.raises(AnswerError, match="no mandate"):
        speaker.propose(talks, np.zeros(1))
    with pytest.raises(AnswerError, match="no mandate"):
        speaker.respond(talks, crossing[None])


def test_a_saved_game_says_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "game.json"
    save(new_game(load("toy/split-the-pie"), "ann"), path)
    twice = ('"draft": null', '"draft": null,\n "draft": null')
    for _ in altered(path, twice, ('"format": 2', '"format": 3'), ('"seed": 0', '"seed": NaN')):
        with pytest.raises(AnswerError, match="is not a saved game"):
            resume(path, new_game(load("toy/split-the-pie"), "ann"))


def test_a_brief_tells_what_is_needed_to_sign_from_what_there_is_without_a_deal() -> None:
    game = new_game(load("classroom/04-two-level-game", QUORUM), "ukraine")
    told = "\n".join(text for text, _ in brief(game))
    assert "That is worth 40.0 points to you." in told
    assert "To sign you need 76.0: your quorum at home asks for so much." in told
    assert "To sign you need" not in "\n".join(text for text, _ in brief(new_game(load("toy/split-the-pie"), "ann")))
    page = brief_view(game.loaded, game.party)["without"]
    assert len(page) == 2 and all(said in told for said in page), "the page of a class says it in the same words"


CLOSE = ["parties.ann.reservation=40", "parties.ben.reservation=60"]
"""One package suits both."""


def test_one_of_anything_is_said_in_the_singular() -> None:
    game = new_game(load("toy/split-the-pie", [*CLOSE, "protocol.deadline=1"]), "ann")
    assert "1 round at most" in "\n".join(text for text, _ in brief(game))
    game.ask = patient({"cut": "slices_4"}, accept_from=1)
    game.play()
    told = "\n".join(text for text, _ in debrief_lines(game, debrief_measures(game)))
    assert not re.search(r"\b1 (packages|rounds)", told) and "there was a zone: 1 package suited everybody" in told


def test_a_party_without_a_seat_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="did you mean"):
        new_game(load("toy/split-the-pie"), "anne")


def test_a_place_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        save(new_game(load("toy/split-the-pie"), "ann"), tmp_path / "file" / "game.json")


def test_a_game_is_saved_over_a_game_and_nothing_else(tmp_path: Path) -> None:
    loaded = load("toy/split-the-pie")
    game, path = new_game(loaded, "ann"), tmp_path / "game.json"
    for foreign in ("id\nana\n", room_text(new_room(loaded, ["ann"]), loaded)):
        path.write_text(foreign, encoding="utf-8")
        with pytest.raises(OutputError, match="is not a saved game and is not overwritten"):
            save(game, path)
        assert path.read_text("utf-8") == foreign
    path.write_text("", encoding="utf-8")
    for _ in range(2):
        save(game, path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8"))), encoding="utf-8")
    save(resume(path, game), path)
    assert "\n" in path.read_text("utf-8"), "a game that somebody wrote otherwise is taken up all the same"


SCREENS = [
    "2025-03-truce-offer",
    "classroom/07-live-table protocol.name=alternating",
    *(pytest.param(e.slug, marks=[] if e.number == 7 else pytest.mark.slow) for e in exercises()),
    *(pytest.param(e.slug, marks=pytest.mark.slow) for e in exercises(fictional=True)),
    *(pytest.param(slug, marks=pytest.mark.slow) for slug in ("2025-12-stalemate", "fictional/truce-offer")),
]


@pytest.mark.parametrize("slug", SCREENS)
def test_the_first_question_comes_within_thirty_lines_of_eighty_letters(
    slug: str,
) -> None:
    name, *changes = slug.split()
    loaded = load(name, changes)
    case = loaded.case
    seats_of = [case.parties[n].id for n in case.signatories]
    for party in seats_of:
        shown: list[str] = []
        game = new_game(loaded, party)
        screen = Screened(shown)
        dialogue = Dialogue(screen, True, lambda game: None, new=True)
        game.ask, game.told = dialogue.decide, dialogue.told
        with pytest.raises(Paused):
            game.play()
        lines = [part for text in shown for part in (textwrap.wrap(text, 80) or [""])]
        assert len(lines) <= 30, "\n".join(lines)
        told = "\n".join(shown)
        assert "You speak for" in told and "Without a deal" in told and "red line" in told
        labels = [k for axis, issue in enumerate(loaded.scenario.issues.values()) if len(case.space.left[axis]) > 1
                  for k in issue.labels.values()]  # fmt: skip
        whole = " ".join(" ".join(lines).split())
        if "classroom" in slug:
            assert all(label in whole for label in labels) and "points of each option" in told, "a table of all options"


class Screened:
    """A screen with nobody before it, that keeps what it shows."""

    def __init__(self, shown: list[str]) -> None:
        self.shown = shown

    def show(self, lines: list[tuple[str, str]]) -> None:
        self.shown += [text for text, _ in lines]

    def ask(self, prompt: str) -> str:
        self.shown += [f"{prompt}:", "> "]
        raise Paused


def test_points_are_told_option_by_option_and_the_path_says_when_it_is_empty(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(["p", "o", "q"])
    monkeypatch.setattr("builtins.input", lambda prompt="": next(lines))
    said = cli("play", "toy/split-the-pie", "--as", "ann", "--plain").stdout
    assert "Nothing was tabled yet." in said
    told = re.findall(r"^ +([0-9.]+)  (?:slices )?(\d+)", said, re.M)
    assert [(float(points), int(slices)) for points, slices in told] == [(10.0 * n, n) for n in range(len(told))]
    assert len(told) == len(load("toy/split-the-pie").case.space.left[0])
