"""`ceasefire play`: a person negotiates against the simulator's delegations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import (
    AsJson,
    Changes,
    Name,
    Seed,
    Without,
    file_option,
    fresh_option,
    opened,
    print_json,
    progress_bar,
    seats,
)


@app.command()
def play(
    name: Name,
    party: Annotated[str | None, typer.Option("--as", metavar="PARTY", help="The party you speak for.")] = None,
    seed: Seed = 0,
    changes: Changes = None,
    without: Without = None,
    file: Annotated[Path | None, file_option("--save", "Where the game is saved; an unfinished game resumes.")] = None,
    fresh: Annotated[bool, fresh_option("game")] = False,
    no_hints: Annotated[bool, typer.Option("--no-hints", help="Do not say what a package is worth to you.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="No styles: for screen readers and old terminals.")] = False,
    as_json: AsJson = False,
) -> None:
    """Negotiate for a party against the simulator.

    Your game is saved after each decision; the same command resumes it.
    """
    from sim.classroom.debrief import debrief_measures
    from sim.classroom.game import Paused, new_game, resume, save
    from sim.cli.dialogue import Dialogue, Terminal
    from sim.report.terminal.play_debrief import debrief_lines

    loaded = opened(name, changes, without)
    if party is None:
        raise typer.BadParameter(f"choose a seat with --as: {seats(loaded.scenario)}")
    wanted = new_game(loaded, party, seed)
    path = file or Path(f"{wanted.loaded.slug.replace('/', '-')}-{party}.play.json")
    game = wanted if fresh or not path.exists() else resume(path, wanted)
    screen = Terminal(plain, aside=as_json)
    begun = bool(game.decisions or game.draft)
    dialogue = Dialogue(screen, not no_hints, lambda game: save(game, path), new=not begun)
    game.ask, game.told, game.keep = dialogue.decide, dialogue.told, dialogue.keep
    if begun:
        screen.show([(f"Going on with the game kept in {path}.", "quiet")])
    if not game.place:
        save(game, path)  # learns at once whether it can be
    try:
        game.play()
    except Paused:
        screen.show([(f"Saved in {path}; the same command goes on from here.", "")])
        return
    with progress_bar("looking at every package") as progress:
        found = debrief_measures(game, (lambda share: None) if plain else progress)
    print_json(found) if as_json else screen.show(debrief_lines(game, found))
