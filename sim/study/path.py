"""The path of one run held against the zone: how near it came, what the signed package gave, why a zone was missed.

It compares what zone and talks found apart; nothing here feeds back into either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.stakes.case import TOLERANCE
from sim.stakes.space import BoolArray, OptionArray
from sim.study.score import away_from
from sim.talks.discounting import agreed_values
from sim.talks.how_talks_end import Ending
from sim.talks.single import Played
from sim.talks.state import Talks
from sim.zone.distances import Distance, NashPoint, nearest_nash
from sim.zone.points import steps_between
from sim.zone.region import Zone, clear_packages, members

DIGITS = 6
"""Decimals of points."""
AT_ONCE = 100_000
"""Packages looked at in one piece."""


@dataclass(frozen=True)
class Away:
    """Steps from what was tabled in a round to the nearest package of the zone."""

    round: int
    steps: int


@dataclass(frozen=True)
class HeldOut:
    """From a round on, a package that suited all was on the table; these parties asked for more."""

    why: Literal["held_out"]
    round: int
    parties: list[str]


@dataclass(frozen=True)
class MovedAway:
    """What was on the table in a round lay in the zone as it was before the talks, but suited not all by then."""

    why: Literal["moved_away"]
    round: int


@dataclass(frozen=True)
class NeverTabled:
    """No package of the zone was ever on the table; the nearest, in a round, was so many steps away."""

    why: Literal["never_tabled"]
    round: int
    steps: int


@dataclass(frozen=True)
class NothingTabled:
    """Nothing was ever tabled."""

    why: Literal["silence"]


Missed = HeldOut | MovedAway | NeverTabled | NothingTabled
"""Why talks missed a zone that was there."""


@dataclass(frozen=True)
class Gain:
    """What an agreement gave above the reservation value, in points a month; None where there was nothing to gain."""

    gain: float
    share_of_most: float | None


@dataclass(frozen=True)
class Surplus:
    """What an agreement gave each signatory, and how far it lies from the Nash point of the zone before the talks.

    ``away`` is the distance from that zone's frontier and Nash point in values, as the zone's files have it.
    """

    parties: dict[str, Gain]
    nash: NashPoint | None
    away: Distance | None = None


@dataclass(frozen=True)
class PathMeasures:
    """The path of a run: who left, how near it came, why it missed the zone, what moved, who gained what.

    ``leverage`` is in index points times rounds.
    """

    left: str | None
    distance: list[Away]
    missed: Annotated[Missed, Field(discriminator="why")] | None
    steps_softened: dict[str, int]
    leverage: float
    surplus: Surplus | None


def emerged(zone: Zone, history: list[Talks]) -> int | None:
    """The first round in which a zone under true lines opened that was closed before the talks; None if none did.

    Lines' true forms stay; what moves is what everybody expects of going on, and how long agreements last.
    """
    case = zone.case
    if zone.exists("true") or case.outlook is None:
        return None
    packages = clear_packages(zone, zone.constraints.of("true") & ~zone.constraints.reservation())
    for talks in history:
        if any(
            _suits(zone, talks, packages[start : start + AT_ONCE]).any() for start in range(0, len(packages), AT_ONCE)
        ):
            return talks.round
    return None


def _suits(zone: Zone, talks: Talks, packages: OptionArray) -> BoolArray:
    """Which packages ``(N, I)`` some group could sign under true lines as things stand in a run."""
    case, short = zone.case, np.zeros((len(packages), len(zone.case.parties)), dtype=bool)
    for party in zone.constraints.holders:
        floor = talks.reservation[0, party] + (0.0 if case.home is None else case.home[0, party])
        short[:, party] = ~(case.value(party, packages[None], talks.outlook)[0] >= floor - TOLERANCE)
    return zone.constraints.kept(zone.constraints.masks_of(packages, short), zone.constraints.of("true"))


def distances(zone: Zone, history: list[Talks]) -> list[Away]:
    """Steps from what was tabled in each round to the nearest package of the zone; empty where the zone is.

    The zone is the declared one, or the one under true lines where that alone is open.
    """
    inside = members(zone, "declared" if zone.exists("declared") else "true").packages
    if not len(inside):
        return []
    found: dict[bytes, int] = {}
    rounds = []
    for talks in history:
        for exchange in talks.exchanges:
            if exchange.tabled[0]:
                package = exchange.package[0]
                key = package.tobytes()
                if key not in found:
                    found[key] = int(steps_between(zone.case, package, inside).min())
                rounds.append(Away(talks.round, found[key]))
    return rounds


def path_measures(zone: Zone, played: Played) -> PathMeasures:
    """The path of a run."""
    case, talks = zone.case, played.talks
    parties = [party.id for party in case.parties]
    tally, away = talks.tally, distances(zone, played.history)
    return PathMeasures(
        left=None if talks.left[0] < 0 else parties[int(talks.left[0])],
        distance=away,
        missed=_missed(zone, played, away),
        steps_softened=dict(zip(parties, tally.softened[0].tolist(), strict=True)),
        leverage=round(float(tally.leverage[0]), DIGITS),
        surplus=_surplus(zone, talks) if played.ending.agreed else None,
    )


def _missed(zone: Zone, played: Played, away: list[Away]) -> Missed | None:
    """Why the talks missed a zone that was there: never on the table, or on it and refused for more; None otherwise."""
    if played.ending.agreed or played.ending is Ending.MILITARY_END or not zone.exists("declared"):
        return None
    case, tally = zone.case, played.talks.tally
    if tally.seen[0]:
        refused = [case.parties[n].id for n in np.flatnonzero(tally.held_out[0])]
        return HeldOut("held_out", int(tally.seen[0]), refused)
    nearest = min(away, key=lambda entry: entry.steps, default=None)
    if nearest is None:
        return NothingTabled("silence")
    if nearest.steps == 0:
        return MovedAway("moved_away", nearest.round)
    return NeverTabled("never_tabled", nearest.round, nearest.steps)


def _surplus(zone: Zone, talks: Talks) -> Surplus | None:
    """What the agreement gave each signatory above its reservation value, as a share of the most it could get in the
    zone as it stood before the talks; and how far the agreement lies from that zone's Nash point.
    """
    case, inside = zone.case, members(zone)
    if not len(inside.packages):
        return None
    found, package, worth = {}, talks.agreed[0], agreed_values(case, talks)[0]
    for n, party in enumerate(case.signatories):
        gain = float(worth[party] - talks.reservation[0, party])
        most = float(inside.values[:, n].max() - case.reservation[0, party])
        share = None if most <= 0 else round(gain / most, DIGITS)
        found[case.parties[party].id] = Gain(round(gain, DIGITS), share)
    return Surplus(found, nearest_nash(case, inside, package), away_from(case, inside, package))
