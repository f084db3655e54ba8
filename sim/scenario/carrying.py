"""What an ending can carry: an option may stand under it if it can be carried out and reversed in the time it gives.

The title to land, for one, cannot be handed over for a month: it could never be taken back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.errors import ScenarioError
from sim.scenario.issue_schema import Carries, Option
from sim.scenario.names import Names
from sim.scenario.schema import Scenario
from sim.stakes.space import BoolArray

NEVER = math.inf


def carried(option: Option, carries: Carries | None) -> bool:
    """Whether an option may stand under an ending that gives so much time."""
    if carries is None:
        return True
    undo = NEVER if isinstance(option.undo, str) else option.undo
    return option.takes <= carries.takes and undo <= carries.undo


@dataclass(frozen=True)
class NotCarried:
    """An option of a package that its ending cannot carry: the months it needs, and those that there are; ``undo`` is
    None for never.
    """

    issue: str
    option: str
    takes: int
    undo: int | None
    ending: str
    longest_takes: int
    longest_undo: int


def not_carried(scenario: Scenario, package: Mapping[str, str]) -> list[NotCarried]:
    """What of a package its ending cannot carry, issue by issue, and why; pinned issues are exempt."""
    ending = None if scenario.war is None else scenario.war.ending
    if ending is None:
        return []
    carries, found = scenario.issues[ending].told(package[ending]).carries, []
    for issue_id, chosen in package.items():
        option = scenario.issues[issue_id].told(chosen)
        if issue_id != ending and issue_id not in scenario.pins and carries and not carried(option, carries):
            undo = None if isinstance(option.undo, str) else option.undo
            found.append(NotCarried(issue_id, chosen, option.takes, undo, package[ending], carries.takes, carries.undo))
    return found


def carried_boxes(scenario: Scenario, names: Names) -> BoolArray:
    """The boxes ``(B, I, K)`` of what endings cannot carry: as validity rules, one for each issue and set of endings
    that shut out the same options of it. Pinned issues are exempt, for nobody agrees them.

    Raises:
        ScenarioError: where something other than an ending carries, or an ending cannot carry what stands today.
    """
    ending = None if scenario.war is None else scenario.war.ending
    _only_endings_carry(scenario, ending)
    shut: dict[tuple[str, frozenset[str]], list[int]] = {}
    if ending is not None:
        for place, option in enumerate(scenario.issues[ending].options):
            carries = scenario.issues[ending].told(option).carries
            for issue_id, issue in scenario.issues.items():
                if issue_id == ending or issue_id in scenario.pins:
                    continue
                out = frozenset(other for other in issue.options if not carried(issue.told(other), carries))
                if issue.status_quo in out and carries is not None:
                    raise _too_long(issue_id, issue.status_quo, issue.told(issue.status_quo), option, carries)
                if out:
                    shut.setdefault((issue_id, out), []).append(place)
    boxes = []
    for (issue_id, out), endings in shut.items():
        box = np.zeros((len(names.space.issues), names.space.width), dtype=bool)
        for axis, other in enumerate(names.space.issues):
            box[axis, : len(other.options)] = True
        assert ending is not None
        box[names.axis[ending]] = np.isin(np.arange(names.space.width), endings)
        held = names.space.issues[names.axis[issue_id]].options
        box[names.axis[issue_id], : len(held)] = [option in out for option in held]
        boxes.append(box)
    return names.boxes(boxes)


def _too_long(issue_id: str, standing: str, told: Option, option: str, carries: Carries) -> ScenarioError:
    """Why an ending cannot carry what stands, at the months that are too many."""
    name = "takes" if told.takes > carries.takes else "undo"
    return ScenarioError(
        f"{option} carries {getattr(carries, name)} at most, not {getattr(told, name)}, and {standing} stands when "
        "nothing is agreed: every ending must carry it",
        path=("issues", issue_id, "options", standing, name),
    )


def _only_endings_carry(scenario: Scenario, ending: str | None) -> None:
    for issue_id, issue in scenario.issues.items():
        for option in issue.options:
            told = issue.told(option)
            for word in ("carries", "term"):
                if getattr(told, word) is not None and issue_id != ending:
                    only = f"only {ending} does" if ending else "the scenario has no war, so no issue is one"
                    raise ScenarioError(
                        f"belongs to an ending, and {issue_id} does not say how the fighting stops: {only}",
                        path=("issues", issue_id, "options", option, word),
                    )
