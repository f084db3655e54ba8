"""Both results over two fields: where a zone exists, and where the talks find one that does.

Cells with few cases are hatched; a line runs where a zone becomes more frequent than not.
"""

from __future__ import annotations

from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from sim.report.pictures.colours import GREY, INK, PALE, VERMILION
from sim.report.sentences import under
from sim.report.style import on_lines, save, shorten, titled
from sim.report.sweep_names import field_name, value_text
from sim.stakes.space import BoolArray, FloatArray
from sim.sweeps.analyse import Analysis, outcome
from sim.sweeps.prim import Box
from sim.sweeps.sensitivity import cells
from sim.sweeps.store import Folder

TITLES = {
    "zone": "A zone exists, share of cases",
    "plain_truce": "A plain truce suits everybody, share of cases",
    "agreement": "The talks agree, share of runs",
    "agreement_where_a_zone_exists": "The talks find a zone that exists, share of runs",
}
"""What the pictures show; all others show an ending."""
SPARSE = 10
"""Cases below which a cell is hatched."""
CELLS = 10
"""Cells along a range at most."""
FEW_EDGES = 5
"""Edges of cells that all have a number; of more, every other."""


def _cells_along(cases: int) -> int:
    """So many that a cell holds enough cases, as a rule."""
    return min(CELLS, max(3, isqrt(cases // (2 * SPARSE))))


def draw_heat(folder: Folder, found: Analysis, draft: Path) -> None:
    """Draw the two fields that move the zone most, or else the talks; nothing for a sweep of one field."""
    paths = chosen(found)
    if len(paths) == 2:
        save(heat(folder, found, paths), draft, "heat")


def chosen(found: Analysis) -> list[str]:
    """The two fields that explain most of the zone, or of the talks where the zone is the same everywhere."""
    for name in (found.subject, "agreement"):
        ranked = found.measured.sensitivity[name].ranked
        if len(ranked) >= 2:
            return ranked[:2]
    return list(found.measured.vary)[:2]


def heat(folder: Folder, found: Analysis, paths: list[str]) -> Figure:
    """Left: share of cases with a zone, as a rule. Right: share of runs that agree where one exists."""
    sweep, cases = folder.sweep, found.cases
    across, along = (cells(sweep, path, cases.columns[path], _cells_along(len(cases.runs))) for path in paths)
    size = (len(along[1]), len(across[1]))
    figure = Figure(figsize=(12, 6))
    axes = [figure.add_axes((0.17, 0.24, 0.3, 0.6)), figure.add_axes((0.6, 0.24, 0.3, 0.6))]
    pictured = found.pictured()
    grids, image, hatched = [], None, False
    sparse = 1 if sweep.design.kind == "grid" else SPARSE  # a grid has all the cases that there are
    for panel, name in zip(axes, pictured, strict=True):
        share, known = outcome(cases, name)
        grid, count = _grid(along[0][known], across[0][known], share[known], size)
        image = panel.imshow(grid, origin="lower", aspect="auto", cmap="cividis", vmin=0, vmax=1)
        _hatch(panel, count < sparse)
        hatched = hatched or bool((count < sparse).any())
        _ticks(panel, folder, paths, (across[1], along[1]))
        ending = name.removeprefix("ending.").replace("_", " ").capitalize()
        panel.set_title(TITLES.get(name, f"{ending}, share of runs"))
        if grid.size <= 64:
            _numbers(panel, grid)
        grids.append(grid)
    for panel in axes:
        _border(panel, grids[0])
    boxes = found.regions[found.subject].boxes
    drawn = (
        bool(boxes)
        and pictured[0] == found.subject
        and _region(axes[0], boxes[0], folder, paths, (across[1], along[1]))
    )
    assert image is not None
    bar = figure.add_axes((0.93, 0.24, 0.014, 0.6))
    figure.colorbar(image, cax=bar, format=lambda x, _: f"{100 * x:.0f} %")
    _explain(figure, drawn, bool(_borders(grids[0])[0].any() or _borders(grids[0])[1].any()), hatched)
    scenario = sweep.loaded.scenario
    titled(
        figure,
        "; ".join([_range_of(axes[0], grids[0]), _range_of(axes[1], grids[1]).replace("The ", "the ", 1)]),
        f"Zone and talks over two fields: {shorten(found.measured.title, 60)}. "
        f"{f'Hatched: fewer than {SPARSE} cases. ' if hatched else ''}Other fields vary within their ranges. "
        f"{under(scenario)}",
    )
    return figure


def _range_of(panel: Axes, grid: FloatArray) -> str:
    """From what share to what share a panel goes, in its own words."""
    what, _, of = panel.get_title(loc="left").partition(", share of ")
    seen = grid[np.isfinite(grid)]
    if not len(seen):
        return f"{what}: no case tells"
    low, high = (f"{100 * end:.0f}" for end in (seen.min(), seen.max()))
    return f"{what} in {low if low == high else f'{low} to {high}'} % of {of}"


def _grid(row: Any, column: Any, share: FloatArray, size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """The mean of each cell, NaN where it is empty, and its number of cases."""
    where = row * size[1] + column
    count = np.bincount(where, minlength=size[0] * size[1]).astype(float)
    total = np.bincount(where, share, minlength=size[0] * size[1])
    with np.errstate(invalid="ignore"):
        mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean.reshape(size), count.reshape(size)


def _hatch(panel: Axes, sparse: BoolArray) -> None:
    for row, column in zip(*np.nonzero(sparse), strict=True):
        cell = Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, hatch="////", edgecolor=PALE, linewidth=0)
        panel.add_patch(cell)


def _numbers(panel: Axes, grid: FloatArray) -> None:
    for (row, column), share in np.ndenumerate(grid):
        if np.isfinite(share):
            ink = "white" if share < 0.5 else INK
            panel.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=ink, fontsize=8)


def _ticks(panel: Axes, folder: Folder, paths: list[str], ends: tuple[Any, Any]) -> None:
    """Values at the edges of cells of a range, under cells of a list."""
    scenario = folder.sweep.loaded.scenario
    for number, (path, cell) in enumerate(zip(paths, ends, strict=True)):
        factor = next(f for f in folder.sweep.factors if f.path == path)
        axis = (panel.xaxis, panel.yaxis)[number]
        if cell[0][0] == cell[0][1]:
            texts = [value_text(scenario, path, factor.value(low)) for low, _ in cell]
            axis.set_ticks(range(len(cell)), [on_lines(text, 16, 2) for text in texts], fontsize=8)
        else:
            edges = [low for low, _ in cell] + [cell[-1][1]]
            shown = range(0, len(edges), 1 if len(edges) <= FEW_EDGES else 2)
            axis.set_ticks([n - 0.5 for n in shown], [f"{edges[n]:.3g}" for n in shown], fontsize=8)
        unit = factor.field.unit
        name = on_lines(field_name(scenario, path), 46, 2)
        apart = " " if len(name) + len(unit) < 44 else "\n"
        axis.set_label_text(name if unit in ("none", "name", "value") else f"{name}{apart}({unit})", fontsize=8)


def _borders(grid: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Where a zone is more frequent than not on one side, and known to be less on the other: across, then along."""
    more, known = grid >= 0.5, np.isfinite(grid)
    across = (more[:, 1:] != more[:, :-1]) & known[:, 1:] & known[:, :-1]
    return across, (more[1:] != more[:-1]) & known[1:] & known[:-1]


def _border(panel: Axes, grid: FloatArray) -> None:
    """A line between cells where a zone is more frequent than not and cells where it is less."""
    across, along = _borders(grid)
    style: dict[str, Any] = {"color": VERMILION, "linewidth": 2.2, "solid_capstyle": "round"}
    for row, column in zip(*np.nonzero(across), strict=True):
        panel.plot([column + 0.5] * 2, [row - 0.5, row + 0.5], **style)
    for row, column in zip(*np.nonzero(along), strict=True):
        panel.plot([column - 0.5, column + 0.5], [row + 0.5] * 2, **style)


def _region(panel: Axes, box: Box, folder: Folder, paths: list[str], ends: tuple[Any, Any]) -> bool:
    """The region found, where it limits these fields to stretches."""
    sides, limited = [], False
    for path, cell in zip(paths, ends, strict=True):
        column = [f.path for f in folder.sweep.factors].index(path)
        limit = next((limit for limit in box if limit.column == column), None)
        if limit is not None and limit.kept is not None:
            return False
        low, high = (-np.inf, np.inf) if limit is None else (limit.low, limit.high)
        limited = limited or limit is not None
        sides.append((_place(cell, low, -0.5), _place(cell, high, len(cell) - 0.5)))
    (left, right), (bottom, top) = sides
    if limited:
        style: dict[str, Any] = {"fill": False, "edgecolor": "white", "linewidth": 2, "linestyle": "--"}
        panel.add_patch(Rectangle((left, bottom), right - left, top - bottom, **style))
    return limited


def _place(cell: list[tuple[float, float]], value: float, otherwise: float) -> float:
    """Where a value lies along the cells of an axis."""
    if not np.isfinite(value):
        return otherwise
    if cell[0][0] == cell[0][1]:
        levels = [low for low, _ in cell]
        below = sum(level < value for level in levels)
        exact = value in levels
        return below - 0.5 if otherwise < 0 else below - 0.5 + exact
    whole = cell[-1][1] - cell[0][0]
    return float(np.clip((value - cell[0][0]) / whole * len(cell) - 0.5, -0.5, len(cell) - 0.5))


def _explain(figure: Figure, region: bool, border: bool, hatched: bool) -> None:
    """What the lines and the hatching mean."""
    from matplotlib.lines import Line2D

    entries: dict[str, Any] = {}
    if border:
        entries["left picture: one half on either side"] = Line2D([], [], color=VERMILION, linewidth=2.2)
    if region:
        entries["the region found (see summary)"] = Line2D([], [], color=GREY, linewidth=2, linestyle="--")
    if hatched:
        entries["few cases"] = Patch(fill=False, hatch="////", edgecolor=PALE)
    figure.legend(
        list(entries.values()),
        list(entries),
        loc="upper left",
        bbox_to_anchor=(0.005, 0.955),
        ncols=3,
        frameon=False,
        fontsize=8,
    )
