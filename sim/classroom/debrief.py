"""After a game: whether a zone was there, the path to the end, and what was left on the table.

Only now are the others' values shown: each as it was in its round, as the screens showed it, and what could have been
signed as it stood at the end. The zone is that of the start. Points are never summed over parties, and nothing is
recommended. All are points of packages, as the table showed them: what waiting took of a deal is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.classroom import seat
from sim.classroom.game import Game
from sim.classroom.room import Room
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import FloatArray, OptionArray
from sim.study.measures import DIGITS, zone_measures
from sim.talks.state import Talks
from sim.zone.points import best
from sim.zone.region import Progress, find_zone, members


def debrief_measures(game: Game, progress: Progress = lambda share: None) -> dict[str, Any]:
    """A finished game as plain data; values in points a month by party."""
    case, room = game.loaded.case, game.room
    assert room is not None
    talks = room.talks
    zone = find_zone(case, progress)
    inside = members(zone).packages
    values = _values(case, talks, inside)
    signed, me = room.signed, case.signatories.index(game.party)
    mine = best(case, inside, values[:, me])
    return {
        "ending": room.ending,
        "left": None if room.left is None else case.parties[room.left].id,
        "undone": [case.parties[p].id for p in room.undone],
        "round": room.round,
        "zone": {"ceasefire": zone.size("declared"), "settlement": zone.size("declared", "settlement")},
        "conflicts": [] if len(inside) else zone_measures(game.loaded, zone).conflicts["ceasefire"],
        "package": None if signed is None else case.space.names(signed),
        "values": None if signed is None else _by_party(case, _values(case, talks, signed[None])[0]),
        "without_a_deal": _by_party(case, [talks.reservation[0, p] for p in case.signatories]),
        "yours": {
            "best_in_zone": None if mine is None else round(mine.value, DIGITS),
            "package": None if mine is None else mine.package,
        },
        "left_on_the_table": None if signed is None else _left(case, talks, signed, inside, me),
        "path": _path(game.party, room),
    }


def _values(case: Case, talks: Talks, packages: OptionArray) -> FloatArray:
    """What packages ``(N, I)`` are worth to each signatory ``(N, S)`` as things stand in the talks."""
    found = [np.broadcast_to(case.value(p, packages, talks.outlook), len(packages)) for p in case.signatories]
    return np.stack(found, axis=1)


def _by_party(case: Case, values: Iterable[float]) -> dict[str, float]:
    return {case.parties[p].id: round(float(v), DIGITS) for p, v in zip(case.signatories, values, strict=True)}


def _left(case: Case, talks: Talks, signed: OptionArray, packages: OptionArray, me: int) -> dict[str, Any]:
    """The zone's packages that nobody likes less than what was signed, and somebody likes better."""
    values, now = _values(case, talks, packages), _values(case, talks, signed[None])[0]
    no_worse = (values >= now - TOLERANCE).all(axis=1) & (values > now + TOLERANCE).any(axis=1)
    found: dict[str, Any] = {"no_worse_for_anybody": int(no_worse.sum()), "best_for_you": None, "gain": 0.0}
    better = best(case, packages[no_worse], values[no_worse, me])
    if better is not None:
        found["gain"] = round(better.value - float(now[me]), DIGITS)
        found["best_for_you"] = better.package
    return found


def _path(party: int, room: Room) -> list[dict[str, Any]]:
    """What was put forward round by round, with what it was worth to a party in that round."""
    values = iter(room.tabled)
    return [
        _step(room.case, heard, None if heard.package is None else next(values).values[party]) for heard in room.rounds
    ]


def _step(case: Case, heard: seat.Heard, value: float | None) -> dict[str, Any]:
    """A round of the path: who tabled what, what it was worth to you, who said yes."""
    return {
        "round": heard.round,
        "author": None if heard.author is None else case.parties[heard.author].id,
        "package": None if heard.package is None else case.space.names(heard.package),
        "value_to_you": None if value is None else round(float(value), DIGITS),
        "yes": [case.parties[answer.party].id for answer in heard.answers if answer.accepts],
        "no": [case.parties[answer.party].id for answer in heard.answers if not answer.accepts],
    }
