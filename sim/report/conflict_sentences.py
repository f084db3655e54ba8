"""Why there is no zone in short: on which issue whose red lines exclude whose, and where that is reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sim.markup import listed
from sim.report.sentences import RESERVATION, asked, by_ground, hangs, issue_name, name_of, requirement
from sim.scenario.evidence import cited
from sim.scenario.schema import RedLine, Scenario
from sim.study.measures import ZoneMeasures


@dataclass(frozen=True)
class Clash:
    """Why there is ``no`` zone: conflicts of red lines, and what shuts out ceasefires short of a settlement besides."""

    no: str
    conflicts: list[list[str]]
    shared: list[str]


def has_two_zones(scenario: Scenario) -> bool:
    """Whether a case tells ceasefires and settlements apart, so that both words mean something."""
    return bool(scenario.zones.ceasefire or scenario.zones.settlement)


def what_counts(scenario: Scenario) -> str:
    """What a package of the zone is: a ceasefire where a case tells these from settlements."""
    return "a ceasefire" if has_two_zones(scenario) else "an agreement"


def clashes(scenario: Scenario, found: ZoneMeasures) -> list[Clash]:
    """The conflicts of red lines alone that close a zone, each told once.

    Where no ceasefire has what no settlement has and some lines besides, these are told apart as shared.
    """
    ceasefire, settlement = (by_ground(found.conflicts[name])[0] for name in ("ceasefire", "settlement"))
    if not has_two_zones(scenario):
        return [Clash("zone", ceasefire, [])] if ceasefire else []
    shared = sorted(set.intersection(*map(set, ceasefire))) if ceasefire else []
    rest = [[line for line in ids if line not in shared] for ids in ceasefire]
    if sorted(map(sorted, rest)) == sorted(map(sorted, settlement)) and ceasefire:
        return [Clash("settlement", settlement, shared)]
    told = [Clash("ceasefire", ceasefire, [])] if ceasefire else []
    return told + ([Clash("settlement", settlement, [])] if settlement else [])


def how(clash: Clash) -> str:
    """How its red lines close a zone: together, or one alone."""
    if len(clash.conflicts) == 1 and len(clash.conflicts[0]) == 1:
        return "this red line leaves none"
    return "these red lines exclude each other"


def without_clash(scenario: Scenario, found: ZoneMeasures) -> str:
    """Why a zone is empty although no red lines exclude each other; nothing where some do, or where it is not empty."""
    conflicts = found.conflicts["ceasefire"]
    if not conflicts or clashes(scenario, found):
        return ""
    bound = any(line.party in asked(scenario) for line in scenario.red_lines)
    lead = "No red lines exclude each other" if bound else "No party has a red line here"
    if not all(map(hangs, ([constraint] for ids in conflicts for constraint in ids))):
        return f"{lead}; together with what each expects without a deal they leave nothing."
    alone = {constraint for ids in conflicts for constraint in ids}
    names = [name_of(scenario, party) for party in asked(scenario) if f"{RESERVATION}{party}" in alone]
    return f"{lead}; what {listed(names)} {'expects' if len(names) == 1 else 'expect'} without a deal leaves nothing."


def demands(conflicts: list[list[str]], what: str = "deal") -> str:
    """What the conflicts of a zone that is closed have in common, before they are listed."""
    lines = not any(map(hangs, conflicts))
    which = "red line" if lines else "demand"
    if all(len(ids) == 1 for ids in conflicts):
        one = f"This {which}" if len(conflicts) == 1 else f"Each of these {which}s"
        return f"{one} alone leaves no {what}:"
    said = "These red lines cannot hold together" if lines else "These demands cannot be met together"
    return f"{said}{'' if what == 'deal' else f' in a {what}'}:"


def grounds(scenario: Scenario, clash: Clash) -> set[str]:
    """The bases of a clash's red lines that name an article: what a legend of their brackets has to explain."""
    named = set(clash.shared).union(*clash.conflicts)
    return {line.basis for line in scenario.red_lines if line.id in named and line.sources}


def legend(bases: Collection[str], carried: str = "carried forward") -> str:
    """What the brackets behind red lines of some bases mean, in which ``carried`` stands; nothing for no bases."""
    earlier = (
        f"; {carried}: reported by an earlier article, assumed still to hold" if "carried_forward" in bases else ""
    )
    return f"In brackets: article ¶paragraph{earlier}." if bases else ""


@dataclass(frozen=True)
class Sides:
    """On which ``issues`` whose red ``lines`` exclude whose, by party in order of names; ``worth`` are parties whose
    value without a deal has a part.
    """

    issues: list[str]
    lines: dict[str, list[RedLine]]
    worth: list[str]


def sides(scenario: Scenario, constraints: Sequence[str]) -> Sides:
    """Constraints that exclude each other, told apart by issue and party."""
    lines = [line for line in scenario.red_lines if line.id in constraints]
    parties = sorted({line.party for line in lines}, key=lambda party: name_of(scenario, party))
    return Sides(
        list(dict.fromkeys(issue_name(scenario, issue) for line in lines for issue in line.requires)),
        {party: [line for line in lines if line.party == party] for party in parties},
        [constraint.removeprefix(RESERVATION) for constraint in constraints if constraint.startswith(RESERVATION)],
    )


def short(scenario: Scenario, constraints: Sequence[str]) -> str:
    """On what whose requirements exclude whose: ``Land: A [002 ¶8] against B [002 ¶14]``."""
    of = sides(scenario, constraints)
    told = [_side(scenario, party, lines) for party, lines in of.lines.items()]
    told += [f"what {name_of(scenario, party)} expects without a deal" for party in of.worth]
    notes = "".join(f" ({line.note})" for line in scenario.red_lines if line.id in constraints and line.note)
    return f"{', '.join(of.issues)}{': ' if of.issues else ''}{' against '.join(told)}{notes}"


def _side(scenario: Scenario, party: str, lines: list[RedLine]) -> str:
    where = dict.fromkeys(cited(line, brief=True).removeprefix("[").removesuffix("]") for line in lines)
    return f"{name_of(scenario, party)} [{'; '.join(where)}]"


def shared(scenario: Scenario, constraints: list[str]) -> str:
    """What closes every ceasefire that is no settlement: ``A requires that … [002 ¶9]``."""
    said = (f"{party} requires {what}" for party, what in (requirement(scenario, line) for line in constraints))
    return " and ".join(said)
