"""Who would leave an agreement and what deters them, in sentences."""

from __future__ import annotations

from sim.markup import capital
from sim.report.package_sentences import short_of, undone
from sim.report.sentences import issue_name, label, name_of, point_name, requirement
from sim.scenario.schema import Scenario
from sim.study.stable import Concept, Judged, StableMeasures
from sim.zone.stability import Leaving, Move

CONCEPT: dict[Concept, tuple[str, str]] = {
    "nash": ("Nash", "nobody gains by leaving"),
    "sequential": ("sequential", "else somebody would rather answer"),
    "metarational": ("metarational", "else somebody could answer"),
}
"""What the field calls each concept, and what it means."""


def rule(scenario: Scenario) -> str:
    """What a move is, and whose concepts these are."""
    moves = "a deed undone, or the war resumed" if scenario.war else "or a deed undone"
    return (
        f"A move is a deed that needs nobody else, {moves}; an answer is one move of another. "
        "(Graph model: Fang, Hipel & Kilgour 1993.)"
    )


def moves_modelled(scenario: Scenario) -> bool:
    """Whether anybody can move in a case at all; else every package is stable, which says nothing."""
    return scenario.war is not None or bool(scenario.consent)


def headline(scenario: Scenario, found: StableMeasures) -> str:
    """The answer in a sentence."""
    if not found.packages:
        return "The zone is empty: there is no agreement that could hold."
    if not moves_modelled(scenario):
        return "This cannot be told: no moves are modelled in this case (nobody has a deed to do or undo)."
    zone = "zone" if found.of == "zone" else "zone’s frontier"
    nash, sequential, metarational = found.stable.values()
    yes = "In the zone" if any(judged.outside for judged in found.judged) else "Yes"
    if found.packages == 1:
        one = f"the one package of the {zone}"
        if nash:
            return f"{yes}: nobody gains by leaving {one}."
        why = "because somebody would rather answer" if sequential else "by a threat alone"
        return f"{capital(one)} {f'holds {why}' if metarational else 'does not hold'}."
    whole = f"the {found.packages:,} packages of the {zone}"
    if nash == found.packages:
        return f"{yes}: nobody gains by leaving any of {whole}."
    answered, not_held = sequential - nash, found.packages - metarational
    return (
        f"Nobody gains by leaving {nash:,} of {whole}; {answered:,} more hold{'s' if answered == 1 else ''} because "
        f"somebody would rather answer, {metarational - sequential:,} by a threat alone, and {not_held:,} "
        f"do{'es' if not_held == 1 else ''} not hold."
    )


def called(judged: Judged) -> str:
    """What a package that was judged is called: the named points that it is, or why it was looked at."""
    said = ", ".join(point_name(name) for name in judged.name.split(", "))
    return said[0].upper() + said[1:]


def verdict(scenario: Scenario, judged: Judged) -> str:
    """In what sense a package that was judged is stable, if in any."""
    if not moves_modelled(scenario):
        said = "no moves modelled"
    else:
        said = "not stable" if judged.stable is None else CONCEPT[judged.stable][0]
    return f"outside the zone; {said}" if judged.outside else said


def ways(scenario: Scenario, judged: Judged) -> list[str]:
    """Why a package lies outside the zone, and why it holds or not: of each party the way to leave that nobody could
    answer, or that gains it most.
    """
    return [*_outside(scenario, judged), *_leaving(scenario, judged)]


def _outside(scenario: Scenario, judged: Judged) -> list[str]:
    if judged.outside is None:
        return []
    missing = (
        f"{name_of(scenario, party)} falls {short_of(scenario, short)} short of what it expects without a deal."
        for party, short in judged.outside.short.items()
    )
    crossed = (requirement(scenario, line) for line in judged.outside.crosses)
    lines = sorted(f"It crosses a red line: {party} requires {what}." for party, what in crossed)
    return [*sorted(missing), *lines, *undone(scenario, judged.outside.undone or {})]


def _leaving(scenario: Scenario, judged: Judged) -> list[str]:
    if not moves_modelled(scenario):
        return ["No moves are modelled: this cannot tell whether anybody would leave it."]
    if not judged.leaving:
        return ["Nobody gains by a move of its own."]
    ranked = sorted(judged.leaving, key=lambda way: (way.deterred_by is not None, -way.gain))
    firsts = {way.party: way for way in reversed(ranked)}
    told = [_way(scenario, judged, way) for way in ranked if way is firsts[way.party]]
    more = len(ranked) - len(told)
    return [
        *told,
        *([f"… and {more:,} more way{'s' if more > 1 else ''} to leave it (--json lists all)."] if more else []),
    ]


def _way(scenario: Scenario, judged: Judged, way: Leaving) -> str:
    who, gain = name_of(scenario, way.party), short_of(scenario, way.gain)
    if way.deterred_by is None:
        return f"{who} would {move(scenario, judged, way.move)} and gain {gain}; nobody could make it regret that."
    deterrent = way.deterred_by
    liking = "and would rather do so" if deterrent.rather else "though it would rather not"
    return (
        f"This holds only because {name_of(scenario, deterrent.party)} would "
        f"{move(scenario, judged, deterrent.move)} if {who} {move(scenario, judged, way.move, past=True)} "
        f"(a gain of {gain}), {liking}."
    )


def move(scenario: Scenario, judged: Judged, made: Move, *, past: bool = False) -> str:
    """What a party would do, or did."""
    if made.issue is None or made.option is None:
        return "went back to war" if past else "go back to war"
    issue = issue_name(scenario, made.issue)
    if made.undo:
        undone = label(scenario, made.issue, judged.package[made.issue])
        return f"{'took' if past else 'take'} back “{issue}: {undone}”"
    return f"{'moved' if past else 'move'} to “{issue}: {label(scenario, made.issue, made.option)}”"
