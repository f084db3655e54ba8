"""Many runs with delegations of somebody's own: the Mesa model once a run, written down as a batch is.

Code of one's own takes one run at a time, so this is slower than a batch by two orders of magnitude.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.stakes.case import Case
from sim.stakes.run_axis import take_rows
from sim.stakes.space import IntArray
from sim.talks.batch import Results, nothing_yet, write_down
from sim.talks.draws import Purpose

if TYPE_CHECKING:
    from sim.talks.model import PartyAgent


def negotiate_with(
    case: Case,
    runs: IntArray | int,
    seed: int,
    agents: Mapping[str, type[PartyAgent]],
    progress: Callable[[float], None] = lambda share: None,
) -> Results:
    """What `sim.talks.batch.negotiate` does, with a subclass of `PartyAgent` for some parties.

    Raises:
        DelegationError: when an agent fails, in whatever run.
    """
    from sim.talks.model import NegotiationModel  # here, for mesa takes a second to import

    numbers = np.arange(runs) if isinstance(runs, int) else np.asarray(runs, dtype=np.int64)
    found = nothing_yet(case, numbers)
    for row, run in enumerate(numbers.tolist()):
        part = take_rows(case, np.array([row]))
        model = NegotiationModel(part, seed, run, agents)
        model.run_to_end()
        lasting = model.draws.uniforms(Purpose.DURATION, 0, 1)[:, 0]
        write_down(part, model.talks, lasting, found, np.array([row]))
        progress((row + 1) / len(numbers))
    return found
