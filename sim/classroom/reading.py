"""Parts of an answer as plain data turned into words, numbers and packages, or refused with the nearest valid value.

It must not know any exercise, nor what is right.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from sim.errors import AnswerError, nearest
from sim.stakes.space import OutcomeSpace

LONGEST_LIST = 1_000
"""Entries of a list that are read at most."""


def word(given: Any, known: Collection[str], what: str) -> str:
    """One of some known words."""
    text = given if isinstance(given, str) else {True: "yes", False: "no"}.get(given) if type(given) is bool else None
    if text is None:
        raise AnswerError(f"should be {what}, a word")
    text = text.strip()
    if text not in known:
        raise AnswerError(f'there is no {what} "{text[:60]}"{nearest(text[:60], known)}')
    return text


def words(given: Any, known: Collection[str], what: str) -> set[str]:
    """A set of known words; a single one may stand without a list."""
    return {word(entry, known, what) for entry in _listed(given)}


def real(given: Any, low: float, high: float) -> float:
    """A finite number between two bounds."""
    if type(given) not in (int, float) or not math.isfinite(given):
        raise AnswerError("should be a number")
    if not low <= given <= high:
        raise AnswerError(f"should lie between {low:g} and {high:g}")
    return float(given)


def package(given: Any, space: OutcomeSpace) -> tuple[int, ...]:
    """A whole package as option numbers: one option for every issue, by name."""
    if not isinstance(given, dict):
        raise AnswerError("should be a package: one option for each issue")
    issues = {issue.id: issue for issue in space.issues}
    for issue_id in given:
        word(issue_id, issues, "issue")
    missing = [issue_id for issue_id in issues if issue_id not in given]
    if missing:
        raise AnswerError(f"says nothing of {', '.join(missing)}")
    return tuple(
        issue.options.index(word(given[issue_id], issue.options, f"option of {issue_id}"))
        for issue_id, issue in issues.items()
    )


def packages(given: Any, space: OutcomeSpace) -> set[tuple[int, ...]]:
    """A set of whole packages."""
    return {package(entry, space) for entry in _listed(given)}


def _listed(given: Any) -> list[Any]:
    entries = given if isinstance(given, list) else [given]
    if len(entries) > LONGEST_LIST:
        raise AnswerError(f"lists more than {LONGEST_LIST:,} entries")
    return entries
