"""The report in a real browser: exact switches, no request, no error, nothing that a reader cannot reach.

Needs Chromium, and axe-core for the accessibility check. Without them these tests skip, unless CEASEFIRE_BROWSER is
set, as `.ci/run` does: then they fail.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.report import sentences
from sim.report.html.run_page import run_page
from sim.report.html.timeline_page import timeline_page
from sim.report.html.write import report_of, write_html
from sim.study.many import run_many
from sim.study.run import run
from sim.study.saved import saved
from sim.zone.constraints import Constraints
from sim.zone.region import clear_packages, find_zone
from tests.conftest import Cli
from tests.report.test_report import HOSTILE, many_lines
from tests.waiting import NET, wait_until
from tests.zones import load, ran

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.xdist_group("browser")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js")
REQUIRED = bool(os.environ.get("CEASEFIRE_BROWSER"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLUG = "2025-12-stalemate"
WIDTHS = (320, 900, 1600)
NO_WORKER = "window.Worker = function () { throw new Error('no'); }"
NO_BLOB = "window.Blob = function () { throw new Error('no'); }"
LOST_WORKER = """window.Worker = class {
    postMessage() { setTimeout(() => this.onerror(new Event('error'))); }
    terminate() {}
}"""
CANNOT_COUNT = pytest.mark.parametrize(
    ("first", "linked"),
    [
        pytest.param(NO_BLOB, False, id="no blob"),
        pytest.param(NO_WORKER, True, id="no worker"),
        pytest.param(LOST_WORKER, True, id="lost worker"),
    ],
)
"""What keeps a browser from counting, and whether the page is opened by a link that says what is switched off."""
Page = Any


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        if REQUIRED:
            pytest.fail("no Chromium, though CEASEFIRE_BROWSER asks for one")
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        playwright.expect.set_options(timeout=NET * 1000)
        found = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=NET * 1000)
        yield found
        found.close()


class Pages(dict[str, Path]):
    """Reports by their names, each made when it is first asked for: some take seconds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.runs = folder, dict[str, Any]()

    def __missing__(self, name: str) -> Path:
        if name == "batch":
            text = report_of(run_many(load("variants/2025-03-aid-cut"), 20))
        elif name == "timeline":
            text = timeline_page([self.run("2025-03-truce-offer"), self.run(SLUG)])
        else:
            text = run_page(self.run(name))
        self[name] = write_html(text, self.folder / f"{name.replace('/', '-')}.html")
        return self[name]

    def run(self, name: str) -> Any:
        """A run of a scenario, as a folder keeps it."""
        if name not in self.runs:
            self.runs[name] = saved(self.of_text(name) if name in WRITTEN else ran(name))
        return self.runs[name]

    def of_text(self, name: str) -> Any:
        """A run of a scenario that is no shipped one."""
        path = self.folder / f"{name}.yaml"
        path.write_text(WRITTEN[name], encoding="utf-8")
        return run(sim.load(str(path)))


WRITTEN = {"hostile": HOSTILE, "many": many_lines()}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return Pages(tmp_path_factory.mktemp("pages"))


@contextmanager
def watched(browser: Any) -> Iterator[Callable[..., Page]]:
    """Opens files, ``first`` run before them; in the end no error may have been logged, nor anything else fetched."""
    complaints: list[str] = []
    contexts = []

    def opened(file: Path, at: str, first: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(NET * 1000)
        contexts.append(context)
        page, address = context.new_page(), file.as_uri()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda request: (
                request.url.partition("#")[0] == address
                or request.url.startswith("blob:")  # the page's own worker
                or complaints.append(f"request: {request.url}")
            ),
        )
        page.add_init_script(first)
        page.goto(address + at)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def visit(browser: Any, pages: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    """Open a report, watched to the end of the test."""
    with watched(browser) as opened:
        yield lambda name, at="", first="", **options: opened(pages[name], at, first, **options)


def counted_again(page: Page) -> None:
    """Return once the first switch board says what its switches ask for."""
    busy = "document.querySelector('.result').getAttribute('aria-busy')"
    if page.evaluate(busy) is None:
        page.evaluate("document.querySelector('.switchboard').scrollIntoView({behavior: 'instant'})")
    wait_until(lambda: page.evaluate(busy) == "false")


def shown(page: Page) -> tuple[int, int, int, int]:
    """What the first switch board says: ceasefire, settlement, conflicts, fewest to give up."""
    counted_again(page)
    names = ("ceasefire", "settlement", "conflicts", "fewest")
    words = page.evaluate(
        "names => names.map(name => document.querySelector(`[data-out=${name}]`)?.textContent ?? '0')", list(names)
    )
    ceasefire, settlement, clashing, fewest = (int(word.replace(",", "")) for word in words)
    return ceasefire, settlement, clashing, fewest


def set_switches(page: Page, off: set[str]) -> None:
    """Flip switches, as a person does, until these and no others are off."""
    page.evaluate(
        """off => document.querySelector('.switchboard').querySelectorAll('.switch').forEach((node) => {
            if (node.checked === off.includes(node.value)) node.click();
        })""",
        sorted(off),
    )


LINES = [line.id for line in load(SLUG).scenario.red_lines]
CHANCE = random.Random(9)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 780)])
def test_the_finding_and_every_clash_stand_on_the_first_screen(
    width: int, height: int, visit: Callable[..., Page]
) -> None:
    page = visit(SLUG, viewport={"width": width, "height": height})
    assert page.locator("h1").inner_text() == "No deal suits all four: red lines exclude each other on five issues"
    told = page.locator("h1, .clashes li, .short-of")
    assert told.count() == 7
    ends = [box["y"] + box["height"] for box in (told.nth(n).bounding_box() for n in range(7))]
    assert max(ends) <= height
    asked = page.locator(".clashes .asks")
    assert asked.count() == 10 and all(asked.nth(n).is_visible() for n in range(10))


@pytest.mark.parametrize("off", [{LINES[0]}, {"russia-no-nato", "russia-recognition", "ukraine-no-further-withdrawal"}])
def test_a_switch_says_what_the_command_line_prints(off: set[str], visit: Callable[..., Page], cli: Cli) -> None:
    page = visit(SLUG)
    set_switches(page, off)
    command = page.locator("[data-out=command]").text_content().split()
    assert command[:2] == ["ceasefire", "zone"] and set(command[4::2]) == off
    printed = json.loads(cli(*command[1:], "--json").stdout)
    ceasefire, settlement, clashing, _ = shown(page)
    assert (ceasefire, settlement) == tuple(printed["zone"]["declared"].values())
    assert clashing == len(printed["conflicts"]["ceasefire"])


def test_a_preview_says_what_flipping_that_switch_then_shows(visit: Callable[..., Page]) -> None:
    page = visit("2025-03-truce-offer")
    for place in range(9):
        counted_again(page)
        promised = page.locator("[data-alone]").nth(place).text_content()
        page.locator(".switch").nth(place).evaluate("node => node.click()")
        counted_again(page)
        assert page.locator("[data-out=ceasefire]").first.text_content() == promised


def told_package(page: Page) -> dict[str, str]:
    """The package that the card of the first switch board shows: option by issue, those that change alone."""
    card = page.locator("[data-out=package]").first
    names = (card.locator(kind).all_inner_texts() for kind in ("dt", "dd"))
    return dict(zip(*names, strict=True))


def test_after_every_switch_one_package_of_the_zone_stands_there_in_words(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    counted_again(page)
    assert not page.locator("[data-out=one]").is_visible()
    for off in [{"russia-no-temporary-ceasefire"}, set(CHANCE.sample(LINES, 9)), set(LINES)]:
        set_switches(page, off)
        counted_again(page)
        loaded = sim.load(SLUG, without=sorted(off))
        found = clear_packages(find_zone(replace(loaded.case, weight_sets={})), Constraints(loaded.case).of("declared"))
        assert page.locator("[data-out=one]").is_visible() == bool(len(found))
        if not len(found):
            continue
        standing = loaded.case.space.standing()
        nearest = found[np.argmin((found != standing).sum(axis=1))]
        changed = {
            sentences.issue_name(loaded.scenario, issue): sentences.label(loaded.scenario, issue, option)
            for axis, (issue, option) in enumerate(loaded.case.space.names(nearest).items())
            if nearest[axis] != standing[axis] and issue not in loaded.scenario.pins
        }
        assert told_package(page) == changed


def test_switches_stand_in_the_address_and_come_back_with_it(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    set_switches(page, {"russia-no-nato", "russia-no-temporary-ceasefire"})
    at = page.evaluate("location.hash")
    assert at == "#without=russia-no-nato,russia-no-temporary-ceasefire"
    linked = visit(SLUG, at=at)
    assert shown(linked) == shown(page)
    assert linked.locator(".switch:not(:checked)").count() == 2
    page.locator("[data-all=on]").click()
    assert page.evaluate("location.hash") == ""
    assert shown(visit(SLUG, at="#without=no-such-line,%E0%A4%A&else=1")) == shown(page)
    both = visit("timeline", at="#s2-without=russia-no-nato&s1-without=russia-neutrality")
    assert both.locator("#scenario-2 .switch:not(:checked)").count() == 1


def test_the_command_can_be_copied_and_holds_no_single_quotes(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    set_switches(page, {"russia-no-nato"})
    page.locator("[data-copy]").click()
    playwright.expect(page.locator("[data-out=copied]")).to_have_text("Copied.")
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'paste'}))")
    page.locator("#paste").focus()
    page.keyboard.press("Control+V")
    assert page.locator("#paste").input_value() == f"ceasefire zone {SLUG} --without russia-no-nato"


def test_a_page_names_red_lines_by_their_words_and_ids_where_they_are_typed_alone(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    page.evaluate("document.querySelectorAll('code, pre').forEach(node => node.remove())")
    text = page.locator("main").inner_text()
    assert not [line for line in LINES if line in text]
    assert "reservation:" not in text


def test_presets_open_the_zone_and_all_on_closes_it_again(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    for n in range(page.locator(".preset").count()):
        page.locator(".preset").nth(n).click()
        assert shown(page)[0] > 0 and shown(page)[2] == 0
        assert page.locator(".gone").first.is_visible()
    page.locator("[data-all=on]").click()
    assert shown(page) == (0, 0, 69, 1)
    page.locator("[data-all=off]").click()
    assert shown(page)[:2] == (115616, 112846)


def test_a_page_says_which_scenario_is_too_large_to_be_counted_in_it(visit: Callable[..., Page]) -> None:
    page = visit("many")
    said = page.locator(".switchboard > p.soft").inner_text()
    assert "37 constraints are more than 30" in said and "--without RED_LINE_ID" in said
    assert page.locator(".switch, .switchboard button:visible").count() == 0
    assert page.locator("[data-alone]").count() == 37


def test_of_many_clicks_at_once_the_last_setting_is_told(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    page.evaluate("document.querySelectorAll('.switch').forEach((node) => node.click())")
    assert shown(page)[2:] == (0, 0)
    assert page.locator(".result.open").count() == 1


def test_a_browser_that_counts_differently_says_so_and_locks_its_switches(
    visit: Callable[..., Page], pages: dict[str, Path]
) -> None:
    text = pages["toy/two-issues"].read_text("utf-8")
    place = pages["toy/two-issues"].with_name("wrong.html")
    place.write_text(re.sub('"flipped":.', r"\g<0>7", text, count=1), encoding="utf-8")
    page = visit("toy/two-issues").context.new_page()
    page.goto(place.as_uri())
    before = page.locator("[data-out=ceasefire]").text_content()
    counted_again(page)
    assert "counts differently" in page.locator("[data-out=proof]").text_content()
    assert page.locator(".switchboard input:enabled, .switchboard button:enabled").count() == 1  # to copy the command
    assert page.locator("[data-out=ceasefire]").text_content() == before


def told_as_given(page: Page) -> dict[str, list[str]]:
    """All numbers of the first switch board, and what of its parts is shown."""
    told: dict[str, list[str]] = page.evaluate(
        """() => {
            const root = document.querySelector('.switchboard'), all = (what) => [...root.querySelectorAll(what)];
            return {
                numbers: all('output, .result-side dd, [data-alone]').map((node) => node.textContent),
                shown: all('[data-out=one], .gone, [data-out=edge]').filter((node) => !node.hidden).map(String),
                off: all('.switch:not(:checked), .off, .open').map((node) => node.className),
            };
        }"""
    )
    return told


@pytest.fixture(scope="module")
def given(browser: Any, pages: dict[str, Path]) -> dict[str, list[str]]:
    """What the first switch board says where no script runs: what the program counted."""
    with watched(browser) as opened:
        return told_as_given(opened(pages[SLUG], "", "", java_script_enabled=False))


@CANNOT_COUNT
def test_where_a_browser_cannot_count_the_board_stands_as_the_program_counted_it(
    first: str, linked: bool, given: dict[str, list[str]], visit: Callable[..., Page]
) -> None:
    page = visit(SLUG, at="#without=russia-no-nato,russia-no-temporary-ceasefire" if linked else "", first=first)
    counted_again(page)
    assert "cannot count here" in page.locator("[data-out=proof]").text_content()
    assert page.locator(".switchboard input:enabled, .switchboard button:enabled:not([data-copy])").count() == 0
    page.evaluate("location.hash = '#without=russia-no-nato'")
    wait_until(lambda: page.evaluate("location.hash") == "#without=russia-no-nato")
    assert told_as_given(page) == given and given["shown"] == given["off"] == []
    assert page.locator("[data-out=command]").text_content() == f"ceasefire zone {SLUG}"


def test_no_example_is_shown_before_one_is_counted(visit: Callable[..., Page]) -> None:
    page = visit("toy/two-issues", first="window.IntersectionObserver = class { observe() {} disconnect() {} }")
    assert page.locator(".switch").first.is_visible()
    assert not page.locator("[data-out=one]").is_visible()


def test_a_board_that_fails_later_goes_back_to_what_the_program_counted(
    given: dict[str, list[str]], visit: Callable[..., Page]
) -> None:
    keep = "window.Worker = class extends Worker { constructor(at) { super(at); window.kept = this; } }"
    page = visit(SLUG, first=keep)
    set_switches(page, set(LINES))
    assert shown(page)[0] > 0 and told_as_given(page) != given
    page.evaluate("kept.onerror(new Event('error'))")
    assert told_as_given(page) == given


def test_rounds_follow_slider_keys_and_buttons(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    where, slider = page.locator("[data-where]"), page.locator("[data-slider]")
    last = ran(SLUG).measured.round
    assert where.text_content() == f"Round {last} of {last}"
    slider.focus()
    page.keyboard.press("Home")
    assert where.text_content() == f"Round 1 of {last}" == slider.get_attribute("aria-valuetext")
    assert page.locator(".round:visible").count() == 1
    page.keyboard.press("ArrowRight")
    page.locator('[data-step="1"]').click()
    assert where.text_content() == f"Round 3 of {last}"
    assert page.locator(".round:visible .offers tbody tr").count() == 10
    assert "only on a final treaty" in page.locator(".round:visible .reply").nth(1).inner_text()
    page.locator("[data-list]").click()
    assert page.locator(".round:visible").count() == page.locator(".round").count() > 5


def test_play_moves_on_and_can_be_paused(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    page.locator("[data-play]").click()
    playwright.expect(page.locator("[data-where]")).to_have_text(re.compile("Round 2 of"))
    page.locator("[data-play]").click()
    assert page.locator("[data-play]").get_attribute("aria-pressed") == "false"


def test_switches_work_by_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit("toy/two-issues")
    page.locator(".switch").first.focus()
    page.keyboard.press("Space")
    assert not page.locator(".switch").first.is_checked()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    size = page.locator(".switch").first.bounding_box()
    assert size["width"] >= 24 and size["height"] >= 24


@pytest.mark.parametrize("name", [SLUG, "timeline"])
def test_without_a_script_everything_can_be_read(name: str, visit: Callable[..., Page]) -> None:
    page = visit(name, java_script_enabled=False)
    for n in range(page.locator(".chapter > summary").count()):
        page.locator(".chapter > summary").nth(n).click()
    text = page.locator("main").inner_text()
    for line in load(SLUG).scenario.red_lines:
        assert (line.wording or "") in text
    assert "No package meets both" in text
    assert page.locator(".switch:visible, button:visible, .controls:visible").count() == 0
    if name == SLUG:
        assert page.locator(".round:visible").count() == page.locator(".round").count()
        page.locator(".round summary").first.click()
        assert page.locator(".round .offers").first.is_visible()


@pytest.mark.parametrize("name", [SLUG, "batch", "timeline", "hostile"])
def test_no_page_is_wider_than_its_screen(name: str, visit: Callable[..., Page]) -> None:
    page = visit(name, viewport={"width": WIDTHS[0], "height": 800})
    for opened in (False, True):
        if opened:
            page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("[innerWidth, document.documentElement.scrollWidth <= innerWidth]") == [width, True]


def test_a_timeline_folds_its_chapters_and_opens_the_one_that_is_asked_for(visit: Callable[..., Page]) -> None:
    page = visit("timeline", viewport={"width": 1280, "height": 800})
    assert page.locator("details.chapter[open]").count() == 0
    assert page.evaluate("document.documentElement.scrollHeight") < 8_000
    page.locator(".timestrip a").last.click()
    wait_until(lambda: page.locator("#scenario-2 details.chapter[open]").count() == 1)
    assert page.locator("details.chapter[open]").count() == 1


@pytest.mark.parametrize("name", [SLUG, "2025-03-truce-offer", "timeline"])
def test_on_a_phone_drawings_can_be_read_and_tables_hide_no_column(name: str, visit: Callable[..., Page]) -> None:
    page = visit(name, viewport={"width": 360, "height": 780})
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    small = page.evaluate(
        """() => [...document.querySelectorAll('svg text')].map((node) => parseFloat(getComputedStyle(node).fontSize)
            * node.ownerSVGElement.getBoundingClientRect().width / node.ownerSVGElement.viewBox.baseVal.width)
            .filter((size) => size > 0 && size < 12)"""
    )
    assert small == []
    out = page.evaluate(
        """() => [...document.querySelectorAll('.cards td, .drawing text')].filter((node) => {
            const box = node.getBoundingClientRect();
            return box.width && (box.right > innerWidth || box.left < 0);
        }).map((node) => node.textContent)"""
    )
    assert out == []
    assert page.locator(".cards td:not(.wide):not([data-label])").count() == page.locator(".evidence tbody tr").count()


@pytest.mark.parametrize("name", [SLUG, "timeline"])
def test_a_page_prints_on_a4(name: str, visit: Callable[..., Page]) -> None:
    page = visit(name, viewport={"width": 680, "height": 980})  # A4 less its margins
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (
        page.locator(
            ".switch:visible, button:visible, .contents:visible, .controls:visible, .switch-conflicts:visible"
        ).count()
        == 0
    )
    assert page.locator(".round:visible").count() == page.locator(".round").count()
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF") and 3 < printed.count(b"/Type /Page\n") < 60


def test_motion_is_reduced_where_a_reader_asks_for_it(visit: Callable[..., Page]) -> None:
    for motion, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        page = visit("toy/two-issues", reduced_motion=motion)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour


def test_hostile_text_runs_nothing_and_reorders_nothing(visit: Callable[..., Page]) -> None:
    page = visit("hostile")
    assert page.locator(".kicker").inner_text().startswith("T <script>alert(1)</script>")
    assert "⟨U+202E⟩" in page.locator(".kicker").inner_text()
    set_switches(page, {"seller-high"})
    assert page.locator("img").count() == 0
    assert page.evaluate("!document.documentElement.outerHTML.includes(String.fromCharCode(0x202E))")


def test_the_page_forbids_every_other_script_and_request(visit: Callable[..., Page], pages: dict[str, Path]) -> None:
    text = pages["toy/two-issues"].read_text("utf-8")
    added = "<script>document.title = 'run'</script><img src='https://example.org/x.png'></main>"
    pages["toy/two-issues"].with_name("added.html").write_text(text.replace("</main>", added), encoding="utf-8")
    refused: list[str] = []
    page = visit("toy/two-issues").context.new_page()
    page.on("requestfailed", lambda request: refused.append(f"{request.url} {request.failure}"))
    page.goto(pages["toy/two-issues"].with_name("added.html").as_uri())
    assert page.title() != "run" and refused == ["https://example.org/x.png csp"]


@pytest.mark.parametrize("name", [SLUG, "2025-03-truce-offer", "batch", "timeline", "hostile"])
def test_axe_finds_no_serious_violation(name: str, visit: Callable[..., Page]) -> None:
    if not Path(AXE).is_file():
        if REQUIRED:
            pytest.fail(f"no axe-core at {AXE}")
        pytest.skip("no axe-core; set AXE_CORE to its axe.min.js")
    page = visit(name, color_scheme="light")
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    look = "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})"
    found = page.evaluate(look, tags)["violations"]
    page.emulate_media(color_scheme="dark")  # which changes colours, and nothing else that axe looks at
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    found += page.evaluate(look, {"type": "rule", "values": ["color-contrast", "link-in-text-block"]})["violations"]
    grave = [
        (entry["id"], entry["nodes"][0]["html"][:200], entry["nodes"][0].get("failureSummary"))
        for entry in found
        if entry["impact"] in ("serious", "critical")
    ]
    assert not grave
