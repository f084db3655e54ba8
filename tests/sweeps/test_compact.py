"""Many files put together to a few: nothing lost whenever it is killed, and the same however the sweep was run."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from sim.cli.sweeping import conducted
from sim.errors import SweepError
from sim.sweeps import bounded as limits
from sim.sweeps import compact as module
from sim.sweeps.analyse import analyse
from sim.sweeps.bounded import bounded
from sim.sweeps.compact import compact
from sim.sweeps.conduct import begin, conduct, extend, status
from sim.sweeps.design import DesignKind
from sim.sweeps.export import export
from sim.sweeps.store import open_folder, read_chunk
from sim.sweeps.sweep import sweep
from sim.sweeps.verify import replay, verify
from tests.conftest import Cli
from tests.sweep_child import CHUNK, files, small

LARGE = 10
"""Runs of a large file here: 24 runs in three files."""


def table(folder: Path) -> bytes:
    """The whole table of a sweep, as bytes."""
    export(open_folder(folder), folder.with_suffix(".csv"))
    return folder.with_suffix(".csv").read_bytes()


@pytest.mark.parametrize("chunk", [4, 6, 24])
def test_compacted_folders_are_the_same_however_the_sweep_was_cut(tmp_path: Path, chunk: int) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    conduct(small(), one, chunk=2)
    conduct(small(), other, chunk=chunk)
    before = table(other)
    told = compact(one, LARGE)
    assert (told.files_before, told.files) == (12, 3)
    compact(other, LARGE)
    assert list(files(one)) and files(one) == files(other)
    assert table(other) == before
    assert verify(open_folder(other), everything=True).sound
    assert replay(open_folder(other), 17)[1].in_the_table and conduct(small(), other).complete


def test_a_sweep_goes_on_after_it_was_put_together(swept: Path, tmp_path: Path) -> None:
    folder, whole = swept, tmp_path / "whole"
    compact(folder, LARGE)
    assert extend(folder, 17).complete
    compact(folder, LARGE)
    conduct(small(17), whole, chunk=17)
    assert table(folder) == table(whole) and len(files(folder)) == 4


@pytest.mark.parametrize("moment", ["a large file", "the manifest"])
def test_nothing_is_lost_when_it_is_killed(swept: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    folder = swept
    before, name = table(folder), {"a large file": "encoded", "the manifest": "resized"}[moment]
    real, times = getattr(module, name), iter(range(9))

    def killed(*words: object) -> object:
        if moment == "the manifest" or next(times) == 1:
            raise KeyboardInterrupt
        return real(*words)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(module, name, killed)
        compact(folder, LARGE)
    assert status(open_folder(folder)).complete and table(folder) == before
    compact(folder, LARGE)
    assert len(files(folder)) == 3 and table(folder) == before


def test_failures_are_the_same_in_one_file_as_in_many(tmp_path: Path) -> None:
    vary = ["parties.russia.war.win.russia=0.5,0.99", "protocol.deadline=1"]
    made = sweep("2025-12-stalemate", vary, kind="grid", replications=4)
    for name, chunk in (("one", 8), ("many", 1)):
        conduct(made, tmp_path / name, chunk=chunk)
        compact(tmp_path / name, 100)
    assert files(tmp_path / "one") == files(tmp_path / "many")
    (failure,) = read_chunk(open_folder(tmp_path / "many"), 0, 8).failures
    assert (failure.start, failure.stop) == (4, 8)


def test_what_is_not_finished_is_left_alone(tmp_path: Path, cli: Cli) -> None:
    begin(small(), tmp_path / "sweep", chunk=CHUNK)
    with pytest.raises(SweepError, match="is not finished"):
        compact(tmp_path / "sweep")
    conduct(small(), tmp_path / "sweep")
    said = cli("sweeps", "compact", "sweep")
    assert said.returncode == 0 and said.stdout.startswith("1 file instead of 6 (")


def test_an_analysis_that_may_take_little_memory_looks_at_the_first_cases_and_says_so(tmp_path: Path, cli: Cli) -> None:
    vary = ["parties.ira.reservation=20:95", "protocol.deadline=2:4"]
    large, few = tmp_path / "large", tmp_path / "few"
    conduct(sweep("toy/two-issues", vary, cases=96, replications=2, seed=7), large, chunk=22)
    conduct(sweep("toy/two-issues", vary, cases=64, replications=2, seed=7), few, chunk=128)
    assert bounded(open_folder(large)).sweep.design.cases == 96
    found, asked = analyse(large, memory=100).measures, analyse(few).measures
    assert (found.pop("of_cases"), asked.pop("of_cases")) == (96, 64)
    assert found == asked
    said = cli("sweeps", "analyse", "large", "--memory", "100").stdout
    assert "These are the first of 96 cases" in said
    assert "first of 96 cases" in (large / "analysis/summary.md").read_text("utf-8")


def test_a_grid_too_large_for_the_memory_is_refused_with_what_it_takes(tmp_path: Path) -> None:
    begin(sweep("toy/two-issues", ["parties.ira.reservation=10:90:1"], kind="grid"), tmp_path / "sweep", chunk=50)
    with pytest.raises(SweepError, match=r"has 81 cases, and looking at them takes some 400 MB: allow it with"):
        bounded(open_folder(tmp_path / "sweep"), 100)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_finished_sweep_too_large_to_look_at_says_so_and_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    grid = sweep("toy/two-issues", ["parties.ira.reservation=10:90:1"], kind="grid", replications=1)
    monkeypatch.setattr(limits, "bounded", partial(bounded, megabytes=100))
    conducted(lambda told: conduct(grid, tmp_path / "sweep"), 81, tmp_path / "sweep", as_json)
    said = capsys.readouterr()
    assert json.loads(said.out)["complete"] if as_json else "81 of 81 runs done" in said.out
    assert "sweeps analyse --memory 400" in said.err


@pytest.mark.parametrize(("kind", "first"), [("saltelli", 64), ("saltelli-pairs", 48)])
def test_no_more_cases_of_a_saltelli_design_are_looked_at_than_memory_is_allowed_for(
    tmp_path: Path, kind: DesignKind, first: int
) -> None:
    vary = ["parties.ira.reservation=20:95", "protocol.deadline=2:12"]
    folder, _ = begin(sweep("toy/two-issues", vary, kind=kind, cases=128), tmp_path / "sweep", chunk=64)
    assert bounded(folder, 100).sweep.design.cases == first
