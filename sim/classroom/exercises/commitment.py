"""Exercise: the least guarantee that makes a package hold, and whose deeds it needs.

The chance to hold is the model's durability; it must not name the guarantee that would do.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Judged, Question
from sim.markup import counted, percent
from sim.scenario.exercise_schema import Commitment

CLEAR = 0.02
"""How far every chance lies from the one asked for: chances are read off in whole per cents."""


class CommitmentAssignment(Assignment[Commitment]):
    """Agreements that must enforce themselves, and third parties (Fearon 1995; Walter 1997; Fortna 2003)."""

    @cached_property
    def chances(self) -> dict[str, float]:
        """The chance that the package holds under each option of the issue, in level order."""
        case = self.loaded.case
        found = {}
        for option in case.space.issues[case.space.axis(self.asked.issue)].options:
            package = case.space.package(self.asked.package | {self.asked.issue: option})
            found[option] = case.durability(package, self.asked.months) or 0.0
        return found

    @cached_property
    def enough(self) -> list[str]:
        """The options with which the package holds with the chance asked for."""
        return [option for option, chance in self.chances.items() if chance >= self.asked.chance]

    @cached_property
    def suppliers(self) -> set[str]:
        """The parties without whose deeds the least of them cannot be had."""
        return set(self.loaded.scenario.consent.get(self.asked.issue, {}).get(self.enough[0], []))

    @property
    def solvable(self) -> bool:
        """Some guarantee is enough and not every one, it needs somebody, and no chance is a close call."""
        clear = all(abs(chance - self.asked.chance) >= CLEAR for chance in self.chances.values())
        return clear and 0 < len(self.enough) < len(self.chances) and bool(self.suppliers)

    def questions(self) -> list[Question]:
        """The guarantee, then who must supply it."""
        return [
            Question(self.asked.issue, "the id of an option", "", 60, self._least),
            Question("suppliers", "a list of party ids", [""], 40, self._suppliers),
        ]

    def solution(self) -> dict[str, Any]:
        """The guarantee and its suppliers."""
        return {
            self.asked.issue: self.enough[0],
            "suppliers": [party.id for party in self.loaded.case.parties if party.id in self.suppliers],
        }

    def facts(self) -> list[str]:
        """The package, the chance that it holds with each option of the open issue, and whose deeds that needs."""
        scenario, issue = self.loaded.scenario, self.asked.issue
        fixed = ",".join(f"{issue_id}={option}" for issue_id, option in self.asked.package.items())
        needs = [
            f"- `{option}`: {', '.join(scenario.parties[party].name for party in who)}"
            for option, who in scenario.consent.get(issue, {}).items()
        ]
        holds = "; ".join(f"`{option}` {percent(chance)}" for option, chance in self.chances.items())
        return [
            f"**The package**, but for {issue}: `{fixed}`",
            f"**The chance that it holds {counted(self.asked.months, 'month')}**, by {issue}: {holds}",
            "**Whose deeds it needs**\n\n" + "\n".join(needs),
        ]

    def _least(self, given: Any) -> Judged:
        options = self.loaded.scenario.issues[self.asked.issue].options
        option = answer_parts.word(given, options, f"option of {self.asked.issue}")
        if option == self.enough[0]:
            return Judged(1, "right: with it the package holds with the chance asked for, with any less it does not")
        if option in self.enough:
            return Judged(0.25, "with it the package holds, but less would do")
        return Judged(
            0, f"with it the package holds {counted(self.asked.months, 'month')} with a smaller chance than asked for"
        )

    def _suppliers(self, given: Any) -> Judged:
        named = answer_parts.words(given, self.party_names, "party")
        if named == self.suppliers:
            return Judged(1, "right: without their deeds it is a word on paper")
        wrong = named - self.suppliers
        said = "the least guarantee can be had without some of those you name" if wrong else "somebody is missing"
        return Judged(0.25 if named & self.suppliers else 0, said)
