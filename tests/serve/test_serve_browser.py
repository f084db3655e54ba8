"""A class in real browsers: two people, one on a small phone in the dark, and what a reader of screens finds.

Needs Chromium, and axe-core; without them it skips, unless CEASEFIRE_BROWSER asks for them, as `.ci/run` does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.report.test_browser import AXE, REQUIRED, browser  # noqa: F401  one browser for all pages
from tests.serve.live import Class, served
from tests.waiting import NET, wait_until

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Page = Any


class Person:
    """Somebody with a browser; whatever it complains of, or asks of other machines, is kept."""

    def __init__(self, browser: Any, made: Class, **options: Any) -> None:  # noqa: F811
        self.complaints: list[str] = []
        context = browser.new_context(**options)
        context.set_default_timeout(NET * 1000)
        self.page = context.new_page()
        self.page.on("console", lambda said: self.complaints.append(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on(
            "request",
            lambda asked: asked.url.startswith((made.url, f"blob:{made.url}")) or self.complaints.append(asked.url),
        )

    def join(self, made: Class, name: str, party: str) -> Page:
        self.page.goto(f"{made.url}/j/{made.code}")
        self.page.fill("#name", name)
        self.page.check(f'input[name=party][value="{party}"]')
        self.page.click("text=Take a seat")
        self.page.wait_for_selector("#status")
        return self.page

    def checked(self) -> None:
        """Nothing spills over, and axe finds nothing."""
        wide = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], wide
        if not Path(AXE).is_file():
            assert not REQUIRED, "no axe-core, though CEASEFIRE_BROWSER asks for it"
            return
        found = self.page.evaluate(
            Path(AXE).read_text("utf-8")
            + "; axe.run().then(found => found.violations.map(one => one.id + one.nodes.map(n => n.target)))"
        )
        assert found == []


def answered(seat: Page, desk: Page) -> None:
    """Answer one of the questions on the brief, and see it told on both sides."""
    seat.check('#gate input[name=needs][value="1"]')
    seat.click("text=Check")
    seat.wait_for_selector('#gate >> text="Right."')
    desk.wait_for_selector("text=1 of 2 on the brief")


def revealed(desk: Page) -> None:
    """End the talks, which leads to the reveal."""
    desk.check("input[name=sure]")
    desk.click("text=End and reveal")


def test_two_people_in_two_browsers_talk_offer_reload_and_sign(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    with served(tmp_path, "toy/split-the-pie", "--rounds", "6", "--seconds", "600") as made:
        teacher = Person(browser, made)
        teacher.page.goto(f"{made.url}/t#{made.key}", wait_until="commit")  # it signs in and goes on by itself
        teacher.page.wait_for_selector("text=Students are joining")
        small = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
        one, other = Person(browser, made, **small), Person(browser, made)
        ann = one.join(made, "Ana", "0")
        teacher.page.wait_for_selector('#other option:text("Ana")', state="attached")  # the desk follows by itself
        teacher.page.select_option("#other", "1:0")
        ben = other.join(made, "Ben", "1")
        teacher.page.wait_for_selector('#other option:text("Ben")', state="attached")
        assert teacher.page.input_value("#other") == "1:0", "what was chosen stays"
        answered(ann, teacher.page)
        one.checked()
        teacher.checked()
        teacher.page.click("text=Open the talks")
        button = teacher.page.locator('#rooms button:text("answer now")').element_handle()
        left = teacher.page.locator("#rooms .clock").get_attribute("data-left")
        teacher.page.wait_for_selector(f'#rooms .clock:not([data-left="{left}"])')
        assert button.is_visible(), "a clock that runs on takes no button from under a hand"
        ann.wait_for_selector("text=Make an offer")  # by itself
        ann.select_option("select[name=i-cut]", "slices_8")
        ann.wait_for_selector('#worth:has-text("80.0 points to you")')
        ann.reload()
        assert ann.input_value("select[name=i-cut]") == "slices_8", "what was built is still there"
        one.checked()
        ben.fill("#text", "Half each?")
        ben.click('button:has-text("Send")')
        ann.wait_for_selector('#said >> text="Half each?"')
        ann.click('button:has-text("Put it on the table")')
        ben.wait_for_selector("text=Ann offers")
        other.checked()
        ben.click('button:has-text("Reject")')
        ben.select_option("select[name=i-cut]", "slices_5")
        ben.click('button:has-text("Put it on the table")')
        ann.wait_for_selector("text=Ben offers")
        ann.click('button:has-text("Accept")')
        ben.wait_for_selector("text=The talks are over: settlement")
        revealed(teacher.page)
        ann.wait_for_selector("text=Your room")
        ann.wait_for_selector("text=Try it out")  # it comes by itself, and with it the page anew
        one.checked()
        teacher.page.wait_for_selector("text=rooms of the simulator")  # its page comes by itself, and looks again
        assert teacher.page.url == f"{made.url}/t/reveal"
        teacher.page.wait_for_selector("text=Try it out")
        teacher.checked()
        ann.click("text=Try it out")
        ann.wait_for_selector('#self-test:text("no difference")', state="attached")
        assert one.complaints + other.complaints + teacher.complaints == []


@pytest.mark.slow
def test_the_forms_work_without_any_script(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    with served(tmp_path, "toy/split-the-pie", "--people", "ann", "--rounds", "6", "--seconds", "600") as made:
        plain = Person(browser, made, java_script_enabled=False)
        page = plain.join(made, "Ana", "0")
        made.teacher().post("open")
        page.reload()
        page.select_option("select[name=i-cut]", "slices_7")
        page.click("text=What is it worth?")
        assert "70.0" in page.text_content("#worth")
        page.click('button:has-text("Put it on the table")')
        page.wait_for_selector("text=Room 1")
        assert not plain.complaints


def test_a_page_that_loses_the_class_says_so_sends_nothing_and_keeps_what_is_typed(
    browser: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    with served(tmp_path, "toy/split-the-pie", "--people", "ann", "--rounds", "6", "--seconds", "600") as made:
        ann = Person(browser, made).join(made, "Ana", "0")
        teacher = Person(browser, made).page
        teacher.goto(f"{made.url}/t#{made.key}", wait_until="commit")
        teacher.wait_for_selector("text=Students are joining")
        teacher.click("text=Open the talks")
        ann.wait_for_selector("text=Make an offer")
        made.kill()
        for page in (ann, teacher):
            page.wait_for_selector("#lost:visible")
        ann.fill("#text", "typed in a tunnel")
        ann.click('button:has-text("Send")')
        assert ann.url.startswith(made.url) and ann.input_value("#text") == "typed in a tunnel"
        made.start()
        for page in (ann, teacher):
            page.wait_for_selector("#lost", state="hidden")
        wait_until(lambda: "typed in a tunnel" in httpx.get(ann.url, trust_env=False).text)  # the class has it


def test_a_note_is_told_once(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    with served(tmp_path, "toy/split-the-pie", "--people", "ann", "--rounds", "6", "--seconds", "600") as made:
        ann = Person(browser, made).join(made, "Ana", "0")
        ann.goto(f"{ann.url}?note=soon")
        ann.wait_for_selector("text=Too fast")
        ann.reload()
        assert ann.locator("text=Too fast").count() == 0


def test_a_projector_shows_every_room_of_a_large_class_at_once(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    with served(tmp_path, "toy/split-the-pie", "--people", "ann", "--rooms", "24", "--seconds", "600") as made:
        for number in range(24):
            made.join(f"Person {number}")
        board = Person(browser, made, viewport={"width": 1920, "height": 1080}).page
        board.goto(f"{made.url}/t#{made.key}", wait_until="commit")
        board.wait_for_selector("text=Students are joining")
        board.goto(f"{made.url}/t/board")
        last = board.locator("#count >> text=Room 24").bounding_box()
        assert last["y"] + last["height"] <= 1080


def test_the_desk_of_a_class_with_levers_of_a_war_fits_a_phone(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    with served(tmp_path, "classroom/07-live-table", "--seconds", "600") as made:
        desk = Person(browser, made, viewport={"width": 360, "height": 780}, color_scheme="dark")
        desk.page.goto(f"{made.url}/t#{made.key}", wait_until="commit")
        desk.page.wait_for_selector("text=It sets")
        desk.checked()
