"""The pictures of an empty zone: which constraints collide, and which declared lines would move how far.

They draw what the zone's measures hold.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.report import sentences
from sim.report.conflict_sentences import what_counts
from sim.report.finding_sentences import headline
from sim.report.pictures import titles
from sim.report.pictures.colours import FAINT, GREY, INK, colour
from sim.report.sentences import under
from sim.report.style import SCALE, legend, mark, on_lines, panels, shorten, titled
from sim.scenario.loader import Loaded
from sim.study.measures import ZoneMeasures

MOST = 8
"""Conflicts that are drawn where red lines alone leave a package: more is a tangle."""


def conflict_picture(loaded: Loaded, found: ZoneMeasures) -> Figure:
    """Which constraints collide: a column a party, a line between each two that cannot hold together.

    Red lines alone where they suffice to close the zone; of sets with reservation values the first `MOST`.
    """
    scenario, every = loaded.scenario, found.conflicts["ceasefire"]
    sets = [ids for ids in every if not sentences.hangs(ids)] or every[:MOST]
    more = len(every) - len(sets)
    held = sorted({constraint for ids in sets for constraint in ids})
    holder = {constraint: _holder(loaded, constraint) for constraint in held}
    columns = sorted(set(holder.values()), key=lambda party: sentences.name_of(scenario, loaded.case.parties[party].id))
    place: dict[str, tuple[float, float]] = {}
    for column, party in enumerate(columns):
        mine = [constraint for constraint in held if holder[constraint] == party]
        mine.sort(key=lambda constraint: _height_of_partners(constraint, sets, place))
        for row, constraint in enumerate(mine):
            place[constraint] = (float(column), -float(row))
    deepest = max(-y for _, y in place.values()) + 1
    figure, (panel,) = panels(1, width=12.5, height=0.95 * deepest + 0.3, label=0.4, below=0.1, columns=1, head=0.35)
    for number, ids in enumerate(sets):
        _join(panel, [place[constraint] for constraint in ids], number)
    for constraint, (x, y) in place.items():
        said = sentences.requirement(scenario, constraint)[1]
        text = on_lines(said, max(24, 108 // len(columns)), 4)
        edge = colour(holder[constraint])
        box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": edge, "linewidth": 2}
        panel.text(x, y, text, ha="center", va="center", fontsize=8, bbox=box, zorder=3)
    for column, party in enumerate(columns):
        panel.text(column, 0.62, sentences.name_of(scenario, loaded.case.parties[party].id), ha="center", weight="bold")
    panel.set_xlim(-0.55, len(columns) - 0.45)
    panel.set_ylim(-deepest + 0.2, 0.8)
    panel.set_axis_off()
    titled(
        figure,
        headline(scenario, found),
        f"{shorten(scenario.title, 60)}. Two boxes joined by a line cannot both be met by any coherent package for "
        f"{what_counts(scenario)}; where more than two collide they meet in a square. Each set is minimal: drop one of "
        "it and the rest can hold. "
        f"{f'{more} more, with reservation values, are not drawn. ' if more else ''}{under(scenario)}",
    )
    return figure


def _height_of_partners(constraint: str, sets: list[list[str]], place: dict[str, tuple[float, float]]) -> float:
    """How far down the constraints stand that this one collides with, of those that have a place already."""
    partners = [place[other][1] for ids in sets if constraint in ids for other in ids if other in place]
    return -sum(partners) / len(partners) if partners else 0.0


def _holder(loaded: Loaded, constraint: str) -> int:
    if constraint.startswith(sentences.RESERVATION):
        return loaded.case.party_number(constraint.removeprefix(sentences.RESERVATION))
    return next(line.party for line in loaded.case.red_lines.lines if line.id == constraint)


def _join(panel: Axes, ends: list[tuple[float, float]], number: int) -> None:
    """A line between two boxes, or lines from each of more to a square in their middle."""
    if len(ends) == 2 and ends[0][0] != ends[1][0]:
        bend = 0.0 if abs(ends[0][0] - ends[1][0]) < 1.5 else -0.18  # around the columns in between
        style = {"arrowstyle": "-", "color": GREY, "linewidth": 1.6, "connectionstyle": f"arc3,rad={bend}"}
        panel.annotate("", ends[0], ends[1], arrowprops=style, zorder=1)
        return
    columns = sorted({end[0] for end in ends})
    x = columns[0] + 0.5 if len(columns) != 2 else sum(columns) / 2
    y = 0.5 * round(2 * float(np.mean([end[1] for end in ends])) - 0.01) - 0.5 + 0.1 * (number % 3)
    for end in ends:
        panel.plot([end[0], x], [end[1], y], color=GREY, linewidth=1.2, zorder=1)
    panel.plot([x], [y], marker="s", color=INK, markersize=6, zorder=2)


def moves_picture(loaded: Loaded, found: ZoneMeasures) -> Figure:
    """Which declared lines move, and how far, in the ways that take the fewest steps in all."""
    scenario, steps = loaded.scenario, found.steps["ceasefire"]
    order = {party: n for n, party in enumerate(scenario.parties)}
    signing = [line for line in scenario.red_lines if scenario.parties[line.party].signs]
    lines = sorted(signing, key=lambda line: (sentences.name_of(scenario, line.party), line.id))
    figure, (panel,) = panels(
        1, width=10.5, height=0.34 * len(lines) + 0.3, label=3.2, below=0.45, columns=1, head=0.35
    )
    for row, line in enumerate(lines):
        least, most = steps.lines[line.id].least, steps.lines[line.id].most
        ink = colour(order[line.party])
        panel.barh(row, most - least, left=least, height=0.5, color=ink, alpha=0.85)
        panel.plot([least, most], [row, row], linestyle="", marker=mark(order[line.party]), markersize=5, color=ink)
    panel.set_yticks(
        range(len(lines)), [on_lines(sentences.wording(scenario, line), 44, 3) for line in lines], fontsize=7.5
    )
    panel.set_ylim(len(lines) - 0.5, -0.5)
    most = max(entry.most for entry in steps.lines.values())
    panel.set_xticks(range(most + 1))
    panel.set_xlim(-0.15, most + 0.3)
    panel.set_xlabel("steps the line moves (levels)", fontsize=8)
    panel.grid(axis="x", color=FAINT, linewidth=0.6)
    present = [party for party in scenario.parties if any(line.party == party for line in lines)]
    legend(
        figure,
        {
            sentences.name_of(scenario, p): Line2D([], [], color=colour(order[p]), marker=mark(order[p]), lw=4)
            for p in present
        },
        columns=len(present),
    )
    titled(
        figure,
        titles.moves(scenario, steps),
        f"{shorten(scenario.title, 60)}. "
        "Each bar runs from a line's fewest to its "
        f"most steps over all ways {'to share them' if steps.whole else 'seen; there may be others'}. "
        f"{SCALE}{under(scenario)}",
    )
    return figure
