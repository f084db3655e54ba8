"""What a party puts on the table: its opening, and then small moves towards what the others last asked.

A party reads its own utility and the others' offers, never the others' utilities. What is near is `neighbours`'
business, what the others want `listening`'s; here is what a party may and would ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stakes.case import TOLERANCE, Case, Stage
from sim.stakes.clauses import bit_tables
from sim.stakes.preferences import Preferences
from sim.stakes.rows import take_rows
from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.table import Learns
from sim.talks.concession import floors, targets
from sim.talks.listening import EVEN, UNCONVINCED, loudest, pull, trespass
from sim.talks.neighbours import Around, Bits, Numbers, Ranking, around
from sim.talks.state import Offers, Talks

TRIES = 4
"""How many of its best candidates a party looks at for one that it could sign."""
LINE_STEPS = 2
"""How many whole moves towards everybody a line that is surely meant is worth, to a party that minds others' lines."""


@dataclass(frozen=True, eq=False)
class Reach:
    """A party's view of the space as per-option bits ``(I, K)``, as narrow as they fit.

    Bits ``own`` belong to its red lines (their bits among all lines'), ``broken`` to the validity rules; ``effects``
    are its interactions with their points; ``ceasefire``, ``settlement`` and ``partial`` the boxes of stages. The issues ``stages`` are those
    that a stage depends on, ``affects`` those that an interaction depends on.
    """

    tables: Bits
    own: tuple[tuple[int, int], ...]
    broken: int
    effects: tuple[tuple[int, float], ...]
    ceasefire: int
    settlement: int
    partial: int
    stages: frozenset[int]
    affects: frozenset[int]

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
        stages=_bearing(case, np.array(stages)),
        affects=_bearing(case, wants.boxes[effects]),
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
    near = around(case, start)
    ranking = ranked(case, party, talks, near, draw)
    chosen, found = _signable(case, party, talks, near, ranking)
    last, spoke = talks.offers[:, party], talks.made[:, party]
    heard = talks.made[:, [other for other in case.protocol.asked if other != party]].any(axis=1)
    moving = found & (heard | ~spoke)
    return Offers(np.where(moving[:, None], chosen, last), moving | spoke)


def ranked(case: Case, party: int, talks: Talks, near: Around, draw: FloatArray) -> Ranking:
    """The candidates that a party may and would ask for, by how much the others pull towards them.

    It may ask for what is coherent, can be signed, is of the stage talked about and crosses none of its own lines; it
    would where its utility meets the target of the stage.
    """
    view = reach(case, party)
    kind = view.tables.dtype.type
    rests, moved = near.bits(view.tables)
    heed, wanted = _demands(case, view, talks, party)
    here = np.ascontiguousarray(near.now.T)
    asked = targets(case, talks, party)[:, 0] - case.utility(party, here)[:, None] - TOLERANCE
    asked_here = asked[np.arange(len(asked)), case.stage(here)]
    gains = _gains(case.preferences, party, near)
    held = [((rests[0] >> kind(bit)) & kind(1)).astype(np.float64) for bit, _ in view.effects]
    minded = _minded(case, party, talks, near)
    ranking = Ranking(near.near, draw, loudest(case, near.near) * (1 if minded is None else 1 << 10))
    pulls = ranking.scaled(_with_none(pull(case, talks, party, near)))
    for n, block in enumerate(near.near.blocks):
        bits = rests[n] & moved[block.first][:, None] & moved[block.second][None]
        ok = (bits & heed) == wanted
        if view.partial:
            ok &= (bits & kind(view.ceasefire | view.partial)) != 0
        change = block.paired(gains)
        if view.affects.intersection(block.issues):
            for (bit, points), before in zip(view.effects, held, strict=True):
                change += points * (((bits >> kind(bit)) & kind(1)) - before)
        need = asked_here
        if view.stages.intersection(block.issues):
            interim = np.where((bits & kind(view.ceasefire)) != 0, asked[:, Stage.INTERIM], asked[:, Stage.PARTIAL])
            need = np.where((bits & kind(view.settlement)) != 0, asked[:, Stage.SETTLEMENT], interim)
        ok &= change >= need
        score = block.paired(pulls)
        if minded is not None:
            score = score - ranking.scaled(minded[block.numbers]).reshape(score.shape)
        ranking.enter(block, score, ok)
    return ranking


def _demands(case: Case, view: Reach, talks: Talks, party: int) -> tuple[Bits, Bits]:
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


def _gains(preferences: Preferences, party: int, near: Around) -> FloatArray:
    """The utility that each single move ``(M + 1, R)`` gains a party, interactions aside."""
    issue, values = near.near.issue, preferences.values[party]
    weights = preferences.weights[:, party].T
    here = np.stack([values[axis][now] for axis, now in enumerate(near.now)]) * weights
    return _with_none(values[issue[:, None], near.then] * weights[issue] - here[issue])


def _with_none(singles: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Parts of single moves ``(M, R)`` with a row for no move, which adds nothing."""
    return np.concatenate([singles, np.zeros((1, singles.shape[1]), dtype=singles.dtype)])


def _minded(case: Case, party: int, talks: Talks, near: Around) -> IntArray | None:
    """What a party that minds others' lines takes off each candidate ``(C, R)``; None where it minds none."""
    minds = case.tactics.learns[:, party] == Learns.BAYES
    if not minds.any():
        return None
    step = LINE_STEPS * UNCONVINCED * EVEN * near.near.unit
    off = trespass(case, talks, party, near.all_packages()).T * step * minds
    return np.rint(off).astype(np.int64)


def _signable(
    case: Case, party: int, talks: Talks, near: Around, ranking: Ranking
) -> tuple[OptionArray, BoolArray]:
    """The best candidates ``(R, I)`` that the party could also sign, and where one of its best few is such."""
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
