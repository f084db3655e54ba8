"""`ceasefire robust`: how sure is the zone?"""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, Name, Reading, Seed, Without, opened, print_found, progress_bar

Draws = Annotated[
    int | None,
    typer.Option(
        "--draws", min=1, max=100_000, help="Draws of each kind: 1,000, or 100 where lines leave very many packages."
    ),
]
Workers = Annotated[
    int, typer.Option("--workers", min=1, max=256, help="Processes; the results do not depend on them.")
]


@app.command()
def robust(
    name: Name,
    draws: Draws = None,
    seed: Seed = 0,
    changes: Changes = None,
    without: Without = None,
    reading: Reading = None,
    workers: Workers = 1,
    as_json: AsJson = False,
) -> None:
    """Test how sure the zone is: draw weights and numbers many times.

    Says in how many draws there is a zone, how large it is, which packages stay in it in nine draws of ten, and who
    would take a plain truce. Numbers are drawn within the scenario's `ranges`.
    """
    from sim.report.terminal.robust import print_robust
    from sim.study.robust import robustness

    with progress_bar("drawing weights and numbers anew") as progress:
        progress(0.0)
        loaded = opened(name, changes, without, reading)
        found = robustness(loaded, draws, seed, workers=workers, progress=progress)
    print_found(loaded, found, as_json, print_robust)
