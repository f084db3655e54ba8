"""A column of values for a field, put into a case: one row a case of a study, everything that follows recomputed.

Fields that the case keeps a run axis for are put there; all others have to be compiled anew. No name is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.scenario.war_schema import LotteryWar
from sim.stakes.case import Case
from sim.stakes.preferences import Preferences, scaled
from sim.stakes.space import FloatArray
from sim.stakes.war import lottery

Columns = Mapping[str, FloatArray]
"""Values ``(R,)`` by path."""
BELIEFS = ("drift", "cost", "impatience", "discount", "attacked")
"""Fields of a party's `war` that the case keeps by party."""
TACTICS = ("exponent", "opening", "tit_for_tat", "patience", "margin")
"""Fields of a party's `tactic` that it keeps so."""
OF_THE_WAR = {
    "share": "share",
    "hazard": "hazard",
    "sigma": "sigma",
    "prior": "prior",
    "drift": "real_drift",
    "after_pause.drift": "pause_drift",
    "after_pause.win": "pause_win",
}
"""Fields of the war, and what the case calls them."""


@dataclass(frozen=True)
class Place:
    """Where a field stands in a case: in what, under which name, at which places after the run axis."""

    holder: str
    name: str
    at: tuple[int, ...] = ()


def place(path: str, scenario: Scenario) -> Place | None:
    """Where a column of this field goes as it is; None for fields that are worked into others or compiled in."""
    number = {party_id: n for n, party_id in enumerate(scenario.parties)}
    match path.split("."):
        case ["parties", party, "tactic", name] if name in TACTICS:
            return Place("tactics", name, (number[party],))
        case ["parties", party, "war", name] if name in BELIEFS:
            return Place("war", name, (number[party],))
        case ["parties", party, "war", "win", side]:
            return Place("war", "win", (number[party], scenario.belligerents.index(side)))
        case ["war", "levers", lever, "index"] if scenario.war is not None:
            return Place("war", "lever_index", (list(scenario.war.levers).index(lever),))
        case ["war", *rest] if ".".join(rest) in OF_THE_WAR:
            return Place("war", OF_THE_WAR[".".join(rest)])
        case ["red_lines", line, "hardness" | "bluff" as name]:
            return Place("resolve", name, ([entry.id for entry in scenario.red_lines].index(line),))
        case ["protocol", "mediator", "bias" | "patience" as name]:
            return Place("protocol", name)
    return None


def has_run_axis(path: str, scenario: Scenario) -> bool:
    """Whether a column of this field can be put into one case.

    >>> import sim
    >>> toy = sim.load("toy/split-the-pie").scenario
    >>> has_run_axis("parties.ann.tactic.exponent", toy), has_run_axis("protocol.deadline", toy)
    (True, False)
    """
    match path.split("."):
        case ["parties", _, "reservation" | "audience_cost"] | ["parties", _, "weights", _]:
            return True
        case ["parties", _, "war", "lottery", "win" | "cost"] | ["parties", _, "ratification", "quorum" | "spread"]:
            return True
    return place(path, scenario) is not None


def refused(loaded: Loaded, columns: Columns) -> dict[int, str]:
    """Rows whose values do not go together, with the complaint; each value alone has been checked."""
    found: dict[int, str] = {}
    for party_id in loaded.scenario.parties:
        prefix = f"parties.{party_id}.war.win."
        mine = {path: column for path, column in columns.items() if path.startswith(prefix)}
        belief = loaded.scenario.parties[party_id].war
        if not mine or belief is None or isinstance(belief, LotteryWar):
            continue
        odds = [mine.get(prefix + side, np.array(belief.win.get(side, 0.0))) for side in loaded.scenario.belligerents]
        total = np.asarray(sum(odds))
        for row in np.flatnonzero(total > 1):
            found[int(row)] = f"{prefix[:-1]}: probabilities sum to {total[row]:g}, more than 1"
    return found


def with_columns(loaded: Loaded, columns: Columns) -> Case:
    """The case with a row for each entry of the columns, outlook and reservation values recomputed for all at once.

    A field that is a number where the scenario returns to the war (``parties.X.reservation``) must be one already in
    the scenario given: `sim.scenario.loader.changed` puts it there.
    """
    case, scenario = loaded.case, loaded.scenario
    if not columns:
        return case
    fields: dict[str, dict[str, Any]] = {}
    for path, column in columns.items():
        where = place(path, scenario)
        if where is not None:
            held = fields.setdefault(where.holder, {})
            held[where.name] = _put(
                held.get(where.name, getattr(getattr(case, where.holder), where.name)), where.at, column
            )
    fixed = _fixed(scenario, columns)
    if fixed and case.war is not None:
        fields.setdefault("war", {})["fixed"] = _all(case.war.fixed, fixed)
    parts: dict[str, Any] = {holder: replace(getattr(case, holder), **held) for holder, held in fields.items()}
    case = replace(case, home=_home(case, scenario, columns), audience=_audience(case, scenario, columns), **parts)
    if fixed and case.war is None:
        case = replace(case, reservation=_all(case.reservation, fixed))
    return case.under(_weighed(case.preferences, scenario, columns))


def _put(array: Any, at: tuple[int, ...], column: FloatArray) -> Any:
    """The array with a column in place of the entries ``[:, *at]``; its leading axis becomes R."""
    wide = np.array(np.broadcast_to(array, (len(column), *array.shape[1:])), order="C")  # sums run along it
    index: tuple[Any, ...] = (slice(None), *at)
    wide[index] = column
    return wide


def _all(array: FloatArray, columns: Mapping[int, FloatArray]) -> FloatArray:
    """The array ``(1|R, P)`` with columns for some parties."""
    for party, column in columns.items():
        array = _put(array, (party,), column)
    return array


def _fixed(scenario: Scenario, columns: Columns) -> dict[int, FloatArray]:
    """Columns of reservation values that are numbers or lotteries, by party."""
    found: dict[int, FloatArray] = {}
    for n, (party_id, party) in enumerate(scenario.parties.items()):
        path = f"parties.{party_id}"
        if party.reservation is not None:
            if f"{path}.reservation" in columns:
                found[n] = columns[f"{path}.reservation"]
        elif isinstance(party.war, LotteryWar):
            given = party.war.lottery
            win, cost = (columns.get(f"{path}.war.lottery.{name}") for name in ("win", "cost"))
            if win is not None or cost is not None:
                found[n] = lottery(given.win if win is None else win, given.cost if cost is None else cost)
    return found


def _home(case: Case, scenario: Scenario, columns: Columns) -> FloatArray | None:
    """What ratification asks, by the compiler's rule, where quorum or spread vary."""
    home = case.home
    for n, (party_id, party) in enumerate(scenario.parties.items()):
        path, given = f"parties.{party_id}.ratification", party.ratification
        quorum, spread = columns.get(f"{path}.quorum"), columns.get(f"{path}.spread")
        if given is not None and home is not None and (quorum is not None or spread is not None):
            quorum = np.asarray(given.quorum if quorum is None else quorum)
            spread = np.asarray(given.spread if spread is None else spread)
            home = _put(home, (n,), np.maximum(0.0, spread * (2 * quorum - 1)))
    return home


def _audience(case: Case, scenario: Scenario, columns: Columns) -> FloatArray | None:
    """The cost of stepping back in public, where it varies."""
    audience = case.audience
    for n, party_id in enumerate(scenario.parties):
        column = columns.get(f"parties.{party_id}.audience_cost")
        if column is not None and audience is not None:
            audience = _put(audience, (n,), scenario.public * column)
    return audience


def _weighed(preferences: Preferences, scenario: Scenario, columns: Columns) -> Preferences:
    """Weights with columns among them, scaled to 100 as the compiler does."""
    axis = {issue_id: n for n, issue_id in enumerate(scenario.issues)}
    raw = np.zeros((1, len(scenario.parties), len(axis)))
    for row, party in enumerate(scenario.parties.values()):
        for issue_id, weight in party.weights.items():
            raw[0, row, axis[issue_id]] = weight
    weights, number = raw, list(scenario.parties)
    for path, column in columns.items():
        match path.split("."):
            case ["parties", party_id, "weights", issue]:
                weights = _put(weights, (number.index(party_id), axis[issue]), column)
    return preferences if weights is raw else replace(preferences, weights=scaled(weights))
