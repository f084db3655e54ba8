"""The texts, days and numbers that scenario files hold: the length of a text, a number's unit, range and basis."""

from __future__ import annotations

import datetime
import math
import unicodedata
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints


def _one_line(text: Any) -> Any:
    """Text on one line, without the characters that would move a cursor."""
    if not isinstance(text, str):
        return text
    text = " ".join(text.split())
    if not text.isprintable() and any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise ValueError("should have no control characters")
    return text


Name = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=80)]
"""What people call a thing: one line."""
Text = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=2_000)]
Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0, le=100)]
Drift = Annotated[float, Field(ge=-0.05, le=0.05)]
"""Change of a share a month."""
Months = Annotated[int, Field(ge=1, le=1_200)]
"""Months, or rounds of a month each, up to a hundred years."""
Times = Annotated[int, Field(ge=1, le=1_000)]
"""How often something has to happen before somebody acts on it."""


def day(given: Any) -> Any:
    """A day as YYYY-MM-DD; other ways of writing one are refused."""
    if isinstance(given, str):
        try:
            return datetime.date.fromisoformat(given)
        except ValueError:
            raise ValueError("should be a day such as 2025-12-05") from None
    return given


def is_number(value: Any) -> bool:
    """Whether a value is a finite number, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


ASSUMED = "assumption"


def follows(study: str) -> str:
    """What a number rests on whose rule follows a study."""
    return f"{study}; the number: {ASSUMED}"


def number(default: Any, what: str, unit: str, basis: str = ASSUMED, **bounds: float) -> Any:
    """A numeric field that says what it is, in which unit, in which range, and what it rests on."""
    extra: dict[str, Any] = {"unit": unit, "basis": basis}
    return Field(default, description=what, json_schema_extra=extra, **bounds)  # type: ignore[call-overload]
