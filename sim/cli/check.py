"""`ceasefire check`: is a scenario file in order?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Changes, MaybeName, Without, console, opened, print_json

if TYPE_CHECKING:
    from sim.scenario.loader import Loaded


@app.command()
def check(
    name: MaybeName = None,
    changes: Changes = None,
    without: Without = None,
    all_: Annotated[bool, typer.Option("--all", help="Check every scenario.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of scenario files.")] = False,
) -> None:
    """Check a scenario file without running it.

    With --schema, print a JSON Schema, with which editors complete and check scenario files.
    """
    if schema:
        from sim.scenario.schema import json_schema

        print_json(json_schema())
        return
    from sim.cli.app import complain
    from sim.errors import CeasefireError
    from sim.scenario.library import slugs

    if (name is None) != all_:
        raise typer.BadParameter("name a scenario, or say --all or --schema")
    wrong = 0
    for slug in slugs() if name is None else [name]:
        try:
            loaded = opened(slug, changes, without)
        except CeasefireError as error:
            complain(*error.lines())
            wrong += 1
            continue
        for line in _in_order(slug, loaded):
            console().print(line, markup=False, soft_wrap=True)
    if wrong:
        raise typer.Exit(1)


def _in_order(slug: str, loaded: Loaded) -> Iterator[str]:
    """What a scenario in order holds, what its points come to, and what it is too large for."""
    from sim.markup import counted
    from sim.scenario.loader import units_of
    from sim.stakes.space import LARGEST_SPACE

    scenario, packages = loaded.scenario, loaded.case.space.size
    parties = counted(len(scenario.parties), "party", "parties")
    issues, lines = counted(len(scenario.issues), "issue"), counted(len(scenario.red_lines), "red line")
    yield f"{slug}: in order; {issues}, {parties}, {lines}"
    for party, unit in units_of(slug).items() if scenario.scale else ():
        floor = scenario.parties[party].reservation
        signs = "" if floor is None else f"; it signs from {floor:.1f}"
        yield f"  {scenario.parties[party].name}: a point of the file is {unit:.4g} of 100{signs}"
    if packages > LARGEST_SPACE:
        yield (
            f"  {packages:,} packages are more than {LARGEST_SPACE:,}: run plays its talks and looks for no zone, "
            "play and explain work; zone, robust, stable, compare, report, explore, sweep and tournament "
            "want an issue pinned under `pins`"
        )
