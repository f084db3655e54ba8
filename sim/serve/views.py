"""What a page may know: plain data for one seat, made of what it said, heard and is worth to it, and of nothing else.

No template is given a room, the talks, another's value or needs, a true line, a draft or an address.
"""

from __future__ import annotations

from typing import Any

from sim.classroom import seat
from sim.classroom.decisions import Ask
from sim.classroom.room import Room
from sim.report import sentences, talks_sentences
from sim.serve.briefs import issues_view, option_points
from sim.serve.heard import package_view, talk_view, worth_view
from sim.serve.host import Host
from sim.serve.table import News, Sitting, Table, key_text
from sim.stakes.space import OptionArray
from sim.talks.state import Talks

MOST_NEWS = 8
"""Announcements that a page shows."""


def seat_view(host: Host, sitting: Sitting, table: Table, now: float, mirror: bool = False) -> dict[str, Any]:
    """What the page of one seat shows, its path and its form aside; a ``mirror`` is for the teacher."""
    lesson, room, party = host.lesson, table.room, sitting.party
    assert room is not None
    loaded = room.loaded
    names = [one.name for one in loaded.case.parties]
    asks = table.asks()
    mine = asked(host, sitting, table)
    view: dict[str, Any] = {
        "stage": lesson.stage,
        "room": table.number,
        "name": sitting.name,
        "party": names[party],
        "css": f"p{party % 8}",
        "title": loaded.scenario.title,
        "version": host.version(table.number),
        "hints": lesson.hints,
        "paused": lesson.paused is not None,
        "away": sitting.token is not None and not sitting.present,
        "forced": sitting.forced,
        "round": max(room.round, 1),
        "deadline": loaded.case.protocol.deadline,
        "drafted": loaded.case.protocol.drafted,
        "unit": sentences.unit(loaded.scenario),
        "over": room.over or lesson.stage == "revealed",
        "ending": _ending_view(room) if room.over else None,
        "left": max(0, round(lesson.left(table, now))) if lesson.playing(table) and not room.over else None,
        "waits": [_who(host, table, ask.party) for ask in asks] if lesson.playing(table) and mine is None else [],
        "seats": [_seat_name(host, table, n) for n in loaded.case.signatories],
        "draft_text": "" if mirror else draft_of(host, sitting).get("text", ""),
        "mirror": mirror,
        "talk": talk_view(host, table, party, as_seen(host, table)),
        "news": [news_view(host, one, table.number) for one in lesson.news_for(table.number, party)[:MOST_NEWS]],
    }
    return view | {
        "ask": None if mine is None else table.once(("ask", party, mine.key), lambda: _ask_view(room, party, mine)),
        "standing": table.once(("standing", party), lambda: _standing(room, party)),
    }


def news_view(host: Host, one: News, room: int) -> dict[str, Any]:
    """An announcement, the round of a room in which it came, and what changes in the war after it."""
    round_ = host.lesson.heard_in(one, room)
    moves = f"From round {round_ + 1} on: {talks_sentences.levers(one.levers)}." if one.levers else None
    to = "For all" if one.room is None else "For your room" if one.party is None else "For you alone"
    return {"text": one.text, "round": round_, "to": to, "moves": moves}


def asked(host: Host, sitting: Sitting, table: Table) -> Ask | None:
    """What a seat is asked now, if it is."""
    if not host.lesson.playing(table):
        return None
    return next((ask for ask in table.asks() if ask.party == sitting.party), None)


def as_seen(host: Host, table: Table) -> Talks:
    """The talks as a room's people see them: before they open, as the briefs tell them, the first round aside."""
    assert table.room is not None
    return table.room.talks if host.lesson.stage == "lobby" else table.room.now


def draft_of(host: Host, sitting: Sitting) -> dict[str, Any]:
    """What a seat has typed and not sent."""
    return host.lesson.drafts.get(sitting.place, {})


def drafted(room: Room, party: int, draft: dict[str, Any]) -> OptionArray:
    """The package ``(I,)`` that a seat is building: to begin with its last offer, or the text."""
    if draft.get("package"):
        return room.case.space.package(draft["package"])
    last = seat.last_offer(room.now, party)
    return room.case.protocol.start_text if last is None else last


def _ask_view(room: Room, party: int, ask: Ask) -> dict[str, Any]:
    """What a seat is asked now."""
    found: dict[str, Any] = {"key": key_text(ask.key), "at": ask.key.at, "said_yes": False}
    if ask.key.at == "offer" and room.case.protocol.drafted and ask.talks.exchanges:
        found["said_yes"] = bool(ask.talks.exchanges[-1].accepts[0, party])
    if ask.package is not None:
        others = [heard.package for heard in room.rounds if heard.author != party and heard.package is not None]
        alike = len(room.case.signatories) == 2 or room.case.protocol.drafted
        author = _author(room, ask)
        found |= {
            "by": author,
            "package": package_view(room.loaded, party, ask.package, others[-1] if others and alike else None),
            "worth": worth_view(room.loaded, party, ask.talks, ask.package),
        }
    return found


def _author(room: Room, ask: Ask) -> str:
    """Who put a package to the table that is being answered."""
    protocol = room.case.protocol
    if protocol.drafted:
        return "the text"
    return room.case.parties[protocol.proposers[ask.key.exchanges]].name


def form_view(room: Room, talks: Talks, party: int, draft: dict[str, Any], ask: Ask | None) -> dict[str, Any]:
    """The package that a seat is building, with what it is worth, and the points of every option."""
    space = room.case.space
    package = drafted(room, party, draft)
    points = option_points(room.loaded, party)
    chosen = space.names(package)
    return {
        "key": f"{draft.get('filled', 0)}/{'' if ask is None else key_text(ask.key)}",
        "issues": [
            issue | {"points": points[issue["axis"]], "chosen": chosen[issue["id"]]}
            for issue in issues_view(room.loaded)
        ],
        "worth": worth_view(room.loaded, party, talks, package),
        "last": seat.last_offer(talks, party) is not None,
    }


def _standing(room: Room, party: int) -> dict[str, Any]:
    now = seat.standing(room.case, party, room.now)
    before = float(room.case.reservation[0, party])
    return {"without": now.without_a_deal, "before": before, "in_force": now.in_force, "topic": now.topic}


def _ending_view(room: Room) -> dict[str, Any]:
    scenario, names = room.loaded.scenario, [one.name for one in room.case.parties]
    vain = room.in_vain
    agreed = room.signed if vain is None else vain.package
    return {
        "word": talks_sentences.ending_name(room.ending),
        "means": talks_sentences.ending_means(room.ending),
        "round": room.round,
        "who": [names[p] for p in (room.undone if room.left is None else (room.left,))],
        "names": None
        if agreed is None
        else [
            (sentences.issue_name(scenario, issue), sentences.label(scenario, issue, option))
            for issue, option in room.case.space.names(agreed).items()
        ],
    }


def _who(host: Host, table: Table, party: int) -> tuple[str, str | None]:
    """A party, and who sits there."""
    sitting = host.lesson.seats.get((table.number, party))
    return host.lesson.loaded.case.parties[party].name, None if sitting is None else sitting.name


def _seat_name(host: Host, table: Table, party: int) -> dict[str, Any]:
    sitting = host.lesson.seats.get((table.number, party))
    by = "the simulator" if sitting is None or sitting.token is None else sitting.name
    away = sitting is not None and sitting.token is not None and not sitting.present
    party_name = host.lesson.loaded.case.parties[party].name
    return {"party": party_name, "css": f"p{party % 8}", "by": by, "away": away, "number": party}
