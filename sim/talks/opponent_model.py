"""What a party makes of what the others say: which issues matter to them, and which of their red lines are meant.

It reads offers, refusals and stated reasons only; nobody's utility or true line is known here.
Names: frequency model (van Krimpen, Looije & Hajizadeh 2013); Bayesian opponent model (Hindriks & Tykhonov 2008).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import Case
from sim.stakes.run_axis import cells, with_fields
from sim.stakes.seats import Learns
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.talks.offers.around import Around
from sim.talks.offers.in_runs import Asked, InRuns
from sim.talks.offers.moves import Neighbours, Numbers, neighbours
from sim.talks.state import Exchange, Heard, Talks, put_column

EVEN = 60
"""The weight of an issue of somebody who has not moved on any yet; weights are whole numbers of this mean."""


def importance(case: Case, changes: IntArray, moved: IntArray) -> IntArray:
    """How much each issue seems to matter to a party ``(R, I)``, from its moves: whole numbers of mean `EVEN`.

    An issue counts 1, and 1 more for each of the ``changes`` ``(R,)`` of its offer in which it was not ``moved``
    ``(R, I)``.
    """
    open_issues = np.array(case.space.shape) > 1
    still = (1 + changes[:, None] - moved) * open_issues
    total = np.maximum(still.sum(axis=1, keepdims=True), 1)
    share: FloatArray = still * (EVEN * int(open_issues.sum())) / total
    return share.astype(np.int32)  # small whole numbers: cut as exactly as a division of integers


def likeness_in_full(case: Case) -> int:
    """What one package's likeness to another on every open issue comes to, in the whole numbers of `importance` and of
    steps.
    """
    return neighbours(case).unit * EVEN * max(sum(n > 1 for n in case.space.shape), 1)


def approach(near: Around, to: OptionArray) -> npt.NDArray[np.int8]:
    """By how many steps each single move ``(M, R)`` comes nearer to packages ``(R, I)``: 1, 0 or -1.

    Where options are no levels, any two are a step apart.
    """
    moves = near.near
    target = np.array(to.T, dtype=np.int8, order="C")
    ahead = np.sign(target - near.here)
    nearer = (ahead[moves.issue] == moves.step[:, None]).view(np.int8) * np.int8(2) - np.int8(1)
    nominal = np.flatnonzero(moves.option >= 0)
    there = target[moves.issue[nominal]]
    before, after = near.here[moves.issue[nominal]] != there, moves.option[nominal][:, None] != there
    nearer[nominal] = before.view(np.int8) - after.view(np.int8)
    return nearer


def pull(case: Case, talks: Talks, party: int, near: Around, runs: Numbers | slice = slice(None)) -> IntArray:
    """How much nearer each single move ``(M, R)`` brings a party to what the others last asked for, taken together.

    Every other party that is asked counts by whether it refused what this one last had on the table (with one weight
    for all, three parties that agree stop moving towards a fourth that does not), and every issue by how much it seems
    to matter to that other, or evenly where the party learns nothing. ``runs`` are those of the moves and of
    the case, all by default.
    """
    learns = case.tactics.learns[:, party] != Learns.NOTHING
    kind: type[np.signedinteger[Any]] = np.int32 if loudest(case, near.near) < 1 << 30 else np.int64
    total: Any = np.zeros(near.then.shape, dtype=kind)
    for other in case.protocol.asked:
        if other != party:
            refused = talks.refused[runs, party, other]
            attention = talks.made[runs, other] * np.where(refused, case.protocol.hearing.refused, 1)
            matters = np.where(learns[:, None], cells(talks.heard.importance, other, runs), EVEN) * attention[:, None]
            counts = np.ascontiguousarray(matters.T).astype(kind)
            total += approach(near, cells(talks.offers, other, runs)) * counts[near.near.issue]
    total *= near.near.each[:, None]
    return total


def loudest(case: Case, near: Neighbours) -> int:
    """The most that the `pull` of two moves can come to."""
    protocol = case.protocol
    return 2 * protocol.hearing.refused * EVEN * len(case.space.issues) * near.unit * max(len(protocol.asked), 1)


def whole_pull(case: Case, talks: Talks, party: int, found: InRuns) -> IntArray:
    """The same for whole packages ``(N,)``, each in a run: how near they are to what the others last asked for, less
    what a party that minds others' lines takes off; whole numbers of 0 at the most.
    """
    total: IntArray = np.zeros(len(found.run), dtype=np.int64)
    for asked in others_asked(case, talks, party, found.run):
        total -= found.apart(case, asked) * asked.counts
    minds = np.broadcast_to(case.tactics.learns[:, party] == Learns.BAYES, (talks.runs,))[found.run]
    if minds.any():
        step = case.protocol.hearing.lines * case.protocol.hearing.refused * EVEN * neighbours(case).unit
        minded = np.rint(trespass(case, talks, party, found.packages, found.run) * step).astype(np.int64)
        total -= np.where(minds, minded, 0)
    return total


def others_asked(case: Case, talks: Talks, party: int, runs: Numbers) -> Iterator[Asked]:
    """What each other last asked a party for in runs ``(N,)``, as it hears them."""
    learns = np.broadcast_to(case.tactics.learns[:, party] != Learns.NOTHING, (talks.runs,))[runs, None]
    for other in case.protocol.asked:
        if other != party:
            loud = np.where(talks.refused[runs, party, other], case.protocol.hearing.refused, 1)
            matters = np.where(learns, cells(talks.heard.importance, other, runs), EVEN)
            yield Asked(cells(talks.offers, other, runs), matters, talks.made[runs, other] * loud)


def noted(case: Case, talks: Talks, party: int, packages: OptionArray, spoke: BoolArray) -> Heard:
    """What is known after a party asked for packages ``(R, I)`` in the runs in which it spoke ``(R,)``.

    What its move brought the others enters their tit for tat, as a mean over those who make moves.
    """
    heard = talks.heard
    before = talks.offers[:, party]
    differs = (packages != before) & (spoke & talks.made[:, party])[:, None]
    moves = differs.any(axis=1)
    changes, moved = heard.changes[:, party] + moves, heard.moved[:, party] + differs
    gave = heard.gave
    if case.tactics.tit_for_tat.any():
        gain = case.preferences.utilities(packages) - case.preferences.utilities(before)
        others = max(len(case.protocol.asked) - 1, 1)
        gave = gave + np.where(moves[:, None] & ~case.among((party,)), gain / others, 0.0)
    return with_fields(
        heard,
        changes=put_column(heard.changes, party, changes),
        moved=put_column(heard.moved, party, moved),
        importance=put_column(heard.importance, party, importance(case, changes, moved)),
        gave=gave,
    )


def bluffs(case: Case, heard: Heard, exchange: Exchange) -> FloatArray:
    """The chance that each declared line is not meant ``(R, L)``, after an exchange.

    A party that refuses and pleads the line is ``pretence`` as likely to do so when bluffing as when it is meant; a
    package that crosses the line and is not refused over it shows that it was not.
    """
    lines, pretence = case.red_lines, case.protocol.hearing.pretence
    crosses = lines.crossed(exchange.package)
    found = heard.bluff.copy()
    for n, (box, line) in enumerate(zip(lines.box_of("declared"), lines.lines, strict=True)):
        declared = np.uint64(1) << np.uint64(box)
        any_form = np.uint64((1 << len(line.forms)) - 1) << np.uint64(box)  # a line may have hardened since
        touched = ((crosses & declared) != 0) & exchange.tabled & np.isin(line.party, exchange.asked)
        pleaded = touched & ((exchange.crossed[:, line.party] & any_form) != 0)
        prior = found[:, n]
        after = prior * pretence / (prior * pretence + 1.0 - prior)
        found[:, n] = np.where(pleaded, after, np.where(touched, 1.0, prior))
    return found


def trespass(
    case: Case, talks: Talks, party: int, packages: OptionArray, runs: Numbers | slice = slice(None)
) -> FloatArray:
    """How many red lines of others packages ``(R, ..., I)`` are thought to cross ``(R, ...)``.

    Each counts by the chance that it is meant; ``runs`` are those of the packages, all by default.
    """
    lines = case.red_lines
    crosses = lines.crossed(packages)
    total: FloatArray = np.zeros(packages.shape[:-1])
    for n, (box, line) in enumerate(zip(lines.box_of("declared"), lines.lines, strict=True)):
        if line.party != party and line.party in case.protocol.asked:
            meant = (1.0 - talks.heard.bluff[runs, n]).reshape(-1, *[1] * (packages.ndim - 2))
            total = total + ((crosses & (np.uint64(1) << np.uint64(box))) != 0) * meant
    return total
