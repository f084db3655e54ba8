"""The finding in one plain sentence, and how the talks answered: for headlines of pages, cards and pictures.

What clashes stands in `conflict_sentences`; terms of art stand in small print beside these sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.markup import counted
from sim.report.conflict_sentences import clashes, has_two_zones
from sim.report.sentences import asked, hangs, name_of, needed
from sim.scenario.schema import Scenario
from sim.study.measures import ZoneMeasures
from sim.study.verdicts import Verdict

if TYPE_CHECKING:
    from sim.study.run import RunMeasures

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PLAIN_VERDICTS: dict[Verdict, str] = {
    "reached": "The talks found a deal",
    "missed": "A deal was there, and these talks missed it",
    "censored": "A deal was there, and the war ended before the talks could find or miss it",
    "hidden": "No deal fits what is said in public; one fits what would be held to the end",
    "structural": "Better talks would not have helped: no deal suits everyone",
}
"""What a verdict means, as a headline."""
SIGNED = {
    "settlement": "they signed a settlement",
    "ceasefire_only": "they signed a ceasefire",
    "partial": "they signed something short of a ceasefire",
}


def number(many: int) -> str:
    """A small number as a word, others in digits.

    >>> number(4), number(2_772)
    ('four', '2,772')
    """
    return NUMBERS[many] if many < len(NUMBERS) else f"{many:,}"


def headline(scenario: Scenario, found: ZoneMeasures) -> str:
    """The finding about a zone: how many deals suit all who sign, or none and on how many issues they clash."""
    sizes, who = found.zone["declared"], _who(scenario)
    if not sizes["ceasefire"]:
        return f"No deal suits {who}: {_why_none(scenario, found)}"
    what = "deal" if not has_two_zones(scenario) or sizes["settlement"] else "ceasefire"
    said = _many(sizes["ceasefire"], what, who)
    if not has_two_zones(scenario):
        return said
    if not sizes["settlement"]:
        return f"{said}; no settlement does"
    return f"{said}, {number(sizes['settlement'])} of them settlements"


def _many(many: int, what: str, who: str) -> str:
    return f"{number(many).capitalize()} {what}{' suits' if many == 1 else 's suit'} {who}"


def _why_none(scenario: Scenario, found: ZoneMeasures) -> str:
    if not found.definition["ceasefire"]:
        return "the scenario's rules leave none"
    conflicts = [ids for clash in clashes(scenario, found) for ids in clash.conflicts]
    told = {line for ids in conflicts for line in ids}
    issues = {issue for line in scenario.red_lines if line.id in told for issue in line.requires}
    if issues:
        if all(len(ids) == 1 for ids in conflicts):
            return "a red line alone leaves none"
        return f"red lines exclude each other on {number(len(issues))} issue{'s' if len(issues) > 1 else ''}"
    if all(hangs([constraint]) for ids in found.conflicts["ceasefire"] for constraint in ids):
        return "each leaves somebody worse off than without one"
    return "those within the red lines leave somebody worse off than without one"


def _who(scenario: Scenario) -> str:
    """Whom a deal has to suit, in words."""
    many, enough = len(asked(scenario)), needed(scenario)
    if enough < many:
        return f"the {number(enough)} of {number(many)} whose signatures it takes"
    return {1: "the one who signs", 2: "both"}.get(many, f"all {number(many)}")


def talks_answer(scenario: Scenario, result: RunMeasures) -> str:
    """Do the talks find a deal: yes or no, and how they ended."""
    when = f"in round {result.round} of {scenario.protocol.deadline}"
    if result.ending == "military_end":
        return f"Unknown: the war ended {when}, before the talks did"
    if result.verdict == "reached":
        return f"Yes: {SIGNED.get(result.ending, 'they signed')} {when}"
    return f"No: {_how(scenario, result, when)}"


def _how(scenario: Scenario, result: RunMeasures, when: str) -> str:
    """How talks ended that found no deal which suits all."""
    left, mediator = result.path.left, scenario.protocol.mediator.party
    if left is not None:
        return f"{name_of(scenario, left)} walked out {when}"
    if result.ending == "mediator_exit":
        who = f"the mediator ({name_of(scenario, mediator)})" if mediator else "the mediator"
        return f"{who} gave up {when}"
    if result.ending == "stalemate":
        return f"the deadline of {counted(scenario.protocol.deadline, 'round')} passed"
    if result.ending == "breakdown":
        return f"an incident ended the talks {when}"
    if result.ending == "unimplementable_text":
        return f"they signed {when} what cannot be carried out"
    return f"{SIGNED.get(result.ending, result.ending.replace('_', ' '))} {when}"
