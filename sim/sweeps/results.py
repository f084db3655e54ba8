"""What a sweep found, case by case and in all: shares of cases with a zone and of runs that agree, with intervals.

Shares are of the cases and runs asked for, under the ranges given; they are no probabilities of anything outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.space import FloatArray, IntArray
from sim.study.shares import Share, shared, wilson
from sim.sweeps.outcomes import FAILED, ZONES
from sim.sweeps.store import Folder, read_chunk

VARIES = 0.01
"""Share of the cases from which on an outcome, or its absence, is worth a picture."""
SIGNED = ("settlement", "ceasefire_only")


@dataclass(frozen=True)
class Cases:
    """What was found, a row a case: counts of runs by ending ``(N, E)``, zones as 1, 0 or -1 (unknown).

    ``runs`` counts the runs that came to an end; ``failed`` those that did not. ``columns`` holds the design. ``luck``
    ``(M,)`` is the share of runs that agreed under each replication's draws, where all cases share them.
    """

    folder: Folder
    columns: dict[str, FloatArray]
    endings: dict[str, IntArray]
    zones: dict[str, IntArray]
    runs: IntArray
    failed: IntArray
    luck: FloatArray

    @property
    def agreed(self) -> IntArray:
        """Runs that ended in a signature ``(N,)``."""
        total = np.zeros(len(self.runs), dtype=np.int64)
        for name in SIGNED:
            total = total + self.endings.get(name, 0)
        return total

    @property
    def share(self) -> FloatArray:
        """Share of a case's runs that agreed ``(N,)``; not a number where none came to an end."""
        with np.errstate(invalid="ignore"):
            return np.where(self.runs > 0, self.agreed / np.maximum(self.runs, 1), np.nan)

    @property
    def known(self) -> np.ndarray:
        """Cases that are done and did not fail ``(N,)``."""
        found: np.ndarray = (self.runs > 0) & (self.zones["zone"] >= 0)
        return found


@dataclass(frozen=True)
class Headline:
    """The two results side by side; ``zone_exists`` by question about a case, ``endings`` counts runs."""

    cases: int
    cases_done: int
    runs_done: int
    failed: int
    zone_exists: dict[str, Share]
    talks_agree: Share
    talks_agree_where_a_zone_exists: Share
    talks_agree_where_none_exists: Share
    endings: dict[str, int]

    def differs(self, question: str) -> bool:
        """Whether the answer to a question about a case differs enough from case to case to be looked into."""
        return VARIES <= self.zone_exists[question].known <= 1 - VARIES


def gather(folder: Folder) -> Cases:
    """The chunks that are done, added up by case."""
    from sim.talks.state import Ending

    sweep = folder.sweep
    many, cases = sweep.replications, sweep.design.cases
    codes = np.zeros((cases, len(Ending)), dtype=np.int64)
    failed = np.zeros(cases, dtype=np.int64)
    zones = {name: np.full(cases, FAILED, dtype=np.int64) for name in ZONES}
    agreeing = [ending for ending in Ending if ending.word in SIGNED]
    luck = np.zeros((2, many))
    for start, stop in folder.done():
        columns = read_chunk(folder, start, stop).columns
        which = np.arange(start, stop) // many
        ended = columns["ending"] != FAILED
        turn = np.arange(start, stop) % many
        np.add.at(luck[0], turn[ended], np.isin(columns["ending"][ended], agreeing))
        np.add.at(luck[1], turn[ended], 1)
        np.add.at(codes, (which[ended], columns["ending"][ended]), 1)
        np.add.at(failed, which[~ended], 1)
        for name in ZONES:
            known = columns[name] != FAILED
            zones[name][which[known]] = columns[name][known]
    design = {f.path: np.zeros(cases) for f in sweep.factors}
    for start in range(0, cases, 1 << 16):
        for path, column in sweep.design.rows(start, min(start + (1 << 16), cases)).items():
            design[path][start : start + len(column)] = column
    endings = {ending.word: codes[:, ending] for ending in Ending if codes[:, ending].any()}
    return Cases(folder, design, endings, zones, codes.sum(axis=1), failed, luck[0] / np.maximum(luck[1], 1))


def headline(cases: Cases) -> Headline:
    """The two results side by side: in how many cases a zone exists, and in how many runs the talks find it.

    Runs of a case are alike, so the interval of a share of runs is one over cases.
    """
    known = cases.known
    zone, share, count = cases.zones["zone"] == 1, cases.share, int(known.sum())
    inside, outside = known & zone, known & ~zone
    return Headline(
        cases=len(cases.runs),
        cases_done=count,
        runs_done=int(cases.runs.sum()),
        failed=int(cases.failed.sum()),
        zone_exists={name: shared(int((cases.zones[name][known] == 1).sum()), count) for name in ZONES},
        talks_agree=_mean(share[known], int(cases.runs[known].sum())),
        talks_agree_where_a_zone_exists=_mean(share[inside], int(cases.runs[inside].sum())),
        talks_agree_where_none_exists=_mean(share[outside], int(cases.runs[outside].sum())),
        endings={name: int(column.sum()) for name, column in cases.endings.items()},
    )


def _mean(share: FloatArray, most: int) -> Share:
    """The mean share of runs that agree, over cases, with its interval.

    Runs of one case are alike, so they count for less than as many cases: Wilson's interval with the number of trials
    that would give the variance found, between the cases and all ``most`` runs.
    """
    count = len(share)
    if count == 0:
        return Share(0, None, 0.0, 1.0)
    mean, spread = float(share.mean()), float(share.var(ddof=1)) if count > 1 else 0.0
    worth = min(most, max(count, count * mean * (1 - mean) / spread)) if spread > 0 else count
    low, high = wilson(mean * worth, worth)
    return Share(count, round(mean, 6), round(low, 6), round(high, 6))
