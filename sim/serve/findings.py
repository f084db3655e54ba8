"""What a debrief tells, worked out in a process of its own, for it needs more memory than serving does.

`python -m sim.serve.findings` reads a class as JSON and writes what there was to be found, exactly: the zone, each
room against it, and many simulated rooms. Points are never summed over parties, and are those of packages, before
waiting takes of them.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import Any

import numpy as np

from sim.classroom.news import moved
from sim.classroom.room import Room, Tabled, empty_room, read_entry, taken_up
from sim.classroom.what_if import Branch, played_on
from sim.errors import AnswerError, ScenarioError
from sim.report import conflict_sentences
from sim.report.explorer.page import explorer_page
from sim.scenario.loader import Loaded, restored
from sim.stakes.case import TOLERANCE
from sim.stakes.space import OptionArray
from sim.stakes.stages import Stage
from sim.study.measures import DIGITS, zone_measures
from sim.talks.batch import negotiate
from sim.talks.concession import floors
from sim.talks.how_talks_end import Ending
from sim.zone.region import Zone, find_zone, members

RUNS = 1_000
"""Simulated rooms beside those of people."""
LARGEST = 20_000_000
"""Packages of a space that is looked at whole."""


def findings(given: dict[str, Any]) -> dict[str, Any]:
    """All of it, of a class as `reveal.job` tells it."""
    loaded = restored("class", "class", given["scenario"])
    zone = find_zone(loaded.case) if loaded.case.space.size <= LARGEST else None
    inside = None if zone is None else members(zone).packages
    empty = empty_room(loaded, given["people"], given["seed"])
    rooms = {str(one["number"]): _room(_replayed(empty, one), inside) for one in given["rooms"]}
    return {"zone": _zone(loaded, zone), "rooms": rooms, "simulated": _simulated(loaded, given["seed"])}


def _replayed(empty: Room, one: dict[str, Any]) -> Room:
    entries = [read_entry(empty.case, entry) for entry in one["decisions"]]
    return taken_up(moved(empty, one["moves"]), {(key, party): made for key, party, made in entries})


def _zone(loaded: Loaded, zone: Zone | None) -> dict[str, Any] | None:
    """The zone's size, or what clashes where it is empty."""
    if zone is None:
        return None
    size, scenario = zone.size("declared"), loaded.scenario
    conflicts: list[list[str]] = []
    if not size:
        closed = conflict_sentences.clashes(scenario, zone_measures(loaded, zone))
        conflicts = [ids for one in closed for ids in one.conflicts[:3]]
    return {
        "size": size,
        "coherent": zone.coherent,
        "settlement": zone.size("declared", "settlement"),
        "demands": conflict_sentences.demands(conflicts) if conflicts else "",
        "clash": [conflict_sentences.short(scenario, ids) for ids in conflicts],
    }


def _room(room: Room, inside: OptionArray | None) -> dict[str, Any]:
    """One room: how it ended, what each has of it, what was within reach and who refused it."""
    case, talks = room.case, room.talks
    without = np.broadcast_to(floors(case, talks), (1, len(case.parties)))[0]
    signed = room.signed
    have = without if signed is None else _values(room, signed[None])[0]
    return {
        "ending": room.ending,
        "over": room.over,
        "round": room.round,
        "left": None if room.left is None else case.parties[room.left].id,
        "undone": [case.parties[p].id for p in room.undone],
        "package": None if signed is None else case.space.names(signed),
        "values": None if signed is None else _by_party(room, have),
        "without": _by_party(room, without),
        "within_reach": _within_reach(room),
        "better": None if inside is None else _better(room, inside, have),
        "lines": _lines(room),
    }


def _lines(room: Room) -> list[dict[str, Any]]:
    """Each red line: how often something was tabled across it as declared, or signed, and whether it is a bluff."""
    lines, declared = room.case.red_lines, room.case.red_lines.bits("declared")

    def across(package: OptionArray) -> set[str]:
        return set(lines.ids(lines.crossed(package[None])[0] & declared))

    tabled = [across(one.package) for one in room.answered]
    signed = set() if room.signed is None else across(room.signed)
    return [
        {
            "id": line.id,
            "tabled": sum(line.id in one for one in tabled),
            "signed": line.id in signed,
            "bluff": len(line.ladder) > 1,
        }
        for line in lines.lines
    ]


def whatif(given: dict[str, Any]) -> dict[str, Any]:
    """What comes of another answer in one room, many times over; see `what_if`."""
    loaded = restored("class", "class", given["scenario"])
    empty = empty_room(loaded, given["people"], given["seed"])
    asked = given["whatif"]
    (one,) = [one for one in given["rooms"] if str(one["number"]) == str(asked["room"])]
    room = _replayed(empty, one)
    key, party, decision = read_entry(room.case, asked["instead"])
    try:
        found = played_on(room, moved(empty, one["moves"]), Branch(key, party, decision))
    except AnswerError as error:
        return {**asked, "refused": str(error)}
    words = found.endings
    return {
        **asked,
        "refused": None,
        "runs": len(words),
        "endings": dict(Counter(words).most_common()),
        "signed": int(found.signed.sum()),
        "median_round": float(np.median(found.rounds)),
    }


def explorer(given: dict[str, Any]) -> dict[str, str]:
    """The page of `ceasefire explore`, in which lines stand as declared; empty for a case too large for a browser."""
    loaded = restored(given["name"], "class", given["scenario"], *given["changed"])
    try:
        return {"page": explorer_page(loaded) if loaded.case.space.size <= LARGEST else ""}
    except ScenarioError:
        return {"page": ""}


def _values(room: Room, packages: OptionArray) -> np.ndarray[Any, Any]:
    """What packages ``(N, I)`` are worth to each party ``(N, P)`` at the end of the talks."""
    case = room.case
    found = [case.value(p, packages, room.talks.outlook) for p in range(len(case.parties))]
    return np.stack([np.broadcast_to(one, len(packages)) for one in found], axis=1)


def _by_party(room: Room, values: Any) -> dict[str, float]:
    return {room.case.parties[p].id: round(float(values[p]), DIGITS) for p in room.case.signatories}


def _within_reach(room: Room) -> dict[str, Any] | None:
    """The first package on the table that all who must sign could have signed, and who said no; where there was none,
    the one that the fewest could not sign, and why they could not.
    """
    case = room.case
    whole = [
        one
        for one in room.answered
        if case.valid(one.package[None])[0] and case.stage(one.package[None])[0] >= Stage.INTERIM
    ]
    if not whole:
        return None
    suiting = [one for one in whole if one.suits]
    best = suiting[0] if suiting else min(whole, key=lambda one: (len(_blocked(room, one)), _worst(room, one)))
    names = [party.id for party in case.parties]
    return {
        "suited": bool(suiting),
        "round": best.round,
        "author": None if best.author is None else names[best.author],
        "package": case.space.names(best.package),
        "yes": [names[p] for p in best.yes],
        "no": [names[p] for p in best.no],
        "values": _by_party(room, best.values),
        "needed": _by_party(room, best.floors),
        "blocked": _blocked(room, best),
    }


def _blocked(room: Room, one: Tabled) -> dict[str, Any]:
    """Who could not sign a package, with the lines crossed or the points missing."""
    return {
        room.case.parties[p].id: {"crosses": list(one.crossed[p]), "short": round(max(0.0, float(short)), DIGITS)}
        for p, short in ((p, one.floors[p] - one.values[p]) for p in room.case.signatories)
        if one.crossed[p] or short > TOLERANCE
    }


def _worst(room: Room, one: Tabled) -> float:
    return max(float(one.floors[p] - one.values[p]) for p in room.case.signatories)


def _better(room: Room, inside: OptionArray, have: np.ndarray[Any, Any]) -> dict[str, Any] | None:
    """The package of the zone whose least gain over what each has is the most; None where it gains nobody anything."""
    if not len(inside):
        return None
    signing = list(room.case.signatories)
    gains = _values(room, inside)[:, signing] - have[signing]
    place = int(gains.min(axis=1).argmax())
    if gains[place].min() < -TOLERANCE or gains[place].max() <= TOLERANCE:
        return None
    told = {room.case.parties[p].id: round(float(gain), DIGITS) for p, gain in zip(signing, gains[place], strict=True)}
    return {"package": room.case.space.names(inside[place]), "gains": told}


def _simulated(loaded: Loaded, seed: int) -> dict[str, Any]:
    """How the simulator's own delegations fare at the same table."""
    found = negotiate(loaded.case, RUNS, seed)
    words = [Ending(int(ending)).word for ending in found.ending]
    return {
        "runs": RUNS,
        "endings": dict(Counter(words).most_common()),
        "median_round": float(np.median(found.ended)),
    }


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)
    said = json.load(sys.stdin)
    work = whatif if "whatif" in said else explorer if "changed" in said else findings
    sys.stdout.write(json.dumps(work(said)))
