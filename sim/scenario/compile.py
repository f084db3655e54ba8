"""A scenario's names checked against each other and turned into a case: the last place that knows names.

Every complaint is a `ScenarioError` with the YAML path; the loader adds file and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim.errors import ScenarioError, together
from sim.scenario import by_run, schema
from sim.scenario.by_run import Numbers
from sim.scenario.carrying import carried_boxes
from sim.scenario.compile_talks import compile_protocol
from sim.scenario.compile_war import check_alternatives, compile_endings, compile_war
from sim.scenario.conditions import Bounds
from sim.scenario.evidence import check_evidence
from sim.scenario.names import Names, YamlPath
from sim.scenario.ranges import check_ranges
from sim.stakes.case import Case
from sim.stakes.clauses import MOST_BITS, Clause
from sim.stakes.preferences import Preferences, padded
from sim.stakes.redlines import RedLine, RedLines
from sim.stakes.seats import Party
from sim.stakes.space import BoolArray
from sim.stakes.stages import ZoneName


def compile_case(scenario: schema.Scenario) -> Case:
    """The case of a scenario.

    Raises:
        ScenarioError: for names that mean nothing here, each with the nearest that does, and whatever else is wrong.
    """
    names = Names(scenario)
    try:
        case = _compiled(scenario, names)
    except ScenarioError as error:
        names.wrong.append(error)
    except (LookupError, TypeError, ValueError):
        if not names.wrong:  # what follows from a stand-in is no complaint of its own
            raise
    if names.wrong:
        raise together(names.wrong)
    return case


def _compiled(scenario: schema.Scenario, names: Names) -> Case:
    numbers = Numbers(scenario)
    check_evidence(scenario, names.noting)
    if scenario.scale and scenario.war:
        names.complain("is for a case without a war, whose points are points a month of 100", ("scale",))
    names.check(scenario.exercise.mentions() if scenario.exercise else ())
    lines = _red_lines(scenario, names)
    _check_names(scenario, names)
    if len(lines.owner) + len(scenario.parties) > MOST_BITS:
        raise ScenarioError(
            f"{len(lines.owner)} red lines, steps included, and {len(scenario.parties)} reservation values "
            f"are more than {MOST_BITS} constraints",
            path=("red_lines",),
        )
    preferences = _preferences(scenario, names)
    parties = tuple(Party(party_id, party.name, party.signs) for party_id, party in scenario.parties.items())
    if not any(party.signs for party in parties):
        raise ScenarioError("no party is a signatory, so nobody could agree", path=("parties",))
    check_alternatives(scenario)
    case = Case(
        space=names.space,
        parties=parties,
        belligerents=names.parties(scenario.belligerents, ("belligerents",)),
        red_lines=lines,
        validity=_validity(scenario, names),
        preferences=preferences,
        reservation=by_run.reservations(scenario, numbers),
        tactics=by_run.tactics(scenario, numbers),
        resolve=by_run.resolve(scenario, numbers),
        zones=_zones(scenario, names),
        partial=None if scenario.zones.partial is None else names.box(scenario.zones.partial, ("zones", "partial")),
        protocol=compile_protocol(scenario, names, parties),
        weight_sets=_weight_sets(scenario, names, preferences),
        home=by_run.home(scenario, numbers),
        audience=by_run.audience(scenario, numbers),
        consent=_consent(scenario, names),
        war=compile_war(scenario, names),
        endings=compile_endings(scenario, names),
    )
    check_ranges(scenario)
    return case.under(preferences)


def _check_names(scenario: schema.Scenario, names: Names) -> None:
    """Complain of two things of one name, or of names that people could not tell apart."""
    _unique(names, "red_lines", [line.id for line in scenario.red_lines])
    _unique(names, "validity", [rule.id for rule in scenario.validity])
    for n, party_id in enumerate(scenario.belligerents):
        if party_id in scenario.belligerents[:n]:
            names.complain(f'names "{party_id}" twice', ("belligerents", n))
    _told_apart(names, {("parties", party_id, "name"): party.name for party_id, party in scenario.parties.items()})
    _told_apart(names, {("issues", key, "name"): issue.name or key for key, issue in scenario.issues.items()})
    for issue_id, issue in scenario.issues.items():
        _told_apart(names, {("issues", issue_id, "options", option): label for option, label in issue.labels.items()})


def with_lines_of(scenario: schema.Scenario, case: Case) -> Case:
    """The case of a scenario that differs from that of ``case`` in nothing but when its red lines bind."""
    return replace(case, red_lines=_red_lines(scenario, Names(scenario)))


def _red_lines(scenario: schema.Scenario, names: Names) -> RedLines:
    return RedLines(names.space, tuple(_red_line(scenario, names, n) for n in range(len(scenario.red_lines))))


def _unique(names: Names, field: str, ids: list[str]) -> None:
    for n, item_id in enumerate(ids):
        if item_id in ids[:n]:
            names.complain(f'two entries are called "{item_id}"', (field, n, "id"))


def _told_apart(names: Names, said: Mapping[YamlPath, str]) -> None:
    """Complain of two things that people could not tell apart."""
    seen: set[str] = set()
    for path, words in said.items():
        if words in seen:
            names.complain(f'"{words}" stands for two things that people could not tell apart', path)
        seen.add(words)


def _clause(names: Names, part: schema.RedLine | schema.Rule, path: YamlPath) -> Clause:
    ((axis, allowed),) = names.conditions(part.requires, (*path, "requires")).items()
    return Clause(on=axis, allowed=allowed, when=names.conditions(part.when, (*path, "when")))


def _red_line(scenario: schema.Scenario, names: Names, number: int) -> RedLine:
    line = scenario.red_lines[number]
    path: YamlPath = ("red_lines", number)
    clause = _clause(names, line, path)
    ladder = [clause]
    if line.softens_to is not None:
        ((axis, loosest),) = names.conditions(line.softens_to, (*path, "softens_to")).items()
        if axis != clause.on or not loosest > clause.allowed:
            names.complain("must loosen what `requires` says, on the same issue", (*path, "softens_to"))
            loosest = clause.allowed
        ladder += [Clause(axis, allowed, clause.when) for allowed in _between(names, line, clause.allowed, loosest)]
    public = (
        scenario.public > 0 and scenario.parties[line.party].hardening > 0
        if line.party in names.party_number
        else False
    )
    harder = _harder(names, line, clause) if public else None
    return RedLine(line.id, names.party(line.party, (*path, "party")), tuple(ladder), harder)


def _harder(names: Names, line: schema.RedLine, clause: Clause) -> Clause | None:
    """The line one level the other way; None for sets, and where nothing would be left."""
    (condition,) = line.requires.values()
    if not isinstance(condition, Bounds):
        return None
    low, high = min(clause.allowed), max(clause.allowed)
    dropped = ({high} if condition.at_most else set()) | ({low} if condition.at_least else set())
    left = clause.allowed - dropped
    return replace(clause, allowed=left) if left else None


def _between(
    names: Names, line: schema.RedLine, declared: frozenset[int], loosest: frozenset[int]
) -> list[frozenset[int]]:
    """The forms a line softens through: bounds move a level at a time, sets in one move (model's rule)."""
    bounded = all(isinstance(c, Bounds) for part in (line.requires, line.softens_to) for c in (part or {}).values())
    if not bounded:
        return [loosest]
    forms, here = [], set(declared)
    while here != loosest:
        here |= {k for k in loosest if k - 1 in here or k + 1 in here}
        forms.append(frozenset(here))
    return forms


def _validity(scenario: schema.Scenario, names: Names) -> BoolArray:
    boxes = [_clause(names, rule, ("validity", n)).forbidden(names.space) for n, rule in enumerate(scenario.validity)]
    return np.concatenate([names.boxes(boxes), carried_boxes(scenario, names)])


def _preferences(scenario: schema.Scenario, names: Names) -> Preferences:
    tables: list[list[list[float]]] = []
    for party_id, party in scenario.parties.items():
        path: YamlPath = ("parties", party_id)
        for issue_id, weight in party.weights.items():
            names.issue(issue_id, (*path, "weights"))
            if weight > 0 and issue_id in names.axis and issue_id not in party.values:
                names.complain(f"{issue_id} has a weight but no values", (*path, "values"))
        for issue_id in party.values:
            names.issue(issue_id, (*path, "values"))
        tables.append([_table(names, party, issue_id, path) for issue_id in names.axis])
    effects = scenario.interactions
    for n, effect in enumerate(effects):
        names.party(effect.party, ("interactions", n, "party"))
    boxes = [names.box(effect.when, ("interactions", n, "when")) for n, effect in enumerate(effects)]
    return Preferences(
        weights=by_run.weights(scenario, Numbers(scenario)),
        values=padded(names.space, tables),
        holder=np.array([names.party_number.get(effect.party, 0) for effect in effects], dtype=np.int64),
        points=np.array([effect.points for effect in effects], dtype=float),
        boxes=names.boxes(boxes),
    )


def _table(names: Names, party: schema.Party, issue_id: str, path: YamlPath) -> list[float]:
    """A party's value of each option of an issue; all 0 where it has no table."""
    table = party.values.get(issue_id)
    if table is None:
        return [0.0] * len(names.issues[issue_id].options)
    return names.by_option(issue_id, table, (*path, "values", issue_id))


def _weight_sets(scenario: schema.Scenario, names: Names, preferences: Preferences) -> dict[str, Preferences]:
    valued = np.array([[issue_id in party.values for issue_id in names.axis] for party in scenario.parties.values()])
    sets = {}
    for name, weight_set in scenario.weight_sets.items():
        factors = np.ones(len(names.axis))
        for issue_id, factor in weight_set.times.items():
            factors[names.issue(issue_id, ("weight_sets", name, "times"))] = factor
        base = preferences.equally_weighted(valued) if weight_set.equal else preferences
        sets[name] = base.reweighted(factors)
    return sets


def _consent(scenario: schema.Scenario, names: Names) -> BoolArray:
    """Which options need a party's deeds ``(P, I, K)``. A pinned issue is no part of the deal, and needs none."""
    needs = np.zeros((len(scenario.parties), len(names.axis), names.space.width), dtype=bool)
    for issue_id, options in scenario.consent.items():
        for option, who in options.items():
            k = names.option(issue_id, option, ("consent", issue_id))
            whose = list(names.parties(who, ("consent", issue_id, option)))
            needs[whose, names.axis[issue_id], k] = issue_id not in scenario.pins
    return needs


def _zones(scenario: schema.Scenario, names: Names) -> dict[ZoneName, BoolArray]:
    ceasefire = names.box(scenario.zones.ceasefire, ("zones", "ceasefire"))
    settlement = names.box(scenario.zones.settlement, ("zones", "settlement"))
    if (settlement & ~ceasefire).any():
        if scenario.zones.settlement:
            raise ScenarioError("must lie inside the ceasefire zone", path=("zones", "settlement"))
        settlement = ceasefire
    return {"ceasefire": ceasefire, "settlement": settlement}
