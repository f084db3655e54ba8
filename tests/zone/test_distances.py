"""How far packages lie from a zone's frontier and Nash point: plain loops, and a pie worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load
from sim.zone.distances import distance, distances, opposition
from sim.zone.points import frontier, named_points, steps_between
from sim.zone.region import members
from tests.zones import zone

MARCH = "2025-03-truce-offer"


def test_distances_are_those_of_plain_loops() -> None:
    case, inside = load(MARCH).case, members(zone(MARCH))
    apart, floors = distances(case, inside), case.reservation[0, list(case.signatories)]
    scaled = (inside.values - floors) / (inside.values.max(axis=0) - floors)
    best = frontier(inside.values)
    nash = next(point for point in named_points(case, inside) if point.name == "nash")
    at_nash = (nash.values[0] - floors) / (inside.values.max(axis=0) - floors)
    assert np.flatnonzero(apart.best).tolist() == best.tolist()
    assert apart.to_nash is not None and apart.steps_to_nash is not None
    for n in range(0, len(scaled), 97):
        assert apart.to_frontier[n] == pytest.approx(min(np.linalg.norm(scaled[n] - scaled[m]) for m in best))
        assert apart.to_nash[n] == pytest.approx(np.linalg.norm(scaled[n] - at_nash))
        assert apart.steps_to_nash[n] == steps_between(case, nash.packages[0], inside.packages[n : n + 1])[0]
    assert not apart.to_frontier[best].any()


def test_distances_of_a_pie_are_those_worked_out_by_hand() -> None:
    """The four cuts give (0, 1), (1/3, 2/3), (2/3, 1/3) or (1, 0) of what each could gain; the middle two are Nash."""
    pie, inside = load("toy/split-the-pie").case, members(zone("toy/split-the-pie"))
    floors, most = pie.reservation[0, list(pie.signatories)], inside.values.max(axis=0)
    half = distance(pie, inside, (floors + most) / 2)
    assert half.to_frontier == pytest.approx(2**0.5 / 6) and half.to_nash == pytest.approx(2**0.5 / 6)
    nothing, all_of_it = distance(pie, inside, floors), distance(pie, inside, most)
    assert nothing.to_frontier == pytest.approx(5**0.5 / 3) and nothing.to_nash == pytest.approx(5**0.5 / 3)
    assert all_of_it.to_frontier == pytest.approx(5**0.5 / 3), "what nobody can have lies away from the frontier too"


def test_opposition_is_one_half_of_the_diagonal_over_a_pie_and_none_where_all_want_the_same() -> None:
    assert opposition(zone("toy/split-the-pie")) == pytest.approx(0.5**0.5)
    found = zone(MARCH)
    values = [np.stack([v[s.coherent] for v in found.case.values_over(s.space)], axis=1) for s in found.slabs()]
    every = np.concatenate(values)
    scaled = (every - every.min(axis=0)) / (every.max(axis=0) - every.min(axis=0))
    assert opposition(found) == pytest.approx(np.sqrt(((1 - scaled) ** 2).sum(axis=1)).min())
