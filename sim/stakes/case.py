"""The case: a scenario compiled into frozen arrays, the one thing that zone and talks are given.

Arrays that a sweep may vary lead with an axis that is 1 or R and broadcasts. Nothing here reads a file or a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from sim.stakes.endings import Endings, Kind
from sim.stakes.outlook import Outlook, look_ahead
from sim.stakes.preferences import Preferences
from sim.stakes.redlines import RedLine, RedLines
from sim.stakes.run_axis import of_run
from sim.stakes.seats import Party, Protocol, Resolve, Tactics
from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray, OutcomeSpace
from sim.stakes.stages import Stages, ZoneName
from sim.stakes.terms import Nearest
from sim.stakes.valuation import YEAR, View, log_peace, log_year, value
from sim.stakes.views import Rows, Whole, filled
from sim.stakes.war import War

TOLERANCE = 1e-9
"""Points by which a value may miss a floor and still count as meeting it."""


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
        "preferences", "reservation", "tactics", "resolve", "protocol", "war", "endings", "outlook", "home", "audience",
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

    @cached_property
    def stages(self) -> Stages:
        """What packages are: coherent or not, interim ceasefires or settlements."""
        return Stages(self.space, self.validity, self.zones, self.partial)

    def valid(self, packages: OptionArray) -> BoolArray:
        """Which packages ``(..., I)`` are coherent: they break no validity rule."""
        return self.stages.coherent(packages)

    def stage(self, packages: OptionArray) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
        """The `Stage` ``(...)`` of each package ``(..., I)``."""
        return self.stages.of(packages)

    def parts(self, space: OutcomeSpace) -> Iterator[OutcomeSpace]:
        """A space by option of the ending, each part without options that no coherent package of it can hold."""
        if self.endings is None:
            yield space
            return
        axis = self.endings.axis
        for option in space.left[axis]:
            left = (*space.left[:axis], (option,), *space.left[axis + 1 :])
            yield self.stages.trimmed(replace(space, left=left))

    def utility(self, party: int, packages: OptionArray, runs: IntArray | None = None) -> FloatArray:
        """The utility of packages ``(R, ..., I)`` to a party, as if they held for ever; points a month. ``runs``
        ``(R,)`` are the rows that packages belong to, by default in order.
        """
        return self.preferences.of(party).at(packages, runs)

    def under(self, preferences: Preferences) -> Case:
        """The same case under other preferences, with what follows from them: the outlook and reservation values."""
        case = replace(self, preferences=preferences)
        if self.war is None or self.endings is None:
            return case
        outlook = look_ahead(self.war, preferences, self.space.standing(), self.endings.limited_cost)
        return replace(case, outlook=outlook, reservation=outlook.war)

    def value(
        self, party: int, packages: OptionArray, outlook: Outlook | None = None, runs: IntArray | None = None
    ) -> FloatArray:
        """What packages ``(R, ..., I)`` are worth to a party when they must last ``(R, ...)``; points a month.

        Less what stepping back in public costs it (Fearon 1994). The outlook is the case's own unless the talks have
        come to another one. ``runs`` ``(R,)`` are the rows of both that packages belong to, by default in order.
        """
        rows = Rows(self.endings, self.preferences, packages, None, runs)
        return next(self._valued(rows, (party,), outlook or self.outlook)) - self.stepping_back(party, packages, runs)

    def values(
        self, packages: OptionArray, utilities: FloatArray, outlook: Outlook | None, runs: IntArray | None = None
    ) -> FloatArray:
        """The same for every party at once ``(R, P)``, given the utilities ``(R, P)`` of packages ``(R, I)``."""
        found = utilities
        if self.endings is not None and outlook is not None:
            rows = Rows(self.endings, self.preferences, packages, utilities, runs)
            found = np.stack(list(self._valued(rows, range(len(self.parties)), outlook)), axis=1)
        if self.audience is not None and self.audience.any():
            every = range(len(self.parties))
            lost = [np.broadcast_to(self.stepping_back(p, packages, runs), len(found)) for p in every]
            found = found - np.stack(lost, axis=1)
        return found

    def values_over(
        self, space: OutcomeSpace, parties: tuple[int, ...] | None = None, run: int = 0
    ) -> Iterator[FloatArray]:
        """What every package of a space is worth to each signatory, or to each of some parties, one array after the
        other, without building the packages; ``run`` is the row of the case's arrays.
        """
        asked = self.signatories if parties is None else parties
        whole = Whole(self.endings, self.preferences, space, run)
        if self.endings is None or self.outlook is None:
            found = (np.array(np.broadcast_to(whole.utility(party), space.shape)) for party in asked)
        else:
            parts = [(where, self._valued(part, asked, self.outlook)) for where, part in whole.by_ending()]
            found = (filled(space.shape, [(where, next(values)) for where, values in parts]) for _ in asked)
        for party, value_ in zip(asked, found, strict=True):
            yield value_ - self._stepping_back_over(party, space, run)

    def _valued(self, view: View, parties: Sequence[int], outlook: Outlook | None) -> Iterator[FloatArray]:
        """What the packages of a view are worth to some parties, one after the other, whatever was said in public."""
        only = parties[0] if len(parties) == 1 else None
        peace = log_peace(self.endings, outlook, view, self.belligerents, only)
        for party in parties:
            yield value(self.endings, outlook, view, party, self.belligerents, peace)

    def war_after(self, party: int, packages: OptionArray) -> FloatArray:
        """What the war that would follow packages ``(R, ..., I)`` is worth to a party ``(R, ...)``, W'."""
        assert self.endings is not None and self.outlook is not None, "there is a war to return to"
        return Rows(self.endings, self.preferences, packages).resumed(self.outlook, party)

    def floor(self, party: int) -> FloatArray:
        """The least ``(1|R,)`` that a party can sign for: its reservation value and what ratification asks more."""
        return self.reservation[:, party] + (0.0 if self.home is None else self.home[:, party])

    def needs(self, party: int, packages: OptionArray) -> BoolArray:
        """Whether packages ``(..., I)`` need deeds of a party ``(...)``."""
        if self.consent is None:
            return np.zeros(packages.shape[:-1], dtype=bool)
        found: BoolArray = self.consent[party, np.arange(packages.shape[-1]), packages].any(axis=-1)
        return found

    def consents(
        self,
        packages: OptionArray,
        binding: BitArray,
        values: FloatArray | None = None,
        floors: FloatArray | None = None,
    ) -> BoolArray:
        """Whether every party whose deeds packages ``(R, I)`` need would do them ``(R,)``: its lines ``(R, P)`` hold
        and it is worth its floor to it, as if it signed.

        Values and floors ``(R, P)`` are the case's own unless the talks have come to others.
        """
        agreed = np.ones(packages.shape[:-1], dtype=bool)
        if self.consent is None or not self.consent.any():
            return agreed
        crossed = self.red_lines.crossed(packages)
        if values is None:
            values = self.values(packages, self.preferences.utilities(packages), self.outlook)
        for party in range(len(self.parties)):
            needed = self.needs(party, packages)
            floor = self.floor(party) if floors is None else floors[:, party]
            enough = values[:, party] >= floor - TOLERANCE
            agreed &= ~needed | (enough & ((crossed & binding[:, party]) == 0))
        return agreed

    def stepping_back(self, party: int, packages: OptionArray, runs: IntArray | None = None) -> FloatArray | float:
        """Points that packages ``(R, ..., I)`` cost a party in public, for each step beyond its declared lines."""
        if self.audience is None or not self.audience[:, party].any():
            return 0.0
        wide = (-1, *[1] * (packages.ndim - 2))

        def spread(column: FloatArray) -> FloatArray:
            return (column if runs is None or len(column) == 1 else column[runs]).reshape(wide)

        lost: FloatArray = np.zeros(packages.shape[:-1])
        for line, way in self._declared_lines(party):
            on = line.ladder[0].on
            weight = spread(self.preferences.weights[:, party, on])
            lost = lost + weight * way.at(packages) / self.space.issues[on].span
        return spread(self.audience[:, party]) * lost

    def _stepping_back_over(self, party: int, space: OutcomeSpace, run: int) -> FloatArray | float:
        """The same for every package of a space, in one row of the arrays; broadcasts to the shape of the space."""
        share = 0.0 if self.audience is None else float(of_run(self.audience, run)[party])
        lost: FloatArray | float = 0.0
        if share > 0:
            weights = of_run(self.preferences.weights, run)[party]
            for line, way in self._declared_lines(party):
                on = line.ladder[0].on
                lost = lost + weights[on] * way.over(space) / self.space.issues[on].span
        return share * lost

    def _declared_lines(self, party: int) -> list[tuple[RedLine, Nearest]]:
        """A party's red lines, and the steps out of their declared forms."""
        lines = self.red_lines
        every = zip(lines.lines, lines.box_of("declared"), strict=True)
        return [(line, lines.ways_out[int(box)]) for line, box in every if line.party == party]

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
        return float((1.0 - self.breakdown(package[None], outlook)[0]) ** months)

    def breakdown(self, packages: OptionArray, outlook: Outlook | None = None) -> FloatArray:
        """The chance a month ``(R, ...)`` that packages ``(R, ..., I)`` are broken, by either belligerent or by
        themselves; it means nothing for kinds that do not last.
        """
        outlook, rows = outlook or self.outlook, Rows(self.endings, self.preferences, packages)
        if self.endings is None or outlook is None:
            return np.zeros(packages.shape[:-1])
        year = log_year(self.endings, rows, log_peace(self.endings, outlook, rows, self.belligerents))
        monthly: FloatArray = -np.expm1(year / YEAR)
        return np.broadcast_to(monthly, np.broadcast_shapes(monthly.shape, packages.shape[:-1]))

    def party_number(self, party_id: str) -> int:
        """The place of a party in every party axis."""
        return [party.id for party in self.parties].index(party_id)

    def without_lines(self) -> Case:
        """The same case with no red line at all."""
        none = replace(self.resolve, hardness=self.resolve.hardness[:, :0], bluff=self.resolve.bluff[:, :0])
        return replace(self, red_lines=RedLines(self.space, ()), resolve=none)
