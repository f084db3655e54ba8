"""The card of a report: its size, its words, that the one in the README is the flagship's, and that it fits."""

from __future__ import annotations

import re
import struct
from itertools import pairwise
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import sim
from sim.report.finding_sentences import headline
from sim.report.html.write import report_on, write_in, write_report
from sim.report.pictures.card import DISCLAIMER, card, card_bytes
from sim.scenario.loader import Loaded
from sim.study.measures import ZoneMeasures, zone_measures
from sim.study.run import run
from tests.conftest import ROOT
from tests.zones import zone

SLUG = "2025-12-stalemate"


@pytest.fixture(scope="module")
def flagship() -> tuple[Loaded, ZoneMeasures]:
    loaded = sim.load(SLUG)
    return loaded, zone_measures(loaded, zone(SLUG))


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_card_says_finding_clashes_date_disclaimer_and_command(flagship: tuple[Loaded, ZoneMeasures]) -> None:
    said = words(card_bytes(*flagship, "svg").decode())
    text = " ".join(said)
    assert headline(flagship[0].scenario, flagship[1]) in text
    for line in ("Line of control: Russia against Ukraine", "European security: Europe against Russia"):
        assert line in said
    assert "2025-12-05" in text and DISCLAIMER in said and f"ceasefire report {SLUG}" in said


def test_the_card_of_the_readme_is_that_of_the_flagship(flagship: tuple[Loaded, ZoneMeasures]) -> None:
    shown = (ROOT / "docs/card.svg").read_text("utf-8")
    assert words(shown) == words(card_bytes(*flagship, "svg").decode())
    assert "docs/card.svg" in (ROOT / "README.md").read_text("utf-8")
    assert "ceasefire report 2025-12-stalemate --to docs/card.svg" in (ROOT / "docs/report.md").read_text("utf-8")


def test_a_png_is_1200_by_630_and_no_word_of_it_is_cut(flagship: tuple[Loaded, ZoneMeasures]) -> None:
    png = card_bytes(*flagship, "png")
    assert struct.unpack(">II", png[16:24]) == (1200, 630) and png == card_bytes(*flagship, "png")
    figure = card(*flagship)
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.texts]
    assert min(box.x0 for box in boxes) >= 0 and max(box.x1 for box in boxes) <= 1200
    assert min(box.y0 for box in boxes) >= 0 and max(box.y1 for box in boxes) <= 630
    tops = sorted((-box.y1, -box.y0) for box in boxes if box.x0 < 60)
    assert all(above[1] <= below[0] + 2 for above, below in pairwise(tops))


def test_each_report_of_a_folder_has_its_card_and_a_card_can_be_had_alone(tmp_path: Path) -> None:
    done = run(sim.load("toy/two-issues"))
    write_in(done, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "card.svg", "card.png"}
    alone = write_report(done, tmp_path / "alone.svg")
    assert alone.read_bytes() == (tmp_path / "card.svg").read_bytes()
    assert "deals suit both" in " ".join(words(alone.read_text("utf-8")))


def test_a_timeline_in_a_folder_has_a_card_that_counts_its_moments(tmp_path: Path) -> None:
    place = report_on(["toy/two-issues", "toy/split-the-pie"], out=tmp_path)
    assert {path.name for path in place.parent.iterdir()} == {"report.html", "card.svg", "card.png"}
    said = " ".join(words((place.parent / "card.svg").read_text("utf-8")))
    assert "A deal was possible in two of two scenarios" in said and said.count("deals") == 2
