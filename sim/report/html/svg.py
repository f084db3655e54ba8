"""Small drawings as SVG for a page: a frame with title and description, lines, marks, text.

Colours are names of the page's style, so that a drawing follows light, dark and print. No number is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from sim.markup import visible

if TYPE_CHECKING:
    from markupsafe import Markup

Drawing = ElementTree.Element
Point = tuple[float, float]

MARKS = {
    "circle": "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0",
    "square": "M-2.7-2.7h5.4v5.4h-5.4z",
    "triangle": "M0-3.6L3.4 2.6H-3.4z",
    "diamond": "M0-3.8L3.8 0L0 3.8L-3.8 0z",
    "down": "M0 3.6L3.4-2.6H-3.4z",
    "plus": "M-1.2-3.4h2.4v2.2h2.2v2.4h-2.2v2.2h-2.4v-2.2h-2.2v-2.4h2.2z",
    "star": "M0-3.9L1-1.2L3.8-1.1L1.6.6L2.4 3.3L0 1.7L-2.4 3.3L-1.6.6L-3.8-1.1L-1-1.2z",
    "left": "M-3.6 0L2.6-3.4V3.4z",
    "right": "M3.6 0L-2.6-3.4V3.4z",
    "pentagon": "M0-3.7L3.5-1.1L2.2 3H-2.2L-3.5-1.1z",
    "hexagon": "M-3.6 0L-1.8-3.1H1.8L3.6 0L1.8 3.1H-1.8z",
    "thin": "M0-4L2.1 0L0 4L-2.1 0z",
    "octagon": "M-1.4-3.4H1.4L3.4-1.4V1.4L1.4 3.4H-1.4L-3.4 1.4V-1.4z",
    "pole": "M-.9-3.8h1.8v7.6h-1.8z",
    "bar": "M-3.6-1.4h7.2v2.8h-7.2z",
    "ring": "M-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0M-1.6 0a1.6 1.6 0 1 1 3.2 0a1.6 1.6 0 1 1 -3.2 0",
    "cross": "M-2.6-2.6L2.6 2.6M2.6-2.6L-2.6 2.6",
}
"""Outlines about a point, a shape for each of sixteen parties in the order of the scenario (as
`sim.report.style.MARKS`); the cross is no party's: it says that something is forbidden.
"""
SHAPES = tuple(name for name in MARKS if name != "cross")
COLOURS = 8
"""Colours of parties in the page's style; more parties have one again, with a mark of their own."""


def drawing(width: float, height: float, title: str, description: str, name: str) -> Drawing:
    """An empty drawing that a screen reader can tell: ``name`` must be its own on the page."""
    found = ElementTree.Element(
        "svg",
        {
            "viewBox": f"0 0 {width:g} {height:g}",
            "role": "img",
            "aria-labelledby": f"{name}-t {name}-d",
            "class": "drawing",
        },
    )
    ElementTree.SubElement(found, "title", {"id": f"{name}-t"}).text = visible(title)
    ElementTree.SubElement(found, "desc", {"id": f"{name}-d"}).text = visible(description)
    return found


def add(into: Drawing, kind: str, css: str = "", **attributes: float | str) -> Drawing:
    """One element; numbers are shortened, ``_`` in a name is ``-``."""
    said = {
        key.replace("_", "-"): value if isinstance(value, str) else f"{value:.5g}" for key, value in attributes.items()
    }
    return ElementTree.SubElement(into, kind, said | ({"class": css} if css else {}))


def text(into: Drawing, at: Point, words: str, css: str = "", anchor: str = "start") -> None:
    """Words at a point."""
    add(into, "text", css, x=at[0], y=at[1], text_anchor=anchor).text = visible(words)


def path(into: Drawing, points: Iterable[Point], css: str) -> None:
    """A line through points."""
    told = "L".join(f"{x:.4g} {y:.4g}" for x, y in points)
    if told:
        add(into, "path", css, d=f"M{told}")


def mark(into: Drawing, at: Point, shape: str, css: str) -> None:
    """A mark at a point."""
    add(into, "path", css, d=MARKS[shape], transform=f"translate({at[0]:.4g} {at[1]:.4g})")


def shape(party: int) -> str:
    """The mark of the n-th party: with its colour it tells 64 parties apart."""
    return SHAPES[(party + party // len(SHAPES)) % len(SHAPES)]


def css(party: int) -> str:
    """The style class of the n-th party, which holds its colour."""
    return f"p{party % COLOURS}"


def markup(of: Drawing) -> Markup:
    """The drawing as it stands in a page."""
    from markupsafe import Markup

    return Markup(ElementTree.tostring(of, encoding="unicode"))
