"""What would have come of another answer: a room as it was up to one decision, played on by the simulator many times.

The past stays as it was, draw by draw, to the end of the round of the other answer. From that answer on every party is
the simulator's, and from the next round on the draws are new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.classroom.decisions import AUTO, Decision, Decisions, Key
from sim.classroom.room import Room, played, quiet_seed
from sim.errors import AnswerError
from sim.stakes.run_axis import spread
from sim.stakes.space import BoolArray, IntArray, OptionArray
from sim.talks.delegation import standard
from sim.talks.draws import FirstRuns
from sim.talks.how_talks_end import Ending
from sim.talks.referee import play

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


@dataclass(frozen=True)
class PlayedOn:
    """What came of another answer in R runs: the ``endings`` as files write them, the ``rounds`` ``(R,)``, what was
    signed ``(R, I)`` and where ``(R,)`` something was.
    """

    endings: tuple[str, ...]
    rounds: IntArray
    packages: OptionArray
    signed: BoolArray


def played_on(room: Room, empty: Room, branch: Branch, runs: int = RUNS) -> PlayedOn:
    """The room with another answer, played to its end under so many seeds; the same whenever it is asked.

    Where the room's own seed has no sudden end, no other that is taken has one. From the next round on all delegations
    are the simulator's, so all seeds are played at once.

    Raises:
        AnswerError: for a moment that never came, or an answer that the party had no mandate for.
    """
    stood = before(room, empty, branch)
    if (why := stood.against(branch.party, branch.key, branch.instead)) is not None:
        raise AnswerError(why)
    whole = whole_round(stood, room, branch)
    if whole.walked_out is not None:
        package = np.broadcast_to(whole.case.protocol.start_text, (runs, len(whole.case.space.issues)))
        return PlayedOn((whole.ending,) * runs, np.full(runs, whole.round), package, np.zeros(runs, dtype=bool))
    case, talks = whole.case, spread(whole.talks, runs)
    draws, delegations = FirstRuns.of_seeds(_seeds(room, runs)), standard(case)
    talks = play(case, delegations, draws, talks)
    endings = [Ending(int(ending)) for ending in talks.ending]
    signed = np.array([ending.agreed for ending in endings])
    return PlayedOn(tuple(ending.word for ending in endings), talks.ended.astype(np.int64), talks.agreed, signed)


def _seeds(room: Room, runs: int) -> list[int]:
    """The seeds under which a room is played on: its own first."""
    quiet = quiet_seed(room.loaded, room.seed) == room.seed
    found = [room.seed]
    while len(found) < runs:
        found.append(quiet_seed(room.loaded, found[-1] + 1) if quiet else found[-1] + 1)
    return found


def whole_round(stood: Room, room: Room, branch: Branch) -> Room:
    """The room after the round of the other answer, which goes on under the room's own draws: what was answered was
    on the table by them. What others said at the same moment is theirs.
    """
    given = {(ask.key, ask.party): room.decisions.get((ask.key, ask.party)) for ask in stood.asks}
    given[branch.key, branch.party] = branch.instead
    made = {at: decision or Decision(AUTO) for at, decision in given.items()}
    return left_to_the_simulator(replace(stood, decisions={**stood.decisions, **made}), branch.key.round)


def left_to_the_simulator(room: Room, last: int | None = None) -> Room:
    """The room played on, nobody deciding any more but the simulator, to the end or to that of the round ``last``."""
    room = played(room, last)
    while room.asks:
        made = {(ask.key, ask.party): Decision(AUTO) for ask in room.asks}
        room = played(replace(room, decisions={**room.decisions, **made}), last)
    return room
