"""A clause, "when these hold, require this", as the box of packages that it forbids.

Red lines and validity rules are both made of clauses; whose they are and how they move is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.space import BitArray, BoolArray, IntArray, OptionArray, OutcomeSpace, by_issue

MOST_BITS = 64
"""Boxes that fit a bitmask."""
NO_WAY_OUT = 1_000
"""Steps out of a box along an issue that offers none: larger than any real distance."""


@dataclass(frozen=True)
class Clause:
    """When every issue of ``when`` stands in its set of options, the issue ``on`` must stand in ``allowed``.

    One issue is required, so what is forbidden is exactly one box of the outcome space.
    Issues and options are numbers.
    """

    on: int
    allowed: frozenset[int]
    when: Mapping[int, frozenset[int]]

    def forbidden(self, space: OutcomeSpace) -> BoolArray:
        """The forbidden box ``(I, K)``: per issue the options that lie in it; padding is False.

        >>> from sim.stakes.space import Issue
        >>> space = OutcomeSpace((Issue("a", ("x", "y"), 0), Issue("b", ("p", "q", "r"), 0)), ((0, 1), (0, 1, 2)))
        >>> Clause(on=1, allowed=frozenset({2}), when={0: frozenset({1})}).forbidden(space).astype(int).tolist()
        [[0, 1, 0], [1, 1, 0]]
        """
        box = np.zeros((len(space.issues), space.width), dtype=bool)
        for axis, issue in enumerate(space.issues):
            options = set(range(len(issue.options)))
            inside = self.when.get(axis, frozenset(options))
            if axis == self.on:
                inside = inside - self.allowed
            box[axis, sorted(inside)] = True
        return box


def bit_tables(boxes: BoolArray) -> BitArray:
    """Per issue and option ``(I, K)`` the bits of the boxes ``(B, I, K)`` it lies in.

    A package lies in a box when all its options do, so a bitwise *and* over the issues gives every box it
    crosses at once, for one package or for the whole space.
    """
    if len(boxes) > MOST_BITS:
        raise ValueError(f"{len(boxes)} boxes do not fit {MOST_BITS} bits")
    bits = np.left_shift(np.uint64(1), np.arange(len(boxes), dtype=np.uint64))
    return np.bitwise_or.reduce(np.where(boxes, bits[:, None, None], np.uint64(0)), axis=0, initial=np.uint64(0))


def narrow_tables(boxes: BoolArray) -> npt.NDArray[np.unsignedinteger[Any]]:
    """The same in the narrowest unsigned type that holds them."""
    kind = next(t for t in (np.uint8, np.uint16, np.uint32, np.uint64) if len(boxes) <= np.dtype(t).itemsize * 8)
    return bit_tables(boxes).astype(kind)


def crossed(tables: BitArray, packages: OptionArray) -> BitArray:
    """The bits ``(...)`` of the boxes in which each package ``(..., I)`` lies."""
    options = by_issue(packages)
    found: BitArray = tables[0].take(options[0])
    for table, chosen in zip(tables[1:], options[1:], strict=True):
        found &= table.take(chosen)
    return found


def crossed_everywhere(space: OutcomeSpace, boxes: BoolArray) -> BitArray:
    """The same bits for every package: an array of the space's shape, in the narrowest unsigned type."""
    return space.everywhere(np.bitwise_and, narrow_tables(boxes))


def steps_out(space: OutcomeSpace, boxes: BoolArray) -> IntArray:
    """Steps out of each box along each issue from each option: ``(B, I, K)``, 0 where already outside.

    The fewest steps that stop a package from crossing a clause, by meeting what it requires or by making its
    ``when`` false, are the minimum over the issues: `terms.Nearest`.
    """
    distance = np.full(boxes.shape, NO_WAY_OUT)
    for axis, issue in enumerate(space.issues):
        apart = issue.steps_between()
        for number, box in enumerate(boxes):
            outside = [k for k in space.left[axis] if not box[axis, k]]
            if outside:
                distance[number, axis, : len(issue.options)] = apart[:, outside].min(axis=1)
    return distance
