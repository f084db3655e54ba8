"""`ceasefire zone`: does a zone exist, and why not?"""

from __future__ import annotations

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, Name, Without, console, print_json


@app.command()
def zone(name: Name, changes: Changes = None, without: Without = None, as_json: AsJson = False) -> None:
    """Does a zone exist? Exact, and why not.

    Looks at every package and says which red lines collide where none suits all.
    """
    from sim.report.text import print_heading, print_zone
    from sim.scenario.loader import load
    from sim.study.measures import zone_measures
    from sim.zone.region import find_zone

    loaded = load(name, changes or (), without or ())
    found = zone_measures(loaded, find_zone(loaded.case))
    if as_json:
        print_json(found)
        return
    out = console()
    print_heading(out, loaded)
    print_zone(out, loaded.scenario, found)
