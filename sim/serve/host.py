"""The running class: takes decisions in, has the talks played by one worker, answers for the absent, tells who waits.

A decision is checked, logged and answered for at once; the round is played beside the requests and swapped in whole.
It must not know of pages or addresses.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sim.classroom.decisions import Decision, Key
from sim.classroom.decisions import against as unfit
from sim.classroom.news import Move, moved
from sim.classroom.room import Room, empty_room, taken_up
from sim.serve.lesson import Lesson
from sim.serve.table import AWAY, Sitting, Table, deed_body, key_text

TICK, BEAT = 0.5, 2.0
"""Seconds between looks at the clocks, and between signs of life in the log."""
LATE = "is over"
Found = TypeVar("Found")


class Host:
    """One class and the worker that plays its talks."""

    def __init__(self, lesson: Lesson, complain: Callable[[str], None] | None = None) -> None:
        self.lesson = lesson
        self.worker = ThreadPoolExecutor(1, thread_name_prefix="talks")
        self.complain = complain or (lambda said: print(said, file=sys.stderr))  # noqa: T201
        self.boot = f"{time.time():.0f}"
        self._changed: dict[int, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_beat = 0.0
        self._empty: Room | None = None
        self._kept: dict[Any, Any] = {}
        self._apart: set[subprocess.Popen[str]] = set()

    def once(self, key: Any, work: Callable[[], Found]) -> Found:
        """What is the same all through the class, worked out once; nobody may change it."""
        if key not in self._kept:
            self._kept[key] = work()
        return self._kept[key]

    def start(self) -> None:
        """Begin: take up the talks of all rooms, then watch the clocks."""
        beat = self.lesson.log.last_beat()
        if beat is not None and self.lesson.stage == "open":
            self.lesson.note("down", body={"from": beat})
        self._run(self._watch())

    async def stop(self) -> None:
        """End; whatever was decided is in the log."""
        for task in list(self._tasks):
            task.cancel()
        for process in list(self._apart):
            process.kill()
        self.worker.shutdown(wait=False, cancel_futures=True)

    async def apart(self, module: str, said: str) -> str:
        """What a module answers in a process of its own, which ends with the class if it is not done by then.

        Raises:
            ChildProcessError: with its last word, where it fails.
        """
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self._apart.add(process)
        try:
            answer, complaint = await asyncio.to_thread(process.communicate, said)
        finally:
            self._apart.discard(process)
        if process.returncode:
            raise ChildProcessError((complaint.strip().splitlines() or ["it ended without a word"])[-1])
        return answer

    def _run(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def version(self, number: int) -> str:
        """What changes whenever a room does, across restarts too."""
        return f"{self.boot}-{self.lesson.table(number).version}"

    def changed(self, number: int) -> asyncio.Event:
        """Set when a room changes next."""
        return self._changed.setdefault(number, asyncio.Event())

    def tell(self, number: int | None = None) -> None:
        """Wake up whoever waits for a change of a room, or of all."""
        for waiting in list(self._changed) if number is None else [number]:
            event = self._changed.pop(waiting, None)
            if event is not None:
                event.set()

    def note(self, type_: str, **said: Any) -> bool:
        """Log an event of a room or of the class and tell those it concerns; False where it was there already."""
        new = self.lesson.note(type_, **said) is not None
        self.tell(said.get("room"))
        return new

    def decide(self, sitting: Sitting, key: Key, decision: Decision, by: str = "person") -> str | None:
        """Take a decision; why not, where it is not taken. A late or a second one changes nothing."""
        table = self.lesson.table(sitting.room)
        ask = next((ask for ask in table.asks() if ask.party == sitting.party and ask.key == key), None)
        if ask is None or table.room is None or not self.lesson.playing(table):
            return LATE
        if (why := unfit(table.room.case, ask, decision)) is not None:
            return why
        body = deed_body(decision, by)
        if self.note("decision", room=table.number, party=sitting.party, key=key_text(key), body=body):
            self.play_on(table)
        return None

    def play_on(self, table: Table) -> None:
        """Have a room's talks played on, once all who are asked have decided or somebody leaves."""
        leaving = any(decision.deed == "walk_out" for decision in table.given.values())
        if table.given and not table.playing and (leaving or not table.asks()):
            table.playing = True
            self._run(self._play(table))

    async def _play(self, table: Table) -> None:
        made = dict(table.given)
        assert table.room is not None
        room, loop = table.room, asyncio.get_running_loop()
        steps = [(key, party, decision) for (key, party), decision in made.items()]
        try:
            table.stands(await loop.run_in_executor(self.worker, lambda: room.decided(*steps)))
        except Exception as error:  # one room's trouble is not another's
            self.complain(f"room {table.number} could not be played on: {type(error).__name__}")
            table.broken = True
            return
        for key in made:
            table.given.pop(key, None)
        table.playing = False
        table.version += 1
        self.tell(table.number)
        self._for_the_absent(table)

    async def ready(self, number: int) -> Table:
        """A room's table with its talks, taken up where they are not yet."""
        table = self.lesson.table(number)
        if table.room is None and not table.playing:
            table.playing = True
            loop = asyncio.get_running_loop()
            decisions, moves = dict(table.decisions), self.lesson.moves(number)
            table.stands(await loop.run_in_executor(self.worker, lambda: self._taken_up(decisions, moves)))
            for key in decisions:
                table.given.pop(key, None)
            table.playing = False
            self.tell(number)
        while table.room is None:
            await asyncio.sleep(0.02)
        return table

    async def announce(self, room: int | None, party: int | None, text: str, levers: dict[str, float]) -> None:
        """Tell news to all, to a room or to a seat; levers that it sets move the war from each room's next round on."""
        rooms = await self._standing(room, between=bool(levers))
        body: dict[str, Any] = {"text": text, "rounds": {str(n): max(one.round, 1) for n, one in rooms.items()}}
        self.note("news", room=room, party=party, body=body | ({"levers": levers} if levers else {}))
        for number, one in rooms.items() if levers else ():
            self.lesson.table(number).stands(moved(one, self.lesson.moves(number)[-1:]))

    async def _standing(self, only: int | None, between: bool) -> dict[int, Room]:
        """All rooms, or one, with their talks; ``between`` rounds where news move the war, for what was tried of a
        round knows nothing of them.

        Who joins meanwhile may open a room: it is waited for like the others. One that broke is never whole again.
        """
        while True:
            numbers = [only] if only is not None else sorted(self.lesson.tables)
            tables = [await self.ready(number) for number in numbers]
            opened = only is None and len(self.lesson.tables) > len(numbers)
            if not opened and not (between and any(table.playing and not table.broken for table in tables)):
                return {table.number: table.room for table in tables if table.room is not None}
            await asyncio.sleep(0.02)

    def _taken_up(self, decisions: Any, moves: Sequence[Move]) -> Room:
        lesson = self.lesson
        if self._empty is None:  # worked out once: what everybody opens with takes longer than a room
            people = [lesson.loaded.case.parties[party].id for party in lesson.people]
            self._empty = empty_room(lesson.loaded, people, lesson.seed)
        return taken_up(moved(self._empty, moves), decisions)

    async def _watch(self) -> None:
        """Keep the clocks: whoever is silent too long is answered for."""
        for number in sorted(self.lesson.tables):
            await self.ready(number)
        while True:
            now = time.time()
            if now >= self._next_beat:
                self.lesson.log.beat()
                self._next_beat = now + BEAT
            for number in list(self.lesson.tables):
                table = await self.ready(number)
                self._for_the_absent(table, now)
                self.play_on(table)
            await asyncio.sleep(TICK)

    def _for_the_absent(self, table: Table, now: float | None = None) -> None:
        """Answer for the seats of a room that are the simulator's, and where the time is over."""
        lesson = self.lesson
        if not lesson.playing(table) or lesson.paused is not None:
            return
        over = lesson.left(table, time.time() if now is None else now) <= 0
        for ask in table.asks():
            sitting = lesson.seats[table.number, ask.party]
            if lesson.at_once(sitting):
                self.decide(sitting, ask.key, AWAY, "absence")
            elif over:
                self.decide(sitting, ask.key, AWAY, "clock")

    def advance(self, number: int) -> None:
        """Answer now for all who are asked in a room, by the teacher's word."""
        table = self.lesson.table(number)
        for ask in table.asks():
            self.decide(self.lesson.seats[number, ask.party], ask.key, AWAY, "teacher")
