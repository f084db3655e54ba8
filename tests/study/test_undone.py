"""A package that nobody who signs stands against, and that somebody else would not carry out: the reason is told."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.conftest import Cli

FENCE = """\
format: 1
title: A fence that a third neighbour has to build
issues:
  fence: {name: The fence, status_quo: none, options: {none: none, built: built by Kim, bought: bought}}
parties:
  ira: {name: Ira, roles: [signatory], reservation: 20, weights: {fence: 100},
        values: {fence: {none: 0, built: 1, bought: 0.5}}}
  joe: {name: Joe, roles: [signatory], reservation: 20, weights: {fence: 100},
        values: {fence: {none: 0, built: 1, bought: 0.5}}}
  kim: {name: Kim, roles: [observer], reservation: 30, weights: {fence: 100},
        values: {fence: {none: 1, built: 0, bought: 0.5}}}
red_lines:
  - {id: kim-builds-nothing, party: kim, wording: that it builds nothing, requires: {fence: [none, bought]},
     basis: assumption}
consent: {fence: {built: [kim]}}
protocol: {name: alternating, deadline: 3}
"""
BUILT = ("--package", "fence=built")


def test_who_would_not_carry_a_package_out_and_why_is_told(cli: Cli, write: Callable[[str], str]) -> None:
    case = write(FENCE)
    why = "It needs Kim for The fence, and Kim would not do its part: "
    short = "the package falls 30 points short of what it expects without a deal."
    for command in ("zone", "stable"):
        said = " ".join(cli(command, case, *BUILT).stdout.split())
        assert f"{why}it requires that it builds nothing [assumption]; {short}" in said, said
        said = " ".join(cli(command, case, *BUILT, "--without", "kim-builds-nothing").stdout.split())
        assert f"{why}{short}" in said
    said = " ".join(cli("zone", case, *BUILT).stdout.split())
    assert "It crosses a red line of a party that does not sign: kim-builds-nothing." in said
    assert "would take back “The fence: built by Kim” and gain 100 points" in " ".join(
        cli("stable", case, *BUILT).stdout.split()
    )


def test_only_what_lies_outside_for_that_says_so_in_json(cli: Cli, write: Callable[[str], str]) -> None:
    case = write(FENCE)
    found = json.loads(cli("zone", case, *BUILT, "--json").stdout)
    undone = {"kim": {"issues": ["fence"], "crosses": ["kim-builds-nothing"], "short": 30.0}}
    assert (found["in_zone"], found["crosses"], found["undone"]) == (False, {}, undone)
    (judged,) = json.loads(cli("stable", case, *BUILT, "--json").stdout)["judged"]
    assert judged["outside"]["undone"] == undone
    willing = json.loads(cli("zone", case, "--package", "fence=bought", "--json").stdout)
    assert willing["in_zone"] and "undone" not in willing


def test_a_run_and_a_run_of_a_sweep_name_who_would_not_carry_out_the_text(
    cli: Cli, write: Callable[[str], str]
) -> None:
    case, vain = write(FENCE), "A text was agreed that Kim would not carry out."
    for words in ((), ("--talks-only",)):
        assert vain in cli("run", case, *words).stdout
    said = cli("run", case, "--full").stdout
    assert "Ending: unimplementable text in round 1." in said and vain in said
    assert "Why it was missed: what all who must sign agreed on in round 1 cannot be carried out." in " ".join(
        said.split()
    )
    cli("sweep", case, "--vary", "protocol.deadline=2,3", "--design", "grid", "--replications", "1", "--out", "here")
    assert vain in cli("replay", "here", "--run", "1").stdout
    willing = cli("run", case, "--full", "--without", "kim-builds-nothing", "--set", "parties.kim.reservation=0").stdout
    assert "carry out" not in willing
