"""Packages in words of 64 bits, so that many are told apart at little cost; and which rows of words are alike.

It knows options as numbers only; what is remembered, and who looks for what, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.run_axis import once
from sim.stakes.space import BitArray, OptionArray

WORD = 64
"""Bits of a word that packages are packed into."""


@dataclass(frozen=True)
class Layout:
    """Where each issue's option stands in words: ``bits`` each, ``issues`` ``(I,)`` as word and place in it."""

    bits: int
    words: int
    issues: tuple[tuple[int, np.uint64], ...]


@once
def layout(case: Case) -> Layout:
    """How packages of a case are packed."""
    bits = max((len(issue.options) - 1).bit_length() for issue in case.space.issues)
    many = WORD // max(bits, 1)
    issues = tuple((axis // many, np.uint64(axis % many * bits)) for axis in range(len(case.space.issues)))
    return Layout(bits, issues[-1][0] + 1, issues)


def packed(case: Case, packages: OptionArray) -> BitArray:
    """Packages ``(R, I)`` in words ``(R, W)``: as many bits for each issue's option as the longest list needs."""
    plan = layout(case)
    found: BitArray = np.zeros((len(packages), plan.words), dtype=np.uint64)
    for (word, place), options in zip(plan.issues, packages.T, strict=True):
        found[:, word] |= options.astype(np.uint64) << place
    return found


def unpacked(case: Case, words: BitArray) -> OptionArray:
    """Packages ``(R, I)`` from their words ``(R, W)``."""
    plan = layout(case)
    found = np.empty((len(words), len(plan.issues)), dtype=np.int8)
    for axis, (word, place) in enumerate(plan.issues):
        found[:, axis] = words[:, word] >> place & np.uint64((1 << plan.bits) - 1)
    return found


def apart(case: Case, words: BitArray, here: BitArray) -> npt.NDArray[np.int8]:
    """On how many issues packages ``(R, W, N)`` differ from others ``(R, W)``, as far as 3 a word: ``(R, N)``."""
    plan = layout(case)
    found = np.zeros((words.shape[0], words.shape[2]), dtype=np.int8)
    for word in range(plan.words):
        differs = words[:, word] ^ here[:, word, None]
        left = differs.copy()
        for bit in range(1, plan.bits):
            left |= differs >> np.uint64(bit)
        left &= np.uint64(sum(1 << int(place) for at, place in plan.issues if at == word))
        for _ in range(3):
            found += left != 0
            left &= left - np.uint64(1)  # one bit less
    return found


def alike(columns: Iterable[npt.NDArray[Any]], rows: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """One row of each kind ``(K,)``, and the kind of each row ``(R,)``, where rows are alike in all ``columns``
    ``(R,)``.
    """
    first, kind = np.zeros(min(rows, 1), dtype=np.intp), np.zeros(rows, dtype=np.intp)
    for column in columns:
        if (column == column[:1]).all():
            continue
        if len(first) > 1:
            column = kind * rows + np.unique(column, return_inverse=True)[1]
        _, first, kind = np.unique(column, return_index=True, return_inverse=True)
    return first, kind
