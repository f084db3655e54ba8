"""The pieces that scenario files are made of: words, texts, numbers with their units, and conditions on issues.

They know nothing of any scenario.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
"""An id: lower-case letters, digits, `_` and `-`."""


def number_word(text: Any) -> Any:
    """The id of an option that is a number; any other text is left as it is.

    >>> [number_word(text) for text in ("10", "2.5", "-0.5", "low")]
    ['10', '2_5', 'minus_0_5', 'low']
    """
    if not isinstance(text, str) or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return text
    return text.replace("-", "minus_").replace(".", "_")


def is_number(value: Any) -> bool:
    """Whether a value is a finite number, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


OptionWord = Annotated[
    Word,
    BeforeValidator(number_word),
    WithJsonSchema(
        {"type": ["string", "number"], "pattern": r"^(-?[0-9]+(\.[0-9]+)?|[a-z0-9][a-z0-9_-]*)$", "maxLength": 80}
    ),
]
"""The id of an option; a number stands for the id of the option that is this number."""


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


def day(given: Any) -> Any:
    """A day as YYYY-MM-DD; other ways of writing one are refused."""
    if isinstance(given, str):
        try:
            return datetime.date.fromisoformat(given)
        except ValueError:
            raise ValueError("should be a day such as 2025-12-05") from None
    return given


class Part(BaseModel):
    """What all parts share: unknown keys are refused, and a part once read does not change.

    A part that is a default is made by ``model_construct``: what would check it takes a while to build.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True, defer_build=True)


def by_key(part: type[Part], key: str, tag: str, otherwise: str) -> Discriminator:
    """Tells a part that alone has some key from what else may stand in its place."""
    return Discriminator(
        lambda given: tag if isinstance(given, part) or (isinstance(given, dict) and key in given) else otherwise
    )


ASSUMED = "assumption"


def number(default: Any, what: str, unit: str, basis: str = ASSUMED, **bounds: float) -> Any:
    """A numeric field that says what it is, in which unit, in which range, and what it rests on."""
    extra: dict[str, Any] = {"unit": unit, "basis": basis}
    return Field(default, description=what, json_schema_extra=extra, **bounds)  # type: ignore[call-overload]


NO_IDS = "no_ids"
"""The kind of complaint about a list in which something else stands than ids."""


def as_mapping(options: Any) -> Any:
    """A bare list of options stands for options whose label is their id."""
    if not isinstance(options, list):
        return options
    for place, option in enumerate(options):
        if not isinstance(option, str):
            said = "should be a list of ids, or a mapping of ids to names"
            raise PydanticCustomError(NO_IDS, said, {"place": place})
        if option in options[:place]:
            raise ValueError(f'lists "{option[:80]}" twice')
    return {option: option.replace("_", " ") for option in options}


def as_named(part: type[Part]) -> Callable[[Any], Any]:
    """A bare list stands for the fields of a part in their order."""
    fields = list(part.model_fields)

    def named(given: Any) -> Any:
        if isinstance(given, dict | part):
            return given
        if not isinstance(given, list) or len(given) > len(fields):
            raise ValueError(f"should be [{', '.join(fields)}]")
        return dict(zip(fields, given, strict=False))

    return named


class Bounds(Part):
    """A condition on an ordered issue: options up to, or from, a level."""

    at_most: OptionWord | None = Field(None, description="the highest option that meets the condition")
    at_least: OptionWord | None = Field(None, description="the lowest option that meets the condition")


Condition = Annotated[
    Annotated[Bounds, Tag("bounds")]
    | Annotated[
        list[OptionWord],
        Field(min_length=1),
        BeforeValidator(lambda given: given if isinstance(given, list | dict) else [given]),
        Tag("options"),
    ],
    Discriminator(lambda given: "bounds" if isinstance(given, dict | Bounds) else "options"),
]
"""`[a, b]` or `a` for a set of options, `{at_most: a}` or `{at_least: a}` for an ordered issue."""
Conditions = dict[Word, Condition]
