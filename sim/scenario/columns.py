"""A column of values for a field, put into a case: one row a case of a study, everything that follows recomputed.

Fields that the case keeps a run axis for are put there; all others have to be compiled anew. No name is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.scenario.loader import Loaded
from sim.scenario.schema import Scenario
from sim.scenario.war_schema import LotteryWar
from sim.stakes.case import Case
from sim.stakes.preferences import Preferences, scaled
from sim.stakes.space import FloatArray, IntArray
from sim.stakes.war import War, lottery
from sim.stakes.worth import Outlook

Columns = Mapping[str, FloatArray]
"""Values ``(R,)`` by path."""
BELIEFS = frozenset({"drift", "cost", "impatience", "discount", "attacked"})
"""Fields of a party's `war` with a run axis ``(1|R, P)``."""
SHARED = {
    "war.share": "share",
    "war.hazard": "hazard",
    "war.after_pause.drift": "pause_drift",
    "war.after_pause.win": "pause_win",
}
"""Fields of the war with a run axis ``(1|R,)``."""
RUN_AXES = (*BELIEFS, *SHARED.values(), "win", "lever_index")


def has_run_axis(path: str, scenario: Scenario) -> bool:
    """Whether a column of this field can be put into one case.

    >>> import sim
    >>> toy = sim.load("toy/split-the-pie").scenario
    >>> has_run_axis("parties.ann.tactic.exponent", toy), has_run_axis("protocol.deadline", toy)
    (True, False)
    """
    match path.split("."):
        case ["parties", _, "reservation"] | ["parties", _, "tactic", "exponent"] | ["parties", _, "weights", _]:
            return True
        case ["parties", _, "war", "lottery", "win" | "cost"]:
            return True
        case ["parties", _, "war", name] if name in BELIEFS:
            return True
        case ["parties", _, "war", "win", _] | ["war", "levers", _, "index"]:
            return True
    return path in SHARED


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
    number = {party_id: n for n, party_id in enumerate(scenario.parties)}
    case = replace(case, exponent=_exponents(case.exponent, number, columns))
    preferences = _weighed(case.preferences, scenario, number, columns)
    if case.war is not None:
        case = replace(case, war=_war(case.war, scenario, number, columns))
    return _fixed(case.under(preferences), scenario, number, columns)


def _put(array: FloatArray, at: tuple[int, ...], column: FloatArray) -> FloatArray:
    """The array with a column in place of the entries ``[:, *at]``; its leading axis becomes R."""
    wide = np.array(np.broadcast_to(array, (len(column), *array.shape[1:])), order="C")  # sums run along it
    index: tuple[Any, ...] = (slice(None), *at)
    wide[index] = column
    return wide


def _exponents(exponent: FloatArray, number: Mapping[str, int], columns: Columns) -> FloatArray:
    for path, column in columns.items():
        match path.split("."):
            case ["parties", party, "tactic", "exponent"]:
                exponent = _put(exponent, (number[party],), column)
    return exponent


def _weighed(preferences: Preferences, scenario: Scenario, number: Mapping[str, int], columns: Columns) -> Preferences:
    """Weights with columns among them, scaled to 100 as the compiler does."""
    axis = {issue_id: n for n, issue_id in enumerate(scenario.issues)}
    weights, given = preferences.weights, False
    for path, column in columns.items():
        match path.split("."):
            case ["parties", party, "weights", issue]:
                if not given:
                    weights, given = _raw(scenario, axis), True
                weights = _put(weights, (number[party], axis[issue]), column)
    return replace(preferences, weights=scaled(weights)) if given else preferences


def _raw(scenario: Scenario, axis: Mapping[str, int]) -> FloatArray:
    """The weights as the scenario gives them ``(1, P, I)``."""
    raw = np.zeros((1, len(scenario.parties), len(axis)))
    for row, party in enumerate(scenario.parties.values()):
        for issue_id, weight in party.weights.items():
            raw[0, row, axis[issue_id]] = weight
    return raw


def _war(war: War, scenario: Scenario, number: Mapping[str, int], columns: Columns) -> War:
    levers = {} if scenario.war is None else {lever: n for n, lever in enumerate(scenario.war.levers)}
    moved: dict[str, Any] = {}
    at: tuple[int, ...]
    for path, column in columns.items():
        name, at = "", ()
        match path.split("."):
            case ["parties", party, "war", belief] if belief in BELIEFS:
                name, at = belief, (number[party],)
            case ["parties", party, "war", "win", side]:
                name, at = "win", (number[party], scenario.belligerents.index(side))
            case ["war", "levers", lever, "index"]:
                name, at = "lever_index", (levers[lever],)
        if name:
            moved[name] = _put(moved.get(name, getattr(war, name)), at, column)
        elif path in SHARED:
            moved[SHARED[path]] = np.asarray(column, dtype=float)
    return replace(war, **moved)


def _fixed(case: Case, scenario: Scenario, number: Mapping[str, int], columns: Columns) -> Case:
    """Reservation values that are numbers or lotteries, in place of what the case says."""
    values: dict[int, FloatArray] = {}
    for party_id, party in scenario.parties.items():
        path = f"parties.{party_id}"
        if party.reservation is not None:
            if f"{path}.reservation" in columns:
                values[number[party_id]] = columns[f"{path}.reservation"]
        elif isinstance(party.war, LotteryWar):
            win, cost = (columns.get(f"{path}.war.lottery.{name}") for name in ("win", "cost"))
            if win is not None or cost is not None:
                given = party.war.lottery
                values[number[party_id]] = lottery(
                    given.win if win is None else win, given.cost if cost is None else cost
                )
    for party_number, column in values.items():
        case = replace(case, reservation=_put(case.reservation, (party_number,), column))
        if case.outlook is not None:
            expected = {
                name: _put(getattr(case.outlook, name), (party_number,), column)
                for name in ("war", "limited", "after_truce")
            }
            case = replace(case, outlook=replace(case.outlook, **expected))
    return case


def rows_of(case: Case, rows: IntArray | slice) -> Case:
    """The same case with some of its rows, in this order; what all rows share stays as it is."""

    def taken(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return array if len(array) == 1 else array[rows]

    preferences = case.preferences
    if len(preferences.weights) > 1:
        preferences = replace(preferences, weights=taken(preferences.weights))
    war, outlook = case.war, case.outlook
    if war is not None:
        moved: dict[str, Any] = {name: taken(getattr(war, name)) for name in RUN_AXES}
        war = replace(war, **moved)
    if outlook is not None:
        outlook = Outlook(*(taken(getattr(outlook, name)) for name in OUTLOOK))
    return replace(
        case,
        preferences=preferences,
        reservation=taken(case.reservation),
        exponent=taken(case.exponent),
        war=war,
        outlook=outlook,
    )


OUTLOOK = ("war", "limited", "after_truce", "discount", "attacked")
