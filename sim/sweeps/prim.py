"""The patient rule induction method: a box of values in which an outcome is frequent (Friedman & Fisher 1999).

Peels a little off one side at a time, pastes back what was too much, drops limits that do not matter. It knows columns
and an outcome, and nothing of scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.space import BoolArray, FloatArray

PEELED = 0.05
"""Share of the box taken off at a time."""
LEAST = 0.02
"""Share of all cases that a box keeps."""
MATTERS = 0.02
"""Density that a limit must add to be kept."""


@dataclass(frozen=True)
class Limit:
    """What a box asks of a column: values from ``low`` to ``high``, or among ``kept`` where it holds names."""

    column: int
    low: float = -np.inf
    high: float = np.inf
    kept: frozenset[float] | None = None

    def holds(self, values: FloatArray) -> BoolArray:
        """Which values ``(N,)`` meet it."""
        if self.kept is not None:
            return np.isin(values, list(self.kept))
        return (values >= self.low) & (values <= self.high)


Box = tuple[Limit, ...]


def inside(box: Box, table: FloatArray) -> BoolArray:
    """Which rows of a table ``(N, C)`` lie in a box."""
    found = np.ones(len(table), dtype=bool)
    for limit in box:
        found &= limit.holds(table[:, limit.column])
    return found


def prim(table: FloatArray, outcome: FloatArray, named: tuple[bool, ...]) -> Box:
    """A box with many cases of the outcome in it and few without: the best of the trajectory by the harmonic mean of
    density and coverage.

    Args:
        table: columns ``(N, C)``.
        outcome: share of runs ``(N,)``, or 1 and 0.
        named: which columns hold names ``(C,)``.
    """
    whole = float(outcome.sum())
    box: dict[int, Limit] = {}
    rows = np.arange(len(table))
    best: Box = ()
    score = _score(outcome, whole)
    while len(rows) > max(LEAST * len(table), 10):
        peel = _peel(table[rows], outcome[rows], named, box)
        if peel is None:
            break
        box = {**box, peel.column: peel}
        rows = rows[peel.holds(table[rows, peel.column])]
        now = _score(outcome[rows], whole)
        if now > score:
            best, score = tuple(box.values()), now
    return _dropped(_pasted(best, table, outcome), table, outcome)


def _score(outcome: FloatArray, whole: float) -> float:
    """Twice density times coverage over their sum."""
    hits = float(outcome.sum())
    return 0.0 if hits <= 0 else 2 * hits / (len(outcome) + whole)


def _peel(table: FloatArray, outcome: FloatArray, named: tuple[bool, ...], box: dict[int, Limit]) -> Limit | None:
    """The next limit: of all small peels the one that raises the mean most for each case that it costs."""
    count, mean = len(outcome), float(outcome.mean())
    best, gain = None, 0.0
    for column in range(table.shape[1]):
        values = table[:, column]
        known = box.get(column, Limit(column))
        for limit in _named_peels(values, known) if named[column] else _peels(values, known):
            keep = limit.holds(values)
            left = int(keep.sum())
            if 0 < left < count:
                raised = (float(outcome[keep].mean()) - mean) / (count - left)
                if raised > gain:
                    best, gain = limit, raised
    return best


def _peels(values: FloatArray, known: Limit) -> list[Limit]:
    """A little less from either end."""
    count = len(values)
    step = max(1, int(PEELED * count))
    order = np.partition(values, [step, count - 1 - step]) if count > 2 * step else np.sort(values)
    above = values[values > order[step - 1 if count <= 2 * step else step]]
    below = values[values < order[-step if count <= 2 * step else count - 1 - step]]
    found = []
    if len(above):
        found.append(Limit(known.column, float(above.min()), known.high))
    if len(below):
        found.append(Limit(known.column, known.low, float(below.max())))
    return found


def _named_peels(values: FloatArray, known: Limit) -> list[Limit]:
    """One name less."""
    there = frozenset(np.unique(values).tolist())
    return [Limit(known.column, kept=there - {name}) for name in sorted(there)] if len(there) > 1 else []


def _pasted(box: Box, table: FloatArray, outcome: FloatArray) -> Box:
    """The box with its ends moved out again while that raises the mean of what it holds."""
    for limit in box:
        if limit.kept is not None:
            continue
        others = inside(tuple(other for other in box if other is not limit), table)
        values = table[others, limit.column]
        for end in ("low", "high"):
            beyond = np.sort(values[values < limit.low]) if end == "low" else -np.sort(-values[values > limit.high])
            if not len(beyond):
                continue
            step = max(1, int(PEELED * np.count_nonzero(limit.holds(values))))
            wider = Limit(limit.column, float(beyond[-step:][0]), limit.high)
            if end == "high":
                wider = Limit(limit.column, limit.low, float(beyond[-step:][0]))
            moved = tuple(wider if other is limit else other for other in box)
            if outcome[inside(moved, table)].mean() > outcome[inside(box, table)].mean():
                return _pasted(moved, table, outcome)
    return box


def _dropped(box: Box, table: FloatArray, outcome: FloatArray) -> Box:
    """The box without the limits that add little density."""
    density = float(outcome[inside(box, table)].mean()) if box else 0.0
    for limit in box:
        fewer = tuple(other for other in box if other is not limit)
        if float(outcome[inside(fewer, table)].mean()) > density - MATTERS:
            return _dropped(fewer, table, outcome)
    return box


def covering(table: FloatArray, outcome: FloatArray, named: tuple[bool, ...], most: int = 4) -> list[Box]:
    """Boxes one after the other, each found among the cases that no earlier one holds."""
    left, found = np.ones(len(table), dtype=bool), list[Box]()
    while len(found) < most and left.sum() > 40 and outcome[left].sum() > 0.02 * outcome.sum():
        box = prim(table[left], outcome[left], named)
        if not box:
            break
        found.append(box)
        left &= ~inside(box, table)
    return found
