"""`ceasefire stable`: would an agreement hold by itself?"""

from __future__ import annotations

from typing import Annotated

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, Name, Reading, Without, opened, package_option, print_found, progress_bar


@app.command()
def stable(
    name: Name,
    changes: Changes = None,
    without: Without = None,
    reading: Reading = None,
    package: Annotated[str | None, package_option("Judge one package, in the zone or not.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask whether an agreement would hold by itself.

    For packages of the zone, shows who would gain by leaving alone or by going back to war, and what deters them:
    Nash, sequential and general metarational stability (Fang, Hipel & Kilgour 1993).
    """
    from sim.report.terminal.stable import print_stable
    from sim.scenario.packages import read_package
    from sim.study.stable import stable_measures

    with progress_bar("looking at every move") as progress:
        progress(0.0)
        loaded = opened(name, changes, without, reading)
        asked = None if package is None else read_package(loaded.case.space, package)[0]
        found = stable_measures(loaded, asked, progress)
    print_found(loaded, found, as_json, print_stable)
