"""What a tournament's bouts say of its entrants: ranks with intervals, and who does what against whom.

Nothing is played here, and intervals tell of chance within the runs alone, not of other scenarios or parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim import BANNER
from sim.errors import ArgumentError, type_of
from sim.markup import counted
from sim.stakes.space import FloatArray
from sim.study.bouts import Failure
from sim.study.shares import shared, wilson
from sim.study.tournament import Tournament

RESAMPLES = 2_000
"""Bootstrap samples of the runs."""
FEWEST = 4
"""Runs below which nothing is resampled: the ends of an interval would be the lowest and the highest run, and of one
run the score itself. A resample of n runs is the same run n times in n ** -n of all, a fortieth or more up to n = 3."""
PURPOSE = 0x7A11
"""Names the draws of the bootstrap beside the seed."""
CLEARLY = 0.975
"""Share of resamples in which one scores more than another to beat it."""
TIED = 1e-9
"""Scores this close are the same."""
DIGITS = 4
NOTE = (
    "score: what a seat gained above its reservation value, as a share of the most it could have; 0 without an "
    "agreement; means over opponents (itself among them), both seats and all scenarios"
)


@dataclass(frozen=True)
class Ranked:
    """An entrant's place and mean score, with 95 % intervals.

    ``place`` goes by the mean, equal ones sharing it; ``beaten_by`` counts those that score more in all but a fortieth
    of the resamples, which compare entrants on the same draws; ``first`` is the share of resamples that one leads.
    Below `FEWEST` runs there are no resamples, and ``interval`` and these two are None. ``agreement`` has the interval
    of as many trials as there are runs: pairs of a run share its draws, and more would pretend to know more.
    """

    place: int
    name: str
    score: float
    interval: tuple[float, float] | None
    beaten_by: int | None
    first: float | None
    agreement: float
    agreement_interval: tuple[float, float]


@dataclass(frozen=True)
class Stage:
    """A scenario that was played: who sat where, and the most each could gain, in points a month."""

    scenario: str
    seats: dict[str, str]
    most_to_gain: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class TournamentMeasures:
    """What ``tournament --json`` prints; ``against`` and ``agreement`` by the row's entrant, then the column's."""

    banner: str = BANNER
    note: str = NOTE
    runs: int
    seed: int
    scenarios: list[Stage]
    ranking: list[Ranked]
    against: dict[str, dict[str, float]]
    agreement: dict[str, dict[str, float]]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Pair:
    """Two entrants in one scenario: both scores, agreements with Wilson's interval, rounds."""

    scenario: str
    first: str
    second: str
    first_score: float
    second_score: float
    runs: int
    agreements: int | None
    low: float
    high: float
    median_round: float


def few_runs(found: TournamentMeasures) -> str:
    """Why scores of so few runs have no interval."""
    return f"{counted(found.runs, 'run')} cannot say how sure a score is: that takes {FEWEST} or more."


def earned(played: Tournament) -> FloatArray:
    """The mean score of each entrant over scenarios, opponents and both seats, run by run ``(A, R)``."""
    scores = played.scores
    return (scores[:, :, :, 0].mean(axis=(0, 2)) + scores[:, :, :, 1].mean(axis=(0, 1))) / 2


def against(played: Tournament) -> FloatArray:
    """What the row's entrant scores against the column's ``(A, A)``, over scenarios, seats and runs."""
    scores = played.scores.mean(axis=(0, -1))
    return (scores[..., 0] + scores[..., 1].T) / 2


def agreement(played: Tournament) -> FloatArray:
    """The share of runs in which two entrants come to an agreement ``(A, A)``, over scenarios and seats."""
    share = played.agreed.mean(axis=(0, -1))
    return (share + share.T) / 2


def resampled(scores: FloatArray, seed: int) -> FloatArray:
    """Means ``(A, RESAMPLES)`` of scores ``(A, R)`` over runs drawn with replacement (Efron 1979).

    A run is drawn for all entrants together, for they played it on the same draws.
    """
    runs = scores.shape[1]
    draws = np.random.Generator(np.random.Philox(key=np.array([seed, PURPOSE], dtype=np.uint64)))
    found = np.empty((len(scores), RESAMPLES))
    for sample in range(RESAMPLES):
        found[:, sample] = scores[:, (draws.random(runs) * runs).astype(np.int64)].mean(axis=1)
    return found


def ranking(played: Tournament) -> list[Ranked]:
    """The entrants by mean score, with 95 % bootstrap intervals where there are runs enough.

    Raises:
        ArgumentError: for what is no tournament.
    """
    if not isinstance(played, Tournament):
        raise ArgumentError(f"what is ranked is what sim.tournament returns, not {type_of(played)}")
    scores = earned(played)
    means, samples = scores.mean(axis=1), resampled(scores, played.seed)
    low, high = np.quantile(samples, (0.025, 0.975), axis=1)
    leads = samples >= samples.max(axis=0, initial=0.0) - TIED
    agreed, enough = agreement(played).mean(axis=1), played.runs >= FEWEST
    order = sorted(range(len(scores)), key=lambda n: (-round(float(means[n]), 9), played.names[n]))
    rows = []
    for n in order:
        least, most = wilson(float(agreed[n]) * played.runs, played.runs)
        rows.append(
            Ranked(
                place=1 + int((means > means[n] + TIED).sum()),
                name=played.names[n],
                score=round(float(means[n]), DIGITS),
                interval=(round(float(low[n]), DIGITS), round(float(high[n]), DIGITS)) if enough else None,
                beaten_by=int(((samples > samples[n] + TIED).mean(axis=1) >= CLEARLY).sum()) if enough else None,
                first=round(float((leads[n] / leads.sum(axis=0)).mean()), DIGITS) if enough else None,
                agreement=round(float(agreed[n]), DIGITS),
                agreement_interval=(round(least, DIGITS), round(most, DIGITS)),
            )
        )
    return rows


def tournament_measures(played: Tournament) -> TournamentMeasures:
    """A tournament in numbers."""
    return TournamentMeasures(
        runs=played.runs,
        seed=played.seed,
        scenarios=[
            Stage(
                bout.slug,
                dict(zip(("first", "second"), bout.seats, strict=True)),
                dict(zip(bout.seats, np.round(bout.scale, DIGITS).tolist(), strict=True)),
            )
            for bout in played.bouts
        ],
        ranking=ranking(played),
        against=_square(played, against(played)),
        agreement=_square(played, agreement(played)),
        failures=played.failures,
    )


def _square(played: Tournament, grid: FloatArray) -> dict[str, dict[str, float]]:
    return {
        row: dict(zip(played.names, np.round(grid[n], DIGITS).tolist(), strict=True))
        for n, row in enumerate(played.names)
    }


def pairs(played: Tournament) -> list[Pair]:
    """Every pair of entrants of every scenario."""
    found = []
    for bout in played.bouts:
        for n, first in enumerate(played.names):
            for m, second in enumerate(played.names):
                share = shared(float(bout.agreed[n, m].sum()), played.runs)
                score, other = (round(float(mean), DIGITS) for mean in bout.scores[n, m].mean(axis=-1))
                ends = round(share.ends[0], DIGITS), round(share.ends[1], DIGITS)
                median = float(np.median(bout.rounds[n, m]))
                found.append(Pair(bout.slug, first, second, score, other, played.runs, share.hits, *ends, median))
    return found
