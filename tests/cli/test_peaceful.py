"""Words of war have no place where there is none, and a thing is not called by a plural where there is one of it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import Cli, Write

WARLIKE = re.compile(
    r"\b(ceasefires?(?! (-|[a-z]+ (toy|[\w./-]*case|-)))|fighting|truces?|armistice|war|invaded|months?|casualties|"
    r"settlement zone|front line|troops|belligerents?)\b",
    re.IGNORECASE,
)
ALONE = re.compile(
    r"(?<![\d.,/])\b1 (?!of\b)[a-z]+s\b(?<!\bruns)|\b1 (issues|packages|steps|runs|months|rounds|lines)\b"
)
NO_WAR = "toy/two-issues"
COMMANDS = {
    "zone": ["zone", NO_WAR],
    "package": ["zone", NO_WAR, "--package", "fence=halfway"],
    "empty zone": ["zone", NO_WAR, "--set", "parties.ira.reservation=90", "--full"],
    "run": ["run", NO_WAR],
    "runs": ["run", NO_WAR, "--runs", "3"],
    "run of talks alone": ["run", NO_WAR, "--talks-only"],
    "explain": ["explain", "ira", "--scenario", NO_WAR],
    "assumptions": ["explain", "--scenario", NO_WAR, "--assumptions"],
    "stable": ["stable", NO_WAR],
    "fields": ["sweep", NO_WAR, "--list"],
    "compare": ["compare", NO_WAR, "toy/where-to-meet"],
    "tournament": ["tournament", NO_WAR, "--runs", "1", "--only", "boulware", "--only", "tit_for_tat"],
}


def told(text: str) -> str:
    """What a command prints but for its own name, paths and files."""
    return re.sub(r"\bceasefire(?= [a-z]+ )|\S*/\S+|ceasefire-zone", "", text)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_peaceful_case_is_told_in_peaceful_words(cli: Cli, words: list[str]) -> None:
    done = cli(*words)
    assert (done.returncode, done.stderr) == (0, "")
    found = [line for line in told(done.stdout).splitlines() if WARLIKE.search(line) or ALONE.search(line)]
    assert not found


def test_a_peaceful_sweep_is_told_in_peaceful_words(cli: Cli, tmp_path: Path) -> None:
    vary = ("--vary", "parties.ira.reservation=1:99", "--cases", "32")
    for words in (["sweep", NO_WAR, *vary, "--out", "s"], ["sweeps", "status", "s"], ["sweeps", "analyse", "s"]):
        done = cli(*words)
        assert (done.returncode, done.stderr) == (0, "")
        assert not [line for line in told(done.stdout).splitlines() if WARLIKE.search(line) or ALONE.search(line)]


def test_a_peaceful_report_is_told_in_peaceful_words(cli: Cli, tmp_path: Path) -> None:
    assert cli("report", NO_WAR, "--to", "page.html").returncode == 0
    page = re.sub(r"(?s)<(script|style|pre).*?</\1>", " ", (tmp_path / "page.html").read_text("utf-8"))
    words = told(re.sub(r"<[^>]+>", "\n", page))
    assert not [line for line in words.splitlines() if WARLIKE.search(line)]


ALONE_AT_THE_TABLE = """\
format: 1
title: One party
issues:
  pay: {name: Pay, status_quo: one, options: [one, two]}
parties:
  union:
    name: Union
    reservation: 35
    weights: {pay: 100}
    values: {pay: {one: 0, two: 1}}
protocol: {name: alternating, deadline: 1}
"""


def plain(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|pre).*?</\1>", " ", page))).split())


def test_one_thing_is_told_as_one_thing(cli: Cli, write: Write, tmp_path: Path) -> None:
    case = write(ALONE_AT_THE_TABLE)
    for words in (["zone", "--full"], ["zone", "--package", "pay=one"], ["robust"], ["stable"], ["run", "--full"]):
        said = cli(words[0], case, *words[1:]).stdout
        assert said and not [line for line in told(said).splitlines() if ALONE.search(line)]
    assert "The zone is 1 step away, at the package with:" in cli("zone", case, "--package", "pay=one").stdout
    assert cli("report", case, "--to", "page.html").returncode == 0
    page = plain((tmp_path / "page.html").read_text("utf-8"))
    assert not ALONE.search(page) and "deals suit " not in page
    (tmp_path / "one.csv").write_text("protocol.deadline\n1\n", encoding="utf-8")
    swept = ["sweep", case, "--table", "one.csv", "--replications", "1", "--workers", "1", "--out", "swept"]
    for words in (
        swept,
        ["sweeps", "status", "swept"],
        ["sweeps", "analyse", "swept"],
        ["sweeps", "table", "swept", "--out", "rows.csv"],
        ["explain", "--assumptions", "--scenario", case],
    ):
        said = cli(*words).stdout
        assert said and not [line for line in told(said).splitlines() if ALONE.search(line)], words


def test_a_reservation_value_that_closes_a_zone_alone_is_no_red_line(cli: Cli, write: Write, tmp_path: Path) -> None:
    case = write(ALONE_AT_THE_TABLE)
    cli("report", case, "--set", "parties.union.reservation=101", "--to", "page.html")
    page = plain((tmp_path / "page.html").read_text("utf-8"))
    assert "This demand alone leaves no deal: Union requires" in page and "hold together" not in page
    assert "No: the deadline of 1 round passed" in page
    said = " ".join(cli("run", case, "--set", "parties.union.reservation=101", "--full").stdout.split())
    assert "no offer: nothing is worth its reservation value" in said
    assert "Opposition" not in cli("zone", case, "--set", "parties.union.weights.pay=0", "--full").stdout
