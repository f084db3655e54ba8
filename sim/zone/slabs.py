"""The packages of a case piece by piece, each with the mask of all that it violates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.clauses import crossed_everywhere
from sim.stakes.floors import enough_over
from sim.stakes.space import BoolArray, OutcomeSpace
from sim.zone.constraints import Constraints

LARGEST_SLAB = 1 << 18
"""Packages looked at in one piece: its arrays stay in a processor's cache, and results add up over the pieces."""


@dataclass(frozen=True, eq=False)
class Slab:
    """A part of the ceasefire packages: the violation masks of all of them, and which are coherent."""

    space: OutcomeSpace
    masks: npt.NDArray[Any]
    coherent: BoolArray

    def suits(self, bits: int) -> BoolArray:
        """The coherent packages that violate none of these constraints, as an array of the slab's shape."""
        return self.coherent & ((self.masks & self.masks.dtype.type(bits)) == 0)


def slabs(case: Case, spaces: Iterable[OutcomeSpace] | None = None) -> Iterator[Slab]:
    """Every ceasefire package with its violation mask, piece by piece: ending by ending, since an ending can carry only
    some options. The pieces may be handed in.
    """
    constraints = Constraints(case)
    for space in pieces(case, case.space.within(case.zones["ceasefire"])) if spaces is None else spaces:
        masks = line_masks(constraints, space)
        for n, enough in enumerate(enough_over(case, space, constraints.holders)):
            masks |= (~enough).astype(masks.dtype) << masks.dtype.type(constraints.boxes + n)
        yield Slab(space, masks, case.stages.coherent_over(space))


def line_masks(constraints: Constraints, space: OutcomeSpace) -> npt.NDArray[Any]:
    """The masks of every package of a space, as far as they do not hang on what it is worth."""
    case, masks = constraints.case, crossed_everywhere(space, with_room(constraints))
    for n, party in enumerate(constraints.doers):
        assert case.consent is not None
        acts = space.everywhere(np.logical_or, case.consent[party])
        masks |= acts.astype(masks.dtype) << masks.dtype.type(constraints.width + n)
    return masks


def pieces(case: Case, space: OutcomeSpace) -> Iterator[OutcomeSpace]:
    """A space in parts of at most `LARGEST_SLAB` packages, which hold all that is coherent in it."""
    for part in case.parts(space):
        if part.size:
            yield from part.slabs(LARGEST_SLAB)


def with_room(constraints: Constraints, of: Case | None = None) -> BoolArray:
    """The boxes of a case's red lines, and an empty box for each other bit, so that the masks have room for all."""
    boxes = (of or constraints.case).red_lines.boxes
    width = constraints.width + len(constraints.doers)
    return np.concatenate([boxes, np.zeros((width - len(boxes), *boxes.shape[1:]), dtype=bool)])
