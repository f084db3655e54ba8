"""The explorer in a real browser: guess, finding, switches, sliders, link, command, states, and who can use it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.report.conflict_sentences import clashes, short
from sim.report.explorer.page import explorer_page, write_explorer
from sim.report.robust_sentences import answer
from sim.study.measures import zone_measures
from sim.zone.region import find_zone
from tests.conftest import Cli
from tests.report.explorer_docking import NARROW
from tests.report.test_browser import AXE, CANNOT_COUNT, REQUIRED, browser, watched  # noqa: F401  a fixture
from tests.report.test_report import HOSTILE
from tests.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.e2e]
SLUG, TOY, EXERCISE = "2025-03-truce-offer", "toy/two-issues", "classroom/01-find-the-zone"
FEW = sim.load(SLUG, [NARROW])
"""The base case with fewer issues open, which is counted in no time."""
MOST_BYTES = 120_000
READY = """() => !explorer.state().busy && Boolean(explorer.state().deeper)
  && Boolean(document.getElementById('self-test').textContent)"""
Page = Any


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("explorers")
    (folder / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    given: dict[str, Any] = {SLUG: FEW, TOY: TOY, EXERCISE: EXERCISE, "hostile": str(folder / "hostile.yaml")}
    proud = ["parties.ira.reservation=80", "parties.joe.reservation=80"]
    given |= {"proud": sim.load(TOY, proud), "without lines": sim.load(TOY, proud, ["joe-keeps-the-tree"])}
    return {
        name: write_explorer(scenario, folder / f"{name.replace('/', '-')}.html") for name, scenario in given.items()
    }


@pytest.fixture
def visit(browser: Any, pages: dict[str, Path]) -> Iterator[Callable[..., Page]]:  # noqa: F811
    """Open an explorer past its guess, watched to the end of the test."""
    with watched(browser) as opened:

        def past_its_guess(
            name: str, address: str = "#skip=1", ready: bool = True, first: str = "", **options: Any
        ) -> Page:
            page = opened(pages[name], address, first, **options)
            if ready:
                wait_until(lambda: page.evaluate(READY))
            return page

        yield past_its_guess


def settled(page: Page) -> dict[str, Any]:
    """What the page knows once it has looked at everything."""
    wait_until(lambda: page.evaluate(READY))
    found: dict[str, Any] = page.evaluate("() => explorer.state()")
    return found


def same_as_printed(page: Page, cli: Cli) -> dict[str, Any]:
    """The command that the page shows prints what the page says."""
    found, words = settled(page), shlex.split(page.locator("#command").text_content())
    assert words[:2] == ["ceasefire", "zone"]
    printed: dict[str, Any] = json.loads(cli(*words[1:], "--json").stdout)
    assert found["found"]["sizes"] == printed["zone"]["declared"]
    for name in ("ceasefire", "settlement"):
        assert len(found["deeper"][name]["conflicts"]) == len(printed["conflicts"][name])
        assert len(found["deeper"][name]["relaxations"]) == len(printed["relaxations"][name])
    shown = page.locator("#size").text_content().replace(",", "")
    assert int(shown) == printed["zone"]["declared"]["ceasefire"]
    return printed


def press(page: Page, path: str, *keys: str) -> None:
    page.evaluate("path => document.querySelector(`[data-path=\"${path}\"]`).closest('details').open = true", path)
    slider = page.locator(f'[data-path="{path}"] input[type=range]')
    slider.focus()
    for key in keys:
        page.keyboard.press(key)


def test_the_finding_says_what_the_terminal_says_first(visit: Callable[..., Page]) -> None:
    page, loaded = visit(SLUG), FEW
    found = zone_measures(loaded, find_zone(loaded.case))
    said = [short(loaded.scenario, ids) for clash in clashes(loaded.scenario, found) for ids in clash.conflicts]
    assert page.locator("#why li").all_text_contents() == said and len(said) > 2
    size, coherent = found.zone["declared"]["ceasefire"], found.coherent
    assert f"{size:,} of {coherent:,} possible deals suit all 4 signatories" in page.locator(".said").inner_text()
    assert page.locator("#finding-title").inner_text() == "Does a zone exist? Yes."
    fewest = min(map(len, found.relaxations["settlement"]))
    assert f"For a settlement zone: give up {fewest} of the constraints" in page.locator("#gives").inner_text()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("without lines", "No party has a red line here; what Ira and Joe expect without a deal leaves nothing."),
        ("proud", "No red lines exclude each other; what Ira and Joe expect without a deal leaves nothing."),
    ],
)
def test_a_zone_that_no_clash_of_red_lines_closes_says_so_in_page_and_python_alike(
    visit: Callable[..., Page], pages: dict[str, Path], name: str, said: str
) -> None:
    assert f"<p>{said}</p>" in pages[name].read_text("utf-8")
    page = visit(name)
    assert page.locator("#why").inner_text() == said
    demands = page.locator("#demands").inner_text()
    assert ("No party has a red line here." in demands) == (name == "without lines")
    if name == "proud":
        page.locator(".switch").first.uncheck()
        settled(page)
        assert page.locator("#why").inner_text().startswith("Every red line is switched off; what Ira and Joe expect")


def test_no_deal_at_all_is_told_in_good_english(visit: Callable[..., Page], pages: dict[str, Path]) -> None:
    said = "0 of 20 possible deals suit both signatories"
    assert said in visit(EXERCISE).inner_text("#board .said"), "as the browser counts it"
    assert 'id="suit">suit<' in pages[EXERCISE].read_text("utf-8"), "and as the file says it"


def test_a_page_asks_for_a_guess_first_and_keeps_it_beside_the_answer(visit: Callable[..., Page]) -> None:
    page = visit(TOY, "")
    assert not page.locator("#finding").is_visible() and page.locator("#guess").is_visible()
    page.locator("[name=guess][value=no]").check()
    page.locator("[name=way]").first.check()
    page.locator("#guess button.main").click()
    assert "You guessed: no; in the way: " in page.locator("#guessed").inner_text()
    assert page.locator("#finding").is_visible() and not page.locator("#guess").is_visible()


@pytest.mark.parametrize(("address", "seen", "unseen"), [("", "#guess", "#finding"), ("#skip=1", "#finding", "#guess")])
def test_what_is_painted_first_waits_for_no_script(
    address: str,
    seen: str,
    unseen: str,
    browser: Any,  # noqa: F811
    pages: dict[str, Path],
) -> None:
    page = browser.new_page()
    page.add_init_script("globalThis.requestAnimationFrame = () => 0")  # so that the page's own start never comes
    page.goto(pages[SLUG].as_uri() + address)
    assert page.locator(seen).is_visible() and not page.locator(unseen).is_visible()
    assert page.evaluate("explorer.state().found === null && document.querySelector('.slider') === null")
    page.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 780)])
def test_finding_and_clashes_of_december_stand_on_the_first_screen(
    width: int,
    height: int,
    browser: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.add_init_script("globalThis.requestAnimationFrame = () => 0")
    page.goto(write_explorer("2025-12-stalemate", tmp_path / "december.html").as_uri() + "#skip=1")
    told = page.locator("#finding-title, .said, #why li")
    assert told.count() == 7
    ends = [box["y"] + box["height"] for box in (told.nth(n).bounding_box() for n in range(7))]
    assert max(ends) <= height - 44  # above the bar with the count
    page.close()


def test_the_card_says_which_command_judges_whether_its_package_would_hold(
    visit: Callable[..., Page], cli: Cli
) -> None:
    page = visit(TOY)
    words = shlex.split(page.locator("#stable").text_content())
    assert words[:2] == ["ceasefire", "stable"] and words[-2] == "--package"
    judged = cli(*words[1:], "--json")
    assert judged.returncode == 0, judged.stderr
    assert page.locator("#ends strong").text_content() == answer(
        sim.load(TOY).scenario, zone_measures(sim.load(TOY), find_zone(sim.load(TOY).case))
    )


def test_demands_levels_numbers_and_weights_count_as_the_copied_command_prints(
    visit: Callable[..., Page], cli: Cli
) -> None:
    page = visit(SLUG)
    page.locator('[name=reading][value="ceasefire"]').check()
    page.locator('[data-line="russia-no-guarantees"] .switch').uncheck()
    page.locator('[data-line="ukraine-guarantees"] [data-by="1"]').click()
    page.locator('[data-line="russia-sanctions"] [data-by="1"]').click()
    press(page, "parties.russia.war.cost", "ArrowRight", "ArrowRight", "PageUp")
    press(page, "parties.ukraine.weights.guarantees", "ArrowLeft")
    page.locator('[data-path="war.slope"] input[type=number]').evaluate(
        "node => { node.value = '7.25'; node.dispatchEvent(new Event('change')); }"
    )
    field = page.locator('[data-path="parties.us.war.cost"] input[type=number]')
    for value, heard in (("1", "1 point a month"), ("2", "2 points a month")):
        field.evaluate(f"node => {{ node.value = '{value}'; node.dispatchEvent(new Event('change')); }}")
        assert (
            page.locator('[data-path="parties.us.war.cost"] input[type=range]').get_attribute("aria-valuetext") == heard
        )
    words = page.locator("#command").text_content()
    for word in ("reading=ceasefire", "--without russia-no-guarantees", "war.slope=7.25", "{at_least: "):
        assert word in words
    same_as_printed(page, cli)
    page.locator("#reset").click()
    assert page.locator("#command").text_content() == f'ceasefire zone {SLUG} --set "{NARROW}"'
    assert settled(page)["found"]["sizes"]["ceasefire"] == find_zone(FEW.case).size()


def test_a_link_restores_the_same_numbers(visit: Callable[..., Page], cli: Cli) -> None:
    page = visit(EXERCISE)
    page.locator(".switch").first.uncheck()
    page.locator('[data-by="1"]:not([aria-disabled=true])').first.click()
    before, command = settled(page), page.locator("#command").text_content()
    address = page.evaluate("location.hash")
    again = visit(EXERCISE, address)
    assert again.locator("#command").text_content() == command and "--without" in command and "requires=" in command
    assert {k: settled(again)[k] for k in ("found", "deeper")} == {k: before[k] for k in ("found", "deeper")}
    assert again.locator("#notices p").count() == 0
    same_as_printed(again, cli)


def test_a_link_stays_as_it_was_given_until_the_reader_changes_something(visit: Callable[..., Page]) -> None:
    def hash_of(page: Page) -> str:
        said: str = page.evaluate("location.hash")
        return said

    for given in ("", "#without=russia-no-guarantees"):
        page = visit(SLUG, given)
        assert page.locator("#guess").is_visible() and hash_of(page) == given
        page.locator("#show").click()
        assert hash_of(page) == given
        page.locator('[data-line="ukraine-guarantees"] .switch').uncheck()
        assert "skip=1" in hash_of(page) and "ukraine-guarantees" in hash_of(page)
    assert "russia-no-guarantees" in hash_of(page) and "--without russia-no-guarantees" in (
        page.locator("#command").text_content()
    )


def test_what_a_link_says_that_the_page_does_not_know_is_named_and_left_out(visit: Callable[..., Page]) -> None:
    said = "#v=1&t=other&skip=1&without=gone,<img src=x>,constructor&reading=constructor"
    said += "&set=parties.nobody.war.cost=3&moved=gone:1,ukraine-no-low-cap:length&point=constructor"
    page = visit(EXERCISE, said)
    notices = page.locator("#notices").inner_text()
    for word in (
        "another version",
        "gone, <img src=x>, constructor",
        "reading constructor",
        "parties.nobody.war.cost=3",
        "gone:1",
        "ukraine-no-low-cap:length",
    ):
        assert word in notices
    assert page.locator("img").count() == 0
    assert "--set exercise=null" in page.locator("#command").text_content()
    assert settled(page)["found"]["sizes"]["ceasefire"] == find_zone(sim.load(EXERCISE).case).size()


def test_chances_in_a_link_that_sum_to_more_than_one_are_left_out(visit: Callable[..., Page], cli: Cli) -> None:
    win = "parties.russia.war.win"
    page = visit(SLUG, f"#skip=1&set={win}.russia=0.9&set={win}.ukraine=0.5")
    assert "left out" in page.locator("#notices").inner_text()
    assert page.locator("#command").text_content().count(win) == 1
    same_as_printed(page, cli)


def test_values_on_the_edge_are_said_to_be(visit: Callable[..., Page], pages: dict[str, Path]) -> None:
    loaded = sim.load(TOY)
    party, value = loaded.scenario.belligerents or list(loaded.scenario.parties), 0.0
    zone = find_zone(loaded.case)
    values = next(iter(loaded.case.values_over(loaded.case.space)))
    value = float(values.ravel()[-1]) + 1e-9
    assert zone.size()
    page = visit(TOY, f"#skip=1&set=parties.{party[0]}.reservation={value!r}")
    assert settled(page)["found"]["edge"] + settled(page)["deeper"]["edge"] > 0
    assert page.locator("#edge").is_visible() or settled(page)["found"]["edge"] == 0


def test_a_browser_that_counts_differently_says_so_and_locks_its_controls(
    visit: Callable[..., Page], pages: dict[str, Path]
) -> None:
    text = pages[TOY].read_text("utf-8")
    place = pages[TOY].with_name("wrong.html")
    place.write_text(text.replace('"sizes":{"ceasefire":', '"sizes":{"ceasefire":1', 1), encoding="utf-8")
    page = visit(TOY).context.new_page()
    page.goto(place.as_uri() + "#skip=1")
    wait_until(lambda: page.locator("#self-test").text_content())
    assert "counts differently" in page.locator("#notices").inner_text()
    assert page.locator("#board input:enabled, #board button:enabled").count() == 0


@CANNOT_COUNT
def test_where_a_browser_cannot_count_the_page_stands_as_without_a_script_and_says_so(
    first: str, linked: bool, visit: Callable[..., Page]
) -> None:
    page = visit(SLUG, "#skip=1&without=russia-no-guarantees" if linked else "", ready=False, first=first)
    wait_until(lambda: page.locator("#self-test").text_content())
    said = "This browser cannot count here; the command does."
    assert page.locator("#notices").inner_text() == page.locator("#self-test").text_content() == said
    if not linked:
        page.locator("#show").click()
    page.evaluate("location.hash = '#skip=1&without=ukraine-guarantees'")
    wait_until(lambda: "ukraine" in page.evaluate("location.hash"))
    assert page.locator("#board input:enabled, #board button:enabled, #board select:enabled").count() == 0
    assert page.locator("#board .live:visible, #bar:visible, #package:visible").count() == 0
    plain = visit(SLUG, ready=False, java_script_enabled=False)
    assert page.locator("#board").inner_text() == plain.locator("#board").inner_text()
    assert page.locator("#command").text_content() == plain.locator("#command").text_content()


def test_both_ends_of_each_number_that_has_stated_ends_are_tried(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    page.locator("#try-ends").click()
    wait_until(lambda: page.locator("#tried tbody tr").count())
    rows = page.locator("#tried tbody tr").all_inner_texts()
    slope = next(row.split("\t") for row in rows if row.startswith("gain over the war"))
    sizes = [find_zone(sim.load(FEW, {"war.slope": end}).case).size() for end in (4.0, 16.0)]
    assert [int(slope[place].replace(",", "")) for place in (2, 4)] == sizes


def test_without_a_script_finding_demands_and_sources_can_be_read(visit: Callable[..., Page]) -> None:
    page = visit(SLUG, ready=False, java_script_enabled=False)
    text = page.locator("main").inner_text()
    for line in sim.load(SLUG).scenario.red_lines:
        assert (line.wording or "") in text
    assert "Security guarantees: Russia [003 ¶7, earlier] against Ukraine [001 ¶17]" in text
    assert text.count("earlier: reported by an earlier article, assumed still to hold.") == 1
    assert page.locator("button:visible, input:visible, .live:visible").count() == 0


def test_hostile_text_runs_nothing(visit: Callable[..., Page]) -> None:
    page = visit("hostile")
    page.locator(".switch").first.uncheck()
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    assert page.locator("img, main script").count() == 0
    assert page.evaluate("!document.documentElement.outerHTML.includes(String.fromCharCode(0x202E))")


def test_no_explorer_is_wider_than_its_screen_or_has_a_button_too_small_to_hit(visit: Callable[..., Page]) -> None:
    page = visit(SLUG)
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    for width in (320, 360, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            """() => [...document.querySelectorAll('#board button, #board summary')].filter(
              (node) => node.offsetParent && node.getBoundingClientRect().height < 44).length"""
        )
        assert small == 0, width


def test_an_explorer_prints_its_finding_even_before_a_guess(visit: Callable[..., Page]) -> None:
    page = visit(TOY, "", viewport={"width": 680, "height": 980})
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("#finding").is_visible()
    assert page.locator("button:visible, input[type=range]:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 680


def test_a_move_keeps_the_focus_and_is_told_to_a_screen_reader(visit: Callable[..., Page]) -> None:
    page = visit(EXERCISE)
    button = page.locator('[data-by="1"]:not([aria-disabled=true])').first
    button.focus()
    page.keyboard.press("Enter")
    settled(page)
    assert page.evaluate("document.activeElement.dataset.by") == "1"
    wait_until(lambda: page.locator("#said").text_content())
    assert page.locator("#said").get_attribute("aria-live") == "polite"
    assert page.locator("#size").text_content() in page.locator("#said").text_content()


def test_axe_finds_nothing_in_an_explorer_light_or_dark(visit: Callable[..., Page]) -> None:
    if not Path(AXE).is_file():
        if REQUIRED:
            pytest.fail(f"no axe-core at {AXE}")
        pytest.skip("no axe-core; set AXE_CORE to its axe.min.js")
    page = visit(SLUG, "", color_scheme="light")
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for scheme, reveal in (("light", ""), ("light", "#show"), ("dark", "")):
        page.emulate_media(color_scheme=scheme)
        if reveal:
            page.locator(reveal).click()
            page.locator("#try-ends").click()
            wait_until(lambda: page.locator("#tried tbody tr").count())
            page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
        found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags)
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == [], (scheme, reveal)


def test_a_page_is_small_and_names_no_address(pages: dict[str, Path]) -> None:
    for path in pages.values():
        text = path.read_text("utf-8")
        assert len(text.encode()) <= MOST_BYTES
        assert "https:" not in text or path.stem == "hostile"


@pytest.mark.slow
@pytest.mark.parametrize("slug", [SLUG, "2025-12-stalemate"])
def test_the_whole_base_cases_make_small_pages_whose_self_test_passes(
    slug: str, visit: Callable[..., Page], pages: dict[str, Path]
) -> None:
    pages["whole"] = write_explorer(slug, pages[SLUG].with_name("whole.html"))
    assert pages["whole"].stat().st_size <= MOST_BYTES
    page = visit("whole")
    assert "no difference" in page.locator("#self-test").inner_text()
    assert settled(page)["found"]["sizes"]["ceasefire"] == find_zone(sim.load(slug).case).size()


def test_the_same_scenario_makes_the_same_page() -> None:
    assert explorer_page(TOY) == explorer_page(TOY)


def test_the_command_writes_the_page_of_a_changed_scenario(cli: Cli, tmp_path: Path) -> None:
    done = cli("explore", TOY, "--set", "protocol.deadline=12", "--out", "page.html")
    assert done.returncode == 0 and done.stdout == "page.html\n"
    assert "--set protocol.deadline=12" in (tmp_path / "page.html").read_text("utf-8")
    assert cli("explore", TOY).stdout == "explore-toy-two-issues.html\n"
