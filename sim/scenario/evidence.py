"""What red lines and numbers rest on: every line has a source, or says that it is an assumption.

It checks and phrases sources; it never judges whether a reading of an article is right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sim.errors import ScenarioError, nearest
from sim.scenario.evidence_schema import Article, Certainty, Citation, Found, Grounds, Source
from sim.scenario.schema import RedLine, Scenario
from sim.scenario.schema_part import Part

YamlPath = tuple[str | int, ...]
SAID: dict[Certainty, str] = {
    "stated": "a statement of the party",
    "reported": "a report",
    "view": "a view of analysts or of the author",
    "background": "a background fact",
}
BEARS: dict[str, frozenset[Certainty]] = {
    "stated": frozenset({"stated"}),
    "reported": frozenset({"stated", "reported"}),
    "inferred": frozenset({"stated", "reported"}),
    "carried_forward": frozenset({"stated", "reported"}),
}
"""What a red line of each basis may cite: nobody's view becomes somebody's line. An assumption may cite anything."""
SEEN: frozenset[Found] = frozenset({"read", "computed"})
"""How a study's figure must have been come by for a number to rest on it; others are notes beside an assumption."""


def check_evidence(scenario: Scenario, noting: Callable[[], AbstractContextManager[None]]) -> None:
    """Refuse a red line, or the grounds of another field, whose source is missing or cannot bear it.

    Raises:
        ScenarioError: a line with neither source nor the basis "assumption", an article that the scenario does
            not list, a paragraph the article does not have, a stated line drawn from an analyst's view, grounds
            of a field that is not there, a study that is not in the bibliography or was not seen; ``noting`` is
            entered for each part, and may keep the complaint for later.
    """
    for article_id, article in scenario.articles.items():
        for kind, numbers in article.certainty.items():
            if numbers and max(numbers) > article.paragraphs:
                with noting():
                    raise ScenarioError(
                        f"article {article_id} has {article.paragraphs} paragraphs, not {max(numbers)}",
                        path=("articles", article_id, "certainty", kind),
                    )
    for n, line in enumerate(scenario.red_lines):
        with noting():
            _check(scenario, line, f'"{line.id}"', ("red_lines", n))
    for field, grounds in scenario.grounds.items():
        path: YamlPath = ("grounds", field)
        with noting():
            missing = first_missing(scenario, field)
            if missing is not None:
                raise ScenarioError(f"there is no such field: {missing}; remove its grounds too", path=path)
            _check(scenario, grounds, f"what {field} rests on", path)
            _check_studies(scenario, grounds, f"what {field} rests on", path)


def _check_studies(scenario: Scenario, grounds: Grounds, called: str, path: YamlPath) -> None:
    for m, source in enumerate(grounds.sources):
        if isinstance(source, Citation) and source.study not in scenario.literature:
            known = nearest(source.study, scenario.literature)
            raise ScenarioError(f'there is no study "{source.study}"{known}', path=(*path, "sources", m, "study"))
    found = {scenario.literature[source.study].certainty for source in grounds.studies}
    if grounds.basis == "literature" and not found & SEEN:
        held = f"only from {' and '.join(sorted(found))}" if found else "from no study"
        raise ScenarioError(f"{called} is called literature, but is known {held}", path=path)
    if grounds.studies and grounds.basis not in ("literature", "assumption"):
        raise ScenarioError(f"{called} cites a study; call its basis literature or assumption", path=path)


def _check(scenario: Scenario, part: RedLine | Grounds, called: str, path: YamlPath) -> None:
    if part.basis != "assumption" and not part.sources:
        raise ScenarioError(f"{called} has no source; name one, or call its basis assumption", path=path)
    for m, source in enumerate(part.sources):
        if isinstance(source, Citation):
            continue
        here = (*path, "sources", m)
        article = scenario.articles.get(source.article)
        if article is None:
            known = nearest(source.article, scenario.articles)
            raise ScenarioError(f'there is no article "{source.article}"{known}', path=(*here, "article"))
        if source.paragraph > article.paragraphs:
            raise ScenarioError(
                f"article {source.article} has {article.paragraphs} paragraphs", path=(*here, "paragraph")
            )
        kinds = kinds_of(article, source.paragraph)
        place = f"{source.article} ¶{source.paragraph}"
        if source.certainty and kinds and source.certainty not in kinds:
            held = " and ".join(SAID[kind] for kind in kinds)
            raise ScenarioError(f"{place} holds {held}, not {SAID[source.certainty]}", path=(*here, "certainty"))
        found = {source.certainty} if source.certainty else set(kinds)
        if isinstance(part, RedLine) and found and part.basis in BEARS and not found & BEARS[part.basis]:
            only = " and ".join(SAID[kind] for kind in kinds if kind in found)
            basis = part.basis.replace("_", " ")
            raise ScenarioError(f"{called} is called {basis}, but {place} holds only {only}", path=here)


def kinds_of(article: Article, paragraph: int) -> list[Certainty]:
    """What a paragraph holds, surest first; nothing where the article does not say."""
    return [kind for kind in SAID if paragraph in article.certainty.get(kind, ())]


def certainty(scenario: Scenario, source: Source) -> Certainty | None:
    """What an article gives a source as: what the source says, or the surest its paragraph holds."""
    kinds = kinds_of(scenario.articles[source.article], source.paragraph)
    return source.certainty or (kinds[0] if kinds else None)


def first_missing(whole: Any, path: str) -> str | None:
    """The first part of a dotted path that leads nowhere, with the nearest that does; None when all of it leads on.

    What stands at None, such as a war left out, is not looked into.
    """
    here = whole
    for part in path.split("."):
        if here is None:
            return None
        if isinstance(here, Part):
            below = {name: getattr(here, name) for name in type(here).model_fields}
        elif isinstance(here, dict):
            below = here
        elif isinstance(here, Sequence) and not isinstance(here, str):
            below = {str(_id(item, n)): item for n, item in enumerate(here)}
        else:
            below = {}
        if part not in below:
            return f'"{part}"{nearest(part, below)}'
        here = below[part]
    return None


def _id(item: Any, place: int) -> Any:
    """What an item of a list is called in a path: its id, or its place."""
    return item.get("id", place) if isinstance(item, dict) else getattr(item, "id", place)


def evidence_table(scenario: Scenario) -> list[dict[str, object]]:
    """A row for each red line and source, lines that are assumptions last.

    Party, wording, basis, and where it is said with what certainty.
    """
    rows: list[dict[str, object]] = []
    for line in scenario.red_lines:
        said = {"party": line.party, "red_line": line.id, "wording": line.wording}
        said |= {"basis": line.basis, "note": line.note}
        nowhere = {"article": None, "paragraph": None, "paraphrase": None, "certainty": None}
        found = [source.model_dump() | {"certainty": certainty(scenario, source)} for source in line.sources]
        rows += [said | source for source in found or [nowhere]]
    return sorted(rows, key=lambda row: (row["basis"] == "assumption", row["article"] is None))


def grounds_table(scenario: Scenario) -> list[dict[str, object]]:
    """A row for each source of another field: its path, basis, and where it is said, in an article or a study."""
    nowhere = {"article": None, "paragraph": None, "study": None, "locator": None}
    return [
        {"field": field, "basis": grounds.basis}
        | nowhere
        | source.model_dump()
        | {"certainty": _known(scenario, source)}
        for field, grounds in scenario.grounds.items()
        for source in grounds.sources
    ]


def _known(scenario: Scenario, source: Source | Citation) -> Certainty | Found | None:
    """What an article gives a thing as, or how a study's figure was come by."""
    if isinstance(source, Citation):
        return scenario.literature[source.study].certainty
    return certainty(scenario, source)


def grounds_said(grounds: Grounds) -> str:
    """What a field rests on, as people write it: ``reported, 003 ¶15: about a fifth is occupied``."""
    basis = grounds.basis.replace("_", " ")
    said = "; ".join(source.paraphrase for source in grounds.sources)
    after = "after " if grounds.basis == "assumption" else ""
    return f"{basis}, {after}{places(grounds.sources)}: {said}" if said else basis


def places(sources: Sequence[Source | Citation]) -> str:
    """Where a thing is said: ``002 ¶8, 003 ¶12``, or the id of a study."""
    return ", ".join(
        source.study + (f", {source.locator}" if source.locator else "")
        if isinstance(source, Citation)
        else f"{source.article} ¶{source.paragraph}"
        for source in sources
    )


def studies_cited(scenario: Scenario) -> list[str]:
    """The studies that the grounds of fields cite, in the order of their ids."""
    return sorted({source.study for grounds in scenario.grounds.values() for source in grounds.studies})


def study_said(scenario: Scenario, study_id: str) -> str:
    """A study as people cite it: who, when, what, where, and how the figure was come by."""
    study = scenario.literature[study_id]
    who = ", ".join(study.authors)
    when = str(study.year) if study.year else ""
    parts = [" ".join(filter(None, [who, when])), study.title, study.outlet, study.locator, study.says]
    known = f"figure {study.certainty}" + ("" if study.reference == "seen" else ", reference from memory")
    return f"{study_id}: {'; '.join(part.rstrip('.') for part in parts if part)} ({known})."


def cited(line: RedLine, brief: bool = False) -> str:
    """Where a line is reported, in brackets: ``[002 ¶8]``, or ``[assumption]``.

    What an earlier article reports, and is assumed still to hold, is ``carried forward``; in ``brief``, ``earlier``.
    """
    said = places(line.sources)
    if line.basis == "assumption":
        return f"[assumption, after {said}]" if said else "[assumption]"
    if line.basis == "carried_forward":
        return f"[{said}, {'earlier' if brief else 'carried forward'}]"
    return f"[{said}]"
