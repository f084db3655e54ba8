"""The report of many runs: shares with intervals, the same zone and switches as that of one run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import sim
from sim.errors import ResultError
from sim.report.html.write import REPORT, report_of, report_on
from sim.study.many import Batch, run_many
from sim.study.run import run
from sim.study.shares import in_percent
from tests.conftest import Cli
from tests.report.test_report import LARGEST, Tags


@pytest.fixture(scope="module")
def batch() -> Batch:
    return run_many(sim.load("variants/2025-03-aid-cut"), 40, seed=3)


def test_a_report_of_many_runs_says_shares_with_intervals(batch: Batch) -> None:
    page, found = report_of(batch), batch.measured
    text = " ".join(Tags(page).text.split())
    agree = found.talks_agree
    assert f"{100 * agree.known:.0f} % of 40 runs" in text
    assert f"95 % interval {100 * agree.low:.0f} to {100 * agree.high:.0f} %" in text
    assert f"{100 * agree.low:.1f}" not in text, "40 runs tell no tenth of a per cent"
    for name, entry in found.endings.items():
        assert f"{name.replace('_', ' ')}" in text and in_percent(entry) in text
    for name in found.verdicts:
        assert f"{name} in " in text
    assert "One run illustrates" not in text and '<ol class="rounds"' not in page
    assert len(page.encode()) < LARGEST


def test_zone_and_switches_are_those_of_one_run(batch: Batch) -> None:
    many, one = report_of(batch), report_of(run(sim.load("variants/2025-03-aid-cut")))
    for part in (
        r'<section id="switches">.*?</section>',
        r'id="live">.*?</script>',
        r'<section id="zone">.*?</section>',
    ):
        (first,), (second,) = (re.findall(part, page, re.S) for page in (many, one))
        assert first == second


def test_folder_and_command_give_the_same_report(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / cli("run", "toy/two-issues", "--runs", "30", "--quiet", "--report").stdout.strip()
    first = (folder / REPORT).read_bytes()
    assert report_on([str(folder)]).read_bytes() == first
    told = json.loads(cli("report", "toy/two-issues", "--runs", "30", "--json").stdout)
    assert (tmp_path / told["report"]).read_bytes() == first
    assert "ceasefire run toy/two-issues --seed 0 --runs 30" in first.decode()


def test_many_runs_have_no_place_in_a_timeline(cli: Cli) -> None:
    with pytest.raises(ResultError, match="leave --runs out"):
        report_on(["toy/two-issues", "toy/split-the-pie"], runs=5)
    folder = cli("run", "toy/two-issues", "--runs", "30", "--quiet").stdout.strip()
    done = cli("report", folder, "toy/two-issues")
    assert done.returncode == 1 and "a timeline is made of runs and scenarios" in done.stderr


def test_a_batch_shows_itself(batch: Batch) -> None:
    html, agree = batch._repr_html_(), batch.measured.talks_agree
    assert f'<td style="text-align:right">{agree.hits}</td>' in html and sim.BANNER in html
    assert repr(batch) == "<Batch: variants/2025-03-aid-cut, seed 3: 40 runs>"


def test_shares_that_are_no_shares_are_named_with_their_place(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / cli("run", "toy/two-issues", "--runs", "5", "--quiet").stdout.strip()
    said = json.loads((folder / "runs.json").read_text("utf-8"))
    (folder / "runs.json").write_text(json.dumps(said | {"talks_agree": {"of": 5, "low": 0, "high": 1}}))
    done = cli("report", str(folder))
    assert done.returncode == 1 and "runs.json: is damaged: talks_agree.share: is missing" in done.stderr
