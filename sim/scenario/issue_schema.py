"""The shape of an issue in a scenario file: its options, as words or as numbers by steps, and the time that each takes.

It knows nothing of parties and of what options are worth to them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.keys import OptionWord, Word
from sim.scenario.schema_part import Part
from sim.scenario.stepped import MOST_OPTIONS, Steps, with_options
from sim.scenario.texts_and_numbers import Name, number

Months = Annotated[int, Field(ge=0, le=1_200)]


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


class Carries(Part):
    """How much time an ending gives: an option may stand under it if it can be carried out and reversed in that."""

    takes: Months = number(..., "longest time to carry something out", "months")
    undo: Months = number(..., "longest time to reverse something", "months")


class Option(Part):
    """A way to settle an issue, with the time that it takes; a bare name takes none."""

    name: Name
    takes: Months = number(0, "time to carry it out", "months")
    undo: Annotated[
        Annotated[Months, Tag("months")] | Annotated[Literal["never"], Tag("never")],
        Discriminator(lambda given: "never" if isinstance(given, str) else "months"),
    ] = number(0, "time to reverse it, or never", "months")
    carries: Carries | None = Field(None, description="of an ending: what may stand under it; anything by default")
    term: Annotated[int, Field(ge=1, le=1)] | None = Field(
        None, description="of a truce: the months for which it is agreed; a round is a month, so one"
    )


class Issue(Part):
    """One thing to be settled and the ways to settle it."""

    name: Name | None = Field(None, description="how people call it; the id by default")
    ordered: bool = Field(True, description="whether the options are levels, so that one step is one level")
    options: Annotated[
        dict[
            Word,
            Annotated[
                Annotated[Name, Tag("name")] | Annotated[Option, Tag("option")],
                Discriminator(lambda given: "option" if isinstance(given, dict | Option) else "name"),
            ],
        ],
        BeforeValidator(as_mapping),
    ] = Field(
        min_length=1,
        max_length=MOST_OPTIONS,
        description="option ids with names, or with more than a name, in level order; or a list of ids",
    )
    range: Steps | None = Field(None, exclude=True, description="numbers by steps, in place of options")
    status_quo: OptionWord = Field(description="the option that stands when nothing is agreed; the first by default")

    @model_validator(mode="before")
    @classmethod
    def _first_stands(cls, given: Any) -> Any:
        """A range stands for its options; where nothing is said to stand, the first option does."""
        given = with_options(given)
        if not isinstance(given, dict) or "status_quo" in given:
            return given
        options = given.get("options")
        if not isinstance(options, dict | list) or not options:
            return given
        return given | {"status_quo": next(iter(options))}

    @property
    def labels(self) -> dict[str, str]:
        """What people call each option."""
        return {option: given if isinstance(given, str) else given.name for option, given in self.options.items()}

    def told(self, option: str) -> Option:
        """An option with the time that it takes."""
        given = self.options[option]
        return Option(name=given) if isinstance(given, str) else given
