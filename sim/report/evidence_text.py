"""What red lines rest on, as text for a terminal or as Markdown."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from sim.report import sentences
from sim.scenario.schema import Scenario

COLUMNS = ("party", "red line", "wording", "basis", "source", "paraphrase")


def print_evidence(console: Console, scenario: Scenario, rows: list[dict[str, object]]) -> None:
    """A block for each red line: who, what, on what basis, where it is said; then the articles."""
    for row in rows:
        party, line, wording, basis, source, paraphrase = _cells(scenario, row)
        console.print(f"[bold]{escape(party)}[/] requires {escape(wording)}  [dim]({escape(line)})[/]")
        said = f"{basis}, {source}: {paraphrase}" if source else "assumption: no source"
        console.print(Padding(escape(said), (0, 0, 0, 2)))
    used = sorted({str(row["article"]) for row in rows if row["article"]})
    if used:
        console.print("\n[bold]Articles[/]")
        grid = Table.grid(padding=(0, 1))
        for article in used:
            grid.add_row(" •", escape(sentences.article(scenario, article)))
        console.print(grid)


def print_markdown(console: Console, scenario: Scenario, rows: list[dict[str, object]]) -> None:
    """The same as a Markdown table, a row a source."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in _cells(scenario, row)) + " |" for row in rows]
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def _cells(scenario: Scenario, row: dict[str, object]) -> tuple[str, str, str, str, str, str]:
    line = next(line for line in scenario.red_lines if line.id == row["red_line"])
    source = f"{row['article']} ¶{row['paragraph']}" if row["article"] else ""
    return (
        sentences.name_of(scenario, line.party),
        line.id,
        sentences.wording(scenario, line),
        line.basis.replace("_", " "),
        source,
        str(row["paraphrase"] or ""),
    )
