"""Shares of runs with their intervals: of the runs asked for, under the assumptions made, and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

from sim.plain import OPTIONAL

Z95 = 1.959963984540054
"""Standard normal quantile of a 95 % interval."""


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval: of how many, how many of them where that was counted; None of none.

    Both ends are None where there is no interval. ``draws`` counts those that all cases share, ``by_draw`` is the share
    under each where they are too few for an interval.
    """

    of: int
    hits: int | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    share: float | None
    low: float | None
    high: float | None
    draws: int | None = field(default=None, kw_only=True, metadata=OPTIONAL)
    by_draw: tuple[float, ...] | None = field(default=None, kw_only=True, metadata=OPTIONAL)

    @property
    def known(self) -> float:
        """The share where something was tried.

        Raises:
            ValueError: when nothing was.
        """
        if self.share is None:
            raise ValueError("a share of nothing")
        return self.share

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of its interval.

        Raises:
            ValueError: when it has none.
        """
        if self.low is None or self.high is None:
            raise ValueError("a share without an interval")
        return self.low, self.high


def wilson(hits: float, trials: float) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); 0 to 1 when nothing was tried.

    >>> [round(end, 4) for end in wilson(0, 10)]
    [0.0, 0.2775]
    """
    if trials <= 0:
        return 0.0, 1.0
    share, square = hits / trials, Z95**2
    middle = share + square / (2 * trials)
    half = Z95 * sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    low, high = (middle - half) / (1 + square / trials), (middle + half) / (1 + square / trials)
    return (0.0 if hits == 0 else low), (1.0 if hits == trials else high)


def shared(hits: float, trials: float) -> Share:
    """A share with its interval."""
    low, high = wilson(hits, trials)
    share = None if trials <= 0 else round(hits / trials, 6)
    return Share(int(trials), share, round(low, 6), round(high, 6), hits=int(hits))


def interval(entry: Share) -> str:
    """The interval of a share in per cent, ``3.1 to 8.4 %``; a dash where it has none."""
    return "–" if entry.low is None or entry.high is None else f"{100 * entry.low:.1f} to {100 * entry.high:.1f} %"
