"""The Mesa model: a readable run, reasons in the transcript, delegations that can be replaced."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pandas as pd
import pytest

from sim import NegotiationModel, Offers, PartyAgent, Replies, load
from sim.talks.concession import horizons
from sim.talks.delegation import standard
from sim.talks.draws import Draws
from sim.talks.referee import play
from sim.talks.single import SingleRun
from sim.talks.state import Talks


def finished(slug: str, **options: object) -> NegotiationModel:
    model = NegotiationModel(load(slug).case, **options)
    model.run_to_end()
    return model


def test_a_mesa_run_is_the_same_run_as_in_a_batch() -> None:
    case = load("2025-12-stalemate").case
    batch = play(case, standard(case), Draws(5, np.arange(10)))
    model = NegotiationModel(case, seed=5, run=7)
    model.run_to_end()
    assert model.talks.ended[0] == batch.ended[7] and model.talks.ending[0] == batch.ending[7]
    assert (model.talks.text[0] == batch.text[7]).all()


@pytest.mark.parametrize("slug", ["2025-12-stalemate", "2025-03-truce-offer", "toy/split-the-pie"])
def test_a_run_without_mesa_is_the_run_that_the_mesa_model_plays(slug: str) -> None:
    case = load(slug).case
    alone, model = SingleRun(case, 3, 2), finished(slug, seed=3, run=2)
    alone.run_to_end()
    assert alone.transcript == model.transcript and alone.ending == model.ending
    assert alone.held_months == model.held_months and alone.authors == model.datacollector.model_vars["author"]
    pd.testing.assert_frame_equal(alone.rounds(), model.rounds())
    assert repr(alone.table) == repr(model.table), "digit for digit, for both become text"


def test_every_refusal_says_why() -> None:
    model = finished("2025-12-stalemate")
    horizon = dict(zip((party.id for party in model.case.parties), horizons(model.case)[0].tolist(), strict=True))
    refusals = [event for event in model.transcript if event.get("answer") == "reject"]
    assert refusals
    for event in refusals:
        assert event["crosses"] or event["short_of_target"] > 0
        assert all(line.startswith(event["party"]) for line in event["crosses"])
        above = event["target"] - event["utility"] if event["round"] < horizon[event["party"]] else 0.0
        gap = max(0.0, above, event["floor"] - event["value"])
        assert abs(gap - event["short_of_target"]) < 2e-6


def test_the_per_round_table_has_a_row_for_each_round_and_party() -> None:
    model = finished("2025-12-stalemate")
    table = model.rounds()
    assert len(table) == model.round * 4
    assert list(table.columns) == ["round", "party", "utility", "value", "target", "reservation", "accepts"]
    reporters = model.datacollector.model_vars
    assert reporters["round"] == list(range(1, model.round + 1)) and reporters["ending"][-1] == model.ending.word


def test_a_student_can_replace_a_delegation() -> None:
    class Generous(PartyAgent):
        def respond(self, talks: Talks, offer: np.ndarray) -> Replies:
            row = np.ones(1, dtype=bool)
            return Replies(row, np.zeros(1, dtype=np.uint64), np.zeros(1))

    model = finished("toy/split-the-pie", agents={"ben": Generous})
    assert model.round == 1 and model.ending.word == "settlement"


def test_a_delegation_that_stays_silent_is_recorded_as_such() -> None:
    class Silent(PartyAgent):
        def propose(self, talks: Talks, draw: np.ndarray) -> Offers:
            return Offers(talks.offers[:, self.party], np.zeros(1, dtype=bool))

    model = finished("toy/split-the-pie", agents={"ann": Silent, "ben": Silent})
    assert {event["event"] for event in model.transcript} == {"silence"} and model.ending.word == "stalemate"


def test_a_finished_model_is_let_go_of() -> None:
    model = finished("toy/split-the-pie")
    trace = weakref.ref(model)
    del model
    gc.collect()
    assert trace() is None
