"""Mechanical twins of scenarios: every ordered red line of every party has a true line one step looser.

The rule knows no party and no issue, and what it makes is always an assumption: nobody said it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.scenario.conditions import Bounds, Conditions
from sim.scenario.loader import load
from sim.scenario.schema import RedLine, Scenario

HEAD = """\
# Made by one rule from {slug}, not by hand: every ordered line of every party gives way by one level of
# the scale, whoever holds it. An assumption: nobody said so.
extends: {slug}
title: {title}, if every line had one step to give
about: >-
  What if every red line on an ordered issue were held one level looser than declared, whoever holds it? The declared
  lines stay as they are; the true ones are an assumption made by one rule for all parties, not a report.
  {opens}
"""
LEVELS = {"2022-istanbul": 1, "2025-02-backchannel": 1}
"""How many levels of every line it takes until a settlement opens, where it is not two; a test recomputes them."""
OPENS = {1: "A settlement opens by it.", 2: "No settlement opens by it: that would take two levels of every line."}


def one_step_looser(scenario: Scenario, line: RedLine) -> Conditions | None:
    """A line's condition with the neighbouring levels allowed too; None on an issue without order, or if all are.

    >>> scenario = load("toy/two-issues").scenario
    >>> one_step_looser(scenario, scenario.red_lines[0])
    {'tree': Bounds(at_most='felled', at_least=None)}
    """
    ((issue_id, condition),) = line.requires.items()
    issue = scenario.issues[issue_id]
    options = list(issue.options)
    if not issue.ordered:
        return None
    if isinstance(condition, Bounds):
        low, high = condition.at_least, condition.at_most
        looser = Bounds(at_least=low and _moved(options, low, -1), at_most=high and _moved(options, high, +1))
        return None if looser == condition else {issue_id: looser}
    allowed = {options.index(option) for option in condition}
    wider = [option for k, option in enumerate(options) if allowed & {k - 1, k, k + 1}]
    return None if len(wider) == len(allowed) else {issue_id: wider}


def levels_to_settle(slug: str) -> int:
    """How many levels looser every ordered line would have to be for a settlement to open."""
    return LEVELS.get(slug, 2)


def changes_of(slug: str, levels: int) -> list[str]:
    """The changes of a scenario that give every ordered line a true line so many levels looser."""
    scenario, changes = load(slug).scenario, []
    for line in scenario.red_lines:
        loose = line
        for _ in range(levels):
            wider = one_step_looser(scenario, loose)
            loose = loose if wider is None else loose.model_copy(update={"requires": wider})
        if loose is not line:
            ((issue_id, condition),) = loose.requires.items()
            changes.append(f"red_lines.{line.id}.softens_to={{{issue_id}: {_flow(condition)}}}")
    return changes


def _moved(options: Sequence[str], option: str, step: int) -> str:
    """The option a level further, or the last there is."""
    return options[min(max(options.index(option) + step, 0), len(options) - 1)]


def what_if_text(slug: str) -> str:
    """The file of a scenario's twin with a true line for every ordered red line."""
    scenario = load(slug).scenario
    text = HEAD.format(slug=slug, title=scenario.title, opens=OPENS[levels_to_settle(slug)])
    if scenario.lines_from:
        text += f"lines_from: {scenario.lines_from}; true lines, one level looser, assumed\n"
    text += "red_lines:\n"
    for line in scenario.red_lines:
        looser = one_step_looser(scenario, line)
        if looser is not None:
            ((issue_id, condition),) = looser.items()
            text += f"  - {{id: {line.id}, softens_to: {{{issue_id}: {_flow(condition)}}}}}\n"
    return text


def _flow(condition: Bounds | list[str]) -> str:
    if isinstance(condition, list):
        return f"[{', '.join(condition)}]"
    return "{" + ", ".join(f"{word}: {option}" for word, option in condition if option) + "}"
