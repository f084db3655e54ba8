"""A report as a card to share, 1,200 by 630: the finding, what clashes, where the zone lies, date, disclaimer, command.

It says what the report says, with the same sentences; nothing is computed here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.files import beginning, write_whole
from sim.markup import command_line, visible
from sim.report import sentences
from sim.report.conflict_sentences import clashes, how, sides
from sim.report.finding_sentences import headline
from sim.report.html.zone_view import board_view
from sim.report.pictures.colours import CLOSED, FAINT, INK, OPEN, SOFT
from sim.report.style import picture_bytes, shorten
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.study.measures import ZoneMeasures

WIDE, TALL = 1200, 630
DISCLAIMER = "A teaching model, not a forecast."
EDGE = 56
MOST_CLASHES = 6
MOST_ISSUES = 14
KINDS = ("svg", "png")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
"""What stands in a PNG before its width and its height."""
HEAD = 500
"""Bytes in which a picture says how large it is."""


def card_bytes(loaded: Loaded, found: ZoneMeasures, kind: str) -> bytes:
    """The card as an ``svg``, whose words stay words, or a ``png``."""
    return drawn(card(loaded, found), kind)


def drawn(figure: Figure, kind: str) -> bytes:
    """Any card, as an ``svg`` or a ``png``."""
    with mpl.rc_context({"svg.fonttype": "none"}):
        return picture_bytes(figure, kind, dpi=72)


def write_card(loaded: Loaded, found: ZoneMeasures, path: Path) -> Path:
    """The card as a file; SVG or PNG by the ending of its name.

    Raises:
        OutputError: when the place cannot be written.
    """
    write_whole(path, card_bytes(loaded, found, path.suffix.removeprefix(".")))
    return path


def is_card(path: Path) -> bool:
    """Whether a file is a card, by its kind and its size."""
    start = beginning(path, HEAD)
    if path.suffix == ".png":
        return start.startswith(PNG + WIDE.to_bytes(4, "big") + TALL.to_bytes(4, "big"))
    return f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="{WIDE}pt" height="{TALL}pt"'.encode() in start


def card(loaded: Loaded, found: ZoneMeasures) -> Figure:
    """The card as a figure, a point to a pixel."""
    scenario = loaded.scenario
    when = f"  ·  as of {scenario.as_of.isoformat()}" if scenario.as_of else ""
    command = command_line("report", loaded.name, *loaded.options)
    said = [(line, CLOSED if strong else INK) for line, strong in _reasons(scenario, found)]
    figure = sheet(f"{shorten(scenario.title, 70)}{when}", headline(scenario, found), said, 9, command)
    _strip(figure, loaded, found)
    return figure


def sheet(kicker: str, finding: str, said: Sequence[tuple[str, str]], most: int, command: str) -> Figure:
    """A card with a finding and lines in colours below it, ``most`` of both together, and how it is made again."""
    figure = Figure(figsize=(WIDE / 72, TALL / 72), dpi=72)
    _say(figure, EDGE, 40, kicker, 20, color=SOFT)
    title = textwrap.wrap(finding, 40)[:3]
    for row, line in enumerate(title):
        _say(figure, EDGE, 74 + 56 * row, line, 44, family="serif", weight="bold")
    top = 92 + 56 * len(title)
    for row, (line, ink) in enumerate(said[: most - len(title)]):
        _say(figure, EDGE, top + 29 * row, shorten(line, 88), 20, color=ink)
    _say(figure, EDGE, 588, DISCLAIMER, 18, weight="bold")
    _say(figure, WIDE - EDGE, 588, shorten(command, 60), 18, family="monospace", ha="right")
    return figure


def _reasons(scenario: Scenario, found: ZoneMeasures) -> list[tuple[str, bool]]:
    """Why there is no zone, or no settlement, in a line each; True for headings."""
    lines: list[tuple[str, bool]] = []
    for clash in clashes(scenario, found)[:1]:
        lines.append((f"No {clash.no}: {how(clash)}", True))
        for of in (sides(scenario, ids) for ids in clash.conflicts[:MOST_CLASHES]):
            who = " against ".join(sentences.name_of(scenario, party) for party in of.lines)
            lines.append((f"{', '.join(of.issues)}: {who}", False))
        for shared in clash.shared[:1]:
            party, what = sentences.requirement(scenario, shared)
            lines.append((f"No ceasefire without a settlement: {party} requires {what.partition(' [')[0]}", False))
    return lines


def _strip(figure: Figure, loaded: Loaded, found: ZoneMeasures) -> None:
    """A column an issue, a box an option: filled where the zone has it, or no red line forbids it where there is none;
    a cross where every option is shut out.
    """
    cards = board_view(loaded, found)
    shown = sorted(cards, key=lambda entry: not entry["clashes"])[:MOST_ISSUES]
    across = (WIDE - 2 * EDGE) / max(1, len(shown))
    size = found.zone["declared"]["ceasefire"]
    said = "Options of each issue that the zone holds" if size else "Options of each issue that no red line forbids"
    _say(figure, EDGE, 450, said, 15, color=SOFT)
    for n, entry in enumerate(shown):
        left, gap = EDGE + n * across, 3
        wide = (across - 14) / len(entry["options"])
        for place, option in enumerate(entry["options"]):
            held = option["count"] > 0 if size else all(cell == "open" for cell in option["cells"])
            _box(figure, left + place * wide, 474, wide - gap, 34, OPEN if held else "none", OPEN if held else FAINT)
        if not size and entry["shut_out"]:
            _say(figure, left + (across - 14) / 2, 478, "✕", 24, color=CLOSED, weight="bold", ha="center")
        for row, line in enumerate(textwrap.wrap(entry["name"], max(8, int(across / 7.5)))[:3]):
            _say(figure, left, 516 + 16 * row, shorten(line, max(8, int(across / 6.5))), 12.5)


def _box(figure: Figure, x: float, y: float, wide: float, tall: float, fill: str, edge: str) -> None:
    at = (x / WIDE, 1 - (y + tall) / TALL)
    figure.add_artist(Rectangle(at, wide / WIDE, tall / TALL, facecolor=fill, edgecolor=edge, linewidth=1.5))


def _say(figure: Figure, x: float, y: float, words: str, size: float, **style: Any) -> None:
    """Words whose upper edge stands at a point."""
    place = {"ha": "left", "va": "top"} | style
    figure.text(x / WIDE, 1 - y / TALL, visible(words), fontsize=size, **place)
