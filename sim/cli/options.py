"""The arguments and options that commands share, so that one word means one thing everywhere."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from threading import Timer
from typing import IO, TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from sim.given import MOST_RUNS, MOST_SEED
from sim.markup import visible

if TYPE_CHECKING:
    from rich.console import Console

    from sim.scenario.loader import Loaded
    from sim.scenario.schema import Scenario

Found = TypeVar("Found")
Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="A slug (see `ceasefire scenarios`) or a file.")]
MaybeName = Annotated[str | None, typer.Argument(metavar="[SCENARIO]", help="A slug or a file.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a field of the scenario; may be repeated."),
]


class LineReading(StrEnum):
    """What red lines bind."""

    SETTLEMENT = "settlement"
    CEASEFIRE = "ceasefire"


Reading = Annotated[
    LineReading | None,
    typer.Option("--reading", help="What the red lines bind: only a settlement, or any ceasefire."),
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="RED_LINE_ID", help="Leave out a red line; may be repeated.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Seed = Annotated[
    int,
    typer.Option("--seed", min=0, max=MOST_SEED, help="Which random draws to use: the same seed gives the same talks."),
]
Runs = Annotated[int, typer.Option("--runs", min=1, max=MOST_RUNS, help="How many times to play the talks.")]
FILE_ENDINGS = frozenset({".html", ".json", ".csv", ".parquet", ".yaml", ".yml", ".png", ".svg", ".txt", ".pdf"})


def folder_name(out: Path | None) -> Path | None:
    """What `--out` names, where results go into a folder: a file's name there is a slip, not a folder to make.

    Raises:
        OutputError: for a new name that ends like a file's.
    """
    from sim.errors import OutputError

    if out is not None and out.suffix.lower() in FILE_ENDINGS and not out.is_dir():
        raise OutputError(f"--out {out}: results are written into a folder; leave {out.suffix} out of its name")
    return out


Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where results are written.", callback=folder_name)]
Search = Annotated[
    float,
    typer.Option("--search", metavar="SECONDS", min=0.0, help="How long to search for why a zone is empty."),
]


def package_option(told: str) -> Any:
    """`--package`, a package in a file or by issue, and what a command does with it."""
    return typer.Option("--package", metavar="FILE|ISSUE=OPTION,…", help=told)


def file_option(flag: str, told: str) -> Any:
    """An option that names a file, and what a command does with it."""
    return typer.Option(flag, metavar="FILE", help=told)


def pictures_option(told: str) -> Any:
    """`--pictures`, and what a command draws."""
    return typer.Option("--pictures", help=told)


def fresh_option(what: str) -> Any:
    """`--fresh`, for what a command saves and goes on with."""
    return typer.Option("--fresh", help=f"Start over, even if a {what} is saved.")


Full = Annotated[bool, typer.Option("--full", help="Print everything: all readings, lists and rounds.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print only the folder that was written.")]


def changed(changes: list[str] | None, reading: LineReading | None) -> list[str]:
    """The changes that ``--set`` and ``--reading`` ask for."""
    return [*(changes or ()), *([] if reading is None else [f"reading={reading}"])]


def opened(
    name: str, changes: list[str] | None, without: list[str] | None, reading: LineReading | None = None
) -> Loaded:
    """The scenario that a command is about, with the changes asked for."""
    from sim.scenario.loader import load

    with asked(reading):
        return load(name, changed(changes, reading), without or ())


@contextmanager
def asked(reading: LineReading | None) -> Iterator[None]:
    """Complaints of the change that ``--reading`` asks for call it by that name."""
    from sim.errors import ScenarioError

    try:
        yield
    except ScenarioError as error:
        for one in (error, *error.others) if reading is not None else ():
            if one.where == f"--set reading={reading}":
                one.where, one.path = f"--reading {reading}", ()
        raise


def seats(scenario: Scenario, *, signing: bool = True) -> str:
    """The parties one can choose from, by id and name."""
    parties = scenario.parties.items()
    return ", ".join(f"{party} ({of.name})" for party, of in parties if of.signs or not signing)


def console(unasked: int = 100) -> Console:
    """A terminal for people: as wide as theirs; where there is none, as `COLUMNS` says, or ``unasked``."""
    from rich.console import Console

    piped, said = not sys.stdout.isatty(), os.environ.get("COLUMNS", "")
    asked = int(said) if re.fullmatch("[1-9][0-9]{0,4}", said, re.ASCII) else unasked
    width = asked if piped else None
    file = cast("IO[str]", Shown(sys.stdout, piped))
    return Console(highlight=False, emoji=False, soft_wrap=False, width=width, file=file)


class Shown:
    """A stream on which no letter hides or reorders others; for those who read by program, lines end where they end."""

    def __init__(self, stream: IO[str], piped: bool) -> None:
        self.stream, self.piped = stream, piped

    def write(self, text: str) -> int:
        """Write with hidden letters told by their codes, and to a pipe without the blanks that pad a table's rows."""
        said = visible(text)
        return self.stream.write(re.sub(" +$", "", said, flags=re.MULTILINE) if self.piped else said)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


A_WHILE = 0.3
"""Seconds before a bar shows."""


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on stderr, told the share that is done; it shows only on a terminal and only once it takes a while.

    It shows whether anything was told or not, for the first share may take long.
    """
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=1.0, visible=False)
        shown = Timer(A_WHILE, partial(progress.update, task, visible=True))
        shown.daemon = True
        shown.start()
        try:
            yield lambda share: progress.update(task, completed=share)
        finally:
            shown.cancel()


def print_json(found: Any, folder: Path | None = None) -> None:
    """What was found on stdout, with the folder that it was written to."""
    from sim.plain import as_plain, text_of

    sys.stdout.write(text_of(found if folder is None else as_plain(found) | {"folder": str(folder)}))


def print_found(
    loaded: Loaded, found: Found, as_json: bool, to_people: Callable[[Console, Scenario, Found], None]
) -> None:
    """What was found of a scenario, as JSON or to people under the scenario's heading."""
    from sim.report.terminal.zone import print_heading

    if as_json:
        print_json(found)
        return
    screen = console()
    print_heading(screen, loaded)
    to_people(screen, loaded.scenario, found)
