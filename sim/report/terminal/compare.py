"""Scenarios side by side for a terminal, and the picture of how the room for agreement moved."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from sim import BANNER
from sim.markup import counted
from sim.study.compare import Compared


def print_comparison(console: Console, rows: list[Compared]) -> None:
    """A table of sizes, then what changed from each scenario to the next."""
    console.print(f"[dim]{BANNER}[/]\n")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("scenario")
    for heading in ("lines", "lines alone", "ceasefire zone", "settlement zone", "conflicts", "give up"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            escape(row.scenario),
            str(row.red_lines),
            f"{row.zone['lines_only']['ceasefire']:,}",
            f"{row.zone['declared']['ceasefire']:,}",
            f"{row.zone['declared']['settlement']:,}",
            str(len(row.conflicts["ceasefire"])),
            str(row.smallest_relaxation["ceasefire"] or "–"),
        )
    console.print(table)
    console.print(
        "[dim]lines alone: packages that cross no declared line; zone: of these, worth the reservation values too; "
        "give up: fewest constraints whose loss opens a ceasefire zone[/]\n"
    )
    for row in rows:
        when = f"{row.as_of or 'no date'}; {row.under or 'no source given'}"
        console.print(f"[bold]{escape(row.title)}[/]  ({escape(when)})")
        said = [f"{kind}: {', '.join(ids)}" for kind, ids in (vars(row.lines) if row.lines else {}).items() if ids]
        clashing = "; ".join(" × ".join(ids) for ids in row.conflicts["ceasefire"])
        for line in [*said, *([f"collide: {clashing}"] if clashing else [])]:
            console.print(Padding(escape(line), (0, 0, 0, 2)))
    console.print()


def draw_comparison(rows: list[Compared], folder: Path) -> None:
    """Write the picture of the comparison into a folder, as SVG and PNG."""
    from sim.report.style import COLOURS, INK, panels, save, titled

    figure, (panel,) = panels(1, width=11, height=0.5 * len(rows) + 0.4, label=2.4, below=0.5, columns=1)
    for place, row in enumerate(rows):
        declared = row.zone["declared"]
        sizes = (row.zone["none"]["ceasefire"], declared["ceasefire"], declared["settlement"])
        for size, ink, tall in zip(sizes, ("#DDDDDD", COLOURS[5], COLOURS[0]), (0.7, 0.5, 0.25), strict=True):
            panel.barh(place, size, height=tall, color=ink)
        clashing = len(row.conflicts["ceasefire"])
        said = counted(sizes[1], "package") if sizes[1] else f"empty: {counted(clashing, 'conflict')}"
        panel.text(sizes[0], place, f"  {said}", va="center", fontsize=8, color=INK)
    panel.set_yticks(range(len(rows)), [row.scenario for row in rows], fontsize=8)
    panel.set_ylim(len(rows) - 0.5, -0.5)
    panel.set_xlim(0, max(row.zone["none"]["ceasefire"] for row in rows) * 1.25 + 1)
    panel.ticklabel_format(axis="x", style="plain")
    panel.set_xlabel("ceasefire packages", fontsize=8)
    titled(
        figure,
        "How the room for agreement moved",
        "Grey: packages worth every signatory's reservation value, red lines aside. Light blue: the ceasefire zone "
        "under declared lines. Dark blue: the settlement zone. Text: the ceasefire zone's size, or why it is empty.",
    )
    save(figure, folder, "compare")
