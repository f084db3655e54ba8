"""Many runs of one scenario: how they end, what they find, and why they miss, as shares with intervals.

One run is never evidence; neither are many of anything but the model under its assumptions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import ArgumentError
from sim.given import MOST_RUNS, a_function, a_seed, agents_by_party, one_of, seconds, whole
from sim.markup import counted, table
from sim.plain import OPTIONAL
from sim.scenario.loader import AnyScenario, Loaded, load
from sim.stakes.space import BoolArray, Package
from sim.study.asking import negotiate
from sim.study.incidence import Incidence, incidence
from sim.study.measures import DIGITS, Heading, heading
from sim.study.redrawn import DRAWN, Drawn
from sim.study.result import Result
from sim.study.run import mediator_minds
from sim.study.shares import Share, in_percent, interval, shared
from sim.study.verdicts import VERDICT_WORDS, Verdict, verdict_where
from sim.study.worlds import Worlds, negotiate_in_worlds
from sim.talks.batch import Results
from sim.talks.how_talks_end import Ending
from sim.zone.constraints import Reading
from sim.zone.region import Zone, find_zone
from sim.zone.search import SECONDS

if TYPE_CHECKING:
    import pandas as pd

    from sim.talks.model import PartyAgent

MOST_SHOWN = 5
"""Packages reached that are named; the rest are counted."""
QUANTILES = (0.1, 0.5, 0.9)
EXISTS: tuple[Reading, ...] = ("declared", "true")


@dataclass(frozen=True)
class MissedRuns:
    """The runs that missed a zone: how often something that suited all was on the table, and who then held out."""

    runs: int
    on_the_table: Share
    held_out: dict[str, Share]


@dataclass(frozen=True)
class Reached:
    """A package, and how many runs agreed on it."""

    runs: int
    package: Package


@dataclass(frozen=True)
class PackagesReached:
    """How many different packages runs agreed on, and those of most runs, most often first."""

    distinct: int
    most_often: list[Reached]


@dataclass(frozen=True)
class DrawnRuns:
    """What was drawn anew for each run, in how many of their worlds a zone exists, and how many of these agreed."""

    kind: Drawn
    zone_exists: dict[Reading, Share]
    agree_where_it_does: Share


@dataclass(frozen=True)
class BatchMeasures(Heading):
    """How many runs ended, as shares with intervals: what ``run --runs N --json`` prints and ``runs.json`` keeps.

    ``rounds`` in which a share of runs was over; ``left`` counts who walked out; ``steps_softened`` and ``moves``, by
    party and issue, are means of a run; ``incidence`` says by which round runs had come to what, and
    ``mediator_minds`` how much each party's wishes and lines count where a text is drafted. ``zone_exists`` is of the
    scenario's own numbers; where each run has numbers of its own, ``drawn`` says what exists under those.
    """

    seed: int
    runs: int
    zone_exists: dict[Reading, bool]
    talks_agree: Share
    endings: dict[str, Share]
    verdicts: dict[Verdict, Share]
    rounds: dict[str, int]
    missed: MissedRuns | None
    left: dict[str, int]
    packages: PackagesReached
    holds_a_year: float | None
    steps_softened: dict[str, float]
    moves: dict[str, dict[str, float]]
    incidence: Incidence | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    mediator_minds: dict[str, float] | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    drawn: DrawnRuns | None = field(default=None, kw_only=True, metadata=OPTIONAL)


@dataclass(frozen=True)
class Batch(Result):
    """Many runs of a scenario, with its zone; ``worlds`` where each run was played under numbers of its own."""

    loaded: Loaded
    seed: int
    zone: Zone
    results: Results
    search: float = SECONDS
    worlds: Worlds | None = None

    @property
    def runs(self) -> int:
        """How many."""
        return len(self.results.runs)

    @property
    def drawn(self) -> Drawn | None:
        """What was drawn anew for each run."""
        return None if self.worlds is None else self.worlds.drawn

    def exists(self, reading: Reading) -> BoolArray:
        """In which runs' worlds ``(R,)`` a zone exists; the same for all where nothing was drawn."""
        if self.worlds is not None:
            return self.worlds.exists[one_of(reading, EXISTS, "reading")]
        return np.full(self.runs, self.zone.exists(reading))

    @cached_property
    def verdicts(self) -> dict[Verdict, int]:
        """How many runs came to each verdict that runs came to, or to an agreement."""
        about = (self.exists("declared"), self.exists("true"), self.results.agreeing, self.cut_short)
        counts: Counter[Verdict] = Counter()
        for row, count in zip(*np.unique(np.stack(about, axis=1), axis=0, return_counts=True), strict=True):
            counts[verdict_where(*row.tolist())] += int(count)
        return {name: counts[name] for name in VERDICT_WORDS if counts[name] or name == "reached"}

    @cached_property
    def cut_short(self) -> BoolArray:
        """Which runs ``(R,)`` the war ended: whether their talks would have agreed nobody knows."""
        return self.results.ending == Ending.MILITARY_END

    @cached_property
    def measured(self) -> BatchMeasures:
        """The batch in numbers."""
        return batch_measures(self)

    def to_frame(self) -> pd.DataFrame:
        """A row a run: see `sim.talks.batch.Results.to_frame`."""
        return self.results.to_frame(self.loaded.case)

    def __repr__(self) -> str:
        return f"<Batch: {self.loaded.slug}, seed {self.seed}: {counted(self.runs, 'run')}>"

    def _repr_html_(self) -> str:
        """How a notebook shows it: endings as shares with intervals, beside the zone."""
        found, size = self.measured, self.zone.size()
        there = counted(size, "package") if size else "no package suits every signatory"
        shares = {"an agreement": found.talks_agree} | found.endings
        rows = [
            (name.replace("_", " "), f"{entry.hits:,}", in_percent(entry), interval(entry))
            for name, entry in shares.items()
        ]
        runs = counted(self.runs, "run")
        note = f"Zone: {there}. Shares of {runs} under these assumptions, with 95 % intervals (Wilson)."
        return table(self.loaded.scenario.title, ["how runs ended", "runs", "share", "interval"], rows, note)


def run_many(
    scenario: AnyScenario,
    runs: int,
    seed: int = 0,
    progress: Callable[[float], None] = lambda share: None,
    search: float = SECONDS,
    agents: Mapping[str, type[PartyAgent]] | None = None,
    drawn: Drawn | None = None,
) -> Batch:
    """Find the zone of a scenario and play its talks many times.

    Args:
        scenario: a slug, a path, or what `sim.load` returns.
        runs: how many; their numbers are 0 to ``runs`` - 1.
        seed: with a run's number it names every draw of the run.
        progress: told the share that is done.
        search: seconds of computing for finding out why a zone is empty.
        agents: a subclass of `PartyAgent` for any party id; its runs are played one by one.
        drawn: what is drawn anew for each run: weights, numbers that have ranges, or both; None keeps the scenario's.

    Raises:
        ArgumentError: for what is no number of runs or no seed; for agents of one's own where numbers are drawn.
        DelegationError: when an agent of ``agents`` fails.
        ScenarioError: where there is nothing to draw, or a draw does not go together.
    """
    runs, seed, agents = whole(runs, "runs", 1, MOST_RUNS), a_seed(seed), agents_by_party(agents)
    a_function(progress)
    seconds(search)
    loaded = load(scenario)
    if drawn is not None:
        one_of(drawn, DRAWN, "drawn")
        if agents:
            raise ArgumentError("agents of one's own play under the scenario's numbers; leave out `drawn` or `agents`")
        results, worlds = negotiate_in_worlds(loaded, runs, seed, drawn, progress)
        return Batch(loaded, seed, find_zone(loaded.case), results, search, worlds)
    zone = find_zone(loaded.case)
    return Batch(loaded, seed, zone, negotiate(loaded.case, runs, seed, progress=progress, agents=agents), search)


def batch_measures(batch: Batch) -> BatchMeasures:
    """How the runs of a batch ended, with Wilson intervals."""
    case, results, runs = batch.loaded.case, batch.results, batch.runs
    parties = [party.id for party in case.parties]
    agreed = results.agreeing
    rounds = np.quantile(results.ended, QUANTILES, method="inverted_cdf")
    return BatchMeasures(
        **vars(heading(batch.loaded)),
        seed=batch.seed,
        runs=runs,
        zone_exists={reading: batch.zone.exists(reading) for reading in EXISTS},
        talks_agree=shared(int(agreed.sum()), runs),
        endings={
            ending.word: shared(int((results.ending == ending).sum()), runs)
            for ending in Ending
            if (results.ending == ending).any()
        },
        verdicts={name: shared(count, runs) for name, count in batch.verdicts.items() if count},
        rounds={f"{int(100 * q)} %": int(n) for q, n in zip(QUANTILES, rounds, strict=True)},
        missed=_missed(batch, parties),
        left={party: int((results.left == n).sum()) for n, party in enumerate(parties) if (results.left == n).any()},
        packages=_packages(batch),
        holds_a_year=round(float(results.holds[agreed].mean()), DIGITS) if agreed.any() else None,
        steps_softened=_means(results.softened, parties),
        moves={
            party: _means(results.moved[:, n], [issue.id for issue in case.space.issues])
            for n, party in enumerate(parties)
        },
        incidence=incidence(results, case.protocol.deadline),
        mediator_minds=mediator_minds(case),
        drawn=_drawn(batch),
    )


def _drawn(batch: Batch) -> DrawnRuns | None:
    """In how many runs' worlds a zone exists; None where every run has the scenario's numbers."""
    if batch.worlds is None:
        return None
    there, agreed = batch.exists("declared"), batch.results.agreeing
    return DrawnRuns(
        kind=batch.worlds.drawn,
        zone_exists={reading: shared(int(batch.exists(reading).sum()), batch.runs) for reading in EXISTS},
        agree_where_it_does=shared(int(agreed[there].sum()), int(there.sum())),
    )


def _means(table: np.ndarray[tuple[int, ...], np.dtype[Any]], names: list[str]) -> dict[str, float]:
    """Mean per run of each column that is not all nought."""
    means = table.mean(axis=0)
    return {name: round(float(mean), DIGITS) for name, mean in zip(names, means, strict=True) if mean}


def _missed(batch: Batch, parties: list[str]) -> MissedRuns | None:
    """Among the runs that missed a zone: how often something that suited all was on the table, and who held out."""
    missed = batch.exists("declared") & ~batch.results.agreeing & ~batch.cut_short
    if not missed.any():
        return None
    count, seen = int(missed.sum()), missed & (batch.results.seen > 0)
    return MissedRuns(
        runs=count,
        on_the_table=shared(int(seen.sum()), count),
        held_out={
            party: shared(int(batch.results.held_out[seen, n].sum()), int(seen.sum()))
            for n, party in enumerate(parties)
            if batch.results.held_out[seen, n].any()
        },
    )


def _packages(batch: Batch) -> PackagesReached:
    """The packages that runs agreed on, most often first."""
    case, agreed = batch.loaded.case, batch.results.agreed[batch.results.agreeing]
    found, counts = np.unique(agreed, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_SHOWN]
    return PackagesReached(len(found), [Reached(int(counts[n]), case.space.names(found[n])) for n in order])
