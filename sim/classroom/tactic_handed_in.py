"""A tactic that somebody hands in: numbers for the fields of a scenario's `tactic`, never code.

It reads and refuses; what a tactic does is the talks' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from sim.classroom import answer_parts
from sim.errors import AnswerError
from sim.scenario.tactics import first_wrong
from sim.scenario.talks_schema import Tactic


def tactic_text(tactic: Tactic) -> str:
    """What a tactic says, where it is not the usual."""
    said = tactic.model_dump(mode="json", exclude_defaults=True)
    return ", ".join(f"{name} {value}" for name, value in said.items()) or "the usual"


def tactic_of(given: Any) -> Tactic:
    """The tactic in plain data.

    Raises:
        AnswerError: for anything that is no tactic, with the nearest field.
    """
    if not isinstance(given, Mapping):
        raise AnswerError("should be a tactic, such as {exponent: 0.5}")
    try:
        return Tactic.model_validate(_fields(given))
    except ValidationError as error:
        field, said = first_wrong(error)
        raise AnswerError(f"is not a tactic: {field[:40] or 'it'}: {said}") from None


def _fields(given: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields under their own names, and text that can only be meant as a number, a word or yes or no as that."""
    known = {answer_parts.key(field): field for field in Tactic.model_fields}
    found: dict[str, Any] = {}
    for written, value in given.items():
        field = known.get(answer_parts.key(str(written)), str(written))
        if field in found:
            raise AnswerError(f"is not a tactic: {field[:40]}: appears twice")
        found[field] = answer_parts.number(value)
        kind = Tactic.model_fields[field].annotation if field in Tactic.model_fields else None
        if isinstance(value, str) and kind is bool:
            found[field] = {"yes": True, "true": True, "no": False, "false": False}.get(answer_parts.key(value), value)
        elif isinstance(value, str) and get_origin(kind) is Literal:
            found[field] = answer_parts.word(value, get_args(kind), f"value of {field}")
    return found
