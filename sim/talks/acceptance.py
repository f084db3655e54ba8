"""When a party says yes, and when that is an agreement: one rule in every protocol."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.space import BitArray, BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.stages import Stage, StageArray
from sim.talks.concession import floors, target_of
from sim.talks.state import Replies, Talks


@dataclass(frozen=True)
class Judgement:
    """What every party makes of packages ``(R, I)``, all ``(R, P)``: utility, value, lines crossed, points missing;
    and their ``stage`` ``(R,)`` and the bits of all ``lines`` that they cross ``(R,)``, whoever they bind.
    """

    utility: FloatArray
    value: FloatArray
    crossed: BitArray
    shortfall: FloatArray
    stage: StageArray
    lines: BitArray

    @property
    def accepts(self) -> BoolArray:
        """Who says yes: no line crossed and nothing missing."""
        return (self.crossed == 0) & (self.shortfall == 0)

    def of(self, party: int) -> Replies:
        """One party's answers."""
        return Replies(self.accepts[:, party], self.crossed[:, party], self.shortfall[:, party])


def judge(case: Case, talks: Talks, packages: OptionArray) -> Judgement:
    """Every party's judgement of packages ``(R, I)`` this round.

    It says yes when the utility meets its target, the value its floor, and no binding line of its own is crossed. It
    asks by utility, as if an agreement held for ever, and signs by value, for it has to last.
    """
    utility = case.preferences.utilities(packages)
    value = case.values(packages, utility, talks.outlook)
    stage, lines = case.stage(packages), case.red_lines.crossed(packages)
    target = target_of(talks.asked, stage)
    missing = np.maximum(target - utility, floors(case, talks) - value)
    shortfall = np.where(missing <= TOLERANCE, 0.0, missing)
    return Judgement(utility, value, lines[:, None] & talks.binding, shortfall, stage, lines)


def agreeable(case: Case, talks: Talks, judged: Judgement) -> BoolArray:
    """Which parties ``(R, P)`` could sign a package, if it can be signed at all, whatever they ask for this round."""
    return (judged.crossed == 0) & (judged.value >= floors(case, talks) - TOLERANCE)


def carried(case: Case, accepting: BoolArray, package: OptionArray) -> BoolArray:
    """Where a package ``(R, I)`` is signed, given who accepts ``(R, P)``.

    A quorum of those asked must accept, everyone with a veto among them, and the package must be coherent and
    something that can be signed.
    """
    signing = case.protocol.carries(accepting)
    if signing.any():
        signing &= case.valid(package) & (case.stage(package) != Stage.SHORT)
    return signing


def worth_signing(case: Case, party: int, talks: Talks, packages: OptionArray, runs: IntArray) -> BoolArray:
    """Whether packages ``(N, I)`` are worth a party's floor given that they must last, in some runs."""
    floor, some = floors(case, talks, party), None
    if len(runs) != talks.runs or (runs != np.arange(talks.runs)).any():
        floor, some = floor[runs], runs
    return case.value(party, packages, talks.outlook, some) >= floor - TOLERANCE
