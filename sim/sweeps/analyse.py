"""Everything that a sweep says, in one pass over its folder: shares, sensitivity, noise, regions, the nearest miss.

It computes; pictures and sentences are made of it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import SweepError
from sim.given import a_function, whole
from sim.markup import counted, table
from sim.plain import as_plain
from sim.stakes.space import BoolArray, FloatArray
from sim.study.shares import in_percent, interval
from sim.sweeps import regions as discovery
from sim.sweeps.bounded import MEMORY, bounded
from sim.sweeps.export import By
from sim.sweeps.frames import sweep_frame
from sim.sweeps.nearest_miss import NearestMiss, nearest_miss, rule_of_three
from sim.sweeps.noise import Noise, noise
from sim.sweeps.plan import Described, described
from sim.sweeps.regions import RegionMeasures, Regions
from sim.sweeps.results import Cases, Headline, gather, headline
from sim.sweeps.sensitivity import ByValue, Sensitivity, by_value, sensitivity
from sim.sweeps.store import Folder, opened

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("zone", "plain_truce", "agreement", "agreement_where_a_zone_exists")
"""The two results, how often the second follows the first, and whether a plain truce alone would suit everybody."""


@dataclass(frozen=True)
class Rare:
    """Below what a share stays that was never seen; None where it was, and where no interval says so."""

    zone: float | None
    agreement: float | None


@dataclass(frozen=True)
class AnalysisMeasures(Described):
    """What a sweep says: what ``sweeps analyse --json`` prints and ``analysis.json`` keeps.

    ``of_cases`` counts those of the whole sweep; where they are more than ``cases``, the first ones were looked at.
    """

    of_cases: int
    results: Headline
    by_value: dict[str, list[ByValue]]
    noise: Noise
    sensitivity: dict[str, Sensitivity]
    regions: dict[str, RegionMeasures]
    rare: Rare
    nearest_miss: NearestMiss | None


@dataclass(frozen=True)
class Analysis:
    """What a sweep says, with what pictures need beside it."""

    cases: Cases
    measured: AnalysisMeasures
    regions: dict[str, Regions]

    @property
    def measures(self) -> dict[str, Any]:
        """What it says as plain data: what ``sweeps analyse --json`` prints."""
        return as_plain(self.measured)

    def to_frame(self, by: By = "case") -> pd.DataFrame:
        """A row a case or a run: the design beside the outcomes."""
        return sweep_frame(self.cases.folder, by)

    def __repr__(self) -> str:
        return f"<Analysis: {self.measured.title}, {counted(self.measured.cases, 'case')}>"

    def _repr_html_(self) -> str:
        """How a notebook shows it: both results with their intervals, never mixed."""
        said = self.measured.results
        zones = said.zone_exists
        shares = {
            "a zone exists, of cases": zones["zone"],
            "a settlement zone exists, of cases": zones["settlement_zone"],
            "the talks agree, of runs": said.talks_agree,
            "the talks agree where a zone exists, of runs": said.talks_agree_where_a_zone_exists,
        }
        every = self.measured.exhaustive
        rows = [
            (name, in_percent(entry), "exact" if every and name.endswith("of cases") else interval(entry))
            for name, entry in shares.items()
        ]
        cases = "these cases, which are all there are" if every else "the cases asked for"
        if said.runs_to_come:
            cases = f"what is done ({said.runs_to_come:,} of {counted(self.measured.runs, 'run')} are not yet)"
        note = f"Shares of {cases}, under the ranges given; 95 % intervals{', of draws alone' if every else ''}."
        return table(self.measured.title, ["result", "share", "interval"], rows, note)

    @property
    def subject(self) -> str:
        """What pictures show beside the talks: the zone, or the plain truce where the zone is the same everywhere."""
        return next((name for name in ("zone", "plain_truce") if self.measured.results.differs(name)), "zone")

    @property
    def varies(self) -> bool:
        """Whether the subject differs from case to case."""
        return self.measured.results.differs(self.subject)

    def pictured(self) -> tuple[str, str]:
        """Two outcomes worth a picture: the subject and how the talks do, or, where nobody ever agrees, two endings."""
        results = self.measured.results
        zone, agreed = results.zone_exists["zone"].hits, results.talks_agree.share
        talks = "agreement_where_a_zone_exists" if zone else "agreement"
        if self.varies or agreed:
            return self.subject, talks
        spread = {
            name: float((column / np.maximum(self.cases.runs, 1)).std()) for name, column in self.cases.endings.items()
        }
        first, second, *_ = [*sorted(spread, key=lambda name: -spread[name]), self.subject, talks]
        return (first if first == self.subject else f"ending.{first}"), (
            second if second in OUTCOMES else f"ending.{second}"
        )


def outcome(cases: Cases, name: str) -> tuple[FloatArray, BoolArray]:
    """An outcome of every case ``(N,)``, 0 to 1, and the cases that say anything of it."""
    zone = cases.zones["zone"] == 1
    if name.startswith("ending."):
        return cases.endings[name.removeprefix("ending.")] / np.maximum(cases.runs, 1), cases.known
    if name in cases.zones:
        return (cases.zones[name] == 1).astype(float), cases.known
    share = np.nan_to_num(cases.share)
    return share, cases.known & zone if name == "agreement_where_a_zone_exists" else cases.known


def analyse(
    folder: Folder | str | PathLike[str],
    progress: Callable[[float], None] = lambda share: None,
    memory: int = MEMORY,
) -> Analysis:
    """Analyse a sweep, finished or not.

    Args:
        folder: the sweep's folder.
        progress: told the share of the work that is done.
        memory: megabytes that it may take; of a sweep too large for them the first cases are looked at.

    Raises:
        SweepError: when no case is done, or they are too many and none stand for the others.
        ScenarioNotFoundError: when the folder holds no sweep.
        ArgumentError: for what is no folder.
    """
    folder, memory = _opened(folder), whole(memory, "memory", 1)
    a_function(progress)
    cases = gather(bounded(folder, memory))
    if not cases.known.any():
        failed = int(cases.failed.sum())
        every = "the one run" if failed == 1 else f"all {failed:,} runs"
        why = f"{every} so far failed; failures.jsonl says why" if failed else "no case is finished yet"
        raise SweepError(f"{folder.path} says nothing: {why}")
    progress(0.2)
    explained: dict[str, Sensitivity] = {}
    told: dict[str, Regions] = {}
    for n, name in enumerate(OUTCOMES):
        share, known = outcome(cases, name)
        explained[name] = sensitivity(cases, name)
        told[name] = discovery.regions(cases, name, share, known)
        progress(0.2 + 0.15 * (n + 1))
    results = headline(cases)
    found = AnalysisMeasures(
        **vars(described(cases.folder.sweep)),
        of_cases=folder.sweep.design.cases,
        results=results,
        by_value=by_value(cases),
        noise=noise(cases.answers(cases.known)),
        sensitivity=explained,
        regions={name: discovery.measures(held, folder.sweep.factors) for name, held in told.items()},
        rare=_rare(results),
        nearest_miss=None if results.zone_exists["zone"].hits else nearest_miss(cases),
    )
    progress(1.0)
    return Analysis(cases, found, told)


def _opened(folder: Folder | str | PathLike[str]) -> Folder:
    """The folder of a sweep whose cases are a sample of the ranges."""
    folder = opened(folder)
    if folder.sweep.levers:
        raise SweepError(
            f"{folder.path} has levers, and shares over choices and worlds together would mean nothing: "
            f"`ceasefire sweeps levers {folder.path}` compares the choices"
        )
    if folder.sweep.design.kind == "morris":
        raise SweepError(
            f"{folder.path} is a screening, whose points are not a sample of the ranges: `ceasefire sweeps screen "
            f"{folder.path}` says which fields matter"
        )
    return folder


def _rare(results: Headline) -> Rare:
    zone = results.zone_exists["zone"]
    return Rare(
        None if zone.hits or zone.high is None else rule_of_three(zone.of),
        None if results.talks_agree.share else results.talks_agree.high,
    )
