"""Zone and talks together: one scenario in, the two results and the verdict out.

The two are computed apart and only compared here.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sim.given import a_function, a_seed, agents_by_party, seconds
from sim.markup import table
from sim.plain import OPTIONAL
from sim.scenario.loader import AnyScenario, Loaded, load
from sim.stakes.case import Case
from sim.stakes.space import Package
from sim.study.measures import DIGITS, Heading, durability_measures, heading
from sim.study.path import PathMeasures, emerged, path_measures
from sim.study.result import Result
from sim.study.verdicts import VERDICT_WORDS as VERDICT_WORDS
from sim.study.verdicts import Verdict as Verdict
from sim.study.verdicts import verdict_where
from sim.talks.discounting import agreed_values
from sim.talks.how_talks_end import Ending
from sim.talks.mediation import leanings
from sim.talks.single import Played, SingleRun
from sim.talks.transcript import Line, line_of
from sim.zone.region import Progress, Zone, find_zone
from sim.zone.search import SECONDS

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.model import NegotiationModel
    from sim.talks.model import PartyAgent

Talking = TypeVar("Talking", bound=Played)

MOST_SHOWN = 8
"""Conflicts that a notebook shows."""


@dataclass(frozen=True)
class RunMeasures(Heading):
    """How one run ended; utilities, values and reservation values in points a month by party.

    ``emerged`` is the round in which a zone under true lines opened; ``package`` and what it is worth are None when
    nothing was signed; ``mediator_minds`` is how much each party's wishes and lines count where a text is drafted.
    """

    seed: int
    ending: str
    verdict: Verdict
    round: int
    emerged: int | None
    package: Package | None
    utilities: dict[str, float] | None
    values: dict[str, float] | None
    holds: dict[str, float] | None
    held_months: int | None
    reservation: dict[str, float]
    path: PathMeasures
    mediator_minds: dict[str, float] | None = field(default=None, kw_only=True, metadata=OPTIONAL)


@dataclass(frozen=True)
class Run(Result):
    """One run of a scenario with its zone."""

    loaded: Loaded
    seed: int
    zone: Zone
    played: Played
    search: float = SECONDS

    @cached_property
    def model(self) -> NegotiationModel:
        """The run as the Mesa model plays it: again, and to the same end, where everybody kept to the model's rules."""
        kind = _mesa_model()
        return self.played if isinstance(self.played, kind) else _to_the_end(kind(self.loaded.case, self.seed))

    @property
    def verdict(self) -> Verdict:
        """How what the talks found relates to what was there to be found."""
        ending = self.played.ending
        return verdict(self.zone, agreed=ending.agreed, war_ended=ending is Ending.MILITARY_END)

    @cached_property
    def measured(self) -> RunMeasures:
        """The result in numbers, with the run's path held against the zone."""
        return run_measures(self)

    @cached_property
    def transcript(self) -> list[Line]:
        """What happened in the talks, line by line."""
        return [line_of(event) for event in self.played.transcript]

    def to_frame(self) -> pd.DataFrame:
        """The per-round table: a row a round and party, null where nothing was on the table."""
        return self.played.rounds()

    def __repr__(self) -> str:
        return f"<Run: {self.loaded.slug}, seed {self.seed}: {self.played.ending.word}, {self.verdict}>"

    def _repr_html_(self) -> str:
        """How a notebook shows it: the two results, the verdict, and what collides."""
        found, talks = self.zone_measures, self.measured
        size, word = found.zone["declared"]["ceasefire"], talks.ending.replace("_", " ")
        collide = [" × ".join(ids) for ids in found.conflicts["ceasefire"]]
        rows = [
            (
                "Does a zone exist?",
                f"{size:,} package{'s' if size != 1 else ''}" if size else "no package suits every signatory",
            ),
            ("Do the talks find one?", f"{word} in round {talks.round} (one run, seed {self.seed})"),
            ("Verdict", f"{self.verdict}: {VERDICT_WORDS[self.verdict]}"),
            *(
                [("Collide", "; ".join(collide[:MOST_SHOWN]) + ("; …" if len(collide) > MOST_SHOWN else ""))]
                if collide
                else []
            ),
        ]
        scenario = self.loaded.scenario
        note = f"Counts are under {scenario.lines_from}." if scenario.lines_from else ""
        return table(scenario.title, ["", ""], rows, note)


def verdict(zone: Zone, *, agreed: bool, war_ended: bool = False) -> Verdict:
    """Reached; else missed (the declared zone was open), hidden (only the true one was) or structural (neither).

    Where the war ended the talks before a zone that was open was found, nobody knows whether it would have been:
    censored.
    """
    return verdict_where(zone.exists("declared"), zone.exists("true"), agreed, war_ended)


def run_measures(run: Run) -> RunMeasures:
    """How one run ended."""
    case, played, talks = run.loaded.case, run.played, run.played.talks
    package = talks.agreed[0] if played.ending.agreed or played.ending.word == "partial" else None
    parties = [(n, party.id) for n, party in enumerate(case.parties)]
    worth = agreed_values(case, talks)[0].tolist()
    values = {party: round(worth[n], DIGITS) for n, party in parties}
    utilities = {party: round(float(case.utility(n, talks.agreed)[0]), DIGITS) for n, party in parties}
    return RunMeasures(
        **vars(heading(run.loaded)),
        seed=run.seed,
        ending=played.ending.word,
        verdict=run.verdict,
        round=int(talks.ended[0]),
        emerged=emerged(run.zone, played.history),
        package=None if package is None else case.space.names(package),
        utilities=None if package is None else utilities,
        values=None if package is None else values,
        holds=None if package is None else durability_measures(case, package, talks.outlook),
        held_months=played.held_months,
        reservation={party: round(float(talks.reservation[0, n]), DIGITS) for n, party in parties},
        path=path_measures(run.zone, played),
        mediator_minds=mediator_minds(case),
    )


def mediator_minds(case: Case) -> dict[str, float] | None:
    """How much a mediator minds each party's wishes and lines, as shares; None where nobody drafts a text."""
    if not case.protocol.drafted:
        return None
    weights = leanings(case)[0]
    shares = weights / weights.sum() if weights.any() else weights
    return {case.parties[n].id: round(float(shares[n]), DIGITS) for n in case.signatories}


def run(
    scenario: AnyScenario,
    seed: int = 0,
    agents: Mapping[str, type[PartyAgent]] | None = None,
    progress: Progress = lambda share: None,
    search: float = SECONDS,
) -> Run:
    """Find the zone of a scenario, play its talks once, and keep both.

    Args:
        scenario: a slug, a path, or what `sim.load` returns.
        seed: names every draw; the same seed gives the same talks.
        agents: a subclass of `PartyAgent` for any party id.
        progress: told the share of the zone that has been looked at.
        search: seconds of computing for finding out why a zone is empty.

    Raises:
        DelegationError: when an agent of ``agents`` fails.
        ArgumentError: for what stands for no scenario, or for no seed.
    """
    seed, agents = a_seed(seed), agents_by_party(agents)
    a_function(progress)
    seconds(search)
    loaded = load(scenario)
    zone = find_zone(loaded.case, progress)
    played = _mesa_model()(loaded.case, seed=seed, agents=agents) if agents else SingleRun(loaded.case, seed)
    return Run(loaded, seed, zone, _to_the_end(played), search)


def _to_the_end(played: Talking) -> Talking:
    played.run_to_end()
    return played


def _mesa_model() -> type[NegotiationModel]:
    """The Mesa model, which takes half a second to import."""
    with warnings.catch_warnings():  # in a notebook, what mesa imports asks for widgets that nothing here shows
        warnings.filterwarnings("ignore", message="IProgress not found")
        from sim.study.model import NegotiationModel
    return NegotiationModel
