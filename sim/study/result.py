"""What one run and many runs have in common: a scenario with its zone, told in numbers.

How talks went is told by each kind of result itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.plain import as_plain
from sim.study.measures import Heading, ZoneMeasures, zone_measures
from sim.study.stable import StableMeasures, stable_at_once
from sim.zone.search import Budget

if TYPE_CHECKING:
    from sim.scenario.loader import Loaded
    from sim.zone.region import Zone


class Result(ABC):
    """A scenario with its zone; ``search`` is how many seconds may be spent on why it is empty."""

    loaded: Loaded
    zone: Zone
    search: float

    @cached_property
    @abstractmethod
    def measured(self) -> Heading:
        """The talks in numbers."""

    def measures(self) -> dict[str, Any]:
        """The talks as plain data: what ``run --json`` prints."""
        return as_plain(self.measured)

    @cached_property
    def zone_measures(self) -> ZoneMeasures:
        """The zone in numbers: what ``zone --json`` prints."""
        return zone_measures(self.loaded, self.zone, Budget(self.search))

    @cached_property
    def stable(self) -> StableMeasures | None:
        """Which packages of the zone hold by themselves, as `stable --json` prints it; None where it is very large."""
        return stable_at_once(self.loaded, self.zone)
