"""The report's switches against the zone itself, in a real browser: every number of a board, switch by switch."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.report import sentences
from sim.report.conflict_sentences import has_two_zones
from sim.report.html.run_page import run_page
from sim.report.html.write import write_html
from sim.scenario.loader import Loaded, with_changes
from sim.stakes.space import OptionArray
from sim.study.run import run
from sim.study.saved import saved
from sim.zone.diagnosis import conflicts
from sim.zone.region import clear_packages, find_zone
from tests.report.explorer_docking import NARROW, SMALL
from tests.report.test_browser import browser, counted_again, set_switches, shown, told_package  # noqa: F401  a fixture

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.e2e]
SEVERAL = "classroom/05-commitment"
PUBLIC = "variants/2025-03-pressed-in-public"
SHORT = ("protocol.deadline=4",)
CASES: dict[str, tuple[str, ...]] = {
    "toy/where-to-meet": SMALL["toy/where-to-meet"],
    SEVERAL: (),
    "classroom/04-two-level-game": (),
    PUBLIC: (NARROW, *SHORT),
}
"""Small cases: two of three agree and one of them must; deeds of others are needed; a parliament; talks in public."""
LARGE = ("2025-12-stalemate", "2025-03-truce-offer", "variants/2025-02-over-their-heads", PUBLIC)
Page = Any


class Expected:
    """What a board has to show for some constraints switched off, from the zone."""

    def __init__(self, loaded: Loaded, off: set[str]) -> None:
        self.loaded = loaded
        lines = {line.id for line in loaded.scenario.red_lines} & off
        values = loaded.scenario.public > 0 and bool(lines)  # what steps back cost goes with the line
        self.zone = find_zone(
            replace((with_changes(loaded, (), sorted(lines)) if values else loaded).case, weight_sets={})
        )
        rule = self.zone.constraints
        self.bit = {rule.names(bit)[0]: bit for bit in rule.bits("declared")}
        self.out = sum(self.bit.get(constraint, 0) for constraint in off)
        self.held = rule.of("declared") & ~self.out

    def numbers(self) -> tuple[int, int, int, int]:
        """Ceasefire packages, settlements where they are told apart, conflicts left, the fewest to give up."""
        zone, masks = self.zone, self.zone.masks["ceasefire"].masks
        open_ = zone.size(without=self.out) > 0
        giving = zone.constraints.given_up(masks, self.held).tolist()
        return (
            zone.size(without=self.out),
            zone.size(zone="settlement", without=self.out) if has_two_zones(self.loaded.scenario) else 0,
            0 if open_ else sum(1 for one in conflicts(zone).bits if not one & self.out),
            0 if open_ else min(bits.bit_count() for bits in giving),
        )

    def alone(self) -> dict[str, int]:
        """The zone if one switch more were flipped, by constraint."""
        return {name: self.zone.size_under(self.held ^ bit) for name, bit in self.bit.items()}

    def package(self) -> dict[str, str] | None:
        """What changes in the package nearest to how things stand, in words; None where there is none."""
        found: OptionArray = clear_packages(self.zone, self.held)
        if not len(found):
            return None
        scenario, space = self.loaded.scenario, self.loaded.case.space
        standing = space.standing()
        nearest = found[np.argmin((found != standing).sum(axis=1))]
        return {
            sentences.issue_name(scenario, issue): sentences.label(scenario, issue, option)
            for axis, (issue, option) in enumerate(space.names(nearest).items())
            if nearest[axis] != standing[axis] and len(space.left[axis]) > 1
        }


def opened(browser: Any, slug: str, changes: tuple[str, ...], folder: Path) -> tuple[Loaded, Page]:  # noqa: F811
    loaded = sim.load(slug, changes)
    page = browser.new_page()
    page.set_default_timeout(600_000)
    page.goto(write_html(run_page(saved(run(loaded))), folder / "report.html").as_uri())
    return loaded, page


def told_alone(page: Page) -> dict[str, int]:
    told = page.evaluate(
        "() => [...document.querySelectorAll('[data-alone]')].map((node) => [node.dataset.alone, node.textContent])"
    )
    return {name: int(number.replace(",", "")) for name, number in told}


def compare(loaded: Loaded, page: Page, off: set[str]) -> None:
    set_switches(page, off)
    expected = Expected(loaded, off)
    assert shown(page) == expected.numbers(), off
    assert page.locator(".result.open").count() == bool(expected.numbers()[0])
    told, package = told_alone(page), expected.package()
    assert {name: told[name] for name in expected.bit} == expected.alone(), off
    assert page.locator("[data-out=one]").is_visible() == (package is not None)
    assert package is None or told_package(page) == package, off


def settings(loaded: Loaded, seed: int, count: int) -> list[set[str]]:
    """None off, all off, and some by chance: red lines and what parties expect without a deal."""
    rule = find_zone(replace(loaded.case, weight_sets={})).constraints
    ids = [rule.names(bit)[0] for bit in rule.bits("declared")]
    chance = random.Random(seed)
    return [set(), set(ids), *(set(chance.sample(ids, chance.randint(1, len(ids) - 1))) for _ in range(count))]


@pytest.mark.parametrize(
    ("slug", "changes", "count"),
    [
        *(pytest.param(slug, changes, 4, id=slug) for slug, changes in CASES.items()),
        *(pytest.param(slug, SHORT, 30, id=f"{slug} whole", marks=pytest.mark.slow) for slug in LARGE),
    ],
)
def test_every_number_of_a_board_is_the_zones_whatever_is_switched_off(
    slug: str,
    changes: tuple[str, ...],
    count: int,
    browser: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    loaded, page = opened(browser, slug, changes, tmp_path)
    counted_again(page)
    assert "no difference" in page.locator("[data-out=proof]").text_content()
    for off in settings(loaded, 3, count):
        compare(loaded, page, off)
    page.close()
