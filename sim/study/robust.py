"""How sure is a zone? Weights and other assumed numbers drawn anew, many times: what is left, and of which packages.

The same draws for every question, so that 200 of them are the first 200 of 1,000, and whoever works on them counts the
same. The shares are of draws under these ranges, never chances in the world.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from sim.errors import ScenarioError
from sim.scenario.columns import refused, with_columns
from sim.scenario.loader import AnyScenario, Loaded, load
from sim.scenario.ranges import drawn_numbers, drawn_weights, weighed
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import FloatArray, IntArray
from sim.study.measures import Heading, Package, heading
from sim.study.shares import Share, shared
from sim.talks.draws import Draws, Purpose
from sim.zone.region import Progress
from sim.zone.robust import Candidates, candidates, surviving

Drawn = Literal["weights", "numbers", "both"]
"""What is drawn: how much issues matter, the numbers that have ranges, or both."""
DRAWS, OF_MANY = 1_000, 100
"""Draws by default, and by default where candidates are `MANY`."""
MANY = 200_000
CORE = 0.9
"""Share of draws that a package of the robust core stays in the zone in."""
QUANTILES = {"5": 0.05, "50": 0.5, "95": 0.95}
BLOCK = 50
"""Draws in one piece of work."""
NAMED, MOST_NAMED = 0.5, 1_000
"""Share of all draws together from which on a package is called by name, and how many are."""


@dataclass(frozen=True)
class Core:
    """The packages that stay in the zone in at least `CORE` of the draws: how many, by the option that ends the
    fighting, and how many of them hold each option.
    """

    packages: int
    by_ending: dict[str, int]
    options: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Held:
    """One kind of draws: in how many there is a zone, how many packages it has in draws at some percentiles, the
    robust core, and in how many a plain truce is worth its floor to each signatory; None where there is no truce.
    """

    draws: int
    zone: Share
    size: dict[str, int]
    core: Core
    plain_truce: dict[str, Share] | None


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
    drawn, and nothing is. ``ranges`` say between which ends other numbers were drawn. ``named`` are the packages that
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
    """
    loaded = load(scenario)
    of = candidates(loaded.case, lambda share: progress(share / 10))
    found = len(of.packages)
    asked = [kind for kind in kinds if kind == "weights" or loaded.scenario.ranges] if found else []
    count = draws or (OF_MANY if found > MANY else DRAWS)
    parts = [(kind, start, min(start + BLOCK, count)) for kind in asked for start in range(0, count, BLOCK)]
    counts = {kind: np.zeros(found, dtype=np.int64) for kind in asked}
    sizes: dict[Drawn, dict[int, IntArray]] = {kind: {} for kind in asked}
    for done, (kind, start, survived, of_draws) in enumerate(_worked(loaded, of, seed, parts, workers)):
        counts[kind] += survived
        sizes[kind][start] = of_draws
        progress(0.1 + 0.9 * (done + 1) / len(parts))
    held = {
        k: _held(loaded, of, seed, k, counts[k], np.concatenate([sizes[k][s] for s in sorted(sizes[k])])) for k in asked
    }
    named, survival = _survival(of, counts, count)
    return RobustMeasures(
        **vars(heading(loaded)),
        seed=seed,
        candidates=found,
        empty_whatever_is_drawn=not found,
        weight_concentration=loaded.scenario.weight_concentration,
        ranges={path: (given.low, given.high, given.scale) for path, given in loaded.scenario.ranges.items()},
        drawn=held,
        named=named,
        survival=survival,
    )


Part = tuple[Drawn, int, int]
Done = tuple[Drawn, int, IntArray, IntArray]
"""What was drawn, from which draw on, in how many draws each candidate survived, how many survived in each draw."""


def _worked(loaded: Loaded, of: Candidates, seed: int, parts: list[Part], workers: int) -> Iterator[Done]:
    """All parts, in whatever order they come: their counts add up."""
    work = partial(_counted, loaded, of, seed)
    if workers == 1 or len(parts) < 2:
        yield from map(work, parts)
        return
    context = multiprocessing.get_context("spawn")  # the same on every platform
    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=context) as pool:
        for future in as_completed([pool.submit(work, part) for part in parts]):
            yield future.result()


def _counted(loaded: Loaded, of: Candidates, seed: int, part: Part) -> Done:
    kind, start, stop = part
    survived, sizes = np.zeros(len(of.packages), dtype=np.int64), []
    for left in surviving(of, drawn_case(loaded, seed, kind, start, stop), stop - start):
        survived[left] += 1
        sizes.append(len(left))
    return kind, start, survived, np.array(sizes, dtype=np.int64)


def drawn_columns(loaded: Loaded, seed: int, kind: Drawn, start: int, stop: int) -> dict[str, FloatArray]:
    """The numbers drawn, by path, for draws from ``start`` up to ``stop`` ``(R,)``."""
    draws, scenario = Draws(seed, np.arange(start, stop)), loaded.scenario
    found: dict[str, FloatArray] = {}
    if kind != "numbers":
        found |= drawn_weights(scenario, draws.uniforms(Purpose.WEIGHTS, 0, len(weighed(scenario))))
    if kind != "weights":
        found |= drawn_numbers(scenario, draws.uniforms(Purpose.RANGES, 0, len(scenario.ranges)))
    for complaint in refused(loaded, found).values():
        raise ScenarioError(f"a draw from the ranges does not go together: {complaint}", path=("ranges",))
    return found


def drawn_case(loaded: Loaded, seed: int, kind: Drawn, start: int, stop: int) -> Case:
    """The case with a row for each draw."""
    return with_columns(loaded, drawn_columns(loaded, seed, kind, start, stop))


def _held(loaded: Loaded, of: Candidates, seed: int, kind: Drawn, survived: IntArray, sizes: IntArray) -> Held:
    draws = len(sizes)
    return Held(
        draws=draws,
        zone=shared(int(np.count_nonzero(sizes)), draws),
        size={name: int(np.quantile(sizes, q, method="inverted_cdf")) for name, q in QUANTILES.items()},
        core=_core(of, survived >= CORE * draws),
        plain_truce=_truce(drawn_case(loaded, seed, kind, 0, draws), draws),
    )


def _core(of: Candidates, in_core: Any) -> Core:
    """What the packages of the core are made of."""
    space, packages = of.case.space, of.packages[in_core]
    counts = {
        issue.id: {issue.options[k]: int(np.count_nonzero(packages[:, axis] == k)) for k in space.left[axis]}
        for axis, issue in enumerate(space.issues)
    }
    options = {issue: {k: n for k, n in of_issue.items() if n} for issue, of_issue in counts.items()}
    ending = None if of.case.endings is None else space.issues[of.case.endings.axis].id
    return Core(len(packages), {} if ending is None else options[ending], options)


def _truce(case: Case, draws: int) -> dict[str, Share] | None:
    """In how many draws a plain truce is worth its floor to each signatory."""
    truce = case.plain_truce()
    if truce is None:
        return None
    found = {}
    for party in case.signatories:
        enough = case.value(party, truce[None]) >= case.floor(party) - TOLERANCE
        found[case.parties[party].id] = shared(int(np.count_nonzero(np.broadcast_to(enough, draws))), draws)
    return found


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
