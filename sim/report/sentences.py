"""Results in sentences a student understands, in one neutral form for every party.

Parties of a sentence stand in alphabetical order; a line carries where it is reported. Nothing is recommended.
"""

from __future__ import annotations

from sim.markup import percent
from sim.scenario.assumptions import unit_in
from sim.scenario.by_run import Numbers, home
from sim.scenario.conditions import Condition
from sim.scenario.evidence import cited
from sim.scenario.schema import RedLine, Scenario
from sim.scenario.talks_schema import Agreement

POINTS = {"nash": "Nash", "kalai_smorodinsky": "Kalai–Smorodinsky"}
"""Named points that are called after people."""
RESERVATION = "reservation:"


def name_of(scenario: Scenario, party_id: str) -> str:
    """A party's name."""
    return scenario.parties[party_id].name


def issue_name(scenario: Scenario, issue_id: str) -> str:
    """An issue's name."""
    return scenario.issues[issue_id].name or issue_id.replace("_", " ").replace("-", " ")


def point_name(name: str) -> str:
    """What a named point of a zone is called."""
    return POINTS.get(name, name)


def label(scenario: Scenario, issue_id: str, option: str) -> str:
    """An option's label."""
    return scenario.issues[issue_id].labels[option]


def wording(scenario: Scenario, line: RedLine) -> str:
    """What a line requires, in words: its own, or made from its condition."""
    return line.wording or condition(scenario, line)


def condition(scenario: Scenario, line: RedLine) -> str:
    """A line's condition in words: ``Sanctions: up to kept (when Hostilities: final treaty)``."""
    ((issue_id, asked),) = line.requires.items()
    said = f"{issue_name(scenario, issue_id)}: {_in_words(scenario, issue_id, asked)}"
    held = binds_when(scenario, line)
    return f"{said} (when {held})" if held else said


def binds_when(scenario: Scenario, line: RedLine) -> str:
    """Where a line binds, in words; empty when it binds everywhere."""
    return "; ".join(f"{issue_name(scenario, i)}: {_in_words(scenario, i, c)}" for i, c in line.when.items())


def _in_words(scenario: Scenario, issue_id: str, condition: Condition) -> str:
    if isinstance(condition, list):
        return " or ".join(label(scenario, issue_id, option) for option in condition)
    bounds = [("from", condition.at_least), ("up to", condition.at_most)]
    return " ".join(f"{word} {label(scenario, issue_id, option)}" for word, option in bounds if option)


def requirement(scenario: Scenario, constraint: str) -> tuple[str, str]:
    """The party's name and what it requires, of a red line id or ``reservation:<party>``."""
    if constraint.startswith(RESERVATION):
        party_id = constraint.removeprefix(RESERVATION)
        return name_of(scenario, party_id), f"at least {_floor(scenario, party_id)} [assumption]"
    line = next(line for line in scenario.red_lines if line.id == constraint)
    note = f" ({line.note})" if line.note else ""
    return name_of(scenario, line.party), f"{wording(scenario, line)} {cited(line)}{note}"


def _floor(scenario: Scenario, party_id: str) -> str:
    """The least a party can sign for, in words, with what its quorum at home asks more."""
    own, counted_in = scenario.parties[party_id].reservation, unit(scenario)
    more = float(home(scenario, Numbers(scenario))[0, list(scenario.parties).index(party_id)])
    if own is None:
        asked = f" and {more:g} {counted_in} more for its quorum at home" if more else ""
        return f"what it expects without a deal{asked}"
    if not more:
        return f"{own:g} {counted_in}, what it expects without a deal"
    return f"{own + more:g} {counted_in}: {own:g} that it expects without a deal and {more:g} for its quorum at home"


def conflict(scenario: Scenario, constraints: list[str]) -> str:
    """Who requires what and where it is reported: ``A requires X [..]; B requires Y [..]; no package meets both.``."""
    required = sorted(requirement(scenario, constraint) for constraint in constraints)
    said = "; ".join(f"{party} requires {what}" for party, what in required)
    return f"{said}; {cannot_hold(scenario, len(required))}."


def cannot_hold(scenario: Scenario, many: int) -> str:
    """That some constraints cannot hold together, in words: for whom, if not everybody has to sign and nobody else to
    act.
    """
    what = {1: "it", 2: "both"}.get(many, "all of these")
    signing = {party_id for party_id, party in scenario.parties.items() if party.signs}
    acting = {who for options in scenario.consent.values() for whose in options.values() for who in whose}
    if needed(scenario) < len(asked(scenario)) or acting - signing:
        return f"no group that could sign can keep {what}"
    return f"no package meets {what}"


def asked(scenario: Scenario) -> list[str]:
    """The parties whose word is asked for, by id."""
    signing = [party_id for party_id, party in scenario.parties.items() if party.signs]
    few = scenario.protocol.proposers if scenario.protocol.name == "bilateral_excluding" else None
    return [party_id for party_id in signing if few is None or party_id in few]


def needed(scenario: Scenario) -> int:
    """How many of those asked an agreement needs."""
    rule = scenario.protocol.agreement
    return rule.at_least if isinstance(rule, Agreement) else len(asked(scenario))


def who_signs(scenario: Scenario) -> str:
    """Whom a package of the zone has to suit: ``all 3 signatories``, or ``2 of 3 signatories, A among them``."""
    many, enough, rule = len(asked(scenario)), needed(scenario), scenario.protocol.agreement
    if enough == many:
        return {1: "the one signatory", 2: "both signatories"}.get(many, f"all {many} signatories")
    among = sorted(name_of(scenario, party) for party in rule.vetoes) if isinstance(rule, Agreement) else []
    return f"{enough} of {many} signatories" + (f", {' and '.join(among)} among them" if among else "")


def by_ground(conflicts: list[list[str]]) -> tuple[list[list[str]], list[list[str]]]:
    """Conflicts of red lines alone, and those in which reservation values have a part."""
    hanging = [ids for ids in conflicts if hangs(ids)]
    return [ids for ids in conflicts if not hangs(ids)], hanging


def hangs(constraints: list[str]) -> bool:
    """Whether a conflict hangs on reservation values, and with them on the assumptions."""
    return any(constraint.startswith(RESERVATION) for constraint in constraints)


def article(scenario: Scenario, article_id: str) -> str:
    """An article by its id: title, outlet, date, caveat."""
    known = scenario.articles[article_id]
    parts = [f"{article_id}: {known.title}", known.outlet, known.date, known.caveat and f"caveat: {known.caveat}"]
    return "; ".join(part.rstrip(".") for part in parts if part) + "."


def address(scenario: Scenario, article_id: str) -> str | None:
    """Where an article can be read, if the scenario says so."""
    return scenario.articles[article_id].address


def article_to_read(scenario: Scenario, article_id: str) -> str:
    """An article, and where it can be read."""
    return f"{article(scenario, article_id)} {address(scenario, article_id) or ''}".rstrip()


def relaxation(scenario: Scenario, constraints: list[str]) -> str:
    """The ids of a relaxation by party, parties in alphabetical order: ``A: x, y; B: z``."""
    by_party: dict[str, list[str]] = {}
    for constraint in sorted(constraints):
        said = "its reservation value" if constraint.startswith(RESERVATION) else constraint
        by_party.setdefault(requirement(scenario, constraint)[0], []).append(said)
    return "; ".join(f"{party}: {', '.join(ids)}" for party, ids in sorted(by_party.items()))


def holds(chances: dict[str, float] | None) -> str:
    """The chances that an agreement holds a year and five, in per cent."""
    if chances is None:
        return "–"
    return " ".join(map(percent, chances.values()))


def part_of_war(scenario: Scenario, part: str) -> str:
    """A part of what a party expects of the war, in words."""
    kind, _, side = part.partition(":")
    if kind == "ends_on_terms_of":
        return f"the war ends on {name_of(scenario, side)}'s terms"
    return {"holding": "what it holds while the war goes on, or when it ends at the line", "cost": "cost of war"}[kind]


def under(scenario: Scenario) -> str:
    """What a scenario's counts rest on, as a sentence."""
    return f"Under {scenario.lines_from}." if scenario.lines_from else ""


def unit(scenario: Scenario) -> str:
    """What values are counted in: a month means something only where a war goes on meanwhile."""
    return unit_in(scenario, "points a month")
