"""Numbers drawn anew: weights that are known so far, and other numbers between the ends that a scenario gives.

It turns uniform numbers into columns by path, for `columns.with_columns`; it draws nothing itself.
"""

from __future__ import annotations

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.scenario import by_run
from sim.scenario.assumptions import Assumption, assumptions, numbers_below
from sim.scenario.by_run import Numbers
from sim.scenario.names import YamlPath
from sim.scenario.schema import Range, Scenario
from sim.stakes.space import FloatArray


def check_ranges(scenario: Scenario) -> None:
    """Refuse a range of nothing that can be drawn, or whose ends are no numbers that the scenario could hold.

    Raises:
        ScenarioError: with the nearest path, or the nearest end that would do.
    """
    if not scenario.ranges:
        return
    columns, moved_by = by_run.paths(scenario), dict[str, str]()
    drawable = {e.path: e for e in numbers_below(scenario, scenario.ranges) if e.path in columns}
    for path, given in scenario.ranges.items():
        if scenario.war is None and "war" in path.split("."):
            continue  # inherited with a war that was taken away: there is nothing to draw
        here: YamlPath = ("ranges", path)
        moved = [number for number in drawable if _below(number, path)]
        if ".weights" in path:
            raise ScenarioError("weights are drawn by themselves: see weight_concentration", path=here)
        if not moved:
            every = [e.path for e in assumptions(scenario) if e.path in columns and ".weights." not in e.path]
            known = nearest(path, every).replace(" (one of", " (some of them")
            raise ScenarioError(f'there is no number "{path}" to draw{known}', path=here)
        _check_ends(given, here)
        for number in moved:
            if number in moved_by:
                raise ScenarioError(f"{number} has a range already, at {moved_by[number]}", path=here)
            moved_by[number] = path
            _check_within(given, drawable[number], here)


def _check_ends(given: Range, here: YamlPath) -> None:
    if given.low > given.high:
        raise ScenarioError(f"low end {given.low:g} lies above high end {given.high:g}; swap them", path=here)
    if given.is_log and given.low <= 0:
        plain = "factor" if given.is_factor else "linear"
        raise ScenarioError(f"{given.scale} needs ends above 0, not {given.low:g}; {plain} takes any", path=here)


def _check_within(given: Range, number: Assumption, here: YamlPath) -> None:
    """Both ends must be values that the field takes."""
    low, high = number.bounds.get("ge", -np.inf), number.bounds.get("le", np.inf)
    above, below = number.bounds.get("gt", -np.inf), number.bounds.get("lt", np.inf)
    for end in (given.low, given.high):
        value = end * number.value if given.is_factor else end
        if not (low <= value <= high and above < value < below):
            closest = f"{min(max(value, low, above), high, below):g}"
            made = f"{end:g} times {number.value:g}" if given.is_factor else f"{end:g}"
            said = f"{number.path} lies in {number.range}, so it cannot be {made}; the nearest is {closest}"
            raise ScenarioError(said, path=here)


def _below(number: str, path: str) -> bool:
    return f"{number}.".startswith(f"{path}.")


def drawn_numbers(scenario: Scenario, uniform: FloatArray) -> dict[str, FloatArray]:
    """Columns ``(R,)`` of every number that has a range, from uniform numbers ``(R, N)``, one for each range.

    >>> import sim
    >>> found = drawn_numbers(sim.load("2025-03-truce-offer").scenario, np.full((1, 64), 0.5))
    >>> {path: column.round(3).tolist() for path, column in found.items() if path.startswith("war.ho")}
    {'war.hold.armistice': [0.84], 'war.hold.treaty': [0.84]}
    """
    found, own, columns = {}, Numbers(scenario).own, sorted(by_run.paths(scenario))
    for n, (path, given) in enumerate(scenario.ranges.items()):
        drawn = at(given, uniform[:, n])
        for number in (number for number in columns if _below(number, path) and own(number) is not None):
            found[number] = drawn * own(number) if given.is_factor else drawn
    return found


def at(given: Range, uniform: FloatArray) -> FloatArray:
    """Where uniform numbers ``(R,)`` lie in a range.

    >>> at(Range(low=1, high=100, scale="log"), np.array([0.0, 0.5, 1.0])).round(6).tolist()
    [1.0, 10.0, 100.0]
    """
    if given.is_log:
        return given.low * (given.high / given.low) ** uniform
    return given.low + (given.high - given.low) * uniform


def weighed(scenario: Scenario) -> list[tuple[str, float]]:
    """Every weight above 0 by its path, with its share of what its party weighs."""
    found = []
    for party_id, party in scenario.parties.items():
        whole = sum(party.weights.values())
        found += [(f"parties.{party_id}.weights.{i}", w / whole) for i, w in party.weights.items() if w > 0]
    return found


def drawn_weights(scenario: Scenario, uniform: FloatArray) -> dict[str, FloatArray]:
    """Columns ``(R,)`` of every weight above 0, from uniform numbers ``(R, W)``, one for each.

    Each party's weights are Dirichlet with `weight_concentration` parts and the scenario's own weights as their mean:
    gamma numbers, which count once they are scaled to 100.
    """
    from scipy.special import gammaincinv  # a fifth of a second that only this needs

    parts = scenario.weight_concentration
    return {path: gammaincinv(parts * share, uniform[:, n]) for n, (path, share) in enumerate(weighed(scenario))}
