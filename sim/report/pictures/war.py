"""What the war is worth to a party: by months that a truce holds, and by what the party believes.

It draws what `sim.study.explain` computes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from sim.report import sentences
from sim.report.pictures.colours import BLUE, INK, PALE, colour
from sim.report.style import panels, save, shorten, titled
from sim.scenario.loader import Loaded
from sim.study.explain import Explanation, inputs, party_number

MONTHS = 36


def draw_explanation(loaded: Loaded, found: Explanation, folder: Path) -> None:
    """Write the picture of a party's war into a folder, as SVG and PNG."""
    save(war_picture(loaded, found), folder, "war")


def _against(name: str, gain: float | None) -> str:
    """Whether a bare truce is worth more to a party than fighting on."""
    if gain is None:
        return f"What fighting on is worth to {name}"
    how = f"{abs(gain):.2f} points a month {'more' if gain > 0 else 'less'}"
    return f"To {name} a bare truce is worth {how} than fighting on"


def war_picture(loaded: Loaded, found: Explanation) -> Figure:
    """Left: a truce renewed for so many months, and the war after it. Right: war and truce by the believed drift."""
    case, party = loaded.case, party_number(loaded, found.party)
    war, truce = case.war, case.plain_truce()
    assert war is not None
    name, ink = sentences.name_of(loaded.scenario, found.party), colour(party)
    figure, (left, right) = panels(2, width=12, height=3.2, label=0.75, below=0.55, head=0.35)
    months = np.arange(MONTHS + 1, dtype=float)
    drift = next(entry for entry in inputs(case, party, loaded) if entry.path.endswith("war.drift"))
    beliefs = np.linspace(min(-0.002, drift.now), max(0.003, drift.now), 101)
    varied = replace(case, war=drift.varied(beliefs)).under(case.preferences)
    right.plot(beliefs * 100, varied.reservation[:, party], color=INK, linestyle="--", label="the war")
    if truce is not None:
        discount = float(war.discount[0, party])
        month = float(case.utility(party, truce[None])[0])
        after = float(case.war_after(party, truce[None])[0])
        held = (1 - discount**months) * month + discount**months * after
        left.plot(months, np.full_like(months, after), color=INK, linestyle="--", label="the war after it")
        left.plot(months, held, color=ink, linewidth=2, label="a plain truce that holds so long, then the war")
        value = varied.value(party, truce[None])
        right.plot(
            beliefs * 100,
            value,
            color=ink,
            linewidth=2,
            label="a truce of a month, then the war",
        )
    for panel in (left, right):
        panel.axhline(found.reservation, color=INK, linewidth=1, linestyle=":", label="reservation value")
        if found.best_in_zone:
            panel.axhline(found.best_in_zone.value, color=BLUE, linewidth=1, label="its best package of the zone")
        panel.set_ylabel("points a month", fontsize=8)
        panel.legend(fontsize=8, frameon=False)
    left.set_title("By months that a truce is renewed")
    left.set_xlabel("months", fontsize=8)
    right.set_title("By what it believes of the front")
    right.axvline(drift.now * 100, color=PALE, linewidth=1)
    right.set_xlabel("believed change of the first belligerent's share, percentage points a month", fontsize=8)
    titled(
        figure,
        _against(name, None if truce is None else float(case.value(party, truce[None])[0]) - found.reservation),
        f"{shorten(loaded.scenario.title, 60)}. "
        f"Value of the war and of a plain truce to {name}; the grey line marks what it believes now. "
        "Points are abstract; people are not in them.",
    )
    return figure
