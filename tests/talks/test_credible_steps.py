"""Nothing that an expert would laugh at: what openings ask, where texts go, what parties refuse, when they sign."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim import NegotiationModel, load
from sim.stakes.case import Case
from sim.talks.batch import Results, negotiate
from sim.talks.ending import Ending
from sim.talks.offers.opening import openings

DATED = (
    "2022-istanbul", "2025-02-backchannel", "2025-02-riyadh", "2025-03-truce-offer", "2025-03-truce-preconditions",
    "2025-12-stalemate",
)  # fmt: skip
SETTLEMENT, CEASEFIRE = "reading=settlement", "reading=ceasefire"
NEVER = (
    ("2022-istanbul", CEASEFIRE), ("2025-03-truce-preconditions", CEASEFIRE), ("2025-12-stalemate", SETTLEMENT),
    ("2025-12-stalemate", CEASEFIRE), ("2025-12-extended", SETTLEMENT),
)  # fmt: skip


@cache
def march(*changes: str) -> tuple[Case, Results]:
    case = load("2025-03-truce-offer", [SETTLEMENT, *changes]).case
    return case, negotiate(case, 300)


def finished(slug: str, run: int) -> NegotiationModel:
    model = NegotiationModel(load(slug).case, seed=0, run=run)
    model.run_to_end()
    return model


@pytest.mark.parametrize("slug", DATED)
def test_no_party_opens_below_its_own_status_quo_on_any_issue(slug: str) -> None:
    case = load(slug).case
    first, values, status_quo = openings(case), case.preferences.values, case.space.status_quo()
    for party in case.signatories:
        for place in np.flatnonzero(first.can[0, party]):
            for axis, option in enumerate(first.packages[0, party, place]):
                if case.preferences.weights[0, party, axis] > 0 and axis != getattr(case.endings, "axis", -1):
                    assert values[party, axis, option] >= values[party, axis, status_quo[axis]]


@pytest.mark.slow
@pytest.mark.parametrize("slug", DATED)
def test_no_text_goes_back_and_forth_more_than_twice(slug: str) -> None:
    for run in range(20):
        texts = [event["package"] for event in finished(slug, run).transcript if event["event"] == "text"]
        back = 0
        for n in range(2, len(texts)):
            back = back + 1 if texts[n] == texts[n - 2] != texts[n - 1] else 0
            assert back <= 2, (run, n)


@pytest.mark.slow
@pytest.mark.parametrize("slug", DATED)
def test_nobody_refuses_what_it_tables_itself(slug: str) -> None:
    for run in range(20):
        model = finished(slug, run)
        for talks in model.history:
            for exchange in talks.exchanges:
                if exchange.tabled[0] and exchange.author in exchange.asked and not model.case.protocol.drafted:
                    assert exchange.accepts[0, exchange.author]


def test_in_march_under_the_settlement_reading_the_talks_find_the_zone_unless_the_war_ends_first() -> None:
    case, results = march()
    went_on = results.ending != Ending.MILITARY_END
    assert results.agreeing[went_on].mean() > 0.8
    signed = results.first[results.agreeing]
    assert (signed == case.protocol.deadline).mean() < 0.5


def test_no_agreement_of_march_holds_what_its_ending_cannot_carry_or_crosses_a_line_of_its_signatories() -> None:
    case, results = march()
    agreed = results.agreed[results.agreeing]
    assert case.valid(agreed).all()
    declared = np.bitwise_or.reduce([case.red_lines.bits("declared", party) for party in case.signatories])
    assert not (case.red_lines.crossed(agreed) & declared).any()


def test_a_mediators_bias_is_no_knife_edge() -> None:
    shares = []
    for bias in (-0.5, -0.2, 0, 0.2, 0.5):
        _, results = march(f"protocol.mediator.bias={bias}")
        shares.append(float(results.agreeing[results.ending != Ending.MILITARY_END].mean()))
    assert min(shares) > 0.8 and np.abs(np.diff(shares)).max() < 0.15


@pytest.mark.parametrize(("slug", "reading"), NEVER)
def test_where_lines_leave_nothing_the_talks_never_agree(slug: str, reading: str) -> None:
    assert not negotiate(load(slug, [reading]).case, 100).agreeing.any()


def test_in_istanbul_no_settlement_is_ever_signed_though_lines_that_bind_it_alone_leave_a_few_armistices() -> None:
    found = negotiate(load("2022-istanbul").case, 200)
    assert set(found.ending.tolist()) <= {Ending.CEASEFIRE_ONLY, Ending.STALEMATE, Ending.MILITARY_END}
    assert 0 < found.agreeing.mean() < 0.1 < 0.8 < (found.ending == Ending.MILITARY_END).mean()


def test_russia_and_the_united_states_alone_never_end_the_war() -> None:
    assert not negotiate(load("variants/2025-02-over-their-heads").case, 100).agreeing.any()
