"""The reveal at work: what was there to be found is asked of `findings`, once the teacher says so and not before.

That works in a process of its own; `reveal_views` puts what it found into words.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from sim.classroom.room import entry
from sim.classroom.what_if import branches
from sim.serve.host import Host
from sim.serve.lesson import Lesson
from sim.serve.table import key_text

Told = dict[str, Any]


def job(lesson: Lesson) -> Told:
    """A class as `findings` reads it: the scenario, who is a person, and every decision."""
    case = lesson.loaded.case
    return {
        "scenario": lesson.loaded.scenario.model_dump(mode="json"),
        "people": [case.parties[p].id for p in lesson.people],
        "seed": lesson.seed,
        "rooms": [
            {
                "number": number,
                "decisions": [entry(case, key, party, made) for (key, party), made in table.decisions.items()],
                "moves": lesson.moves(number),
            }
            for number, table in sorted(lesson.tables.items())
            if lesson.taken(number) or table.decisions
        ],
    }


def explorer_job(lesson: Lesson) -> Told:
    """What the explorer is made of; where the teacher keeps the scenario's file is nobody's business."""
    loaded = lesson.loaded
    name = Path(loaded.name).name if loaded.name.endswith((".yaml", ".yml", ".json")) else loaded.name
    changed = [list(loaded.changes), list(loaded.without)]
    return {"name": name, "scenario": loaded.scenario.model_dump(mode="json"), "changed": changed}


class Revealing:
    """Has the findings worked out once, and again should the first try fail; and other answers played on."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._at_work: asyncio.Task[None] | None = None
        self._playing: tuple[str, asyncio.Task[None]] | None = None

    def begin(self) -> None:
        """Start, unless it is done or under way."""
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.get_running_loop().create_task(self._all())

    async def _all(self) -> None:
        lesson = self.host.lesson
        if lesson.found is None:
            await self._work("found", job(lesson))
        if lesson.explorer is None:
            await self._work("explorer", explorer_job(lesson))

    def play_on(self, place: str) -> bool:
        """Have a room played on from another answer, one at a time; one that is known changes nothing. False where
        nobody gave an answer there.
        """
        lesson = self.host.lesson
        known = {one["place"] for one in lesson.whatifs}
        asked = next((one for one in answers(lesson) if one["place"] == place), None)
        if asked is not None and place not in known and self.under_way is None:
            work = self._work("whatif", job(lesson) | {"whatif": asked})
            self._playing = place, asyncio.get_running_loop().create_task(work)
        return asked is not None

    @property
    def under_way(self) -> str | None:
        """The place from which a room is being played on."""
        return None if self._playing is None or self._playing[1].done() else self._playing[0]

    async def _work(self, type_: str, asked: Told) -> None:
        try:
            answer = await self.host.apart("sim.serve.findings", json.dumps(asked))
        except ChildProcessError as error:
            self.host.complain(f"the debrief could not be worked out: {str(error)[:200]}")
        else:
            self.host.note(type_, body=json.loads(answer))


def answers(lesson: Lesson) -> list[Told]:
    """Every yes or no that a person gave, with the other answer in its stead."""
    case, found = lesson.loaded.case, []
    for number, table in sorted(lesson.tables.items()):
        for branch in branches(table.decisions):
            party, said = case.parties[branch.party], "yes" if branch.instead.deed == "accept" else "no"
            label = f"Room {number}, round {branch.key.round}: {party.name} says {said}"
            place = f"{number}|{key_text(branch.key)}|{branch.party}"
            instead = entry(case, branch.key, branch.party, branch.instead)
            found.append({"place": place, "label": label, "room": number, "instead": instead})
    return found
