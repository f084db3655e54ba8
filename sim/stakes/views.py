"""Two ways to see packages for their valuation: as rows, and as a whole space by option of the ending.

A third, the moves from where one stands, belongs to the talks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.stakes.outlook import Outlook
from sim.stakes.preferences import Preferences
from sim.stakes.space import FloatArray, OptionArray, OutcomeSpace, by_issue
from sim.stakes.valuation import Endings, Kinds


@dataclass(frozen=True, eq=False)
class Rows:
    """Packages ``(R, ..., I)``, with the utilities ``(R, P)`` of every party where they are known already."""

    endings: Endings | None
    preferences: Preferences
    packages: OptionArray
    utilities: FloatArray | None = None
    known: dict[int, FloatArray] = field(default_factory=dict, init=False)

    @cached_property
    def _options(self) -> npt.NDArray[np.intp]:
        return by_issue(self.packages)

    @cached_property
    def kinds(self) -> Kinds:
        """The `Kind` ``(R, ...)`` of each package."""
        assert self.endings is not None
        return self.endings.kind(self.packages)

    def utility(self, party: int) -> FloatArray:
        """A party's utility ``(R, ...)``."""
        if self.utilities is not None:
            return self.utilities[:, party]
        if party not in self.known:
            self.known[party] = self.preferences.of(party).of(self._options)
        return self.known[party]

    def deterred(self) -> FloatArray:
        """How well each package deters a new attack."""
        assert self.endings is not None
        return self.endings.deters.of(self._options)

    def expected(self, outlook: Outlook, party: int) -> Outlook:
        """What a party expects."""
        return outlook.of(party, self.packages.ndim - 1)


@dataclass(frozen=True, eq=False)
class Whole:
    """Every package of a space, in one row of the weights; arrays broadcast to the shape of the space."""

    endings: Endings | None
    preferences: Preferences
    space: OutcomeSpace
    run: int

    def by_ending(self) -> Iterator[tuple[tuple[slice, ...], Whole]]:
        """The parts of the space with one option of the ending, and where they stand in it; none without endings."""
        if self.endings is None:
            return
        axis = self.endings.axis
        for place, option in enumerate(self.space.left[axis]):
            left = (*self.space.left[:axis], (option,), *self.space.left[axis + 1 :])
            where = tuple(slice(place, place + 1) if a == axis else slice(None) for a in range(len(left)))
            yield where, Whole(self.endings, self.preferences, replace(self.space, left=left), self.run)

    @property
    def kinds(self) -> Kinds:
        """The `Kind` of each package."""
        assert self.endings is not None
        axis = self.endings.axis
        return self.endings.kinds[list(self.space.left[axis])].reshape(self.space.along(axis))

    def utility(self, party: int) -> FloatArray:
        """A party's utility."""
        return self.preferences.of(party).over(self.space, self.run)

    def deterred(self) -> FloatArray:
        """How well each package deters a new attack."""
        assert self.endings is not None
        return self.endings.deters.over(self.space)

    def expected(self, outlook: Outlook, party: int) -> Outlook:
        """What a party expects."""
        return outlook.of(party, 1, self.run)
