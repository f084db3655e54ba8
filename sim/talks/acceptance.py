"""When a party says yes, and when that is an agreement: one rule in every protocol."""

from __future__ import annotations

import numpy as np

from sim.stakes.case import TOLERANCE, Case, Stage
from sim.stakes.space import BitArray, BoolArray, FloatArray, OptionArray
from sim.talks.concession import least, target_for
from sim.talks.state import Replies, Talks


def accepts(
    case: Case, party: int, offer: OptionArray, target: FloatArray, floor: FloatArray, lines: BitArray
) -> Replies:
    """A party's answer to offers ``(R, I)``: yes when the utility meets its target ``(R,)``, the value its floor
    ``(R,)``, and no binding line is crossed.

    It asks by utility, as if an agreement held for ever, and signs by value, for it has to last.
    """
    crossed = case.red_lines.crossed(offer) & lines
    short_of_floor = floor - case.value(party, offer)
    shortfall = np.maximum(np.maximum(target - case.utility(party, offer), short_of_floor), 0.0)
    shortfall = np.where(shortfall <= TOLERANCE, 0.0, shortfall)
    return Replies((crossed == 0) & (shortfall == 0), crossed, shortfall)


def judge(case: Case, party: int, talks: Talks, offer: OptionArray) -> Replies:
    """The same with this round's floor: the target of the offer's stage, never below what the party can sign for."""
    target, floor = target_for(case, party, talks, offer), least(case, party, talks)
    return accepts(case, party, offer, target, floor, talks.binding[:, party])


def carried(case: Case, accepting: BoolArray, package: OptionArray) -> BoolArray:
    """Where a package ``(R, I)`` is signed, given who accepts ``(R, P)``.

    A quorum of the signatories must accept, everyone with a veto among them, and the package must be a coherent
    ceasefire.
    """
    signing = accepting[:, list(case.signatories)].sum(axis=1) >= case.protocol.quorum
    signing &= accepting[:, list(case.protocol.vetoes)].all(axis=1)
    agreed: BoolArray = signing & case.valid(package) & (case.stage(package) != Stage.SHORT)
    return agreed
