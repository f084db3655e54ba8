"""Would a package hold by itself? The stability of a zone's packages as plain data, with who would do what.

What stable means stands in `sim.zone.graph_model`; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from sim.plain import OPTIONAL
from sim.scenario.loader import AnyScenario, Loaded, load
from sim.stakes.case import Case
from sim.stakes.space import BoolArray, OptionArray, Package
from sim.study.measures import DIGITS, Heading, heading
from sim.study.score import Undone, crossed_lines, undone, worth
from sim.zone.constraints import Constraints
from sim.zone.points import frontier, named_points
from sim.zone.region import Members, Progress, Zone, find_zone, members
from sim.zone.stability import Leaving, Stable, stability, temptations

Concept = Literal["nash", "sequential", "metarational"]
CONCEPTS: tuple[Concept, ...] = ("nash", "sequential", "metarational")
"""From the hardest to meet to the easiest: who meets one meets those after it."""
ASKED_FOR = "asked for"
"""The name of the one package that somebody asked about."""
FEW = 20_000
"""Packages of a zone that take less than a second."""


@dataclass(frozen=True)
class Outside:
    """Why a package lies outside the zone: signatories' red lines that it crosses, the points by which it is worth too
    little to a signatory, and who else would not do what it needs.
    """

    crosses: list[str]
    short: dict[str, float]
    undone: dict[str, Undone] | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True)
class Judged:
    """A package with the hardest concept it meets, None where somebody gains unanswered, and every way to leave it;
    ``outside`` is None for a package of the zone.
    """

    name: str
    package: Package
    stable: Concept | None
    leaving: list[Leaving]
    outside: Outside | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True)
class StableMeasures(Heading):
    """Which packages hold by themselves: what ``stable --json`` prints.

    ``of`` says whether the whole zone was looked at or, where it is very large, its frontier. ``by_ending`` counts
    packages by the option that ends the fighting; ``ids`` name the stable ones, counted along the options left in the
    order of the issues.
    """

    of: Literal["zone", "frontier"]
    packages: int
    stable: dict[Concept, int]
    by_ending: dict[str, dict[str, int]]
    ids: dict[Concept, list[int]]
    judged: list[Judged]


def stable_measures(
    scenario: AnyScenario, package: OptionArray | None = None, progress: Progress = lambda share: None
) -> StableMeasures:
    """Which packages of the declared ceasefire zone of a scenario hold by themselves.

    Args:
        scenario: a slug, a path, or what `sim.load` returns.
        package: a coherent ceasefire ``(I,)`` to judge, in place of the named points.
        progress: told the share of the work that is done.
    """
    loaded = load(scenario)
    zone = find_zone(loaded.case, lambda share: progress(0.7 * share))
    return stable_of(loaded, members(zone), package, lambda share: progress(0.7 + 0.3 * share))


def stable_at_once(loaded: Loaded, zone: Zone) -> StableMeasures | None:
    """The same of a zone that was found, where it is small enough to be looked at beside other work; else None."""
    return stable_of(loaded, members(zone)) if zone.size() <= FEW else None


def stable_of(
    loaded: Loaded, inside: Members, package: OptionArray | None = None, progress: Progress = lambda share: None
) -> StableMeasures:
    """The same of a zone's packages."""
    case, found = loaded.case, stability(loaded.case, inside, progress)
    holds: dict[Concept, BoolArray] = {concept: getattr(found.holds, concept) for concept in CONCEPTS}
    return StableMeasures(
        **vars(heading(loaded)),
        of="zone" if found.whole else "frontier",
        packages=len(found.packages),
        stable={concept: int(held.sum()) for concept, held in holds.items()},
        by_ending=_by_ending(case, found, holds),
        ids={concept: case.space.ids(found.packages[held]).tolist() for concept, held in holds.items()},
        judged=[_judged(case, name, one) for name, one in _chosen(loaded, inside, found, package)],
    )


def _by_ending(case: Case, found: Stable, holds: dict[Concept, BoolArray]) -> dict[str, dict[str, int]]:
    if case.endings is None:
        return {}
    axis, counts = case.endings.axis, {}
    for option in case.space.left[axis]:
        mine = found.packages[:, axis] == option
        if mine.any():
            of_ending = {concept: int(held[mine].sum()) for concept, held in holds.items()}
            counts[case.space.issues[axis].options[option]] = {"packages": int(mine.sum())} | of_ending
    return counts


def _chosen(
    loaded: Loaded, inside: Members, found: Stable, package: OptionArray | None
) -> list[tuple[str, OptionArray]]:
    """The packages to judge one by one: the one asked for, else the zone's named points and the firmest package."""
    if package is not None:
        return [(ASKED_FOR, package)]
    names: dict[tuple[int, ...], list[str]] = {}
    for point in named_points(loaded.case, inside):
        names.setdefault(tuple(point.packages[0].tolist()), []).append(point.name)
    chosen = [(", ".join(of), np.array(one, dtype=np.int8)) for one, of in names.items()]
    if found.holds.nash.any():
        best = np.flatnonzero(found.holds.nash)
        first = best[frontier(found.values[best])[0]]
        chosen.append(("one that nobody would leave", found.packages[first]))
    return chosen


def _judged(case: Case, name: str, package: OptionArray) -> Judged:
    """A package with every way to leave it."""
    ways = temptations(case, package)
    leaving = [replace(way, gain=round(way.gain, DIGITS)) for way in ways]
    return Judged(name, case.space.names(package), _hardest(ways), leaving, _outside(case, package))


def _outside(case: Case, package: OptionArray) -> Outside | None:
    """Why a coherent ceasefire lies outside the zone; None if it does not."""
    rule = Constraints(case)
    if rule.kept(rule.masks_of(package[None]), rule.of("declared"))[0]:
        return None
    crossed, _ = crossed_lines(case, package)
    short = {party: round(of.floor - of.value, DIGITS) for party, of in worth(case, package).items() if not of.enough}
    return Outside(list(crossed), short, undone(case, package))


def _hardest(ways: list[Leaving]) -> Concept | None:
    if not ways:
        return "nash"
    answers = [way.deterred_by for way in ways]
    if any(answer is None for answer in answers):
        return None
    return "sequential" if all(answer and answer.rather for answer in answers) else "metarational"
