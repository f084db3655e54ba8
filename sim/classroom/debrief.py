"""After a game: whether a zone was there, the path to the end, and what was left on the table.

Only now are the others' values shown. Points are never summed over parties, and nothing is recommended.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.classroom import seat
from sim.classroom.game import Game
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import OptionArray
from sim.study.measures import DIGITS
from sim.zone.region import Progress, find_zone, members


def debrief_measures(game: Game, progress: Progress = lambda share: None) -> dict[str, Any]:
    """A finished game as plain data; values in points a month by party."""
    case, talks = game.loaded.case, game.talks
    assert talks is not None
    zone = find_zone(case, progress)
    inside = members(zone)
    signed = None if game.walked_out else seat.agreed(talks)
    me = case.signatories.index(game.party)
    left = game.party if game.walked_out else seat.leaver(talks)
    mine = inside.values[:, me]
    return {
        "ending": "walk_out" if game.walked_out else seat.ending(talks).word,
        "left": None if left is None else case.parties[left].id,
        "round": talks.round + (1 if game.walked_out else 0),
        "zone": {"ceasefire": zone.size("declared"), "settlement": zone.size("declared", "settlement")},
        "package": None if signed is None else case.space.names(signed),
        "values": None if signed is None else _values(case, signed),
        "without_a_deal": {case.parties[p].id: round(float(case.reservation[0, p]), DIGITS) for p in case.signatories},
        "yours": {
            "best_in_zone": None if not len(mine) else round(float(mine.max()), DIGITS),
            "package": None if not len(mine) else case.space.names(inside.packages[mine.argmax()]),
        },
        "left_on_the_table": None if signed is None else _left(case, signed, inside.values, inside.packages, me),
        "path": [_step(game, heard) for heard in game.rounds],
    }


def _values(case: Case, package: OptionArray) -> dict[str, float]:
    return {case.parties[p].id: round(float(case.value(p, package[None])[0]), DIGITS) for p in case.signatories}


def _left(
    case: Case, signed: OptionArray, values: np.ndarray[Any, Any], packages: OptionArray, me: int
) -> dict[str, Any]:
    """The zone's packages that nobody likes less than what was signed, and somebody likes better."""
    now = np.array([float(case.value(p, signed[None])[0]) for p in case.signatories])
    no_worse = (values >= now - TOLERANCE).all(axis=1) & (values > now + TOLERANCE).any(axis=1)
    found: dict[str, Any] = {"no_worse_for_anybody": int(no_worse.sum()), "best_for_you": None, "gain": 0.0}
    if no_worse.any():
        best = np.where(no_worse, values[:, me], -np.inf).argmax()
        found["gain"] = round(float(values[best, me] - now[me]), DIGITS)
        found["best_for_you"] = case.space.names(packages[best])
    return found


def _step(game: Game, heard: seat.Heard) -> dict[str, Any]:
    """A round of the path: who tabled what, what it was worth to you, who said yes."""
    case = game.loaded.case
    package = heard.package
    return {
        "round": heard.round,
        "author": None if heard.author is None else case.parties[heard.author].id,
        "package": None if package is None else case.space.names(package),
        "value_to_you": None if package is None else _values(case, package)[case.parties[game.party].id],
        "yes": [case.parties[answer.party].id for answer in heard.answers if answer.accepts],
        "no": [case.parties[answer.party].id for answer in heard.answers if not answer.accepts],
    }
