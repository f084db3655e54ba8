"""The nearest package of each violation mask: it is of that mask, none is nearer, and a zone's is that of the first."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load
from sim.zone.constraints import Constraints
from sim.zone.diagnosis import distinct, narrow
from sim.zone.nearest import nearest
from sim.zone.region import clear_packages, find_zone


@pytest.mark.parametrize("slug", ["toy/two-issues", "toy/split-the-pie", "2025-02-backchannel"])
def test_every_mask_has_its_nearest_package_and_the_first_of_a_zone_is_the_zones(slug: str) -> None:
    case = load(slug).case
    found, zone, constraints = nearest(case), find_zone(case), Constraints(case)
    assert sorted(found.masks.tolist()) == distinct(zone).masks.tolist()
    bits = list(constraints.bits("declared"))
    assert (narrow(constraints.masks_of(found.packages), bits) == found.masks).all()
    assert (np.diff(found.changes) >= 0).all()
    rng = np.random.default_rng(0)
    for _ in range(10):
        chosen = [n for n in range(len(bits)) if rng.random() < 0.6]
        inside = clear_packages(zone, sum(bits[n] for n in chosen))
        kept = (found.masks & np.uint64(sum(1 << n for n in chosen))) == 0
        assert bool(len(inside)) == bool(kept.any())
        if len(inside):
            least = (inside != case.space.standing()).sum(axis=1)
            first = found.packages[np.argmax(kept)]
            assert first.tolist() == inside[np.argmin(least)].tolist()
