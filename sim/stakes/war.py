"""The war that parties return to: its state, what each believes of it, and the odds that it ends on somebody's terms.

What going on with it is worth is `prospects`'s; a textbook war is a lottery.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.stakes.preferences import IDEAL
from sim.stakes.space import BoolArray, FloatArray, OptionArray


@dataclass(frozen=True, eq=False)
class War:
    """State of the war and each party's beliefs; leading axes are 1 or R. P parties, V levers, K options of a line.

    ``share`` ``(1|R,)`` is held by the first belligerent and drifts by ``drift`` ``(1|R, P)`` a month as each party
    believes, moved by levers (index less base, times ``lever_drift``). Each month the war ends with ``hazard``
    ``(1|R,)``; then on the terms of belligerent b with ``win`` ``(1|R, P, 2)``, else at the line. What a deal adds to
    the first one's odds comes off the second's times ``mirror`` ``(1|R,)``. ``cost`` (points a month) grows by
    ``impatience`` for each month of talks; ``discount`` is per month; ``attacked`` ``(1|R, P, 2)`` is what a party
    loses when a belligerent attacks; nobody loses by its own attack. ``shares`` ``(K,)`` place the options
    of issue ``line`` on the share held (see `places`); beyond the last one a party's value runs to ``beyond_value`` at
    ``beyond_share`` ``(P,)`` and stays. Parties not in ``fights`` ``(P,)`` have a ``fixed`` value ``(1|R, P)`` instead.

    In the talks the front moves by ``real_drift`` and a noise of sd ``sigma`` a month, and parties learn of the drift
    from it, each prior belief having sd ``prior`` (all ``(1|R,)``), unless the war is ``frozen``.
    """

    share: FloatArray
    hazard: FloatArray
    horizon: int
    sigma: FloatArray
    prior: FloatArray
    real_drift: FloatArray
    frozen: bool
    drift: FloatArray
    win: FloatArray
    mirror: FloatArray
    cost: FloatArray
    impatience: FloatArray
    discount: FloatArray
    attacked: FloatArray
    lever_index: FloatArray
    lever_base: FloatArray
    lever_drift: FloatArray
    line: int
    shares: FloatArray
    beyond_share: FloatArray
    beyond_value: FloatArray
    terms: OptionArray
    fights: BoolArray
    fixed: FloatArray
    by_run: ClassVar[tuple[str, ...]] = (
        "share", "hazard", "sigma", "prior", "real_drift", "drift", "win", "mirror", "cost", "impatience", "discount",
        "attacked", "lever_index", "fixed",
    )  # fmt: skip

    def believed_drift(self) -> FloatArray:
        """The monthly change of the share that each party expects ``(1|R, P)``."""
        return self.drift + self.pushed()[:, None]

    def places(self, standing: int, options: list[int] | slice = slice(None)) -> FloatArray:
        """The share held ``(1|R, K)`` where options (all by default) draw the line while ``standing`` is where it runs.

        What lies behind the present line is a line on the map; what lies at or beyond it is told as far from it as the
        shares of the two options differ, for nobody can hand over what is not held.
        """
        at, share = self.shares[options], self.share[:, None]
        ahead = at >= self.shares[standing]
        return np.where(ahead, share + (at - self.shares[standing]), np.minimum(at, share))

    def pushed(self) -> FloatArray:
        """What the levers add to the monthly change of the share ``(1|R,)``, in everybody's eyes and in fact."""
        return functools.reduce(
            np.add,
            ((self.lever_index[:, v] - self.lever_base[v]) * self.lever_drift[v] for v in range(len(self.lever_base))),
            np.zeros(1),
        )


def odds(
    first: FloatArray, second: FloatArray, shift: npt.ArrayLike = 0.0, mirror: npt.ArrayLike = 0.0
) -> tuple[FloatArray, FloatArray]:
    """The chances that a war which ends does so on each belligerent's terms, once a deal has shifted the first's by
    ``shift`` and the second's by ``mirror`` times that the other way; everything broadcasts.
    """
    shift = np.asarray(shift)
    first = np.clip(first + shift, 0.0, 1.0)
    second = np.clip(second - shift * mirror, 0.0, 1.0)
    whole = np.maximum(first + second, 1.0)
    return first / whole, second / whole


def lottery(win: npt.ArrayLike, cost: npt.ArrayLike) -> FloatArray:
    """The textbook war: a party's share of the stake times the chance to win it all, less its cost; in points.

    ``win`` and ``cost`` are shares of the stake, which is worth 100 points (Fearon 1995).
    """
    return IDEAL * (np.asarray(win, dtype=float) - np.asarray(cost, dtype=float))
