"""What `valuation` says of packages, told from a floor in single precision: a tenth of the time, and a first look only.

Whoever uses it knows how wrong it may be and values in full what lies near a floor (`floors`, `zone.drawn`); tests hold
both to the values in full.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.outlook import Outlook
from sim.stakes.run_axis import of_run
from sim.stakes.space import FloatArray
from sim.stakes.valuation import YEAR, Peace

LEAST_RISK = 1e-30
"""Stands for no risk where something is divided by it."""


def quick_calm(steep: FloatArray) -> FloatArray:
    """`log_calm` of -(gain + reluctance) / slope, for many in single precision: a tenth of the time."""
    calm: FloatArray = np.abs(steep)
    np.negative(calm, out=calm)
    np.exp(calm, out=calm)
    calm += 1
    np.log(calm, out=calm)
    calm += np.maximum(steep, 0)
    return np.negative(calm, out=calm)


def breach(log_hold: FloatArray, month: FloatArray, peace: Peace, stays: Peace) -> tuple[FloatArray, Peace]:
    """The chance b a month that a package is broken by some others or by itself, and each attacker's part of it, in
    single precision: from the log of the chance that it holds a year when nobody wants to break it, the chance that it
    holds a ``month``, and the like of each attacker's, ``peace`` and ``stays``. What lasts no month has a b of 1.

    `above_floor` says what they are for.
    """
    year, breaks = log_hold, month
    for b, calm in peace.items():
        year, breaks = year + calm, breaks * stays[b]
    breaks = 1 - breaks
    share = breaks / year
    return breaks, {b: calm * share for b, calm in peace.items()}


def above_floor(own: FloatArray, after: FloatArray, breaks: FloatArray, parts: Peace, losses: Peace) -> FloatArray:
    """How far above a floor packages are worth, times 1 - d s, which is positive, so that nothing is divided by it:
    (1 - d s) (V - floor) = (1-d) (U - floor) + b d (W' - floor) - d (the sum over attackers of loss times part).

    ``own`` is the first of these, ``after`` is d (W' - floor), ``losses`` are d times each attacker's; b and the parts
    are those of `breach`. A truce has a b of 1 and no attackers: `truce_value` less the floor.
    """
    found = own + breaks * after
    for b, loss in losses.items():
        if loss.any():
            found -= parts[b] * loss
    return found


def discounted_losses(outlook: Outlook, party: int, belligerents: tuple[int, ...], run: int) -> Peace:
    """By other belligerent, what its attack would cost a party a month from now, in one row; in single precision."""
    discount, attacked = of_run(outlook.discount, run)[party], of_run(outlook.attacked, run)[party]
    return {b: (discount * attacked[side]).astype(np.float32) for side, b in enumerate(belligerents) if b != party}


def undisturbed(log_hold: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The log of the chance that packages hold a year when nobody wants to break them, and that chance for a month."""
    month = np.exp(log_hold / YEAR)
    return np.minimum(log_hold, -LEAST_RISK).astype(np.float32), month.astype(np.float32)
