"""Who speaks for a party: the promise that every delegation keeps, and the standard one that plays by the model.

A delegation sees the talks and its own case; it never changes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import BoolArray, FloatArray, OptionArray
from sim.talks.acceptance import judge
from sim.talks.offers.offering import choose_offer
from sim.talks.offers.opening import OPENINGS
from sim.talks.state import Offers, Replies, Talks


class Delegation(Protocol):
    """Speaks for one party, in R runs at once (R may be 1).

    One that answers ``by_the_model`` need not be asked: its answer is the model's judgement, the same for everybody.
    """

    @property
    def by_the_model(self) -> bool:
        """Whether `respond` is the model's own."""
        ...

    def propose(self, talks: Talks, draw: FloatArray) -> Offers:
        """What the party asks for now; ``draw`` ``(R,)`` settles ties."""
        ...

    def respond(self, talks: Talks, offer: OptionArray) -> Replies:
        """The party's answer to a package ``(R, I)`` on the table."""
        ...


@dataclass(frozen=True)
class StandardDelegation:
    """A party that plays by the model's rules: concede by its tactic, move towards the others, hold its red lines."""

    case: Case
    party: int
    by_the_model: ClassVar[bool] = True

    def propose(self, talks: Talks, draw: FloatArray) -> Offers:
        """The opening first, then a neighbour of its own last offer, or of the single text."""
        return propose(self.case, self.party, talks, draw)

    def respond(self, talks: Talks, offer: OptionArray) -> Replies:
        """Yes when the offer meets this round's target and crosses none of its lines."""
        return judge(self.case, talks, offer).of(self.party)


def standard(case: Case) -> list[StandardDelegation]:
    """A standard delegation for every party."""
    return [StandardDelegation(case, party) for party in range(len(case.parties))]


def propose(case: Case, party: int, talks: Talks, draw: FloatArray) -> Offers:
    """The standard offer ``(R, I)``: the opening where none was made yet, else `choose_offer`, unless it stalls.

    A party that stalls repeats itself.
    """
    spoke, last = talks.made[:, party], talks.offers[:, party]
    start = talks.text if case.protocol.drafted else np.where(spoke[:, None], last, case.protocol.start_text)
    moved = choose_offer(case, party, talks, start, draw)
    packages, positions = moved.packages, moved.packages if moved.positions is None else moved.positions
    stays, place = spoke & stalling(case, party, talks), OPENINGS[talks.topic]
    opens = ~spoke & talks.can_open[:, party, place]
    for where, instead in ((stays, last), (opens, talks.openings[:, party, place])):
        if where.any():
            packages, positions = (np.where(where[:, None], instead, rows) for rows in (packages, positions))
    return Offers(packages, opens | moved.made, positions)


def stalling(case: Case, party: int, talks: Talks) -> BoolArray:
    """Where a party plays for time ``(R,)``: its tactic allows it, and it believes that the front moves its way."""
    stall = np.broadcast_to(case.tactics.stall[:, party], (talks.runs,))
    if not stall.any() or talks.front is None or case.war is None or party not in case.belligerents:
        return np.zeros(talks.runs, dtype=bool)
    sign = 1.0 if party == case.belligerents[0] else -1.0
    push = np.zeros(talks.runs)
    for lever, (base, drift) in enumerate(zip(case.war.lever_base, case.war.lever_drift, strict=True)):
        push = push + (talks.front.index[:, lever] - base) * drift
    return stall & (sign * (talks.front.drift[:, party] + push) > 0)
