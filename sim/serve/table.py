"""A room's table with its seats, and what is said at it: the pieces that a class is made of.

They hold what happened; what follows from an event is the business of `lesson`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sim.classroom.decisions import AUTO, Ask, Decision, Key
from sim.classroom.room import Room
from sim.stakes.space import Package

MISSES = 2
"""Times in a row that a clock runs out before the simulator speaks for a seat without waiting."""
MOST_KEPT = 1_000
"""Things that are kept of one room as it stands."""
Found = TypeVar("Found")


@dataclass
class Sitting:
    """One seat: who sits there, by which token, and whether the simulator speaks for it without waiting; ``left`` is
    the name of whom it was freed last, ``gate`` what they answered to the questions on their brief.
    """

    room: int
    party: int
    token: str | None = None
    name: str | None = None
    left: str | None = None
    forced: bool = False
    missed: int = 0
    seen: float = 0.0
    streams: int = 0
    gate: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The seat as the log and a page name it."""
        return f"{self.room}:{self.party}"

    @property
    def present(self) -> bool:
        """Whether a person answers here."""
        return self.token is not None and not self.forced and self.missed < MISSES


@dataclass(frozen=True)
class Message:
    """Something said between some parties of a room; ``package`` where one comes with it."""

    n: int
    room: int
    author: int
    to: tuple[int, ...]
    text: str
    package: Package | None
    round: int
    at: float


@dataclass(frozen=True)
class News:
    """What the teacher announced: to all, to a room, or to one seat; ``rounds`` says when, by room.

    ``levers`` are those of the war that it sets, from the round after on.
    """

    room: int | None
    party: int | None
    text: str
    rounds: dict[str, int]
    at: float
    levers: dict[str, float] = field(default_factory=dict)


@dataclass
class Table:
    """A room with what was decided and not yet played, its clock, and a number that changes whenever it does.

    One that is ``broken`` could not be played on, and stands ``playing`` for good.
    """

    number: int
    decisions: dict[tuple[Key, int], Decision] = field(default_factory=dict)
    room: Room | None = None
    given: dict[tuple[Key, int], Decision] = field(default_factory=dict)
    since: float = 0.0
    minutes: int = 0
    version: int = 0
    playing: bool = False
    broken: bool = False
    kept: dict[Any, Any] = field(default_factory=dict)

    def stands(self, room: Room) -> None:
        """Take the room as it stands now; what was made of it before is forgotten."""
        self.room, self.kept = room, {}

    def once(self, key: Any, work: Callable[[], Found]) -> Found:
        """What is the same until the room stands otherwise, worked out once; nobody may change it."""
        kept = self.kept
        if key not in kept:
            if len(kept) > MOST_KEPT:
                kept.clear()
            kept[key] = work()
        return kept[key]

    def asks(self) -> tuple[Ask, ...]:
        """Who is asked and has not decided."""
        if self.room is None:
            return ()
        return tuple(ask for ask in self.room.asks if (ask.key, ask.party) not in self.given)


def deed_body(decision: Decision, by: str) -> dict[str, Any]:
    """A decision as the log keeps it; ``by`` a person, the clock, or the teacher."""
    return {"deed": decision.deed, "by": by, **decision.more}


def key_text(key: Key) -> str:
    """A moment as the log and a form write it."""
    return f"{key.round}:{key.at}:{key.exchanges}"


AWAY = Decision(AUTO)
"""What is decided for whoever is away."""
