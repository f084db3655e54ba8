"""The mediator's levers: pulled against whoever keeps saying no, let go of at the first yes.

What a lever does to the war and to red lines is decided there, not here.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case
from sim.stakes.rows import changed
from sim.talks.state import Talks


def pull_levers(case: Case, talks: Talks) -> Talks:
    """The talks with every lever where the mediator holds it this round.

    A lever held over a party stands at its pull while that party has refused for as many rounds in a row as the pull
    waits; otherwise where events put it. Of two pulls on one lever the later in the file counts.
    """
    front = talks.front
    if front is None or not case.protocol.pulls:
        return talks
    index = front.set_to
    for pull in case.protocol.pulls:
        pulled = talks.heard.refusals[:, pull.against] >= pull.after
        mine = np.arange(index.shape[1]) == pull.lever
        index = np.where(pulled[:, None] & mine, pull.to, index)
    spent = np.zeros(talks.runs)
    for lever in range(index.shape[1]):
        spent = spent + np.abs(index[:, lever] - front.set_to[:, lever])
    leverage = talks.tally.leverage + np.where(talks.open, spent, 0.0)
    return changed(talks, front=changed(front, index=index), tally=changed(talks.tally, leverage=leverage))
