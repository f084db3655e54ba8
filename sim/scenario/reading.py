"""One reading of demands for all parties: do red lines bind a settlement alone, or any ceasefire?

Reports rarely say whether a demand is a condition of the last treaty or of the first truce. A reading answers that for
every line of every party alike, so that no difference between two dates comes from how two files were written.
"""

from __future__ import annotations

from sim.errors import ScenarioError
from sim.scenario.conditions import Condition
from sim.scenario.schema import Reading, RedLine, Scenario

READINGS: tuple[Reading, ...] = ("settlement", "ceasefire")


def as_read(scenario: Scenario) -> Scenario:
    """The scenario with its red lines under its reading; lines on the ending itself stay as they are.

    Raises:
        ScenarioError: where there is a reading but no ending, or no ending is a settlement.
    """
    if scenario.reading is None:
        return scenario
    ending, settled = _settlement(scenario)
    lines = [_read(line, scenario.reading, ending, settled) for line in scenario.red_lines]
    return scenario.model_copy(update={"red_lines": lines})


def can_be_read(scenario: Scenario) -> bool:
    """Whether a ceasefire can be something other than a settlement, so that a reading makes a difference."""
    return _ending(scenario) in scenario.zones.settlement and bool(scenario.red_lines)


def _ending(scenario: Scenario) -> str | None:
    """The issue that says how the fighting stops; where no war is modelled, the one that makes a settlement."""
    if scenario.war is not None:
        return scenario.war.ending
    return next(iter(scenario.zones.settlement)) if len(scenario.zones.settlement) == 1 else None


def _settlement(scenario: Scenario) -> tuple[str, Condition]:
    ending = _ending(scenario)
    if ending is None or ending not in scenario.zones.settlement:
        raise ScenarioError("needs a settlement that is one of the endings (zones.settlement)", path=("reading",))
    return ending, scenario.zones.settlement[ending]


def _read(line: RedLine, reading: Reading, ending: str, settled: Condition) -> RedLine:
    if ending in line.requires:
        return line
    when = {issue: condition for issue, condition in line.when.items() if issue != ending}
    if reading == "settlement":
        when[ending] = settled
    return line.model_copy(update={"when": when})
