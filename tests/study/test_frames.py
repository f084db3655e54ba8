"""Results as tables in a notebook, many runs with agents of one's own, and Mesa's own batches of the model."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import DelegationError
from sim.study.many import run_many
from sim.talks.batch import same
from sim.talks.model import PartyAgent
from sim.zone.region import members

TOY = "toy/two-issues"
WAR = "classroom/05-commitment"


class Same(PartyAgent):
    """Says what the model says, through code of its own."""

    def respond(self, talks: Any, offer: Any) -> Any:
        return super().respond(talks, offer)


class Refusing(PartyAgent):
    """Never agrees."""

    def respond(self, talks: Any, offer: Any) -> Any:
        said = super().respond(talks, offer)
        return replace(said, accepts=np.zeros_like(said.accepts))


@pytest.mark.parametrize("slug", [TOY, WAR])
def test_runs_with_agents_that_do_as_the_model_does_are_the_runs_of_a_batch(slug: str) -> None:
    case = sim.load(slug).case
    own = sim.negotiate(slug, np.array([5, 2, 9]), seed=3, agents={case.parties[0].id: Same})
    assert same(own, sim.negotiate(slug, np.array([5, 2, 9]), seed=3))


def test_many_runs_take_agents_and_say_whose_failed() -> None:
    mine = run_many(TOY, 4, agents={"ira": Refusing})
    assert not mine.results.agreeing.any() and run_many(TOY, 4).results.agreeing.all()
    with pytest.raises(DelegationError, match="there is no such party"):
        run_many(TOY, 2, agents={"nobody": Same})


def test_a_table_of_runs_has_a_row_a_run_and_null_where_nothing_was_agreed() -> None:
    batch = run_many(TOY, 6)
    table, results, case = batch.to_frame(), batch.results, batch.loaded.case
    assert table["run"].tolist() == list(range(6)) and table["agreed"].all()
    assert table["fence"].cat.categories.tolist() == list(case.space.issues[0].options)
    for row in range(6):
        names = case.space.names(results.agreed[row])
        assert {issue: table.loc[row, issue] for issue in names} == names
        assert table.loc[row, "value:ira"] == results.values[row, 0]
    none = run_many(TOY, 3, agents={"ira": Refusing}).to_frame()
    assert none[["fence", "value:ira", "holds", "held_months"]].isna().all(axis=None)
    assert none["ending"].dtype == "category" and (none["reservation:ira"] == 40).all()


def test_a_table_of_a_zone_has_its_packages_in_order_with_what_they_are_worth() -> None:
    zone = sim.find_zone(TOY)
    table, inside = zone.to_frame(), members(zone)
    assert len(table) == zone.size() == len(inside.packages)
    assert [table[issue.id].cat.codes.tolist() for issue in zone.case.space.issues] == inside.packages.T.tolist()
    assert table.filter(like="value:").to_numpy().tolist() == inside.values.tolist()
    assert len(zone.to_frame("none")) == zone.size("none")


def test_a_table_of_a_run_is_its_rounds_and_one_of_a_tournament_has_a_row_a_bout() -> None:
    run = sim.run(TOY)
    pd.testing.assert_frame_equal(run.to_frame(), run.model.rounds())
    played = sim.tournament([TOY, "toy/split-the-pie"], ["linear", "conceder"], runs=2)
    table = played.to_frame()
    assert len(table) == 2 * 2 * 2 * 2 and list(table["scenario"].cat.categories) == [b.slug for b in played.bouts]
    row = table[(table.scenario == "toy/split-the-pie") & (table["first"] == "conceder") & (table.second == "linear")]
    place = [played.names.index(name) for name in ("conceder", "linear")]
    assert row["run"].tolist() == [0, 1]
    assert row["score_second"].tolist() == played.bouts[1].scores[place[0], place[1], 1].tolist()


@pytest.fixture
def spawned() -> Iterator[None]:
    """Mesa says on import how processes start; what it says of its own future is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        yield


def test_mesas_batch_run_plays_numbered_runs_and_iterations_of_its_own_seeds(spawned: None) -> None:
    rows = mesa.batch_run(sim.NegotiationModel, {"scenario": TOY, "run": range(3)}, display_progress=False)
    numbered = pd.DataFrame(rows).drop_duplicates("RunId")
    expected = sim.negotiate(TOY, 3)
    assert numbered["accepts"].all()  # what agents did last, not a round before
    assert numbered["round"].tolist() == expected.ended.tolist() and set(numbered["ending"]) == {"settlement"}
    rows = mesa.batch_run(sim.NegotiationModel, {"scenario": TOY, "seed": None}, iterations=3, display_progress=False)
    iterated = pd.DataFrame(rows).drop_duplicates("RunId")
    assert iterated["iteration"].tolist() == [0, 1, 2] and iterated["seed"].nunique() == 3
    again = sim.NegotiationModel(TOY, seed=int(iterated["seed"].iloc[1]))
    again.run_to_end()
    assert again.round == iterated["round"].iloc[1]


def test_models_that_somebody_else_steps_are_not_kept_alive(spawned: None) -> None:
    kept = getattr(mesa.Agent, "_ids", {})
    before = set(map(id, kept))  # other tests may have left models that nobody played to the end
    mesa.batch_run(sim.NegotiationModel, {"scenario": TOY, "run": range(2)}, display_progress=False)
    assert not [model for model in kept if isinstance(model, sim.NegotiationModel) and id(model) not in before]
