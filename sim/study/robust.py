"""How sure is a zone? Weights and other assumed numbers drawn anew, many times: what is left, and of which packages.

What a draw is and what is counted in it stands in `redrawn`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.scenario.loader import AnyScenario, load
from sim.stakes.space import IntArray, Package
from sim.study.measures import Heading, heading
from sim.study.redrawn import BLOCK, Drawn, Held, held, is_set, worked
from sim.zone.region import Progress
from sim.zone.robust import Candidates, candidates

DRAWS, OF_MANY = 1_000, 100
"""Draws by default, and by default where candidates are `MANY`."""
MANY = 200_000
NAMED, MOST_NAMED = 0.5, 1_000
"""Share of all draws together from which on a package is called by name, and how many are."""


@dataclass(frozen=True)
class Survival:
    """A package, and in how many draws it was in the zone."""

    package: Package
    draws: dict[Drawn, int]


@dataclass(frozen=True)
class AllSurvival:
    """The same of every package that was in the zone at all: its id, counted along the options left in the order of the
    issues, and for each kind of draws in how many it was.
    """

    packages: list[int]
    draws: dict[Drawn, list[int]]


@dataclass(frozen=True)
class RobustMeasures(Heading):
    """How robust a zone is: what ``robust --json`` prints.

    ``candidates`` are packages that cross no binding declared line; where there is none, the zone is empty whatever is
    drawn, and nothing is. ``ranges`` say between which ends other numbers were drawn, those apart that a change
    has set. ``named`` are the packages that
    were in the zone in at least half of all draws, those of most draws first, up to a thousand.
    """

    seed: int
    candidates: int
    empty_whatever_is_drawn: bool
    weight_concentration: float
    ranges: dict[str, tuple[float, float, str]]
    drawn: dict[Drawn, Held]
    named: list[Survival]
    survival: AllSurvival


def robustness(
    scenario: AnyScenario,
    draws: int | None = None,
    seed: int = 0,
    kinds: Iterable[Drawn] = ("weights", "numbers", "both"),
    workers: int = 1,
    progress: Progress = lambda share: None,
) -> RobustMeasures:
    """How robust the declared ceasefire zone of a scenario is.

    >>> robustness("toy/split-the-pie", draws=20).drawn["weights"].zone.hits
    20

    Args:
        scenario: a slug, a path, or what `sim.load` returns.
        draws: how many of each kind; 1,000 by default, 100 where very many packages cross no line.
        seed: names the draws.
        kinds: what is drawn; numbers only where the scenario gives ranges.
        workers: processes; they change no figure.
        progress: told the share of the work that is done.

    Raises:
        ScenarioError: for ranges whose numbers do not go together.
        SpaceTooLargeError: for a space whose zone is not counted either.
    """
    loaded = load(scenario)
    loaded.case.space.require_countable()
    of = candidates(loaded.case, lambda share: progress(share / 10))
    found = len(of.packages)
    asked = [kind for kind in kinds if kind == "weights" or loaded.scenario.ranges] if found else []
    count = draws or (OF_MANY if found > MANY else DRAWS)
    parts = [(kind, start, min(start + BLOCK, count)) for kind in asked for start in range(0, count, BLOCK)]
    counts = {kind: np.zeros(found, dtype=np.int64) for kind in asked}
    sizes: dict[Drawn, dict[int, IntArray]] = {kind: {} for kind in asked}
    for done, (kind, start, survived, of_draws) in enumerate(worked(loaded, of, seed, parts, workers)):
        counts[kind] += survived
        sizes[kind][start] = of_draws
        progress(0.1 + 0.9 * (done + 1) / len(parts))
    found_in = {
        k: held(loaded, of, seed, k, counts[k], np.concatenate([sizes[k][s] for s in sorted(sizes[k])])) for k in asked
    }
    named, survival = _survival(of, counts, count)
    return RobustMeasures(
        **vars(heading(loaded)),
        seed=seed,
        candidates=found,
        empty_whatever_is_drawn=not found,
        weight_concentration=loaded.scenario.weight_concentration,
        ranges={
            path: (given.low, given.high, given.scale)
            for path, given in loaded.scenario.ranges.items()
            if not is_set(loaded, path)
        },
        drawn=found_in,
        named=named,
        survival=survival,
    )


def _survival(of: Candidates, counts: dict[Drawn, IntArray], draws: int) -> tuple[list[Survival], AllSurvival]:
    """Packages that were in the zone at all: those of most draws by name, all by their ids."""
    total = np.sum(list(counts.values()), axis=0) if counts else np.zeros(0, dtype=np.int64)
    order = np.argsort(-total, kind="stable")
    most = order[: np.count_nonzero(total >= NAMED * draws * len(counts))][:MOST_NAMED] if counts else order
    named = [
        Survival(of.case.space.names(of.packages[n]), {kind: int(survived[n]) for kind, survived in counts.items()})
        for n in most.tolist()
    ]
    there = np.flatnonzero(total)
    ids = of.case.space.ids(of.packages[there]).tolist()
    return named, AllSurvival(ids, {kind: survived[there].tolist() for kind, survived in counts.items()})
