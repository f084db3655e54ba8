"""`ceasefire evidence`: what the red lines of a scenario rest on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.app import app
from sim.cli.options import AsJson, Changes, MaybeName, Without, console, file_option, opened, print_json


@app.command()
def evidence(
    name: MaybeName = None,
    changes: Changes = None,
    without: Without = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table as Markdown.")] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="List everything the articles say, and what uses it or why nothing does.")
    ] = False,
    items: Annotated[
        Path | None, file_option("--items", "With --coverage: your own list of what the articles say.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what each red line rests on: article, paragraph, paraphrase.

    Lines without a source are assumptions and come last. --coverage starts from the articles instead.
    """
    from sim.report.terminal.evidence import print_evidence, print_markdown
    from sim.report.terminal.zone import print_heading
    from sim.scenario.evidence import evidence_table, grounds_table

    if (name is None or items is not None) != coverage or (name is None and items is not None):
        raise typer.BadParameter("name a scenario, say --coverage, or both with --items FILE")
    loaded = None if name is None else opened(name, changes, without)
    if loaded is None or items is not None:
        from sim.scenario.coverage import coverage_table, own_coverage

        found = coverage_table() if loaded is None or items is None else own_coverage(loaded, items)
        _coverage(found, markdown=markdown, as_json=as_json)
        return
    rows = evidence_table(loaded.scenario)
    if as_json:
        articles = loaded.scenario.model_dump(mode="json")["articles"]
        print_json({"articles": articles, "red_lines": rows, "grounds": grounds_table(loaded.scenario)})
        return
    screen = console()
    if markdown:
        print_markdown(screen, loaded.scenario, rows)
        return
    print_heading(screen, loaded)
    print_evidence(screen, loaded.scenario, rows)


def _coverage(rows: list[dict[str, Any]], *, markdown: bool, as_json: bool) -> None:
    """Every evidence item, and what uses it."""
    from sim.report.terminal.coverage import print_coverage, print_coverage_markdown

    if as_json:
        print_json(rows)
    elif markdown:
        print_coverage_markdown(console(), rows)
    else:
        print_coverage(console(), rows)
