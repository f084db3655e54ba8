"""Exercise: at which cost of continuing a zone appears, and who gains when that cost rises further.

Costs are abstract points that leave people out; it must not say on which side of an answer the threshold lies.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Judged, Question, first_true
from sim.scenario.exercise_schema import MoveBatna
from sim.stakes.case import TOLERANCE
from sim.zone.region import Members, find_zone, members


class MoveBatnaAssignment(Assignment[MoveBatna]):
    """The alternative to a deal opens and shuts the zone (Fearon 1995; Fisher & Ury 1981)."""

    def _inside(self, cost: float) -> Members:
        return members(find_zone(self.changed(f"{self.asked.cost.path}={cost:g}").case))

    @cached_property
    def threshold(self) -> float | None:
        """The least cost of the grid at which the zone has a package; a higher cost only lowers what is asked for."""
        return first_true(self.asked.cost.values, lambda cost: len(self._inside(cost).packages) > 0)

    @cached_property
    def gainers(self) -> list[str]:
        """Whose best package of the zone is better at the highest cost than where the zone opens."""
        assert self.threshold is not None
        best = [self._inside(cost).values.max(axis=0) for cost in (self.threshold, self.asked.cost.high)]
        case = self.loaded.case
        pairs = zip(case.signatories, best[1] - best[0], strict=True)
        return [case.parties[party].id for party, gain in pairs if gain > TOLERANCE]

    @property
    def solvable(self) -> bool:
        """A threshold away from both ends, and one party that gains."""
        grid = self.asked.cost
        return (
            self.threshold is not None
            and grid.low + 2 * grid.step < self.threshold < grid.high - 2 * grid.step
            and len(self.gainers) == 1
        )

    def questions(self) -> list[Question]:
        """The threshold, then who gains."""
        return [
            Question("least_cost", f"a number, to {self.asked.cost.step:g}", "", 60, self._least),
            Question("gains", "the id of a party", "", 40, self._gains),
        ]

    def solution(self) -> dict[str, Any]:
        """The threshold and the party that gains."""
        return {"least_cost": self.threshold, "gains": self.gainers[0]}

    def _least(self, given: Any) -> Judged:
        grid = self.asked.cost
        cost = answer_parts.real(given, grid.low, grid.high)
        assert self.threshold is not None
        if abs(cost - self.threshold) <= grid.step + TOLERANCE:
            return Judged(1, "right, within one step: here the zone opens")
        if cost < self.threshold:
            return Judged(0, "at this cost there is no package that both would sign")
        return Judged(0.25, "at this cost a zone exists, but it is not the least cost at which one does")

    def _gains(self, given: Any) -> Judged:
        party = answer_parts.word(given, self.party_names, "party")
        if party in self.gainers:
            return Judged(1, "right: its best possible agreement gets better")
        return Judged(0, "compare this party's best package of the zone at the threshold and at a higher cost")
