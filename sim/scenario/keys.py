"""Keys: the short names, or ids, by which files write parties, issues, options and lines, and how they may be spelt.

What people call a thing is its name (`texts_and_numbers`); what a key stands for is looked up in `names`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
"""An id: lower-case letters, digits, `_` and `-`."""


def number_word(text: Any) -> Any:
    """The id of an option that is a number; any other text is left as it is.

    >>> [number_word(text) for text in ("10", "2.5", "-0.5", "low")]
    ['10', '2_5', 'minus_0_5', 'low']
    """
    if not isinstance(text, str) or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return text
    return text.replace("-", "minus_").replace(".", "_")


OptionWord = Annotated[
    Word,
    BeforeValidator(number_word),
    WithJsonSchema(
        {"type": ["string", "number"], "pattern": r"^(-?[0-9]+(\.[0-9]+)?|[a-z0-9][a-z0-9_-]*)$", "maxLength": 80}
    ),
]
"""The id of an option; a number stands for the id of the option that is this number."""
