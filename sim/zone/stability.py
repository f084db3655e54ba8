"""Which agreements hold by themselves: the packages of a zone as states, with what each party could do alone.

Moves are deeds that need nobody else, deeds undone, and for belligerents the war resumed, which ends the matter. What
stable means is `graph_model`'s; why a package holds is told move by move.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import FloatArray, OptionArray, OutcomeSpace
from sim.stakes.views import Whole
from sim.zone.graph_model import NOWHERE, Stability, States, better, no_better, stable
from sim.zone.points import frontier
from sim.zone.region import Members, Progress

LARGEST = 100_000
"""Packages of the largest zone that is looked at whole; of a larger one only its frontier is."""


@dataclass(frozen=True)
class Move:
    """Something that a party can do alone: an issue set to an option, or the war resumed (no issue).

    ``undo`` tells a deed undone from a new one: then the issue goes back to its status quo from an option that needs
    the party's deed.
    """

    issue: str | None
    option: str | None
    undo: bool = False


RESUME = Move(None, None)


@dataclass(frozen=True, eq=False)
class Moves:
    """The packages of a space under one ending as states, S of them, then the war resumed from each: 2 S states.

    Endings and pinned issues do not move. Nobody moves once there is war again.
    """

    case: Case
    space: OutcomeSpace

    @cached_property
    def payoffs(self) -> FloatArray:
        """What each state is worth to each party ``(P, 2 S)``: a package its value, a war resumed W'."""
        case, every = self.case, tuple(range(len(self.case.parties)))
        worth = [np.ravel(value) for value in case.values_over(self.space, every)]
        if case.endings is None or case.outlook is None:
            return np.stack(worth)
        view = Whole(case.endings, case.preferences, self.space, 0)
        wars = (np.ravel(np.broadcast_to(view.resumed(case.outlook, p), self.space.shape)) for p in every)
        return np.stack([np.concatenate(both) for both in zip(worth, wars, strict=True)])

    @cached_property
    def _coherent(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        return np.ravel(self.case.stages.coherent_over(self.space))

    @cached_property
    def _strides(self) -> list[int]:
        sizes = [1, *np.cumprod(self.space.shape[::-1]).tolist()[:-1]]
        return sizes[::-1]

    @cached_property
    def by_party(self) -> list[list[Move]]:
        """The moves of each party."""
        return [list(self._of(party)) for party in range(len(self.case.parties))]

    def _of(self, party: int) -> Iterator[Move]:
        case, endings = self.case, self.case.endings
        if party in case.belligerents and endings is not None:
            yield RESUME
        for axis, left in enumerate(self.space.left):
            if case.consent is None or len(left) == 1 or (endings is not None and axis == endings.axis):
                continue
            needs, issue = case.consent[:, axis], self.space.issues[axis]
            alone = [k for k in left if needs[party, k] and needs[:, k].sum() == 1]
            yield from (Move(issue.id, issue.options[k]) for k in alone)
            stands = issue.status_quo
            is_line = endings is not None and axis == endings.line
            if stands in left and stands not in alone and not is_line and needs[party].any():
                yield Move(issue.id, issue.options[stands], undo=True)

    def moves(self, party: int) -> int:
        """How many kinds of moves a party has."""
        return len(self.by_party[party])

    def to(self, party: int, move: int, states: States) -> States:
        """Where a move leads from each state ``(N,)``, or `NOWHERE`."""
        made, size = self.by_party[party][move], self.space.size
        there = states < size
        if made.issue is None or made.option is None:
            return np.where(there, states + size, NOWHERE)
        axis = self.space.axis(made.issue)
        left, stride = self.space.left[axis], self._strides[axis]
        place = np.where(there, states, 0) // stride % len(left)
        option = self.space.issues[axis].options.index(made.option)
        then = np.where(there, states, 0) + (left.index(option) - place) * stride
        possible = there & (then != states) & self._coherent[then]
        if made.undo:
            assert self.case.consent is not None
            possible &= self.case.consent[party, axis, list(left)][place]
        return np.where(possible, then, NOWHERE)


@dataclass(frozen=True)
class Stable:
    """Packages ``(N, I)`` with what holds them; ``whole`` is False where only a zone's frontier was looked at."""

    packages: OptionArray
    values: FloatArray
    holds: Stability
    whole: bool


def stability(case: Case, inside: Members, progress: Progress = lambda share: None) -> Stable:
    """Which packages of a zone, or of its frontier where it is very large, are stable for all parties.

    Args:
        case: what is at stake; its first row where arrays have many.
        inside: the packages of the zone.
        progress: told the share of the work that is done, ending by ending.
    """
    whole = len(inside.packages) <= LARGEST
    chosen = np.arange(len(inside.packages)) if whole else frontier(inside.values)
    packages = inside.packages[chosen]
    found = np.zeros((3, len(packages)), dtype=bool)
    done = 0
    for mine, graph in parts(case, packages):
        one = stable(graph, graph.space.ids(packages[mine]))
        found[:, mine] = one.nash, one.sequential, one.metarational
        done += len(mine)
        progress(done / len(packages))
    return Stable(packages, inside.values[chosen], Stability(*found), whole)


def parts(case: Case, packages: OptionArray) -> Iterator[tuple[States, Moves]]:
    """The places of packages ``(N, I)`` that share an ending, with the moves under it."""
    for space in case.parts(case.space.within(case.zones["ceasefire"])):
        mine = np.arange(len(packages))
        if case.endings is not None:
            mine = np.flatnonzero(packages[:, case.endings.axis] == (*space.left[case.endings.axis], -1)[0])
        if len(mine) and space.size:
            yield mine, Moves(case, space)


@dataclass(frozen=True)
class Answer:
    """A move of another party that leaves the one that moved first no better off; ``rather`` if it gains by it."""

    party: str
    move: Move
    rather: bool


@dataclass(frozen=True)
class Leaving:
    """A move by which a party alone would gain so many points a month, and what deters it, if anything does."""

    party: str
    move: Move
    gain: float
    deterred_by: Answer | None


def temptations(case: Case, package: OptionArray) -> list[Leaving]:
    """Who would gain by leaving a package ``(I,)`` alone, by what, and what deters it; none where it is Nash stable.

    Of several answers one stands that its party would rather give, a resumed war first.
    """
    (_, graph), *_ = parts(case, package[None])
    here = graph.space.ids(package[None])
    found = []
    for party in range(len(case.parties)):
        for n, move in enumerate(graph.by_party[party]):
            there = graph.to(party, n, here)
            if better(graph, party, here, there)[0]:
                gain = float(graph.payoffs[party, there[0]] - graph.payoffs[party, here[0]])
                found.append(Leaving(case.parties[party].id, move, gain, _answer(graph, party, here, there)))
    return found


def _answer(graph: Moves, party: int, here: States, there: States) -> Answer | None:
    """The answer to a move, if there is one."""
    found = []
    for other in range(len(graph.payoffs)):
        for n, move in enumerate(graph.by_party[other] if other != party else ()):
            then = graph.to(other, n, there)
            if no_better(graph, party, here, then)[0]:
                rather = bool(better(graph, other, there, then)[0])
                found.append(Answer(graph.case.parties[other].id, move, rather))
    return min(found, key=lambda answer: (not answer.rather, answer.move.issue is not None), default=None)
