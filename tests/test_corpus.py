"""The corpus of scenario files: valid ones with what they come to, invalid ones with why they are refused.

`python -m tests.test_corpus` writes the resolved forms anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sim import ScenarioError, load
from sim.errors import MOST_SAID
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases"
VALID = sorted((CASES / "valid").glob("*.yaml"))
INVALID = sorted((CASES / "invalid").glob("*.yaml"))
HEAD = re.compile(r"# line: ?(\d*)\n# path: ?(.*)\n# words: (.+)\n")


def resolved(path: Path) -> str:
    """What a scenario comes to, where it differs from the defaults of the schema."""
    told = load(path).scenario.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def test_there_is_an_invalid_file_for_each_of_sixty_kinds() -> None:
    said = [HEAD.match(path.read_text("utf-8")) for path in INVALID]
    assert len(INVALID) >= 60 and all(said)
    assert len({(head[2], head[3]) for head in said if head}) >= len(INVALID) - 5, "one a kind"


@pytest.mark.parametrize("path", [*VALID, *INVALID], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_of_the_corpus_is_read_or_refused_as_it_says(path: Path) -> None:
    if path.parent.name == "valid":
        assert resolved(path) == path.with_suffix(".json").read_text("utf-8")
        return
    head = HEAD.match(path.read_text("utf-8"))
    assert head is not None
    with pytest.raises(ScenarioError) as found:
        load(path)
    place = f"{path} line {head[1]}: " if head[1] else f"{path}: "
    start = place + (f"{head[2]}: " if head[2] else "")
    lines = [line for line in found.value.lines() if line.startswith(start)]
    assert any(all(word in line for word in head[3].split("; ")) for line in lines), found.value.lines()
    assert len(found.value.lines()) <= MOST_SAID + 1


if __name__ == "__main__":
    for file in VALID:
        file.with_suffix(".json").write_text(resolved(file), encoding="utf-8", newline="\n")
