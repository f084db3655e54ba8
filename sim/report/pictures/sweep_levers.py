"""How choices fare over the same worlds: where each one's worlds lie, and which is best under which criterion."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.markup import counted
from sim.report.pictures.colours import BLUE, FAINT, INK, NOTE, ORANGE
from sim.report.style import legend, on_lines, save, shorten, titled
from sim.report.terminal.levers import NO_BEST, WHAT, choice_named
from sim.sweeps.robustness import CRITERIA, LeverMeasures

MOST = 16
"""Choices drawn at most, the first in the order of the grid of levers."""
SHORT = {
    "worst": "worst\nworld", "mean": "mean", "enough": "worlds\n≥", "regret": "largest\nregret",
    "regret_90": "90 % of\nregret", "own_regret": "own\nshortfall",
}  # fmt: skip
"""Criteria as headings of columns."""
WIDE = 12.0


def draw_levers(found: LeverMeasures, place: Path) -> None:
    """Write the picture into a folder, as SVG and PNG."""
    save(levers_picture(found), place, "levers")


def levers_picture(found: LeverMeasures) -> Figure:
    """A row a choice: its worlds from the worst on, and its number under each criterion, the best of them marked."""
    shown = range(min(len(found.choices), MOST))
    tall = 2.55 + 0.42 * len(shown)
    figure = Figure(figsize=(WIDE, tall))
    height, foot = (tall - 2.15) / tall, 1.1 / tall
    worlds = figure.add_axes((0.27, foot, 0.31, height))
    criteria = figure.add_axes((0.61, foot, 0.38, height))
    for panel in (worlds, criteria):
        panel.set_ylim(-len(shown) + 0.4, 0.6)
    _worlds(worlds, found, shown)
    _criteria(criteria, found, shown)
    entries = {
        "eight worlds of ten": Patch(color=FAINT),
        "worst": Line2D([], [], color=ORANGE, marker="|", markersize=10, linestyle="", markeredgewidth=2),
        "middle world": Line2D([], [], color=INK, marker="|", markersize=10, linestyle="", markeredgewidth=2),
        "mean": Line2D([], [], color=BLUE, marker="o", linestyle=""),
    }
    legend(figure, entries, 4, 0.32)
    left_out = len(found.choices) - len(shown)
    rest = f" {counted(left_out, 'choice')} more in the JSON." if left_out else ""
    titled(figure, finding(found), f"{shorten(found.title, 60)}: {counted(found.worlds, 'world')}.{rest} {NO_BEST}")
    return figure


def finding(found: LeverMeasures) -> str:
    """Which choice is best by most criteria, and that others are by the rest, as a sentence."""
    telling = {criterion: places for criterion, places in found.best.items() if len(places) < len(found.choices)}
    if not telling:
        return "Every choice fares alike in these worlds"
    wins = [sum(n in places for places in telling.values()) for n in range(len(found.choices))]
    most = max(wins)
    leading = [n for n, won in enumerate(wins) if won == most]
    if len(leading) > 1:
        return f"{len(leading)} choices lead alike, each by {most} of {counted(len(telling), 'criterion', 'criteria')}"
    name = shorten(choice_named(found, leading[0]), 60)
    if most == len(telling):
        return f"“{name}” leads by every criterion that tells choices apart"
    return f"“{name}” leads by {most} of {len(telling)} criteria, others by the rest"


def _worlds(panel: Axes, found: LeverMeasures, shown: range) -> None:
    for n in shown:
        one = found.choices[n]
        low, middle, high = one.percentiles.values()
        panel.barh(-n, high - low, left=low, height=0.4, color=FAINT)
        panel.plot(one.worst, -n, color=ORANGE, marker="|", markersize=12, markeredgewidth=2)
        panel.plot(middle, -n, color=INK, marker="|", markersize=12, markeredgewidth=2)
        panel.plot(one.mean, -n, color=BLUE, marker="o", markersize=6)
    panel.set_xlim(-0.03, 1.03)
    panel.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.0f} %")
    panel.set_yticks([-n for n in shown], [on_lines(choice_named(found, n), 44, 2) for n in shown], fontsize=8)
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel(WHAT[found.outcome], fontsize=8)


def _criteria(panel: Axes, found: LeverMeasures, shown: range) -> None:
    """Numbers of each criterion; the best stand in bold on a ground of their own, unless all are alike."""
    panel.set_xlim(0, len(CRITERIA))
    for column, criterion in enumerate(CRITERIA):
        best = found.best[criterion]
        told = len(best) < len(found.choices)
        heading = SHORT[criterion] + (f" {found.enough:g}" if criterion == "enough" else "")
        panel.text(column + 0.5, 0.62, heading, ha="center", va="bottom", fontsize=8, color=NOTE)
        for n in shown:
            first = told and n in best
            if first:
                panel.barh(-n, 0.86, left=column + 0.07, height=0.62, color=BLUE)
            panel.text(
                column + 0.5, -n, f"{getattr(found.choices[n], criterion):.2f}", ha="center", va="center", fontsize=8,
                color="white" if first else INK, fontweight="bold" if first else "normal",
            )  # fmt: skip
    panel.set_axis_off()
