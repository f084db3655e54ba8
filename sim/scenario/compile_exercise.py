"""The names in a scenario's exercise held against the scenario: parties, issues, lines, articles, tactics.

It only complains; what is asked is turned into an assignment by the classroom.
"""

from __future__ import annotations

from sim.errors import ScenarioError, nearest
from sim.scenario.exercise_schema import Commitment, ReadSources, Tournament, TwoLevel
from sim.scenario.names import Names, YamlPath
from sim.scenario.schema import Scenario

HERE: YamlPath = ("exercise",)


def check_exercise(scenario: Scenario, names: Names) -> None:
    """Refuse an exercise that speaks of what the scenario does not have.

    Raises:
        ScenarioError: with the nearest name that it has.
    """
    asked = scenario.exercise
    if isinstance(asked, TwoLevel):
        names.party(asked.party, (*HERE, "party"))
    elif isinstance(asked, Commitment):
        names.issue(asked.issue, (*HERE, "issue"), at=())
        for issue_id, option in asked.package.items():
            names.option(issue_id, option, (*HERE, "package", issue_id))
    elif isinstance(asked, Tournament):
        if asked.hardliner not in asked.field:
            _unknown("tactic", asked.hardliner, list(asked.field), (*HERE, "hardliner"))
    elif isinstance(asked, ReadSources):
        lines = [line.id for line in scenario.red_lines]
        for n, reading in enumerate(asked.readings):
            path = (*HERE, "readings", n)
            if reading.line not in lines:
                _unknown("red line", reading.line, lines, (*path, "line"))
            if reading.article not in scenario.articles:
                _unknown("article", reading.article, list(scenario.articles), (*path, "article"))


def _unknown(what: str, word: str, known: list[str], path: YamlPath) -> None:
    raise ScenarioError(f'there is no {what} "{word}"{nearest(word, known)}', path=path)
