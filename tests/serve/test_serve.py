"""A class over HTTP: joined, negotiated, steered, killed and taken up again, revealed, exported and played again."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sim.serve import html
from tests.conftest import Cli
from tests.serve.live import Class, Student, exported, found, logged, served, soon

pytestmark = pytest.mark.e2e
PIE = {"i-cut": "slices_4"}


@pytest.fixture(scope="module")
def pie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    with served(tmp_path_factory.mktemp("pie"), "toy/split-the-pie", "--rounds", "6", "--seconds", "600") as made:
        yield made


def decisions(folder: Path) -> list[tuple[object, ...]]:
    return logged(folder, "SELECT room, party, key, body FROM events WHERE type = 'decision' ORDER BY n")


def test_two_people_negotiate_to_a_deal_that_is_revealed_and_plays_again_from_its_export(
    pie: Class, tmp_path: Path, cli: Cli
) -> None:
    ann, ben, teacher = pie.join("Ana", "0"), pie.join("Ben <b>", "1"), pie.teacher()
    assert "The talks have not begun" in ann.page() and ann.key() is None
    teacher.post("open")
    assert "Waiting for Ann (<bdi>Ana</bdi>)" in ben.page()
    key = ann.key()
    ann.decide("offer", **{"i-cut": "slices_8"})
    again = ann.decide("offer", key, **{"i-cut": "slices_2"})
    assert "no longer asked" in again.text, "a second click shows what stands"
    assert len(decisions(pie.folder)) == 1
    soon(lambda: ben.key())
    assert "8 slices" in ben.page().replace("slices 8", "8 slices") and "20.0</b> points to you" in ben.page()
    ben.decide("reject", more="yes")
    ben.decide("offer", **PIE)
    soon(lambda: ann.key())
    assert "it asks for more" in ann.page() and "Ben &lt;b&gt;" in ann.page()
    ann.decide("accept")
    soon(lambda: "The talks are over: settlement, round 1" in ben.page())
    assert "without a deal" not in ben.page().split("Your brief")[0].replace("Without a deal you would", "")
    teacher.post("reveal", sure="yes")
    soon(lambda: "Your room" in ann.page())
    told = ann.page()
    assert "<b>4</b> packages suited everybody" in told and "1,000 rooms of the simulator" in told
    archive = exported(teacher)
    assert set(archive.namelist()) >= {"rooms.json", "room-1.json", "outcome.csv", "messages.csv", "seats.csv"}
    room = archive.read("room-1.json").decode()
    (tmp_path / "room.json").write_text(room, encoding="utf-8")
    assert "the same, line by line" in cli("replay", "room.json").stdout
    assert json.loads(cli("replay", "room.json", "--json").stdout)["ending"] == "settlement"
    altered = room.replace("slices_8", "slices_9", 1)
    (tmp_path / "room.json").write_text(altered, encoding="utf-8")
    refused = cli("replay", "room.json")
    assert refused.returncode == 1 and "line 1 of the transcript" in refused.stderr


def test_a_newer_program_has_its_own_style_and_script_whatever_a_browser_kept(
    pie: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = pie.person()
    page = visitor.get("/").text
    for kind, type_ in (("css", "text/css"), ("js", "text/javascript")):
        place = found(rf'"(/class\.{kind}\?\w+)"', page)
        answer = visitor.get(place)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(type_)
        assert place in html.text("door.html", {"note": None}), "the same program names them the same"
        html.look.cache_clear()
        with monkeypatch.context() as newer:
            newer.setattr(html, "style" if kind == "css" else "script", lambda: "/* newer */")
            assert place not in html.text("door.html", {"note": None})
        html.look.cache_clear()


def test_looking_takes_no_seat_and_a_reload_keeps_it(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rooms", "1") as made:
        visitor = made.person()
        for _ in range(3):
            assert "Take a seat" in visitor.get(f"/j/{made.code.lower()}").text
        ann = made.join("Ana")
        made.kill()
        made.start()
        assert "Ana</bdi> speaks for Ann" in ann.page(), "a seat outlives the server"
        assert ann.web.get(f"/j/{made.code}").text.count(ann.place) == 1, "whoever has a seat is shown the way to it"
        again = ann.web.post(f"/j/{made.code}", data={"name": "Ana"})
        assert again.url.path == ann.place
        ben = made.join("Ben")
        assert (
            ben.place != ann.place
            and "Every seat is taken" in visitor.post(f"/j/{made.code}", data={"name": "Cy"}).text
        )
        assert "No class here has that code" in visitor.get("/j/XXXXXX").text
        teacher = made.teacher()
        teacher.post("kick", seat="1:0")
        gone = ann.web.get(ann.place)
        assert gone.status_code == 404 and "freed this seat" in gone.text
        assert made.join("Cy").page()
        teacher.post("swap", one="1:0", other="1:1")
        assert "Ben</bdi> speaks for Ann" in ben.page()


def test_a_name_sits_once_and_opens_no_seat_but_one_that_was_freed_of_it(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rooms", "3") as made:
        made.join("Dot", "0")
        ana, teacher, phone = made.join("Ana", "0"), made.teacher(), made.person()
        for name in ("Ana", " ana ", "ANA"):
            refused = phone.post(f"/j/{made.code}", data={"name": name, "party": "1"})
            assert "Somebody of that name has a seat. Is it you?" in refused.text and "/s/" not in refused.url.path
        assert made.join("Ana B.", "1").page() and made.join("Eve", "1").page() and made.join("Fay", "1").page()
        assert "Is it you?" in phone.post(f"/j/{made.code}", data={"name": "Ana", "party": "1"}).text, "no seat is free"
        for seat in ("1:0", "2:0"):
            teacher.post("kick", seat=seat)
        made.kill()
        made.start()
        back = phone.post(f"/j/{made.code}", data={"name": "ana", "party": ""})
        assert "Room 2 ·" in back.text and "ana</bdi> speaks for Ann" in back.text, (
            "on another device, in the same seat"
        )
        assert "freed this seat" in ana.web.get(ana.place).text


def test_what_is_no_room_is_refused_in_a_sentence_and_changes_nothing(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rooms", "1") as made:
        made.join("Ana", "0")
        teacher = made.teacher()
        teacher.post("open")

        def kept() -> int:
            return len(logged(tmp_path, "SELECT n FROM events"))

        before = kept()
        for deed in ("minute", "advance"):
            for room in ("99", "none", "-1", "\u00b2"):
                refused = teacher.post(deed, room=room)
                assert refused.status_code == 422 and "There is no such room." in refused.text
        for to in ("99", ""):
            assert "There is no such room." in teacher.post("news", text="Aid stops", to=to).text
        assert kept() == before
        assert teacher.post("minute", room="1").status_code == 200 and kept() == before + 1
        assert teacher.post("minute").status_code == 200 and kept() == before + 2
        teacher.post("reveal", sure="yes")
        soon(lambda: "All rooms" in teacher.page("/t/reveal"))
        assert "<b>1</b> room: not over" in teacher.page("/t/reveal")
        assert "There is no such answer." in teacher.post("whatif", place="1|9:reply:0|0").text


@pytest.mark.slow
def test_whoever_is_silent_is_answered_for_and_comes_back(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "40", "--seconds", "1", "--rooms", "1") as made:
        ann, ben, teacher = made.join("Ana", "0"), made.join("Ben", "1"), made.teacher()
        teacher.post("open")
        soon(lambda: "The simulator speaks for you" in ann.page() or "The talks are over" in ann.page())
        by = [json.loads(str(row[3]))["by"] for row in decisions(tmp_path)]
        assert by[:2] == ["clock", "clock"]
        teacher.post("pause")
        assert "paused" in ben.page()
        before = len(decisions(tmp_path))
        back = ann.post("back")
        assert "The simulator speaks for you" not in back.text
        assert len(decisions(tmp_path)) == before, "nothing is answered while all is paused"
        teacher.post("resume")
        soon(lambda: len(decisions(tmp_path)) > before)
        teacher.post("auto", seat="1:1")
        soon(lambda: any(json.loads(str(row[3]))["by"] == "absence" for row in decisions(tmp_path)))
        teacher.post("advance", room="1")


@pytest.mark.slow
def test_a_killed_class_goes_on_with_every_seat_decision_and_draft_and_nothing_twice(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "8", "--seconds", "600") as made:
        ann, ben, teacher = made.join("Ana", "0"), made.join("Ben", "1"), made.teacher()
        made.kill()  # in the lobby
        made.start()
        teacher.post("open")
        ann.post("draft", **{"i-cut": "slices_7", "text": "half-written"})
        key = ann.key()
        made.kill()  # while somebody is asked
        made.start()
        assert "half-written" in ann.page() and '"slices_7" selected' in ann.page() and ann.key() == key
        ann.decide("offer", **{"i-cut": "slices_7"})
        made.kill()  # as soon as it is answered
        made.start()
        ann.decide("offer", key, **{"i-cut": "slices_3"})
        soon(lambda: ben.key() == "1:reply:0")
        ben.decide("reject")
        ben.decide("offer", **PIE)
        ann.decide("accept")
        soon(lambda: "The talks are over" in ben.page())
        wanted = [(1, 0, "1:offer:0"), (1, 1, "1:reply:0"), (1, 1, "1:offer:1"), (1, 0, "1:reply:1")]
        assert [row[:3] for row in decisions(tmp_path)] == wanted
        first = exported(teacher).read("room-1.json")
        made.kill()  # after the end
        made.start()
        assert "The talks are over" in ann.page()
        assert exported(teacher).read("room-1.json") == first
        made.kill()
        other = Class.__new__(Class)
        with pytest.raises(AssertionError, match="keeps another class"):
            other.__init__(tmp_path, "toy/split-the-pie", "--rounds", "9")  # type: ignore[misc]


SECRET = """\
extends: toy/two-issues
format: 1
title: A case with secrets
parties:
  ira: {story: {public: PUBLICIRA, private: CANARYSTORY1}, reservation: 21.37, batna: CANARYBATNA1}
  joe: {story: {public: PUBLICJOE, private: CANARYSTORY2}, reservation: 22.91}
  kay:
    name: Kay
    reservation: 23.59
    weights: {fence: 50, tree: 50}
    values:
      fence: {iras_plan: 0.4, halfway: 0.5173, joes_plan: 0.4, where_it_is: 0.4}
      tree: {left_alone: 0.5, trimmed: 0.5, felled: 0.5}
protocol: {name: single_text, deadline: 4}
red_lines:
  - {id: joe-fence, party: joe, requires: {fence: [joes_plan, halfway]}, basis: assumption}
"""
TRUE_LINE = ", softens_to: {fence: [joes_plan, halfway, iras_plan]}, hardness: 0.8317, bluff: 0.4219}"
"""What joe's line comes to in the end: nobody's business, not even joe's."""


def seen(student: Student) -> str:
    """All that a seat can get to see, in one text."""
    pages = [student.page(), *(student.web.get(f"{student.place}/{part}").text for part in ("board", "version"))]
    with student.web.stream("GET", f"{student.place}/stream") as stream:
        pages.append(next(stream.iter_lines()))
    pages.append(student.post("draft", page="part").text)
    return "\n".join(pages)


def test_a_canary_in_a_brief_a_thread_a_draft_or_a_value_is_on_nobody_elses_page_stream_export_or_log(
    tmp_path: Path,
) -> None:
    (tmp_path / "case.yaml").write_text(SECRET, encoding="utf-8")
    with served(tmp_path, "case.yaml", "--seconds", "600") as made:
        ira, joe, kay = (made.join(name, n) for name, n in (("Ann", "0"), ("Bob", "1"), ("Cas", "2")))
        teacher = made.teacher()
        assert made.join("Dot", "0").page(), "a second room"
        teacher.post("open")
        joe.post("draft", text="CANARYDRAFT2", **{"i-fence": "joes_plan", "i-tree": "trimmed"})
        ira.post("say", text="CANARYTHREAD12", **{"to-1": "yes", "nonce": "one"})
        ira.post("say", text="CANARYTHREAD12", **{"to-1": "yes", "nonce": "one"})
        kay.post("say", text="CANARYALL", **{"to-0": "yes", "to-1": "yes"})
        for student in (ira, joe, kay):
            student.decide("reject")
        pages = {"ira": seen(ira), "joe": seen(joe), "kay": seen(kay)}
        pages["visitor"] = made.person().get(f"/j/{made.code}").text + made.person().get("/").text
        pages["projector"] = teacher.page("/t/board")
        archive = exported(teacher)
        pages["export"] = "\n".join(archive.read(name).decode() for name in archive.namelist())
        pages["log"] = made.said.read_text("utf-8")
        who = {
            "CANARYSTORY1": {"ira"}, "CANARYBATNA1": {"ira"}, "CANARYSTORY2": {"joe"}, "21.4": {"ira"}, "22.9": {"joe"},
            "23.6": {"kay"}, "25.9": {"kay"}, "CANARYDRAFT2": {"joe"}, "CANARYTHREAD12": {"ira", "joe"},
            "CANARYALL": {"ira", "joe", "kay"}, "PUBLICIRA": {"ira", "joe", "kay"},
        }  # fmt: skip
        apart = {"export"}  # the teacher's: messages are in it, and the scenario with all its values
        for canary, may in who.items():
            where = {name for name, text in pages.items() if canary in text} - apart
            assert where == may, canary
        assert "CANARYDRAFT2" not in pages["export"]
        assert joe.page().count("CANARYTHREAD12") == 1, "a form sent twice is said once"
        for name, student in {"ira": ira, "joe": joe, "kay": kay}.items():
            assert {page for page, text in pages.items() if student.token in text} == {name}
        mirror = teacher.page("/t/room/1/as/1")
        place = f"/j/{made.code}/explore.html"
        assert joe.web.get(place).status_code == 404, "not before all is revealed"
        teacher.post("reveal", sure="yes")
        soon(lambda: place in joe.page())
        explorer = joe.web.get(place).raise_for_status()
        assert explorer.headers["content-security-policy"] == "frame-ancestors 'none'"
        assert "A case with secrets" in explorer.text and "ceasefire zone case.yaml" in explorer.text
        assert "CANARYSTORY" not in explorer.text and str(tmp_path) not in explorer.text
        assert place in teacher.page("/t/reveal") and joe.web.get("/j/x/explore.html").status_code == 404
        assert (
            "CANARYSTORY2" in mirror
            and "CANARYDRAFT2" not in mirror
            and "CANARYSTORY1" not in mirror
            and joe.token not in mirror
        )


def all_that_is_seen(folder: Path, case: str) -> dict[str, str]:
    """What three people, a visitor, the projector and the teacher's mirrors see of a round, with what differs by chance
    or by the clock left out.
    """
    folder.mkdir()
    (folder / "case.yaml").write_text(case, encoding="utf-8")
    with served(folder, "case.yaml", "--rooms", "1", "--seconds", "600") as made:
        people = [made.join(name, str(n)) for n, name in enumerate(("Ann", "Bob", "Cas"))]
        teacher = made.teacher()
        teacher.post("open")
        people[0].post("say", text="Who gives way?", **{"to-1": "yes", "to-2": "yes", "with": "yes"})
        teacher.post("news", to="all", text="Rain is said to come.")
        for student in people:
            student.decide("reject")
        for student in people:
            student.decide("offer", **{"i-fence": "halfway", "i-tree": "trimmed"})
        soon(lambda: people[0].key() == "2:reply:0")
        assert people[0].web.get("/t/export.zip").status_code == people[0].web.get("/t/reveal").status_code == 403
        pages = {student.place: seen(student) for student in people}
        pages |= {place: teacher.page(place) for place in ("/t/board", *(f"/t/room/1/as/{n}" for n in range(3)))}
        pages["visitor"] = made.person().get(f"/j/{made.code}").text
        teacher.post("reveal", sure="yes")
        place = f"/j/{made.code}/explore.html"
        soon(lambda: place in people[0].page())
        pages["explorer"] = people[0].web.get(place).text
        pages["log"] = made.said.read_text("utf-8").replace(made.key, "KEY")
        chance = {made.code: "CODE", made.port: "PORT"} | {one.token: f"TOKEN{n}" for n, one in enumerate(people)}
        clocks = r'value="[\w-]{20,}"|data: \d+-\d+|\b\d+-\d+\b|data-left="\d+"|\b\d+:\d\d\b'
        for name, text in pages.items():
            for by_chance, instead in chance.items():
                text = text.replace(by_chance, instead)
            pages[name] = re.sub(clocks, "", text if name == "explorer" else re.sub("<svg.*?</svg>", "", text))
        return {re.sub("/s/.*", f"seat {n}", name): text for n, (name, text) in enumerate(pages.items())}


@pytest.mark.slow
def test_no_page_stream_log_or_explorer_is_another_for_what_somebody_would_settle_for(tmp_path: Path) -> None:
    declared = all_that_is_seen(tmp_path / "declared", SECRET)
    true = all_that_is_seen(tmp_path / "true", SECRET.replace("basis: assumption}", f"basis: assumption{TRUE_LINE}"))
    for name, text in declared.items():
        assert true[name] == text, name
        assert "8317" not in true[name] and "4219" not in true[name], name
    assert "halfway" in declared["seat 1"] and "CANARYSTORY2" in declared["seat 1"], "there is something to compare"


def test_what_nobody_should_send_is_refused_and_never_breaks_anything(pie: Class) -> None:
    dice = random.Random(20)
    eve, stranger = pie.join("Eve"), pie.person()
    words = ["", "1:offer:0", "9:reply:9", "²:offer:1", "accept", "offer", "walk_out", "x" * 600, "\x00", "‮", "=1+1"]
    fields = [
        "key",
        "deed",
        "i-cut",
        "text",
        "to-0",
        "with",
        "nonce",
        "sure",
        "message",
        "page",
        "name",
        "party",
        "seat",
    ]
    places = [f"{eve.place}/{deed}" for deed in ("decide", "draft", "say", "back", "use", "nothing")]
    places += [f"/j/{pie.code}", "/j/%00", "/s/none/decide", "/t/login", "/t/open", "/t/export.zip", "/t/kick"]
    for _ in range(200):
        form = {dice.choice(fields): dice.choice(words) for _ in range(dice.randrange(5))}
        assert stranger.post(dice.choice(places), data=form, follow_redirects=False).status_code < 500
    assert stranger.post(f"{eve.place}/say", content=b"x" * 70_000).status_code == 413
    assert stranger.get("/t/room/1/as/0").status_code == 403 and stranger.get("/t/export.zip").status_code == 403
    assert stranger.get("/", headers={"host": "evil.example"}).status_code == 403
    assert (
        stranger.post(f"/j/{pie.code}", data={"name": "x"}, headers={"origin": "http://evil.example"}).status_code
        == 403
    )
    answer = stranger.get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"] and "server" not in answer.headers
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', eve.page())
    teacher = pie.teacher()
    assert teacher.web.post("/t/hints", data={"form_token": "x"}).status_code == 403
    assert "Traceback" not in pie.said.read_text("utf-8") and eve.token not in pie.said.read_text("utf-8")
    assert isinstance(answer, httpx.Response)
