"""Results in sentences a student understands, in one neutral form for every party.

Parties of a sentence stand in alphabetical order; a line carries where it is reported. Nothing is recommended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.markup import counted, percent
from sim.scenario.assumptions import unit_in
from sim.scenario.by_run import Numbers, home
from sim.scenario.evidence import cited
from sim.scenario.pieces import Condition
from sim.scenario.schema import RedLine, Scenario
from sim.scenario.talks_schema import Agreement
from sim.study.verdicts import VERDICT_WORDS

if TYPE_CHECKING:  # what talks are told with is imported where they are told: a zone needs none of it
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
POINTS = {"nash": "Nash", "kalai_smorodinsky": "Kalai–Smorodinsky"}
"""Named points that are called after people."""
RESERVATION = "reservation:"


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
        found.append(f"Why it was missed: {_why(scenario, way.missed)}.")
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


def _why(scenario: Scenario, missed: Missed) -> str:
    """The reason why talks miss a zone that is there."""
    from sim.study.path import HeldOut, MovedAway, NothingTabled

    if isinstance(missed, HeldOut):
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


def name_of(scenario: Scenario, party_id: str) -> str:
    """A party's name."""
    return scenario.parties[party_id].name


def levers(set_to: Mapping[str, float]) -> str:
    """Where levers of the war stand, in words; their index goes from 0 to 1."""
    return ", ".join(f"{name.replace('_', ' ')} stands at {index:.2f} of 1" for name, index in set_to.items())


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


def ending_name(word: str) -> str:
    """An ending's name as people write it."""
    return word.replace("_", " ")


def ending_means(word: str) -> str:
    """What an ending means."""
    return ENDINGS.get(word, ending_name(word))


def under(scenario: Scenario) -> str:
    """What a scenario's counts rest on, as a sentence."""
    return f"Under {scenario.lines_from}." if scenario.lines_from else ""


def protocol(scenario: Scenario) -> str:
    """How offers are exchanged, in words."""
    return scenario.protocol.name.replace("_", " ")


def round_word(scenario: Scenario) -> str:
    """A round, and how long it lasts where a war goes on meanwhile."""
    return "round (month)" if scenario.war else "round"


def unit(scenario: Scenario) -> str:
    """What values are counted in: a month means something only where a war goes on meanwhile."""
    return unit_in(scenario, "points a month")


def discounted(scenario: Scenario) -> str:
    """What each round of waiting leaves of a deal."""
    return f"of whose gain a round of waiting leaves {scenario.protocol.discount or 1:g}"


def waiting(scenario: Scenario) -> list[str]:
    """What it takes, for people at a table, who see the points of packages before that; nothing where it takes none."""
    if scenario.protocol.discount in (None, 1):
        return []
    return [f"Points are those of a deal in round 1, {discounted(scenario)}."]
