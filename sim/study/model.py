"""The Mesa model for users: one run of the talks of a scenario in whatever form it is given.

Every rule and all that is recorded is the model's of `sim.talks`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.given import MOST_NUMBER, a_seed, agents_by_party, whole
from sim.scenario.loader import AnyScenario, case_of
from sim.stakes.case import Case
from sim.talks import model
from sim.talks.model import PartyAgent


class NegotiationModel(model.NegotiationModel):
    """One run of the talks of a scenario; `step` plays a round, `run_to_end` all of them.

    Args:
        scenario: a slug, a path, what `sim.load` returns, or a case.
        seed: with ``run`` it names every draw, so the same two give the same talks; None for one of Mesa's choice,
            which the model keeps as ``seed``.
        run: the number of the run in a larger study.
        agents: a subclass of `PartyAgent` for any party id.

    Raises:
        DelegationError: when an agent of ``agents`` fails, now or in a later round; see `sim.talks.guard`.
        ArgumentError: for what stands for no scenario, no seed or no number of a run.
    """

    def __init__(
        self,
        scenario: AnyScenario | Case,
        seed: int | None = 0,
        run: int = 0,
        agents: Mapping[str, type[PartyAgent]] | None = None,
    ) -> None:
        seed, run = None if seed is None else a_seed(seed), whole(run, "run", most=MOST_NUMBER)
        super().__init__(case_of(scenario), seed, run, agents_by_party(agents))
