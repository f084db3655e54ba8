"""The mediator of a single text: drafts from stated wishes and objections, never from anybody's utility.

Names: single negotiating text (Fisher 1978; Raiffa 1982).
"""

from __future__ import annotations

import functools
import itertools

import numpy as np

from sim.stakes.case import Case
from sim.stakes.clauses import NO_WAY_OUT, narrow_tables
from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.stages import Stage
from sim.stakes.terms import Nearest
from sim.talks.draft_across import FINENESS, draft_across
from sim.talks.offers.around import Around, around
from sim.talks.offers.moves import Numbers, Parts, with_none
from sim.talks.offers.ranking import best_of_parts
from sim.talks.offers.variants import candidates_that_are
from sim.talks.opponent_model import approach, likeness_in_full
from sim.talks.state import Talks
from sim.talks.words import alike, packed


def leanings(case: Case) -> FloatArray:
    """How much each party's wishes and lines count ``(1|R, P)``: its weight, times 1 + bias in the camp of the first
    belligerent and 1 - bias in that of the second.
    """
    protocol = case.protocol
    return protocol.weights * (1 + protocol.camps * protocol.bias[:, None])


def objections(case: Case, talks: Talks, text: OptionArray) -> IntArray:
    """Steps ``(R,)`` that texts ``(R, I)`` are away from respecting every signatory's binding lines."""
    total: IntArray = np.zeros(len(text), dtype=np.int64)
    for party in case.signatories:
        total = total + case.red_lines.steps(text, talks.binding[:, party])
    return total


def redraft(
    case: Case, talks: Talks, weights: FloatArray, made: BoolArray, movable: BoolArray, draw: FloatArray
) -> OptionArray:
    """The next text ``(R, I)``: the neighbour most liked by those who object, weighed by ``weights`` ``(R, P)``.

    Score: sum_i omega_i likeness(wish_i) - step sum_i omega_i steps_i, over coherent ceasefires within two of the
    ``movable`` issues ``(I,)`` and one step each, inside what the mediator would draft; wishes count where they were
    ``made`` ``(R, P)``, issues by their importance to who wishes; ties by the draw. As long as nothing near is such a
    ceasefire, the text goes where it comes closest to one. Nothing is put again that is answered anew in any case. What
    lies `across` endings is taken where it scores higher, or nothing near is such a ceasefire.
    """
    near = around(case, talks.text)
    first, place = _alike(case, talks, weights)
    some, leaning = near.of(first), weights if len(weights) == 1 else weights[first]
    steps, ok = _steps(case, talks.binding[first], some, leaning), _allowed(case, some, movable).take(place, axis=1)
    liked = with_none(_likeness(case, talks, near, weights, made))
    step = -case.protocol.step
    singles, missing = (part.take(place, axis=1) for part in (steps.singles, steps.missing))
    score = Parts(liked + step * singles, steps.both, step * missing)
    _nothing_again(case, talks, near, ok)
    drafted = near.packages(best_of_parts(near.near, ok, draw, score, FINENESS))
    return draft_across(case, talks, weights, made, movable, draw, drafted)


def _alike(case: Case, talks: Talks, weights: FloatArray) -> tuple[Numbers, Numbers]:
    """One run of each kind ``(K,)`` that steps out of lines and what may be drafted depend on, and the kind of each
    run ``(R,)``.
    """
    lines = talks.binding[:, list(case.signatories)].T
    return alike([*packed(case, talks.text).T, *lines, *(weights.T if len(weights) > 1 else ())], talks.runs)


def _nothing_again(case: Case, talks: Talks, near: Around, ok: BoolArray) -> None:
    """Strike from the candidates ``ok`` ``(C, R)``, by block, the text before and, while nothing is in force, what is
    remembered and so answered anew.
    """
    moved, row = (talks.before != talks.text).any(axis=1), near.near.row
    before, runs = candidates_that_are(case, near, packed(case, talks.before)[:, :, None], moved[:, None])
    ok[row[before], runs] = False
    if case.protocol.name != "shuttle":
        known = (talks.memory.held > Stage.SHORT) & (talks.in_force == Stage.SHORT)[:, None]
        again, runs = candidates_that_are(case, near, talks.memory.words, known)
        ok[row[again], runs] = False


def _likeness(case: Case, talks: Talks, near: Around, weights: FloatArray, made: BoolArray) -> FloatArray:
    """What each single move ``(M, R)`` adds to the weighted likeness to the wishes."""
    whole = likeness_in_full(case)
    total: FloatArray = np.zeros(near.then.shape)
    for party in case.signatories:
        counts = weights[:, party] * made[:, party]
        if counts.any():
            matters = np.ascontiguousarray(talks.heard.importance[:, party].T)[near.near.issue]
            steps = approach(near, talks.offers[:, party]) * near.near.each[:, None]
            total = total + counts * (steps * matters) / whole
    return total


def _steps(case: Case, binding: BitArray, near: Around, weights: FloatArray) -> Parts:
    """Weighted steps that each candidate adds on the way out of binding lines."""
    lines, moves = case.red_lines, near.near
    met = [way.concerns for way in lines.ways_out if len(way.concerns) > 1]
    both = moves.both(tuple(met))
    found = Parts(np.zeros((moves.moves + 1, near.runs)), both, np.zeros((len(both), near.runs)))
    for box, owner in enumerate(lines.owner):
        party = lines.lines[owner].party
        counts = weights[:, party] * ((binding[:, party] >> np.uint64(box)) & np.uint64(1)).astype(np.float64)
        if party in case.signatories and counts.any():
            _steps_out(near, lines.ways_out[box], counts, found)
    return found


def _steps_out(near: Around, way: Nearest, counts: FloatArray, into: Parts) -> None:
    """Add the steps of one line, which weighs ``counts`` ``(R,)``.

    Moves on two of the issues by which it can be met have to be looked at together.
    """
    concerns, away = way.concerns, way.table
    moves, now = near.near, {on: away[on].take(near.now[on]) for on in concerns}

    def nearest(*changed: int) -> IntArray:
        others = [now[on] for on in concerns if on not in changed]
        return functools.reduce(np.minimum, others, np.full(near.runs, NO_WAY_OUT))

    here, alone = nearest(), {}
    for on in concerns:
        mine = moves.moves_on(on)
        alone[on] = np.minimum(away[on].take(near.then[mine]), nearest(on)) - here
        into.singles[mine] += counts * alone[on]
    for one, two in itertools.combinations(concerns, 2):
        joint = moves.changes_two(one, two)
        if len(joint):
            first, second = moves.first[joint], moves.second[joint]
            then = np.minimum(away[one].take(near.then[first]), away[two].take(near.then[second]))
            of_one = alone[one][np.searchsorted(moves.moves_on(one), first)]
            of_two = alone[two][np.searchsorted(moves.moves_on(two), second)]
            missing = np.minimum(then, nearest(one, two)) - here - of_one - of_two
            into.missing[np.searchsorted(into.both, joint)] += counts * missing


def _allowed(case: Case, near: Around, movable: BoolArray) -> BoolArray:
    """Which candidates ``(C, R)``, by block, can be the next text: coherent ceasefires that the mediator would draft,
    or as near to one as any of those it would.
    """
    box, row = case.protocol.drafts, near.near.row
    may = np.ones((near.near.candidates, near.runs), dtype=bool)
    may[row[near.near.changes(*np.flatnonzero(~movable).tolist())]] = False
    if not all(box[axis, list(left)].all() for axis, left in enumerate(case.space.left)):
        inside = _inside(near, box[None], 1)
        may &= inside | ~inside[row[0]]  # where the text itself lies outside, anything goes
    found = may & _inside(near, np.concatenate([case.validity, case.zones["ceasefire"][None]]), 1 << len(case.validity))
    lost = np.flatnonzero(~found.any(axis=0))
    if len(lost):
        may[row] &= near.exists()
        texts, place = np.unique(near.here[:, lost].T, axis=0, return_inverse=True)
        away = case.stages.astray(around(case, texts).all_packages(), Stage.SHORT).T[:, place.ravel()]
        away = np.where(may[row][:, lost], away, NO_WAY_OUT * len(box))
        found[np.ix_(row, lost)] = may[row][:, lost] & (away == away.min(axis=0))
    return found


def _inside(near: Around, boxes: BoolArray, wanted: int) -> BoolArray:
    """Which candidates ``(C, R)``, by block, lie in exactly those of the boxes ``(B, I, K)`` that ``wanted`` names."""
    tables = narrow_tables(boxes)
    bits = near.bits(tables)
    found = np.empty((near.near.candidates, near.runs), dtype=bool)
    for block in near.near.blocks:
        np.equal(bits.of_block(block), tables.dtype.type(wanted), out=found[block.rows].reshape(*block.shape, -1))
    return found
