"""A scenario's names checked against each other and turned into a case: the last place that knows names.

Every complaint is a `ScenarioError` with the YAML path; the loader adds file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from sim.errors import ScenarioError, nearest
from sim.scenario import schema
from sim.scenario.evidence import check_evidence
from sim.stakes.case import Case, Party, Protocol, ZoneName
from sim.stakes.clauses import MOST_BITS, Clause
from sim.stakes.preferences import Preferences, padded, scaled
from sim.stakes.redlines import RedLine, RedLines
from sim.stakes.space import BoolArray, Issue, OutcomeSpace

Path = tuple[str | int, ...]


def compile_case(scenario: schema.Scenario) -> Case:
    """The case of a scenario.

    Raises:
        ScenarioError: for a name that means nothing here, with the nearest that does.
    """
    check_evidence(scenario)
    names = _Names(scenario)
    space = names.space
    lines = RedLines(space, tuple(_red_line(names, n, line) for n, line in enumerate(scenario.red_lines)))
    _unique("red_lines", [line.id for line in scenario.red_lines])
    _unique("validity", [rule.id for rule in scenario.validity])
    for n, party_id in enumerate(scenario.belligerents):
        if party_id in scenario.belligerents[:n]:
            raise ScenarioError(f'names "{party_id}" twice', path=("belligerents", n))
    _told_apart({("parties", party_id, "name"): party.name for party_id, party in scenario.parties.items()})
    for issue_id, issue in scenario.issues.items():
        _told_apart({("issues", issue_id, "options", option): label for option, label in issue.options.items()})
    if len(lines.owner) + len(scenario.parties) > MOST_BITS:
        raise ScenarioError(
            f"{len(lines.owner)} red lines, steps included, and {len(scenario.parties)} reservation values "
            f"are more than {MOST_BITS} constraints",
            path=("red_lines",),
        )
    preferences = _preferences(scenario, names)
    parties = tuple(Party(party_id, party.name, frozenset(party.roles)) for party_id, party in scenario.parties.items())
    if not any(party.signs for party in parties):
        raise ScenarioError("no party is a signatory, so nobody could agree", path=("parties",))
    for issue_id, options in scenario.consent.items():
        for option, who in options.items():
            names.option(issue_id, option, ("consent", issue_id))
            names.parties(who, ("consent", issue_id, option))
    return Case(
        space=space,
        parties=parties,
        belligerents=names.parties(scenario.belligerents, ("belligerents",)),
        red_lines=lines,
        validity=_validity(scenario, names),
        preferences=preferences,
        reservation=np.array([[party.reservation for party in scenario.parties.values()]], dtype=float),
        exponent=np.array([[party.tactic.exponent for party in scenario.parties.values()]], dtype=float),
        zones=_zones(scenario, names),
        protocol=_protocol(scenario, names, parties),
        weight_sets=_weight_sets(scenario, names, preferences),
    )


class _Names:
    """Looks names up, and complains with the nearest one."""

    def __init__(self, scenario: schema.Scenario) -> None:
        self.issues = scenario.issues
        self.axis = {issue_id: n for n, issue_id in enumerate(scenario.issues)}
        self.party_number = {party_id: n for n, party_id in enumerate(scenario.parties)}
        left = {issue_id: tuple(range(len(issue.options))) for issue_id, issue in scenario.issues.items()}
        for issue_id, option in scenario.pins.items():
            left[issue_id] = (self.option(issue_id, option, ("pins", issue_id)),)
        self.space = OutcomeSpace(
            tuple(
                Issue(
                    issue_id,
                    tuple(issue.options),
                    self.option(issue_id, issue.status_quo, ("issues", issue_id, "status_quo")),
                    issue.ordered,
                )
                for issue_id, issue in scenario.issues.items()
            ),
            tuple(left.values()),
        )

    def issue(self, issue_id: str, path: Path) -> int:
        if issue_id not in self.axis:
            raise ScenarioError(f'there is no issue "{issue_id}"{nearest(issue_id, self.axis)}', path=(*path, issue_id))
        return self.axis[issue_id]

    def option(self, issue_id: str, option: str, path: Path) -> int:
        self.issue(issue_id, path[:-1] if path and path[-1] == issue_id else path)
        options = list(self.issues[issue_id].options)
        if option not in options:
            raise ScenarioError(f'{issue_id} has no option "{option}"{nearest(option, options)}', path=path)
        return options.index(option)

    def party(self, party_id: str, path: Path) -> int:
        if party_id not in self.party_number:
            raise ScenarioError(f'there is no party "{party_id}"{nearest(party_id, self.party_number)}', path=path)
        return self.party_number[party_id]

    def parties(self, ids: Iterable[str], path: Path) -> tuple[int, ...]:
        return tuple(self.party(party_id, path) for party_id in ids)

    def allowed(self, issue_id: str, condition: schema.Condition, path: Path) -> frozenset[int]:
        """The options that meet a condition."""
        path = (*path, issue_id)
        self.issue(issue_id, path[:-1])
        if isinstance(condition, list):
            return frozenset(self.option(issue_id, option, path) for option in condition)
        if not self.issues[issue_id].ordered:
            raise ScenarioError(f"{issue_id} has no order: list the options that are meant", path=path)
        if condition.at_most is None and condition.at_least is None:
            raise ScenarioError("wants at_most, at_least, or a list of options", path=path)
        low = self.option(issue_id, condition.at_least, (*path, "at_least")) if condition.at_least else 0
        last = len(self.issues[issue_id].options) - 1
        high = self.option(issue_id, condition.at_most, (*path, "at_most")) if condition.at_most else last
        if low > high:
            raise ScenarioError("no option lies between at_least and at_most", path=path)
        return frozenset(range(low, high + 1))

    def conditions(self, conditions: schema.Conditions, path: Path) -> dict[int, frozenset[int]]:
        return {
            self.issue(issue_id, path): self.allowed(issue_id, condition, path)
            for issue_id, condition in conditions.items()
        }

    def box(self, conditions: schema.Conditions, path: Path) -> BoolArray:
        """The packages ``(I, K)`` that meet every condition; issues without one may stand anywhere."""
        met = self.conditions(conditions, path)
        box = np.zeros((len(self.space.issues), self.space.width), dtype=bool)
        for axis, issue in enumerate(self.space.issues):
            box[axis, sorted(met.get(axis, range(len(issue.options))))] = True
        return box


def _unique(field: str, ids: list[str]) -> None:
    for n, item_id in enumerate(ids):
        if item_id in ids[:n]:
            raise ScenarioError(f'two entries are called "{item_id}"', path=(field, n, "id"))


def _told_apart(said: Mapping[Path, str]) -> None:
    """Refuse two things that people could not tell apart."""
    seen: set[str] = set()
    for path, words in said.items():
        if words in seen:
            raise ScenarioError(f'"{words}" stands for two things that people could not tell apart', path=path)
        seen.add(words)


def _clause(names: _Names, part: schema.RedLine | schema.Rule, path: Path) -> Clause:
    ((axis, allowed),) = names.conditions(part.requires, (*path, "requires")).items()
    return Clause(on=axis, allowed=allowed, when=names.conditions(part.when, (*path, "when")))


def _red_line(names: _Names, number: int, line: schema.RedLine) -> RedLine:
    path: Path = ("red_lines", number)
    clause = _clause(names, line, path)
    ladder = [clause]
    if line.softens_to is not None:
        ((axis, loosest),) = names.conditions(line.softens_to, (*path, "softens_to")).items()
        if axis != clause.on or not loosest > clause.allowed:
            raise ScenarioError("must loosen what `requires` says, on the same issue", path=(*path, "softens_to"))
        ladder += [Clause(axis, allowed, clause.when) for allowed in _between(names, line, clause.allowed, loosest)]
    return RedLine(line.id, names.party(line.party, (*path, "party")), tuple(ladder), line.hardness)


def _between(
    names: _Names, line: schema.RedLine, declared: frozenset[int], loosest: frozenset[int]
) -> list[frozenset[int]]:
    """The forms a line softens through: bounds move a level at a time, sets in one move (model's rule)."""
    bounded = all(
        isinstance(c, schema.Bounds) for part in (line.requires, line.softens_to) for c in (part or {}).values()
    )
    if not bounded:
        return [loosest]
    forms, here = [], set(declared)
    while here != loosest:
        here |= {k for k in loosest if k - 1 in here or k + 1 in here}
        forms.append(frozenset(here))
    return forms


def _validity(scenario: schema.Scenario, names: _Names) -> BoolArray:
    boxes = [_clause(names, rule, ("validity", n)).forbidden(names.space) for n, rule in enumerate(scenario.validity)]
    return np.array(boxes, dtype=bool).reshape(-1, len(names.space.issues), names.space.width)


def _preferences(scenario: schema.Scenario, names: _Names) -> Preferences:
    weights = np.zeros((1, len(scenario.parties), len(names.axis)))
    tables: list[list[list[float]]] = []
    for row, (party_id, party) in enumerate(scenario.parties.items()):
        path: Path = ("parties", party_id)
        for issue_id, weight in party.weights.items():
            weights[0, row, names.issue(issue_id, (*path, "weights"))] = weight
            if weight > 0 and issue_id not in party.values:
                raise ScenarioError(f"{issue_id} has a weight but no values", path=(*path, "values"))
        for issue_id in party.values:
            names.issue(issue_id, (*path, "values"))
        tables.append([_table(names, party, issue_id, path) for issue_id in names.axis])
    effects = scenario.interactions
    for n, effect in enumerate(effects):
        names.party(effect.party, ("interactions", n, "party"))
    boxes = [names.box(effect.when, ("interactions", n, "when")) for n, effect in enumerate(effects)]
    return Preferences(
        weights=scaled(weights),
        values=padded(names.space, tables),
        holder=np.array([names.party_number[effect.party] for effect in effects], dtype=np.int64),
        points=np.array([effect.points for effect in effects], dtype=float),
        boxes=np.array(boxes, dtype=bool).reshape(-1, len(names.space.issues), names.space.width),
    )


def _table(names: _Names, party: schema.Party, issue_id: str, path: Path) -> list[float]:
    """A party's value of each option of an issue; all 0 where it has no table."""
    options = list(names.issues[issue_id].options)
    table = party.values.get(issue_id)
    if table is None:
        return [0.0] * len(options)
    path = (*path, "values", issue_id)
    for option in table:
        names.option(issue_id, option, (*path, option))
    for option in options:
        if option not in table:
            raise ScenarioError(f'says nothing of option "{option}"', path=path)
    return [table[option] for option in options]


def _weight_sets(scenario: schema.Scenario, names: _Names, preferences: Preferences) -> dict[str, Preferences]:
    valued = np.array([[issue_id in party.values for issue_id in names.axis] for party in scenario.parties.values()])
    sets = {}
    for name, weight_set in scenario.weight_sets.items():
        factors = np.ones(len(names.axis))
        for issue_id, factor in weight_set.times.items():
            factors[names.issue(issue_id, ("weight_sets", name, "times"))] = factor
        base = preferences.equally_weighted(valued) if weight_set.equal else preferences
        sets[name] = base.reweighted(factors)
    return sets


def _zones(scenario: schema.Scenario, names: _Names) -> dict[ZoneName, BoolArray]:
    ceasefire = names.box(scenario.zones.ceasefire, ("zones", "ceasefire"))
    settlement = names.box(scenario.zones.settlement, ("zones", "settlement"))
    if (settlement & ~ceasefire).any():
        if scenario.zones.settlement:
            raise ScenarioError("must lie inside the ceasefire zone", path=("zones", "settlement"))
        settlement = ceasefire
    return {"ceasefire": ceasefire, "settlement": settlement}


def _protocol(scenario: schema.Scenario, names: _Names, parties: tuple[Party, ...]) -> Protocol:
    given = scenario.protocol
    signatories = {party.id: n for n, party in enumerate(parties) if party.signs}

    def signatory(party_id: str, path: Path) -> int:
        names.party(party_id, path)
        if party_id not in signatories:
            raise ScenarioError(f'"{party_id}" is no signatory{nearest(party_id, signatories)}', path=path)
        return signatories[party_id]

    quorum, vetoes = len(signatories), tuple(signatories.values())
    if isinstance(given.agreement, schema.Agreement):
        path: Path = ("protocol", "agreement")
        quorum = given.agreement.at_least
        vetoes = tuple(signatory(party_id, (*path, "vetoes")) for party_id in given.agreement.vetoes)
        if quorum > len(signatories):
            raise ScenarioError(f"there are only {len(signatories)} signatories", path=(*path, "at_least"))
    mediator = given.mediator
    if mediator.bias and len(scenario.belligerents) != 2:
        raise ScenarioError("leans to one of two belligerents; name them", path=("protocol", "mediator", "bias"))
    for issue_id, option in given.start_text.items():
        path = ("protocol", "start_text", issue_id)
        names.option(issue_id, option, path)
        if scenario.pins.get(issue_id, option) != option:
            raise ScenarioError(f"{issue_id} is pinned to {scenario.pins[issue_id]}", path=path)
    path = ("protocol", "proposers")
    return Protocol(
        name=given.name,
        deadline=given.deadline,
        proposers=tuple(signatory(party_id, path) for party_id in given.proposers or signatories),
        quorum=quorum,
        vetoes=vetoes,
        start_text=names.space.package(given.start_text),
        mediator=None if mediator.party is None else names.party(mediator.party, ("protocol", "mediator", "party")),
        bias=mediator.bias,
        patience=mediator.patience,
    )
