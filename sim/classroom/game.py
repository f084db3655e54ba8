"""A game: a person's decisions against the simulator's delegations, saved after each, to be taken up again.

Only decisions are kept. The talks are played again from them, so a saved game cannot disagree with the rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from sim.classroom import reading, seat
from sim.classroom.handed_in import read_text
from sim.errors import AnswerError, ScenarioError, nearest
from sim.files import read_json, write_whole
from sim.scenario.loader import Loaded
from sim.stakes.space import OptionArray
from sim.study.record import result_hash
from sim.talks.referee import open_talks
from sim.talks.state import Talks

FORMAT = 1
LARGEST = 4_000_000
"""Bytes of a saved game that are read at most."""
Deed = Literal["offer", "stay", "accept", "reject", "walk_out"]
DEEDS: dict[str, str] = {"offer": "offer", "stay": "offer", "accept": "reply", "reject": "reply"}
"""What can be decided, and when: at an offer or at a reply; one may walk out at either."""
WALK_OUT: Deed = "walk_out"
OF = {"offer": "an offer", "reply": "a reply"}
HEAD = '{\n "format": '
"""How the file of a game begins."""


class WalkedOut(Exception):  # noqa: N818  nothing went wrong
    """The person walked out."""


class Paused(Exception):  # noqa: N818  nothing went wrong
    """The person wants to go on another time."""


@dataclass(frozen=True)
class Decision:
    """What the person did when its delegation had to speak; ``package`` is by name, for an offer."""

    deed: Deed
    package: dict[str, str] | None = None


@dataclass
class Game:
    """The state of a game. ``ask`` takes a decision when the saved ones are used up; ``keep`` is told of each.

    ``place`` is where the saved ones come from.
    """

    loaded: Loaded
    party: int
    seed: int = 0
    decisions: list[Decision] = field(default_factory=list)
    draft: dict[str, str] | None = None
    ask: Callable[[Game, Talks, OptionArray | None], Decision] | None = None
    keep: Callable[[Game], None] = lambda game: None
    told: Callable[[Game, seat.Heard], None] = lambda game, round_: None
    rounds: list[seat.Heard] = field(default_factory=list)
    talks: Talks | None = None
    walked_out: bool = False
    place: str = ""

    def play(self) -> None:
        """Play to the end, or until the person pauses or leaves.

        Raises:
            Paused: when it wants to go on another time.
            AnswerError: for a decision that the talks or the party's mandate do not allow.
        """
        case = self.loaded.case
        delegations = seat.delegations(case, self.party, self)
        self.talks, self._used, self.rounds = open_talks(case), 0, []
        try:
            while seat.going_on(self.talks):
                self.talks = seat.next_round(case, delegations, self.talks, self.seed)
                self._listen(self.talks, whole=True)
        except WalkedOut:
            self.walked_out = True
        if self._used < len(self.decisions):
            self._refuse(self.decisions[self._used], self.talks.round, "does not fit the talks: they had ended")

    def _listen(self, talks: Talks, whole: bool) -> None:
        """Note and tell what was put forward since the last time."""
        known = sum(heard.round == talks.round for heard in self.rounds)
        for put in seat.heard(self.loaded.case, talks, whole)[known:]:
            self.rounds.append(put)
            self.told(self, put)

    def offer(self, talks: Talks) -> OptionArray | None:
        """The person's offer, kept or asked for."""
        decision = self._next(talks, None)
        return None if decision.package is None else self.loaded.case.space.package(decision.package)

    def accepts(self, talks: Talks, package: OptionArray) -> bool:
        """The person's reply, kept or asked for."""
        return self._next(talks, package).deed == "accept"

    def _next(self, talks: Talks, package: OptionArray | None) -> Decision:
        kept = self._used < len(self.decisions)
        if kept:
            decision = self.decisions[self._used]
        else:
            assert self.ask is not None
            if talks.exchanges and not self.loaded.case.protocol.drafted:
                self._listen(talks, whole=False)  # what was answered before it is one's own turn again
            decision = self.ask(self, talks, package)
        self._allow(decision, talks, package)
        if not kept:
            self.decisions.append(decision)
            self.draft = None
            self.keep(self)
        self._used += 1
        if decision.deed == WALK_OUT:
            raise WalkedOut
        return decision

    def _allow(self, decision: Decision, talks: Talks, package: OptionArray | None) -> None:
        """Refuse what the talks or the party's mandate do not allow, before it is kept."""
        case, against = self.loaded.case, None
        if decision.deed != WALK_OUT and DEEDS[decision.deed] != ("offer" if package is None else "reply"):
            against = f"does not fit the talks: {OF[DEEDS[decision.deed]]} where {OF[_other(decision.deed)]} is due"
        elif decision.package is not None:
            against = seat.feedback(case, self.party, talks, case.space.package(decision.package)).against_sending
        elif decision.deed == "accept" and package is not None:
            against = seat.feedback(case, self.party, talks, package).against_accepting
        if against is not None:
            self._refuse(decision, talks.round, against)

    def _refuse(self, decision: Decision, round_: int, against: str) -> None:
        place = f"decision {self._used + 1} ({decision.deed.replace('_', ' ')}, round {round_})"
        raise AnswerError(f"{self.place + ': ' if self.place else ''}{place} {against}")

    @property
    def live(self) -> bool:
        """Whether the saved decisions are used up."""
        return self._used >= len(self.decisions)


def new_game(loaded: Loaded, party_id: str, seed: int = 0) -> Game:
    """A game for one seat.

    Raises:
        ScenarioError: when there is no such signatory.
    """
    case = loaded.case
    signing = [case.parties[n].id for n in case.signatories]
    if party_id not in signing:
        raise ScenarioError(
            f'"{party_id[:60]}" has no seat to play{nearest(party_id[:60], signing)}', where=loaded.name
        )
    party = case.party_number(party_id)
    return Game(replace(loaded, case=seat.patient(case, party)), party, seed)


def save(game: Game, path: Path) -> None:
    """Write a game whole or not at all.

    Raises:
        OutputError: when the place cannot be written.
    """
    loaded = game.loaded
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
        if data["format"] != FORMAT:
            raise ValueError
        if (data["hash"], data["party"]) != (result_hash(loaded, wanted.seed), loaded.case.parties[wanted.party].id):
            raise _OtherGameError
        decisions = [_decision(loaded, entry) for entry in data["decisions"]]
        draft = None if data["draft"] is None else _package(loaded, data["draft"])
    except _OtherGameError:
        raise AnswerError(
            f"{path} keeps another game; name another file with --save, or begin anew with --fresh"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, AnswerError) and str(path) in str(error):
            raise
        said = f": {error}" if isinstance(error, AnswerError) else ""
        raise AnswerError(f"{path} is no saved game{said}; name another file with --save, or delete it") from None
    return replace(wanted, decisions=decisions, draft=draft, place=str(path))


class _OtherGameError(Exception):
    """A game, but of another scenario, seat or seed."""


def _decision(loaded: Loaded, entry: Any) -> Decision:
    deed = reading.word(entry["deed"], [*DEEDS, WALK_OUT], "decision")
    package = _package(loaded, entry["package"]) if deed == "offer" else None
    return Decision(deed, package)  # type: ignore[arg-type]


def _package(loaded: Loaded, given: Any) -> dict[str, str]:
    space = loaded.case.space
    return space.names(reading.package(given, space))


def _other(deed: str) -> str:
    """What was due where this does not fit."""
    return "reply" if DEEDS[deed] == "offer" else "offer"
