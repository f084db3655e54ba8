"""Where the talks stand: one immutable record for R runs at once, and what happened in the round just played.

No rule is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray


class Ending(IntEnum):
    """How a run ended; OPEN while it goes on."""

    OPEN = 0
    SETTLEMENT = 1
    CEASEFIRE_ONLY = 2
    STALEMATE = 3
    MEDIATOR_EXIT = 4
    UNIMPLEMENTABLE_TEXT = 5

    @property
    def word(self) -> str:
        """As files and screens write it."""
        return self.name.lower()

    @property
    def agreed(self) -> bool:
        """Whether the parties signed something."""
        return self in (Ending.SETTLEMENT, Ending.CEASEFIRE_ONLY)


@dataclass(frozen=True)
class Offers:
    """What a party asks for: packages ``(R, I)``, and in which runs it asks for anything at all ``(R,)``."""

    packages: OptionArray
    made: BoolArray


@dataclass(frozen=True)
class Replies:
    """A party's answers to a package: whether it accepts ``(R,)`` and why not.

    ``crossed`` holds the bits of its own binding lines that the package crosses, ``shortfall`` the points a month
    that the package lies below what it asks for this round (0 when it does not).
    """

    accepts: BoolArray
    crossed: BitArray
    shortfall: FloatArray


@dataclass(frozen=True)
class Exchange:
    """One round on the table, for every run.

    ``package`` ``(R, I)`` was tabled (where ``tabled`` ``(R,)``) by ``author``, a party number or -1 for a text that
    stands; ``accepts``, ``crossed``, ``shortfall`` are every party's replies ``(R, P)``; ``wishes`` ``(R, P, I)`` is
    what each party asks for at the end of the round.
    """

    author: int
    package: OptionArray
    tabled: BoolArray
    accepts: BoolArray
    crossed: BitArray
    shortfall: FloatArray
    wishes: OptionArray


@dataclass(frozen=True)
class Talks:
    """R runs after some rounds; `play_round` returns the next one and never changes this one.

    ``offers`` ``(R, P, I)`` is each party's last offer, where ``made`` ``(R, P)``; ``refused[r, a, b]`` tells whether
    b said no to what a last had on the table (in a single text, to the text). ``binding`` ``(R, P)`` holds the
    bits of the red lines each party stands on. ``best`` ``(R, P, 3)`` is what each party could get of each `Stage`
    within its own lines, ``openings`` ``(R, P, I)`` its own best package (possible where ``can_open``). ``text``
    ``(R, I)`` is the single text. ``distance`` ``(R,)`` and ``idle`` ``(R,)`` count its steps to the lines at the
    best, and the rounds since then. ``ending``, ``ended`` (round), ``agreed`` ``(R, I)`` tell of runs that are over.
    """

    round: int
    reservation: FloatArray
    exponent: FloatArray
    binding: BitArray
    best: FloatArray
    openings: OptionArray
    can_open: BoolArray
    offers: OptionArray
    made: BoolArray
    refused: BoolArray
    text: OptionArray
    distance: IntArray
    idle: IntArray
    ending: npt.NDArray[np.int8]
    ended: IntArray
    agreed: OptionArray
    exchange: Exchange | None = None

    @property
    def runs(self) -> int:
        """R."""
        return len(self.ending)

    @property
    def open(self) -> BoolArray:
        """Which runs ``(R,)`` still go on."""
        return self.ending == Ending.OPEN
