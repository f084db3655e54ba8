"""The colours of pictures, which colour-blind readers can tell apart; for pages see `html/parts/colours.css`."""

from __future__ import annotations

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
VERMILION, SKY, BLACK, OLIVE = "#D55E00", "#56B4E9", "#000000", "#999933"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, BLACK, OLIVE)
"""A colour a party (Okabe & Ito 2008), in the order of the scenario."""
OPEN, CLOSED, SOFT = "#00646F", "#B3261E", "#565C64"
HALF_OPEN = "#6FB3B8"
"""What is open, what is closed, and words that stand back: the states of pages, which no party has as its colour;
``HALF_OPEN`` where what is open has a part that stands out."""
DOTS_PER_INCH = 110
"""How fine a picture's PNG is."""
INK, NOTE, GREY, PALE, FAINT, PAPER = "#222222", "#555555", "#777777", "#999999", "#DDDDDD", "#FFFFFF"
"""Text and axes, then what stands back, step by step, to the ground."""


def colour(party: int) -> str:
    """The colour of the n-th party."""
    return COLOURS[party % len(COLOURS)]
