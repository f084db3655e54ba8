"""What a party puts on the table: its opening, and then small moves towards what the others last asked.

A party reads its own utility and the others' offers, never the others' utilities. What is near is `neighbours`'
business, what the others want `listening`'s; here is what a party may and would ask for.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sim.stakes.case import TOLERANCE, Case, Stage
from sim.stakes.clauses import bit_tables
from sim.stakes.rows import take_rows
from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.table import Learns
from sim.talks.concession import floors
from sim.talks.listening import EVEN, UNCONVINCED, loudest, pull, trespass
from sim.talks.neighbours import Around, BitParts, Bits, Numbers, Ranking, around, with_none
from sim.talks.state import Offers, Talks

TRIES = 4
"""How many of its best candidates a party looks at for one that it could sign."""
LINE_STEPS = 2
"""How many whole moves towards everybody a line that is surely meant is worth, to a party that minds others' lines."""


@dataclass(frozen=True, eq=False)
class Reach:
    """A party's view of the space as per-option bits ``(I, K)``, as narrow as they fit.

    Bits ``own`` belong to its red lines (their bits among all lines'), ``broken`` to the validity rules; ``effects``
    are its interactions with their points; ``ceasefire``, ``settlement`` and ``partial`` the boxes of stages. ``depends``
    are the sets of issues that the stages together and each interaction depend on.
    """

    tables: Bits
    own: tuple[tuple[int, int], ...]
    broken: int
    effects: tuple[tuple[int, float], ...]
    ceasefire: int
    settlement: int
    partial: int
    depends: tuple[frozenset[int], ...]

    def lines(self, binding: BitArray) -> Bits:
        """This view's bits ``(R,)`` of the red lines that bind, from their bits among all lines'."""
        found = np.zeros(len(binding), dtype=self.tables.dtype)
        for bit, among_all in self.own:
            held = (binding >> np.uint64(among_all) & np.uint64(1)).astype(self.tables.dtype)
            found |= held << self.tables.dtype.type(bit)
        return found


@lru_cache(maxsize=256)
def reach(case: Case, party: int) -> Reach:
    """The reach of a party."""
    lines, wants = case.red_lines, case.preferences
    boxes = [box for box, n in zip(lines.boxes, lines.owner, strict=True) if lines.lines[n].party == party]
    among_all = [b for b, n in enumerate(lines.owner) if lines.lines[n].party == party]
    effects = np.flatnonzero(wants.holder == party)
    stages = [case.zones["ceasefire"], case.zones["settlement"]]
    stages += [] if case.partial is None else [case.partial]
    every = [*boxes, *case.validity, *wants.boxes[effects], *stages]
    kind = next(t for t in (np.uint8, np.uint16, np.uint32, np.uint64) if len(every) <= np.dtype(t).itemsize * 8)
    at = np.cumsum([0, len(boxes), len(case.validity), len(effects)])
    return Reach(
        tables=bit_tables(np.array(every)).astype(kind),
        own=tuple(enumerate(among_all)),
        broken=sum(1 << bit for bit in range(at[1], at[2])),
        effects=tuple((int(at[2] + n), float(wants.points[m])) for n, m in enumerate(effects)),
        ceasefire=1 << int(at[3]),
        settlement=1 << int(at[3]) + 1,
        partial=0 if case.partial is None else 1 << int(at[3]) + 2,
        depends=(_bearing(case, np.array(stages)), *(_bearing(case, wants.boxes[[m]]) for m in effects)),
    )


def _bearing(case: Case, boxes: BoolArray) -> frozenset[int]:
    """The issues of which some box leaves an option out."""
    return frozenset(
        axis for box in boxes for axis, left in enumerate(case.space.left) if not box[axis, list(left)].all()
    )


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
    moves, bits = near.near, near.bits(reach(case, party).tables)
    ok = _allowed(case, party, talks, near, bits)
    if not ok.any():
        return None
    spare, (both, missing) = _spare(case, party, talks, near, bits)
    of_both = ok[both] & (moves.pairs(spare, both) + missing >= 0.0)
    for portion in moves.portions(near.runs):
        ok[portion] &= moves.pairs(spare, portion) >= 0.0
    ok[both] = of_both
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


def _allowed(case: Case, party: int, talks: Talks, near: Around, bits: BitParts) -> BoolArray:
    """Which candidates ``(C, R)`` a party may ask for, whatever they are worth to it."""
    view = reach(case, party)
    kind, (heed, wanted) = view.tables.dtype.type, _demands(view, talks, party)
    found = np.empty((near.near.candidates, near.runs), dtype=bool)
    for portion in near.near.portions(near.runs):
        held = bits.of(portion)
        if view.partial:
            found[portion] = (held & kind(view.ceasefire | view.partial)) != 0
            found[portion] &= (held & heed) == wanted
        else:
            np.equal(held & heed, wanted, out=found[portion])
    return found


def _spare(
    case: Case, party: int, talks: Talks, near: Around, bits: BitParts
) -> tuple[FloatArray, tuple[Numbers, FloatArray]]:
    """Points that candidates have to spare above the target of their stage, as parts that add up over moves.

    Returns the parts ``(M + 1, R)``, what stands before any move being half in each, and the candidates whose two moves
    bear on the same interaction or stage, with what their parts miss ``(N, R)``.
    """
    view, moves, preferences = reach(case, party), near.near, case.preferences
    kind = view.tables.dtype.type
    values, weights = preferences.values[party], preferences.weights[:, party].T
    now = np.stack([values[axis].take(options) for axis, options in enumerate(near.now)]) * weights
    parts = values[moves.issue[:, None], near.then] * weights[moves.issue] - now[moves.issue]
    asked = talks.asked[:, party] - TOLERANCE
    run = np.arange(len(asked))

    def aside(candidates: slice | Numbers) -> FloatArray:
        """What interactions add and the target takes, for some candidates ``(N, R)``."""
        held = bits.of(candidates)
        short = np.where((held & kind(view.ceasefire)) != 0, Stage.INTERIM, Stage.PARTIAL)
        stage = np.where((held & kind(view.settlement)) != 0, Stage.SETTLEMENT, short)
        total: FloatArray = -asked[run, stage]
        for bit, points in view.effects:
            total += ((held >> kind(bit)) & kind(1)) * points
        return total

    alone = aside(slice(0, moves.moves + 1))
    parts += alone[1:] - alone[0]
    both = np.unique(np.concatenate([moves.changes_two(issues) for issues in view.depends]))
    missing = aside(both) - alone[0]
    none = with_none(alone[1:] - alone[0])
    missing -= none[moves.first[both]] + none[moves.second[both]]
    before = functools.reduce(np.add, now) + alone[0]  # in order, so that one run adds up as many do
    return with_none(parts) + before / 2, (both, missing)


def _demands(view: Reach, talks: Talks, party: int) -> tuple[Bits, Bits]:
    """Which bits ``(R,)`` decide whether a candidate may be asked for at all, and how they have to stand."""
    kind = view.tables.dtype.type
    heed = view.lines(talks.binding[:, party]) | kind(view.broken)
    wanted = kind(0)
    if not view.partial:
        heed, wanted = heed | kind(view.ceasefire), wanted | kind(view.ceasefire)
    if talks.topic is not None:
        heed = heed | kind(view.settlement)
        wanted = wanted | kind(view.settlement if talks.topic == Stage.SETTLEMENT else 0)
    return heed, np.full(talks.runs, wanted, dtype=view.tables.dtype)


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
