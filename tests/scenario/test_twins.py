"""What is made by a rule: what-if twins with true lines, fictional twins with other names, the page of the evidence."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import yaml

from sim import find_zone
from sim.scenario.conditions import Bounds
from sim.scenario.evidence import studies_cited
from sim.scenario.library import WHAT_IF, shipped
from sim.scenario.schema_part import Part
from sim.stakes.stages import ZONE_NAMES
from sim.study.run import run
from sim.zone.constraints import READINGS
from sim.zone.diagnosis import conflicts
from tests.conftest import ROOT
from tests.fictional import fictional_files, renaming
from tests.library import DATED, generated
from tests.whatif import OPENS, changes_of, levels_to_settle
from tests.zones import load, zone

NAMES = renaming()
TWINS = {slug: f"fictional/{case.slug}" for slug, case in NAMES.cases.items()}


def test_generated_files_are_what_the_rules_make() -> None:
    made = generated()
    stale = [str(path.relative_to(ROOT)) for path, text in made.items() if path.read_text("utf-8") != text]
    assert len(made) > 15 and not stale, "python -m tests.library writes them anew"


def test_no_twin_is_left_over_from_a_scenario_that_is_gone() -> None:
    assert [slug.removesuffix(WHAT_IF) for slug in shipped("what-if")] == DATED
    assert sorted(TWINS) == DATED and shipped("fictional") == sorted(TWINS.values())


@pytest.mark.parametrize("slug", DATED)
def test_every_ordered_line_of_every_party_gives_one_step_and_no_other_line_any(slug: str) -> None:
    declared, twin = load(slug).scenario, load(f"{slug}{WHAT_IF}").scenario
    assert [line.id for line in twin.red_lines] == [line.id for line in declared.red_lines]
    for line, before in zip(twin.red_lines, declared.red_lines, strict=True):
        ((issue_id, asked),) = line.requires.items()
        assert before.softens_to is None and before.requires == line.requires
        issue = twin.issues[issue_id]
        assert (line.softens_to is not None) == issue.ordered
        if line.softens_to is not None:
            ((same, true),) = line.softens_to.items()
            options, inside = list(issue.options), allowed(list(issue.options), asked)
            assert same == issue_id
            one_more = {k for k in range(len(options)) if {k - 1, k, k + 1} & inside}
            assert allowed(options, true) == one_more > inside
    assert "assumption" in str(twin.about) and "assumption" in str(twin.title + str(twin.about))


@pytest.mark.slow
@pytest.mark.parametrize("slug", DATED)
def test_a_what_if_says_whether_a_settlement_opens_and_what_it_would_take(slug: str) -> None:
    levels = levels_to_settle(slug)
    assert OPENS[levels] in str(load(f"{slug}{WHAT_IF}").scenario.about)
    for given in range(1, levels + 1):
        found = find_zone(load(slug, [*changes_of(slug, given), "pins.hostilities=final_treaty"]).case)
        assert found.exists("true", "settlement") == (given == levels)


def allowed(options: list[str], condition: Bounds | list[str]) -> set[int]:
    if isinstance(condition, list):
        return {options.index(option) for option in condition}
    low = options.index(condition.at_least) if condition.at_least else 0
    high = options.index(condition.at_most) if condition.at_most else len(options) - 1
    return set(range(low, high + 1))


REAL = (
    r"russia|ukrain|moscow|kyiv|\bnato|europ|united states|\bU\.?S\.?\b|\bEU\b|crimea|donbas|donetsk|luhansk|oblast|"
    r"istanbul|riyadh|saudi|trump|putin|zelensk|biden|kellogg|witkoff|washington|kremlin|orthodox|atlantic|article 5|"
    r"article_5|199\d|20\d\d|korea|china|iran\b|\bwest(ern)?\b|florida|americ|[^a-z]us[-_.: ,}]"
)


def test_no_real_name_is_left_in_a_fictional_case() -> None:
    for path, text in fictional_files().items():
        told = yaml.safe_load(text)
        studies = told.pop("literature", {})
        said = re.sub(r"study: [a-z0-9-]+", "study", yaml.safe_dump(told, allow_unicode=True, width=10_000))
        assert not re.search(REAL, f"{path}\n{said}", re.IGNORECASE), path
        # A study keeps its name and its year; neither tells which war.
        published = re.sub(r"(?<!\d)(1[89]|20)\d\d(?!\d)", "", str(studies))
        assert not re.search(REAL, published, re.IGNORECASE), path
    for real in ("parties: {us: 1}", "the Russian side", "2025-12", "binding_article_5_like"):
        assert re.search(REAL, real, re.IGNORECASE)


def plain(part: Any) -> Any:
    """Every number and every name in a scenario's parts, in order."""
    if isinstance(part, Part):
        return {name: plain(getattr(part, name)) for name in type(part).model_fields}
    if isinstance(part, dict):
        return {key: plain(value) for key, value in part.items()}
    return [plain(item) for item in part] if isinstance(part, list) else part


@pytest.mark.parametrize(("slug", "twin"), TWINS.items())
def test_a_fictional_twin_compiles_to_the_same_arrays(slug: str, twin: str) -> None:
    case, other = load(slug).case, load(twin).case
    for one, two in ((case, other), (case.preferences, other.preferences), (case.war, other.war),
                     (case.resolve, other.resolve), (case.tactics, other.tactics)):  # fmt: skip
        for name, value in vars(one).items():
            if isinstance(value, np.ndarray):
                assert np.array_equal(value, getattr(two, name)), name
    assert [NAMES.id(line.id) for line in case.red_lines.lines] == [line.id for line in other.red_lines.lines]
    assert [line.ladder for line in case.red_lines.lines] == [line.ladder for line in other.red_lines.lines]
    mine, theirs = vars(case.protocol), vars(other.protocol)
    assert all(np.array_equal(mine[name], theirs[name]) for name in mine)
    left = {"title", "about", "lines_from", "articles", "literature", "as_of", "grounds", "extends"}
    said, told = (plain(load(name).scenario) for name in (slug, twin))
    same = NAMES.tree({key: value for key, value in said.items() if key not in left})
    assert same == {key: value for key, value in told.items() if key not in left}


@pytest.mark.parametrize("slug", ["2022-istanbul", "2025-02-backchannel", "2025-12-stalemate"])
def test_a_fictional_twin_has_the_same_zone_conflicts_and_talks(slug: str) -> None:
    pair = [run(load(name, ["protocol.deadline=6"]), seed=3) for name in (slug, TWINS[slug])]
    real, twin = pair
    for reading in READINGS:
        for name in ZONE_NAMES:
            assert real.zone.size(reading, name) == twin.zone.size(reading, name)
    named = [[z.constraints.names(mask) for mask in conflicts(z, "lines_only").bits] for z in (real.zone, twin.zone)]
    assert [[NAMES.id(line) for line in lines] for lines in named[0]] == named[1]
    left = {"scenario", "name", "title", "as_of"}
    measured = [{key: value for key, value in one.measures().items() if key not in left} for one in pair]
    assert NAMES.tree(measured[0]) == measured[1]


@pytest.mark.parametrize(
    ("slug", "settlements"),
    [("2022-istanbul", 1_721), ("2025-02-backchannel", 4_389), ("2025-02-riyadh", 0), ("2025-12-stalemate", 0)],
)
def test_one_step_from_everybody_opens_settlements_only_where_lines_are_few(slug: str, settlements: int) -> None:
    eased = zone(f"{slug}{WHAT_IF}")
    assert eased.size("declared", "settlement") == 0 and eased.size("true", "settlement") == settlements


def test_fictional_cases_rest_on_no_study_of_this_war() -> None:
    for slug, twin in TWINS.items():
        said, told = load(slug).scenario, load(twin).scenario
        of_wars = {study for study in studies_cited(said) if said.literature[study].about == "wars"}
        assert set(studies_cited(told)) == of_wars < set(studies_cited(said))
        assert all(study.about == "wars" for study in told.literature.values())
        assert (told.grounds["war.share"].basis, told.grounds["war.hazard"].basis) == ("assumption", "literature")
