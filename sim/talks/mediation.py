"""The mediator of a single text: drafts from stated wishes and objections, never from anybody's utility.

Names: single negotiating text (Fisher 1978; Raiffa 1982).
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case, Stage
from sim.stakes.clauses import NO_WAY_OUT, bit_tables
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.talks.listening import EVEN, approach
from sim.talks.neighbours import Numbers
from sim.talks.ranking import Ranking
from sim.talks.state import Talks
from sim.talks.surroundings import Around, around

BYSTANDER = 0.25
"""Weight of a signatory that is not at war."""
STEP = 0.1
"""Likeness that one step of a line is worth to the mediator."""
FINENESS = 10**9
"""Scores are rounded to this share of a likeness, so that ties are ties on every machine."""


def leanings(case: Case) -> FloatArray:
    """How much each party's wish counts ``(1|R, P)``.

    (1 + b) / 2 for the first belligerent and (1 - b) / 2 for the second, 1/4 for every other signatory, 1/2 for all
    where nobody is at war.
    """
    bias = case.protocol.bias
    weights = np.zeros((len(bias), len(case.parties)))
    weights[:, list(case.signatories)] = BYSTANDER if case.belligerents else 0.5
    for party, sign in zip(case.belligerents, (1, -1), strict=False):
        if party in case.signatories:
            weights[:, party] = (1 + sign * bias) / 2
    return weights


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

    Score: sum_i omega_i likeness(wish_i) - sum_i omega_i steps_i / 10, over coherent ceasefires within two of the
    ``movable`` issues ``(I,)`` and one step each, inside what the mediator would draft; wishes count where they were
    ``made`` ``(R, P)``, issues by their importance to who wishes; ties by the draw. As long as nothing near is such a
    ceasefire, the text goes where it comes closest to one.
    """
    near = around(case, talks.text)
    singles, joint = _steps(case, talks, near, weights)
    score = near.near.paired(_likeness(case, talks, near, weights, made) - STEP * singles)
    for concerns, counts, away in joint:
        touched = near.near.changes(*concerns)
        score[touched] -= STEP * counts * _together(near, touched, concerns, away)
    largest = FINENESS * int(2 + 2 * np.abs(score).max())
    ok = np.empty_like(allowed := _allowed(case, near, movable))
    ok[near.near.row] = allowed
    ranking = Ranking(near.near, ok, draw, largest).by_scores(np.rint(score * FINENESS).astype(np.int64))
    return near.packages(ranking.best()[0])


def _likeness(case: Case, talks: Talks, near: Around, weights: FloatArray, made: BoolArray) -> FloatArray:
    """What each single move ``(M, R)`` adds to the weighted likeness to the wishes."""
    whole = near.near.unit * EVEN * max(sum(n > 1 for n in case.space.shape), 1)
    total: FloatArray = np.zeros(near.then.shape)
    for party in case.signatories:
        counts = weights[:, party] * made[:, party]
        if counts.any():
            matters = np.ascontiguousarray(talks.heard.importance[:, party].T)[near.near.issue]
            steps = approach(near, talks.offers[:, party]) * near.near.each[:, None]
            total = total + counts * (steps * matters) / whole
    return total


Joint = tuple[tuple[int, ...], FloatArray, IntArray]
"""A line that several issues can meet: those issues, its weight ``(R,)``, and the steps from each option ``(I, K)``."""


def _steps(case: Case, talks: Talks, near: Around, weights: FloatArray) -> tuple[FloatArray, list[Joint]]:
    """Weighted steps that each single move ``(M, R)`` adds on the way out of binding lines that one issue can meet, and
    the lines that more than one can meet, which have to be looked at for both moves together.
    """
    lines, issue = case.red_lines, near.near.issue
    singles, joint = np.zeros((near.near.moves, near.runs)), []
    for box, owner in enumerate(lines.owner):
        party = lines.lines[owner].party
        counts = weights[:, party] * ((talks.binding[:, party] >> np.uint64(box)) & np.uint64(1)).astype(np.float64)
        concerns, away = lines.concerns[box], lines.steps_out[box]
        if party not in case.signatories or not counts.any():
            continue
        if len(concerns) == 1:
            mine = np.flatnonzero(issue == concerns[0])
            if len(mine):
                here = away[concerns[0]][near.now[concerns[0]]]
                singles[mine] += counts * (away[concerns[0]][near.then[mine]] - here)
        else:
            joint.append((concerns, counts, away))
    return singles, joint


def _together(near: Around, candidates: Numbers, concerns: tuple[int, ...], away: IntArray) -> IntArray:
    """Steps that some candidates ``(N, R)`` add on the way out of a box that several issues can leave."""
    here = fewest = np.full((1, near.runs), NO_WAY_OUT)
    for on in concerns:
        now = away[on].take(near.now[on])
        then = np.broadcast_to(now, (len(candidates), near.runs)).copy()
        for move in (near.near.first[candidates], near.near.second[candidates]):
            mine = np.flatnonzero(np.append(near.near.issue == on, False)[move])
            then[mine] = away[on][near.then[move[mine]]]
        here, fewest = np.minimum(here, now), np.minimum(fewest, then)
    return fewest - here


def _allowed(case: Case, near: Around, movable: BoolArray) -> BoolArray:
    """Which candidates ``(C, R)`` can be the next text: coherent ceasefires that the mediator would draft, or as near
    to one as any of those it would.
    """
    box, exists = case.protocol.drafts, near.exists()
    exists[near.near.changes(*np.flatnonzero(~movable).tolist())] = False
    if not all(box[axis, list(left)].all() for axis, left in enumerate(case.space.left)):
        inside = _inside(near, box[None], 1)
        exists &= inside | ~inside[:1]  # where the text itself lies outside, anything goes
    found = exists & _inside(
        near, np.concatenate([case.validity, case.zones["ceasefire"][None]]), 1 << len(case.validity)
    )
    lost = np.flatnonzero(~found.any(axis=0))
    if len(lost):
        texts, place = np.unique(near.here[:, lost].T, axis=0, return_inverse=True)
        away = case.astray(around(case, texts).all_packages(), Stage.SHORT).T[:, place.ravel()]
        away = np.where(exists[:, lost], away, NO_WAY_OUT * len(box))
        found[:, lost] = exists[:, lost] & (away == away.min(axis=0))
    return found


def _inside(near: Around, boxes: BoolArray, wanted: int) -> BoolArray:
    """Which candidates ``(C, R)`` lie in exactly those of the boxes ``(B, I, K)`` that the bits ``wanted`` name."""
    kind = next(t for t in (np.uint8, np.uint16, np.uint32, np.uint64) if len(boxes) <= np.dtype(t).itemsize * 8)
    found: BoolArray = near.bits(bit_tables(boxes).astype(kind)).of(slice(None)) == wanted
    return found
