"""A game: a person's decisions against the simulator's delegations, saved after each, to be taken up again.

Only decisions are kept. The talks are played again from them, so a saved game cannot disagree with the rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.classroom import answer_parts, seat
from sim.classroom.decisions import DEEDS, WALK_OUT, Ask, Decision
from sim.classroom.handed_in import read_text
from sim.classroom.room import Room, new_room
from sim.errors import AnswerError
from sim.files import beginning, read_json, write_whole
from sim.overwriting import only_ours
from sim.scenario.loader import Loaded
from sim.stakes.space import OptionArray, Package
from sim.study.record import result_hash
from sim.talks.state import Talks

FORMAT = 2
READ = (1, FORMAT)
"""Versions of the file that are read."""
LARGEST = 4_000_000
"""Bytes of a saved game that are read at most."""
HEAD = re.compile(rb'\{\n "format": \d+,\n "scenario": ')
"""How the file of a game begins, and no other file of ours."""
LONGEST_HEAD = 60
"""Bytes in which that shows."""


class Paused(Exception):  # noqa: N818  nothing went wrong
    """The person wants to go on another time."""


@dataclass
class Game:
    """The state of a game: a room with one person. ``ask`` decides once the saved ones are used; ``keep`` hears of it.

    ``place`` is where the saved ones come from; ``old`` are files in which a person was asked about its own offer too
    when it stayed with that.
    """

    loaded: Loaded
    party: int
    seed: int = 0
    decisions: list[Decision] = field(default_factory=list)
    draft: Package | None = None
    ask: Callable[[Game, Talks, OptionArray | None], Decision] | None = None
    keep: Callable[[Game], None] = lambda game: None
    told: Callable[[Game, seat.Heard], None] = lambda game, round_: None
    rounds: list[seat.Heard] = field(default_factory=list)
    room: Room | None = None
    place: str = ""
    old: bool = False

    def play(self) -> None:
        """Play to the end, or until the person pauses or leaves.

        Raises:
            Paused: when it wants to go on another time.
            AnswerError: for a decision that the talks or the party's mandate do not allow.
        """
        room = new_room(self.loaded, [self.loaded.case.parties[self.party].id], self.seed)
        self.room, self._used, self.rounds = room, 0, []
        while True:
            for put in room.rounds[len(self.rounds) :]:
                self._tell(put)
            if not room.asks:
                break
            room = self._decided(room, room.asks[0])
            self.room = room
        if self.place and [d.deed in DEEDS and DEEDS[d.deed] for d in self.decisions[self._used - 1 :]] == [
            "reply", "offer",
        ]:  # fmt: skip
            self._used += 1  # a wish that was once asked for after the last answer
        if self._used < len(self.decisions):
            self._refuse(self.decisions[self._used], room.talks.round, "it does not fit the talks: they had ended")

    def _tell(self, put: seat.Heard) -> None:
        self.rounds.append(put)
        self.told(self, put)

    def _decided(self, room: Room, ask: Ask) -> Room:
        """The room after the person's decision, kept or asked for."""
        kept = self._used < len(self.decisions)
        if kept:
            decision = self.decisions[self._used]
        else:
            assert self.ask is not None
            if ask.talks.exchanges and not self.loaded.case.protocol.drafted:  # what was answered before one's own turn
                known = sum(heard.round == ask.key.round for heard in self.rounds)
                for put in seat.heard(self.loaded.case, ask.talks, whole=False)[known:]:
                    self._tell(put)
            decision = self.ask(self, ask.talks, ask.package)
        if (why := room.against(ask.party, ask.key, decision)) is not None:
            self._refuse(decision, ask.key.round, why)
        if not kept:
            self.decisions.append(decision)
            self.draft = None
            self.keep(self)
        self._used += 1
        self._forget_own_reply(ask, decision)
        return room.decided((ask.key, ask.party, decision))

    def _forget_own_reply(self, ask: Ask, decision: Decision) -> None:
        """Pass over a saved answer to one's own offer, which nobody is asked for any more."""
        repeated = seat.last_offer(ask.talks, ask.party) is not None and not self.loaded.case.protocol.drafted
        if self.old and decision.deed == "stay" and repeated:
            following = self.decisions[self._used : self._used + 1]
            del self.decisions[self._used : self._used + sum(d.deed in ("accept", "reject") for d in following)]

    def _refuse(self, decision: Decision, round_: int, against: str) -> None:
        place = f"decision {self._used + 1} ({decision.deed.replace('_', ' ')}, round {round_})"
        raise AnswerError(f"{self.place + ': ' if self.place else ''}{place}: {against}")

    @property
    def live(self) -> bool:
        """Whether the saved decisions are used up."""
        return self._used >= len(self.decisions)


def new_game(loaded: Loaded, party_id: str, seed: int = 0) -> Game:
    """A game for one seat.

    Raises:
        ScenarioError: when there is no such signatory.
    """
    room = new_room(loaded, [party_id], seed)
    return Game(room.loaded, room.people[0], seed)


def save(game: Game, path: Path) -> None:
    """Write a game whole or not at all, over nothing but a game.

    Raises:
        OutputError: when the place cannot be written, or something else stands there.
    """
    loaded = game.loaded
    if game.place != str(path):  # what was read as a game is one, however it was written
        only_ours(path, lambda file: HEAD.match(beginning(file, LONGEST_HEAD)) is not None, "saved game")
    data = {
        "format": FORMAT,
        "scenario": loaded.name,
        "hash": result_hash(loaded, game.seed),
        "party": loaded.case.parties[game.party].id,
        "seed": game.seed,
        "draft": game.draft,
        "decisions": [{"deed": d.deed} | ({} if d.package is None else {"package": d.package}) for d in game.decisions],
    }
    write_whole(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def resume(path: Path, wanted: Game) -> Game:
    """The game in a file, which must be of the same scenario, changes, seat and seed as ``wanted``.

    Raises:
        AnswerError: when the file holds no game, or another one.
    """
    loaded = wanted.loaded
    try:
        data = read_json(read_text(path, LARGEST))
        if data["format"] not in READ or isinstance(data["format"], bool):
            raise ValueError
        if (data["hash"], data["party"]) != (result_hash(loaded, wanted.seed), loaded.case.parties[wanted.party].id):
            raise _OtherGameError
        decisions = [_decision(loaded, entry) for entry in data["decisions"]]
        draft = None if data["draft"] is None else _package(loaded, data["draft"])
    except _OtherGameError:
        raise AnswerError(
            f"{path} keeps another game; name another file with --save, or begin anew with --fresh"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, AnswerError) and str(path) in str(error):
            raise
        said = f": {error}" if isinstance(error, AnswerError) else ""
        raise AnswerError(f"{path} is not a saved game{said}; name another file with --save, or delete it") from None
    return replace(wanted, decisions=decisions, draft=draft, place=str(path), old=data["format"] < FORMAT)


class _OtherGameError(Exception):
    """A game, but of another scenario, seat or seed."""


def _decision(loaded: Loaded, entry: Any) -> Decision:
    deed = answer_parts.word(entry["deed"], [*DEEDS, WALK_OUT], "decision")
    package = _package(loaded, entry["package"]) if deed == "offer" else None
    return Decision(deed, package)  # type: ignore[arg-type]


def _package(loaded: Loaded, given: Any) -> Package:
    space = loaded.case.space
    return space.names(answer_parts.package(given, space))
