"""The reveal in words: what was there to be found, set beside what each room did."""

from __future__ import annotations

from sim.classroom.room import Room
from sim.markup import told_apart
from sim.report import sentences, talks_sentences
from sim.scenario.schema import Scenario
from sim.serve.host import Host
from sim.serve.lesson import Lesson
from sim.serve.reveal import Told, answers
from sim.stakes.space import Package
from sim.study.shares import shared
from sim.talks.how_talks_end import Ending


def whatif_view(lesson: Lesson, under_way: str | None) -> Told:
    """The answers that could be another, and what came of those that were; ``under_way`` is the place that is
    played on now.
    """
    named = {one["place"]: one["label"] for one in answers(lesson)}
    found = [{**one, "label": named.get(one["place"], one["label"])} for one in lesson.whatifs[::-1]]
    for one in found:
        if one["refused"] is None:
            one["signs"] = shared(one["signed"], one["runs"])
            one["endings"] = [
                (talks_sentences.ending_name(word), shared(hits, one["runs"])) for word, hits in one["endings"].items()
            ]
    return {
        "answers": [(place, label) for place, label in named.items() if place not in {o["place"] for o in found}],
        "whatifs": found,
        "under_way": named.get(under_way or ""),
    }


def class_view(host: Host) -> Told:
    """All rooms beside each other and beside simulated ones."""
    lesson = host.lesson
    scenario, found = lesson.loaded.scenario, lesson.found
    parties = [lesson.loaded.case.parties[p] for p in lesson.loaded.case.signatories]
    view: Told = {
        "title": scenario.title,
        "ready": found is not None,
        "explorer": lesson.explorer and f"/j/{lesson.code}/explore.html",
        "unit": sentences.unit(scenario),
        "waiting": talks_sentences.waiting(scenario),
        "parties": [(party.id, party.name) for party in parties],
    }
    if found is None:
        return view
    simulated = found["simulated"]
    return view | {
        "zone": found["zone"],
        "under": sentences.under(scenario),
        "rooms": [_row(scenario, number, one, lesson) for number, one in found["rooms"].items()],
        "simulated": {
            "runs": simulated["runs"],
            "median_round": simulated["median_round"],
            "sudden": bool({"military_end", "breakdown"} & set(simulated["endings"])),
            "endings": [
                (talks_sentences.ending_name(word), talks_sentences.ending_means(word), shared(hits, simulated["runs"]))
                for word, hits in simulated["endings"].items()
            ],
        },
        "endings": _counted([one["ending"] for one in found["rooms"].values()]),
        "moves": _moves(lesson),
    }


def _moves(lesson: Lesson) -> list[str]:
    """What news changed in the war of the rooms, in words."""
    found: dict[str, None] = {}
    for number, table in sorted(lesson.tables.items()):
        for move in lesson.moves(number):
            if table.room is not None and move["round"] <= table.room.round:
                moved = talks_sentences.levers(move["levers"])
                found[f"Room {number}, from round {move['round']} on: {moved} ({move['note']})"] = None
    return list(found)


def _counted(words: list[str]) -> list[tuple[str, int]]:
    return [(_ending(word), words.count(word)) for word in dict.fromkeys(words)]


def _ending(word: str) -> str:
    """How a room's talks stand, in words."""
    return "not over" if word == Ending.OPEN.word else talks_sentences.ending_name(word)


def _row(scenario: Scenario, number: str, one: Told, lesson: Lesson) -> Told:
    """A room in a row of the table."""
    undone = [sentences.name_of(scenario, party) for party in one.get("undone", ())]
    return {
        "number": int(number),
        "ending": _ending(one["ending"]),
        "round": one["round"],
        "left": None if one["left"] is None else sentences.name_of(scenario, one["left"]),
        "undone": undone,
        "in_vain": talks_sentences.in_vain(undone),
        "values": one["values"] or {},
        "without": one["without"],
        "within": None if one["within_reach"] is None else _within(scenario, one["within_reach"]),
        "package": None if one["package"] is None else _named(scenario, lesson, one["package"]),
        "better": None if one["better"] is None else _gains(scenario, lesson, one["better"], one["package"]),
    }


def _open(lesson: Lesson) -> set[str]:
    space = lesson.loaded.case.space
    return {issue.id for issue, left in zip(space.issues, space.left, strict=True) if len(left) > 1}


def _named(scenario: Scenario, lesson: Lesson, package: Package) -> list[tuple[str, str]]:
    shown = _open(lesson)
    return [
        (sentences.issue_name(scenario, issue), sentences.label(scenario, issue, option))
        for issue, option in package.items()
        if issue in shown
    ]


def _gains(scenario: Scenario, lesson: Lesson, better: Told, signed: Package | None) -> Told:
    """A package that none likes less: what is different in it, and what each would gain."""
    package = {i: o for i, o in better["package"].items() if signed is None or signed[i] != o}
    gains = [(sentences.name_of(scenario, party), gain) for party, gain in better["gains"].items()]
    return {"package": _named(scenario, lesson, package), "gains": gains, "changes": signed is not None}


def _within(scenario: Scenario, found: Told) -> Told:
    """What was nearest to a deal, with who refused it or why it could not be signed."""
    lines = {line.id: sentences.wording(scenario, line) for line in scenario.red_lines}
    blocked = []
    for party, why in found["blocked"].items():
        said = [f"it requires {lines[one]}" for one in why["crosses"]]
        value, needed = told_apart(found["values"][party], found["needed"][party])
        said += [f"it was worth {value} to it, and it needed {needed}"] if why["short"] > 0 else []
        blocked.append(f"{sentences.name_of(scenario, party)}: {'; '.join(said)}")
    names = {party: sentences.name_of(scenario, party) for party in scenario.parties}
    return {
        "suited": found["suited"],
        "round": found["round"],
        "by": "The text" if found["author"] is None else names[found["author"]],
        "yes": [names[party] for party in found["yes"]],
        "no": [names[party] for party in found["no"]],
        "values": [
            (names[party], *told_apart(value, found["needed"][party])) for party, value in found["values"].items()
        ],
        "blocked": blocked,
        "package": [
            (sentences.issue_name(scenario, issue), sentences.label(scenario, issue, option))
            for issue, option in found["package"].items()
            if issue not in scenario.pins
        ],
    }


def debrief_view(host: Host, number: int, party: int) -> Told:
    """The debrief of one room, for whoever sat in it: ending, what was within reach, and what others did."""
    view = class_view(host)
    view["number"] = number
    view["you"] = host.lesson.loaded.case.parties[party].name
    if view["ready"]:
        mine = next((row for row in view["rooms"] if row["number"] == number), None)
        view["mine"] = mine
        room = host.lesson.table(number).room
        view["lines"] = [] if mine is None else _told_lines(host.lesson.loaded.scenario, found_lines(host, number))
        view["worths"] = [] if room is None else _worths(room, host.lesson)
    return view


def found_lines(host: Host, number: int) -> list[Told]:
    """What was found out about each red line in a room."""
    found = host.lesson.found
    return [] if found is None else found["rooms"][str(number)].get("lines", [])


def _told_lines(scenario: Scenario, found: list[Told]) -> list[Told]:
    """Each red line in words, party by party: what was tabled across it, and whether it would have held."""
    lines = {line.id: line for line in scenario.red_lines}
    return [
        {
            "party": sentences.name_of(scenario, lines[one["id"]].party),
            "wording": sentences.wording(scenario, lines[one["id"]]),
            "tabled": one["tabled"],
            "signed": one["signed"],
            "bluff": one["bluff"],
        }
        for one in found
        if one["id"] in lines
    ]


def _worths(room: Room, lesson: Lesson) -> list[Told]:
    """What each package on the table was worth to everybody, in its round."""
    case = room.case
    return [
        {
            "round": one.round,
            "by": "The text" if one.author is None else case.parties[one.author].name,
            "values": [
                (float(one.values[p]), float(one.values[p] - one.floors[p]) >= -1e-9, p in one.yes)
                for p in case.signatories
            ],
            "suits": one.suits,
        }
        for one in room.answered
    ]
