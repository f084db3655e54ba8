"""What a person at the table sees of the talks: what a package is to their party, what is said aloud, how things stand.

It shows a seat its own utilities and what everybody hears, never anybody else's utilities. Whose word counts, and what
may be decided, is the business of `decisions`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import OptionArray, holds
from sim.stakes.stages import Stage
from sim.talks.concession import floors
from sim.talks.how_talks_end import Ending
from sim.talks.state import Exchange, Talks


@dataclass(frozen=True)
class Feedback:
    """What a seat can know of a package at once: its value, what it needs, own lines crossed, rules broken."""

    value: float
    needed: float
    crosses: tuple[str, ...]
    breaks: tuple[int, ...]
    ceasefire: bool
    needs_me: bool

    @property
    def enough(self) -> bool:
        """Whether it is worth as much as the party needs to sign."""
        return self.value >= self.needed - TOLERANCE

    @property
    def in_vain(self) -> bool:
        """Whether the party may sign it and would not carry it out: it needs its deeds, for less than it needs."""
        return self.ceasefire and self.needs_me and not self.enough and self.against_accepting is None

    @property
    def allowed(self) -> bool:
        """Whether the party may put it forward at all."""
        return self.against_sending is None

    @property
    def against_accepting(self) -> str | None:
        """Why the party may not say yes to it, if it may not."""
        return f"no mandate: it crosses {', '.join(self.crosses)}" if self.crosses else None

    @property
    def against_sending(self) -> str | None:
        """Why the party may not put it forward, if it may not."""
        if self.breaks:
            return "it does not hang together"
        return self.against_accepting or (None if self.ceasefire else "there is nothing to sign in it")


@dataclass(frozen=True)
class Answer:
    """One party's answer aloud: yes, or no with the lines it names and whether it asks for more."""

    party: int
    accepts: bool
    crosses: tuple[str, ...]
    asks_more: bool


@dataclass(frozen=True)
class Heard:
    """A package that was put forward, as everybody hears it, or a round of silence where there is none.

    ``author`` is None for a mediator's text; ``wishes`` are what those who refused a text would rather have.
    """

    round: int
    author: int | None
    package: OptionArray | None
    answers: tuple[Answer, ...]
    wishes: dict[int, OptionArray]


@dataclass(frozen=True)
class Standing:
    """How things stand for a seat: what it has without a deal now, what is in force, what is talked about."""

    without_a_deal: float
    in_force: str | None
    topic: str | None


def going_on(talks: Talks) -> bool:
    """Whether there is another round."""
    return bool(talks.open[0])


def ending(talks: Talks) -> Ending:
    """How the talks stand."""
    return Ending(int(talks.ending[0]))


def agreed(talks: Talks) -> OptionArray | None:
    """The package ``(I,)`` that was signed, or None."""
    return talks.agreed[0] if ending(talks).agreed else None


def leaver(talks: Talks) -> int | None:
    """The party that walked out, or None."""
    return int(talks.left[0]) if talks.left[0] >= 0 else None


def last_offer(talks: Talks, party: int) -> OptionArray | None:
    """The package ``(I,)`` that a party last asked for, or None."""
    return talks.offers[0, party] if talks.made[0, party] else None


def feedback(case: Case, party: int, talks: Talks, package: OptionArray) -> Feedback:
    """What a package ``(I,)`` is to a party, as it stands in the talks."""
    row = package[None]
    return Feedback(
        value=float(case.value(party, row, talks.outlook)[0]),
        needed=float(floors(case, talks)[0, party]),
        crosses=tuple(case.red_lines.ids(case.red_lines.crossed(row)[0] & talks.binding[0, party])),
        breaks=tuple(np.flatnonzero(holds(case.validity, package)).tolist()),
        ceasefire=bool(case.stage(row)[0] != Stage.SHORT),
        needs_me=bool(case.needs(party, row)[0]),
    )


STAGES = {Stage.PARTIAL: "a limited deal", Stage.INTERIM: "a ceasefire", Stage.SETTLEMENT: "a settlement"}


def standing(case: Case, party: int, talks: Talks) -> Standing:
    """How things stand for a party."""
    topic = None if talks.topic is None else STAGES.get(Stage(talks.topic))
    same = bool((case.zones["ceasefire"] == case.zones["settlement"]).all())
    in_force = STAGES.get(Stage(int(talks.in_force[0])))
    return Standing(float(talks.reservation[0, party]), in_force, None if same else topic)


def heard(case: Case, talks: Talks, whole: bool = True) -> list[Heard]:
    """All that was put forward in this round so far, in order; in a ``whole`` round, silence if there was none."""
    put = [_heard(case, talks, exchange) for exchange in talks.exchanges if exchange.tabled[0]]
    return put or [Heard(talks.round, None, None, (), {})] * whole


def _heard(case: Case, talks: Talks, exchange: Exchange) -> Heard:
    drafted = case.protocol.drafted
    author = None if drafted or exchange.author < 0 else exchange.author
    answers = tuple(
        Answer(
            party,
            bool(exchange.accepts[0, party]),
            tuple(case.red_lines.ids(exchange.crossed[0, party])),
            bool(exchange.shortfall[0, party] > 0),
        )
        for party in exchange.asked
        if party != author
    )
    refusing = [answer.party for answer in answers if not answer.accepts and talks.made[0, answer.party]]
    wishes = {party: talks.offers[0, party] for party in refusing} if drafted else {}
    return Heard(talks.round, author, exchange.package[0], answers, wishes)
