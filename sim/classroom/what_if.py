"""What would have come of another answer: a room as it was up to one decision, played on by the simulator many times.

The past stays as it was, draw by draw, to the end of the round of the other answer. From that answer on every party is
the simulator's, and from the next round on the draws are new.
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
    whole = _whole_round(stood, room, branch)
    quiet = quiet_seed(room.loaded, room.seed) == room.seed
    found, seed = [], room.seed
    for _ in range(runs):
        found.append(_left_to_the_simulator(replace(whole, seed=seed)))
        seed = quiet_seed(room.loaded, seed + 1) if quiet else seed + 1
    return found


def _whole_round(stood: Room, room: Room, branch: Branch) -> Room:
    """The room after the round of the other answer, which goes on under the room's own draws: what was answered was
    on the table by them. What others said at the same moment is theirs.
    """
    given = {(ask.key, ask.party): room.decisions.get((ask.key, ask.party)) for ask in stood.asks}
    given[branch.key, branch.party] = branch.instead
    made = {at: decision or Decision(AUTO) for at, decision in given.items()}
    return _left_to_the_simulator(replace(stood, decisions={**stood.decisions, **made}), branch.key.round)


def _left_to_the_simulator(room: Room, last: int | None = None) -> Room:
    """The room played on, nobody deciding any more but the simulator, to the end or to that of the round ``last``."""
    room = played(room, last)
    while room.asks:
        made = {(ask.key, ask.party): Decision(AUTO) for ask in room.asks}
        room = played(replace(room, decisions={**room.decisions, **made}), last)
    return room
