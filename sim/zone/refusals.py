"""Who refuses a plain truce, and how little it would have to believe in a settlement behind it to take one.

A truce and what may follow it are two stages; what a party believes of the second is its own affair, so nothing is
assumed of it here: only the least belief that would do is worked out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.stakes.case import TOLERANCE
from sim.stakes.space import BoolArray, FloatArray
from sim.zone.region import Zone, worth_of

Framework = Literal["declared", "own_lines", "true"]
FRAMEWORKS: tuple[Framework, ...] = ("declared", "own_lines", "true")
"""Settlements that may follow: those of the declared zone; those within the party's own declared lines that leave every
other party at or above its reservation value; those of the zone under true lines.
"""


@dataclass(frozen=True)
class LeastChance:
    """Of so many settlements, the least chance that one follows at which a party would take the truce: if it were the
    best of them for it, or one worth the median. None is never: no chance up to 1 would do.
    """

    packages: int
    best: float | None
    median: float | None


@dataclass(frozen=True)
class Refusal:
    """A party that refuses a plain truce: what it falls ``short`` by, in points a month; which own declared lines the
    truce ``crosses`` besides; and the least believed chance of a settlement behind it, None for never.
    """

    party: str
    short: float
    crosses: list[str]
    chances: dict[Framework, LeastChance]


def refusals(zone: Zone) -> list[Refusal]:
    """Each party whose word is asked for and that refuses a plain truce; none where no option is a truce.

    With V(T) what the truce is worth to it, d its discount a month and V - r what a settlement gives it over going on,
    it takes the truce from a chance of (floor - V(T)) / (d (V - r)) on: a month later, it is there.
    """
    case = zone.case
    truce = case.plain_truce()
    if truce is None or case.outlook is None:
        return []
    missing = {p: float(case.floor(p)[0] - case.value(p, truce[None])[0]) for p in case.protocol.asked}
    short = {party: points for party, points in missing.items() if points > TOLERANCE}
    gains = _gains(zone, tuple(short))
    discount, lines = case.outlook.discount[0], case.red_lines
    crossed = int(lines.crossed(truce[None])[0])
    return [
        Refusal(
            case.parties[party].id,
            points,
            lines.ids(crossed & int(lines.bits("declared", party))),
            {name: least_chance(points, float(discount[party]), gains[party, name]) for name in FRAMEWORKS},
        )
        for party, points in short.items()
    ]


def least_chance(short: float, discount: float, gains: FloatArray) -> LeastChance:
    """The least chance that makes up for ``short`` points, of settlements that give ``gains`` ``(N,)`` a month later.

    >>> found = least_chance(0.5, 0.98, np.array([10.0, 20.0, 40.0]))
    >>> found.packages, round(found.best, 6), round(found.median, 6)
    (3, 0.012755, 0.02551)
    >>> least_chance(0.5, 0.98, np.array([-1.0, 0.4]))
    LeastChance(packages=2, best=None, median=None)
    >>> least_chance(0.5, 1.0, np.array([0.5]))
    LeastChance(packages=1, best=1.0, median=1.0)
    """

    def needed(gain: float) -> float | None:
        return short / (discount * gain) if discount * gain >= short else None

    if not len(gains):
        return LeastChance(0, None, None)
    return LeastChance(len(gains), needed(float(gains.max())), needed(float(np.median(gains))))


def _gains(zone: Zone, parties: tuple[int, ...]) -> dict[tuple[int, Framework], FloatArray]:
    """What the settlements of each framework give each of some parties over going on."""
    case, masks = zone.case, zone.masks["settlement"].masks
    found = {(party, name): [np.zeros(0)] for party in parties for name in FRAMEWORKS}
    alike: tuple[Literal["declared", "true"], ...] = ("declared", "true")
    shared = [name for name in alike if zone.exists(name, "settlement")]
    own = {party: _own_lines(zone, party) for party in parties}
    own = {party: bits for party, bits in own.items() if not (masks & np.uint64(bits)).all()}
    for slab in zone.slabs() if parties and (shared or own) else ():
        settled = slab.space.spread(case.zones["settlement"])
        if not settled.any():
            continue
        looks: list[tuple[Framework, tuple[int, ...], BoolArray]] = [
            *((name, parties, zone.inside(slab, zone.constraints.of(name))) for name in shared),
            *(("own_lines", (party,), slab.suits(bits)) for party, bits in own.items()),
        ]
        for name, whose, inside in looks:
            ids = np.flatnonzero(inside & settled)
            for party, worth in zip(whose, worth_of(case, slab.space, ids, whose), strict=True) if len(ids) else ():
                found[party, name].append(worth - case.reservation[0, party])
    return {key: np.concatenate(parts) for key, parts in found.items()}


def _own_lines(zone: Zone, party: int) -> int:
    """The bits of a party's declared lines and of every other's reservation value."""
    constraints = zone.constraints
    others = constraints.reservation() & ~constraints.reservation(party)
    return constraints.of("lines_only", party) | others
