"""Exercise: the quorum at home at which the zone vanishes, and whether a smaller zone is a strength before that.

The threshold is exact on the grid; it must not say on which side of an answer it lies.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Judged, Question, first_true
from sim.scenario.exercise_schema import TwoLevel
from sim.stakes.case import TOLERANCE
from sim.zone.points import named_points
from sim.zone.region import Members, find_zone, members


class TwoLevelAssignment(Assignment[TwoLevel]):
    """What can be ratified at home (Putnam 1988) and the strength of tied hands (Schelling 1960)."""

    def _inside(self, quorum: float) -> tuple[Members, float]:
        """The zone under a quorum, and what its Nash package is worth to the party that must ratify."""
        case = self.changed(f"{self.asked.quorum.path}={quorum:g}").case
        inside = members(find_zone(case))
        place = case.signatories.index(case.party_number(self.asked.party))
        nash = [point for point in named_points(case, inside) if point.name == "nash"]
        return inside, float(nash[0].values[:, place].min()) if nash else float("nan")

    @cached_property
    def vanishes(self) -> float | None:
        """The first quorum of the grid at which no package is left; a larger one only asks for more."""
        return first_true(self.asked.quorum.values, lambda quorum: not len(self._inside(quorum)[0].packages))

    @cached_property
    def helps(self) -> bool:
        """Whether the Nash package one step below is worth more to the party than at the lowest quorum."""
        grid = self.asked.quorum
        assert self.vanishes is not None
        before = self._inside(round(self.vanishes - grid.step, 9))[1]
        return before > self._inside(grid.low)[1] + TOLERANCE

    @property
    def solvable(self) -> bool:
        """A quorum away from the lowest, and a Nash package on both sides of the comparison."""
        grid = self.asked.quorum
        if self.vanishes is None or self.vanishes < grid.low + 2 * grid.step:
            return False
        return not any(self._inside(q)[1] != self._inside(q)[1] for q in (grid.low, self.vanishes - grid.step))

    def questions(self) -> list[Question]:
        """The quorum, then the comparison."""
        return [
            Question("quorum", f"a number, to {self.asked.quorum.step:g}", "", 60, self._quorum),
            Question("helps", "yes or no", "", 40, self._helps),
        ]

    def solution(self) -> dict[str, Any]:
        """The quorum and the comparison."""
        return {"quorum": self.vanishes, "helps": "yes" if self.helps else "no"}

    def _quorum(self, given: Any) -> Judged:
        grid = self.asked.quorum
        quorum = answer_parts.real(given, grid.low, grid.high)
        assert self.vanishes is not None
        if abs(quorum - self.vanishes) <= TOLERANCE:
            return Judged(1, "right: here the zone is empty, and one step below it is not")
        if quorum < self.vanishes:
            return Judged(0, "at this quorum there is still a package that both would sign")
        return Judged(0.25, "at this quorum the zone is empty, but it is not the first at which it is")

    def _helps(self, given: Any) -> Judged:
        said = answer_parts.word(given, ["yes", "no"], "answer")
        if (said == "yes") == self.helps:
            return Judged(1, "right: that is how the two Nash packages compare")
        return Judged(0, "look at the package that the Nash product singles out at each of the two quorums")
