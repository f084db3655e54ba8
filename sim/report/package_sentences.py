"""Single packages in sentences: what one changes, and why an option may not stand under an ending."""

from __future__ import annotations

from collections.abc import Mapping

from sim.report.sentences import issue_name, label
from sim.scenario.carrying import NotCarried
from sim.scenario.schema import Scenario


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


def _months(many: int) -> str:
    return "a month" if many == 1 else f"{many} months"
