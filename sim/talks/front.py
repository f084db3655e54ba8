"""The war while the parties talk: what happens in a round, where the front moves, what everybody learns from it.

The mediator's levers are here too: pulled against whoever keeps saying no, let go of at the first yes. It knows no
offers; what a lever does to the front is the war's own business, and what it does to red lines is `softening`'s.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.stakes.case import Case
from sim.stakes.outlook import look_ahead
from sim.stakes.prospects import terrain
from sim.stakes.run_axis import with_fields
from sim.stakes.seats import Event
from sim.stakes.space import BoolArray, FloatArray
from sim.stakes.stages import Stage
from sim.stakes.war import War
from sim.talks.how_talks_end import Ending
from sim.talks.state import Front, Talks


def open_front(case: Case, runs: int) -> Front | None:
    """The front before the first round; None where there is no war."""
    war = case.war
    if war is None:
        return None
    parties = len(case.parties)
    index = np.broadcast_to(war.lever_index, (runs, len(war.lever_base)))
    return Front(
        share=np.broadcast_to(war.share, (runs,)),
        moved=np.zeros(runs),
        drift=np.broadcast_to(war.drift, (runs, parties)),
        observed=np.zeros(runs, dtype=np.int64),
        index=index,
        set_to=index,
        terrain=terrain(war, case.preferences, case.space.standing()),
    )


def fighting(talks: Talks) -> BoolArray:
    """In which runs ``(R,)`` the fighting goes on: no ceasefire is in force."""
    return talks.in_force < Stage.INTERIM


def breakdown(events: Iterable[Event]) -> float:
    """The chance that the talks break down over the events of one round: over any of them, one apart from another."""
    return 1.0 - float(np.prod([1.0 - event.breakdown for event in events]))


def what_happens(case: Case, talks: Talks, draws: FloatArray) -> Talks:
    """Events of the round, then the month's war; ``draws`` ``(R, 4)``: the front, the war's end, an incident, a truce.

    Events set levers, shift the front, and may break the talks down. While the fighting goes on the share moves by
    the real drift, the levers' push and noise; with the hazard the war ends by itself, and the talks with it.
    """
    events = [event for event in case.protocol.events if event.round == talks.round]
    ending = np.where(talks.open & (draws[:, 2] < breakdown(events)), Ending.BREAKDOWN, talks.ending)
    front = talks.front
    if front is None or case.war is None:
        return _over(talks, ending)
    set_to: FloatArray = front.set_to
    jump = float(sum(event.share for event in events))
    for event in events:
        for lever, to in event.levers:
            set_to = np.where(np.arange(set_to.shape[1]) == lever, to, set_to)
    if events:
        index = np.where(front.index == front.set_to, set_to, front.index)
        share = np.clip(front.share + jump, 0.0, 1.0)
        front = with_fields(front, set_to=set_to, index=index, share=share)
    if case.war.frozen:
        return _over(with_fields(talks, front=front), ending)
    on = fighting(talks)
    front = _month(case.war, front, on, draws[:, 0])
    ends = talks.open & (ending == Ending.OPEN) & on & (draws[:, 1] < case.war.hazard)
    return _over(with_fields(talks, front=front), np.where(ends, Ending.MILITARY_END, ending))


def _month(war: War, front: Front, on: BoolArray, draw: FloatArray) -> Front:
    """A month of war where the fighting is on ``(R,)``, and what is learned from it.

    Normal-Normal updating: after n months seen, the n+1st moves each belief by 1 / (n + 1 + (sigma / prior)^2) of the
    surprise; a party that is sure of its belief (prior 0) keeps it.
    """
    from scipy.special import ndtri  # here, for the toys need no scipy

    pushed = with_fields(war, lever_index=front.index).pushed()
    change = war.real_drift + pushed + war.sigma * ndtri(draw)
    share = np.clip(front.share + change, 0.0, 1.0)
    sure = np.broadcast_to(war.prior <= 0, front.share.shape)
    doubt = np.divide(war.sigma, war.prior, out=np.zeros(np.broadcast(war.sigma, war.prior).shape), where=war.prior > 0)
    gain = np.where(sure, 0.0, 1.0 / (front.observed + 1.0 + doubt * doubt))
    drift = front.drift + gain[:, None] * ((change - pushed)[:, None] - front.drift)
    return with_fields(
        front,
        share=np.where(on, share, front.share),
        moved=np.where(on, share - front.share, 0.0),
        drift=np.where(on[:, None], drift, front.drift),
        observed=front.observed + on,
    )


def looking_ahead(case: Case, talks: Talks) -> Talks:
    """The outlook and reservation values of the round, from where the war stands and what is believed of it.

    What was given up under pressure makes agreements break sooner, in any war.
    """
    front, outlook = talks.front, talks.outlook
    if front is None or case.war is None or case.endings is None or outlook is None:
        return talks
    given = talks.tally.softened
    imposed = np.divide(talks.tally.pressed, given, out=np.zeros(given.shape), where=given > 0)
    if case.war.frozen:
        return with_fields(talks, outlook=with_fields(outlook, imposed=imposed))
    now = with_fields(case.war, share=front.share, drift=front.drift, lever_index=front.index)
    outlook = look_ahead(
        now,
        case.preferences,
        case.space.standing(),
        case.endings.limited_cost,
        month=talks.round,
        imposed=imposed,
        ground=front.terrain,
    )
    return with_fields(talks, outlook=outlook, reservation=np.broadcast_to(outlook.war, talks.reservation.shape))


def _over(talks: Talks, ending: np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> Talks:
    """Runs that the war or an incident ended."""
    over = talks.open & (ending != Ending.OPEN)
    return with_fields(talks, ending=ending.astype(np.int8), ended=np.where(over, talks.round, talks.ended))


def pull_levers(case: Case, talks: Talks) -> Talks:
    """The talks with every lever where the mediator holds it this round.

    A lever held over a party stands at its pull while that party has refused for as many rounds in a row as the pull
    waits; otherwise where events put it. Of two pulls on one lever the later in the file counts.
    """
    front = talks.front
    if front is None or not case.protocol.pulls:
        return talks
    index = front.set_to
    for pull in case.protocol.pulls:
        pulled = talks.heard.refusals[:, pull.against] >= pull.after
        mine = np.arange(index.shape[1]) == pull.lever
        index = np.where(pulled[:, None] & mine, pull.to, index)
    spent = np.zeros(talks.runs)
    for lever in range(index.shape[1]):
        spent = spent + np.abs(index[:, lever] - front.set_to[:, lever])
    leverage = talks.tally.leverage + np.where(talks.open, spent, 0.0)
    return with_fields(talks, front=with_fields(front, index=index), tally=with_fields(talks.tally, leverage=leverage))
