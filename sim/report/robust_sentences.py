"""How sure a zone is, in sentences: for first screens, `ceasefire robust` and reports.

Shares are of draws, never chances.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.markup import counted, listed
from sim.report.sentences import issue_name, label, name_of
from sim.scenario.ranges import weighed
from sim.scenario.schema import Scenario
from sim.study.measures import ZoneMeasures
from sim.study.redrawn import CORE, FEWEST, Drawn, Held

if TYPE_CHECKING:
    from sim.study.robust import RobustMeasures

DRAWN: dict[Drawn, str] = {
    "weights": "weights alone",
    "numbers": "numbers of the war alone",
    "both": "weights and numbers",
}
"""What was drawn, in words."""
OF: dict[Drawn, str] = {"weights": "weights", "numbers": "numbers", "both": "numbers"}
"""The same in a word, behind "of the assumed": a weight is a number too."""
NO_CHANCE = (
    "Shares are of draws from ranges that are assumed; nobody measured them, and they are not chances in the world."
)


SAME = "No party weighs more than one issue, so no draw of weights could differ."


def all_alike(scenario: Scenario, kind: Drawn) -> bool:
    """Whether no draw can differ from the scenario itself: weights alone are drawn, and each party has one at most."""
    parties = [path.split(".")[1] for path, _ in weighed(scenario)]
    return kind == "weights" and len(parties) == len(set(parties))


def widest(found: RobustMeasures) -> Held | None:
    """What holds when most is drawn at once; None where nothing was."""
    return list(found.drawn.values())[-1] if found.drawn else None


def headline(scenario: Scenario, found: RobustMeasures) -> str:
    """The answer in a sentence or two."""
    held = widest(found)
    if held is None:
        return (
            "Empty whatever the weights: every possible ceasefire crosses a declared red line, "
            "and no number that could be drawn moves a red line."
        )
    five, half, most = held.size.values()
    if all_alike(scenario, list(found.drawn)[-1]):
        return f"There is {'a zone of ' + counted(most, 'package') if most else 'no zone'}. {SAME}"
    if held.draws == 1:
        return f"There is {'a zone of ' + counted(most, 'package') if most else 'no zone'} in the one draw."
    hits = "each" if held.zone.hits == held.draws else f"{held.zone.hits:,}" if held.zone.hits else "none"
    said = f"There is a zone in {hits} of {held.draws:,} draws"
    if not most:
        return f"{said}."
    which = "Nine draws of ten" if held.draws >= FEWEST else "They"
    if five == most:
        return f"{said}. {which} have {counted(most, 'package')} in it."
    return f"{said}. {which} have {five:,} to {most:,} packages in it; the median is {half:,}."


def answer(scenario: Scenario, found: ZoneMeasures) -> str:
    """Yes or no, and how far that hangs on assumed numbers: the first words of a first screen."""
    exists, sure = found.zone["declared"]["ceasefire"] > 0, found.sure
    if sure is not None and sure.empty_whatever_is_drawn and found.definition["ceasefire"]:
        return "No, however issues are weighed: red lines alone close it."
    if sure is None or sure.held is None or all_alike(scenario, sure.drawn):
        return "Yes." if exists else "No."
    zone, of = sure.held.zone, f"{counted(sure.held.draws, 'draw')} of the assumed {OF[sure.drawn]}"
    if zone.hits == sure.held.draws:
        return f"Yes, in each of {of}." if exists else f"No; yet in each of {of}."
    often = f"in {zone.hits:,} of {of}" if zone.hits else f"in none of {of}"
    if exists:
        return f"Yes, and {often}." if zone.known >= CORE else f"Yes, but only {often}."
    return f"No; yet {often}." if zone.hits else f"No, and {often}."


def bare_truce(scenario: Scenario, found: ZoneMeasures) -> str:
    """Who would take a bare truce, before any count; empty where nobody was asked."""
    held = None if found.sure is None else found.sure.held
    return "" if held is None else truce(scenario, held)


def spread(found: ZoneMeasures) -> str:
    """How far a zone's size hangs on assumed numbers; empty where it does not, or where none were drawn."""
    held = None if found.sure is None else found.sure.held
    if held is None or held.size["5"] == held.size["95"]:
        return ""
    many = held.core.packages
    stay = f"{many:,} stay" if many > 1 else "1 stays" if many else "none stays"
    return f"Nine draws of ten have {held.size['5']:,} to {held.size['95']:,} packages; {stay} in nine of ten."


def core(scenario: Scenario, held: Held) -> list[str]:
    """The robust core in words: how many packages, what all of them hold, and where they differ; none where
    no draw has a zone.
    """
    if not held.zone.hits:
        return []
    often = f"in at least {round(CORE * held.draws):,} of {counted(held.draws, 'draw')}"
    if not held.core.packages:
        if held.zone.known < CORE:
            return [f"No package stays in the zone {often}; only {held.zone.hits:,} have a zone at all."]
        return [f"No package stays in the zone {often}: that there is a zone may be sure, what is in it is not."]
    how = ""
    if held.core.by_ending and scenario.war is not None:
        kinds = (f"{n:,} × {label(scenario, scenario.war.ending, k)}" for k, n in held.core.by_ending.items())
        how = f": {', '.join(kinds)}"
    many = f"{counted(held.core.packages, 'package')} stay{'s' if held.core.packages == 1 else ''}"
    found = [f"{many} in the zone {often}{how}."]
    options = {i: k for i, k in held.core.options.items() if i not in scenario.pins and not _ends(scenario, i)}
    same = [_one(scenario, issue, of) for issue, of in options.items() if len(of) == 1]
    apart = [_one(scenario, issue, of) for issue, of in options.items() if len(of) > 1]
    return [
        *found,
        *([f"{'All of them' if held.core.packages > 1 else 'It holds'}: {'; '.join(same)}."] if same else []),
        *([f"They differ in: {'; '.join(apart)}."] if apart else []),
    ]


def _ends(scenario: Scenario, issue: str) -> bool:
    return scenario.war is not None and issue == scenario.war.ending


def _one(scenario: Scenario, issue: str, options: dict[str, int]) -> str:
    """An issue with the options that packages hold, and how many of them where they differ."""
    if len(options) == 1:
        return f"{_inside(scenario, issue)} {label(scenario, issue, next(iter(options)))}"
    said = " or ".join(f"{label(scenario, issue, option)} ({n:,})" for option, n in options.items())
    return f"{_inside(scenario, issue)} {said}"


def _inside(scenario: Scenario, issue: str) -> str:
    """An issue's name, ready to be followed by an option."""
    return f"{issue_name(scenario, issue)}:"


def truce(scenario: Scenario, held: Held) -> str:
    """In how many draws each party would rather have a plain truce than go on, as a sentence; empty without a truce."""
    if held.plain_truce is None:
        return ""
    names = sorted((name_of(scenario, party), share) for party, share in held.plain_truce.items())
    every = [name for name, share in names if share.hits == held.draws]
    never = [name for name, share in names if share.hits == 0]
    parts = [f"{listed(every)} would take it in every draw"] if every else []
    parts += [
        f"{name} in {share.hits:,} of {held.draws:,}" for name, share in names if 0 < (share.hits or 0) < held.draws
    ]
    parts += [f"{listed(never)} in none"] if never else []
    return f"A bare truce, nothing else settled, against fighting on: {', '.join(parts)}."


def drawn(scenario: Scenario, found: RobustMeasures) -> str:
    """What was drawn and how, as a sentence."""
    around = f"Weights are drawn around the scenario's own (Dirichlet, {found.weight_concentration:g} parts)"
    if not found.ranges:
        return f"{around}; the scenario gives no ranges for other numbers."
    ends = ", ".join(
        f"{path} {'× ' if 'factor' in scale else ''}{low:g}–{high:g}"
        for path, (low, high, scale) in _told(found).items()
    )
    return f"{around}; numbers within {ends}."


def _told(found: RobustMeasures) -> dict[str, tuple[float, float, str]]:
    """Ranges with those that differ in the party alone told as one."""
    told: dict[str, tuple[float, float, str]] = {}
    for path, given in found.ranges.items():
        first, *rest = path.split(".")
        told[".".join(["each party", *rest[1:]]) if first == "parties" and len(rest) > 1 else path] = given
    return told
