"""Running sweeps: the same bytes however the work is cut, resumed after anything, failures kept and found."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.errors import CeasefireError, OutputError, SweepError
from sim.files import draft_name
from sim.study.shares import wilson
from sim.study.source import source_hash
from sim.sweeps import conduct as conducting
from sim.sweeps.conduct import Task, _finished, conduct, extend, finish, status
from sim.sweeps.execute import Processes, Serial
from sim.sweeps.export import export
from sim.sweeps.files import encoded, failures_in
from sim.sweeps.intervals import Answers
from sim.sweeps.outcomes import FAILED, Laboratory, Outcomes
from sim.sweeps.pilot import Pilot, pilot
from sim.sweeps.results import gather, headline
from sim.sweeps.segments import added, begun, size
from sim.sweeps.stopping import larger, until
from sim.sweeps.store import Folder, create, open_folder, read_chunk
from sim.sweeps.sweep import Sweep, sweep
from sim.sweeps.verify import replay, verify
from sim.talks.batch import BLOCK
from tests.conftest import ROOT
from tests.sweep_child import CHUNK, RUNS, VARY, small
from tests.waiting import NET, wait_until

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def table(folder: Path) -> bytes:
    """The whole table of a sweep, as bytes."""
    target = folder.with_suffix(".csv")
    export(open_folder(folder), target)
    return target.read_bytes()


@pytest.mark.parametrize("chunk", [3, 5, RUNS])
def test_the_table_is_the_same_for_any_chunks(whole: Path, tmp_path: Path, chunk: int) -> None:
    conduct(small(), tmp_path / "sweep", chunk=chunk)
    assert table(tmp_path / "sweep") == table(whole)


def test_the_table_and_the_files_are_the_same_for_two_workers(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    conduct(small(), folder, chunk=CHUNK, executor=partial(Processes, workers=2))
    assert table(folder) == table(whole)
    for file in (whole / "runs").iterdir():
        assert (folder / "runs" / file.name).read_bytes() == file.read_bytes()


def test_a_sweep_runs_every_case_four_times_with_draws_of_its_own_unless_it_is_told_otherwise() -> None:
    made = sweep("toy/two-issues", ["protocol.deadline=2:6"], cases=8)
    assert (made.replications, made.common) == (4, False)


def test_common_draws_are_a_switch() -> None:
    both = [
        sweep("toy/two-issues", ["protocol.deadline=2:6"], cases=4, replications=3, common=c) for c in (True, False)
    ]
    runs = np.divmod(np.arange(12), 3)
    assert both[0].draw_numbers(*runs).tolist() == [0, 1, 2] * 4
    assert both[1].draw_numbers(*runs).tolist() == [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14]
    assert both[0].hash != both[1].hash


def test_a_finished_sweep_is_not_run_again_and_another_one_is_not_mixed_in(whole: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (whole / "runs").iterdir()}
    assert conduct(small(), whole).complete
    assert {file: file.stat().st_mtime_ns for file in (whole / "runs").iterdir()} == before
    other = sweep("toy/two-issues", ["protocol.deadline=2:6"], cases=24)
    with pytest.raises(OutputError, match="holds another sweep"):
        conduct(other, whole)
    with pytest.raises(OutputError, match="sweeps extend"):
        conduct(small(15), whole)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(OutputError, match="holds no sweep"):
        conduct(small(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_extending_keeps_what_is_there_and_gives_the_table_of_the_larger_sweep(
    whole: Path, swept: Path, tmp_path: Path
) -> None:
    folder, larger = swept, tmp_path / "larger"
    kept = {file.name: file.read_bytes() for file in (folder / "runs").iterdir()}
    assert extend(folder, 15).complete
    assert kept.items() <= {file.name: file.read_bytes() for file in (folder / "runs").iterdir()}.items()
    conduct(small(15), larger, chunk=15)
    assert table(folder) == table(larger)
    assert table(folder).startswith(table(whole))
    with pytest.raises(SweepError, match="has 15 cases already"):
        extend(folder, 15)


@pytest.mark.parametrize("common", [False, True], ids=["own", "common"])
def test_a_sweep_that_grew_by_cases_and_replications_is_the_one_that_was_asked_for_at_once(
    tmp_path: Path, common: bool
) -> None:
    def of(cases: int, replications: int) -> Sweep:
        return sweep("toy/two-issues", VARY, cases=cases, replications=replications, common=common, seed=11)

    folder, at_once = tmp_path / "sweep", tmp_path / "at once"
    conduct(of(3, 2), folder, chunk=3)
    kept = {file.name: file.read_bytes() for file in (folder / "runs").iterdir()}
    assert extend(folder, replications=3).complete and extend(folder, 5).complete and extend(folder, 7, 4).complete
    assert kept.items() <= {file.name: file.read_bytes() for file in (folder / "runs").iterdir()}.items()
    conduct(of(7, 4), at_once, chunk=19)
    assert table(folder) == table(at_once)
    assert headline(gather(open_folder(folder))) == headline(gather(open_folder(at_once)))
    assert verify(open_folder(folder), everything=True).sound
    assert [replay(open_folder(folder), run)[1].in_the_table for run in (0, 3, 27)] == [True] * 3
    for asked, said in (((7, None), "7 cases"), ((None, 4), "4 replications"), ((7, 3), "7 cases")):
        with pytest.raises(SweepError, match=f"has {said} already"):
            extend(folder, *asked)
    with pytest.raises(OutputError, match="holds 4 replications of this sweep, not 2"):
        conduct(of(7, 2), folder)


def test_replications_can_be_added_to_any_design_and_what_is_lost_on_the_way_comes_again(tmp_path: Path) -> None:
    def of(replications: int) -> Sweep:
        vary = ["protocol.deadline=2,4,6", "parties.ira.reservation=20,60"]
        return sweep("toy/two-issues", vary, kind="grid", replications=replications)

    folder = tmp_path / "sweep"
    conduct(of(2), folder, chunk=5)
    extend(folder, replications=9)
    for lost in random.Random(3).sample(sorted((folder / "runs").iterdir()), 2):
        lost.unlink()
    assert not status(open_folder(folder)).complete
    assert conduct(of(9), folder).complete
    conduct(of(9), tmp_path / "at once", chunk=54)
    assert table(folder) == table(tmp_path / "at once")


def test_failures_are_told_by_run_and_alike_however_the_sweep_grew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sim.talks.batch as batch

    def failing(*_: object) -> object:
        raise ValueError("not today")

    def of(replications: int) -> Sweep:
        return sweep("toy/two-issues", ["protocol.deadline=2,4,6"], kind="grid", replications=replications)

    monkeypatch.setattr(batch, "negotiate", failing)
    conduct(of(1), tmp_path / "sweep", chunk=1)
    extend(tmp_path / "sweep", replications=2)
    conduct(of(2), tmp_path / "at once", chunk=4)
    told = [(tmp_path / name / "failures.jsonl").read_text("utf-8") for name in ("sweep", "at once")]
    assert told[0] == told[1] and (json.loads(told[0])["start"], json.loads(told[0])["stop"]) == (0, 6)


@pytest.mark.parametrize("cases", [1, 3, 24])
def test_segments_that_leave_runs_out_or_have_some_twice_are_refused(cases: int) -> None:
    right = added(added(begun(cases, 2, 4), cases, 5, 3), cases + 2, 5, 9)
    assert size(right) == (cases + 2, 5)
    first, second, third = right
    for wrong in (
        (first, third),
        (first, second, replace(third, case=0)),
        (first, replace(second, replication=1), third),
        (first, replace(second, stop=second.stop + 1), third),
        (first, replace(second, chunk=0), third),
        (replace(first, each=first.stop + 1),),
        (),
    ):
        with pytest.raises(SweepError):
            size(wrong)


def test_designs_whose_cases_would_move_are_not_extended(tmp_path: Path) -> None:
    conduct(sweep("toy/two-issues", ["protocol.deadline=2,4"], kind="grid"), tmp_path / "sweep")
    with pytest.raises(CeasefireError, match="a grid design cannot be extended"):
        extend(tmp_path / "sweep", 9)


def killed(folder: Path, moment: float, chunks: int, who: str) -> None:
    """Begin the sweep in a process, kill the parent or a worker once some chunks are there, and let it end."""
    child = subprocess.Popen([sys.executable, "-m", "tests.sweep_child", str(folder)], cwd=ROOT)
    try:
        wait_until(lambda: len(list((folder / "runs").glob("*.parquet"))) >= chunks or child.poll() is not None)
        time.sleep(moment)  # any moment will do
        if who == "parent":
            child.kill()
        else:
            for worker in workers(child.pid)[:1]:
                os.kill(worker, signal.SIGKILL)
        child.wait(NET)
    finally:
        child.kill()
        child.wait()


def workers(parent: int) -> list[int]:
    """Processes that a sweep started to work on chunks."""
    listed = subprocess.run(["ps", "-o", "pid=,ppid=,args=", "-A"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [int(pid) for pid, above, args in rows if int(above) == parent and "spawn_main" in args]


@posix
@pytest.mark.parametrize("who", ["parent", "worker"])
@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 22))])
def test_a_sweep_killed_at_any_moment_resumes_to_the_same_bytes(
    whole: Path, tmp_path: Path, who: str, seed: int
) -> None:
    folder, dice = tmp_path / "sweep", random.Random(f"{who}{seed}")
    killed(folder, dice.uniform(0, 0.1), dice.randrange(0, 5), who)
    if who == "worker":
        assert status(open_folder(folder)).complete, "the parent goes on when a worker dies"
    done = conduct(small(), folder, chunk=CHUNK)
    assert done.complete and done.failures == 0
    assert table(folder) == table(whole)
    wait_until(lambda: not list(folder.rglob(".tmp-*")))  # an orphan may still finish the file that it writes


def test_what_a_killed_run_left_unfinished_is_cleared_away(whole: Path, swept: Path) -> None:
    folder = swept
    gone = sorted((folder / "runs").iterdir())[3]
    draft = folder / "runs" / f"{draft_name(gone)}abcdefgh"
    dead, elsewhere = draft.name.replace(f"-{os.getpid()}-", "-999999999-"), ".tmp-0-abcdef-999999999-abcdefgh"
    for name in (draft.name, dead, elsewhere):
        draft.with_name(name).write_bytes(gone.read_bytes()[:100])
    gone.unlink()
    assert status(open_folder(folder)).runs_done == RUNS - CHUNK
    assert conduct(small(), folder).complete
    assert table(folder) == table(whole)
    assert {path.name for path in folder.rglob(".tmp-*")} == {draft.name, elsewhere}, "who writes them may be alive"


def test_what_workers_left_unfinished_that_were_killed_meanwhile_is_cleared_away_too(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked = conducting.worked

    def beside_one_that_is_killed(path: str, task: conducting.Task, agents: conducting.Hired = ()) -> int:
        chunk = open_folder(Path(path)).file(task.start, task.stop)
        draft = f"{draft_name(chunk)}abcdefgh".replace(f"-{os.getpid()}-", "-999999999-")
        chunk.with_name(draft).write_bytes(b"PAR1")
        return worked(path, task, agents)

    monkeypatch.setattr(conducting, "worked", beside_one_that_is_killed)
    assert conduct(small(), tmp_path / "sweep", chunk=CHUNK).complete
    assert table(tmp_path / "sweep") == table(whole)
    assert not list((tmp_path / "sweep").rglob(".tmp-*"))


@posix
@pytest.mark.slow
def test_runs_that_kill_their_process_are_found_and_the_rest_is_done(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    subprocess.run([sys.executable, "-m", "tests.sweep_child", str(folder), "21"], cwd=ROOT, check=True, timeout=NET)
    found = status(open_folder(folder))
    assert found.complete and found.failures == 1
    (said,) = [json.loads(line) for line in (folder / "failures.jsonl").read_text("utf-8").splitlines()]
    assert (said["start"], said["stop"], said["case"], said["reason"]) == (21, 22, 10, "its process died")
    ours, theirs = table(folder).splitlines(), table(whole).splitlines()
    assert [n for n, line in enumerate(ours) if line != theirs[n]] == [22]
    assert verify(open_folder(folder), everything=True).sound


class Doomed:
    """Works on tasks in this process, and says that some runs kill it: bisection without the processes."""

    def __init__(self, killers: set[int]) -> None:
        self.killers, self.skipped = killers, frozenset[int]()

    def alone(self, task: Task) -> object:
        from sim.sweeps.execute import Finished

        if set(range(task.start, task.stop)) & self.killers - task.skip:
            return Finished(task, died=True)
        self.skipped |= task.skip
        return Finished(task, len(task.skip))

    def each(self, tasks: object) -> object:
        return (self.alone(task) for task in tasks)  # type: ignore[attr-defined]


def test_bisection_finds_every_deadly_run_and_no_other() -> None:
    executor = Doomed({3, 4, 700})
    done = list(_finished(executor, [(0, 512), (512, 1000)]))  # type: ignore[arg-type]
    assert sorted(done) == [(0, 512, 2), (512, 1000, 1)]
    assert executor.skipped == {3, 4, 700}


def test_a_run_that_fails_is_recorded_and_the_others_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.talks.batch as batch

    real = batch.negotiate

    def failing(case: object, runs: np.ndarray, seed: int = 0) -> object:
        if 5 in runs:
            raise ValueError("five is right out")
        return real(case, runs, seed)  # type: ignore[arg-type]

    made = sweep("toy/two-issues", ["protocol.deadline=2:6"], cases=4, replications=4, common=False)
    right = Laboratory(made).outcomes(0, 16)
    monkeypatch.setattr(batch, "negotiate", failing)
    folder = tmp_path / "sweep"
    found = conduct(made, folder, chunk=8)
    assert found.failures == 1 and found.complete
    (said,) = [json.loads(line) for line in (folder / "failures.jsonl").read_text("utf-8").splitlines()]
    assert said["start"] == 5 and said["seed"] == 0 and "five is right out" in said["reason"]
    assert "test_sweep_run.py" in said["details"] and "/" not in said["details"]
    columns = read_chunk(open_folder(folder), 0, 8).columns
    assert columns["ending"].tolist()[5] == FAILED
    assert np.delete(columns["ending"], 5).tolist() == np.delete(right.columns["ending"][:8], 5).tolist()
    assert headline(gather(open_folder(folder))).failed == 1
    with pytest.raises(SweepError, match="run 5 failed in the sweep"):
        replay(open_folder(folder), 5)


def test_values_that_do_not_go_together_fail_with_the_loaders_words(tmp_path: Path) -> None:
    made = sweep(
        "2025-12-stalemate",
        ["parties.russia.war.win.russia=0.5,0.99", "protocol.deadline=1,2"],
        kind="grid",
        replications=1,
    )
    found = conduct(made, tmp_path / "sweep", chunk=4)
    assert found.failures == 2
    cases = gather(found.folder)
    assert cases.failed.tolist() == [0, 0, 1, 1]
    assert "probabilities sum to 1.02, more than 1" in (tmp_path / "sweep/failures.jsonl").read_text("utf-8")


def test_a_scenario_that_cannot_be_compiled_fails_those_cases_alone(tmp_path: Path) -> None:
    vary = ["war.shares.line_of_contact=0.2,0.21", "parties.russia.war.beyond.share=0.1,0.5", "protocol.deadline=1"]
    found = conduct(sweep("2025-12-stalemate", vary, kind="grid", replications=1), tmp_path / "sweep", chunk=4)
    assert gather(found.folder).failed.tolist() == [1, 0, 1, 0]
    assert "must lie beyond the last option's share" in (tmp_path / "sweep/failures.jsonl").read_text("utf-8")


@posix
def test_a_full_disk_is_one_clear_error_and_nothing_is_lost(whole: Path, tmp_path: Path) -> None:
    import resource

    folder = tmp_path / "sweep"
    made = create(folder, small(), RUNS)
    for _ in range(2):
        small_files = (1000, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, small_files)
        try:
            with pytest.raises(OutputError, match=r"cannot write to .*: file too large"):
                finish(made)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((folder / "runs").iterdir()) == []
    assert conduct(small(), folder).complete
    assert table(folder) == table(whole)


@posix
def test_a_small_file_system_that_fills_up_keeps_what_is_done(tmp_path: Path, whole: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True)
    if mount.returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        with pytest.raises(OutputError, match="no space left on device"):
            conduct(small(), disk / "sweep", chunk=2)
        kept = status(open_folder(disk / "sweep"))
        assert 0 < kept.runs_done < RUNS
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        assert conduct(small(), disk / "sweep").complete
        assert table(disk / "sweep") == table(whole)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write to"):
        conduct(small(), tmp_path / "file" / "sweep")


def test_verifying_finds_damage_and_difference(swept: Path) -> None:
    folder = swept
    assert vars(verify(open_folder(folder), everything=True)) == {
        "chunks": 6,
        "missing": 0,
        "damaged": [],
        "made_again": 6,
        "different": [],
        "sound": True,
    }
    first, second, *_ = sorted((folder / "runs").iterdir())
    first.write_bytes(first.read_bytes()[:200])
    found = verify(open_folder(folder), everything=True)
    assert not found.sound and len(found.damaged) == 1 and found.made_again == 5
    first.write_bytes(second.read_bytes())
    assert verify(open_folder(folder)).damaged == [f"{first} is damaged; delete it and resume"]  # another chunk's runs


THREADS = """
import os, sys
from pathlib import Path
import pyarrow.parquet
from sim.sweeps.store import open_folder, read_chunk
before = len(os.listdir("/proc/self/task"))
folder = open_folder(Path(sys.argv[1]))
read_chunk(folder, *folder.chunks()[0])
print(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="where a process can list its threads")
def test_reading_a_chunk_starts_no_thread_that_a_process_may_end_before(swept: Path) -> None:
    done = subprocess.run([sys.executable, "-c", THREADS, str(swept)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def flipped(raw: bytes, count: int) -> Iterator[bytes]:
    """The bytes with one bit of one of them flipped, in so many ways."""
    dice = random.Random(20261128)
    for place in dice.sample(range(len(raw)), count):
        yield raw[:place] + bytes([raw[place] ^ 1 << dice.randrange(8)]) + raw[place + 1 :]


def test_a_flipped_bit_is_one_plain_line_or_changes_nothing(tmp_path: Path) -> None:
    """Pages have checksums; only their headers, and what nobody reads, have not."""
    conduct(sweep("toy/two-issues", VARY, cases=128, replications=4), tmp_path / "sweep", chunk=512)
    folder = open_folder(tmp_path / "sweep")
    (chunk,) = folder.chunks()
    file = folder.file(*chunk)
    raw, there = file.read_bytes(), read_chunk(folder, *chunk)
    said, unseen = Counter[str](), 0
    for bad in flipped(raw, 400):
        file.write_bytes(bad)
        for read in (lambda: read_chunk(folder, *chunk), lambda: failures_in(file)):
            try:
                found = read()
            except SweepError as error:
                said[str(error)] += 1
                continue
            if isinstance(found, Outcomes):
                held = found.columns
                assert list(held) == list(there.columns) and found.failures == there.failures
                unseen += any(held[name].tobytes() != column.tobytes() for name, column in there.columns.items())
    assert unseen <= 1, "without checksums some ten are"
    assert said.pop(f"{file} is damaged; delete it and resume") > 200
    assert all(re.fullmatch(r"[\d,]+ runs? instead of 512", line.partition(" (")[2].partition(")")[0]) for line in said)


def with_more(swept: Path, column: str) -> Folder:
    """A sweep whose first chunk holds one more in each row of a column."""
    folder = open_folder(swept)
    chunk = folder.chunks()[0]
    outcomes = read_chunk(folder, *chunk)
    outcomes.columns[column] = outcomes.columns[column] + 1
    folder.file(*chunk).write_bytes(encoded(outcomes))
    return folder


def test_a_value_that_was_changed_is_found_by_making_the_chunk_again(swept: Path) -> None:
    folder = with_more(swept, "seen")
    assert [entry.columns for entry in verify(folder, everything=True).different] == [["seen"]]


@pytest.mark.parametrize("content", ["", "{}", '{"kind": "sweep", "format": 1}', "[]", '"text"', "\x00"])
def test_a_damaged_manifest_is_one_clear_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(SweepError, match=r"manifest\.json"):
        open_folder(tmp_path)


def test_a_manifest_that_was_edited_is_refused(whole: Path, tmp_path: Path) -> None:
    said = json.loads((whole / "manifest.json").read_text("utf-8"))
    said["vary"]["protocol.deadline"]["high"] = 7
    (tmp_path / "manifest.json").write_text(json.dumps(said))
    with pytest.raises(SweepError, match="changed since"):
        open_folder(tmp_path)


@pytest.mark.parametrize("run", [0, 9, 21])
def test_a_replay_is_the_very_run_of_the_table(whole: Path, run: int) -> None:
    made, place = replay(open_folder(whole), run)
    assert place.in_the_table is True
    assert place.case == run // 2
    assert made.model.transcript


def test_a_replay_of_a_table_that_says_something_else_is_an_error(swept: Path) -> None:
    folder = with_more(swept, "round")
    with pytest.raises(SweepError, match="comes out as"):
        replay(folder, 0)


def test_a_replay_of_a_run_that_is_not_there_is_refused(whole: Path) -> None:
    with pytest.raises(SweepError, match="runs 0 to 23"):
        replay(open_folder(whole), 24)


def test_shares_count_what_the_table_says(whole: Path) -> None:
    import csv

    rows = list(csv.DictReader(table(whole).decode().splitlines()))
    found = headline(gather(open_folder(whole)))
    assert found.runs_done == len(rows) == RUNS
    signed = [row["ending"] in ("settlement", "ceasefire_only") for row in rows]
    zoned = [row["zone"] == "1" for row in rows]
    assert found.talks_agree.share == round(sum(signed) / RUNS, 6)
    assert found.zone_exists["zone"].hits == sum(zoned) // 2
    inside = [agreed for agreed, zone in zip(signed, zoned, strict=True) if zone]
    assert found.talks_agree_where_a_zone_exists.share == round(sum(inside) / len(inside), 6)
    assert not any(agreed for agreed, zone in zip(signed, zoned, strict=True) if not zone)


def test_wilson_intervals_are_the_published_ones() -> None:
    # Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (hits, trials), ends in published.items():
        assert wilson(hits, trials) == pytest.approx(ends, abs=5e-5)


def test_a_pilot_says_what_a_run_costs() -> None:
    found = pilot(small())
    assert found.rate > 1 and 0 < found.bytes < 5000
    assert found.chunk(small(), 2) % 2 == 0
    known = Pilot(call=0.1, run=0.001, file=2000, bytes=10)
    assert known.seconds(10**6, 2) < known.seconds(10**6, 1)
    assert known.processes(100, 2) == 1, "starting a worker would take longer than the runs"
    assert known.megabytes(1000, 100) == pytest.approx(0.03)


def test_an_executor_of_ones_own_can_take_the_work(whole: Path, tmp_path: Path) -> None:
    folder, seen = tmp_path / "sweep", []

    class Backwards(Serial[Task]):
        def each(self, tasks: object) -> object:  # type: ignore[override]
            for finished in super().each(reversed(list(tasks))):  # type: ignore[call-overload]
                seen.append(finished.task.start)
                yield finished

    conduct(small(), folder, chunk=CHUNK, executor=Backwards)  # type: ignore[arg-type]
    assert seen == sorted(seen, reverse=True)
    assert table(folder) == table(whole)


def trials(monkeypatch: pytest.MonkeyPatch, call: float, run: float) -> list[int]:
    """Let what a pilot tries take so many seconds a call and a run; how many runs each trial has had."""
    tried: list[int] = []

    def spent(laboratory: object, runs: int) -> tuple[float, int]:
        tried.append(runs)
        return call + run * runs, 3000 + 10 * runs

    monkeypatch.setattr("sim.sweeps.pilot._tried", spent)
    return tried


def test_a_pilot_tells_what_a_call_costs_from_what_a_run_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    trials(monkeypatch, 2.0, 0.001)
    large = sweep("toy/two-issues", ["parties.ira.reservation=20:80"], cases=1 << 18, replications=4)
    found = pilot(large)
    assert (found.call, found.run) == pytest.approx((2.0, 0.001))
    assert (found.file, found.bytes) == pytest.approx((3000, 10))
    assert 2048 <= found.chunk(large, 2) <= BLOCK, "a slow call must not make for tiny chunks"


def test_chunks_shrink_with_what_a_run_costs_and_never_at_once() -> None:
    large = sweep("toy/two-issues", ["parties.ira.reservation=20:80"], cases=1 << 16, replications=16)
    costs = (0.001, 0.0036, 0.0038, 0.008, 0.1, 10.0)
    sizes = [Pilot(0.5, run).chunk(large, 2) for run in costs]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] == BLOCK and sizes[-1] == 16
    for (cheap, many), (dear, few) in pairwise(zip(costs, sizes, strict=True)):
        assert many / few <= 2 * dear / cheap


def test_a_large_sweep_is_tried_with_as_many_runs_as_cost_little_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = trials(monkeypatch, 1.0, 1e-4)
    for cases, most in ((1 << 14, 256), (1 << 18, 4096)):  # a run in 64 at the most once a second is over
        tried.clear()
        pilot(sweep("toy/two-issues", ["parties.ira.reservation=20:80"], cases=cases, replications=4))
        assert max(tried) == most


def test_a_sweep_that_is_sooner_done_than_measured_is_tried_once_and_cut_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = trials(monkeypatch, 0.1, 1e-4)
    for cases, wanted in ((64, [16]), (256, [16, 16, 128])):  # at 16 runs in a tenth of a second
        made = sweep("toy/two-issues", ["parties.ira.reservation=20:80"], cases=cases, replications=4)
        tried.clear()
        quick = pilot(made, workers=2)
        assert tried == wanted
        assert quick.chunk(made, 2) == pilot(made).chunk(made, 2)
        assert quick.processes(made.runs, 2) == pilot(made).processes(made.runs, 2) == 1


@pytest.mark.parametrize(("run", "cases", "wanted"), [(9.0, 8, []), (0.1, 64, [16]), (0.5, 64, [16, 16, 32])])
def test_one_process_tries_no_more_than_settles_how_its_chunks_are_cut(
    run: float, cases: int, wanted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = trials(monkeypatch, 0.1, run)
    made = sweep("toy/two-issues", ["parties.ira.reservation=20:80"], cases=cases, replications=4)
    found, taken = pilot(made, workers=1), [*tried]
    assert taken == wanted and found.chunk(made, 1) == pilot(made).chunk(made, 1)


def test_another_sweep_under_the_same_name_in_another_folder_is_not_taken_for_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, values in (("one", "2,4,6"), ("two", "3,5")):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        made = sweep("toy/two-issues", vary=[f"protocol.deadline={values}"], kind="grid")
        assert conduct(made, Path("here"), chunk=4).complete
        assert verify(open_folder(Path("here")), everything=True).sound


UNGUARDED = """
from sim.sweeps.conduct import worked
from sim.sweeps.execute import Processes
with Processes(print, 2) as pool:
    print(list(pool.each(range(9))))
"""


def test_workers_that_cannot_start_are_no_deadly_runs(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(UNGUARDED, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == ""
    assert "SweepError: no worker could be started" in done.stderr


def test_a_design_that_is_made_in_one_piece_has_an_end() -> None:
    with pytest.raises(CeasefireError, match="in one piece, so here it has at most 20,000,000 cases"):
        sweep("toy/two-issues", ["parties.ira.reservation=1:9"], kind="lhs", cases=100_000_000)


def test_cases_are_doubled_until_the_interval_is_narrow_enough_and_the_table_is_that_of_the_size(
    tmp_path: Path,
) -> None:
    vary = ["parties.ira.reservation=20:95"]
    most = sweep("toy/two-issues", vary, cases=4096, seed=3)
    found = until(most, tmp_path / "sweep", 0.06)
    share, cases = headline(gather(found.folder)).talks_agree, found.folder.sweep.design.cases
    assert cases in (128, 256, 512) and (share.ends[1] - share.ends[0]) / 2 <= 0.06
    conduct(sweep("toy/two-issues", vary, cases=cases, seed=3), tmp_path / "at once", chunk=4 * cases)
    assert table(tmp_path / "sweep") == table(tmp_path / "at once")
    half, _ = headline(gather(open_folder(tmp_path / "sweep"))).talks_agree, until(most, tmp_path / "sweep", 0.06)
    assert open_folder(tmp_path / "sweep").sweep.design.cases == cases and half == share


def test_a_sweep_that_is_never_sure_ends_with_the_cases_asked_for(tmp_path: Path) -> None:
    made = sweep("toy/two-issues", ["parties.ira.reservation=20:95"], cases=200, seed=3)
    assert until(made, tmp_path / "sweep", 0.001).folder.sweep.design.cases == 128


@pytest.mark.parametrize(
    ("more", "half", "said"),
    [
        ({"common": True}, 0.03, "how many at most, such as --replications 256"),
        ({"levers": ["protocol.deadline=2,4"]}, 0.03, "no share to be sure of"),
        ({"kind": "lhs"}, 0.03, "must be one of sobol, saltelli, saltelli-pairs, random$"),
        ({}, 0.0, "lies between 0 and 0.5"),
    ],
)
def test_what_cannot_be_made_surer_by_cases_is_refused(
    tmp_path: Path, more: dict[str, object], half: float, said: str
) -> None:
    made = sweep("toy/two-issues", ["parties.ira.reservation=20:95"], cases=128, **more)  # type: ignore[arg-type]
    with pytest.raises(CeasefireError, match=said):
        until(made, tmp_path / "sweep", half)
    assert not (tmp_path / "sweep").exists()


def test_draws_that_all_share_are_doubled_until_the_interval_is_narrow_enough(tmp_path: Path) -> None:
    vary = ["parties.ira.reservation=20:95"]
    most = sweep("toy/two-issues", vary, cases=1024, replications=64, common=True, seed=3)
    found = until(most, tmp_path / "sweep", 0.12).folder.sweep
    ends = headline(gather(open_folder(tmp_path / "sweep"))).talks_agree.ends
    assert ends[1] - ends[0] <= 0.24 and found.design.cases >= 64 and found.replications in (8, 16, 32, 64)
    size_ = {"cases": found.design.cases, "replications": found.replications}
    conduct(sweep("toy/two-issues", vary, common=True, seed=3, **size_), tmp_path / "at once", chunk=4096)
    assert table(tmp_path / "sweep") == table(tmp_path / "at once")


def test_a_grid_gets_more_replications_until_it_is_sure_and_one_that_was_begun_goes_on(tmp_path: Path) -> None:
    def of(replications: int) -> Sweep:
        vary = ["parties.ira.reservation=70,74,78", "protocol.deadline=2,3"]
        return sweep("toy/two-issues", vary, kind="grid", replications=replications)

    conduct(of(4), tmp_path / "sweep", chunk=24)
    found = until(of(64), tmp_path / "sweep", 0.05).folder
    assert found.sweep.replications >= 8
    conduct(of(found.sweep.replications), tmp_path / "at once", chunk=384)
    assert table(found.path) == table(tmp_path / "at once")


def test_what_cases_alone_leave_to_chance_calls_for_cases_and_the_rest_for_draws() -> None:
    dice = np.random.default_rng(1)
    split = np.repeat([[0], [1]], 8, axis=1).astype(np.int8)
    by_case = Answers(np.concatenate([split] * 16), common=True)
    by_draw = Answers(np.repeat(dice.integers(0, 2, (1, 8)), 32, axis=0).astype(np.int8), common=True)
    assert larger((32, 8), by_case, 0.05, True) == (64, 8) and larger((32, 8), by_case, 0.05, False) is None
    assert larger((32, 8), by_draw, 0.05, True) == larger((32, 8), by_draw, 0.05, False) == (32, 16)
    assert larger((32, 8), replace(by_case, common=False), 0.05, True) == (64, 8)
    assert larger((32, 8), replace(by_case, exhaustive=True), 0.05, False) == (32, 16)


def begun_by_other_code(folder: Path) -> None:
    """Say of a finished sweep that older code made it."""
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    said["versions"]["source"] = "0123456789abcdef"
    (folder / "manifest.json").write_text(json.dumps(said), "utf-8")


def test_runs_of_changed_code_are_not_mixed_with_older_ones_unless_that_is_said(whole: Path, swept: Path) -> None:
    folder = swept
    begun_by_other_code(folder)
    assert conduct(small(), folder).complete, "nothing is left to run, so nothing is mixed"
    sorted((folder / "runs").iterdir())[3].unlink()
    with pytest.raises(OutputError, match=r"begun with other code \(source 0123456789abcdef, now .*--mixed"):
        conduct(small(), folder)
    with pytest.raises(OutputError, match="begun with other code"):
        extend(folder, 15)
    assert conduct(small(), folder, mixed=True).complete and table(folder) == table(whole)
    (other,) = open_folder(folder).mixed
    assert other["source"] == source_hash() and open_folder(folder).versions["source"] == "0123456789abcdef"
    assert extend(folder, 15).complete, "code that was let in once may go on"


def test_a_file_says_what_its_columns_mean_and_keeps_names_as_names(whole: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    file = sorted((whole / "runs").iterdir())[0]
    held = pq.read_table(file)
    assert all(held.schema.field(name).metadata[b"meaning"] for name in held.column_names)
    assert held.schema.field("value.ira").metadata[b"unit"] == b"points a month"
    for name, words in (
        ("ending", {"settlement", "stalemate", "walk_out"}),
        ("verdict", {"reached", "missed", "structural"}),
        ("left", {"ira", "joe", None}),
    ):
        assert str(held.schema.field(name).type).startswith("dictionary")
        assert set(held.column(name).to_pylist()) <= words
    told = (whole / "README.md").read_text("utf-8")
    assert all(f"`{name}`" in told for name in held.column_names)


def test_the_verdict_of_a_file_is_that_of_the_run(whole: Path) -> None:
    import csv

    rows = list(csv.DictReader(table(whole).decode().splitlines()))
    for run in (0, 9, 14, 21):
        assert rows[run]["verdict"] == replay(open_folder(whole), run)[0].verdict
