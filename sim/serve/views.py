"""What a page may know: plain data for one seat, made of what it said, heard and is worth to it, and of nothing else.

No template is given a room, the talks, another's value or needs, a true line, a draft or an address.
"""

from __future__ import annotations

from typing import Any

from sim.classroom import seat
from sim.classroom.room import Room
from sim.report import sentences
from sim.scenario.evidence import cited
from sim.scenario.loader import Loaded
from sim.serve.host import Host
from sim.serve.lesson import Message, Sitting, Table, key_text
from sim.stakes.space import OptionArray
from sim.talks.state import Talks

MOST_MESSAGES = 60
"""Messages that a page shows."""


def option_points(loaded: Loaded, party: int) -> list[list[float]]:
    """Points of each option of each issue to a party, interactions aside."""
    wants = loaded.case.preferences
    found: list[list[float]] = (wants.weights[0, party, :, None] * wants.values[party]).tolist()
    return found


def issues_view(loaded: Loaded) -> list[dict[str, Any]]:
    """The issues that are open, with their options."""
    case, scenario = loaded.case, loaded.scenario
    return [
        {
            "axis": axis,
            "id": issue.id,
            "name": sentences.issue_name(scenario, issue.id),
            "options": [(issue.options[k], sentences.label(scenario, issue.id, issue.options[k]), k) for k in left],
        }
        for axis, (issue, left) in enumerate(zip(case.space.issues, case.space.left, strict=True))
        if len(left) > 1
    ]


def brief_view(loaded: Loaded, party: int) -> dict[str, Any]:
    """The private brief of a party: story, lines, points, and what the others say aloud."""
    case, scenario = loaded.case, loaded.scenario
    me = case.parties[party].id
    told, points = scenario.parties[me], option_points(loaded, party)
    issues = [
        {"name": issue["name"], "options": [(label, points[issue["axis"]][k]) for _, label, k in issue["options"]]}
        for issue in issues_view(loaded)
    ]
    return {
        "title": scenario.title,
        "about": scenario.about,
        "name": told.name,
        "story": None if told.story is None else told.story.model_dump(),
        "sources": _sources(loaded, me),
        "batna": told.batna or "nothing is agreed",
        "worth": float(case.reservation[0, party]),
        "floor": float(case.floor(party)[0]),
        "unit": sentences.unit(scenario),
        "lines": _lines(loaded, me),
        "issues": sorted(issues, key=lambda issue: -max(p for _, p in issue["options"])),
        "others": [
            {"name": other.name, "lines": _lines(loaded, other.id), "story": _public(loaded, other.id)}
            for n, other in enumerate(case.parties)
            if n != party and other.signs
        ],
        "drafted": case.protocol.drafted,
        "deadline": case.protocol.deadline,
        "quorum": sentences.who_signs(scenario),
    }


def _public(loaded: Loaded, party_id: str) -> str | None:
    story = loaded.scenario.parties[party_id].story
    return None if story is None else story.public


def _sources(loaded: Loaded, party_id: str) -> list[str]:
    """Where the public part of a story is reported."""
    said = loaded.scenario.grounds.get(f"parties.{party_id}.story.public")
    if said is None:
        return []
    return [
        f"{sentences.article(loaded.scenario, source.article)} Paragraph {source.paragraph}: {source.paraphrase}."
        for source in said.articles
    ]


def _lines(loaded: Loaded, party_id: str) -> list[dict[str, str]]:
    scenario = loaded.scenario
    return [
        {
            "id": line.id,
            "wording": sentences.wording(scenario, line),
            "cited": cited(line),
            "when": sentences.binds_when(scenario, line),
        }
        for line in scenario.red_lines
        if line.party == party_id
    ]


def package_view(loaded: Loaded, party: int, package: OptionArray, since: OptionArray | None = None) -> list[Any]:
    """A package issue by issue: what stands in it, whether that moved, and the option's points to a party."""
    points = option_points(loaded, party)
    found = []
    for issue in issues_view(loaded):
        axis = issue["axis"]
        label = next(label for _, label, k in issue["options"] if k == package[axis])
        moved = since is not None and since[axis] != package[axis]
        found.append({"issue": issue["name"], "label": label, "moved": moved, "points": points[axis][package[axis]]})
    return found


def worth_view(loaded: Loaded, party: int, talks: Talks, package: OptionArray) -> dict[str, Any]:
    """What a package is to a party now: its value, what it needs, own lines crossed, rules broken."""
    seen, scenario = seat.feedback(loaded.case, party, talks, package), loaded.scenario
    lines = {line.id: line for line in scenario.red_lines}
    return {
        "value": seen.value,
        "needed": seen.needed,
        "enough": seen.enough,
        "crosses": [{"id": one, "wording": sentences.wording(scenario, lines[one])} for one in seen.crosses],
        "breaks": [scenario.validity[rule].note or scenario.validity[rule].id for rule in seen.breaks],
        "ceasefire": seen.ceasefire,
        "against_sending": seen.against_sending,
        "against_accepting": seen.against_accepting,
        "unit": sentences.unit(scenario),
    }


def seat_view(host: Host, sitting: Sitting, table: Table, now: float) -> dict[str, Any]:
    """All that the page of one seat shows."""
    lesson, room, party = host.lesson, table.room, sitting.party
    assert room is not None
    loaded = room.loaded
    names = [one.name for one in loaded.case.parties]
    asks = table.asks()
    mine = next((ask for ask in asks if ask.party == party), None) if lesson.playing(table) else None
    draft = lesson.drafts.get(f"{table.number}:{party}", {})
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
        "path": _path_view(room, party),
        "draft_text": draft.get("text", ""),
    }
    return view | {
        "ask": None if mine is None else _ask_view(room, party, mine),
        "form": _form_view(room, party, draft, mine),
        "standing": _standing(room, party),
        "talk": _talk_view(host, table, party),
    }


def _ask_view(room: Room, party: int, ask: Any) -> dict[str, Any]:
    """What a seat is asked now."""
    found: dict[str, Any] = {"key": key_text(ask.key), "at": ask.key.at}
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


def _author(room: Room, ask: Any) -> str:
    """Who put a package to the table that is being answered."""
    protocol = room.case.protocol
    if protocol.drafted:
        return "the text"
    return room.case.parties[protocol.proposers[ask.key.exchanges]].name


def _form_view(room: Room, party: int, draft: dict[str, Any], ask: Any) -> dict[str, Any]:
    """The package that a seat is building, with what it is worth, and the points of every option."""
    space, talks = room.case.space, room.now
    last = seat.last_offer(talks, party)
    start = room.case.protocol.start_text if last is None else last
    package = space.package(draft["package"]) if draft.get("package") else start
    points = option_points(room.loaded, party)
    chosen = space.names(package)
    return {
        "key": f"{draft.get('filled', 0)}/{'' if ask is None else key_text(ask.key)}",
        "issues": [
            issue | {"points": points[issue["axis"]], "chosen": chosen[issue["id"]]}
            for issue in issues_view(room.loaded)
        ],
        "worth": worth_view(room.loaded, party, talks, package),
        "last": last is not None,
    }


def _standing(room: Room, party: int) -> dict[str, Any]:
    now = seat.standing(room.case, party, room.now)
    return {"without": now.without_a_deal, "in_force": now.in_force, "topic": now.topic}


def _ending_view(room: Room) -> dict[str, Any]:
    scenario, signed = room.loaded.scenario, room.signed
    return {
        "word": sentences.ending_name(room.ending),
        "means": sentences.ending_means(room.ending),
        "round": room.round,
        "left": None if room.left is None else room.case.parties[room.left].name,
        "names": None
        if signed is None
        else [
            (sentences.issue_name(scenario, issue), sentences.label(scenario, issue, option))
            for issue, option in room.case.space.names(signed).items()
        ],
    }


def _who(host: Host, table: Table, party: int) -> str:
    sitting = host.lesson.seats.get((table.number, party))
    return _called(host, sitting, party)


def _called(host: Host, sitting: Sitting | None, party: int) -> str:
    name = host.lesson.loaded.case.parties[party].name
    return f"{name} ({sitting.name})" if sitting is not None and sitting.name else name


def _seat_name(host: Host, table: Table, party: int) -> dict[str, Any]:
    sitting = host.lesson.seats.get((table.number, party))
    by = "the simulator" if sitting is None or sitting.token is None else sitting.name
    away = sitting is not None and sitting.token is not None and not sitting.present
    party_name = host.lesson.loaded.case.parties[party].name
    return {"party": party_name, "css": f"p{party % 8}", "by": by, "away": away, "number": party}


def _path_view(room: Room, party: int) -> list[dict[str, Any]]:
    """What was heard, the newest round first, each package with its worth in that round to this seat alone."""
    names = [one.name for one in room.case.parties]
    tabled = iter(room.tabled)
    found = []
    last: dict[int | None, OptionArray] = {}
    for heard in room.rounds:
        worth = None if heard.package is None else float(next(tabled).values[party])
        found.append(_heard_view(room, party, heard, worth, last.get(heard.author)))
        if heard.package is not None:
            last[heard.author] = heard.package
    for heard in room.heard_now():
        found.append(_heard_view(room, party, heard, None, last.get(heard.author)))
    for step in found:
        step["you"] = step["by"] == names[party]
    return found[::-1]


def _heard_view(
    room: Room, party: int, heard: seat.Heard, worth: float | None, since: OptionArray | None
) -> dict[str, Any]:
    scenario, names = room.loaded.scenario, [one.name for one in room.case.parties]
    if heard.package is None:
        return {"round": heard.round, "by": None, "package": [], "answers": [], "wishes": [], "worth": None}
    lines = {line.id: sentences.wording(scenario, line) for line in scenario.red_lines}
    return {
        "round": heard.round,
        "by": "The text" if heard.author is None else names[heard.author],
        "package": package_view(room.loaded, party, heard.package, since),
        "worth": worth,
        "answers": [
            {
                "party": names[answer.party],
                "yes": answer.accepts,
                "crosses": [lines[one] for one in answer.crosses] if not answer.accepts else [],
                "more": answer.asks_more and not answer.accepts,
            }
            for answer in heard.answers
        ],
        "wishes": [(names[other], _difference(room, heard.package, wish)) for other, wish in heard.wishes.items()],
    }


def _difference(room: Room, package: OptionArray, wish: OptionArray) -> list[tuple[str, str]]:
    """What another package has in place of this one's options."""
    space, scenario = room.case.space, room.loaded.scenario
    names, others = space.names(package), space.names(wish)
    return [
        (sentences.issue_name(scenario, issue), sentences.label(scenario, issue, others[issue]))
        for issue in names
        if names[issue] != others[issue]
    ]


def _talk_view(host: Host, table: Table, party: int) -> list[dict[str, Any]]:
    """The messages that a seat may read, the newest first; a package in one with its worth to this seat."""
    room, names = table.room, [one.name for one in host.lesson.loaded.case.parties]
    assert room is not None
    return [
        {
            "n": message.n,
            "by": "You" if message.author == party else names[message.author],
            "css": f"p{message.author % 8}",
            "to": _to(message, party, names, room),
            "text": message.text,
            "round": message.round,
            "package": None if message.package is None else _offered(room, party, message.package),
        }
        for message in list(host.lesson.thread(table.number, party))[-MOST_MESSAGES:][::-1]
    ]


def _to(message: Message, party: int, names: list[str], room: Room) -> str:
    others = [p for p in room.case.signatories if p != message.author]
    if set(message.to) >= set(others) and len(others) > 1:
        return "everybody"
    return ", ".join("you" if p == party else names[p] for p in message.to)


def _offered(room: Room, party: int, names: dict[str, str]) -> dict[str, Any]:
    package = room.case.space.package(names)
    return {
        "rows": package_view(room.loaded, party, package),
        "worth": worth_view(room.loaded, party, room.now, package),
    }
