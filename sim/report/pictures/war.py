"""What the war is worth to a party: by months that a truce holds, and by what the party believes.

It draws what `sim.study.explain` computes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import sentences
from sim.report.pictures.colours import INK, OPEN, PALE, colour
from sim.report.style import panels, save, shorten, titled
from sim.scenario.loader import Loaded
from sim.stakes.case import Case
from sim.stakes.space import OptionArray
from sim.stakes.valuation import truce_value
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
    truce, name = case.plain_truce(), sentences.name_of(loaded.scenario, found.party)
    figure, (left, right) = panels(2, width=12, height=3.2, label=0.75, below=0.45, head=0.35)
    if truce is not None:
        _by_months(left, case, party, truce)
    _by_belief(right, loaded, party, truce)
    for panel in (left, right):
        panel.axhline(found.reservation, color=INK, linewidth=1, linestyle=":", label="reservation value")
        if found.best_in_zone:
            panel.axhline(found.best_in_zone.value, color=OPEN, linewidth=1.4, label="its best package of the zone")
        panel.set_ylabel("points a month", fontsize=8)
        panel.legend(fontsize=8, frameon=False)
    titled(
        figure,
        _against(name, None if truce is None else float(case.value(party, truce[None])[0]) - found.reservation),
        f"{shorten(loaded.scenario.title, 60)}. "
        f"Value of the war and of a plain truce to {name}; the grey line marks what it believes now. "
        "Points are abstract; people are not in them. Axes do not begin at zero.",
    )
    return figure


def _by_months(panel: Axes, case: Case, party: int, truce: OptionArray) -> None:
    """What a truce that is renewed for so many months is worth to a party, with the war after it."""
    assert case.war is not None
    months, discount = np.arange(MONTHS + 1, dtype=float), float(case.war.discount[0, party])
    month, after = float(case.utility(party, truce[None])[0]), float(case.war_after(party, truce[None])[0])
    held = truce_value(np.array(month), discount**months, np.array(after))
    panel.plot(months, np.full_like(months, after), color=INK, linestyle="--", label="the war after it")
    panel.plot(months, held, color=colour(party), linewidth=2, label="a plain truce that holds so long, then the war")
    panel.set_title("By months that a truce is renewed")
    panel.set_xlabel("months", fontsize=8)


def _by_belief(panel: Axes, loaded: Loaded, party: int, truce: OptionArray | None) -> None:
    """What the war and a truce are worth to a party, by how fast it believes that the front moves."""
    case, scenario = loaded.case, loaded.scenario
    assert case.war is not None
    drift = next(entry for entry in inputs(case, party, loaded) if entry.path.endswith("war.drift"))
    beliefs = np.linspace(min(-0.002, drift.now), max(0.003, drift.now), 101)
    varied = replace(case, war=drift.varied(beliefs)).under(case.preferences)
    panel.plot(beliefs * 100, varied.reservation[:, party], color=INK, linestyle="--", label="the war")
    if truce is not None:
        value = varied.value(party, truce[None])
        panel.plot(beliefs * 100, value, color=colour(party), linewidth=2, label="a truce of a month, then the war")
    panel.axvline(drift.now * 100, color=PALE, linewidth=1)
    panel.set_title("By what it believes of the front")
    first = sentences.name_of(scenario, scenario.belligerents[0])
    panel.set_xlabel(f"believed change of the share that {first} holds, percentage points a month", fontsize=8)
