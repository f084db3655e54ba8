"""The arguments and options that commands share, so that one word means one thing everywhere."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, cast

import typer

if TYPE_CHECKING:
    from rich.console import Console

Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="A slug (see `ceasefire scenarios`) or a file.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a field of the scenario, checked like the file."),
]


class LineReading(StrEnum):
    """What red lines bind."""

    SETTLEMENT = "settlement"
    CEASEFIRE = "ceasefire"


Reading = Annotated[
    LineReading | None,
    typer.Option("--reading", help="Whether red lines bind a settlement alone, or any ceasefire: --set reading=…"),
]
Without = Annotated[list[str] | None, typer.Option("--without", metavar="RED_LINE_ID", help="Leave a red line out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help="Names every draw of the talks.")]
Runs = Annotated[int, typer.Option("--runs", min=1, max=10_000_000, help="Play the talks so many times.")]
Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where results are written.")]
Search = Annotated[
    float,
    typer.Option("--search", metavar="SECONDS", min=0.0, help="Computing time for finding out why a zone is empty."),
]
Full = Annotated[bool, typer.Option("--full", help="Print every list whole.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but the folder written.")]


def changed(changes: list[str] | None, reading: LineReading | None) -> list[str]:
    """The changes that ``--set`` and ``--reading`` ask for."""
    return [*(changes or ()), *([] if reading is None else [f"reading={reading}"])]


def console(width: int | None = None) -> Console:
    """A terminal for people: as wide as theirs or as asked; where there is none, as `COLUMNS` says, or 100."""
    from rich.console import Console

    piped = not sys.stdout.isatty()
    if width is None and piped:
        said = os.environ.get("COLUMNS", "")
        width = int(said) if re.fullmatch("[1-9][0-9]{0,4}", said, re.ASCII) else 100
    file = Trimmed(sys.stdout) if piped else None
    return Console(highlight=False, emoji=False, soft_wrap=False, width=width, file=cast("IO[str] | None", file))


class Trimmed:
    """A stream whose lines end with their last letter, for those who read a table by program."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write without the blanks that pad a table's rows."""
        return self.stream.write(re.sub(" +$", "", text, flags=re.MULTILINE))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on stderr, told the share that is done; it shows only on a terminal and only once it takes a while."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=1.0, visible=False)
        yield lambda share: progress.update(task, completed=share, visible=share < 1)


def print_json(data: Any) -> None:
    """Plain data on stdout."""
    from sim.study.record import text_of

    sys.stdout.write(text_of(data))
