"""The pictures of a zone: what each could live with, what it would be worth, which lines collide, how far they move.

They draw what a zone holds; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.markup import counted
from sim.report import sentences
from sim.report.conflict_sentences import what_counts
from sim.report.pictures import titles
from sim.report.pictures.colours import FAINT, GREY, HALF_OPEN, INK, OPEN, PAPER, VERMILION, colour
from sim.report.pictures.diagnosis import conflict_picture, moves_picture
from sim.report.sentences import under, unit
from sim.report.style import READABLE, SCALE, SHADES, legend, on_lines, panels, save, shorten, titled
from sim.scenario.loader import Loaded
from sim.stakes.space import BoolArray, FloatArray
from sim.study.measures import ZoneMeasures
from sim.zone.points import Point, frontier, named_points
from sim.zone.projections import options_left, options_left_by_party, pair_left
from sim.zone.region import Zone, members
from sim.zone.steps import fewest_by_pair

MOST_DOTS = 20_000
"""Packages drawn as dots; of more, every n-th."""
MOST_MAPS = 6
"""Pairs of issues drawn as heat maps."""
POINT_MARKS: dict[str, dict[str, Any]] = {
    "nash": {"marker": "*", "markersize": 10},
    "kalai_smorodinsky": {"marker": "P", "markersize": 6},
    "egalitarian": {"marker": "s", "markersize": 11, "mfc": "none", "mew": 1.6},
    "utilitarian": {"marker": "D", "markersize": 9, "mfc": "none", "mew": 1.6},
}
"""Marks that stay legible where points coincide."""


def draw_zone(loaded: Loaded, zone: Zone, found: ZoneMeasures, folder: Path) -> None:
    """Write the pictures of a zone into a folder, as SVG and PNG; ``found`` is what `zone_measures` gives."""
    save(ranges_picture(loaded, zone), folder, "ranges")
    save(values_picture(loaded, zone), folder, "values")
    save(maps_picture(loaded, zone, found), folder, "maps")
    if found.conflicts["ceasefire"]:
        save(conflict_picture(loaded, found), folder, "conflicts")
    if found.steps["ceasefire"].fewest:
        save(moves_picture(loaded, found), folder, "moves")


def ranges_picture(loaded: Loaded, zone: Zone) -> Figure:
    """Which options each party could live with alone, where these overlap, and which the zone holds."""
    case, scenario = loaded.case, loaded.scenario
    shown = [axis for axis, n in enumerate(case.space.shape) if n > 1]
    alone = options_left_by_party(zone) > 0
    suits: BoolArray = np.logical_and.reduce(alone, axis=0)
    rows_height = 0.3 * (len(case.signatories) + 2)
    figure, axes = panels(len(shown), width=12.5, height=rows_height, label=1.05, below=0.5)
    held = options_left(zone) > 0
    rows = [
        (sentences.name_of(scenario, case.parties[p].id), colour(p), alone[n]) for n, p in enumerate(case.signatories)
    ]
    rows += [("all, one by one", GREY, suits), ("in the zone", INK, held)]
    shut = [sentences.issue_name(scenario, case.space.issues[axis].id) for axis in shown if not suits[axis].any()]
    for panel, axis in zip(axes, shown, strict=False):
        _range_panel(panel, loaded, axis, rows)
    entries = {
        "filled: in some package that suits the party alone": Patch(facecolor=GREY),
        "in none": Patch(facecolor=PAPER, edgecolor=FAINT),
        f"never {what_counts(scenario)}, by definition": Patch(facecolor=PAPER, edgecolor=FAINT, hatch="////"),
    }
    legend(figure, entries, columns=3)
    titled(
        figure,
        titles.ranges(shut, len(shown), zone.size() > 0),
        f"What each could live with: {shorten(scenario.title, 60)}. An option is filled for a party when some coherent "
        f"package for {what_counts(scenario)} with it crosses none of the party's own red lines and is worth its "
        "reservation value. An issue without a filled 'all' cell closes the zone by itself; filled cells everywhere "
        f"do not yet make a zone. {under(scenario)}",
    )
    return figure


def _range_panel(panel: Axes, loaded: Loaded, axis: int, rows: list[tuple[str, str, BoolArray]]) -> None:
    issue = loaded.case.space.issues[axis]
    left = loaded.case.space.left[axis]
    for row, (_, ink, filled) in enumerate(rows):
        for place, option in enumerate(left):
            face = ink if filled[axis, option] else PAPER
            panel.add_patch(_cell(place, row, face, outside=not loaded.case.zones["ceasefire"][axis, option]))
    panel.set_xlim(-0.5, len(left) - 0.5)
    panel.set_ylim(len(rows) - 0.5, -0.5)
    panel.set_yticks(range(len(rows)), [name for name, _, _ in rows], fontsize=8)
    said = [sentences.label(loaded.scenario, issue.id, issue.options[option]) for option in left]
    labels = [on_lines(label, max(5, 78 // len(left)), 4) for label in said]
    panel.set_xticks(range(len(left)), labels, fontsize=7)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)
    panel.set_title(sentences.issue_name(loaded.scenario, issue.id))


def _cell(place: int, row: int, face: str, *, outside: bool) -> Rectangle:
    hatch = "////" if outside else None
    return Rectangle((place - 0.46, row - 0.4), 0.92, 0.8, facecolor=face, edgecolor=FAINT, linewidth=0.8, hatch=hatch)


def values_picture(loaded: Loaded, zone: Zone) -> Figure:
    """The zone by what its packages are worth to each pair of signatories, with frontier and named points."""
    case, scenario = loaded.case, loaded.scenario
    names = [sentences.name_of(scenario, case.parties[party].id) for party in case.signatories]
    pairs = list(combinations(range(len(names)), 2)) or [(0, 0)]
    without_lines, inside = members(zone, "none"), members(zone)
    best = inside.values[frontier(inside.values)]
    points = named_points(case, inside)
    figure, axes = panels(len(pairs), width=12.5, height=2.9, label=0.6, below=0.45, columns=3, head=0.45)
    for panel, (across, up) in zip(axes, pairs, strict=True):
        _dots(panel, without_lines.values, across, up, FAINT, 3)
        _dots(panel, inside.values, across, up, HALF_OPEN, 5)
        _dots(panel, best, across, up, OPEN, 9)
        _points(panel, points, [case.signatories[across], case.signatories[up]])
        for party, line in ((across, panel.axvline), (up, panel.axhline)):
            line(case.reservation[0, case.signatories[party]], color=INK, linewidth=1, linestyle=":")
        panel.set_xlabel(names[across], fontsize=8)
        panel.set_ylabel(names[up], fontsize=8)
    dot: dict[str, Any] = {"linestyle": "", "marker": "o", "markersize": 5}
    entries = {
        "worth the reservation values, lines aside": Line2D([], [], color=FAINT, **dot),
        **({"in the zone": Line2D([], [], color=HALF_OPEN, **dot)} if len(best) else {}),
        **({"on its frontier": Line2D([], [], color=OPEN, **dot)} if len(best) else {}),
        **{
            sentences.point_name(point.name): Line2D([], [], color=VERMILION, linestyle="", **POINT_MARKS[point.name])
            for point in points
        },
        "reservation value": Line2D([], [], color=INK, linewidth=1, linestyle=":"),
    }
    legend(figure, entries, columns=min(8, len(entries)))
    size = counted(len(inside.packages), "package")
    held = f"{size} in the zone; {len(best):,} of them no other beats for all" if len(inside.packages) else ""
    titled(
        figure,
        held or "No package suits all: the zone is empty",
        f"{shorten(scenario.title, 60)}. Each dot is a package for {what_counts(scenario)}, in {unit(scenario)}, for "
        "each pair of signatories. Points are never compared across parties; named points describe the set and "
        f"recommend nothing. Axes begin at the least value drawn, not at zero. {under(scenario)}",
    )
    return figure


def _points(panel: Axes, points: Sequence[Point], pair: list[int]) -> None:
    """The named points of groups that both parties belong to."""
    for point in points:
        if set(pair) <= set(point.group):
            style = {"color": VERMILION, "mec": VERMILION, "linestyle": ""} | POINT_MARKS[point.name]
            panel.plot(*(point.values[:, point.group.index(party)] for party in pair), **style)


def _dots(panel: Axes, values: FloatArray, across: int, up: int, ink: str, size: float) -> None:
    every = max(1, -(-len(values) // MOST_DOTS))
    shown = values[::every]
    panel.scatter(shown[:, across], shown[:, up], s=size, color=ink, linewidths=0, rasterized=True)


def maps_picture(loaded: Loaded, zone: Zone, found: ZoneMeasures) -> Figure:
    """The zone over pairs of issues: how many packages, or, where it is empty, the fewest steps that would open it."""
    case, scenario = loaded.case, loaded.scenario
    open_ = zone.size() > 0
    pairs = _telling_pairs(loaded, found)
    figure, axes = panels(len(pairs), width=12.5, height=2.6, label=1.75, below=1.15, columns=2, head=0.35)
    tables = [pair_left(zone, *pair).astype(float) if open_ else fewest_by_pair(zone, *pair) for pair in pairs]
    for panel, table, (down, across) in zip(axes, tables, pairs, strict=True):
        left = np.ix_(case.space.left[down], case.space.left[across])
        _heat(panel, loaded, table[left], down, across, few_is_dark=not open_)
    if not pairs:
        figure, axes = panels(1, width=8, height=1, label=0.5, below=0.3)
        axes[0].text(0, 0.5, "There is no pair of free issues to draw.")
        axes[0].set_axis_off()
    what = "the number of the zone's packages" if open_ else "the fewest steps of red lines that would open a zone"
    titled(
        figure,
        _nearest_cell(loaded, tables[0], pairs[0], open_) if pairs else "There is no pair of free issues to draw",
        f"{shorten(scenario.title, 60)}. "
        f"Each cell holds {what} with these two options, whatever the other issues; a dash: none. "
        f"{'' if open_ else SCALE}{under(scenario)}",
    )
    return figure


def _nearest_cell(loaded: Loaded, table: FloatArray, pair: tuple[int, int], open_: bool) -> str:
    """Which two options of a pair of issues most packages of a zone hold, or where the fewest steps open one."""
    if not np.isfinite(table).any():
        return "No steps of red lines alone open a zone"
    place = np.unravel_index(np.nanargmax(table) if open_ else np.nanargmin(table), table.shape)
    issues = loaded.case.space.issues
    options = [
        sentences.label(loaded.scenario, issues[axis].id, issues[axis].options[int(k)])
        for axis, k in zip(pair, place, strict=True)
    ]
    both = " with ".join(f"“{shorten(option, 36)}”" for option in options)
    if open_:
        return f"{100 * table[place] / table.sum():.0f} % of the zone joins {both}"
    return f"A zone is nearest at {both}: {counted(int(table[place]), 'step')} away"


def _heat(panel: Axes, loaded: Loaded, table: FloatArray, down: int, across: int, *, few_is_dark: bool) -> None:
    issues, scenario = loaded.case.space.issues, loaded.scenario
    shade = -table if few_is_dark else np.where(table > 0, table, np.nan)
    told = np.isfinite(shade).any()
    low = float(np.nanmin(shade)) if told and few_is_dark else 0.0
    high = float(np.nanmax(shade)) + 1e-9 if told else 1.0
    panel.imshow(shade, cmap=SHADES, aspect="auto", vmin=low, vmax=high)
    for row, column in np.ndindex(table.shape):
        value = float(table[row, column])
        none = np.isnan(value) or (value == 0 and not few_is_dark)
        dark = not none and shade[row, column] > low + READABLE * (high - low)
        panel.text(
            column, row, "–" if none else _short(value), ha="center", va="center", fontsize=8,
            color=PAPER if dark else INK,
        )  # fmt: skip
    for axis, which in ((down, panel.set_yticks), (across, panel.set_xticks)):
        options = loaded.case.space.left[axis]
        labels = [sentences.label(scenario, issues[axis].id, issues[axis].options[k]) for k in options]
        wide = 26 if axis == down else max(8, 78 // len(options))
        which(range(len(options)), [on_lines(label, wide, 4) for label in labels], fontsize=7)
    panel.tick_params(length=0)
    panel.set_xlabel(sentences.issue_name(scenario, issues[across].id), fontsize=8)
    panel.set_title(
        f"{sentences.issue_name(scenario, issues[down].id)} × {sentences.issue_name(scenario, issues[across].id)}"
    )


def _short(value: float) -> str:
    return f"{value:.0f}" if value < 10_000 else f"{value / 1000:.0f}k"


def _telling_pairs(loaded: Loaded, found: ZoneMeasures) -> list[tuple[int, int]]:
    """The pairs of issues to draw: those that conflicts are about first, then those with red lines, then the rest."""
    lines = {line.id: line.ladder[0].on for line in loaded.case.red_lines.lines}
    clashing = [lines[c] for ids in found.conflicts["ceasefire"] for c in ids if c in lines]
    free = [axis for axis, n in enumerate(loaded.case.space.shape) if n > 1]
    telling = [axis for axis in dict.fromkeys([*clashing, *lines.values(), *free]) if axis in free]
    order = {axis: place for place, axis in enumerate(telling)}
    pairs = sorted(combinations(telling, 2), key=lambda pair: (max(order[pair[0]], order[pair[1]]), order[pair[0]]))
    return [(min(pair), max(pair)) for pair in pairs[:MOST_MAPS]]
