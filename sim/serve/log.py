"""What happened in a class, event after event, in one SQLite file that survives a kill; nothing is ever altered.

It knows no rules. A decision is there once for its moment and seat, a message once for its form, whoever asks twice.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import OutputError
from sim.files import read_json

SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE IF NOT EXISTS events (
  n INTEGER PRIMARY KEY, type TEXT NOT NULL, room INTEGER, party INTEGER, key TEXT, body TEXT NOT NULL,
  nonce TEXT UNIQUE, at REAL NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS once ON events (room, party, key) WHERE type = 'decision';
CREATE TABLE IF NOT EXISTS drafts (seat TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS alive (one INTEGER PRIMARY KEY CHECK (one = 1), at REAL NOT NULL);
"""
MAGIC = b"SQLite format 3"


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(MAGIC))


@dataclass(frozen=True)
class Event:
    """One thing that happened: in a room or in the whole class, by or to a party or nobody."""

    n: int
    type: str
    room: int | None
    party: int | None
    key: str | None
    body: dict[str, Any]
    at: float


class Log:
    """The file of a class; readable by its owner alone, for it holds the addresses of all seats.

    Raises:
        OutputError: when the place cannot be written, or holds something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = not path.exists()
            if fresh:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            elif not path.is_file() or (path.stat().st_size and _start(path) != MAGIC):
                raise OutputError(f"{path} is not a file of a class: not overwritten; name another with --save")
            self._base = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
            try:
                self._base.executescript(SCHEMA)
            except sqlite3.Error:
                self._base.close()
                raise
        except (OSError, sqlite3.Error, ValueError) as error:
            raise OutputError(f"cannot write {path}: {getattr(error, 'strerror', None) or error}") from None

    def add(
        self,
        type_: str,
        room: int | None = None,
        party: int | None = None,
        body: dict[str, Any] | None = None,
        key: str | None = None,
        nonce: str | None = None,
    ) -> Event | None:
        """Note an event at once and for good; None where it is there already."""
        said, at = body or {}, time.time()
        row = (type_, room, party, key, json.dumps(said, ensure_ascii=False), nonce, at)
        try:
            cursor = self._base.execute(
                "INSERT INTO events (type, room, party, key, body, nonce, at) VALUES (?, ?, ?, ?, ?, ?, ?)", row
            )
        except sqlite3.IntegrityError:
            return None
        return Event(int(cursor.lastrowid or 0), type_, room, party, key, said, at)

    def events(self) -> Iterator[Event]:
        """All that happened, in order."""
        with closing(self._base.execute("SELECT n, type, room, party, key, body, at FROM events ORDER BY n")) as rows:
            for n, type_, room, party, key, body, at in rows.fetchall():
                yield Event(n, type_, room, party, key, read_json(body), at)

    def keep_draft(self, seat: str, body: dict[str, Any]) -> None:
        """Keep what somebody has typed and not sent."""
        self._base.execute(
            "INSERT INTO drafts VALUES (?, ?) ON CONFLICT (seat) DO UPDATE SET body = excluded.body",
            (seat, json.dumps(body, ensure_ascii=False)),
        )

    def drop_draft(self, seat: str) -> None:
        """Keep it no longer."""
        self._base.execute("DELETE FROM drafts WHERE seat = ?", (seat,))

    def drafts(self) -> dict[str, dict[str, Any]]:
        """What was typed and not sent, by seat."""
        return {seat: read_json(body) for seat, body in self._base.execute("SELECT seat, body FROM drafts")}

    def beat(self) -> None:
        """Note that the server is alive, so that the time it was not can be left out of every clock."""
        self._base.execute(
            "INSERT INTO alive VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at", (time.time(),)
        )

    def last_beat(self) -> float | None:
        """When the server was last known to be alive."""
        row = self._base.execute("SELECT at FROM alive").fetchone()
        return None if row is None else float(row[0])

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
