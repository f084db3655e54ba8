"""What sweeps cost: a million runs, zone existence alone, and the framework without the talks beside two other tools.

Run it with `python -m tests.benchmarks.sweeps [existence] [framework] [peers] [workers] [million]`; without a word the
first three. EMA Workbench is timed where it is installed (`pip install ema_workbench==2.5.3`). No test is timed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from tests.benchmarks.timing import computed

EIGHT = [
    *(f"parties.{party}.war.cost=0:50" for party in ("russia", "ukraine", "us", "europe")),
    "parties.russia.war.win.russia=0:0.5",
    "parties.ukraine.war.win.ukraine=0:0.3",
    "war.resume.scale=0:1.5",
    "parties.russia.tactic.exponent=0.2:2",
]
SCENARIO = "2025-03-truce-offer"


def existence(cases: int = 10_000) -> None:
    """Exact zone existence with every weight and eight inputs of the war varying, mostly open and mostly closed."""
    from sim.scenario.columns import with_columns
    from sim.scenario.loader import load
    from sim.sweeps.design import design
    from sim.sweeps.factors import parse_vary
    from sim.zone.existence import ZoneSearch

    loaded = load(SCENARIO)
    weights = [f"parties.{p}.weights.{i}=0:30" for p, party in loaded.scenario.parties.items() for i in party.weights]
    for costs in ("0:50", "0:2"):
        war = [text.replace("0:50", costs) for text in EIGHT[:7]]
        factors = tuple(parse_vary(loaded, text) for text in [*weights, *war])
        start = time.process_time()
        case = with_columns(loaded, design("sobol", factors, cases, 3).rows(0, cases))
        found = ZoneSearch(loaded.case).exists(case, cases)
        spent = time.process_time() - start
        print(f"existence   {cases:,} cases, costs {costs}: {spent:.1f} CPU s, {100 * found.mean():.0f} % have a zone")


def framework(runs: int = 1_000_000, many: int = 16) -> None:
    """Design, columns, zone existence, tables and files, with talks that take no time."""
    import sim.talks.batch as batch
    from sim.sweeps.conduct import conduct
    from sim.sweeps.sweep import sweep

    def instant(case: object, numbers: np.ndarray, seed: int = 0) -> SimpleNamespace:
        count = len(numbers)
        return SimpleNamespace(
            ending=np.full(count, 3, np.int8),
            ended=np.full(count, 9, np.int16),
            seen=np.zeros(count, np.int16),
            left=np.full(count, -1, np.int8),
            agreeing=np.zeros(count, bool),
        )

    real, batch.negotiate = batch.negotiate, instant  # type: ignore[assignment]
    vary = ["parties.ann.reservation=0:60", "parties.ben.reservation=0:60", "parties.ann.tactic.exponent=0.2:2"]
    with tempfile.TemporaryDirectory() as folder:
        made = sweep("toy/split-the-pie", vary, cases=runs // many, replications=many)
        spent = computed(lambda: conduct(made, Path(folder) / "sweep", chunk=1 << 16))
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet")) / 1e6
    batch.negotiate = real
    print(f"framework   {runs:,} runs: {runs / spent:,.0f} runs per CPU s, {size:.1f} MB")


def peers() -> None:
    """A function that does nothing in EMA Workbench, and a model that does little in `mesa.batch_run`."""
    try:
        from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator

        model = Model("nothing", function=lambda x=0.0, y=0.0: {"z": x + y})
        model.uncertainties = [RealParameter("x", 0, 1), RealParameter("y", 0, 1)]
        model.outcomes = [ScalarOutcome("z")]
        with SequentialEvaluator(model) as evaluator:
            rate = 20_000 / computed(lambda: evaluator.perform_experiments(scenarios=20_000))
        print(f"EMA Workbench, trivial function, sequential: {rate:,.0f} experiments per CPU s")
    except ImportError:
        print("EMA Workbench is not installed")
    import mesa

    class Nothing(mesa.Model):  # type: ignore[misc]
        def __init__(self, x: float = 0.0, seed: int | None = None) -> None:
            super().__init__(rng=seed)
            self.steps_left = 40
            self.datacollector = mesa.DataCollector(model_reporters={"x": lambda model: x})
            for _ in range(4):
                mesa.Agent(self)

        def step(self) -> None:
            self.steps_left -= 1
            self.running = self.steps_left > 0
            self.datacollector.collect(self)

    xs = np.linspace(0, 1, 1000).tolist()
    rate = 1000 / computed(lambda: mesa.batch_run(Nothing, {"x": xs}, number_processes=1, display_progress=False))
    print(f"mesa.batch_run, four agents and 40 steps that do nothing: {rate:,.0f} runs per CPU s")


def million(runs: int = 1_000_000, many: int = 16) -> None:
    """A million runs of a shipped scenario over eight uncertainties with two workers, and their analysis."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "sim", "sweep", SCENARIO, *(w for text in EIGHT for w in ("--vary", text))]
        words += ["--cases", str(runs // many), "--replications", str(many), "--workers", "2", "--out", "sweep"]
        start = time.perf_counter()
        ran = _peak(words, folder)
        middle = time.perf_counter()
        analysed = _peak([sys.executable, "-m", "sim", "sweeps", "analyse", "sweep"], folder)
        end = time.perf_counter()
        size = sum(file.stat().st_size for file in Path(folder, "sweep/runs").glob("*.parquet")) / 1e6
    print(f"million     {runs:,} runs {middle - start:.0f} s, analysis {end - middle:.0f} s, {size:.1f} MB on disk")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"            {usage.ru_utime + usage.ru_stime:.0f} CPU s, largest process {max(ran, analysed):.0f} MiB")


def workers() -> None:
    """Wall time of small and larger sweeps with one worker and with two, whole commands."""
    for runs in (256, 4_096, 32_768):
        seconds = {}
        for count in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                words = [
                    sys.executable,
                    "-m",
                    "sim",
                    "sweep",
                    SCENARIO,
                    *(w for text in EIGHT for w in ("--vary", text)),
                ]
                words += ["--cases", str(runs // 16), "--replications", "16", "--workers", str(count), "--out", "sweep"]
                start = time.perf_counter()
                _peak(words, folder)
                seconds[count] = time.perf_counter() - start
        one, two = seconds[1], seconds[2]
        print(f"workers     {runs:,} runs: {one:.1f} s with one, {two:.1f} s with two: {one / two:.2f} times as fast")


def _peak(words: list[str], folder: str) -> float:
    """Run a command; the peak MiB of its largest process."""
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    usage = os.wait4(process.pid, 0)
    assert usage[1] == 0
    return max(usage[2].ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


if __name__ == "__main__":
    named = {"existence": existence, "framework": framework, "peers": peers, "workers": workers, "million": million}
    for word in sys.argv[1:] or ["existence", "framework", "peers"]:
        named[word]()
