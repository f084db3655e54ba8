"""The bibliography: whatever code and pages cite by author and year stands there, and what stands there is cited."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from sim import __version__
from tests.conftest import ROOT
from tests.references import bibliography, citations

GENERATED = ("evidence.md", "cli.md", "references.md")


def readers() -> list[Path]:
    return [
        *(ROOT / "sim").rglob("*.py"),
        *(path for path in (ROOT / "docs").glob("*.md") if path.name not in GENERATED),
    ]


def test_every_work_cited_by_code_and_pages_stands_in_the_bibliography_and_the_other_way_round() -> None:
    works = bibliography()
    known = {(name.split()[-1], work.fields["year"]): work.key for work in works for name in work.authors}
    cited = {citation: path for path in readers() for citation in citations(path.read_text("utf-8"))}
    assert {citation: path for citation, path in cited.items() if citation not in known} == {}
    assert {work.key for work in works} - {known[citation] for citation in cited} == set()


def test_every_line_of_the_bibliography_is_read() -> None:
    lines = (ROOT / "docs/references.bib").read_text("utf-8").splitlines()
    assert len(bibliography()) == sum(not line.startswith("%") for line in lines)
    for work in bibliography():
        assert {"author", "year", "title"} < set(work.fields), work.key
        assert work.line.count("(") >= 1


def test_citations_are_found_in_the_forms_that_are_used() -> None:
    text = "as in (Fang, Hipel & Kilgour 1993), Reiter (1987), Saltelli et al. 2010, Maynard Smith 1982; in May 2024"
    assert citations(text) == {("Kilgour", "1993"), ("Reiter", "1987"), ("Saltelli", "2010"), ("Smith", "1982")}


def test_the_citation_file_names_this_version() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_site_names_every_page_of_the_docs_once() -> None:
    site = (ROOT / "mkdocs.yml").read_text("utf-8")
    for page in [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*.ipynb")]:
        assert len(re.findall(rf": {re.escape(page.name)}$", site, re.M)) == 1, page.name


def test_the_lock_file_pins_whatever_the_tests_ask_for_within_its_bounds() -> None:
    pins: dict[str, list[str]] = {}
    for line in (ROOT / "tests/requirements.lock").read_text("utf-8").splitlines():
        if line and not line.lstrip().startswith("#"):
            name, version = line.split(" ")[0].split("==")
            pins.setdefault(canonicalize_name(name), []).append(version)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [
        Requirement(line)
        for line in [
            *project["dependencies"],
            *(line for name in ("cluster", "serve", "sweep", "test") for line in extras[name]),
        ]
    ]
    for needs in asked:
        if needs.name != "ceasefire-zone":
            assert pins[canonicalize_name(needs.name)], needs
            assert all(needs.specifier.contains(version) for version in pins[canonicalize_name(needs.name)]), needs
