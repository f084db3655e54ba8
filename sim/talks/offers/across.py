"""Moves across endings: what else has to move where an ending cannot carry what a package holds, and one move more.

A neighbour changes two issues; from a treaty to a truce ten may have to change at once. Many runs come to the same
packages, so each of them is looked at once; who would ask for them or draft them is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.stakes.case import Case
from sim.stakes.clauses import NO_WAY_OUT
from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.stages import Stage, StageArray
from sim.talks.offers.crossings import Crossings, crossings
from sim.talks.offers.in_runs import Asked, InRuns, steps_towards, steps_weigh
from sim.talks.offers.moves import Numbers
from sim.talks.words import alike, packed

WORST = np.iinfo(np.int64).min
"""Less than any score."""


@dataclass(frozen=True, eq=False)
class Candidates(InRuns):
    """Packages across endings in runs, by run: the ``place`` of each ``(N,)`` among them all, and the ``number`` that
    settles ties ``(N,)``, out of ``numbered``.
    """

    place: Numbers
    number: IntArray
    numbered: int

    def of(self, keep: BoolArray) -> Candidates:
        """Some of them."""
        return Candidates(self.packages[keep], self.run[keep], self.place[keep], self.number[keep], self.numbered)

    def in_order(self, score: IntArray, draw: FloatArray) -> tuple[Numbers, Numbers]:
        """The candidates by run and, highest score first, in the order in which they count ``(N,)``; ties by the draw
        of their run ``(R,)``. Also how many of the same run come before each.
        """
        flip = np.floor(draw * (1 << self.numbered.bit_length())).astype(np.int64)[self.run]
        order = np.lexsort((self.number ^ flip, -score, self.run))
        run = self.run[order]
        return order, np.arange(len(run)) - np.searchsorted(run, run)


@dataclass(frozen=True, eq=False)
class Across:
    """What lies across endings from a package in each of some runs, each different package once.

    ``bases`` ``(B, I)`` are what becomes of packages under other endings, and ``packages`` ``(D, I)`` what can be
    signed of them with one move more or none, of base ``base`` ``(D,)`` in order. Their ``stage`` ``(D,)`` and the bits
    of the ``lines`` that they cross ``(D,)`` hang on nobody; ``number`` ``(D,)`` settles ties, out of ``numbered``.
    ``run`` ``(Q,)`` has the base ``near`` ``(Q,)``, by run.
    """

    bases: OptionArray
    packages: OptionArray
    base: Numbers
    stage: StageArray
    lines: BitArray
    number: IntArray
    numbered: int
    run: Numbers
    near: Numbers

    def bases_of(self, keep: BoolArray) -> Bases:
        """The bases, in each run that has them, of some packages ``(D,)``."""
        count = np.bincount(self.base[keep], minlength=len(self.bases))[self.near]
        some = np.flatnonzero(count)
        return Bases(self, keep, self.near[some], self.run[some])


@dataclass(frozen=True, eq=False)
class Bases:
    """Bases ``near`` ``(N,)`` in runs ``(N,)``, by run, for the packages ``keep`` ``(D,)`` of them.

    What is said of one is the best of any of its packages: no farther from offers, nor across lines, than all of them.
    """

    far: Across
    keep: BoolArray
    near: Numbers
    run: Numbers

    @property
    def runs(self) -> Numbers:
        """Each run that has any, once."""
        return self.run[np.diff(self.run, prepend=-1) > 0]

    def apart(self, case: Case, everybody: Iterable[Asked]) -> FloatArray:
        """How far ``(N,)`` they are from what everybody asked for, all counted, at least: less what the best move takes
        off.
        """
        bases = self.far.bases.take(self.near, axis=0)
        total, up, down = np.zeros(len(bases)), np.zeros(bases.shape), np.zeros(bases.shape)
        weigh, two, one = steps_weigh(case), np.int8(2), np.int8(1)
        for asked in everybody:
            ahead = steps_towards(case, bases, asked.offers)
            step = asked.matters * weigh
            step = step * asked.counts[:, None]
            total += np.einsum("ni,ni->n", step, np.abs(ahead))
            up += step * ((ahead > 0) * two - one)
            down += step * ((ahead < 0) * two - one)
        moves = np.zeros(self.far.bases.shape, dtype=bool)
        np.logical_or.at(moves, self.far.base, self.far.packages != self.far.bases[self.far.base])
        np.maximum(up, down, out=up)
        up *= moves.take(self.near, axis=0)
        best: FloatArray = up.max(axis=1)
        return total - best

    def steps_out(self, case: Case, party: int, binding: BitArray) -> IntArray:
        """Steps ``(N,)`` to where no line of a party is crossed that binds in the run ``(R,)``, at least."""
        lines, total = case.red_lines, np.zeros(len(self.run), dtype=np.int64)
        for box, owner in enumerate(lines.owner):
            counted = (binding >> np.uint64(box) & np.uint64(1)).astype(np.int64)
            if lines.lines[owner].party == party and counted.any():
                fewest = np.full(len(self.far.bases), NO_WAY_OUT)
                np.minimum.at(fewest, self.far.base, lines.ways_out[box].at(self.far.packages))
                total += fewest[self.near] * counted[self.run]
        return total

    def candidates(self, some: BoolArray) -> Candidates:
        """The packages of some of them ``(N,)``."""
        far, near, kept = self.far, self.near[some], np.flatnonzero(self.keep)
        counts = np.bincount(far.base[kept], minlength=len(far.bases))
        first, count = np.cumsum(counts) - counts, counts[near]
        later = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        place = kept[np.repeat(first[near], count) + later]
        return Candidates(far.packages[place], np.repeat(self.run[some], count), place, far.number[place], far.numbered)


def across(case: Case, here: OptionArray, runs: BoolArray) -> Across | None:
    """What lies across endings from packages ``(R, I)`` in some ``runs`` ``(R,)``; None where a case has no such moves.

    An ending counts where it is another one and something has to move along.
    """
    ways = crossings(case)
    if ways is None:
        return None
    some = np.flatnonzero(runs)
    first, kind = alike(packed(case, here[some]).T, len(some))
    texts = here[some[first]]
    to = ways.to[:, np.arange(here.shape[1]), texts]  # (E, T, I)
    along = ((to != texts).sum(axis=2) > 1) & (texts[:, ways.axis] != ways.option_of[:, None])
    ending, text = np.nonzero(along)
    once_each, base = alike(packed(case, to[ending, text]).T, len(text))
    bases, ending_of = to[ending[once_each], text[once_each]], ending[once_each]
    bases_of = np.full(along.T.shape, -1)
    bases_of[text, ending] = base
    run, place = np.nonzero(bases_of[kind] >= 0)
    return _around(case, ways, bases, ending_of, some[run], bases_of[kind[run], place])


def _around(case: Case, ways: Crossings, bases: OptionArray, ending: Numbers, run: Numbers, near: Numbers) -> Across:
    """The bases ``(B, I)``, each of an ending ``(B,)``, with one move more or none."""
    before = bases[:, ways.issue]
    after = np.where(ways.option >= 0, ways.option, before + ways.step)
    inside = (after >= 0) & (after < ways.box.shape[2])
    inside &= ways.box[ending[:, None], ways.issue, np.where(inside, after, 0)] & (after != before)
    inside[:, 0] = True
    base, way = np.nonzero(inside)
    packages = bases[base]
    packages[np.arange(len(base)), ways.issue[way]] = after[base, way]
    stage = case.stage(packages)
    signable = np.flatnonzero((stage > Stage.SHORT) & case.valid(packages))
    base, way, packages = base[signable], way[signable], packages[signable]
    return Across(
        bases=bases,
        packages=packages,
        base=base,
        stage=stage[signable],
        lines=case.red_lines.crossed(packages),
        number=ways.number[ending[base]] + ways.offset[way],
        numbered=ways.numbered,
        run=run,
        near=near,
    )
