"""The war of a scenario and its endings, from names to arrays; what may differ between runs comes from `by_run`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.scenario import schema, war_schema
from sim.scenario.by_run import NO_BELIEFS, Numbers, ending_state, war_state
from sim.scenario.names import Names, YamlPath, check_side
from sim.stakes.endings import Endings, Kind
from sim.stakes.space import OptionArray
from sim.stakes.war import War


def check_alternatives(scenario: schema.Scenario) -> None:
    """Refuse a party with neither a number nor a war.

    Raises:
        ScenarioError: with the party.
    """
    for party_id, party in scenario.parties.items():
        returns = isinstance(party.war, war_schema.LotteryWar) or (party.war is not None and scenario.war is not None)
        if party.reservation is None and not returns:
            raise ScenarioError("has neither a reservation value nor a war to return to", path=("parties", party_id))


def compile_war(scenario: schema.Scenario, names: Names) -> War | None:
    """The war as arrays, or None where the scenario has none."""
    given = scenario.war
    if given is None:
        return None
    if len(scenario.belligerents) != 2:
        raise ScenarioError("a war needs two belligerents; name them", path=("belligerents",))
    path: YamlPath = ("war",)
    line = names.issue(given.line, (*path, "line"), at=())
    shares = np.array(names.by_option(given.line, given.shares, (*path, "shares")), dtype=float)
    if set(given.terms) != set(scenario.belligerents):
        raise ScenarioError("must name both belligerents and nobody else", path=(*path, "terms"))
    for side, package in given.terms.items():
        for issue_id, option in package.items():
            names.option(issue_id, option, (*path, "terms", side, issue_id))
    farthest = float(shares.max())
    # The options ahead move with the line where the war stands (see `War.places`).
    drawn = max(farthest, farthest + given.share - float(shares[names.space.standing()[line]]))
    beyond = [_beyond(scenario, names, party_id, farthest, drawn) for party_id in scenario.parties]
    levers = list(given.levers.values())
    return War(
        horizon=given.horizon,
        frozen=given.frozen,
        lever_base=np.array([lever.base for lever in levers]),
        lever_drift=np.array([lever.drift for lever in levers]),
        line=line,
        shares=shares,
        beyond_share=np.array([share for share, _ in beyond]),
        beyond_value=np.array([value for _, value in beyond]),
        terms=np.stack([_imposed(names, given.terms[side]) for side in scenario.belligerents]),
        fights=np.array([_fights(party) for party in scenario.parties.values()]),
        **war_state(scenario, Numbers(scenario)),
    )


def _beyond(
    scenario: schema.Scenario, names: Names, party_id: str, farthest: float, drawn: float
) -> tuple[float, float]:
    """The share from which on a party's value stays, and that value: those of the last option unless it says others."""
    beyond, last = _beliefs(scenario, party_id).beyond, _last_value(scenario, names, party_id)
    if beyond is None:
        return farthest, last
    if beyond.share <= drawn:
        where = ("parties", party_id, "war", "beyond", "share")
        raise ScenarioError(f"must lie beyond the last option's share, {drawn:g}", path=where)
    return beyond.share, beyond.value


def _imposed(names: Names, terms: Mapping[str, str]) -> OptionArray:
    """What a belligerent would impose ``(I,)``, whatever the pins of the talks."""
    package = names.space.standing()
    for issue_id, option in terms.items():
        package[names.axis[issue_id]] = list(names.issues[issue_id].options).index(option)
    return package


def _fights(party: schema.Party) -> bool:
    """Whether a party's alternative is the war; a number takes its place."""
    return party.reservation is None and isinstance(party.war, war_schema.Beliefs)


def _beliefs(scenario: schema.Scenario, party_id: str) -> war_schema.Beliefs:
    given = scenario.parties[party_id].war
    if not isinstance(given, war_schema.Beliefs):
        return NO_BELIEFS
    path: YamlPath = ("parties", party_id, "war", "win")
    for side in given.win:
        check_side(scenario, side, path)
    if sum(given.win.values()) > 1:
        raise ScenarioError(f"probabilities sum to {sum(given.win.values()):g}, more than 1", path=path)
    path = ("parties", party_id, "war", "attacked")
    for side in given.attacked:
        check_side(scenario, side, (*path, side))
        if side == party_id:
            others = [other for other in scenario.belligerents if other != party_id]
            raise ScenarioError(f"nobody is charged for its own attack{nearest(side, others)}", path=(*path, side))
    return given


def _last_value(scenario: schema.Scenario, names: Names, party_id: str) -> float:
    """A party's value of the line's farthest option."""
    assert scenario.war is not None
    table = scenario.parties[party_id].values.get(scenario.war.line, {})
    shares = [scenario.war.shares.get(option, 0.0) for option in names.issues[scenario.war.line].options]
    farthest = max(range(len(shares)), key=lambda k: (shares[k], k))
    return table.get(list(names.issues[scenario.war.line].options)[farthest], 0.0)


def compile_endings(scenario: schema.Scenario, names: Names) -> Endings | None:
    """How packages stop the fighting, or None where the scenario has no war."""
    given = scenario.war
    if given is None:
        return None
    axis = names.issue(given.ending, ("war", "ending"), at=())
    options = list(names.issues[given.ending].options)
    for option in given.kinds:
        names.option(given.ending, option, ("war", "kinds", option))
    for option in options:
        if option not in given.kinds:
            raise ScenarioError(f'says nothing of option "{option}"', path=("war", "kinds"))
    resume = np.zeros((len(names.axis), names.space.width))
    for issue_id, table in given.resume.win.items():
        path: YamlPath = ("war", "resume", "win")
        shifts = names.issue(issue_id, path)
        for option, win in table.items():
            resume[shifts, names.option(issue_id, option, (*path, issue_id, option))] = win
    return Endings(
        axis=axis,
        kinds=np.array([Kind[given.kinds[option].upper()] for option in options], dtype=np.int8),
        line=names.issue(given.line, ("war", "line"), at=()),
        resume=resume,
        limited_cost=given.limited_cost,
        **ending_state(scenario, Numbers(scenario)),
    )
