"""The classroom under fictional names: the library's own file of names, put over scenarios and papers alike.

`python -m tests.twins` rewrites `scenarios/classroom/fictional/`; a test compares.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.fictional import renaming

FOLDER = Path(__file__).resolve().parent.parent / "scenarios" / "classroom"
COMPARED = "compare 2025-03-truce-offer 2025-03-truce-preconditions"
"""A command of a guide whose scenarios have twins of their own."""


def twin(text: str) -> str:
    """A file of the classroom under fictional names; its numbers stay, and what it cites are invented dispatches."""
    names = renaming()
    word = re.compile(rf"(?<![A-Za-z])({'|'.join(map(re.escape, names.words))})(?![A-Za-z])")
    text = text.replace(COMPARED, "compare fictional/truce-offer fictional/truce-preconditions")
    text = text.replace("extends: ../articles", f"extends: {names.articles.base}")
    text = text.replace("extends: 2025-03-truce-offer", "extends: fictional/truce-offer")
    text = text.replace("news reports", "invented dispatches")
    text = names.text(text)
    text = word.sub(lambda found: names.words[found[1]], text)
    text = re.sub(r"(?<![\d.])00\d(?![\d.])", lambda found: names.id(found[0]), text)
    text = re.sub(r"classroom/(?=\d)", "classroom/fictional/", text)
    return re.sub(r"(ceasefire exercise (?:show|start) \d+)", r"\1 --fictional", text)


def twins() -> dict[Path, str]:
    """Every twin with the text it should have."""
    files = [path for path in FOLDER.iterdir() if path.suffix in (".yaml", ".md")]
    return {FOLDER / "fictional" / path.name: twin(path.read_text("utf-8")) for path in sorted(files)}


if __name__ == "__main__":
    (FOLDER / "fictional").mkdir(exist_ok=True)
    for path, text in twins().items():
        path.write_text(text, encoding="utf-8", newline="\n")
