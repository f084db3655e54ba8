"""The evidence items, and which red lines and fields of the shipped scenarios use each of them.

What uses an item is computed from sources, never asserted; an item that nothing uses must say why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.errors import ScenarioError, nearest, together
from sim.scenario.evidence_schema import Certainty, Source
from sim.scenario.keys import Word
from sim.scenario.library import data_file, shipped
from sim.scenario.loader import Loaded, load
from sim.scenario.schema import RedLine, Scenario
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import Name, Text
from sim.scenario.validation import placed, read_as, validated
from sim.scenario.yamltext import read_yaml


class Item(Part):
    """One thing that the articles say: who, what, where, with what certainty, and what in a scenario it bears on."""

    item: int
    kind: Name
    of: list[Word]
    says: Text
    at: dict[Word, Annotated[list[int], Field(min_length=1)]]
    certainty: Annotated[list[Certainty], Field(min_length=1)]
    issues: list[Word] = []
    fields: list[str] = []
    at_zero: list[str] = Field([], description="fields in which the item is told by a zero; else a zero is no use")
    not_modelled: Text | None = None

    def at_source(self, source: Source) -> bool:
        """Whether a source cites one of the item's paragraphs."""
        return source.paragraph in self.at.get(source.article, ())

    def behind_line(self, line: RedLine) -> bool:
        """Whether a red line uses the item: its party, one of its issues, one of its paragraphs."""
        on = next(iter(line.requires))
        return line.party in self.of and on in self.issues and any(map(self.at_source, line.sources))

    def behind_field(self, field: str, sources: list[Source]) -> bool:
        """Whether the grounds of a field use the item: one of its fields, one of its paragraphs."""
        return any(fnmatchcase(field, own) for own in self.fields) and any(map(self.at_source, sources))


class Items(Part):
    """The file of evidence items."""

    format: Literal[1]
    items: list[Item]


def evidence_items() -> list[Item]:
    """The shipped evidence items, in order.

    Raises:
        ScenarioError: when the file is not in order.
    """
    return read_as(Items, data_file("evidence-items")).items


def library() -> dict[str, Scenario]:
    """The scenarios that are drawn from the articles: the dated ones and their variants."""
    return {slug: load(slug).scenario for slug in [*shipped("dated"), *shipped("variants")]}


def uses(item: Item, scenarios: Mapping[str, Scenario]) -> Iterator[tuple[str, str]]:
    """What uses an item: the path of a red line or a field, and the scenario."""
    for slug, scenario in scenarios.items():
        for line in scenario.red_lines:
            if item.behind_line(line):
                yield f"red_lines.{line.id}", slug
        for field, grounds in scenario.grounds.items():
            if item.behind_field(field, grounds.articles):
                yield field, slug


def coverage_table(
    items: Sequence[Item] | None = None, scenarios: Mapping[str, Scenario] | None = None
) -> list[dict[str, Any]]:
    """A row for each evidence item: what is said, where, and the scenarios by the line or field that uses it.

    Items and scenarios are the shipped ones by default.
    """
    scenarios = library() if scenarios is None else scenarios
    names = {party_id: party.name for scenario in scenarios.values() for party_id, party in scenario.parties.items()}
    rows = []
    for item in evidence_items() if items is None else items:
        used: dict[str, list[str]] = {}
        for path, slug in uses(item, scenarios):
            used.setdefault(path, []).append(slug)
        said = item.model_dump(include={"item", "kind", "of", "says", "at", "certainty"})
        called = {"parties": [names.get(party, party.replace("-", " ").title()) for party in item.of]}
        rows.append(said | called | {"used_in": used, "not_modelled": item.not_modelled})
    return rows


def own_coverage(loaded: Loaded, path: Path) -> list[dict[str, Any]]:
    """The same for items of one's own, held against one scenario.

    Raises:
        ScenarioError: with file and line, for an article, a paragraph or an issue that the scenario does not have.
    """
    tree = read_yaml(path, what="file of items")
    try:
        items = validated(Items, tree.plain(), tree.written).items
        wrong = list(_strangers(items, loaded.scenario))
        if wrong:
            raise together(wrong)
    except ScenarioError as error:
        raise placed(error, tree.place) from None
    return coverage_table(items, {loaded.slug: loaded.scenario})


def _strangers(items: Sequence[Item], scenario: Scenario) -> Iterator[ScenarioError]:
    """What items name and the scenario does not have."""
    for n, item in enumerate(items):
        for issue in item.issues:
            if issue not in scenario.issues:
                said = f'there is no issue "{issue}"{nearest(issue, scenario.issues)}'
                yield ScenarioError(said, path=("items", n, "issues"))
        for article, paragraphs in item.at.items():
            here = ("items", n, "at", article)
            if article not in scenario.articles:
                yield ScenarioError(f'there is no article "{article}"{nearest(article, scenario.articles)}', path=here)
            elif max(paragraphs) > scenario.articles[article].paragraphs or min(paragraphs) < 1:
                yield ScenarioError(f"has paragraphs 1 to {scenario.articles[article].paragraphs}", path=here)
