"""What only the teacher does: news for all and for one, another answer played on, a room taken up from its file."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.classroom import seat
from sim.classroom.decisions import Decision
from sim.classroom.room import Room, new_room
from sim.classroom.room_file import room_text
from sim.errors import AnswerError
from sim.scenario.loader import load
from sim.serve import html, run, seat_page
from sim.serve.export import export_zip
from sim.serve.findings import findings
from sim.serve.host import Host
from sim.serve.lesson import Lesson
from sim.serve.reveal import job
from sim.serve.reveal_views import class_view, debrief_view, whatif_view
from tests.classroom.test_what_if import refused_pie, talked
from tests.conftest import Cli
from tests.serve.live import exported, found, served, soon
from tests.waiting import NET


def hosted(path: Path, slug: str, person: str, rooms: int, *changes: str, deadline: int = 4) -> Host:
    """An open class of which nobody serves pages; one seat a room is a person's, and somebody sits in each."""
    asked = run.wanted(load(slug, [f"protocol.deadline={deadline}", *changes]), [person], 0, rooms, 600, False)
    lesson, _ = run.take_up(asked, path)
    for number in range(1, rooms + 1):
        joined(lesson.loaded.case.party_number(person), number, lesson)
    lesson.note("open")
    return Host(lesson, lambda said: None)


def test_a_class_in_which_waiting_costs_is_told_so_and_shown_the_points_of_packages(tmp_path: Path) -> None:
    def revealed(*changes: str) -> tuple[Host, Any]:
        host = hosted(tmp_path / f"class{len(changes)}.sqlite", "toy/split-the-pie", "ann", 1, *changes)
        table, room = host.lesson.table(1), new_room(host.lesson.loaded, ["ann"], host.lesson.seed)
        while room.asks:
            reply = room.asks[0].key.at == "reply"
            room = talked(room, Decision("reject") if reply else Decision("offer", {"cut": "slices_6"}))
        table.decisions = dict(room.decisions)
        table.stands(room)
        host.note("found", body=findings(job(host.lesson)))
        return host, outcome_of(host)

    (plain, without), (dear, told) = revealed(), revealed("protocol.discount=0.5")
    rooms = [host.lesson.found["rooms"] for host in (plain, dear)]  # type: ignore[index]
    assert without == told and rooms[0] == rooms[1]
    (one,) = rooms[1].values()
    assert one["round"] > 1 and one["values"] == one["within_reach"]["values"], "the same package, the same points"
    said = "Points are those of a deal in round 1, of whose gain a round of waiting leaves 0.5."
    for host, often in ((plain, 0), (dear, 1)):
        pages = [html.text("debrief.html", {"debrief": debrief_view(host, 1, 0)})]
        pages.append(html.text("reveal.html", class_view(host) | whatif_view(host.lesson, None) | {"form_token": ""}))
        assert [page.count(said) for page in pages] == [often, often]
        host.lesson.log.close()


def test_whoever_has_signed_a_ceasefire_is_told_that_it_is_in_force_and_why_the_talks_go_on(tmp_path: Path) -> None:
    host = hosted(tmp_path / "class.sqlite", "classroom/07-live-table", "ukraine", 1, deadline=8)
    lesson = host.lesson
    table, room = lesson.table(1), new_room(lesson.loaded, ["russia", "ukraine", "us", "europe"], lesson.seed)
    told = []
    while room.asks and seat.standing(room.case, 0, room.now).in_force is None:
        for ask in room.asks:
            seen = None if ask.package is None else seat.feedback(room.case, ask.party, ask.talks, ask.package)
            yes = seen is not None and seen.enough and seen.ceasefire and seen.against_accepting is None
            deed = Decision("stay" if seen is None else "accept" if yes else "reject")
            room = room.decided((ask.key, ask.party, deed))
    table.stands(room)
    for hints in (True, False):
        lesson.hints = hints
        words = {"note": None, "token": "", "nonce": "", "mirror": False}
        told.append(seat_page.changing(host, lesson.seats[1, lesson.people[0]], table, 0.0, **words))
    assert room.asks and all("Signed and in force: a ceasefire. The talks go on" in page for page in told)
    lesson.log.close()


def outcome_of(host: Host) -> str:
    with zipfile.ZipFile(io.BytesIO(export_zip(host.lesson))) as archive:
        return archive.read("outcome.csv").decode()


def joined(party: int, room: int, lesson: Lesson) -> None:
    lesson.note("joined", room=room, party=party, body={"token": f"token {room}", "name": "Ana"})


def test_a_room_that_opens_while_news_wait_for_another_is_moved_by_them_and_the_same_when_taken_up_again(
    tmp_path: Path,
) -> None:
    host = hosted(tmp_path / "class.sqlite", "classroom/07-live-table", "ukraine", 1)

    async def told() -> list[Room]:
        first = await host.ready(1)
        first.playing = True
        news = asyncio.create_task(host.announce(None, None, "Aid stops.", {"aid": 0.0}))
        await asyncio.sleep(0)
        joined(first.room.people[0], 2, host.lesson)  # type: ignore[union-attr]
        await host.ready(2)
        first.playing = False
        await asyncio.wait_for(news, NET)
        again = [host._taken_up({}, host.lesson.moves(number)) for number in (1, 2)]
        await host.stop()
        return [host.lesson.table(1).room, host.lesson.table(2).room, *again]  # type: ignore[list-item]

    events = [[(e.round, e.note) for e in room.case.protocol.events] for room in asyncio.run(told())]
    assert events[:2] == events[2:] and all(one[-1] == (2, "Aid stops.") for one in events)
    host.lesson.log.close()


def test_a_room_that_could_not_be_played_on_keeps_no_news_from_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = hosted(tmp_path / "class.sqlite", "classroom/07-live-table", "ukraine", 2)
    monkeypatch.setattr(Room, "decided", lambda room, *made: 1 / 0)

    async def told() -> None:
        table = await host.ready(1)
        (ask, *_) = table.asks()
        assert host.decide(host.lesson.seats[1, ask.party], ask.key, Decision("reject")) is None
        for text, levers in (("Rain.", {}), ("Aid stops.", {"aid": 0.0})):
            await asyncio.wait_for(host.announce(None, None, text, levers), NET)
        assert table.playing and table.broken
        await host.stop()

    asyncio.run(told())
    assert [one.text for one in host.lesson.news_for(2)] == ["Aid stops.", "Rain."]
    assert host.lesson.table(2).room.case.protocol.events[-1].note == "Aid stops."  # type: ignore[union-attr]
    host.lesson.log.close()


@pytest.mark.slow
@pytest.mark.e2e
def test_a_class_is_told_that_aid_stops_and_is_the_same_after_a_kill_and_from_its_file(
    tmp_path: Path, cli: Cli
) -> None:
    words = ("classroom/07-live-table", "--people", "ukraine", "--rounds", "4", "--seconds", "600", "--rooms", "1")
    with served(tmp_path, *words) as made:
        ana, teacher = made.join("Ana"), made.teacher()
        teacher.post("open")
        for wrong in ({"lever": "ade", "index": "0"}, {"lever": "aid", "index": "2"}, {"lever": "aid", "index": "x"}):
            assert teacher.post("news", to="all", text="x", **wrong).status_code == 422
        assert teacher.post("news", to="1:1", text="x", lever="aid", index="0").status_code == 422, "not for one alone"
        teacher.post("news", to="all", text="Aid stops.", lever="aid", index="0,1")
        assert "From round 2 on: aid stands at 0.10 of 1." in ana.page()
        for key in ("1:reply:0", "1:offer:1"):
            soon(lambda key=key: ana.key() == key)  # type: ignore[misc]
            ana.decide("reject" if "reply" in key else "stay")
        soon(lambda: ana.key() == "2:reply:0")
        needs = r"Without a deal you would now have ([\d.]+)"
        stood = found(needs, ana.page())
        made.kill()
        made.start()
        soon(lambda: ana.key() == "2:reply:0")
        assert found(needs, ana.page()) == stood and "aid stands at 0.10" in ana.page()
        teacher.post("reveal", sure="yes")
        soon(lambda: "News changed the war" in ana.page())
        assert "Room 1, from round 2 on: aid stands at 0.10 of 1 (Aid stops.)" in ana.page()
        (tmp_path / "room-1.json").write_bytes(exported(teacher).read("room-1.json"))
        assert b"Aid stops. (aid stands at 0.10 of 1)" in exported(teacher).read("messages.csv")
    assert "the same, line by line" in cli("replay", "room-1.json").stdout


@pytest.mark.e2e
def test_news_reach_those_they_are_for_and_another_answer_is_played_on(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "3", "--seconds", "600", "--rooms", "2") as made:
        ann, ben, teacher = made.join("Ana", "0"), made.join("Ben", "1"), made.teacher()
        cy = made.join("Cy", "0")
        teacher.post("open")
        teacher.post("news", to="all", text="NEWSALL <b>")
        teacher.post("news", to="1", text="NEWSROOM")
        teacher.post("news", to="1:1", text="NEWSBEN")
        assert teacher.post("news", to="9", text="x").status_code == 422
        assert teacher.post("news", to="all", text=" ").status_code == 422
        heard = {"ann": ann.page(), "ben": ben.page(), "cy": cy.page(), "board": teacher.page("/t/board")}
        for news, told in {"NEWSALL": "ann ben cy board", "NEWSROOM": "ann ben", "NEWSBEN": "ben"}.items():
            assert {who for who, page in heard.items() if news in page} == set(told.split()), news
        assert "NEWSALL &lt;b&gt;" in heard["cy"]
        made.kill()
        made.start()
        assert "NEWSBEN" in ben.page() and "NEWSBEN" not in ann.page(), "news are in the log"
        ann.decide("offer", **{"i-cut": "slices_6"})
        ben.decide("reject")
        ben.decide("offer", **{"i-cut": "slices_4"})
        ann.decide("reject")
        soon(lambda: ann.key() == "2:offer:0")
        teacher.post("reveal", sure="yes")
        soon(lambda: "Play on from another answer" in teacher.page("/t/reveal"))
        page = teacher.page("/t/reveal")
        assert "Room 1, round 1: Ben says yes" in page and "1|1:reply:1|0" in page
        teacher.post("whatif", place="1|1:reply:1|0")
        soon(lambda: "Signed in 100" in teacher.page("/t/reveal"))
        assert "Red line by red line" not in ann.page(), "the pie has none"
        archive = exported(teacher)
        raw = archive.read("messages.csv")
        assert raw.startswith(b"\xef\xbb\xbfroom,") and raw.count(b"\n") == raw.count(b"\r\n"), "for spreadsheets"
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        assert [[row[0], *row[3:6]] for row in rows[1:]] == [
            ["", "teacher", "all", "NEWSALL <b>"],
            ["1", "teacher", "all", "NEWSROOM"],
            ["1", "teacher", "ben", "NEWSBEN"],
        ]


def test_a_class_that_plays_a_room_on_is_not_taken_up_as_one_that_begins_anew(tmp_path: Path) -> None:
    _, room = refused_pie()
    (tmp_path / "room.json").write_text(room_text(room, load("toy/split-the-pie", ["protocol.deadline=4"])))
    on = run.from_room(tmp_path / "room.json", 2, 0, 90)
    anew = replace(on, begun={})
    for number, (first, second) in enumerate([(on, anew), (anew, on), (on, on), (anew, anew)]):
        kept = tmp_path / f"{number}.class"
        run.take_up(first, kept)[0].log.close()
        if first is second:
            run.take_up(second, kept)[0].log.close()
        else:
            with pytest.raises(AnswerError, match="keeps another class"):
                run.take_up(second, kept)


@pytest.mark.slow
@pytest.mark.e2e
def test_a_class_plays_a_room_on_from_its_file(tmp_path: Path, cli: Cli) -> None:
    _, room = refused_pie()
    (tmp_path / "room-1.json").write_text(room_text(room, load("toy/split-the-pie", ["protocol.deadline=4"])))
    with served(tmp_path, "room-1.json", "--from", "2", "--seconds", "600") as fork:
        dot, eve = fork.join("Dot", "0"), fork.join("Eve", "1")
        for name in ("Fay", "Gil"):
            fork.join(name)
        teacher = fork.teacher()
        teacher.post("open")
        soon(lambda: dot.key() == "2:offer:0")
        assert "Round 1: you · 60.0" in " ".join(dot.page().split())
        dot.decide("stay")
        eve.decide("reject")
        eve.decide("offer", **{"i-cut": "slices_4"})
        dot.decide("accept")
        soon(lambda: "The talks are over: settlement, round 2" in eve.page())
        fork.kill()
        fork.start()
        assert "The talks are over: settlement, round 2" in eve.page()
        ended = exported(teacher)
        (tmp_path / "again.json").write_bytes(ended.read("room-1.json"))
        assert b'"slices_6"' in ended.read("room-2.json"), "every room begins there"
    assert "the same, line by line" in cli("replay", "again.json").stdout
    late = cli("serve", "room-1.json", "--from", "9")
    assert late.returncode == 1 and "has the rounds 1 to" in late.stderr
    assert cli("serve", "room-1.json", "--rounds", "3").returncode == 2
