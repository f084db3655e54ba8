"""What a party puts on the table: its opening, and then small moves towards what the others last asked.

A party reads its own utility and the others' offers, never the others' utilities. What is near is `neighbours`'
business, what the others want `listening`'s; here is what a party may and would ask for.
"""

from __future__ import annotations

import numpy as np

from sim.stakes.case import TOLERANCE, Case, Stage
from sim.stakes.rows import take_rows
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.table import Learns
from sim.talks.concession import floors
from sim.talks.landscape import utility_parts
from sim.talks.listening import EVEN, UNCONVINCED, loudest, pull, trespass
from sim.talks.neighbours import Around, Bits, Numbers, Ranking, around, with_none
from sim.talks.reach import allowed, reach
from sim.talks.state import Offers, Talks

TRIES = 4
"""How many of its best candidates a party looks at for one that it could sign."""
LINE_STEPS = 2
"""How many whole moves towards everybody a line that is surely meant is worth, to a party that minds others' lines."""


def choose_offer(case: Case, party: int, talks: Talks, start: OptionArray, draw: FloatArray) -> Offers:
    """The neighbour of ``start`` ``(R, I)`` that comes nearest to what the others last asked.

    Among packages within two issues and one step each, coherent, across no own line, of a utility of at least the
    target and worth signing given that they must last, it is the one that the others' `pull` favours most; ties by the
    draw ``(R,)``. Where none fits, or nobody else has made an offer yet, the party repeats its last offer.
    """
    near = around(case, start, talks.topic)
    chosen, found = _signable(case, party, talks, near, ranked(case, party, talks, near, draw))
    last, spoke = talks.offers[:, party], talks.made[:, party]
    heard = talks.made[:, [other for other in case.protocol.asked if other != party]].any(axis=1)
    moving = found & (heard | ~spoke)
    return Offers(np.where(moving[:, None], chosen, last), moving | spoke)


def ranked(case: Case, party: int, talks: Talks, near: Around, draw: FloatArray) -> Ranking | None:
    """The candidates that a party may and would ask for, by how much the others pull towards them.

    It may ask for what is coherent, can be signed, is of the stage talked about and crosses none of its own lines; it
    would where its utility meets the target of the stage. None where there is nothing in any run.
    """
    moves, view = near.near, reach(case, party)
    bits, kind = near.bits(view.tables), view.tables.dtype.type
    ok = allowed(view, near, bits, talks.binding[:, party], talks.topic, talks.in_force == Stage.PARTIAL)
    if not ok.any():
        return None
    asked, run = talks.asked[:, party] - TOLERANCE, np.arange(near.runs)

    def less_the_target(held: Bits) -> FloatArray:
        short = np.where((held & kind(view.ceasefire)) != 0, Stage.INTERIM, Stage.PARTIAL)
        return -asked[run, np.where((held & kind(view.settlement)) != 0, Stage.SETTLEMENT, short)]

    spare = utility_parts(case, party, near, bits, less_the_target)
    of_both = ok[spare.both] & (moves.pairs(spare.singles, spare.both) + spare.missing >= 0.0)
    for portion in moves.portions(near.runs):
        ok[portion] &= moves.pairs(spare.singles, portion) >= 0.0
    ok[spare.both] = of_both
    pulls, largest = pull(case, talks, party, near), loudest(case, moves)
    if (case.tactics.learns[:, party] == Learns.BAYES).any():
        minded = _minded(case, party, talks, near)
        ranking = Ranking(moves, draw, largest + int(minded.max()))
        ranking.enter_all(moves.paired(pulls) - minded, ok)
        return ranking
    ranking = Ranking(moves, draw, largest)
    parts = ranking.parts(with_none(pulls))
    for portion in moves.portions(near.runs):
        ranking.enter(portion, parts, ok[portion])
    return ranking


def _minded(case: Case, party: int, talks: Talks, near: Around) -> IntArray:
    """What a party that minds others' lines takes off each candidate ``(C, R)``."""
    minds = case.tactics.learns[:, party] == Learns.BAYES
    step = LINE_STEPS * UNCONVINCED * EVEN * near.near.unit
    return np.rint(trespass(case, talks, party, near.all_packages()).T * step * minds).astype(np.int64)


def _signable(
    case: Case, party: int, talks: Talks, near: Around, ranking: Ranking | None
) -> tuple[OptionArray, BoolArray]:
    """The best candidates ``(R, I)`` that the party could also sign, and where one of its best few is such."""
    if ranking is None:
        return near.now.T.astype(np.int8), np.zeros(near.runs, dtype=bool)
    best, found = ranking.best()
    packages = near.packages(best)
    doubtful = np.flatnonzero(found & ~_worth_signing(case, party, talks, packages))
    for _ in range(TRIES - 1):
        if not len(doubtful):
            break
        ranking.drop(best[doubtful], doubtful)
        best[doubtful], found[doubtful] = ranking.best(doubtful)
        packages[doubtful] = near.of(doubtful).packages(best[doubtful])
        still = found[doubtful] & ~_worth_signing(case, party, talks, packages[doubtful], doubtful)
        doubtful = doubtful[still]
    found[doubtful] = False
    return packages, found


def _worth_signing(
    case: Case, party: int, talks: Talks, packages: OptionArray, rows: Numbers | None = None
) -> BoolArray:
    """Whether packages ``(R, I)`` are worth a party's floor given that they must last, in all or some of the runs."""
    outlook, floor = talks.outlook, floors(case, talks)[:, party]
    if rows is not None:
        case, floor = take_rows(case, rows), floor[rows]
        outlook = None if outlook is None else take_rows(outlook, rows)
    worth: BoolArray = case.value(party, packages, outlook) >= floor - TOLERANCE
    return worth
