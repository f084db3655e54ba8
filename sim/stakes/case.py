"""The case: a scenario compiled into frozen arrays, the one thing that zone and talks are given.

Arrays that a sweep may vary lead with an axis that is 1 or R and broadcasts. Nothing here reads a file or a clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from sim.stakes.clauses import NO_WAY_OUT, bit_tables, crossed, crossed_everywhere, steps, steps_out
from sim.stakes.preferences import Preferences
from sim.stakes.redlines import RedLines
from sim.stakes.seats import Party, Protocol, Resolve, Tactics
from sim.stakes.space import (
    BitArray,
    BoolArray,
    FloatArray,
    IntArray,
    OptionArray,
    OutcomeSpace,
    bearing,
    by_issue,
    holds,
    inside,
)
from sim.stakes.war import War
from sim.stakes.worth import Endings, Kind, Outlook, breakdown, holds_for, look_ahead, worth

TOLERANCE = 1e-9
"""Points by which a value may miss a floor and still count as meeting it."""

Kinds = npt.NDArray[np.int8]
ZoneName = Literal["ceasefire", "settlement"]
ZONE_NAMES: tuple[ZoneName, ...] = ("ceasefire", "settlement")


class Stage(IntEnum):
    """What a package would be: nothing that can be signed, a partial deal, an interim ceasefire, or a settlement."""

    SHORT = 0
    PARTIAL = 1
    INTERIM = 2
    SETTLEMENT = 3


@dataclass(frozen=True, eq=False)
class Case:
    """Everything at stake, as arrays: P parties, I issues, K options at most, leading axis 1 or R.

    ``war`` and ``endings`` are there when a war is modelled: then a package is worth what it is until it breaks
    down, and the reservation value is the war going on. Otherwise a package is worth its utility and the reservation
    value is a number. ``home`` ``(1|R, P)`` are points above it that ratification asks for, ``audience`` ``(1|R,
    P)`` the share of an issue's weight lost for each step beyond an own declared line, ``consent`` ``(P, I, K)`` the
    options that need a party's deeds. ``reservation`` ``(1|R, P)`` in points a month; ``validity`` ``(V, I, K)`` are
    boxes that no coherent package lies in; ``zones`` gives each zone's options ``(I, K)``, and ``partial`` those of
    packages short of a ceasefire that can be signed all the same, or None. ``known`` keeps what was worked out `once`.
    """

    space: OutcomeSpace
    parties: tuple[Party, ...]
    belligerents: tuple[int, ...]
    red_lines: RedLines
    validity: BoolArray
    preferences: Preferences
    reservation: FloatArray
    tactics: Tactics
    resolve: Resolve
    zones: dict[ZoneName, BoolArray]
    protocol: Protocol
    weight_sets: dict[str, Preferences] = field(default_factory=dict)
    war: War | None = None
    endings: Endings | None = None
    outlook: Outlook | None = None
    home: FloatArray | None = None
    audience: FloatArray | None = None
    consent: BoolArray | None = None
    partial: BoolArray | None = None
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False)
    by_run: ClassVar[tuple[str, ...]] = (
        "preferences", "reservation", "tactics", "resolve", "protocol", "war", "outlook", "home", "audience",
    )  # fmt: skip

    @cached_property
    def signatories(self) -> tuple[int, ...]:
        """The parties whose word an agreement needs."""
        return tuple(n for n, party in enumerate(self.parties) if party.signs)

    def among(self, parties: Sequence[int]) -> BoolArray:
        """Which parties ``(P,)`` are some of these."""
        found = np.zeros(len(self.parties), dtype=bool)
        found[list(parties)] = True
        return found

    def options_of(self, stage: int | None = None) -> tuple[tuple[int, ...], ...]:
        """The options of each issue that a package of a stage may hold; of any that can be signed by default."""
        box = self.zones["settlement" if stage == Stage.SETTLEMENT else "ceasefire"]
        if self.partial is not None and stage in (None, Stage.PARTIAL):
            box = self.partial if stage == Stage.PARTIAL else box | self.partial
        settled = bearing(self.zones["settlement"])
        if stage == Stage.INTERIM and len(settled) == 1:  # else an option of a settlement may stand in a truce
            box = box.copy()
            box[settled[0]] &= ~self.zones["settlement"][settled[0]]
        return tuple(tuple(k for k in left if box[axis, k]) for axis, left in enumerate(self.space.left))

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

    def _steps_into(self, box: BoolArray) -> IntArray:
        """Steps from each option to the nearest that a box allows, per issue ``(I, K)``."""
        distance = np.zeros(box.shape, dtype=np.int64)
        for axis, issue in enumerate(self.space.issues):
            inside = [k for k in self.space.left[axis] if box[axis, k]]
            apart = issue.steps_between()[:, inside]
            distance[axis, : len(issue.options)] = apart.min(axis=1) if inside else NO_WAY_OUT
        return distance

    @cached_property
    def _steps_to_stage(self) -> dict[Stage, IntArray]:
        found = {
            Stage.SHORT: self._steps_into(self.zones["ceasefire"]),
            Stage.SETTLEMENT: self._steps_into(self.zones["settlement"]),
        }
        return found if self.partial is None else found | {Stage.PARTIAL: self._steps_into(self.partial)}

    def astray(self, packages: OptionArray, stage: Stage) -> IntArray:
        """Steps ``(...)`` that packages ``(..., I)`` are away from being coherent and of a stage; 0 where they are.

        Stage SHORT stands for any ceasefire.
        """
        away = steps(self._steps_to_coherence, packages).sum(axis=0)
        into = self._steps_to_stage[Stage.SHORT if stage == Stage.INTERIM else stage]
        away = away + into[np.arange(packages.shape[-1]), packages].sum(axis=-1)
        if stage == Stage.INTERIM:
            away = away + holds(self.zones["settlement"], packages)
        if stage == Stage.PARTIAL:
            away = away + holds(self.zones["ceasefire"], packages)
        return away

    def stage(self, packages: OptionArray) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
        """The `Stage` ``(...)`` of each package ``(..., I)``."""
        found: np.ndarray[tuple[int, ...], np.dtype[np.int8]] = np.zeros(packages.shape[:-1], dtype=np.int8)
        options = by_issue(packages)
        for stage, box, issues in self._stages:
            np.copyto(found, stage, where=inside(box, issues, options))
        return found

    @cached_property
    def _stages(self) -> list[tuple[Stage, BoolArray, tuple[int, ...]]]:
        """The box of each stage and the issues it bears on, the less first: what lies in a later one is of it."""
        ceasefire, settlement = self.zones["ceasefire"], self.zones["settlement"]
        boxes = [(Stage.INTERIM, ceasefire), (Stage.SETTLEMENT, settlement & ceasefire)]
        if self.partial is not None:
            boxes.insert(0, (Stage.PARTIAL, self.partial))
        return [(stage, box, bearing(box)) for stage, box in boxes]

    def utility(self, party: int, packages: OptionArray) -> FloatArray:
        """The utility of packages ``(R, ..., I)`` to a party, as if they held for ever; points a month."""
        return self.preferences.utility(party, packages)

    def under(self, preferences: Preferences) -> Case:
        """The same case under other preferences, with what follows from them: the outlook and reservation values."""
        case = replace(self, preferences=preferences)
        if self.war is None or self.endings is None:
            return case
        outlook = look_ahead(self.war, preferences, self.space.standing(), self.endings)
        return replace(case, outlook=outlook, reservation=outlook.war)

    def value(self, party: int, packages: OptionArray, outlook: Outlook | None = None) -> FloatArray:
        """What packages ``(R, ..., I)`` are worth to a party when they must last ``(R, ...)``; points a month.

        Less what stepping back in public costs it (Fearon 1994). The outlook is the case's own unless the talks have
        come to another one.
        """
        return self._lasting(party, packages, outlook or self.outlook) - self.stepping_back(party, packages)

    def values(self, packages: OptionArray, utilities: FloatArray, outlook: Outlook | None) -> FloatArray:
        """The same for every party at once ``(R, P)``, given the utilities ``(R, P)`` of packages ``(R, I)``."""
        found = utilities
        if self.endings is not None and outlook is not None:
            kind = self.endings.kind(packages)
            monthly = self._monthly(packages, kind, [utilities[:, b] for b in self.belligerents], outlook)
            found = worth(kind[:, None], utilities, outlook, monthly[..., None])
        if self.audience is not None and self.audience.any():
            lost = [np.broadcast_to(self.stepping_back(p, packages), len(found)) for p in range(len(self.parties))]
            found = found - np.stack(lost, axis=1)
        return found

    def floor(self, party: int) -> FloatArray:
        """The least ``(1|R,)`` that a party can sign for: its reservation value and what ratification asks more."""
        return self.reservation[:, party] + (0.0 if self.home is None else self.home[:, party])

    def consents(
        self,
        packages: OptionArray,
        binding: BitArray,
        values: FloatArray | None = None,
        reservation: FloatArray | None = None,
    ) -> BoolArray:
        """Whether every party whose deeds packages ``(R, I)`` need would do them ``(R,)``: its lines ``(R, P)`` hold
        and it is worth the reservation value to it.

        Values and reservation values ``(R, P)`` are the case's own unless the talks have come to others.
        """
        agreed = np.ones(packages.shape[:-1], dtype=bool)
        if self.consent is None or not self.consent.any():
            return agreed
        crossed = self.red_lines.crossed(packages)
        if values is None:
            values = self.values(packages, self.preferences.utilities(packages), self.outlook)
        floors = self.reservation if reservation is None else reservation
        for party in range(len(self.parties)):
            needed = self.consent[party, np.arange(packages.shape[-1]), packages].any(axis=-1)
            enough = values[:, party] >= floors[:, party] - TOLERANCE
            agreed &= ~needed | (enough & ((crossed & binding[:, party]) == 0))
        return agreed

    def stepping_back(self, party: int, packages: OptionArray) -> FloatArray | float:
        """Points that packages ``(R, ..., I)`` cost a party in public, for each step beyond its declared lines."""
        if self.audience is None or not self.audience[:, party].any():
            return 0.0
        wide = (-1, *[1] * (packages.ndim - 2))
        lost: FloatArray = np.zeros(packages.shape[:-1])
        for box, line in zip(self.red_lines.box_of("declared"), self.red_lines.lines, strict=True):
            if line.party == party:
                on = line.ladder[0].on
                weight = self.preferences.weights[:, party, on].reshape(wide)
                lost = lost + weight * self.red_lines.steps_to(int(box), packages) / self.space.issues[on].span
        return self.audience[:, party].reshape(wide) * lost

    def _lasting(self, party: int, packages: OptionArray, outlook: Outlook | None) -> FloatArray:
        """What packages are worth to a party when they must last, whatever was said in public."""
        if self.endings is None or outlook is None:
            return self.utility(party, packages)
        utility, *fighting = self.preferences.utility_to((party, *self.belligerents), packages)
        kind, mine = self.endings.kind(packages), outlook.of(party, utility.ndim)
        return worth(kind, utility, mine, self._monthly(packages, kind, fighting, outlook))

    def plain_truce(self) -> OptionArray | None:
        """The status quo ``(I,)`` with nothing but a truce, or None where no option is one."""
        if self.endings is None:
            return None
        package, axis = self.space.status_quo(), self.endings.axis
        truces = [k for k in self.space.left[axis] if self.endings.kinds[k] == Kind.TRUCE]
        if not truces:
            return None
        package[axis] = truces[0]
        return package

    def durability(self, package: OptionArray, months: int, outlook: Outlook | None = None) -> float | None:
        """The chance that a package ``(I,)`` holds some months; None when it is not meant to last."""
        if self.endings is None or not Kind(int(self.endings.kind(package))).lasts:
            return None
        return float(holds_for(self.breakdown(package[None], outlook), months)[0])

    def breakdown(self, packages: OptionArray, outlook: Outlook | None = None) -> FloatArray:
        """The monthly chance of breakdown of packages ``(R, ..., I)``; it means nothing for kinds that do not last."""
        outlook = outlook or self.outlook
        if self.endings is None or outlook is None:
            return np.zeros(packages.shape[:-1])
        fighting = self.preferences.utility_to(self.belligerents, packages)
        return self._breaking(packages, self.endings.kind(packages), fighting, outlook)

    def _monthly(self, packages: OptionArray, kind: Kinds, fighting: list[FloatArray], outlook: Outlook) -> FloatArray:
        """The monthly chance of breakdown where some package is to last, from the utility to the belligerents."""
        if not (kind >= Kind.ARMISTICE).any():
            return np.zeros(1)  # nobody looks at it
        return self._breaking(packages, kind, fighting, outlook)

    def _breaking(self, packages: OptionArray, kind: Kinds, fighting: list[FloatArray], outlook: Outlook) -> FloatArray:
        """The monthly chance of breakdown, from the utility to the belligerents."""
        assert self.endings is not None
        wide = (-1, *[1] * (packages.ndim - 2))
        gains = [u - outlook.war[:, b].reshape(wide) for b, u in zip(self.belligerents, fighting, strict=True)]
        imposed = [outlook.imposed[:, b].reshape(wide) for b in self.belligerents]
        return breakdown(self.endings.hold[kind], gains, self.endings.deterred(packages), imposed)

    def party_number(self, party_id: str) -> int:
        """The place of a party in every party axis."""
        return [party.id for party in self.parties].index(party_id)

    def without_lines(self) -> Case:
        """The same case with no red line at all."""
        none = replace(self.resolve, hardness=self.resolve.hardness[:, :0], bluff=self.resolve.bluff[:, :0])
        return replace(self, red_lines=RedLines(self.space, ()), resolve=none)
