"""The talks as a Mesa model: one run, a readable agent for each party, a transcript with reasons.

The only file that imports mesa. Every rule lives in the functions that batches use too; here they run with R = 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.errors import DelegationError, nearest
from sim.stakes.case import Case
from sim.stakes.space import FloatArray, OptionArray
from sim.talks.acceptance import judge
from sim.talks.delegation import Delegation, propose
from sim.talks.draws import Draws
from sim.talks.guard import Guarded, called
from sim.talks.referee import open_talks
from sim.talks.single import TABLE, Cell, Played, author_of, target
from sim.talks.state import Offers, Replies, Talks

if TYPE_CHECKING:
    import pandas as pd


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
        return target(self.case, self.party, talks, package)


class NegotiationModel(Played, mesa.Model):  # type: ignore[misc]
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
        self.history, self.transcript = [], []
        self.datacollector = mesa.DataCollector(
            model_reporters={"seed": seed_of, "round": rounds_of, "author": author, "ending": ending_of},
            agent_reporters=TABLE,
        )

    def _record(self) -> None:
        """Put down the round under its place from 0 on: `mesa.batch_run` looks there for what agents did last."""
        self.steps -= 1
        self.datacollector.collect(self)
        self.steps += 1

    def let_go(self) -> None:
        """Drop what Mesa keeps for every model, so that this one can be forgotten."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    @property
    def table(self) -> list[tuple[Cell, ...]]:
        """A row a round and party, in the columns of `TABLE`; not a number where nothing was tabled."""
        return list(self.rounds().itertuples(index=False, name=None))

    def rounds(self) -> pd.DataFrame:
        """The per-round table: a row a round and party."""
        return self.datacollector.get_agent_vars_dataframe().reset_index(drop=True)


def delegations_of(model: NegotiationModel, kinds: Mapping[str, type[PartyAgent]]) -> list[Delegation]:
    """A delegation for every party; those of somebody's own are held to the rules of the table."""
    case, ids = model.case, [party.id for party in model.case.parties]
    check_kinds(kinds, ids)
    found: list[Delegation] = []
    for number, party in enumerate(ids):
        kind = kinds.get(party, PartyAgent)
        if kind is PartyAgent:
            found.append(kind(model, number))
            continue
        agent = called(party, kind.__name__, lambda kind=kind, number=number: kind(model, number))  # type: ignore[misc]
        found.append(Guarded(agent, case, number))
    return found


def check_kinds(kinds: Mapping[str, type[PartyAgent]], parties: Collection[str]) -> None:
    """Refuse what speaks for nobody, or is no agent.

    Raises:
        DelegationError: with the nearest party, or with what was given.
    """
    for party, kind in kinds.items():
        if party not in parties:
            raise DelegationError(party, f"there is no such party{nearest(party, parties)}")
        if not (isinstance(kind, type) and issubclass(kind, PartyAgent)):
            raise DelegationError(party, f"{kind!r} is not a subclass of PartyAgent")


def seed_of(model: NegotiationModel) -> int:
    """What names the run's draws."""
    return model.seed


def rounds_of(model: NegotiationModel) -> int:
    """The round just played."""
    return model.round


def author(model: NegotiationModel) -> str:
    """Who tabled the last package of this round."""
    return author_of(model.case, model.talks)


def ending_of(model: NegotiationModel) -> str:
    """How the run stands."""
    return model.ending.word
