"""How long it takes to say why a zone is empty where red lines are many: computing time of `zone`.

Run it with `python tests/benchmarks/conflicts.py`. The bar: sixty random lines on ten issues of four options, and
twenty pairs of opposed lines, are answered in ten seconds of computing at most.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

BAR = 10.0
OPTIONS = "abcd"


def scenario(issues: int, options: str, lines: list[str]) -> str:
    """Two parties that value the options of every issue the other way round, and some red lines."""
    weights = ", ".join(f"i{n}: 1" for n in range(issues))
    parts = ["format: 1", "title: Many lines", "issues:"]
    parts += [f"  i{n}: {{status_quo: a, options: [{', '.join(options)}]}}" for n in range(issues)]
    parts.append("parties:")
    for party, order in (("p", options), ("q", options[::-1])):
        worth = ", ".join(f"{option}: {place / (len(options) - 1):.3f}" for place, option in enumerate(order))
        values = ", ".join(f"i{n}: {{{worth}}}" for n in range(issues))
        asked = f"name: {party.upper()}, reservation: 5, weights: {{{weights}}}, values: {{{values}}}"
        parts.append(f"  {party}: {{{asked}}}")
    return "\n".join([*parts, "red_lines:", *lines]) + "\n"


def line(name: str, party: str, issue: int, options: str) -> str:
    """A red line that leaves some options of an issue."""
    return f"  - {{id: {name}, party: {party}, requires: {{i{issue}: [{', '.join(options)}]}}, basis: assumption}}"


def cases(seed: int = 26) -> dict[str, str]:
    """The two cases of the bar, as scenario texts."""
    dice = random.Random(seed)
    many = [
        line(f"l{n}", dice.choice("pq"), dice.randrange(10), "".join(sorted(dice.sample(OPTIONS, dice.randint(1, 2)))))
        for n in range(60)
    ]
    opposed = [line(f"{party}{n}", party, n, option) for n in range(20) for party, option in (("p", "a"), ("q", "b"))]
    return {"60 random lines": scenario(10, OPTIONS, many), "20 opposed pairs": scenario(20, "ab", opposed)}


def seconds(text: str) -> float:
    """Computing time of one process that looks for the zone of a scenario."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        path.write_text(text, encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "sim", "zone", str(path)], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    for name, text in cases().items():
        print(f"{name}: {seconds(text):.1f} s of computing (bar {BAR:.0f})", flush=True)
