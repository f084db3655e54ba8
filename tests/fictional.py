"""The same cases under fictional names, made by one rule from a file of names: words change, numbers do not.

It knows no name itself, and it writes no file: `python -m tests.library` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

import yaml

from sim.scenario.evidence import studies_cited
from sim.scenario.keys import Word
from sim.scenario.library import data_file, find
from sim.scenario.loader import load
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import Name, Text
from sim.scenario.validation import read_as
from sim.scenario.yamltext import read_yaml

HEAD = """\
# Made by one rule from another case of the library and a file of names, not by hand. Places, parties and dispatches are
# invented; every number is the same as there. Studies of wars in general are real, and cited as such.
"""
ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
DATED = ("as_of",)
"""Keys that would tell which case it is."""


class Titled(Part):
    """What a fictional case or base is called."""

    slug: Word
    title: Text
    about: Text


class Base(Part):
    """What the base of the fictional cases is called."""

    name: Word
    title: Text


class Dispatches(Part):
    """What the invented articles are called; ``{n}`` in the title is a number."""

    base: Word
    title: Name


class Renaming(Part):
    """The file of names."""

    format: Literal[1]
    base: Base
    articles: Dispatches
    cases: dict[Word, Titled]
    ids: dict[Word, Word]
    words: dict[Word, Word]
    phrases: dict[str, str]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.phrases, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def id(self, known: str) -> str:
        """An id under its new name: renamed whole, or word by word."""
        if known in self.ids:
            return self.ids[known]
        if re.fullmatch(r"\d{3}", known):
            return f"dispatch-{int(known) + 1}"
        return "".join(self.words.get(word, word) for word in re.split(r"([-_])", known))

    def text(self, said: str) -> str:
        """A text under new names, phrase by phrase."""
        return self._pattern.sub(lambda found: self.phrases[found[0]], said)

    def tree(self, given: Any) -> Any:
        """Plain data under new names: keys and ids as ids, everything else that is written as text."""
        if isinstance(given, Mapping):
            return {self._key(key): self.tree(value) for key, value in given.items() if key not in DATED}
        if isinstance(given, list):
            return [self.tree(item) for item in given]
        if isinstance(given, str):
            return self.id(given) if ID.fullmatch(given) else self.text(given)
        return given

    def _key(self, key: str) -> str:
        return ".".join(map(self.id, key.split(".")))


def renaming() -> Renaming:
    """The shipped file of names.

    Raises:
        ScenarioError: when it is not in order.
    """
    return read_as(Renaming, data_file("fictional-names"))


def fictional_files() -> dict[str, str]:
    """Every file of the fictional cases, by its path below the scenario folder."""
    names = renaming()
    first = read_yaml(find(next(iter(names.cases)))).plain()
    base = read_yaml(find(first["extends"])).plain()
    files = {
        f"base/{names.articles.base}.yaml": _dispatches(names),
        f"base/{names.base.name}.yaml": _written(
            names.tree(_of_wars(base)) | {"title": names.base.title, "extends": names.articles.base}
        ),
    }
    for slug, case in names.cases.items():
        files[f"fictional/{case.slug}.yaml"] = _written(_case(names, slug, case))
    return files


def _case(names: Renaming, slug: str, case: Titled) -> dict[str, Any]:
    plain = _of_wars(read_yaml(find(slug)).plain())
    over = names.cases.get(plain["extends"])
    told = {"title": case.title, "about": case.about, "extends": over.slug if over else names.base.name}
    order = ("format", "title", "about", "extends")
    renamed = names.tree(plain) | told
    return {key: renamed[key] for key in order if key in renamed} | {
        key: value for key, value in renamed.items() if key not in order
    }


def _studies() -> dict[str, dict[str, Any]]:
    """The studies of wars in general, by id: an invented war may rest on them, and on no study of a real one."""
    known = load(next(iter(renaming().cases))).scenario.literature
    return {
        study_id: study.model_dump(exclude={"fields"}, exclude_none=True)
        for study_id, study in known.items()
        if study.about == "wars"
    }


def _of_wars(plain: dict[str, Any]) -> dict[str, Any]:
    """A scenario as written, without studies of this very war; what rests on nothing else becomes an assumption."""
    known = _studies()
    grounds = {}
    for field, said in plain.get("grounds", {}).items():
        kept = [source for source in said.get("sources", []) if "study" not in source or source["study"] in known]
        seen = said["basis"] != "literature" or any("study" in source for source in kept)
        grounds[field] = said | {"sources": kept} | ({} if seen else {"basis": "assumption"})
    return plain | ({"grounds": grounds} if grounds else {})


def _cited(names: Renaming) -> dict[str, dict[str, Any]]:
    """The studies that the fictional cases cite."""
    used = {study for slug in names.cases for study in studies_cited(load(slug).scenario)}
    return {study_id: study for study_id, study in _studies().items() if study_id in used}


def _dispatches(names: Renaming) -> str:
    """The articles as dispatches: as many paragraphs of the same kinds, nothing else of them; and the studies cited."""
    known = load(next(iter(names.cases))).scenario.articles
    invented = {
        names.id(article_id): {
            "title": names.articles.title.format(n=number),
            "paragraphs": article.paragraphs,
            "certainty": dict(article.certainty),
        }
        for number, (article_id, article) in enumerate(known.items(), start=1)
    }
    return _written({"format": 1, "articles": invented, "literature": _cited(names)})


class _Plain(yaml.SafeDumper):
    """A dumper that writes everything out where it stands."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _written(tree: dict[str, Any]) -> str:
    body = yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=116, default_flow_style=None)
    return HEAD + str(body)
