"""The ways in which talks end, one name each; how an agreement ends the fighting is `stakes.endings`' business.

The rules that lead to them stand in `sim.talks.round_end` and, where the war decides, in `sim.talks.front`; the words
for people in `sim.report.sentences`.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt


class Ending(IntEnum):
    """How a run ended; OPEN while it goes on. Numbers are written to files: append, never renumber."""

    OPEN = 0
    SETTLEMENT = 1
    CEASEFIRE_ONLY = 2
    STALEMATE = 3
    MEDIATOR_EXIT = 4
    UNIMPLEMENTABLE_TEXT = 5
    PARTIAL = 6
    WALK_OUT = 7
    BREAKDOWN = 8
    MILITARY_END = 9

    @property
    def word(self) -> str:
        """As files and screens write it."""
        return self.name.lower()

    @property
    def agreed(self) -> bool:
        """Whether a ceasefire or a settlement stands at the end."""
        return self in (Ending.SETTLEMENT, Ending.CEASEFIRE_ONLY)


EndingArray = npt.NDArray[np.int8]
"""Endings by their numbers."""
