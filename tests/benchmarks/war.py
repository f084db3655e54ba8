"""How long the war takes: values of going on, and from another line, for all parties of many cases at once.

Run it with `python tests/benchmarks/war.py`; the ratio is to summing month by month in plain Python for one case.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

import numpy as np

from sim import load
from sim.stakes.outlook import look_ahead

CASES = 100_000


def main() -> None:
    """Print the table."""
    case = load("2025-12-stalemate").case
    war, status_quo = case.war, case.space.status_quo()
    assert war is not None
    draw = np.random.default_rng(0)
    many = replace(
        war,
        share=draw.uniform(0.15, 0.25, CASES),
        hazard=draw.uniform(0.01, 0.05, CASES),
        cost=draw.uniform(0, 50, (CASES, 4)),
        drift=draw.uniform(-0.002, 0.002, (CASES, 4)),
    )
    seconds = []
    for _ in range(5):
        start = time.process_time()
        expected = look_ahead(many, case.preferences, status_quo, 1.0)
        expected.after.flow(0)  # where a deal drew another line
        seconds.append(time.process_time() - start)
    start = time.process_time()
    for party in range(4):
        keep = war.discount[0, party] * (1 - war.hazard[0])
        sum(keep**k * (war.share[0] + war.drift[0, party] * k) for k in range(war.horizon))
    loops = 2 * (time.process_time() - start) * CASES
    taken = statistics.median(seconds)
    print(f"{'work':<58} {'median s':>8}  allowed s")
    print(f"{f'W and the flow from a line, 4 parties, {CASES:,} cases, one core':<58} {taken:8.3f}  1.0")
    print(
        f"plain loops over months, sum alone, scaled up from one case: {loops:.0f} s, {loops / taken:.0f} times as long"
    )


if __name__ == "__main__":
    main()
