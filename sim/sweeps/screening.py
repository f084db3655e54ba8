"""Which of many fields matter at all: how often a field's step alone changes what a run comes to (Morris 1991).

Both ends of a step meet the same luck, so a field that does nothing changes nothing. No shares over the whole sweep are
told: points of a screening are chosen for their steps, and are no sample of the ranges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import SweepError
from sim.stakes.space import FloatArray, IntArray
from sim.study.shares import Share
from sim.sweeps.intervals import Answers, share_of_runs
from sim.sweeps.plan import Described, described
from sim.sweeps.results import Cases, gather
from sim.sweeps.store import Folder
from sim.sweeps.trajectories import Trajectories

OUTCOMES = ("agreement", "zone", "plain_truce")
"""What steps may change: whether a run agrees, whether a case has a zone, whether a plain truce suits all."""


@dataclass(frozen=True)
class Effect:
    """What a field's step changes, of an outcome that is 1 or 0.

    ``moved`` is the share of steps that change it, mu* (Campolongo, Cariboni & Saltelli 2007), with its interval;
    ``up`` the mean change of a step upwards, mu, None for names; ``spread`` the standard deviation of the change,
    sigma, which tells of interactions and bends. The last two have no interval.
    """

    moved: Share
    up: float | None
    spread: float | None


@dataclass(frozen=True)
class ScreeningMeasures(Described):
    """What a screening says: what ``sweeps screen --json`` prints; ``effects`` by outcome and path."""

    trajectories: int
    effects: dict[str, dict[str, Effect]]


def screening(folder: Folder) -> ScreeningMeasures:
    """How much each field's step moves.

    Raises:
        SweepError: for a sweep of another design, or without a finished trajectory.
    """
    sweep = folder.sweep
    if sweep.design.kind != "morris":
        raise SweepError(f"{folder.path} is not a screening, which is a sweep with --design morris")
    cases = gather(folder)
    many = sweep.design.base
    made = Trajectories.of(sweep.factors, sweep.seed, 0, many)
    found = {name: effects(made, _outcome(cases, name), sweep.common and name == "agreement") for name in OUTCOMES}
    if not any(effect.moved.of for effect in found["agreement"].values()):
        raise SweepError(f"{folder.path} says nothing yet: no trajectory is finished")
    return ScreeningMeasures(**vars(described(sweep)), trajectories=many, effects=found)


def _outcome(cases: Cases, name: str) -> IntArray:
    """An outcome by case and replication ``(N, R)``; -1 where it is not known."""
    return cases.signed if name == "agreement" else cases.zones[name][:, None]


def effects(made: Trajectories, outcome: IntArray, common: bool) -> dict[str, Effect]:
    """What each field's step does to an outcome of 1, 0 or -1 (unknown) ``(T (D + 1), R)``."""
    width = len(made.factors) + 1
    points = outcome.reshape(-1, width, outcome.shape[1])
    known = (points >= 0).all(axis=(1, 2))
    change, signs = made.steps(points.astype(float))[known], made.signs[known]
    found = {}
    for n, factor in enumerate(made.factors):
        moved = share_of_runs(Answers(np.abs(change[:, n]).astype(np.int8), common))
        up, spread = mean_and_spread(change[:, n], signs[:, n])
        found[factor.path] = Effect(moved, None if factor.named else up, spread)
    return found


def mean_and_spread(change: FloatArray, signs: IntArray) -> tuple[float | None, float | None]:
    """The mean and the standard deviation of changes ``(T, R)`` by steps of these signs ``(T,)``, as if all went up."""
    upwards = change * np.where(signs == 0, 1, signs)[:, None]
    if len(upwards) < 2:
        return None, None
    return round(float(upwards.mean()), 6), round(float(upwards.std(ddof=1)), 6)
