"""Where a party's reservation value comes from, what a truce is worth to it, and what would have to be different.

It asks the war the same questions that zone and talks ask it, and changes one input at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.scenario.by_run import Numbers, war_state
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.scenario.war_schema import LotteryWar
from sim.stakes.case import Case
from sim.stakes.run_axis import with_fields
from sim.stakes.space import FloatArray
from sim.stakes.war import War
from sim.study.measures import DIGITS, Heading, heading
from sim.study.truces import refusal_measures
from sim.zone.points import Best, best
from sim.zone.refusals import Refusal
from sim.zone.region import Zone, find_zone, members

GRID = 400
"""Values of an input that are tried before the nearest change of sign is bisected."""
HALVINGS = 50


@dataclass(frozen=True)
class Input:
    """A number that bears on the truce: its path, where it stands, its range, and the war with other values of it."""

    path: str
    now: float
    low: float
    high: float
    varied: Callable[[FloatArray], War]


@dataclass(frozen=True)
class Beliefs:
    """What a party believes of the war: shares and chances by month, cost in points a month, odds by belligerent."""

    utility_of_the_status_quo: float
    share_now: float
    share_in_a_year: float
    drift: float
    hazard: float
    odds: dict[str, float]
    cost: float
    discount: float


@dataclass(frozen=True)
class Truce:
    """What a plain truce is worth to a party, its gain over going on and its parts, in points a month."""

    value: float
    gain: float
    stepping_back: float
    month_of_truce: float
    war_after_it: float


@dataclass(frozen=True)
class Threshold:
    """A number that bears on the truce, and its nearest value at which the truce's gain changes sign."""

    path: str
    now: float
    range: tuple[float, float]
    turns_at: float | None


@dataclass(frozen=True)
class Expectation(Heading):
    """A party's reservation value, in points a month, and whether it is a number, a lottery or comes of the war."""

    party: str
    batna: str
    reservation: float
    form: Literal["number", "lottery", "war"]


@dataclass(frozen=True)
class WarExpectation(Expectation):
    """One that comes of the war: the parts that add up to it, what the party believes, and the plain truce."""

    parts: dict[str, float]
    beliefs: Beliefs
    truce: Truce | None


@dataclass(frozen=True)
class Explanation(WarExpectation):
    """The same with what would turn the truce, a party's refusal of it, and the best of the zone: what ``explain
    --json`` prints.
    """

    thresholds: list[Threshold]
    refusal: Refusal | None
    best_in_zone: Best | None


def party_number(loaded: Loaded, party_id: str) -> int:
    """The place of a party.

    Raises:
        ScenarioError: with the nearest party.
    """
    known = [party.id for party in loaded.case.parties]
    if party_id not in known:
        raise ScenarioError(f'there is no party "{party_id}"{nearest(party_id, known)}', where=loaded.name)
    return known.index(party_id)


def explain_measures(loaded: Loaded, party_id: str) -> Expectation:
    """Where a party's reservation value comes from, and, where that is the war, what would turn the truce for it."""
    found = expectation_measures(loaded, party_id)
    if not isinstance(found, WarExpectation):
        return found
    number = party_number(loaded, party_id)
    zone = find_zone(loaded.case)
    return Explanation(
        **vars(found),
        thresholds=thresholds(loaded.case, number, loaded),
        refusal=next((refusal for refusal in refusal_measures(zone) if refusal.party == party_id), None),
        best_in_zone=_best_in_zone(zone, number),
    )


def expectation_measures(loaded: Loaded, party_id: str) -> Expectation:
    """Where a party's reservation value comes from."""
    case, number = loaded.case, party_number(loaded, party_id)
    given = loaded.scenario.parties[party_id]
    reservation = round(float(case.reservation[0, number]), DIGITS)
    told = {**vars(heading(loaded)), "party": party_id, "batna": given.batna, "reservation": reservation}
    if given.reservation is not None or case.war is None or case.outlook is None:
        lottery = isinstance(given.war, LotteryWar) and given.reservation is None
        return Expectation(**told, form="lottery" if lottery else "number")
    parts = case.outlook.after.account()
    sides = [case.parties[b].id for b in case.belligerents]
    return WarExpectation(
        **told,
        form="war",
        parts={
            "holding": _rounded(parts.flow[:, number]),
            f"ends_on_terms_of:{sides[0]}": _rounded(parts.first_wins[:, number]),
            f"ends_on_terms_of:{sides[1]}": _rounded(parts.second_wins[:, number]),
            "cost": _rounded(parts.cost[:, number]),
        },
        beliefs=_beliefs(case, case.war, number, sides),
        truce=_truce(case, number),
    )


def _beliefs(case: Case, war: War, party: int, sides: list[str]) -> Beliefs:
    drift, odds = float(war.believed_drift()[0, party]), war.win[0, party].tolist()
    return Beliefs(
        utility_of_the_status_quo=_rounded(case.utility(party, case.space.standing()[None])),
        share_now=float(war.share[0]),
        share_in_a_year=round(float(war.share[0]) + 12 * drift, DIGITS),
        drift=round(drift, 9),
        hazard=float(war.hazard[0]),
        odds={side: float(chance) for side, chance in zip(sides, odds, strict=True)},
        cost=float(war.cost[0, party]),
        discount=float(war.discount[0, party]),
    )


def _rounded(column: FloatArray) -> float:
    return round(float(column[0]), DIGITS)


def _truce(case: Case, party: int) -> Truce | None:
    truce = case.plain_truce()
    if truce is None or case.outlook is None:
        return None
    value = float(case.value(party, truce[None])[0])
    return Truce(
        value=round(value, DIGITS),
        gain=round(value - float(case.reservation[0, party]), DIGITS),
        stepping_back=round(float(np.ravel(case.stepping_back(party, truce[None]))[0]), DIGITS),
        month_of_truce=_rounded(case.utility(party, truce[None])),
        war_after_it=_rounded(case.war_after(party, truce[None])),
    )


def _best_in_zone(zone: Zone, party: int) -> Best | None:
    """The zone's package that is worth most to one party; None when the zone is empty."""
    case, packages = zone.case, members(zone).packages
    found = best(case, packages, case.value(party, packages[None])[0])
    return None if found is None else replace(found, value=round(found.value, DIGITS))


def truce_gain(case: Case, party: int, war: War) -> FloatArray:
    """What a plain truce is worth to a party above going on ``(R,)``, under other wars than the case's own."""
    truce = case.plain_truce()
    assert truce is not None and case.endings is not None
    varied = replace(case, war=war).under(case.preferences)
    return varied.value(party, truce[None]) - varied.reservation[:, party]


def thresholds(case: Case, party: int, loaded: Loaded) -> list[Threshold]:
    """For each input alone, the value nearest to its own at which the truce's gain changes sign, if there is one."""
    if case.war is None or case.plain_truce() is None:
        return []
    return [
        Threshold(entry.path, entry.now, (entry.low, entry.high), _turn(case, party, entry))
        for entry in inputs(case, party, loaded)
    ]


def _turn(case: Case, party: int, entry: Input) -> float | None:
    grid = np.unique(np.append(np.linspace(entry.low, entry.high, GRID + 1), entry.now))
    sign = truce_gain(case, party, entry.varied(grid)) >= 0
    changes = np.flatnonzero(sign[1:] != sign[:-1])
    if not len(changes):
        return None
    middle = (grid[changes] + grid[changes + 1]) / 2
    at = changes[np.abs(middle - entry.now).argmin()]
    low, high, below = grid[at], grid[at + 1], sign[at]
    for _ in range(HALVINGS):
        half = (low + high) / 2
        if (truce_gain(case, party, entry.varied(np.array([half])))[0] >= 0) == below:
            low = half
        else:
            high = half
    return round(float(high), 9)


def inputs(case: Case, party: int, loaded: Loaded) -> list[Input]:
    """The numbers that bear on what a truce is worth to a party: its beliefs and costs, and the state of the war."""
    war, own = case.war, f"parties.{case.parties[party].id}.war"
    assert war is not None
    tried: dict[str, tuple[float, float]] = {
        f"{own}.cost": (0, 100),
        f"{own}.drift": (-0.005, 0.005),
        f"{own}.discount": (0.9, 0.999),
    }
    for side, number in enumerate(case.belligerents):
        tried[f"{own}.win.{case.parties[number].id}"] = (0, max(1 - float(war.win[0, party, 1 - side]), 0.0))
    tried["war.hazard"] = (0.001, 0.2)
    levers = loaded.scenario.war.levers if loaded.scenario.war else {}
    tried |= {f"war.levers.{name}.index": (0, 1) for name in levers}
    return [_input(loaded.scenario, war, path, *ends) for path, ends in tried.items()]


def _input(scenario: Scenario, war: War, path: str, low: float, high: float) -> Input:
    def varied(values: FloatArray) -> War:
        return with_fields(war, **war_state(scenario, Numbers(scenario, {path: values})))

    now = float(Numbers(scenario)(path, 0.0)[0])
    return Input(path, now, min(low, now), max(high, now), varied)
