"""Red lines that move: softened by time, the front, offers and pressure, or hardened by pressure in public.

A line moves along its ladder and never past its true form; how a party feels about it is not modelled.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import Case
from sim.stakes.run_axis import with_fields
from sim.stakes.space import BoolArray, FloatArray, IntArray
from sim.talks.draws import Draws, Purpose
from sim.talks.state import Talks


def pressed(case: Case, talks: Talks) -> FloatArray:
    """How hard the levers press each party ``(R, P)``: the largest share of its room by which one is set against it.

    A lever that pushes the front towards a belligerent presses the other; nobody else is pressed.
    """
    found = np.zeros((talks.runs, len(case.parties)))
    if talks.front is None or case.war is None or len(case.belligerents) != 2:
        return found
    for lever, (base, push) in enumerate(zip(case.war.lever_base, case.war.lever_drift, strict=True)):
        moved = talks.front.index[:, lever] - base
        room = np.where(moved < 0, base, 1.0 - base)
        share = np.divide(np.abs(moved), room, out=np.zeros(talks.runs), where=room > 0)
        for party, sign in zip(case.belligerents, (-1.0, 1.0), strict=True):
            found[:, party] = np.maximum(found[:, party], np.where(sign * moved * push > 0, share, 0.0))
    return found


def pressure(case: Case, talks: Talks, levers: FloatArray) -> FloatArray:
    """What softens each party's lines this round ``(R, P)``: pressed + late + adverse + offered, each in [0, 1]."""
    by = case.protocol.softening
    late = max(0.0, (talks.round / case.protocol.deadline - by.late) / (1.0 - by.late))
    offered = np.clip(talks.heard.offered / by.tempting, 0.0, 1.0)
    adverse = np.zeros(offered.shape)
    if talks.front is not None and case.war is not None:
        full = by.setback * case.war.sigma
        for party, sign in zip(case.belligerents, (-1.0, 1.0), strict=False):
            setback = sign * talks.front.moved
            share = np.divide(setback, full, out=np.where(setback > 0, 1.0, 0.0), where=full > 0)
            adverse[:, party] = np.clip(share, 0.0, 1.0)
    return levers + late + adverse + offered


def lines_move(case: Case, talks: Talks, draws: Draws) -> Talks:
    """The talks after this round's moves of lines.

    A line above its true form softens by a rung with probability (1 - h)(1 - exp(-P)); one that did not, of a party
    that is pressed in public, hardens by a rung with probability rho, to one beyond the declared form at most.
    """
    if not case.red_lines.any_moves:
        return talks
    lines = case.red_lines.lines
    top = np.array([len(line.ladder) - 1 for line in lines], dtype=np.int64)
    bottom = np.array([0 if line.harder is None else -1 for line in lines], dtype=np.int64)
    owner, levers = np.array([line.party for line in lines]), pressed(case, talks)
    force = pressure(case, talks, levers)[:, owner]
    uniform = draws.uniforms(Purpose.SOFTENING, talks.round, len(lines))
    chance = (1.0 - case.resolve.hardness) * (1.0 - np.exp(-force))
    softer: BoolArray = talks.open[:, None] & (talks.rung < top) & (uniform < chance)
    harder = np.zeros_like(softer)
    if case.resolve.hardening.any() and case.resolve.public.any():
        uniform = draws.uniforms(Purpose.HARDENING, talks.round, len(lines))
        stung = (levers[:, owner] > 0) * case.resolve.hardening[:, owner] * case.resolve.public[:, None]
        harder = talks.open[:, None] & ~softer & (talks.rung > bottom) & (uniform < stung)
    if not (softer.any() or harder.any()):
        return talks
    rung = talks.rung + softer - harder
    softened = _by_party(softer, owner, len(case.parties))
    under = _by_party(softer & (levers[:, owner] > 0), owner, len(case.parties))
    tally = with_fields(talks.tally, softened=talks.tally.softened + softened, pressed=talks.tally.pressed + under)
    bluff = np.where(softer, 1.0, talks.heard.bluff)  # whoever gives a line up has shown that it was not meant
    return with_fields(
        talks, rung=rung, binding=binding(case, rung), tally=tally, heard=with_fields(talks.heard, bluff=bluff)
    )


def _by_party(moves: BoolArray, owner: IntArray, parties: int) -> IntArray:
    """How many lines moved ``(R, P)``, from moves ``(R, L)``."""
    return np.stack([moves[:, owner == party].sum(axis=1) for party in range(parties)], axis=1)


def binding(case: Case, rung: IntArray) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    """The bits ``(R, P)`` of the forms in which each party's lines stand, from their rungs ``(R, L)``."""
    found = np.zeros((len(rung), len(case.parties)), dtype=np.uint64)
    for n, (box, line) in enumerate(zip(case.red_lines.box_of("declared"), case.red_lines.lines, strict=True)):
        place = int(box) + np.where(rung[:, n] < 0, len(line.ladder), rung[:, n])
        found[:, line.party] |= np.left_shift(np.uint64(1), place.astype(np.uint64))
    return found
