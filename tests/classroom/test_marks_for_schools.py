"""Marks beside a class list, as Canvas and Moodle import them, from files and a form; hostile lists are refused."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from sim.classroom.exercise_files import exercise
from sim.classroom.grading import grade
from sim.classroom.marks_table import Row, by_roster, is_table, marks_tables, marks_text
from sim.classroom.responses import read_responses
from sim.classroom.roster import LARGEST_CLASS, read_roster
from sim.classroom.student_variants import assign
from sim.errors import AnswerError
from tests.classroom.test_grading import HOSTILE, hand_in
from tests.conftest import Cli

GRADEBOOK = """Student,ID,SIS User ID,SIS Login ID,Section,Essay (881),Current Score
    Points Possible,,,,,20,(read only)
"Álvarez, Ana",101,ana,ana@x.org,A,12,60
"Bo, Li",102,bo,bo@x.org,A,,
"سعاد, نور",103,c-7,nur@x.org,B,,
"Student, Test",999,,,A,,
"""


def class_list(folder: Path, text: str, coding: str = "utf-8") -> Path:
    path = folder / "class.csv"
    path.write_bytes(text.encode(coding))
    return path


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff"), "a spreadsheet takes it for UTF-8"
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_marks_go_back_to_canvas_under_its_own_ids_and_whoever_is_missing_keeps_what_is_there(
    cli: Cli, tmp_path: Path
) -> None:
    hand_in(tmp_path / "answers", "ANA", 3)
    hand_in(tmp_path / "answers", "c-7", 3)
    hand_in(tmp_path / "answers", "anna", 3)
    (tmp_path / "answers" / "empty.yaml").write_bytes(HOSTILE["empty.yaml"])
    class_list(tmp_path, GRADEBOOK)
    said = cli("exercise", "grade", "answers", "--roster", "class.csv", "--format", "canvas", "--out", "marks.csv")
    assert said.returncode == 0, said.stderr
    assert "Nothing for exercise 3 from bo." in said.stdout
    assert 'anna: is not on the class list (did you mean "ana"?)' in said.stdout
    assert "4 answers, marks in marks.csv; 1 could not be read" in said.stdout
    full, *rows = table((tmp_path / "marks.csv").read_text("utf-8"))
    assert list(full)[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    (column,) = list(full)[5:]
    assert column.startswith("Exercise 3: ") and full[column] == "100" and "Points Possible" in full["Student"]
    assert [(row["ID"], row[column]) for row in rows] == [("101", "100"), ("103", "100")]
    assert rows[1]["Student"] == "سعاد, نور"
    again = cli("exercise", "grade", "answers", "--roster", "class.csv", "--format", "canvas", "--out", "class.csv")
    assert again.returncode == 1 and "read from" in again.stderr, "the list is never written over"
    assert cli("exercise", "grade", "answers", "--roster", "class.csv", "--out", "marks.csv").returncode == 0


def test_a_name_beside_an_id_is_known_and_short_rows_are_filled_up(tmp_path: Path) -> None:
    listed = read_roster(class_list(tmp_path, "ID,Full name,Section\n17,Ana Gómez,A\n18\n"))
    assert [(pupil.shown, pupil.name) for pupil in listed.pupils] == [("17", "Ana Gómez"), ("18", "")]
    assert listed.pupils[1].row == {"ID": "18", "Full name": "", "Section": ""}
    assert listed.nearest("ana gomes") == "17" and listed.nearest("zoltan") is None
    (alone,) = read_roster(class_list(tmp_path, "Student,Section\nana,A\n")).pupils
    assert (alone.shown, alone.name) == ("ana", ""), "an id is not taken for a name"


def test_of_many_who_are_missing_or_unknown_thirty_are_named_and_the_others_counted(tmp_path: Path) -> None:
    roster = read_roster(class_list(tmp_path, "id\n" + "".join(f"s{n}\n" for n in range(33))))
    rows = [Row("s0", 1, 100, 1, ("right",)), *[Row(f"{n} nobody", 1, 0, 1, ("wrong",)) for n in range(31)]]
    said = by_roster(rows, roster).sentences(roster)
    assert said[1] == f"Nothing for exercise 1 from {', '.join(f's{n}' for n in range(1, 31))} and 2 more."
    assert said[2:-1] == [f"{n} nobody: is not on the class list" for n in range(30)]
    assert said[-1] == "and 1 more id that the list has not"


def test_marks_go_to_moodle_with_what_is_said_of_them_and_no_row_that_would_delete_one(tmp_path: Path) -> None:
    hand_in(tmp_path / "answers", "17")
    hand_in(tmp_path / "answers", "18", red_line="?")
    listed = class_list(
        tmp_path,
        "First name;Surname;ID number;Email address\nZoë;Ä;17;Zoe@x.org\nB;=1+1;18;b@x.org\nC;D;19;c@x.org\n",
        "utf-16",
    )
    roster = read_roster(listed)
    rows = grade(tmp_path / "answers")
    first, second = table(marks_text(rows, "moodle", roster))
    assert next(iter(first)) == "ID number" and [first["ID number"], second["ID number"]] == ["17", "18"]
    mark, feedback = list(first)[1:]
    assert (
        feedback == f"{mark} feedback" and first[mark] == "100" and "red_line: there is no red line" in second[feedback]
    )
    assert [pupil.name for pupil, _ in by_roster(rows, roster).missing] == ["C D"]
    assert len(table(marks_text(rows, "moodle"))) == 2, "without a list it goes by id number"


def test_no_cell_for_canvas_is_empty_for_each_exercise_has_a_file(tmp_path: Path) -> None:
    for student, number in (("ANA", 1), ("ANA", 3), ("c-7", 3)):
        hand_in(tmp_path / "answers", student, number, f"{student}-{number}.yaml")
    roster = read_roster(class_list(tmp_path, GRADEBOOK))
    tables = marks_tables(grade(tmp_path / "answers"), "canvas", roster)
    assert list(tables) == ["-exercise-1", "-exercise-3"]
    shown = [table(text) for text in tables.values()]
    assert [[row["ID"] for row in rows[1:]] for rows in shown] == [["101"], ["101", "103"]]
    assert all(list(row.values())[-1] == "100" for rows in shown for row in rows)


def test_no_cell_for_moodle_is_empty_for_each_exercise_has_a_file(cli: Cli, tmp_path: Path) -> None:
    for student, number in (("17", 1), ("17", 3), ("18", 3)):
        hand_in(tmp_path / "answers", student, number, f"{student}-{number}.yaml")
    for _ in range(2):  # over its own tables too
        said = cli("exercise", "grade", "answers", "--format", "moodle", "--out", "answers/m.csv")
        assert said.stdout == "3 answers, marks in answers/m-exercise-1.csv, answers/m-exercise-3.csv\n", said.stderr
    assert not (tmp_path / "answers" / "m.csv").exists()
    tables = [table((tmp_path / "answers" / f"m-exercise-{n}.csv").read_text("utf-8")) for n in (1, 3)]
    assert [[row["ID number"] for row in rows] for rows in tables] == [["17"], ["17", "18"]]
    assert all(list(row.values())[1] == "100" for rows in tables for row in rows)
    both = marks_text(grade(tmp_path / "answers"), "moodle")
    assert [row["ID number"] for row in table(both)] == ["17"], "in one table only who has both"
    (tmp_path / "m-exercise-3.csv").write_text("mine")
    said = cli("exercise", "grade", "answers", "--format", "moodle", "--out", "m.csv")
    assert said.returncode == 1 and "not overwritten" in said.stderr and not (tmp_path / "m-exercise-1.csv").exists()


def test_a_long_table_beside_a_list_names_the_missing_and_strangers_move_no_mark(cli: Cli, tmp_path: Path) -> None:
    for student in ("ana", "bo"):
        hand_in(tmp_path / "answers", student)
    alone = {row.student: row for row in grade(tmp_path / "answers")}
    hand_in(tmp_path / "answers", "ana ")  # the same answer once more
    hand_in(tmp_path / "answers", "mallory")
    class_list(tmp_path, "Ana\nbo\nzoe\n")
    said = cli("exercise", "grade", "answers", "--roster", "class.csv", "--json")
    found = json.loads(said.stdout)
    assert set(found["rows"][0]) == {"student", "exercise", "score", "attempts", "messages"}
    assert found["not_on_the_list"] == ["mallory"] and [one["student"] for one in found["missing"]] == ["zoe"]
    marks = {row["student"]: row["score"] for row in found["rows"]}
    assert marks["ana"] == alone["ana"].score and marks["bo"] == alone["bo"].score
    text = (tmp_path / "grades.csv").read_bytes().decode("utf-8")
    assert text.startswith("id,exercise,") and "\r" not in text, "a script reads it by column"
    rows = list(csv.DictReader(StringIO(text)))
    assert rows[-1] == {
        "id": "zoe", "exercise": "1", "score": "", "attempts": "0", "messages": "nothing handed in",
    }  # fmt: skip


FORM = [
    ["Timestamp", "Student ID", "Red_Line: which one?", "packages"],
    ["2026-01-01", "Ana", "{line}", "{packages}"],
    ["2026-01-01", "bo", "", "nonsense"],
    ["2026-01-02", "", "x", "y"],
    ["2026-01-02", "=cmd()", "=1+1", "=2"],
    ["2026-01-03", "cy", "{line}", "{packages}"],
    ["2026-01-03", "cy", "something else", "{packages}"],
]


def form(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_the_responses_of_a_form_are_marked_row_by_row_like_files(cli: Cli, tmp_path: Path) -> None:
    def filled(student: str) -> dict[str, str]:
        right = assign(exercise(1), student).solution()
        packages = "\n".join(", ".join(f"{k} = {v}" for k, v in one.items()) for one in right["packages"])
        return {"line": right["red_line"].replace("-", " ").upper(), "packages": packages}

    rows = [[cell.format(**filled(row[1] or "x")) for cell in row] for row in FORM]
    form(tmp_path / "answers.csv", rows)
    said = cli("exercise", "grade", "answers.csv", "--exercise", "1", "--secret", "none")
    assert said.returncode == 1 and "none" in said.stderr
    assert cli("exercise", "secret", "key").returncode == 0
    for words in ((), ("--secret", "key")):
        said = cli("exercise", "grade", "answers.csv", "--exercise", "1", "--json", *words)
        assert said.returncode == 0, said.stderr
        found = {row["student"]: row for row in json.loads(said.stdout)}
        assert [found[name]["score"] for name in ("Ana", "bo", "=cmd()", "cy")] == [100, 0, 0, None]
        said_of_both = " ".join(found["cy"]["messages"])
        assert re.match(r"answers.csv line \d+, answers.csv line \d+ are all of this student and differ", said_of_both)
        assert "1 to 64 letters" in " ".join(
            m for name, row in found.items() if name.startswith("answers.csv line") for m in row["messages"]
        )
    assert "'=cmd()" in (tmp_path / "grades.csv").read_text("utf-8")
    none = cli("exercise", "grade", "answers.csv")
    assert none.returncode == 1 and "--exercise" in none.stderr
    other = cli("exercise", "grade", "answers.csv", "--exercise", "4")
    assert other.returncode == 1 and "no column for any question of exercise 4: quorum, helps" in other.stderr


def test_a_column_of_students_names_is_not_taken_for_the_kind_of_names(tmp_path: Path) -> None:
    right = {kind: assign(exercise(2, kind), "ana").solution() for kind in (False, True)}
    fields = list(right[False])
    for said, kind in (("Ana Álvarez", False), ("Fictional", True), ("real", False), ("", False)):
        cells = [str(right[kind][field]) for field in fields]
        path = form(tmp_path / "f.csv", [["id", "Names", *fields], ["ana", said, *cells]])
        (handed,) = read_responses(path, 2)
        assert handed.row.score == 100 and handed.row.fictional is kind, (said, handed.row)


def test_a_form_may_ask_for_parts_of_an_answer_in_columns_and_say_the_exercise_itself(cli: Cli, tmp_path: Path) -> None:
    package: dict[str, Any] = assign(exercise(3), "ana").solution()["package"]
    scenario = exercise(3).loaded.scenario
    named = {scenario.issues[issue].name or issue: scenario.issues[issue].options[o] for issue, o in package.items()}
    quorum = f"{assign(exercise(4), 'ana').solution()['quorum']}".replace(".", ",")
    helps = assign(exercise(4), "ana").solution()["helps"].upper()
    head = ["email", "exercise", *(f"Package [{issue}]" for issue in named), "quorum", "helps (yes or no)"]
    form(
        tmp_path / "f.csv",
        [head, ["ana", "3", *map(str, named.values()), "", ""], ["ana", "4", *[""] * len(named), quorum, helps]],
    )
    said = cli("exercise", "grade", "f.csv", "--json")
    assert [row["score"] for row in json.loads(said.stdout)] == [100, 100], said.stdout


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("Naïve\nana\n".encode("cp1252"), "is not UTF-8 text"),
        (b"id\nana\nbo\nAna\n", 'line 4: "Ana" stands in line 2 already'),
        (b"Surname,First name\nB,Ana\n", "of ids that is known (it has: Surname, First name); name it with --id"),
        (b"id,name\nana,Ana,\xe2\x80\xae,x\n", "line 2: has 4 cells under 2 columns"),
        (b"id\n" + b"\n".join(b"s%d" % n for n in range(LARGEST_CLASS + 1)), " 1 to 500 students, not 501\n"),
        (b"id\n" + b"x\n" * 3_000_000, "larger than"),
        (b"id,\n" + b"\n".join(b"s%d" % n for n in range(3_000)), "class.csv has more than 2,000 rows\n"),
        (b"a," * 900 + b"id\n", "class.csv has more than 500 columns\n"),
        (b'id,name\n"' + b"x" * 200_000 + b'"\n', "not a row of a table"),
        (b"id\n" + b"x" * 70 + b"\n", "line 2: student should be an id of 1 to 64 letters"),
        (b"i\0d\0\n\0", "is not a table"),
        (b"PK\x03\x04\x00\x00\xff", "is not UTF-8"),
        (b"id,name\n,Ana\n,Bo\n", "class.csv should hold 1 to 500 students, not 0\n"),
        (b"\n\n", "class.csv is empty\n"),
        (b"", "class.csv is empty\n"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_refused_in_one_line_before_the_work(
    quick: Cli, tmp_path: Path, raw: bytes, said: str
) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "class.csv").write_bytes(raw)
    found = quick("exercise", "grade", "answers", "--roster", "class.csv")
    assert found.returncode == 1 and said in found.stderr and found.stderr.count("\n") == 1, found.stderr
    assert not (tmp_path / "grades.csv").exists()


def test_names_of_any_script_and_formulas_in_a_list_come_through_as_text(tmp_path: Path) -> None:
    listed = class_list(
        tmp_path,
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        '王小明,1,王小明,w,A\n"محمد, علي",2,محمد,m,A\n=HYPERLINK("http://x"),3,zoe,"@SUM(1)",-A\n',
    )
    for student in ("王小明", "محمد", "zoe"):
        hand_in(tmp_path / "answers", student)
    rows = grade(tmp_path / "answers")
    marks = table(marks_text(rows, "canvas", read_roster(listed)))
    assert [row["Student"] for row in marks[1:]] == ["王小明", "محمد, علي", '\'=HYPERLINK("http://x")']
    assert [list(row.values())[-1] for row in marks[1:]] == ["100"] * 3
    assert not any(str(value).startswith(("=", "@", "-")) for row in marks for value in row.values())


def test_the_column_of_ids_is_told_by_its_heading_or_named(tmp_path: Path) -> None:
    text = "Login,Matrikel,Name\nana,7,Ana\n"
    assert read_roster(class_list(tmp_path, text)).pupils[0].id == "ana"
    assert read_roster(class_list(tmp_path, text), "matrikel").pupils[0].id == "7"
    with pytest.raises(AnswerError, match=r'no column "Matrikl" .did you mean "Matrikel"'):
        read_roster(class_list(tmp_path, text), "Matrikl")


@pytest.mark.parametrize("text", [GRADEBOOK, "id,exercise\n", "Student,ID\nx,1\n", "id\n", "Exercise 1: x,y\n"])
def test_no_other_table_is_taken_for_marks_and_written_over(quick: Cli, tmp_path: Path, text: str) -> None:
    path = class_list(tmp_path, text)
    (tmp_path / "answers").mkdir()
    assert not is_table(path)
    assert quick("exercise", "grade", "answers", "--out", "class.csv").returncode == 1
    assert path.read_text("utf-8") == text


def test_a_format_that_there_is_not_and_canvas_without_a_list_are_refused(quick: Cli, tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    assert 'did you mean "moodle"' in quick("exercise", "grade", "answers", "--format", "moodl").stderr
    assert "--roster" in quick("exercise", "grade", "answers", "--format", "canvas").stderr


@pytest.mark.slow
def test_five_hundred_answers_are_marked_beside_a_list(cli: Cli, tmp_path: Path) -> None:
    for n in range(LARGEST_CLASS):
        hand_in(tmp_path / "answers", f"s{n}", 1 + n % 4)
    class_list(tmp_path, "id\n" + "\n".join(f"s{n}" for n in range(LARGEST_CLASS)))
    cli("exercise", "secret", "key")
    said = cli("exercise", "grade", "answers", "--roster", "class.csv", "--secret", "key", "--json")
    assert [row["score"] for row in json.loads(said.stdout)["rows"]] == [100] * LARGEST_CLASS
