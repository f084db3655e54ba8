"""The mediator of a single text: drafts from stated wishes and objections, never from anybody's utility.

Names: single negotiating text (Fisher 1978; Raiffa 1982).
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case, Stage
from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.talks.offering import candidates, nearness, pick, units
from sim.talks.state import Talks

BYSTANDER = 0.25
"""Weight of a signatory that is not at war."""
FINENESS = 10**9
"""Scores are rounded to this share of a similarity, so that ties are ties on every machine."""


def leanings(case: Case) -> FloatArray:
    """How much each party's wish counts ``(P,)``.

    (1 + b) / 2 for the first belligerent and (1 - b) / 2 for the second, 1/4 for every other signatory, 1/2 for all
    where nobody is at war.
    """
    weights = np.zeros(len(case.parties))
    weights[list(case.signatories)] = BYSTANDER if case.belligerents else 0.5
    for party, sign in zip(case.belligerents, (1, -1), strict=False):
        if party in case.signatories:
            weights[party] = (1 + sign * case.protocol.bias) / 2
    return weights


def objections(case: Case, talks: Talks, text: OptionArray) -> IntArray:
    """Steps ``(R, ..., P)`` that texts ``(R, ..., I)`` are away from respecting each party's binding lines."""
    found = []
    for party in range(len(case.parties)):
        binding = talks.binding[:, party].reshape(-1, *[1] * (text.ndim - 2))
        found.append(case.red_lines.steps(text, np.broadcast_to(binding, text.shape[:-1])))
    return np.stack(found, axis=-1)


def redraft(case: Case, talks: Talks, wishes: OptionArray, made: BoolArray, draw: FloatArray) -> OptionArray:
    """The next text ``(R, I)``: the neighbour with the largest leaning-weighted likeness to the wishes.

    Score: sum_i omega_i similarity(wish_i) - sum_i omega_i steps_i / 10, over coherent ceasefires within two issues
    and one step each; ties by the draw. As long as none is near, the text goes where it comes closest to one.
    """
    packages, exists = candidates(case.space, talks.text)
    weights = leanings(case)
    score = -(objections(case, talks, packages) * weights).sum(axis=-1) / 10
    for party in case.signatories:
        alike = nearness(case.space, packages, wishes[:, party]) / units(case.space)
        score = score + weights[party] * alike * made[:, party, None]
    away = case.astray(packages, Stage.SHORT)
    near = exists & (away == np.where(exists, away, NO_WAY_OUT).min(axis=1, keepdims=True))
    whole = np.rint(score * FINENESS).astype(np.int64)
    chosen: OptionArray = packages[np.arange(len(packages)), pick(whole, near, draw)]
    return chosen
