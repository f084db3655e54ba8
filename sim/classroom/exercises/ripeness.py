"""Exercise: in which round the talks end when continuing costs one side, or both, twice as much.

A prediction is judged against many runs of the talks, within the bootstrap interval of their median. It must not say
on which side of the median a prediction lies.
"""

from __future__ import annotations

from functools import cached_property, reduce
from operator import getitem
from typing import Any

import numpy as np

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Judged, Question
from sim.classroom.many import rounds_to_agreement
from sim.classroom.tactic_handed_in import tactic_text
from sim.markup import counted, plain
from sim.scenario.exercise_schema import Ripeness
from sim.scenario.war_schema import Beliefs
from sim.stakes.case import Case
from sim.stakes.space import IntArray

LEVEL = 0.95
"""Of the bootstrap interval."""
NEAR = {1: 0.6, 3: 0.2}
"""Rounds beyond the interval that still earn a share."""


def bootstrap_interval(values: IntArray, level: float = LEVEL) -> tuple[float, float]:
    """The bootstrap interval of the median, exactly, without a draw (Efron 1982).

    The median of a resample is at most the k-th smallest value with the chance that a majority of n draws falls among
    the k smallest; the interval leaves out the tails of that distribution. n is made odd by leaving out the last value.

    >>> bootstrap_interval(np.array([5, 5, 5, 5, 5]))
    (5.0, 5.0)
    >>> bootstrap_interval(np.arange(1, 100))
    (40.0, 60.0)
    """
    ranked = np.sort(values[: len(values) - 1 + len(values) % 2])
    count = len(ranked)
    chosen = np.arange(count + 1)
    ways = np.cumsum([0.0, *np.log(np.arange(count, 0, -1) / np.arange(1, count + 1))])
    share = (np.arange(1, count) / count)[:, None]
    chance = np.exp(ways + chosen * np.log(share) + (count - chosen) * np.log1p(-share))
    at_most = np.append(chance[:, count // 2 + 1 :].sum(axis=1), 1.0)  # the median is at most the k-th, by k
    low = int(np.searchsorted(at_most, (1 - level) / 2, side="right"))
    high = int(np.searchsorted(at_most, 1 - (1 - level) / 2, side="left"))
    return float(ranked[low]), float(ranked[high])


class RipenessAssignment(Assignment[Ripeness]):
    """Mutually hurting stalemates (Zartman 1989), in a model where pain lowers what a party can have without a deal."""

    locked = True

    def _case(self, paths: list[str]) -> Case:
        data: Any = self.loaded.scenario.model_dump(mode="json")
        now = {path: float(reduce(getitem, path.split("."), data)) for path in paths}
        return self.changed(*(f"{path}={self.asked.times * value:g}" for path, value in now.items())).case

    @cached_property
    def measured(self) -> dict[str, IntArray]:
        """The rounds of all runs, by question."""
        cases = [self._case(paths) for paths in self.asked.pains.values()]
        return dict(zip(self.asked.pains, rounds_to_agreement(cases, self.asked.runs), strict=True))

    @cached_property
    def medians(self) -> dict[str, float]:
        """The median round, by question."""
        return {name: float(np.median(rounds)) for name, rounds in self.measured.items()}

    @property
    def solvable(self) -> bool:
        """The talks mostly find an agreement, and pain makes a difference somewhere."""
        deadline = self.loaded.case.protocol.deadline
        return max(self.medians.values()) < deadline and len(set(self.medians.values())) > 1

    def questions(self) -> list[Question]:
        """A round for each question, then which is the soonest."""
        each = 75 // len(self.asked.pains)
        asked = [
            Question(name, f"a round, 1 to {self.loaded.case.protocol.deadline + 1}", "", each, self._judge(name))
            for name in self.asked.pains
        ]
        return [*asked, Question("soonest", " or ".join(self.asked.pains), "", 100 - each * len(asked), self._soonest)]

    def solution(self) -> dict[str, Any]:
        """The medians and the soonest."""
        return {**self.medians, "soonest": min(self.medians, key=lambda name: self.medians[name])}

    def facts(self) -> list[str]:
        """What continuing costs each, and how each talks."""
        said = [
            f"- {plain(party.name)}: cost of continuing {party.war.cost:g} (abstract points); "
            f"tactic {tactic_text(party.tactic)}"
            for party in self.loaded.scenario.parties.values()
            if isinstance(party.war, Beliefs)
        ]
        return [
            f"**Costs and tactics**, over {counted(self.loaded.case.protocol.deadline, 'round')}\n\n" + "\n".join(said)
        ]

    def _judge(self, name: str) -> Any:
        def judge(given: Any) -> Judged:
            said = answer_parts.real(given, 1, self.loaded.case.protocol.deadline + 1)
            low, high = bootstrap_interval(self.measured[name])
            away = max(low - said, said - high, 0)
            if away == 0:
                return Judged(1, f"right: within the interval of the median over {counted(self.asked.runs, 'run')}")
            share = max((share for rounds, share in NEAR.items() if away <= rounds), default=0)
            return Judged(share, "near, but outside the interval" if share else "far from what the runs give")

        return judge

    def _soonest(self, given: Any) -> Judged:
        said = answer_parts.word(given, self.asked.pains, "case")
        if self.medians[said] == min(self.medians.values()):
            return Judged(1, "right: no other ends sooner")
        return Judged(0, "another one ends sooner: what does a party ask for that has less without a deal?")
