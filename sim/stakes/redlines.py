"""Red lines as boxes in the outcome space, each with the steps by which it may soften.

A line at each of its steps is one bit: its declared form is the first, its true form the last. Where a line
stands during the talks is a set of such bits; this file does not move them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from sim.stakes.clauses import Clause, bit_tables, crossed, steps_out
from sim.stakes.space import BitArray, BoolArray, IntArray, OptionArray, OutcomeSpace
from sim.stakes.terms import Nearest, NearestOfEach

Form = Literal["declared", "true"]
"""What is said in public, or what would be held to the end (an assumption)."""


@dataclass(frozen=True)
class RedLine:
    """A condition on options that no utility can buy off.

    ``ladder`` runs from the declared to the true form; ``harder`` is the form one step beyond the declared one, to
    which a party may be driven in public.
    """

    id: str
    party: int
    ladder: tuple[Clause, ...]
    harder: Clause | None = None

    @property
    def forms(self) -> tuple[Clause, ...]:
        """Every form the line can take: the ladder, then the harder one."""
        return self.ladder if self.harder is None else (*self.ladder, self.harder)


@dataclass(frozen=True)
class RedLines:
    """All red lines of a case. L lines, B boxes (a line at a step), I issues, K options at most."""

    space: OutcomeSpace
    lines: tuple[RedLine, ...]

    @cached_property
    def owner(self) -> IntArray:
        """The line of each box ``(B,)``."""
        return np.array([n for n, line in enumerate(self.lines) for _ in line.forms], dtype=np.int64)

    @cached_property
    def any_moves(self) -> bool:
        """Whether some line can soften or harden at all."""
        return any(len(line.forms) > 1 for line in self.lines)

    @cached_property
    def boxes(self) -> BoolArray:
        """The forbidden boxes ``(B, I, K)``, line by line, declared form first, the harder one last."""
        found = [clause.forbidden(self.space) for line in self.lines for clause in line.forms]
        return np.array(found, dtype=bool).reshape(-1, len(self.space.issues), self.space.width)

    @cached_property
    def tables(self) -> BitArray:
        """The bits of each option ``(I, K)``."""
        return bit_tables(self.boxes)

    @cached_property
    def _ways_out(self) -> NearestOfEach:
        return NearestOfEach(steps_out(self.space, self.boxes))

    @property
    def ways_out(self) -> tuple[Nearest, ...]:
        """The steps out of each box."""
        return self._ways_out.each

    def ways_out_of(self, binding: np.uint64) -> NearestOfEach:
        """The steps out of the boxes whose bits are set."""
        boxes = [box for box in range(len(self.owner)) if int(binding) >> box & 1]
        return NearestOfEach(self._ways_out.tables[boxes])

    def box_of(self, form: Form) -> IntArray:
        """The box of each line ``(L,)`` in its declared or its true form."""
        return self._boxes_of[form]

    @cached_property
    def _boxes_of(self) -> dict[Form, IntArray]:
        forms = np.array([len(line.forms) for line in self.lines], dtype=np.int64)
        starts = np.cumsum(forms) - forms
        ladders = np.array([len(line.ladder) for line in self.lines], dtype=np.int64)
        return {"declared": starts, "true": starts + ladders - 1}

    def bits(self, form: Form, party: int | None = None) -> np.uint64:
        """The bits of all lines, or of one party's, in one form."""
        held = self._bits_of[form]
        return np.uint64(sum(held.values()) if party is None else held.get(party, 0))

    @cached_property
    def _bits_of(self) -> dict[Form, dict[int, int]]:
        """The bits of each party's lines in each form."""
        found: dict[Form, dict[int, int]] = {"declared": {}, "true": {}}
        for form, held in found.items():
            for box, line in zip(self.box_of(form).tolist(), self.lines, strict=True):
                held[line.party] = held.get(line.party, 0) | 1 << box
        return found

    def crossed(self, packages: OptionArray) -> BitArray:
        """The bits ``(...)`` of the boxes that each package ``(..., I)`` lies in."""
        return crossed(self.tables, packages)

    def steps(self, packages: OptionArray, binding: BitArray) -> IntArray:
        """Steps ``(...)`` that packages ``(..., I)`` are away from crossing no line of ``binding``, summed.

        Ordered issues count levels, nominal ones 1 (model's scale: a count, not a cost).
        """
        held = np.broadcast_to(binding, packages.shape[:-1])
        boxes = np.arange(len(self.owner), dtype=np.uint64).reshape(-1, *[1] * held.ndim)
        return self._ways_out.total(packages, (held >> boxes & np.uint64(1)) != 0)

    def ids(self, bits: int | np.uint64) -> list[str]:
        """The ids of the lines whose bits are set, in their order."""
        found = [int(self.owner[n]) for n in range(len(self.owner)) if int(bits) >> n & 1]
        return [self.lines[n].id for n in dict.fromkeys(found)]
