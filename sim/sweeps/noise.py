"""How much of whether a run agrees is its case, how much its draws, and how much what the case makes of the draws.

The parts add up to one. Which field of a case it is, is not asked here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.plain import OPTIONAL
from sim.sweeps.intervals import Answers, interaction

FEWEST_SHARED, FEWEST_OWN = 8, 4
"""Replications below which the parts cannot be told apart: of draws that all cases share, and of a run's own."""


@dataclass(frozen=True)
class Noise:
    """The parts of the variance of a single run's agreement, which add up to one; empty where they cannot be told.

    Under draws that all cases share: ``case``, ``draw`` and ``both``, what a case makes of a draw. Under a run's own:
    ``case`` and ``within``, for draw and what is made of it cannot be told apart.
    """

    case: float | None = field(default=None, metadata=OPTIONAL)
    draw: float | None = field(default=None, metadata=OPTIONAL)
    both: float | None = field(default=None, metadata=OPTIONAL)
    within: float | None = field(default=None, metadata=OPTIONAL)

    @property
    def parts(self) -> dict[str, float]:
        """The parts that are told, by name."""
        return {name: part for name, part in vars(self).items() if part is not None}


def noise(answers: Answers) -> Noise:
    """The parts of chance and of cases, of cases of which every run ended; a part below none counts as none."""
    whole = answers.whole
    cases, replications = whole.shape
    if cases < 2 or replications < (FEWEST_SHARED if answers.common else FEWEST_OWN):
        return Noise()
    means, draws = (whole == 1).mean(axis=1), (whole == 1).mean(axis=0)
    between = float(means.var(ddof=1))
    if answers.common:
        shared = interaction(answers)
        found = {
            "case": between - cases * shared,
            "draw": float(draws.var(ddof=1)) - replications * shared,
            "both": cases * replications * shared,
        }
    else:
        within = float((means * (1 - means)).mean()) * replications / (replications - 1)
        found = {"case": between - within / replications, "within": within}
    found = {name: max(part, 0.0) for name, part in found.items()}
    total = sum(found.values())
    return Noise(**{name: round(part / total, 6) for name, part in found.items()}) if total > 0 else Noise()
