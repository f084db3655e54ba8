"""`ceasefire sweeps extend`, killed anywhere and said again: nothing is lost or twice, and the bytes are the same."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.sweeps.conduct import conduct, status
from sim.sweeps.export import export
from sim.sweeps.store import open_folder
from sim.sweeps.sweep import Sweep, sweep
from sim.sweeps.verify import verify
from tests.conftest import ROOT, Cli
from tests.sweep_child import CHUNK, VARY, files
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")]
CASES, MANY = 40, 3
"""Three chunks more: a replication of the old cases, and two of new cases."""
WORDS = ("--cases", str(CASES), "--replications", str(MANY), "--workers", "1")
"""The process that is killed is the one that writes, however slow it is."""


def of(cases: int, replications: int) -> Sweep:
    return sweep("toy/two-issues", VARY, cases=cases, replications=replications, kind="random", seed=11)


def table(folder: Path) -> bytes:
    """The whole table, as bytes: a run that is in it twice, or missing, shows."""
    export(open_folder(folder), folder.with_suffix(".csv"))
    return folder.with_suffix(".csv").read_bytes()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun") / "sweep"
    assert conduct(of(6, 2), folder, chunk=CHUNK).complete
    return folder


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table of the larger sweep that was asked for at once."""
    folder = tmp_path_factory.mktemp("once") / "sweep"
    conduct(of(CASES, MANY), folder, chunk=CASES * MANY)
    return table(folder)


def command(folder: Path, module: str = "sim", *first: str) -> list[str]:
    return [sys.executable, "-m", module, *first, "sweeps", "extend", str(folder), *WORDS]


def said_again(cli: Cli, folder: Path, begun: Path, at_once: bytes) -> None:
    """Extend again after a kill: what was there stays to the letter, and all that was asked for comes to be."""
    kept = {name: content for name, content in files(folder).items() if not name.startswith(".tmp-")}
    assert files(begun).items() <= kept.items(), "what was there before stays"
    done = status(open_folder(folder))
    over = done.complete and done.folder.sweep.runs == CASES * MANY
    again = cli("sweeps", "extend", str(folder), *WORDS)
    assert again.returncode == (1 if over else 0), again.stderr
    assert not over or "already; ask for more" in again.stderr
    assert kept.items() <= files(folder).items(), "what was done before the kill is not done again"
    assert table(folder) == at_once
    assert not list(folder.rglob(".tmp-*"))


MOMENTS = [
    (1, "before"),
    (1, "after"),
    (2, "before"),
    (2, "after"),
    (3, "before"),
    (3, "after"),
    (4, "before"),
    (4, "after"),
]


@pytest.mark.parametrize(
    ("number", "moment"),
    [pytest.param(*one, marks=[] if one == (3, "before") else pytest.mark.slow) for one in MOMENTS],
)
def test_an_extension_that_is_killed_as_it_writes_goes_on_to_the_same_bytes(
    cli: Cli, begun: Path, at_once: bytes, tmp_path: Path, number: int, moment: str
) -> None:
    folder = tmp_path / "sweep"
    shutil.copytree(begun, folder)
    words = command(folder, "tests.dying_child", str(number), moment)
    child = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    there = [path for path in (folder / "runs").iterdir() if not path.name.startswith(".tmp-")]
    new = 0 if number == 1 else number - 2 + (moment == "after")
    asked = open_folder(folder).sweep.runs == CASES * MANY
    where = (len(there) - len(files(begun)), asked)
    assert where == (new, (number, moment) != (1, "before")), f"not killed where it was meant to be: {child}"
    said_again(cli, folder, begun, at_once)
    assert verify(open_folder(folder)).sound


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_an_extension_that_is_killed_at_any_moment_goes_on_to_the_same_bytes(
    cli: Cli, begun: Path, at_once: bytes, tmp_path: Path, seed: int
) -> None:
    folder, dice = tmp_path / "sweep", random.Random(seed)
    shutil.copytree(begun, folder)
    before = (folder / "manifest.json").read_bytes()
    child = subprocess.Popen(command(folder), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: (folder / "manifest.json").read_bytes() != before or child.poll() is not None)
        time.sleep(dice.uniform(0, 0.5))  # any moment will do
    finally:
        child.kill()
        child.wait()
    said_again(cli, folder, begun, at_once)
