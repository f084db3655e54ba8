"""Whether one way to learn what others want finds zones that the default does not: small tight domains and March."""

from __future__ import annotations

import numpy as np
import pytest

from sim.stakes.case import Case
from sim.talks.batch import negotiate
from sim.talks.how_talks_end import Ending
from tests.benchmarks.tight import domain, loaded
from tests.zones import load

KINDS = ("nothing", "frequency", "bayes")
DOMAINS = (0, 1, 2, 3, 5, 6)
MARCH = {"a text": (), "in turn": ("protocol.name=alternating",)}
NOISE = 0.05
"""By how much a mean of shares of so few runs may lie below another without telling anything."""


def shares(kind: str, runs: int = 30) -> dict[str, float]:
    """By case, the share of runs that agree, of those that no war ends."""
    cases: dict[str, Case] = {}
    for seed in DOMAINS:
        parties = [party.id for party in loaded(domain(seed)).parties]
        cases[str(seed)] = loaded(domain(seed), *(f"parties.{party}.tactic.learns={kind}" for party in parties))
    for way, changes in MARCH.items():
        parties = list(load("2025-03-truce-offer").scenario.parties)
        changes = ("reading=settlement", *changes, *(f"parties.{party}.tactic.learns={kind}" for party in parties))
        cases[way] = load("2025-03-truce-offer", changes).case
    found = {name: negotiate(case, runs) for name, case in cases.items()}
    return {name: float(of.agreeing[of.ending != Ending.MILITARY_END].mean()) for name, of in found.items()}


@pytest.mark.slow
def test_no_way_to_learn_finds_clearly_more_zones_than_the_default() -> None:
    found = {kind: shares(kind) for kind in KINDS}
    print({kind: {case: round(share, 3) for case, share in of.items()} for kind, of in found.items()})
    means = {kind: float(np.mean(list(of.values()))) for kind, of in found.items()}
    assert load("2025-03-truce-offer").scenario.parties["europe"].tactic.learns == "frequency"
    assert means["frequency"] >= max(means.values()) - NOISE, means
    assert min(found["frequency"].values()) > 0.8
