"""`ceasefire tournament`: tactics against tactics, in both seats of one scenario or several."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, Out, Seed, Without, console, file_option, opened, print_json, progress_bar

Names = Annotated[
    list[str], typer.Argument(metavar="SCENARIO…", help="Slugs or files; or one folder of a class's tactics.")
]
Own = Annotated[Path | None, file_option("--tactics", "More tactics, in YAML: `mine: {exponent: 0.5, opening: 0.9}`.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="TACTIC", help="Play only this tactic; may be repeated.")
]
Runs = Annotated[int, typer.Option("--runs", min=1, max=10_000, help="Runs of each pair of tactics in each scenario.")]


@app.command()
def tournament(
    names: Names,
    own: Own = None,
    only: Only = None,
    runs: Runs = 50,
    seed: Seed = 0,
    changes: Changes = None,
    without: Without = None,
    out: Out = Path("outputs"),
    as_json: AsJson = False,
) -> None:
    """Rank tactics against each other, in both seats.

    Every pair of tactics plays the two belligerents, or the first two signatories; all others keep the scenario's own.
    Writes the ranking, every pair and a picture to a folder.
    """
    from sim.scenario.library import folder_named

    place = folder_named(names[0]) if len(names) == 1 else None
    if place is not None:
        from sim.cli.marks import tournament as of_class

        if own or only or without:
            raise typer.BadParameter(
                "a folder of a class's tactics is played as it is; see `ceasefire exercise tournament`"
            )
        of_class(place, runs=runs, changes=changes, out=out, as_json=as_json)
        return
    from sim.report.terminal.tournament import draw_tournament, print_tournament
    from sim.scenario.tactics import TACTICS, chosen, read_tactics
    from sim.study.record import whole_folder
    from sim.study.tournament import tournament as play
    from sim.study.tournament_files import tournament_folder, write_tournament

    known = {**TACTICS, **(read_tactics(own, TACTICS) if own else {})}
    tactics = chosen(only, known) if only else known
    scenarios = [opened(name, changes, without) for name in names]
    folder = tournament_folder(scenarios, tactics, runs, seed, out)
    with whole_folder(folder) as draft:
        with progress_bar("playing every pair") as progress:
            played = play(scenarios, tactics, runs, seed, progress)
        found = write_tournament(played, scenarios, tactics, draft)
        draw_tournament(found, draft)
    if as_json:
        print_json(found, folder)
        return
    screen = console()
    print_tournament(screen, found)
    screen.print(f"\n{folder}", markup=False, soft_wrap=True)
