"""Pictures that say what they show: letters no font has, parties beyond eight, maps and trees of a sweep."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import load
from sim.report.html.zone_view import board_view
from sim.report.pictures.batch import missed
from sim.report.pictures.colours import colour
from sim.report.pictures.run import _short_names
from sim.report.pictures.sweep_heat import SPARSE, _border, _borders, _cells_along
from sim.report.pictures.zone import _range_panel
from sim.report.style import mark, picture_bytes
from sim.study.run import run
from tests.conftest import SMALL, Write


def test_no_two_of_sixteen_parties_look_alike() -> None:
    assert len({(colour(party), mark(party)) for party in range(16)}) == 16


def test_labels_with_no_room_are_initials_or_the_beginnings_that_differ() -> None:
    shipped = load("2025-12-stalemate")
    assert "US" in _short_names(shipped)
    assert len(set(_short_names(shipped))) == len(shipped.case.parties)


def test_an_svg_turns_dark_with_the_screen_and_a_png_does_not() -> None:
    figure = Figure()
    assert picture_bytes(figure, "svg").count(b"prefers-color-scheme: dark") == 1
    assert picture_bytes(figure, "svg").count(b"<svg") == 1
    assert b"prefers" not in picture_bytes(figure, "png")


@pytest.mark.parametrize("axis", range(10))
def test_options_of_shipped_issues_are_written_out_in_full(axis: int) -> None:
    shipped = load("2025-12-stalemate")
    panel = Figure().add_axes((0, 0, 1, 1))
    _range_panel(panel, shipped, axis, [("all", "grey", np.ones((len(shipped.scenario.issues), 9), dtype=bool))])
    names = [text.get_text().replace("\n", " ") for text in panel.get_xticklabels()]
    issue = list(shipped.scenario.issues.values())[axis]
    assert [name.replace("- ", "-") for name in names] == [label.replace("- ", "-") for label in issue.labels.values()]


def test_no_dust_of_a_sum_is_a_share() -> None:
    assert 1 - 0.7 - 0.3 > 0
    assert missed(0.7, 0.3) == 0 and missed(0.5, 0.2) == 0.3


def test_no_border_runs_along_cells_that_nobody_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = np.array([[0.9, 0.1, np.nan], [0.9, np.nan, 0.9]])
    across, along = _borders(grid)
    assert across.tolist() == [[True, False], [False, False]] and not along.any()
    drawn: list[object] = []
    monkeypatch.setattr(Axes, "plot", lambda self, *at, **style: drawn.append(at))
    _border(Figure().add_axes((0, 0, 1, 1)), grid)
    assert len(drawn) == 1


@pytest.mark.parametrize("cases", [64, 512, 1_024, 4_096, 100_000])
def test_cells_of_a_map_hold_enough_cases_where_there_are_enough(cases: int) -> None:
    cells = _cells_along(cases)
    assert 3 <= cells <= 10
    assert cases / cells**2 >= 2 * SPARSE or cells == 3


@pytest.mark.parametrize(("when", "shut_out"), [("", True), ("when: {place: [here]}, ", False)])
def test_only_lines_without_a_condition_shut_every_option_out(write: Write, when: str, shut_out: bool) -> None:
    lines = "".join(
        f"  - {{id: {party}-line, party: {party}, {when}requires: {{price: [{option}]}}, basis: assumption}}\n"
        for party, option in (("seller", "high"), ("buyer", "low"))
    )
    loaded = load(write(SMALL + "red_lines:\n" + lines))
    cards = {card["id"]: card for card in board_view(loaded, run(loaded).zone_measures)}
    assert cards["price"]["shut_out"] is shut_out
