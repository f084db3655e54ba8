"""What reaches a terminal: nothing that steers it, hides or reorders letters, and no word without end."""

from __future__ import annotations

import re

import pytest

from tests.conftest import SMALL, Cli, Write

REVERSED = chr(0x202E)
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LINES = """\
red_lines:
  - {id: r, party: seller, wording: <script>x</script>, requires: {place: [here]}, basis: assumption}
"""
ODD = SMALL.replace("A small case", f'"ab{REVERSED}cd <script>"').replace("name: Seller", f"name: S{REVERSED}") + LINES


@pytest.mark.parametrize("words", [["zone"], ["run"], ["evidence"], ["evidence", "--markdown"]], ids=" ".join)
def test_names_that_reorder_letters_are_shown_by_their_codes(cli: Cli, write: Write, words: list[str]) -> None:
    done = cli(words[0], write(ODD), *words[1:])
    assert (done.returncode, done.stderr) == (0, "")
    assert not STEERING.search(done.stdout) and "⟨U+202E⟩" in done.stdout
    assert "--markdown" not in words or "<script>" not in done.stdout


@pytest.mark.parametrize(
    "words", [["check", "\x1b[31mx"], ["zone", "toy/two-issues", "--set", f"{REVERSED}=1"], ["check", "a" * 5_000]]
)
def test_a_complaint_is_a_line_that_steers_no_terminal(cli: Cli, words: list[str]) -> None:
    done = cli(*words)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert not STEERING.search(done.stderr) and len(done.stderr) < 1_000
