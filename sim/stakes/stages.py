"""What a package may be: coherent or not, and short of a ceasefire, an interim one, or a settlement.

Boxes of options say so; whose lines it crosses and what it is worth are not known here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.stakes.clauses import NO_WAY_OUT, bit_tables, crossed, crossed_everywhere, steps_out
from sim.stakes.space import BoolArray, IntArray, OptionArray, OutcomeSpace, bearing, by_issue, inside
from sim.stakes.terms import NearestOfEach

ZoneName = Literal["ceasefire", "settlement"]
ZONE_NAMES: tuple[ZoneName, ...] = ("ceasefire", "settlement")


class Stage(IntEnum):
    """What a package would be: nothing that can be signed, a partial deal, an interim ceasefire, or a settlement."""

    SHORT = 0
    PARTIAL = 1
    INTERIM = 2
    SETTLEMENT = 3


StageArray = npt.NDArray[np.int8]
"""Stages by their numbers."""


@dataclass(frozen=True, eq=False)
class Stages:
    """The boxes that say what a package is; see the fields of `Case` of the same names."""

    space: OutcomeSpace
    validity: BoolArray
    zones: dict[ZoneName, BoolArray]
    partial: BoolArray | None

    @cached_property
    def _validity_tables(self) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
        return bit_tables(self.validity)

    def coherent(self, packages: OptionArray) -> BoolArray:
        """Which packages ``(..., I)`` break no validity rule."""
        return crossed(self._validity_tables, packages) == 0

    def coherent_over(self, space: OutcomeSpace) -> BoolArray:
        """Which packages of a space are coherent, as an array of its shape."""
        return crossed_everywhere(space, self.validity) == 0

    def trimmed(self, space: OutcomeSpace) -> OutcomeSpace:
        """A space without the options that a validity rule alone shuts out of it, whatever else a package holds."""
        left = [set(options) for options in space.left]
        for box, issues in zip(self.validity, self._bearing, strict=True):
            touched = [axis for axis in issues if not box[axis, list(space.left[axis])].all()]
            if len(touched) == 1:
                (axis,) = touched
                left[axis] -= set(np.flatnonzero(box[axis]).tolist())
            elif not touched:
                return replace(space, left=tuple(() for _ in left))
        return replace(space, left=tuple(tuple(sorted(options)) for options in left))

    @cached_property
    def _bearing(self) -> list[tuple[int, ...]]:
        """The issues on which each validity rule leaves out an option that there is."""
        counts = [len(issue.options) for issue in self.space.issues]
        return [tuple(axis for axis, n in enumerate(counts) if not box[axis, :n].all()) for box in self.validity]

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

    def of(self, packages: OptionArray) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
        """The `Stage` ``(...)`` of each package ``(..., I)``."""
        found: np.ndarray[tuple[int, ...], np.dtype[np.int8]] = np.zeros(packages.shape[:-1], dtype=np.int8)
        options = by_issue(packages)
        for stage, box, issues in self._boxes:
            np.copyto(found, stage, where=inside(box, issues, options))
        return found

    @cached_property
    def _boxes(self) -> list[tuple[Stage, BoolArray, tuple[int, ...]]]:
        """The box of each stage and the issues it bears on, the less first: what lies in a later one is of it."""
        ceasefire, settlement = self.zones["ceasefire"], self.zones["settlement"]
        boxes = [(Stage.INTERIM, ceasefire), (Stage.SETTLEMENT, settlement & ceasefire)]
        if self.partial is not None:
            boxes.insert(0, (Stage.PARTIAL, self.partial))
        return [(stage, box, bearing(box)) for stage, box in boxes]

    def astray(self, packages: OptionArray, stage: Stage) -> IntArray:
        """Steps ``(...)`` that packages ``(..., I)`` are away from being coherent and of a stage; 0 where they are.

        Stage SHORT stands for any ceasefire.
        """
        into, back = self.ways_back(stage)
        away: IntArray = into[np.arange(packages.shape[-1]), packages].sum(axis=-1)
        return away + back.total(packages)

    def ways_back(self, stage: Stage) -> tuple[IntArray, NearestOfEach]:
        """What `astray` adds up: steps of each option ``(I, K)`` to what the stage allows, and steps out of whatever a
        package of it may not lie in.
        """
        return self._steps_into[Stage.SHORT if stage == Stage.INTERIM else stage], self._ways_back[stage]

    @cached_property
    def _ways_back(self) -> dict[Stage, NearestOfEach]:
        """Out of incoherent boxes in the fewest steps; out of the box of a stage that would be another, always 1."""
        incoherent = steps_out(self.space, self.validity)
        other: dict[Stage, ZoneName] = {Stage.INTERIM: "settlement", Stage.PARTIAL: "ceasefire"}
        out = {stage: np.concatenate([incoherent, self.zones[name][None]]) for stage, name in other.items()}
        return {stage: NearestOfEach(out.get(stage, incoherent)) for stage in Stage}

    @cached_property
    def _steps_into(self) -> dict[Stage, IntArray]:
        """Steps from each option to the nearest that a stage allows, per issue ``(I, K)``."""
        boxes = {Stage.SHORT: self.zones["ceasefire"], Stage.SETTLEMENT: self.zones["settlement"]}
        if self.partial is not None:
            boxes[Stage.PARTIAL] = self.partial
        return {stage: self._into(box) for stage, box in boxes.items()}

    def _into(self, box: BoolArray) -> IntArray:
        distance = np.zeros(box.shape, dtype=np.int64)
        for axis, issue in enumerate(self.space.issues):
            within = [k for k in self.space.left[axis] if box[axis, k]]
            apart = issue.steps_between()[:, within]
            distance[axis, : len(issue.options)] = apart.min(axis=1) if within else NO_WAY_OUT
        return distance
