"""How choices fare over many worlds: a row a choice, a column a criterion, and which is best under which.

Criteria do not agree, and none of them is the right one: nothing here says which choice is best without saying by what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from sim import BANNER
from sim.errors import SweepError
from sim.stakes.space import FloatArray
from sim.sweeps.levers import Crossed
from sim.sweeps.results import gather
from sim.sweeps.store import Folder

Outcome = Literal["agreement", "zone", "settlement_zone", "plain_truce"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""What choices are judged by: the share of a case's runs that agree, or whether a zone exists (1 or 0)."""
PERCENTILES = (10, 50, 90)
MOST_REGRET = 90
"""The percentile of regret that is told beside the largest: one odd world moves it little."""
CLOSE = 1e-9


@dataclass(frozen=True)
class Fares:
    """How a choice fares over W worlds. More is better but for regrets: how far it falls short, world by world, of the
    best choice there (Savage 1951), or of its own middle world.

    ``worst`` is what maximin compares (Wald 1950), ``enough`` the share of worlds in which it reaches the level asked
    for (Simon 1956; Lempert & Collins 2007). ``regret_90`` is the 90th percentile of the regret (Herman, Reed, Zeff &
    Characklis 2015).
    """

    choice: dict[str, Any]
    mean: float
    worst: float
    percentiles: dict[str, float]
    regret: float
    regret_90: float
    own_regret: float
    enough: float


CRITERIA = {
    "worst": "maximin: its worst world",
    "mean": "mean over the worlds",
    "enough": "share of worlds in which it is enough",
    "regret": "largest regret against the best choice there",
    "regret_90": "90th percentile of that regret",
    "own_regret": "largest shortfall from its own middle world",
}
"""What choices are ranked by, in words; the last three are to be small."""
SMALL = ("regret", "regret_90", "own_regret")


@dataclass(frozen=True)
class LeverMeasures:
    """Choices over worlds: what ``sweeps levers --json`` prints.

    ``best`` are the places in ``choices`` that no other beats under each criterion, all ties; worlds in which some
    choice failed or is not done are left out of all.
    """

    banner: str
    scenario: str
    title: str
    outcome: Outcome
    enough: float
    worlds: int
    worlds_left_out: int
    levers: list[str]
    uncertainties: list[str]
    choices: list[Fares]
    best: dict[str, list[int]]


def lever_measures(folder: Folder, outcome: Outcome = "agreement", enough: float = 0.5) -> LeverMeasures:
    """How the choices of a sweep with levers fare over its worlds.

    Raises:
        SweepError: for a sweep without levers, or where no world is done for every choice.
    """
    made = folder.sweep.design
    if not isinstance(made, Crossed):
        raise SweepError(f"{folder.path} has no levers: say `levers:` in the sweep file, or --lever")
    cases = gather(folder)
    scores = cases.share if outcome == "agreement" else (cases.zones[outcome] == 1).astype(float)
    by_world = np.where(cases.known, scores, np.nan).reshape(-1, made.choices)
    done = ~np.isnan(by_world).any(axis=1)
    if not done.any():
        raise SweepError(f"{folder.path}: no world is done for every choice yet")
    found = fares(by_world[done], enough, [made.choice(n) for n in range(made.choices)])
    return LeverMeasures(
        banner=BANNER,
        scenario=folder.sweep.loaded.slug,
        title=folder.sweep.title or folder.sweep.loaded.scenario.title,
        outcome=outcome,
        enough=enough,
        worlds=int(done.sum()),
        worlds_left_out=int((~done).sum()),
        levers=[lever.path for lever in made.levers],
        uncertainties=[factor.path for factor in made.worlds.factors],
        choices=found,
        best=best(found),
    )


def fares(scores: FloatArray, enough: float, choices: list[dict[str, Any]]) -> list[Fares]:
    """Each choice from its scores in each world ``(W, L)``.

    >>> [(f.worst, f.regret) for f in fares(np.array([[1.0, 0.0], [0.2, 0.6]]), 0.5, [{}, {}])]
    [(0.2, 0.4), (0.0, 1.0)]
    """
    regret = scores.max(axis=1, keepdims=True) - scores
    own = np.maximum(np.median(scores, axis=0) - scores, 0.0)
    found = []
    for n, choice in enumerate(choices):
        mine = scores[:, n]
        found.append(
            Fares(
                choice=choice,
                mean=_told(mine.mean()),
                worst=_told(mine.min()),
                percentiles={str(p): _told(np.percentile(mine, p)) for p in PERCENTILES},
                regret=_told(regret[:, n].max()),
                regret_90=_told(np.percentile(regret[:, n], MOST_REGRET)),
                own_regret=_told(own[:, n].max()),
                enough=_told((mine >= enough - CLOSE).mean()),
            )
        )
    return found


def best(found: list[Fares]) -> dict[str, list[int]]:
    """The choices that no other beats, by criterion."""
    told = {}
    for criterion in CRITERIA:
        sign = -1 if criterion in SMALL else 1
        scores = [sign * getattr(one, criterion) for one in found]
        told[criterion] = [n for n, score in enumerate(scores) if score >= max(scores) - CLOSE]
    return told


def _told(number: Any) -> float:
    return round(float(number), 6)
