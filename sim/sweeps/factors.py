"""What is varied: a field of a scenario over a range or a list, from a point of the unit interval to a value.

It knows nothing of designs, runs or results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import ScenarioError
from sim.scenario.changes import by_path, texts, written
from sim.scenario.fields import LEFT_OUT, WEIGHT_SET, Field, as_taken, check_value, find_field, read_value
from sim.scenario.loader import Loaded
from sim.scenario.yamltext import parse_scalar
from sim.stakes.space import FloatArray

MOST_LEVELS = 1_000
"""Values that a list or a range with steps may expand to."""


@dataclass(frozen=True)
class Factor:
    """A field and the values it takes: ``values`` one by one, or all from ``low`` to ``high``.

    A column holds numbers; of a choice it holds places in ``values``.
    """

    field: Field
    values: tuple[Any, ...] | None = None
    low: float = 0.0
    high: float = 0.0

    @property
    def path(self) -> str:
        """The path of the field."""
        return self.field.path

    @property
    def named(self) -> bool:
        """Whether its values are names and not numbers."""
        return self.field.kind == "choice"

    @property
    def levels(self) -> tuple[Any, ...] | None:
        """Its values where they can be listed, else None."""
        if self.values is None and self.field.kind == "whole":
            return tuple(range(int(self.low), int(self.high) + 1))
        return self.values

    def column(self, uniform: FloatArray) -> FloatArray:
        """Numbers ``(N,)`` from points of [0, 1) ``(N,)``; places in ``values`` for names."""
        if self.values is None and self.field.kind == "number":
            return self.low + uniform * (self.high - self.low)
        count = len(self.values) if self.values is not None else int(self.high) - int(self.low) + 1
        return self.at(np.floor(uniform * count).astype(np.int64))

    def at(self, places: Any) -> FloatArray:
        """The column of these places ``(N,)`` among the levels."""
        if self.named:
            return np.asarray(places, dtype=float)
        if self.values is None:
            return int(self.low) + np.asarray(places, dtype=float)
        return np.array(self.values, dtype=float)[places]

    def value(self, number: float) -> Any:
        """What an entry of the column stands for, as YAML takes it."""
        if self.named:
            assert self.values is not None
            return self.values[int(number)]
        return int(number) if self.field.kind == "whole" else float(number)

    def text(self, number: float) -> str:
        """An entry of the column on one line, with all its digits."""
        return written(self.value(number))

    def plain(self) -> dict[str, Any]:
        """As a sweep file says it."""
        return {"low": self.low, "high": self.high} if self.values is None else {"values": list(self.values)}


def factor(loaded: Loaded, path: str, given: Any, where: str) -> Factor:
    """A factor from what a sweep file says: ``{low, high}``, ``{low, high, step}``, ``{values: [...]}`` or a list.

    Raises:
        ScenarioError: with the nearest path, or the range that the field has.
    """
    field = find_field(loaded, path)
    if isinstance(given, dict) and set(given) == {"values"}:
        given = given["values"]
    if isinstance(given, list):
        return _listed(loaded, field, given, where)
    if not isinstance(given, dict) or not {"low", "high"} <= set(given) <= {"low", "high", "step"}:
        raise ScenarioError("wants {low, high}, {low, high, step} or {values: [...]}", path=(path,), where=where)
    if field.kind == "choice":
        raise ScenarioError("is not a number, so it has no range: list its values", path=(path,), where=where)
    for end in ("low", "high"):
        check_value(loaded, field, given[end], where)
    low, high = given["low"], given["high"]
    if not low < high:
        raise ScenarioError(f"{field.path}: low ({low:g}) must lie below high ({high:g})", where=where)
    if given.get("step") is not None:
        return _listed(loaded, field, _stepped(low, high, given["step"], where), where)
    return Factor(field, None, low, high)


def _listed(loaded: Loaded, field: Field, values: list[Any], where: str) -> Factor:
    if not 1 <= len(values) <= MOST_LEVELS:
        raise ScenarioError(f"{field.path} wants 1 to {MOST_LEVELS:,} values, not {len(values):,}", where=where)
    values = [as_taken(field, value) for value in values]
    for n, value in enumerate(values):
        if written(value) in map(written, values[:n]):
            raise ScenarioError(f"{field.path} lists {written(value)} twice", where=where)
        check_value(loaded, field, value, where)
    return Factor(field, tuple(values))


def _stepped(low: float, high: float, step: Any, where: str) -> list[float]:
    """Values from low to high, which lies on a step but for rounding."""
    if isinstance(step, bool) or not isinstance(step, int | float) or not step > 0:
        raise ScenarioError(f"a step must be a number above 0, not {step!r}", where=where)
    count = int((high - low) / step + 1e-9) + 1
    if count > MOST_LEVELS:
        raise ScenarioError(f"{count:,} steps are more than {MOST_LEVELS:,}", where=where)
    if abs((high - low) / step - round((high - low) / step)) > 1e-9:
        ends = " or ".join(f"{low + many * step:g}" for many in (count - 1, count) if many)
        said = f"goes from {low:g} by {step:g} and misses {high:g} (did you mean to: {ends}?)"
        raise ScenarioError(said, where=where)
    whole = isinstance(low, int) and isinstance(step, int)
    return [low + n * step if whole else round(low + n * step, 12) for n in range(count)]


def parse_vary(loaded: Loaded, text: str) -> Factor:
    """A factor from ``PATH=LOW:HIGH``, ``PATH=LOW:HIGH:STEP`` or ``PATH=a,b,c``.

    Raises:
        ScenarioError: for anything else.
    """
    where = f"--vary {text}"
    path, equals, said = (part.strip() for part in text.partition("="))
    if not equals or not said:
        raise ScenarioError("wants PATH=LOW:HIGH, PATH=LOW:HIGH:STEP or PATH=a,b,c", where=where)
    parts = _apart(said)
    if len(parts) == 1 and said[0] not in "[{" and said.count(":") in (1, 2):
        ends = [parse_scalar(part, where) for part in said.split(":")]
        return factor(loaded, path, dict(zip(("low", "high", "step"), ends, strict=False)), where)
    field = find_field(loaded, path)
    return factor(loaded, path, [read_value(field, part, where) for part in parts], where)


def factors_of(loaded: Loaded, vary: Mapping[str, Any] | Iterable[str] | None, said: str = "vary") -> dict[str, Factor]:
    """Factors by path, from texts or from what a sweep file would say of each path."""
    if isinstance(vary, Mapping):
        return {path: factor(loaded, path, given, said) for path, given in by_path(vary, said).items()}
    given = texts(() if vary is None else vary, said, "PATH=LOW:HIGH texts or a mapping of paths")
    found: dict[str, Factor] = {}
    for made in (parse_vary(loaded, text) for text in given):
        if made.path in found:
            raise ScenarioError(f"{made.path} varies twice", where=f"--{said} {made.path}")
        found[made.path] = made
    return found


def refuse_still(factors: Mapping[str, Factor], where: str) -> None:
    """Refuse fields of which none takes a second value: every case would be the same one again."""
    still = {path: factor.values[0] for path, factor in factors.items() if factor.values and len(factor.values) == 1}
    if still and len(still) == len(factors):
        path, value = next(iter(still.items()))
        said = f"{path} takes one value, so nothing varies: give it a second one, or say --set {path}={written(value)}"
        raise ScenarioError(said, where=where)


def refuse_both(factors: Mapping[str, Factor], levers: Mapping[str, Factor], where: str) -> None:
    """Refuse a field that is nature's and somebody's choice."""
    for path in factors.keys() & levers.keys():
        raise ScenarioError(f"{path} is a lever and varies by itself: it can be one of the two", where=where)


def refuse_nested(paths: tuple[str, ...], where: str) -> None:
    """Refuse two factors of which one lies inside the other."""
    for path in paths:
        for other in paths:
            inside = other.startswith(f"{path}.") or (path == WEIGHT_SET and ".weights." in other)
            dropped = path.endswith(f".{LEFT_OUT}") and other.startswith(path.removesuffix(LEFT_OUT)) and path != other
            if inside or dropped:
                raise ScenarioError(f"{path} and {other} cannot both vary: one decides over the other", where=where)


def _apart(text: str) -> list[str]:
    """A text cut at its commas, those inside brackets aside.

    >>> _apart("[a, b],c")
    ['[a, b]', 'c']
    """
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
