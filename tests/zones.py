"""Shipped cases and their zones, each worked out once a process: millions of packages take seconds every time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import sim
from sim import find_zone
from sim.scenario.loader import Loaded
from sim.study.run import Run, run
from sim.zone.region import Zone

kept = lru_cache(maxsize=24)(sim.load)


def load(name: str, changes: Iterable[str] = (), without: Iterable[str] = ()) -> Loaded:
    """What `sim.load` returns, a shipped scenario read once: its case keeps openings and the like for other tests."""
    if name.endswith(".yaml"):
        return sim.load(name, changes, without)
    return kept(name, tuple(changes), tuple(without))


@lru_cache(maxsize=12)
def ran(slug: str, *changes: str) -> Run:
    """A run of a shipped scenario after ``PATH=VALUE`` changes, with its zone."""
    return run(load(slug, changes))


@lru_cache(maxsize=12)
def zone(slug: str, *changes: str, without: tuple[str, ...] = ()) -> Zone:
    """The zone of a shipped case after ``PATH=VALUE`` changes and without some red lines; its case is ``zone.case``."""
    return find_zone(load(slug, changes, without).case)


def unbeaten(ways: dict[tuple[int, ...], int]) -> dict[tuple[int, ...], int]:
    """Of vectors of steps, those than which no other is as few everywhere, compared one by one."""
    return {
        way: count
        for way, count in ways.items()
        if not any(other != way and all(a <= b for a, b in zip(other, way, strict=True)) for other in ways)
    }
