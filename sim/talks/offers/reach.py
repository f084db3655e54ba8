"""What a party may ask for at all: its red lines, the rules and the stages as bits, as few and narrow as they fit.

What it would ask for is another question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.case import Case
from sim.stakes.clauses import narrow_tables
from sim.stakes.run_axis import once
from sim.stakes.space import BitArray, BoolArray
from sim.stakes.stages import Stage
from sim.talks.offers.around import Around, BitParts, Bits


@dataclass(frozen=True, eq=False)
class Reach:
    """A party's view of the space as per-option bits ``(I, K)``, as narrow as they fit.

    Bits ``own`` belong to its red lines (their bits among all lines'), ``broken`` to the validity rules; ``alone``
    ``(I,)`` are those of them that each issue decides alone; ``effects`` are its interactions with their points;
    ``ceasefire``, ``settlement`` and ``partial`` the boxes of stages.
    ``depends`` are the sets of issues that the stages together and each interaction depend on.
    """

    tables: Bits
    own: tuple[tuple[int, int], ...]
    broken: int
    alone: Bits
    effects: tuple[tuple[int, float], ...]
    ceasefire: int
    settlement: int
    partial: int
    depends: tuple[tuple[int, ...], ...]

    def lines(self, binding: BitArray) -> Bits:
        """This view's bits ``(R,)`` of the red lines that bind, from their bits among all lines'."""
        found = np.zeros(len(binding), dtype=self.tables.dtype)
        for bit, among_all in self.own:
            held = (binding >> np.uint64(among_all) & np.uint64(1)).astype(self.tables.dtype)
            found |= held << self.tables.dtype.type(bit)
        return found


@once
def reach(case: Case, party: int) -> Reach:
    """The reach of a party."""
    lines, wants = case.red_lines, case.preferences
    boxes = [box for box, n in zip(lines.boxes, lines.owner, strict=True) if lines.lines[n].party == party]
    among_all = [b for b, n in enumerate(lines.owner) if lines.lines[n].party == party]
    effects = np.flatnonzero(wants.holder == party)
    stages = [case.zones["ceasefire"], case.zones["settlement"]]
    stages += [] if case.partial is None else [case.partial]
    every = [*boxes, *case.validity, *wants.boxes[effects], *stages]
    at = np.cumsum([0, len(boxes), len(case.validity), len(effects)])
    tables, bears = narrow_tables(np.array(every)), [_bearing(case, box[None]) for box in every[: at[2]]]
    return Reach(
        tables=tables,
        own=tuple(enumerate(among_all)),
        broken=sum(1 << bit for bit in range(at[1], at[2])),
        alone=np.array(
            [
                sum(1 << n for n, issues in enumerate(bears) if issues == (axis,))
                for axis in range(len(case.space.issues))
            ],
            dtype=tables.dtype,
        ),
        effects=tuple((int(at[2] + n), float(wants.points[m])) for n, m in enumerate(effects)),
        ceasefire=1 << int(at[3]),
        settlement=1 << int(at[3]) + 1,
        partial=0 if case.partial is None else 1 << int(at[3]) + 2,
        depends=(_bearing(case, np.array(stages)), *(_bearing(case, wants.boxes[[m]]) for m in effects)),
    )


def _bearing(case: Case, boxes: BoolArray) -> tuple[int, ...]:
    """The issues of which some box leaves an option out."""
    return tuple(axis for axis, left in enumerate(case.space.left) if not boxes[:, axis, list(left)].all())


def allowed(
    view: Reach, near: Around, bits: BitParts, binding: BitArray, topic: int | None, eased: BoolArray | bool = False
) -> BoolArray:
    """Which candidates ``(C, R)``, by block, a party may ask for, whatever they are worth to it.

    They are coherent, can be signed, are of the stage talked about (any by default; more than a partial deal where one
    is in force already, ``eased`` ``(R,)``) and cross none of its lines that bind ``(R,)``.
    """
    kind, (heed, wanted) = view.tables.dtype.type, _demands(view, binding, topic)
    found = np.empty((near.near.candidates, near.runs), dtype=bool)
    stages = np.where(eased, kind(view.ceasefire), kind(view.ceasefire | view.partial))
    for block in near.near.blocks:
        held, into = bits.of_block(block), found[block.rows].reshape(*block.shape, -1)
        can_be_signed = (held & stages) != 0 if view.partial else None
        held &= heed
        np.equal(held, wanted, out=into)
        if can_be_signed is not None:
            into &= can_be_signed
    return found


def single_moves(view: Reach, near: Around, binding: BitArray, topic: int | None) -> BoolArray:
    """Which single moves ``(M, R)`` lead somewhere and across no line of their own, whatever else changes."""
    heed, wanted = _demands(view, binding, topic)
    there = view.tables.ravel().take(near.cell)
    there &= view.alone[near.near.issue, None] & heed | wanted
    found: BoolArray = there == wanted
    found &= near.there
    return found


def _demands(view: Reach, binding: BitArray, topic: int | None) -> tuple[Bits, Bits]:
    """Which bits ``(R,)`` decide whether a candidate may be asked for at all, and how they have to stand."""
    kind = view.tables.dtype.type
    heed, wanted = view.lines(binding) | kind(view.broken), 0
    if topic == Stage.PARTIAL:
        heed, wanted = heed | kind(view.ceasefire | view.partial), view.partial
    elif topic is not None or not view.partial:
        heed, wanted = heed | kind(view.ceasefire), view.ceasefire
    if topic in (Stage.INTERIM, Stage.SETTLEMENT):
        heed = heed | kind(view.settlement)
        wanted |= view.settlement if topic == Stage.SETTLEMENT else 0
    return heed, np.full(len(binding), wanted, dtype=view.tables.dtype)
