"""The pictures of a run: what was offered, and what it was worth.

They draw what zone and talks hold; nothing is computed here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.report import sentences, talks_sentences
from sim.report.finding_sentences import talks_answer
from sim.report.pictures import titles
from sim.report.pictures.colours import FAINT, GREY, INK, colour
from sim.report.pictures.zone import ranges_picture
from sim.report.sentences import under
from sim.report.style import legend, mark, panels, save, shorten, titled
from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.stakes.space import IntArray
from sim.study.run import Run
from sim.talks.transcript import Tabled, Wish

LABEL = 46
"""Characters of an option's label in a picture."""


def draw_run(run: Run, folder: Path) -> None:
    """Write the pictures of a run into a folder, as SVG and PNG."""
    save(offers_picture(run), folder, "offers")
    save(values_picture(run), folder, "values")
    save(ranges_picture(run.loaded, run.zone), folder, "ranges")


def offers_picture(run: Run) -> Figure:
    """The path of the offers: a panel an issue, a line a party, red lines marked where they forbid an option."""
    loaded, case = run.loaded, run.loaded.case
    shown = [axis for axis, n in enumerate(case.space.shape) if n > 1]
    figure, axes = panels(len(shown), width=12.5, height=1.25, label=2.75, below=0.45)
    tracks = _tracks(run)
    for panel, axis in zip(axes, shown, strict=False):
        _option_axis(panel, loaded, axis)
        for party, rounds, packages in tracks:
            panel.plot(rounds, packages[:, axis] + _offset(party, len(case.parties)), **_line_style(party))
        _mark_red_lines(panel, loaded, axis, run.played.round)
        _round_axis(panel, run.loaded.scenario, run.played.round, room=1.08 + 0.045 * len(case.parties))
    entries = {_track_name(run, party): Line2D([], [], **_line_style(party)) for party, _, _ in tracks}
    entries["forbidden by a party's red line (in brackets: under a condition)"] = Line2D(
        [], [], color=INK, marker="x", mew=1.8, linestyle="", markersize=6
    )
    legend(figure, entries, columns=min(6, len(entries)))
    titled(
        figure,
        f"Do the talks find a deal? {talks_answer(loaded.scenario, run.measured)}",
        f"{shorten(loaded.scenario.title, 60)}. "
        f"Options asked for or drafted in each round of one run (seed {run.seed}); a cross marks an option that "
        f"a party's declared red line forbids. Who accepts a text states no wish. {under(run.loaded.scenario)}",
    )
    return figure


def values_picture(run: Run) -> Figure:
    """What was on the table in each round was worth to each party, against its target and reservation value."""
    case, scenario = run.loaded.case, run.loaded.scenario
    table = run.played.rounds()
    figure, axes = panels(len(case.signatories), width=10.5, height=1.9, label=0.65, below=0.5)
    for panel, party in zip(axes, case.signatories, strict=False):
        mine = table[table["party"] == case.parties[party].id]
        panel.plot(mine["round"], mine["utility"], color=colour(party), marker=mark(party), markersize=4)
        panel.plot(mine["round"], mine["value"], color=colour(party), linewidth=1, alpha=0.55)
        panel.plot(mine["round"], mine["target"], color=INK, linewidth=1, linestyle="--")
        panel.plot(mine["round"], mine["reservation"], color=INK, linewidth=1, linestyle=":")
        own = [rounds for rounds, author in zip(*_authors(run), strict=True) if author == case.parties[party].id]
        yes = mine[mine["accepts"] & ~mine["round"].isin(own)]
        panel.plot(yes["round"], yes["utility"], linestyle="", marker="o", markersize=10, mfc="none", mec=INK)
        panel.set_title(sentences.name_of(scenario, case.parties[party].id))
        _round_axis(panel, run.loaded.scenario, run.played.round)
        panel.set_ylabel(sentences.unit(scenario), fontsize=8)
    entries = {
        "package on the table, if it lasted": Line2D([], [], color=GREY, marker="o", markersize=4),
        "given that it may break down": Line2D([], [], color=GREY, linewidth=1, alpha=0.55),
        "target": Line2D([], [], color=INK, linewidth=1, linestyle="--"),
        "reservation value": Line2D([], [], color=INK, linewidth=1, linestyle=":"),
        "accepted (offers of others)": Line2D([], [], linestyle="", marker="o", markersize=10, mfc="none", mec=INK),
    }
    legend(figure, entries, columns=5)
    titled(
        figure,
        _last_answers(run),
        f"{shorten(scenario.title, 60)}. "
        "Value of the package on the table to each party, with what the party asked of such a package, in one run "
        f"(seed {run.seed}). Points are never compared across parties; axes do not begin at "
        f"zero. {under(run.loaded.scenario)}",
    )
    return figure


def _last_answers(run: Run) -> str:
    """Who said yes and who no to what was tabled last."""
    table, scenario = run.played.rounds(), run.loaded.scenario
    tabled = table[table["utility"].notna()]
    if not len(tabled):
        return "Nothing was ever tabled"
    last = tabled[tabled["round"] == tabled["round"].max()]
    said = [(sentences.name_of(scenario, row.party), bool(row.accepts)) for row in last.itertuples()]
    return titles.last_answers([name for name, yes in said if yes], [name for name, yes in said if not yes])


def _tracks(run: Run) -> list[tuple[int, IntArray, IntArray]]:
    """Who asked for what when: party number (-1 the text), rounds, packages ``(N, I)``."""
    case = run.loaded.case
    number = {party.id: n for n, party in enumerate(case.parties)}
    found: dict[int, list[tuple[int, list[int]]]] = {}
    for line in run.transcript:
        if isinstance(line, Tabled | Wish):
            who = -1 if line.event == "text" else number[line.party or ""]
            found.setdefault(who, []).append((line.round, case.space.package(line.package).tolist()))
    return [
        (party, np.array([r for r, _ in entries]), np.array([p for _, p in entries]))
        for party, entries in sorted(found.items())
    ]


def _authors(run: Run) -> tuple[list[int], list[str]]:
    """Rounds, and who made an offer in each; nobody where a text was drafted."""
    rounds = [talks.round for talks in run.played.history]
    return rounds, [""] * len(rounds) if run.loaded.case.protocol.drafted else run.played.authors


def _track_name(run: Run, party: int) -> str:
    if party < 0:
        return "the text"
    name = run.loaded.case.parties[party].name
    return f"{name} wishes" if run.loaded.case.protocol.drafted else f"{name} offers"


def _line_style(party: int) -> dict[str, Any]:
    if party < 0:
        return {"color": INK, "linewidth": 2.2, "marker": ".", "markersize": 5}
    return {"color": colour(party), "linewidth": 1.0, "marker": mark(party), "markersize": 3.5}


def _offset(party: int, parties: int) -> float:
    """A small shift that keeps parties apart where they ask for the same."""
    return 0.0 if party < 0 else (party - (parties - 1) / 2) * min(0.11, 0.7 / parties)


def _round_axis(panel: Axes, scenario: Scenario, rounds: int, room: float = 1.0) -> None:
    """Rounds as whole numbers, with some room on the right for marks."""
    panel.set_xlim(0.5, rounds * room + 0.5)
    every = max(1, -(-rounds // 12))
    panel.set_xticks(range(1, rounds + 1, every))
    panel.tick_params(axis="x", labelsize=7.5)
    panel.set_xlabel(talks_sentences.round_word(scenario), fontsize=8)


def _option_axis(panel: Axes, loaded: Loaded, axis: int) -> None:
    issue = loaded.case.space.issues[axis]
    left = loaded.case.space.left[axis]
    labels = [shorten(sentences.label(loaded.scenario, issue.id, issue.options[k]), LABEL) for k in left]
    panel.set_yticks(left, labels, fontsize=7.5)
    panel.set_ylim(min(left) - 0.5, max(left) + 0.5)
    panel.grid(axis="y", color=FAINT, linewidth=0.6)
    panel.set_title(sentences.issue_name(loaded.scenario, issue.id))


def _mark_red_lines(panel: Axes, loaded: Loaded, axis: int, rounds: int) -> None:
    """A cross at the right edge for each option that a declared red line forbids, with the party's initial."""
    for line in loaded.case.red_lines.lines:
        clause = line.ladder[0]
        if clause.on != axis:
            continue
        short = _short_names(loaded)[line.party]
        here = rounds * (1.03 + 0.045 * line.party) + 0.5
        options = sorted(set(loaded.case.space.left[axis]) - clause.allowed)
        faint = 0.45 if clause.when else 1.0
        ink = colour(line.party)
        panel.plot(
            [here] * len(options), options, linestyle="", marker="x", color=ink, markersize=5, mew=1.8, alpha=faint
        )
        if options:
            said = f"({short})" if clause.when else short
            panel.annotate(said, (here, options[-1]), (0, 4), textcoords="offset points", fontsize=6, ha="center")


def _short_names(loaded: Loaded) -> list[str]:
    """Initials of names of several words, else the shortest beginnings that differ, for labels with no room."""
    names = [party.name for party in loaded.case.parties]
    short = ["".join(word[0] for word in name.split()) if " " in name else "" for name in names]
    taken = [name for name, own in zip(names, short, strict=True) if not own]
    return [
        own if own and short.count(own) == 1 else _beginning(name, taken if not own else names)
        for name, own in zip(names, short, strict=True)
    ]


def _beginning(name: str, names: list[str]) -> str:
    return next((name[:n] for n in range(1, len(name)) if sum(o.startswith(name[:n]) for o in names) == 1), name)
