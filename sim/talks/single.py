"""One run of the talks, played round by round, and what is kept of it: the rounds, a transcript and a table.

The Mesa model is such a run with agents. Here Mesa, which takes half a second to import, is not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import OptionArray
from sim.talks.concession import floors, shown, target_of
from sim.talks.delegation import Delegation, standard
from sim.talks.draws import Draws, Purpose
from sim.talks.duration import held_months
from sim.talks.how_talks_end import Ending
from sim.talks.referee import open_talks, play_round
from sim.talks.round_end import undone
from sim.talks.state import Exchange, Talks
from sim.talks.transcript import DIGITS, events

if TYPE_CHECKING:
    import pandas as pd

Cell = int | float | str | bool
"""What stands in a table of rounds."""


class Played:
    """What one run of a case is, whoever speaks in it; ``history`` are the talks after each round."""

    case: Case
    seed: int
    draws: Draws
    delegations: Sequence[Delegation]
    talks: Talks
    history: list[Talks]
    transcript: list[dict[str, Any]]
    running: bool

    @property
    def round(self) -> int:
        """Rounds played."""
        return self.talks.round

    @property
    def undone(self) -> list[str]:
        """The parties that would not carry out the text that was agreed on in vain."""
        return [self.case.parties[party].id for party in undone(self.case, self.talks)]

    def step(self) -> None:
        """Play one round and record it."""
        before = self.talks
        self.talks = play_round(self.case, self.delegations, before, self.draws)
        self.history.append(self.talks)
        self.transcript += events(self.case, before, self.talks)
        self._record()
        self.running = bool(self.talks.open[0])
        if not self.running:
            self.let_go()

    def _record(self) -> None:
        """Put down the round just played."""
        raise NotImplementedError

    def run_to_end(self) -> None:
        """Play until the talks are over."""
        try:
            while self.running:
                self.step()
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Drop what would keep a run that is over from being forgotten."""

    @property
    def held_months(self) -> int | None:
        """How long the agreement held in this run, in months; None when nothing was signed."""
        if not self.ending.agreed:
            return None
        draw = self.draws.uniforms(Purpose.DURATION, 0, 1)[:, 0]
        return int(held_months(self.case, self.talks.agreed, draw, self.talks.outlook)[0])

    @property
    def ending(self) -> Ending:
        """How the run ended."""
        return Ending(int(self.talks.ending[0]))

    @property
    def authors(self) -> list[str]:
        """Who tabled the last package of each round; nobody where there was none."""
        return [author_of(self.case, talks) for talks in self.history]

    @property
    def table(self) -> list[tuple[Cell, ...]]:
        """A row a round and party, in the columns of `TABLE`; not a number where nothing was tabled."""
        raise NotImplementedError

    def rounds(self) -> pd.DataFrame:
        """The same as a frame."""
        raise NotImplementedError


class SingleRun(Played):
    """One run of the talks of a case in which everybody plays by the model's rules.

    Args:
        case: what is at stake.
        seed: with ``run`` it names every draw, so the same two give the same talks.
        run: the number of the run in a larger study.
    """

    def __init__(self, case: Case, seed: int = 0, run: int = 0) -> None:
        self.case, self.seed, self.draws = case, int(seed), Draws(int(seed), np.array([run]))
        self.delegations = standard(case)
        self.talks = open_talks(case, self.draws)
        self.history, self.transcript, self.running = [], [], True
        self._seats = [Seat(self, party) for party in range(len(case.parties))]
        self._table: list[tuple[Cell, ...]] = []

    def _record(self) -> None:
        self._table += [tuple(tell(seat) for tell in TABLE.values()) for seat in self._seats]

    @property
    def table(self) -> list[tuple[Cell, ...]]:
        """A row a round and party, in the columns of `TABLE`; not a number where nothing was tabled."""
        return self._table

    def rounds(self) -> pd.DataFrame:
        """The same as a frame."""
        import pandas as pd  # here, for it takes a while to import

        return pd.DataFrame.from_records(self._table, columns=list(TABLE))


class Speaker(Protocol):
    """Whoever sits for a party in a run, as the table of rounds sees it."""

    @property
    def model(self) -> Played: ...  # noqa: D102

    @property
    def case(self) -> Case: ...  # noqa: D102

    @property
    def party(self) -> int: ...  # noqa: D102

    def target(self, talks: Talks, package: OptionArray) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class Seat:
    """A party of a run that plays by the model's rules."""

    model: SingleRun
    party: int

    @property
    def case(self) -> Case:
        """What is at stake."""
        return self.model.case

    def target(self, talks: Talks, package: OptionArray) -> float:
        """What the party asks of such a package this round, in points a month."""
        return target(self.case, self.party, talks, package)


def target(case: Case, party: int, talks: Talks, package: OptionArray) -> float:
    """What a party asks of such a package ``(1, I)`` this round, in points a month."""
    asked = target_of(talks.asked, case.stage(package))[0, party]
    return shown(float(asked), float(floors(case, talks)[0, party]))


def last(talks: Talks) -> Exchange | None:
    """The last package of a round that anybody tabled, with its answers; None when there was none."""
    tabled = [exchange for exchange in talks.exchanges if exchange.tabled[0]]
    return tabled[-1] if tabled else None


def author_of(case: Case, talks: Talks) -> str:
    """Who tabled the last package of a round."""
    exchange = last(talks)
    return "" if exchange is None or exchange.author < 0 else case.parties[exchange.author].id


def round_of(speaker: Speaker) -> int:
    """The round just played."""
    return int(speaker.model.round)


def party_of(speaker: Speaker) -> str:
    """The party's id."""
    return speaker.case.parties[speaker.party].id


def utility_of(speaker: Speaker) -> float:
    """What the package on the table would be worth to the party for ever; not a number when there is none."""
    exchange = last(speaker.model.talks)
    return float("nan") if exchange is None else round(float(exchange.utility[0, speaker.party]), DIGITS)


def value_of(speaker: Speaker) -> float:
    """What the package on the table is worth to the party; not a number when there is none."""
    exchange = last(speaker.model.talks)
    return float("nan") if exchange is None else round(float(exchange.value[0, speaker.party]), DIGITS)


def asked_by(speaker: Speaker) -> float:
    """What the party asks of such a package this round."""
    talks = speaker.model.talks
    exchange = last(talks)
    return float("nan") if exchange is None else round(speaker.target(talks, exchange.package), DIGITS)


def reservation_of(speaker: Speaker) -> float:
    """The party's reservation value."""
    return round(float(speaker.model.talks.reservation[0, speaker.party]), DIGITS)


def accepted_by(speaker: Speaker) -> bool:
    """Whether the party says yes to the package on the table."""
    exchange = last(speaker.model.talks)
    return exchange is not None and bool(exchange.accepts[0, speaker.party])


TABLE: dict[str, Callable[[Speaker], Cell]] = {
    "round": round_of,
    "party": party_of,
    "utility": utility_of,
    "value": value_of,
    "target": asked_by,
    "reservation": reservation_of,
    "accepts": accepted_by,
}
"""The columns of the table of rounds."""
