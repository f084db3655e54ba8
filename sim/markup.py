"""Text that is safe to show, and results as a small table for a notebook. It knows nothing of what it shows.

Letters that reorder or hide what surrounds them are written out by their code.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from sim import BANNER
from sim.errors import shortened

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


def one_line(text: str) -> str:
    """A message in one line: what would steer a terminal is written out, and words without end are cut in the middle.

    >>> one_line("no" + chr(10) + chr(27) + "[31m"), len(one_line("a" * 5_000))
    ('no ⟨U+001B⟩[31m', 259)
    """
    words = visible(" ".join(map(shortened, text.split())))
    return "".join(f"⟨U+{ord(x):04X}⟩" if unicodedata.category(x) == "Cc" else x for x in words)


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


def counted(count: int, word: str, many: str = "") -> str:
    """A number of things in words; ``many`` where these are called otherwise than with an s.

    >>> counted(1, "package"), counted(2_000, "package"), counted(2, "process", "processes")
    ('1 package', '2,000 packages', '2 processes')
    """
    return f"{count:,} {word if count == 1 else many or word + 's'}"


def two_digits(number: float) -> str:
    """A number from 0 on with two digits, or with all that stand before its point.

    >>> two_digits(0.123), two_digits(9.96), two_digits(1234.5)
    ('0.12', '10', '1,234')
    """
    return f"{number:.2g}" if number < 10 else f"{number:,.0f}"


THINGS = re.compile(r"^(level|month|move|package|part|point|round|sigma|step)s\b")
"""Units that are things to count."""


def unit_of(value: object, unit: str) -> str:
    """A unit as it is said behind a value, which may be a text.

    >>> unit_of(1, "points a month"), unit_of(2.5, "points a month"), unit_of("1", "rounds"), unit_of(1, "times")
    ('point a month', 'points a month', 'round', 'times')
    """
    return THINGS.sub(r"\1", unit) if str(value) in ("1", "1.0") else unit


def capital(words: str) -> str:
    """Words as a sentence begins, names and all else in them as they stand."""
    return words[:1].upper() + words[1:]


def listed(names: Sequence[str]) -> str:
    """Names as people list them: ``A``, ``A and B``, ``A, B and C``.

    >>> listed(["A", "B", "C"])
    'A, B and C'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def percent(share: float, digits: int = 0) -> str:
    """A share in per cent; all and nothing are said only of all and nothing.

    >>> percent(1), percent(0.9996), percent(0.5), percent(0.0001), percent(0)
    ('100 %', '> 99 %', '50 %', '< 1 %', '0 %')
    >>> percent(2047 / 2048, 1), percent(1 / 2048, 1), percent(0.0001, 1)
    ('> 99.9 %', '< 0.1 %', '< 0.1 %')
    """
    said, unit = f"{100 * share:.{digits}f}", 10**-digits
    if float(said) == 100 and share < 1:
        return f"> {100 - unit:.{digits}f} %"
    return f"< {unit:.{digits}f} %" if float(said) == 0 and share > 0 else f"{said} %"


FEWEST, MOST = 1, 6
"""Decimals of points that stand beside each other."""


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers with one decimal each, or with as many as it takes to see which is larger.

    >>> told_apart(42.48, 42.54), told_apart(40.0, 40.0)
    (('42.48', '42.54'), ('40.0', '40.0'))
    """
    for digits in range(FEWEST, MOST + 1):
        said = f"{one:.{digits}f}", f"{other:.{digits}f}"
        if said[0] != said[1]:
            return said
    return f"{one:.{FEWEST}f}", f"{other:.{FEWEST}f}"


SAFE_WORD = re.compile(r"[A-Za-z0-9_+=:./-]+")


def command_word(text: str) -> str:
    """A word of a printed command, quoted so that it is one word in POSIX shells and in Windows' cmd and PowerShell.

    Inside double quotes a POSIX shell still obeys four signs; they are taken for what they are there alone.

    >>> command_word("ana"), command_word("my folder"), command_word("josé")
    ('ana', '"my folder"', '"josé"')
    """
    if SAFE_WORD.fullmatch(text):
        return text
    signs = '"$`' if os.name == "nt" else '"$`\\'
    return '"' + "".join(f"\\{letter}" if letter in signs else letter for letter in text) + '"'


def command_line(*words: object) -> str:
    """A command of ours as one types it.

    >>> command_line("zone", "my case.yaml")
    'ceasefire zone "my case.yaml"'
    """
    return " ".join(["ceasefire", *(command_word(str(word)) for word in words)])


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
