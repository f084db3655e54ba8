"""The names in a scenario's exercise held against the scenario: parties, issues, lines, articles, tactics.

It only complains; what is asked is turned into an assignment by the classroom.
"""

from __future__ import annotations

from collections.abc import Collection

from sim.errors import ScenarioError, nearest
from sim.scenario.names import Names
from sim.scenario.schema import Scenario


def check_exercise(scenario: Scenario, names: Names) -> None:
    """Refuse an exercise that speaks of what the scenario does not have.

    Raises:
        ScenarioError: with the nearest name that it has.
    """
    lines = [line.id for line in scenario.red_lines]
    there_are: dict[str, Collection[str]] = {
        "party": scenario.parties, "issue": scenario.issues, "red line": lines, "article": scenario.articles,
    }  # fmt: skip
    for what, word, path, known in scenario.exercise.mentions() if scenario.exercise else ():
        if what == "option":
            names.option(str(path[-1]), word, ("exercise", *path))
            continue
        known = known or there_are[what]
        if word not in known:
            raise ScenarioError(f'there is no {what} "{word}"{nearest(word, known)}', path=("exercise", *path))
