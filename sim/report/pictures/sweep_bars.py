"""How much each field explains, and where in its range a zone exists: bars with intervals, units and sources."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.markup import capital, counted
from sim.report.pictures.colours import BLUE, FAINT, GREY, INK, ORANGE, PALE, PAPER
from sim.report.sentences import under
from sim.report.style import legend, on_lines, save, shorten, titled
from sim.report.sweep_names import field_name, value_text
from sim.report.sweep_sentences import INFLUENCED, SUBJECT
from sim.scenario.schema import Scenario
from sim.sweeps.analyse import Analysis
from sim.sweeps.factors import Factor
from sim.sweeps.noise import Noise
from sim.sweeps.sensitivity import Sensitivity
from sim.sweeps.store import Folder

MOST = 16
"""Fields drawn at most, those that explain most first."""


def draw_influence(folder: Folder, found: Analysis, draft: Path) -> None:
    """Draw the indices of both results, where there are any."""
    if any(found.measured.sensitivity[name].first_order for name in (found.subject, "agreement")):
        save(influence(folder, found), draft, "influence")


def influence(folder: Folder, found: Analysis) -> Figure:
    """A bar a field: the share of variance it explains alone and, from a Saltelli design, with its interactions."""
    said, scenario = found.measured, folder.sweep.loaded.scenario
    entries = {name: said.sensitivity[name] for name in (found.subject, "agreement")}
    ranked = sorted(said.vary, key=lambda path: -max(one.explained.get(path, 0.0) for one in entries.values()))[:MOST]
    strip = 0.9 if said.noise.parts else 0.0
    tall = 2.3 + 0.42 * len(ranked) + strip
    figure = Figure(figsize=(12, tall))
    left, width, height = 0.34, 0.29, (tall - 1.95 - strip) / tall
    for number, (name, entry) in enumerate(entries.items()):
        panel = figure.add_axes((left + number * (width + 0.05), (0.95 + strip) / tall, width, height))
        bars = _bars(panel, entry, ranked)
        panel.set_title(on_lines(INFLUENCED[name].capitalize(), 40, 1))
        panel.set_xlim(0, 1)
        panel.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.0f} %")
        panel.set_xlabel("share of the variance between cases", fontsize=8)
        panel.set_ylim(-len(ranked) + 0.4, 0.6)
        names = [on_lines(field_name(scenario, path), 52, 2) for path in ranked]
        panel.set_yticks(range(0, -len(ranked), -1), names if number == 0 else [""] * len(names), fontsize=8)
        if not bars:
            alike = (name == found.subject and not found.varies) or not said.results.talks_agree.share
            why = "the same in every case" if alike else "too few runs of each case to tell"
            panel.text(0.5, (1 - len(ranked)) / 2, why, ha="center", va="center", color=GREY)
    if strip:
        _chance(figure.add_axes((left, 0.72 / tall, 2 * width + 0.05, 0.26 / tall)), said.noise)
    both = {"alone": Patch(color=BLUE), "with its interactions": Patch(color=ORANGE)}
    sobol = any(entry.sobol for entry in entries.values())
    if not sobol:
        both = {"alone": both["alone"], "alone, no clear effect": Patch(color=FAINT)}
    legend(figure, both, len(both), 0.3)
    kind = "Sobol indices (Saltelli design)" if sobol else "First-order indices"
    titled(
        figure,
        _most(scenario, entries),
        f"What moves zone and talks: {shorten(said.title, 60)}. {kind} with 95 % intervals, for the ranges of this "
        f"sweep. {under(scenario)}",
    )
    return figure


def _most(scenario: Scenario, entries: dict[str, Sensitivity]) -> str:
    """Which field explains most of a result alone, as a sentence: of how often the talks agree, if that varies."""
    for name in reversed(entries):
        explained = entries[name].explained
        if explained and max(explained.values()) > 0:
            path = max(explained, key=lambda path: explained[path])
            field = shorten(field_name(scenario, path), 48)
            return f"{capital(field)} explains {100 * explained[path]:.0f} % of {INFLUENCED[name]}"
    return "No field alone explains either result"


def _bars(panel: Axes, entry: Sensitivity, ranked: list[str]) -> bool:
    """The bars of one result; False where it does not vary."""
    for row, path in enumerate(ranked):
        if entry.sobol:
            index = entry.sobol[path]
            _bar(panel, -row + 0.18, index.first, _around(index.first, index.first_95), BLUE)
            _bar(panel, -row - 0.18, index.total, _around(index.total, index.total_95), ORANGE)
        elif entry.first_order:
            alone = entry.first_order[path]
            ends = None if alone.low is None or alone.high is None else (alone.low, alone.high)
            _bar(panel, -row, alone.index, ends, BLUE if alone.sure else FAINT, height=0.5)
    return bool(entry.sobol or entry.first_order)


PARTS = {
    "case": ("between cases", BLUE, "white"),
    "draw": ("between draws", PALE, INK),
    "both": ("what a case makes of a draw", ORANGE, INK),
    "within": ("chance within a case", PALE, INK),
}
"""Where the variance of a single run's agreement lies: what it is called, its colour, and that of what stands on it."""


def _chance(panel: Axes, noise: Noise) -> None:
    """One bar that adds up to all of the variance of a single run's agreement: cases, draws, both."""
    at = 0.0
    for name, part in noise.parts.items():
        panel.barh(0, part, left=at, color=PARTS[name][1], edgecolor=PAPER)
        if part >= 0.06:
            panel.text(
                at + part / 2, 0, f"{100 * part:.0f} %", ha="center", va="center", color=PARTS[name][2], fontsize=8
            )
        at += part
    panel.set_xlim(0, 1)
    panel.set_xticks([])
    panel.set_yticks([0], ["whether a single run agrees"], fontsize=8)
    panel.spines[["bottom", "left"]].set_visible(False)
    panel.tick_params(length=0)
    names = [PARTS[name] for name in noise.parts]
    panel.legend(
        [Patch(color=colour) for _, colour, _ in names],
        [said for said, _, _ in names],
        loc="upper left",
        bbox_to_anchor=(-0.01, 0.0),
        ncols=3,
        frameon=False,
        fontsize=8,
    )


def _around(value: float, half: float | None) -> tuple[float, float] | None:
    return None if half is None else (value - half, value + half)


def _bar(
    panel: Axes, at: float, value: float, ends: tuple[float, float] | None, colour: str, height: float = 0.34
) -> None:
    panel.barh(at, max(value, 0.0), height=height, color=colour)
    if ends is not None:
        low, high = np.clip(ends, 0, 1)
        panel.plot([low, high], [at, at], color=INK, linewidth=1, marker="|", markersize=5)


def draw_ranges(folder: Folder, found: Analysis, draft: Path) -> None:
    """Draw where in each field's range a zone exists, unless it is the same in every case."""
    if found.varies:
        save(ranges(folder, found), draft, "ranges")


def ranges(folder: Folder, found: Analysis) -> Figure:
    """A row a field: its range, the middle nine tenths of the cases with a zone, the region found, its own value."""
    sweep, scenario = folder.sweep, folder.sweep.loaded.scenario
    shown = sweep.factors[:MOST]
    tall = 2.2 + 0.62 * len(shown)
    figure = Figure(figsize=(12, tall))
    panel = figure.add_axes((0.36, 0.85 / tall, 0.6, (tall - 1.75) / tall))
    for row, factor in enumerate(shown):
        (_names if factor.named else _range)(panel, -row, factor, folder, found)
    panel.set_xlim(-0.08, 1.08)
    panel.set_ylim(-len(shown) + 0.4, 0.6)
    panel.set_xticks([])
    panel.spines[["bottom", "left"]].set_visible(False)
    labels = []
    for factor in shown:
        unit = "" if factor.field.unit in ("none", "name", "value") else f" ({factor.field.unit})"
        labels.append(on_lines(field_name(scenario, factor.path) + unit, 56, 2))
    panel.set_yticks([-row for row in range(len(shown))], labels, fontsize=8)
    panel.tick_params(length=0)
    absent = found.measured.regions[found.subject].of == "absence"
    what, gone, _ = SUBJECT[found.subject]
    entries = {
        "range of the sweep": Patch(color=FAINT),
        f"middle nine tenths of the cases in which {what}": Patch(color=BLUE),
        f"region found in which {gone if absent else what}": Line2D([], [], color=ORANGE, linewidth=3),
        "the scenario's own value": Line2D([], [], color=INK, marker="v", linestyle=""),
    }
    legend(figure, entries, len(entries), 0.3)
    titled(
        figure,
        _how_many(found, what),
        f"Where in each field's range {what}: {shorten(found.measured.title, 60)}. "
        f"Lists show the share of such cases for each value. Red lines carry their source. {under(scenario)}",
    )
    return figure


def _how_many(found: Analysis, what: str) -> str:
    known = found.cases.known
    inside = int((found.cases.zones[found.subject][known] == 1).sum())
    return f"{capital(what)} in {inside:,} of {counted(int(known.sum()), 'case')}"


def _range(panel: Axes, at: float, factor: Factor, folder: Folder, found: Analysis) -> None:
    """The row of a number."""
    scenario, cases = folder.sweep.loaded.scenario, found.cases
    column = cases.columns[factor.path]
    low, high = (factor.low, factor.high) if factor.values is None else (float(column.min()), float(column.max()))
    whole = (high - low) or 1.0

    def place(value: float) -> float:
        return (value - low) / whole

    panel.barh(at, 1, height=0.32, color=FAINT)
    inside = column[cases.known & (cases.zones[found.subject] == 1)]
    if len(inside):
        ends = np.percentile(inside, [5, 95])
        panel.barh(at, place(ends[1]) - place(ends[0]), left=place(ends[0]), height=0.32, color=BLUE)
    number = [f.path for f in folder.sweep.factors].index(factor.path)
    for box in found.regions[found.subject].boxes[:1]:
        for limit in box:
            if limit.column == number:
                ends = np.clip([place(limit.low), place(limit.high)], 0, 1)
                panel.plot(ends, [at - 0.25] * 2, color=ORANGE, linewidth=3, solid_capstyle="butt")
    now = factor.field.now
    if isinstance(now, int | float) and low <= now <= high:
        panel.plot(place(now), at + 0.25, marker="v", color=INK, markersize=6)
    for x, value, side in ((-0.01, low, "right"), (1.01, high, "left")):
        panel.text(x, at, value_text(scenario, factor.path, factor.value(value)), ha=side, va="center", fontsize=8)


def _names(panel: Axes, at: float, factor: Factor, folder: Folder, found: Analysis) -> None:
    """The row of a list of names: each with the share of its cases that have a zone."""
    scenario, rows = folder.sweep.loaded.scenario, found.measured.by_value[factor.path]
    for place, row in enumerate(rows[:6]):
        left, width = place / min(len(rows), 6), 1 / min(len(rows), 6)
        share = (row.zone if found.subject == "zone" else row.plain_truce).share
        panel.barh(at, width * 0.97, left=left, height=0.32, color=FAINT)
        if share:
            panel.barh(at, width * 0.97 * share, left=left, height=0.32, color=BLUE)
        text = f"{value_text(scenario, factor.path, row.value)}: {'–' if share is None else f'{100 * share:.0f} %'}"
        panel.text(left, at + 0.2, shorten(text, 30), fontsize=7.5, va="bottom")
