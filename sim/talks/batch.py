"""Many runs of the talks at once, in blocks: the same functions that one run is played by, and the same runs.

What a run comes to depends on its number, the seed and its row of the case, never on the block, the order or the
company it is played in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.errors import ArgumentError, type_of
from sim.frames import frame, numbers, package_columns, words
from sim.stakes.case import Case
from sim.stakes.run_axis import take_rows, with_fields
from sim.stakes.space import BoolArray, CountArray, FloatArray, IntArray, OptionArray
from sim.talks.delegation import standard
from sim.talks.discounting import agreed_values
from sim.talks.draws import Draws, Purpose
from sim.talks.duration import held_months
from sim.talks.how_talks_end import Ending, EndingArray
from sim.talks.memory import nothing_tabled
from sim.talks.offers.hope import hopes
from sim.talks.offers.opening import openings
from sim.talks.referee import advance, open_talks
from sim.talks.state import Talks

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 32_768
"""Runs played at once: enough to make little of what a call costs, few enough to stay near the processor."""
WORTH_DROPPING = 0.85
"""Share of runs still open below which the others are dropped."""


@dataclass(frozen=True)
class Results:
    """What R runs came to, in the order asked for.

    ``ending`` ``(R,)`` as `Ending`, ``ended`` the round; ``agreed`` ``(R, I)`` what was signed or in force (the start
    text where nothing was) and its ``values`` ``(R, P)`` to each party then, beside the ``reservation`` ``(R, P)``;
    ``holds`` ``(R,)`` its chance to hold a year and ``held_months`` how long it held in this run (-1 where nothing was
    agreed). ``first`` ``(R,)`` is the round of the first ceasefire or settlement (0 for none); ``left`` ``(R,)`` who
    walked out, or -1; ``seen`` ``(R,)`` the first round in which something that suited
    everybody was on the table (0 for never) and ``held_out`` ``(R, P)`` who refused such, asking for more; ``softened``
    ``(R, P)`` steps of red lines given up and ``moved`` ``(R, P, I)`` changes of offers by issue; ``leverage`` ``(R,)``
    index points times rounds that the mediator spent.
    """

    runs: IntArray
    ending: EndingArray
    ended: CountArray
    agreed: OptionArray
    values: FloatArray
    reservation: FloatArray
    holds: FloatArray
    held_months: CountArray
    first: CountArray
    left: npt.NDArray[np.int8]
    seen: CountArray
    held_out: BoolArray
    softened: CountArray
    moved: CountArray
    leverage: FloatArray

    def to_frame(self, case: Case) -> pd.DataFrame:
        """A row a run: how and when it ended, what was signed, what it is worth to each party and how long it held.

        ``value:<party>`` and ``reservation:<party>`` are points a month, ``holds`` is the chance to hold a year,
        ``left`` who walked out; what was not agreed is null.

        Raises:
            ArgumentError: for what is no case.
        """
        if not isinstance(case, Case):
            raise ArgumentError(f"case: should be the case that was played, not {type_of(case)}")
        agreed, parties, endings = self.agreeing, [party.id for party in case.parties], list(Ending)
        places = np.searchsorted([int(ending) for ending in endings], self.ending)
        return frame(
            {
                "run": self.runs,
                "ending": words(places, [ending.word for ending in endings]),
                "agreed": agreed,
                "round": self.ended,
                **package_columns(case.space, self.agreed, agreed),
                **{f"value:{party}": numbers(self.values[:, n], agreed) for n, party in enumerate(parties)},
                **{f"reservation:{party}": self.reservation[:, n] for n, party in enumerate(parties)},
                "holds": numbers(self.holds, agreed),
                "held_months": numbers(self.held_months, agreed),
                "left": words(self.left, parties),
            }
        )

    @property
    def agreeing(self) -> BoolArray:
        """Which runs ended with a ceasefire or a settlement."""
        return np.isin(self.ending, (Ending.SETTLEMENT, Ending.CEASEFIRE_ONLY))


def negotiate(
    case: Case,
    runs: IntArray | int,
    seed: int = 0,
    block: int = BLOCK,
    progress: Callable[[float], None] = lambda share: None,
) -> Results:
    """Play runs of the talks to their ends.

    Args:
        case: what is at stake; its arrays lead with one row for all runs, or with a row for each.
        runs: the numbers of the runs ``(R,)``, in any order, or how many to play from number 0 on.
        seed: with a run's number it names every draw of the run.
        block: runs played at once; it changes nothing but the time and the memory.
        progress: told the share of the runs that is done.
    """
    numbers = np.arange(runs) if isinstance(runs, int) else np.asarray(runs, dtype=np.int64)
    found, first, hope = nothing_yet(case, numbers), openings(case), hopes(case)
    for start in range(0, len(numbers), block):
        rows = np.arange(start, min(start + block, len(numbers)))
        part = take_rows(case, rows)
        talks = open_talks(
            part, Draws(seed, numbers[rows]), take_rows(first, rows), hope[rows] if len(hope) > 1 else hope
        )
        _play(part, talks, Draws(seed, numbers[rows]), found, rows)
        progress(rows[-1] / len(numbers))
    progress(1.0)
    return found


def nothing_yet(case: Case, runs: IntArray) -> Results:
    """Results to write into."""
    count, parties, issues = len(runs), len(case.parties), len(case.space.issues)
    return Results(
        runs=runs,
        ending=np.zeros(count, dtype=np.int8),
        ended=np.zeros(count, dtype=np.int16),
        agreed=np.zeros((count, issues), dtype=np.int8),
        values=np.zeros((count, parties)),
        reservation=np.zeros((count, parties)),
        holds=np.zeros(count),
        held_months=np.zeros(count, dtype=np.int16),
        first=np.zeros(count, dtype=np.int16),
        left=np.zeros(count, dtype=np.int8),
        seen=np.zeros(count, dtype=np.int16),
        held_out=np.zeros((count, parties), dtype=bool),
        softened=np.zeros((count, parties), dtype=np.int16),
        moved=np.zeros((count, parties, issues), dtype=np.int16),
        leverage=np.zeros(count),
    )


def _play(case: Case, talks: Talks, draws: Draws, into: Results, rows: IntArray) -> None:
    """Play one block; each run is written down in the round in which it ends, and dropped soon after."""
    delegations = standard(case)
    lasting = draws.uniforms(Purpose.DURATION, 0, 1)[:, 0]
    while talks.open.any():
        going = talks.open
        talks = advance(case, delegations, talks, draws)
        over = np.flatnonzero(going & ~talks.open)
        if len(over):
            done = with_fields(talks, memory=nothing_tabled(case, talks.runs))  # which nobody will read again
            write_down(take_rows(case, over), _of(done, over), lasting[over], into, rows[over])
        left = np.flatnonzero(talks.open)
        if len(left) < WORTH_DROPPING * len(rows):
            rest = take_rows(case, left)
            if rest is not case:
                case, delegations = rest, standard(rest)
            talks, draws, rows, lasting = _of(talks, left), draws.of(left), rows[left], lasting[left]


def _of(talks: Talks, keep: IntArray) -> Talks:
    """The talks of some runs, without the exchanges of the round just played."""
    return take_rows(with_fields(talks, exchanges=()), keep)


def write_down(case: Case, talks: Talks, lasting: FloatArray, into: Results, rows: IntArray) -> None:
    """Write down what runs that just ended came to; draws ``lasting`` ``(R,)`` say how long agreements hold."""
    agreed = np.isin(talks.ending, (Ending.SETTLEMENT, Ending.CEASEFIRE_ONLY, Ending.PARTIAL))
    broken = case.breakdown(talks.agreed, talks.outlook)
    held = held_months(case, talks.agreed, lasting, talks.outlook)
    columns = {
        "ending": talks.ending,
        "ended": talks.ended,
        "agreed": talks.agreed,
        "values": agreed_values(case, talks),
        "reservation": talks.reservation,
        "holds": np.where(agreed, (1.0 - broken) ** 12, 0.0),
        "held_months": np.where(agreed, held, -1),
        "first": talks.tally.first,
        "left": talks.left,
        "seen": talks.tally.seen,
        "held_out": talks.tally.held_out,
        "softened": talks.tally.softened,
        "moved": talks.heard.moved,
        "leverage": talks.tally.leverage,
    }
    for name, column in columns.items():
        getattr(into, name)[rows] = column


def same(first: Results, second: Results) -> bool:
    """Whether two results are the same to the last bit."""
    return all(np.array_equal(getattr(first, f.name), getattr(second, f.name)) for f in fields(Results))
