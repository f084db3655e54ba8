"""Single packages in sentences: what one changes, and why an option may not stand under an ending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.markup import listed, two_digits, unit_of
from sim.report.sentences import issue_name, label, name_of, requirement, unit
from sim.scenario.carrying import NotCarried
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.study.score import Undone


def in_words(scenario: Scenario, package: Mapping[str, str]) -> str:
    """What a package changes, issue by issue: ``Hostilities: armistice; …; all else as it stands``."""
    moved = {issue: option for issue, option in package.items() if option != scenario.issues[issue].status_quo}
    words = [f"{issue_name(scenario, issue)}: {label(scenario, issue, option)}" for issue, option in moved.items()]
    if len(moved) < len(package):
        words.append("all else as it stands" if moved else "everything as it stands")
    return "; ".join(words)


def not_carried(scenario: Scenario, found: NotCarried) -> str:
    """Why an option may not stand under an ending: ``Sanctions: full lifting can never be undone; …``."""
    assert scenario.war is not None
    slow, fast = found.takes > found.longest_takes, found.undo is not None and found.undo <= found.longest_undo
    needs = [f"takes {_months(found.takes)} to carry out"] * slow
    has = [f"carried out within {_months(found.longest_takes)}"] * slow
    if not fast:
        needs.append("can never be undone" if found.undo is None else f"takes {_months(found.undo)} to undo")
        has.append(f"undone within {_months(found.longest_undo)}")
    what = f"{issue_name(scenario, found.issue)}: {label(scenario, found.issue, found.option)}"
    ending = label(scenario, scenario.war.ending, found.ending)
    return f"{what} {' and '.join(needs)}; “{ending}” carries only what is {' and '.join(has)}."


def undone(scenario: Scenario, found: Mapping[str, Undone]) -> list[str]:
    """Who would not do what a package needs of it, and why: ``It needs A for Guarantees, and A would not do its part:
    …``.
    """
    told = []
    for party, of in found.items():
        name, issues = name_of(scenario, party), listed([issue_name(scenario, issue) for issue in of.issues])
        why = [f"it requires {requirement(scenario, line)[1]}" for line in of.crosses]
        if of.short:
            why.append(f"the package falls {short_of(scenario, of.short)} short of what it expects without a deal")
        told.append(f"It needs {name} for {issues}, and {name} would not do its part: {'; '.join(why)}.")
    return sorted(told)


def short_of(scenario: Scenario, short: float) -> str:
    """Points that are missing, or gained, in the scenario's unit."""
    said = two_digits(short)
    return f"{said} {unit_of(said, unit(scenario))}"


def _months(many: int) -> str:
    return "a month" if many == 1 else f"{many} months"
