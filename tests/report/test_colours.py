"""Colours and marks: whatever two of them stand for can be told apart, with colour-blind eyes too, and all stand in
one place.

Colour blindness is simulated after Machado, Oliveira & Fernandes (2009), "A physiologically-based model for simulation
of color vision deficiency", IEEE TVCG 15(6), at full severity; distances are CIE 1976 in L*a*b*.
"""

from __future__ import annotations

import re
import warnings
from itertools import combinations

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.figure import Figure

from sim.report.html.page import part
from sim.report.html.svg import MARKS as OUTLINES
from sim.report.html.svg import SHAPES, css
from sim.report.pictures import colours
from sim.report.pictures.batch import CAUSES, GOING_ON
from sim.report.style import HATCHES, MARKS, hatch, mark, picture_bytes
from tests.conftest import ROOT

SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
FAR = 20.0


def lab(colour: str, sight: str) -> npt.NDArray[np.float64]:
    part = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    x, y, z = (XYZ @ np.clip(SIGHT[sight] @ linear, 0, 1)) / XYZ.sum(axis=1)
    f = [value ** (1 / 3) if value > (6 / 29) ** 3 else value / (3 * (6 / 29) ** 2) + 4 / 29 for value in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str) -> float:
    """The least distance of two colours under any sight."""
    return float(min(np.linalg.norm(lab(one, sight) - lab(other, sight)) for sight in SIGHT))


def test_the_distance_is_that_of_known_pairs() -> None:
    assert np.linalg.norm(lab("#FFFFFF", "normal") - lab("#000000", "normal")) == pytest.approx(100, abs=0.1)
    assert apart("#777777", "#777777") == 0
    red, green = "#D00000", "#00A000"
    assert np.linalg.norm(lab(red, "normal") - lab(green, "normal")) > 100 > 3 * apart(red, green)


def test_open_and_closed_are_far_apart_for_every_eye_on_paper_and_on_pages() -> None:
    pairs = [(colours.OPEN, colours.CLOSED), (colours.OPEN, colours.PALE), (colours.CLOSED, colours.INK)]
    for theme in re.findall(r":root \{(.*?)\}", part("colours.css"), re.S):
        said = dict(re.findall(r"--(open|red|paper): (#[0-9a-f]{6})", theme + "--paper: #ffffff;"))
        pairs += [(said["open"], said["red"]), (said["open"], said["paper"]), (said["red"], said["paper"])]
    for one, other in pairs:
        assert apart(one, other) >= FAR, (one, other)


def test_two_parties_or_states_differ_by_colour_or_by_mark_and_no_party_has_a_states_cross() -> None:
    for one, other in combinations(range(16), 2):
        assert mark(one) != mark(other) and hatch(one) != hatch(other)
        assert OUTLINES[SHAPES[one]] != OUTLINES[SHAPES[other]]
        assert css(one) != css(other) or one % 8 == other % 8
    assert len(MARKS) == len(HATCHES) == len(SHAPES) == 16
    assert not {"x", "X"} & set(MARKS) and "cross" not in SHAPES  # the cross says forbidden, in closed's colour
    assert not {colours.OPEN, colours.CLOSED} & set(colours.COLOURS)


def test_lines_of_endings_differ_by_colour_or_by_pattern() -> None:
    drawn = [*CAUSES.values(), GOING_ON]
    for one, other in combinations(drawn, 2):
        same = one.get("linestyle", "-") == other.get("linestyle", "-")
        assert not same or apart(one["color"], other["color"]) >= FAR


def test_colours_stand_in_one_place() -> None:
    for path in (ROOT / "sim/report").rglob("*.py"):
        if path.name not in ("colours.py", "sheets.py"):
            assert not re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text("utf-8")), path


def test_letters_that_no_font_has_are_told_on_the_picture_and_nowhere_else(capfd: pytest.CaptureFixture[str]) -> None:
    figure = Figure()
    figure.text(0.5, 0.5, "peace \u13a0\u13a1 \U0001f54a\ufdfd")
    with warnings.catch_warnings(), mpl.rc_context({"svg.fonttype": "none"}):
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DeprecationWarning)  # old Matplotlib's own
        once, again = (picture_bytes(figure, "svg").decode() for _ in range(2))
        picture_bytes(figure, "png")
    assert once == again and once.count("in no font installed here") == 1
    assert "in no font" not in picture_bytes(Figure(), "svg").decode()
    assert capfd.readouterr() == ("", "")
