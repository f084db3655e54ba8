"""Text that is safe to show, and results as a small table for a notebook. It knows nothing of what it shows.

Letters that reorder or hide what surrounds them are written out by their code.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from sim import BANNER

JOINERS = "\u200c\u200d"
"""Letters of this kind that Persian, Hindi and emoji are spelt with; they move nothing."""


def visible(text: str) -> str:
    """The text with direction marks and other hidden letters written out.

    >>> visible("ab" + chr(0x202E) + "cd")
    'ab⟨U+202E⟩cd'
    """
    if text.isascii():
        return text
    return "".join(f"⟨U+{ord(letter):04X}⟩" if _hidden(letter) else letter for letter in text)


def _hidden(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cf", "Zl", "Zp", "Co") and letter not in JOINERS


def visible_everywhere(data: Any) -> Any:
    """The same for every text in plain data."""
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, dict):
        return {visible_everywhere(key): visible_everywhere(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [visible_everywhere(value) for value in data]
    return data


def plain(text: str) -> str:
    """Text that Markdown takes as it stands."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in text)


def table(title: str, columns: Sequence[str], rows: Iterable[tuple[str, ...]], note: str = "") -> str:
    """A result as a table in HTML, with the banner under it: what `_repr_html_` shows in a notebook.

    Under headings, columns after the first hold numbers; without any, all hold words.

    >>> table("A <b>", ["", "size"], [("zone", "3")]).count("&lt;b&gt;")
    1
    """

    def cell(tag: str, text: str, words: bool) -> str:
        return f'<{tag} style="text-align:{"left" if words else "right"}">{escape(visible(text))}</{tag}>'

    def row(tag: str, cells: Sequence[str]) -> str:
        return "<tr>" + "".join(cell(tag, text, n == 0 or not any(columns)) for n, text in enumerate(cells)) + "</tr>"

    head = f"<thead>{row('th', columns)}</thead>" if any(columns) else ""
    body = "".join(row("td", cells) for cells in rows)
    foot = "<br>".join(escape(visible(text)) for text in (note, BANNER) if text)
    caption = f'<caption style="text-align:left;caption-side:top"><b>{escape(visible(title))}</b></caption>'
    return f"<table>{caption}{head}<tbody>{body}</tbody></table><p><small>{foot}</small></p>"
