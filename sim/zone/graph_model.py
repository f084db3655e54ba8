"""The graph model for conflict resolution (Fang, Hipel & Kilgour 1993): which states nobody leaves.

States are numbers, payoffs arrays, and moves lead from one state to another; packages and wars are not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.stakes.case import TOLERANCE
from sim.stakes.space import BoolArray, FloatArray

States = npt.NDArray[np.intp]
NOWHERE = -1
"""The state that a move leads to where it cannot be made."""


class Graph(Protocol):
    """Who may move from where to where, and what each state is worth to whom."""

    @property
    def payoffs(self) -> FloatArray:
        """What each state is worth to each party ``(P, S)``."""
        ...

    def moves(self, party: int) -> int:
        """How many kinds of moves a party has."""
        ...

    def to(self, party: int, move: int, states: States) -> States:
        """Where a move leads from each state ``(N,)``, or `NOWHERE`."""
        ...


@dataclass(frozen=True)
class Table:
    """A graph written out: the states ``(S, M)`` that each party's moves lead to, `NOWHERE` where there is none.

    >>> first, second = np.array([[2], [3], [0], [1]]), np.array([[1], [0], [3], [2]])
    >>> chicken = Table(np.array([[3, 2, 4, 1], [3, 4, 2, 1]]), (first, second))
    >>> found = stable_for(chicken, 0, np.arange(4))
    >>> found.nash.tolist(), found.sequential.tolist(), found.metarational.tolist()
    ([False, True, True, False], [False, True, True, False], [True, True, True, False])
    """

    payoffs: FloatArray
    table: Sequence[States]

    def moves(self, party: int) -> int:
        """How many kinds of moves a party has."""
        return int(self.table[party].shape[1])

    def to(self, party: int, move: int, states: States) -> States:
        """Where a move leads from each state."""
        return self.table[party][states, move]


@dataclass(frozen=True)
class Stability:
    """Which states ``(N,)`` are stable: for one party, or for all."""

    nash: BoolArray
    """No move of its own leaves the party better off (Nash 1951)."""
    sequential: BoolArray
    """Each that would can be answered by one move of another who gains by it, and then the party is no better off than
    before (Fraser & Hipel 1979).
    """
    metarational: BoolArray
    """The same whether or not the other gains by it (Howard 1971)."""

    def __and__(self, other: Stability) -> Stability:
        """Stable for both."""
        return Stability(
            self.nash & other.nash, self.sequential & other.sequential, self.metarational & other.metarational
        )


def stable_for(graph: Graph, party: int, states: States) -> Stability:
    """In which states ``(N,)`` a party stays.

    Answers are single moves of one other party, so that a state with more movers is stable no more often than where
    others may answer one after the other.
    """
    nash, sequential, metarational = (np.ones(len(states), dtype=bool) for _ in range(3))
    for move in range(graph.moves(party)):
        there = graph.to(party, move, states)
        gains = np.flatnonzero(better(graph, party, states, there))
        nash[gains] = False
        rather, at_all = answered(graph, party, states[gains], there[gains])
        sequential[gains] &= rather
        metarational[gains] &= at_all
    return Stability(nash, sequential, metarational)


def stable(graph: Graph, states: States) -> Stability:
    """Which states ``(N,)`` are stable for every party: the equilibria."""
    found = [stable_for(graph, party, states) for party in range(len(graph.payoffs))]
    whole = found[0]
    for one in found[1:]:
        whole = whole & one
    return whole


def better(graph: Graph, party: int, here: States, there: States) -> BoolArray:
    """Whether a party is better off where a move leads ``(N,)``; never where it cannot be made."""
    worth = graph.payoffs[party]
    return (there != NOWHERE) & (worth[there] > worth[here] + TOLERANCE)


def no_better(graph: Graph, party: int, here: States, then: States) -> BoolArray:
    """Whether a party is no better off than before where an answer leads ``(N,)``; never where there is none."""
    worth = graph.payoffs[party]
    return (then != NOWHERE) & (worth[then] <= worth[here] + TOLERANCE)


def answered(graph: Graph, party: int, here: States, there: States) -> tuple[BoolArray, BoolArray]:
    """Whether some one move of another leaves a party that moved no better off than before ``(N,)``: of another who
    gains by it, and of any.
    """
    rather, at_all = np.zeros(len(here), dtype=bool), np.zeros(len(here), dtype=bool)
    for other in (other for other in range(len(graph.payoffs)) if other != party):
        for move in range(graph.moves(other)):
            then = graph.to(other, move, there)
            hurts = no_better(graph, party, here, then)
            at_all |= hurts
            rather |= hurts & better(graph, other, there, then)
    return rather, at_all
