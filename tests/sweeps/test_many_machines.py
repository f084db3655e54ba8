"""Many processes fill one sweep's folder: nothing is lost, nothing is there twice, and the bytes are those of one."""

from __future__ import annotations

import errno
import json
import os
import random
import runpy
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from sim.errors import SweepError
from sim.sweeps import locking, store
from sim.sweeps.conduct import Task, begin, conduct, extend, status, worked
from sim.sweeps.execute import Serial
from sim.sweeps.shards import Shard, own_order, shard_of
from sim.sweeps.store import extended, gone_on_with, larger, open_folder
from sim.sweeps.working import work_on
from tests.conftest import ROOT, Cli
from tests.sweep_child import CHUNK, RUNS, files, small
from tests.waiting import NET, wait_until

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def prepared(tmp_path: Path) -> Path:
    """The small sweep's folder, with nothing run."""
    begin(small(), tmp_path / "sweep", chunk=CHUNK)
    return tmp_path / "sweep"


def test_parts_in_any_order_make_what_one_process_makes(tmp_path: Path, alone: dict[str, bytes]) -> None:
    folder = prepared(tmp_path)
    told = [work_on(open_folder(folder), Shard(number, 5)) for number in (4, 1, 5, 2, 3)]
    assert [(one.chunks, one.chunks_done) for one in told] == [(1, 1), (2, 2), (1, 1), (1, 1), (1, 1)]
    assert [one.complete for one in told] == [False] * 4 + [True]
    assert [one.runs_done for one in told] == [4, 12, 16, 20, 24]
    assert files(folder) == alone


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match=r"the worker on .* does not see .*elsewhere \(no such file or directory\)"):
        worked(str(tmp_path / "elsewhere"), Task(0, 4))


def test_an_error_of_the_system_is_not_told_as_one_of_the_folder(tmp_path: Path) -> None:
    class Broken(Serial[Task]):
        """Cannot begin anything."""

        def each(self, tasks: object) -> object:  # type: ignore[override]
            raise OSError(errno.EMFILE, "Too many open files")

    with pytest.raises(SweepError, match=r"the work on .* broke off: too many open files"):
        work_on(open_folder(prepared(tmp_path)), Shard(), executor=Broken)


def test_parts_share_out_what_is_added_later(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    for number in (1, 2):
        work_on(open_folder(folder), Shard(number, 2))
    extend(folder, 15)
    every = open_folder(folder).chunks()
    assert sorted(Shard(1, 2).chunks(every) + Shard(2, 2).chunks(every)) == every
    assert status(open_folder(folder)).complete


def test_who_comes_second_on_a_part_makes_only_what_is_not_there(tmp_path: Path, alone: dict[str, bytes]) -> None:
    folder, made = prepared(tmp_path), list[Task]()

    class Interrupted(Serial[Task]):
        """Before each of its own tasks, another process on the same part does one."""

        def each(self, tasks: object) -> object:  # type: ignore[override]
            ours = list(tasks)  # type: ignore[call-overload]
            for task in ours:
                other = own_order([(one.start, one.stop) for one in ours], "another")[len(made)]
                worked(str(folder), Task(*other))
                before = len(files(folder))
                yield from super().each([task])
                made.append(task)
                assert len(files(folder)) - before in (0, 1)

    done = work_on(open_folder(folder), Shard(), executor=Interrupted)
    assert done.complete and files(folder) == alone


def test_two_who_prepare_the_same_sweep_at_once_get_one_folder(tmp_path: Path, alone: dict[str, bytes]) -> None:
    sizes = [2, CHUNK, 6, 8]
    makers = [Thread(target=begin, args=(small(), tmp_path / "sweep"), kwargs={"chunk": size}) for size in sizes]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(NET)
    conduct(small(), tmp_path / "sweep")
    chunk = open_folder(tmp_path / "sweep").segments[0].chunk
    assert chunk in sizes and len(files(tmp_path / "sweep")) == RUNS // chunk


def test_a_folder_that_was_only_begun_is_gone_on_with(tmp_path: Path, alone: dict[str, bytes]) -> None:
    folder = prepared(tmp_path)
    (folder / "manifest.json").unlink()  # killed just before it
    assert conduct(small(), folder, chunk=CHUNK).complete
    assert files(folder) == alone


def begun_by_other_code(tmp_path: Path) -> Path:
    """The small sweep's folder, whose manifest names another numpy."""
    manifest = prepared(tmp_path) / "manifest.json"
    said = json.loads(manifest.read_text("utf-8"))
    said["versions"]["numpy"] = "0.0"
    manifest.write_text(json.dumps(said), "utf-8")
    return manifest.parent


def test_who_goes_on_with_other_code_keeps_what_was_added_meanwhile(tmp_path: Path) -> None:
    folder = open_folder(begun_by_other_code(tmp_path))
    extended(folder, larger(folder, 15, None), CHUNK)
    for _ in range(2):  # the same code is recorded once
        for there in (gone_on_with(folder, mixed=True), open_folder(folder.path)):
            assert (there.sweep.design.cases, len(there.segments), len(there.mixed)) == (15, 2, 1)


def test_who_extends_keeps_what_went_on_with_other_code_meanwhile(tmp_path: Path) -> None:
    folder = open_folder(begun_by_other_code(tmp_path))
    gone_on_with(folder, mixed=True)
    extended(folder, larger(folder, 15, None), CHUNK)
    assert len(open_folder(folder.path).mixed) == 1


def test_a_folder_that_somebody_fills_while_it_is_looked_at_is_no_foreign_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, empty = tmp_path / "sweep", store._empty
    folder.mkdir()

    def filled(path: Path) -> bool:
        monkeypatch.undo()
        conduct(small(), path, chunk=CHUNK)
        return empty(path)

    monkeypatch.setattr(store, "_empty", filled)
    assert len(store.create(folder, small(), CHUNK).done()) == 6


def test_windows_waits_for_a_lock_as_long_as_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[OSError | None] = [*[OSError(errno.EACCES, "held")] * 200, None]

    def tried(file: int, mode: int, size: int) -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=tried, LK_NBLCK=2))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with monkeypatch.context() as windows:
        windows.setattr(sys, "platform", "win32")
        there = runpy.run_path(locking.__file__)
    with there["alone"](tmp_path):
        assert not answers
    answers.append(OSError(errno.EINVAL, "this disk knows no locks"))
    with there["alone"](tmp_path):
        assert not answers


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "1/0", "a/b", "-1/3", "1/3/5", ""])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(SweepError, match="a shard is i/n"):
        shard_of(text)


def test_processes_go_through_a_part_in_orders_of_their_own() -> None:
    chunks = [(n, n + 1) for n in range(40)]
    one, other = own_order(chunks, "host-1"), own_order(chunks, "host-2")
    assert sorted(one) == sorted(other) == chunks and one != other and one == own_order(chunks, "host-1")


def test_a_sweep_is_prepared_and_filled_from_the_command_line(cli: Cli) -> None:
    words = ("sweep", "toy/two-issues", "--vary", "protocol.deadline=2,4,6", "--design", "grid", "--workers", "1")
    stood = json.loads(cli(*words, "--out", "here", "--prepare", "--json").stdout)
    assert (stood["runs"], stood["runs_done"], stood["complete"]) == (12, 0, False)
    assert cli("sweeps", "work", "here", "--shard", "2/2").returncode == 0
    told = json.loads(cli("sweeps", "work", "here", "--shard", "1/2", "--json").stdout)
    assert told["complete"] and told["runs_done"] == 12 and told["shard"] == "1/2"
    assert "12 of 12 runs done" in cli("sweeps", "status", "here").stdout
    wrong = cli("sweeps", "work", "here", "--shard", "3/2")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)


def working(folder: Path, shard: str) -> subprocess.Popen[bytes]:
    """A process that works on a part."""
    words = [sys.executable, "-m", "sim", "sweeps", "work", str(folder), "--shard", shard]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)


@posix
@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.slow) for n in range(10)])
def test_parts_that_are_killed_and_begun_again_twice_at_once_lose_and_double_nothing(
    tmp_path: Path, alone: dict[str, bytes], seed: int
) -> None:
    folder, dice = prepared(tmp_path), random.Random(seed)
    many = dice.randrange(1, 5)
    first = [working(folder, shard) for shard in ("1/2", "1/2", "2/2")]
    try:
        wait_until(lambda: len(list((folder / "runs").glob("*.parquet"))) >= many or first[0].poll() is not None)
        for child in first[:2]:
            child.send_signal(signal.SIGKILL)
        again = [working(folder, "1/2"), working(folder, "1/2")]
        assert [child.wait(NET) for child in (*again, first[2])] == [0, 0, 0]
    finally:
        for child in first:
            child.kill()
            child.wait()
    assert status(open_folder(folder)).complete
    assert conduct(small(), folder).complete  # clears away what the killed ones had begun
    assert files(folder) == alone
