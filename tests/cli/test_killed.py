"""Commands killed at any moment: nothing half-written is taken for whole, and the next one clears what is left."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.classroom.test_grading import SECRET, hand_in
from tests.conftest import Cli
from tests.console import called

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
COMMANDS = {
    "run": ("run", "toy/two-issues", "--quiet"),
    "report": ("report", "toy/two-issues"),
    "grade": ("exercise", "grade", "answers", "--secret", "key", "--receipts", "receipts", "--out", "marks.csv"),
    "play": ("play", "toy/two-issues", "--as", "joe", "--plain", "--save", "game.json"),
}
SECONDS = 4.0
"""Within which a command is killed, at a moment that is drawn; one that ended before was not, which is as well."""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, pages with the machine in them aside."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def begun(folder: Path) -> Path:
    """A folder with what the commands need."""
    folder.mkdir()
    (folder / "answers").mkdir()
    for student in ("ana", "bob", "zoe"):
        hand_in(folder / "answers", student)
    (folder / "key").write_bytes(SECRET)
    return folder


@pytest.mark.parametrize("number", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 20))])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_leaves_nothing_that_the_next_takes_for_whole(
    process: Cli, tmp_path: Path, name: str, number: int
) -> None:
    killed, whole = begun(tmp_path / "killed"), begun(tmp_path / "whole")
    dice = random.Random(f"{name} {number}")
    words = [sys.executable, "-m", "sim", *COMMANDS[name]]
    with subprocess.Popen(
        words, cwd=killed, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as doomed:
        assert doomed.stdin is not None
        if name == "play":
            doomed.stdin.write(b"1\n2\ns\nr\n")  # a change, an offer, a refusal
            doomed.stdin.flush()
        time.sleep(dice.uniform(0, SECONDS))
        doomed.kill()
    for path in killed.rglob("*.json"):
        assert any(part.startswith(".") for part in path.relative_to(killed).parts) or path.read_bytes().endswith(
            b"}\n"
        )
    for folder in (killed, whole):
        if name == "play":
            done = process(*COMMANDS[name], cwd=folder, stdin=subprocess.DEVNULL)
        else:
            done = called(*COMMANDS[name], folder=folder)
        assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    left, wanted = contents(killed), contents(whole)
    assert left.keys() == wanted.keys(), "no draft is left, and nothing is missing"
    same = [path for path in wanted if not path.startswith("receipts/") and path != "game.json"]
    assert [path for path in same if left[path] != wanted[path]] == []
    if name == "grade":
        assert called("exercise", "verify", "receipts", "--secret", "key", folder=killed).returncode == 0
