"""A room: one table of the talks with any number of people, as the list of what they decided.

Only decisions are kept. The talks are played again from them, so a room cannot disagree with the rules; the same
scenario, people, seed and decisions give the same room, in whatever order the decisions came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.classroom import answer_parts, seat
from sim.classroom.decisions import (
    AUTO,
    DEEDS,
    WALK_OUT,
    Ask,
    Decision,
    Decisions,
    Key,
    Ledger,
    Waiting,
    WalkedOut,
    against,
    patient,
    seated,
)
from sim.errors import AnswerError, ScenarioError, nearest
from sim.scenario.loader import Loaded
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import FloatArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.concession import floors
from sim.talks.draws import Draws, Purpose
from sim.talks.front import breakdown
from sim.talks.how_talks_end import Ending
from sim.talks.referee import WAR_DRAWS, open_talks, play_round
from sim.talks.round_end import undone
from sim.talks.state import Exchange, Talks
from sim.talks.transcript import events


@dataclass(frozen=True)
class Tabled:
    """A package ``(I,)`` that was put to the table: who said yes, and what only a debrief may tell.

    ``values`` and ``floors`` ``(P,)`` are of that round; ``suits`` whether all who must sign could have, ``no`` who of
    those asked refused, ``crossed`` the own lines that it crosses for each party.
    """

    round: int
    author: int | None
    package: OptionArray
    yes: tuple[int, ...]
    no: tuple[int, ...]
    crossed: tuple[tuple[str, ...], ...]
    values: FloatArray
    floors: FloatArray
    suits: bool


@dataclass(frozen=True)
class Room:
    """A table: ``people`` are the parties whose delegations are persons, by number.

    ``talks`` stand after the last whole round, ``asks`` say who is asked what now; ``rounds`` is what was heard in
    whole rounds, ``tabled`` the same for the debrief, ``transcript`` for a file. ``walked_out`` is the person who
    left, ``away`` those for whom the simulator spoke in the last round in which they were asked.
    """

    loaded: Loaded
    people: tuple[int, ...]
    seed: int
    decisions: Decisions
    talks: Talks
    asks: tuple[Ask, ...] = ()
    rounds: tuple[seat.Heard, ...] = ()
    tabled: tuple[Tabled, ...] = ()
    transcript: tuple[dict[str, Any], ...] = ()
    walked_out: int | None = None
    away: frozenset[int] = field(default=frozenset())

    @property
    def case(self) -> Case:
        """What is at stake."""
        return self.loaded.case

    @property
    def over(self) -> bool:
        """Whether the talks are."""
        return self.walked_out is not None or not seat.going_on(self.talks)

    @property
    def round(self) -> int:
        """The round that is being played, or the last one."""
        if self.walked_out is not None:
            return self.talks.round + 1
        return self.asks[0].key.round if self.asks else self.talks.round

    @property
    def ending(self) -> str:
        """How the talks stand, as files write it."""
        return "walk_out" if self.walked_out is not None else seat.ending(self.talks).word

    @property
    def signed(self) -> OptionArray | None:
        """The package ``(I,)`` that was signed, or None."""
        return None if self.walked_out is not None else seat.agreed(self.talks)

    @property
    def in_vain(self) -> Tabled | None:
        """The text that was agreed on and cannot be carried out, where the talks ended so."""
        if self.ending != Ending.UNIMPLEMENTABLE_TEXT.word:
            return None
        return next(one for one in reversed(self.tabled) if np.array_equal(one.package, self.talks.deal[0]))

    @property
    def left(self) -> int | None:
        """The party that walked out, or None."""
        return self.walked_out if self.walked_out is not None else seat.leaver(self.talks)

    @property
    def now(self) -> Talks:
        """The talks as those who are asked see them, or as they ended."""
        return self.asks[0].talks if self.asks else self.talks

    @property
    def undone(self) -> tuple[int, ...]:
        """The parties that would not carry out the text that was agreed on in vain."""
        return () if self.in_vain is None else undone(self.case, self.talks)

    @property
    def answered(self) -> tuple[Tabled, ...]:
        """All that was tabled and answered, in the round that is being played too."""
        return (*self.tabled, *(_tabled(self.case, self.now) if self.asks else ()))

    def heard_now(self) -> tuple[seat.Heard, ...]:
        """What was put forward so far in the round that is being played."""
        if not self.asks:
            return ()
        return tuple(replace(put, wishes={}) for put in seat.heard(self.case, self.now, whole=False))

    def ask_of(self, party: int) -> Ask | None:
        """What a party is asked now, if it is."""
        return next((ask for ask in self.asks if ask.party == party), None)

    def against(self, party: int, key: Key, decision: Decision) -> str | None:
        """Why a decision would not be taken, if it would not."""
        ask = self.ask_of(party)
        if ask is None or ask.key != key:
            return "it does not fit the talks: nobody asked for it"
        return against(self.case, ask, decision)

    def decided(self, *made: tuple[Key, int, Decision]) -> Room:
        """The room after decisions: played on to where people are asked again, or to the end.

        Raises:
            AnswerError: for one that the talks or the party's mandate do not allow.
        """
        for key, party, decision in made:
            if (why := self.against(party, key, decision)) is not None:
                raise AnswerError(why)
        added = {(key, party): decision for key, party, decision in made}
        return played(replace(self, decisions={**self.decisions, **added}))


def new_room(loaded: Loaded, people: Iterable[str], seed: int = 0, decisions: Decisions | None = None) -> Room:
    """A room with people in some seats, played as far as the decisions go.

    Raises:
        ScenarioError: for somebody who has no seat.
        AnswerError: for a decision that the talks or the party's mandate do not allow.
    """
    return taken_up(empty_room(loaded, people, seed), decisions or {})


def empty_room(loaded: Loaded, people: Iterable[str], seed: int = 0) -> Room:
    """A room before anybody was asked: any number of rooms of a class may begin from the same one.

    Raises:
        ScenarioError: for somebody who has no seat.
    """
    numbers = tuple(sorted({_seat_of(loaded, party) for party in people}))
    case = patient(loaded.case, numbers)
    return Room(replace(loaded, case=case), numbers, seed, {}, open_talks(case, Draws(seed, np.array([0]))))


def taken_up(empty: Room, decisions: Decisions) -> Room:
    """A room played from its beginning as far as the decisions go.

    Raises:
        AnswerError: for a decision that the talks or the party's mandate do not allow.
    """
    return played(replace(empty, decisions=dict(decisions)))


def _seat_of(loaded: Loaded, party_id: str) -> int:
    signing = [loaded.case.parties[n].id for n in loaded.case.signatories]
    if party_id not in signing:
        raise ScenarioError(
            f'"{party_id[:60]}" has no seat to play{nearest(party_id[:60], signing)}', where=loaded.name
        )
    return loaded.case.party_number(party_id)


def played(room: Room, last: int | None = None) -> Room:
    """The room played on until somebody is asked who has not decided, the round ``last`` is whole, or to the end."""
    while not room.over and (last is None or room.talks.round < last):
        try:
            room = _next_round(room)
        except Waiting as waiting:
            return replace(room, asks=waiting.asks)
        except WalkedOut as left:
            return replace(room, asks=(), walked_out=left.party)
    return replace(room, asks=())


def _next_round(room: Room) -> Room:
    """The room after one more whole round.

    A seat for which the simulator spoke all through the round is the simulator's to the end of it: asked anew about
    what was tabled before, it answers as its delegation would.
    """
    case, draws = room.case, Draws(room.seed, np.array([0]))
    ledger = Ledger(room.decisions)
    after = play_round(case, seated(case, room.people, ledger), room.talks, draws)
    ledger.close()
    away = frozenset(
        party
        for party in room.people
        if (all(d.deed == AUTO for d in ledger.used[party]) if party in ledger.used else party in room.away)
    )
    if away:
        people = [party for party in room.people if party not in away]
        after = play_round(case, seated(case, people, Ledger(room.decisions)), room.talks, draws)
    return replace(
        room,
        talks=after,
        rounds=(*room.rounds, *seat.heard(case, after)),
        tabled=(*room.tabled, *_tabled(case, after)),
        transcript=(*room.transcript, *events(case, room.talks, after)),
        away=away,
    )


def _tabled(case: Case, talks: Talks) -> list[Tabled]:
    """What was put to the table in a round, as a debrief tells it."""
    return [_one(case, talks, exchange) for exchange in talks.exchanges if exchange.tabled[0]]


def _one(case: Case, talks: Talks, exchange: Exchange) -> Tabled:
    package, floor = exchange.package[0], np.broadcast_to(floors(case, talks), exchange.value.shape)[0]
    crossed = case.red_lines.crossed(exchange.package)[0] & talks.binding[0]
    could = (crossed == 0) & (exchange.value[0] >= floor - TOLERANCE)
    whole = bool(case.valid(exchange.package)[0]) and case.stage(exchange.package)[0] >= Stage.INTERIM
    drafted = case.protocol.drafted
    return Tabled(
        round=talks.round,
        author=None if drafted or exchange.author < 0 else exchange.author,
        package=package,
        yes=tuple(p for p in exchange.asked if exchange.accepts[0, p]),
        no=tuple(p for p in exchange.asked if not exchange.accepts[0, p]),
        crossed=tuple(tuple(case.red_lines.ids(bits)) for bits in crossed),
        values=exchange.value[0],
        floors=floor,
        suits=whole and bool(case.protocol.carries(could)),
    )


def quiet_seed(loaded: Loaded, seed: int) -> int:
    """The first seed from ``seed`` on with which neither the war nor an incident ends the talks before their time.

    Both are drawn for each round, whatever is said at the table, so this looks at the draws and plays nothing.
    """
    case = loaded.case
    rounds = range(1, case.protocol.deadline + 1)
    broken = {n: breakdown(event for event in case.protocol.events if event.round == n) for n in rounds}
    hazard = 0.0 if case.war is None or case.war.frozen else float(np.max(case.war.hazard))
    for tried in range(seed, seed + 10_000):
        draws = Draws(tried, np.array([0]))
        months = [(n, draws.uniforms(Purpose.WAR, n, WAR_DRAWS)[0]) for n in rounds]
        if all(draw[1] >= hazard and draw[2] >= broken[n] for n, draw in months):
            return tried
    return seed


def entry(case: Case, key: Key, party: int, decision: Decision) -> dict[str, Any]:
    """A decision as files write it."""
    return {"party": case.parties[party].id, **key._asdict(), "deed": decision.deed, **decision.more}


def read_entry(case: Case, found: Mapping[str, Any]) -> tuple[Key, int, Decision]:
    """A decision as files write it, read back.

    Raises:
        AnswerError: when it is none.
    """
    try:
        round_, at, exchanges = found["round"], found["at"], found["exchanges"]
        if not (type(round_) is int and type(exchanges) is int and at in ("offer", "reply")):
            raise ValueError
        party = case.party_number(found["party"])
        deed: Any = answer_parts.word(found["deed"], [*DEEDS, WALK_OUT, AUTO], "decision")
        package = case.space.names(answer_parts.package(found["package"], case.space)) if deed == "offer" else None
        return Key(round_, at, exchanges), party, Decision(deed, package, found.get("asks_more") is True)
    except AnswerError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnswerError("a decision that is none") from error
