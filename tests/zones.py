"""Zones of large shipped cases, each measured once a process: millions of packages take seconds every time."""

from __future__ import annotations

from functools import lru_cache

from sim import find_zone, load
from sim.zone.region import Zone


@lru_cache(maxsize=12)
def zone(slug: str, *changes: str, without: tuple[str, ...] = ()) -> Zone:
    """The zone of a shipped case after ``PATH=VALUE`` changes and without some red lines; its case is ``zone.case``."""
    return find_zone(load(slug, changes, without).case)
