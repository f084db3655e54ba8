"""What the talks and the levers of a war did, in sentences: what happened, how it ended, why a zone was missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.markup import counted, listed
from sim.report.sentences import name_of, unit, wording
from sim.scenario.schema import Scenario
from sim.study.verdicts import VERDICT_WORDS

if TYPE_CHECKING:  # what talks are told with is imported where they are told: a page of a room needs none of it
    from sim.study.path import Missed
    from sim.study.run import RunMeasures
    from sim.talks.transcript import Line
    from sim.zone.distances import Distance

VERDICTS = VERDICT_WORDS
ENDINGS = {
    "settlement": "the parties signed a final settlement",
    "ceasefire_only": "fighting stopped, and nothing more was settled",
    "partial": "the parties signed something short of a ceasefire",
    "unimplementable_text": "a text was agreed that needs the deeds of a party which would not do them",
    "stalemate": "the deadline passed without an agreement",
    "walk_out": "a party left the table",
    "mediator_exit": "the mediator gave up",
    "breakdown": "an incident ended the talks",
    "military_end": "the war ended before the talks did",
}
"""What an ending means; an ending not listed is called by its name."""
SIGNED = {
    "empty": "signed, but it cannot be carried out",
    "interim": "signed: a ceasefire comes into force",
    "partial": "signed: a partial deal comes into force",
    "settlement": "signed: a settlement",
}


def happened(scenario: Scenario, line: Line) -> str:
    """A line of a transcript that is neither an offer nor an answer, as a sentence."""
    from sim.talks.transcript import Happening, Lapse, Pull, Recalled, Shift, Signed

    if isinstance(line, Shift):
        now = steps_word(line.step)
        what = next((wording(scenario, held) for held in scenario.red_lines if held.id == line.red_line), line.red_line)
        return f"{name_of(scenario, line.party)} {line.event} a red line ({what}), now {now}"
    if isinstance(line, Pull):
        return f"the mediator sets {line.lever} to {line.index:g}, against {name_of(scenario, line.against)}"
    if isinstance(line, Recalled):
        return f"asked anew, all who must now say yes to what was tabled in round {line.tabled}"
    if isinstance(line, Signed):
        return SIGNED[line.what]
    if isinstance(line, Lapse):
        return "what was in force holds no more"
    return str(line.note) if isinstance(line, Happening) else line.event


def ending(scenario: Scenario, result: RunMeasures) -> str:
    """How a run ended, and who left where somebody did."""
    left = result.path.left
    said = f"{result.ending.replace('_', ' ')} in round {result.round}."
    if result.ending == "military_end":
        return f"{said} The war ended first: this run does not tell whether the talks would have agreed."
    if left is None:
        return said
    tactic = scenario.parties[left].tactic
    return (
        f"{said} {name_of(scenario, left)} walked out: for {counted(tactic.patience, 'round')} nothing on the table "
        f"was signable for it, and nothing within the declared lines promised it more than {tactic.stay:g} "
        f"{unit(scenario)} above what it has without a deal."
    )


def in_vain(names: Sequence[str]) -> list[str]:
    """Who would not carry out a text that was agreed, as a sentence; nothing where that is nobody."""
    return [f"A text was agreed that {listed(names)} would not carry out."] if names else []


def mediator(scenario: Scenario, minds: dict[str, float] | None) -> list[str]:
    """Whose wishes and lines a mediator minds, and what its being neutral means, as a sentence; nothing without one."""
    if minds is None:
        return []
    shares = ", ".join(f"{name_of(scenario, party)} {100 * share:.0f} %" for party, share in minds.items() if share)
    given, bias = scenario.protocol.mediator.weights is not None, scenario.protocol.mediator.bias
    if bias:
        meant = f"a bias of {bias:+g} leans it to {name_of(scenario, scenario.belligerents[bias < 0])}"
    elif given:
        meant = "as the scenario says"
    elif len(scenario.belligerents) == 2:
        meant = "neutral: half for the camp of each belligerent"
    else:
        meant = "neutral: every signatory alike"
    none = [name_of(scenario, party) for party, share in minds.items() if not share]
    rest = f"; not for those of {', '.join(none)}" if none else ""
    return [f"The draft is made for the wishes and lines of {shares or 'nobody'} ({meant}){rest}."]


def path(scenario: Scenario, result: RunMeasures) -> list[str]:
    """Why a zone was missed, when one opened, what moved and who gained what, as sentences."""
    found, way = [], result.path
    if way.missed is not None:
        found.append(f"Why it was missed: {_why(scenario, way.missed, result)}.")
    if result.emerged is not None:
        found.append(f"A zone under true lines opened in round {result.emerged}.")
    moved = {party: steps for party, steps in way.steps_softened.items() if steps}
    if moved:
        said = ", ".join(f"{name_of(scenario, party)} {steps}" for party, steps in moved.items())
        found.append(f"Steps of red lines given up in the talks: {said}.")
    if way.leverage:
        found.append(f"Leverage spent by the mediator: {way.leverage:.1f} index points times rounds.")
    if way.surplus is not None:
        shares = ", ".join(
            f"{name_of(scenario, party)} {100 * entry.share_of_most:.0f} %"
            for party, entry in way.surplus.parties.items()
            if entry.share_of_most is not None
        )
        found.append(f"Of the most that each could gain in the zone before the talks, it gained: {shares}.")
        if way.surplus.nash is not None:
            found.append(f"The agreement lies {counted(way.surplus.nash.steps, 'step')} from that zone's Nash point.")
        if way.surplus.away is not None:
            found.append(away(way.surplus.away))
    return found


def away(found: Distance) -> str:
    """How far a package lies from the zone's frontier and Nash point, as tournaments of negotiators report it."""
    to_nash = "" if found.to_nash is None else f" and {found.to_nash:.2f} from the Nash point"
    return (
        f"It lies {found.to_frontier:.2f} from the zone's frontier{to_nash}, where each party's values run from 0, "
        "what it signs for, to 1, its best in the zone."
    )


def _why(scenario: Scenario, missed: Missed, result: RunMeasures) -> str:
    """The reason why talks miss a zone that is there."""
    from sim.study.path import HeldOut, MovedAway, NothingTabled

    if isinstance(missed, HeldOut):
        if not missed.parties and result.ending == "unimplementable_text":
            return f"what all who must sign agreed on in round {result.round} cannot be carried out"
        names = ", ".join(name_of(scenario, party) for party in missed.parties) or "somebody"
        return f"from round {missed.round} on a package that suited all was on the table; {names} asked for more"
    if isinstance(missed, MovedAway):
        return (
            f"what was on the table in round {missed.round} lay in the zone as it was before the talks, "
            f"but no longer suited all by then"
        )
    if isinstance(missed, NothingTabled):
        return "nothing was ever tabled"
    return (
        f"no package of the zone was ever on the table; the nearest, in round {missed.round}, "
        f"was {missed.steps} step{'s' if missed.steps > 1 else ''} away"
    )


def steps_word(step: int) -> str:
    """Where a line stands on its ladder, in words."""
    if step < 0:
        return "one step beyond what was declared"
    return "as declared" if step == 0 else f"{step} step{'s' if step > 1 else ''} from what was declared"


def levers(set_to: Mapping[str, float]) -> str:
    """Where levers of the war stand, in words; their index goes from 0 to 1."""
    return ", ".join(f"{name.replace('_', ' ')} stands at {index:.2f} of 1" for name, index in set_to.items())


def ending_name(word: str) -> str:
    """An ending's name as people write it."""
    return word.replace("_", " ")


def ending_means(word: str) -> str:
    """What an ending means."""
    return ENDINGS.get(word, ending_name(word))


def protocol(scenario: Scenario) -> str:
    """How offers are exchanged, in words."""
    return scenario.protocol.name.replace("_", " ")


def round_word(scenario: Scenario) -> str:
    """A round, and how long it lasts where a war goes on meanwhile."""
    return "round (month)" if scenario.war else "round"


def discounted(scenario: Scenario) -> str:
    """What each round of waiting leaves of a deal."""
    return f"of whose gain a round of waiting leaves {scenario.protocol.discount or 1:g}"


def waiting(scenario: Scenario) -> list[str]:
    """What it takes, for people at a table, who see the points of packages before that; nothing where it takes none."""
    if scenario.protocol.discount in (None, 1):
        return []
    return [f"Points are those of a deal in round 1, {discounted(scenario)}."]
