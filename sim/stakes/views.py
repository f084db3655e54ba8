"""Two ways to see packages for their valuation: as rows, and as a whole space by option of the ending.

A third, the moves from where one stands, belongs to the talks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.endings import Endings, Kinds
from sim.stakes.outlook import Outlook
from sim.stakes.preferences import Preferences
from sim.stakes.prospects import Spread
from sim.stakes.run_axis import of_run, once
from sim.stakes.space import FloatArray, IntArray, OptionArray, OutcomeSpace, by_issue


@dataclass(frozen=True, eq=False)
class Rows:
    """Packages ``(R, ..., I)``, with the utilities ``(R, P)`` of every party where they are known already.

    ``runs`` ``(R,)`` are the rows of preferences, endings and outlook that they belong to; theirs in order by default.
    """

    endings: Endings | None
    preferences: Preferences
    packages: OptionArray
    utilities: FloatArray | None = None
    runs: IntArray | None = None
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False)

    @cached_property
    def _options(self) -> npt.NDArray[np.intp]:
        return by_issue(self.packages)

    @cached_property
    def kinds(self) -> Kinds:
        """The `Kind` ``(R, ...)`` of each package."""
        assert self.endings is not None
        return self.endings.kind(self.packages)

    @once
    def utility(self, party: int) -> FloatArray:
        """A party's utility ``(R, ...)``."""
        if self.utilities is not None:
            return self.utilities[:, party]
        return self.preferences.of(party).of(self._options, self.runs)

    @once
    def resumed(self, outlook: Outlook, party: int) -> FloatArray:
        """What the war that would follow each package is worth to a party."""
        assert self.endings is not None
        options = self._options[self.endings.line]
        if self.packages.ndim == 2 and len(self.packages) > 1:
            flow = outlook.after.flow_from(party, options, self.runs)
        else:
            flow = chosen(outlook, party, options, self.spread)
        return outlook.after.resumed(party, flow, self._shift, self.spread)

    @cached_property
    def _shift(self) -> FloatArray:
        assert self.endings is not None
        return self.spread(self.endings.resume_scale) * self.endings.shifts.of(self._options)

    def spread(self, column: FloatArray) -> FloatArray:
        """A column of runs such that it broadcasts to the packages."""
        column = column if self.runs is None or len(column) == 1 else column[self.runs]
        return column.reshape(-1, *[1] * (self.packages.ndim - 2))

    def by_kind(self, table: FloatArray) -> FloatArray:
        """Numbers by kind for each package."""
        rows = np.arange(len(table)) if self.runs is None or len(table) == 1 else self.runs
        runs = rows.reshape(-1, *[1] * (self.packages.ndim - 2))
        return table[runs, self.kinds]


@dataclass(frozen=True, eq=False)
class Whole:
    """Every package of a space, in one row of the weights; arrays broadcast to the shape of the space."""

    endings: Endings | None
    preferences: Preferences
    space: OutcomeSpace
    run: int
    known: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False)

    def by_ending(self) -> Iterator[tuple[tuple[slice, ...], Whole]]:
        """The parts of the space with one option of the ending, and where they stand in it; none without endings."""
        if self.endings is None:
            return
        axis = self.endings.axis
        for place, option in enumerate(self.space.left[axis]):
            left = (*self.space.left[:axis], (option,), *self.space.left[axis + 1 :])
            where = tuple(slice(place, place + 1) if a == axis else slice(None) for a in range(len(left)))
            yield where, replace(self, space=replace(self.space, left=left))

    @property
    def kinds(self) -> Kinds:
        """The `Kind` of each package."""
        assert self.endings is not None
        axis = self.endings.axis
        return self.endings.kinds[list(self.space.left[axis])].reshape(self.space.along(axis))

    @once
    def utility(self, party: int) -> FloatArray:
        """A party's utility."""
        return self.preferences.of(party).over(self.space, self.run)

    @once
    def resumed(self, outlook: Outlook, party: int) -> FloatArray:
        """What the war that would follow each package is worth to a party."""
        assert self.endings is not None
        line = self.endings.line
        options = np.array(self.space.left[line]).reshape(self.space.along(line))
        flow = chosen(outlook, party, options, self.spread)
        shift = self.spread(self.endings.resume_scale) * self.endings.shifts.over(self.space)
        after = outlook.after.resumed(party, flow, shift, self.spread)
        return np.ascontiguousarray(np.broadcast_to(after, self.space.shape))

    def spread(self, column: FloatArray) -> FloatArray:
        """The run's entry of a column."""
        return np.asarray(of_run(column, self.run))

    def by_kind(self, table: FloatArray) -> FloatArray:
        """Numbers by kind for each package."""
        return of_run(table, self.run)[self.kinds]


def chosen(outlook: Outlook, party: int, options: npt.NDArray[np.integer], spread: Spread) -> FloatArray:
    """The discounted flow of the war to a party that resumes from the line of each package, from its ``options``."""
    first, *others = np.flatnonzero(np.bincount(options.ravel())).tolist()
    found = spread(outlook.after.flow(first)[:, party])
    for option in others:
        found = np.where(options == option, spread(outlook.after.flow(option)[:, party]), found)
    return found


def filled(shape: tuple[int, ...], parts: list[tuple[tuple[slice, ...], npt.NDArray[Any]]]) -> npt.NDArray[Any]:
    """An array of a shape from its parts."""
    if len(parts) == 1:
        return np.broadcast_to(parts[0][1], shape)
    found = np.empty(shape, dtype=parts[0][1].dtype)
    for where, part in parts:
        found[where] = part
    return found
