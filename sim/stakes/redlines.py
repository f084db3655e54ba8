"""Red lines as boxes in the outcome space, each with the steps by which it may soften.

A line at each of its steps is one bit: its declared form is the first, its true form the last. Where a line
stands during the talks is a set of such bits; this file does not move them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.stakes.clauses import NO_WAY_OUT, Clause, bit_tables, crossed, steps, steps_out
from sim.stakes.space import BitArray, BoolArray, IntArray, OptionArray, OutcomeSpace

Form = Literal["declared", "true"]
"""What is said in public, or what would be held to the end (an assumption)."""


@dataclass(frozen=True)
class RedLine:
    """A condition on options that no utility can buy off. ``ladder`` runs from the declared to the true form."""

    id: str
    party: int
    ladder: tuple[Clause, ...]
    hardness: float = 0.8


@dataclass(frozen=True)
class RedLines:
    """All red lines of a case. L lines, B boxes (a line at a step), I issues, K options at most."""

    space: OutcomeSpace
    lines: tuple[RedLine, ...]

    @cached_property
    def owner(self) -> IntArray:
        """The line of each box ``(B,)``."""
        return np.array([n for n, line in enumerate(self.lines) for _ in line.ladder], dtype=np.int64)

    @cached_property
    def boxes(self) -> BoolArray:
        """The forbidden boxes ``(B, I, K)``, line by line, declared form first."""
        found = [clause.forbidden(self.space) for line in self.lines for clause in line.ladder]
        return np.array(found, dtype=bool).reshape(-1, len(self.space.issues), self.space.width)

    @cached_property
    def tables(self) -> BitArray:
        """The bits of each option ``(I, K)``."""
        return bit_tables(self.boxes)

    @cached_property
    def steps_out(self) -> IntArray:
        """Steps out of each box along each issue from each option ``(B, I, K)``."""
        return steps_out(self.space, self.boxes)

    def box_of(self, form: Form) -> IntArray:
        """The box of each line ``(L,)`` in its declared or its true form."""
        lengths = np.array([len(line.ladder) for line in self.lines], dtype=np.int64)
        ends = np.cumsum(lengths)
        return ends - lengths if form == "declared" else ends - 1

    def bits(self, form: Form, party: int | None = None) -> np.uint64:
        """The bits of all lines, or of one party's, in one form."""
        chosen = [
            box for box, line in zip(self.box_of(form), self.lines, strict=True) if party is None or line.party == party
        ]
        return np.uint64(sum(1 << int(box) for box in chosen))

    def crossed(self, packages: OptionArray) -> BitArray:
        """The bits ``(...)`` of the boxes that each package ``(..., I)`` lies in."""
        return crossed(self.tables, packages)

    def steps(self, packages: OptionArray, binding: BitArray) -> IntArray:
        """Steps ``(...)`` that packages ``(..., I)`` are away from crossing no line of ``binding``, summed.

        Ordered issues count levels, nominal ones 1 (model's scale: a count, not a cost).
        """
        each = steps(self.steps_out, packages)
        bit = np.left_shift(np.uint64(1), np.arange(len(self.boxes), dtype=np.uint64))
        counts = (binding[None, ...] & bit.reshape(-1, *[1] * binding.ndim)) != 0
        total: IntArray = (each * counts).sum(axis=0)
        return total

    def steps_everywhere(self, space: OutcomeSpace, box: int) -> npt.NDArray[np.uint16]:
        """Steps that each package of a space is away from respecting one box; broadcasts to the shape of the space."""
        found = np.full([1] * len(space.left), NO_WAY_OUT, dtype=np.uint16)
        for axis, left in enumerate(space.left):
            along = self.steps_out[box, axis, list(left)].astype(np.uint16)
            if (along < NO_WAY_OUT).any():
                found = np.minimum(found, along.reshape([-1 if a == axis else 1 for a in range(len(space.left))]))
        return found

    def ids(self, bits: int | np.uint64) -> list[str]:
        """The ids of the lines whose bits are set, in their order."""
        found = [int(self.owner[n]) for n in range(len(self.owner)) if int(bits) >> n & 1]
        return [self.lines[n].id for n in dict.fromkeys(found)]
