"""Parts of an answer as plain data turned into words, numbers and packages, or refused with the nearest valid value.

People write a word in many ways: case, hyphens, spaces, a name in place of its id, a decimal comma. What can be meant
in one way only is taken so. It must not know any exercise, nor what is right.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from sim.errors import AnswerError, nearest
from sim.scenario.schema import Scenario
from sim.stakes.space import OutcomeSpace

LONGEST_LIST = 1_000
"""Entries of a list that are read at most."""
LONGEST_WORD, LONGEST_NUMBER = 200, 20
"""Letters that are looked at."""
BETWEEN, AND = re.compile(r"[,;&\n]"), re.compile(r"\band\b", re.IGNORECASE)
"""What stands between the entries of a list in one line."""
NUMBER = re.compile(r"[-+]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")


def key(text: str) -> str:
    """A word without what people write in many ways.

    >>> key("North-Gate"), key(" north_gate"), key("007")
    ('north gate', 'north gate', '7')
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_WORD]).casefold().strip(" \t\r\n\"'`.!")
    plain = re.sub(r"[\s_\-\u2010-\u2015]+", " ", plain)
    return plain.lstrip("0") or "0" if re.fullmatch("[0-9]+", plain) else plain


def word(given: Any, known: Collection[str], what: str) -> str:
    """One of some known words; where ``known`` leads from words to names, by either."""
    text = {True: "yes", False: "no"}.get(given) if type(given) is bool else given
    text = str(text) if type(text) is int else text
    if not isinstance(text, str):
        raise AnswerError(f"should be {'an' if what[0] in 'aeiou' else 'a'} {what}, in one word{nearest('', known)}")
    text = text.strip()
    if text in known:
        return text
    meant: list[str] = []
    for written in (key(text), key(text).removeprefix("the ")):
        meant = meant or [entry for entry in known if key(entry) == written]
        if not meant and isinstance(known, Mapping):
            meant = [entry for entry, name in known.items() if isinstance(name, str) and key(name) == written]
    if len(meant) > 1:
        raise AnswerError(f'"{text[:60]}" may be {" or ".join(meant[:8])}; write the id')
    if not meant:
        raise AnswerError(f'there is no {what} "{text[:60]}"{nearest(text[:60], known)}')
    return meant[0]


def words(given: Any, known: Collection[str], what: str) -> set[str]:
    """A set of known words; a single one may stand without a list, several as one lists them in a sentence."""
    entries = _listed(given)
    if len(entries) == 1 and isinstance(entries[0], str):
        entries = _listed([part for said in BETWEEN.split(entries[0]) for part in _named(said, known, what)])
    return {word(entry, known, what) for entry in entries if entry is not None and str(entry).strip()}


def _named(said: str, known: Collection[str], what: str) -> list[str]:
    """What stands between two commas: one word, in which an "and" may stand, or several with one between them."""
    try:
        return [word(said, known, what)]
    except AnswerError:
        return AND.split(said)


def keyed(given: Mapping[Any, Any], known: Collection[str], what: str) -> dict[str, Any]:
    """A mapping under its known keys, however they are written."""
    found: dict[str, Any] = {}
    for written, value in given.items():
        meant = word(written, known, what)
        if meant in found:
            raise AnswerError(f'says "{meant}" twice')
        found[meant] = value
    return found


def number(given: Any) -> Any:
    """A number that was written as text, with a point or a comma; anything else as it is.

    >>> number("0,9"), number(" 12 "), number("a half")
    (0.9, 12, 'a half')
    """
    text = given.strip() if isinstance(given, str) else ""
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
        return given
    return float(text.replace(",", ".")) if "," in text or "." in text else int(text)


def real(given: Any, low: float, high: float) -> float:
    """A finite number between two bounds."""
    found = number(given)
    if type(found) not in (int, float) or not math.isfinite(found):
        raise AnswerError(f"should be a number, {low:g} to {high:g}")
    if not low <= found <= high:
        raise AnswerError(f"should lie between {low:g} and {high:g}")
    return float(found)


def package(given: Any, space: OutcomeSpace, scenario: Scenario | None = None) -> tuple[int, ...]:
    """A whole package as option numbers: one option for every issue, by id, or by name where ``scenario`` has names.

    ``a=b,c=d``, as packages are printed and given on the command line, is one too.
    """
    if isinstance(given, str) and "=" in given:
        pairs = [part.partition("=") for part in given.split(",")[:LONGEST_LIST]]
        given = {issue.strip(): option.strip() for issue, _, option in pairs}
    if not isinstance(given, dict):
        raise AnswerError("should be a package: one option for each issue")
    names = scenario.issues if scenario else {}
    issues = {issue.id: (names[issue.id].name if names else None) or issue.id for issue in space.issues}
    chosen = keyed(given, issues, "issue")
    missing = [issue_id for issue_id in issues if chosen.get(issue_id) in (None, "")]
    if missing:
        raise AnswerError(f"says nothing of {', '.join(missing)}")
    found = []
    for issue in space.issues:
        options = names[issue.id].options if names else issue.options
        found.append(issue.options.index(word(chosen[issue.id], options, f"option of {issue.id}")))
    return tuple(found)


def packages(given: Any, space: OutcomeSpace, scenario: Scenario | None = None) -> set[tuple[int, ...]]:
    """A set of whole packages."""
    return {package(entry, space, scenario) for entry in _listed(given)}


def _listed(given: Any) -> list[Any]:
    entries = given if isinstance(given, list) else [given]
    if len(entries) > LONGEST_LIST:
        raise AnswerError(f"lists more than {LONGEST_LIST:,} entries")
    return entries
