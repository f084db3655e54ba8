"""Shares of runs with their intervals: of the runs asked for, under the assumptions made, and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, log10, sqrt

from sim.markup import percent
from sim.plain import OPTIONAL

Z95 = 1.959963984540054
"""Standard normal quantile of a 95 % interval."""
TAIL = 0.025
"""Chance beyond either end of it."""


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


def clopper_pearson(hits: float, trials: float) -> tuple[float, float]:
    """The exact 95 % interval of a share (Clopper & Pearson 1934), which holds for parts of trials too.

    >>> [round(end, 4) for end in clopper_pearson(81, 263)]
    [0.2527, 0.3676]
    """
    from scipy.special import betaincinv

    misses = trials - hits
    low = float(betaincinv(hits, misses + 1, TAIL)) if hits > 0 else 0.0
    high = float(betaincinv(hits + 1, misses, 1 - TAIL)) if misses > 0 else 1.0
    return low, high


def shared(hits: float, trials: float) -> Share:
    """A share with its interval."""
    low, high = wilson(hits, trials)
    share = None if trials <= 0 else round(hits / trials, 6)
    return Share(int(trials), share, round(low, 6), round(high, 6), hits=int(hits))


MOST_DIGITS = 2
"""Decimals of a per cent beyond which nobody reads."""


def digits(entry: Share) -> int:
    """The decimals, in per cent, that a share deserves: down to the first digit of half its interval, and no further.

    Where there is no interval, one of very many that are all there are.

    >>> [digits(shared(hits, trials)) for hits, trials in ((3, 10), (600, 1_000), (660, 100_000), (1, 1_000))]
    [0, 0, 2, 1]
    """
    if entry.low is None or entry.high is None or entry.low == entry.high:
        return int(entry.of > 100 and entry.draws is None)
    return decimals(100 * entry.low, 100 * entry.high, MOST_DIGITS)


def decimals(low: float, high: float, most: int) -> int:
    """The decimals down to the first digit of half an interval, of none and of no more than ``most``.

    >>> decimals(34.1, 41.0, 2), decimals(0.398, 0.426, 3), decimals(0.5, 0.5, 3)
    (0, 2, 3)
    """
    half = (high - low) / 2
    return most if half <= 0 else min(most, max(0, ceil(-log10(half))))


def digits_of(trials: int) -> int:
    """The decimals that every share of so many deserves."""
    return digits(shared(trials // 2, trials))


def in_percent(entry: Share) -> str:
    """A share in per cent with the digits it deserves; a dash of nothing.

    >>> in_percent(shared(2_047, 2_048)), in_percent(shared(3, 8)), in_percent(shared(0, 0))
    ('> 99.9 %', '38 %', '–')
    """
    return "–" if entry.share is None else percent(entry.share, digits(entry))


def interval(entry: Share) -> str:
    """The interval of a share in per cent, ``3 to 8 %``, as fine as the share; a dash where it has none.

    >>> interval(shared(3, 8)), interval(shared(1, 1_000))
    ('14 to 69 %', '< 0.1 to 0.6 %')
    """
    return "–" if entry.low is None or entry.high is None else between(entry.low, entry.high, digits(entry))


def between(low: float, high: float, digits: int = 0) -> str:
    """From one share to another, in per cent."""
    return f"{percent(low, digits).removesuffix(' %')} to {percent(high, digits)}"


def scored(mean: float, ends: tuple[float, float] | None) -> tuple[str, str]:
    """A mean of numbers from 0 to 1 and its interval, with the decimals that this supports, two at least.

    >>> scored(0.4117, (0.3982, 0.4261)), scored(0.4117, None)
    (('0.41', '0.40 to 0.43'), ('0.41', '–'))
    """
    if ends is None:
        return f"{mean:.2f}", "–"
    low, high = ends
    fine = max(2, decimals(low, high, 3))
    return f"{mean:.{fine}f}", f"{low:.{fine}f} to {high:.{fine}f}"
