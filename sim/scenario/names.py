"""A scenario's names as numbers: issues, options, parties, conditions; an unknown one is answered with the nearest.

It complains with the YAML path; the loader adds file and line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.scenario import schema
from sim.scenario.conditions import Condition, Conditions
from sim.scenario.exercise_schema import Mention
from sim.stakes.space import BoolArray, Issue, OutcomeSpace

YamlPath = tuple[str | int, ...]


class Names:
    """Looks names up; of one that there is not it notes the complaint, and goes on with the first that there is.

    So all that a scenario gets wrong is said at once; what is made meanwhile is thrown away.
    """

    def __init__(self, scenario: schema.Scenario) -> None:
        self.wrong: list[ScenarioError] = []
        self.issues = scenario.issues
        self.axis = {issue_id: n for n, issue_id in enumerate(scenario.issues)}
        self.party_number = {party_id: n for n, party_id in enumerate(scenario.parties)}
        lines, parties = [line.id for line in scenario.red_lines], self.party_number
        self.known: dict[str, Collection[str]] = {
            "party": parties, "issue": self.axis, "red line": lines, "article": scenario.articles,
        }  # fmt: skip
        left = {issue_id: tuple(range(len(issue.options))) for issue_id, issue in scenario.issues.items()}
        for issue_id, option in scenario.pins.items():
            left[issue_id] = (self.option(issue_id, option, ("pins", issue_id)),)
        self.space = OutcomeSpace(
            tuple(
                Issue(
                    issue_id,
                    tuple(issue.options),
                    self.option(issue_id, issue.status_quo, ("issues", issue_id, "status_quo")),
                    issue.ordered,
                )
                for issue_id, issue in scenario.issues.items()
            ),
            tuple(left.values()),
        )

    def complain(self, what: str, path: YamlPath) -> None:
        """Note a complaint."""
        self.wrong.append(ScenarioError(what, path=path))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note the complaint that the block raises."""
        try:
            yield
        except ScenarioError as error:
            self.wrong.append(error)

    def issue(self, issue_id: str, path: YamlPath, at: YamlPath | None = None) -> int:
        """The axis of an issue; ``at`` is added to the path of a complaint, by default the name itself."""
        if issue_id not in self.axis:
            end = (issue_id,) if at is None else at
            self.complain(f'there is no issue "{issue_id}"{nearest(issue_id, self.axis)}', (*path, *end))
        return self.axis.get(issue_id, 0)

    def option(self, issue_id: str, option: str, path: YamlPath) -> int:
        """The place of an option on its issue."""
        self.issue(issue_id, path[:-1] if path and path[-1] == issue_id else path)
        options = list(self.issues[issue_id].options) if issue_id in self.issues else [option]
        if option not in options:
            self.complain(f'{issue_id} has no option "{option}"{nearest(option, options)}', path)
            return 0
        return options.index(option)

    def by_option(self, issue_id: str, table: Mapping[str, float], path: YamlPath) -> list[float]:
        """Numbers by option of an issue, in the issue's order; all options must be there."""
        options = list(self.issues[issue_id].options)
        for option in table:
            self.option(issue_id, option, (*path, option))
        for option in options:
            if option not in table and set(table) <= set(options):  # else the misspelt one may be meant
                self.complain(f'says nothing of option "{option}"', path)
        return [table.get(option, 0.0) for option in options]

    def party(self, party_id: str, path: YamlPath) -> int:
        """The place of a party."""
        if party_id not in self.party_number:
            self.complain(f'there is no party "{party_id}"{nearest(party_id, self.party_number)}', path)
        return self.party_number.get(party_id, 0)

    def parties(self, ids: Iterable[str], path: YamlPath) -> tuple[int, ...]:
        """The places of several parties."""
        return tuple(self.party(party_id, path) for party_id in ids)

    def check(self, mentions: Iterable[Mention]) -> None:
        """Complain of an exercise that speaks of what there is not."""
        for what, word, below, known in mentions:
            path, known = ("exercise", *below), known or self.known.get(what, ())
            if what == "option":
                self.option(str(below[-1]), word, path)
            elif word not in known:
                self.complain(f'there is no {what} "{word}"{nearest(word, known)}', path)

    def allowed(self, issue_id: str, condition: Condition, path: YamlPath) -> frozenset[int]:
        """The options that meet a condition."""
        path = (*path, issue_id)
        if issue_id not in self.axis:
            self.issue(issue_id, path[:-1])
            return frozenset({0})
        if isinstance(condition, list):
            return frozenset(self.option(issue_id, option, path) for option in condition)
        if not self.issues[issue_id].ordered:
            self.complain(f"{issue_id} has no order: list the options that are meant", path)
        if condition.at_most is None and condition.at_least is None:
            self.complain("wants at_most, at_least, or a list of options", path)
        low = self.option(issue_id, condition.at_least, (*path, "at_least")) if condition.at_least else 0
        last = len(self.issues[issue_id].options) - 1
        high = self.option(issue_id, condition.at_most, (*path, "at_most")) if condition.at_most else last
        if low > high:
            self.complain("no option lies between at_least and at_most", path)
        return frozenset(range(low, max(low, high) + 1))

    def conditions(self, conditions: Conditions, path: YamlPath) -> dict[int, frozenset[int]]:
        """The options of each issue that meet its condition."""
        return {
            self.issue(issue_id, path): self.allowed(issue_id, condition, path)
            for issue_id, condition in conditions.items()
        }

    def box(self, conditions: Conditions, path: YamlPath) -> BoolArray:
        """The packages ``(I, K)`` that meet every condition; issues without one may stand anywhere."""
        box = np.ones((len(self.space.issues), self.space.width), dtype=bool)
        for axis, met in self.conditions(conditions, path).items():
            box[axis] = np.isin(np.arange(self.space.width), sorted(met))
        return box

    def boxes(self, boxes: list[BoolArray]) -> BoolArray:
        """Boxes ``(I, K)`` as one array ``(B, I, K)``, of none of them too."""
        return np.array(boxes, dtype=bool).reshape(-1, len(self.space.issues), self.space.width)


def check_side(scenario: schema.Scenario, side: str, path: YamlPath) -> None:
    """Refuse who is no belligerent.

    Raises:
        ScenarioError: with the nearest who is one.
    """
    if side not in scenario.belligerents:
        raise ScenarioError(f'"{side}" is not a belligerent{nearest(side, scenario.belligerents)}', path=path)
