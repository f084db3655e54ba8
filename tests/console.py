"""The command line in this process; console blocks in Markdown: run every `$ ceasefire …` and compare, or rewrite, what
is shown under it.

Blocks with a title (```yaml title="port.yaml") are written to that folder first. In a block, a line that is only `…`
stands for any number of lines. `python -m tests.console` rewrites README.md and docs/ (it runs each command in an empty
folder; `cat`, `cd` and `pip` lines are left alone).
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from typer.core import TyperGroup
from typer.main import get_command

from sim.cli import main

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.S)
FILE = re.compile(r'```\w+ title="([\w.-]+)"\n(.*?)```', re.S)
GAP = "…"


def pages() -> list[Path]:
    """The pages whose commands are run."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def sessions(text: str) -> list[tuple[str, list[str]]]:
    """Each `$ ceasefire …` of a page with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.finditer(text):
        for line in block[2].splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line)
    return [(command, shown) for command, shown in found if command.startswith("ceasefire ")]


def write_files(text: str, folder: Path) -> None:
    """Write the files that a page shows in full, each under its title."""
    for name, content in FILE.findall(text):
        (folder / name).write_text(content, encoding="utf-8", newline="\n")


@cache
def together() -> TyperGroup:
    """All commands, put together once and not for each call."""
    main.register([])
    return get_command(main.app)  # type: ignore[return-value]


def called(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command run in this process, which saves starting Python and its libraries again for each."""
    out, err, code, argv = StringIO(), StringIO(), 0, patch("sys.argv", ["ceasefire", *words])
    with chdir(folder), argv, patch.object(main, "app", together()), redirect_stdout(out), redirect_stderr(err):
        try:
            main.main()
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def output(command: str, folder: Path) -> list[str]:
    """What a command prints, line by line, trailing blanks off."""
    with patch.dict(os.environ, COLUMNS="100", NO_COLOR="1"):
        done = called(*shlex.split(command)[1:], folder=folder)
    return [line.rstrip() for line in (done.stdout + done.stderr).strip("\n").splitlines()]


def matches(shown: list[str], printed: list[str]) -> bool:
    """Whether the lines shown are the lines printed, gaps allowed."""
    lines = "\n".join(line.rstrip() for line in shown).strip("\n").splitlines()
    pattern = "".join(r"(?:.*\n)*?" if line == GAP else re.escape(line) + r"\n" for line in lines)
    return re.fullmatch(pattern, "".join(line + "\n" for line in printed)) is not None


def rewritten(text: str, folder: Path) -> str:
    """A page with the lines shown replaced by the lines printed, where no gap is shown."""

    write_files(text, folder)

    def block(match: re.Match[str]) -> str:
        lines: list[str] = []
        for part in re.split(r"(?m)^(?=\$ )", match[2]):
            command, _, shown = part.partition("\n")
            keep = GAP in shown.splitlines() or not command.startswith("$ ceasefire ")
            lines += [part] if keep else [command + "\n" + "\n".join(output(command[2:], folder)) + "\n"]
        return match[1] + "".join(lines) + match[3]

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    for page in pages():
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(rewritten(page.read_text("utf-8"), Path(folder)), encoding="utf-8", newline="\n")
