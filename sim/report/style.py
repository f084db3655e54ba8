"""How every picture looks: marks, panels, captions, files with fixed bytes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import BANNER
from sim.report.pictures import colours
from sim.report.pictures.colours import INK

MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
"""A mark a party, for readers and printers without colour."""
SCALE = "Steps count levels on this model's scale; they are no cost and no recommendation. "
"""Said wherever steps are drawn."""

mpl.rcParams.update(
    {
        "text.parse_math": False,  # a dollar sign in a name is a dollar sign
        "svg.hashsalt": "ceasefire-zone",
        "font.family": "DejaVu Sans",
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


def shorten(text: str, width: int) -> str:
    """Text cut at a word to fit a label."""
    return textwrap.shorten(text, width, placeholder="…")


def panels(
    count: int, *, width: float, height: float, label: float, below: float, columns: int = 2
) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each of ``count`` things; lengths in inches.

    ``height`` is a panel's own, ``label`` the room left of it for names of options, ``below`` the room under it for
    an axis. Margins are given, not searched for: that takes three times as long as drawing.
    """
    columns = min(columns, count) or 1
    rows = max(1, -(-count // columns))
    head, foot, title = 0.8, 0.85, 0.32
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


def legend(figure: Figure, entries: Mapping[str, Artist], columns: int) -> None:
    """What the marks mean, at the top under the title."""
    tall = figure.get_figheight()
    figure.legend(
        list(entries.values()),
        list(entries),
        loc="upper left",
        bbox_to_anchor=(0.005, 1 - 0.27 / tall),
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
    """Title above, and below what the picture shows and that it is no forecast."""
    wide = max(40, int(figure.get_figwidth() * 14))
    tall = figure.get_figheight()
    figure.text(0.01, 1 - 0.08 / tall, title, ha="left", va="top", fontsize=12, fontweight="bold")
    lines = [*textwrap.wrap(caption, wide), *textwrap.wrap(BANNER, wide)]
    figure.text(0.01, 0.08 / tall, "\n".join(lines), ha="left", va="bottom", fontsize=8, color="#555555")


def save(figure: Figure, folder: Path, name: str) -> None:
    """The picture as SVG and PNG, with no date and no version in them."""
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None})
    small = {"compress_level": 3}
    figure.savefig(folder / f"{name}.png", dpi=colours.DOTS_PER_INCH, metadata={"Software": None}, pil_kwargs=small)
