"""The pictures of many runs: how they ended, in which round, which issues moved by whom, and zone against talks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from sim.markup import counted, percent
from sim.report import sentences, talks_sentences
from sim.report.pictures import titles
from sim.report.pictures.colours import CLOSED, FAINT, INK, OPEN, PALE, PAPER, colour
from sim.report.sentences import under
from sim.report.style import SHADES, hatch, panels, save, shorten, titled
from sim.report.talks_sentences import round_word
from sim.study.incidence import incidence
from sim.study.many import Batch
from sim.study.shares import digits
from sim.talks.how_talks_end import Ending

GREYS = {True: OPEN, False: PALE}
"""Agreement and no agreement, told apart without colour vision too."""

CAUSES: dict[str, dict[str, Any]] = {
    "agreement": {"color": OPEN, "linewidth": 2.0},
    "walk_out": {"color": CLOSED, "linewidth": 1.2, "linestyle": "-."},
    "mediator_exit": {"color": CLOSED, "linewidth": 1.2, "linestyle": ":"},
    "military_end": {"color": INK, "linewidth": 1.2},
    "breakdown": {"color": INK, "linewidth": 1.2, "linestyle": "-."},
    "unimplementable_text": {"color": INK, "linewidth": 1.2, "linestyle": ":"},
}
"""States in no party's colour; a line's pattern tells those of one colour apart."""
GOING_ON: dict[str, Any] = {"color": OPEN, "linewidth": 1.4, "linestyle": "--"}


def draw_batch(batch: Batch, folder: Path) -> None:
    """Write the pictures of a batch into a folder, as SVG and PNG."""
    save(endings_picture(batch), folder, "endings")
    save(rounds_picture(batch), folder, "rounds")
    save(moves_picture(batch), folder, "moves")
    save(incidence_picture(batch), folder, "incidence")


def _caption(batch: Batch, what: str) -> str:
    return (
        f"{shorten(batch.loaded.scenario.title, 60)}. "
        f"{what} {counted(batch.runs, 'run')}, seed {batch.seed}, {talks_sentences.protocol(batch.loaded.scenario)}. "
        f"Shares of runs under stated assumptions, no forecast. {under(batch.loaded.scenario)}"
    )


def endings_picture(batch: Batch) -> Figure:
    """Left: the share of runs of each ending, with its interval. Right: zone against talks."""
    found = batch.measured
    figure, (left, right) = panels(2, width=11.0, height=2.6, label=1.6, below=0.45, head=0.35)
    names = sorted(found.endings, key=lambda name: found.endings[name].known)
    for place, name in enumerate(names):
        entry = found.endings[name]
        agrees = Ending[name.upper()].agreed
        left.barh(place, 100 * entry.known, color=GREYS[agrees], height=0.62)
        left.plot([100 * end for end in entry.ends], [place, place], color=INK, linewidth=1.4)
    left.set_yticks(range(len(names)), [name.replace("_", " ") for name in names], fontsize=8)
    left.set_xlabel("share of runs, % (line: 95 % interval)", fontsize=8)
    left.set_xlim(0, 100)
    left.set_title("How runs ended (dark: something was signed)")
    exists = batch.zone.exists("declared") or batch.zone.exists("true")
    agree, overtaken = found.talks_agree.known, found.endings.get(Ending.MILITARY_END.word)
    shares = {"talks agree": agree, "talks do not": missed(agree, overtaken.known if overtaken else 0.0)}
    shares |= {"the war ended first": overtaken.known} if overtaken else {}
    cells = np.outer(list(shares.values()), [exists, not exists])
    right.imshow(cells, cmap=SHADES, vmin=0, vmax=1.4, aspect="auto")
    for row, column in np.ndindex(cells.shape):
        said = percent(abs(float(cells[row, column])), digits(found.talks_agree))
        right.text(column, row, said, ha="center", va="center", fontsize=11)
    right.set_xticks([0, 1], ["a zone exists", "none before the talks"], fontsize=8)
    right.set_yticks(range(len(shares)), list(shares), fontsize=8)
    right.set_title("Two questions, kept apart")
    titled(figure, titles.endings(found), _caption(batch, "Endings of"))
    return figure


def missed(agree: float, overtaken: float) -> float:
    """The share of runs whose talks ended without an agreement; what a sum is off by is none of them."""
    return round(1 - agree - overtaken, 12)


def rounds_picture(batch: Batch) -> Figure:
    """In which round runs signed something first; of those that never did, in which they were over."""
    figure, (panel,) = panels(1, width=9.5, height=2.6, label=0.8, below=0.45, head=0.35)
    deadline, signed = batch.loaded.case.protocol.deadline, batch.results.first > 0
    when = np.where(signed, batch.results.first, batch.results.ended)
    bottom = np.zeros(deadline)
    for which, label in ((True, "signed something for the first time"), (False, "over with nothing signed")):
        counts = np.bincount(when[signed == which], minlength=deadline + 1)[1:] / batch.runs * 100
        panel.bar(np.arange(1, deadline + 1), counts, bottom=bottom, color=GREYS[which], width=0.85, label=label)
        bottom = bottom + counts
    panel.set_xlabel(round_word(batch.loaded.scenario), fontsize=8)
    panel.set_ylabel("share of runs, %", fontsize=8)
    panel.set_xlim(0.3, deadline + 0.7)
    panel.legend(fontsize=8, frameon=False)
    panel.set_title("When runs first signed something, or were over without")
    titled(
        figure,
        titles.rounds(incidence(batch.results, deadline)),
        _caption(batch, "Rounds of"),
    )
    return figure


def _in_the_end(agreed: float, going_on: float) -> str:
    return f"In the end {percent(agreed)} of runs agree; {percent(going_on)} would, had nothing else ended the talks"


def moves_picture(batch: Batch) -> Figure:
    """Which issues each party moved on: mean number of its changes of offer in a run that changed the issue."""
    case, scenario = batch.loaded.case, batch.loaded.scenario
    shown = [axis for axis, n in enumerate(case.space.shape) if n > 1]
    figure, (panel,) = panels(1, width=9.5, height=0.34 * len(shown) + 1.2, label=2.1, below=0.45, head=0.35)
    parties = [n for n in case.signatories if batch.results.moved[:, n].any()] or list(case.signatories)
    means = batch.results.moved.mean(axis=0)
    wide = 0.8 / len(parties)
    for place, party in enumerate(parties):
        at = np.arange(len(shown)) + (place - (len(parties) - 1) / 2) * wide
        name = case.parties[party].name
        panel.barh(
            at,
            means[party, shown],
            height=wide * 0.9,
            color=colour(party),
            hatch=hatch(party),
            edgecolor=PAPER,
            label=name,
        )
    names = [shorten(sentences.issue_name(scenario, case.space.issues[axis].id), 34) for axis in shown]
    panel.set_yticks(range(len(shown)), names, fontsize=8)
    panel.invert_yaxis()
    panel.grid(axis="x", color=FAINT, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.set_xlabel("times a run that a party changed what it asks for on the issue (mean)", fontsize=8)
    panel.legend(fontsize=8, frameon=False)
    panel.set_title("Who moved on what")
    titled(
        figure,
        titles.moved([case.parties[p].name for p in parties], names, means[np.ix_(parties, shown)].tolist()),
        _caption(batch, "Moves in"),
    )
    return figure


def incidence_picture(batch: Batch) -> Figure:
    """By which round runs had agreed or were over otherwise, and how many would have agreed had the talks gone on."""
    found = incidence(batch.results, batch.loaded.case.protocol.deadline)
    figure, (panel,) = panels(1, width=9.5, height=3.0, label=0.8, below=0.45, head=0.35)
    rounds = np.arange(len(found.if_talks_go_on) + 1)
    for name, shares in found.by_cause.items():
        shown = [0.0, *(100 * share for share in shares)]
        panel.step(rounds, shown, where="post", label=name.replace("_", " "), **CAUSES[name])
    shown = [0.0, *(100 * share for share in found.if_talks_go_on)]
    panel.step(rounds, shown, where="post", label="agreement, given that the talks go on", **GOING_ON)
    panel.set_xlabel(round_word(batch.loaded.scenario), fontsize=8)
    panel.set_ylabel("share of runs by then, %", fontsize=8)
    panel.set_xlim(0, rounds[-1])
    panel.set_ylim(0, 100)
    panel.legend(fontsize=8, frameon=False, loc="upper left")
    panel.set_title("What runs had come to, by round")
    what = (
        "Dashed: runs that something else ended count only until then (Kaplan-Meier); all others: shares of all runs."
    )
    titled(
        figure,
        _in_the_end(found.by_cause.get("agreement", [0.0])[-1], found.if_talks_go_on[-1]),
        _caption(batch, f"{what} Endings of"),
    )
    return figure
