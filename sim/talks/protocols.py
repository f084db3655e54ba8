"""How offers go round in each protocol: who speaks, what is put to whom, and what everybody hears.

Who may propose and who is asked is said in the case (`scenario.who_talks`). Whether something is signed, and when a
run is over, is `round_end`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sim.stakes.case import Case
from sim.stakes.run_axis import with_fields
from sim.stakes.seats import Learns
from sim.stakes.space import BoolArray, FloatArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.acceptance import agreeable, judge
from sim.talks.delegation import Delegation
from sim.talks.discounting import discounts, kept
from sim.talks.draws import Draws, Purpose
from sim.talks.mediation import leanings, objections, redraft
from sim.talks.offers.across import across
from sim.talks.opponent_model import bluffs, noted
from sim.talks.round_end import signatures
from sim.talks.state import Exchange, Shelf, Talks, put_column


def alternating(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """Every proposer makes an offer in turn, until one is signed; everybody who is asked answers each.

    Where a ceasefire can be short of a settlement, the two are talked about in alternate rounds, each from the last
    offers of its kind: offers that ask for a treaty alone would never find a truce. In bilateral talks only the
    proposers are asked.
    """
    talks = _taken_off_the_shelf(case, talks)
    ties = draws.uniforms(Purpose.OFFER_TIE, talks.round, len(case.parties))
    for turn in case.protocol.proposers:
        going = talks.open & ~talks.signed
        talks, spoke, package = _speaks(case, delegations, talks, turn, ties[:, turn], going)
        talks, exchange = _put(case, delegations, talks, turn, package, spoke, going, case.protocol.asked)
        refused = np.where(spoke[:, None], ~exchange.accepts, talks.refused[:, turn])
        talks = with_fields(talks, refused=put_column(talks.refused, turn, refused))
        talks = signatures(case, talks, exchange, exchange.accepts)
    return _put_on_the_shelf(talks)


def topics(case: Case) -> tuple[Stage, ...]:
    """The stages that are talked about in turn."""
    ceasefire, settlement = case.zones["ceasefire"], case.zones["settlement"]
    return (Stage.SETTLEMENT,) if (ceasefire == settlement).all() else (Stage.INTERIM, Stage.SETTLEMENT)


def _taken_off_the_shelf(case: Case, talks: Talks) -> Talks:
    """The talks about this round's topic, with the last offers of its kind."""
    turns = topics(case)
    topic = turns[(talks.round - 1) % len(turns)]
    shelf, place = talks.shelf, topic - Stage.INTERIM
    return with_fields(
        talks, topic=topic, offers=shelf.offers[:, place], made=shelf.made[:, place], refused=shelf.refused[:, place]
    )


def _put_on_the_shelf(talks: Talks) -> Talks:
    """The talks with this round's offers kept for the next round about the same topic."""
    assert talks.topic is not None
    place = talks.topic - Stage.INTERIM
    shelf = Shelf(
        offers=put_column(talks.shelf.offers, place, talks.offers),
        made=put_column(talks.shelf.made, place, talks.made),
        refused=put_column(talks.shelf.refused, place, talks.refused),
    )
    return with_fields(talks, shelf=shelf)


def single_text(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """The text is put to everybody asked; each answers and says what it wishes; the mediator redrafts.

    In the first round the start text is put as it is.
    """
    movable = np.ones(len(case.space.issues), dtype=bool)
    talks = _drafted(case, talks, leanings(case), movable, draws)
    return _text_round(case, delegations, talks, case.protocol.asked, draws)


def two_track(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """Two tables or more in turn over one text: each asks its own parties, follows their wishes, moves its issues."""
    track = case.protocol.tracks[(talks.round - 1) % len(case.protocol.tracks)]
    weights = leanings(case) * case.among(track.parties)
    talks = _drafted(case, talks, weights, track.issues, draws)
    return _text_round(case, delegations, talks, track.parties, draws)


def shuttle(case: Case, delegations: Sequence[Delegation], talks: Talks, draws: Draws) -> Talks:
    """The mediator carries the text from one party to the next, and redrafts it after a no.

    It is signed once everybody has said yes to the same text and still could sign it.
    """
    host = case.protocol.asked[(talks.round - 1) % len(case.protocol.asked)]
    before = talks.text
    if talks.round > 1:
        last = case.protocol.asked[(talks.round - 2) % len(case.protocol.asked)]
        movable = np.ones(len(case.space.issues), dtype=bool)
        drafted = _drafted(case, talks, leanings(case), movable, draws).text
        text = np.where(talks.refused[:, 0, last, None], drafted, before)
        talks = with_fields(talks, text=text, before=before)
    same = (talks.text == before).all(axis=1)
    talks = with_fields(talks, agreeing=talks.agreeing & same[:, None])
    return _text_round(case, delegations, talks, (host,), draws)


Play = Callable[[Case, Sequence[Delegation], Talks, Draws], Talks]

PLAY: dict[str, Play] = {
    "alternating": alternating,
    "bilateral_excluding": alternating,
    "single_text": single_text,
    "shuttle": shuttle,
    "two_track": two_track,
}
"""The round of each protocol."""


def _drafted(case: Case, talks: Talks, weights: FloatArray, movable: BoolArray, draws: Draws) -> Talks:
    """The talks with the mediator's next draft on the table; it follows those who object, and all once a deal holds."""
    if talks.round == 1:
        return talks
    tie = draws.uniforms(Purpose.DRAFT_TIE, talks.round, 1)[:, 0]
    counts = talks.made & (talks.refused[:, 0] | (talks.in_force > Stage.SHORT)[:, None])
    drafted = redraft(case, talks, weights, counts, movable, tie)
    return with_fields(talks, text=np.where(talks.open[:, None], drafted, talks.text), before=talks.text)


def _text_round(
    case: Case, delegations: Sequence[Delegation], talks: Talks, asked: tuple[int, ...], draws: Draws
) -> Talks:
    """The text put to some parties, their answers, and then their wishes."""
    author = -1 if case.protocol.mediator is None else case.protocol.mediator
    talks, exchange = _put(case, delegations, talks, author, talks.text, talks.open, talks.open, asked)
    answered = case.among(asked) & talks.open[:, None]
    said_no = np.where(answered, ~exchange.accepts, talks.refused[:, 0])
    talks = with_fields(talks, refused=np.broadcast_to(said_no[:, None, :], talks.refused.shape))
    talks = with_fields(talks, agreeing=np.where(answered, exchange.accepts, talks.agreeing))
    yes = exchange.accepts
    if case.protocol.name == "shuttle":
        yes = talks.agreeing & agreeable(case, talks, judge(case, talks, talks.text))
    talks = signatures(case, talks, exchange, yes)
    ties = draws.uniforms(Purpose.OFFER_TIE, talks.round, len(case.parties))
    wishes, talks = talks, with_fields(talks, far=across(case, talks.text, talks.open))
    for party in asked:
        if party == case.protocol.mediator:
            continue  # it drafts, and asks for nothing
        wishes, _, _ = _speaks(case, delegations, talks, party, ties[:, party], talks.open, onto=wishes)
    return _patience(case, wishes)


def _patience(case: Case, talks: Talks) -> Talks:
    """Count the rounds in which the text came no closer to the lines that it crosses, while nothing is in force."""
    away = objections(case, talks, talks.text)
    closer = (away < talks.distance) | (away == 0) | (talks.in_force > Stage.SHORT)
    idle = np.where(closer, 0, talks.idle + 1)
    return with_fields(
        talks,
        distance=np.where(talks.open, np.minimum(away, talks.distance), talks.distance),
        idle=np.where(talks.open, idle, talks.idle),
    )


def _speaks(
    case: Case,
    delegations: Sequence[Delegation],
    talks: Talks,
    party: int,
    draw: FloatArray,
    going: BoolArray,
    onto: Talks | None = None,
) -> tuple[Talks, BoolArray, OptionArray]:
    """What a party asks for, seeing ``talks``, entered in the record ``onto`` (the same by default); where it speaks,
    and the package that it tables.
    """
    onto = talks if onto is None else onto
    offer = delegations[party].propose(talks, draw)
    spoke = going & offer.made
    if not spoke.any():
        return onto, spoke, offer.packages
    asks = offer.packages if offer.positions is None else offer.positions
    packages = np.where(spoke[:, None], asks, onto.offers[:, party])
    heard = noted(case, onto, party, packages, spoke)
    return (
        with_fields(
            onto,
            heard=heard,
            offers=put_column(onto.offers, party, packages),
            made=put_column(onto.made, party, onto.made[:, party] | spoke),
        ),
        spoke,
        offer.packages,
    )


def _put(
    case: Case,
    delegations: Sequence[Delegation],
    talks: Talks,
    author: int,
    package: OptionArray,
    tabled: BoolArray,
    due: BoolArray,
    asked: tuple[int, ...],
) -> tuple[Talks, Exchange]:
    """A package put to some parties: every answer, and what it tells the others."""
    if not tabled.any():
        exchange = _nothing_tabled(author, asked, package, tabled, due, len(case.parties))
        return with_fields(talks, exchanges=(*talks.exchanges, exchange)), exchange
    judged = judge(case, talks, package)
    accepts, crossed, shortfall = judged.accepts, judged.crossed, judged.shortfall
    walks = np.zeros(accepts.shape, dtype=bool)
    for party, delegation in enumerate(delegations):
        if party in asked and not delegation.by_the_model:
            reply = delegation.respond(talks, package)
            accepts = put_column(accepts, party, reply.accepts)
            crossed = put_column(crossed, party, reply.crossed)
            shortfall = put_column(shortfall, party, reply.shortfall)
            if reply.walks is not None:
                walks = put_column(walks, party, reply.walks)
    answering = case.among(asked) & tabled[:, None]
    stage = np.where(case.valid(package), judged.stage, np.int8(Stage.SHORT))
    exchange = Exchange(
        author, asked, package, tabled, accepts & answering, crossed, shortfall, walks & answering,
        judged.utility, judged.value, due, stage, judged.lines,
    )  # fmt: skip
    could = agreeable(case, talks, judged) & (tabled & (stage > Stage.SHORT))[:, None]
    talks = with_fields(talks, exchanges=(*talks.exchanges, exchange), leaves=talks.leaves | exchange.walks)
    return _taken_in(case, talks, exchange, could), exchange


def _nothing_tabled(
    author: int, asked: tuple[int, ...], package: OptionArray, tabled: BoolArray, due: BoolArray, parties: int
) -> Exchange:
    """The exchange in which nothing was tabled in any run, and nobody answered."""
    nobody, nothing = np.zeros((len(due), parties), dtype=bool), np.zeros((len(due), parties))
    return Exchange(
        author, asked, package, tabled, nobody, nobody * np.uint64(0), nothing, nobody, nothing, nothing, due,
        np.zeros(len(due), dtype=np.int8), np.zeros(len(due), dtype=np.uint64),
    )  # fmt: skip


def _taken_in(case: Case, talks: Talks, exchange: Exchange, could: BoolArray) -> Talks:
    """What an exchange leaves behind: refusals in a row, temptations, silences, whether a zone was on the table.

    ``could`` ``(R, P)`` tells who could have signed. What a party tables itself tells it nothing; a mediator's text is
    nobody's own.
    """
    heard = talks.heard
    own = -1 if case.protocol.drafted else exchange.author
    theirs = np.arange(len(case.parties)) != own
    answering = case.among(exchange.asked) & exchange.tabled[:, None]
    refusing = answering & ~exchange.accepts
    refusals, offered = heard.refusals, heard.offered
    if case.protocol.pulls:
        refusals = np.where(answering & theirs, np.where(refusing, refusals + 1, 0), refusals)
    if case.red_lines.any_moves:
        above = exchange.value - talks.reservation
        above = np.maximum(offered, above * kept(case, talks.round) if discounts(case) else above)
        offered = np.where(theirs & exchange.tabled[:, None], above, offered)
    bluff = heard.bluff
    if (case.tactics.learns == Learns.BAYES).any():
        bluff = bluffs(case, heard, exchange)
    tally, suits = talks.tally, case.protocol.carries(could) & talks.open
    if suits.any():
        suits &= exchange.stage >= Stage.INTERIM
        tally = with_fields(
            tally,
            seen=np.where(suits & (tally.seen == 0), talks.round, tally.seen),
            held_out=tally.held_out | (refusing & suits[:, None]),
        )
    silence = np.where(could & theirs, -1, heard.silence)  # the round's end adds one
    heard = with_fields(heard, refusals=refusals, offered=offered, silence=silence, bluff=bluff)
    return with_fields(talks, heard=heard, tally=tally)
