"""Letters that pictures can draw: fonts at hand for what the usual one lacks, and codes for what none of them has."""

from __future__ import annotations

import re
from functools import cache

from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

USUAL = "DejaVu Sans"
UNFIT = re.compile(r"emoji|last resort|symbol|dingbats", re.IGNORECASE)
"""Fonts that hold pictures instead of letters, or a box for every letter there is."""
MOST_CODES = 2
"""Letters of a stretch that are told by their codes; of a longer one the first, and how many follow."""


def make_readable(figure: Figure) -> None:
    """Let every text of a figure be drawn by fonts that have its letters, as far as there are such."""
    for panel in figure.axes:
        for axis in (panel.xaxis, panel.yaxis):
            labels = axis.get_majorticklabels()
            if any(_missing(label.get_text()) for label in labels):  # ticks are named anew whenever they are drawn
                axis.set_ticks(axis.get_majorticklocs(), [_readable(label) for label in labels])
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_text(_readable(text))


def _readable(text: Text) -> str:
    """What a text says in letters that can be drawn; it is given the fonts for them."""
    said = text.get_text()
    missing = _missing(said)
    if not missing:
        return said
    families = [name for letter in sorted(missing) if (name := _family(letter))]
    text.set_fontfamily(list(dict.fromkeys([USUAL, *families])))
    return coded(said, frozenset(letter for letter in missing if _family(letter) is None))


def _missing(said: str) -> set[str]:
    return set() if said.isascii() else {letter for letter in said if not letter.isspace()} - _letters(USUAL)


def coded(text: str, lost: frozenset[str]) -> str:
    """The text with each stretch of letters that cannot be drawn told by their codes.

    >>> coded("to X", frozenset("X")), coded("XYZX!", frozenset("XYZ"))
    ('to ⟨U+0058⟩', '⟨U+0058 and 3 more⟩!')
    """

    def codes(match: re.Match[str]) -> str:
        letters = match[0]
        shown = letters if len(letters) <= MOST_CODES else letters[:1]
        more = f" and {len(letters) - 1} more" if len(letters) > MOST_CODES else ""
        return f"⟨{' '.join(f'U+{ord(letter):04X}' for letter in shown)}{more}⟩"

    return re.sub(f"[{re.escape(''.join(sorted(lost)))}]+", codes, text) if lost else text


@cache
def _fonts() -> dict[str, str]:
    """Fonts at hand for running text, upright and of usual weight: names and files, in the order of their names."""
    plain = (font for font in fontManager.ttflist if font.style == "normal" and font.weight in (400, "normal"))
    return dict(sorted((font.name, font.fname) for font in plain if not UNFIT.search(font.name)))


@cache
def _letters(family: str) -> frozenset[str]:
    """The letters of a font; none of one that cannot be read."""
    try:
        return frozenset(map(chr, FT2Font(_fonts()[family]).get_charmap()))
    except (KeyError, OSError, RuntimeError):
        return frozenset()


@cache
def _family(letter: str) -> str | None:
    """The first font at hand, by name, that has a letter."""
    return next((name for name in _fonts() if letter in _letters(name)), None)
