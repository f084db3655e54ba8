"""The referee: a round from events to endings, for any number of runs.

Delegations decide; the referee keeps the order and the record. What finished runs hold does not change any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.run_axis import with_fields
from sim.stakes.space import FloatArray, IntArray
from sim.stakes.stages import Stage
from sim.talks.concession import targets
from sim.talks.delegation import Delegation
from sim.talks.draws import Draws, Purpose
from sim.talks.front import looking_ahead, open_front, pull_levers, what_happens
from sim.talks.how_talks_end import Ending
from sim.talks.memory import nothing_tabled, remembered
from sim.talks.offers.hope import hopes
from sim.talks.offers.opening import Openings, openings
from sim.talks.opponent_model import EVEN
from sim.talks.protocols import PLAY
from sim.talks.recall import recalled
from sim.talks.round_end import ended
from sim.talks.softening import binding, lines_move
from sim.talks.state import Heard, Shelf, Talks, Tally

WAR_DRAWS = 4
"""Draws of a round for the war: the front, the war's end, an incident, a standing armistice."""


def open_talks(
    case: Case, runs: Draws | int = 1, first: Openings | None = None, hope: FloatArray | None = None
) -> Talks:
    """The talks before their first round.

    ``runs`` are their draws, or how many there are where the deadline is certain; ``first`` are the openings and
    ``hope`` the hopes, where they are known.
    """
    draws, runs = (None, runs) if isinstance(runs, int) else (runs, len(runs.runs))
    parties, issues = len(case.parties), len(case.space.issues)
    first, hope = openings(case) if first is None else first, hopes(case) if hope is None else hope

    def per_run(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.broadcast_to(rows, (runs, *rows.shape[1:]))

    reservation = np.broadcast_to(case.reservation, (runs, parties))
    text, rung = np.broadcast_to(case.protocol.start_text, (runs, issues)), _counts(runs, len(case.red_lines.lines))
    return Talks(
        round=0,
        topic=None,
        shelf=_empty_shelf(case, runs),
        reservation=reservation,
        outlook=case.outlook,
        front=open_front(case, runs),
        rung=rung,
        binding=binding(case, rung),
        best=per_run(first.best),
        asked=per_run(first.best),
        openings=per_run(first.packages),
        can_open=per_run(first.can),
        offers=np.zeros((runs, parties, issues), dtype=np.int8),
        made=np.zeros((runs, parties), dtype=bool),
        refused=np.ones((runs, parties, parties), dtype=bool),
        heard=_nothing_heard(case, runs),
        tally=_nothing_happened(case, runs),
        memory=nothing_tabled(case, runs),
        last=_last_rounds(case, runs, draws),
        hope=per_run(hope),
        text=text,
        before=text,
        agreeing=np.zeros((runs, parties), dtype=bool),
        distance=np.full(runs, np.iinfo(np.int64).max),
        idle=_counts(runs),
        standing=text,
        in_force=np.full(runs, Stage.SHORT, dtype=np.int8),
        ending=np.full(runs, Ending.OPEN, dtype=np.int8),
        ended=_counts(runs),
        agreed=text,
        left=np.full(runs, -1, dtype=np.int64),
        signed=np.zeros(runs, dtype=bool),
        empty=np.zeros(runs, dtype=bool),
        recalled=_counts(runs),
        leaves=np.zeros((runs, parties), dtype=bool),
        deal=text,
    )


def _counts(*shape: int) -> npt.NDArray[np.int32]:
    """Nothing counted so far."""
    return np.zeros(shape, dtype=np.int32)


def _empty_shelf(case: Case, runs: int) -> Shelf:
    """No offers that lie aside."""
    parties = len(case.parties)
    return Shelf(
        offers=np.zeros((runs, 2, parties, len(case.space.issues)), dtype=np.int8),
        made=np.zeros((runs, 2, parties), dtype=bool),
        refused=np.ones((runs, 2, parties, parties), dtype=bool),
    )


def _nothing_heard(case: Case, runs: int) -> Heard:
    """What parties make of each other before anybody spoke."""
    parties, issues = len(case.parties), len(case.space.issues)
    return Heard(
        changes=_counts(runs, parties),
        moved=_counts(runs, parties, issues),
        importance=np.full((runs, parties, issues), EVEN, dtype=np.int32),
        gave=np.zeros((runs, parties)),
        bluff=np.broadcast_to(case.resolve.bluff, (runs, len(case.red_lines.lines))),
        refusals=_counts(runs, parties),
        offered=np.zeros((runs, parties)),
        silence=_counts(runs, parties),
    )


def _nothing_happened(case: Case, runs: int) -> Tally:
    """The measures of runs before their first round."""
    parties = len(case.parties)
    return Tally(
        softened=_counts(runs, parties),
        pressed=_counts(runs, parties),
        leverage=np.zeros(runs),
        seen=_counts(runs),
        held_out=np.zeros((runs, parties), dtype=bool),
        first=_counts(runs),
        since=_counts(runs),
    )


def _last_rounds(case: Case, runs: int, draws: Draws | None) -> IntArray:
    """The round ``(R,)`` after which each run ends at the latest; any is as likely where the deadline is uncertain."""
    earliest, latest = case.protocol.earliest, case.protocol.deadline
    if earliest == latest or draws is None:
        return np.full(runs, latest)
    drawn = draws.uniforms(Purpose.DEADLINE, 0, 1)[:, 0]
    return earliest + np.floor(drawn * (latest - earliest + 1)).astype(np.int64)


def play_round(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """The talks after one more round; finished runs are returned unchanged."""
    after = advance(case, delegations, talks, draws)
    return after if talks.open.all() else _kept(talks, after, ~talks.open)


def advance(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """The talks after one more round, in which what finished runs hold but their endings means nothing any more.

    Events and the war, levers, what everybody expects, lines that move, offers and answers, signatures and endings.
    """
    none = np.zeros(talks.runs, dtype=bool)
    talks = with_fields(talks, round=talks.round + 1, exchanges=(), signed=none, empty=none, recalled=none * 0)
    war = draws.uniforms(Purpose.WAR, talks.round, WAR_DRAWS)
    talks = what_happens(case, talks, war)
    talks = pull_levers(case, talks)
    talks = looking_ahead(case, talks)
    talks = lines_move(case, talks, draws)
    talks = with_fields(talks, asked=targets(case, talks))
    talks = PLAY[case.protocol.name](case, delegations, talks, draws)
    talks = remembered(case, recalled(case, delegations, talks))
    return ended(case, talks, war[:, 3])


def play(case: Case, delegations: Sequence[Delegation], draws: Draws, talks: Talks | None = None) -> Talks:
    """The talks played to the end of every run, from the first round or from where they stand."""
    talks = open_talks(case, draws) if talks is None else talks
    while talks.open.any():
        talks = play_round(case, delegations, talks, draws)
    return talks


def _kept(before: Any, after: Any, finished: npt.NDArray[np.bool_]) -> Any:
    """What stands after a round, with everything of finished runs ``(R,)`` as it was."""
    fields = {}
    for name in after.by_run:
        old, new = getattr(before, name), getattr(after, name)
        if old is None or new is None or old is new or name == "memory":
            continue  # finished runs remember nothing new
        if hasattr(new, "by_run"):
            fields[name] = _kept(old, new, finished)
        else:
            wide = finished.reshape(-1, *[1] * (new.ndim - 1))
            fields[name] = np.where(wide, old, new)
    return with_fields(after, **fields)
