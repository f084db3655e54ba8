"""A round of one run as transcript lines: what happened, what was tabled, each answer and why, what moved.

It reads the record of the talks and decides nothing; only the first run of a record is told of. Its dataclasses are the
one definition of a line of ``transcript.jsonl``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.plain import OPTIONAL, as_plain, read_as
from sim.stakes.case import Case
from sim.stakes.space import Package
from sim.stakes.stages import Stage
from sim.talks.concession import floors, shown, target_of
from sim.talks.memory import tabled_before
from sim.talks.protocols import topics
from sim.talks.state import Exchange, Talks

DIGITS = 6
"""Decimals of points in transcripts and tables."""
SILENT = "no offer within its own red lines and worth its reservation value"


@dataclass(frozen=True)
class Line:
    """A line of a transcript; ``event`` says of which kind."""

    round: int
    event: str


@dataclass(frozen=True)
class Happening(Line):
    """What the scenario says happens in a round."""

    note: str | None


@dataclass(frozen=True)
class Pull(Line):
    """A lever that the mediator pulled or let go of, and where it stands now."""

    lever: str
    against: str
    index: float


@dataclass(frozen=True)
class Shift(Line):
    """A red line that ``softens`` or ``hardens``, and the step of its ladder it stands on now."""

    party: str
    red_line: str
    step: int


@dataclass(frozen=True)
class Tabled(Line):
    """A package put to the table: the ``text``, or a party's ``offer``; ``about`` where two kinds of deal are open.

    ``before`` is the earlier round in which it was tabled first, and ``variant`` marks an offer that is no change of
    its author's position.
    """

    party: str | None
    about: str | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    before: int | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    variant: bool | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    package: Package


@dataclass(frozen=True)
class Silence(Line):
    """Nothing put to the table where a package was due."""

    party: str | None
    why: str


@dataclass(frozen=True)
class Reply(Line):
    """One answer, with its reasons: lines crossed, and what the package is worth against what is asked; points a month.

    ``utility`` if it lasted, ``value`` as it stands, ``floor`` what the party needs to sign.
    """

    party: str
    answer: str
    crosses: list[str]
    utility: float
    value: float
    floor: float
    target: float
    short_of_target: float


@dataclass(frozen=True)
class Wish(Line):
    """What a party that refuses a text asks for."""

    party: str
    package: Package


@dataclass(frozen=True)
class Recalled(Line):
    """A package of an earlier round, ``tabled``, that now finds enough to sign it."""

    tabled: int
    package: Package


@dataclass(frozen=True)
class Signed(Line):
    """What was signed: of which stage, or ``empty`` when it cannot be carried out."""

    what: str
    package: Package


@dataclass(frozen=True)
class Lapse(Line):
    """What was in force and is no more."""

    package: Package


@dataclass(frozen=True)
class Unknown(Line):
    """A line of a kind that this version does not write, with all that it holds."""

    held: dict[str, Any]


KINDS: dict[str, type[Line]] = {
    "happening": Happening,
    "lever": Pull,
    "softens": Shift,
    "hardens": Shift,
    "text": Tabled,
    "offer": Tabled,
    "silence": Silence,
    "reply": Reply,
    "wish": Wish,
    "recalled": Recalled,
    "signed": Signed,
    "lapses": Lapse,
}
"""What stands in a line of each kind."""


def line_of(data: Mapping[str, Any], where: str = "transcript") -> Line:
    """A line from plain data.

    Raises:
        ResultError: in one line, with the place, when it does not hold what its kind should.
    """
    line = read_as(Line, data, where)
    kind = KINDS.get(line.event)
    if kind is not None:
        return read_as(kind, data, where)
    rest = {key: value for key, value in data.items() if key not in ("round", "event")}
    return Unknown(line.round, line.event, rest)


def events(case: Case, before: Talks, talks: Talks) -> list[dict[str, Any]]:
    """The round that led from one record to the next, as plain data, in the order in which it happened."""
    return [as_plain(line) for line in lines(case, before, talks)]


def lines(case: Case, before: Talks, talks: Talks) -> list[Line]:
    """The same as lines."""
    found = [*_happened(case, talks), *_levers(case, before, talks), *_lines(case, before, talks)]
    for exchange in talks.exchanges:
        found += _exchange(case, talks, exchange)
    return found + _deals(case, before, talks)


def _happened(case: Case, talks: Talks) -> list[Line]:
    """What the scenario says happens in this round."""
    told = [event for event in case.protocol.events if event.round == talks.round]
    return [Happening(talks.round, "happening", event.note) for event in told]


def _levers(case: Case, before: Talks, talks: Talks) -> list[Line]:
    """Levers that the mediator pulled or let go of; those that events set are told with the event."""
    if before.front is None or talks.front is None:
        return []
    found: list[Line] = []
    for pull in case.protocol.pulls:
        (was, rested), (now, rests) = (
            (front.index[0, pull.lever], front.set_to[0, pull.lever]) for front in (before.front, talks.front)
        )
        if was != now and (was != rested or now != rests):
            against = case.parties[pull.against].id
            found.append(Pull(talks.round, "lever", pull.name, against, round(float(now), DIGITS)))
    return found


def _lines(case: Case, before: Talks, talks: Talks) -> list[Line]:
    """Red lines that moved, whose they are and which way."""
    found: list[Line] = []
    for n in np.flatnonzero(before.rung[0] != talks.rung[0]):
        line, step = case.red_lines.lines[n], int(talks.rung[0, n])
        way = "softens" if step > before.rung[0, n] else "hardens"
        found.append(Shift(talks.round, way, case.parties[line.party].id, line.id, step))
    return found


def _exchange(case: Case, talks: Talks, exchange: Exchange) -> list[Line]:
    """One package put to the table, with every answer and wish."""
    author = case.parties[exchange.author].id if exchange.author >= 0 else None
    kind = "text" if case.protocol.drafted else "offer"
    if not exchange.tabled[0]:
        return [Silence(talks.round, "silence", author, SILENT)] if exchange.due[0] else []
    about = None if talks.topic is None or len(topics(case)) < 2 else Stage(talks.topic).name.lower()
    before = tabled_before(case, talks, exchange.package[0])
    before = None if before == talks.round else before
    variant = kind == "offer" and bool((talks.offers[0, exchange.author] != exchange.package[0]).any())
    package = case.space.names(exchange.package[0])
    tabled = Tabled(talks.round, kind, author, package, about=about, before=before, variant=variant or None)
    found: list[Line] = [tabled]
    for party in exchange.asked:
        if kind == "offer" and party == exchange.author and exchange.accepts[0, party]:
            continue
        found.append(_reply(case, talks, exchange, party))
        if kind == "text" and not exchange.accepts[0, party] and talks.made[0, party]:
            wanted = case.space.names(talks.offers[0, party])
            found.append(Wish(talks.round, "wish", case.parties[party].id, wanted))
    return found


def _reply(case: Case, talks: Talks, exchange: Exchange, party: int) -> Reply:
    """One answer, with its reasons."""
    target = target_of(talks.asked, case.stage(exchange.package))
    return Reply(
        round=talks.round,
        event="reply",
        party=case.parties[party].id,
        answer="accept" if exchange.accepts[0, party] else "reject",
        crosses=case.red_lines.ids(exchange.crossed[0, party]),
        utility=round(float(exchange.utility[0, party]), DIGITS),
        value=round(float(exchange.value[0, party]), DIGITS),
        floor=round(float(floors(case, talks)[0, party]), DIGITS),
        target=round(shown(float(target[0, party]), float(floors(case, talks)[0, party])), DIGITS),
        short_of_target=round(float(exchange.shortfall[0, party]), DIGITS),
    )


def _deals(case: Case, before: Talks, talks: Talks) -> list[Line]:
    """What was signed, and what was in force and is no more."""
    if talks.signed[0]:
        what = "empty" if talks.empty[0] else Stage(int(case.stage(talks.deal)[0])).name.lower()
        if (before.in_force[0], before.standing[0].tolist()) != (talks.in_force[0], talks.standing[0].tolist()) or (
            not talks.open[0]
        ):
            old = int(talks.recalled[0])
            again: list[Line] = [Recalled(talks.round, "recalled", old, case.space.names(talks.deal[0]))] if old else []
            return [*again, Signed(talks.round, "signed", what, case.space.names(talks.deal[0]))]
    elif before.in_force[0] > Stage.SHORT and talks.in_force[0] == Stage.SHORT:
        return [Lapse(talks.round, "lapses", case.space.names(before.standing[0]))]
    return []
