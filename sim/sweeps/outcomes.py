"""The outcomes of a stretch of runs: whether each case has a zone, and how each run's talks ended.

The same numbers for any stretch, in any order, in any process. A run that fails is recorded with its reason and never
ends the sweep.
"""

from __future__ import annotations

import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.errors import CeasefireError
from sim.scenario.columns import refused, with_columns
from sim.scenario.loader import Loaded
from sim.stakes.case import Case
from sim.stakes.run_axis import take_rows
from sim.stakes.space import IntArray
from sim.sweeps.own_code import at_hand
from sim.sweeps.segments import Segment, begun, located
from sim.sweeps.sweep import Sweep
from sim.zone.existence import ZoneSearch

if TYPE_CHECKING:
    from sim.talks.model import PartyAgent

FAILED = -1
"""The ending of a run that failed, and the answer to a question that could not be asked."""
DIED = "its process died"
"""Why a run failed that takes its process with it."""
KEPT = 64
"""Compiled scenarios kept by a process."""
DECIMALS = 3
"""Decimals of points in tables: values are recomputed exactly by a replay."""

Array = npt.NDArray[Any]
Columns = dict[str, Array]


@dataclass(frozen=True)
class Failure:
    """The runs kept from ``start`` up to ``stop`` that failed, and why."""

    start: int
    stop: int
    reason: str
    details: str = ""


@dataclass
class Outcomes:
    """Columns ``(R,)`` of the runs that are kept from ``start`` on, and the failures among them."""

    start: int
    columns: Columns
    failures: list[Failure] = field(default_factory=list)


def blank(sweep: Sweep, cases: IntArray, replications: IntArray) -> Columns:
    """The columns of an outcome table, nothing known yet of these runs ``(R,)``."""
    runs = len(cases)
    columns: Columns = {
        "case": cases.astype(np.int64),
        "replication": replications.astype(np.int32),
        "ending": np.full(runs, FAILED, dtype=np.int8),
        "round": np.zeros(runs, dtype=np.int16),
        "seen": np.zeros(runs, dtype=np.int16),
        "left": np.full(runs, -1, dtype=np.int8),
        "package": np.full(runs, -1, dtype=np.int64),
        "held_months": np.full(runs, -1, dtype=np.int16),
    }
    for name in ZONES:
        columns[name] = np.full(runs, FAILED, dtype=np.int8)
    for party in sweep.loaded.case.parties:
        columns[f"value.{party.id}"] = np.full(runs, np.nan, dtype=np.float32)
    return columns


ZONES = ("zone", "settlement_zone", "true_zone", "plain_truce")
"""Whether a zone exists: under declared lines, for a settlement, under the true lines; and whether a plain truce,
with nothing else settled, lies in it.
"""


class Group:
    """Cases that share a compiled scenario: what does not change between them is found once."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        case = loaded.case
        self.declared = ZoneSearch(case)
        same = (case.zones["settlement"] == case.zones["ceasefire"]).all()
        self.settled = self.declared if same else ZoneSearch(case, "settlement")
        softens = any(len(line.ladder) > 1 for line in case.red_lines.lines)
        self.true = ZoneSearch(case, reading="true") if softens else self.declared
        self.truce = case.plain_truce()

    def zones(self, case: Case, rows: int) -> Array:
        """The answers ``(R, 4)`` to `ZONES`."""
        declared = self.declared.exists(case, rows)
        settled = declared if self.settled is self.declared else self.settled.exists(case, rows)
        true = declared.copy()
        if self.true is not self.declared and not declared.all():
            closed = np.flatnonzero(~declared)
            true[closed] = self.true.exists(take_rows(case, closed), len(closed))
        truce = np.zeros(rows, dtype=bool)
        if self.truce is not None and declared.any():
            truce = self.declared.suits(case, rows, self.truce)
        return np.stack([declared, settled, true, truce], axis=1).astype(np.int8)


class Laboratory:
    """Makes outcomes of one sweep, and keeps the scenarios it has compiled."""

    def __init__(self, sweep: Sweep, segments: tuple[Segment, ...] = ()) -> None:
        self.sweep = sweep
        self.segments = segments or begun(sweep.design.cases, sweep.replications, sweep.runs)
        self.groups: OrderedDict[tuple[float, ...], Group | str] = OrderedDict()
        self.number = {f.path: f for f in sweep.factors}

    @cached_property
    def agents(self) -> dict[str, type[PartyAgent]]:
        """Delegations of somebody's own, which playing takes, and looking at cases does not."""
        return at_hand(self.sweep.agents)

    def outcomes(self, start: int, stop: int, skip: frozenset[int] = frozenset()) -> Outcomes:
        """The outcomes of the runs kept from ``start`` up to ``stop``; those in ``skip`` are not tried, but fail."""
        case, replication = located(self.segments, np.arange(start, stop))
        first, last = int(case[0]), int(case[-1]) + 1
        design = self.sweep.design.rows(first, last)
        found = Outcomes(start, blank(self.sweep, case, replication))
        found.failures += [Failure(run, run + 1, DIED) for run in sorted(skip)]
        runs = np.array([run for run in range(start, stop) if run not in skip] if skip else np.arange(start, stop))
        place = case[runs - start] - first
        for key, cases in self._by_group(design, last - first):
            mine = np.isin(place, cases) if len(cases) < last - first else np.ones(len(place), dtype=bool)
            if mine.any():
                self._fill(found, key, {p: design[p][cases] for p in design}, cases, runs[mine], place[mine])
        found.failures.sort(key=lambda failure: failure.start)
        return found

    def _by_group(self, design: Columns, cases: int) -> Iterator[tuple[tuple[float, ...], IntArray]]:
        """Values at the paths that need compiling, and the cases ``(C,)`` that have them."""
        paths = self.sweep.compiled
        if not paths:
            yield (), np.arange(cases)
            return
        values = np.stack([design[path] for path in paths], axis=1)
        distinct, which = np.unique(values, axis=0, return_inverse=True)
        order = np.argsort(which.ravel(), kind="stable")
        for number, places in groupby(order, key=lambda place: which.ravel()[place]):
            yield tuple(distinct[number].tolist()), np.fromiter(places, dtype=np.int64)

    def group(self, key: tuple[float, ...]) -> Group | str:
        """The compiled scenario for these values, or why there is none."""
        if key in self.groups:
            self.groups.move_to_end(key)
            return self.groups[key]
        named = zip(self.sweep.compiled, key, strict=True)
        try:
            made: Group | str = Group(self.sweep.group({path: self.number[path].value(x) for path, x in named}))
        except CeasefireError as error:
            made = str(error)
        self.groups[key] = made
        if len(self.groups) > KEPT:
            self.groups.popitem(last=False)
        return made

    def case(self, group: Group, row: Columns) -> Case:
        """The case of some rows of the design that belong to a group."""
        return with_columns(group.loaded, {path: row[path] for path in row if path not in self.sweep.compiled})

    def _fill(
        self, found: Outcomes, key: tuple[float, ...], design: Columns, cases: IntArray, runs: IntArray, place: IntArray
    ) -> None:
        """Find the outcomes of one group's runs and put them where they belong."""
        group = self.group(key)
        if isinstance(group, str):
            found.failures += [Failure(a, b, group) for a, b in stretches(runs)]
            return
        columns = {path: design[path] for path in design if path not in self.sweep.compiled}
        row = np.searchsorted(cases, place)
        bad = refused(group.loaded, columns)
        for number, reason in bad.items():
            found.failures += [Failure(a, b, reason) for a, b in stretches(runs[row == number])]
        good = np.setdiff1d(np.unique(row), np.array(list(bad), dtype=np.int64))
        if not len(good):
            return
        case = self.case(group, {path: column[good] for path, column in columns.items()})
        zones = self._zones(group, case, good, runs, row, found)
        fit = np.flatnonzero(np.isin(row, good[zones[:, 0] != FAILED]))
        here = np.searchsorted(good, row[fit])
        for n, name in enumerate(ZONES):
            found.columns[name][runs[fit] - found.start] = zones[here, n]
        self._play(case, here, runs[fit], found)

    def _zones(self, group: Group, case: Case, good: IntArray, runs: IntArray, row: IntArray, found: Outcomes) -> Array:
        """The answers ``(C, 4)`` for each good case; the runs of a case whose zone cannot be found fail."""
        zones = np.full((len(good), len(ZONES)), FAILED, dtype=np.int8)

        def look(rows: IntArray) -> None:
            zones[rows] = group.zones(take_rows(case, rows), len(rows))

        for number, reason, details in _halved(look, np.arange(len(good))):
            found.failures += [Failure(a, b, reason, details) for a, b in stretches(runs[row == good[number]])]
        return zones

    def _play(self, case: Case, row: IntArray, runs: IntArray, found: Outcomes) -> None:
        """Play the talks of runs whose case stands in ``row`` of the case."""
        from sim.study.own_agents import negotiate_with
        from sim.talks.batch import negotiate

        numbers, agents = self.sweep.draw_numbers(*located(self.segments, runs)), self.agents

        def play(which: IntArray) -> None:
            mine, seed = take_rows(case, row[which]), self.sweep.seed
            if agents:
                results = negotiate_with(mine, numbers[which], seed, agents)
            else:
                results = negotiate(mine, numbers[which], seed)
            _put(case, results, found.columns, runs[which] - found.start)

        for number, reason, details in _halved(play, np.arange(len(runs))):
            run = int(runs[number])
            found.failures.append(Failure(run, run + 1, reason, details))


def _put(case: Case, results: Any, columns: Columns, at: IntArray) -> None:
    """Results of the talks into the table; what was agreed only where something was."""
    columns["ending"][at] = results.ending
    columns["round"][at] = results.ended
    columns["seen"][at] = results.seen
    columns["left"][at] = results.left
    signed = results.agreeing
    where = at[signed]
    if len(where):
        columns["package"][where] = case.space.ids(results.agreed[signed])
        columns["held_months"][where] = results.held_months[signed]
        for n, party in enumerate(case.parties):
            columns[f"value.{party.id}"][where] = np.round(results.values[signed, n], DECIMALS)


def _halved(work: Callable[[IntArray], None], rows: IntArray) -> list[tuple[int, str, str]]:
    """Do the work on rows; where it fails, on halves, down to the rows that fail, with reason and traceback."""
    try:
        if len(rows):
            work(rows)
        return []
    except (
        CeasefireError,
        ArithmeticError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
    ) as error:
        if len(rows) == 1:
            return [(int(rows[0]), f"{type(error).__name__}: {error}", _traced(error))]
        middle = len(rows) // 2
        return _halved(work, rows[:middle]) + _halved(work, rows[middle:])


def _traced(error: BaseException) -> str:
    """Where an error came from: files without folders, so that it says the same on every machine."""
    frames = traceback.extract_tb(error.__traceback__)
    return "; ".join(
        f"{frame.filename.replace(chr(92), '/').rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames
    )


def stretches(runs: IntArray) -> list[tuple[int, int]]:
    """Runs in order as stretches without gaps."""
    if not len(runs):
        return []
    breaks = np.flatnonzero(np.diff(runs) != 1) + 1
    return [(int(part[0]), int(part[-1]) + 1) for part in np.split(runs, breaks)]
