"""Bouts: every entrant against every entrant in the seats of two parties, many runs each, and what each gained.

Points of two parties are never compared: what counts is the share of what a seat could have got that its holder got.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import DelegationError, ScenarioError
from sim.scenario.by_run import as_arrays
from sim.scenario.loader import Loaded
from sim.scenario.talks_schema import Tactic
from sim.stakes.case import Case
from sim.stakes.seats import Tactics
from sim.stakes.space import FloatArray, IntArray
from sim.talks.batch import negotiate
from sim.talks.discounting import agreed_values
from sim.talks.offers.opening import openings
from sim.zone.region import find_zone, members

if TYPE_CHECKING:
    from sim.talks.model import PartyAgent

Entrant = Tactic | type["PartyAgent"]
"""A tactic in numbers, or a delegation in code."""
Progress = Callable[[float], None]
AT_ONCE = 100_000
"""Runs handed to a batch at once, or those of one tactic in the first seat where they are more."""


@dataclass(frozen=True)
class Bouts:
    """Every entrant against every entrant in one scenario, R runs each; the first axis is who held the first seat.

    ``scores`` ``(A, A, 2, R)`` are relative gains of both seats, in [0, 1] and 0 without an agreement; ``agreed`` ``(A,
    A, R)`` is 1 where there was one; ``rounds`` ``(A, A, R)`` when it ended. ``scale`` ``(2,)`` is what gains are
    measured against, in points a month. Not a number where a bout was not played.
    """

    slug: str
    seats: tuple[str, str]
    scale: FloatArray
    scores: FloatArray
    agreed: FloatArray
    rounds: FloatArray

    def of(self, keep: IntArray) -> Bouts:
        """The bouts among some entrants."""
        grid = np.ix_(keep, keep)
        return replace(self, scores=self.scores[grid], agreed=self.agreed[grid], rounds=self.rounds[grid])


@dataclass(frozen=True)
class Failure:
    """An entrant that had to be withdrawn: where, and why in one line."""

    name: str
    scenario: str
    why: str


def part_of(progress: Progress, n: int, of: int, width: int = 1) -> Progress:
    """Progress of a part, ``width`` wide from ``n`` on, as progress of the whole."""
    return lambda share: progress((n + share * width) / of)


def seats(loaded: Loaded) -> tuple[int, int]:
    """The parties whose seats are played: the two belligerents if both are asked, else the first two that are.

    Raises:
        ScenarioError: where fewer than two are asked.
    """
    asked, fighting = loaded.case.protocol.asked, loaded.case.belligerents
    found = fighting if len(fighting) == 2 and set(fighting) <= set(asked) else asked[:2]
    if len(found) < 2:
        raise ScenarioError("a tournament needs two parties that are asked to sign", where=loaded.name)
    return found[0], found[1]


def scale_of(loaded: Loaded) -> FloatArray:
    """The most that each seat could gain ``(2,)``, in points a month above its reservation value at the start.

    Its best package of the declared ceasefire zone; where that is empty, its best utility within its own lines.
    """
    case, both = loaded.case, list(seats(loaded))
    inside = members(find_zone(case)).values
    if len(inside):
        best: FloatArray = inside.max(axis=0)[[case.signatories.index(party) for party in both]]
    else:
        best = openings(case).best[0, both].max(axis=-1)
    return np.maximum(best - case.reservation[0, both], 0.0)


def relative_gain(gain: FloatArray, scale: FloatArray) -> FloatArray:
    """A gain as a share of the most there was, in [0, 1]; 0 where there was nothing to gain.

    Values and reservation values move with the war, the scale does not: what lies outside is cut.
    """
    return np.clip(np.divide(gain, scale, out=np.zeros(np.broadcast(gain, scale).shape), where=scale > 0), 0, 1)


def play_bouts(
    loaded: Loaded,
    entrants: Mapping[str, Entrant],
    runs: int,
    seed: int = 0,
    failures: dict[str, Failure] | None = None,
    progress: Progress = lambda share: None,
) -> Bouts:
    """All bouts of one scenario; a delegation that fails is entered in ``failures`` and not played any further."""
    case, both, count = loaded.case, seats(loaded), len(entrants)
    failures = {} if failures is None else failures
    empty = np.full((count, count, runs), np.nan)
    names = (case.parties[both[0]].id, case.parties[both[1]].id)
    bouts = Bouts(loaded.slug, names, scale_of(loaded), np.full((count, count, 2, runs), np.nan), empty, empty.copy())
    numbers = [n for n, entrant in enumerate(entrants.values()) if isinstance(entrant, Tactic)]
    coded = count**2 - len(numbers) ** 2
    if numbers:
        of_all = 1.0 if not coded else 0.1
        _play_tactics(case, list(entrants.values()), numbers, bouts, both, seed, lambda share: progress(of_all * share))
    pairs = [(n, m) for n, m in product(range(count), repeat=2) if not {n, m} <= set(numbers)]
    for done, pair in enumerate(pairs):
        _play_delegations(loaded, entrants, pair, bouts, seed, failures)
        progress(0.1 + 0.9 * (done + 1) / len(pairs))
    return bouts


def with_tactics(case: Case, both: tuple[int, int], first: Sequence[Tactic], second: Sequence[Tactic]) -> Case:
    """The case with a row for each pair of tactics: one in the first seat, one in the second."""
    held = as_arrays(first), as_arrays(second)
    columns = {}
    for name in case.tactics.by_run:
        column = np.repeat(getattr(case.tactics, name)[:1], len(first), axis=0)
        for party, tactics in zip(both, held, strict=True):
            column[:, party] = getattr(tactics, name)[0]
        columns[name] = column
    return replace(case, tactics=Tactics(**columns))


def _play_tactics(
    case: Case,
    entrants: Sequence[Any],
    numbers: list[int],
    into: Bouts,
    both: tuple[int, int],
    seed: int,
    progress: Progress,
) -> None:
    """All pairs of tactics in batches, a row for each pair and run; the same run has the same draws in each pair."""
    count, runs = len(numbers), into.agreed.shape[-1]
    at_once = max(1, AT_ONCE // (count * runs))
    for start in range(0, count, at_once):
        firsts = numbers[start : start + at_once]
        first = [entrants[n] for n in firsts for _ in range(count * runs)]
        second = [entrants[n] for n in numbers for _ in range(runs)] * len(firsts)
        rows = with_tactics(case, both, first, second)
        told = part_of(progress, start, count, len(firsts))
        found = negotiate(rows, np.tile(np.arange(runs), count * len(firsts)), seed, progress=told)
        gain = (found.values - found.reservation)[:, list(both)]
        score = np.where(found.agreeing[:, None], relative_gain(gain, into.scale), 0.0)
        grid, shape = np.ix_(firsts, numbers), (len(firsts), count, runs)
        into.scores[grid] = score.reshape(*shape, 2).transpose(0, 1, 3, 2)
        into.agreed[grid] = found.agreeing.reshape(shape)
        into.rounds[grid] = found.ended.reshape(shape)


def _play_delegations(
    loaded: Loaded,
    entrants: Mapping[str, Entrant],
    pair: tuple[int, int],
    into: Bouts,
    seed: int,
    failures: dict[str, Failure],
) -> None:
    """The runs of a pair of which one at least is code, one at a time."""
    from sim.study.model import NegotiationModel  # here, for mesa takes a second to import

    names, both = [list(entrants)[n] for n in pair], seats(loaded)
    held = [entrants[name] for name in names]
    own = [
        tactic if isinstance(tactic, Tactic) else _own(loaded, party) for tactic, party in zip(held, both, strict=True)
    ]
    case = with_tactics(loaded.case, both, own[:1], own[1:])
    agents = {seat: kind for seat, kind in zip(into.seats, held, strict=True) if not isinstance(kind, Tactic)}
    for run in range(into.agreed.shape[-1]):
        if failures.keys() & set(names):
            return
        try:
            model = NegotiationModel(case, seed, run, agents)
            model.run_to_end()
        except DelegationError as error:
            name = names[into.seats.index(error.party)]
            failures[name] = Failure(name, into.slug, str(error))
            return
        talks = model.talks
        gain = (agreed_values(case, talks) - talks.reservation)[0, list(both)]
        agreed = model.ending.agreed
        into.scores[(*pair, slice(None), run)] = relative_gain(gain, into.scale) if agreed else 0.0
        into.agreed[(*pair, run)], into.rounds[(*pair, run)] = agreed, talks.ended[0]


def _own(loaded: Loaded, party: int) -> Tactic:
    """The scenario's own tactic of a party, which code in its seat may go by."""
    return list(loaded.scenario.parties.values())[party].tactic
