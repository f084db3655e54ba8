"""What a page says beside each number that moves: what it is, what it rests on, from where to where its slider runs.

A slider runs between the ends that the scenario states; where it states none, a rule gives them. Fields take any valid
number.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from sim.markup import unit_of
from sim.report import sentences
from sim.scenario.assumptions import Assumption, assumptions
from sim.scenario.schema import Range, Scenario

NOTCHES = 50
"""Steps of a slider at least."""


@dataclass(frozen=True)
class Slider:
    """A number that can be moved: ``low`` to ``high`` by its slider, ``least`` to ``most`` at all; ``stated`` where the
    scenario gives these ends. ``party`` is None for what all see alike; ``kind`` is ``weight`` or ``number``; ``one``
    is the ``unit`` behind a 1.
    """

    path: str
    party: str | None
    kind: str
    label: str
    unit: str
    one: str
    ground: str
    value: float
    low: float
    high: float
    step: float
    least: float | None
    most: float | None
    stated: bool


def sliders(scenario: Scenario, paths: dict[str, float]) -> list[Slider]:
    """The sliders of some paths, in the order of the scenario's fields."""
    return [_slider(scenario, entry) for entry in assumptions(scenario) if entry.path in paths]


def _slider(scenario: Scenario, entry: Assumption) -> Slider:
    stated = _stated(scenario, entry.path)
    least, most = _bounds(scenario, entry)
    low, high = _ends(entry.value, least, most) if stated is None else _of_range(stated, entry.value)
    parts, unit = entry.path.split("."), entry.unit if entry.unit != "none" else ""
    return Slider(
        path=entry.path,
        party=parts[1] if parts[0] == "parties" else None,
        kind="weight" if "weights" in parts else "number",
        label=_label(scenario, entry),
        unit=unit,
        one=unit_of(1, unit),
        ground=entry.basis,
        value=entry.value,
        low=low,
        high=high,
        step=_step(low, high),
        least=least,
        most=most,
        stated=stated is not None,
    )


def _label(scenario: Scenario, entry: Assumption) -> str:
    """What the number is; with whose terms or attack it is about, or for which issue."""
    parts = entry.path.split(".")
    if "weights" in parts:
        return sentences.issue_name(scenario, parts[-1])
    if parts[-2] in ("win", "attacked") and parts[-1] in scenario.parties:
        return f"{entry.what}: {sentences.name_of(scenario, parts[-1])}"
    return f"{parts[-2]}: {entry.what}" if "levers" in parts else entry.what


def _stated(scenario: Scenario, path: str) -> Range | None:
    over = [stem for stem in scenario.ranges if f"{path}.".startswith(f"{stem}.")]
    return scenario.ranges[max(over, key=len)] if over else None


def _of_range(given: Range, value: float) -> tuple[float, float]:
    if not given.is_factor:
        return given.low, given.high
    low, high = sorted((round(given.low * value, 9), round(given.high * value, 9)))
    return low, high


def _bounds(scenario: Scenario, entry: Assumption) -> tuple[float | None, float | None]:
    """The least and the most that the field takes; a little within ends that it does not take itself."""
    least, most = entry.bounds.get("ge"), entry.bounds.get("le")
    if "gt" in entry.bounds:
        least = entry.bounds["gt"] + 0.001
    if "lt" in entry.bounds:
        most = entry.bounds["lt"] - 0.001
    if entry.path == "war.share" and scenario.war is not None:
        most = min([1.0 if most is None else most, *_rooms(scenario)])
    return least, most


def _rooms(scenario: Scenario) -> list[float]:
    """How far the line can have moved for what each party says of land beyond the last option still to lie beyond."""
    war = scenario.war
    assert war is not None
    ahead = max(war.shares.values()) - war.shares[scenario.issues[war.line].status_quo]
    beyond = [getattr(party.war, "beyond", None) for party in scenario.parties.values()]
    return [round(entry.share - ahead - 0.001, 6) for entry in beyond if entry is not None]


def _ends(value: float, least: float | None, most: float | None) -> tuple[float, float]:
    """Nothing to twice the number; near 1, half to twice of what is missing; within the bounds."""
    low, high = sorted((0.0, 2 * value)) if value else (0.0, 1.0)
    if most is not None and 0.9 <= value < 1 <= most + 0.01:
        low, high = 1 - 2 * (1 - value), 1 - (1 - value) / 2
    low = low if least is None else max(low, least)
    high = high if most is None else min(high, most)
    return round(low, 9), round(high, 9)


def _step(low: float, high: float) -> float:
    """A round step that makes about `NOTCHES` notches or more."""
    width = (high - low) / NOTCHES
    return float(f"{10 ** floor(log10(width)):.0e}") if width > 0 else 0.01
