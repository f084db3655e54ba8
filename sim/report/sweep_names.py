"""Fields and values of a sweep as people read them: parties and issues by name, red lines with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.markup import unit_of
from sim.report.sentences import issue_name, label, name_of
from sim.scenario.changes import written
from sim.scenario.evidence import cited
from sim.scenario.schema import RedLine, Scenario

if TYPE_CHECKING:
    from sim.sweeps.plan import Varied
    from sim.sweeps.regions import Limit

OF_A_PARTY = {
    "war.cost": "cost of a month of war",
    "war.drift": "believed drift of the front",
    "war.impatience": "impatience",
    "war.discount": "discount",
    "war.hold.armistice": "chance that an armistice holds a year when nobody attacks",
    "war.slope": "points by which the odds of peace rise",
    "war.start": "points it takes to begin a war anew",
    "war.resume.scale": "factor on what terms make of the next war",
    "war.resume.mirror": "how much of that comes off the second side's odds",
    "war.lottery.win": "chance to win",
    "war.lottery.cost": "cost of fighting",
    "tactic.exponent": "concession exponent",
    "reservation": "reservation value",
    "audience_cost": "audience cost",
    "roles": "roles at the table",
}
OF_THE_WAR = {
    "hazard": "monthly chance that the war ends",
    "share": "share held",
}


def field_name(scenario: Scenario, path: str) -> str:
    """A field as people call it; its path where there is no better name."""
    match path.split("."):
        case ["parties", party, "war", "win", side]:
            return f"{name_of(scenario, party)}: believed odds of {name_of(scenario, side)}'s terms"
        case ["parties", party, "weights", issue]:
            return f"{name_of(scenario, party)}: weight of {issue_name(scenario, issue).lower()}"
        case ["parties", party, *rest]:
            return f"{name_of(scenario, party)}: {OF_A_PARTY.get('.'.join(rest), _words(rest))}"
        case ["red_lines", line, "without"]:
            return f"line left out: {_line(scenario, line)}"
        case ["red_lines", line, *rest]:
            return f"{_words(rest)} of what {_line(scenario, line)}"
        case ["war", *rest]:
            return OF_THE_WAR.get(".".join(rest), f"war: {_words(rest)}")
        case ["pins", issue]:
            return f"{issue_name(scenario, issue)}, held at"
        case ["protocol", *rest]:
            return _words(["protocol", *rest] if rest == ["name"] else rest).removesuffix(" name")
    return path.replace("_", " ")


def _words(parts: list[str]) -> str:
    return " ".join(part.replace("_", " ") for part in parts)


def _line(scenario: Scenario, line_id: str) -> str:
    """What a red line requires, and where that is reported; its id where it is in the scenario no more."""
    found = next((line for line in scenario.red_lines if line.id == line_id), None)
    return line_id if found is None else f"{_required(scenario, found)} {cited(found)}"


def _required(scenario: Scenario, line: RedLine) -> str:
    return f"{name_of(scenario, line.party)} requires {line.wording or line.id}"


def value_text(scenario: Scenario, path: str, value: Any) -> str:
    """A value of a field: an option by its label, a number in few digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.3g}" if isinstance(value, float) else f"{value:,}"
    if value is None:
        return "none"
    if isinstance(value, list):
        return " and ".join(str(entry).replace("_", " ") for entry in value)
    match path.split("."):
        case ["pins" | "start_text", issue] if value in scenario.issues[issue].options:
            return label(scenario, issue, value)
    if value in scenario.parties:
        return name_of(scenario, value)
    return str(value).replace("_", " ")


def limit_text(scenario: Scenario, limit: Limit) -> str:
    """What a region asks of a field: ``Ann: cost of a month of war at most 12 points a month``."""
    path, unit = limit.path, "" if limit.unit in ("none", "name", "value") else limit.unit
    name = field_name(scenario, path)
    if limit.values is not None:
        if limit.values in ([True], [False]) and path.endswith(".without"):
            return name if limit.values == [True] else name.replace("line left out", "line kept")
        return f"{name} is {' or '.join(value_text(scenario, path, value) for value in limit.values)}"
    ends = (limit.at_least, limit.at_most)
    low, high = (None if end is None else value_text(scenario, path, end) for end in ends)
    if low is not None and high is not None:
        return f"{name} from {low} to {high} {unit}".rstrip()
    end = low or high
    return f"{name} at {'least' if high is None else 'most'} {end} {unit_of(end, unit)}".rstrip()


def basis_text(scenario: Scenario, limits: list[Limit]) -> str:
    """What the fields of a region rest on: the sources of red lines among them; all else is an assumption."""
    lines = [limit.path.split(".")[1] for limit in limits if limit.path.startswith("red_lines.")]
    known = {line.id: line for line in scenario.red_lines}
    said = [
        f"{_required(scenario, known[line])} {cited(known[line])}" for line in dict.fromkeys(lines) if line in known
    ]
    if len(lines) < len(limits):
        said.append("the other values are assumptions" if said else "all values are assumptions")
    return "; ".join(said)


def values_of(said: Varied) -> str:
    """A factor's values in a line."""
    unit = "" if said.unit in ("none", "name", "value") else said.unit
    if said.values is not None:
        shown = [value if isinstance(value, str) else written(value) for value in said.values]
        listed = ", ".join(shown) if len(shown) <= 6 else f"{', '.join(shown[:3])}, … {shown[-1]} ({len(shown)} values)"
        return f"{listed} {unit_of(listed, unit)}".rstrip()
    ends = f"{said.low:g}" if said.low == said.high else f"{said.low:g} to {said.high:g}"
    return f"{ends} {unit_of(ends, unit)}".rstrip()
