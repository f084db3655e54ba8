"""What targets by ending (a truce, an armistice) would change that are by stage now: tried outside the engine.

Run it with `python -m tests.benchmarks.targets [RUNS]`. The engine's own functions are replaced here by ones that ask
of a truce the best utility of a truce, and of an armistice that of an armistice; stage `PARTIAL`, which March does not
know, holds the target of a truce. Everything else stays. Horizons of the parties' own count, or the deadline alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from unittest.mock import patch

import numpy as np

from sim import load
from sim.stakes.case import TOLERANCE, Case
from sim.stakes.endings import Kind
from sim.stakes.run_axis import take_rows, with_fields
from sim.stakes.space import BoolArray, FloatArray, IntArray, OptionArray
from sim.stakes.stages import Stage
from sim.talks import acceptance, batch, protocols, recall, referee, round_end
from sim.talks.concession import floors, target_of
from sim.talks.delegation import Delegation
from sim.talks.how_talks_end import Ending
from sim.talks.offers import offering, wish_across
from sim.talks.offers.across import Across, Candidates
from sim.talks.offers.around import Around, BitParts
from sim.talks.offers.opening import Openings, openings
from sim.talks.offers.value_of_moves import Moves, utility_parts
from sim.talks.state import Talks
from sim.talks.words import unpacked

SLUG, READING = "2025-03-truce-offer", "reading=settlement"
TRUCE = Stage.PARTIAL
WAYS = {"a mediator's text": (), "offers in turn": ("protocol.name=alternating",)}


def told_apart(case: Case, packages: OptionArray) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """The stage of packages, `TRUCE` for a truce."""
    assert case.endings is not None
    stage = case.stage(packages)
    return np.where((case.endings.kind(packages) == Kind.TRUCE) & (stage == Stage.INTERIM), np.int8(TRUCE), stage)


def by_ending(case: Case) -> Openings:
    """Openings whose best utilities of a truce and of an armistice are told apart."""
    first, best = openings(case), openings(case).best.copy()
    for part in case.parts(case.space):
        if 0 < part.size < 100_000:  # treaties are a stage of their own
            packages = part.packages(np.arange(part.size))
            kind = told_apart(case, packages[:1])[0]
            for party in range(len(case.parties)) if kind in (TRUCE, Stage.INTERIM) else ():
                clear = case.valid(packages) & (
                    (case.red_lines.crossed(packages) & case.red_lines.bits("declared", party)) == 0
                )
                clear &= case.value(party, packages[None])[0] >= case.floor(party)[0] - TOLERANCE
                reached = case.utility(party, packages[None])[0][clear]
                best[0, party, kind] = reached.max() if len(reached) else case.reservation[0, party]
    return with_fields(first, best=best)


def judge(case: Case, talks: Talks, packages: OptionArray) -> acceptance.Judgement:
    """`acceptance.judge`, but that a truce has a target of its own."""
    utility = case.preferences.utilities(packages)
    value = case.values(packages, utility, talks.outlook)
    missing = np.maximum(target_of(talks.asked, told_apart(case, packages)) - utility, floors(case, talks) - value)
    lines = case.red_lines.crossed(packages)
    shortfall = np.where(missing <= TOLERANCE, 0.0, missing)
    return acceptance.Judgement(utility, value, lines[:, None] & talks.binding, shortfall, case.stage(packages), lines)


def keep(
    case: Case, party: int, near: Around, bits: BitParts, asked: FloatArray, topic: int | None, ok: BoolArray
) -> None:
    """`offering._keep_what_it_asks_for`, likewise."""
    moves = near.near
    utility, kinds = utility_parts(case, party, near, bits).all(moves), Moves(case, near).kinds
    asked = asked - TOLERANCE
    target = np.where(kinds == Kind.TREATY, asked[:, Stage.SETTLEMENT], asked[:, Stage.INTERIM])
    ok[moves.row] &= utility >= np.where(kinds == Kind.TRUCE, asked[:, TRUCE], target)


def would_ask(case: Case, party: int, talks: Talks, far: Across, some: Candidates) -> Candidates:
    """`wish_across.would_ask`, likewise."""
    target = talks.asked[some.run, party, told_apart(case, some.packages)]
    ok = take_rows(case, some.run).utility(party, some.packages) >= target - TOLERANCE
    return some.of(ok & ((far.lines[some.place] & talks.binding[some.run, party]) == 0))


def everything(case: Case, party: int, talks: Talks, far: Across) -> BoolArray:
    """What a party may ask for at all, for `would_ask` to look at."""
    return np.ones(len(far.packages), dtype=bool)


def recalled(case: Case, delegations: Sequence[Delegation], talks: Talks) -> Talks:
    """`recall.recalled`, likewise: utilities of truces are moved by what their target differs from an armistice's."""
    memory, spare = talks.memory, talks.asked[:, :, Stage.INTERIM] - talks.asked[:, :, TRUCE]
    runs, slots = np.nonzero(memory.held == Stage.INTERIM)
    truces = told_apart(case, unpacked(case, memory.words[runs, :, slots])) == TRUCE
    runs, slots, moved = runs[truces], slots[truces], memory.utility.copy()
    moved[runs, :, slots] += spare[runs]
    after = engines_own(case, delegations, with_fields(talks, memory=with_fields(memory, utility=moved)))
    return with_fields(after, memory=memory)


def worth(case: Case, talks: Talks, runs: IntArray, slots: IntArray) -> BoolArray:
    """`recall._worth_signing` from utilities that were not moved."""
    packages = unpacked(case, talks.memory.words[runs, :, slots])
    outlook = None if talks.outlook is None else take_rows(talks.outlook, runs)
    floor = np.broadcast_to(floors(case, talks), (talks.runs, len(case.parties)))[runs]
    some = take_rows(case, runs)
    found: BoolArray = floor - some.values(packages, some.preferences.utilities(packages), outlook) <= TOLERANCE
    return found


engines_own = recall.recalled


def row(case: Case, runs: int) -> str:
    """Of the runs that the war did not end: the share that agrees, and when they first sign; and shares by kind."""
    found = batch.negotiate(case, runs)
    free = found.ending != Ending.MILITARY_END
    agreed = found.agreeing & free
    assert case.endings is not None
    kinds = case.endings.kind(found.agreed[agreed])
    first = found.first[agreed]
    truces = float((kinds == Kind.TRUCE).mean()) if len(kinds) else 0.0
    return (
        f"{agreed.sum() / max(free.sum(), 1):>6.1%} of {free.sum():>4} agree; first signed in round "
        f"{np.median(first) if len(first) else 0:>4.0f}; truces at the end {truces:.0%}"
    )


def main() -> None:
    """Print a row for each way to talk, each clock, and each kind of target."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for way, changes in WAYS.items():
        for clock in ("own horizons", "the deadline"):
            case = load(SLUG, (READING, *changes)).case
            if clock == "the deadline":
                case = with_fields(case, tactics=with_fields(case.tactics, horizon=case.tactics.horizon * 0))
            print(f"{way}, {clock}: by stage   {row(case, runs)}", flush=True)
            with (
                patch.object(batch, "openings", by_ending),
                patch.object(protocols, "judge", judge),
                patch.object(round_end, "judge", judge),
                patch.object(offering, "_keep_what_it_asks_for", keep),
                patch.object(wish_across, "would_ask", would_ask),
                patch.object(wish_across, "_asked_for_at_all", everything),
                patch.object(referee, "recalled", recalled),
                patch.object(recall, "_worth_signing", worth),
            ):
                print(f"{way}, {clock}: by ending  {row(case, runs)}", flush=True)


if __name__ == "__main__":
    main()
