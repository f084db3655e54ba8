"""Exercise: which single red line shuts the zone, and which packages suit both without it.

Marked against the exact zone; it must not name a line or a package that the student has not named.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Judged, Question
from sim.markup import counted, plain
from sim.scenario.exercise_schema import FindZone
from sim.scenario.loader import with_changes
from sim.stakes.case import TOLERANCE
from sim.zone.region import Zone, find_zone, members


class FindZoneAssignment(Assignment[FindZone]):
    """Zone, red lines, and telling one from the other (Raiffa 1982)."""

    @cached_property
    def zone(self) -> Zone:
        """The zone under the declared lines."""
        return find_zone(self.loaded.case)

    @cached_property
    def culprits(self) -> list[str]:
        """The lines whose absence alone opens the zone."""
        bits = [1 << n for n in range(self.zone.constraints.boxes)]
        return [self.zone.constraints.names(bit)[0] for bit in bits if self.zone.size(without=bit)]

    @cached_property
    def inside(self) -> set[tuple[int, ...]]:
        """The zone's packages without that line."""
        opened = find_zone(with_changes(self.loaded, without=self.culprits).case)
        return {tuple(package) for package in members(opened).packages.tolist()}

    @property
    def solvable(self) -> bool:
        """One line and no other, and a list that fits on a sheet."""
        shut = not self.zone.exists() and len(self.culprits) == 1
        return shut and 2 <= len(self.inside) <= self.asked.most

    def questions(self) -> list[Question]:
        """The line, then the packages."""
        first = self.loaded.case.space.names(self.loaded.case.space.status_quo())
        return [
            Question("red_line", "the id of one red line", "", 40, self._line),
            Question("packages", "a list of packages, each with one option for every issue", [first], 60, self._inside),
        ]

    def solution(self) -> dict[str, Any]:
        """The line and the packages."""
        names = [self.loaded.case.space.names(package) for package in sorted(self.inside)]
        return {"red_line": self.culprits[0], "packages": names}

    def on_paper(self) -> list[str]:
        """The grid of all packages, empty, where two issues are open."""
        space, scenario = self.loaded.case.space, self.loaded.scenario
        issues = [(issue, left) for issue, left in zip(space.issues, space.left, strict=True) if len(left) > 1]
        if len(issues) != 2:
            return []
        down, across = sorted(issues, key=lambda one: -len(one[1]))
        heads, names = (
            [plain(scenario.issues[issue.id].labels[issue.options[k]]) for k in left] for issue, left in (across, down)
        )
        rows = ["", *heads], ["---"] * (len(heads) + 1), *([name, *[""] * len(heads)] for name in names)
        grid = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        return [f"**The grid**: write the points of each party in each cell\n\n{grid}"]

    def _line(self, given: Any) -> Judged:
        known = [line.id for line in self.loaded.case.red_lines.lines]
        line = answer_parts.word(given, known, "red line")
        if line in self.culprits:
            return Judged(1, "right: without it the zone opens, and without any other single line it stays shut")
        return Judged(0, "without this line alone the zone is still empty; try leaving out one line at a time")

    def _inside(self, given: Any) -> Judged:
        case = self.loaded.case
        named = answer_parts.packages(given, case.space, self.loaded.scenario)
        wrong, missing = named - self.inside, self.inside - named
        if not wrong and not missing:
            return Judged(1, "right: these and no others suit both once the line is left out")
        said = []
        if wrong:
            why = "a red line is crossed that still binds"
            if any(not self._enough(package) for package in wrong):
                why = "a party is left below its value without a deal"
            said.append(f"{len(wrong)} of {counted(len(named), 'package')} will not suit both: {why}")
        if missing:
            said.append("a package that suits both is missing; go through the issues one option at a time")
        right = len(named & self.inside)
        return Judged(0.5 * right / len(named | self.inside), "; ".join(said))

    def _enough(self, package: tuple[int, ...]) -> bool:
        """Whether a package leaves every signatory at or above its reservation value."""
        case = self.loaded.case
        row = case.space.package(case.space.names(package))[None]
        return all(float(case.value(p, row)[0]) >= float(case.floor(p)[0]) - TOLERANCE for p in case.signatories)
