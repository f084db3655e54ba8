"""Exercise: a package that both prefer to the text that splits every issue.

Any such package passes; how far it goes towards the frontier counts a few points. It must not name a better one.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from sim.classroom import answer_parts
from sim.classroom.exercise_base import FULL, QUALITY, Assignment, Judged, Question
from sim.markup import percent
from sim.scenario.exercise_schema import Logroll
from sim.stakes.case import TOLERANCE
from sim.stakes.space import FloatArray, OptionArray
from sim.zone.region import Members, find_zone, members

ENOUGH = (FULL - QUALITY) / FULL
"""The share of points that any such package earns."""
FEWEST = 3
"""Packages better for all that there must be, so that finding one is no guess and no needle."""


class LogrollAssignment(Assignment[Logroll]):
    """Trading across issues (Raiffa 1982; Lax & Sebenius 1986)."""

    @cached_property
    def halfway(self) -> FloatArray:
        """What the start text is worth to each signatory ``(S,)``."""
        return self._values(self.loaded.case.protocol.start_text)

    def _values(self, package: OptionArray) -> FloatArray:
        case = self.loaded.case
        return np.array([float(case.value(party, package[None])[0]) for party in case.signatories])

    @cached_property
    def better(self) -> Members:
        """The zone's packages that every signatory likes better than the start text."""
        inside = members(find_zone(self.loaded.case))
        above = (inside.values > self.halfway + TOLERANCE).all(axis=1)
        return Members(inside.packages[above], inside.values[above], inside.accepting[above])

    def _score(self, values: FloatArray) -> FloatArray:
        """The smallest share ``(N,)`` that any signatory has of its own best gain over the start text."""
        gains = values - self.halfway
        return (gains / (self.better.values - self.halfway).max(axis=0)).min(axis=-1)

    @property
    def solvable(self) -> bool:
        """Several better packages, though rarer than one in ten."""
        return FEWEST <= len(self.better.packages) <= self.loaded.case.space.size / 10

    def questions(self) -> list[Question]:
        """One package, judged three times: for its lines, for both parties, for how far it goes."""
        start = self.loaded.case.space.names(self.loaded.case.protocol.start_text)
        return [Question("package", "one option for every issue", start, FULL, self._package, ENOUGH)]

    def solution(self) -> dict[str, Any]:
        """The package that goes farthest."""
        best = self.better.packages[self._score(self.better.values).argmax()]
        return {"package": self.loaded.case.space.names(best)}

    def facts(self) -> list[str]:
        """The start text."""
        text = ",".join(f"{issue}={option}" for issue, option in self.loaded.scenario.protocol.start_text.items())
        return [f"**The halfway text**: `{text}`"]

    def _package(self, given: Any) -> Judged:
        case = self.loaded.case
        package = case.space.package(case.space.names(answer_parts.package(given, case.space, self.loaded.scenario)))
        crossed = case.red_lines.ids(case.red_lines.crossed(package[None])[0] & case.red_lines.bits("declared"))
        if crossed:
            return Judged(0, f"crosses {', '.join(crossed)}: no points can buy that off")
        values = self._values(package)
        worse = [case.parties[p].name for p, v, h in zip(case.signatories, values, self.halfway, strict=True) if v < h]
        level = not worse and not (values > self.halfway + TOLERANCE).all()
        if worse:
            return Judged(0.2, f"worse than the start text for {', '.join(worse)}; what does it care for least?")
        if level:
            return Judged(0.4, "no worse for anybody, but not better for both")
        way = min(1.0, float(self._score(values[None])[0] / self._score(self.better.values).max()))
        said = f"right: better for both; {percent(way)} of the way to the frontier"
        return Judged((FULL - QUALITY + QUALITY * way) / FULL, said)
