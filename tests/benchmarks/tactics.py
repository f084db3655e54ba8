"""How often tactics agree with each other: on a pie, in March under the settlement reading, against a hardliner.

Run it with `python tests/benchmarks/tactics.py [RUNS]`; the table of docs/talks.md is its. The literature (Faratin,
Sierra & Jennings 1998) has softer tactics agree more often: what stands against that is counted below each table.
"""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np

from sim import load
from sim.scenario.tactics import chosen
from sim.stakes.space import FloatArray
from sim.study.ranking import agreement
from sim.study.tournament import tournament

NAMES = ["conceder", "linear", "boulware", "hardliner"]
MARCH, SETTLEMENT = "2025-03-truce-offer", "reading=settlement"
TABLES = {
    "a pie, offers in turn": ("toy/split-the-pie", ()),
    "March, a mediator's text, war frozen": (MARCH, (SETTLEMENT, "war.frozen=true")),
    "March, offers in turn, war frozen": (MARCH, (SETTLEMENT, "war.frozen=true", "protocol.name=alternating")),
    "March, a mediator's text, war goes on": (MARCH, (SETTLEMENT,)),
}
NOISE = 3.0
"""Standard errors of a difference from which two shares count as different."""


def against_the_order(shares: FloatArray, runs: int) -> list[str]:
    """Each place where the tougher of two neighbouring tactics agrees more often than the softer, beyond noise."""
    found = []
    for other, column in enumerate(shares.T):
        for soft, (one, two) in enumerate(pairwise(column)):
            error = np.sqrt((one * (1 - one) + two * (1 - two)) / runs)
            if two - one > NOISE * error + 1e-9:
                whom = f"{NAMES[soft + 1]} {two:.0%}, {NAMES[soft]} {one:.0%}"
                found.append(f"against {NAMES[other]}: {whom}")
    return found


def main() -> None:
    """Print a table for each way to talk: rows are one's own tactic, columns the other's."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for name, (slug, changes) in TABLES.items():
        many = 1 if slug.startswith("toy/") else runs
        shares = agreement(tournament([load(slug, changes)], chosen(NAMES), runs=many))
        print(f"{name}, {many} runs a pair and seat\n{'':<12}" + "".join(f"{other:>11}" for other in NAMES))
        for own, row in zip(NAMES, shares, strict=True):
            print(f"{own:<12}" + "".join(f"{share:>11.1%}" for share in row))
        print("  " + ("; ".join(against_the_order(shares, 2 * many)) or "ordered"), flush=True)


if __name__ == "__main__":
    main()
