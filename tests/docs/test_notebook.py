"""Notebooks: results show themselves, safely, and the tutorial shows what its cells print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import sim
from sim.study.run import run
from tests.conftest import Write
from tests.notebook import TUTORIAL, executed, shown
from tests.report.test_report import HOSTILE, MARK, Tags
from tests.zones import zone


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_the_tutorial_shows_what_its_cells_print(tmp_path: Path) -> None:
    import nbformat

    again = executed(TUTORIAL, tmp_path)
    assert shown(again) == shown(nbformat.read(TUTORIAL, as_version=4)), "python -m tests.notebook rewrites it"
    assert not [output for cells in shown(again) for output in cells if "Warning" in str(output)]
    assert (tmp_path / "report.html").stat().st_size > 100_000


def test_a_zone_and_a_run_show_themselves() -> None:
    done = run(sim.load("toy/two-issues"))
    text = " ".join(Tags(done._repr_html_()).text.split())
    assert "Do the talks find one?settlement in round 9" in text and "reached: the parties signed" in text
    assert sim.BANNER in text and sim.BANNER in done.zone._repr_html_()
    assert repr(done) == "<Run: toy/two-issues, seed 0: settlement, reached>"
    assert "A zone of 2 packages" in done.zone._repr_html_()
    assert "declared lines and reservation values22" in Tags(done.zone._repr_html_()).text


def test_a_large_zone_is_shown_without_a_look_at_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    shown_again = replace(zone("2025-12-stalemate"), kept=None)
    monkeypatch.setattr("sim.zone.region.slabs", lambda case: pytest.fail("looked at every package"))
    assert repr(shown_again) == "<Zone: 0 of 1,466,656 coherent packages>"
    assert "115,616" in shown_again._repr_html_()


def test_hostile_names_stay_text_in_a_notebook(write: Write) -> None:
    done = run(sim.load(write(HOSTILE)))
    for html in (done._repr_html_(), done.zone._repr_html_()):
        assert not {"script", "img"} & {tag for tag, _ in Tags(html).tags}
        assert MARK not in html
