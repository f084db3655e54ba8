"""One package held against a zone: what it crosses, what it is worth, how far it lies from the zone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from sim.plain import OPTIONAL
from sim.scenario.carrying import NotCarried, not_carried
from sim.scenario.loader import Loaded
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import OptionArray, Package, holds
from sim.stakes.stages import Stage
from sim.study.measures import DIGITS, Heading, durability_measures, heading
from sim.zone.constraints import Constraints
from sim.zone.distances import Distance, distance
from sim.zone.points import steps_between
from sim.zone.region import Members, Zone, members

STAGES = {
    Stage.SHORT: "short of a ceasefire",
    Stage.PARTIAL: "partial deal, short of a ceasefire",
    Stage.INTERIM: "ceasefire",
    Stage.SETTLEMENT: "settlement",
}
"""What a package would be, in words."""


@dataclass(frozen=True)
class Worth:
    """What a package is worth to a signatory and what it needs to sign, in points a month."""

    value: float
    floor: float
    enough: bool


@dataclass(frozen=True)
class Nearest:
    """The zone's package that is the fewest steps away: how many are as near, and the options that differ."""

    steps: int
    ties: int
    moves: Package


@dataclass(frozen=True)
class Undone:
    """Why a party would not do what a package needs of it, on these ``issues``: its red lines that the package
    crosses, and the points by which the package is worth too little to it.
    """

    issues: list[str]
    crosses: list[str]
    short: float


@dataclass(frozen=True)
class PackageMeasures(Heading):
    """One package: rules broken, options that its ending cannot carry, lines crossed with their steps, values by
    signatory, distance to the zone.

    ``not_named`` are the issues that nobody spoke of: they stand as they are without an agreement. ``undone`` are the
    parties without whose word it could be signed and whose deeds it needs in vain.
    """

    package: Package
    breaks: list[str]
    uncarried: list[NotCarried]
    stage: str
    crosses: dict[str, int]
    crosses_of_others: list[str]
    values: dict[str, Worth]
    holds: dict[str, float] | None
    in_zone: bool
    nearest: Nearest | None
    away: Distance | None
    not_named: list[str]
    undone: dict[str, Undone] | None = field(default=None, kw_only=True, metadata=OPTIONAL)


def package_measures(
    loaded: Loaded, zone: Zone, package: OptionArray, named: Collection[str] | None = None
) -> PackageMeasures:
    """A package ``(I,)`` held against a zone, of which these issues were ``named``: ``zone --package --json``."""
    case, rule, row = loaded.case, zone.constraints, package[None]
    broken, rules = holds(case.validity, package), loaded.scenario.validity
    steps, outside = crossed_lines(case, package)
    coherent, stage, inside = not broken.any(), case.stage(row)[0], members(zone)
    return PackageMeasures(
        **vars(heading(loaded)),
        package=case.space.names(package),
        breaks=[rule.id for rule, is_broken in zip(rules, broken[: len(rules)], strict=True) if is_broken],
        uncarried=not_carried(loaded.scenario, case.space.names(package)),
        stage=STAGES[Stage(int(stage))],
        crosses=steps,
        crosses_of_others=outside,
        values=worth(case, package),
        holds=durability_measures(case, package),
        in_zone=bool(coherent and stage >= Stage.INTERIM and rule.kept(rule.masks_of(row), rule.of("declared"))[0]),
        nearest=_nearest(case, inside, package),
        away=away_from(case, inside, package),
        not_named=[] if named is None else [issue.id for issue in case.space.issues if issue.id not in named],
        undone=undone(case, package),
    )


def undone(case: Case, package: OptionArray) -> dict[str, Undone] | None:
    """The parties whose deeds a package ``(I,)`` needs, whose word it does not, and who would not do them; or None."""
    rule, row, found = Constraints(case), package[None], dict[str, Undone]()
    mask, lines = int(rule.masks_of(row)[0]), case.red_lines
    for party in rule.doers:
        if not mask & rule.deed(party) or not mask & rule.of("declared", party):
            continue
        assert case.consent is not None
        short = float(case.floor(party)[0]) - float(case.value(party, row)[0])
        found[case.parties[party].id] = Undone(
            [issue.id for axis, issue in enumerate(case.space.issues) if case.consent[party, axis, package[axis]]],
            lines.ids(mask & int(lines.bits("declared", party))),
            round(short, DIGITS) if short > TOLERANCE else 0.0,
        )
    return found or None


def crossed_lines(case: Case, package: OptionArray) -> tuple[dict[str, int], list[str]]:
    """The declared lines that a package ``(I,)`` crosses: of signatories, with their steps, and of others."""
    row, lines = package[None], case.red_lines
    crossed = lines.crossed(row)[0] & lines.bits("declared")
    steps, outside = dict[str, int](), list[str]()
    for number, line in enumerate(lines.lines):
        bit = np.uint64(1) << np.uint64(lines.box_of("declared")[number])
        if crossed & bit and line.party in case.signatories:
            steps[line.id] = int(lines.steps(row, np.array([bit]))[0])
        elif crossed & bit:
            outside.append(line.id)
    return steps, outside


def worth(case: Case, package: OptionArray) -> dict[str, Worth]:
    """What a package ``(I,)`` is worth to each signatory."""
    found = {}
    for party in case.signatories:
        value, floor = float(case.value(party, package[None])[0]), float(case.floor(party)[0])
        enough = value >= floor - TOLERANCE
        found[case.parties[party].id] = Worth(round(value, DIGITS), round(floor, DIGITS), enough)
    return found


def away_from(case: Case, inside: Members, package: OptionArray) -> Distance | None:
    """How far a package ``(I,)`` lies from a zone's frontier and Nash point; None when the zone is empty."""
    if not len(inside.packages):
        return None
    found = distance(case, inside, np.array([case.value(party, package[None])[0] for party in case.signatories]))
    to_nash = None if found.to_nash is None else round(found.to_nash, DIGITS)
    return Distance(round(found.to_frontier, DIGITS), to_nash)


def _nearest(case: Case, inside: Members, package: OptionArray) -> Nearest | None:
    """The zone's package that is the fewest steps away; None when the zone is empty."""
    if not len(inside.packages):
        return None
    away = steps_between(case, package, inside.packages)
    nearest = inside.packages[away.argmin()]
    space = case.space
    moved = {i: o for i, o in space.names(nearest).items() if space.names(package)[i] != o}
    return Nearest(int(away.min()), int((away == away.min()).sum()), moved)
