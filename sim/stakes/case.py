"""The case: a scenario compiled into frozen arrays, the one thing that zone and talks are given.

Arrays that a sweep may vary lead with an axis that is 1 or R and broadcasts. Nothing here reads a file or a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from typing import Literal

import numpy as np

from sim.stakes.clauses import NO_WAY_OUT, bit_tables, crossed, crossed_everywhere, steps, steps_out
from sim.stakes.preferences import Preferences
from sim.stakes.redlines import RedLines
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace, holds

TOLERANCE = 1e-9
"""Points by which a value may miss a floor and still count as meeting it."""

ZoneName = Literal["ceasefire", "settlement"]
ZONE_NAMES: tuple[ZoneName, ...] = ("ceasefire", "settlement")


class Stage(IntEnum):
    """What a package would be: short of a ceasefire, an interim ceasefire, or a settlement."""

    SHORT = 0
    INTERIM = 1
    SETTLEMENT = 2


@dataclass(frozen=True)
class Party:
    """Who negotiates."""

    id: str
    name: str
    roles: frozenset[str]

    @property
    def signs(self) -> bool:
        """Whether an agreement needs this party's word."""
        return "signatory" in self.roles


@dataclass(frozen=True)
class Protocol:
    """How the parties exchange offers, and when an exchange ends. Parties are numbers.

    ``quorum`` signatories must accept, all of ``vetoes`` among them. ``patience`` is in rounds; ``bias`` in
    [-1, 1] leans the mediator to the first (+1) or the second (-1) belligerent.
    """

    name: str
    deadline: int
    proposers: tuple[int, ...]
    quorum: int
    vetoes: tuple[int, ...]
    start_text: OptionArray
    mediator: int | None = None
    bias: float = 0.0
    patience: int = 12


@dataclass(frozen=True)
class Case:
    """Everything at stake, as arrays: P parties, I issues, K options at most, leading axis 1 or R.

    ``reservation`` ``(1|R, P)`` in points a month; ``exponent`` ``(1|R, P)`` is the bend of each party's
    concession curve; ``validity`` ``(V, I, K)`` are boxes that no coherent package lies in; ``zones`` gives each
    zone's options ``(I, K)``.
    """

    space: OutcomeSpace
    parties: tuple[Party, ...]
    belligerents: tuple[int, ...]
    red_lines: RedLines
    validity: BoolArray
    preferences: Preferences
    reservation: FloatArray
    exponent: FloatArray
    zones: dict[ZoneName, BoolArray]
    protocol: Protocol
    weight_sets: dict[str, Preferences] = field(default_factory=dict)

    @cached_property
    def signatories(self) -> tuple[int, ...]:
        """The parties whose word an agreement needs."""
        return tuple(n for n, party in enumerate(self.parties) if party.signs)

    @cached_property
    def _validity_tables(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
        return bit_tables(self.validity)

    def valid(self, packages: OptionArray) -> BoolArray:
        """Which packages ``(..., I)`` are coherent: they break no validity rule."""
        return crossed(self._validity_tables, packages) == 0

    def valid_everywhere(self, space: OutcomeSpace | None = None) -> BoolArray:
        """Which packages of the space, or of a part of it, are coherent."""
        return crossed_everywhere(space or self.space, self.validity) == 0

    @cached_property
    def _steps_to_coherence(self) -> IntArray:
        return steps_out(self.space, self.validity)

    @cached_property
    def _steps_to_zone(self) -> dict[ZoneName, IntArray]:
        """Steps from each option to the nearest that the zone allows, per issue ``(1, I, K)``."""
        found: dict[ZoneName, IntArray] = {}
        for name, box in self.zones.items():
            distance = np.zeros((1, *box.shape), dtype=np.int64)
            for axis, issue in enumerate(self.space.issues):
                inside = [k for k in self.space.left[axis] if box[axis, k]]
                apart = issue.steps_between()[:, inside]
                distance[0, axis, : len(issue.options)] = apart.min(axis=1) if inside else NO_WAY_OUT
            found[name] = distance
        return found

    def astray(self, packages: OptionArray, stage: Stage) -> IntArray:
        """Steps ``(...)`` that packages ``(..., I)`` are away from being coherent and of a stage; 0 where they are."""
        away = steps(self._steps_to_coherence, packages).sum(axis=0)
        target: ZoneName = "settlement" if stage == Stage.SETTLEMENT else "ceasefire"
        away = away + self._steps_to_zone[target][0, np.arange(packages.shape[-1]), packages].sum(axis=-1)
        if stage == Stage.INTERIM:
            away = away + holds(self.zones["settlement"], packages)
        return away

    def stage(self, packages: OptionArray) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
        """The `Stage` ``(...)`` of each package ``(..., I)``."""
        ceasefire = holds(self.zones["ceasefire"], packages)
        settlement = holds(self.zones["settlement"], packages)
        return (ceasefire.astype(np.int8) + (ceasefire & settlement)).astype(np.int8)

    def utility(self, party: int, packages: OptionArray) -> FloatArray:
        """What packages ``(R, ..., I)`` are worth to a party, in points a month."""
        return self.preferences.utility(party, packages)

    def party_number(self, party_id: str) -> int:
        """The place of a party in every party axis."""
        return [party.id for party in self.parties].index(party_id)

    def without_lines(self) -> Case:
        """The same case with no red line at all."""
        return replace(self, red_lines=RedLines(self.space, ()))
