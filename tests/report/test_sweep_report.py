"""The report of a sweep: what it says is what the analysis says, and its command makes the same sweep."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

import sim
from sim import SweepError, analyse
from sim.report.html.page import page
from sim.report.html.sweep_page import command, sweep_view
from sim.report.html.write import REPORT, report_on
from sim.sweeps.store import open_folder
from tests.conftest import Cli
from tests.console import called
from tests.report.test_report import LARGEST, Tags

ASKED = ("toy/two-issues", "--vary", "parties.ira.reservation=20:95", "--vary", "protocol.deadline=2,4,6")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = ("--cases", "64", "--replications", "2", "--seed", "7", "--workers", "1", "--out", "here", "--json")
    folder = tmp_path_factory.mktemp("made")
    assert called("sweep", *ASKED, "--design", "sobol", *words, folder=folder).returncode == 0
    return folder / "here"


@pytest.fixture
def swept(made: Path, tmp_path: Path) -> Path:
    """A copy of the sweep that a test may change."""
    return Path(copytree(made, tmp_path / "here"))


def test_the_report_of_a_sweep_says_what_the_analysis_says(cli: Cli, swept: Path) -> None:
    told = json.loads(cli("report", "here", "--json").stdout)
    page = (swept / REPORT).read_text("utf-8")
    assert told == {"report": str(Path("here", REPORT)), "bytes": len(page.encode())} and told["bytes"] < LARGEST
    cli("sweeps", "analyse", "here")
    text = " ".join(Tags(page).text.split())
    summary = (swept / "analysis/summary.md").read_text("utf-8")
    for line in re.findall(r"^- (.*)$", summary, re.M)[2:]:
        assert " ".join(line.split()) in text
    share = json.loads((swept / "analysis/analysis.json").read_text("utf-8"))["results"]["zone_exists"]["zone"]
    assert f"{100 * share['share']:.0f} % of 64 cases" in text and "of 128 runs" in text
    assert page.count("data:image/svg+xml;base64,") >= 2
    card = " ".join(re.sub("<[^>]*>", " ", (swept / "card.svg").read_text("utf-8")).split())
    assert f"A zone exists in {100 * share['share']:.0f} %" in card and "The talks agree in" in card
    assert not [said for tag, said in Tags(page).tags if tag == "img" and not (said["src"] or "").startswith("data:")]


def test_a_report_of_the_first_cases_alone_says_so(swept: Path) -> None:
    folder = open_folder(swept)
    assert "These are the first" not in report_on([str(swept)]).read_text("utf-8")
    cut = replace(folder, sweep=replace(folder.sweep, design=folder.sweep.design.extended(32)))
    found = analyse(cut)
    measured = replace(found.measured, of_cases=64)
    text = Tags(page("sweep.html", sweep_view(folder, replace(found, measured=measured)))).text
    assert 'These are the first of 64 cases; "sweeps analyse --memory" takes more.' in text


def test_the_same_sweep_has_the_same_report(swept: Path) -> None:
    first = report_on([str(swept)]).read_bytes()
    assert report_on([str(swept)], to=swept.parent / "again.html").read_bytes() == first


def test_the_command_in_a_report_makes_the_same_sweep(cli: Cli, swept: Path) -> None:
    words = shlex.split(command(open_folder(swept)))
    assert words[0] == "ceasefire"
    assert cli(*words[1:], "--workers", "1", "--out", "twin", "--json").returncode == 0
    assert open_folder(swept.parent / "twin").sweep.hash == open_folder(swept).sweep.hash
    assert report_on([str(swept.parent / "twin")]).read_bytes() == report_on([str(swept)]).read_bytes()


def test_a_damaged_sweep_is_named_and_keeps_its_older_report(swept: Path) -> None:
    (swept / REPORT).write_text("older")
    sorted((swept / "runs").glob("*.parquet"))[0].write_bytes(b"PAR1")
    with pytest.raises(SweepError, match="is damaged"):
        report_on([str(swept)])
    assert (swept / REPORT).read_text() == "older"


def test_a_sweep_has_no_place_in_a_timeline(cli: Cli, swept: Path) -> None:
    done = cli("report", "here", "toy/two-issues")
    assert done.returncode == 1 and "a timeline is made of runs and scenarios" in done.stderr


def test_a_sweep_and_its_analysis_show_themselves(swept: Path) -> None:
    folder = open_folder(swept)
    plan, found = folder.sweep._repr_html_(), analyse(folder)
    assert '<td style="text-align:left">20 to 95</td>' in plan and "64 cases (sobol) × 2 = 128 runs" in plan
    zone = found.measures["results"]["zone_exists"]["zone"]
    assert f">{100 * zone['share']:.0f} %</td>" in found._repr_html_() and sim.BANNER in found._repr_html_()
    assert repr(found) == "<Analysis: Two issues, one trade, 64 cases>"
