"""What a zone is measured by: the one definition of what ``zone --json`` prints and ``zone.json`` keeps.

Nothing is computed here that the zone does not already hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim import BANNER
from sim.plain import OPTIONAL
from sim.scenario.loader import Loaded
from sim.scenario.schema import Reading as LineReading
from sim.stakes.case import Case
from sim.stakes.outlook import Outlook
from sim.stakes.space import OptionArray, Package
from sim.stakes.stages import ZONE_NAMES, ZoneName
from sim.study.readings import sizes_by_reading
from sim.study.redrawn import Glance, glance
from sim.study.truces import DIGITS as DIGITS
from sim.study.truces import refusal_measures, truce_measures
from sim.zone.diagnosis import Tightness, diagnoses, tightness
from sim.zone.motives import Motives, motives
from sim.zone.points import FrontierSize, frontier_size, named_points
from sim.zone.projections import options_left
from sim.zone.refusals import Refusal
from sim.zone.region import Members, Zone, members
from sim.zone.rereading import Sizes, sizes
from sim.zone.search import Budget, Sets
from sim.zone.steps import Steps, gradings


@dataclass(frozen=True)
class Heading:
    """What every result begins with."""

    banner: str
    scenario: str
    title: str
    as_of: str | None
    under: str | None
    changes: list[str]
    without: list[str]


@dataclass(frozen=True)
class PointMeasures:
    """A named point of a zone for all who sign, or for one of several groups that could: ``values`` to its members in
    points a month, ``holds`` as `durability_measures`.
    """

    name: str
    formula: str
    score: float
    ties: int
    package: Package
    values: dict[str, float]
    holds: dict[str, float] | None


@dataclass(frozen=True)
class Complete:
    """Whether all conflicts and all relaxations of each zone were found before the search ended."""

    conflicts: dict[ZoneName, bool]
    relaxations: dict[ZoneName, bool]


@dataclass(frozen=True)
class ZoneMeasures(Heading):
    """Everything about a zone: sizes, shape, named points, and why it is empty where it is.

    ``readings`` has the sizes of ``zone`` if red lines are taken to bind a settlement alone, or any ceasefire.
    Constraints are called by id, reservation values ``reservation:<party>``; ``options`` counts the zone's packages
    with each option; ``plain_truce`` is in points a month, ``refusals`` are of those to whom it is worth too little.
    ``signable`` packages would be signed under the declared lines, whether or not those whose deeds they need would do
    them; all others counted would be carried out too. ``sure`` tells how much of it hangs on assumed numbers.
    """

    packages: int
    coherent: int
    zone: Sizes
    reading: LineReading | None
    readings: dict[LineReading, Sizes] | None
    plain_truce: dict[str, float] | None
    refusals: list[Refusal]
    motives: Motives
    signable: int
    definition: dict[ZoneName, int]
    weight_sets: dict[str, int]
    conflicts: dict[ZoneName, list[list[str]]]
    relaxations: dict[ZoneName, list[list[str]]]
    complete: Complete
    steps: dict[ZoneName, Steps]
    tightness: dict[ZoneName, dict[str, Tightness]]
    options: dict[str, dict[str, int]]
    frontier: FrontierSize
    points: list[PointMeasures]
    sure: Glance | None = field(default=None, kw_only=True, metadata=OPTIONAL)

    @property
    def several_groups(self) -> bool:
        """Whether points are named for several groups that could sign."""
        return len({tuple(point.values) for point in self.points}) > 1

    @property
    def one_diagnosis(self) -> bool:
        """Whether ceasefire and settlement zone are closed by the same, so that it is said once."""
        told = (self.conflicts, self.relaxations, self.steps)
        return all(of["ceasefire"] == of["settlement"] for of in told)


def heading(loaded: Loaded) -> Heading:
    """What every result begins with."""
    scenario = loaded.scenario
    return Heading(
        banner=BANNER,
        scenario=loaded.slug,
        title=scenario.title,
        as_of=None if scenario.as_of is None else scenario.as_of.isoformat(),
        under=scenario.lines_from,
        changes=list(loaded.changes),
        without=list(loaded.without),
    )


def zone_measures(loaded: Loaded, zone: Zone, budget: Budget | None = None) -> ZoneMeasures:
    """Everything about a zone; why it is empty is searched for within a budget."""
    case, why = loaded.case, diagnoses(zone, budget=budget)
    left, inside = options_left(zone), members(zone)
    return ZoneMeasures(
        **vars(heading(loaded)),
        packages=zone.packages,
        coherent=zone.coherent,
        zone=sizes(zone),
        reading=loaded.scenario.reading,
        readings=sizes_by_reading(loaded, zone),
        plain_truce=truce_measures(case),
        refusals=refusal_measures(zone),
        motives=motives(case, inside),
        signable=zone.signable(),
        definition={name: zone.masks[name].coherent for name in ZONE_NAMES},
        weight_sets=dict(zone.by_weight_set),
        conflicts={name: _named(zone, why[name].conflicts) for name in ZONE_NAMES},
        relaxations={name: _named(zone, why[name].relaxations) for name in ZONE_NAMES},
        complete=Complete(
            {name: why[name].conflicts.complete for name in ZONE_NAMES},
            {name: why[name].relaxations.complete for name in ZONE_NAMES},
        ),
        steps=gradings(zone),
        tightness={name: tightness(zone, name=name) for name in ZONE_NAMES},
        options={
            issue.id: {issue.options[k]: int(left[axis, k]) for k in case.space.left[axis]}
            for axis, issue in enumerate(case.space.issues)
        },
        frontier=frontier_size(inside),
        points=point_measures(case, inside),
        sure=glance(loaded, zone),
    )


def durability_measures(case: Case, package: OptionArray, outlook: Outlook | None = None) -> dict[str, float] | None:
    """The chance that a package ``(I,)`` holds a year and five; None when it is not meant to last."""
    chances = {months: case.durability(package, months, outlook) for months in (12, 60)}
    return {f"{m}_months": round(chance, DIGITS) for m, chance in chances.items() if chance is not None} or None


def _named(zone: Zone, sets: Sets) -> list[list[str]]:
    return [zone.constraints.names(mask) for mask in sets.bits]


def point_measures(case: Case, inside: Members) -> list[PointMeasures]:
    """The named points of a zone."""
    ids = [party.id for party in case.parties]
    return [
        PointMeasures(
            name=point.name,
            formula=point.formula,
            score=round(point.score, DIGITS),
            ties=len(point.packages),
            package=case.space.names(point.packages[0]),
            values={ids[n]: round(v, DIGITS) for n, v in zip(point.group, point.values[0].tolist(), strict=True)},
            holds=durability_measures(case, point.packages[0]),
        )
        for point in named_points(case, inside)
    ]
