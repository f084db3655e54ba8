"""The part of a scenario file that tells what red lines and numbers rest on: articles, studies, what is said there."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, WithJsonSchema

from sim.scenario.keys import Word
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import Name, Text

Basis = Literal["stated", "reported", "inferred", "carried_forward", "assumption"]
Certainty = Literal["stated", "reported", "view", "background"]
"""What an article gives a sentence as: said by the party itself, reported of it, a view of analysts or of the author,
or a fact that stands in the background."""
Found = Literal["read", "computed", "secondary", "memory"]
"""How a study's figure was come by: in the source itself, computed from its data, told by another text, remembered."""

PAGE = r"^https?://[^\s<>\"'`]+$"


def _of_a_page(text: str) -> str:
    if not re.match(PAGE, text):
        raise ValueError("should be the address of a page, such as https://example.org/news")
    return text


Address = Annotated[
    Text,
    StringConstraints(max_length=500),
    AfterValidator(_of_a_page),
    WithJsonSchema({"type": "string", "pattern": PAGE, "maxLength": 500}),
]
"""Where a page stands on the net."""
NOWHERE: Any = {"articles": {"__all__": {"address"}}}
"""What to leave out of a scenario that names a result: where an article can be read changes none."""


class Source(Part):
    """Where a thing is reported: an article of the scenario's list, its paragraph, and a short paraphrase."""

    article: Word
    paragraph: int = Field(ge=1, le=10_000, description="counted as non-empty lines")
    paraphrase: Text
    certainty: Certainty | None = Field(
        None, description="what the article gives it as; needed only where its paragraph holds several kinds"
    )


class Citation(Part):
    """Where a figure is published: a study of the scenario's bibliography, and a short paraphrase."""

    study: Word
    locator: Text | None = Field(None, description="where in it, where that is not what the bibliography says")
    paraphrase: Text


def _cites_a_study(given: Any) -> bool:
    return isinstance(given, Citation) or (isinstance(given, dict) and "study" in given)


class Grounds(Part):
    """What a field of the scenario rests on; a number without grounds is an assumption."""

    basis: Basis | Literal["literature"]
    sources: list[
        Annotated[
            Annotated[Source, Tag("article")] | Annotated[Citation, Tag("study")],
            Discriminator(lambda given: "study" if _cites_a_study(given) else "article"),
        ]
    ] = []

    @property
    def articles(self) -> list[Source]:
        """The news articles among the sources."""
        return [source for source in self.sources if isinstance(source, Source)]

    @property
    def studies(self) -> list[Citation]:
        """The studies among the sources."""
        return [source for source in self.sources if isinstance(source, Citation)]


class Article(Part):
    """A news article that red lines are drawn from; never quoted, only paraphrased."""

    title: Text
    outlet: Text | None = Field(None, description="as far as the article states it")
    date: Text | None = Field(None, description="when it was written; inferred where the article carries no date")
    paragraphs: int = Field(ge=1, le=10_000, description="how many it has, counted as non-empty lines")
    address: Address | None = Field(None, description="where it can be read; the page there may have changed since")
    caveat: Text | None = None
    certainty: dict[Certainty, list[Annotated[int, Field(ge=1, le=10_000)]]] = Field(
        {}, description="which paragraphs hold what is stated, reported, a view, background; one may hold several"
    )


class Study(Part):
    """A published figure that numbers may rest on, or are held against; never quoted, only paraphrased."""

    authors: list[Name] = []
    year: Annotated[int, Field(ge=1000, le=3000)] | None = None
    title: Text
    outlet: Text
    locator: Text = Field(description="where the figure stands, or what it was computed from")
    about: Literal["this_war", "wars"] = Field(description="the very war of the scenario, or wars and talks in general")
    certainty: Found = Field(description="how the figure was come by, not how good the study is")
    reference: Literal["seen", "memory"] = Field(description="where author, title and outlet come from")
    says: Text
    fields: list[Annotated[str, StringConstraints(max_length=200)]] = Field(
        [], description="the numbers it bears on, by path; none where it is a comparison"
    )
