"""Starting a class: its file made or taken up again, its addresses said, and the server run until it is stopped."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.classroom.decisions import Decisions
from sim.classroom.room import entry, quiet_seed
from sim.classroom.room_file import read_room
from sim.errors import AnswerError, CeasefireError, OutputError, ScenarioError, nearest
from sim.scenario.loader import Loaded
from sim.serve import codes
from sim.serve.host import Host
from sim.serve.lesson import MOST_ROOMS, Lesson
from sim.serve.log import Log
from sim.study.record import result_hash

LOCAL = "127.0.0.1"


@dataclass(frozen=True)
class Wanted:
    """What was asked for on the command line: the scenario, who are people, and how long they have."""

    loaded: Loaded
    people: tuple[str, ...]
    seed: int
    rooms: int
    seconds: float
    begun: Decisions = field(default_factory=dict)
    sources: bool = True


def from_room(path: Path, first: int, rooms: int, seconds: float) -> Wanted:
    """A class that plays a room on: every one of its rooms stands as that room stood before round ``first``.

    Raises:
        AnswerError: for a file that holds no room, or a round that it never came to.
    """
    room, data, loaded = read_room(path)
    if not 1 <= first <= room.round:
        raise AnswerError(f"{path} has the rounds 1 to {room.round}, not {first}")
    begun = {(key, party): made for (key, party), made in room.decisions.items() if key.round < first}
    return Wanted(loaded, tuple(data["people"]), room.seed, rooms, seconds, begun)


def wanted(loaded: Loaded, people: Sequence[str], seed: int, rooms: int, seconds: float, sudden: bool) -> Wanted:
    """The same, checked.

    Raises:
        ScenarioError: for somebody without a seat.
    """
    signing = [loaded.case.parties[n].id for n in loaded.case.signatories]
    for party in people:
        if party not in signing:
            raise ScenarioError(f'"{party[:60]}" has no seat{nearest(party[:60], signing)}', where="--people")
    chosen = tuple(dict.fromkeys(people)) or tuple(signing)
    return Wanted(loaded, chosen, seed if sudden else quiet_seed(loaded, seed), rooms, seconds)


def take_up(asked: Wanted, path: Path) -> tuple[Lesson, bool]:
    """The class in a file, or a new one; and whether it was there.

    Raises:
        OutputError: when the place cannot be written.
        AnswerError: when the file keeps another class, or is damaged.
    """
    log = Log(path)
    try:
        return _taken_up(asked, path, log)
    except CeasefireError as error:
        log.close()
        raise error if str(path) in str(error) else AnswerError(f"{path}: {error}") from None
    except (sqlite3.Error, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        log.close()
        raise AnswerError(f"{path} is damaged; name another file with --save") from error


def _taken_up(asked: Wanted, path: Path, log: Log) -> tuple[Lesson, bool]:
    events = list(log.events())
    said = {
        "hash": result_hash(asked.loaded, asked.seed),
        "people": list(asked.people),
        "seed": asked.seed,
        "rooms": asked.rooms,
        "begun": [entry(asked.loaded.case, key, party, made) for (key, party), made in asked.begun.items()],
    }
    if not events:
        log.add("class", body=said | {"code": codes.code(), "scenario": asked.loaded.name})
        events = list(log.events())
    kept = {"begun": []} | events[0].body  # once left out where no room was played on
    if events[0].type != "class" or {name: kept.get(name) for name in said} != said:
        raise AnswerError(f"{path} keeps another class; name another file with --save, or begin anew with --fresh")
    case = asked.loaded.case
    lesson = Lesson(
        loaded=asked.loaded,
        people=tuple(sorted(case.party_number(party) for party in asked.people)),
        seed=asked.seed,
        code=kept["code"],
        rooms=asked.rooms,
        seconds=asked.seconds,
        log=log,
        begun=asked.begun,
        sources=asked.sources,
    )
    for number in range(1, asked.rooms + 1):
        lesson.table(number)
    for event in events[1:]:
        lesson.take(event)
    lesson.drafts = log.drafts()
    return lesson, len(events) > 1


def clear(path: Path) -> None:
    """Take a class's file away, and what belongs to it.

    Raises:
        OutputError: when something else stands there.
    """
    if path.exists():
        Log(path).close()  # refuses what is no file of a class
    for one in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        one.unlink(missing_ok=True)


def lan_address() -> str | None:
    """This machine's address in its network; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if found.startswith(("127.", "0.")) else found


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens, on a free port where ``port`` is 0.

    Raises:
        OutputError: when the port is taken.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(512)  # whoever comes before the server is up is kept waiting, not sent away
    except OSError as error:
        made.close()
        said = (error.strerror or str(error)).lower()
        raise OutputError(f"cannot listen on port {port}: {said}; name another with --port") from None
    return made


def serve(
    lesson: Lesson, lan: bool, port: int, told: Callable[[str, str], None], complain: Callable[[str], None]
) -> None:
    """Serve a class until it is stopped.

    Args:
        lesson: the class.
        lan: whether other machines of the network may come in.
        port: where; 0 for any free one.
        told: given the class's address and the teacher's key once it listens.
        complain: given a line where something went wrong.
    """
    import uvicorn

    from sim.serve.app import make_app

    address = lan_address() if lan else LOCAL
    if address is None:
        raise OutputError("this machine has no address in a network; leave --lan out, or connect it first")
    listening = bind("0.0.0.0" if lan else LOCAL, port)
    host = Host(lesson, complain)
    url = f"http://{address}:{listening.getsockname()[1]}"
    names = {"127.0.0.1", "localhost", "::1", address, socket.gethostname().lower()}
    names |= {f"{socket.gethostname().lower().removesuffix('.local')}.local"} if lan else set()
    app = make_app(host, frozenset(names), lan, url)
    key = codes.teacher_key()
    lesson.note("teacher", body={"digest": codes.digest(key)})

    @asynccontextmanager
    async def life(_: Any) -> AsyncIterator[None]:
        host.start()
        told(url, key)
        yield
        await host.stop()

    app.router.lifespan_context = life
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        timeout_keep_alive=60,  # longer than people think, so that no connection is closed as it is used again
        timeout_graceful_shutdown=1,
        server_header=False,
        date_header=False,
    )
    try:
        asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))
    finally:
        listening.close()
        lesson.log.close()


__all__ = ["MOST_ROOMS", "Wanted", "bind", "clear", "from_room", "lan_address", "serve", "take_up", "wanted"]
