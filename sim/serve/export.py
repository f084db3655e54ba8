"""Everything that happened in a class as files: rooms that can be played again, and tables for a spreadsheet.

Names stand apart, in one table. No address of a seat leaves the server.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

from sim.classroom.news import with_moves
from sim.classroom.room import entry
from sim.classroom.room_file import room_data, room_text
from sim.classroom.spreadsheet import written
from sim.report import talks_sentences
from sim.serve.lesson import Lesson
from sim.serve.table import News, Table
from sim.stakes.space import Package
from sim.study.measures import DIGITS


def export_zip(lesson: Lesson) -> bytes:
    """The files in one archive."""
    tables = [table for _, table in sorted(lesson.tables.items()) if table.room is not None]
    files = {f"room-{table.number}.json": _room_text(lesson, table) for table in tables}
    files["rooms.json"] = json.dumps([_summary(lesson, table) for table in tables], indent=1, ensure_ascii=False) + "\n"
    files |= {
        "outcome.csv": _outcome(lesson, tables),
        "offers.csv": _offers(lesson, tables),
        "decisions.csv": _decisions(lesson, tables),
        "messages.csv": _messages(lesson),
        "seats.csv": _seats(lesson),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _room_text(lesson: Lesson, table: Table) -> str:
    assert table.room is not None
    return room_text(table.room, with_moves(lesson.loaded, lesson.moves(table.number)))


def _summary(lesson: Lesson, table: Table) -> dict[str, Any]:
    assert table.room is not None
    data = room_data(table.room, with_moves(lesson.loaded, lesson.moves(table.number)))
    return {"room": table.number} | {name: data[name] for name in ("people", "seed", "ending", "round", "package")}


def _name(lesson: Lesson, party: int) -> str:
    return lesson.loaded.case.parties[party].id


def _package(package: Package | None) -> str:
    return "" if package is None else ", ".join(f"{issue}={option}" for issue, option in package.items())


def _outcome(lesson: Lesson, tables: list[Table]) -> str:
    case = lesson.loaded.case
    signing = [case.parties[p].id for p in case.signatories]
    rows = []
    for table in tables:
        room = table.room
        assert room is not None
        signed = room.signed
        values: list[object] = [""] * len(signing)
        if signed is not None:
            worth = [room.case.value(p, signed[None], room.talks.outlook) for p in room.case.signatories]
            values = [round(float(one[0]), DIGITS) for one in worth]
        package = None if signed is None else case.space.names(signed)
        rows.append([table.number, room.ending if room.over else "open", room.round, *values, _package(package)])
    return written(["room", "ending", "round", *(f"value:{party}" for party in signing), "package"], rows)


def _offers(lesson: Lesson, tables: list[Table]) -> str:
    rows = []
    for table in tables:
        assert table.room is not None
        for one in table.room.answered:
            author = "text" if one.author is None else _name(lesson, one.author)
            yes, no = (" ".join(_name(lesson, p) for p in side) for side in (one.yes, one.no))
            names = lesson.loaded.case.space.names(one.package)
            rows.append([table.number, one.round, author, _package(names), yes, no, "yes" if one.suits else "no"])
    return written(["room", "round", "by", "package", "yes", "no", "suited_all"], rows)


def _decisions(lesson: Lesson, tables: list[Table]) -> str:
    rows = []
    for table in tables:
        for (key, party), made in table.decisions.items():
            one = entry(lesson.loaded.case, key, party, made)
            rows.append([table.number, key.round, key.at, one["party"], made.deed, _package(made.package)])
    return written(["room", "round", "at", "party", "deed", "package"], rows)


def _messages(lesson: Lesson) -> str:
    rows: list[list[object]] = [
        [m.room, m.round, _when(m.at), _name(lesson, m.author), " ".join(_name(lesson, p) for p in m.to), m.text,
         _package(m.package)]
        for m in lesson.messages
    ]  # fmt: skip
    rows += [
        ["" if one.room is None else one.room, max(one.rounds.values(), default=1), _when(one.at), "teacher",
         "all" if one.party is None else _name(lesson, one.party), _news(one), ""]
        for one in lesson.news
    ]  # fmt: skip
    return written(["room", "round", "at", "from", "to", "text", "package"], rows)


def _news(one: News) -> str:
    return one.text + (f" ({talks_sentences.levers(one.levers)})" if one.levers else "")


def _seats(lesson: Lesson) -> str:
    seats = sorted(lesson.seats.values(), key=lambda one: (one.room, one.party))
    rows = [[one.room, _name(lesson, one.party), one.name] for one in seats if one.name]
    return written(["room", "party", "name"], rows)


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")
