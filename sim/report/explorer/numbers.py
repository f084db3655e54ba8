"""The numbers that a slider can move, by path, and where each stands among the engine's tables.

A cell of a table is a path, or a number where nothing stands there; what a number means is the engine's business.
"""

from __future__ import annotations

from typing import Any

from sim.scenario.by_run import NO_BELIEFS, Numbers
from sim.scenario.schema import Scenario
from sim.scenario.war_schema import Beliefs, LotteryWar
from sim.stakes.endings import Kind

Cell = str | float


class Cells:
    """Tables of paths; ``numbers`` holds what stands at each path that was put into one."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.numbers: dict[str, float] = {}
        self._own = Numbers(scenario)

    def cell(self, path: str, otherwise: float = 0.0) -> Cell:
        """The path, if a number stands there, else that number."""
        value = self._own.own(path)
        if value is None:
            return otherwise
        self.numbers[path] = float(value)
        return path

    def weights(self) -> list[list[Cell]]:
        """The raw weights ``(P, I)``."""
        issues = self.scenario.issues
        return [[self.cell(f"parties.{party}.weights.{i}") for i in issues] for party in self.scenario.parties]

    def fixed(self) -> list[dict[str, Cell]]:
        """A party's reservation value where it is no war of the scenario: a number, or a textbook lottery's parts."""
        found: list[dict[str, Cell]] = []
        for party_id, party in self.scenario.parties.items():
            if party.reservation is None and isinstance(party.war, LotteryWar):
                found.append({name: self.cell(f"parties.{party_id}.war.lottery.{name}") for name in ("win", "cost")})
            else:
                found.append({"value": self.cell(f"parties.{party_id}.reservation")})
        return found

    def home(self) -> list[dict[str, Cell] | None]:
        """The numbers of each party's second level at home."""
        return [
            None
            if party.ratification is None
            else {name: self.cell(f"parties.{party_id}.ratification.{name}") for name in ("quorum", "spread")}
            for party_id, party in self.scenario.parties.items()
        ]

    def audience(self) -> list[Cell]:
        """What a step back in public costs each party, before how public the talks are; nothing in closed talks."""
        public = self.scenario.public > 0
        return [self.cell(f"parties.{party}.audience_cost") if public else 0.0 for party in self.scenario.parties]

    def war(self) -> dict[str, Any]:
        """The state of the war and what each party believes of it."""
        scenario = self.scenario
        assert scenario.war is not None
        sides = scenario.belligerents
        found: dict[str, Any] = {name: self.cell(f"war.{name}") for name in ("share", "hazard")}
        found["mirror"] = self.cell("war.resume.mirror")
        found["leverIndex"] = [self.cell(f"war.levers.{lever}.index") for lever in scenario.war.levers]
        for name in ("drift", "cost", "discount"):
            found[name] = [self._belief(party, name) for party in scenario.parties]
        for name in ("win", "attacked"):
            found[name] = [[self._belief(party, f"{name}.{side}") for side in sides] for party in scenario.parties]
        return found

    def _belief(self, party_id: str, name: str) -> Cell:
        party = self.scenario.parties[party_id]
        if isinstance(party.war, Beliefs):
            return self.cell(f"parties.{party_id}.war.{name}")
        return float(Numbers(NO_BELIEFS).own(name) or 0.0)

    def endings(self) -> dict[str, Any]:
        """How well endings hold, and what deters."""
        hold = [self.cell(f"war.hold.{kind.word}") if kind.lasts else 0.0 for kind in Kind]
        return {
            "hold": hold,
            "slope": self.cell("war.slope"),
            "start": self.cell("war.start"),
            "resumeScale": self.cell("war.resume.scale"),
        }
