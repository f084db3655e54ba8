"""What a sweep will cost, from a second or two of its own runs: time by call and by run, bytes, and the chunks to cut.

Estimates only: no result depends on them but the size of chunks, which changes no number in the table.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sim.errors import needed
from sim.sweeps.files import encoded
from sim.sweeps.outcomes import Laboratory
from sim.sweeps.own_code import at_hand
from sim.sweeps.sweep import Sweep
from sim.talks.batch import BLOCK

CHUNK_SECONDS = 8.0
"""Work that a chunk is worth."""
LONGEST = 60.0
"""Seconds that a full block may take for a chunk to be one."""
LARGEST_CHUNK = 1 << 17
"""Runs of a chunk at most: its columns fit in memory many times over."""
FEW, SLOW = 16, 20.0
"""Runs that are tried first, and seconds after which no more are tried."""
ENOUGH = 1.0
"""Seconds after which a trial says enough."""
SHARE = 8
"""Of so many runs a trial repeats one at most: a small sweep is sooner done than measured."""
LITTLE = 64
"""Of so many runs one more in a trial is little, however long it takes: few runs at once cost several times as much."""
START_SECONDS = 3.0
"""What starting workers costs: below it, one process is faster."""


@dataclass(frozen=True)
class Pilot:
    """Seconds a call and a run take in one process, and bytes that a chunk's file and a run in it take."""

    call: float
    run: float
    file: float = 0.0
    bytes: float = 0.0

    @property
    def rate(self) -> float:
        """Runs a second and process, in full blocks."""
        return 1.0 / (self.run + self.call / BLOCK)

    def seconds(self, runs: int, workers: int) -> float:
        """Seconds that so many runs will take."""
        alone = runs / self.rate + self.call
        return alone if self.processes(runs, workers) == 1 else START_SECONDS + alone / workers

    def processes(self, runs: int, workers: int) -> int:
        """How many processes are worth starting for so many runs."""
        saved = (runs / self.rate + self.call) * (1 - 1 / workers)
        return workers if saved > START_SECONDS else 1

    @property
    def full(self) -> int:
        """Runs of a full block, or of the largest part of one that does not take too long."""
        full = BLOCK  # a block that is not full costs as many calls
        while full > FEW and self.run * full >= LONGEST:
            full //= 2
        return full

    def chunk(self, sweep: Sweep, workers: int) -> int:
        """Runs of a chunk: whole cases where they are small, two chunks for every worker at least, if worth a call."""
        full, busy = self.full, self.processes(sweep.runs, workers)
        size = min(max(CHUNK_SECONDS * self.rate, full), max(sweep.runs / (2 * busy), FEW))
        whole = int(min(size, LARGEST_CHUNK))
        whole -= whole % full if whole > full else 0
        many = sweep.replications
        return -(-whole // many) * many if many <= whole else whole

    def settles(self, sweep: Sweep, workers: int) -> bool:
        """Whether cheaper runs than these would be cut into the same chunks, by one process as well."""
        most = max(sweep.runs / 2, FEW)
        return self.processes(sweep.runs, workers) == 1 and max(CHUNK_SECONDS * self.rate, self.full) >= most

    def megabytes(self, runs: int, chunk: int) -> float:
        """Size of all files."""
        return (runs * self.bytes + -(-runs // chunk) * self.file) / 1e6


DEAREST = Pilot(0.0, LONGEST)
"""Runs so slow that slower ones would be cut no smaller."""


def pilot(sweep: Sweep, workers: int | None = None) -> Pilot:
    """Try a few runs from the middle of a sweep, then more of them, and tell calls from runs.

    Where chunks are cut for ``workers`` and nobody is told, no more are tried than settle how: few runs at once cost
    more each than many do.
    """
    needed("scipy", "pyarrow")
    at_hand(sweep.agents)  # without whom no run can be played
    laboratory = Laboratory(sweep)
    few = min(FEW, sweep.runs)
    sweep.design.rows(0, 1)  # what cases are drawn with is imported before anything is timed
    if workers and DEAREST.settles(sweep, workers):
        return DEAREST
    for _ in range(2):  # what is compiled once, in the first, is no part of the rate
        seconds, size = _tried(laboratory, few)
        found = Pilot(0.0, seconds / few, 0.0, size / few)
        if workers and found.settles(sweep, workers):
            return found
    many, longer, larger = few, seconds, size
    most = min(max(sweep.runs // SHARE, few), LARGEST_CHUNK)
    while many < most and (
        longer < ENOUGH or (many == few and longer < SLOW) or (many * 16 * LITTLE <= sweep.runs and longer < SLOW / 8)
    ):
        many = min(many * 16, most)  # a call costs as much as many runs: tell them apart
        longer, larger = _tried(laboratory, many)
    if many == few:
        return found
    run = max((longer - seconds) / (many - few), longer / many / 10)
    each = max((larger - size) / (many - few), 0.0)
    return Pilot(max(seconds - few * run, 0.0), run, max(size - few * each, 0.0), each)


def _tried(laboratory: Laboratory, runs: int) -> tuple[float, int]:
    """Seconds and bytes of some runs, from the middle of the sweep."""
    start = (laboratory.sweep.runs - runs) // 2
    begun = time.perf_counter()
    content = encoded(laboratory.outcomes(start, start + runs))
    return max(time.perf_counter() - begun, 1e-6), len(content)
