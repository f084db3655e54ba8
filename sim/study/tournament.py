"""Tactics against tactics: every pair in the seats of two parties, over scenarios, and how the tactics rank.

Points of two parties are never compared: what counts is the share of what a seat could have got that its holder got.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import ArgumentError, ScenarioError, type_of
from sim.frames import frame, words
from sim.given import a_function, a_seed, whole
from sim.scenario.loader import AnyScenario, load_all
from sim.scenario.tactics import TACTICS, chosen
from sim.scenario.talks_schema import Tactic
from sim.stakes.space import FloatArray
from sim.study.bouts import Bouts, Entrant, Failure, Progress, part_of, play_bouts, seats

if TYPE_CHECKING:
    import pandas as pd

    from sim.talks.model import PartyAgent

MOST_RUNS = 5_000_000
"""Runs of a scenario at most."""


@dataclass(frozen=True)
class Tournament:
    """What a tournament came to: its entrants, the bouts of each scenario, and who was withdrawn."""

    names: tuple[str, ...]
    bouts: tuple[Bouts, ...]
    failures: tuple[Failure, ...]
    runs: int
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """A row a run of each pair in each scenario: who held which seat, whether they agreed, what each seat got.

        A score is the share of what the seat could have gained; ``round`` is when the bout ended.
        """
        count = len(self.names)
        first, second, run = (axis.ravel() for axis in np.indices((count, count, self.runs)))
        slugs = np.repeat(np.arange(len(self.bouts)), len(run))
        scores = np.moveaxis(self.scores, 3, -1)
        return frame(
            {
                "scenario": words(slugs, [bout.slug for bout in self.bouts]),
                "first": words(np.tile(first, len(self.bouts)), self.names),
                "second": words(np.tile(second, len(self.bouts)), self.names),
                "run": np.tile(run, len(self.bouts)),
                "agreed": self.agreed.ravel() == 1,
                "round": np.stack([bout.rounds for bout in self.bouts]).ravel().astype(int),
                "score_first": scores[..., 0].ravel(),
                "score_second": scores[..., 1].ravel(),
            }
        )

    @property
    def scores(self) -> FloatArray:
        """Over all scenarios ``(S, A, A, 2, R)``."""
        return np.stack([bout.scores for bout in self.bouts])

    @property
    def agreed(self) -> FloatArray:
        """Over all scenarios ``(S, A, A, R)``."""
        return np.stack([bout.agreed for bout in self.bouts])


def tournament(
    scenarios: AnyScenario | Iterable[AnyScenario],
    entrants: Mapping[str, Entrant] | Iterable[str | type[PartyAgent]] = TACTICS,
    runs: int = 50,
    seed: int = 0,
    progress: Progress = lambda share: None,
) -> Tournament:
    """Every entrant against every other and itself, in both seats of every scenario, run by run on the same draws.

    A delegation that fails is withdrawn with all its bouts and listed; the rest goes on.

    Args:
        scenarios: one or several, as slugs, paths or what `sim.load` returns; parties without a seat keep the
            scenario's own tactics.
        entrants: by name, tactics or subclasses of `PartyAgent`; or names of tactics that come with the
            package and subclasses, which are called by their own names.
        runs: of each pair of entrants in each scenario.
        seed: with a run's number it names every draw.
        progress: told the share that is done.

    Raises:
        ScenarioError: for a scenario without two seats, or when there is nobody or nothing to play.
        ArgumentError: for what stands for no scenario, no entrants, no number of runs or no seed.
    """
    scenarios, entrants = load_all(scenarios), _entrants(entrants)
    runs, seed = whole(runs, "runs"), a_seed(seed)
    a_function(progress)
    if not scenarios or not entrants or not runs:
        raise ScenarioError("a tournament needs a scenario, a tactic and a run at least")
    if len(entrants) ** 2 * runs > MOST_RUNS:
        most = MOST_RUNS // len(entrants) ** 2
        raise ScenarioError(
            f"{len(entrants)} tactics in {runs:,} runs of each pair are too many: give at most {most:,} runs"
        )
    for loaded in scenarios:
        seats(loaded)
    failures: dict[str, Failure] = {}
    played = []
    for n, loaded in enumerate(scenarios):
        into = part_of(progress, n, len(scenarios))
        played.append(play_bouts(loaded, entrants, runs, seed, failures, into))
    keep = np.array([n for n, name in enumerate(entrants) if name not in failures], dtype=np.int64)
    names = tuple(name for name in entrants if name not in failures)
    progress(1.0)
    return Tournament(names, tuple(bout.of(keep) for bout in played), tuple(failures.values()), runs, seed)


def _entrants(given: Mapping[str, Entrant] | Iterable[str | type[PartyAgent]]) -> dict[str, Entrant]:
    """Entrants by name."""
    if isinstance(given, Mapping):
        for name, one in given.items():
            if not isinstance(name, str) or not isinstance(one, Tactic | type):
                raise ArgumentError(
                    "entrants: a mapping should be of names to tactics and subclasses of PartyAgent, not of "
                    f"{type_of(name)} to {type_of(one)}"
                )
        return dict(given)
    if isinstance(given, str | type) or not isinstance(given, Iterable):
        given = [given]
    found: dict[str, Entrant] = {}
    for one in given:
        if not isinstance(one, str | type):
            raise ArgumentError(
                f"entrants: should be names of tactics and subclasses of PartyAgent, not {type_of(one)}"
            )
        found |= chosen([one]) if isinstance(one, str) else {one.__name__: one}
    return found
