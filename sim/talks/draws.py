"""Addressed draws: a uniform number is named by (seed, purpose, round, run, party), never taken from a stream.

So run 5,017 is the same run alone, in a batch, on any number of workers and after a crash. Nothing else in `sim`
makes random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.stakes.space import FloatArray

WORDS = 4
"""64-bit words that one step of the Philox counter yields."""


class Purpose(IntEnum):
    """What a draw is for. Numbers are part of the address: append, never renumber."""

    OFFER_TIE = 1
    DRAFT_TIE = 2
    DURATION = 3


@dataclass(frozen=True)
class Draws:
    """Uniform numbers for ``count`` runs from ``first`` on.

    >>> alone = Draws(seed=7, parties=4, first=5, count=1).uniforms(Purpose.OFFER_TIE, 3)
    >>> batch = Draws(seed=7, parties=4, first=0, count=9).uniforms(Purpose.OFFER_TIE, 3)
    >>> (alone[0] == batch[5]).all()
    np.True_
    """

    seed: int
    parties: int
    first: int = 0
    count: int = 1

    def uniforms(self, purpose: Purpose, round_: int) -> FloatArray:
        """Numbers in [0, 1) ``(R, P)``, one a run and party, 53 random bits each.

        Each run owns a fixed stretch of the counter, whatever it uses of it.
        """
        steps = -(-self.parties // WORDS)
        key = np.array([self.seed % 2**64, purpose << 32 | round_], dtype=np.uint64)
        start = np.array([self.first * steps, 0, 0, 0], dtype=np.uint64)
        words = np.random.Philox(key=key, counter=start).random_raw(self.count * steps * WORDS)
        rows = words.reshape(self.count, steps * WORDS)[:, : self.parties]
        return (rows >> np.uint64(11)).astype(np.float64) * 2.0**-53
