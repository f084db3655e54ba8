"""`ceasefire zone`: does a zone exist, and why not?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import (
    AsJson,
    Changes,
    Full,
    Name,
    Out,
    Reading,
    Search,
    Without,
    console,
    file_option,
    opened,
    package_option,
    pictures_option,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from sim.scenario.loader import Loaded
    from sim.stakes.space import OptionArray
    from sim.study.measures import ZoneMeasures
    from sim.study.members import Written
    from sim.study.score import PackageMeasures
    from sim.zone.region import Zone


@app.command()
def zone(
    name: Name,
    changes: Changes = None,
    reading: Reading = None,
    without: Without = None,
    package: Annotated[str | None, package_option("Check one package against the zone.")] = None,
    all_issues: Annotated[
        bool, typer.Option("--all-issues", help="Free the pinned issues (up to 10^8 packages).")
    ] = False,
    pictures: Annotated[bool, pictures_option("Draw the zone and write it to a folder.")] = False,
    to: Annotated[
        Path | None, file_option("--members", "Write the zone's packages to a .csv or .parquet file.")
    ] = None,
    frontier_to: Annotated[
        Path | None, file_option("--frontier", "Write the frontier's packages to a .csv or .parquet file.")
    ] = None,
    search: Search = 4.0,
    out: Out = Path("outputs"),
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Count the deals that suit everyone, or show what rules them out.

    Checks every package. Where none suits everyone, names the red lines that exclude each other.
    """
    from sim.files import ready
    from sim.plain import as_plain
    from sim.report.terminal.finding import print_first
    from sim.report.terminal.zone import print_heading, print_opposition, print_package, print_zone
    from sim.scenario.loader import with_changes
    from sim.scenario.packages import read_package
    from sim.stakes.space import LARGEST_IN_SLABS, LARGEST_SPACE
    from sim.study.measures import zone_measures
    from sim.zone.region import find_zone
    from sim.zone.search import Budget

    loaded = opened(name, changes, without, reading)
    if all_issues:  # after, and in the place of, any pins that were asked for
        loaded = with_changes(loaded, ["pins={}"])
    if pictures:
        ready(out)
    files = _files(to, frontier_to)
    asked = None if package is None else read_package(loaded.case.space, package)
    with progress_bar("looking at every package") as progress:
        found = find_zone(loaded.case, progress, LARGEST_IN_SLABS if all_issues else LARGEST_SPACE)
    written = files(found) if files else []
    held = None if asked is None else _held(loaded, found, asked)
    whole = zone_measures(loaded, found, Budget(search)) if asked is None or pictures else None
    folder = _pictured(loaded, found, whole, out) if pictures and whole is not None else None
    if as_json:
        more = {"written": {str(file.path): [file.rows, file.packages] for file in written}} if written else {}
        print_json(as_plain(held or whole) | more, folder)
        return
    screen = console()
    print_heading(screen, loaded)
    if held is not None:
        print_package(screen, loaded.scenario, held)
    elif whole is not None and full:
        from sim.zone.distances import opposition

        print_zone(screen, loaded.scenario, whole, full)
        print_opposition(screen, opposition(found))
    elif whole is not None:
        print_first(screen, loaded, whole)
    for place in (*written, *([] if folder is None else [folder])):
        screen.print(str(place), markup=False, soft_wrap=True)


def _pictured(loaded: Loaded, found: Zone, whole: ZoneMeasures, out: Path) -> Path:
    """The folder of a zone's pictures and measures, now written."""
    from sim.report.pictures.zone import draw_zone
    from sim.study.record import folder_of, whole_folder, write_zone

    folder = folder_of(loaded, "zone", 0, out)
    with whole_folder(folder) as draft:
        write_zone(loaded, found, whole, draft)
        draw_zone(loaded, found, whole, draft)
    return folder


def _held(loaded: Loaded, found: Zone, asked: tuple[OptionArray, tuple[str, ...]]) -> PackageMeasures:
    """One package held against the zone."""
    from sim.study.score import package_measures

    return package_measures(loaded, found, *asked)


def _files(to: Path | None, frontier_to: Path | None) -> Callable[[Zone], list[Written]] | None:
    """What writes the packages of a zone, once it is known that they can be written; None where nobody asks for it."""
    if to is None and frontier_to is None:
        return None
    from sim.study.members import writable, write_members

    writable(to, frontier_to)
    return partial(write_members, to=to, frontier_to=frontier_to)
