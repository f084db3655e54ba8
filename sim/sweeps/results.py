"""What a sweep found, case by case and in all: shares of cases with a zone and of runs that agree, with intervals.

Shares are of the cases and runs asked for, under the ranges given; they are no probabilities of anything outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sim.plain import OPTIONAL
from sim.stakes.space import BoolArray, FloatArray, IntArray
from sim.study.shares import Share, shared
from sim.sweeps.cut_and_join import cut
from sim.sweeps.intervals import Answers, share_of_runs
from sim.sweeps.outcomes import FAILED, ZONES
from sim.sweeps.store import Folder, read_chunk

VARIES = 0.01
"""Share of the cases from which on an outcome, or its absence, is worth a picture."""
TO_COME = -2
"""The ending of a run that is still to be made."""


@dataclass(frozen=True)
class Cases:
    """What was found, a row a case: how each run ended ``(N, R)``, zones as 1, 0 or -1 (unknown).

    ``codes`` are numbers of `Ending`, `FAILED` or `TO_COME`; ``columns`` holds the design.
    """

    folder: Folder
    columns: dict[str, FloatArray]
    codes: IntArray
    zones: dict[str, IntArray]

    @cached_property
    def runs(self) -> IntArray:
        """Runs that came to an end ``(N,)``."""
        return np.asarray((self.codes >= 0).sum(axis=1))

    @cached_property
    def failed(self) -> IntArray:
        """Runs that did not ``(N,)``."""
        return np.asarray((self.codes == FAILED).sum(axis=1))

    @cached_property
    def endings(self) -> dict[str, IntArray]:
        """Runs of each case by how they ended ``(N,)``, of endings that there are."""
        from sim.talks.how_talks_end import Ending

        found = {ending.word: (self.codes == ending).sum(axis=1) for ending in Ending}
        return {word: counts for word, counts in found.items() if counts.any()}

    @cached_property
    def signed(self) -> IntArray:
        """Whether each run ended in a signature ``(N, R)``: 1, 0, or -1 where it came to no end."""
        from sim.talks.how_talks_end import Ending

        agreed = np.isin(self.codes, [ending for ending in Ending if ending.agreed]).astype(np.int8)
        return np.where(self.codes < 0, np.int8(-1), agreed)

    @property
    def agreed(self) -> IntArray:
        """Runs that ended in a signature ``(N,)``."""
        return np.asarray((self.signed == 1).sum(axis=1))

    @property
    def share(self) -> FloatArray:
        """Share of a case's runs that agreed ``(N,)``; not a number where none came to an end."""
        with np.errstate(invalid="ignore"):
            return np.where(self.runs > 0, self.agreed / np.maximum(self.runs, 1), np.nan)

    @property
    def known(self) -> BoolArray:
        """Cases that are done and did not fail ``(N,)``."""
        return (self.runs > 0) & (self.zones["zone"] >= 0)

    def answers(self, which: BoolArray) -> Answers:
        """Whether the runs of these cases ``(N,)`` agreed, and how they share chance."""
        sweep = self.folder.sweep
        return Answers(self.signed[which], sweep.common, sweep.design.exhaustive)

    def share_of(self, hits: int, count: int) -> Share:
        """A share of cases: with an interval where the cases are some of many, without where they are all there are."""
        found, design = shared(hits, count), self.folder.sweep.design
        bare = design.exhaustive or design.kind == "morris" or not count
        return replace(found, low=None, high=None) if bare else found

    def share_of_runs(self, which: BoolArray) -> Share:
        """The share of these cases' runs that agree; a screening's cases are no sample, so there it has no interval."""
        found = share_of_runs(self.answers(which))
        return replace(found, low=None, high=None) if self.folder.sweep.design.kind == "morris" else found


@dataclass(frozen=True)
class Headline:
    """The two results side by side; ``zone_exists`` by question about a case, ``endings`` counts runs.

    ``talks_agree_unless_the_war_ended_them`` leaves out runs that the war's own end cut short; ``runs_to_come`` counts
    those of these cases that an unfinished sweep has still to make.
    """

    cases: int
    cases_done: int
    runs_done: int
    failed: int
    zone_exists: dict[str, Share]
    talks_agree: Share
    talks_agree_where_a_zone_exists: Share
    talks_agree_where_none_exists: Share
    talks_agree_unless_the_war_ended_them: Share
    endings: dict[str, int]
    runs_to_come: int = field(default=0, kw_only=True, metadata=OPTIONAL)

    def differs(self, question: str) -> bool:
        """Whether the answer to a question about a case differs enough from case to case to be looked into."""
        return VARIES <= self.zone_exists[question].known <= 1 - VARIES


def gather(folder: Folder) -> Cases:
    """The chunks that are done, put together by case; where the folder's sweep was made smaller, only its cases."""
    sweep = folder.sweep
    many, cases = sweep.replications, sweep.design.cases
    codes = np.full((cases, many), TO_COME, dtype=np.int8)
    zones = {name: np.full(cases, FAILED, dtype=np.int8) for name in ZONES}
    ends = {(s.first, s.stop): s.first + max(cases - s.case, 0) * s.each for s in folder.segments}
    for start, stop in folder.done():
        end = next(end for (first, last), end in ends.items() if first <= start < last)
        if start >= end:
            continue
        columns = cut(read_chunk(folder, start, stop), start, min(stop, end)).columns
        which = columns["case"]
        codes[which, columns["replication"]] = columns["ending"]
        for name in ZONES:
            known = columns[name] != FAILED
            zones[name][which[known]] = columns[name][known]
    design = {f.path: np.zeros(cases) for f in sweep.factors}
    for start in range(0, cases, 1 << 16):
        for path, column in sweep.design.rows(start, min(start + (1 << 16), cases)).items():
            design[path][start : start + len(column)] = column
    return Cases(folder, design, codes, zones)


def headline(cases: Cases) -> Headline:
    """The two results side by side: in how many cases a zone exists, and in how many runs the talks find it."""
    known = cases.known
    zone, count = cases.zones["zone"] == 1, int(known.sum())
    return Headline(
        cases=len(cases.runs),
        cases_done=count,
        runs_done=int(cases.runs.sum()),
        failed=int(cases.failed.sum()),
        zone_exists={name: cases.share_of(int((cases.zones[name][known] == 1).sum()), count) for name in ZONES},
        talks_agree=cases.share_of_runs(known),
        talks_agree_where_a_zone_exists=cases.share_of_runs(known & zone),
        talks_agree_where_none_exists=cases.share_of_runs(known & ~zone),
        talks_agree_unless_the_war_ended_them=_uncut(cases),
        endings={name: int(column.sum()) for name, column in cases.endings.items()},
        runs_to_come=int((cases.codes == TO_COME).sum()),
    )


def _uncut(cases: Cases) -> Share:
    """The share that agreed of the runs that the war's end did not cut short; how sure it is has not been simulated."""
    from sim.talks.how_talks_end import Ending

    codes = cases.codes[cases.known]
    left = int(((codes >= 0) & (codes != Ending.MILITARY_END)).sum())
    agreed = int(cases.agreed[cases.known].sum())
    return Share(left, round(agreed / left, 6) if left else None, None, None, hits=agreed)
