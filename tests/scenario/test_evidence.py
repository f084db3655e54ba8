"""Where red lines and numbers come from: items, sources, certainty, a second reader; and what is refused by name."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from sim import load
from sim.errors import ScenarioError
from sim.scenario.assumptions import BASES, assumptions, by_basis
from sim.scenario.coverage import coverage_table, evidence_items, library, own_coverage, uses
from sim.scenario.evidence import certainty, kinds_of
from sim.scenario.library import shipped
from sim.scenario.schema import Scenario
from tests.conftest import SMALL, Cli, Write
from tests.library import DATED, verdict_on, verdicts

SLUGS = [*shipped("dated"), *shipped("variants")]
ITEMS = evidence_items()


@pytest.fixture(scope="module")
def drawn() -> dict[str, Scenario]:
    """The scenarios that are drawn from the articles."""
    return library()


def test_every_item_is_used_or_says_why_it_is_not_modelled(drawn: dict[str, Scenario]) -> None:
    rows = coverage_table()
    assert [row["item"] for row in rows] == list(range(1, 79))
    for row in rows:
        assert bool(row["used_in"]) != bool(row["not_modelled"]), row
        for path, slugs in row["used_in"].items():
            line = path.removeprefix("red_lines.")
            for slug in slugs:
                scenario = drawn[slug]
                assert path in scenario.grounds or line in [one.id for one in scenario.red_lines]


def test_items_name_issues_fields_articles_and_paragraphs_that_exist(drawn: dict[str, Scenario]) -> None:
    fields = {field for scenario in drawn.values() for field in scenario.grounds}
    for item in ITEMS:
        scenario = drawn["2025-12-stalemate"]
        assert set(item.issues) <= set(scenario.issues), item
        assert all(any(fnmatchcase(field, own) for field in fields) for own in item.fields), item
        for article, paragraphs in item.at.items():
            assert max(paragraphs) <= scenario.articles[article].paragraphs, item


def test_items_and_articles_agree_on_what_each_paragraph_gives_a_thing_as(drawn: dict[str, Scenario]) -> None:
    articles = drawn["2025-12-stalemate"].articles
    for item in ITEMS:
        held = {kind for at, numbers in item.at.items() for n in numbers for kind in kinds_of(articles[at], n)}
        assert set(item.certainty) <= held, item
    for article_id, article in articles.items():
        for kind, numbers in article.certainty.items():
            for number in numbers:
                said = {k for item in ITEMS if number in item.at.get(article_id, ()) for k in item.certainty}
                assert kind in said, (article_id, number, kind)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_source_is_an_item_of_that_party_issue_and_certainty(slug: str, drawn: dict[str, Scenario]) -> None:
    scenario = drawn[slug]
    for line in scenario.red_lines:
        for source in line.sources:
            found = [item for item in ITEMS if line.party in item.of and item.at_source(source)]
            if line.basis not in ("inferred", "assumption"):
                found = [item for item in found if item.behind_line(line)]
            assert any(certainty(scenario, source) in item.certainty for item in found), (line.id, source)
    for field, grounds in scenario.grounds.items():
        for source in grounds.articles:
            found = [item for item in ITEMS if item.at_source(source) and item.behind_field(field, [source])]
            assert any(certainty(scenario, source) in item.certainty for item in found), (field, source)


@pytest.mark.parametrize("slug", DATED)
def test_a_second_reader_has_compared_every_line_with_its_paragraph(slug: str, drawn: dict[str, Scenario]) -> None:
    scenario = drawn[slug]
    assert set(verdicts()) == set(DATED)
    assert set(verdicts()[slug]) <= {line.id for line in scenario.red_lines}
    for line in scenario.red_lines:
        said = verdict_on(scenario, slug, line)
        assert said["verdict"] in ("agrees", "narrower", "wider", "reading", "assumption") and said["why"]
        assert (said["verdict"] == "assumption") == (line.basis == "assumption"), line.id


NEWS = """
articles:
  "009":
    title: A report
    paragraphs: 3
    certainty: {stated: [1], reported: [1], view: [2, 3], background: [3]}
red_lines:
  - {id: buyer-price, party: buyer, requires: {price: {at_most: middle}}, %s}
"""


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("basis: stated", '"buyer-price" has no source; name one, or call its basis assumption'),
        ("basis: reported, sources: []", '"buyer-price" has no source'),
        ("basis: assumed", '"assumed" is not known (one of: stated'),
        ("sources: []", "red_lines.buyer-price.basis: is missing"),
        ('basis: stated, sources: [{article: "008", paragraph: 1, paraphrase: x}]', 'no article "008"'),
        ('basis: stated, sources: [{article: "009", paragraph: 4, paraphrase: x}]', "article 009 has 3 paragraphs"),
        (
            'basis: stated, sources: [{article: "009", paragraph: 2, paraphrase: x}]',
            '"buyer-price" is called stated, but 009 ¶2 holds only a view of analysts or of the author',
        ),
        (
            'basis: reported, sources: [{article: "009", paragraph: 3, paraphrase: x}]',
            "009 ¶3 holds only a view of analysts or of the author and a background fact",
        ),
        (
            'basis: stated, sources: [{article: "009", paragraph: 1, paraphrase: x, certainty: reported}]',
            '"buyer-price" is called stated, but 009 ¶1 holds only a report',
        ),
        (
            'basis: stated, sources: [{article: "009", paragraph: 2, paraphrase: x, certainty: stated}]',
            "certainty: 009 ¶2 holds a view of analysts or of the author, not a statement of the party",
        ),
        (
            'basis: carried_forward, sources: [{article: "009", paragraph: 2, paraphrase: x}]',
            "is called carried forward, but 009 ¶2 holds only a view",
        ),
    ],
)
def test_a_line_that_its_source_cannot_bear_is_refused_by_name(said: str, complaint: str, write: Write) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(write(SMALL + NEWS % said))
    assert complaint in str(caught.value) and "case.yaml line" in str(caught.value)


@pytest.mark.parametrize(
    "said",
    [
        'basis: stated, sources: [{article: "009", paragraph: 1, paraphrase: x}]',
        'basis: reported, sources: [{article: "009", paragraph: 1, paraphrase: x, certainty: reported}]',
        'basis: assumption, sources: [{article: "009", paragraph: 2, paraphrase: x}]',
        "basis: assumption",
    ],
)
def test_a_line_that_its_source_can_bear_is_taken(said: str, write: Write) -> None:
    assert load(write(SMALL + NEWS % said)).scenario.red_lines[0].id == "buyer-price"


def assert_grounds_hold(path: str, complaint: str | None) -> None:
    """The file's grounds are read, or refused with these words."""
    if complaint is None:
        assert load(path).scenario.grounds
    else:
        with pytest.raises(ScenarioError, match=re.escape(complaint)):
            load(path)


@pytest.mark.parametrize(
    ("grounds", "complaint"),
    [
        ("war.share: {basis: assumption}", None),
        ("parties.buyer.weights: {basis: assumption}", None),
        ("red_lines.buyer-price.hardness: {basis: assumption}", None),
        ("parties.buyer.weight: {basis: assumption}", 'no such field: "weight" (did you mean "weights"?)'),
        ("parties.byer: {basis: assumption}", 'no such field: "byer" (did you mean "buyer"?)'),
        ("parties.buyer.name.first: {basis: assumption}", 'no such field: "first"'),
        ("issues.price.options: {basis: reported}", "what issues.price.options rests on has no source"),
        ("title: {basis: reported, sources: [{article: x, paragraph: 1, paraphrase: y}]}", 'no article "x"'),
    ],
)
def test_grounds_are_checked_like_lines(grounds: str, complaint: str | None, write: Write) -> None:
    path = write(SMALL + NEWS % "basis: assumption" + f"grounds:\n  {grounds}\n")
    assert_grounds_hold(path, complaint)


def test_an_article_holds_no_more_paragraphs_than_it_has(write: Write) -> None:
    text = SMALL + (NEWS % "basis: assumption").replace("view: [2, 3]", "view: [2, 4]")
    with pytest.raises(ScenarioError, match=r"articles\.009\.certainty\.view: article 009 has 3 paragraphs, not 4"):
        load(write(text))


def test_a_change_that_takes_a_field_away_takes_its_grounds_away() -> None:
    kept = load("2025-12-stalemate", ["war.levers={}"]).scenario.grounds
    assert "war.share" in kept and not any(field.startswith("war.levers") for field in kept)


def test_a_number_with_grounds_says_where_it_is_said_and_others_say_assumption(drawn: dict[str, Scenario]) -> None:
    basis = {entry.path: entry.basis for entry in assumptions(drawn["2025-12-stalemate"])}
    assert basis["war.share"] == (
        "literature, deepstate-2026, deepstate-2025-10, 003 ¶15: 19.25 % on 1 January 2026; 19.04 % on 1 October 2025; "
        "about a fifth of Ukraine is occupied"
    )
    assert basis["war.levers.aid.index"].startswith("assumption, after 001 ¶12, 003 ¶15: ")
    assert basis["parties.us.tactic.exponent"] == "Faratin, Sierra & Jennings 1998; the number: assumption"
    assert basis["war.start"] == "assumption"
    istanbul = {entry.path: entry.basis for entry in assumptions(drawn["2022-istanbul"])}
    assert istanbul["war.share"].startswith("literature, times-2023, guardian-2023: 22 %")
    assert istanbul["war.sigma"] == "assumption"


def test_numbers_are_listed_by_basis_and_the_share_that_is_assumed_is_printed(cli: Cli) -> None:
    kinds = [entry.rests_on for entry in by_basis(assumptions(load("2025-12-stalemate").scenario))]
    assert kinds == sorted(kinds, key=BASES.index) and kinds[0] == "literature" and kinds[-1] == "assumption"
    assert [row["rests_on"] for row in json.loads(cli("explain", "--assumptions", "--json").stdout)] == kinds
    text = cli("explain", "--assumptions").stdout
    assumed = kinds.count("assumption")
    assert f"{assumed} of {len(kinds)} numbers are assumptions ({100 * assumed / len(kinds):.0f} %)" in text
    assert "sarkees-wayman-2010: Meredith Reid Sarkees, Frank Whelon Wayman 2010" in " ".join(text.split())
    assert "deepstate-2026" in cli("evidence", "2025-12-stalemate").stdout


def test_a_cited_study_bears_on_the_field_that_cites_it(drawn: dict[str, Scenario]) -> None:
    for scenario in drawn.values():
        for field, grounds in scenario.grounds.items():
            for source in grounds.studies:
                fields = scenario.literature[source.study].fields
                assert any(fnmatchcase(field, own) or own.startswith(f"{field}.") for own in fields), (field, source)


STUDIES = """
literature:
  seen-2000: {title: A, outlet: B, locator: C, about: wars, certainty: read, reference: seen, says: D}
  told-2000: {title: A, outlet: B, locator: C, about: wars, certainty: memory, reference: memory, says: D}
grounds:
  parties.buyer.weights: {%s}
"""


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("basis: literature, sources: [{study: seen-2000, paraphrase: x}]", None),
        ("basis: assumption, sources: [{study: told-2000, locator: page 9, paraphrase: x}]", None),
        ("basis: literature", "has no source"),
        ("basis: literature, sources: [{study: told-2000, paraphrase: x}]", "but is known only from memory"),
        ("basis: literature, sources: [{study: seen-200, paraphrase: x}]", '"seen-200" (did you mean "seen-2000"?)'),
        ("basis: reported, sources: [{study: seen-2000, paraphrase: x}]", "call its basis literature or assumption"),
        ("basis: assumption, sources: [{study: seen-2000, paragraph: 3, paraphrase: x}]", "paragraph"),
    ],
)
def test_a_number_rests_on_studies_that_were_seen(said: str, complaint: str | None, write: Write) -> None:
    path = write(SMALL + STUDIES % said)
    assert_grounds_hold(path, complaint)


def test_a_field_that_stands_at_zero_uses_an_item_only_where_zero_is_what_it_says(drawn: dict[str, Scenario]) -> None:
    numbers = {slug: assumptions(scenario) for slug, scenario in drawn.items()}
    for item in ITEMS:
        for path, slug in uses(item, drawn):
            held = [entry.value for entry in numbers[slug] if f"{entry.path}.".startswith(f"{path}.")]
            assert not held or any(held) or path in item.at_zero, (item.item, path, slug)


def test_coverage_is_printed_for_people_programs_and_pages(cli: Cli) -> None:
    rows = json.loads(cli("evidence", "--coverage", "--json").stdout)
    assert len(rows) == 78 and rows[16]["used_in"]["red_lines.russia-no-temporary-ceasefire"]
    text = " ".join(cli("evidence", "--coverage").stdout.split())
    assert "russia-no-temporary-ceasefire in 2025-12-extended, 2025-12-stalemate" in text
    assert "not modelled: where talks are held changes nothing" in text
    table = cli("evidence", "--coverage", "--markdown").stdout.splitlines()
    assert len(table) == 80 and {line.count(" | ") for line in table} == {5}
    assert cli("evidence").returncode == 2
    assert cli("evidence", "2025-12-stalemate", "--coverage").returncode == 2


REVIEW = """\
format: 1
articles:
  gazette: {title: Sellers hold out, outlet: Gazette (invented), paragraphs: 6, certainty: {stated: [2], reported: [4]}}
"""
DRAWN = SMALL.replace("format: 1\n", "format: 1\nextends: articles\n") + (
    "red_lines: [{id: floor, party: seller, requires: {price: {at_least: middle}}, basis: stated, "
    "sources: [{article: gazette, paragraph: 2, paraphrase: not below the middle}]}]\n"
)
SAID = """\
format: 1
items:
  - {item: 1, kind: red line, of: [seller], says: not low, at: {gazette: [2]}, certainty: [stated], issues: [price]}
  - {item: 2, kind: threat, of: [buyer], says: to leave, at: {gazette: [4]}, certainty: [reported]}
"""


def test_articles_and_items_of_ones_own_are_held_against_ones_own_scenario(write: Write, cli: Cli) -> None:
    write(REVIEW, "articles.yaml")
    scenario, said = write(DRAWN), write(SAID, "said.yaml")
    assert load(scenario).scenario.articles["gazette"].paragraphs == 6
    used, silent = json.loads(cli("evidence", scenario, "--coverage", "--items", said, "--json").stdout)
    assert used["used_in"] == {"red_lines.floor": ["case"]} and not silent["used_in"]
    assert used["parties"] == ["Seller"]
    text = " ".join(cli("evidence", scenario, "--coverage", "--items", said).stdout.split())
    assert text.endswith("1 of 2 items is used; 1 is not modelled, without a reason.")
    assert "not modelled: no reason given" in text
    cut = json.loads(cli("evidence", scenario, "--without", "floor", "--coverage", "--items", said, "--json").stdout)
    assert not cut[0]["used_in"], "what uses an item is found out, not asserted"


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("[price]", "[prize]", 'line 3: items.0.issues: there is no issue "prize" (did you mean "price"?)'),
        ("gazette: [4]", "gazet: [4]", 'line 4: items.1.at.gazet: there is no article "gazet" (did you mean'),
        ("{gazette: [4]}", "{gazette: [7]}", "line 4: items.1.at.gazette: has paragraphs 1 to 6"),
        ("kind: threat", "kin: threat", 'line 4: items.1.kin: there is no such field (did you mean "kind"?)'),
    ],
)  # fmt: skip
def test_items_that_name_what_there_is_not_are_refused_with_their_line(
    right: str, wrong: str, complaint: str, write: Write
) -> None:
    write(REVIEW, "articles.yaml")
    loaded, said = load(write(DRAWN)), write(SAID.replace(right, wrong), "said.yaml")
    with pytest.raises(ScenarioError) as found:
        own_coverage(loaded, Path(said))
    assert any(line.startswith(f"{said} {complaint}") for line in found.value.lines())
