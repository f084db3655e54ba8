"""All regions of a sweep as a small tree, in natural frequencies that the cases kept back show."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.markup import capital, counted
from sim.report.pictures.colours import CLOSED, GREY, INK, NOTE, OPEN
from sim.report.sentences import under
from sim.report.style import on_lines, save, shorten, titled
from sim.report.sweep_names import field_name, value_text
from sim.report.sweep_sentences import SUBJECT
from sim.sweeps.analyse import Analysis
from sim.sweeps.store import Folder
from sim.sweeps.tree import Node, Question


def draw_tree(folder: Folder, found: Analysis, draft: Path) -> None:
    """Draw the tree of the zone, or of the talks where the zone is the same everywhere."""
    for name in (found.subject, "agreement"):
        tree = found.regions[name].tree
        if tree is not None and tree.question is not None:
            save(picture(folder, found, tree, name), draft, "tree")
            return


def picture(folder: Folder, found: Analysis, tree: Node, name: str) -> Figure:
    """Questions from the top; yes goes left, no right; each end says how many of 100 such cases have the outcome."""
    depth, width = _depth(tree), len(tree.leaves())
    figure = Figure(figsize=(max(9.0, 1.75 * width), 2.0 + 1.15 * depth))
    tall = figure.get_figheight()
    panel = figure.add_axes((0.01, 0.75 / tall, 0.98, (tall - 1.35) / tall))
    _draw(panel, folder, tree, name, 0, 0)
    panel.set_xlim(-0.55, width - 0.45)
    panel.set_ylim(-depth + 0.4, 0.5)
    panel.set_axis_off()
    titled(
        figure,
        _first_split(folder, tree, *SUBJECT[name][::2]),
        f"When {SUBJECT[name][0]}: {shorten(found.measured.title, 60)}. "
        "Yes goes left, no goes right. Frequencies are of cases kept back, which the tree was not fitted on. "
        f"{under(folder.sweep.loaded.scenario)}",
    )
    return figure


def _first_split(folder: Folder, tree: Node, what: str, of: str) -> str:
    """What the first question parts, as a sentence."""
    assert tree.question is not None and tree.yes is not None and tree.no is not None
    yes, no = (f"{100 * node.new.share:.0f} of 100" for node in (tree.yes, tree.no))
    asked = shorten(" ".join(_asked(folder, tree.question).rstrip("?").split()), 60)
    return f"{capital(what)} in {yes} {of} where {asked}, else in {no}"


def _depth(node: Node) -> int:
    return 1 if node.yes is None or node.no is None else 1 + max(_depth(node.yes), _depth(node.no))


def _draw(panel: Axes, folder: Folder, node: Node, name: str, left: int, level: int) -> float:
    """Draw a node over its leaves, which begin at ``left``; returns where it stands."""
    if node.question is None or node.yes is None or node.no is None:
        x = float(left)
    else:
        ends = [
            _draw(panel, folder, node.yes, name, left, level + 1),
            _draw(panel, folder, node.no, name, left + len(node.yes.leaves()), level + 1),
        ]
        x = sum(ends) / 2
        for end, word in zip(ends, ("yes", "no"), strict=True):
            panel.plot([x, end], [-level, -level - 1], color=GREY, linewidth=1, zorder=1)
            panel.text((x + end) / 2, -level - 0.5, word, fontsize=7.5, ha="center", va="center", color=NOTE,
                       bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
    what = {"zone": "have a zone", "plain_truce": "suit everybody"}.get(name, "runs agree")
    text = f"{100 * node.new.share:.0f} of 100 {what}\n{counted(node.new.cases, 'case')}"
    if node.question is not None:
        text = f"{_asked(folder, node.question)}\n({100 * node.new.share:.0f} of 100)"
    shade = node.new.share
    edge = OPEN if shade >= 0.5 else CLOSED
    box = {
        "boxstyle": "round,pad=0.35",
        "facecolor": "white",
        "edgecolor": edge,
        "linewidth": 1 + 2 * abs(2 * shade - 1),
    }
    panel.text(x, -level, text, ha="center", va="center", fontsize=7.5, color=INK, bbox=box, zorder=3)
    return x


def _asked(folder: Folder, question: Question) -> str:
    """What is asked, on three lines at most: a long name is cut, what it is held against never."""
    scenario, factor = folder.sweep.loaded.scenario, folder.sweep.factors[question.column]
    name = field_name(scenario, factor.path)
    if question.name is None:
        most = int(question.most) if factor.field.kind == "whole" else question.most
        return f"{on_lines(name, 26, 2)}\nis at most {most:.3g}?"
    value = factor.value(question.name)
    if value is False and factor.path.endswith(".without"):
        return on_lines(name.replace("line left out", "line kept"), 25, 3) + "?"
    return f"{on_lines(name, 26, 2)}\nis {on_lines(value_text(scenario, factor.path, value), 26, 1)}?"
