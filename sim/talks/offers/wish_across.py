"""What a party asks for across endings, where there is a text: by the same rules as for neighbours.

It reads its own utility and the others' offers, never the others' utilities.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.acceptance import worth_signing
from sim.talks.offers.across import WORST, Across, Candidates, across
from sim.talks.offers.in_runs import InRuns
from sim.talks.offers.moves import Numbers
from sim.talks.opponent_model import others_asked, whole_pull
from sim.talks.state import Talks


def wish_across(
    case: Case,
    party: int,
    talks: Talks,
    draw: FloatArray,
    over: BoolArray,
    chosen: OptionArray,
    found: BoolArray,
) -> tuple[OptionArray, BoolArray]:
    """The ``chosen`` neighbours ``(R, I)`` where ``found`` ``(R,)``, or what lies across endings from the text and is
    better. A party looks at its best few, or at all where its time is ``over`` ``(R,)``; ties by the draw ``(R,)``.
    """
    far = across(case, talks.text, talks.open) if talks.far is None else talks.far
    if far is None or not len(far.run):
        return chosen, found
    bases = far.bases_of(_asked_for_at_all(case, party, talks, far))
    if not len(bases.run):
        return chosen, found
    runs = bases.runs[found[bases.runs]]
    beaten = np.full(talks.runs, WORST)
    beaten[runs] = whole_pull(case, talks, party, InRuns(chosen.take(runs, axis=0), runs))
    promising = -bases.apart(case, others_asked(case, talks, party, bases.run)) > beaten[bases.run]
    some = would_ask(case, party, talks, far, bases.candidates(promising))
    score = whole_pull(case, talks, party, some)
    better = score > beaten[some.run]  # what is worse comes after all of these, and would not be taken then
    some, score = some.of(better), score[better]
    best = _first_worth_signing(case, party, talks, some, score, draw, over)
    runs, chosen = np.flatnonzero(best >= 0), chosen.copy()
    chosen[runs] = some.packages[best[runs]]
    return chosen, found | (best >= 0)


def _asked_for_at_all(case: Case, party: int, talks: Talks, far: Across) -> BoolArray:
    """Which packages ``(D,)`` a party may ask for in some run and, where runs weigh alike, would."""
    run, asked, binding = far.run, talks.asked[:, party], talks.binding[:, party]
    keep: BoolArray = (far.lines & np.bitwise_and.reduce(binding[run])) == 0
    if len(case.preferences.weights) == 1:
        keep &= case.utility(party, far.packages) >= asked[run].min(axis=0)[far.stage] - TOLERANCE
    return keep


def would_ask(case: Case, party: int, talks: Talks, far: Across, some: Candidates) -> Candidates:
    """Those candidates that a party may and would ask for."""
    run, stage = some.run, far.stage[some.place]
    ok = case.utility(party, some.packages, run) >= talks.asked[run, party, stage] - TOLERANCE
    ok &= (far.lines[some.place] & talks.binding[run, party]) == 0
    if case.partial is not None:
        ok &= (stage > Stage.PARTIAL) | (talks.in_force[run] != Stage.PARTIAL)
    return some.of(ok)


def _first_worth_signing(
    case: Case, party: int, talks: Talks, some: Candidates, score: IntArray, draw: FloatArray, over: BoolArray
) -> Numbers:
    """In each run ``(R,)`` the candidate of the highest score that is worth the party's floor, -1 where none is."""
    order, place = some.in_order(score, draw)
    run, best = some.run, np.full(talks.runs, -1, dtype=np.intp)
    for tried in range(int(place.max(initial=-1)) + 1):
        mine = order[place == tried]
        mine = mine[(best[run[mine]] < 0) & ((tried < case.protocol.tries) | over[run[mine]])]
        worth = mine[worth_signing(case, party, talks, some.packages[mine], run[mine])]
        best[run[worth]] = worth
    return best
