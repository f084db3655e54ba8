"""`ceasefire explain`: where a party's value without a deal comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, Out, Reading, Without, console, opened, pictures_option, print_json

if TYPE_CHECKING:
    from sim.scenario.loader import Loaded
    from sim.study.explain import Explanation

Party = Annotated[str | None, typer.Argument(metavar="PARTY", help="A party's id; leave it out to list the parties.")]
Slug = Annotated[str, typer.Option("--scenario", metavar="SCENARIO", help="A slug or a file.")]


@app.command()
def explain(
    party: Party = None,
    scenario: Slug = "2025-12-stalemate",
    changes: Changes = None,
    reading: Reading = None,
    without: Without = None,
    assumptions: Annotated[bool, typer.Option("--assumptions", help="List every number of the scenario.")] = False,
    pictures: Annotated[bool, pictures_option("Draw the war's value and write it to a folder.")] = False,
    out: Out = Path("outputs"),
    as_json: AsJson = False,
) -> None:
    """Explain what a party expects without a deal.

    Shows what it expects of the war, what a truce is worth to it, and what would make it choose otherwise.
    """
    from sim.errors import ScenarioError
    from sim.markup import command_word
    from sim.report.terminal.evidence import print_studies
    from sim.report.terminal.explain import print_assumptions, print_explanation
    from sim.report.terminal.zone import print_heading
    from sim.scenario.assumptions import assumptions as numbers_of
    from sim.scenario.assumptions import by_basis
    from sim.study.explain import Explanation, explain_measures

    loaded = opened(scenario, changes, without, reading)
    if party is not None and assumptions:
        raise typer.BadParameter("name a party, or give --assumptions alone")
    screen = console()
    if party is None and not assumptions:
        parties = loaded.scenario.parties
        if as_json:
            print_json({key: of.name for key, of in parties.items()})
            return
        print_heading(screen, loaded)
        for key, of in parties.items():
            screen.print(f"{key}  {of.name}", markup=False, soft_wrap=True)
        return
    if party is None:
        numbers = by_basis(numbers_of(loaded.scenario))
        if as_json:
            print_json(numbers)
            return
        print_heading(screen, loaded)
        print_assumptions(console(unasked=180), numbers)
        print_studies(screen, loaded.scenario)
        return
    if party not in loaded.scenario.parties and party.endswith((".yaml", ".yml")):
        raise ScenarioError(f'there is no party "{party}"; a scenario is named with --scenario {command_word(party)}')
    found = explain_measures(loaded, party)
    folder = _pictured(loaded, found, out) if pictures and isinstance(found, Explanation) else None
    if as_json:
        print_json(found, folder)
        return
    print_heading(screen, loaded)
    print_explanation(screen, loaded.scenario, found)
    if folder is not None:
        screen.print(str(folder), markup=False, soft_wrap=True)


def _pictured(loaded: Loaded, found: Explanation, out: Path) -> Path:
    """The folder of a party's picture and measures, now written."""
    from sim.files import write_text
    from sim.plain import text_of
    from sim.report.pictures.war import draw_explanation
    from sim.study.record import MANIFEST, folder_of, manifest, whole_folder

    folder = folder_of(loaded, f"explain-{found.party}", 0, out)
    with whole_folder(folder) as draft:
        write_text(draft / MANIFEST, text_of(manifest(loaded, f"explain {found.party} --scenario", 0)))
        write_text(draft / "explain.json", text_of(found))
        draw_explanation(loaded, found, draft)
    return folder
