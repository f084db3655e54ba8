"""Help in groups: every command stands in one, has an example that can be typed, and is told whole."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from sim.cli import main as registered
from sim.cli.groups import GROUPS, UNDER
from tests.conftest import Cli

registered.register([])
WHOLE = get_command(registered.app)
EXAMPLES = {name: example for group in GROUPS.values() for name, example in group.items()}


def test_every_command_stands_in_one_group() -> None:
    assert isinstance(WHOLE, TyperGroup)
    assert set(WHOLE.commands) == set(EXAMPLES)
    assert sum(map(len, GROUPS.values())) == len(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_command_is_one_that_it_takes(name: str) -> None:
    assert isinstance(WHOLE, TyperGroup)
    word, *rest = shlex.split(EXAMPLES[name])
    whole = WHOLE.make_context("ceasefire", [], resilient_parsing=True)
    command = WHOLE.get_command(whole, name)
    assert word == name and command is not None
    context = command.make_context(name, rest, parent=whole)
    if isinstance(command, TyperGroup):
        assert command.get_command(context, rest[0]) is not None


def test_help_lists_groups_in_order_and_cuts_no_sentence(cli: Cli) -> None:
    told = cli("--help").stdout
    places = [told.index(f"\n{group}:\n") for group in GROUPS]
    assert places == sorted(places) and "..." not in told.partition("[ARGS]...")[2]
    assert "ceasefire run 2025-12-stalemate" in told
    assert "Example: ceasefire zone toy/two-issues" in " ".join(cli("zone", "--help").stdout.split())
    assert "..." not in cli("exercise", "--help").stdout.partition("[ARGS]...")[2]


def test_every_command_of_a_command_has_an_example_that_it_takes(cli: Cli) -> None:
    assert isinstance(WHOLE, TyperGroup)
    whole = WHOLE.make_context("ceasefire", [], resilient_parsing=True)
    nested = {name: group for name, group in WHOLE.commands.items() if isinstance(group, TyperGroup)}
    assert {name: set(group.commands) for name, group in nested.items()} == {n: set(of) for n, of in UNDER.items()}
    for name, examples in UNDER.items():
        for under, example in examples.items():
            first, second, *rest = shlex.split(example)
            assert (first, second) == (name, under)
            command = nested[name].get_command(whole, under)
            assert command is not None and command.make_context(under, rest, parent=whole)
    for words in (("sweeps", "table"), ("exercise", "show")):
        assert f"Example: ceasefire {UNDER[words[0]][words[1]]}\n" in cli(*words, "--help").stdout


def test_bare_commands_list_what_they_lack(cli: Cli) -> None:
    done = cli("play", "toy/two-issues")
    assert done.returncode == 2 and "ira (Ira), joe (Joe)" in " ".join(done.stderr.replace("│", " ").split())
    assert "\nrussia  Russia\n" in cli("explain").stdout
    assert cli("explain", "--scenario", "toy/two-issues", "--json").stdout.split() == [
        "{",
        '"ira":',
        '"Ira",',
        '"joe":',
        '"Joe"',
        "}",
    ]


def test_a_complaint_names_what_was_typed(cli: Cli) -> None:
    peaceful, line = "toy/two-issues", "joe-keeps-the-tree"
    for words, said in (
        (("zone", peaceful, "--package", ""), "--package: names no package; say ISSUE=OPTION,… or name a file"),
        (("zone", peaceful, "--package", "."), "--package .: is a folder, not a file of options"),
        (("stable", peaceful, "--package", "."), "--package .: is a folder, not a file of options"),
        (("zone", peaceful, "--package", "none.yaml"), "--package none.yaml: no such file or directory; say ISSUE=OPT"),
        (("tournament", peaceful, "--tactics", "."), ".: is a folder, not a file of tactics"),
        (("evidence", peaceful, "--coverage", "--items", "."), ".: is a folder, not a file of items"),
        (("exercise", "check", "1", "."), ". is a folder, not a file"),
        (("zone", peaceful, "--reading", "ceasefire"), "--reading ceasefire: needs a settlement"),
        (("report", peaceful, "--reading", "ceasefire"), "--reading ceasefire: needs a settlement"),
        (
            ("sweep", peaceful, "--vary", "protocol.deadline=2,4", "--reading", "ceasefire"),
            "--reading ceasefire: needs",
        ),
        (("explain", "one.yaml"), 'there is no party "one.yaml"; a scenario is named with --scenario one.yaml'),
        (("zone", peaceful, "--without", line, "--without", line), f"--without {line}: is given twice"),
    ):
        done = cli(*words)
        assert done.returncode == 1 and done.stderr.startswith(f"ceasefire: {said}"), done.stderr


def test_evidence_says_that_there_are_no_red_lines(cli: Cli) -> None:
    bare = cli("evidence", "toy/two-issues", "--without", "joe-keeps-the-tree")
    assert bare.stdout.endswith("\nThis scenario has no red lines.\n")
    bare = cli("evidence", "toy/two-issues", "--without", "joe-keeps-the-tree", "--markdown")
    assert bare.stdout == "This scenario has no red lines.\n"


def test_evidence_says_that_a_list_holds_no_items(cli: Cli, write: Callable[..., str]) -> None:
    said = write("format: 1\nitems: []\n", "said.yaml")
    for form in ([], ["--markdown"]):
        shown = cli("evidence", "toy/two-issues", "--coverage", "--items", said, *form)
        assert shown.stdout == "The list holds no items.\n"
