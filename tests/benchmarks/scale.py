"""What 10^9 runs would take: rates measured here, then the machines, files and deaths of workers on paper.

Run it with `python tests/benchmarks/scale.py [paper] [dask]`; without a word the first alone. `dask` runs 100,000 runs
in one process and on a local cluster of two workers, compares the bytes and prints the ratio of CPU time. Times are CPU
times of one core, so that a busy machine says the same; no test is timed.
"""

from __future__ import annotations

import heapq
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

RUNS = 10**9
PLANS = {
    "toy/two-issues": ["parties.ira.reservation=20:80", "protocol.deadline=2:6"],
    "2025-03-truce-offer": ["parties.russia.war.cost=0:50", "war.resume.scale=0:1.5", "protocol.deadline=8:24"],
}
"""Scenarios with what varies in them."""
CORES = (16, 256, 4096)
CHUNK_SECONDS, RESTART, DEATHS = 60.0, 300.0, 1 / 24
"""Work of a chunk, seconds until a killed worker is back, and deaths an hour and worker: one a day."""


def measured(slug: str, vary: list[str]) -> dict[str, float]:
    """CPU seconds a run to make and to read back, and bytes a run."""
    from sim.sweeps.files import decoded, encoded
    from sim.sweeps.outcomes import Laboratory
    from sim.sweeps.sweep import sweep

    laboratory, runs = Laboratory(sweep(slug, vary, cases=1 << 18)), 1 << 12
    laboratory.outcomes(0, 64)
    begun = time.process_time()
    content = encoded(laboratory.outcomes(0, runs))
    made = time.process_time() - begun
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chunk.parquet"
        file.write_bytes(content)
        begun = time.process_time()
        for _ in range(20):
            decoded(file, 0, runs)
        read = (time.process_time() - begun) / 20
    return {"make": made / runs, "read": read / runs, "bytes": len(content) / runs}


def shards(work: float, cores: int, dice: np.random.Generator) -> tuple[float, float]:
    """Hours until the slowest of as many shards as cores is done, and core hours lost with killed workers."""
    each = work / cores
    deaths = dice.poisson(each / 3600 * DEATHS, cores)
    lost = np.array([dice.uniform(0, CHUNK_SECONDS, n).sum() for n in deaths])
    return float((each + lost + deaths * RESTART).max()) / 3600, float(lost.sum()) / 3600


def shared(work: float, cores: int, dice: np.random.Generator) -> tuple[float, float]:
    """The same where whoever is free takes the next chunk, as under Dask; the unit is the chunk."""
    free, lost = [0.0] * cores, 0.0
    for _ in range(round(work / CHUNK_SECONDS)):
        begun, took = heapq.heappop(free), CHUNK_SECONDS
        if dice.random() < CHUNK_SECONDS / 3600 * DEATHS:
            gone = dice.uniform(0, CHUNK_SECONDS)
            took, lost = took + gone + RESTART, lost + gone
        heapq.heappush(free, begun + took)
    return max(free) / 3600, lost / 3600


def paper() -> None:
    """Rates, and what 10^9 runs would take by them."""
    for slug, vary in PLANS.items():
        found = measured(slug, vary)
        work, chunk = RUNS * found["make"], CHUNK_SECONDS / found["make"]
        print(f"{slug}: {1 / found['make']:,.0f} runs a CPU second, {found['bytes']:.1f} bytes a run,")
        print(f"  read back at {1 / found['read'] / 1e6:.1f} million runs a CPU second")
        print(f"  10^9 runs: {work / 3600:,.0f} core hours, {RUNS * found['bytes'] / 1e9:.1f} GB, ", end="")
        print(f"{RUNS / chunk:,.0f} files in chunks of a minute, {-(-RUNS // (1 << 20)):,} when compacted,")
        print(f"  read once in {RUNS * found['read'] / 60:,.0f} CPU minutes")
        for cores in CORES:
            dice = np.random.default_rng(23)
            (by_shard, lost), (by_free, gone) = shards(work, cores, dice), shared(work, cores, dice)
            print(f"  {cores:,} cores: {by_shard:,.2f} h in shards ({lost:.1f} core hours lost), ", end="")
            print(f"{by_free:,.2f} h shared ({gone:.1f}); {cores / CHUNK_SECONDS:,.1f} chunks a second end")


def _spent(*words: str) -> float:
    """CPU seconds of a command and of all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "sim", *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def dask() -> None:
    """100,000 runs in one process and on two Dask workers: the same bytes, and the ratio of CPU time."""
    words = ["sweep", "toy/two-issues", "--cases", "25000", "--replications", "4", "--seed", "7"]
    words += [f"--vary={one}" for one in PLANS["toy/two-issues"]]
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one", Path(folder) / "two"
        spent = {one: _spent(*words, "--workers", "1", "--out", str(one))}
        spent[two] = _spent(*words, "--workers", "2", "--dask", "local", "--out", str(two))
        for place in (one, two):
            subprocess.run([sys.executable, "-m", "sim", "sweeps", "compact", str(place)], check=True)
        held = [{file.name: file.read_bytes() for file in (place / "runs").iterdir()} for place in (one, two)]
        print(f"the same bytes: {held[0] == held[1]}")
        print(
            f"CPU: {spent[one]:.1f} s in one process, {spent[two]:.1f} s with Dask, {spent[two] / spent[one]:.2f} times"
        )


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    for word in sys.argv[1:] or ["paper"]:
        {"paper": paper, "dask": dask}[word]()
