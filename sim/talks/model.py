"""The talks as a Mesa model: one run, a readable agent for each party, a transcript with reasons.

The only file that imports mesa. Every rule lives in the functions that batches use too; here they run with R = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np
import pandas as pd

from sim.errors import DelegationError, nearest
from sim.stakes.case import Case
from sim.stakes.space import FloatArray, OptionArray
from sim.talks.acceptance import judge
from sim.talks.concession import floors, shown, target_of
from sim.talks.delegation import Delegation, propose
from sim.talks.draws import Draws, Purpose
from sim.talks.duration import held_months
from sim.talks.ending import Ending
from sim.talks.guard import Guarded, called
from sim.talks.referee import open_talks, play_round
from sim.talks.state import Exchange, Offers, Replies, Talks
from sim.talks.transcript import DIGITS, events


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

    @property
    def by_the_model(self) -> bool:
        """Whether `respond` is the model's own: then the referee takes the answer from its judgement of the offer."""
        return type(self).respond is PartyAgent.respond

    def propose(self, talks: Talks, draw: FloatArray) -> Offers:
        """What the party asks for now."""
        return propose(self.case, self.party, talks, draw)

    def respond(self, talks: Talks, offer: OptionArray) -> Replies:
        """The party's answer to the package on the table."""
        return judge(self.case, talks, offer).of(self.party)

    def value(self, talks: Talks, package: OptionArray) -> float:
        """What a package ``(1, I)`` is worth to the party as things stand, in points a month."""
        return float(self.case.value(self.party, package, talks.outlook)[0])

    def target(self, talks: Talks, package: OptionArray) -> float:
        """What the party asks of such a package this round, in points a month."""
        asked = target_of(talks.asked, self.case.stage(package))[0, self.party]
        return shown(float(asked), float(floors(self.case, talks)[0, self.party]))


class NegotiationModel(mesa.Model):  # type: ignore[misc]
    """One run of the talks of a case; `step` plays a round, `run_to_end` all of them.

    Args:
        case: what is at stake.
        seed: with ``run`` it names every draw, so the same two give the same talks; None for one that nobody knows
            before, as Mesa has it. What it came to is the model's ``seed``, and a column of its table.
        run: the number of the run in a larger study.
        agents: a subclass of `PartyAgent` for any party id.

    Raises:
        DelegationError: when an agent of ``agents`` fails, now or in a later round; see `sim.talks.guard`.
    """

    def __init__(
        self, case: Case, seed: int | None = 0, run: int = 0, agents: Mapping[str, type[PartyAgent]] | None = None
    ) -> None:
        super().__init__(rng=seed)
        self.case = case
        self.seed = int(self.rng.integers(2**63)) if seed is None else int(seed)
        self.draws = Draws(self.seed, np.array([run]))
        try:
            self.delegations = delegations_of(self, agents or {})
        except DelegationError:
            self.let_go()
            raise
        self.talks = open_talks(case, self.draws)
        self.history: list[Talks] = []
        self.transcript: list[dict[str, Any]] = []
        self.datacollector = mesa.DataCollector(
            model_reporters={"seed": seed_of, "round": round_of, "author": author_of, "ending": ending_of},
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
        before = self.talks
        self.talks = play_round(self.case, self.delegations, before, self.draws)
        self.history.append(self.talks)
        self.transcript += events(self.case, before, self.talks)
        self._collect()
        self.running = bool(self.talks.open[0])
        if not self.running:
            self.let_go()

    def _collect(self) -> None:
        """Record the round under its place from 0 on: `mesa.batch_run` looks there for what agents did last."""
        self.steps -= 1
        self.datacollector.collect(self)
        self.steps += 1

    def run_to_end(self) -> None:
        """Play until the talks are over."""
        try:
            while self.running:
                self.step()
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Drop what Mesa keeps for every model, so that this one can be forgotten."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    @property
    def held_months(self) -> int | None:
        """How long the agreement held in this run, in months; None when nothing was signed."""
        if not self.ending.agreed:
            return None
        draw = self.draws.uniforms(Purpose.DURATION, 0, 1)[:, 0]
        return int(held_months(self.case, self.talks.agreed, draw, self.talks.outlook)[0])

    @property
    def ending(self) -> Ending:
        """How the run ended."""
        return Ending(int(self.talks.ending[0]))

    def rounds(self) -> pd.DataFrame:
        """The per-round table: a row a round and party."""
        return self.datacollector.get_agent_vars_dataframe().reset_index(drop=True)


def delegations_of(model: NegotiationModel, kinds: Mapping[str, type[PartyAgent]]) -> list[Delegation]:
    """A delegation for every party; those of somebody's own are held to the rules of the table."""
    case, ids = model.case, [party.id for party in model.case.parties]
    for party in kinds:
        if party not in ids:
            raise DelegationError(party, f"there is no such party{nearest(party, ids)}")
    found: list[Delegation] = []
    for number, party in enumerate(ids):
        kind = kinds.get(party, PartyAgent)
        if kind is PartyAgent:
            found.append(kind(model, number))
            continue
        if not (isinstance(kind, type) and issubclass(kind, PartyAgent)):
            raise DelegationError(party, f"{kind!r} is not a subclass of PartyAgent")
        agent = called(party, kind.__name__, lambda kind=kind, number=number: kind(model, number))  # type: ignore[misc]
        found.append(Guarded(agent, case, number))
    return found


def seed_of(model: NegotiationModel) -> int:
    """What names the run's draws."""
    return model.seed


def round_of(model: NegotiationModel) -> int:
    """The round just played."""
    return model.round


def author_of(model: NegotiationModel) -> str:
    """Who tabled the last package of this round."""
    exchange = last(model)
    return "" if exchange is None or exchange.author < 0 else model.case.parties[exchange.author].id


def last(model: NegotiationModel) -> Exchange | None:
    """The last package of this round that anybody tabled, with its answers; None when there was none."""
    tabled = [exchange for exchange in model.talks.exchanges if exchange.tabled[0]]
    return tabled[-1] if tabled else None


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
    exchange = last(agent.model)
    return float("nan") if exchange is None else round(float(exchange.utility[0, agent.party]), DIGITS)


def agent_value(agent: PartyAgent) -> float:
    """What the package on the table is worth to the party; not a number when there is none."""
    exchange = last(agent.model)
    return float("nan") if exchange is None else round(float(exchange.value[0, agent.party]), DIGITS)


def agent_target(agent: PartyAgent) -> float:
    """What the party asks of such a package this round."""
    exchange = last(agent.model)
    return float("nan") if exchange is None else round(agent.target(agent.model.talks, exchange.package), DIGITS)


def agent_reservation(agent: PartyAgent) -> float:
    """The party's reservation value."""
    return round(float(agent.model.talks.reservation[0, agent.party]), DIGITS)


def agent_accepts(agent: PartyAgent) -> bool:
    """Whether the party says yes to the package on the table."""
    exchange = last(agent.model)
    return exchange is not None and bool(exchange.accepts[0, agent.party])
