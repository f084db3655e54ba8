"""`ceasefire scenarios`: what there is to run."""

from __future__ import annotations

from sim.cli.app import app
from sim.cli.options import AsJson, console, print_json


@app.command()
def scenarios(as_json: AsJson = False) -> None:
    """List the scenarios by slug and title."""
    from sim.cli.app import complain
    from sim.errors import CeasefireError
    from sim.scenario.library import slugs
    from sim.scenario.loader import load

    found = {}
    for slug in slugs():
        try:
            found[slug] = load(slug).scenario
        except CeasefireError as error:
            complain(str(error))
    if as_json:
        print_json(
            [{"scenario": slug, "title": scenario.title, "about": scenario.about} for slug, scenario in found.items()]
        )
        return
    out = console()
    width = max(map(len, found), default=0)
    for slug, scenario in found.items():
        out.print(f"{slug:<{width}}  {scenario.title}", markup=False)
