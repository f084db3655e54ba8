"""The explorer's engine against the zone itself, in a real browser; what it knows; and that its errors are seen."""

from __future__ import annotations

import dataclasses
import json
from importlib.resources import files
from typing import Any

import pytest

import sim
from sim.report.explorer.tables import EXPORTED, UNUSED, constants, tables, too_large
from sim.scenario import by_run
from sim.scenario.by_run import Numbers
from sim.stakes.case import Case
from sim.stakes.clauses import Clause
from sim.stakes.endings import Endings
from sim.stakes.preferences import Preferences
from sim.stakes.redlines import RedLine, RedLines
from sim.stakes.seats import Party, Protocol
from sim.stakes.space import Issue, OutcomeSpace
from sim.stakes.war import War
from tests.report.explorer_docking import SMALL, Docked, differences, docked
from tests.report.test_browser import browser  # noqa: F401  a fixture

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.e2e]
ENGINE = files("sim.report.explorer").joinpath("engine.js").read_text("utf-8")
ASK = """({tables, settings}) => {
  const engine = zoneEngine(tables);
  return settings.map((setting) => {
    const answer = engine.answer(setting), masks = engine.masks(setting);
    return {answer, masks, why: engine.diagnose(setting, masks.masks)};
  });
}"""
WHOLE = {"2025-03-truce-offer": (), "2025-12-stalemate": (), "variants/2025-02-over-their-heads": ()}


@pytest.fixture
def worker(browser: Any) -> Any:  # noqa: F811
    page = browser.new_page()
    page.set_default_timeout(600_000)
    yield page
    page.close()


def told(page: Any, engine: str, case: Docked, settings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    page.evaluate(f"void (globalThis.zoneEngine = (() => {{ {engine}; return zoneEngine; }})())")
    given = json.loads(json.dumps({"tables": case.tables, "settings": settings}))
    found: list[dict[str, Any]] = page.evaluate(ASK, given)
    return found


def compared(page: Any, case: Docked, seed: int, count: int) -> list[Any]:
    settings = list(case.settings(seed, count))
    answers = told(page, ENGINE, case, settings)
    found = [(s, differences(case, s, case.counted(s), one)) for s, one in zip(settings, answers, strict=True)]
    return [(setting, wrong) for setting, wrong in found if wrong]


def test_random_settings_of_small_cases_count_the_same_in_a_browser(worker: Any) -> None:
    for slug, changes in SMALL.items():
        assert compared(worker, docked(slug, changes), 7, 3 if changes else 2) == [], slug


@pytest.mark.slow
def test_the_base_case_as_it_stands_counts_the_same_in_a_browser(worker: Any) -> None:
    case = docked("2025-03-truce-offer")
    setting = {"without": [], "moved": {}, "values": {}, "reading": ""}
    (answer,) = told(worker, ENGINE, case, [setting])
    assert differences(case, setting, case.zone, answer) == []
    assert answer["answer"]["sizes"]["ceasefire"] > 1_000


@pytest.mark.slow
def test_three_hundred_random_settings_count_the_same_in_a_browser(worker: Any) -> None:
    for slug, changes in SMALL.items():
        assert compared(worker, docked(slug, changes), 11, 22) == [], slug
    for slug, changes in WHOLE.items():
        assert compared(worker, docked(slug, changes), 13, 12) == [], slug


@pytest.mark.slow
def test_every_shipped_scenario_counts_the_same_in_a_browser_as_it_stands(worker: Any) -> None:
    from sim.scenario.library import slugs

    setting = {"without": [], "moved": {}, "values": {}, "reading": ""}
    for slug in slugs():
        case = docked(slug)
        (answer,) = told(worker, ENGINE, case, [setting])
        assert differences(case, setting, case.zone, answer) == [], slug


CLASSES = (Case, OutcomeSpace, Issue, War, Endings, Preferences, RedLines, RedLine, Clause, Party, Protocol)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_field_of_a_case_reaches_the_page_or_is_said_to_be_unused(kind: Any) -> None:
    fields = {field.name for field in dataclasses.fields(kind)}
    exported, unused = (set(words.get(kind.__name__, "").split()) for words in (EXPORTED, UNUSED))
    assert exported | unused == fields and not exported & unused


NOT_OF_TODAY = {"war.sigma", "war.prior", "war.drift"}
"""What the front does in the talks."""


@pytest.mark.parametrize("slug", ["2025-03-truce-offer", "classroom/02-move-the-batna", "classroom/04-two-level-game"])
def test_every_number_that_a_zone_is_compiled_from_has_a_slider(slug: str) -> None:
    case = docked(slug)
    numbers = Numbers(case.loaded.scenario)
    for look in (by_run.war_state, by_run.ending_state, by_run.reservations, by_run.home, by_run.weights):
        look(case.loaded.scenario, numbers)
    asked = {path for path in numbers.asked if numbers.own(path) is not None} - NOT_OF_TODAY
    assert {slider.path for slider in case.sliders} == {path for path in asked if not path.endswith("impatience")}


def test_the_engine_is_short_and_defines_no_constant_of_the_model_itself() -> None:
    assert sum(bool(line.strip()) for line in ENGINE.splitlines()) <= 400
    for word in ("document", "window", "Date", "Math.random", "0.985", "1e-9", "100.0", "12"):
        assert word not in ENGINE.replace("1 << ", "")
    assert set(constants()) == {"tolerance", "ideal", "year", "rounded", "noWayOut", "kinds"}


def test_what_a_browser_cannot_count_is_refused_by_name() -> None:
    loaded = sim.load("toy/two-issues")
    lines = [
        {"id": f"line-{n}", "party": "seller", "requires": {"price": ["high"]}, "basis": "assumption"}
        for n in range(40)
    ]
    from sim.errors import ScenarioError

    issue = loaded.scenario.issues
    first, party = next(iter(issue)), next(iter(loaded.scenario.parties))
    for line in lines:
        line |= {"party": party, "requires": {first: [next(iter(issue[first].options))]}}
    many = sim.load(loaded, {"red_lines": lines})
    with pytest.raises(ScenarioError, match="42 constraints are more than 30"):
        tables(many)


def test_a_browser_counts_up_to_a_thousand_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    case = sim.load("toy/two-issues").case
    assert too_large(case) == ""
    monkeypatch.setattr("sim.zone.constraints.Constraints.every_group", lambda self: iter([0] * 1_000))
    assert too_large(case) == ""
    monkeypatch.setattr("sim.zone.constraints.Constraints.every_group", lambda self: iter([0] * 1_001))
    assert too_large(case) == "more than 1,000 groups could sign"


MUTANTS = [
    ("worth >= bar", "worth > bar + 1"),
    ("- tolerance;", "+ 0.01;"),
    ("(weight * ideal) / total", "weight * ideal"),
    ("Math.max(0, c.number(home.spread)", "(c.number(home.spread)"),
    ("2 * c.number(home.quorum) - 1", "2 * c.number(home.quorum)"),
    ("share + (at - war.shares[standing])", "at"),
    ("Math.min(at, share)", "at"),
    ("xs[n] === where[stands] ? now : height", "height"),
    ("war.beyondValue[p] -", "war.beyondValue[p] +"),
    ("if (n === xs.length) return ys[n - 1];", "if (n === xs.length) return ys[0];"),
    ("xs[n] <= x", "xs[n] <= x + 0.01"),
    ("win[1] - shift * mirror", "win[1]"),
    ("whole = Math.max(first + second, 1)", "whole = 1"),
    ("Math.min(Math.max(chance, 0), 1)", "chance"),
    ("d * (1 - h)", "d"),
    ("- base) * war.leverDrift[v]", "- base)"),
    ("drift * k", "drift"),
    ("1 - d + d * h * (1 - (first + second))", "1 - d + d * h"),
    ("won = months * d * h", "won = months * h"),
    ("costShare * cost", "cost"),
    ("ideal * (c.number(own.win) - c.number(own.cost))", "ideal * c.number(own.win)"),
    ("c.scale * bearing.shifts[at]", "bearing.shifts[at]"),
    ("if (j !== endings.line && ", "if ("),
    ("going(issues[war.line].stands, 0, share)", "going(0, 0, share)"),
    ("+ c.start) / c.slope", ") / c.slope"),
    ("/ c.slope", "/ 8"),
    ("kind === kinds.LIMITED ? c.limited[p] : c.war[p]", "c.war[p]"),
    ("(1 - d) * u[p] + d * w", "d * u[p] + (1 - d) * w"),
    ("if (fighters[b] !== p)", "if (true)"),
    ("c.attacked[p][b] * calm[b]", "calm[b]"),
    ("Math.exp(log / year)", "Math.exp(log)"),
    ("(d * (1 - stays) * loss) / whole", "0"),
    ("c.public[p] * lost", "0"),
    ("(issue.ordered ? Math.abs(o - k) : Number(o !== k))", "Number(o !== k)"),
    (
        "const inside = c.boxes[n][axis] ?? all(issue), out = issue.room",
        "const inside = c.boxes[n][axis] ?? all(issue), out = all(issue)",
    ),
    ("(weight * fewest) / span", "weight * fewest"),
    ("length >= tables.quorum", "length > tables.quorum"),
    ("&& tables.vetoes.every(accepts)", ""),
    ("|| accepts(party))", "|| true)"),
    ("if (alone) return (mask & held) === 0;", "if (alone) return true;"),
    ("filter((k) => !allowed.includes(k))", "filter((k) => allowed.includes(k))"),
    ("c.floors[p] - SURE", "c.floors[p] + 3"),
    ("Math.max(u[p], after[base + p])", "u[p]"),
    ("(mark & 1) === 1", "true"),
    ("mark >> (m + 1) & 1", "mark >> m & 1"),
    ("deed | acts[j][k]", "deed"),
    ("rule & sureRules[at] & everyRule ||", ""),
    ("gain > most[g]", "gain < most[g]"),
    ("Math.log(gains[at + g])", "gains[at + g]"),
    ("top > tolerance ? gains[at + g] / top : 1", "gains[at + g]"),
    ("best - tolerance)", "best - 1)"),
    ("round(value.of(p))", "value.of(p) + 1e-5"),
    ("setting.reading || tables.reading", "tables.reading"),
    ("(one & smaller) === smaller", "(one & smaller) !== 0"),
    ("group.includes(party) || acts", "group.includes(party)"),
    ("c.hold[kind] + calm[0] + calm[1]", "c.hold[kind] + calm[0]"),
    ("state.k[j] !== issues[j].stands", "state.k[j] === issues[j].stands"),
    ("changes < entry[3]", "changes <= entry[3]"),
    ("a[3] - b[3] || ", ""),
    ("apart || k - b[4][j]", "apart || b[4][j] - k"),
    ("c.held ^ 1 << n, 1", "c.held ^ 1 << n, 2"),
]
"""A constant or branch of the engine changed, each of which the comparison has to see."""


@pytest.mark.slow
def test_every_mutant_of_the_engine_is_caught(worker: Any) -> None:
    cases = [docked(slug, changes) for slug, changes in SMALL.items()]
    known = []
    for case in cases:
        settings = [case.lineless(), *case.settings(5, 12)]
        known.append((case, settings, [case.counted(setting) for setting in settings]))
    alive: list[str] = []
    for before, after in MUTANTS:
        assert ENGINE.count(before) >= 1, before
        mutant = ENGINE.replace(before, after)
        if not any(_caught(worker, mutant, *one) for one in known):
            alive.append(f"{before} -> {after}")
    assert not alive, "\n".join(alive)


def _caught(page: Any, mutant: str, case: Docked, settings: list[Any], zones: list[Any]) -> bool:
    from playwright.sync_api import Error

    try:
        answers = told(page, mutant, case, settings)
    except Error:
        return True
    return any(differences(case, *one) for one in zip(settings, zones, answers, strict=True))
