"""Grading: whatever stands in a folder gets a row; receipts show tampering; nothing right leaves the grader."""

from __future__ import annotations

import csv
import hmac
import json
import os
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
import yaml

from sim.classroom.exercise_files import exercise, exercises
from sim.classroom.grading import grade
from sim.classroom.marks_table import marks_text
from sim.classroom.papers import start
from sim.classroom.receipts import intact, read_chain, read_secret, sign
from sim.classroom.spreadsheet import cell
from sim.classroom.student_variants import assign
from sim.errors import AnswerError, OutputError
from tests.conftest import Cli

SECRET = b"a secret that is long enough"


def hand_in(folder: Path, student: str, number: int = 1, name: str | None = None, **wrong: object) -> Path:
    """Write a student's right answer, with some fields made wrong."""
    answer = assign(exercise(number), student).solution() | wrong
    folder.mkdir(exist_ok=True)
    path = folder / (name or f"{student}.yaml")
    path.write_text(yaml.safe_dump({"exercise": number, "student": student, "answer": answer}), encoding="utf-8")
    return path


HOSTILE = {
    "empty.yaml": b"",
    "binary.yaml": bytes(range(256)),
    "huge.yaml": b"answer: " + b"x" * 5_000_000,
    "deep.yaml": b"[" * 50_000,
    "bomb.yaml": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "tag.yaml": b"!!python/object/apply:os.system ['touch /tmp/owned']",
    "list.yaml": b"- 1\n- 2\n",
    "no-answer.yaml": b"exercise: 1\nstudent: eve\n",
    "unknown.yaml": b"exercise: 77\nstudent: eve\nanswer: {a: 1}\n",
    "bool.yaml": b"exercise: true\nstudent: eve\nanswer: {}\n",
    "types.yaml": b"exercise: 1\nstudent: mallory\nanswer: {red_line: [1, {a: b}], packages: {guarantees: 3}}\n",
    "infinite.yaml": b"exercise: 2\nstudent: trent\nanswer: {least_cost: 1e999, gains: null}\n",
    "formula.yaml": b'exercise: 1\nstudent: "=HYPERLINK(1)"\nanswer: {red_line: "=1+1", packages: []}\n',
    "many.yaml": b"exercise: 1\nstudent: oscar\nanswer: {packages: [" + b"a," * 20_000 + b"a]}\n",
    "essay.docx": b"PK\x03\x04 not yaml",
    "extra.yaml": b"exercise: 1\nstudent: peggy\nscore: 100\nanswer: {}\n",
}


def test_broken_and_hostile_files_get_zero_with_a_message_and_the_rest_is_graded(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    hand_in(folder, "ana")
    for name, raw in HOSTILE.items():
        (folder / name).write_bytes(raw)
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.yaml")
    (folder / "link.yaml").symlink_to("/etc/hostname")
    (folder / "sub").mkdir()
    hand_in(folder / "sub", "zoe")
    rows = {row.student: row for row in grade(folder)}
    assert rows.pop("ana").score == 100 and rows.pop("zoe").score == 100
    assert len(rows) >= len(HOSTILE) - 2  # eve hands in three
    for row in rows.values():
        assert row.score == 0 and row.messages and all(row.messages), row
    assert not Path("/tmp/owned").exists()


def test_the_table_of_marks_is_one_line_a_file_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    hand_in(folder, "ana")
    (folder / "formula.yaml").write_bytes(HOSTILE["formula.yaml"])
    (folder / "=cmd.yaml").write_bytes(b"")
    (folder / "a\nb.yaml").write_bytes(b"")
    text = marks_text(grade(folder), "long")
    table = list(csv.DictReader(StringIO(text)))
    assert len(text.splitlines()) == 5 and {row["id"] for row in table} >= {"ana", "'=HYPERLINK(1)", "'=cmd.yaml"}
    for row in table:
        assert not any(value.startswith(("=", "+", "-", "@", "\t")) for value in row.values())
    assert [cell(text) for text in ("@x", "\tx", "-1", ";=1", "ok")] == ["'@x", "' x", "'-1", ";'=1", "ok"]
    assert cell("5 more; -2 for us; - no") == "5 more; -2 for us; - no", "what people write stays as it is"
    assert cell("x" * 30_000) == "x" * 30_000 and cell("x" * 30_001).endswith("x … (cut)"), "nothing is cut unsaid"


def test_no_file_that_grading_writes_holds_a_right_answer(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    for number in [entry.number for entry in exercises()]:
        blank = dict.fromkeys(assign(exercise(number), "ana").solution(), "zzz")
        hand_in(folder, "ana", number, f"{number}.yaml", **blank)
    rows = grade(folder, SECRET, tmp_path / "receipts")
    written = marks_text(rows, "long") + "".join(path.read_text("utf-8") for path in (tmp_path / "receipts").iterdir())
    cost = assign(exercise(2), "ana").solution()["least_cost"]
    assert f"{cost:g}" not in written.replace("0.0", "") and "least_cost" in written
    assert '"answer": "' in written and "packages" in written


def test_attempts_are_answers_that_differ_and_a_receipt_is_issued_for_each(tmp_path: Path) -> None:
    folder, receipts = tmp_path / "answers", tmp_path / "receipts"
    hand_in(folder, "ana", red_line="ukraine-no-low-cap")
    assert [row.attempts for row in grade(folder, SECRET, receipts)] == [1]
    assert [row.attempts for row in grade(folder, SECRET, receipts)] == [1]
    hand_in(folder, "ana")
    (row,) = grade(folder, SECRET, receipts)
    assert (row.attempts, row.score) == (2, 100)
    (path,) = receipts.iterdir()
    chain = read_chain(path, SECRET)
    assert not chain.faults and [receipt["attempt"] for receipt in chain.receipts] == [1, 2]


def test_checking_a_prediction_tells_what_cannot_be_read_and_nothing_of_what_is_right(
    quick: Cli, tmp_path: Path
) -> None:
    right = assign(exercise(6), "ana").solution()
    for guess in (right["both"], 25.0):
        sheet = hand_in(tmp_path, "ana", 6, "sheet.yaml", both=guess, ukraine="soon")
        said = quick("exercise", "check", "6", str(sheet)).stdout.splitlines()
        assert said[0].startswith("ukraine: ") and said[1].startswith("It is marked when it is graded"), said
        assert len(said) == 2


def test_an_id_stays_in_the_table_as_it_was_typed_and_is_one_student_however_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    hand_in(folder, "A-17 ", name="1.yaml")
    hand_in(folder, "a-17", name="2.yaml")
    (row,) = grade(folder)
    assert (row.student, row.score) == ("A-17", 100)
    assert row.messages[-1] == "the same answer lies there as 1.yaml, 2.yaml"


def test_a_prediction_is_locked_once_it_has_been_graded(tmp_path: Path) -> None:
    folder, receipts = tmp_path / "answers", tmp_path / "receipts"
    hand_in(folder, "ana", 6, russia=24, both=24)
    (first,) = grade(folder, SECRET, receipts)
    hand_in(folder, "ana", 6)
    (second,) = grade(folder, SECRET, receipts)
    assert first.score < 60 and second.score == first.score and second.attempts == 2
    assert "the first answer counts" in second.messages[-1]
    (again,) = grade(folder, SECRET, receipts)
    assert (again.score, again.attempts) == (first.score, 2), "the lock holds against the first answer, not the last"
    (path,) = receipts.iterdir()
    assert [receipt["score"] for receipt in read_chain(path, SECRET).receipts] == [first.score] * 2


@pytest.mark.parametrize("change", ["score", "student", "cut", "swap", "foreign", "garbage"])
def test_tampering_with_receipts_shows(tmp_path: Path, change: str) -> None:
    folder, receipts = tmp_path / "answers", tmp_path / "receipts"
    for line in ("ukraine-no-low-cap", "russia-force-limits", "ukraine-guarantees"):
        hand_in(folder, "ana", red_line=line)
        grade(folder, SECRET, receipts)
    (path,) = receipts.iterdir()
    lines = path.read_text("utf-8").splitlines()
    last = json.loads(lines[-1])
    altered = {
        "score": [*lines[:-1], json.dumps(last | {"score": 100})],
        "student": [*lines[:-1], json.dumps(last | {"student": "bea"})],
        "cut": lines[1:],
        "swap": lines[::-1],
        "foreign": [*lines, json.dumps(sign({"score": 100, "before": last["mac"]}, b"another secret, long"))],
        "garbage": [*lines, "{" * 5000],
    }[change]
    path.write_text("\n".join(altered) + "\n", encoding="utf-8")
    assert read_chain(path, SECRET).faults
    hand_in(folder, "ana")
    (row,) = grade(folder, SECRET, receipts)
    assert row.score == 100 and any("receipts of ana" in message for message in row.messages)
    assert path.read_text("utf-8").splitlines() == altered, "evidence stays as it was found"


def test_a_receipt_is_intact_only_under_its_own_secret() -> None:
    receipt = sign({"score": 40}, SECRET)
    assert intact(receipt, SECRET)
    assert not intact(receipt, b"another secret, long") and not intact({"score": 40}, SECRET) and not intact(3, SECRET)
    assert not intact(receipt | {"mac": "é"}, SECRET)


def test_a_receipt_is_signed_as_it_always_was_so_that_old_ones_stay_good() -> None:
    """HMAC-SHA256 of the JSON text with sorted keys, no spaces and no letter beyond ASCII, worked out by hand."""
    signed = sign({"score": 7, "answer": "ü"}, b"sixteen letters!")
    assert signed["mac"] == hmac.new(b"sixteen letters!", rb'{"answer":"\u00fc","score":7}', sha256).hexdigest()


def test_a_short_or_missing_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="cannot read"):
        read_secret(tmp_path / "none")
    (tmp_path / "short").write_text("x\n", encoding="utf-8")
    with pytest.raises(AnswerError, match="shorter"):
        read_secret(tmp_path / "short")


def test_starting_twice_never_overwrites_an_answer(tmp_path: Path) -> None:
    scenario, answer = start(1, "Ana B./..", tmp_path)
    assert answer.parent == tmp_path and scenario.name.startswith("01-find-the-zone-ana-b-")
    with pytest.raises(OutputError, match="never overwritten"):
        start(1, "Ana B./..", tmp_path)


def test_grading_the_folder_one_works_in_leaves_its_own_files_aside(cli: Cli, tmp_path: Path) -> None:
    hand_in(tmp_path, "ana")
    (tmp_path / "class.txt").write_text("ana\n", encoding="utf-8")
    assert cli("exercise", "secret", "key").returncode == 0
    assert cli("exercise", "sheets", "3", "class.txt").returncode == 0
    for _ in range(2):
        graded = cli("exercise", "grade", ".", "--secret", "key", "--roster", "class.txt")
        assert graded.stdout.startswith("1 answer, marks")
    assert len((tmp_path / "grades.csv").read_text("utf-8").splitlines()) == 2


def test_a_class_list_becomes_one_page_with_everybody_s_case(cli: Cli, tmp_path: Path) -> None:
    listed = tmp_path / "class.txt"
    listed.write_text("\ufeffAna # first row\n\nbea\n", encoding="utf-8")
    assert "2 students" in cli("exercise", "sheets", "3", "class.txt").stdout
    html = (tmp_path / "sheets-3.html").read_text("utf-8")
    assert html.count("Your case") == 2 and "Your case (ana)" in html and html.count("<hr>") == 3
    assert "03-logroll-bea.answer.yaml" in html and "YOUR-ID" not in html
    for text, said in [("", "is empty"), ("ana\nANA\n", "line 2"), ("a" * 99, "line 1"), ("x\n" * 501, "already")]:
        listed.write_text(text, encoding="utf-8")
        bad = cli("exercise", "sheets", "3", "class.txt")
        assert bad.returncode == 1 and said in bad.stderr
    listed.write_text("Vorname;Matrikel\nAna;7\nBea;\n", encoding="utf-8")
    assert "name it with --id" in cli("exercise", "sheets", "3", "class.txt").stderr
    said = cli("exercise", "sheets", "3", "class.txt", "--id", "Matrikel").stdout
    assert "1 student; 1 row without an id" in said and "Your case (7)" in (tmp_path / "sheets-3.html").read_text(
        "utf-8"
    )
    listed.write_bytes(b"\xff\xff")
    assert "is not UTF-8" in cli("exercise", "sheets", "3", "class.txt").stderr
    assert "cannot read" in cli("exercise", "sheets", "3", "none.txt").stderr


def test_a_lesson_on_the_command_line(cli: Cli, tmp_path: Path) -> None:
    assert "classroom/03-logroll" in cli("exercise", "list").stdout
    assert cli("exercise", "start", "3", "--student", "ana", "--fictional").returncode == 0
    sheet = tmp_path / "03-logroll-ana.answer.yaml"
    said = cli("exercise", "check", "3", str(sheet))
    assert said.returncode == 0 and "Score: 40 of 100" in said.stdout
    assert "answers exercise 3, not 2" in cli("exercise", "check", "2", str(sheet)).stderr
    assert cli("exercise", "secret", "key").returncode == 0
    assert "never overwritten" in cli("exercise", "secret", "key").stderr
    (tmp_path / "answers").mkdir()
    sheet.rename(tmp_path / "answers" / sheet.name)
    assert "1 answer, marks in grades.csv" in cli("exercise", "grade", "answers", "--secret", "key").stdout
    assert (tmp_path / "grades.csv").read_text("utf-8").startswith("id,exercise,score,attempts,messages\nana,3,40,1,")
    (receipt,) = (tmp_path / "receipts").iterdir()
    assert (
        "ana for exercise 3 (fictional names): 40 of 100; 1 receipt, as signed"
        in cli("exercise", "verify", str(receipt), "--secret", "key").stdout
    )
    receipt.write_text(receipt.read_text("utf-8").replace('"score": 40', '"score": 99'), encoding="utf-8")
    bad = cli("exercise", "verify", str(receipt), "--secret", "key")
    assert bad.returncode == 1 and "line 1 is not as it was signed" in bad.stderr
    assert cli("exercise", "show", "3", "--student", "ana", "--html", "ana.html").returncode == 0
    assert "Your case" in (tmp_path / "ana.html").read_text("utf-8")
    assert "Debrief" in cli("exercise", "show", "3", "--guide").stdout
    missing = cli("exercise", "show", "44")
    assert missing.returncode == 1 and "there is no exercise 44" in missing.stderr
