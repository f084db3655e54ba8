"""How robust a zone is: which packages stay in it when the numbers behind preferences and the war are drawn anew.

No red line hangs on such a number, so packages are masked once; each draw values only those that the declared lines
leave. How numbers are drawn is not known here: a draw is a row of the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.endings import Kind, Kinds
from sim.stakes.run_axis import of_run, take_rows
from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray, by_issue, each_once, inside
from sim.stakes.valuation import least_utility, log_peace, value
from sim.stakes.views import Rows
from sim.zone.constraints import Constraints
from sim.zone.drawn import Drawn, first_looks
from sim.zone.region import Progress, in_order
from sim.zone.slabs import line_masks, pieces

SLACK = 1e-6
"""Points by which a package may miss a bound and is valued all the same."""

NARROWED = 0.8
"""Share of packages left at which the rest are dropped."""


@dataclass(frozen=True, eq=False)
class Grouped:
    """Packages told apart by some issues alone: one ``(S, I)`` of each group, and the group of each ``(N,)``."""

    issues: tuple[int, ...]
    first: OptionArray
    which: IntArray


@dataclass(frozen=True, eq=False)
class Candidates:
    """The packages ``(N, I)`` of the ceasefire zone's definition that the declared lines alone leave, in the order of
    the space, with the lines that they cross all the same ``(N,)``: of parties that others can outvote. What the bits
    of the masks mean, ``constraints`` say.
    """

    case: Case
    constraints: Constraints
    packages: OptionArray
    masks: BitArray

    @cached_property
    def held(self) -> int:
        """The bits that count: declared lines and reservation values."""
        return self.constraints.of("declared")

    @cached_property
    def bits(self) -> dict[int, np.uint64]:
        """The bit of each holder's reservation."""
        return {party: np.uint64(self.constraints.reservation(party)) for party in self.constraints.holders}

    def kept(self, masks: BitArray) -> BoolArray:
        """Which masks ``(...)`` are of packages in the zone."""
        return self.constraints.kept(masks, self.held)

    @cached_property
    def wars(self) -> Grouped:
        """By how they stop the fighting, the line agreed, and what shifts the odds of the war that would follow."""
        endings = self.case.endings
        if endings is None:
            return self._grouped(())
        moves = np.flatnonzero(endings.resume.any(axis=1)).tolist()
        return self._grouped(tuple(sorted({endings.axis, endings.line, *moves})))

    @cached_property
    def rests(self) -> Grouped:
        """By all other issues."""
        return self._grouped(tuple(a for a in range(self.packages.shape[1]) if a not in self.wars.issues))

    def _grouped(self, issues: tuple[int, ...]) -> Grouped:
        keys = np.zeros(len(self.packages), dtype=np.int64)
        for axis in issues:
            keys = keys * len(self.case.space.issues[axis].options) + self.packages[:, axis]
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
        return Grouped(issues, self.packages[first], which)

    @cached_property
    def kinds(self) -> Kinds:
        """How each would stop the fighting ``(N,)``; NONE where no war is modelled."""
        endings = self.case.endings
        return np.zeros(len(self.packages), dtype=np.int8) if endings is None else endings.kind(self.packages)

    @cached_property
    def effects(self) -> list[BoolArray]:
        """Which packages ``(N,)`` each interaction holds in."""
        wants, options = self.case.preferences, by_issue(self.packages)
        return [
            inside(box, issues, options)
            for party in range(len(wants.values))
            for box, issues in zip(wants.of(party).boxes, wants.of(party).bearing, strict=True)
        ]


def candidates(case: Case, progress: Progress = lambda share: None) -> Candidates:
    """The candidates of a case: every package that stays in the zone under some draw is one of them."""
    constraints, whole = Constraints(case), case.space.within(case.zones["ceasefire"])
    held, done = constraints.of("lines_only"), 0
    packages, masks = [np.zeros((0, len(case.space.issues)), dtype=np.int8)], [np.zeros(0, dtype=np.uint64)]
    for space in pieces(case, whole):
        crossed = line_masks(constraints, space)
        left = np.flatnonzero(case.stages.coherent_over(space) & constraints.kept(crossed, held))
        packages, masks = [*packages, space.packages(left)], [*masks, crossed.ravel()[left].astype(np.uint64)]
        done += space.size
        progress(done / whole.size)
    ordered, order = in_order(case, np.concatenate(packages))
    return Candidates(case, constraints, ordered, np.concatenate(masks)[order])


def surviving(of: Candidates, case: Case, draws: int) -> Iterator[IntArray]:
    """The places of those candidates that are in the zone, draw by draw.

    Args:
        of: the candidates of a case.
        case: the same case with a row for each draw, or one row for all.
        draws: how many rows there are.
    """
    if not len(of.packages):
        yield from (np.zeros(0, dtype=np.intp) for _ in range(draws))
        return
    after = _after(of, case)
    least = {party: _least(of, case, party, after) for party in of.bits}
    for run in range(draws):
        worth, masks = _utilities(of, case, run), of.masks
        for party, bit in of.bits.items():
            masks = masks | (worth[party] < of_run(least[party], run).take(of.wars.which)) * bit
        yield _inside(of, case, run, worth, after, np.flatnonzero(of.kept(masks)))


def _after(of: Candidates, case: Case) -> FloatArray:
    """What each war that could follow is worth to each party ``(P, 1|R, S)``."""
    if case.outlook is None:
        return np.zeros((len(case.parties), 1, len(of.wars.first)))
    rows = Rows(case.endings, case.preferences, of.wars.first[None])
    return np.stack([rows.resumed(case.outlook, party) for party in range(len(case.parties))])


def _least(of: Candidates, case: Case, party: int, after: FloatArray) -> FloatArray:
    """A utility ``(1|R, S)`` that the packages of each group must have for a party to live with them: nothing cheaper
    to find out rules out so many.
    """
    floor = case.floor(party)[:, None]
    if case.outlook is None or case.endings is None:
        return floor - SLACK
    outlook, kinds = case.outlook, case.endings.kind(of.wars.first)
    rows = max(map(len, (floor, after[party], outlook.discount, case.endings.hold)))
    found = np.empty((rows, len(kinds)))
    for kind in map(Kind, each_once(kinds).tolist()):
        mine = kinds == kind
        with np.errstate(divide="ignore"):
            longest = np.log(case.endings.hold[:, kind, None])
        found[:, mine] = least_utility(
            kind,
            floor,
            outlook.war[:, party, None],
            outlook.limited[:, party, None],
            outlook.discount[:, party, None],
            after[party][:, mine],
            longest,
        )
    return found - SLACK


def _utilities(of: Candidates, case: Case, run: int) -> FloatArray:
    """Every party's utility of every candidate ``(P, N)``."""
    wants, found = case.preferences, np.empty((len(case.parties), len(of.packages)))
    points = of_run(wants.weights, run)[:, :, None] * wants.values
    effects = iter(of.effects)
    for party, table in enumerate(points):
        half = [_summed(table, group) for group in (of.wars, of.rests)]
        found[party] = half[0].take(of.wars.which) + half[1].take(of.rests.which)
        for more in wants.of(party).points:
            found[party] += more * next(effects)
    return found


def _summed(table: FloatArray, group: Grouped) -> FloatArray:
    """What some issues add to the utility of each group ``(S,)``, from the points of each option ``(I, K)``."""
    found = np.zeros(len(group.first))
    for axis in group.issues:
        found += table[axis].take(group.first[:, axis])
    return found


def _inside(
    of: Candidates, case: Case, run: int, worth: FloatArray, after: FloatArray, left: npt.NDArray[np.intp]
) -> IntArray:
    """Those of some candidates that enough parties could live with, and whoever else has to act."""
    groups, masks = of.wars.which[left], of.masks[left]
    drawn = Drawn(of.kinds[left], worth[:, left], np.stack([of_run(a, run).take(groups) for a in after]), run)
    if case.outlook is None or not len(left) or (case.audience is not None and case.audience.any()):
        return _in_full(of, case, drawn, left)
    near = np.zeros(len(left), dtype=bool)
    for bit, (above, doubt) in zip(of.bits.values(), first_looks(case, drawn, of.bits), strict=True):
        masks = masks | (above < -doubt) * bit
        near |= ~(np.abs(above) > doubt)  # what is no number is near too
    inside = of.kept(masks)  # as far as is sure: with more bits, a package is never let in again
    near &= inside
    sure = left[inside & ~near]
    if not near.any():
        return sure
    return np.sort(np.concatenate([sure, _in_full(of, case, drawn.only(near), left[near])]))


def _in_full(of: Candidates, case: Case, drawn: Drawn, left: npt.NDArray[np.intp]) -> IntArray:
    """The same, each valued to the last digit."""
    run, masks = drawn.run, of.masks[left]
    peace = log_peace(case.endings, case.outlook, drawn, case.belligerents)
    for party, bit in of.bits.items():
        found = value(case.endings, case.outlook, drawn, party, case.belligerents, peace)
        if case.audience is not None and of_run(case.audience, run)[party]:
            found = found - np.ravel(take_rows(case, [run]).stepping_back(party, of.packages[left][None]))
        masks = masks | ~(found >= of_run(case.floor(party), run) - TOLERANCE) * bit
        kept = of.kept(masks)  # more bits never let a package in again
        if np.count_nonzero(kept) < len(left) * NARROWED:
            left, masks, drawn, peace = (
                left[kept],
                masks[kept],
                drawn.only(kept),
                {b: calm[kept] for b, calm in peace.items()},
            )
    return left[of.kept(masks)]
