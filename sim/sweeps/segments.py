"""Where each run of a sweep is kept: in the order in which runs were asked for, so that those that are there stay.

Runs are kept in segments: all replications of some cases, or more replications of all cases so far. Nothing is read or
written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.errors import SweepError
from sim.stakes.space import IntArray

MOST_CHUNKS = 1_000_000
"""Files that a sweep may have."""


@dataclass(frozen=True)
class Segment:
    """Places from ``first`` up to ``stop``, in chunks of ``chunk``: the runs of the cases from ``case`` on.

    Of each case it holds ``each`` replications, from ``replication`` on, one case after the other.
    """

    first: int
    stop: int
    chunk: int
    case: int
    replication: int
    each: int

    @property
    def cases(self) -> int:
        """How many cases it has runs of."""
        return (self.stop - self.first) // self.each

    def chunks(self, low: int = 0, high: int | None = None) -> Iterator[tuple[int, int]]:
        """First place and end of each chunk, or of those with places from ``low`` up to ``high``."""
        before = max(low - self.first, 0) // self.chunk * self.chunk
        for start in range(self.first + before, self.stop if high is None else min(high, self.stop), self.chunk):
            yield start, min(start + self.chunk, self.stop)

    def runs(self, places: IntArray) -> tuple[IntArray, IntArray]:
        """The case and the replication ``(R,)`` of the runs at these places.

        >>> [x.tolist() for x in Segment(8, 16, 4, case=0, replication=4, each=2).runs(np.array([8, 9, 10]))]
        [[0, 0, 1], [4, 5, 4]]
        """
        case, replication = np.divmod(places - self.first, self.each)
        return case + self.case, replication + self.replication

    def place(self, case: int, replication: int) -> int | None:
        """Where a run is kept, None if in another segment."""
        case, replication = case - self.case, replication - self.replication
        inside = 0 <= case < self.cases and 0 <= replication < self.each
        return self.first + case * self.each + replication if inside else None


def located(segments: tuple[Segment, ...], places: IntArray) -> tuple[IntArray, IntArray]:
    """The case and the replication ``(R,)`` of the runs at places that one segment holds."""
    return next(segment for segment in segments if int(places[0]) < segment.stop).runs(places)


def begun(cases: int, replications: int, chunk: int) -> tuple[Segment, ...]:
    """The one segment of a sweep that nothing was added to."""
    return (Segment(0, cases * replications, chunk, 0, 0, replications),)


def added(segments: tuple[Segment, ...], cases: int, replications: int, chunk: int) -> tuple[Segment, ...]:
    """Segments with what is missing to so many cases and replications: replications of the cases there are come first.

    >>> [(s.first, s.stop, s.each) for s in added(begun(3, 2, 6), 4, 5, 6)]
    [(0, 6, 2), (6, 15, 3), (15, 20, 5)]
    """
    there, many = size(segments)
    if replications > many:
        segments = (*segments, _after(segments, there, chunk, 0, many, replications - many))
    if cases > there:
        segments = (*segments, _after(segments, cases - there, chunk, there, 0, replications))
    return segments


def _after(segments: tuple[Segment, ...], cases: int, chunk: int, case: int, replication: int, each: int) -> Segment:
    first = segments[-1].stop
    return Segment(first, first + cases * each, chunk, case, replication, each)


def size(segments: tuple[Segment, ...]) -> tuple[int, int]:
    """The cases and replications that segments make up.

    Raises:
        SweepError: where they do not follow on one another, leave runs out, or have too many chunks.
    """
    cases = replications = end = 0
    for segment in segments:
        if min(segment.chunk, segment.each) < 1 or segment.first != end or segment.stop <= end:
            raise SweepError("the segments do not follow on one another, or a chunk has no runs")
        if (segment.case, segment.replication, segment.each) == (cases, 0, replications or segment.each):
            cases, replications = cases + segment.cases, segment.each
        elif (segment.case, segment.replication, segment.cases) == (0, replications, cases):
            replications += segment.each
        else:
            raise SweepError("the segments leave runs out, or have some twice")
        end = segment.stop
    if end != cases * replications or not end:
        raise SweepError(f"the segments do not make up {cases * replications:,} runs")
    if sum(-(-(s.stop - s.first) // s.chunk) for s in segments) > MOST_CHUNKS:
        raise SweepError(f"{end:,} runs in so small chunks are more than {MOST_CHUNKS:,} files")
    return cases, replications
