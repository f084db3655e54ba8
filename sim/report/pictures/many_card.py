"""The cards of reports on more than one run: a timeline's moments, a sweep's results, in their own sentences."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from sim.files import write_whole
from sim.markup import command_line, counted
from sim.report.finding_sentences import number
from sim.report.html.sweep_page import command
from sim.report.pictures.card import KINDS, drawn, sheet
from sim.report.pictures.colours import CLOSED, INK, OPEN
from sim.report.style import shorten
from sim.report.sweep_sentences import finding, influences, results
from sim.study.saved import SavedRun
from sim.sweeps.analyse import Analysis
from sim.sweeps.store import Folder

MOST = 16
"""Lines of a card without a strip, those of its finding counted twice."""


def write_cards(figure: Figure, folder: Path) -> None:
    """Write a card into a folder, as SVG and PNG.

    Raises:
        OutputError: when the place cannot be written.
    """
    for kind in KINDS:
        write_whole(folder / f"card.{kind}", drawn(figure, kind))


def timeline_card(runs: Sequence[SavedRun]) -> Figure:
    """In how many of some moments a deal was possible, and how many deals in each."""
    said, sizes = [], [run.zone.zone["declared"]["ceasefire"] for run in runs]
    for run, size in zip(runs, sizes, strict=True):
        when = f"{run.zone.as_of}  " if run.zone.as_of else ""
        many = counted(size, "deal") if size else "no deal"
        said.append((f"{when}{shorten(run.loaded.scenario.title, 52)}: {many}", OPEN if size else CLOSED))
    finding = f"A deal was possible in {number(sum(size > 0 for size in sizes))} of {number(len(runs))} scenarios"
    return sheet("A timeline", finding, said, MOST, command_line("report", *(run.loaded.name for run in runs)))


def sweep_card(folder: Folder, found: Analysis) -> Figure:
    """Both results of a sweep, never mixed, and what explains most of them."""
    scenario, measured = folder.sweep.loaded.scenario, found.measured
    rest = results(scenario, measured)[1:]
    lines = [line for said in (*rest, *influences(folder.sweep, measured)) for line in textwrap.wrap(said, 100)]
    kicker = f"{shorten(measured.title, 60)}  ·  {counted(measured.results.cases_done, 'case')}"
    said = [(line, INK) for line in lines]
    return sheet(kicker, finding(scenario, measured), said, MOST, command(folder))
