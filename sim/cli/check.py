"""`ceasefire check`: is a scenario file in order?"""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import Changes, Without, console, print_json


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(metavar="[SCENARIO]", help="A slug or a file.")] = None,
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
    from sim.markup import counted
    from sim.scenario.library import slugs
    from sim.scenario.loader import load, units_of
    from sim.stakes.space import LARGEST_SPACE

    if (name is None) != all_:
        raise typer.BadParameter("name a scenario, or say --all or --schema")
    out = console()
    wrong = 0
    for slug in slugs() if name is None else [name]:
        try:
            loaded = load(slug, changes or (), without or ())
        except CeasefireError as error:
            complain(*error.lines())
            wrong += 1
            continue
        scenario, packages = loaded.scenario, loaded.case.space.size
        parties = counted(len(scenario.parties), "party", "parties")
        out.print(
            f"{slug}: in order; {counted(len(scenario.issues), 'issue')}, {parties}, "
            f"{counted(len(scenario.red_lines), 'red line')}",
            markup=False,
            soft_wrap=True,
        )
        for party, unit in units_of(slug).items() if scenario.scale else ():
            floor = scenario.parties[party].reservation
            signs = "" if floor is None else f"; it signs from {floor:.1f}"
            out.print(
                f"  {scenario.parties[party].name}: a point of the file is {unit:.4g} of 100{signs}",
                markup=False,
                soft_wrap=True,
            )
        if packages > LARGEST_SPACE:
            out.print(
                f"  {packages:,} packages are more than {LARGEST_SPACE:,}: run plays its talks and looks for no zone, "
                "play and explain work; zone, compare, report, sweep and tournament want an issue pinned under `pins`",
                markup=False,
                soft_wrap=True,
            )
    if wrong:
        raise typer.Exit(1)
