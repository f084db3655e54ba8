"""Exercise: after talks between people, what all could have signed, and who could not have signed what looked fair.

What the room did is its debrief's; here the table itself is asked about, as it stood when the talks began.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Judged, Question
from sim.markup import told_apart
from sim.scenario.exercise_schema import LiveTable
from sim.stakes.case import TOLERANCE
from sim.stakes.space import OptionArray
from sim.stakes.stages import Stage
from sim.zone.region import find_zone, members

PACKAGE, WHO = 60, 40
"""Points of the two questions."""


class LiveTableAssignment(Assignment[LiveTable]):
    """What lies behind positions (Fisher & Ury 1981; Lax & Sebenius 1986)."""

    @cached_property
    def offered(self) -> OptionArray:
        """The package ``(I,)`` that is asked about."""
        return self.loaded.case.space.package(self.asked.package)

    @cached_property
    def unable(self) -> set[str]:
        """Who could not have signed it when the talks began."""
        return self._unable(self.offered)

    def _unable(self, package: OptionArray) -> set[str]:
        case, row = self.loaded.case, package[None]
        crossed = case.red_lines.crossed(row)[0] & case.red_lines.bits("declared")
        short = {p for p in case.signatories if case.value(p, row)[0] < case.floor(p)[0] - TOLERANCE}
        across = {case.party_number(line.party) for line in self._lines(case.red_lines.ids(crossed))}
        return {case.parties[p].id for p in short | (across & set(case.signatories))}

    def _lines(self, ids: list[str]) -> list[Any]:
        return [line for line in self.loaded.scenario.red_lines if line.id in ids]

    def _signable(self, package: OptionArray) -> bool:
        case, row = self.loaded.case, package[None]
        return bool(case.valid(row)[0]) and case.stage(row)[0] >= Stage.INTERIM

    @property
    def solvable(self) -> bool:
        """There is a zone, and some could have signed what is asked about, though not all."""
        case = self.loaded.case
        fits = self._signable(self.offered) and 0 < len(self.unable) < len(case.signatories)
        return fits and find_zone(case).exists()

    def questions(self) -> list[Question]:
        """A package that suits all, and whom another does not suit."""
        space = self.loaded.case.space
        blank = {
            issue.id: "" if len(left) > 1 else issue.options[left[0]]
            for issue, left in zip(space.issues, space.left, strict=True)
        }
        return [
            Question("package", "one option for every issue", blank, PACKAGE, self._package),
            Question("could_not_sign", "a list of parties", [], WHO, self._who),
        ]

    def solution(self) -> dict[str, Any]:
        """Some package of the zone, and the right parties."""
        case = self.loaded.case
        found = members(find_zone(case)).packages[0]
        unable = [party.id for party in case.parties if party.id in self.unable]
        return {"package": case.space.names(found), "could_not_sign": unable}

    def facts(self) -> list[str]:
        """The package that was offered, but for what is settled, and what it was worth."""
        space = self.loaded.case.space
        open_ = {issue.id for issue, left in zip(space.issues, space.left, strict=True) if len(left) > 1}
        said = space.names(self.offered).items()
        text = ",".join(f"{issue}={option}" for issue, option in said if issue in open_)
        worth = ", ".join(self._worth(party) for party in self.loaded.case.signatories)
        return [
            f"**The package that somebody offered**: `{text}`",
            f"**What it was worth when the talks began**: {worth}",
        ]

    def _worth(self, party: int) -> str:
        """What it was worth to a party, beside what that needs."""
        case = self.loaded.case
        value, needed = told_apart(float(case.value(party, self.offered[None])[0]), float(case.floor(party)[0]))
        return f"{case.parties[party].name} {value} (needs {needed})"

    def _package(self, given: Any) -> Judged:
        case = self.loaded.case
        package = case.space.package(case.space.names(answer_parts.package(given, case.space, self.loaded.scenario)))
        if not self._signable(package):
            return Judged(0, "there is nothing in it that could be signed: it does not hang together, or nothing stops")
        unable = self._unable(package)
        if unable:
            share = 0.5 * (1 - len(unable) / len(case.signatories))
            return Judged(
                share, f"not everybody could have signed it: {len(unable)} of {len(case.signatories)} could not"
            )
        return Judged(1, "right: all could have signed it")

    def _who(self, given: Any) -> Judged:
        said = answer_parts.words(given, self.party_names, "party")
        if said == self.unable:
            return Judged(1, "right")
        missed, wrong = self.unable - said, said - self.unable
        found = [f"{len(missed)} missing"] * bool(missed) + [f"{len(wrong)} could have signed it"] * bool(wrong)
        return Judged(max(0.0, 0.5 - 0.25 * (len(missed) + len(wrong))), f"not these: {', '.join(found)}")
