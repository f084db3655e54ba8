"""A zone under other numbers: weights and other assumed numbers drawn anew, and what is left of the zone in each draw.

The same draws for every question, so that 200 of them are the first 200 of 1,000, and whoever works on them counts the
same. The shares are of draws under these ranges, never chances in the world.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

import numpy as np

from sim.errors import ScenarioError
from sim.scenario.changes import path_of
from sim.scenario.columns import refused, with_columns
from sim.scenario.loader import Loaded
from sim.scenario.ranges import drawn_numbers, drawn_weights, weighed
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import FloatArray, IntArray
from sim.study.shares import Share, shared
from sim.talks.draws import Draws, Purpose
from sim.zone.region import Zone
from sim.zone.robust import Candidates, candidates, surviving

Drawn = Literal["weights", "numbers", "both"]
DRAWN: tuple[Drawn, ...] = get_args(Drawn)
"""What is drawn: how much issues matter, the numbers that have ranges, or both."""
CORE = 0.9
"""Share of draws that a package of the robust core stays in the zone in."""
QUANTILES = {"5": 0.05, "50": 0.5, "95": 0.95}
AT_A_GLANCE, FEWEST = 200, 20
"""Draws for a first look, and the fewest that say anything."""
MOMENT = 4_400_000
"""Draws times candidates that take about a second of computing."""
BLOCK = 50
"""Draws in one piece of work."""


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


Part = tuple[Drawn, int, int]
Done = tuple[Drawn, int, IntArray, IntArray]
"""What was drawn, from which draw on, in how many draws each candidate survived, how many survived in each draw."""


def worked(loaded: Loaded, of: Candidates, seed: int, parts: list[Part], workers: int) -> Iterator[Done]:
    """All parts, in whatever order they come: their counts add up."""
    work = partial(counted, loaded, of, seed)
    if workers == 1 or len(parts) < 2:
        yield from map(work, parts)
        return
    import multiprocessing  # here, for most do it alone
    from concurrent.futures import ProcessPoolExecutor, as_completed

    context = multiprocessing.get_context("spawn")  # the same on every platform
    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=context) as pool:
        for future in as_completed([pool.submit(work, part) for part in parts]):
            yield future.result()


def counted(loaded: Loaded, of: Candidates, seed: int, part: Part) -> Done:
    """The survivors of one part of the draws."""
    kind, start, stop = part
    survived, sizes = np.zeros(len(of.packages), dtype=np.int64), []
    for left in surviving(of, drawn_case(loaded, seed, kind, start, stop), stop - start):
        survived[left] += 1
        sizes.append(len(left))
    return kind, start, survived, np.array(sizes, dtype=np.int64)


def is_set(loaded: Loaded, path: str) -> bool:
    """Whether a change to the scenario has set a number, or everything above it: what is supposed is not drawn."""
    return any(f"{path}.".startswith(f"{path_of(change)}.") for change in loaded.changes)


def drawn_columns(loaded: Loaded, seed: int, kind: Drawn, start: int, stop: int) -> dict[str, FloatArray]:
    """The numbers drawn, by path, for draws from ``start`` up to ``stop`` ``(R,)``; none that somebody has set."""
    draws, scenario = Draws(seed, np.arange(start, stop)), loaded.scenario
    found: dict[str, FloatArray] = {}
    if kind != "numbers":
        found |= drawn_weights(scenario, draws.uniforms(Purpose.WEIGHTS, 0, len(weighed(scenario))))
    if kind != "weights":
        numbers = drawn_numbers(scenario, draws.uniforms(Purpose.RANGES, 0, len(scenario.ranges)))
        found |= {path: column for path, column in numbers.items() if not is_set(loaded, path)}
    for complaint in refused(loaded, found).values():
        raise ScenarioError(f"a draw from the ranges does not go together: {complaint}", path=("ranges",))
    return found


def drawn_case(loaded: Loaded, seed: int, kind: Drawn, start: int, stop: int) -> Case:
    """The case with a row for each draw."""
    return with_columns(loaded, drawn_columns(loaded, seed, kind, start, stop))


def held(loaded: Loaded, of: Candidates, seed: int, kind: Drawn, survived: IntArray, sizes: IntArray) -> Held:
    """What draws of one kind left: each candidate survived so many ``(N,)``, and so many survived each ``(R,)``."""
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


@dataclass(frozen=True)
class Glance:
    """How sure a zone is at first sight: a few draws of everything that can be drawn.

    ``candidates`` are packages that cross no binding declared line; where there is none, the zone is empty whatever is
    drawn, and nothing is. ``held`` is None then, and where they are too many to draw in a moment.
    """

    seed: int
    candidates: int
    empty_whatever_is_drawn: bool
    drawn: Drawn
    held: Held | None


def glance(loaded: Loaded, zone: Zone, seed: int = 0) -> Glance:
    """How sure the declared ceasefire zone of a scenario is, in as many draws as take about a second: 200 as a rule.

    Nothing is drawn where the ranges hold numbers that do not go together: `robust` says which.
    """
    found = zone.size("lines_only")
    kind: Drawn = "both" if loaded.scenario.ranges else "weights"
    draws, drawn = min(AT_A_GLANCE, MOMENT // found) if found else 0, None
    if draws >= FEWEST:
        of = candidates(loaded.case)
        try:
            _, _, survived, sizes = counted(loaded, of, seed, (kind, 0, draws))
            drawn = held(loaded, of, seed, kind, survived, sizes)
        except ScenarioError:
            drawn = None
    return Glance(seed, found, not found, kind, drawn)
