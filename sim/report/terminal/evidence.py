"""What red lines rest on, as text for a terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from sim.report import sentences
from sim.report.terminal.tables import dotted
from sim.scenario.evidence import grounds_said, grounds_table, studies_cited, study_said
from sim.scenario.schema import Scenario

NO_LINES = "This scenario has no red lines."
COLUMNS = ("party", "red line", "wording", "basis", "source", "certainty", "paraphrase")


def print_evidence(console: Console, scenario: Scenario, rows: list[dict[str, object]]) -> None:
    """A block for each red line: who, what, on what basis, where it is said; then the articles and studies."""
    if not rows:
        console.print(NO_LINES)
    for row in rows:
        party, line, wording, basis, source, certainty, paraphrase = _cells(scenario, row)
        console.print(f"[bold]{escape(party)}[/] requires {escape(wording)}  [dim]({escape(line)})[/]")
        kind = f" ({certainty})" if certainty not in (basis, "") else ""
        said = f"{basis}, {source}{kind}: {paraphrase}" if source else "assumption: no source"
        note = f"; {row['note']}" if row["note"] else ""
        console.print(Padding(escape(said + note), (0, 0, 0, 2)))
    grounds = grounds_table(scenario)
    if grounds:
        console.print("\n[bold]What other fields rest on[/]")
    for field, resting in scenario.grounds.items():
        console.print(Padding(escape(f"{field}: {grounds_said(resting)}"), (0, 0, 0, 2)))
    used = sorted({str(row["article"]) for row in [*rows, *grounds] if row["article"]})
    if used:
        console.print("\n[bold]Articles[/]")
        console.print(dotted(sentences.article_to_read(scenario, article) for article in used))
    print_studies(console, scenario)


def print_studies(console: Console, scenario: Scenario) -> None:
    """The studies that numbers rest on, or were chosen after."""
    studies = studies_cited(scenario)
    if studies:
        console.print("\n[bold]Studies[/]")
        console.print(dotted(study_said(scenario, study) for study in studies))


def print_markdown(console: Console, scenario: Scenario, rows: list[dict[str, object]]) -> None:
    """The same as a Markdown table, a row a source, or that there are none."""
    if not rows:
        console.print(NO_LINES)
        return
    console.print(markdown_table(COLUMNS, [_cells(scenario, row) for row in rows]), markup=False, soft_wrap=True)


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table of plain texts, in which nothing is taken for HTML."""
    cells = [[cell.replace("|", "\\|").replace("<", "&lt;") for cell in row] for row in rows]
    lines = [columns, ["---"] * len(columns), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(scenario: Scenario, row: dict[str, object]) -> tuple[str, str, str, str, str, str, str]:
    line = next(line for line in scenario.red_lines if line.id == row["red_line"])
    return (
        sentences.name_of(scenario, line.party),
        line.id,
        sentences.wording(scenario, line),
        line.basis.replace("_", " "),
        _place(row),
        str(row["certainty"] or ""),
        str(row["paraphrase"] or ""),
    )


def _place(row: dict[str, object]) -> str:
    return f"{row['article']} ¶{row['paragraph']}" if row["article"] else ""
