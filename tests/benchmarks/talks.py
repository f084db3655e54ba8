"""How long talks take: runs per CPU-second of the batch engine, of the Mesa model, and of NegMAS where it is installed.

Run it with `python -m tests.benchmarks.talks`, with `--memory` also for the peak of a million runs (Linux only). Times
are medians of CPU time: ratios travel, seconds do not.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from sim import NegotiationModel, load, negotiate
from sim.stakes.case import Case
from tests.benchmarks.timing import computed, median

SLUG, RUNS = "2025-12-extended", 8_192
TWO = ("protocol.name=alternating", "protocol.proposers=[russia, ukraine]")
FOUR = ("protocol.name=alternating",)
MEMORY = """
import sys
from pathlib import Path
from sim import load
from sim.talks.batch import negotiate
negotiate(load(sys.argv[1], sys.argv[3:]).case, int(sys.argv[2]))
status = Path("/proc/self/status").read_text()  # not ru_maxrss, which a process inherits from its parent
print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""
DIFFERENT_WORK = """\
What differs: NegMAS runs general mechanisms and agents that may be any Python; each of its parties ranks all 65,536
outcomes once and then offers whatever meets its target, of full utility tables. Ours offers one of the packages within
two issues and a step each, the one nearest to what the others last asked, learns which issues matter to them, checks
red lines, and plays many runs at once. The toy has no war, no lines and no events, as NegMAS has none."""


def toy(folder: Path) -> Case:
    """4 parties, 8 issues of 4 options, 40 rounds of offers, Boulware concessions by the clock, random tables."""
    import random

    dice, issues, parties = random.Random(0), range(8), range(4)
    lines = ["format: 1", "title: A toy for timing", "issues:"]
    lines += [f"  i{j}: {{status_quo: a, ordered: false, options: [a, b, c, d]}}" for j in issues]
    lines += ["parties:"]
    for p in parties:
        weights = ", ".join(f"i{j}: {dice.randint(1, 9)}" for j in issues)
        values = ", ".join(f"i{j}: {{" + ", ".join(f"{k}: {dice.random():.3f}" for k in "abcd") + "}" for j in issues)
        lines += [f"  p{p}:", f"    name: Party {p}", "    reservation: 50", f"    weights: {{{weights}}}"]
        lines += [f"    values: {{{values}}}", "    tactic: {exponent: 0.5}"]
    lines += ["protocol: {name: alternating, deadline: 40}"]
    path = folder / "toy.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load(str(path)).case


def negmas_runs(case: Case, runs: int) -> Callable[[], object] | None:
    """The same toy in NegMAS, or None where it is not installed."""
    try:
        from negmas import LinearAdditiveUtilityFunction, SAOMechanism, make_issue
        from negmas.preferences.value_fun import TableFun
        from negmas.sao.negotiators import BoulwareTBNegotiator
    except ImportError:
        return None
    issues = [make_issue([0, 1, 2, 3], f"i{j}") for j in range(8)]
    wants = case.preferences

    def work() -> None:
        for _ in range(runs):
            talks = SAOMechanism(issues=issues, n_steps=40)
            for p in range(4):
                tables = [TableFun({k: float(wants.values[p, j, k]) for k in range(4)}) for j in range(8)]
                weights = [float(w) / 100 for w in wants.weights[0, p]]
                ufun = LinearAdditiveUtilityFunction(tables, weights=weights, issues=issues, reserved_value=0.5)
                talks.add(BoulwareTBNegotiator(name=f"p{p}"), ufun=ufun)
            talks.run()

    return work


def line(what: str, per_second: float, bar: str) -> None:
    """A row of the table."""
    print(f"{what:<62} {per_second:>12,.1f}  {bar}", flush=True)


def mesa_run(case: Case, run: int) -> None:
    """One run of the Mesa model."""
    NegotiationModel(case, seed=0, run=run).run_to_end()


def main() -> None:
    """Print the table."""
    print(f"{'runs per CPU-second':<62} {'median':>12}  bar")
    rates = {}
    for name, changes, bar in (
        ("single text", (), "-"),
        ("two proposers in turn", TWO, ">= 8,000"),
        ("four proposers in turn", FOUR, ">= 5,000"),
    ):
        case = load(SLUG, changes).case
        negotiate(case, 64)
        rates[name] = RUNS / median(lambda case=case: negotiate(case, RUNS))
        line(f"batch, {SLUG}, {name}", rates[name], bar)
    for name, changes in (("single text", ()), ("two proposers in turn", TWO), ("four proposers in turn", FOUR)):
        case = load(SLUG, changes).case
        mesa_run(case, 0)  # what is worked out once for a case is no part of a run
        seconds = statistics.median(computed(lambda case=case, run=run: mesa_run(case, run)) for run in range(9))
        line(f"Mesa, the same, {name}", 1 / seconds, "-")
        line("  batch : Mesa", rates[name] * seconds, ">= 50")
        whole = negotiate(case, 512).ended == case.protocol.deadline
        longest = [int(run) for run in whole.nonzero()[0][:5]]
        if not longest:
            continue  # somebody always leaves before
        seconds = statistics.median(computed(lambda case=case, run=run: mesa_run(case, run)) for run in longest)
        line(f"  a run of all {case.protocol.deadline} rounds, in milliseconds", seconds * 1000, "<= 150")
    with tempfile.TemporaryDirectory() as folder:
        case = toy(Path(folder))
    negotiate(case, 64)
    ours = RUNS / median(lambda: negotiate(case, RUNS))
    line("batch, toy: 4 parties, 8 issues x 4 options, 40 rounds", ours, "-")
    other = negmas_runs(case, 2)
    if other is None:
        print("NegMAS is not installed: pip install negmas to compare (it is AGPL and no part of this project)")
    else:
        theirs = 2 / median(other)
        line("NegMAS, the same toy", theirs, "-")
        line("  batch : NegMAS", ours / theirs, ">= 1,000")
        print(DIFFERENT_WORK)
    if "--memory" in sys.argv:
        words = [sys.executable, "-c", MEMORY, SLUG, "1000000", *TWO]
        peak = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
        print(f"peak memory of 1,000,000 runs: {peak} MiB (bar: 1,024)")


if __name__ == "__main__":
    main()
