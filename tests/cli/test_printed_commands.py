"""Commands that the program prints can be typed in POSIX shells, in Windows' cmd and in PowerShell."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import SMALL, Cli

PRINTING = [
    ("new", "my case.yaml", "--from", "toy/two-issues"),
    ("run", "odd name.yaml", "--set", "title=It's José's", "--out", "my outputs"),
    ("zone", "odd name.yaml", "--set", "title=It's José's"),
    ("report", "odd name.yaml", "--set", "title=It's José's", "--to", "page.html"),
    ("exercise", "start", "1", "--student", "josé o'neill", "--folder", "my class"),
    ("play", "odd name.yaml", "--as", "buyer", "--plain"),
    ("exercise", "sheets", "1", "ids.txt"),
    ("sweep", "odd name.yaml", "--vary", "protocol.deadline=2:9", "--cases", "2", "--out", "my sweep"),
]
PRINTED = re.compile(r"(?:^|[:`>] ?)(ceasefire (?:[a-z]+)(?: [^`<\n]*)?)")


def pages(folder: Path) -> str:
    found = [path for ending in ("*.html", "*.yaml", "*.md") for path in folder.rglob(ending)]
    return "\n".join(path.read_text("utf-8") for path in found if path.name != "odd name.yaml")


@pytest.mark.parametrize("words", PRINTING, ids=lambda words: " ".join(words[:2]))
def test_no_printed_command_quotes_with_single_quotes(cli: Cli, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "odd name.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "ids.txt").write_text("josé o'neill\nana\n", encoding="utf-8")
    done = cli(*words)
    assert done.returncode == 0, done.stderr
    said = (
        (done.stdout + done.stderr + pages(tmp_path)).replace("&#34;", '"').replace("&quot;", '"').replace("&#39;", "'")
    )
    commands = PRINTED.findall(said)
    assert commands or words[0] not in ("new", "report")
    for command in commands:
        outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", command)  # an apostrophe inside double quotes is one everywhere
        assert "'" not in outside, command
        shlex.split(command)
