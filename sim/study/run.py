"""Zone and talks together: one scenario in, the two results and the verdict out.

The two are computed apart and only compared here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from sim.scenario.loader import Loaded
from sim.study.measures import run_measures, zone_measures
from sim.study.path import path_measures
from sim.zone.region import Progress, Zone, find_zone

if TYPE_CHECKING:
    from sim.talks.model import NegotiationModel, PartyAgent

Verdict = Literal["reached", "missed", "hidden", "structural"]


@dataclass(frozen=True)
class Run:
    """One run of a scenario with its zone."""

    loaded: Loaded
    seed: int
    zone: Zone
    model: NegotiationModel

    @property
    def verdict(self) -> Verdict:
        """How what the talks found relates to what was there to be found."""
        return verdict(self.zone, agreed=self.model.ending.agreed)

    def measures(self) -> dict[str, Any]:
        """The result as plain data: what ``run --json`` prints."""
        return run_measures(self.loaded, self.seed, self.model, self.verdict, self.path)

    @cached_property
    def path(self) -> dict[str, Any]:
        """The run's path held against the zone."""
        return path_measures(self.zone, self.model)

    @cached_property
    def zone_measures(self) -> dict[str, Any]:
        """The zone as plain data: what ``zone --json`` prints."""
        return zone_measures(self.loaded, self.zone)


def verdict(zone: Zone, *, agreed: bool) -> Verdict:
    """Reached; else missed (the declared zone was open), hidden (only the true one was) or structural (neither)."""
    if agreed:
        return "reached"
    if zone.exists("declared"):
        return "missed"
    return "hidden" if zone.exists("true") else "structural"


def run(
    loaded: Loaded,
    seed: int = 0,
    agents: Mapping[str, type[PartyAgent]] | None = None,
    progress: Progress = lambda share: None,
) -> Run:
    """Find the zone of a scenario, play its talks once, and keep both.

    Args:
        loaded: what `sim.load` returns.
        seed: names every draw; the same seed gives the same talks.
        agents: a subclass of `PartyAgent` for any party id.
        progress: told the share of the zone that has been looked at.
    """
    from sim.talks.model import NegotiationModel  # here, for mesa takes a second to import

    zone = find_zone(loaded.case, progress)
    model = NegotiationModel(loaded.case, seed=seed, agents=agents)
    model.run_to_end()
    return Run(loaded, seed, zone, model)
