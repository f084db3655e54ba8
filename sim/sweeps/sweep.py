"""A sweep: one scenario, a design over some of its fields, and replications; and which draws each run is given.

What a run is follows from this alone, so any run can be made again anywhere. Nothing is run or written here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Integral
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import sim
from sim.errors import ArgumentError, ScenarioError, ScenarioNotFoundError, type_of
from sim.given import MOST_SEED, a_path, yes_or_no
from sim.markup import counted
from sim.markup import table as shown
from sim.scenario.by_run import paths
from sim.scenario.changes import Changes, change, listed, path_of, texts
from sim.scenario.evidence_schema import NOWHERE
from sim.scenario.fields import LEFT_OUT, WEIGHT_SET
from sim.scenario.loader import AnyScenario, Loaded, load, name_of, with_changes
from sim.stakes.space import IntArray
from sim.sweeps.cases_csv import read_table
from sim.sweeps.design import EXTENSIBLE, KINDS, MOST_CASES, Design, DesignKind, design
from sim.sweeps.factors import Factor, factor, factors_of, refuse_both, refuse_nested, refuse_still
from sim.sweeps.levers import Crossed, crossed
from sim.sweeps.own_code import OwnAgent, own_agents
from sim.sweeps.sweep_file import SweepFile, is_sweep_file, read_sweep

if TYPE_CHECKING:
    from sim.talks.model import PartyAgent

MOST_RUNS = 1_000_000_000
REPLICATIONS = 4
"""Runs of each case unless it is said: enough to tell chance from cases; more cases are worth more than more runs."""


@dataclass(frozen=True)
class Sweep:
    """``replications`` runs of every case of a design; ``common`` gives every case the same draws.

    ``agents`` are delegations of somebody's own, by party.
    """

    loaded: Loaded
    design: Design
    replications: int = REPLICATIONS
    common: bool = False
    seed: int = 0
    title: str | None = None
    agents: Mapping[str, OwnAgent] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        """How a notebook shows it: what is varied, how often."""
        plain = {varied.path: varied.plain() for varied in self.factors}
        rows = [
            (path, ", ".join(map(str, said["values"])) if "values" in said else f"{said['low']:g} to {said['high']:g}")
            for path, said in plain.items()
        ]
        cases, runs = counted(self.design.cases, "case"), counted(self.runs, "run")
        note = f"{cases} ({self.design.kind}) × {self.replications:,} = {runs}."
        return shown(f"A sweep of {self.loaded.scenario.title}", ["", ""], rows, note)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What is varied."""
        return self.design.factors

    @property
    def levers(self) -> tuple[Factor, ...]:
        """What somebody could choose, of what is varied."""
        return self.design.levers if isinstance(self.design, Crossed) else ()

    @property
    def runs(self) -> int:
        """Runs of all cases."""
        return self.design.cases * self.replications

    def draw_numbers(self, cases: IntArray, replications: IntArray) -> IntArray:
        """The numbers that name the draws of these runs ``(R,)``: the replication, or each run its own.

        They do not depend on how many cases or replications there are, so that more of either can be added.
        """
        if self.common:
            return replications
        pack, place = np.divmod(replications, REPLICATIONS)
        return (pack * MOST_CASES + self.design.world(cases)) * REPLICATIONS + place

    @cached_property
    def compiled(self) -> tuple[str, ...]:
        """Paths whose every value needs the scenario compiled anew."""
        with_columns = paths(self.loaded.scenario)
        return tuple(f.path for f in self.factors if f.named or f.path not in with_columns)

    def group(self, values: dict[str, Any]) -> Loaded:
        """The scenario with values at the paths that need compiling, ready for columns at the others.

        Raises:
            ScenarioError: for values that do not go together.
        """
        dropped = tuple(path.split(".")[1] for path, value in values.items() if path.endswith(f".{LEFT_OUT}") and value)
        changes = [
            change(path, value)
            for path, value in values.items()
            if not path.endswith(f".{LEFT_OUT}") and path != WEIGHT_SET
        ]
        for f in self.factors:  # a number must stand where a column of numbers goes
            if f.path.endswith(".reservation") and f.path not in values and f.field.now is None:
                changes.append(change(f.path, 0.0))
        made = with_changes(self.loaded, changes, dropped)
        name = values.get(WEIGHT_SET)
        if name in made.case.weight_sets:
            made = replace(made, case=made.case.under(made.case.weight_sets[name]))
        return made

    @property
    def identity(self) -> dict[str, Any]:
        """What names the sweep: those of one identity differ in how many cases and replications they have at most."""
        table = self.design.table
        return {
            "scenario_resolved": self.loaded.scenario.model_dump(mode="json", exclude=NOWHERE),
            "vary": {f.path: f.plain() for f in self.factors},
            "design": self.design.kind,
            "cases": None if self.design.kind in EXTENSIBLE else self.design.cases,
            "table": None if table is None else hashlib.sha256(np.ascontiguousarray(table).tobytes()).hexdigest(),
            "common_random_numbers": self.common,
            "seed": self.seed,
            "version": sim.__version__,
        } | self._further

    @property
    def _further(self) -> dict[str, Any]:
        """What is part of the identity of sweeps that have it."""
        agents = {party: own.name for party, own in self.agents.items()}
        return ({"levers": [lever.path for lever in self.levers]} if self.levers else {}) | (
            {"agents": agents} if agents else {}
        )

    @property
    def hash(self) -> str:
        """Eight hexadecimal digits of the identity."""
        return hashlib.sha256(json.dumps(self.identity).encode()).hexdigest()[:8]

    @property
    def folder(self) -> str:
        """Where its results belong, below the folder of all results."""
        return f"{self.loaded.slug}/sweep-{self.hash}"


def sweep(
    name: AnyScenario,
    vary: Mapping[str, Any] | Iterable[str] | None = None,
    *,
    levers: Mapping[str, Any] | Iterable[str] | None = None,
    kind: str | None = None,
    cases: int | None = None,
    replications: int | None = None,
    common: bool | None = None,
    seed: int | None = None,
    table: str | PathLike[str] | None = None,
    changes: Changes = (),
    without: Iterable[str] = (),
    agents: Mapping[str, type[PartyAgent]] | None = None,
) -> Sweep:
    """A sweep from a sweep file or a scenario; what is given here goes before what the file says.

    Args:
        name: a sweep file or a scenario: a slug, a path, or what `sim.load` returns.
        vary: texts such as ``protocol.deadline=2:12``, or what a sweep file says of each path.
        levers: the same of what somebody could choose: every choice meets the same worlds.
        kind: the design, such as ``sobol`` or ``grid``.
        cases: points of the design.
        replications: runs of each case, four by default.
        common: whether every case is given the same draws; each run its own by default.
        seed: with a run's number it names every draw.
        table: a CSV file with the cases.
        changes: made in the scenario first, as `sim.load` takes them.
        without: ids of red lines to leave out.
        agents: a subclass of `PartyAgent` for any party id; runs are then played one by one.

    Raises:
        DelegationError: for agents of a party that is not there.
        ScenarioError: for anything that cannot be meant, with the nearest that can.
        ArgumentError: for what stands for no scenario or no changes, or is of a kind that cannot be meant.
    """
    scenario, said, where = _begun(name)
    table = None if table is None else str(a_path(table, "a table of cases is known by its file"))
    changes = listed(changes)
    given = {path_of(text) for text in changes}
    changes = (*(change(path, value) for path, value in said.set.items() if path not in given), *changes)
    without = (*said.without, *texts(without, "without", "ids of red lines"))
    loaded = _loaded(scenario, changes, without, where)
    factors = {path: factor(loaded, path, given, where) for path, given in said.vary.items()}
    factors |= factors_of(loaded, vary)
    pulled = {path: factor(loaded, path, given, where) for path, given in said.levers.items()}
    pulled |= factors_of(loaded, levers, "lever")
    refuse_both(factors, pulled, where)
    refuse_still(factors, where)
    for path in (path for path in map(path_of, changes) if path in factors):
        raise ScenarioError("is set and varies too; say one of the two", where=f"--set {path}")
    if kind is not None and not isinstance(kind, str):
        raise ArgumentError(f"kind: should be the name of a design, not {type_of(kind)}")
    chosen = kind or (said.design.kind if table is None else "table") or "sobol"
    if chosen not in KINDS:
        raise ScenarioError(f'there is no design "{chosen}" (one of: {", ".join(KINDS)})', where=where)
    count = _whole(cases, said.design.cases, "cases", 1, where)
    many = _whole(replications, said.replications, "replications", 1, where) or REPLICATIONS
    start = _whole(seed, said.seed, "seed", 0, where) or 0
    if not any(path.startswith("pins.") for path in (*factors, *pulled)):
        loaded.case.space.require_countable()
    if pulled and not factors and table is None:
        made: Design = crossed(design("grid", (), None, start), tuple(pulled.values()))  # one world, as it stands
    else:
        made = _design(loaded, chosen, tuple(factors.values()), count, start, table or said.design.table, where)
        made = crossed(made, tuple(pulled.values())) if pulled else made
    if made.cases * many > MOST_RUNS:
        raise ScenarioError(f"{made.cases * many:,} runs are more than {MOST_RUNS:,}", where=where)
    same = said.common_random_numbers if common is None else yes_or_no(common, "common")
    refuse_nested(tuple(f.path for f in made.factors), where)
    hired = own_agents(agents, [party.id for party in loaded.case.parties])
    return Sweep(loaded, made, many, same, start, said.title, hired)


def subject(name: AnyScenario, changes: Changes = (), without: Iterable[str] = ()) -> Loaded:
    """The scenario of a sweep file, or the one that a name stands for."""
    scenario, _, where = _begun(name)
    return _loaded(scenario, changes, without, where)


def _loaded(scenario: AnyScenario, changes: Changes, without: Iterable[str], where: str) -> Loaded:
    """The scenario; where there is none of that name, a sweep file that names it is to blame."""
    try:
        return load(scenario, changes, without)
    except ScenarioNotFoundError as error:
        if scenario == where:
            raise
        raise ScenarioError(str(error), path=("scenario",), where=where) from None


def _begun(name: AnyScenario) -> tuple[AnyScenario, SweepFile, str]:
    """The scenario, what a sweep file says of it, if one is meant, and what complaints call it."""
    if isinstance(name, Loaded):
        return name, SweepFile(scenario=name.name), name.name
    name = name_of(name)
    said, where = read_sweep(name) if is_sweep_file(name) else (SweepFile(scenario=name), name)
    return said.scenario, said, where


def _design(
    loaded: Loaded,
    kind: DesignKind,
    factors: tuple[Factor, ...],
    cases: int | None,
    seed: int,
    table: str | None,
    where: str,
) -> Design:
    if kind == "table":
        if table is None or factors:
            raise ScenarioError("a table design takes its fields and values from its CSV file: name one", where=where)
        factors, rows = read_table(loaded, Path(table))
        return Design("table", factors, len(rows), seed, rows)
    if not factors:
        raise ScenarioError("nothing varies: say --vary PATH=LOW:HIGH (--list shows every path)", where=where)
    return design(kind, factors, cases, seed)


def _whole(given: int | None, said: int | None, what: str, low: int, where: str) -> int | None:
    number = said if given is None else given
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, Integral) or number < low:
        raise ScenarioError(f"{what} must be a whole number from {low} on, not {number!r}", where=where)
    if number > MOST_SEED:
        raise ScenarioError(f"{what} must be {MOST_SEED:,} at most", where=where)
    return int(number)
