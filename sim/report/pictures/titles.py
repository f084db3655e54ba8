"""Titles of pictures as findings: what a picture shows, in one sentence, from the numbers that it draws.

The topic stands in the caption; nothing is computed but the largest or the first of what is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.markup import capital, counted, listed, percent
from sim.report.finding_sentences import number
from sim.report.sentences import name_of
from sim.scenario.schema import Scenario
from sim.study.incidence import Incidence
from sim.study.many import BatchMeasures
from sim.study.shares import in_percent
from sim.talks.how_talks_end import Ending
from sim.zone.rereading import Sizes
from sim.zone.steps import Steps

MOST_NAMES = 3


def ranges(shut: Sequence[str], issues: int, exists: bool) -> str:
    """On how many issues no option suits all, by the names of those issues."""
    if shut:
        told = listed(shut) if len(shut) <= MOST_NAMES else f"{number(len(shut))} of {number(issues)} issues"
        return f"No option suits all on {told}"
    return "Every issue has an option that suits all" + ("" if exists else ", and yet no package does")


def compared(views: Mapping[str, Sequence[Sizes | None]]) -> str:
    """In how many of some cases a zone exists, under each heading that the picture has a panel for.

    >>> compared({"zone": [{"declared": {"ceasefire": 3}}, {"declared": {"ceasefire": 0}}]})
    'One of two cases has a zone'
    """
    found = []
    for heading, sizes in views.items():
        known = [size for size in sizes if size is not None]
        some = sum(size["declared"]["ceasefire"] > 0 for size in known)
        share = f"{number(some) if some else 'none'} of {number(len(known))}"
        found.append((share, heading.partition(" ")[2], some))
    (share, where, some), *others = found
    first = f"{share} cases {'has' if some == 1 else 'have'} a zone {where}".rstrip()
    return "; ".join([capital(first), *(f"{share} {where}" for share, where, _ in others)])


def tactics(ranking: Sequence[tuple[str, float]]) -> str:
    """Which tactics score most, and how much.

    >>> tactics([("stall", 0.9), ("linear", 0.9), ("deaf", 0.4)])
    'stall and linear gain most: 0.90 of what there was to gain'
    """
    best = [name for name, score in ranking if f"{score:.2f}" == f"{ranking[0][1]:.2f}"]
    told = listed(best) if len(best) <= MOST_NAMES else f"{number(len(best)).capitalize()} tactics"
    return f"{told} {'gains' if len(best) == 1 else 'gain'} most: {ranking[0][1]:.2f} of what there was to gain"


def moves(scenario: Scenario, steps: Steps) -> str:
    """How few steps open a zone, and who moves in every way to share them, where all ways are known."""
    ways = steps.fewest_ways
    always = [name_of(scenario, party) for party in scenario.parties if all(way.by_party[party] for way in ways)]
    whose = f"{'a line' if len(always) == 1 else 'lines'} of {listed(always)}"
    who = f"; every way to do so moves {whose}" if always and ways and steps.whole else ""
    few = capital(steps.bound + counted(steps.fewest or 0, "step"))
    return f"{few} of red lines open{'s' if steps.fewest == 1 else ''} a zone{who}"


def last_answers(yes: Sequence[str], no: Sequence[str]) -> str:
    """Who said yes to what was tabled last, and who no."""
    if not no:
        return "In the last round all said yes"
    return f"In the last round {listed(yes)} said yes, {listed(no)} no" if yes else "In the last round all said no"


def endings(found: BatchMeasures) -> str:
    """How often runs end in an agreement, and in what else most often."""
    others = {name: entry for name, entry in found.endings.items() if not Ending[name.upper()].agreed}
    most = max(others, key=lambda name: others[name].known, default=None)
    agree = f"{in_percent(found.talks_agree)} of runs end in an agreement"
    return f"{agree}, {in_percent(others[most])} in {ending(most)}" if most else agree


def ending(name: str) -> str:
    """An ending as a sentence says it.

    >>> ending("military_end"), ending("unimplementable_text")
    ('a military end', 'an unimplementable text')
    """
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name.replace('_', ' ')}"


def rounds(found: Incidence) -> str:
    """In which rounds agreements were first signed."""
    if found.first_signed is None or found.in_last_round is None:
        return "No run agreed"
    if found.in_last_round == 1:
        return "Every agreement was first signed in the deadline round"
    late = f"{percent(found.in_last_round) if found.in_last_round else 'none'} in the deadline round"
    return f"Half of the agreements were first signed by round {found.first_signed}, {late}"


def moved(names: Sequence[str], issues: Sequence[str], means: Sequence[Sequence[float]]) -> str:
    """Who changed its offers most, and on what."""
    changes, who, what = max((mean, p, i) for p, row in enumerate(means) for i, mean in enumerate(row))
    if not changes:
        return "Nobody's offers moved"
    return f"{names[who]} moved most, on {issues[what]}: {changes:.1f} times a run"
