"""What every neighbour of a package is worth: utilities and values of candidates, from parts that add up over moves.

The same numbers as `Case.value` gives each candidate, without building it; who looks at them is decided elsewhere.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from sim.stakes.case import Case
from sim.stakes.space import FloatArray
from sim.stakes.worth import Kind, breakdown, worth
from sim.talks.offers.around import Around, BitParts, Bits
from sim.talks.offers.moves import Parts, with_none
from sim.talks.offers.reach import reach


def utility_parts(
    case: Case,
    party: int,
    near: Around,
    bits: BitParts,
    by_stage: Callable[[Bits], FloatArray] | None = None,
) -> Parts:
    """A party's utility of each candidate, in parts.

    Args:
        case: what is at stake.
        party: whose utility.
        near: the neighbourhood ``(R,)``.
        bits: its bits by the party's `reach`.
        by_stage: something more to add, that depends on the stage of candidates alone, from their bits ``(N, R)``.
    """
    view, moves = reach(case, party), near.near
    kind = view.tables.dtype.type
    values, weights = case.preferences.values[party], case.preferences.weights[:, party].T
    now = np.stack([values[axis].take(options) for axis, options in enumerate(near.now)]) * weights
    singles = np.empty((moves.moves + 1, near.runs))
    np.multiply(values.ravel().take(near.cell), weights[moves.issue], out=singles[:-1])
    singles[:-1] -= now[moves.issue]
    singles[-1] = 0.0

    def points_for(bit: int, points: float) -> Callable[[Bits], FloatArray]:
        return lambda held: np.asarray(((held >> kind(bit)) & kind(1)) * points, dtype=np.float64)

    extras = [points_for(bit, points) for bit, points in view.effects]
    extras = extras if by_stage is None else [by_stage, *extras]
    depends = view.depends[1:] if by_stage is None else view.depends
    both = moves.both(depends)
    missing, before = np.zeros((len(both), near.runs)), functools.reduce(np.add, now)  # in order: one run as many
    for issues, extra in zip(depends, extras, strict=True):
        touching, joint = moves.moves_on(*issues), moves.changes_two(*issues)
        here = extra(bits.of(slice(0, 1)))
        alone = extra(bits.of(touching + 1)) - here
        singles[touching] += alone
        before = before + here[0]
        if len(joint):
            at = np.searchsorted(touching, moves.first[joint]), np.searchsorted(touching, moves.second[joint])
            missing[np.searchsorted(both, joint)] += extra(bits.of(joint)) - here - alone[at[0]] - alone[at[1]]
    singles += before / 2
    return Parts(singles, both, missing)


def utilities(case: Case, party: int, near: Around) -> FloatArray:
    """A party's utility of every candidate ``(C, R)``, points a month."""
    return utility_parts(case, party, near, near.bits(reach(case, party).tables)).all(near.near)


def values(case: Case, party: int, near: Around, utility: FloatArray) -> FloatArray:
    """What every candidate is worth to a party ``(C, R)`` given that it has to last, from its utility ``(C, R)``."""
    outlook, endings = case.outlook, case.endings
    if outlook is None or endings is None:
        found = utility
    else:
        kinds = np.broadcast_to(endings.kinds[near.now[endings.axis]], utility.shape).copy()
        for half in (near.near.first, near.near.second):
            ends = np.flatnonzero(np.append(near.near.issue == endings.axis, False)[half])
            kinds[ends] = endings.kinds[near.then[half[ends]]]
        gains = [(utility if b == party else utilities(case, b, near)) - outlook.war[:, b] for b in case.belligerents]
        imposed = [outlook.imposed[:, b] for b in case.belligerents]
        monthly = breakdown(endings.hold[kinds], gains, _deterred(endings.deterrence, near), imposed)
        lasts = kinds >= Kind.ARMISTICE
        monthly = np.where(lasts, monthly, 0.0)
        found = worth(kinds, utility, outlook.of(party, 1), monthly)
    if case.audience is not None and case.audience[:, party].any():
        found = found - np.asarray(case.stepping_back(party, near.all_packages())).T
    return found


def _deterred(deterrence: FloatArray, near: Around) -> FloatArray:
    """How well each candidate ``(C, R)`` deters a new attack."""
    issue = near.near.issue
    now = np.stack([deterrence[axis].take(options) for axis, options in enumerate(near.now)])
    parts = deterrence.ravel().take(near.cell) - now[issue]
    return near.near.pairs(with_none(parts) + functools.reduce(np.add, now) / 2, slice(None))
