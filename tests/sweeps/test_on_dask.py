"""A sweep on a real Dask scheduler and two workers on loopback; whoever dies, the files are the same."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.errors import SweepError
from sim.sweeps import on_dask
from sim.sweeps.conduct import conduct, status
from sim.sweeps.on_dask import LOCAL, OnDask
from sim.sweeps.store import open_folder
from tests.conftest import ROOT, Cli
from tests.sweep_child import files, small
from tests.waiting import NET, wait_until

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

TEN = [pytest.param(n, marks=pytest.mark.slow) for n in range(10)]
QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
Midway = tuple[subprocess.Popen[str], Path, random.Random]
"""A client in the midst of its sweep, the sweep's folder, and more dice."""


class Cluster:
    """A scheduler and two workers without anybody who would start them anew."""

    def __init__(self, folder: Path) -> None:
        self.file, self.processes = folder / "scheduler.json", list[subprocess.Popen[bytes]]()
        where = ("--scheduler-file", str(self.file), "--dashboard-address", "127.0.0.1:0")
        self.scheduler = self.begin("dask_scheduler", "--host", "127.0.0.1", "--port", "0", *where)
        wait_until(lambda: self.file.exists() and self.file.read_text("utf-8"))
        self.address = str(json.loads(self.file.read_text("utf-8"))["address"])
        room = ("--local-directory", str(folder / "scratch"), "--no-nanny", "--nthreads", "1")
        self.workers = [self.begin("dask_worker", *where, *room, "--host", "127.0.0.1") for _ in range(2)]

    def begin(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        """One process of the cluster."""
        path = {"PYTHONPATH": str(ROOT)}
        words = (sys.executable, "-m", f"distributed.cli.{what}", *words)
        self.processes.append(subprocess.Popen(words, cwd=ROOT, env=os.environ | path, **QUIET))
        return self.processes[-1]

    def client(self, folder: Path) -> subprocess.Popen[str]:
        """Somebody who conducts the small sweep on it."""
        words = [sys.executable, "-m", "tests.cluster_child", str(folder), self.address]
        return subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)

    def begun(self, folder: Path, dice: random.Random) -> subprocess.Popen[str]:
        """A client that has some chunks, or is done by now."""
        client = self.client(folder)
        wait_until(in_the_midst(folder, dice.randrange(1, 5), client))
        return client

    def end(self) -> None:
        """Let all its processes go."""
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of this test's own."""
    made = Cluster(tmp_path)
    yield made
    made.end()


@pytest.fixture(params=TEN)
def midway(cluster: Cluster, tmp_path: Path, request: pytest.FixtureRequest) -> Midway:
    """Ten times, each at another point."""
    folder, dice = tmp_path / "sweep", random.Random(request.param)
    return cluster.begun(folder, dice), folder, dice


def ended(client: subprocess.Popen[str]) -> tuple[int, str]:
    """How a client ended, and what it said."""
    said = client.communicate(timeout=NET)[1]
    return client.returncode, said


def in_the_midst(folder: Path, many: int, *clients: subprocess.Popen[str]) -> Callable[[], bool]:
    """Whether so many chunks are there, or nobody works any more."""
    runs = folder / "runs"
    return lambda: len(list(runs.glob("*.parquet"))) >= many or all(client.poll() is not None for client in clients)


def test_a_cluster_makes_the_files_of_one_process_and_extends_them(
    cluster: Cluster, swept: Path, alone: dict[str, bytes], cli: Cli
) -> None:
    folder = swept
    for gone in sorted((folder / "runs").iterdir())[2:]:
        gone.unlink()
    client = cluster.client(folder)
    assert ended(client) == (0, "")
    assert files(folder) == alone
    words = ("extend", str(folder), "--cases", "15", "--dask", cluster.address, "--workers", "2", "--json")
    told = cli("sweeps", *words)
    assert told.returncode == 0 and json.loads(told.stdout)["runs_done"] == 30, told.stderr
    assert alone.items() <= files(folder).items()


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "PATIENCE", 0.5)
    with pytest.raises(SweepError, match=r"no Dask scheduler answers at nowhere://here"):
        on_dask.hired("nowhere://here", None, 2)


def unanswered(task: int) -> int:
    """Work that itself asks somebody who does not answer."""
    raise ConnectionRefusedError(f"nobody answers task {task}")


def test_what_the_work_itself_cannot_reach_is_no_lost_scheduler() -> None:
    with (
        OnDask(unanswered, LOCAL) as chosen,
        pytest.raises(SweepError, match="a Dask worker failed: ConnectionRefusedError: nobody answers task 7"),
    ):
        list(chosen.each([7]))


def test_a_killed_worker_loses_and_doubles_nothing(cluster: Cluster, midway: Midway, alone: dict[str, bytes]) -> None:
    client, folder, dice = midway
    cluster.workers[dice.randrange(2)].kill()
    assert ended(client) == (0, "")
    assert files(folder) == alone


def test_a_killed_scheduler_is_one_line_and_what_is_done_is_kept(
    cluster: Cluster, midway: Midway, alone: dict[str, bytes]
) -> None:
    client, folder, _ = midway
    kept = files(folder)
    cluster.scheduler.kill()
    code, said = ended(client)
    assert code == 1 and "is gone; what is done is kept" in said and said.count("\n") == 1, said
    cluster.end()
    assert {name: held for name, held in kept.items() if name.endswith(".parquet")}.items() <= files(folder).items()
    assert conduct(small(), folder).complete
    assert files(folder) == alone


def test_a_lost_client_is_followed_by_another(cluster: Cluster, midway: Midway, alone: dict[str, bytes]) -> None:
    client, folder, _ = midway
    client.kill()
    ended(client)
    again = cluster.client(folder)
    assert ended(again) == (0, "")
    assert files(folder) == alone


@pytest.mark.parametrize("seed", TEN)
def test_two_clients_at_once_lose_and_double_nothing(
    cluster: Cluster, tmp_path: Path, alone: dict[str, bytes], seed: int
) -> None:
    folder = tmp_path / "sweep"
    clients = [cluster.client(folder) for _ in range(2)]
    for client in clients:
        assert ended(client) == (0, "")
    assert status(open_folder(folder)).complete and files(folder) == alone
