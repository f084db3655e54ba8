"""The endings an agreement may have: which kinds there are, what each option of the ending is, and how well each holds.

An ending is how the fighting stops; how talks end is `how_talks_end`'s business, and what an ending makes of a
package's value is `valuation`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from sim.stakes.space import FloatArray, OptionArray
from sim.stakes.terms import Additive

Kinds = npt.NDArray[np.int8]


class Kind(IntEnum):
    """How a package would stop the fighting: the one list of them, which scenario files and the explorer read too."""

    NONE = 0
    LIMITED = 1
    TRUCE = 2
    ARMISTICE = 3
    TREATY = 4

    @property
    def lasts(self) -> bool:
        """Whether it is meant to last, so that its durability is a question."""
        return self >= Kind.ARMISTICE

    @property
    def word(self) -> str:
        """As scenario files write it."""
        return self.name.lower()


if TYPE_CHECKING:
    KindWord = str  # one of the words below
else:
    KindWord = Literal[tuple(kind.word for kind in Kind)]


@dataclass(frozen=True, eq=False)
class Endings:
    """Which option of which issue is which `Kind`, how well kinds hold, and what terms make of the war after them.

    ``kinds`` ``(K,)`` by option of issue ``axis``; ``hold`` ``(1|R, 5)`` by kind is the chance that it holds a year
    when nobody wants to break it. A belligerent goes to war again within a year with a chance that falls by a factor of
    e for every ``slope`` ``(1|R,)`` points of gain, with ``start`` ``(1|R,)`` points for beginning anew (quantal
    response, McKelvey & Palfrey 1995). ``resume`` ``(I, K)`` is what options add to the first belligerent's odds in the
    war that would follow, times ``resume_scale`` ``(1|R,)``; ``line`` is the issue that says where it would start.
    """

    axis: int
    kinds: Kinds
    hold: FloatArray
    slope: FloatArray
    start: FloatArray
    line: int
    resume: FloatArray
    resume_scale: FloatArray
    limited_cost: float
    by_run: ClassVar[tuple[str, ...]] = ("hold", "slope", "start", "resume_scale")

    def kind(self, packages: OptionArray) -> Kinds:
        """The `Kind` ``(...)`` of packages ``(..., I)``."""
        return self.kinds[packages[..., self.axis]]

    @cached_property
    def log_hold(self) -> FloatArray:
        """The log of ``hold``."""
        with np.errstate(divide="ignore"):
            return np.log(self.hold)

    @cached_property
    def bears_on_war(self) -> tuple[int, ...]:
        """The issues on which the war that would follow a package depends."""
        return tuple(sorted({self.line, *np.flatnonzero(self.resume.any(axis=1)).tolist()}))

    @cached_property
    def shifts(self) -> Additive:
        """How much packages add to the first belligerent's odds, before ``resume_scale``."""
        return Additive(
            np.ones((1, len(self.resume))), self.resume, np.zeros(0), np.zeros((0, *self.resume.shape), bool)
        )
