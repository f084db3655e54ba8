"""Exercise: a tactic that does better than the hardliner, and what happens when two hardliners meet.

The tactic plays the field anew for each answer; it must not say which tactic would do better.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from sim.classroom import answer_parts
from sim.classroom.exercise_base import Assignment, Judged, Question
from sim.classroom.many import SEED
from sim.classroom.tactic_handed_in import tactic_of, tactic_text
from sim.markup import counted
from sim.scenario.exercise_schema import Tournament as Asked
from sim.scenario.talks_schema import Tactic
from sim.stakes.space import FloatArray
from sim.study.bouts import relative_gain, scale_of, seats, with_tactics
from sim.study.ranking import agreement, earned, ranking
from sim.study.tournament import Tournament, tournament
from sim.talks.batch import negotiate

GRACE = 0.1
"""How far a share may miss the measured one."""
DUST = 1e-9
"""Scores this close are the same."""
SPREAD = 1.96
"""Standard errors by which a mean must lie above nothing."""


class TournamentAssignment(Assignment[Asked]):
    """Strategies in numbers (Axelrod 1984); toughness against itself, as hawks meet hawks (Maynard Smith 1982)."""

    @cached_property
    def played(self) -> Tournament:
        """The field against itself."""
        return tournament([self.loaded], self.asked.field, self.asked.runs, SEED)

    @cached_property
    def earned(self) -> FloatArray:
        """What each tactic of the field scores over the field, run by run ``(A, R)``."""
        return earned(self.played)

    @cached_property
    def hard(self) -> int:
        """The place of the hardliner in the field."""
        return list(self.asked.field).index(self.asked.hardliner)

    def _met(self, tactic: Tactic) -> FloatArray:
        """What a tactic scores against each of the field in both seats, run by run ``(A, R)``."""
        field, runs, both = list(self.asked.field.values()), self.asked.runs, seats(self.loaded)
        mine = [tactic] * len(field)
        first = [entry for entry in (*mine, *field) for _ in range(runs)]
        second = [entry for entry in (*field, *mine) for _ in range(runs)]
        found = negotiate(
            with_tactics(self.loaded.case, both, first, second), np.tile(np.arange(runs), 2 * len(field)), SEED
        )
        gain = (found.values - found.reservation)[:, list(both)]
        score = np.where(found.agreeing[:, None], relative_gain(gain, scale_of(self.loaded)), 0.0)
        score = score.reshape(2, len(field), runs, 2)
        return (score[0, ..., 0] + score[1, ..., 1]) / 2

    def _properties(self, met: FloatArray) -> tuple[float, float, float]:
        """What a tactic scores against the hardliner, and by how much more over the field: at least, on average."""
        more = met.mean(axis=0) - self.earned[self.hard]
        error = float(more.std(ddof=1)) / len(more) ** 0.5
        return float(met[self.hard].mean()), float(more.mean()) - SPREAD * error, float(more.mean())

    @cached_property
    def toughness(self) -> float:
        """What the hardliner scores against itself."""
        return float(self.played.scores[0, self.hard, self.hard].mean())

    @cached_property
    def better(self) -> list[str]:
        """The tactics of the field that have both properties."""
        scores, found = self.played.scores[0], []
        for n, name in enumerate(self.asked.field):
            against, least, _ = self._properties((scores[n, :, 0] + scores[:, n, 1]) / 2)
            if name != self.asked.hardliner and against > self.toughness + DUST and least > DUST:
                found.append(name)
        return found

    @property
    def solvable(self) -> bool:
        """Some tactic of the field does it, and not each."""
        return 0 < len(self.better) < len(self.asked.field) - 1

    def questions(self) -> list[Question]:
        """The tactic, then what the field does without it."""
        return [
            Question("tactic", "numbers for exponent, opening, tit_for_tat …", {"exponent": ""}, 60, self._tactic),
            Question("hardliners_sign", "a share, 0 to 1", "", 15, self._share),
            Question("scores_most", "the name of a tactic of the field", "", 25, self._most),
        ]

    def solution(self) -> dict[str, Any]:
        """A tactic of the field that does it, the share, and the first of the field."""
        best = self.asked.field[self.better[0]].model_dump(mode="json", exclude_defaults=True)
        return {"tactic": best, "hardliners_sign": self.signed, "scores_most": self.first[0]}

    def facts(self) -> list[str]:
        """The field."""
        said = [f"- `{name}`: {tactic_text(tactic)}" for name, tactic in self.asked.field.items()]
        return [f"**The field**, over {counted(self.loaded.scenario.protocol.deadline, 'round')}\n\n" + "\n".join(said)]

    @property
    def signed(self) -> float:
        """The share of runs in which two hardliners sign."""
        return round(float(agreement(self.played)[self.hard, self.hard]), 3)

    @cached_property
    def first(self) -> list[str]:
        """The tactics of the field that no other clearly beats."""
        return [row.name for row in ranking(self.played) if not row.beaten_by]

    def _tactic(self, given: Any) -> Judged:
        against, least, gap = self._properties(self._met(tactic_of(given)))
        tough = against > self.toughness + DUST
        said = [f"against the hardliner it scores {'more' if tough else 'no more'} than the hardliner against itself"]
        if least > DUST:
            said.append("over the field it scores more than the hardliner")
        elif gap > DUST:
            said.append("over the field it scores a little more than the hardliner, but that may be chance")
        else:
            said.append("over the field it scores no more than the hardliner; whom does it leave too much to?")
        share = (3 * tough + 4 * (1.0 if least > DUST else 0.5 if gap > DUST else 0.0)) / 7
        return Judged(share, ("right: " if share == 1 else "") + "; ".join(said))

    def _share(self, given: Any) -> Judged:
        said = answer_parts.real(given, 0, 1)
        if abs(said - self.signed) <= GRACE:
            return Judged(1, "right: that is about how often two hardliners sign")
        return Judged(
            0, "two hardliners sign in another share of runs; how much can each still move in the last round?"
        )

    def _most(self, given: Any) -> Judged:
        said = answer_parts.word(given, self.asked.field, "tactic")
        if said in self.first:
            return Judged(1, "right: no other tactic clearly scores more")
        return Judged(0, "another one scores more over the whole field, this one and the hardliner included")
