"""What would have come of another answer: a room as it was up to one decision, played on by the simulator many times.

The past stays as it was, draw by draw; from the other answer on every party is the simulator's, under new draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.classroom.room import Room, played, quiet_seed
from sim.classroom.seats import AUTO, Decision, Decisions, Key
from sim.errors import AnswerError

RUNS = 100


@dataclass(frozen=True)
class Branch:
    """Where a room is left: at a decision of a party, which decides otherwise."""

    key: Key
    party: int
    instead: Decision


def branches(decisions: Decisions) -> list[Branch]:
    """Every answer that a person gave, with the other one: no for yes, yes for no."""
    other = {"accept": "reject", "reject": "accept"}
    return [
        Branch(key, party, Decision(other[made.deed]))  # type: ignore[arg-type]
        for (key, party), made in decisions.items()
        if made.deed in other
    ]


def before(room: Room, empty: Room, branch: Branch) -> Room:
    """A room as it stood when somebody was asked, what the others answered at that moment included.

    Raises:
        AnswerError: for a moment that never came.
    """
    moments = _moments(empty, room)
    for stood in moments:
        if any(ask.key == branch.key and ask.party == branch.party for ask in stood.asks):
            return stood
    raise AnswerError("nobody was asked then")


def _moments(empty: Room, room: Room) -> Iterator[Room]:
    """A room at each moment in which people were asked."""
    stood = played(replace(empty, decisions={}))
    while stood.asks:
        yield stood
        made = [(ask.key, ask.party, room.decisions.get((ask.key, ask.party))) for ask in stood.asks]
        if any(decision is None for _, _, decision in made):
            return
        stood = stood.decided(*[(key, party, decision) for key, party, decision in made if decision is not None])


def played_on(room: Room, empty: Room, branch: Branch, runs: int = RUNS) -> list[Room]:
    """The room with another answer, played to its end under so many seeds; the same whenever it is asked.

    Where the room's own seed has no sudden end, no other that is taken has one.

    Raises:
        AnswerError: for a moment that never came, or an answer that the party had no mandate for.
    """
    stood = before(room, empty, branch)
    if (why := stood.against(branch.party, branch.key, branch.instead)) is not None:
        raise AnswerError(why)
    quiet = quiet_seed(room.loaded, room.seed) == room.seed
    found, seed = [], room.seed
    for _ in range(runs):
        found.append(_to_the_end(replace(stood, seed=seed), room, branch))
        seed = quiet_seed(room.loaded, seed + 1) if quiet else seed + 1
    return found


def _to_the_end(stood: Room, room: Room, branch: Branch) -> Room:
    """One of them. What others said at the same moment is theirs; after that nobody decides but the simulator."""
    given = {ask.party: room.decisions.get((ask.key, ask.party)) for ask in stood.asks}
    given[branch.party] = branch.instead
    made = [(ask.key, ask.party, given[ask.party] or Decision(AUTO)) for ask in stood.asks]
    stood = stood.decided(*made)
    while stood.asks:
        stood = stood.decided(*[(ask.key, ask.party, Decision(AUTO)) for ask in stood.asks])
    return stood
