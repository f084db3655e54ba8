"""Plain truces and doubtful motives in sentences: who refuses, what would change that, who signs to go to war again."""

from __future__ import annotations

from sim.markup import capital, percent
from sim.report.sentences import name_of, wording
from sim.scenario.schema import Scenario
from sim.zone.motives import Motives
from sim.zone.refusals import FRAMEWORKS, Framework, LeastChance, Refusal

NARROW = 1.0
"""Points a month, of 100, below which a refusal is called narrow."""
SETTLEMENTS: dict[Framework, str] = {
    "declared": "a settlement of the declared zone",
    "own_lines": "one within its own lines that leaves nobody else worse off than the war",
    "true": "one of the zone under true lines",
}


def refusal(scenario: Scenario, found: Refusal) -> str:
    """Who refuses a plain truce, by how much, and from which believed chance of a settlement on it would take it."""
    name = name_of(scenario, found.party)
    by = f", but narrowly: it falls {found.short:.2f} of 100 points a month short" if found.short < NARROW else ""
    said = f"{name} refuses a plain truce{by or f' by {found.short:.1f} points a month'}."
    if found.crosses:
        words = [wording(scenario, line) for line in scenario.red_lines if line.id in found.crosses]
        said += f" Its own red line shuts the truce out too ({', '.join(words)})."
    return f"{said} {least_chances(scenario, found)}"


def motives(scenario: Scenario, found: Motives, size: int) -> list[str]:
    """How many of a zone's packages somebody would sign for the war after them; nothing where there are none."""
    strike, war = (_counted(scenario, by, size) for by in (found.to_strike, found.for_the_war_after))
    some, they_are, hold = f"Of these {size:,} packages, some", "they are", "they hold"
    if size == 1:
        some, they_are, hold = "This package", "it is", "it holds"
    said = []
    if strike:
        said.append(f"{some} would be signed only to go to war again a month later: {strike}.")
    if war:
        said.append(
            f"{some} would be signed for the better war that would follow, though {they_are} worth less than going on "
            f"while {hold}: {war}."
        )
    return said


def _counted(scenario: Scenario, by_party: dict[str, int], size: int) -> str:
    named = ((name_of(scenario, party), many) for party, many in by_party.items() if many)
    return ", ".join(f"by {name}" + (f" {many:,}" if size > 1 else "") for name, many in named)


def least_chances(scenario: Scenario, found: Refusal) -> str:
    """The least believed chances at which a party would take a plain truce, a clause for each kind of settlement."""
    asked = [name for name in FRAMEWORKS if name != "true" or any(line.softens_to for line in scenario.red_lines)]
    if not any(found.chances[name].best for name in asked):
        return f"No hope of a settlement would change that: {_why_never(found.chances['own_lines'])}."
    said = "; ".join(f"{SETTLEMENTS[name]}: {_chance(found.chances[name])}" for name in asked)
    return f"It would take it if it believed that a settlement follows with at least this chance. {capital(said)}."


def _why_never(own: LeastChance) -> str:
    if not own.packages:
        return "none lies within its own lines and leaves nobody else worse off than the war"
    return f"of the {own.packages:,} within its own lines that leave nobody else worse off, none gives it enough"


def _chance(found: LeastChance) -> str:
    if found.best is None:
        return "never" if found.packages else "never, there is none"
    median = "never for a middling one" if found.median is None else f"{_percent(found.median)} for a middling one"
    return f"{_percent(found.best)} for the best of {found.packages:,}, {median}"


def _percent(chance: float) -> str:
    return percent(chance, 1)
