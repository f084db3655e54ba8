"""NegMAS reads what is exported: its utilities and its own Pareto frontier against ours, over random negotiations.

NegMAS (AGPL) is never installed with this package: `python tests/benchmarks/exchange.py NEGMAS_PYTHON`, where
NEGMAS_PYTHON is the interpreter of an environment of its own with `pip install negmas`.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sim import find_zone, load
from sim.exchange.domain import Domain, scenario_text
from sim.exchange.formats import export
from sim.scenario.scores import Profile
from sim.zone.points import frontier

THEIRS = """
import json, sys, warnings
warnings.filterwarnings("ignore")
from pathlib import Path
from negmas.inout import Scenario
from negmas.preferences.ops import pareto_frontier
out = {}
for kind in ("negmas", "genius"):
    folder = Path(sys.argv[1]) / kind
    reader = {"negmas": Scenario.from_yaml_folder, "genius": Scenario.from_genius_folder}[kind]
    found = reader(folder)
    for ufun in found.ufuns:
        ufun.reserved_value = float("-inf")  # the frontier of all packages, whoever would refuse them
    outcomes = list(found.outcome_space.enumerate_or_sample())
    points, _ = pareto_frontier(list(found.ufuns), outcomes)
    out[kind] = {"packages": len(outcomes), "frontier": sorted([float(u) for u in point] for point in points)}
print(json.dumps(out))
"""


def random_domain(seed: int) -> Domain:
    """Two or three parties, three issues."""
    draw = random.Random(seed)
    issues = {f"issue {place}": [f"option {option}" for option in range(draw.randint(2, 5))] for place in range(3)}
    profiles = []
    for party in "ABC"[: draw.randint(2, 3)]:
        scores = {issue: [round(draw.random(), 2) for _ in options] for issue, options in issues.items()}
        own = Profile(party, scores)
        profiles.append(Profile(party, scores, round(own.least() + 0.4 * (own.most() - own.least()), 3)))
    return Domain(f"random {seed}", issues, profiles)


def main() -> None:
    """Print how many random negotiations agree, by format."""
    agree = dict.fromkeys(("negmas", "genius"), 0)
    many = 10
    for seed in range(many):
        with TemporaryDirectory() as place:
            path = Path(place) / "ours.yaml"
            path.write_text(scenario_text(random_domain(seed), "ours"), encoding="utf-8")
            loaded = load(path)
            for kind in agree:
                export(loaded, kind, Path(place) / kind)
            done = subprocess.run(
                [sys.argv[1], "-c", THEIRS, place], stdout=subprocess.PIPE, text=True, check=True, env={}
            )
            theirs = json.loads(done.stdout.splitlines()[-1])
            case = loaded.case
            everything = np.array(list(np.ndindex(*(len(issue.options) for issue in case.space.issues))), dtype=np.int8)
            values = np.stack([case.utility(party, everything) for party in range(len(case.parties))], axis=1)
            ours = values[frontier(values)]
            for kind in agree:
                points = np.array(theirs[kind]["frontier"])
                scale = 1.0 if points.max() > 1.5 else 100.0
                same = {tuple(np.round(row * scale, 6)) for row in points} == {tuple(np.round(row, 6)) for row in ours}
                agree[kind] += same and theirs[kind]["packages"] == find_zone(loaded).packages
    for kind, count in agree.items():
        print(f"{kind:10} {count} of {many}: packages and Pareto frontier as NegMAS reads and works them out")


if __name__ == "__main__":
    main()
