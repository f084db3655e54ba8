"""How every picture looks: marks, panels, captions, files with fixed bytes."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.text import Text

from sim import BANNER
from sim.report.pictures import colours
from sim.report.pictures.colours import INK, NOTE, OPEN, PAPER

MARKS = ("o", "s", "^", "D", "v", "P", "*", "<", ">", "p", "h", "d", "8", "|", "1", "2")
"""A mark a party, for readers and printers without colour: no two of sixteen parties have the same, and none the cross
of what is forbidden.
"""
HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---", "ooo", "|||", "+++", "**", "//.", "\\\\.", "x.", "-.", "|.", "o.")
"""A pattern a party, where areas are filled."""
WIDE_FONTS = ("Noto Sans", "Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari")
"""Fonts asked, where they are installed, for letters that the first one lacks."""
FONTS = ["DejaVu Sans", *(name for name in WIDE_FONTS if name in {font.name for font in fontManager.ttflist})]
DARK = "<style>@media (prefers-color-scheme: dark) { svg { filter: invert(1) hue-rotate(180deg) } }</style>"
"""What an SVG says of a dark screen: paper and ink change places, colours keep their hue; nothing changes in print."""
SHADES = LinearSegmentedColormap.from_list("shades", (PAPER, OPEN))
"""From nothing to all of what is open: no party's colour."""
READABLE = 0.75
"""The shade from which letters on it are as light as paper."""
SCALE = "Steps count levels on this model's scale; they are neither costs nor recommendations. "
"""Said wherever steps are drawn."""

mpl.rcParams.update(
    {
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
        "svg.hashsalt": "ceasefire-zone",
        "font.family": FONTS,
        "font.size": 9,
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": INK,
        "text.color": INK,
        "figure.facecolor": "white",
    }
)


def mark(party: int) -> str:
    """The mark of the n-th party."""
    return MARKS[party % len(MARKS)]


def hatch(party: int) -> str:
    """The pattern of the n-th party."""
    return HATCHES[party % len(HATCHES)]


def shorten(text: str, width: int) -> str:
    """Text cut at a word to fit a label."""
    return textwrap.shorten(text, width, placeholder="…")


def panels(
    count: int, *, width: float, height: float, label: float, below: float, columns: int = 2, head: float = 0.8
) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each of ``count`` things; lengths in inches.

    ``height`` is a panel's own, ``label`` the room left of it for names of options, ``below`` the room under it for
    an axis, ``head`` that of the title and a legend. Margins are given, not searched for: that takes three times as
    long as drawing.
    """
    columns = min(columns, count) or 1
    rows = max(1, -(-count // columns))
    foot, title = 0.85, 0.32
    tall = head + rows * (height + below + title) + foot
    figure = Figure(figsize=(width, tall))
    across = width / columns - label - 0.15
    axes = []
    for n in range(count):
        row, column = divmod(n, columns)
        bottom = tall - head - (row + 1) * (height + below + title) + below
        left = column * width / columns + label
        axes.append(figure.add_axes((left / width, bottom / tall, across / width, height / tall)))
    return figure, axes


def legend(figure: Figure, entries: Mapping[str, Artist], columns: int, below: float = 0.27) -> None:
    """What the marks mean, so many inches below the top, under the title."""
    tall = figure.get_figheight()
    figure.legend(
        list(entries.values()),
        list(entries),
        loc="upper left",
        bbox_to_anchor=(0.005, 1 - below / tall),
        ncols=columns,
        frameon=False,
        fontsize=8,
    )


def on_lines(text: str, wide: int, most: int) -> str:
    """Text on up to some lines of a width, cut with a mark where it is longer."""
    lines = textwrap.wrap(text, wide, break_long_words=False)
    rest = [shorten(" ".join(lines[most - 1 :]), wide)] if len(lines) > most else lines[most - 1 : most]
    return "\n".join(lines[: most - 1] + rest)


def titled(figure: Figure, title: str, caption: str) -> None:
    """What it shows as a sentence above, and below what the picture shows and that it is no forecast."""
    wide = max(40, int(figure.get_figwidth() * 14))
    tall = figure.get_figheight()
    figure.text(0.01, 1 - 0.08 / tall, title, ha="left", va="top", fontsize=12, fontweight="bold")
    lines = [*textwrap.wrap(caption, wide), *textwrap.wrap(BANNER, wide)]
    figure.text(0.01, 0.08 / tall, "\n".join(lines), ha="left", va="bottom", fontsize=8, color=NOTE)


def save(figure: Figure, folder: Path, name: str) -> None:
    """The picture as SVG and PNG, with no date and no version in them."""
    for kind in ("svg", "png"):
        (folder / f"{name}.{kind}").write_bytes(picture_bytes(figure, kind))


def picture_bytes(figure: Figure, kind: str, dpi: int | None = None) -> bytes:
    """A figure as an ``svg`` or a ``png``, the same bytes for the same figure. Letters that no font here has are told
    on the picture, once, and not on the terminal.
    """
    dpi, note = dpi or colours.DOTS_PER_INCH, _unwritten(figure)
    if note and not any(text.get_text() == note for text in figure.texts):
        figure.text(0.99, 0.002, note, ha="right", va="bottom", fontsize=7, color=NOTE)
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        if kind == "svg":
            figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, dpi=dpi)
        else:
            figure.savefig(file, format="png", dpi=dpi, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return _darkened(file.getvalue()) if kind == "svg" else file.getvalue()


def _darkened(svg: bytes) -> bytes:
    head, start, rest = svg.partition(b"<svg")
    opening, end, body = rest.partition(b">")
    return head + start + opening + end + b"\n" + DARK.encode() + body


def _unwritten(figure: Figure) -> str:
    """A note where some letters are in none of the fonts; empty where all can be written."""
    letters = {letter for text in figure.findobj(Text) for letter in text.get_text() if not letter.isascii()}
    fonts = [get_font(path) for path in _font_files()] if letters else []
    missing = {letter for letter in letters if not any(font.get_char_index(ord(letter)) for font in fonts)}
    return "Some letters are in no font installed here: the Noto fonts have them." if missing else ""


@cache
def _font_files() -> tuple[str, ...]:
    return tuple(findfont(name) for name in mpl.rcParams["font.family"])
