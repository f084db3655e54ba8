"""Which packages of a space are worth their floor to a party, without working out to the last digit what each is worth.

All are looked at in single precision first. A look tells how far a value lies above its floor, times something
positive, and is wrong by no more than its doubt: a package farther from the floor lies on the side where it is seen.
The rest are valued in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.endings import Kind
from sim.stakes.quick import above_floor, breach, discounted_losses, quick_calm, undisturbed
from sim.stakes.run_axis import once
from sim.stakes.space import BoolArray, FloatArray, OptionArray, OutcomeSpace
from sim.stakes.terms import Across, Half
from sim.stakes.valuation import YEAR, Peace, reluctance, truce_value
from sim.stakes.views import Whole, filled

FEW = 1 << 13
"""Packages that are valued in full at once."""
CROWD = 16
"""One package of so many may lie near a floor; where more do, all are valued in full."""
ROUNDING = float(np.finfo(np.float32).eps)
"""How far apart two numbers near 1 are in single precision."""


def enough_over(case: Case, space: OutcomeSpace, parties: Sequence[int]) -> Iterator[BoolArray]:
    """Which packages of a space are worth their floor to each of some parties, an array of its shape for each.

    As the first row of the case has it.
    """
    asked = tuple(parties)
    if space.size < FEW or (case.audience is not None and case.audience.any()):
        yield from (
            _in_full(case, party, value) for party, value in zip(asked, case.values_over(space, asked), strict=True)
        )
        return
    looks = first_looks(case, space)
    for party in asked:
        yield filled(space.shape, [(where, _enough(look, party)) for where, look in looks])


def first_looks(case: Case, space: OutcomeSpace) -> list[tuple[tuple[slice, ...], Look]]:
    """A space by option of the ending, and where each part stands in it."""
    if case.endings is None or case.outlook is None:
        return [((), Look(case, space, None))]
    parts = Whole(case.endings, case.preferences, space, 0).by_ending()
    return [(where, Look(case, part.space, Kind(int(part.kinds.item())))) for where, part in parts]


def _in_full(case: Case, party: int, value: FloatArray) -> BoolArray:
    return value >= case.floor(party)[0] - TOLERANCE


def _enough(look: Look, party: int) -> BoolArray:
    """Which packages are worth their floor to a party, those near it valued in full."""
    case = look.case
    if look.fixed:
        return np.broadcast_to(_in_full(case, party, next(case.values_over(look.standing, (party,)))), look.space.shape)
    above, doubt = look.above(party)
    enough = above > 0
    near = np.flatnonzero(~(np.abs(above, out=above) > doubt))  # what is no number is near too
    if len(near) * CROWD > look.space.size:
        return _in_full(case, party, next(case.values_over(look.space, (party,))))
    if len(near):
        enough.ravel()[near] = _in_full(case, party, case.value(party, look.packages(near)[None])[0])
    return look.spread(enough)


@dataclass(frozen=True, eq=False)
class Look:
    """The packages of a space with one ending as a table ``(G, H)`` in single precision: a row for each way to settle
    what the war after a deal hangs on, a column for each way to settle the rest.

    So that war is a number by row, and a sum over issues is a number by row and one by column.
    """

    case: Case
    space: OutcomeSpace
    kind: Kind | None
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False)

    @property
    def fixed(self) -> bool:
        """Whether all are worth the same: the war goes on, or a cheaper one."""
        return self.kind is not None and self.kind < Kind.TRUCE

    @cached_property
    def halves(self) -> tuple[Half, Half]:
        """The issues of rows and of columns."""
        endings, every = self.case.endings, range(len(self.space.left))
        if endings is None:
            return (), tuple(every)
        hangs = {endings.line, *np.flatnonzero(endings.resume.any(axis=1)).tolist()}
        return tuple(axis for axis in every if axis in hangs), tuple(axis for axis in every if axis not in hangs)

    @cached_property
    def standing(self) -> OutcomeSpace:
        """One package of each row."""
        left = (of if axis in self.halves[0] else of[:1] for axis, of in enumerate(self.space.left))
        return OutcomeSpace(self.space.issues, tuple(left))

    def above(self, party: int) -> tuple[FloatArray, float]:
        """How far above its floor each package is worth to a party ``(G, H)``, times a number greater than 0 for each;
        and how wrong that may be.
        """
        floor = float(self.case.floor(party)[0]) - TOLERANCE
        if self.kind is None:
            return self._summed(party, 1.0, -floor)
        assert self.case.outlook is not None
        discount = float(self.case.outlook.discount[0, party])
        beyond = self._after(party) - floor
        if self.kind == Kind.TRUCE:  # its value, all told from the floor; `_summed` adds what the utility makes of it
            return self._summed(party, 1.0 - discount, truce_value(np.array(-floor), np.array(discount), beyond))
        after, floored = discount * beyond, -(1.0 - discount) * floor
        losses = discounted_losses(self.case.outlook, party, self.case.belligerents, 0)
        breaks, parts, doubt = self._breach(tuple(losses))
        own, rounded = self._summed(party, 1.0 - discount, floored)
        found = above_floor(own, after[:, None].astype(np.float32), breaks, parts, losses)
        at_stake = float(np.abs(after).max()) + sum(abs(float(loss)) for loss in losses.values())
        return found, rounded + at_stake * (doubt + 8 * ROUNDING)

    def _after(self, party: int) -> FloatArray:
        """What the war after the packages of each row is worth to a party ``(G,)``."""
        assert self.case.outlook is not None
        return np.ravel(self._standing.resumed(self.case.outlook, party))

    @cached_property
    def _standing(self) -> Whole:
        return Whole(self.case.endings, self.case.preferences, self.standing, 0)

    def _summed(self, party: int, scale: float, more: FloatArray | float) -> tuple[FloatArray, float]:
        """A party's utility times a scale, and more by row, with how wrong single precision may be: a few roundings of
        the largest numbers that are added.
        """
        first, second, across = self._cut(party)
        rows, columns = (first * scale + more).astype(np.float32), (second * scale).astype(np.float32)
        found: FloatArray = np.add.outer(rows, columns)
        for points, here, there in across:
            found[np.ix_(here, there)] += np.float32(scale * points)
        most = float(np.abs(rows).max() + np.abs(columns).max()) + sum(abs(scale * box[0]) for box in across)
        return found, (4 + 2 * len(across)) * ROUNDING * most

    @once
    def _cut(self, party: int) -> tuple[FloatArray, FloatArray, list[Across]]:
        first, second, across = self.case.preferences.of(party).cut(self.space, self.halves)
        return first[0], second[0], across

    @once
    def _breach(self, others: tuple[int, ...]) -> tuple[FloatArray, Peace, float]:
        """The `breach` by some belligerents, and how wrong each of its chances may be: a month's moves by a twelfth of
        what the log of a year's does.
        """
        assert self.case.endings is not None
        calm = {b: self._calm(b) for b in others}
        peace, stays = {b: of[0] for b, of in calm.items()}, {b: of[1] for b, of in calm.items()}
        breaks, parts = breach(*undisturbed(self.case.endings.log_hold[:1, self.kind]), peace, stays)
        return breaks, parts, sum(doubt for *_, doubt in calm.values()) / 2 + 16 * ROUNDING

    @once
    def _calm(self, b: int) -> tuple[FloatArray, FloatArray, float]:
        """The log of the chance that a belligerent does not attack within a year, that of a month, and how wrong the
        log may be.
        """
        assert self.case.endings is not None and self.case.outlook is not None
        slope = float(self.case.endings.slope[0])
        ready = reluctance(self.case.endings.start[0], self.case.outlook.imposed[0, b])
        steep, doubt = self._summed(b, -1.0 / slope, (self._after(b) - ready) / slope)
        calm = quick_calm(steep)
        return calm, np.exp(calm / YEAR), doubt

    def packages(self, places: npt.NDArray[np.intp]) -> OptionArray:
        """The packages ``(N, I)`` at some places of the table, counted along its rows."""
        order = [*self.halves[0], *self.halves[1]]
        found = np.empty((len(places), len(order)), dtype=np.int8)
        along = np.unravel_index(places, [self.space.shape[axis] for axis in order])
        for axis, place in zip(order, along, strict=True):
            found[:, axis] = np.array(self.space.left[axis], dtype=np.int8)[place]
        return found

    def spread(self, table: BoolArray) -> BoolArray:
        """A table ``(G, H)`` in the shape of the space."""
        order = [*self.halves[0], *self.halves[1]]
        return table.reshape([self.space.shape[axis] for axis in order]).transpose(np.argsort(order))
