"""Addressed draws: a uniform number is named by (seed, purpose, round, run, place), never taken from a stream.

So run 5,017 is the same run alone, in a batch, on any number of workers and after a crash. Whatever happens in talks
is drawn here, and nowhere else. Four other files draw for work that is no run, all of it at once and in order, from a
seed alone: `sweeps/design.py` (SciPy's Sobol and Latin points), `sweeps/regions.py` (cases kept back), `sweeps/tree.py`
(scikit-learn's order of equal cuts) and `study/ranking.py` (resamples). A student's variant comes of a hash of the
student's id, and `classroom/receipts.py` and `serve/codes.py` ask the machine for secrets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from sim.stakes.space import FloatArray, IntArray

WORDS = 4
"""64-bit words that one step of the Philox counter yields."""
SPARSE = 256
"""Runs that may be skipped for each one drawn before only those near to each other are drawn together."""


class Purpose(IntEnum):
    """What a draw is for. Numbers are part of the address: append, never renumber."""

    OFFER_TIE = 1
    DRAFT_TIE = 2
    DURATION = 3
    WAR = 4
    SOFTENING = 5
    HARDENING = 6
    DEADLINE = 7
    DESIGN = 64
    WEIGHTS = 65
    RANGES = 66


@dataclass(frozen=True)
class Draws:
    """Uniform numbers for the runs of these numbers ``(R,)``, which need be neither in order nor different.

    >>> alone = Draws(seed=7, runs=np.array([5])).uniforms(Purpose.OFFER_TIE, 3, 4)
    >>> batch = Draws(seed=7, runs=np.arange(9)).uniforms(Purpose.OFFER_TIE, 3, 4)
    >>> alone[0].tolist() == batch[5].tolist()
    True
    """

    seed: int
    runs: IntArray

    def of(self, keep: IntArray) -> Draws:
        """The draws of some of the runs."""
        return replace(self, runs=self.runs[keep])

    def uniforms(self, purpose: Purpose, round_: int, width: int) -> FloatArray:
        """Numbers strictly between 0 and 1 ``(R, width)``, 53 random bits each.

        Each run owns a fixed stretch of the counter, whatever it uses of it.
        """
        steps = max(-(-width // WORDS), 1)
        key = np.array([self.seed % 2**64, int(purpose) << 32 | round_], dtype=np.uint64)

        def words(first: int, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
            start = np.array([first * steps, 0, 0, 0], dtype=np.uint64)
            raw = np.random.Philox(key=key, counter=start).random_raw(count * steps * WORDS)
            return raw.reshape(count, steps * WORDS)[:, :width]

        low, high = int(self.runs.min()), int(self.runs.max())
        if high - low < SPARSE * len(self.runs):
            rows = words(low, high - low + 1)
            if len(rows) != len(self.runs) or (np.diff(self.runs) != 1).any():
                rows = rows[self.runs - low]
        else:
            different, which = np.unique(self.runs, return_inverse=True)
            near = np.split(different, np.flatnonzero(np.diff(different) > SPARSE) + 1)
            rows = np.concatenate([words(int(n[0]), int(n[-1] - n[0]) + 1)[n - n[0]] for n in near])[which]
        return ((rows >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


class FirstRuns(Draws):
    """The draws of run 0 under seeds of its own for each row: the numbers ``runs`` ``(R,)`` are the seeds.

    >>> rows = FirstRuns.of_seeds([3, 7]).uniforms(Purpose.WAR, 1, 2)
    >>> rows[1].tolist() == Draws(7, np.array([0])).uniforms(Purpose.WAR, 1, 2)[0].tolist()
    True
    """

    @classmethod
    def of_seeds(cls, seeds: Sequence[int]) -> FirstRuns:
        """One row for each seed."""
        return cls(0, np.array(seeds, dtype=np.int64))

    def uniforms(self, purpose: Purpose, round_: int, width: int) -> FloatArray:
        """Numbers strictly between 0 and 1 ``(R, width)``."""
        alone = np.zeros(1, dtype=np.int64)
        return np.concatenate([Draws(int(seed), alone).uniforms(purpose, round_, width) for seed in self.runs])
