"""What a mediator drafts across endings from the text, where that is better than what it found near.

Like any draft it follows stated wishes and objections, never anybody's utility.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.stakes.case import Case
from sim.stakes.run_axis import cells
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray, holds
from sim.stakes.stages import Stage
from sim.talks.offers.across import WORST, Bases, Candidates, across
from sim.talks.offers.in_runs import Asked, InRuns
from sim.talks.offers.moves import Numbers
from sim.talks.opponent_model import likeness_in_full
from sim.talks.state import Talks
from sim.talks.words import packed

FINENESS = 10**9
"""Scores are rounded to this share of a likeness, so that ties are ties on every machine."""
SLACK = 1e-10
"""Likeness that a bound may be off by rounding: far less than matters, and more than it can be."""


def draft_across(
    case: Case,
    talks: Talks,
    weights: FloatArray,
    made: BoolArray,
    movable: BoolArray,
    draw: FloatArray,
    drafted: OptionArray,
) -> OptionArray:
    """The next text ``(R, I)``: what was ``drafted``, or what lies across endings from the text and is better.

    The other arguments are those of `mediation.redraft`.
    """
    far = across(case, talks.text, talks.open)
    if far is None or not len(far.run):
        return drafted
    bases = far.bases_of(far.stage >= Stage.INTERIM)
    runs, now, beaten = bases.runs, np.zeros(talks.runs), np.full(talks.runs, WORST)

    def gain(found: InRuns | Bases) -> IntArray:
        more = _favour(case, talks, weights, made, found) - now[found.run]
        return np.rint(more * FINENESS).astype(np.int64)

    now[runs] = _favour(case, talks, weights, made, InRuns(talks.text.take(runs, axis=0), runs))
    near = InRuns(drafted.take(runs, axis=0), runs)
    beaten[runs] = np.where(_would_draft(case, talks, near, movable), gain(near), WORST)
    some = bases.candidates(gain(bases) > beaten[bases.run])
    some = some.of(_would_draft(case, talks, some, movable) & ~_again(case, talks, some))
    score = gain(some)
    better = score > beaten[some.run]
    some, score = some.of(better), score[better]
    order, place = some.in_order(score, draw)
    best = order[place == 0]
    found = drafted.copy()
    found[some.run[best]] = some.packages[best]
    return found


def _would_draft(case: Case, talks: Talks, found: InRuns, movable: BoolArray) -> BoolArray:
    """Which packages ``(N,)``, each in a run, are coherent ceasefires that the mediator would draft."""
    packages, text, box = found.packages, talks.text.take(found.run, axis=0), case.protocol.drafts
    ok = (packages == text)[:, ~movable].all(axis=1) & (holds(box, packages) | ~holds(box, text))
    return ok & case.valid(packages) & holds(case.zones["ceasefire"], packages)


def _again(case: Case, talks: Talks, some: Candidates) -> BoolArray:
    """Which candidates ``(N,)`` are the text before or, while nothing is in force, are answered anew in any case."""
    runs, memory = some.run, talks.memory
    found: BoolArray = (some.packages == talks.before.take(runs, axis=0)).all(axis=1)
    if case.protocol.name != "shuttle":
        same = (memory.words.take(runs, axis=0) == packed(case, some.packages)[:, :, None]).all(axis=1)
        again = (same & (memory.held.take(runs, axis=0) > Stage.SHORT)).any(axis=1)
        found |= again & (talks.in_force[runs] == Stage.SHORT)
    return found


def _wishes(case: Case, talks: Talks, weights: FloatArray, made: BoolArray, runs: Numbers) -> Iterator[Asked]:
    """What each signatory last wished for in runs ``(N,)``, as the mediator weighs it."""
    for party in case.signatories:
        counts = (weights[:, party] * made[:, party])[runs]
        yield Asked(cells(talks.offers, party, runs), cells(talks.heard.importance, party, runs), counts)


def _favour(case: Case, talks: Talks, weights: FloatArray, made: BoolArray, found: InRuns | Bases) -> FloatArray:
    """How much things ``(N,)``, each in a run, are liked, less the weighed steps to lines; of bases, at most."""
    whole = likeness_in_full(case)
    total, wishes = np.zeros(len(found.run)), _wishes(case, talks, weights, made, found.run)
    if isinstance(found, Bases):
        total -= found.apart(case, wishes) / whole - SLACK
    for party in case.signatories:
        if isinstance(found, InRuns):
            wish = next(wishes)
            total -= wish.counts * found.apart(case, wish) / whole
            steps = case.red_lines.steps(found.packages, talks.binding[found.run, party])
        else:
            steps = found.steps_out(case, party, talks.binding[:, party])
        total -= np.broadcast_to(weights[:, party], (talks.runs,))[found.run] * case.protocol.step * steps
    return total
