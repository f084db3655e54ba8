"""Which fields of a scenario a study can vary, by path: every number with unit and range, and the named choices.

It reads them off the schema and checks values against it; how values get into a case is `columns`' business.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sim.errors import ScenarioError, nearest
from sim.scenario.assumptions import assumptions, unit_in
from sim.scenario.changes import change, written
from sim.scenario.evidence import cited
from sim.scenario.keys import number_word
from sim.scenario.loader import Loaded, with_changes
from sim.scenario.schema import Scenario
from sim.scenario.stepped import of_options
from sim.scenario.talks_schema import ProtocolName
from sim.scenario.texts_and_numbers import is_number
from sim.scenario.yamltext import parse_scalar

Kind = Literal["number", "whole", "choice"]
LEFT_OUT = "without"
"""The last part of the path of a switch that leaves a red line out."""
WEIGHT_SET = "weight_set"
"""The path that chooses among the scenario's weight sets."""
BASELINE = "baseline"
"""The scenario's own weights."""


@dataclass(frozen=True)
class Field:
    """A field: where it stands, what it is now, its unit and range, what it rests on.

    ``choices`` are the values of a named choice; None where any value is allowed that the loader accepts.
    """

    path: str
    kind: Kind
    now: Any
    unit: str
    range: str
    basis: str
    what: str
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    choices: tuple[Any, ...] | None = None

    def measures(self) -> dict[str, Any]:
        """The field as plain data."""
        shown = ("path", "kind", "now", "unit", "range", "basis", "what", "choices")
        return {name: getattr(self, name) for name in shown}

    def holds(self, value: float) -> bool:
        """Whether a number lies within the range."""
        above = value > self.low if self.open_low else value >= self.low
        return above and (value < self.high if self.open_high else value <= self.high)


def fields(scenario: Scenario) -> list[Field]:
    """Every field that can be varied, numbers first."""
    return [*_numbers(scenario), *_choices(scenario)]


def _numbers(scenario: Scenario) -> Iterator[Field]:
    for entry in assumptions(scenario):
        if entry.path.startswith(("weight_sets.", "weight_concentration")):
            continue  # they reread a scenario and move nothing in it
        low, high = entry.bounds.get("ge", -math.inf), entry.bounds.get("le", math.inf)
        yield Field(
            entry.path,
            "whole" if isinstance(entry.value, int) else "number",
            entry.value,
            entry.unit,
            entry.range,
            entry.basis,
            entry.what,
            entry.bounds.get("gt", low),
            entry.bounds.get("lt", high),
            "gt" in entry.bounds,
            "lt" in entry.bounds,
        )
    for party_id, party in scenario.parties.items():
        if party.reservation is None:
            what = "value of the plan without a deal; a number takes the place of the war"
            path, unit = f"parties.{party_id}.reservation", unit_in(scenario, "points a month")
            yield Field(path, "number", None, unit, "[-1000, 1000]", "assumption", what, -1_000, 1_000)
    if scenario.war is None and scenario.protocol.discount is None:
        what = "share of what a deal gives above no deal that is left after each round of waiting; 1 by default"
        yield Field("protocol.discount", "number", None, "share a round", "(0, 1]", "assumption", what, 0, 1, True)


def _choices(scenario: Scenario) -> Iterator[Field]:
    def choice(path: str, now: Any, values: Sequence[Any] | None, what: str, basis: str = "scenario") -> Field:
        shown = "any list of values" if values is None else ", ".join("null" if v is None else str(v) for v in values)
        return Field(path, "choice", now, "name", shown, basis, what, choices=None if values is None else tuple(values))

    protocol, parties = scenario.protocol, list(scenario.parties)
    rules = get_args(ProtocolName)
    yield choice("protocol.name", protocol.name, rules, "how offers are exchanged")
    yield choice("protocol.mediator.party", protocol.mediator.party, [None, *parties], "who drafts the single text")
    yield choice("protocol.proposers", protocol.proposers, None, "who makes offers, in turn")
    yield choice("protocol.agreement", protocol.agreement, None, "how many must accept, and whose word is needed")
    for party_id, party in scenario.parties.items():
        yield choice(f"parties.{party_id}.roles", party.roles, None, "signatory, guarantor, mediator, observer")
    for issue_id, issue in scenario.issues.items():
        pinned, options = scenario.pins.get(issue_id), list(issue.options)
        yield choice(f"pins.{issue_id}", pinned, [None, *options], "the option that the issue is held at")
        now = scenario.protocol.start_text.get(issue_id)
        yield choice(f"protocol.start_text.{issue_id}", now, [None, *options], "where the first text stands")
        yield choice(f"issues.{issue_id}.status_quo", issue.status_quo, options, "what stands without agreement")
        for name, value in list((of_options(issue.options) or {}).items())[2:]:
            what = "the numbers that are its options; values lie on straight lines between those that stand"
            yield choice(f"issues.{issue_id}.range.{name}", value, None, what)
    for line in scenario.red_lines:
        what = f"leaves the line out {cited(line)}"
        yield choice(f"red_lines.{line.id}.{LEFT_OUT}", False, [False, True], what, line.basis)
    if scenario.weight_sets:
        names = [BASELINE, *scenario.weight_sets]
        yield choice(WEIGHT_SET, BASELINE, names, "another reading of how much issues matter")


def find_field(loaded: Loaded, path: str) -> Field:
    """The field at a path; any other field that ``--set`` knows is a choice without a list.

    Raises:
        ScenarioError: with the nearest paths.
    """
    known = {field.path: field for field in fields(loaded.scenario)}
    if path in known:
        return known[path]
    data: Any = loaded.scenario.model_dump(mode="json")
    for part in path.split("."):
        if isinstance(data, list):
            data = {str(item.get("id", n)) if isinstance(item, dict) else str(n): item for n, item in enumerate(data)}
        if not isinstance(data, dict) or part not in data:
            found = nearest(path, known).replace(" (one of", " (some of them")
            raise ScenarioError(f'there is no field "{path}" to vary{found}', where=f"--vary {path}")
        data = data[part]
    return Field(path, "choice", data, "value", "what the scenario accepts", "scenario", "")


def read_value(field: Field, text: str, where: str) -> Any:
    """A value from its text as the field takes it: an option called `10` or `null` is itself, whatever YAML says.

    Raises:
        ScenarioError: for a text that is no YAML.
    """
    text = text.strip()
    return text if text in (field.choices or ()) else parse_scalar(text, where)


def as_taken(field: Field, value: Any) -> Any:
    """A value from YAML as the field takes it: `10` where options are called so."""
    if field.choices is None or isinstance(value, str) or _listed_among(value, field.choices):
        return value
    text = str(number_word(written(value)))
    return text if text in field.choices else value


def _listed_among(value: Any, choices: Sequence[Any]) -> bool:
    """Whether a value is one of some; `1` is not `true`."""
    return any(type(value) is type(choice) and value == choice for choice in choices)


def check_value(loaded: Loaded, field: Field, value: Any, where: str) -> None:
    """Refuse a value that the field cannot take.

    Raises:
        ScenarioError: with the range or the nearest choice.
    """
    if field.kind != "choice":
        if not is_number(value) or (field.kind == "whole" and value != int(value)):
            wanted = "a whole number" if field.kind == "whole" else "a number"
            raise ScenarioError(f"{field.path} wants {wanted}, not {value!r}", where=where)
        if not field.holds(value):
            raise ScenarioError(f"{field.path} lies in {field.range}, so it cannot be {value:g}", where=where)
    elif field.choices is not None:
        if not _listed_among(value, field.choices):
            shown = nearest(str(value), ["null" if choice is None else str(choice) for choice in field.choices])
            raise ScenarioError(f'{field.path} cannot be "{value}"{shown}', where=where)
    else:
        with_changes(loaded, [change(field.path, value)])
