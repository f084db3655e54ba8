"""What students read: true, of their own seat, and enough to know what they did and what came of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.classroom import seat
from sim.classroom.room import new_room
from sim.report.terminal.play import feedback_lines
from sim.scenario.loader import load
from tests.serve.live import served, soon

pytestmark = pytest.mark.e2e


def test_what_was_typed_and_not_sent_is_read_by_nobody_who_comes_to_sit_there(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "3", "--seconds", "600") as made:
        ann, ben, teacher = made.join("Ana", "0"), made.join("Ben", "1"), made.teacher()
        ann.post("draft", text="CANARYANA", **{"i-cut": "slices_9"})
        ben.post("draft", text="CANARYBEN")
        teacher.post("swap", one="1:0", other="1:1")
        assert "CANARY" not in ann.page() + ben.page()
        ben.post("draft", text="CANARYBEN")
        assert "CANARYBEN" in ben.page()
        teacher.post("kick", seat="1:0")
        made.kill()
        made.start()
        late = made.join("Cy", "0").page()
        assert "CANARY" not in late and 'value="slices_9" selected' not in late


def test_a_package_that_falls_short_by_little_never_reads_as_one_that_is_enough(tmp_path: Path) -> None:
    needs = "parties.ann.reservation=80.04"
    with served(tmp_path, "toy/split-the-pie", "--rounds", "3", "--seconds", "600", "--set", needs) as made:
        ann, ben, teacher = made.join("Ana", "0"), made.join("Ben", "1"), made.teacher()
        teacher.post("open")
        ann.post("draft", **{"i-cut": "slices_8"})
        assert "<b>80.00</b> points to you; you need 80.04. That is less than you need." in ann.page()
        ann.decide("offer", **{"i-cut": "slices_8"})
        ben.decide("reject")
        teacher.post("reveal", sure="yes")
        soon(lambda: "The nearest that was on the table" in ben.page())
        told = ben.page()
        assert "Ann: it was worth 80.00 to it, and it needed 80.04" in told
        assert re.search(r"Ann</th><td[^>]*>80.00</td><td[^>]*>80.04</td>", told)
    loaded = load("toy/split-the-pie", [needs])
    package = loaded.case.space.package({"cut": "slices_8"})
    seen = seat.feedback(loaded.case, 0, new_room(loaded, ["ann"]).now, package)
    assert "Worth 80.00 points to you; you need 80.04: less than that." in str(
        feedback_lines(loaded.scenario, seen, True)
    )


TRUCE = ("hostilities=truce_30_days", "alignment=moratorium", "sanctions=phased_relief")


def test_whoever_signs_for_less_than_it_needs_is_warned_and_told_why_the_text_came_to_nothing(tmp_path: Path) -> None:
    """A truce a little too poor for Russia, whose deeds it needs, and which it is free to sign."""
    text = [word for said in TRUCE for word in ("--set", f"protocol.start_text.{said}")]
    with served(tmp_path, "classroom/07-live-table", "--seconds", "600", *text) as made:
        russia, *others = [made.join(f"Person {n}", str(n)) for n in range(4)]
        teacher = made.teacher()
        lobby = russia.page()
        assert (
            "you need 42.8" not in lobby and "worth 42.3 points a month to you. It moves as the war goes on." in lobby
        )
        teacher.post("open")
        soon(russia.key)
        assert "you would now have 42.8 points a month; before the talks it was 42.3, and the war goes" in russia.page()
        assert "your side would not do them" in russia.page() and "your side" not in others[0].page()
        for person in (russia, *others):
            person.decide("accept")
        soon(lambda: "The talks are over: unimplementable text" in others[0].page())
        assert "unimplementable text (Russia would not carry it out)</td>" in teacher.page()
        over = others[0].page().partition('id="talk"')[0]
        assert "would not do them: Russia." in over and "30-day truce, renewable" in over
        teacher.post("reveal", sure="yes")
        soon(lambda: "Your room" in others[0].page())
        told = others[0].page()
        assert "A text was agreed that Russia would not carry out." in told
        for page in (told, teacher.page("/t/reveal")):
            assert "unimplementable text (Russia would not carry it out)</td>" in page
        assert "It did not suit all: Russia: it was worth 42.78 to it, and it needed 42.81. Everybody said yes." in told


def test_a_debrief_opens_the_package_that_was_on_the_table_and_says_who_refused_it(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "3", "--seconds", "600") as made:
        ann, ben, teacher = made.join("Ana", "0"), made.join("Ben", "1"), made.teacher()
        made.join("Cy", "0")
        teacher.post("open")
        ann.decide("offer", **{"i-cut": "slices_8"})
        ben.decide("reject")
        teacher.post("reveal", sure="yes")
        soon(lambda: "Your room" in ann.page())
        told = ann.page()
        assert "<b>No from Ben.</b>" in told and "<details open><summary>The package" in told
        assert "<b>2</b> rooms: not over" in teacher.page("/t/reveal")


def test_a_brief_says_what_points_add_up_to_who_mediates_and_whose_wish_is_heard(tmp_path: Path) -> None:
    with served(tmp_path, "classroom/07-live-table", "--seconds", "600") as made:
        russia, ukraine, us, europe = [made.join(f"Person {n}", str(n)) for n in range(4)]
        for person in (russia, us):
            assert "While a deal holds, it gives you these points added up, with those of what" in person.page()
            assert "Read your brief above." in person.page(), "where it stands in the lobby"
        assert "United States puts a text to all" in russia.page()
        assert "You are the mediator, but the program drafts for you" in us.page()
        made.teacher().post("open")
        russia.decide("reject")
        for person in (ukraine, us, europe):
            person.decide("accept")
        soon(lambda: (russia.key() or "").startswith("1:offer"))
        assert "Your wish is heard by all" in russia.page() and "No wish this time" in russia.page()
        assert "You said yes to the text, so the mediator minds what those want who said no." in ukraine.page()


@pytest.mark.parametrize(
    ("hostilities", "said"),
    [("none", "There is nothing to sign in that package"), ("final_treaty", "You have no mandate for that")],
)
def test_whoever_may_not_put_a_package_forward_is_told_the_reason_that_holds(
    tmp_path: Path, hostilities: str, said: str
) -> None:
    with served(tmp_path, "classroom/07-live-table", "--people", "russia", "--seconds", "600") as made:
        russia = made.join("Ana", "0")
        made.teacher().post("open")
        russia.decide("reject")
        names = "legal_status=borders_affirmed alignment=open_door guarantees=none sanctions=kept"
        package = dict(word.split("=") for word in f"{names} internal_affairs=no_provision".split())
        form = {f"i-{issue}": option for issue, option in (package | {"hostilities": hostilities}).items()}
        soon(lambda: (russia.key() or "").startswith("1:offer"))
        assert said in russia.decide("offer", **form).text


def test_names_and_messages_that_run_from_right_to_left_turn_nothing_around(tmp_path: Path) -> None:
    with served(tmp_path, "toy/split-the-pie", "--rounds", "3", "--seconds", "600") as made:
        ann, ben, teacher = made.join("محمد 1", "0"), made.join("Ben", "1"), made.teacher()
        teacher.post("open")
        ann.post("say", text="نعم (NATO)?")
        teacher.post("news", to="1", text="هدنة 30")
        soon(lambda: "Waiting for" in ben.page())
        page = ben.page()
        for said in (
            "Ann (<bdi>محمد 1</bdi>)",
            "Ann: <bdi>محمد 1</bdi>",
            '<p class="words" dir="auto">نعم (NATO)?',
            "<bdi>هدنة 30",
        ):
            assert said in page
        assert "<bdi>محمد 1</bdi>" in teacher.page() and "For your room" in page and "For all" not in page


def test_several_who_refused_are_listed_as_a_sentence_lists_them(tmp_path: Path) -> None:
    text = ("--set", "protocol.start_text.force_limits=high_cap")
    with served(tmp_path, "classroom/03-logroll", "--rounds", "2", "--seconds", "600", *text) as made:
        people, teacher = [made.join("Mia", "0"), made.join("Tom", "1")], made.teacher()
        teacher.post("open")
        for person in people:
            person.decide("reject")
        soon(lambda: (people[0].key() or "").startswith("1:offer"))
        teacher.post("reveal", sure="yes")
        soon(lambda: "Your room" in people[0].page())
        assert "No from Russia and Ukraine." in people[0].page()
