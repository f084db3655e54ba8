"""The case: a scenario compiled into frozen arrays, the one thing that zone and talks are given.

Arrays that a sweep may vary lead with an axis that is 1 or R and broadcasts. Nothing here reads a file or a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from typing import Literal

import numpy as np

from sim.stakes.clauses import NO_WAY_OUT, bit_tables, crossed, crossed_everywhere, steps, steps_out
from sim.stakes.preferences import Preferences
from sim.stakes.redlines import RedLines
from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace, holds
from sim.stakes.table import Party, Protocol
from sim.stakes.war import War
from sim.stakes.worth import Endings, Kind, Outlook, breakdown, holds_for, lasting_value, look_ahead, truce_value

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
class Case:
    """Everything at stake, as arrays: P parties, I issues, K options at most, leading axis 1 or R.

    ``war`` and ``endings`` are there when a war is modelled: then a package is worth what it is until it breaks down,
    and the reservation value is the war going on. Otherwise a package is worth its utility and the reservation value
    is a number. ``home`` ``(P,)`` are points above it that ratification asks for, ``audience`` ``(P,)`` the share of an
    issue's weight lost for each step beyond an own declared line, ``consent`` ``(P, I, K)`` the options that need a
    party's deeds. ``reservation`` ``(1|R, P)`` in points a month; ``exponent`` ``(1|R, P)`` is the bend of each party's
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
    war: War | None = None
    endings: Endings | None = None
    outlook: Outlook | None = None
    home: FloatArray | None = None
    audience: FloatArray | None = None
    consent: BoolArray | None = None

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
        """The utility of packages ``(R, ..., I)`` to a party, as if they held for ever; points a month."""
        return self.preferences.utility(party, packages)

    def under(self, preferences: Preferences) -> Case:
        """The same case under other preferences, with what follows from them: the outlook and reservation values."""
        case = replace(self, preferences=preferences)
        if self.war is None or self.endings is None:
            return case
        outlook = look_ahead(self.war, preferences, self.space.standing(), self.endings)
        return replace(case, outlook=outlook, reservation=outlook.war)

    def value(self, party: int, packages: OptionArray) -> FloatArray:
        """What packages ``(R, ..., I)`` are worth to a party when they must last ``(R, ...)``; points a month.

        Less what stepping back in public costs it (Fearon 1994).
        """
        return self._lasting(party, packages) - self.stepping_back(party, packages)

    def floor(self, party: int) -> FloatArray:
        """The least ``(1|R,)`` that a party can sign for: its reservation value and what ratification asks more."""
        above = 0.0 if self.home is None else float(self.home[party])
        return self.reservation[:, party] + above

    def consents(self, packages: OptionArray, binding: BitArray) -> BoolArray:
        """Whether every party whose deeds packages ``(R, I)`` need would do them ``(R,)``: its lines ``(R, P)`` hold
        and it is worth the reservation value to it.
        """
        agreed = np.ones(packages.shape[:-1], dtype=bool)
        if self.consent is None:
            return agreed
        crossed = self.red_lines.crossed(packages)
        for party in range(len(self.parties)):
            needed = self.consent[party, np.arange(packages.shape[-1]), packages].any(axis=-1)
            if needed.any():
                enough = self.value(party, packages) >= self.reservation[:, party] - TOLERANCE
                agreed &= ~needed | (enough & ((crossed & binding[:, party]) == 0))
        return agreed

    def stepping_back(self, party: int, packages: OptionArray) -> FloatArray | float:
        """Points that packages ``(R, ..., I)`` cost a party in public, for each step beyond its declared lines."""
        if self.audience is None or self.audience[party] == 0:
            return 0.0
        lost: FloatArray = np.zeros(packages.shape[:-1])
        for box, line in zip(self.red_lines.box_of("declared"), self.red_lines.lines, strict=True):
            if line.party == party:
                bit = np.left_shift(np.uint64(1), np.uint64(box))
                steps = self.red_lines.steps(packages, np.broadcast_to(bit, packages.shape[:-1]))
                on = line.ladder[0].on
                weight = self.preferences.weights[:, party, on].reshape(-1, *[1] * (packages.ndim - 2))
                lost = lost + weight * steps / self.space.issues[on].span
        return self.audience[party] * lost

    def _lasting(self, party: int, packages: OptionArray) -> FloatArray:
        """What packages are worth to a party when they must last, whatever was said in public."""
        utility = self.utility(party, packages)
        if self.endings is None or self.outlook is None:
            return utility
        wide = (-1, *[1] * (utility.ndim - 1))
        war, limited, after, discount, attacked = (
            column[:, party].reshape(wide)
            for column in (
                self.outlook.war,
                self.outlook.limited,
                self.outlook.after_truce,
                self.outlook.discount,
                self.outlook.attacked,
            )
        )
        kind = self.endings.kind(packages)
        lasting = lasting_value(utility, discount, war, attacked, self.breakdown(packages))
        return np.select(
            [kind >= Kind.ARMISTICE, kind == Kind.TRUCE, kind == Kind.LIMITED],
            [lasting, truce_value(utility, discount, after), np.broadcast_to(limited, utility.shape)],
            np.broadcast_to(war, utility.shape),
        )

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

    def durability(self, package: OptionArray, months: int) -> float | None:
        """The chance that a package ``(I,)`` holds some months; None when it is not meant to last."""
        if self.endings is None or not Kind(int(self.endings.kind(package))).lasts:
            return None
        return float(holds_for(self.breakdown(package[None]), months)[0])

    def breakdown(self, packages: OptionArray) -> FloatArray:
        """The monthly chance of breakdown of packages ``(R, ..., I)``; it means nothing for kinds that do not last."""
        if self.endings is None or self.outlook is None:
            return np.zeros(packages.shape[:-1])
        wide = (-1, *[1] * (packages.ndim - 2))
        gains = [self.utility(b, packages) - self.outlook.war[:, b].reshape(wide) for b in self.belligerents]
        hold = self.endings.hold[self.endings.kind(packages)]
        return breakdown(hold, gains, self.endings.deterred(packages))

    def values_everywhere(
        self, space: OutcomeSpace, parties: tuple[int, ...] | None = None, run: int = 0
    ) -> Iterator[FloatArray]:
        """What every package of a space is worth to each signatory, or to each of some parties, one array after the
        other.
        """
        parts = self._parts(space, run)
        for party in self.signatories if parties is None else parties:
            value = self.preferences.utility_everywhere(party, space, run)
            for where, kind, monthly in parts:
                value[where] = self._worth(kind, party, value[where], monthly, run)
            if self.audience is not None and self.audience[party] > 0:
                for box, line in zip(self.red_lines.box_of("declared"), self.red_lines.lines, strict=True):
                    if line.party == party:
                        on = line.ladder[0].on
                        each = (
                            self.preferences.weights[min(run, len(self.preferences.weights) - 1), party, on]
                            / self.space.issues[on].span
                        )
                        value -= self.audience[party] * each * self.red_lines.steps_everywhere(space, int(box))
            yield value

    def _parts(self, space: OutcomeSpace, run: int) -> list[tuple[tuple[slice, ...], Kind, FloatArray]]:
        """The slices of a space by option of the ending, with their kind and monthly chance of breakdown."""
        if self.endings is None or self.outlook is None:
            return []
        axis, parts = self.endings.axis, []
        utility = [self.preferences.utility_everywhere(b, space, run) for b in self.belligerents]
        deterred = space.spread_sum(self.endings.deterrence)
        for place, option in enumerate(space.left[axis]):
            where = tuple(slice(place, place + 1) if a == axis else slice(None) for a in range(len(space.left)))
            kind, monthly = Kind(int(self.endings.kinds[option])), np.zeros(1)
            if kind.lasts:
                gains = [
                    u[where] - _of_run(self.outlook.war, run, b)
                    for u, b in zip(utility, self.belligerents, strict=True)
                ]
                here = deterred[where] if deterred.shape[axis] > 1 else deterred
                monthly = breakdown(self.endings.hold[kind], gains, here)
            parts.append((where, kind, monthly))
        return parts

    def _worth(self, kind: Kind, party: int, utility: FloatArray, monthly: FloatArray, run: int) -> FloatArray:
        """The value of packages of one kind, from their utility."""
        assert self.outlook is not None
        discount, war = _of_run(self.outlook.discount, run, party), _of_run(self.outlook.war, run, party)
        if kind.lasts:
            return lasting_value(utility, discount, war, _of_run(self.outlook.attacked, run, party), monthly)
        if kind == Kind.TRUCE:
            return truce_value(utility, discount, _of_run(self.outlook.after_truce, run, party))
        return np.full_like(utility, _of_run(self.outlook.limited, run, party) if kind == Kind.LIMITED else war)

    def party_number(self, party_id: str) -> int:
        """The place of a party in every party axis."""
        return [party.id for party in self.parties].index(party_id)

    def without_lines(self) -> Case:
        """The same case with no red line at all."""
        return replace(self, red_lines=RedLines(self.space, ()))


def _of_run(column: FloatArray, run: int, party: int) -> float:
    """A party's entry in the row of a run, or in the one row that all runs share."""
    return float(column[min(run, len(column) - 1), party])
