"""Files of other platforms, read without being trusted: bounded, no entities, and no traceback whatever they hold."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from sim.errors import MissingLibraryError, ScenarioError, ScenarioNotFoundError, UnsafeFileError
from sim.files import read_bounded, read_json, unread
from sim.scenario.stepped import MOST_OPTIONS

LARGEST = 2_000_000
"""Bytes of a file that is read."""
MOST_PARTS = 100_000
"""Tags of an XML file, or whatever else begins a part in other formats: no scenario comes of a tenth of them."""


def text_of(path: Path, *marks: str) -> str:
    """The text of a file in which parts begin with ``marks``.

    Raises:
        ScenarioNotFoundError: where it cannot be read.
        UnsafeFileError: where it is too large, of too many parts to be looked at, or no text.
    """
    try:
        text = read_bounded(path, LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise ScenarioNotFoundError(unread(path, error)) from None
    except UnicodeDecodeError:
        raise UnsafeFileError("is not UTF-8 text", where=str(path)) from None
    if (parts := sum(map(text.count, marks))) > MOST_PARTS:
        raise UnsafeFileError(f"has {parts:,} parts; no scenario has more than {MOST_PARTS:,}", where=str(path))
    return text


def json_of(path: Path) -> Any:
    """The data of a JSON file."""
    try:
        return read_json(text_of(path, "[", "{", ","))
    except ValueError as error:
        if isinstance(error, ScenarioError):
            raise
        raise UnsafeFileError(f"is not JSON: {error}", where=str(path)) from None


def xml_of(path: Path) -> Element:
    """The root of an XML file without entities, document types or anything from elsewhere."""
    try:
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import fromstring
    except ImportError:
        raise MissingLibraryError(
            "reading XML needs the library defusedxml: python -m pip install defusedxml"
        ) from None

    try:
        root: Element = fromstring(text_of(path, "<", "="), forbid_dtd=True)
    except DefusedXmlException:
        raise UnsafeFileError("declares a document type or entities, which are not read", where=str(path)) from None
    except ParseError as error:
        raise UnsafeFileError(f"is not XML: {error}", where=str(path)) from None
    except RecursionError:
        raise UnsafeFileError("is nested too deeply", where=str(path)) from None
    return root


def mapping(found: Any, what: str, where: str) -> dict[str, Any]:
    """The mapping that stands there."""
    if not isinstance(found, dict) or not found:
        raise ScenarioError(f"{what} should be a mapping with something in it", where=where)
    return {str(key): value for key, value in found.items()}


def finite(found: Any, what: str, where: str) -> float:
    """The number that stands there."""
    try:
        value = float(found) if not isinstance(found, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise ScenarioError(f"{what} should be a number, not {str(found)[:40]!r}", where=where)
    return value


def steps(low: float, high: float, step: float | None, asked: int | None, issue: str, where: str) -> list[float]:
    """The values of an issue that is a range: by its own step, or as many evenly spaced ones as were asked for."""
    if high < low:
        raise ScenarioError(f"{issue!r} runs from {low:g} down to {high:g}", where=where)
    many = asked if asked is not None or step is None else math.floor((high - low) / step + 1e-9) + 1
    if many is None:
        raise ScenarioError(f"{issue!r} takes any number from {low:g} to {high:g}: say --steps 11", where=where)
    if many > MOST_OPTIONS:
        raise ScenarioError(
            f"{issue!r} takes {many:,} values, and an issue has {MOST_OPTIONS} options at most: say --steps 11",
            where=where,
        )
    if asked is None and step is not None:
        return [low + step * place for place in range(many)]
    return [low] if many == 1 else [low + (high - low) * place / (many - 1) for place in range(many)]


def file_name(number: int, name: str, suffix: str) -> str:
    """What the file of a party is called: its place and its name, as every system's disks can have it.

    >>> file_name(1, "<b>Ann</b>: all/nothing? ", ".xml")
    '01--b-Ann--b-- all-nothing-.xml'
    """
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "-", name)
    return f"{number:02}-{plain.rstrip('. ')}{suffix}"
