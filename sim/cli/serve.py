"""`ceasefire serve`: a class negotiates in the browser."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app, complain
from sim.cli.options import Changes, Name, Seed, Without, file_option, fresh_option
from sim.markup import counted


@app.command()
def serve(
    name: Name,
    rooms: Annotated[
        int, typer.Option("--rooms", min=0, max=50, help="How many rooms; 0 opens one whenever all seats are taken.")
    ] = 0,
    people: Annotated[
        str | None,
        typer.Option("--people", metavar="PARTY,PARTY", help="Parties played by people; the simulator plays the rest."),
    ] = None,
    rounds: Annotated[int | None, typer.Option("--rounds", min=1, max=200, help="The most rounds to play.")] = None,
    seconds: Annotated[
        int, typer.Option("--seconds", min=1, max=3600, help="Seconds to answer in; then the simulator answers.")
    ] = 90,
    lan: Annotated[bool, typer.Option("--lan", help="Let in other machines on this network.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 for any free port.")] = 8000,
    seed: Seed = 0,
    sudden_ends: Annotated[
        bool, typer.Option("--sudden-ends", help="Let the war or an incident end the talks early.")
    ] = False,
    first: Annotated[
        int,
        typer.Option("--from", min=1, metavar="ROUND", help="With an exported ROOM.json: the round to play on from."),
    ] = 1,
    changes: Changes = None,
    without: Without = None,
    file: Annotated[Path | None, file_option("--save", "Where the class is saved; an unfinished one resumes.")] = None,
    no_sources: Annotated[
        bool, typer.Option("--no-sources", help="Leave out of the briefs where red lines and stories are reported.")
    ] = False,
    fresh: Annotated[bool, fresh_option("class")] = False,
) -> None:
    """Let a class negotiate in the browser, on phones and laptops, with the simulator in every empty seat.

    Students join by a code, a QR code or an address. Nothing leaves this machine, and nothing is fetched. Every
    decision is saved in a file; after a stop or a crash the same command resumes the class, seats and all. Give an
    exported room in place of a scenario to play on from it: each room begins as that one stood before round --from.
    """
    from sim.serve.needs import need

    need()
    from sim.scenario.loader import load
    from sim.serve import run

    changed = [*(changes or ()), *([] if rounds is None else [f"protocol.deadline={rounds}"])]
    if name.endswith(".json"):
        if changed or without or people or seed or sudden_ends:
            raise typer.BadParameter("a room that is played on stays as it was: leave the other options out")
        asked = run.from_room(Path(name), first, rooms, seconds)
        loaded, stem = asked.loaded, f"{Path(name).stem}-from-{first}"
    else:
        if first > 1:
            raise typer.BadParameter("--from goes with an exported ROOM.json")
        loaded = load(name, changed, without or ())
        chosen = [party.strip() for party in (people or "").split(",") if party.strip()]
        asked = run.wanted(loaded, chosen, seed, rooms, seconds, sudden_ends)
        stem = loaded.slug.replace("/", "-")
    asked = replace(asked, sources=not no_sources)
    path = file or Path(f"{stem}.class.sqlite")
    if fresh:
        run.clear(path)
    lesson, again = run.take_up(asked, path)

    def told(url: str, key: str) -> None:
        names = ", ".join(loaded.case.parties[party].name for party in lesson.people)
        rounds = counted(loaded.case.protocol.deadline, "round")
        lines = [
            f"{'Going on with' if again else 'Begun'}: {loaded.scenario.title} (kept in {path})",
            f"People speak for {names}; {rounds}, {counted(seconds, 'second')} for an answer.",
            *(
                [f"Seed {asked.seed}: with {seed} the war or an incident would end the talks early."]
                * (not name.endswith(".json") and asked.seed != seed)
            ),
            "",
            f"  Students   {url}/j/{lesson.code}      code {lesson.code}",
            f"  Teacher    {url}/t#{key}",
            f"  Projector  {url}/t/board",
            "",
            *(["Plain HTTP: others in this network can read along. Take no names that matter."] if lan else []),
            *(["Another class? Add --fresh: then this one is gone."] if again else []),
            "Ctrl+C stops; the same command goes on.",
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()

    run.serve(lesson, lan, port, told, complain)
