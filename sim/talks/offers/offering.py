"""What a party puts on the table: its opening, and then small moves towards what the others last asked.

A party reads its own utility and the others' offers, never the others' utilities. What is near is `moves`'
business, what the others want `opponent_model`'s; here is what a party may and would ask for.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.run_axis import take_rows
from sim.stakes.seats import Learns
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks.acceptance import worth_signing
from sim.talks.concession import floors, horizons
from sim.talks.offers.around import Around, BitParts, Bits, around
from sim.talks.offers.moves import Numbers, with_none
from sim.talks.offers.ranking import Ranking, Shortlist
from sim.talks.offers.reach import allowed, reach, single_moves
from sim.talks.offers.value_of_moves import least_utilities, most_utility, utility_parts
from sim.talks.offers.variants import strike
from sim.talks.offers.wish_across import wish_across
from sim.talks.opponent_model import EVEN, pull, trespass
from sim.talks.state import Offers, Talks

ONE_BY_ONE = 16
"""How many a party that would look at all of them is shown one by one, before the rest are worked out together."""
MOSTLY = 0.8
"""Share of the runs above which it is less work to look at all of them than to pick those that matter."""
MANY = 256
"""Runs at once from which it pays to leave out moves that none of them can make, and runs that have nothing to ask."""
SLACK = 1e-6
"""Points that a bound may be off by rounding: more than `TOLERANCE` and less than matters."""


def choose_offer(case: Case, party: int, talks: Talks, start: OptionArray, draw: FloatArray) -> Offers:
    """The neighbour of ``start`` ``(R, I)`` that comes nearest to what the others last asked.

    Among packages within two issues and one step each, coherent, across no own line, of a utility of at least the
    target and worth signing given that they must last, it is the one that the others' `pull` favours most; ties by the
    draw ``(R,)``. Where there is a text, what lies `across` endings from it counts as well. Where none fits, or nobody
    else has made an offer yet, its position stays; in talks of offers in turn it then tables a variant of it.
    """
    last, spoke = talks.offers[:, party], talks.made[:, party]
    near, runs = _in_reach(case, party, talks, start)
    some = slice(None) if len(runs) == talks.runs else runs
    ranking = None if near is None else ranked(case, party, talks, near, draw[some], some)
    over = np.broadcast_to(talks.round >= horizons(case)[:, party], (talks.runs,))
    chosen, found = last.copy(), np.zeros(talks.runs, dtype=bool)
    if near is not None and ranking is not None:
        chosen[runs], found[runs] = signable(case, party, talks, near, ranking, over[some], runs)
    elif not case.protocol.drafted:
        return Offers(last, spoke)
    if case.protocol.drafted:
        chosen, found = wish_across(case, party, talks, draw, over, chosen, found)
    heard = talks.made[:, [other for other in case.protocol.asked if other != party]].any(axis=1)
    moving = found & (heard | ~spoke)
    positions, made = np.where(moving[:, None], chosen, last), moving | spoke
    stays = spoke & talks.open & ~talks.signed & (positions == last).all(axis=1)
    repeats = np.flatnonzero(stays[some])
    if case.protocol.drafted or not len(repeats) or near is None or ranking is None:
        return Offers(positions, made)
    packages, again = positions.copy(), runs[repeats]
    packages[again] = _variants(case, party, talks, near.of(repeats), ranking.of(repeats), again)
    return Offers(packages, made, positions)


def _variants(case: Case, party: int, talks: Talks, near: Around, ranking: Shortlist, runs: Numbers) -> OptionArray:
    """In some runs the best neighbour ``(N, I)`` of a party's position that nobody has tabled and it could sign; the
    position itself where there is none.
    """
    strike(case, ranking, near, talks.memory, runs)
    every = np.ones(len(runs), dtype=bool)
    found, there = signable(case, party, talks, near, ranking, every, runs)
    return np.where(there[:, None], found, near.here.T)


def _in_reach(case: Case, party: int, talks: Talks, start: OptionArray) -> tuple[Around | None, Numbers]:
    """The neighbourhood less what no run could ask for whatever it is worth, and less, where runs are many, those that
    are over or in which no move can be worth what is asked; and the runs that are left. None where nothing is left for
    certain.
    """
    if talks.runs < MANY:
        return _unless_hopeless(case, party, talks, around(case, start, talks.topic), np.arange(talks.runs))
    runs = np.flatnonzero(talks.open if case.protocol.drafted else talks.open & ~talks.signed)
    near, runs = _unless_hopeless(case, party, talks, around(case, start[runs], talks.topic), runs)
    if near is None:
        return near, runs
    may = single_moves(reach(case, party), near, talks.binding[runs, party], talks.topic)
    nobody = np.logical_not(may.any(axis=1))
    near, may, asked = near.without(nobody), may[~nobody], talks.asked[runs, party]
    least = asked[:, Stage.PARTIAL :].min(axis=1) if talks.topic is None else asked[:, talks.topic]
    left = np.flatnonzero(most_utility(take_rows(case, runs), party, near, may) >= least - SLACK)
    if len(left) > MOSTLY * len(runs):
        return near, runs
    return near.of(left) if len(left) else None, runs[left]


def _unless_hopeless(
    case: Case, party: int, talks: Talks, near: Around, runs: Numbers
) -> tuple[Around | None, Numbers]:
    """The same, or None where all runs are alike and one shows that there is nothing to ask for."""
    view, binding, eased = reach(case, party), talks.binding[runs, party], talks.in_force[runs] == Stage.PARTIAL
    if near.runs > 1 and all((row == row[..., :1]).all() for row in (near.now, binding, eased)):
        one = near.of(np.arange(1))
        if not allowed(view, one, one.bits(view.tables), binding[:1], talks.topic, eased[:1]).any():
            return None, runs
    return near if near.runs else None, runs


def ranked(
    case: Case, party: int, talks: Talks, near: Around, draw: FloatArray, runs: Numbers | slice = slice(None)
) -> Ranking | None:
    """The candidates that a party may and would ask for, by how much the others pull towards them.

    It may ask for what is coherent, can be signed, is of the stage talked about and crosses none of its own lines; it
    would where its utility meets the target of the stage. None where there is nothing in any run. ``runs`` are those
    of the candidates and of the draw, all by default.
    """
    case, moves, view = case if isinstance(runs, slice) else take_rows(case, runs), near.near, reach(case, party)
    bits = near.bits(view.tables)
    ok = allowed(view, near, bits, talks.binding[runs, party], talks.topic, talks.in_force[runs] == Stage.PARTIAL)
    if not ok.any():
        return None
    _keep_what_it_asks_for(case, party, near, bits, talks.asked[runs, party], talks.topic, ok)
    pulls = pull(case, talks, party, near, runs)
    largest = 2 * int(np.abs(pulls).max(initial=0))
    if (case.tactics.learns[:, party] == Learns.BAYES).any():
        minded = _minded(case, party, talks, near, runs)
        scores = np.empty(ok.shape, dtype=np.int64)
        scores[moves.row] = moves.paired(pulls) - minded
        return Ranking(moves, ok, draw, largest + int(minded.max())).by_scores(scores)
    return Ranking(moves, ok, draw, largest).by_sums(with_none(pulls))


def _keep_what_it_asks_for(
    case: Case, party: int, near: Around, bits: BitParts, asked: FloatArray, topic: int | None, ok: BoolArray
) -> None:
    """Strike the candidates ``ok`` ``(C, R)``, by block, whose utility misses the target of their stage ``(R, 4)``."""
    view, moves = reach(case, party), near.near
    asked, run, kind = asked - TOLERANCE, np.arange(near.runs), view.tables.dtype.type

    def less_the_target(held: Bits) -> FloatArray:
        short = np.where((held & kind(view.ceasefire)) != 0, Stage.INTERIM, Stage.PARTIAL)
        return -asked[run, np.where((held & kind(view.settlement)) != 0, Stage.SETTLEMENT, short)]

    if topic is None:
        spare, least = utility_parts(case, party, near, bits, less_the_target), np.zeros(near.runs)
    else:
        spare, least = utility_parts(case, party, near, bits), asked[:, topic]
    rows = moves.row[spare.both]
    of_both = ok[rows] & (moves.pairs(spare.singles, spare.both) + spare.missing >= least)
    for block in moves.blocks:
        of_block = ok[block.rows].reshape(*block.shape, -1)
        of_block &= spare.singles[block.second] >= (least - spare.singles[block.first])[:, None]
    ok[rows] = of_both


def _minded(case: Case, party: int, talks: Talks, near: Around, runs: Numbers | slice) -> IntArray:
    """What a party that minds others' lines takes off each candidate ``(C, R)``."""
    minds = case.tactics.learns[:, party] == Learns.BAYES
    hearing = case.protocol.hearing
    step = hearing.lines * hearing.refused * EVEN * near.near.unit
    crossed = trespass(case, talks, party, near.all_packages(), runs)
    return np.rint(crossed.T * step * minds).astype(np.int64)


def signable(
    case: Case,
    party: int,
    talks: Talks,
    near: Around,
    ranking: Ranking | Shortlist,
    thorough: BoolArray,
    runs: Numbers | None = None,
) -> tuple[OptionArray, BoolArray]:
    """The best candidates ``(R, I)`` that a party could also sign, and where there is one.

    It looks at its best few, or at all where it is ``thorough`` ``(R,)``; ``runs`` are the runs, all by default.
    """
    runs = np.arange(talks.runs) if runs is None else runs
    best, found = ranking.best()
    packages = near.packages(best)
    some = np.flatnonzero(found)
    if len(some) > MOSTLY * len(found):
        doubtful = np.flatnonzero(found & ~worth_signing(case, party, talks, packages, runs))
    else:
        doubtful = some[~worth_signing(case, party, talks, packages[some], runs[some])]
    others, place, given_up = ranking.of(doubtful), np.arange(len(doubtful)), [doubtful[:0]]
    for tried in range(1, ONE_BY_ONE):
        if tried == case.protocol.tries:
            given_up.append(doubtful[~thorough[doubtful]])
            place, doubtful = place[thorough[doubtful]], doubtful[thorough[doubtful]]
            others, place = others.of(place), np.arange(len(place))
        if not len(doubtful):
            break
        others.drop(best[doubtful], place)
        next_best, there = others.best()
        best[doubtful], found[doubtful] = next_best[place], there[place]
        packages[doubtful] = near.packages(best[doubtful], doubtful)
        still = found[doubtful] & ~worth_signing(case, party, talks, packages[doubtful], runs[doubtful])
        doubtful, place = doubtful[still], place[still]
    found[np.concatenate([*given_up, doubtful])] = False
    if len(doubtful):
        rest = near.of(doubtful), ranking.of(doubtful), runs[doubtful]
        packages[doubtful], found[doubtful] = _best_of_all(case, party, talks, *rest)
    return packages, found


def _best_of_all(
    case: Case, party: int, talks: Talks, near: Around, ranking: Shortlist, runs: Numbers
) -> tuple[OptionArray, BoolArray]:
    """The best of all candidates ``(N, I)`` that a party could also sign, in some runs, and where there is one."""
    ranking.keep(_all_worth_signing(case, party, talks, near, ranking.ok[near.near.row], runs))
    best, found = ranking.best()
    return near.packages(best), found


def _all_worth_signing(case: Case, party: int, talks: Talks, near: Around, ok: BoolArray, runs: Numbers) -> BoolArray:
    """Which of the candidates ``ok`` ``(C, N)`` are worth a party's floor given that they must last, in some runs.

    Most fall short even if nobody were ever to attack; only the others are worth working out.
    """
    floor, some = floors(case, talks, party)[runs], take_rows(case, runs)
    outlook = None if talks.outlook is None else take_rows(talks.outlook, runs)
    utility = utility_parts(some, party, near, near.bits(reach(case, party).tables)).all(near.near)
    chosen, where = np.nonzero(ok & (utility >= least_utilities(some, party, near, floor, outlook) - TOLERANCE))
    found, packages = np.zeros_like(ok), near.packages(chosen, where)
    found[chosen, where] = worth_signing(case, party, talks, packages, runs[where])
    return found
