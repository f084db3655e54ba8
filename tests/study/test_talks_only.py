"""Talks of a scenario whose packages are too many to look at each: they can be played, and say so."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from sim import load
from sim.study.run import run
from sim.study.talks_only import countable, talk
from tests.conftest import Cli


def large(issues: int = 12, options: int = 6, parties: int = 8) -> str:
    """A scenario of ``options ** issues`` packages, with weights and directions drawn by a seed."""
    dice, names = random.Random(18), [f"i{n}" for n in range(issues)]
    levels = [f"o{k}" for k in range(options)]
    said = ["format: 1", "title: Large", "issues:"]
    said += [f"  {name}: {{status_quo: o0, options: [{', '.join(levels)}]}}" for name in names] + ["parties:"]
    for party in range(parties):
        weights = ", ".join(f"{name}: {dice.randint(1, 9)}" for name in names)
        said += [f"  p{party}:", f"    name: P{party}", f"    reservation: {20 + party}", f"    weights: {{{weights}}}"]
        said += ["    values:"]
        for name in names:
            way = dice.choice([1, -1])
            places = range(options) if way > 0 else range(options - 1, -1, -1)
            row = ", ".join(f"{level}: {k / (options - 1)}" for level, k in zip(levels, places, strict=True))
            said.append(f"      {name}: {{{row}}}")
    return "\n".join([*said, "protocol: {name: alternating, deadline: 30}"]) + "\n"


def test_a_space_above_the_limit_is_talked_about_and_said_to_have_no_zone_looked_for(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_text(large(), encoding="utf-8")
    assert not countable(load(tmp_path / "large.yaml"))
    done = cli("run", "large.yaml", "--runs", "20")
    assert done.returncode == 0 and "More than 20,000,000 packages: no zone was looked for" in done.stdout
    assert "Verdict" not in done.stdout and "Of 20 runs: settlement" in done.stdout
    folder = tmp_path / done.stdout.splitlines()[-1]
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "transcript.jsonl", "rounds.csv", "talks.json"}
    found = json.loads((folder / "talks.json").read_text("utf-8"))
    assert found["packages"] == 6**12 and sum(share["hits"] for share in found["endings"].values()) == 20
    assert "run --talks-only" in cli("report", str(folder)).stderr


def test_check_says_which_commands_a_file_can_serve_and_they_keep_to_it(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_text(large(), encoding="utf-8")
    said = cli("check", "large.yaml")
    assert said.returncode == 0 and "run plays its talks and looks for no zone" in said.stdout
    assert "zone, robust, stable, compare, report, explore, sweep and tournament want an issue pinned" in said.stdout
    for words in (("zone",), ("robust",), ("stable",), ("compare", "toy/two-issues"), ("report",), ("tournament",)):
        refused = cli(words[0], "large.yaml", *words[1:])
        assert refused.returncode == 1 and "pin an issue" in refused.stderr and len(refused.stderr.splitlines()) == 1
    assert cli("explain", "p1", "--scenario", "large.yaml").returncode == 0
    assert cli("run", "large.yaml", "--report").returncode == 2


@pytest.mark.parametrize("slug", ["toy/two-issues", "toy/where-to-meet"])
def test_talks_alone_are_the_talks_of_a_run(cli: Cli, slug: str) -> None:
    whole, alone = run(slug).measured, talk(slug).measured
    for field in ("ending", "round", "package", "values", "reservation", "seed"):
        assert getattr(whole, field) == getattr(alone, field)
    told = json.loads(cli("run", slug, "--talks-only", "--json").stdout)
    assert told["ending"] == whole.ending and "verdict" not in told
