"""What may differ between runs of one case: the one map from the path of a number to its place in the case's arrays.

Each number is looked up by its path, whether it is the scenario's own or a column of values for many runs; compiling,
sweeps and explanations all read it here. Whatever is not looked up here is structure, and has to be compiled anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.scenario.schema import Scenario
from sim.scenario.schema_part import Part
from sim.scenario.talks_schema import Tactic
from sim.scenario.war_schema import Beliefs, LotteryWar
from sim.stakes.endings import Kind
from sim.stakes.preferences import scaled
from sim.stakes.seats import Learns, Resolve, Tactics
from sim.stakes.space import FloatArray
from sim.stakes.war import lottery

Columns = Mapping[str, FloatArray]
"""Values ``(R,)`` by path."""
Arrays = dict[str, npt.NDArray[Any]]
"""Some fields of a part of the case, by name."""
NO_BELIEFS = Beliefs.model_construct(drift=0.0, win={}, cost=0.0)
"""Stands for a party whose alternative is a number: its discount and loss are the defaults."""


class Numbers:
    """Looks numbers up by path: the column ``(R,)`` given for it, or else what stands there ``(1,)``.

    >>> numbers = Numbers({"ann": Tactic(opening=0.9)}, {"ann.stay": np.array([0.1, 0.2])})
    >>> numbers("ann.opening"), numbers("ann.stay")
    (array([0.9]), array([0.1, 0.2]))
    """

    def __init__(self, whole: Part | dict[str, Part], columns: Columns | None = None) -> None:
        self.whole = whole
        self.columns: Columns = {} if columns is None else columns
        self.asked: set[str] = set()

    def __call__(self, path: str, otherwise: float | None = None) -> FloatArray:
        """The number at a path; ``otherwise`` takes the place of nothing."""
        self.asked.add(path)
        if path in self.columns:
            return self.columns[path]
        own = self.own(path)
        return np.array([otherwise if own is None else own], dtype=float)

    def own(self, path: str) -> Any:
        """What stands at a path, of whatever kind; None where a mapping holds nothing of that name."""
        here: Any = self.whole
        for part in path.split("."):
            if isinstance(here, dict):
                here = here.get(part)
            elif isinstance(here, list):
                here = next(item for item in here if item.id == part)
            else:
                here = getattr(here, part)
        return here


def beside(columns: Sequence[FloatArray], kind: type = float) -> npt.NDArray[Any]:
    """Columns ``(1|R,)`` side by side ``(1|R, N)``, each run in one piece of memory, for sums run along it."""
    wide: npt.NDArray[Any] = np.empty((max(map(len, columns), default=1), len(columns)), dtype=kind)
    for n, column in enumerate(columns):
        wide[:, n] = column
    return wide


def as_arrays(given: Sequence[Tactic], look: Callable[[str], Sequence[FloatArray]] | None = None) -> Tactics:
    """Tactics side by side: a scenario's, their numbers looked up by field, or those of a tournament's entrants."""

    def row(name: str, kind: type = float) -> npt.NDArray[Any]:
        if look is None:
            return np.array([[getattr(tactic, name) or 0 for tactic in given]], dtype=kind)
        return beside(look(name), kind)

    return Tactics(
        exponent=row("exponent"),
        opening=row("opening"),
        tit_for_tat=row("tit_for_tat"),
        horizon=row("horizon", np.int64),
        patience=row("patience", np.int64),
        stay=row("stay"),
        stall=np.array([[tactic.stall for tactic in given]], dtype=bool),
        learns=np.array([[Learns[tactic.learns.upper()] for tactic in given]], dtype=np.int64),
    )


def tactics(scenario: Scenario, numbers: Numbers) -> Tactics:
    """Each party's tactic."""
    return as_arrays(
        [party.tactic for party in scenario.parties.values()],
        lambda name: [numbers(f"parties.{party_id}.tactic.{name}", 0.0) for party_id in scenario.parties],
    )


def resolve(scenario: Scenario, numbers: Numbers) -> Resolve:
    """How firmly lines are held."""
    return Resolve(
        hardness=beside([numbers(f"red_lines.{line.id}.hardness") for line in scenario.red_lines]),
        bluff=beside([numbers(f"red_lines.{line.id}.bluff") for line in scenario.red_lines]),
        hardening=np.array([[party.hardening for party in scenario.parties.values()]]),
        public=np.array([scenario.public]),
    )


def mediation(scenario: Scenario, numbers: Numbers) -> Arrays:
    """Those fields of the protocol that may differ between runs."""
    return {
        "bias": numbers("protocol.mediator.bias"),
        "patience": numbers("protocol.mediator.patience").astype(np.int64),
        "discount": numbers("protocol.discount", 1.0),
    }


def war_state(scenario: Scenario, numbers: Numbers) -> Arrays:
    """Those fields of the war that may differ between runs; none where the scenario has no war."""
    if scenario.war is None:
        return {}

    def belief(name: str) -> FloatArray:
        return beside([_believed(scenario, numbers, party_id, name) for party_id in scenario.parties])

    sides = scenario.belligerents

    def by_side(name: str) -> FloatArray:
        found = beside([_believed(scenario, numbers, p, f"{name}.{side}") for p in scenario.parties for side in sides])
        return found.reshape(len(found), len(scenario.parties), len(sides))

    return {
        "share": numbers("war.share"),
        "hazard": numbers("war.hazard"),
        "sigma": numbers("war.sigma"),
        "prior": numbers("war.prior"),
        "real_drift": numbers("war.drift"),
        "lever_index": beside([numbers(f"war.levers.{lever}.index") for lever in scenario.war.levers]),
        "win": by_side("win"),
        "mirror": numbers("war.resume.mirror"),
        "attacked": by_side("attacked"),
        "fixed": reservations(scenario, numbers),
    } | {name: belief(name) for name in ("drift", "cost", "impatience", "discount")}


def ending_state(scenario: Scenario, numbers: Numbers) -> Arrays:
    """Those fields of the endings that may differ between runs; none where the scenario has no war."""
    if scenario.war is None:
        return {}
    never = np.zeros(1)
    hold = {kind: numbers(f"war.hold.{kind.word}") if kind.lasts else never for kind in Kind}
    return {
        "hold": beside(list(hold.values())),
        "slope": numbers("war.slope"),
        "start": numbers("war.start"),
        "resume_scale": numbers("war.resume.scale"),
    }


def _believed(scenario: Scenario, numbers: Numbers, party_id: str, name: str) -> FloatArray:
    if isinstance(scenario.parties[party_id].war, Beliefs):
        return numbers(f"parties.{party_id}.war.{name}", 0.0)
    return np.array([Numbers(NO_BELIEFS).own(name) or 0.0])


def reservations(scenario: Scenario, numbers: Numbers) -> FloatArray:
    """The reservation values ``(1|R, P)`` that are numbers or textbook lotteries; 0 for parties that return to the war.

    A column of numbers for a party counts only where the scenario gives it a number.
    """
    found = []
    for party_id, party in scenario.parties.items():
        value = numbers(f"parties.{party_id}.reservation", 0.0)
        if isinstance(party.war, LotteryWar):
            win, cost = (numbers(f"parties.{party_id}.war.lottery.{name}") for name in ("win", "cost"))
            value = lottery(win, cost) if party.reservation is None else value
        found.append(value)
    return beside(found)


def home(scenario: Scenario, numbers: Numbers) -> FloatArray:
    """Points ``(1|R, P)`` above its reservation value that ratification asks of a party.

    Members' reservation values lie evenly within the spread around the party's, so a quorum q is in favour from
    r + spread (2q - 1) on; a party itself never signs below r.
    """
    found = []
    for party_id, party in scenario.parties.items():
        asked = np.zeros(1)
        if party.ratification is not None:
            quorum, spread = (numbers(f"parties.{party_id}.ratification.{name}") for name in ("quorum", "spread"))
            asked = np.maximum(0.0, spread * (2 * quorum - 1))
        found.append(asked)
    return beside(found)


def audience(scenario: Scenario, numbers: Numbers) -> FloatArray:
    """What each step back in public costs a party ``(1|R, P)``, as a share of the issue's weight."""
    return beside([scenario.public * numbers(f"parties.{party_id}.audience_cost") for party_id in scenario.parties])


def weights(scenario: Scenario, numbers: Numbers) -> FloatArray:
    """How much each issue matters to each party ``(1|R, P, I)``, scaled to 100 points a month."""
    raw = beside(
        [
            numbers(f"parties.{party_id}.weights.{issue_id}", 0.0)
            for party_id in scenario.parties
            for issue_id in scenario.issues
        ]
    )
    return scaled(raw.reshape(len(raw), len(scenario.parties), len(scenario.issues)))


LOOKED_UP: tuple[Callable[[Scenario, Numbers], object], ...] = (
    tactics, resolve, mediation, war_state, ending_state, reservations, home, audience, weights,
)  # fmt: skip


def paths(scenario: Scenario) -> frozenset[str]:
    """Every path that is looked up: numbers of which a case can hold a column.

    >>> import sim
    >>> found = paths(sim.load("toy/split-the-pie").scenario)
    >>> "parties.ann.tactic.exponent" in found, "protocol.deadline" in found
    (True, False)
    """
    numbers = Numbers(scenario)
    for look in LOOKED_UP:
        look(scenario, numbers)
    return frozenset(numbers.asked)
