"""What every delegation promises, as checks for a test file of one's own: `check_delegation(Mine)` runs them all.

They look at how a delegation behaves, never at how well it bargains. Each check raises `ConformanceError`, an
`AssertionError` with a line for everything that was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import numpy as np

from sim.errors import ConformanceError, DelegationError
from sim.given import whole
from sim.scenario import library
from sim.scenario.loader import AnyScenario, load_all
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import OptionArray
from sim.study.model import NegotiationModel
from sim.talks.concession import floors
from sim.talks.model import PartyAgent
from sim.talks.state import Talks

SMALL = ("toy/split-the-pie", "toy/two-issues", "2025-03-truce-offer")
"""Scenarios for the checks that need no more: a pie, a trade, and talks with red lines and a war."""
DEADLINE = 6
"""Rounds of a checked run: enough for every topic and every party to have its turn."""
MOST = 10
"""Complaints that are listed at most."""

Agent = type[PartyAgent]
Scenarios = AnyScenario | Iterable[AnyScenario]


def check_delegation(agent: Agent, scenarios: Scenarios | None = None, deadline: int = DEADLINE) -> None:
    """All checks: `check_survival` (which sees to legal moves and lines on the way) and `check_determinism`.

    Args:
        agent: a subclass of `PartyAgent`.
        scenarios: one or several, in any form; every shipped one by default.
        deadline: rounds of each run.

    Raises:
        ConformanceError: with all that was found.
        ArgumentError: for what stands for no scenario, or for no deadline.
    """
    deadline = whole(deadline, "deadline", 1)
    broken = [*_survival(agent, scenarios, deadline), *_determinism(agent, SMALL, deadline)]
    _raise(agent, broken)


def check_lines(agent: Agent, scenarios: Scenarios = SMALL, deadline: int = DEADLINE) -> None:
    """It neither offers nor accepts what crosses its own true lines, and accepts nothing worth less than its floor."""
    _raise(agent, _survival(agent, scenarios, deadline))


def check_determinism(agent: Agent, scenarios: Scenarios = SMALL, deadline: int = DEADLINE) -> None:
    """The same seed gives the same talks, word for word: no draws of its own, no clock, no memory from run to run."""
    _raise(agent, _determinism(agent, scenarios, deadline))


def check_survival(agent: Agent, scenarios: Scenarios | None = None, deadline: int = DEADLINE) -> None:
    """It sits through every shipped scenario, alone and in all seats at once, with legal offers and answers."""
    _raise(agent, _survival(agent, scenarios, deadline))


def _raise(agent: Agent, broken: Iterable[str]) -> None:
    found = list(dict.fromkeys(broken))
    if found:
        more = [f"and {len(found) - MOST} more"] if len(found) > MOST else []
        raise ConformanceError(getattr(agent, "__name__", str(agent)), found[:MOST] + more)


def _survival(agent: Agent, scenarios: Scenarios | None, deadline: int) -> list[str]:
    broken: list[str] = []
    for number, loaded in enumerate(load_all(_shipped() if scenarios is None else scenarios)):
        case, slug = _short(loaded.case, deadline), loaded.name
        ids = [case.parties[party].id for party in case.protocol.asked]
        alone = ids[number % len(ids)]  # each scenario another seat
        for setting, seats in ((case, [alone]), (case, ids), (_still(case), ids)):
            try:
                broken += [f"{slug}, {said}" for said in _watched(setting, dict.fromkeys(seats, agent))]
            except DelegationError as error:
                broken.append(f"{slug}, {error}")
    return broken


def _determinism(agent: Agent, scenarios: Scenarios, deadline: int) -> list[str]:
    broken = []
    for loaded in load_all(scenarios):
        case, slug = _still(_short(loaded.case, deadline)), loaded.name
        seats = dict.fromkeys((case.parties[party].id for party in case.protocol.asked), agent)
        try:
            first, again = (_played(case, seats).transcript for _ in range(2))
        except DelegationError as error:
            broken.append(f"{slug}, {error}")
            continue
        if first != again:
            pairs = zip_longest(first, again)
            round_ = next((one or other or {})["round"] for one, other in pairs if one != other)
            broken.append(f"{slug}: the same seed gave other talks from round {round_} on")
    return broken


def _shipped() -> list[str]:
    return [slug for group in library.grouped() for slug in library.shipped(group)]


def _short(case: Case, deadline: int) -> Case:
    return replace(case, protocol=replace(case.protocol, deadline=min(deadline, case.protocol.deadline)))


def _still(case: Case) -> Case:
    """The case with its war frozen, so that no run ends before its time."""
    return case if case.war is None else replace(case, war=replace(case.war, frozen=True))


def _played(case: Case, agents: dict[str, Agent]) -> NegotiationModel:
    model = NegotiationModel(case, seed=1, agents=agents)
    model.run_to_end()
    return model


def _watched(case: Case, agents: dict[str, Agent]) -> list[str]:
    """What agents did, round by round, that nobody in their seats should do."""
    model, found = NegotiationModel(case, seed=1, agents=agents), []
    parties = [case.party_number(party) for party in agents]
    try:
        while model.running:
            model.step()
            for party, seat in zip(parties, agents, strict=True):
                found += [f"{seat}: {said}, in round {model.round}" for said in _acts(case, model.talks, party)]
    finally:
        model.let_go()
    return found


def _acts(case: Case, talks: Talks, party: int) -> list[str]:
    """What a party did this round that crosses its true lines, or undercuts its floor."""
    found = []
    for exchange in talks.exchanges:
        if not exchange.tabled[0]:
            continue
        if exchange.author == party and not case.protocol.drafted:
            found += _crossing(case, party, exchange.package, "offered")
        if exchange.accepts[0, party] and party in exchange.asked:
            found += _crossing(case, party, exchange.package, "accepted")
            short = float(floors(case, talks)[0, party] - exchange.value[0, party])
            if short > TOLERANCE:
                found.append(f"accepted a package worth {short:.2f} points less than no agreement")
    if case.protocol.drafted and talks.made[0, party]:
        found += _crossing(case, party, talks.offers[:, party], "wished for")
    return found


def _crossing(case: Case, party: int, package: OptionArray, did: str) -> list[str]:
    bits: Any = case.red_lines.crossed(package)[0] & case.red_lines.bits("true", party)
    return [f"{did} what crosses its own true line {line}" for line in case.red_lines.ids(np.uint64(bits))]
