"""Conditions on issues as scenario files write them: a set of options, or options up to or from a level.

They know nothing of any scenario; `names` makes boxes of them.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag

from sim.scenario.keys import OptionWord, Word
from sim.scenario.schema_part import Part


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
