"""Which pairs of fields explain an outcome together, beyond what each explains alone: second-order Sobol indices.

They take a design that is twice as large, and so are worked out on request alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.stakes.space import FloatArray
from sim.sweeps.indices import Outcome, base_points, half_widths, of_different


@dataclass(frozen=True)
class Pair:
    """The share of variance that two fields explain together and neither alone, with its 95 % half-width if any."""

    fields: tuple[str, str]
    index: float
    half_95: float | None

    @property
    def sure(self) -> bool:
        """Whether its interval tells it from none."""
        return self.half_95 is not None and abs(self.index) > self.half_95


def second_order(names: list[str], outcome: Outcome) -> list[Pair]:
    """Indices of all pairs, largest first, of cases ``(N (2 D + 2), R)``.

    Each base point has A, A with each column of B, B with each column of A, then B (Saltelli 2002). Products are of
    different replications; half-widths as for first-order indices.
    """
    points = base_points(2 * len(names) + 2, outcome)
    found = None if points is None else _indices(points[0])
    if points is None or found is None:
        return []
    half = half_widths(points, outcome, _indices)
    told = zip(combinations(names, 2), found.tolist(), (found * np.nan if half is None else half).tolist(), strict=True)
    pairs = [Pair(both, round(index, 6), None if np.isnan(end) else round(end, 6)) for both, index, end in told]
    return sorted(pairs, key=lambda pair: -pair.index)


def _indices(y: FloatArray) -> FloatArray | None:
    """Indices of all pairs of outcomes ``(n, 2 D + 2, R)``; None where nothing varies."""
    fields = (y.shape[1] - 2) // 2
    middle = y[:, (0, -1)].mean()
    first, second = np.triu_indices(fields, 1)

    def forms(y: FloatArray) -> FloatArray:
        """Variance and the numerators of all pairs of outcomes ``(n, 2 D + 2)``."""
        a, b = y[:, :1] - middle, y[:, -1:] - middle
        with_b, with_a = y[:, 1 : fields + 1] - middle, y[:, fields + 1 : -1] - middle
        alone = (b * (with_b - a)).mean(axis=0)
        both = np.einsum("ni,nj->ij", with_a, with_b) / len(y) - (a * b).mean()
        closed = (both + both.T) / 2
        return np.concatenate([[np.concatenate([a, b]).var()], (closed - alone - alone[:, None])[first, second]])

    found = of_different(y, forms)
    return found[1:] / found[0] if found[0] > 0 else None
