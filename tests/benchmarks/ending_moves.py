"""What moves across endings bring where a mediator drafts a text: shares of runs that agree, without them and with.

Run it with `python -m tests.benchmarks.ending_moves [RUNS]`; a table of docs/talks.md is its. Shares are of the runs
that the war does not end. Offers in turn do not look across endings: there the two topics alternate, and it changed
nothing. Domains without endings (`tight`, `roomy`) have no such moves.
"""

from __future__ import annotations

import sys
from unittest.mock import patch

import numpy as np

from sim import load
from sim.stakes.case import Case
from sim.stakes.valuation import Kind
from sim.talks.batch import negotiate
from sim.talks.ending import Ending
from sim.talks.offers import across

TEXT = "protocol={name: single_text, deadline: 24}"
ROWS = {
    "Back channel": ("2025-02-backchannel", ()),
    "Back channel, a patient mediator": ("2025-02-backchannel", ("protocol.mediator.patience=24",)),
    "Riyadh, with a text": ("2025-02-riyadh", ("protocol.name=single_text",)),
    "March": ("2025-03-truce-offer", ()),
    "March, shuttle": ("2025-03-truce-offer", ("protocol.name=shuttle",)),
    "March, two tracks": ("variants/2025-03-two-tracks", ()),
    "March, starting from the text of Istanbul": ("variants/2025-03-text-istanbul", ()),
    "Istanbul, with a text and a war like today's": ("2022-istanbul", (TEXT, "war.hazard=0.02")),
}


def told(case: Case, runs: int) -> str:
    """Runs that the war did not end, the share that agrees, when they first sign, and how many end with a truce."""
    found = negotiate(case, runs)
    free = found.ending != Ending.MILITARY_END
    agreed, first = found.agreeing & free, found.first[found.agreeing & free]
    assert case.endings is not None
    truces = (case.endings.kind(found.agreed[agreed]) == Kind.TRUCE).sum()
    last = (first == case.protocol.deadline).sum() / max(len(first), 1)
    when = f"first in round {np.median(first) if len(first) else 0:>4.0f}, {last:>4.0%} in the last"
    return f"{agreed.sum() / free.sum():>6.1%} of {free.sum():>4} agree, {when}, {truces:>3} truces"


def main() -> None:
    """Print two rows for each case."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for name, (slug, changes) in ROWS.items():
        case = load(slug, ("reading=settlement", *changes)).case
        with patch.object(across, "crossings", lambda _: None):
            print(f"{name}: without  {told(case, runs)}", flush=True)
        print(f"{name}: with     {told(case, runs)}", flush=True)


if __name__ == "__main__":
    main()
