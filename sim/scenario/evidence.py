"""What red lines rest on: every line has a source, or says that it is an assumption.

It checks and phrases sources; it never judges whether a reading of an article is right.
"""

from __future__ import annotations

from sim.errors import ScenarioError, nearest
from sim.scenario.schema import RedLine, Scenario


def check_evidence(scenario: Scenario) -> None:
    """Refuse a red line whose source is missing or cannot exist.

    Raises:
        ScenarioError: a line with neither source nor the basis "assumption", an article that the scenario does
            not list, a paragraph the article does not have.
    """
    for n, line in enumerate(scenario.red_lines):
        if line.basis != "assumption" and not line.sources:
            raise ScenarioError(
                f'"{line.id}" has no source; name one, or give its basis as assumption', path=("red_lines", n)
            )
        for m, source in enumerate(line.sources):
            article = scenario.articles.get(source.article)
            path = ("red_lines", n, "sources", m)
            if article is None:
                known = nearest(source.article, scenario.articles)
                raise ScenarioError(f'there is no article "{source.article}"{known}', path=(*path, "article"))
            if source.paragraph > article.paragraphs:
                raise ScenarioError(
                    f"article {source.article} has {article.paragraphs} paragraphs", path=(*path, "paragraph")
                )


def evidence_table(scenario: Scenario) -> list[dict[str, object]]:
    """A row for each red line and source, lines that are assumptions last: party, wording, basis, where it is said."""
    rows: list[dict[str, object]] = []
    for line in scenario.red_lines:
        said = {"party": line.party, "red_line": line.id, "wording": line.wording, "basis": line.basis}
        nowhere = {"article": None, "paragraph": None, "paraphrase": None}
        found = [source.model_dump() for source in line.sources] or [nowhere]
        rows += [said | source for source in found]
    return sorted(rows, key=lambda row: row["article"] is None)


def cited(line: RedLine) -> str:
    """Where a line is reported, in brackets: ``[002 ¶8]``, or ``[assumption]``."""
    places = ", ".join(f"{source.article} ¶{source.paragraph}" for source in line.sources)
    if line.basis == "carried_forward":
        return f"[{places}, carried forward]"
    return f"[{places}]" if places else "[assumption]"
