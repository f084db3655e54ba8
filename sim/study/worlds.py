"""Many runs, each under weights and numbers of its own: whether a zone exists in that world, and how its talks end.

Run number k is played under draw number k of `redrawn`, the same that `ceasefire robust` counts. So shares of runs say
how much an agreement hangs on what is assumed, not only on chance at the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from sim.errors import ScenarioError
from sim.scenario.loader import Loaded
from sim.stakes.space import BoolArray
from sim.study.redrawn import Drawn, drawn_case
from sim.talks.batch import Results, negotiate
from sim.zone.constraints import Reading
from sim.zone.existence import ZoneSearch

BLOCK = 2_048
"""Runs whose numbers are drawn at once; it changes nothing but the memory."""
SEARCHING = 0.4
"""Share of the work that is looking for zones, as a rule."""


@dataclass(frozen=True, eq=False)
class Worlds:
    """What was drawn for each run, and whether a ceasefire zone exists in its world ``(R,)``, by reading."""

    drawn: Drawn
    exists: dict[Reading, BoolArray]


def negotiate_in_worlds(
    loaded: Loaded, runs: int, seed: int, drawn: Drawn, progress: Callable[[float], None] = lambda share: None
) -> tuple[Results, Worlds]:
    """Play runs ``0 … runs - 1``, each under a draw of its own.

    Raises:
        ScenarioError: where there is nothing to draw, or a draw does not go together.
    """
    if drawn != "weights" and not loaded.scenario.ranges:
        raise ScenarioError(
            "no `ranges` are given, so only weights can be drawn anew (--drawn weights)", path=("ranges",)
        )
    declared, true = ZoneSearch(loaded.case), ZoneSearch(loaded.case, reading="true")
    played: list[Results] = []
    exists: dict[Reading, BoolArray] = {"declared": np.zeros(runs, dtype=bool), "true": np.zeros(runs, dtype=bool)}
    for start in range(0, runs, BLOCK):
        stop = min(start + BLOCK, runs)
        case = drawn_case(loaded, seed, drawn, start, stop)
        exists["declared"][start:stop] = declared.exists(case, stop - start)
        exists["true"][start:stop] = true.exists(case, stop - start)

        def told(share: float, start: int = start, stop: int = stop) -> None:
            progress((start + (SEARCHING + (1 - SEARCHING) * share) * (stop - start)) / runs)

        told(0.0)
        played.append(negotiate(case, np.arange(start, stop), seed, progress=told))
    return _together(played), Worlds(drawn, exists)


def _together(parts: list[Results]) -> Results:
    return Results(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Results)})
