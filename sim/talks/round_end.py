"""What a round comes to: signatures, truces that are renewed or lapse, and the ways in which a run is over.

It counts what parties said and never decides for one, except to walk out when its patience is gone.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.endings import Kind
from sim.stakes.run_axis import with_fields
from sim.stakes.space import BoolArray, FloatArray, OptionArray
from sim.stakes.stages import Stage, StageArray
from sim.talks.acceptance import agreeable, carried, judge
from sim.talks.concession import floors
from sim.talks.discounting import discounts, kept
from sim.talks.how_talks_end import Ending
from sim.talks.state import Exchange, Talks, Tally

_AT_THE_END = np.array([Ending.STALEMATE, Ending.PARTIAL, Ending.CEASEFIRE_ONLY, Ending.SETTLEMENT], dtype=np.int8)
"""What a run comes to at the deadline, by the stage in force."""


def signatures(case: Case, talks: Talks, exchange: Exchange, accepting: BoolArray) -> Talks:
    """The talks after those who accept ``(R, P)`` have signed what was tabled, or found that it cannot be carried out.

    Nothing less than what is in force already is signed again.
    """
    going = talks.open & ~talks.signed & exchange.tabled
    signed = going & carried(case, accepting, exchange.package)
    return sign(case, talks, signed, exchange.package, exchange.value) if signed.any() else talks


def sign(case: Case, talks: Talks, signed: BoolArray, packages: OptionArray, values: FloatArray) -> Talks:
    """The talks after packages ``(R, I)``, worth ``values`` ``(R, P)``, were signed in some runs ``(R,)``."""
    runs, least = np.flatnonzero(signed), np.broadcast_to(floors(case, talks), values.shape)
    worth, floor = values.take(runs, axis=0), least.take(runs, axis=0)
    empty = np.zeros(talks.runs, dtype=bool)
    empty[runs] = ~case.consents(packages.take(runs, axis=0), talks.binding.take(runs, axis=0), worth, floor)
    signed = signed & (empty | (case.stage(packages) >= talks.in_force))
    return with_fields(
        talks,
        signed=talks.signed | signed,
        empty=talks.empty | empty,
        deal=np.where(signed[:, None], packages, talks.deal),
    )


def undone(case: Case, talks: Talks) -> tuple[int, ...]:
    """The parties that would not do what the text needs of them that the first run agreed on in vain."""
    if not talks.empty[0]:
        return ()
    could = agreeable(case, talks, judge(case, talks, talks.deal))[0]
    return tuple(p for p in range(len(could)) if not could[p] and case.needs(p, talks.deal)[0])


def ended(case: Case, talks: Talks, draw: FloatArray) -> Talks:
    """The talks after the round's endings; ``draw`` ``(R,)`` decides whether a standing armistice breaks down."""
    stage = np.where(talks.signed & ~talks.empty, case.stage(talks.deal), Stage.SHORT)
    anew = (talks.in_force == Stage.SHORT) | (talks.deal != talks.standing).any(axis=1)
    talks = _in_force(case, talks, stage, draw)
    talks = _silences(talks)
    leaver = _leaver(case, talks)
    nothing = talks.in_force == Stage.SHORT
    ending = np.full(talks.runs, Ending.OPEN, dtype=np.int8)
    if talks.round >= case.protocol.earliest:
        ending = np.where(talks.round >= talks.last, _AT_THE_END[talks.in_force], ending)
    for what, where in (  # what is further down counts more
        (Ending.MEDIATOR_EXIT, nothing & case.protocol.drafted & (talks.idle >= case.protocol.patience)),
        (Ending.WALK_OUT, nothing & (leaver >= 0)),
        (Ending.SETTLEMENT, stage == Stage.SETTLEMENT),
        (Ending.UNIMPLEMENTABLE_TEXT, talks.empty),
    ):
        ending[where] = what
    ending = np.where(talks.open, ending, talks.ending)
    over = talks.open & (ending != Ending.OPEN)
    held = np.where(nothing[:, None], talks.agreed, talks.standing)
    held = np.where((talks.empty | (stage == Stage.SETTLEMENT))[:, None], talks.deal, held)
    return with_fields(
        talks,
        ending=ending,
        ended=np.where(over, talks.round, talks.ended),
        agreed=np.where(over[:, None], held, talks.agreed),
        left=np.where(over & (ending == Ending.WALK_OUT), leaver, talks.left),
        tally=_first(case, talks, stage, anew),
    )


def _first(case: Case, talks: Talks, stage: StageArray, anew: BoolArray) -> Tally:
    """The tally with the round of the first ceasefire or settlement, and of what came into force, signed now of a
    stage ``(R,)``, and ``anew`` ``(R,)`` where it is not what was in force already.
    """
    tally, now = talks.tally, talks.open & (stage >= Stage.INTERIM) & (talks.tally.first == 0)
    if discounts(case):
        signed = talks.open & anew & ((stage == Stage.PARTIAL) | (stage == Stage.INTERIM))
        tally = with_fields(tally, since=np.where(signed, talks.round, tally.since))
    return with_fields(tally, first=np.where(now, talks.round, tally.first)) if now.any() else tally


def _silences(talks: Talks) -> Talks:
    """One more round without anything to sign, for those who heard nothing; while a deal holds nobody counts."""
    heard, holds = talks.heard, (talks.in_force > Stage.SHORT)[:, None]
    return with_fields(talks, heard=with_fields(heard, silence=np.where(holds, 0, heard.silence + 1)))


def _in_force(case: Case, talks: Talks, stage: StageArray, draw: FloatArray) -> Talks:
    """What is in force after the round: what was signed now, of a stage ``(R,)``, or an older deal that still holds.

    A truce or a limited one lapses unless everybody asked could still sign it; an armistice may break down.
    """
    signed = (stage == Stage.PARTIAL) | (stage == Stage.INTERIM)
    older = talks.open & (talks.in_force > Stage.SHORT) & ~signed
    holds = older
    if older.any() and case.endings is not None:
        judged = judge(case, talks, talks.standing)
        renewed = agreeable(case, talks, judged)[:, list(case.protocol.asked)].all(axis=1)
        lasting = case.endings.kind(talks.standing) >= Kind.ARMISTICE
        breaks = draw < case.breakdown(talks.standing, talks.outlook)
        holds = older & np.where(lasting, ~breaks, renewed)
    now = np.where(signed, stage, np.where(holds, talks.in_force, Stage.SHORT))
    return with_fields(
        talks,
        in_force=np.where(talks.open, now, talks.in_force).astype(np.int8),
        standing=np.where((talks.open & signed)[:, None], talks.deal, talks.standing),
    )


def _leaver(case: Case, talks: Talks) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """The first party ``(R,)`` that leaves the table, or -1.

    One leaves when nobody tabled what it could sign for as many rounds as its patience, and nothing across no
    declared line of those asked would give it more than ``stay`` points; or when its delegation says so.
    """
    hope = talks.hope * kept(case, talks.round) if discounts(case) else talks.hope
    hopeless = hope <= case.tactics.stay + TOLERANCE
    leaves = ((talks.heard.silence >= case.tactics.patience) & hopeless) | talks.leaves
    leaves &= case.among(case.protocol.asked)
    return np.where(leaves.any(axis=1), leaves.argmax(axis=1), -1)
