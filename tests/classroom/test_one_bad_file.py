"""One bad file stops or falsifies nobody else's work, and nothing that was handed in is ever overwritten."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from io import StringIO
from pathlib import Path

import pytest

from sim.classroom.exercise_files import exercise
from sim.classroom.grading import answer_files, grade, receipt_name
from sim.classroom.marks_table import Row
from sim.classroom.papers import read_answer, start
from sim.classroom.receipts import new_secret, read_chain, sign
from sim.classroom.student_ids import file_name
from sim.classroom.verifying import check_receipts
from sim.errors import OutputError
from sim.files import draft_name
from tests.classroom.test_grading import SECRET, hand_in
from tests.conftest import Cli, altered

WRONG = "russia-force-limits"


def graded(tmp_path: Path) -> dict[str, Row]:
    """The rows of the folder `answers`, with receipts, by student."""
    return {row.student: row for row in grade(tmp_path / "answers", SECRET, tmp_path / "receipts")}


def receipts_of(tmp_path: Path, student: str, number: int = 1) -> Path:
    return tmp_path / "receipts" / receipt_name(exercise(number), student)


@pytest.mark.parametrize("number", [10, 99])
def test_an_exercise_that_there_is_not_leaves_the_rest_of_the_class_marked_and_signed(
    tmp_path: Path, number: int
) -> None:
    for student in ("ana", "eve", "zoe"):
        path = hand_in(tmp_path / "answers", student)
    eve = path.with_name("eve.yaml")
    eve.write_text(f"exercise: {number}\nstudent: eve\nanswer: {{a: 1}}\n", encoding="utf-8")
    rows = graded(tmp_path)
    assert (rows["ana"].score, rows["zoe"].score) == (100, 100)
    assert rows["eve"].score == 0 and rows["eve"].messages[0].startswith(f"there is no exercise {number} (there are:")
    assert len(rows["eve"].messages) == 1
    assert len(list((tmp_path / "receipts").iterdir())) == 2


@pytest.mark.parametrize("damage", ["folder", "binary", "huge", "loop"])
def test_receipts_that_cannot_be_read_are_said_in_their_own_row(tmp_path: Path, damage: str) -> None:
    for student in ("ana", "zoe"):
        hand_in(tmp_path / "answers", student)
    path = receipts_of(tmp_path, "ana")
    path.parent.mkdir()
    if damage == "folder":
        path.mkdir()
    elif damage == "loop":
        path.symlink_to(path.name)
    else:
        path.write_bytes(b"\xff" if damage == "binary" else b"x" * 4_000_001)
    rows = graded(tmp_path)
    assert rows["ana"].score == 100 and rows["ana"].messages[-1].startswith("no receipt: ")
    assert path.name in rows["ana"].messages[-1]
    assert rows["zoe"].score == 100 and len(rows["zoe"].messages) == 2


def test_receipts_that_cannot_be_kept_at_all_are_said_before_the_work(cli: Cli, tmp_path: Path) -> None:
    hand_in(tmp_path / "answers", "ana")
    assert cli("exercise", "secret", "key").returncode == 0
    said = cli("exercise", "grade", "answers", "--secret", "key", "--receipts", "key")
    assert (said.returncode, said.stderr) == (1, "ceasefire: cannot keep receipts in key: file exists\n")
    assert not (tmp_path / "grades.csv").exists()


def test_what_our_own_commands_wrote_is_no_answer(cli: Cli, tmp_path: Path) -> None:
    hand_in(tmp_path / "t", "ana")
    assert cli("exercise", "start", "1", "--student", "bo", "--folder", "t").returncode == 0
    assert cli("exercise", "secret", "key").returncode == 0
    assert cli("play", "toy/two-issues", "--as", "joe", "--save", "t/joe.play.json", "--plain").returncode == 0
    for out in ("t/marks.csv", "t/other.csv", "grades.csv"):
        said = cli("exercise", "grade", "t", "--secret", "key", "--receipts", "t", "--out", out)
        assert said.stdout == f"2 answers, marks in {out}\n"
    rows = list(csv.DictReader(StringIO((tmp_path / "grades.csv").read_text("utf-8"))))
    assert sorted(row["id"] for row in rows) == ["ana", "bo"]
    shown = cli("exercise", "grade", "t", "--receipts", ".")
    assert shown.stdout == "2 answers, marks in grades.csv\n", "a folder above the answers hides none of them"


def test_a_case_that_is_handed_in_instead_of_an_answer_is_told_so(tmp_path: Path) -> None:
    case, answer = start(1, "bo", tmp_path / "t")
    assert answer_files(tmp_path / "t") == [answer]
    answer.unlink()
    (row,) = grade(tmp_path / "t")
    assert row.score == 0 and "is a case, not an answer" in row.messages[0] and case.name in row.messages[0]


def test_a_class_s_tactics_are_found_where_results_are_written_above_them(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "tactics").mkdir()
    (tmp_path / "tactics" / "ana.yaml").write_text("student: ana\ntactic: {exponent: 0.2}\n", encoding="utf-8")
    for _ in range(2):
        played = json.loads(cli("exercise", "tournament", "tactics", "--runs", "2", "--out", ".", "--json").stdout)
        assert played["students"] == ["ana"] and played["refused"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("grade", "answers", "--out", "answers/ana.yaml"),
        ("sheets", "1", "answers/ana.yaml", "--out", "answers/ana.yaml"),
        ("show", "1", "--html", "answers/ana.yaml"),
        ("secret", "answers/ana.yaml"),
    ],
)
def test_no_command_writes_over_an_answer(cli: Cli, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = hand_in(tmp_path / "answers", "ana")
    before = path.read_bytes()
    said = cli("exercise", *words)
    assert said.returncode == 1 and "answers/ana.yaml" in said.stderr and len(said.stderr.splitlines()) == 1
    assert path.read_bytes() == before and [entry.name for entry in tmp_path.iterdir()] == ["answers"]


def test_beginning_anew_writes_over_a_game_and_nothing_else(cli: Cli, tmp_path: Path) -> None:
    path = hand_in(tmp_path / "answers", "ana")
    before = path.read_bytes()
    words = ("play", "toy/two-issues", "--as", "joe", "--plain", "--fresh", "--save")
    said = cli(*words, str(path))
    assert said.returncode == 1 and "is not a saved game and is not overwritten" in said.stderr
    assert path.read_bytes() == before
    assert [cli(*words, "g.json").returncode for _ in range(2)] == [0, 0]


def test_two_files_of_one_student_that_differ_give_no_score_and_no_receipt(cli: Cli, tmp_path: Path) -> None:
    hand_in(tmp_path / "answers", "ana", 6)
    hand_in(tmp_path / "answers", "Ana", 6, "a-classmate.yaml", russia=1)
    hand_in(tmp_path / "answers", "zoe", 6)
    rows = graded(tmp_path)
    assert rows["Ana"].score is None and "a-classmate.yaml, ana.yaml" in rows["Ana"].messages[0]
    assert rows["zoe"].score == 100 and not receipts_of(tmp_path, "ana", 6).exists()
    said = cli("exercise", "grade", "answers").stdout
    assert said == "2 answers, marks in grades.csv; 1 without a score, for answers of one student differ\n"
    assert "Ana,6,,0," in (tmp_path / "grades.csv").read_text("utf-8")
    (tmp_path / "answers" / "a-classmate.yaml").unlink()
    assert graded(tmp_path)["ana"].score == 100, "nothing was locked meanwhile"


def test_every_id_has_a_file_name_of_its_own() -> None:
    ids = ["josé", "jos", "ana b", "ana-b", "../ana b", "con", "lpt1", "é", "ö"]
    ids += [file_name(student) for student in ids if file_name(student) != student]
    names = [file_name(student) for student in ids]
    assert len(set(names)) == len(ids)
    assert not {"con", "lpt1"} & set(names), "Windows keeps these for devices"
    assert file_name("ana-b") == "ana-b" and all(name.isascii() for name in names)


def test_an_id_made_to_look_like_another_s_file_moves_no_mark(tmp_path: Path) -> None:
    hand_in(tmp_path / "answers", "josé", red_line=WRONG)
    hand_in(tmp_path / "answers", file_name("josé"))
    first = graded(tmp_path)
    second = graded(tmp_path)
    assert first == second and len(list((tmp_path / "receipts").iterdir())) == 2


def test_receipts_are_bound_to_their_student_their_exercise_and_their_file(cli: Cli, tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_bytes(SECRET)
    hand_in(tmp_path / "answers", "bob", 6)
    hand_in(tmp_path / "answers", "ana", 6, russia=1, both=1)
    first = graded(tmp_path)
    assert first["ana"].score is not None and first["ana"].score < 100 == first["bob"].score
    bob, ana = receipts_of(tmp_path, "bob", 6), receipts_of(tmp_path, "ana", 6)
    shutil.copy(bob, ana)
    rows = graded(tmp_path)
    assert rows["ana"].score == first["ana"].score
    assert rows["ana"].messages[-1] == (
        "receipts of ana: holds a receipt of bob for exercise 6, not of ana for exercise 6"
    )
    assert ana.read_bytes() == bob.read_bytes(), "evidence stays as it was found"
    said = cli("exercise", "verify", "receipts", "--secret", "key")
    assert said.returncode == 1 and said.stdout == "bob for exercise 6: 100 of 100; 1 receipt, as signed\n"
    assert (
        ana.name in said.stderr
        and f"holds receipts of bob for exercise 6, whose file ends in {bob.name}" in said.stderr
    )
    other = bob.with_name(receipts_of(tmp_path, "bob", 1).name)
    bob.rename(other)
    assert check_receipts(other, SECRET)[0].chain.faults, "another exercise of the same student"


def test_a_line_that_says_more_than_was_signed_is_a_fault(tmp_path: Path) -> None:
    hand_in(tmp_path / "answers", "ana", red_line=WRONG)
    graded(tmp_path)
    path = receipts_of(tmp_path, "ana")
    score = '"score": '
    for _ in altered(path, (score, '"score": 100, "score": '), (score, '"score":  '), ("ana", "an\\u0061")):
        assert read_chain(path, SECRET).faults == ("line 1 is not as it was signed",)


def test_verifying_says_whose_receipts_they_are_and_what_was_scored(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(SECRET)
    hand_in(tmp_path / "answers", "zoe")
    hand_in(tmp_path / "answers", "ana", red_line=WRONG)
    graded(tmp_path)
    hand_in(tmp_path / "answers", "ana")
    graded(tmp_path)
    said = cli("exercise", "verify", "receipts", "--secret", "key")
    assert said.stdout.splitlines() == [
        "ana for exercise 1: 60, 100 of 100; 2 receipts, as signed",
        "zoe for exercise 1: 100 of 100; 1 receipt, as signed",
    ]
    listed = json.loads(cli("exercise", "verify", "receipts", "--secret", "key", "--json").stdout)
    assert [(entry["student"], entry["scores"], entry["intact"]) for entry in listed] == [
        ("ana", [60, 100], True),
        ("zoe", [100], True),
    ]
    receipts_of(tmp_path, "ana").write_text("", encoding="utf-8")
    assert "holds no receipts" in cli("exercise", "verify", "receipts", "--secret", "key").stderr
    for place, why in (
        ("answers", "holds no receipts; their names end in"),
        ("none", "there is no file or folder none"),
    ):
        bad = cli("exercise", "verify", place, "--secret", "key")
        assert bad.returncode == 1 and why in bad.stderr and len(bad.stderr.splitlines()) == 1


def test_a_receipt_of_an_exercise_that_is_not_known_here_is_bound_to_its_student_all_the_same(tmp_path: Path) -> None:
    receipt = {"exercise": 21, "names": "real", "student": "ana", "score": 5, "before": ""}
    for name, faults in (("21-ours-ana.receipts.jsonl", 0), ("21-ours-bob.receipts.jsonl", 1)):
        path = tmp_path / name
        path.write_text(json.dumps(sign(receipt, SECRET)) + "\n", encoding="utf-8")
        assert len(check_receipts(path, SECRET)[0].chain.faults) == faults


def test_a_secret_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object, **named: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="no space left on device"):
            new_secret(tmp_path / "key")
    assert list(tmp_path.iterdir()) == []
    new_secret(tmp_path / "key")
    with pytest.raises(OutputError, match="never overwritten"):
        new_secret(tmp_path / "key")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "hardlink_to", full)
        new_secret(tmp_path / "second")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "second"]
    if os.name == "posix":
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_half_a_start_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.classroom import papers

    real = papers.write_whole

    def full(path: Path, text: str) -> None:
        if path.name.endswith(".answer.yaml"):
            raise OutputError("cannot write: no space left on device")
        real(path, text)

    monkeypatch.setattr(papers, "write_whole", full)
    with pytest.raises(OutputError, match="no space left"):
        start(1, "ana", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a process that ended cannot be told there")
def test_what_a_killed_game_left_unfinished_is_cleared_by_the_next(cli: Cli, tmp_path: Path) -> None:
    dead = draft_name(Path("g.json")).replace(f"-{os.getpid()}-", "-999999999-")
    (tmp_path / f"{dead}abc").write_text("{", encoding="utf-8")
    mine = f"{draft_name(Path('g.json'))}abc"
    (tmp_path / mine).write_text("{", encoding="utf-8")
    other = draft_name(Path("h.json")).replace(f"-{os.getpid()}-", "-999999999-") + "abc"
    (tmp_path / other).write_text("{", encoding="utf-8")
    assert cli("play", "toy/two-issues", "--as", "joe", "--save", "g.json", "--plain").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([mine, other, "g.json"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize(
    "words",
    [
        ("exercise", "check", "1", "pipe"),
        ("exercise", "sheets", "1", "pipe"),
        ("exercise", "grade", "answers", "--secret", "pipe"),
        ("exercise", "verify", "pipe", "--secret", "key"),
        ("play", "toy/two-issues", "--as", "joe", "--save", "pipe"),
    ],
)
def test_a_pipe_is_refused_and_never_waited_for(cli: Cli, tmp_path: Path, words: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "answers").mkdir()
    (tmp_path / "key").write_bytes(SECRET)
    said = cli(*words)
    assert said.returncode == 1 and "pipe is not an ordinary file" in said.stderr and len(said.stderr.splitlines()) == 1


def test_an_id_that_looks_like_a_number_can_hand_in_what_it_was_given(tmp_path: Path) -> None:
    for student in ("12e4", "007", "1.5", "true", "null", "-3", "1_000", "0x1f"):
        _, answer = start(1, student, tmp_path)
        assert read_answer(answer).student == student
