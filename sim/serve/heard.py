"""What was said at a table as one seat may see it: packages, answers and messages, each worth what it is to that seat.

Nothing of another seat's value, needs, lines that it has not named, or threads is here.
"""

from __future__ import annotations

from typing import Any

from sim.classroom import seat
from sim.classroom.room import Room
from sim.markup import told_apart
from sim.report import sentences
from sim.scenario.loader import Loaded
from sim.serve.briefs import issues_view, option_points
from sim.serve.host import Host
from sim.serve.table import Message, Table
from sim.stakes.space import OptionArray
from sim.talks.state import Talks

MOST_MESSAGES = 60
"""Messages that a page shows."""


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
        "told": told_apart(seen.value, seen.needed),
        "enough": seen.enough,
        "crosses": [{"id": one, "wording": sentences.wording(scenario, lines[one])} for one in seen.crosses],
        "breaks": [scenario.validity[rule].note or scenario.validity[rule].id for rule in seen.breaks],
        "ceasefire": seen.ceasefire,
        "in_vain": seen.in_vain,
        "against_sending": seen.against_sending,
        "against_accepting": seen.against_accepting,
        "unit": sentences.unit(scenario),
    }


def path_view(room: Room, party: int) -> list[dict[str, Any]]:
    """What was heard, the newest round first, each package with its worth in that round to this seat alone."""
    names = [one.name for one in room.case.parties]
    tabled = iter(room.answered)
    found = []
    last: dict[int | None, OptionArray] = {}
    for heard in room.rounds:
        worth = None if heard.package is None else float(next(tabled).values[party])
        found.append(_heard_view(room, party, heard, worth, last.get(heard.author)))
        if heard.package is not None:
            last[heard.author] = heard.package
    for heard in room.heard_now():
        worth = float(next(tabled).values[party])
        found.append(_heard_view(room, party, heard, worth, last.get(heard.author)))
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


def talk_view(host: Host, table: Table, party: int, talks: Talks) -> list[dict[str, Any]]:
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
            "package": None if message.package is None else _offered(table, room, talks, party, message),
        }
        for message in list(host.lesson.thread(table.number, party))[-MOST_MESSAGES:][::-1]
    ]


def _to(message: Message, party: int, names: list[str], room: Room) -> str:
    others = [p for p in room.case.signatories if p != message.author]
    if set(message.to) >= set(others) and len(others) > 1:
        return "everybody"
    return ", ".join("you" if p == party else names[p] for p in message.to)


def _offered(table: Table, room: Room, talks: Talks, party: int, message: Message) -> dict[str, Any]:
    """A package in a message, with its worth to a reader as things stand."""
    assert message.package is not None
    package = room.case.space.package(message.package)
    return table.once(
        ("offered", party, message.n, talks.round),
        lambda: {
            "rows": package_view(room.loaded, party, package),
            "worth": worth_view(room.loaded, party, talks, package),
        },
    )
