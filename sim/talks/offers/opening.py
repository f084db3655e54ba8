"""What a party opens with: its own best packages, of each stage, within its lines and such that it could sign them.

Nothing here depends on the others' offers. The search climbs from neighbour to neighbour, many runs at once; it
comes within a few points of the best there is on every shipped scenario (a test says how many).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from sim.stakes.case import TOLERANCE, Case
from sim.stakes.run_axis import AllByRun, columns_of, once, take_rows
from sim.stakes.space import BoolArray, FloatArray, OptionArray
from sim.stakes.stages import Stage
from sim.stakes.terms import NearestOfEach
from sim.talks.offers.around import Around, around
from sim.talks.offers.moves import Numbers
from sim.talks.offers.reach import allowed, reach
from sim.talks.offers.value_of_moves import utility_parts, values

MOST_CLIMBS = 200
"""Steps of a climb at most; a few dozen are enough on every shipped scenario."""
AT_ONCE = 1_024
"""Rows that are worked out together: few enough to stay near the processor, enough to make little of a call."""
CROWD = 256
"""Rows that stand at the same package from which on they are worked out by themselves."""
HOPELESS = 1e6
"""Points that a step off coherent ground or over an own line costs, while a place to start from is looked for."""
OPENINGS: dict[int | None, int] = {None: 0, Stage.INTERIM: 1, Stage.SETTLEMENT: 2}
"""The place of a party's openings by what is talked about: anything, an interim ceasefire, a settlement."""


@dataclass(frozen=True)
class Openings(AllByRun):
    """What each party opens with, a row for all runs or one for each.

    ``packages`` ``(1|R, P, 3, I)``: the better of its best interim ceasefire and its best settlement (interim on a
    tie), then these two, possible where ``can`` ``(1|R, P, 3)``. ``best`` ``(1|R, P, 4)`` is the utility it could get
    of each `Stage`; of what cannot be signed at all it asks as much as of the better of the two.
    """

    packages: OptionArray
    best: FloatArray
    can: BoolArray


Homes = dict[tuple[int, int], OptionArray | None]
"""For each party and stage a package ``(I,)`` that its lines allow, to start looking from; None where there is none."""


@once
def homes(case: Case) -> Homes:
    """Where each party's search begins: it depends on lines and rules only, and is the same for every run."""
    parties, bits = range(len(case.parties)), case.red_lines.bits
    return {(p, stage): home(case, p, stage, bits("declared", p)) for p in parties for stage in signable_stages(case)}


def signable_stages(case: Case) -> list[Stage]:
    """The stages of which something can be signed."""
    return [Stage.INTERIM, Stage.SETTLEMENT] + ([] if case.partial is None else [Stage.PARTIAL])


def home(case: Case, party: int, stage: Stage, binding: np.uint64) -> OptionArray | None:
    """A package that crosses no line of some bits: from the start text or what a belligerent would impose, an issue at
    a time to the option that breaks least, the more valued by the party on a tie, and by pairs where that ends.
    """
    value, issues = case.preferences.values[party], np.arange(len(case.space.issues))
    into, back = case.stages.ways_back(stage)
    ways = NearestOfEach(np.concatenate([case.red_lines.ways_out_of(binding).tables, back.tables]))
    left = np.zeros(value.shape, dtype=bool)
    for issue, options in enumerate(case.space.left):
        left[issue, list(options)] = True

    def worth(packages: OptionArray) -> FloatArray:
        away = into[issues, packages].sum(axis=-1) + ways.total(packages)
        found: FloatArray = value[issues, packages].sum(axis=-1) - HOPELESS * away
        return found

    def best_options(here: OptionArray) -> OptionArray:
        """On each issue the option worth most, the rest as it is."""
        liked, kept = np.broadcast_to(value[issues, here], (*left.shape, len(issues))).copy(), into[issues, here]
        liked[issues, :, issues] = value
        away = into + (kept.sum() - kept)[:, None] + ways.around(here)
        return np.where(left, liked.sum(axis=-1) - HOPELESS * away, -np.inf).argmax(axis=1)

    for start in (case.protocol.start_text, *(() if case.war is None else case.war.terms)):
        here = start.copy()
        for _ in range(MOST_CLIMBS):
            before, on = worth(here[None])[0], 0
            while len(moves := np.flatnonzero((best := best_options(here))[on:] != here[on:])):
                on += int(moves[0])
                here[on] = best[on]
                on += 1
            if worth(here[None])[0] <= before + TOLERANCE:
                near = around(case, here[None], stage)
                tried = near.all_packages()[0][near.exists()[:, 0]]
                top = tried[worth(tried).argmax()]
                if worth(top[None])[0] <= before + TOLERANCE:
                    break
                here = top
        if worth(here[None])[0] > -HOPELESS / 2:
            return here
    return None


@lru_cache(maxsize=4)
def openings(case: Case) -> Openings:
    """What every party opens with, a row for each of the case's rows; kept for the cases last asked about.

    Rows that openings cannot tell apart are worked out once.
    """
    kinds, place = kinds_of(case)
    if len(place) == 1:
        return _openings(case, 1)
    return take_rows(_openings(take_rows(case, kinds), len(kinds)), place)


def _openings(case: Case, runs: int) -> Openings:
    """The same, worked out for each of so many rows."""
    starts = homes(case)
    packages = np.zeros((runs, len(case.parties), 3, len(case.space.issues)), dtype=np.int8)
    best, can = np.zeros((runs, len(case.parties), 4)), np.zeros((runs, len(case.parties), 3), dtype=bool)
    for party in range(len(case.parties)):
        reserve = np.broadcast_to(case.reservation[:, party], (runs,))
        found = {}
        for stage in (Stage.INTERIM, Stage.SETTLEMENT, Stage.PARTIAL):
            found[stage] = _own_best(case, party, stage, starts.get((party, stage)), runs)
        (interim, of_interim, can_interim), (settled, of_settled, can_settle) = (
            found[Stage.INTERIM],
            found[Stage.SETTLEMENT],
        )
        first = np.where(can_interim, of_interim, -np.inf) >= np.where(can_settle, of_settled, -np.inf) - TOLERANCE
        packages[:, party] = np.stack([np.where(first[:, None], interim, settled), interim, settled], axis=1)
        can[:, party] = np.stack([can_interim | can_settle, can_interim, can_settle], axis=1)
        asked = {stage: np.where(able, utility, reserve) for stage, (_, utility, able) in found.items()}
        top = np.maximum(asked[Stage.INTERIM], asked[Stage.SETTLEMENT])
        part = top if case.partial is None else asked[Stage.PARTIAL]
        best[:, party] = np.stack([top, part, asked[Stage.INTERIM], asked[Stage.SETTLEMENT]], axis=1)
    return Openings(packages, best, can)


def kinds_of(case: Case) -> tuple[Numbers, Numbers]:
    """One row of each kind that openings depend on, and which kind each of the case's rows is of."""
    columns = [case.preferences.weights, case.reservation, case.home, case.audience]
    columns += columns_of(case.outlook) + columns_of(case.endings)
    rows = [np.reshape(column, (len(column), -1)) for column in columns if column is not None]
    runs = max(len(row) for row in rows)
    if runs == 1:
        return np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp)
    table = np.concatenate([row for row in rows if len(row) > 1], axis=1)
    _, first, place = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return first, place.ravel()


def _own_best(
    case: Case, party: int, stage: Stage, home: OptionArray | None, runs: int
) -> tuple[OptionArray, FloatArray, BoolArray]:
    """A party's best package of a stage ``(R, I)`` within its lines, its utility, and whether the party could sign it.

    Two ways lead there, and the better counts: from what it would like best if everything lasted for ever it gives way
    to where things are worth most until something near can be signed; or it begins where things are worth most. Either
    way it then takes the most that it can sign.
    """
    if home is None:
        return np.zeros((runs, len(case.space.issues)), dtype=np.int8), np.zeros(runs), np.zeros(runs, dtype=bool)
    start = np.broadcast_to(home, (runs, len(home)))
    ways = [climb(case, party, stage, start, first)[0] for first in ("utility", "value")]
    twice = take_rows(case, np.tile(np.arange(runs), 2))
    here, able = climb(twice, party, stage, np.concatenate(ways), "signing")
    utility = np.broadcast_to(twice.utility(party, here), (2 * runs,))
    one, other, of_one, of_other = here[:runs], here[runs:], utility[:runs], utility[runs:]
    can_one, can_other = able[:runs], able[runs:]
    better = can_other & (~can_one | (of_other > of_one + TOLERANCE))
    return np.where(better[:, None], other, one), np.where(better, of_other, of_one), can_one | can_other


Aim = Literal["utility", "value", "signing"]
"""What a climb is for: the highest utility, the highest value, or the highest utility of what can be signed."""


def climb(
    case: Case, party: int, stage: Stage, here: OptionArray, aim: Aim, may: Callable[[Around], BoolArray] | None = None
) -> tuple[OptionArray, BoolArray]:
    """Packages ``(R, I)`` after a climb, and whether they can be signed; the lowest candidate wins a tie.

    ``may`` says which candidates ``(C, R)`` of a neighbourhood are open to it; by default all that the party may ask
    for.
    """
    here, rows = here.copy(), np.arange(len(here))
    able = np.zeros(len(here), dtype=bool)
    if aim == "signing":
        able |= case.value(party, here) >= case.floor(party) - TOLERANCE
    for _ in range(MOST_CLIMBS):
        moved = np.zeros(len(rows), dtype=bool)
        for mine, shared in _together(case, here[rows], able[rows]):
            part, places = take_rows(case, rows[mine]), rows[mine[:1] if shared else mine]
            here[rows[mine]], able[rows[mine]], moved[mine] = _step(
                part, party, stage, here[places], able[places], aim, may
            )
        rows = rows[moved]
        if not len(rows):
            break
    return here, able


def _together(case: Case, here: OptionArray, able: BoolArray) -> Iterator[tuple[Numbers, bool]]:
    """Rows to be worked on together, at most so many at once, and whether one neighbourhood serves them all.

    Where a crowd stands at one package, the same moves are open to all, and bring the same utility if all weigh alike.
    """
    groups = np.full(len(here), -1)
    if len(case.preferences.weights) == 1 and len(here) >= CROWD:
        _, groups, sizes = np.unique(case.space.ids(here) * 2 + able, return_inverse=True, return_counts=True)
        groups = np.where(sizes[groups] < CROWD, -1, groups)
    order = np.argsort(groups, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        for start in range(0, len(group), AT_ONCE):
            yield group[start : start + AT_ONCE], groups[group[0]] >= 0


def _step(
    case: Case,
    party: int,
    stage: Stage,
    here: OptionArray,
    able: BoolArray,
    aim: Aim,
    may: Callable[[Around], BoolArray] | None,
) -> tuple[OptionArray, BoolArray, BoolArray]:
    """One step of a climb from packages ``(1|R, I)``: where it leads, whether that can be signed, and whether it leads
    anywhere.

    Who is ``able`` ``(1|R,)`` to sign what it has looks at candidates of more utility only.
    """
    near, view = around(case, here, stage), reach(case, party)
    bits = near.bits(view.tables)
    declared = np.broadcast_to(case.red_lines.bits("declared", party), (near.runs,))
    ok = allowed(view, near, bits, declared, stage)[near.near.row]
    ok = ok if may is None else ok & may(near)
    utility = utility_parts(case, party, near, bits).all(near.near)
    look = ok & (~able | (utility > utility[0])) if aim == "signing" else ok
    some = np.flatnonzero(look.any(axis=1) | (np.arange(len(look)) == 0))
    ok, look, utility = ok[some], look[some], utility[some]
    can, score = ok, np.where(ok, utility, -np.inf)
    if aim == "value":
        score = values(case, party, near, some, utility, look)
    elif aim == "signing":
        value = values(case, party, near, some, utility, look)
        can = value >= case.floor(party) - TOLERANCE
        can[0] |= able & ok[0]
        score = np.where(can.any(axis=0), np.where(can, utility, -np.inf), value)
    best: Numbers = (score >= score.max(axis=0) - TOLERANCE).argmax(axis=0)
    run = np.arange(len(best))
    moved = score[best, run] > score[0] + TOLERANCE
    best = np.where(moved, best, 0)
    start = run if len(here) > 1 else np.zeros_like(run)
    return near.packages(some[best], start), np.broadcast_to(can, score.shape)[best, run], moved
