"""How sure a result is, on the page of a run: what other numbers leave, and which packages hold by themselves."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from sim.errors import ResultError
from sim.report.html.run_page import run_page
from sim.study.record import write_run
from sim.study.run import run
from sim.study.saved import SavedRun, read_run, saved
from tests.conftest import SMALL, Write

DEED = """\
consent:
  price: {high: [buyer]}
"""
"""The buyer alone can pay more, and would rather not: what rests on its deed does not hold."""


def section(of: SavedRun) -> str:
    """The words of the page's section on how sure it is."""
    html = run_page(of)
    found = html[html.index('<section id="sure">') :]
    return " ".join(unescape(re.sub("<[^>]+>", " ", found[: found.index("</section>")])).split())


@pytest.fixture
def played(write: Write) -> SavedRun:
    return saved(run(write(SMALL.replace("reservation: 40", "reservation: 10") + DEED)))


def test_a_page_says_in_how_many_draws_there_is_a_zone_and_who_would_leave_it(played: SavedRun) -> None:
    said = section(played)
    sure, stable = played.zone.sure, played.stable
    assert sure is not None and sure.held is not None and stable is not None
    assert f"Yes, in each of {sure.held.draws} draws of the assumed weights." in said
    assert f"packages: median in nine draws of ten {sure.held.zone.hits} of {sure.held.draws}" in said
    assert "not chances in the world" in said and "ceasefire robust" in said
    assert f"Nobody gains by leaving {stable.stable['nash']} of the {stable.packages} packages of the zone" in said
    assert 0 < stable.stable["nash"] < stable.packages
    assert f"looked at {stable.packages}" in said and "Nobody gains by a move of its own." in said
    assert 'href="#sure"' in run_page(played)


def test_a_page_of_a_closed_zone_says_that_no_weight_would_open_it(played: SavedRun) -> None:
    sure = played.zone.sure
    assert sure is not None
    none = {reading: dict.fromkeys(sizes, 0) for reading, sizes in played.zone.zone.items()}
    shut = replace(sure, candidates=0, empty_whatever_is_drawn=True, held=None)
    said = section(replace(played, zone=replace(played.zone, zone=none, sure=shut), stable=None))
    assert "No, however issues are weighed: red lines alone close it." in said and "draws" not in said


def test_a_folder_keeps_it_and_an_older_one_that_never_asked_still_has_a_page(played: SavedRun, tmp_path: Path) -> None:
    write_run(run(played.loaded), tmp_path)
    kept = read_run(tmp_path)
    assert kept.stable == played.stable and kept.zone.sure == played.zone.sure
    assert section(kept) == section(played)
    (tmp_path / "stable.json").unlink()
    older = replace(read_run(tmp_path), zone=replace(kept.zone, sure=None))
    assert older.stable is None and "How sure" not in run_page(older)
    (tmp_path / "stable.json").write_text("{}", "utf-8")
    with pytest.raises(ResultError, match=r"stable\.json: is damaged"):
        read_run(tmp_path)
