"""Many runs of the talks at once, for questions about how talks usually go: cases side by side, one batch.

It holds no rule of the talks; the same case, seed and number of runs give the same runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from sim.stakes.case import Case
from sim.stakes.run_axis import with_fields
from sim.stakes.space import IntArray
from sim.talks.batch import Results, negotiate

SEED = 0
Held = TypeVar("Held", bound=Any)


def side_by_side(parts: Sequence[Held], runs: int) -> Held:
    """One thing with a row for each run of each part: the parts in turn, ``runs`` rows each.

    They must be alike in everything that does not lead with runs, such as issues and red lines.
    """
    fields = {}
    for name in parts[0].by_run:
        held = [getattr(part, name) for part in parts]
        if held[0] is None:
            continue
        if hasattr(held[0], "by_run"):
            fields[name] = side_by_side(held, runs)
        elif not all(np.array_equal(held[0], other) for other in held[1:]):
            fields[name] = np.repeat(np.concatenate(held), runs, axis=0)
    return with_fields(parts[0], **fields)


def play_all(cases: Sequence[Case], runs: int) -> Results:
    """The same run numbers of each case, one case after the other."""
    return negotiate(side_by_side(cases, runs), np.tile(np.arange(runs), len(cases)), SEED)


def rounds_to_agreement(cases: Sequence[Case], runs: int) -> list[IntArray]:
    """For each case the round ``(R,)`` in which each run is signed; one more than there are where none is."""
    found = play_all(cases, runs)
    never = cases[0].protocol.deadline + 1
    rounds = np.where(found.agreeing, found.ended, never).astype(np.int64)
    return list(rounds.reshape(len(cases), runs))
