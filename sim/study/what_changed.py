"""What changed from one scenario to the next: red lines, figures, rules. Nothing, where nothing did.

Lines are compared under one reading: where two scenarios are read differently, that is a change of its own and moves
no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.scenario.assumptions import assumptions
from sim.scenario.loader import Loaded
from sim.scenario.reading import as_read
from sim.scenario.schema import Reading, RedLine, Scenario

RULES = (
    "issues", "belligerents", "camps", "parties", "war", "interactions", "weight_sets", "validity", "pins", "zones",
    "consent", "protocol", "events",
)  # fmt: skip
"""Fields that bear on zone or talks by more than their numbers."""
SAID = frozenset({"batna", "story", "note", "wording", "sources", "basis"})
"""Keys whose texts bear on nothing."""


@dataclass(frozen=True)
class LineChanges:
    """Ids of red lines that were added, dropped, or moved: the same id with another condition."""

    added: list[str]
    dropped: list[str]
    moved: list[str]


@dataclass(frozen=True)
class Moved:
    """A figure that is another one; None where it does not stand."""

    path: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Changes:
    """What is different: ``reading`` from which to which, or None; ``rules`` are fields that differ by more than their
    figures.
    """

    reading: tuple[Reading | None, Reading | None] | None
    lines: LineChanges
    figures: list[Moved]
    rules: list[str]

    @property
    def none(self) -> bool:
        """Whether nothing that bears on zone or talks changed."""
        lines = self.lines.added or self.lines.dropped or self.lines.moved
        return not (self.reading or lines or self.figures or self.rules)


def changes(before: Loaded, after: Loaded) -> Changes:
    """What changed from one scenario to the next."""
    old, new = before.scenario, after.scenario
    return Changes(
        reading=None if old.reading == new.reading else (old.reading, new.reading),
        lines=line_changes(old, new),
        figures=figure_changes(old, new),
        rules=[field for field in RULES if _rule(getattr(old, field)) != _rule(getattr(new, field))],
    )


def line_changes(before: Scenario, after: Scenario) -> LineChanges:
    """Ids of red lines that were added, dropped, or moved: the same id with another condition, under one reading."""
    if before.reading and after.reading:
        after = as_read(after.model_copy(update={"reading": before.reading}))
    old, new = ({line.id: line for line in scenario.red_lines} for scenario in (before, after))
    return LineChanges(
        added=[line for line in new if line not in old],
        dropped=[line for line in old if line not in new],
        moved=[line for line in new if line in old and _condition(new[line]) != _condition(old[line])],
    )


def figure_changes(before: Scenario, after: Scenario) -> list[Moved]:
    """The numbers that differ, but those of red lines that only one of the two has."""
    both = {line.id for line in before.red_lines} & {line.id for line in after.red_lines}

    def numbers(scenario: Scenario) -> dict[str, float]:
        every = {entry.path: entry.value for entry in assumptions(scenario)}
        return {p: value for p, value in every.items() if not p.startswith("red_lines.") or p.split(".")[1] in both}

    old, new = numbers(before), numbers(after)
    paths = dict.fromkeys((*old, *new))
    return [Moved(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]


def _condition(line: RedLine) -> tuple[object, ...]:
    return line.party, line.when, line.requires, line.softens_to


def _rule(value: Any) -> Any:
    """What a field says but for numbers and texts."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        held = {key: _rule(entry) for key, entry in value.items() if key not in SAID}
        return {key: entry for key, entry in held.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [_rule(entry) for entry in value]
    return None if isinstance(value, int | float) and not isinstance(value, bool) else value
