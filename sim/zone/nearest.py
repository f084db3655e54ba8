"""For each way to violate the constraints, the package nearest to how things stand: one of any zone, to be shown.

Nearest is the package that changes the fewest issues; of equals the first in the order of the space. It is an example
that can be named for every subset of constraints, never a recommendation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import BitArray, IntArray, OptionArray
from sim.zone.constraints import Constraints
from sim.zone.diagnosis import narrow
from sim.zone.region import in_order, slabs


@dataclass(frozen=True)
class Nearest:
    """Distinct violation masks ``(D,)``, nearest first, the package of each ``(D, I)`` and how many issues it changes
    ``(D,)``; masks are numbered as those of `sim.zone.diagnosis.distinct`.
    """

    masks: BitArray
    packages: OptionArray
    changes: IntArray


def nearest(case: Case) -> Nearest:
    """The nearest of the coherent ceasefire packages for every mask under the declared lines, in one pass."""
    constraints, standing = Constraints(case), case.space.standing()
    bits = list(constraints.bits("declared"))
    options = max(len(issue.options) for issue in case.space.issues)
    changed = (np.arange(options) != standing[:, None]).astype(np.uint8)
    masks, packages = np.zeros(0, dtype=np.uint64), np.zeros((0, len(standing)), dtype=np.int8)
    for slab in slabs(case):
        ids = np.flatnonzero(slab.coherent)
        ids = ids[np.argsort(slab.space.everywhere(np.add, changed).ravel()[ids], kind="stable")]
        distinct, first = np.unique(slab.masks.ravel()[ids], return_index=True)
        masks = np.append(masks, narrow(distinct.astype(np.uint64), bits))
        packages = np.append(packages, slab.space.packages(ids[first]), axis=0)
    packages, order = in_order(case, packages)
    changes = (packages != standing).sum(axis=1)
    by_distance = np.argsort(changes, kind="stable")
    masks, packages, changes = masks[order][by_distance], packages[by_distance], changes[by_distance]
    first = np.sort(np.unique(masks, return_index=True)[1])
    return Nearest(masks[first], packages[first], changes[first])
