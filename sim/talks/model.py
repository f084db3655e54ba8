"""The talks as a Mesa model: one run, a readable agent for each party, a transcript with reasons.

The only file that imports mesa. Every rule lives in the functions that batches use too; here they run with R = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np
import pandas as pd

from sim.stakes.case import Case
from sim.stakes.space import FloatArray, OptionArray
from sim.talks.acceptance import judge
from sim.talks.concession import least, target_for
from sim.talks.draws import Draws, Purpose
from sim.talks.duration import held_months
from sim.talks.protocol import open_talks, play_round, propose
from sim.talks.state import Ending, Exchange, Offers, Replies, Talks

DIGITS = 6
"""Decimals of points in transcripts and tables."""


class PartyAgent(mesa.Agent):  # type: ignore[misc]
    """Speaks for one party: a `Delegation`. Override `propose` or `respond` to try a tactic of your own.

    Arrays have one row, for there is one run.
    """

    def __init__(self, model: NegotiationModel, party: int) -> None:
        super().__init__(model)
        self.case = model.case
        self.party = party

    @property
    def name(self) -> str:
        """The party's name."""
        return self.case.parties[self.party].name

    def propose(self, talks: Talks, draw: FloatArray) -> Offers:
        """What the party asks for now."""
        return propose(self.case, self.party, talks, draw)

    def respond(self, talks: Talks, offer: OptionArray) -> Replies:
        """The party's answer to the package on the table."""
        return judge(self.case, self.party, talks, offer)

    def value(self, package: OptionArray) -> float:
        """What a package ``(1, I)`` is worth to the party, in points a month."""
        return float(self.case.value(self.party, package)[0])

    def target(self, talks: Talks, package: OptionArray) -> float:
        """What the party asks of such a package this round, in points a month."""
        return float(target_for(self.case, self.party, talks, package)[0])


class NegotiationModel(mesa.Model):  # type: ignore[misc]
    """One run of the talks of a case; `step` plays a round, `run_to_end` all of them.

    Args:
        case: what is at stake.
        seed: with ``run`` it names every draw, so the same two give the same talks.
        run: the number of the run in a larger study.
        agents: a subclass of `PartyAgent` for any party id.
    """

    def __init__(
        self, case: Case, seed: int = 0, run: int = 0, agents: Mapping[str, type[PartyAgent]] | None = None
    ) -> None:
        super().__init__(rng=seed)
        self.case = case
        self.draws = Draws(seed, len(case.parties), first=run)
        kinds = agents or {}
        self.delegations = [kinds.get(party.id, PartyAgent)(self, number) for number, party in enumerate(case.parties)]
        self.talks = open_talks(case)
        self.transcript: list[dict[str, Any]] = []
        self.datacollector = mesa.DataCollector(
            model_reporters={"round": round_of, "author": author_of, "ending": ending_of},
            agent_reporters={
                "round": agent_round,
                "party": agent_party,
                "utility": agent_utility,
                "value": agent_value,
                "target": agent_target,
                "reservation": agent_reservation,
                "accepts": agent_accepts,
            },
        )

    @property
    def round(self) -> int:
        """Rounds played."""
        return self.talks.round

    def step(self) -> None:
        """Play one round and record it."""
        self.talks = play_round(self.case, self.delegations, self.talks, self.draws)
        self.transcript += events(self.case, self.talks)
        self.datacollector.collect(self)
        self.running = bool(self.talks.open[0])

    def run_to_end(self) -> None:
        """Play until the talks are over, then let go of what Mesa keeps for every model."""
        while self.running:
            self.step()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    @property
    def held_months(self) -> int | None:
        """How long the agreement held in this run, in months; None when nothing was signed."""
        if not self.ending.agreed:
            return None
        draw = self.draws.uniforms(Purpose.DURATION, 0)[:, 0]
        return int(held_months(self.case, self.talks.agreed, draw)[0])

    @property
    def ending(self) -> Ending:
        """How the run ended."""
        return Ending(int(self.talks.ending[0]))

    def rounds(self) -> pd.DataFrame:
        """The per-round table: a row a round and party."""
        return self.datacollector.get_agent_vars_dataframe().reset_index(drop=True)


def events(case: Case, talks: Talks) -> list[dict[str, Any]]:
    """The last round of one run as transcript lines: what was tabled, each answer and why, each wish."""
    exchange = talks.exchange
    assert exchange is not None
    author = case.parties[exchange.author].id if exchange.author >= 0 else None
    kind = "text" if case.protocol.name == "single_text" else "offer"
    if not exchange.tabled[0]:
        return [
            {
                "round": talks.round,
                "event": "silence",
                "party": author,
                "why": "no offer within its own red lines and worth its reservation value",
            }
        ]
    package = {"package": case.space.names(exchange.package[0])}
    found: list[dict[str, Any]] = [{"round": talks.round, "event": kind, "party": author, **package}]
    for party in case.signatories:
        if kind == "offer" and party == exchange.author and exchange.accepts[0, party]:
            continue
        found.append({"round": talks.round, "event": "reply", **_reply(case, talks, exchange, party)})
        if kind == "text" and not exchange.accepts[0, party] and talks.made[0, party]:
            wish = {"package": case.space.names(exchange.wishes[0, party])}
            found.append({"round": talks.round, "event": "wish", "party": case.parties[party].id, **wish})
    return found


def _reply(case: Case, talks: Talks, exchange: Exchange, party: int) -> dict[str, Any]:
    """One answer, with its reasons: the lines crossed, and how far the package lies below what is asked."""
    return {
        "party": case.parties[party].id,
        "answer": "accept" if exchange.accepts[0, party] else "reject",
        "crosses": case.red_lines.ids(exchange.crossed[0, party]),
        "utility": round(float(case.utility(party, exchange.package)[0]), DIGITS),
        "value": round(float(case.value(party, exchange.package)[0]), DIGITS),
        "floor": round(float(least(case, party, talks)[0]), DIGITS),
        "target": round(float(target_for(case, party, talks, exchange.package)[0]), DIGITS),
        "short_of_target": round(float(exchange.shortfall[0, party]), DIGITS),
    }


def round_of(model: NegotiationModel) -> int:
    """The round just played."""
    return model.round


def author_of(model: NegotiationModel) -> str:
    """Who tabled the package of this round."""
    exchange = model.talks.exchange
    return "" if exchange is None or exchange.author < 0 else model.case.parties[exchange.author].id


def ending_of(model: NegotiationModel) -> str:
    """How the run stands."""
    return model.ending.word


def agent_round(agent: PartyAgent) -> int:
    """The round just played."""
    return int(agent.model.round)


def agent_party(agent: PartyAgent) -> str:
    """The party's id."""
    return agent.case.parties[agent.party].id


def agent_utility(agent: PartyAgent) -> float:
    """What the package on the table would be worth to the party for ever; not a number when there is none."""
    case = agent.case
    found = case.utility(agent.party, _package(agent))[0] if _tabled(agent) else float("nan")
    return round(float(found), DIGITS)


def agent_value(agent: PartyAgent) -> float:
    """What the package on the table is worth to the party; not a number when there is none."""
    return round(agent.value(_package(agent)), DIGITS) if _tabled(agent) else float("nan")


def agent_target(agent: PartyAgent) -> float:
    """What the party asks of such a package this round."""
    return round(agent.target(agent.model.talks, _package(agent)), DIGITS) if _tabled(agent) else float("nan")


def agent_reservation(agent: PartyAgent) -> float:
    """The party's reservation value."""
    return round(float(agent.model.talks.reservation[0, agent.party]), DIGITS)


def agent_accepts(agent: PartyAgent) -> bool:
    """Whether the party says yes to the package on the table."""
    return bool(agent.model.talks.exchange.accepts[0, agent.party])


def _tabled(agent: PartyAgent) -> bool:
    return bool(agent.model.talks.exchange.tabled[0])


def _package(agent: PartyAgent) -> OptionArray:
    package: OptionArray = np.asarray(agent.model.talks.exchange.package)
    return package
