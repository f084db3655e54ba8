"""A room in a file: who sat there, what was decided, and the transcript it led to; and the same played again.

Whoever has the file can play the room again without the class it came from; where one letter was altered is said.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim import __version__
from sim.classroom.handed_in import read_text
from sim.classroom.room import Room, entry, new_room, read_entry
from sim.errors import AnswerError, CeasefireError
from sim.files import read_json
from sim.markup import counted
from sim.plain import as_plain
from sim.scenario.loader import Loaded, restored
from sim.study.record import result_hash

FORMAT = 1
KIND = "room"
LARGEST = 16_000_000


def room_data(room: Room, loaded: Loaded) -> dict[str, Any]:
    """A room as plain data; ``loaded`` is its scenario as it was before anybody sat down."""
    case = room.case
    return {
        "format": FORMAT,
        "kind": KIND,
        "version": __version__,
        "scenario": loaded.name,
        "hash": result_hash(loaded, room.seed),
        "seed": room.seed,
        "people": [case.parties[party].id for party in room.people],
        "ending": room.ending,
        "round": room.round,
        "package": None if room.signed is None else case.space.names(room.signed),
        "decisions": [
            entry(case, key, party, made) for (key, party), made in sorted(room.decisions.items(), key=_when)
        ],
        "transcript": as_plain(list(room.transcript)),
        "scenario_resolved": loaded.scenario.model_dump(mode="json", exclude_none=True),
    }


def _when(item: Any) -> Any:
    (key, party), _ = item
    return key.round, key.exchanges, key.at != "reply", party


def room_text(room: Room, loaded: Loaded) -> str:
    """The same as a file holds it, one way only."""
    return json.dumps(room_data(room, loaded), indent=1, ensure_ascii=False) + "\n"


def read_room(path: Path) -> tuple[Room, dict[str, Any], Loaded]:
    """A room played again from its file, with what the file says of it.

    Raises:
        AnswerError: for a file that holds no room, or one whose decisions do not fit its talks.
    """
    text = read_text(path, LARGEST)
    try:
        data = read_json(text)
        if not isinstance(data, dict) or (data["format"], data["kind"]) != (FORMAT, KIND):
            raise ValueError
        loaded = restored(str(data["scenario"]), "room", data["scenario_resolved"])
        made = [read_entry(loaded.case, one) for one in data["decisions"]]
        room = new_room(loaded, data["people"], data["seed"], {(key, party): decision for key, party, decision in made})
    except CeasefireError as error:
        raise AnswerError(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise AnswerError(f"{path} is not a room of a class") from error
    return room, data, loaded


def difference(room: Room, data: dict[str, Any], loaded: Loaded) -> str | None:
    """The first place in which a file differs from its room played again, or None: then they are the same."""
    again = room_data(room, loaded) | {"version": data.get("version")}
    for name, value in again.items():
        if name != "transcript" and data.get(name) != value:
            return f"`{name}` is {_shortly(data.get(name))} in the file and {_shortly(value)} played again"
    lines, theirs = again["transcript"], data.get("transcript")
    if not isinstance(theirs, list):
        return "there is no transcript in the file"
    for n, (line, other) in enumerate(zip(lines, theirs, strict=False), 1):
        if line != other:
            return f"line {n} of the transcript is {_shortly(other)} in the file and {_shortly(line)} played again"
    if len(lines) != len(theirs):
        return f"the transcript has {counted(len(theirs), 'line')} in the file and {len(lines)} played again"
    return None


def _shortly(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else f"{text[:157]}…"
