"""The referee: who speaks in a round, what is asked of whom, and when a run is over.

Delegations decide; the referee only passes offers on, counts acceptances and keeps the record. What finished runs
agreed, offered and drafted does not change any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case, Stage
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.talks.acceptance import carried, judge
from sim.talks.draws import Draws, Purpose
from sim.talks.mediation import objections, redraft
from sim.talks.offering import choose_offer, opening
from sim.talks.state import Ending, Exchange, Offers, Replies, Talks


class Delegation(Protocol):
    """Speaks for one party, in R runs at once (R may be 1)."""

    def propose(self, talks: Talks, draw: FloatArray) -> Offers:
        """What the party asks for now; ``draw`` ``(R,)`` settles ties."""
        ...

    def respond(self, talks: Talks, offer: OptionArray) -> Replies:
        """The party's answer to a package ``(R, I)`` on the table."""
        ...


@dataclass(frozen=True)
class StandardDelegation:
    """A party that plays by the model's rules: concede by the clock, move towards the others, hold its red lines."""

    case: Case
    party: int

    def propose(self, talks: Talks, draw: FloatArray) -> Offers:
        """The opening first, then a neighbour of its own last offer, or of the single text."""
        return propose(self.case, self.party, talks, draw)

    def respond(self, talks: Talks, offer: OptionArray) -> Replies:
        """Yes when the offer meets this round's target and crosses none of its lines."""
        return judge(self.case, self.party, talks, offer)


def propose(case: Case, party: int, talks: Talks, draw: FloatArray) -> Offers:
    """The standard offer ``(R, I)``: the opening where nothing was offered yet, else `choose_offer`."""
    spoke = talks.made[:, party]
    if case.protocol.name == "single_text":
        start = talks.text
    else:
        start = np.where(spoke[:, None], talks.offers[:, party], case.protocol.start_text)
    moved = choose_offer(case, party, talks, start, draw)
    opens = ~spoke & talks.can_open[:, party]
    return Offers(np.where(opens[:, None], talks.openings[:, party], moved.packages), opens | moved.made)


def open_talks(case: Case, runs: int = 1) -> Talks:
    """The talks before their first round."""
    parties, issues = len(case.parties), len(case.space.issues)
    first = [opening(case, party) for party in range(parties)]

    def per_run(arrays: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        stacked = np.stack(arrays, axis=1)
        return np.broadcast_to(stacked, (runs, *stacked.shape[1:]))

    binding = np.array([case.red_lines.bits("declared", party) for party in range(parties)], dtype=np.uint64)
    text = np.broadcast_to(case.protocol.start_text, (runs, issues))
    return Talks(
        round=0,
        reservation=np.broadcast_to(case.reservation, (runs, parties)),
        exponent=np.broadcast_to(case.exponent, (runs, parties)),
        binding=np.broadcast_to(binding, (runs, parties)),
        best=per_run([best for _, best, _ in first]),
        openings=per_run([package for package, _, _ in first]),
        can_open=per_run([possible for _, _, possible in first]),
        offers=np.zeros((runs, parties, issues), dtype=np.int8),
        made=np.zeros((runs, parties), dtype=bool),
        refused=np.ones((runs, parties, parties), dtype=bool),
        text=text,
        distance=np.full(runs, np.iinfo(np.int64).max),
        idle=np.zeros(runs, dtype=np.int64),
        ending=np.full(runs, Ending.OPEN, dtype=np.int8),
        ended=np.zeros(runs, dtype=np.int64),
        agreed=text,
    )


def play_round(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """The talks after one more round."""
    talks = replace(talks, round=talks.round + 1)
    after = _PLAY[case.protocol.name](case, delegations, talks, draws)
    return _ended(case, after)


def play(case: Case, delegations: Sequence[Delegation], draws: Draws) -> Talks:
    """The talks played to the end of every run."""
    talks = open_talks(case, draws.count)
    while talks.open.any():
        talks = play_round(case, delegations, talks, draws)
    return talks


def _alternating(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """One proposer a round, in turn; every signatory answers."""
    turn = case.protocol.proposers[(talks.round - 1) % len(case.protocol.proposers)]
    offer = delegations[turn].propose(talks, draws.uniforms(Purpose.OFFER_TIE, talks.round)[:, turn])
    speaking = talks.open & offer.made
    talks = replace(
        talks,
        offers=_put(talks.offers, turn, offer.packages, speaking),
        made=talks.made | (np.arange(len(case.parties)) == turn) & speaking[:, None],
    )
    exchange = _asked(case, delegations, talks, turn, offer.packages, speaking)
    mine = (np.arange(len(case.parties)) == turn)[:, None] & speaking[:, None, None]
    return replace(talks, exchange=exchange, refused=np.where(mine, ~exchange.accepts[:, None, :], talks.refused))


def _single_text(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """The text is put to every signatory; each answers and says what it wishes; the mediator redrafts.

    In the first round the start text is put as it is.
    """
    drafted = talks.text
    if talks.round > 1:
        tie = draws.uniforms(Purpose.DRAFT_TIE, talks.round)[:, 0]
        objecting = talks.made & talks.refused[:, 0]
        drafted = redraft(case, talks, talks.offers, objecting, tie)
    talks = replace(talks, text=np.where(talks.open[:, None], drafted, talks.text))
    author = -1 if case.protocol.mediator is None else case.protocol.mediator
    exchange = _asked(case, delegations, talks, author, talks.text, talks.open)
    refused = np.where(talks.open[:, None, None], ~exchange.accepts[:, None, :], talks.refused)
    talks = replace(talks, refused=np.broadcast_to(refused, talks.refused.shape))
    uniforms = draws.uniforms(Purpose.OFFER_TIE, talks.round)
    offers, made = talks.offers, talks.made
    for party in case.signatories:
        wish = delegations[party].propose(talks, uniforms[:, party])
        speaking = talks.open & wish.made
        offers = _put(offers, party, wish.packages, speaking)
        made = made | (np.arange(len(case.parties)) == party) & speaking[:, None]
    talks = replace(talks, offers=offers, made=made, exchange=replace(exchange, wishes=offers))
    return _patience(case, talks)


def _patience(case: Case, talks: Talks) -> Talks:
    """Count the rounds in which the text came no closer to the lines that it crosses."""
    away = objections(case, talks, talks.text)[..., list(case.signatories)].sum(axis=-1)
    closer = (away < talks.distance) | (away == 0)
    idle = np.where(closer, 0, talks.idle + 1)
    return replace(
        talks,
        distance=np.where(talks.open, np.minimum(away, talks.distance), talks.distance),
        idle=np.where(talks.open, idle, talks.idle),
    )


def _asked(
    case: Case,
    delegations: Sequence[Delegation],
    talks: Talks,
    author: int,
    package: OptionArray,
    tabled: BoolArray,
) -> Exchange:
    """Every party's answer to the package on the table."""
    replies = [delegation.respond(talks, package) for delegation in delegations]
    return Exchange(
        author=author,
        package=package,
        tabled=tabled,
        accepts=np.stack([reply.accepts for reply in replies], axis=1) & tabled[:, None],
        crossed=np.stack([reply.crossed for reply in replies], axis=1),
        shortfall=np.stack([reply.shortfall for reply in replies], axis=1),
        wishes=talks.offers,
    )


def _ended(case: Case, talks: Talks) -> Talks:
    """Runs that signed, ran out of patience or of time."""
    exchange = talks.exchange
    assert exchange is not None
    signed = talks.open & exchange.tabled & carried(case, exchange.accepts, exchange.package)
    settled = case.stage(exchange.package) == Stage.SETTLEMENT
    refused = signed & ~case.consents(exchange.package, talks.binding)
    late = np.full(talks.runs, talks.round >= case.protocol.deadline)
    impatient = np.full(talks.runs, case.protocol.name == "single_text") & (talks.idle >= case.protocol.patience)
    ending = np.select(
        [~talks.open, refused, signed & settled, signed, impatient, late],
        [
            talks.ending,
            Ending.UNIMPLEMENTABLE_TEXT,
            Ending.SETTLEMENT,
            Ending.CEASEFIRE_ONLY,
            Ending.MEDIATOR_EXIT,
            Ending.STALEMATE,
        ],
        Ending.OPEN,
    ).astype(np.int8)
    over: BoolArray = talks.open & (ending != Ending.OPEN)
    ended: IntArray = np.where(over, talks.round, talks.ended)
    agreed: OptionArray = np.where(signed[:, None], exchange.package, talks.agreed)
    return replace(talks, ending=ending, ended=ended, agreed=agreed)


def _put(offers: OptionArray, party: int, packages: OptionArray, where: BoolArray) -> OptionArray:
    """The offers with one party's row replaced in some runs."""
    mine = np.arange(offers.shape[1]) == party
    put: OptionArray = np.where((where[:, None] & mine)[:, :, None], packages[:, None, :], offers)
    return put


_PLAY: dict[str, Callable[[Case, Sequence[Delegation], Talks, Draws], Talks]] = {
    "alternating": _alternating,
    "single_text": _single_text,
}
