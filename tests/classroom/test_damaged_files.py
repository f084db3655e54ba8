"""Files that the classroom reads back, damaged in many ways: one line, exit 1, no traceback, nothing half-written."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.classroom.class_tournament import read_tactic
from sim.classroom.decisions import Decision
from sim.classroom.exercise_files import exercise
from sim.classroom.game import new_game, save
from sim.classroom.grading import grade, receipt_name
from sim.errors import CeasefireError
from sim.scenario.loader import load
from tests.classroom.test_grading import SECRET, hand_in
from tests.conftest import Cli

FAST, SLOW = 200, 5_000
"""Damaged files that are read."""
SEED = 20260731
TOKENS = [
    *("null", "true", "No", "0", "-1", "1e999", ".nan", "NaN", "Infinity", "9" * 30, "9" * 5_000, "0,9", "''", '""'),
    *("~", "{}", "[]", "{a: b}", "[[[]]]", "[" * 200, "{" * 200, "[" * 90_000, '{"a":' * 2_000, "&a", "*a", "<<: {}"),
    *("!!python/name:os", "\\ud800", "\\u0000", "\x00", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "é" * 90, "---\n"),
    *("...\n", "\t", "#", ": ", "- "),
]


def damaged(raw: bytes, dice: random.Random) -> bytes:
    """A file with one to three things wrong with it."""
    for _ in range(dice.randint(1, 3)):
        raw = dice.choice(DAMAGES)(raw, dice)
    return raw


def _flipped(raw: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(raw) + 1)
    return raw[:place] + bytes([dice.randrange(256)]) + raw[place + 1 :]


def _cut(raw: bytes, dice: random.Random) -> bytes:
    first, last = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    return raw[:first] + raw[last:]


def _ended(raw: bytes, dice: random.Random) -> bytes:
    return raw[: dice.randrange(len(raw) + 1)]


def _repeated(raw: bytes, dice: random.Random) -> bytes:
    first, last = sorted(dice.randrange(len(raw) + 1) for _ in range(2))
    return raw[:last] + raw[first:last] + raw[last:]


def _token(raw: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(raw) + 1)
    return raw[:place] + dice.choice(TOKENS).encode() + raw[place:]


def _word(raw: bytes, dice: random.Random) -> bytes:
    """Another word, number or text in place of one."""
    words = raw.split(b" ")
    words[dice.randrange(len(words))] = dice.choice(TOKENS).encode()
    return b" ".join(words)


def _lines(raw: bytes, dice: random.Random) -> bytes:
    lines = raw.splitlines(keepends=True)
    dice.shuffle(lines)
    return b"".join(lines[: dice.randint(0, len(lines))])


def _coded(raw: bytes, dice: random.Random) -> bytes:
    return raw.decode("utf-8", "replace").encode(dice.choice(["utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig"]))


DAMAGES: list[Callable[[bytes, random.Random], bytes]] = [
    *(_flipped, _cut, _ended, _repeated, _token, _token, _word, _word, _lines, _coded)
]


def answer(folder: Path) -> Path:
    return hand_in(folder, "ana", 1)


def tactic(folder: Path) -> Path:
    path = folder / "ana.yaml"
    path.write_text("student: ana\ntactic: {exponent: 0.2, stall: no, learns: bayes}\n", encoding="utf-8")
    return path


def game(folder: Path) -> Path:
    kept = new_game(load("toy/two-issues"), "joe")
    package = {"fence": "halfway", "tree": "trimmed"}
    kept.decisions, kept.draft = [Decision("reject"), Decision("offer", package), Decision("reject")], package
    save(kept, folder / "ana.json")
    return folder / "ana.json"


def receipts(folder: Path) -> Path:
    for wrong in ({"red_line": "ukraine-no-low-cap"}, {}):
        hand_in(folder / "answers", "ana", **wrong)
        grade(folder / "answers", SECRET, folder)
    (folder / "key").write_bytes(SECRET)
    return folder / receipt_name(exercise(1), "ana")


COMMANDS: dict[Callable[[Path], Path], tuple[str, ...]] = {
    answer: ("exercise", "check", "1", "{file}"),
    game: ("play", "toy/two-issues", "--as", "joe", "--plain", "--save", "{file}"),
    receipts: ("exercise", "verify", "{file}", "--secret", "{folder}/key"),
}


def check_damage(cli: Cli, folder: Path, made: Callable[[Path], Path], first: int, count: int) -> None:
    """Read so many damaged files; the message names the number of the first that goes wrong."""
    path = made(folder)
    whole = path.read_bytes()
    words = [word.format(file=path, folder=folder) for word in COMMANDS[made]]
    assert cli(*words).returncode == 0
    refused = 0
    for number in range(first, first + count):
        raw = damaged(whole, random.Random(f"{SEED} {made.__name__} {number}"))
        path.write_bytes(raw)
        said = cli(*words)
        assert said.returncode in (0, 1), number
        if said.returncode == 1:
            refused += 1
            assert said.stderr.startswith("ceasefire: ") and said.stderr.count("\n") == 1, number
            assert path.name in said.stderr or "exercise" in said.stderr, number
            assert path.read_bytes() == raw, number
        assert not [entry.name for entry in folder.iterdir() if entry.name.startswith(".tmp-")], number
    assert refused > count / 3, "most damage is noticed"


def check_tactics(folder: Path, first: int, count: int) -> None:
    path = tactic(folder)
    whole, refused = path.read_bytes(), 0
    for number in range(first, first + count):
        path.write_bytes(damaged(whole, random.Random(f"{SEED} tactic {number}")))
        try:
            read_tactic(path)
        except CeasefireError as error:
            refused += 1
            assert str(error).startswith(str(path)) and "\n" not in str(error), number
    assert refused > count / 3


@pytest.mark.parametrize("made", COMMANDS, ids=lambda made: made.__name__)
def test_a_damaged_file_is_refused_in_one_line(quick: Cli, tmp_path: Path, made: Callable[[Path], Path]) -> None:
    check_damage(quick, tmp_path, made, 0, FAST // 4)


def test_a_damaged_tactic_is_refused_in_one_line(tmp_path: Path) -> None:
    check_tactics(tmp_path, 0, FAST // 4)


@pytest.mark.slow
@pytest.mark.parametrize("made", COMMANDS, ids=lambda made: made.__name__)
def test_many_damaged_files_are_refused_in_one_line(quick: Cli, tmp_path: Path, made: Callable[[Path], Path]) -> None:
    check_damage(quick, tmp_path, made, FAST, SLOW // 4)


@pytest.mark.slow
def test_many_damaged_tactics_are_refused_in_one_line(tmp_path: Path) -> None:
    check_tactics(tmp_path, FAST, SLOW // 4)


def test_damaged_answers_and_receipts_change_no_other_row(tmp_path: Path) -> None:
    folder, kept = tmp_path / "answers", tmp_path / "receipts"
    for student in ("ana", "zoe"):
        hand_in(folder, student)
    (good,) = [row for row in grade(folder, SECRET, kept) if row.student == "zoe"]
    whole = {path: path.read_bytes() for path in (folder / "ana.yaml", kept / receipt_name(exercise(1), "ana"))}
    for number in range(FAST // 8):
        for path, raw in whole.items():
            path.write_bytes(damaged(raw, random.Random(f"{SEED} rows {number}")))
        rows = grade(folder, SECRET, kept)
        assert good in rows and len(rows) == 2, number
        assert json.dumps([row.messages for row in rows])
