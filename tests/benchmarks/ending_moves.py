"""What moves across endings bring where a mediator drafts a text: shares of runs that agree, without them and with.

Run it with `python -m tests.benchmarks.ending_moves [RUNS]`; a table of docs/talks.md is its, which a test holds.
Shares are of the runs that the war does not end. Offers in turn do not look across endings: there the two topics
alternate, and it changed nothing. Domains without endings (`tight`, `roomy`) have no such moves.
"""

from __future__ import annotations

import sys
from unittest.mock import patch

import numpy as np

from sim import load
from sim.stakes.case import Case
from sim.stakes.endings import Kind
from sim.talks.batch import Results, negotiate
from sim.talks.how_talks_end import Ending
from sim.talks.offers import across

RUNS = 400
TEXT = "protocol={name: single_text, deadline: 24}"
ROWS = {
    "Back channel": ("2025-02-backchannel", ()),
    "Back channel, a mediator with a patience of 24 rounds instead of 12": (
        "2025-02-backchannel",
        ("protocol.mediator.patience=24",),
    ),
    "Riyadh, with a mediator's text": ("2025-02-riyadh", ("protocol.name=single_text",)),
    "March": ("2025-03-truce-offer", ()),
    "March, shuttle": ("2025-03-truce-offer", ("protocol.name=shuttle",)),
    "March, two tracks": ("variants/2025-03-two-tracks", ()),
    "March, starting from the text of Istanbul": ("variants/2025-03-text-istanbul", ()),
    "Istanbul, with a mediator's text and the hazard of later years": ("2022-istanbul", (TEXT, "war.hazard=0.02")),
}


def found(name: str, runs: int) -> tuple[Case, Results, Results]:
    """A row's case, and what its runs come to without moves across endings and with them."""
    slug, changes = ROWS[name]
    case = load(slug, ("reading=settlement", *changes)).case
    with patch.object(across, "crossings", lambda _: None):
        without = negotiate(case, runs)
    return case, without, negotiate(case, runs)


def share(of: Results) -> float:
    """The share of runs that agree, of those that the war does not end."""
    return float(of.agreeing[of.ending != Ending.MILITARY_END].mean())


def told(case: Case, of: Results) -> str:
    """Runs that the war did not end, the share that agrees, when they first sign, and how many end with a truce."""
    first, kinds = of.first[of.agreeing], case.endings
    assert kinds is not None
    truces = (kinds.kind(of.agreed[of.agreeing]) == Kind.TRUCE).sum()
    last = (first == case.protocol.deadline).sum() / max(len(first), 1)
    when = f"first in round {np.median(first) if len(first) else 0:>4.0f}, {last:>4.0%} in the last"
    free = (of.ending != Ending.MILITARY_END).sum()
    return f"{share(of):>6.1%} of {free:>4} agree, {when}, {truces:>3} truces"


def main() -> None:
    """Print two rows for each case."""
    for name in ROWS:
        case, *both = found(name, int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
        for how, of in zip(("without", "with"), both, strict=True):
            print(f"{name}: {how:<8} {told(case, of)}", flush=True)


if __name__ == "__main__":
    main()
