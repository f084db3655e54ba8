"""Which fields move an outcome: shares by value or part of a range, and what each field explains.

How indices are worked out, and how sure they are, is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.plain import ABSENT, OPTIONAL
from sim.stakes.space import FloatArray, IntArray
from sim.study.shares import Share
from sim.sweeps.design import SALTELLI
from sim.sweeps.indices import GROUPS, FirstOrder, Outcome, Sobol, first_order, sobol_indices
from sim.sweeps.pairs import Pair, second_order
from sim.sweeps.results import Cases
from sim.sweeps.sweep import Sweep

BINS = 8
"""Parts that a range is cut into; a list keeps its values up to `MOST_LEVELS`."""
MOST_LEVELS = 12


@dataclass(frozen=True)
class ByValue:
    """Both results for a value of a field, or for a part of its range, ``from_`` up to ``to``.

    Zone and plain truce are shares of cases, ``agree`` the mean share of their runs, None of none; ``endings`` counts.
    """

    value: Any = field(default=ABSENT, kw_only=True, metadata=OPTIONAL)
    from_: float | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    to: float | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    zone: Share
    plain_truce: Share
    agree: float | None
    endings: dict[str, int]

    @property
    def ends(self) -> list[Any]:
        """Its value, or the two ends of its part of the range."""
        return [self.from_, self.to] if self.value is ABSENT else [self.value]


@dataclass(frozen=True)
class Sensitivity:
    """What each field explains of an outcome, ``sobol`` from a Saltelli design only; empty where nothing varies.

    ``pairs`` are what two fields explain together and neither alone, where the design was made for it.
    """

    first_order: dict[str, FirstOrder]
    sobol: dict[str, Sobol]
    pairs: list[Pair] = field(default_factory=list, metadata=OPTIONAL)

    @property
    def explained(self) -> dict[str, float]:
        """The share that each field explains: with its interactions where that is known, else alone."""
        total = {path: index.total for path, index in self.sobol.items()}
        return total or {path: index.index for path, index in self.first_order.items()}

    @property
    def ranked(self) -> list[str]:
        """The fields, those that explain most first."""
        return sorted(self.explained, key=lambda path: -self.explained[path])


def cells(sweep: Sweep, path: str, column: FloatArray, most: int = BINS) -> tuple[IntArray, list[tuple[float, float]]]:
    """The cell of each case ``(N,)`` and each cell's lowest and highest value: one a value, or parts of a range."""
    factor = next(f for f in sweep.factors if f.path == path)
    levels = np.unique(column)
    if factor.named or len(levels) <= MOST_LEVELS:
        return np.searchsorted(levels, column), [(float(level), float(level)) for level in levels]
    low, high = float(factor.low), float(factor.high)
    if factor.values is not None:
        low, high = float(column.min()), float(column.max())
    edges = np.linspace(low, high, most + 1)
    which = np.clip(np.searchsorted(edges, column, side="right") - 1, 0, most - 1)
    return which, [(float(edges[n]), float(edges[n + 1])) for n in range(most)]


def by_value(cases: Cases) -> dict[str, list[ByValue]]:
    """For each field, both results by its value: shares of cases, and how the runs ended."""
    sweep, known, share = cases.folder.sweep, cases.known, cases.share
    found = {}
    for f in sweep.factors:
        which, ends = cells(sweep, f.path, cases.columns[f.path])
        rows = []
        for n, (low, high) in enumerate(ends):
            here = known & (which == n)
            count = int(here.sum())
            value = {"value": f.value(low)} if low == high else {"from_": low, "to": high}
            agreed = None if count == 0 else round(float(share[here].mean()), 6)
            zone, truce = (
                cases.share_of(int((cases.zones[name][here] == 1).sum()), count) for name in ("zone", "plain_truce")
            )
            endings = {name: int(column[here].sum()) for name, column in cases.endings.items()}
            rows.append(ByValue(zone, truce, agreed, endings, **value))
        found[f.path] = rows
    return found


def sensitivity(cases: Cases, name: str) -> Sensitivity:
    """What each field explains of an outcome of a case, or of its runs."""
    sweep, found = cases.folder.sweep, outcome_of(cases, name)
    group = np.arange(len(cases.runs)) // sweep.design.block % GROUPS  # cases of one base point share values
    alone = {}
    for f in sweep.factors:
        which, ends = cells(sweep, f.path, cases.columns[f.path])
        index = first_order(which, len(ends), found, group, sweep.design.exhaustive)
        if index is not None:
            alone[f.path] = index
    if sweep.design.kind not in SALTELLI or name.endswith("exists"):
        return Sensitivity(alone, {})
    names, pairs = [f.path for f in sweep.factors], sweep.design.kind == "saltelli-pairs"
    return Sensitivity(alone, sobol_indices(names, found, pairs), second_order(names, found) if pairs else [])


def outcome_of(cases: Cases, name: str) -> Outcome:
    """An outcome as indices take it, and the cases that say anything of it."""
    if name in cases.zones:
        return Outcome(cases.zones[name][:, None], cases.known, exact=True)
    known = cases.known & (cases.zones["zone"] == 1) if name.endswith("exists") else cases.known
    return Outcome(cases.signed, known, cases.folder.sweep.common)
