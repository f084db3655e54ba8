"""A round of one run as transcript lines: what happened, what was tabled, each answer and why, what moved.

It reads the record of the talks and decides nothing; only the first run of a record is told of.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.stakes.case import Case
from sim.stakes.stages import Stage
from sim.talks.concession import floors, target_of
from sim.talks.protocols import topics
from sim.talks.state import Exchange, Talks

DIGITS = 6
"""Decimals of points in transcripts and tables."""
SILENT = "no offer within its own red lines and worth its reservation value"


def events(case: Case, before: Talks, talks: Talks) -> list[dict[str, Any]]:
    """The round that led from one record to the next, as plain data, in the order in which it happened."""
    found = [*_happened(case, talks), *_levers(case, before, talks), *_lines(case, before, talks)]
    for exchange in talks.exchanges:
        found += _exchange(case, talks, exchange)
    found += _deals(case, before, talks)
    return [{"round": talks.round, **event} for event in found]


def _happened(case: Case, talks: Talks) -> list[dict[str, Any]]:
    """What the scenario says happens in this round."""
    found: list[dict[str, Any]] = []
    for event in case.protocol.events:
        if event.round == talks.round:
            found.append({"event": "happening", "note": event.note})
    return found


def _levers(case: Case, before: Talks, talks: Talks) -> list[dict[str, Any]]:
    """Levers that the mediator pulled or let go of; those that events set are told with the event."""
    if before.front is None or talks.front is None:
        return []
    found = []
    for pull in case.protocol.pulls:
        (was, rested), (now, rests) = (
            (front.index[0, pull.lever], front.set_to[0, pull.lever]) for front in (before.front, talks.front)
        )
        if was != now and (was != rested or now != rests):
            against = case.parties[pull.against].id
            found.append({"event": "lever", "lever": pull.name, "against": against, "index": round(float(now), DIGITS)})
    return found


def _lines(case: Case, before: Talks, talks: Talks) -> list[dict[str, Any]]:
    """Red lines that moved, whose they are and which way."""
    found = []
    for n in np.flatnonzero(before.rung[0] != talks.rung[0]):
        line, step = case.red_lines.lines[n], int(talks.rung[0, n])
        way = "softens" if step > before.rung[0, n] else "hardens"
        found.append({"event": way, "party": case.parties[line.party].id, "red_line": line.id, "step": step})
    return found


def _exchange(case: Case, talks: Talks, exchange: Exchange) -> list[dict[str, Any]]:
    """One package put to the table, with every answer and wish."""
    author = case.parties[exchange.author].id if exchange.author >= 0 else None
    kind = "text" if case.protocol.drafted else "offer"
    if not exchange.tabled[0]:
        return [{"event": "silence", "party": author, "why": SILENT}] if talks.open[0] or talks.signed[0] else []
    package = {"package": case.space.names(exchange.package[0])}
    about = {} if talks.topic is None or len(topics(case)) < 2 else {"about": Stage(talks.topic).name.lower()}
    found: list[dict[str, Any]] = [{"event": kind, "party": author, **about, **package}]
    for party in exchange.asked:
        if kind == "offer" and party == exchange.author and exchange.accepts[0, party]:
            continue
        found.append({"event": "reply", **_reply(case, talks, exchange, party)})
        if kind == "text" and not exchange.accepts[0, party] and talks.made[0, party]:
            wish = {"package": case.space.names(talks.offers[0, party])}
            found.append({"event": "wish", "party": case.parties[party].id, **wish})
    return found


def _reply(case: Case, talks: Talks, exchange: Exchange, party: int) -> dict[str, Any]:
    """One answer, with its reasons: the lines crossed, and how far the package lies below what is asked."""
    target = target_of(talks.asked, case.stage(exchange.package))
    return {
        "party": case.parties[party].id,
        "answer": "accept" if exchange.accepts[0, party] else "reject",
        "crosses": case.red_lines.ids(exchange.crossed[0, party]),
        "utility": round(float(exchange.utility[0, party]), DIGITS),
        "value": round(float(exchange.value[0, party]), DIGITS),
        "floor": round(float(floors(case, talks)[0, party]), DIGITS),
        "target": round(float(target[0, party]), DIGITS),
        "short_of_target": round(float(exchange.shortfall[0, party]), DIGITS),
    }


def _deals(case: Case, before: Talks, talks: Talks) -> list[dict[str, Any]]:
    """What was signed, and what was in force and is no more."""
    if talks.signed[0]:
        what = "empty" if talks.empty[0] else Stage(int(case.stage(talks.deal)[0])).name.lower()
        if (before.in_force[0], before.standing[0].tolist()) != (talks.in_force[0], talks.standing[0].tolist()) or (
            not talks.open[0]
        ):
            return [{"event": "signed", "what": what, "package": case.space.names(talks.deal[0])}]
    elif before.in_force[0] > Stage.SHORT and talks.in_force[0] == Stage.SHORT:
        return [{"event": "lapses", "package": case.space.names(before.standing[0])}]
    return []
