"""What every package of a space is worth, slice by slice of the ending, without building the packages.

The same formulas as `Case.value` in another order of work; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import FloatArray, OutcomeSpace
from sim.stakes.worth import Kind, Outlook, breakdown, worth

Part = tuple[tuple[slice, ...], Kind, FloatArray]
"""Where in the space, which kind of ending, and the monthly chance of breakdown there."""


def values_everywhere(
    case: Case,
    space: OutcomeSpace,
    parties: tuple[int, ...] | None = None,
    run: int = 0,
    outlook: Outlook | None = None,
) -> Iterator[FloatArray]:
    """What every package of a space is worth to each signatory, or to each of some parties, one array after the other.

    Args:
        case: what is at stake, in row ``run`` of its arrays.
        space: the space or a part of it.
        parties: whose values; every signatory's by default.
        run: the row.
        outlook: what the parties expect, if not what the case says.
    """
    outlook = outlook or case.outlook
    parts = _parts(case, space, run, outlook)
    weights = case.preferences.weights[min(run, len(case.preferences.weights) - 1)]
    for party in case.signatories if parties is None else parties:
        value = case.preferences.utility_everywhere(party, space, run)
        for where, kind, monthly in parts:
            assert outlook is not None
            value[where] = worth(np.int8(kind), value[where], outlook.of(party, 1, run), monthly)
        share = 0.0 if case.audience is None else _of_run(case.audience, run, party)
        if share > 0:
            for box, line in zip(case.red_lines.box_of("declared"), case.red_lines.lines, strict=True):
                if line.party == party:
                    on = line.ladder[0].on
                    each = weights[party, on] / case.space.issues[on].span
                    value -= share * each * case.red_lines.steps_everywhere(space, int(box))
        yield value


def _parts(case: Case, space: OutcomeSpace, run: int, outlook: Outlook | None) -> list[Part]:
    """The slices of a space by option of the ending."""
    if case.endings is None or outlook is None:
        return []
    axis, parts = case.endings.axis, []
    utility = [case.preferences.utility_everywhere(b, space, run) for b in case.belligerents]
    deterred = space.spread_sum(case.endings.deterrence)
    for place, option in enumerate(space.left[axis]):
        where = tuple(slice(place, place + 1) if a == axis else slice(None) for a in range(len(space.left)))
        kind, monthly = Kind(int(case.endings.kinds[option])), np.zeros(1)
        if kind.lasts:
            gains = [u[where] - _of_run(outlook.war, run, b) for u, b in zip(utility, case.belligerents, strict=True)]
            imposed = [np.full(1, _of_run(outlook.imposed, run, b)) for b in case.belligerents]
            here = deterred[where] if deterred.shape[axis] > 1 else deterred
            monthly = breakdown(case.endings.hold[kind], gains, here, imposed)
        parts.append((where, kind, monthly))
    return parts


def _of_run(column: FloatArray, run: int, party: int) -> float:
    """A party's entry in the row of a run, or in the one row that all runs share."""
    return float(column[min(run, len(column) - 1), party])
