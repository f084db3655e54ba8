"""What zone and talks answer, asked of a scenario in whatever form it is given.

A slug, a path, a loaded scenario and a case all do. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import ArgumentError
from sim.given import MOST_NUMBER, MOST_RUNS, a_function, a_seed, agents_by_party, whole
from sim.scenario.loader import AnyScenario, case_of
from sim.stakes.case import Case
from sim.stakes.space import LARGEST_SPACE, IntArray
from sim.stakes.stages import ZoneName
from sim.zone import diagnosis, region
from sim.zone.constraints import Reading
from sim.zone.region import Progress, Zone
from sim.zone.search import Sets

if TYPE_CHECKING:
    from sim.talks.batch import Results
    from sim.talks.model import PartyAgent


def find_zone(
    scenario: AnyScenario | Case, progress: Progress = lambda share: None, largest: int = LARGEST_SPACE
) -> Zone:
    """The zone of a scenario under every reading, exactly: see `sim.zone.region.find_zone`.

    >>> find_zone("toy/split-the-pie")
    <Zone: 4 of 11 coherent packages>

    Args:
        scenario: a slug, a path, what `sim.load` returns, or a case.
        progress: told the share of the work that is done.
        largest: packages above which the space is refused.

    Raises:
        SpaceTooLargeError: when the space has more packages than ``largest``.
        ArgumentError: for what stands for no scenario, or for no number.
    """
    return region.find_zone(case_of(scenario), a_function(progress), whole(largest, "largest"))


def conflicts(scenario: Zone | AnyScenario | Case, reading: Reading = "declared", name: ZoneName = "ceasefire") -> Sets:
    """The smallest sets of constraints that no group that could sign can keep whole, none when the zone is open.

    Args:
        scenario: a zone that was found, or a scenario whose zone is found first.
        reading: which red lines count.
        name: the zone asked for, ceasefire or settlement.

    Raises:
        ArgumentError: for no such reading or zone, with the nearest there is.
    """
    return diagnosis.conflicts(_zone(scenario), reading, name)


def relaxations(
    scenario: Zone | AnyScenario | Case, reading: Reading = "declared", name: ZoneName = "ceasefire"
) -> Sets:
    """The smallest sets of constraints to give up so that the zone opens, none when it is open already.

    It takes what `conflicts` takes.
    """
    return diagnosis.relaxations(_zone(scenario), reading, name)


def negotiate(
    scenario: AnyScenario | Case,
    runs: IntArray | int,
    seed: int = 0,
    block: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
    agents: Mapping[str, type[PartyAgent]] | None = None,
) -> Results:
    """Play runs of the talks of a scenario to their ends: see `sim.talks.batch.negotiate`.

    Args:
        scenario: a slug, a path, what `sim.load` returns, or a case.
        runs: the numbers of the runs ``(R,)``, in any order, or how many to play from number 0 on.
        seed: with a run's number it names every draw of the run.
        block: runs played at once; it changes nothing but the time and the memory.
        progress: told the share of the runs that is done.
        agents: a subclass of `PartyAgent` for any party id; its runs are played one by one.

    Raises:
        ArgumentError: for what stands for no scenario, no runs, no seed or no block.
        DelegationError: when an agent of ``agents`` fails.
    """
    runs, seed, agents = _runs(runs), a_seed(seed), agents_by_party(agents)
    block = None if block is None else whole(block, "block", 1)
    a_function(progress)
    if agents:
        from sim.study.own_agents import negotiate_with

        return negotiate_with(case_of(scenario), runs, seed, agents, progress)
    from sim.talks import batch  # here, for finding a zone needs none of what talks import

    return batch.negotiate(case_of(scenario), runs, seed, batch.BLOCK if block is None else block, progress)


def _runs(given: Any) -> IntArray | int:
    """Numbers of runs ``(R,)``, or how many."""
    if hasattr(given, "__array__"):
        given = np.asarray(given)[()]
    if isinstance(given, str | bytes) or not isinstance(given, Sequence | np.ndarray):
        return whole(given, "runs", 1, MOST_RUNS)
    if not 0 < len(given) <= MOST_RUNS:
        raise ArgumentError(f"runs: 1 to {MOST_RUNS:,} numbers are wanted, not {len(given):,}")
    if isinstance(given, np.ndarray) and given.ndim == 1 and given.dtype.kind in "iu":
        for number in (given.min(), given.max()):
            whole(number, "runs", most=MOST_NUMBER)
        return given.astype(np.int64)
    return np.array([whole(number, "runs", most=MOST_NUMBER) for number in given], dtype=np.int64)


def _zone(given: Zone | AnyScenario | Case) -> Zone:
    return given if isinstance(given, Zone) else find_zone(given)
