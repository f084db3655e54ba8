"""The numbers in the instructor's guides, recomputed: `python -m tests.guides` rewrites them, a test compares them.

Each guide has two sections whose whole text is made here: "What usually happens" and "Sensitivity".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.classroom.exercise_files import exercise, exercises
from sim.classroom.exercises.read_sources import BINDS
from sim.classroom.many import rounds_to_agreement
from sim.classroom.student_variants import assign
from sim.report import stable_sentences
from sim.report.sentences import name_of
from sim.scenario.loader import with_changes
from sim.study.asking import negotiate
from sim.study.ranking import against, ranking
from sim.study.stable import stable_measures
from sim.talks.how_talks_end import Ending
from sim.zone.region import find_zone as find_the_zone
from sim.zone.region import members

FOLDER = Path(__file__).resolve().parent.parent / "scenarios" / "classroom"
STUDENTS = [f"student-{n}" for n in range(1, 21)]
HAPPENS, SENSITIVITY = "What usually happens", "Sensitivity"
Facts = tuple[list[str], list[str]]
"""The sentences of the two sections."""


@cache
def base(number: int) -> Any:
    """The exercise as it stands, without a student."""
    return assign(exercise(number))


def variants(number: int) -> list[Any]:
    """The variants of twenty students."""
    return [assign(exercise(number), student) for student in STUDENTS]


def with_(entry: Any, *changes: str) -> Any:
    """An exercise with changes."""
    return type(entry)(entry.changed(*changes))


def varied(entry: Any, path: str, *values: float) -> list[tuple[float, Any]]:
    """Values of a field, each with the exercise under it."""
    return [(value, with_(entry, f"{path}={value}")) for value in values]


def tally(values: list[Any]) -> str:
    """Values with how often they come, the most frequent first: ``a (30), b (10)``."""
    return ", ".join(
        f"{value} ({count})" for value, count in sorted(Counter(values).items(), key=lambda e: (-e[1], e[0]))
    )


def span(values: list[float]) -> str:
    return f"{min(values):g} to {max(values):g}"


def find_zone(a: Any, many: list[Any]) -> Facts:
    happens = [
        f"As the scenario stands, `{a.culprits[0]}` shuts the zone; without it {len(a.inside)} of "
        f"{a.loaded.case.space.size} packages suit both.",
        f"Over twenty variants the line is {tally([f'`{v.culprits[0]}`' for v in many])}.",
        f"The list to find has {span([len(v.inside) for v in many])} packages.",
    ]
    easier = with_(a, "parties.russia.reservation=34", "parties.ukraine.reservation=34")
    return happens, [
        f"With 34 points without a deal for both, the same line opens {len(easier.inside)} packages instead of "
        f"{len(a.inside)}.",
        "Values without a deal decide how large the opened zone is; bounds of the lines decide which line is to blame.",
    ]


def move_batna(a: Any, many: list[Any]) -> Facts:
    war = {p: party.war.lottery for p, party in a.loaded.scenario.parties.items()}
    paper = sum(lottery.win for lottery in war.values()) - 1
    mine = a.asked.cost.path.split(".")[1]
    paper -= sum(lottery.cost for party, lottery in war.items() if party != mine)
    happens = [
        f"As the scenario stands a zone appears at {a.threshold:g}, and {a.loaded.scenario.parties[a.gainers[0]].name} "
        f"gains from more. The formula for a stake that can be cut anywhere gives {paper:.2f}.",
        f"Over twenty variants the threshold is {span([v.threshold for v in many])}; "
        f"who gains is {tally([v.loaded.scenario.parties[v.gainers[0]].name for v in many])}, always the one "
        "whose cost it is not.",
    ]
    return happens, [
        f"With a chance of {win:g} for Russia the zone appears at {b.threshold:g}."
        for win, b in varied(a, "parties.russia.war.lottery.win", 0.64, 0.7, 0.76)
    ]


def logroll(a: Any, many: list[Any]) -> Facts:
    size = a.loaded.case.space.size
    best = a._score(a.better.values).argmax()
    values = a.better.values[best]
    names = [a.loaded.case.parties[p].name for p in a.loaded.case.signatories]
    happens = [
        f"Halfway is worth {a.halfway[0]:g} points to {names[0]} and {a.halfway[1]:g} to {names[1]}; "
        f"{len(a.better.packages)} of {size} packages are better for both.",
        f"The package that goes farthest gives {names[0]} {values[0]:g} and {names[1]} {values[1]:g}.",
        f"Over twenty variants {span([len(v.better.packages) for v in many])} packages pass.",
    ]
    same = "{legal_status: 30, guarantees: 25, force_limits: 20, sanctions: 25}"
    alike = with_(a, f"parties.russia.weights={same}", f"parties.ukraine.weights={same}")
    lines = [line.id for line in a.loaded.case.red_lines.lines]
    free = type(a)(with_changes(a.loaded, without=lines))
    return happens, [
        f"With the same weights for both, {len(alike.better.packages)} packages are better for both: "
        "no difference, no trade.",
        f"Without the two red lines {len(free.better.packages)} are, instead of {len(a.better.packages)}.",
    ]


def two_level(a: Any, many: list[Any]) -> Facts:
    grid = a.asked.quorum
    low, before = a._inside(grid.low), a._inside(round(a.vanishes - grid.step, 9))
    happens = [
        f"As the scenario stands the zone vanishes at a quorum of {a.vanishes:g}; it has "
        f"{len(low[0].packages)} packages at {grid.low:g} and {len(before[0].packages)} one step before it vanishes.",
        f"There the Nash package is worth {before[1]:g} points to Ukraine instead of {low[1]:g}.",
        f"Over twenty variants the quorum is {span([v.vanishes for v in many])}; a smaller zone helps: "
        f"{tally(['yes' if v.helps else 'no' for v in many])}.",
    ]
    return happens, [
        f"With a spread of {spread} points the zone vanishes "
        f"{'nowhere up to 1' if b.vanishes is None else f'at {b.vanishes:g}'}."
        for spread, b in varied(a, "parties.ukraine.ratification.spread", 30, 40, 60)
    ]


def held_by_whom(a: Any) -> str:
    """Who could leave the package with the least guarantee that is enough, and what deters them: the debrief's key."""
    loaded = a.loaded
    package = loaded.case.space.package(a.asked.package | {a.asked.issue: a.enough[0]})
    (judged,) = stable_measures(loaded, package).judged
    how = "not stable" if judged.stable is None else stable_sentences.CONCEPT[judged.stable][0]
    said = " ".join(stable_sentences.ways(loaded.scenario, judged))
    return f"For the debrief's last question, with `{a.enough[0]}` the package is *{how}*: {said}"


def commitment(a: Any, many: list[Any]) -> Facts:
    options = list(a.chances)

    def shown(b: Any) -> str:
        return "; ".join(f"{option} {100 * chance:.0f} %" for option, chance in b.chances.items())

    def gains(option: str) -> str:
        case = a.loaded.case
        package = case.space.package(a.asked.package | {a.asked.issue: option})[None]
        gain = {n: float(case.value(n, package)[0] - case.floor(n)[0]) for n in case.belligerents}
        return ", ".join(f"{case.parties[n].name} {gain[n]:+.1f}" for n in gain)

    def named(b: Any) -> str:
        return " + ".join(sorted(b.loaded.scenario.parties[p].name for p in b.suppliers))

    happens = [
        f"As the scenario stands the chance to hold {a.asked.months} months is: {shown(a)}.",
        f"The least guarantee with {100 * a.asked.chance:.0f} % is `{a.enough[0]}`, and it needs the deeds of "
        f"{named(a)}.",
        f"Over twenty variants it is {tally([f'`{v.enough[0]}`' for v in many])}; the suppliers are "
        f"{tally([named(v) for v in many])}.",
        f"In points above going on the package is worth, with `{options[0]}`: {gains(options[0])}; with "
        f"`{a.enough[0]}`: {gains(a.enough[0])}; with `{options[-1]}`: {gains(options[-1])}.",
        held_by_whom(a),
    ]
    return happens, [
        f"With `war.resume.scale=0` the chances are: {shown(with_(a, 'war.resume.scale=0'))}.",
        *(
            f"With a cost of continuing of {cost} points for Russia the chance with `{a.enough[0]}` is "
            f"{100 * b.chances[a.enough[0]]:.0f} %, and the least that is enough is `{b.enough[0]}`."
            for cost, b in varied(a, "parties.russia.war.cost", 18, 26, 34)
        ),
    ]


def read_sources(a: Any, many: list[Any]) -> Facts:
    turning = a.turning[0]
    happens = [
        f"As the scenario stands the zone is {a.before}; `{turning.id}` ({turning.article} ¶{turning.paragraph}) "
        f"turns it {a.under(turning)}, the other {len(a.asked.readings) - 1} readings do not.",
        f"Over twenty variants the reading is {tally([f'`{v.turning[0].id}`' for v in many])}.",
        f"At the start the zone is {tally([v.before for v in many])}; all lines bind "
        f"{tally([BINDS[v.loaded.scenario.reading] for v in many])}.",
    ]
    binding = with_(a, "reading=ceasefire", "red_lines.russia-recognition.requires.legal_status={at_least: deferred}")
    harder = with_(a, "parties.russia.reservation=60", "parties.ukraine.reservation=60")
    return happens, [
        f"If all lines bind any ceasefire and Russia asks for deferred status at least, the zone is {binding.before} "
        f"and {turns(binding)}.",
        f"With 60 points without a deal for both the zone is {harder.before} and {turns(harder)}: "
        "a reading matters only where values leave room.",
    ]


def turns(a: Any) -> str:
    """Which readings turn a verdict: ``x, y turn it``."""
    found = [f"`{reading.id}`" for reading in a.turning]
    return f"{', '.join(found)} {'turns' if len(found) == 1 else 'turn'} it" if found else "no reading turns it"


def ripeness(a: Any, many: list[Any]) -> Facts:
    names = {
        pain: name_of(a.loaded.scenario, pain) if pain in a.loaded.scenario.parties else pain for pain in a.asked.pains
    }
    (as_it_is,) = rounds_to_agreement([a.loaded.case], a.asked.runs)
    spans = "; ".join(f"{name} {span([v.medians[pain] for v in many])}" for pain, name in names.items())
    shown = ", ".join(f"{names[pain]} {median:g}" for pain, median in a.medians.items())
    happens = [
        f"As the scenario stands the median round is {np.median(as_it_is):g}; with the cost doubled it is {shown} "
        f"(over {a.asked.runs} runs).",
        f"Over twenty variants the medians are {spans}.",
        f"In {sum(v.medians['both'] == min(v.medians.values()) for v in many)} of 20 variants nothing ends the talks "
        "sooner than doubling the cost of both.",
    ]
    sens = []
    for exponent in (0.6, 1, 1.7):
        b = with_(a, *(f"parties.{party}.tactic.exponent={exponent}" for party in a.loaded.scenario.parties))
        (rounds,) = rounds_to_agreement([b.loaded.case], a.asked.runs)
        sens.append(
            f"With an exponent of {exponent:g} for both the median round is {np.median(rounds):g}, and "
            f"{b.medians['both']:g} when it costs both twice as much."
        )
    return happens, sens


def tournament(a: Any, many: list[Any]) -> Facts:
    scores = against(a.played)
    hard = a.asked.hardliner

    def score(row: str, column: str) -> str:
        return f"{scores[a.played.names.index(row), a.played.names.index(column)]:.2f}"

    firsts = tally([f"`{v.first[0]}`" for v in many])
    shown = ", ".join(f"`{row.name}` {row.score:.2f}" for row in ranking(a.played))
    happens = [
        f"As the scenario stands two hardliners sign in {100 * a.signed:.0f} % of runs and score "
        f"{score(hard, hard)} each; two of `boulware` score {score('boulware', 'boulware')}.",
        f"The hardliner scores {score(hard, 'conceder')} against `conceder`, which scores "
        f"{score('conceder', hard)} against it.",
        f"Over the field: {shown}.",
        f"Over twenty variants the first that no other clearly beats is {firsts}; two "
        f"hardliners sign in {span([v.signed for v in many])} of runs.",
    ]
    return happens, [
        f"With {deadline} rounds two hardliners sign in {100 * b.signed:.0f} % of runs; `{b.first[0]}` scores most."
        for deadline, b in varied(a, "protocol.deadline", 7, 14, 20)
    ]


def live_table(a: Any, many: list[Any]) -> Facts:
    case, scenario = a.loaded.case, a.loaded.scenario
    inside = members(find_the_zone(case)).packages
    axis = case.space.axis("hostilities")
    kinds = Counter(case.space.issues[axis].options[k] for k in inside[:, axis])
    counted = " and ".join(f"{count} with `{kind}`" for kind, count in sorted(kinds.items(), key=lambda e: -e[1]))

    def signed(*changes: str) -> str:
        found = negotiate(with_(a, *changes).loaded.case, 200)
        return f"{100 * sum(Ending(e).agreed for e in found.ending) / 200:.0f} %"

    def who(b: Any) -> str:
        return " + ".join(sorted(scenario.parties[p].name for p in b.unable))

    happens = [
        f"{len(inside)} of {case.space.size:,} packages suit all four when the talks begin: {counted}. "
        "None is a settlement.",
        f"Alone, the simulator's four delegations sign in {signed()} of 200 rooms: people can do better.",
        f"Over twenty variants of the question those who could not have signed are {tally([who(v) for v in many])}.",
    ]
    strict = find_the_zone(with_(a, "reading=ceasefire").loaded.case).size()
    return happens, [
        f"With 24 rounds instead of eight the simulator signs in {signed('protocol.deadline=24')}.",
        f"Read as preconditions of any ceasefire the same red lines leave {strict} packages.",
    ]


FACTS: dict[int, Callable[[Any, list[Any]], Facts]] = {
    1: find_zone,
    2: move_batna,
    3: logroll,
    4: two_level,
    5: commitment,
    6: ripeness,
    7: live_table,
    8: tournament,
    9: read_sources,
}


def rewritten(number: int, text: str) -> str:
    """A guide with its two made sections made anew."""
    happens, sensitivity = FACTS[number](base(number), variants(number))
    for heading, facts in ((HAPPENS, happens), (SENSITIVITY, sensitivity)):
        body = f"## {heading}\n\n" + "\n".join(f"- {fact}" for fact in facts) + "\n"
        text, count = re.subn(rf"## {heading}\n.*?(?=\n## |\Z)", lambda _, body=body: body, text, count=1, flags=re.S)
        assert count == 1, (number, heading)
    return text.rstrip("\n") + "\n"


def guides() -> list[tuple[int, Path]]:
    """Every exercise's number with its guide."""
    return [(entry.number, FOLDER / f"{Path(entry.slug).name}.guide.md") for entry in exercises()]


if __name__ == "__main__":
    for number, path in guides():
        path.write_text(rewritten(number, path.read_text("utf-8")), encoding="utf-8", newline="\n")
