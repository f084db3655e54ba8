"""`ceasefire evidence`: what the red lines of a scenario rest on."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, Name, Without, console, print_json


@app.command()
def evidence(
    name: Name,
    changes: Changes = None,
    without: Without = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
    as_json: AsJson = False,
) -> None:
    """What each red line rests on: article, paragraph, paraphrase.

    Lines without a source come last; they are assumptions.
    """
    from sim.report.evidence_text import print_evidence, print_markdown
    from sim.report.zone_text import print_heading
    from sim.scenario.evidence import evidence_table
    from sim.scenario.loader import load

    loaded = load(name, changes or (), without or ())
    rows = evidence_table(loaded.scenario)
    if as_json:
        print_json({"articles": loaded.scenario.model_dump(mode="json")["articles"], "red_lines": rows})
        return
    screen = console()
    if markdown:
        print_markdown(screen, loaded.scenario, rows)
        return
    print_heading(screen, loaded)
    print_evidence(screen, loaded.scenario, rows)
