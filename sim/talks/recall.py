"""Answers anew to what was tabled before: a package that suited nobody once may suit all as targets and lines move.

At the end of a round in which nothing was signed, all who are asked answer once more to everything that is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.run_axis import with_fields
from sim.stakes.space import BoolArray, IntArray
from sim.stakes.stages import Stage
from sim.talks.acceptance import carried
from sim.talks.concession import floors
from sim.talks.delegation import Delegation
from sim.talks.memory import age
from sim.talks.round_end import sign
from sim.talks.state import Talks, put_column
from sim.talks.words import unpacked


def recalled(case: Case, delegations: Sequence[Delegation], talks: Talks) -> Talks:
    """The talks after everybody asked answered anew; of what finds enough to sign it, the last tabled is signed.

    It must be of a later stage than what is in force. In shuttle diplomacy nobody is asked, in two tracks those of the
    round's. A delegation in code is asked about one package a round, the last that all others would sign; a person is
    not asked, and can table it.
    """
    memory = talks.memory
    asked = tuple(p for p in _asked(case, talks.round) if getattr(delegations[p], "answers_anew", True))
    live = (memory.held > talks.in_force[:, None]) & (talks.open & ~talks.signed)[:, None]
    if not asked or not live.any():
        return talks
    own = [party for party in asked if not delegations[party].by_the_model]
    runs, slots, yes = _would_sign(case, talks, asked, own, live)
    if not len(runs):
        return talks
    order = np.lexsort((age(case, memory, runs, slots), runs))
    last = order[np.append(np.diff(runs[order]) != 0, True)]
    runs, slots = runs[last], slots[last]
    accepts = np.zeros((talks.runs, len(case.parties)), dtype=bool)
    accepts[runs] = yes[last]
    packages = np.zeros((talks.runs, len(case.space.issues)), dtype=np.int8)
    packages[runs] = unpacked(case, memory.words[runs, :, slots])
    tabled = np.zeros(talks.runs, dtype=np.int64)
    tabled[runs] = memory.rounds[runs, slots]
    for party in own:
        reply = delegations[party].respond(talks, packages)
        accepts = put_column(accepts, party, reply.accepts & (tabled > 0))
        if reply.walks is not None:
            gone = put_column(talks.leaves, party, talks.leaves[:, party] | (reply.walks & (tabled > 0)))
            talks = with_fields(talks, leaves=gone)
    signed = (tabled > 0) & carried(case, accepts, packages)
    values = case.values(packages, case.preferences.utilities(packages), talks.outlook)
    talks = sign(case, talks, signed, packages, values)
    return with_fields(talks, recalled=np.where(signed & talks.signed, tabled, talks.recalled))


def _asked(case: Case, round_: int) -> tuple[int, ...]:
    """Who answers anew."""
    protocol = case.protocol
    if protocol.name == "shuttle":
        return ()
    if protocol.name == "two_track":
        return protocol.tracks[(round_ - 1) % len(protocol.tracks)].parties
    return protocol.asked


def _would_sign(
    case: Case, talks: Talks, asked: tuple[int, ...], own: list[int], live: BoolArray
) -> tuple[IntArray, IntArray, BoolArray]:
    """Runs, slots ``(N,)`` and answers ``(N, P)`` of what would be signed if all of ``own`` said yes.

    Lines and utilities come first and values last, which cost most; whose word is needed comes before others.
    """
    memory, protocol = talks.memory, case.protocol
    needed = [party for party in protocol.vetoes if party not in own]
    if not set(protocol.vetoes) <= set(asked):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros((0, len(case.parties)), dtype=bool)
    for party in needed[:1]:  # on everything at once, which is cheap; the others on what it leaves
        live &= (memory.crossed & talks.binding[:, party, None]) == 0
        stage, targets = memory.stage, talks.asked[:, party]  # told apart, which is faster than looked up in a table
        target = np.where(
            stage == Stage.SETTLEMENT, targets[:, Stage.SETTLEMENT, None], targets[:, Stage.INTERIM, None]
        )
        target = target if case.partial is None else np.where(stage == Stage.PARTIAL, targets[:, 1, None], target)
        live &= target - memory.utility[:, party] <= TOLERANCE
    runs, slots = np.nonzero(live)
    yes = np.zeros((len(runs), len(case.parties)), dtype=bool)
    yes[:, own] = True
    for party in (*needed, *(p for p in asked if p not in needed and p not in own)):
        answers = (memory.crossed[runs, slots] & talks.binding[runs, party]) == 0
        target = talks.asked[runs, party, memory.stage[runs, slots]]
        answers &= target - memory.utility[runs, party, slots] <= TOLERANCE
        yes[:, party] = answers
        if party in needed:
            runs, slots, yes = runs[answers], slots[answers], yes[answers]
    enough = protocol.carries(yes)
    runs, slots, yes = runs[enough], slots[enough], yes[enough]
    if len(runs):
        yes &= _worth_signing(case, talks, runs, slots) | np.isin(np.arange(len(case.parties)), own)
        enough = protocol.carries(yes)
        runs, slots, yes = runs[enough], slots[enough], yes[enough]
    return runs, slots, yes


def _worth_signing(case: Case, talks: Talks, runs: IntArray, slots: IntArray) -> BoolArray:
    """To whom ``(N, P)`` packages in some slots of some runs are worth their floors."""
    memory = talks.memory
    packages, utilities = unpacked(case, memory.words[runs, :, slots]), memory.utility[runs, :, slots]
    floor = np.broadcast_to(floors(case, talks), (talks.runs, len(case.parties)))[runs]
    return floor - case.values(packages, utilities, talks.outlook, runs) <= TOLERANCE
