"""A small tree of all regions: which cases go which way, in shares that are checked on cases it has not seen.

CART (Breiman, Friedman, Olshen & Stone 1984) by scikit-learn; columns of names are asked one name at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.errors import needed
from sim.stakes.space import BoolArray, FloatArray, IntArray

LEAVES = 8


@dataclass(frozen=True)
class Question:
    """What a branch asks: is ``column`` at most ``most``, or, for names, is it ``name``?"""

    column: int
    most: float = 0.0
    name: float | None = None


class Frequency(NamedTuple):
    """How many cases there are, and how frequent the outcome is among them."""

    cases: int
    share: float


@dataclass(frozen=True)
class Node:
    """Cases that meet every question above: ``seen`` are those it was fitted on, ``new`` those kept back."""

    seen: Frequency
    new: Frequency
    question: Question | None = None
    yes: Node | None = None
    no: Node | None = None

    def leaves(self) -> list[Node]:
        """Its ends, from left to right."""
        if self.yes is None or self.no is None:
            return [self]
        return [*self.yes.leaves(), *self.no.leaves()]


def grow(table: FloatArray, outcome: FloatArray, named: tuple[bool, ...], new: BoolArray) -> Node:
    """A tree of at most `LEAVES` ends fitted on the cases not in ``new`` ``(N,)``, with the shares of both.

    Args:
        table: columns ``(N, C)``.
        outcome: share of runs ``(N,)``, or 1 and 0.
        named: which columns hold names ``(C,)``.
        new: cases that are kept back.
    """
    (module,) = needed("sklearn.tree")
    columns, questions = _asked(table, named)
    least = max(10, int(0.02 * np.count_nonzero(~new)))
    model = module.DecisionTreeRegressor(max_leaf_nodes=LEAVES, min_samples_leaf=least, random_state=0)
    model.fit(columns[~new], outcome[~new])
    return _node(model.tree_, 0, columns, outcome, new, questions, np.arange(len(table)))


def _asked(table: FloatArray, named: tuple[bool, ...]) -> tuple[FloatArray, list[Question]]:
    """Columns that a tree can cut, and what a cut of each means."""
    columns, questions = [], []
    for n, names in enumerate(named):
        if not names:
            columns.append(table[:, n])
            questions.append(Question(n))
            continue
        there = np.unique(table[:, n])
        for name in there[: 1 if len(there) == 2 else None]:
            columns.append((table[:, n] != name).astype(float))  # so that the branch of a "yes" goes left
            questions.append(Question(n, name=float(name)))
    return np.stack(columns, axis=1), questions


def _frequency(outcome: FloatArray) -> Frequency:
    return Frequency(len(outcome), float(outcome.mean()) if len(outcome) else 0.0)


def _node(
    tree: Any,
    at: int,
    columns: FloatArray,
    outcome: FloatArray,
    new: BoolArray,
    questions: list[Question],
    rows: IntArray,
) -> Node:
    kept_back = new[rows]
    counts = _frequency(outcome[rows[~kept_back]]), _frequency(outcome[rows[kept_back]])
    if tree.children_left[at] < 0:
        return Node(*counts)
    column, threshold = int(tree.feature[at]), float(tree.threshold[at])
    asked = questions[column]
    if asked.name is None:
        asked = Question(asked.column, most=threshold)
    # the model compares in single precision; so does this, or a case could go another way than it was fitted
    left = columns[rows, column].astype(np.float32) <= threshold
    yes = _node(tree, int(tree.children_left[at]), columns, outcome, new, questions, rows[left])
    no = _node(tree, int(tree.children_right[at]), columns, outcome, new, questions, rows[~left])
    return Node(*counts, asked, yes, no)
