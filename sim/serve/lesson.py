"""A class as it stands: rooms, seats, messages and clocks, folded from the events of its log and from nothing else.

What people decide goes to the log first and to the table then; the talks are played by `table`, never here. Times are
seconds of the machine's clock; a pause, and the time the server was down, count for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.classroom.decisions import Decision, Decisions, Key
from sim.scenario.loader import Loaded
from sim.serve.log import Event, Log
from sim.serve.table import Message, News, Sitting, Table

MOST_ROOMS, MOST_SEATS = 50, 400
MINUTE = 60.0


@dataclass
class Lesson:
    """The whole class. ``stage`` is lobby, open, or revealed; ``paused`` since when, if it is. ``explorer`` is the page
    to try the scenario out on, once it is made; empty where a browser could not count it. Without ``sources`` no brief
    says where anything is reported.

    Every room begins with the decisions ``begun``: none, or those of a room that is played on from its file.
    """

    loaded: Loaded
    people: tuple[int, ...]
    seed: int
    code: str
    rooms: int
    seconds: float
    log: Log
    stage: str = "lobby"
    tables: dict[int, Table] = field(default_factory=dict)
    seats: dict[tuple[int, int], Sitting] = field(default_factory=dict)
    tokens: dict[str, tuple[int, int]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    begun: Decisions = field(default_factory=dict)
    whatifs: list[dict[str, Any]] = field(default_factory=list)
    pauses: list[tuple[float, float]] = field(default_factory=list)
    paused: float | None = None
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: dict[str, Any] | None = None
    explorer: str | None = None
    teacher: str = ""
    browsers: set[str] = field(default_factory=set)
    banned: set[str] = field(default_factory=set)
    hints: bool = True
    sources: bool = True

    def note(self, type_: str, **said: Any) -> Event | None:
        """Log an event and let it take effect; None where it was there already."""
        event = self.log.add(type_, **said)
        if event is not None:
            self.take(event)
        return event

    def take(self, event: Event) -> None:
        """Let an event take effect."""
        getattr(self, f"_on_{event.type}", lambda event: None)(event)
        if event.room is None:
            for table in self.tables.values():
                table.version += 1
        else:
            self.table(event.room).version += 1

    def table(self, number: int) -> Table:
        """A room's table, made when it is first spoken of."""
        if number not in self.tables:
            self.tables[number] = Table(number, dict(self.begun))
            for party in self.people:
                self.seats[number, party] = Sitting(number, party)
        return self.tables[number]

    def _on_teacher(self, event: Event) -> None:
        self.teacher = event.body["digest"]

    def _on_browser(self, event: Event) -> None:
        self.browsers.add(event.body["digest"])

    def _on_open(self, event: Event) -> None:
        self.stage = "open"
        for table in self.tables.values():
            table.since = event.at

    def _on_joined(self, event: Event) -> None:
        table = self.table(event.room or 0)
        first = not self.taken(table.number)
        sitting = self.seats[table.number, event.party or 0]
        sitting.token, sitting.name, sitting.missed, sitting.forced = event.body["token"], event.body["name"], 0, False
        self.tokens[event.body["token"]] = (table.number, sitting.party)
        if first:
            table.since = event.at

    def _on_kicked(self, event: Event) -> None:
        sitting = self.seats[event.room or 0, event.party or 0]
        if sitting.token is not None:
            del self.tokens[sitting.token]
            self.banned.add(sitting.token)
        sitting.left, sitting.token, sitting.name = sitting.name, None, None
        sitting.gate = {}

    def _on_gate(self, event: Event) -> None:
        self.seats[event.room or 0, event.party or 0].gate = event.body["given"]

    def _on_swap(self, event: Event) -> None:
        one, other = (self.seats[tuple(place)] for place in event.body["seats"])
        one.token, other.token = other.token, one.token
        one.name, other.name = other.name, one.name
        for sitting in (one, other):
            sitting.missed, sitting.forced, sitting.gate = 0, False, {}
            self.table(sitting.room).version += 1
            if sitting.token is not None:
                self.tokens[sitting.token] = (sitting.room, sitting.party)

    def _on_decision(self, event: Event) -> None:
        table, party = self.table(event.room or 0), event.party or 0
        round_, at, exchanges = (event.key or "").split(":")
        decision = Decision(event.body["deed"], event.body.get("package"), event.body.get("asks_more", False))
        key = Key(int(round_), at, int(exchanges))  # type: ignore[arg-type]
        table.decisions[key, party] = table.given[key, party] = decision
        table.since, table.minutes = event.at, 0
        sitting = self.seats[table.number, party]
        if event.body["by"] == "person":
            sitting.missed = 0
        elif event.body["by"] == "clock":
            sitting.missed += 1

    def _on_back(self, event: Event) -> None:
        self.seats[event.room or 0, event.party or 0].missed = 0

    def _on_auto(self, event: Event) -> None:
        self.seats[event.room or 0, event.party or 0].forced = event.body["on"]

    def _on_minute(self, event: Event) -> None:
        for table in self.tables.values() if event.room is None else [self.table(event.room)]:
            table.minutes += 1

    def _on_pause(self, event: Event) -> None:
        self.paused = event.at

    def _on_resume(self, event: Event) -> None:
        if self.paused is not None:
            self.pauses.append((self.paused, event.at))
        self.paused = None

    def _on_down(self, event: Event) -> None:
        self.pauses.append((event.body["from"], event.at))

    def _on_said(self, event: Event) -> None:
        said, to = event.body, tuple(event.body["to"])
        place = (event.n, event.room or 0, event.party or 0)
        self.messages.append(Message(*place, to, said["text"], said["package"], said["round"], event.at))

    def _on_news(self, event: Event) -> None:
        said = event.body
        self.news.append(News(event.room, event.party, said["text"], said["rounds"], event.at, said.get("levers", {})))

    def _on_whatif(self, event: Event) -> None:
        self.whatifs.append(event.body)

    def _on_reveal(self, event: Event) -> None:
        self.stage = "revealed"

    def _on_hints(self, event: Event) -> None:
        self.hints = event.body["on"]

    def _on_found(self, event: Event) -> None:
        self.found = event.body

    def _on_explorer(self, event: Event) -> None:
        self.explorer = event.body["page"]

    def heard_in(self, one: News, number: int) -> int:
        """The round of a room in which news came; the first that is played here where it opened later."""
        return one.rounds.get(str(number), 1 + max((key.round for key, _ in self.begun), default=0))

    def moves(self, number: int) -> list[dict[str, Any]]:
        """What news changes in the war of a room, as events of its scenario; see `sim.classroom.news`."""
        return [
            {"round": self.heard_in(one, number) + 1, "note": one.text, "levers": one.levers}
            for one in self.news
            if one.levers and one.room in (None, number)
        ]

    def left(self, table: Table, now: float) -> float:
        """Seconds left to those who are asked at a table."""
        until = now if self.paused is None else self.paused
        stood = sum(
            max(0.0, min(end, until) - max(start, table.since)) for start, end in self.pauses if end > table.since
        )
        return self.seconds + MINUTE * table.minutes - max(0.0, until - table.since - stood)

    def taken(self, number: int) -> list[Sitting]:
        """The seats of a room in which somebody sits."""
        seats = [self.seats[number, party] for party in self.people] if number in self.tables else []
        return [sitting for sitting in seats if sitting.token is not None]

    def sits(self, name: str) -> bool:
        """Whether somebody of that name has a seat in the class, however it is spelt with capitals."""
        return any(s.token is not None and same(s.name, name) for s in self.seats.values())

    def at_once(self, sitting: Sitting) -> bool:
        """Whether the simulator answers for a seat without waiting.

        It does where nobody sits, where the teacher says so, and for a person who is away while others are not.
        """
        if sitting.token is None or sitting.forced:
            return True
        return not sitting.present and any(other.present for other in self.taken(sitting.room))

    def forget(self, *seats: Sitting) -> None:
        """Forget what was typed in seats and not sent: nobody else who comes to sit there reads it."""
        for sitting in seats:
            self.drafts.pop(sitting.place, None)
            self.log.drop_draft(sitting.place)

    def sitting(self, token: str) -> Sitting | None:
        """The seat of a token."""
        place = self.tokens.get(token)
        return None if place is None else self.seats[place]

    def playing(self, table: Table) -> bool:
        """Whether the talks of a room go on: the class is open and somebody sits there."""
        return self.stage == "open" and bool(self.taken(table.number)) and table.room is not None

    def free(self, party: int | None = None, name: str | None = None) -> tuple[int, int] | None:
        """The next free seat: one that was freed of somebody of this name, so that who changes devices comes back to
        it; else rooms in order so that they fill up; one of a new room where all are taken.
        """
        for place, sitting in sorted(self.seats.items()):
            if sitting.token is None and same(sitting.left, name) and party in (None, sitting.party):
                return place
        for number in sorted(self.tables):
            for wanted in self.people if party is None else (party,):
                if self.seats[number, wanted].token is None:
                    return number, wanted
        most = self.rooms or MOST_ROOMS
        if len(self.tables) < most and (len(self.tables) + 1) * len(self.people) <= MOST_SEATS:
            return max(self.tables, default=0) + 1, self.people[0] if party is None else party
        return None

    def news_for(self, room: int, party: int | None = None) -> list[News]:
        """What a seat was told by the teacher, or what a whole room was; the newest first."""
        heard = [one for one in self.news if one.room in (None, room) and one.party in (None, party)]
        return heard[::-1]

    def thread(self, room: int, party: int) -> Iterator[Message]:
        """What a seat may read of what was said in its room."""
        return (m for m in self.messages if m.room == room and party in (m.author, *m.to))


def same(one: str | None, other: str | None) -> bool:
    """Whether these are the same name, however they are spelt with capitals; no name is the same as none."""
    return one is not None and other is not None and one.casefold() == other.casefold()
