"""Docstrings point to what there is: a name between single backticks is something that a reader can look up."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections import defaultdict
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import pytest

from tests.conftest import ROOT

SIM = ROOT / "sim"
NAME = r"(?<!`)`([A-Za-z_]\w+(?:\.\w+)*)`(?!`)"
NAMED = re.compile(NAME)
ELSEWHERE = re.compile(rf"{NAME}(?='s?(?:\s+business|[.,;:]))|business\s+of\s+{NAME}")
"""What is said to be another file's: "`x`'s business", "what it is worth is `x`'s;", "the business of `x`"."""
OF_YAML = {"null", "true"}
FILE = re.compile(r"\.(json|md|yml)$")


def assigned(body: list[ast.stmt]) -> set[str]:
    """The names that a file or a class gives values or types to."""
    targets = [part for node in body for part in (getattr(node, "target", None), *getattr(node, "targets", ()))]
    return {name.id for target in targets if target for name in ast.walk(target) if isinstance(name, ast.Name)}


def parsed(text: str) -> tuple[list[str], set[str], set[str]]:
    """The docstrings of a file, the words that its code uses, and those that it defines."""
    docstrings, used, defined = [], set[str](), set[str]()
    tree = ast.parse(text)
    defined |= assigned(tree.body)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(value)):
                docstrings += [value] * (id(node) in said)
                used |= {value} if id(node) not in said else set()
            case ast.FunctionDef(name=name):
                defined.add(name)
            case ast.ClassDef(name=name, body=body):
                defined |= {name, *assigned(body)}
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                used.add(name)
            case ast.alias(name=name):
                used |= set(name.split("."))
    return docstrings, used | defined, defined


@cache
def files() -> dict[str, tuple[list[str], set[str], set[str]]]:
    """Every file of the package, by its path, `parsed`."""
    return {path.relative_to(ROOT).as_posix(): parsed(path.read_text("utf-8")) for path in sorted(SIM.rglob("*.py"))}


@cache
def defined() -> set[str]:
    """All that any file defines."""
    return {name for _, _, names in files().values() for name in names}


@cache
def modules() -> dict[str, set[str]]:
    """By all that a file may be called, from `sim` on, from its room on, or by its own name: the words in it."""
    found = defaultdict[str, set[str]](set)
    for path, (_, words, _) in files().items():
        parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
        for first in range(len(parts)):
            found[".".join(parts[first:])] |= words
    return dict(found)


def is_there(name: str, used: set[str]) -> bool:
    """Whether a name is a file, something in one, a path of fields, used beside it, or of Python or a library."""
    if name in modules() or name in used | OF_YAML or FILE.search(name):
        return True
    parts = name.split(".")
    for last in range(len(parts) - 1, 0, -1):
        if (module := ".".join(parts[:last])) in modules():
            return set(parts[last:]) <= modules()[module]
    if set(parts) <= defined():
        return True
    if len(parts) == 1:
        return hasattr(builtins, name) or keyword.iskeyword(name)
    return find_spec(parts[0]) is not None and hasattr(import_module(".".join(parts[:-1])), parts[-1])


def gone(docstrings: list[str], used: set[str]) -> list[str]:
    """What docstrings name that is not there; what is said to be another's business must be a file."""
    named = [name for said in docstrings for name in NAMED.findall(said) if not is_there(name, used)]
    others = [one or other for said in docstrings for one, other in ELSEWHERE.findall(said)]
    return [*named, *(name for name in others if name not in modules())]


def test_what_docstrings_name_is_there() -> None:
    found = {path: gone(docstrings, used) for path, (docstrings, used, _) in files().items()}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("When a run is over is `ending`'s business.", {"ending"}),
        ("What is near is `across`'\nbusiness, what others want `listening`'s; and so on.", {"listening"}),
        ("Whose word counts is the business of `seats_of`.", {"seats_of"}),
        ("See `round_ends`, `sim.stakes.war.pleased`, `stakes.wars.odds` and `numpy.uniq`.",
         {"round_ends", "sim.stakes.war.pleased", "stakes.wars.odds", "numpy.uniq"}),
        ("``K`` by `Kind`, `stakes.war.odds`, `numpy.unique`, `protocol.softening`; the rest is `round_end`'s.", set()),
    ],
)  # fmt: skip
def test_a_name_that_is_gone_is_found(said: str, missing: set[str]) -> None:
    assert set(gone([said], set())) == missing
