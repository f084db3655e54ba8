"""Files in general: read only as far as they may go, written whole or not at all, and known to be writable first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import OutputError
from sim.files import (
    DEEPEST,
    UNFINISHED,
    abandoned,
    clear_drafts,
    draft_name,
    read_bounded,
    read_json,
    write_once,
    write_whole,
)
from sim.study.record import whole_folder
from sim.sweeps.conduct import conduct
from sim.sweeps.sweep import sweep
from tests.classroom.test_grading import SECRET
from tests.conftest import SMALL, Cli

posix = pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")


@posix
@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("/dev/zero", "is not an ordinary file"),
        ("pipe", "is not an ordinary file"),
        (".", "is a folder"),
        ("big", "is larger"),
    ],
)
def test_only_so_much_of_an_ordinary_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with Path("big").open("wb") as file:
        file.truncate(2**40)  # a terabyte of nothing
    with pytest.raises(OSError, match=why):
        read_bounded(Path(place), 1_000)


READERS = [
    ("check", "{bad}"), ("run", "{bad}"), ("new", "mine.yaml", "--from", "{bad}"), ("check", "child.yaml"),
    ("zone", "toy/two-issues", "--package", "{bad}"), ("sweep", "toy/two-issues", "--table", "{bad}"),
    ("sweep", "{bad}", "--dry-run"), ("tournament", "toy/two-issues", "--tactics", "{bad}"),
    ("play", "toy/two-issues", "--as", "joe", "--save", "{bad}"), ("exercise", "check", "1", "{bad}"),
    ("exercise", "verify", "{bad}", "--secret", "key"), ("exercise", "sheets", "1", "{bad}"),
    ("report", "run"), ("sweeps", "status", "swept"), ("sweeps", "verify", "swept"),
]  # fmt: skip


@posix
@pytest.mark.parametrize("kind", ["zero", "pipe", "terabyte"])
@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_no_command_reads_without_end(cli: Cli, tmp_path: Path, words: tuple[str, ...], kind: str) -> None:
    place = {"swept": tmp_path / "swept" / "manifest.json", "run": tmp_path / "run" / "run.json"}.get(words[-1])
    if words[0] == "sweeps":
        conduct(sweep("toy/two-issues", ["protocol.deadline=2,4"], kind="grid"), tmp_path / "swept", chunk=2)
        place = next((tmp_path / "swept/runs").iterdir()) if words[1] == "verify" else place
    if words[0] == "report":
        done = cli("run", "toy/two-issues", "--quiet")
        (tmp_path / done.stdout.strip()).rename(tmp_path / "run")
    place = place or tmp_path / "bad"
    place.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "zero":
        place.symlink_to("/dev/zero")
    else:
        with place.open("wb") as file:
            file.truncate(2**40)
    (tmp_path / "key").write_bytes(SECRET)
    (tmp_path / "child.yaml").write_text("format: 1\nextends: ./bad\n", encoding="utf-8")
    done = cli(*(word.format(bad=str(place)) for word in words))
    said = done.stderr + done.stdout
    assert done.returncode == 1
    assert any(why in said for why in ("not an ordinary file", "is larger than", "holds no sweep"))
    assert len(done.stderr.splitlines()) <= 1


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a": 1, "a": 2}', "NaN", "[1, Infinity]", "9" * 5_000, "", "{"])
def test_json_that_says_something_twice_or_without_end_is_no_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(text)


@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
def test_how_deep_json_may_be_does_not_depend_on_the_version_of_python(opens: str, closes: str) -> None:
    assert read_json(opens * DEEPEST + "1" + closes * DEEPEST)
    for levels in (DEEPEST + 1, 5_000, 100_000):
        with pytest.raises(ValueError, match=f"deeper than {DEEPEST} levels"):
            read_json(opens * levels + "1" + closes * levels)


def test_what_is_copied_is_a_scenario_and_is_there_whole_or_not_at_all(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "passwd").write_text("root:x:0:0:root:/root:/bin/bash\nbin:x:1:1::/:/bin/false\n", encoding="utf-8")
    assert cli("new", "a.yaml", "--from", str(tmp_path / "passwd")).returncode == 1
    (tmp_path / "other.yaml").write_text("a: 1\n", encoding="utf-8")
    assert "is not a scenario" in cli("new", "a.yaml", "--from", str(tmp_path / "other.yaml")).stderr
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", full_disk)
        said = cli("new", "a.yaml")
    assert said.returncode == 1 and "a.yaml: no space left on device" in said.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.yaml", "passwd"]
    assert cli("new", "a.yaml").returncode == 0
    assert "exists already" in cli("new", "a.yaml").stderr


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_of_a_new_name_never_takes_anothers_place(tmp_path: Path) -> None:
    write_once(tmp_path / "one", "first", "no")
    with pytest.raises(OutputError, match=r"one exists already; no$"):
        write_once(tmp_path / "one", "second", "no")
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["first"]


@posix
def test_what_killed_commands_left_goes_with_the_next_and_what_is_under_way_stays(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    dead = Path(f"{draft_name(tmp_path / 'a')}abcdefgh".replace(f"-{os.getpid()}-", f"-{gone.pid}-"))
    mine = Path(f"{draft_name(tmp_path / 'a')}abcdefgh")
    for name in (dead, mine):
        (tmp_path / name).write_text("half", encoding="utf-8")
        assert UNFINISHED.fullmatch(name.name)
    (tmp_path / ".notes-2024-mine").mkdir()
    clear_drafts(tmp_path / "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([".notes-2024-mine", mine.name])
    left = tmp_path / f".run-12345678-{gone.pid}-abcdefgh"
    left.mkdir()
    with whole_folder(tmp_path / "another"):
        assert not left.exists()
    assert not abandoned(mine) and (tmp_path / "another").is_dir()


def test_a_file_of_a_folder_that_cannot_be_written_is_called_as_it_would_have_been(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as told, whole_folder(tmp_path / "result") as draft:
        (draft / "card.svg").mkdir()
        write_whole(draft / "card.svg", "")
    assert str(told.value) == f"cannot write {tmp_path / 'result' / 'card.svg'}: is a folder"
    assert not list(tmp_path.iterdir())


WRITERS = [
    ("run", "toy/two-issues", "--out"), ("run", "toy/two-issues", "--runs", "9", "--out"),
    ("tournament", "toy/two-issues", "--out"), ("zone", "toy/two-issues", "--pictures", "--out"),
    ("compare", "toy/two-issues", "toy/split-the-pie", "--pictures", "--out"), ("report", "toy/two-issues", "--out"),
    ("report", "toy/two-issues", "--to"), ("report", "toy/two-issues", "toy/split-the-pie", "--out"),
    ("exercise", "tournament", "class", "--out"), ("exercise", "grade", "class", "--out"),
]  # fmt: skip


@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
def test_a_place_that_cannot_be_written_is_known_before_the_work(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for work in (
        "sim.study.run.find_zone", "sim.study.many.find_zone", "sim.study.tournament.tournament",
        "sim.zone.region.find_zone", "sim.study.compare.compare_measures", "sim.classroom.class_tournament.tournament",
        "sim.classroom.grading.grade",
    ):  # fmt: skip
        monkeypatch.setattr(work, lambda *_, **__: pytest.fail("the work was begun"))
    said = cli(*words, str(tmp_path / "file" / "below"))
    assert said.returncode == 1 and "cannot write" in said.stderr and len(said.stderr.splitlines()) == 1
    assert (tmp_path / "file").read_text("utf-8") == "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
@pytest.mark.parametrize("words", [("check", "toy/two-issues"), ("zone", "toy/two-issues", "--json"), ("scenarios",)])
def test_a_full_or_closed_output_is_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    for place in ("> /dev/full", ">&-", ">&- 2>&-"):
        command = f"'{sys.executable}' -m sim {' '.join(words)} {place}"
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == (0 if "2>" in place else 1), done.stderr


def test_a_package_of_a_name_that_no_file_can_have_is_one_line(cli: Cli) -> None:
    for name in ("a" * 5_000, "a\0b"):
        said = cli("zone", "toy/two-issues", "--package", name)
        assert said.returncode == 1 and len(said.stderr.splitlines()) == 1


def test_all_that_is_wrong_with_a_file_is_said_at_once_with_line_and_nearest_word(cli: Cli, tmp_path: Path) -> None:
    wrong = SMALL.replace("title:", "titel:").replace("high: 1}", "high: 7}").replace("name: Seller", "nmae: Seller")
    (tmp_path / "shape.yaml").write_text(wrong, encoding="utf-8")
    said = cli("check", "shape.yaml").stderr.splitlines()
    assert [line.partition(": ")[2].split(":")[0] for line in said] == [f"shape.yaml line {n}" for n in (2, 8, 11)]
    assert all("did you mean" in line for line in said[:2])
    wrong = SMALL.replace("price: 80", "prise: 80").replace("here: 1,", "heer: 1,").replace("place: 40", "plaice: 40")
    (tmp_path / "names.yaml").write_text(wrong, encoding="utf-8")
    said = cli("check", "names.yaml").stderr.splitlines()
    assert len([line for line in said if "did you mean" in line]) == 3
    assert len(said) == 3


def test_no_more_than_ten_complaints_are_shown(cli: Cli, tmp_path: Path) -> None:
    odd = "".join(f"odd{n}: 1\n" for n in range(15))
    (tmp_path / "odd.yaml").write_text(SMALL + odd, encoding="utf-8")
    said = cli("check", "odd.yaml").stderr.splitlines()
    assert len(said) == 11 and said[-1] == "ceasefire: odd.yaml: and 5 more"


def test_a_whole_file_is_written_over_an_old_one_only_when_it_is_there(tmp_path: Path) -> None:
    write_whole(tmp_path / "f", "old")
    with pytest.raises(OutputError):
        write_whole(tmp_path / "f" / "g", "new")
    assert (tmp_path / "f").read_text("utf-8") == "old"
