"""What the manifest of a sweep says, from a sweep and back to it, so that every run can be made again.

Where it lies, and which runs are done, is the business of `sim.sweeps.store`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Annotated, Any

from annotated_types import Interval as Range

import sim
from sim.plain import OPTIONAL
from sim.scenario.loader import restored
from sim.study.record import MANIFEST, Versions, versions
from sim.sweeps.cases_csv import LARGEST_OWN, read_table
from sim.sweeps.design import MOST_CASES, Design, DesignKind
from sim.sweeps.factors import factor
from sim.sweeps.levers import crossed
from sim.sweeps.own_code import OwnAgent
from sim.sweeps.segments import Segment
from sim.sweeps.sweep import MOST_RUNS, Sweep

FORMAT = 2
"""Version of the folder's layout."""
LIBRARIES = ("numpy", "scipy", "pyarrow")
"""Libraries whose versions are recorded."""
AGENT = "agent of "
"""Begins the names of what fingerprints delegations of somebody's own."""
DECISIVE = ("ceasefire-zone", "source", "numpy", "scipy")
"""What decides over the numbers of a run."""


@dataclass(frozen=True)
class SweepManifest:
    """What is needed to make every run again; ``name`` is what the scenario was loaded as, ``scenario`` its slug.

    ``versions`` name the code that it was begun with, ``mixed`` all other that went on with it; ``agents`` are the
    classes of somebody's own by party.
    """

    format: int
    kind: str
    banner: str
    title: str | None
    scenario: str
    name: str
    changes: list[str]
    without: list[str]
    vary: dict[str, dict[str, Any]]
    design: DesignKind
    replications: Annotated[int, Range(ge=1, le=MOST_RUNS)]
    common_random_numbers: bool
    seed: Annotated[int, Range(ge=0, lt=2**63)]
    cases: Annotated[int, Range(ge=1, le=MOST_CASES)]
    segments: tuple[Segment, ...]
    hash: str
    design_check: str
    versions: Versions
    scenario_resolved: dict[str, Any]
    levers: list[str] = field(default_factory=list, kw_only=True)
    mixed: tuple[Versions, ...] = field(default=(), metadata=OPTIONAL)
    agents: dict[str, str] = field(default_factory=dict, kw_only=True, metadata=OPTIONAL)


def made_with(sweep: Sweep) -> Versions:
    """What decides over the numbers of its runs, or may: the program, libraries, and code of somebody's own."""
    return versions(*LIBRARIES) | {f"{AGENT}{party}": own.fingerprint for party, own in sweep.agents.items()}


def manifest_of(
    sweep: Sweep, segments: tuple[Segment, ...], begun_with: Versions, mixed: tuple[Versions, ...]
) -> SweepManifest:
    """The manifest of a sweep that was begun with some versions and went on with others."""
    return SweepManifest(
        format=FORMAT,
        kind="sweep",
        banner=sim.BANNER,
        title=sweep.title,
        scenario=sweep.loaded.slug,
        name=sweep.loaded.name,
        changes=list(sweep.loaded.changes),
        without=list(sweep.loaded.without),
        vary={f.path: f.plain() for f in sweep.factors},
        design=sweep.design.kind,
        replications=sweep.replications,
        common_random_numbers=sweep.common,
        seed=sweep.seed,
        cases=sweep.design.cases,
        segments=segments,
        hash=sweep.hash,
        design_check=design_check(sweep),
        versions=begun_with,
        scenario_resolved=sweep.loaded.scenario.model_dump(mode="json"),
        levers=[lever.path for lever in sweep.levers],
        mixed=mixed,
        agents={party: own.name for party, own in sweep.agents.items()},
    )


def sweep_of(said: SweepManifest, path: Path) -> Sweep:
    """The sweep that a manifest describes, a table's cases from the file beside it."""
    loaded = restored(said.name, said.scenario, said.scenario_resolved)
    if said.design == "table":
        factors, rows = read_table(loaded, path / "cases.csv", LARGEST_OWN)
    else:
        factors, rows = tuple(factor(loaded, field, given, MANIFEST) for field, given in said.vary.items()), None
    if said.levers:
        pulled = tuple(f for f in factors if f.path in said.levers)
        others = tuple(f for f in factors if f.path not in said.levers)
        choices = prod(len(f.levels or ()) for f in pulled)
        design: Design = crossed(Design(said.design, others, said.cases // max(1, choices), said.seed, rows), pulled)
    else:
        design = Design(said.design, factors, said.cases, said.seed, rows)
    agents = {
        party: OwnAgent(name, said.versions.get(f"{AGENT}{party}", "unknown")) for party, name in said.agents.items()
    }
    return Sweep(loaded, design, said.replications, said.common_random_numbers, said.seed, said.title, agents)


def design_check(sweep: Sweep) -> str:
    """A fingerprint of the first cases, which tells whether libraries still make the same design."""
    rows = sweep.design.rows(0, min(sweep.design.cases, 64))
    return hashlib.sha256(b"".join(column.tobytes() for column in rows.values())).hexdigest()[:16]
