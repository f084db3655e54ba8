"""People's decisions at the table, each under the moment it was asked for, become what their delegations say.

A missing decision is noted and the round goes on with a placeholder until somebody is asked something else: so all who
are asked at one moment are known at once. The round that was tried is dropped; talks are never changed. The rules of
the table are here, whatever asks a person: what a party may put forward or say yes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.classroom.seat import feedback
from sim.errors import AnswerError
from sim.stakes.case import Case
from sim.stakes.space import FloatArray, OptionArray, Package
from sim.stakes.stages import Stage
from sim.talks.acceptance import judge
from sim.talks.delegation import Delegation, StandardDelegation, propose
from sim.talks.state import Offers, Replies, Talks

Deed = Literal["offer", "stay", "accept", "reject", "walk_out", "auto"]
At = Literal["offer", "reply"]
DEEDS: dict[str, At] = {"offer": "offer", "stay": "offer", "accept": "reply", "reject": "reply"}
"""What can be decided, and when; one may walk out, or leave it to the simulator's delegation, at either."""
WALK_OUT: Deed = "walk_out"
AUTO: Deed = "auto"
OF = {"offer": "an offer", "reply": "a reply"}


class Key(NamedTuple):
    """When a delegation has to speak: the round, at an offer or at a reply, and the exchanges in the round so far."""

    round: int
    at: At
    exchanges: int


@dataclass(frozen=True)
class Decision:
    """What a person did when its delegation had to speak; ``package`` is by name, for an offer.

    A no ``asks_more`` where the person lets the table know that no line is in the way, but the price.
    """

    deed: Deed
    package: Package | None = None
    asks_more: bool = False

    @property
    def more(self) -> dict[str, Any]:
        """What files write of it beside the deed."""
        package = {} if self.package is None else {"package": self.package}
        return package | ({"asks_more": True} if self.asks_more else {})


@dataclass(frozen=True)
class Ask:
    """What a party is asked: for an offer, or for a reply to a package ``(I,)``; ``talks`` are as it sees them."""

    key: Key
    party: int
    talks: Talks
    package: OptionArray | None


Decisions = Mapping[tuple[Key, int], Decision]
"""Decisions by when they were asked for and of whom."""


class Waiting(Exception):  # noqa: N818  nothing went wrong
    """People are asked, and the round cannot go on without them."""

    def __init__(self, asks: Iterable[Ask]) -> None:
        self.asks = tuple(asks)


class WalkedOut(Exception):  # noqa: N818  nothing went wrong
    """A person left the table."""

    def __init__(self, party: int) -> None:
        self.party = party


class Ledger:
    """The decisions that a round is played from, and who is asked in vain; one for each time that a round is tried."""

    def __init__(self, decisions: Decisions) -> None:
        self.decisions = decisions
        self.pending: list[Ask] = []
        self.used: dict[int, list[Decision]] = {}

    def decision(self, ask: Ask) -> Decision | None:
        """What was decided, or None where it is missing.

        Raises:
            Waiting: when somebody was asked in vain at an earlier moment.
        """
        if self.pending and self.pending[0].key != ask.key:
            raise Waiting(self.pending)
        found = self.decisions.get((ask.key, ask.party))
        if found is None:
            self.pending.append(ask)
        else:
            self.used.setdefault(ask.party, []).append(found)
        return found

    def close(self) -> None:
        """End the round.

        Raises:
            Waiting: when somebody was asked in vain.
        """
        if self.pending:
            raise Waiting(self.pending)


def against(case: Case, ask: Ask, decision: Decision) -> str | None:
    """Why a decision does not fit the talks or the party's mandate, if it does not."""
    if decision.deed in DEEDS and DEEDS[decision.deed] != ask.key.at:
        due = DEEDS[decision.deed]
        return f"it does not fit the talks: {OF[due]} where {OF[ask.key.at]} is due"
    if decision.deed == "offer":
        assert decision.package is not None
        package = case.space.package(decision.package)
        return feedback(case, ask.party, ask.talks, package).against_sending
    if decision.deed == "accept" and ask.package is not None:
        return feedback(case, ask.party, ask.talks, ask.package).against_accepting
    return None


def in_vain(case: Case, talks: Talks) -> bool:
    """Whether an offer would not be heard any more, in one run: something was signed in this round that leaves nothing
    to offer, or the text will not be drafted again.
    """
    if not case.protocol.drafted:
        return bool(talks.signed[0])
    final = talks.empty[0] or case.stage(talks.deal)[0] == Stage.SETTLEMENT
    return bool((talks.signed[0] and final) or talks.round >= talks.last[0])


class Seat:
    """A delegation whose decisions a person takes, and that holds them to the party's mandate. One run, one round.

    Raises:
        AnswerError: for a decision that the party may not take.
        WalkedOut: when the person leaves.
        Waiting: see `Ledger`.
    """

    by_the_model = False
    answers_anew = False  # a person tables what it would sign now, and is not asked about all that was tabled once

    def __init__(self, case: Case, party: int, ledger: Ledger) -> None:
        self.case, self.party, self.ledger = case, party, ledger
        self._put: OptionArray | None = None
        self._by_model = False
        self._answered_by_model = False

    def propose(self, talks: Talks, draw: FloatArray) -> Offers:
        """What the person puts forward; what it tabled last where it stays with that, or where it is not asked."""
        ask = Ask(Key(talks.round, "offer", len(talks.exchanges)), self.party, talks, None)
        last = Offers(talks.offers[:, self.party], talks.made[:, self.party])
        if in_vain(self.case, talks) and (ask.key, self.party) not in self.ledger.decisions:
            return propose(self.case, self.party, talks, draw) if self._answered_by_model else last
        decision = self._decided(ask)
        if decision is None:
            return last
        self._by_model = decision.deed == AUTO
        if self._by_model:
            return propose(self.case, self.party, talks, draw)
        if decision.package is None:
            self._put = last.packages[0] if last.made[0] else None
            return last
        self._put = self.case.space.package(decision.package)
        return Offers(self._put[None], np.ones(1, dtype=bool))

    def respond(self, talks: Talks, offer: OptionArray) -> Replies:
        """What the person answers; to its own offer, yes. No target is told of a no unless the person says so."""
        known = judge(self.case, talks, offer).of(self.party)
        if self._put is not None and np.array_equal(self._put, offer[0]):
            return replace(known, accepts=np.array([True]))
        if self._by_model and self._own_turn(talks):
            return known
        decision = self._decided(Ask(Key(talks.round, "reply", len(talks.exchanges)), self.party, talks, offer[0]))
        if decision is not None and decision.deed == AUTO:
            self._answered_by_model = True
            return known
        yes = decision is not None and decision.deed == "accept"
        told = known.shortfall if decision is not None and decision.asks_more else np.zeros(1)
        return replace(known, accepts=np.array([yes]), shortfall=told)

    def _own_turn(self, talks: Talks) -> bool:
        """Whether what is on the table is what this party tabled."""
        protocol = self.case.protocol
        return not protocol.drafted and protocol.proposers[len(talks.exchanges)] == self.party

    def _decided(self, ask: Ask) -> Decision | None:
        decision = self.ledger.decision(ask)
        if decision is None:
            return None
        if (why := against(self.case, ask, decision)) is not None:
            raise AnswerError(why)
        if decision.deed == WALK_OUT:
            raise WalkedOut(self.party)
        return decision


def patient(case: Case, people: Iterable[int]) -> Case:
    """The same talks with parties that the rules never walk out: whether a person leaves is the person's to say."""
    patience = case.tactics.patience.copy()
    patience[:, list(people)] = case.protocol.deadline + 1
    return replace(case, tactics=replace(case.tactics, patience=patience))


def seated(case: Case, people: Iterable[int], ledger: Ledger) -> list[Delegation]:
    """People in some seats, the simulator's own delegations in all others."""
    taken = set(people)
    return [Seat(case, n, ledger) if n in taken else StandardDelegation(case, n) for n in range(len(case.parties))]
