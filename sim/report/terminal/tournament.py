"""A tournament of tactics for a terminal, and its picture: who scores what against whom, and how often they sign.

It computes nothing that the result does not hold.
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sim.markup import counted, percent
from sim.report.terminal.tables import Sheet
from sim.study.ranking import FEWEST, TournamentMeasures, few_runs
from sim.study.shares import between, scored

MOST_CELLS = 32
"""Tactics up to which the picture writes a number into every square."""


def print_tournament(console: Console, found: TournamentMeasures) -> None:
    """The ranking, what it is measured by, and who was withdrawn."""
    console.print(f"[dim]{found.banner}[/]\n")
    for entry in found.scenarios:
        seats = " and ".join(f"{party} ({most:.1f})" for party, most in entry.most_to_gain.items())
        console.print(f"{escape(entry.scenario)}: seats of {escape(seats)}", soft_wrap=False)
    console.print("[dim]in brackets: the most that the seat could gain, in points[/]\n")
    table = Sheet()
    for heading in ("place", "tactic", "score", "95 % interval", "beaten by", "agreement", "95 % interval"):
        table.add_column(heading, justify="left" if heading == "tactic" else "right")
    for row in found.ranking:
        table.add_row(
            str(row.place),
            escape(row.name),
            *scored(row.score, row.interval),
            str(row.beaten_by or "–"),
            percent(row.agreement),
            between(*row.agreement_interval),
        )
    console.print(table)
    if found.runs >= FEWEST:
        sure = (
            "Beaten by: how many score more in nearly all resamples of the runs. Intervals: bootstrap over "
            f"{counted(found.runs, 'run')} for scores, Wilson for shares; they tell"
        )
    else:
        sure = f"{few_runs(found)} Intervals of shares: Wilson; they tell"
    console.print(
        f"\n[dim]{found.note}. {sure} of chance in the talks, not of other scenarios. "
        "Points of two parties are never compared.[/]"
    )
    for failure in found.failures:
        console.print(f"withdrawn: {failure.name} in {failure.scenario}: {failure.why}", markup=False)


def draw_tournament(found: TournamentMeasures, folder: Path) -> None:
    """Write the picture of a tournament into a folder, as SVG and PNG."""
    from matplotlib.figure import Figure

    from sim.report.pictures import titles
    from sim.report.style import save, shorten, titled

    names = [row.name for row in found.ranking]
    square = min(max(0.3 * len(names), 2.0), 12.0)
    across = square * 1.25
    width, tall = 2 * (across + 1.35) + 0.85, square + 2.75
    figure = Figure(figsize=(width, tall))
    shown = {"Score of the row against the column": found.against, "How often the two agree": found.agreement}
    for n, (title, shares) in enumerate(shown.items()):
        panel = figure.add_axes(((1.25 + n * (across + 1.35)) / width, 1.85 / tall, across / width, square / tall))
        grid = [[shares[row][column] for column in names] for row in names]
        image = panel.imshow(grid, cmap="cividis", vmin=0, vmax=1, aspect="auto")
        short, small = [shorten(name, 18) for name in names], 8 if len(names) <= MOST_CELLS else 4
        panel.set_xticks(range(len(names)), short, rotation=90, fontsize=small)
        panel.set_yticks(range(len(names)), short, fontsize=small)
        panel.set_title(title)
        panel.spines[:].set_visible(False)
        panel.tick_params(length=0)
        for y, row in enumerate(grid if len(names) <= MOST_CELLS else []):
            for x, value in enumerate(row):
                ink = "white" if value < 0.55 else "black"
                panel.text(x, y, f"{value:.2f}", ha="center", va="center", fontsize=8, color=ink)
    scale = figure.add_axes(((width - 0.75) / width, 1.85 / tall, 0.15 / width, square / tall))
    bar = figure.colorbar(image, cax=scale)
    bar.set_label("share, 0 to 1 (both)", fontsize=8)
    bar.ax.tick_params(labelsize=8)
    slugs = ", ".join(entry.scenario for entry in found.scenarios)
    titled(
        figure,
        titles.tactics([(row.name, row.score) for row in found.ranking]),
        f"Tactics against tactics in {shorten(slugs, 160)}; "
        f"{counted(found.runs, 'run')} of each pair in both seats, ranked from the top. Left: "
        "what a tactic gained above its seat's reservation value as a share of the most there was, 0 without one. "
        "Right: how often something was signed, as a share of runs.",
    )
    save(figure, folder, "tournament")
