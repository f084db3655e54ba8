"""How long a signed agreement holds in a run: sampled after signature, from its monthly chance of breakdown."""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case
from sim.stakes.endings import Kind
from sim.stakes.outlook import Outlook
from sim.stakes.space import FloatArray, IntArray, OptionArray

LONGEST = 1_200
"""Months after which nobody counts any more: it held a century."""


def held_months(case: Case, packages: OptionArray, draw: FloatArray, outlook: Outlook | None = None) -> IntArray:
    """Whole months ``(R,)`` that signed packages ``(R, I)`` hold before they break down, at most `LONGEST`.

    The month of breakdown is geometric; ``draw`` ``(R,)`` is uniform in [0, 1). A truce lapses after its month unless
    it is renewed, and a limited truce promises no time at all.
    """
    if case.endings is None:
        return np.full(len(packages), LONGEST)
    monthly, kind = case.breakdown(packages, outlook), case.endings.kind(packages)
    with np.errstate(divide="ignore"):
        months = np.floor(np.log1p(-draw) / np.log1p(-monthly))
    lasting = np.minimum(np.nan_to_num(months, nan=LONGEST, posinf=LONGEST), LONGEST)
    return np.where(kind >= Kind.ARMISTICE, lasting, np.where(kind == Kind.TRUCE, 1, 0)).astype(np.int64)
