"""Issues over numbers: a range with steps as ordered options, and values between given points on straight lines.

It rewrites plain data before the schema reads it, so that nothing after it knows numbers from words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from sim.scenario.keys import number_word
from sim.scenario.schema_part import Part
from sim.scenario.texts_and_numbers import is_number

MOST_OPTIONS = 64
"""Options of an issue."""
MOST_DECIMALS = 6

End = Annotated[float, Field(ge=-1e9, le=1e9)]


class Steps(Part):
    """Numbers from one end to the other as options, by `step`, or so many of them, evenly spaced, as `steps`."""

    from_: End = Field(alias="from", description="the first option")
    to: End = Field(description="the last option")
    step: Annotated[float, Field(gt=0)] | None = Field(None, description="from each option to the next")
    steps: Annotated[int, Field(ge=2, le=MOST_OPTIONS)] | None = Field(
        None, description="so many evenly spaced options in place of `step`, both ends included"
    )

    @model_validator(mode="after")
    def _can_be_options(self) -> Steps:
        low, high = _decimal(self.from_), _decimal(self.to)
        if self.step is not None and self.steps is not None:
            raise ValueError("says step and steps: leave one of them out")
        if self.step is None and self.steps is None:
            raise ValueError(f"wants a step (did you mean step: {_said((high - low).copy_abs() / 10 or Decimal(1))}?)")
        if low >= high:
            better = f" (did you mean {{from: {_said(high)}, to: {_said(low)}}}?)" if low > high else ""
            raise ValueError(f"runs from {_said(low)} to {_said(high)}, which is not upwards{better}")
        if self.step is not None:
            _check_step(low, high, _decimal(self.step))
        if len(self.options()) < len(self.numbers()) or any(at != round(at, MOST_DECIMALS) for at in self.numbers()):
            raise ValueError(f"has more than {MOST_DECIMALS} decimals")
        return self

    def numbers(self) -> list[Decimal]:
        """The options as numbers, upwards."""
        low, high = _decimal(self.from_), _decimal(self.to)
        if self.step is not None:
            step = _decimal(self.step)
            return [low + step * place for place in range(int((high - low) / step) + 1)]
        assert self.steps is not None
        span = high - low
        return [round(low + span * place / (self.steps - 1), MOST_DECIMALS) for place in range(self.steps)]

    def options(self) -> dict[str, str]:
        """Ids and names of the options: the numbers as people write them."""
        return {number_word(_said(at)): _said(at) for at in self.numbers()}


def _check_step(low: Decimal, high: Decimal, step: Decimal) -> None:
    whole, rest = divmod(high - low, step)
    if rest:
        ends = [_said(low + step * many) for many in (whole, whole + 1) if many]
        raise ValueError(
            f"goes from {_said(low)} by {_said(step)} and misses {_said(high)} (did you mean to: {' or '.join(ends)}?)"
        )
    if whole >= MOST_OPTIONS:
        fit = next(many for many in range(MOST_OPTIONS - 1, 0, -1) if not whole % many)
        raise ValueError(
            f"makes {int(whole) + 1:,} options; the maximum is {MOST_OPTIONS} "
            f"(did you mean step: {_said((high - low) / fit)}?)"
        )


def with_options(issue: Any) -> Any:
    """The data of an issue with the options of its range; what is wrong with a range is said where it is read.

    Raises:
        ValueError: for an issue that has options too, and other ones.
    """
    if not isinstance(issue, dict) or "range" not in issue:
        return issue
    steps = _steps(issue)
    if "options" in issue:
        raise ValueError("has options and a range: leave one of them out")
    return issue | {"options": {"range": "range"} if steps is None else steps.options()}


def with_range(scenario: dict[str, Any], issue_id: str, end: str) -> None:
    """Put a range in the place of the options of an issue in plain data, so that its ``end`` or steps can be changed.

    Options stand for points: what lies between two of them is worth what lies on the line between.
    """
    issue = _mapping(_mapping(scenario, "issues"), issue_id)
    steps = of_options(issue.get("options"))
    if steps is None:
        return
    names = issue.pop("options")
    other = {"step": "steps", "steps": "step"}.get(end)
    issue["range"] = {key: value for key, value in steps.items() if key != other}
    for party in _mapping(scenario, "parties").values():
        values = _mapping(party, "values")
        if isinstance(values.get(issue_id), dict):  # whatever else stands there is for the schema to refuse
            values[issue_id] = {names.get(option, option): value for option, value in values[issue_id].items()}


def of_options(options: Any) -> dict[str, Any] | None:
    """The range that makes these options, names by id, in plain data; None where they are not evenly spaced numbers."""
    names = list(options.values()) if isinstance(options, dict) else []
    at = [number for number in map(_number, names) if number is not None]
    if len(at) < 2:
        return None
    for by in ({"step": float(at[1] - at[0])}, {"steps": len(at)}):
        said = {"from": float(at[0]), "to": float(at[-1])} | by
        made = _steps({"range": said})
        if made is not None and made.options() == options:
            return said
    return None


def interpolated(scenario: Any) -> Any:
    """The data of a scenario whose parties value every option of a range: between points that the file gives, values
    lie on straight lines. Points need not be options; options beyond the outermost points stay without a value.
    """
    issues, parties = (_mapping(scenario, field) for field in ("issues", "parties"))
    ranges = {issue_id: steps for issue_id, issue in issues.items() if (steps := _steps(issue)) is not None}
    if not ranges or not parties:
        return scenario
    most = math.inf if scenario.get("scale") else 1
    return scenario | {"parties": {party_id: _valued(party, ranges, most) for party_id, party in parties.items()}}


def _valued(party: Any, ranges: Mapping[str, Steps], most: float) -> Any:
    values = _mapping(party, "values")
    found = {issue_id: _between(of, ranges[issue_id], most) for issue_id, of in values.items() if issue_id in ranges}
    return party | {"values": values | found} if found else party


def _between(points: Any, steps: Steps, most: float) -> Any:
    """Values by option from values by number; untouched where something else stands, which is refused later."""
    at = {_number(word): value for word, value in points.items()} if isinstance(points, dict) else {}
    if not at or len(at) < len(points) or not all(_fits(point, value, most) for point, value in at.items()):
        return points
    known = sorted((point, Decimal(repr(value))) for point, value in at.items() if point is not None)
    low, high = _decimal(steps.from_), _decimal(steps.to)
    beyond = {number_word(_said(point)): float(value) for point, value in known if not low <= point <= high}
    return dict(_filled(known, steps.numbers())) | beyond


def _filled(known: list[tuple[Decimal, Decimal]], options: list[Decimal]) -> Iterator[tuple[str, float]]:
    given = dict(known)
    for option in options:
        if option in given:
            yield number_word(_said(option)), float(given[option])
            continue
        for (left, low), (right, high) in pairwise(known):
            if left < option < right:
                yield number_word(_said(option)), float(low + (high - low) * (option - left) / (right - left))


def _fits(point: Decimal | None, value: Any, most: float) -> bool:
    return point is not None and is_number(value) and (0 <= value <= 1 or most > 1)


def _steps(issue: Any) -> Steps | None:
    """The range of an issue, where it has one that is in order."""
    if not isinstance(issue, dict) or "range" not in issue:
        return None
    try:
        return Steps.model_validate(issue["range"])
    except ValidationError:
        return None


def _mapping(data: Any, field: str) -> dict[str, Any]:
    found = data.get(field) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _number(word: Any) -> Decimal | None:
    try:
        found = Decimal(word) if isinstance(word, str) else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def _decimal(given: float) -> Decimal:
    return Decimal(repr(given))


def _said(given: Decimal) -> str:
    """A number as people write it: without an exponent or zeros at the end.

    >>> [_said(Decimal(text)) for text in ("10.0", "2.50", "1E+3", "-0.0")]
    ['10', '2.5', '1000', '0']
    """
    text = f"{given:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
