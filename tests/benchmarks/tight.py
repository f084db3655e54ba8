"""How often talks find a zone of a few packages among thousands: random domains, three ways of learning, two deadlines.

Run it with `python -m tests.benchmarks.tight [RUNS] [KINDS] [RUNS_OF_NEGMAS]`, KINDS being ways of learning with commas
between. Where NegMAS is installed its aspiration negotiator plays the same domains (it is AGPL and no part of this
project). The bars: at least 27 of 30 domains at 95 % or more, and as often as NegMAS or more in at least 28.
"""

from __future__ import annotations

import sys
import tempfile
from functools import reduce
from pathlib import Path

import numpy as np

from sim import load
from sim.stakes.case import Case
from sim.stakes.space import FloatArray
from sim.talks.batch import negotiate

DOMAINS, MOST, ENOUGH = 30, 10, 0.95
DEADLINES = (60, 200)


def domain(seed: int, roomy: float = 0.0) -> str:
    """A scenario of 2 to 4 parties and 4 to 6 issues of 3 to 5 options, with 1 to 10 packages that suit all, or a share
    of all packages.
    """
    dice = np.random.default_rng(seed)
    parties, issues, options = int(dice.integers(2, 5)), int(dice.integers(4, 7)), int(dice.integers(3, 6))
    weights = dice.dirichlet(np.full(issues, 2.0), parties).round(3)
    values = dice.random((parties, issues, options)).round(2)
    values /= values.max(axis=2, keepdims=True)
    points = 100 * weights / weights.sum(axis=1, keepdims=True)
    worth = [reduce(np.add.outer, points[p][:, None] * values[p]).ravel() for p in range(parties)]
    least = np.sort(np.min(worth, axis=0))[::-1]
    suiting = int(roomy * len(least)) if roomy else int(dice.integers(1, MOST + 1))
    reservation = np.floor(least[suiting - 1] * 100) / 100
    names = ", ".join(f"o{k}" for k in range(options))
    lines = ["format: 1", f"title: Random tight domain {seed}", "issues:"]
    lines += [f"  i{j}: {{status_quo: o0, ordered: false, options: [{names}]}}" for j in range(issues)]
    lines += ["parties:"]
    for p in range(parties):
        weighed = ", ".join(f"i{j}: {weights[p, j]:.3f}" for j in range(issues))
        lines += [f"  p{p}:", f"    name: Party {p}", f"    reservation: {reservation:.2f}"]
        lines += [f"    weights: {{{weighed}}}", "    values:"]
        for j in range(issues):
            lines += [f"      i{j}: {{" + ", ".join(f"o{k}: {values[p, j, k]:.6f}" for k in range(options)) + "}"]
    return "\n".join([*lines, "protocol: {name: alternating, deadline: 60}"]) + "\n"


def loaded(text: str, *changes: str) -> Case:
    """The case of a scenario's text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tight.yaml"
        path.write_text(text, encoding="utf-8")
        return load(str(path), changes).case


def negmas_share(case: Case, deadline: int, runs: int) -> float | None:
    """The share of runs in which NegMAS's aspiration negotiators agree; None where it is not installed."""
    try:
        from negmas import LinearAdditiveUtilityFunction, SAOMechanism, make_issue
        from negmas.preferences.value_fun import TableFun
        from negmas.sao.negotiators import AspirationNegotiator
    except ImportError:
        return None
    wants, agreed, shape = case.preferences, 0, case.space.shape
    issues = [make_issue(list(range(n)), f"i{j}") for j, n in enumerate(shape)]
    for _ in range(runs):
        talks = SAOMechanism(issues=issues, n_steps=deadline)
        for p in range(len(case.parties)):
            tables = [TableFun({k: float(wants.values[p, j, k]) for k in range(n)}) for j, n in enumerate(shape)]
            least = float(case.reservation[0, p]) / 100
            weights = [float(w) / 100 for w in wants.weights[0, p]]
            ufun = LinearAdditiveUtilityFunction(tables, weights=weights, issues=issues, reserved_value=least)
            talks.add(AspirationNegotiator(name=f"p{p}"), ufun=ufun)
        agreed += talks.run().agreement is not None
    return agreed / runs


def main() -> None:
    """Print a row for each way of learning and deadline."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    kinds = sys.argv[2].split(",") if len(sys.argv) > 2 else ["nothing", "frequency", "bayes"]
    theirs_runs = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    texts = [domain(seed) for seed in range(DOMAINS)]
    print(f"{DOMAINS} random tight domains, {runs} runs each: mean share that agrees, domains at {ENOUGH:.0%} or more")
    for deadline in DEADLINES:
        theirs = np.full(DOMAINS, -1.0)
        if _has_negmas():
            theirs = np.array([negmas_share(loaded(text), deadline, theirs_runs) for text in texts], dtype=float)
            print(_row(deadline, "NegMAS", theirs), f"({theirs_runs} runs each)", flush=True)
        for learns in kinds:
            shares = []
            for text in texts:
                ids = [f"p{p}" for p in range(text.count("name: Party"))]
                changes = [f"protocol.deadline={deadline}", *(f"parties.{p}.tactic.learns={learns}" for p in ids)]
                shares.append(negotiate(loaded(text, *changes), runs).agreeing.mean())
            found = np.array(shares)
            beside = f", as often as NegMAS or more in {(found >= theirs).sum()}" if _has_negmas() else ""
            missed = ", ".join(f"{n}: {share:.0%}" for n, share in enumerate(found) if share < ENOUGH)
            print(f"{_row(deadline, learns, found)}{beside}; below: {missed or 'none'}", flush=True)


def _row(deadline: int, who: str, shares: FloatArray) -> str:
    return f"  deadline {deadline:>3}, {who:<10} {shares.mean():.3f}  {(shares >= ENOUGH).sum():>2}"


def _has_negmas() -> bool:
    try:
        import negmas  # noqa: F401
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    main()
