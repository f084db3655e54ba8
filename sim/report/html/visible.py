"""Text that stays where it stands: letters that reorder or hide what surrounds them are shown by their code.

Escaping for HTML is not done here; it is the templates' and the pictures' own.
"""

from __future__ import annotations

import unicodedata
from typing import Any

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
