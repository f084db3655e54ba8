"""The commands on sweeps as a user types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import cache, partial
from pathlib import Path

import pytest
import typer

from sim.cli.sweeping import conducted
from sim.report.html.write import report_on
from sim.scenario.columns import refused
from sim.scenario.library import slugs
from sim.sweeps.analyse import analyse
from sim.sweeps.conduct import Progress, Progressed, conduct, status
from sim.sweeps.outcomes import Laboratory
from sim.sweeps.store import create, open_folder
from sim.sweeps.sweep import sweep
from sim.sweeps.sweep_file import shipped
from tests.conftest import Cli
from tests.waiting import NET, wait_until

SMALL = ("sweep", "toy/two-issues", "--vary", "protocol.deadline=2,4,6", "--design", "grid", "--out", "here")


def test_a_sweep_from_start_to_end(cli: Cli, tmp_path: Path) -> None:
    found = json.loads(cli(*SMALL, "--replications", "2", "--json").stdout)
    assert found["runs_done"] == 6 and found["zone_exists"]["zone"]["hits"] == 3
    stood = json.loads(cli("sweeps", "status", "here", "--json").stdout)
    assert stood["complete"] and stood["failed"] == 0 and stood["hash"]
    assert cli("sweeps", "verify", "here", "--all").returncode == 0
    assert "6 rows in runs.csv" in cli("sweeps", "table", "here", "--out", "runs.csv").stdout
    assert (tmp_path / "runs.csv").read_text("utf-8").count("\n") == 7
    assert "3 rows" in cli("sweeps", "table", "here", "--out", "cases.parquet", "--by", "case").stdout
    said = cli("sweeps", "analyse", "here").stdout
    assert "A zone exists in 100 %" in said and (tmp_path / "here/analysis/summary.md").exists()
    played = cli("replay", "here", "--run", "5").stdout
    assert "protocol.deadline = 6" in played and "The sweep's table says the same of this run." in played
    replayed = json.loads(cli("replay", "here", "--run", "5", "--json").stdout)
    assert replayed["in_the_table"] is True and replayed["transcript"]
    again = cli(*SMALL, "--replications", "2")
    assert again.returncode == 0 and "6 runs of 3 cases" in again.stdout


def test_a_share_that_needs_no_interval_says_that_it_is_exact(cli: Cli, tmp_path: Path) -> None:
    shown = " ".join(cli(*SMALL, "--replications", "2").stdout.split())
    assert "all cases 100 %, exact" in shown
    assert "tell of draws alone; shares of cases are exact on this grid, whose 3 cases are all there are" in shown
    said = cli("sweeps", "analyse", "here").stdout
    assert "A zone exists in 100 % of these 3 cases; exact on this grid." in said
    found = json.loads(cli("sweeps", "analyse", "here", "--json").stdout)["results"]["zone_exists"]["zone"]
    assert (found["hits"], found["low"], found["high"]) == (3, None, None)
    notebook = analyse(tmp_path / "here")._repr_html_()
    assert ">exact</td>" in notebook and "95 % intervals, of draws alone" in notebook
    assert "Exact on this grid, whose 3 cases are all there are." in report_on([str(tmp_path / "here")]).read_text(
        "utf-8"
    )


def test_one_run_of_each_case_of_a_grid_has_no_interval_and_says_why(cli: Cli, tmp_path: Path) -> None:
    shown = " ".join(cli(*SMALL, "--replications", "1").stdout.split())
    why = "no interval: one run of a case does not tell what luck does"
    assert f"shares of runs have {why}" in shown and "brackets" not in shown
    assert why in " ".join(cli("sweeps", "analyse", "here").stdout.split())
    assert f"Simulated; {why}." in report_on([str(tmp_path / "here")]).read_text("utf-8")


def test_an_unfinished_sweep_is_not_presented_as_the_whole(cli: Cli, tmp_path: Path) -> None:
    varied = ["parties.ira.reservation=20,30,40"]
    conduct(sweep("toy/two-issues", varied, kind="grid", replications=4), tmp_path / "here", chunk=4)
    whole = cli("sweeps", "analyse", "here", "--json").stdout
    assert "runs_to_come" not in whole and "all there are" in (tmp_path / "here/analysis/summary.md").read_text("utf-8")
    next((tmp_path / "here/runs").iterdir()).unlink()
    said = cli("sweeps", "analyse", "here").stdout
    assert "Not finished: 4 of 12 runs are not done yet and in no share." in said
    summary = (tmp_path / "here/analysis/summary.md").read_text("utf-8")
    assert "Not finished: 4 of 12 runs" in summary and "all there are" not in said + summary
    assert "shares of cases are exact for the 2 cases so far" in summary
    assert json.loads(cli("sweeps", "analyse", "here", "--json").stdout)["results"]["runs_to_come"] == 4
    page = report_on([str(tmp_path / "here")]).read_text("utf-8")
    assert (
        "Not finished: 4 of 12 runs" in page and "4 of 12 runs are not yet" in analyse(tmp_path / "here")._repr_html_()
    )


def test_a_field_of_a_table_with_one_value_is_said_once(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("protocol.deadline,parties.ira.reservation\n3,20\n3,30\n", "utf-8")
    said = cli("sweep", "toy/two-issues", "--table", "mine.csv", "--dry-run").stdout
    assert "protocol.deadline: 3 rounds" in said and "parties.ira.reservation: 20 to 30 points" in said


def test_a_dry_run_says_what_it_costs_and_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    shown = cli(*SMALL, "--dry-run")
    assert "3 cases (grid)" in shown.stdout and "MB on disk" in shown.stdout
    assert list(tmp_path.iterdir()) == []


def test_every_field_is_listed_with_unit_and_range(cli: Cli) -> None:
    shown = cli("sweep", "2025-12-stalemate", "--list").stdout
    assert "parties.russia.war.cost" in shown and "points a month" in shown and "[0, 200]" in shown
    listed = json.loads(cli("sweep", "2025-12-stalemate", "--list", "--json").stdout)
    assert len(listed) > 300 and {"path", "now", "unit", "range", "basis"} <= set(listed[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sweep", "toy/two-issues"), "nothing varies"),
        (("sweep", "toy/two-isues", "--vary", "protocol.deadline=2:4"), 'did you mean "toy/two-issues"'),
        (("sweep", "toy/two-issues", "--vary", "protocol.deadlin=2:4"), 'did you mean "protocol.deadline"'),
        (("sweep", "toy/two-issues", "--vary", "protocol.deadline=2:4", "--design", "sobl"), "one of: grid, sobol"),
        (
            ("sweep", "toy/two-issues", "--vary", "parties.ira.reservation=2:4", "--design", "grid"),
            "a grid needs steps",
        ),
        (("sweep", "toy/two-issues", "--table", "none.csv"), "none.csv: no such file"),
        (("sweeps", "status", "nowhere"), "nowhere holds no sweep"),
        (("sweeps", "analyse", "nowhere"), "nowhere holds no sweep"),
        (("replay", "nowhere", "--run", "1"), "nowhere holds no sweep"),
    ],
)
def test_a_slip_is_one_line_with_the_nearest_right_word(cli: Cli, words: tuple[str, ...], said: str) -> None:
    done = cli(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr and done.stderr.count("\n") == 1


def test_a_missing_library_is_one_line_with_the_command_that_installs_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = cli(*SMALL)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert 'sweeps need pyarrow; install it with: python -m pip install "ceasefire-zone[sweep]"' in done.stderr


made_of = cache(sweep)
"""Each shipped sweep, made once."""


def test_shipped_sweeps_are_no_scenarios_and_can_be_made_each_run_with_draws_of_its_own() -> None:
    found = shipped()
    assert len(found) == 5 and all(title for title in found.values())
    assert not set(found) & set(slugs())
    for made in map(made_of, found):
        assert (made.common, made.replications >= 4) == (False, True)
        assert 1_000 < made.runs <= 20_000
        made.design.rows(0, 2)


def test_shipped_sweeps_are_listed(cli: Cli) -> None:
    listed = cli("sweep").stdout
    assert all(slug in listed for slug in shipped())


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(tmp_path: Path) -> None:
    # Chunks are small, and far more than a machine works off before the signal comes, however late that is.
    create(tmp_path / "here", sweep("toy/two-issues", ["parties.ira.reservation=20:80"], cases=4_000_000), 256)
    words = [sys.executable, "-m", "sim", "sweep", "toy/two-issues", "--vary", "parties.ira.reservation=20:80"]
    words += ["--cases", "4000000", "--workers", "1", "--out", "here"]
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # what is started in the background ignores it
    child = subprocess.Popen(
        words, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=heard
    )
    wait_until(lambda: list(tmp_path.glob("here/runs/0*.parquet")) or child.poll() is not None)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=NET)
    assert child.returncode == 130 and out == ""
    assert err.startswith("ceasefire: stopped: ") and err.count("\n") == 1
    kept = status(open_folder(tmp_path / "here")).runs_done
    assert f"{kept:,} of 16,000,000 runs are done and kept in here; the same command goes on from there" in err
    assert not list(tmp_path.rglob(".tmp-*"))


@pytest.mark.parametrize("slug", sorted(shipped()))
def test_no_case_of_a_shipped_sweep_is_refused(slug: str) -> None:
    made = made_of(slug)
    seen = Laboratory(made)
    rows = made.design.rows(0, made.design.cases)
    keys = {tuple(float(rows[path][n]) for path in made.compiled) for n in range(made.design.cases)}
    for key in keys:
        group = seen.group(key)
        assert not isinstance(group, str), group
        columns = {path: column for path, column in rows.items() if path not in made.compiled}
        assert refused(group.loaded, columns) == {}


def test_a_sweep_that_is_stopped_before_any_run_keeps_nothing_and_says_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(told: Progress) -> Progressed:
        raise KeyboardInterrupt

    with pytest.raises(typer.Exit):
        conducted(stopped, 256, tmp_path / "none", as_json=False)
    said = capsys.readouterr().err
    assert "stopped: no run was done yet; the same command begins anew" in said and "none" not in said
