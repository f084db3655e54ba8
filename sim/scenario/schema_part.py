"""What every part of a schema shares, and how a part is told from what else may stand in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Discriminator


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
