"""What 10^9 runs would take: rates measured here, then the machines, files and deaths of workers on paper.

Run it with `python -m tests.benchmarks.scale [paper] [dask]`; without a word the first alone. `dask` makes 100,000 runs
of a toy and 32,000 of March in one process, in two and on a Dask scheduler with two workers, compares the bytes and
prints the ratios. Times are CPU times, so that a busy machine says nearly the same, and the clock's beside them; no
test is timed.
"""

from __future__ import annotations

import heapq
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.timing import computed
from tests.conftest import ROOT

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
        read = computed(lambda: [decoded(file, 0, runs) for _ in range(20)]) / 20
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


class Cluster:
    """A scheduler and two workers, each a process on loopback, that are there before the clock begins."""

    def __init__(self, folder: Path) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        where = ("--scheduler-file", str(file), "--dashboard-address", "127.0.0.1:0", "--host", "127.0.0.1")
        self._begin("dask_scheduler", "--port", "0", *where)
        while not file.exists() or not file.read_text("utf-8"):
            time.sleep(0.1)
        self.address = str(json.loads(file.read_text("utf-8"))["address"])
        for _ in range(2):
            self._begin("dask_worker", *where, "--no-nanny", "--nthreads", "1", "--local-directory", str(folder))

    def _begin(self, what: str, *words: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        words = (sys.executable, "-m", f"distributed.cli.{what}", *words)
        self.processes.append(subprocess.Popen(words, env=os.environ | {"PYTHONPATH": str(ROOT)}, **quiet))

    def spent(self) -> list[float]:
        """CPU seconds so far of the scheduler and of each worker."""
        ticks = [Path(f"/proc/{one.pid}/stat").read_text().rpartition(")")[2].split()[11:13] for one in self.processes]
        return [sum(map(int, of)) / os.sysconf("SC_CLK_TCK") for of in ticks]

    def end(self) -> None:
        """Let all go."""
        for process in self.processes:
            process.kill()
            process.wait()


def _spent(*words: str) -> tuple[float, float]:
    """CPU seconds of a command and of all that it starts, and seconds by the clock."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-m", "sim", *words], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.monotonic() - begun


def dask() -> None:
    """Many runs in one process, in two, and on a Dask scheduler with two workers, in turn: bytes, CPU and clock.

    A cluster's workers stand before a study comes and after it has gone: they have loaded the program when they are
    measured. A run of the toy takes a tenth of a millisecond, so what the asking costs shows; runs of March take more.
    """
    for slug, cases, runs in (("toy/two-issues", "25000", "4"), ("2025-03-truce-offer", "500", "64")):
        words = ["sweep", slug, "--replications", runs, "--seed", "7", *(f"--vary={one}" for one in PLANS[slug])]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            cluster = Cluster(folder)
            try:
                ways = {
                    "one process": ["--workers", "1"],
                    "two processes": ["--workers", "2"],
                    "dask": ["--workers", "2", "--dask", cluster.address],
                }
                _spent(*words, "--cases", "64", *ways["dask"], "--out", str(folder / "warm"))
                begun, words = cluster.spent(), [*words, "--cases", cases]
                took = {way: _spent(*words, *how, "--out", str(folder / way)) for way, how in ways.items()}
                theirs = [after - before for after, before in zip(cluster.spent(), begun, strict=True)]
            finally:
                cluster.end()
            held = []
            for way in ways:
                subprocess.run([sys.executable, "-m", "sim", "sweeps", "compact", str(folder / way)], check=True)
                held.append({file.name: file.read_bytes() for file in (folder / way / "runs").iterdir()})
        print(f"{slug}: the same bytes {held[0] == held[1] == held[2]}, {len(held[0])} files when compacted")
        for way, (cpu, clock) in took.items():
            print(f"  {way}: {cpu:.1f} CPU s of the command, {clock:.1f} s by the clock")
        print("  scheduler {:.1f}, workers {:.1f} and {:.1f} CPU s".format(*theirs))
        one, two, many = took["one process"], took["two processes"], took["dask"]
        whole = many[0] + sum(theirs)
        print(f"  Dask by CPU: {whole / one[0]:.2f} of one process, {whole / two[0]:.2f} of two; ", end="")
        print(f"by the clock {many[1] / one[1]:.2f} of one, {many[1] / two[1]:.2f} of two", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    for word in sys.argv[1:] or ["paper"]:
        {"paper": paper, "dask": dask}[word]()
