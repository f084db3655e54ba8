"""`ceasefire scenarios`: what there is to run."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, console, print_json


@app.command()
def scenarios(
    group: Annotated[str | None, typer.Argument(metavar="[GROUP]", help="One group, such as dated or toy.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the scenarios, by group."""
    from sim.cli.app import complain
    from sim.errors import CeasefireError
    from sim.scenario.library import grouped
    from sim.scenario.loader import load

    groups = grouped(group)
    found = {}
    for slug in (slug for inside in groups.values() for slug in inside):
        try:
            found[slug] = load(slug).scenario
        except CeasefireError as error:
            complain(str(error))
    if as_json:
        print_json(
            [
                {"scenario": slug, "group": name, "title": found[slug].title, "about": found[slug].about}
                for name, inside in groups.items()
                for slug in inside
                if slug in found
            ]
        )
        return
    out = console()
    width = max(map(len, found), default=0)
    for n, (name, inside) in enumerate(groups.items()):
        out.print(f"{chr(10) * bool(n)}[bold]{name}[/]")
        for slug in inside:
            if slug in found:
                out.print(f"  {slug:<{width}}  {found[slug].title}", markup=False, soft_wrap=True)
