"""Zone and talks together: one scenario in, the two results and the verdict out.

The two are computed apart and only compared here.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from sim.markup import table
from sim.scenario.loader import AnyScenario, Loaded, load
from sim.study.measures import run_measures, zone_measures
from sim.study.path import path_measures
from sim.zone.region import Progress, Zone, find_zone

if TYPE_CHECKING:
    from sim.study.model import NegotiationModel
    from sim.talks.model import PartyAgent

Verdict = Literal["reached", "missed", "hidden", "structural"]
VERDICT_WORDS: dict[Verdict, str] = {
    "reached": "the parties signed",
    "missed": "a zone was there under the declared lines, and the talks did not find it",
    "hidden": "no zone under the declared lines, but one under the true lines (an assumption)",
    "structural": "no zone under declared or true lines, so there was none to find",
}


MOST_SHOWN = 8
"""Conflicts that a notebook shows."""


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

    def __repr__(self) -> str:
        return f"<Run: {self.loaded.slug}, seed {self.seed}: {self.model.ending.word}, {self.verdict}>"

    def _repr_html_(self) -> str:
        """How a notebook shows it: the two results, the verdict, and what collides."""
        found, talks = self.zone_measures, self.measures()
        size, word = found["zone"]["declared"]["ceasefire"], talks["ending"].replace("_", " ")
        collide = [" × ".join(ids) for ids in found["conflicts"]["ceasefire"]]
        rows = [
            (
                "Does a zone exist?",
                f"{size:,} package{'s' if size != 1 else ''}" if size else "no package suits every signatory",
            ),
            ("Do the talks find one?", f"{word} in round {talks['round']} (one run, seed {self.seed})"),
            ("Verdict", f"{self.verdict}: {VERDICT_WORDS[self.verdict]}"),
            *(
                [("Collide", "; ".join(collide[:MOST_SHOWN]) + ("; …" if len(collide) > MOST_SHOWN else ""))]
                if collide
                else []
            ),
        ]
        scenario = self.loaded.scenario
        note = f"Counts are under {scenario.reading}." if scenario.reading else ""
        return table(scenario.title, ["", ""], rows, note)


def verdict(zone: Zone, *, agreed: bool) -> Verdict:
    """Reached; else missed (the declared zone was open), hidden (only the true one was) or structural (neither)."""
    if agreed:
        return "reached"
    if zone.exists("declared"):
        return "missed"
    return "hidden" if zone.exists("true") else "structural"


def run(
    scenario: AnyScenario,
    seed: int = 0,
    agents: Mapping[str, type[PartyAgent]] | None = None,
    progress: Progress = lambda share: None,
) -> Run:
    """Find the zone of a scenario, play its talks once, and keep both.

    Args:
        scenario: a slug, a path, or what `sim.load` returns.
        seed: names every draw; the same seed gives the same talks.
        agents: a subclass of `PartyAgent` for any party id.
        progress: told the share of the zone that has been looked at.

    Raises:
        DelegationError: when an agent of ``agents`` fails.
        ArgumentError: for what stands for no scenario.
    """
    loaded = load(scenario)
    with warnings.catch_warnings():  # in a notebook, what mesa imports asks for widgets that nothing here shows
        warnings.filterwarnings("ignore", message="IProgress not found")
        from sim.study.model import NegotiationModel  # here, for mesa takes a second to import

    zone = find_zone(loaded.case, progress)
    model = NegotiationModel(loaded.case, seed=seed, agents=agents)
    model.run_to_end()
    return Run(loaded, seed, zone, model)
